import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { writeListing } from "../support/corpus.mjs";
import { commandCase, interleave, runMeasured } from "../support/measure.mjs";
import { writeReleases } from "../support/releases.mjs";
import { measureRenames } from "../support/renames.mjs";
import { rowsOf, under } from "../support/table.mjs";

const API_KEY = "bench";
const CONCURRENCY = 8;
const COLUMNS = [
  { key: "wall", title: "wall s", unit: "seconds" },
  { key: "ratio", title: "× toolbind", unit: "ratio" },
  { key: "cpu", title: "CPU s", unit: "seconds" },
  { key: "memory", title: "peak MB", unit: "megabytes" },
];
const program = (name) => fileURLToPath(new URL(`../programs/${name}.mjs`, import.meta.url));

/** From one version to the next: everything is pulled, checked and compared, and renames are looked for. */
export async function measure({ workspace, runs, onSample }) {
  const releases = writeReleases(workspace);
  const size = `${releases.tools.toLocaleString("en")} tools in ${releases.toolkits} toolkits`;
  process.env.COMPOSIO_API_KEY = API_KEY;
  const tables = [
    await withPlatform(workspace, releases.old, (origin) => measurePull(workspace, origin, size, runs, onSample)),
    await measureCheck(workspace, size, runs, onSample),
    await withPlatform(workspace, releases.both, (origin) => measureDiff(workspace, origin, size, runs, onSample)),
  ];
  return [...tables, await measurePairs(workspace)];
}

async function withPlatform(workspace, snapshot, work) {
  const server = spawn(process.execPath, [
    program("platform"),
    workspace.built("testing", "index.js"),
    snapshot,
    API_KEY,
  ]);
  server.stderr.pipe(process.stderr);
  try {
    const [origin] = await once(server.stdout, "data");
    return await work(origin.toString().trim());
  } finally {
    server.stdin.end();
  }
}

/** A command in the project, with its configuration. */
function command(workspace, origin, ...args) {
  const platform = { baseUrl: origin, concurrency: CONCURRENCY };
  workspace.write("versions/toolbind.config.json", JSON.stringify({ runtime: "package", platform }));
  return [process.execPath, workspace.built("generator", "cli.js"), ...args, "--cwd", workspace.at("versions")];
}

async function measurePull(workspace, origin, size, runs, onSample) {
  const pull = command(workspace, origin, "pull", "--all", "--quiet");
  const forget = () => {
    rmSync(workspace.at("versions", "specs"), { recursive: true, force: true });
    rmSync(workspace.at("versions", "toolbind.lock.json"), { force: true });
  };
  mkdirSync(workspace.at("versions"), { recursive: true });
  // After this the server has every answer, and knows what was asked for.
  runMeasured(pull);
  const results = await interleave(
    [
      commandCase("toolbind", pull, { before: forget }),
      commandCase("fetch", [process.execPath, program("fetch"), origin, String(CONCURRENCY), API_KEY]),
    ],
    runs,
    onSample,
  );
  const floor = results.get("fetch").wall;
  const isMet = ({ wall, memory }) => wall < 2 * floor && memory < 1e9;
  const rows = rowsOf(
    results,
    [
      {
        name: "toolbind",
        label: "toolbind pull --all",
        barOf: (figures) => ({ text: "< 2 × fetch, 1 GB", met: isMet(figures) }),
      },
      { name: "fetch", kind: "floor", label: `fetch of the same pages, ${CONCURRENCY} at once` },
    ],
    { ratioOf: "wall" },
  );
  const asked = await (await fetch(`${origin}/asked`)).json();
  return { title: `versions: pull, ${size}`, columns: COLUMNS, rows, notes: [`${asked.length} requests`] };
}

async function measureCheck(workspace, size, runs, onSample) {
  runMeasured(command(workspace, "http://127.0.0.1:9", "generate", "--quiet"));
  const cases = [
    commandCase("check", command(workspace, "http://127.0.0.1:9", "check", "--quiet")),
    commandCase("node -e 0", [process.execPath, "-e", "0"]),
  ];
  const results = await interleave(cases, runs, onSample);
  const floor = results.get("node -e 0");
  for (const figures of results.values()) figures.beyond = figures.cpu - floor.cpu;
  const rows = rowsOf(results, [
    { name: "check", label: "toolbind check", barOf: under({ beyond: [0.2, "0.2 s beyond node"] }) },
    { name: "node -e 0", kind: "floor" },
  ]);
  const beyond = { key: "beyond", title: "CPU s beyond node", unit: "seconds" };
  const columns = [COLUMNS[0], ...COLUMNS.slice(2, 3), beyond, ...COLUMNS.slice(3)];
  return { title: `versions: check with nothing changed, ${size}`, columns, rows };
}

async function measureDiff(workspace, origin, size, runs, onSample) {
  const diff = command(workspace, origin, "diff", "--no-project", "--json");
  runMeasured(diff, { mayFail: true });
  const results = await interleave([commandCase("diff", diff, { mayFail: true })], runs, onSample);
  const rows = rowsOf(results, [{ name: "diff", label: "toolbind diff", barOf: under({ cpu: [5, "5 s CPU"] }) }]);
  const columns = COLUMNS.filter(({ key }) => key !== "ratio");
  return { title: `versions: diff of every toolkit, ${size}`, columns, rows };
}

async function measurePairs(workspace) {
  const load = (...path) => import(pathToFileURL(workspace.built("generator", ...path)).href);
  const [{ findRenames }, { parseCatalogue }] = await Promise.all([
    load("diff", "renames.js"),
    load("sources", "catalogue.js"),
  ]);
  const path = writeListing(workspace);
  const { catalogue } = parseCatalogue([{ name: path, content: readFileSync(path) }]);
  const { right, wrong, missed } = measureRenames(
    findRenames,
    catalogue.toolkits.map(({ tools }) => tools),
  );
  const precision = (100 * right) / (right + wrong);
  const figures = { precision, recall: (100 * right) / (right + missed), right, wrong, missed };
  const columns = [
    { key: "precision", title: "precision", unit: "percent" },
    { key: "recall", title: "recall", unit: "percent" },
    { key: "right", title: "right", unit: "count" },
    { key: "wrong", title: "wrong", unit: "count" },
    { key: "missed", title: "missed", unit: "count" },
  ];
  const bar = { text: "≥ 99 % precision", met: precision >= 99 };
  return { title: "versions: renames", columns, rows: [{ name: "pairs found", kind: "toolbind", figures, bar }] };
}
