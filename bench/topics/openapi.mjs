import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CORPUS } from "../support/corpus.mjs";
import { commandCase, interleave } from "../support/measure.mjs";
import { GITHUB, openapiPeers } from "../support/openapi-peers.mjs";
import { rowsOf, under } from "../support/table.mjs";

const COLUMNS = [
  { key: "cpu", title: "CPU s", unit: "seconds" },
  { key: "ratio", title: "× toolbind", unit: "ratio" },
  { key: "wall", title: "wall s", unit: "seconds" },
  { key: "memory", title: "peak MB", unit: "megabytes" },
];
/** From OpenAPI descriptions to types, validators and functions: whole processes, from nothing. */
export async function measure({ workspace, runs, onSample }) {
  const tables = [await measureGitHub(workspace, runs, onSample)];
  if (CORPUS !== "") tables.push(await measureAll(workspace, runs, onSample));
  return tables;
}

async function measureGitHub(workspace, runs, onSample) {
  const out = "openapi/toolbind/generated";
  const peers = openapiPeers(workspace);
  const cases = [
    commandCase("toolbind", workspace.generateApp(GITHUB, "github", out), { before: () => workspace.forget(out) }),
    ...peers,
    commandCase("parse", [process.execPath, "-e", `JSON.parse(require("fs").readFileSync(${JSON.stringify(GITHUB)}))`]),
    commandCase("node -e 0", [process.execPath, "-e", "0"]),
  ];
  const results = await interleave(cases, runs, onSample);
  const peer = results.get("hey-api").cpu ?? Infinity;
  const barOf = (figures) => {
    const { text, met } = under({ cpu: [1.2, "1.2 s"], memory: [500e6, "500 MB"] })(figures);
    return { text: `${text}, a tenth of hey-api`, met: met && figures.cpu < peer / 10 };
  };
  const rows = rowsOf(
    results,
    [
      { name: "toolbind", label: "toolbind: types, validators, functions", barOf },
      ...peers.map(({ name, label }) => ({ name, kind: "peer", label })),
      { name: "parse", kind: "floor", label: "reading and parsing the description" },
      { name: "node -e 0", kind: "floor" },
    ],
    { ratioOf: "cpu" },
  );
  return { title: "openapi: GitHub's REST description, cold", columns: COLUMNS, rows };
}

/** All descriptions of the corpus, one process after another. */
async function measureAll(workspace, runs, onSample) {
  const folder = join(CORPUS, "openapi");
  const files = readdirSync(folder).sort();
  const program = workspace.write("openapi/all.mjs", EVERY);
  const commands = files.map((file, at) => workspace.generateApp(join(folder, file), "app", `openapi/all/${at}`));
  const list = workspace.write("openapi/commands.json", JSON.stringify(commands));
  const failed = new Set();
  const read = (output) => {
    for (const at of JSON.parse(output)) failed.add(files[at]);
    return {};
  };
  const before = () => workspace.forget("openapi/all");
  const results = await interleave(
    [commandCase("toolbind", [process.execPath, program, list], { before, read })],
    runs,
    onSample,
  );
  const label = `toolbind, ${files.length} descriptions`;
  const rows = rowsOf(results, [{ name: "toolbind", label, barOf: under({ cpu: [15, "15 s"] }) }]);
  const notes = failed.size > 0 ? [`refused: ${[...failed].join(", ")}`] : [];
  const columns = COLUMNS.filter(({ key }) => key !== "ratio");
  return { title: "openapi: all descriptions of the corpus, a process each", columns, rows, notes };
}

const EVERY = `import { readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
const commands = JSON.parse(readFileSync(process.argv[2], "utf8"));
const failed = commands.flatMap(([program, ...args], at) => (spawnSync(program, args).status === 0 ? [] : [at]));
console.log(JSON.stringify(failed));
`;
