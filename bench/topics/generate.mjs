import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeListing, writeSnapshot } from "../support/corpus.mjs";
import { commandCase, interleave } from "../support/measure.mjs";
import { rowsOf, under } from "../support/table.mjs";

const SIZES = [1_000, 4_000, 12_000];
const COLUMNS = [
  { key: "cpu", title: "CPU s", unit: "seconds" },
  { key: "ratio", title: "× toolbind", unit: "ratio" },
  { key: "wall", title: "wall s", unit: "seconds" },
  { key: "memory", title: "peak MB", unit: "megabytes" },
];
const program = (name) => fileURLToPath(new URL(`../programs/${name}.mjs`, import.meta.url));

/** From a catalogue to files: whole processes, from nothing, with nothing to do, and with one toolkit changed. */
export async function measure({ workspace, runs, onSample }) {
  const listing = writeListing(workspace);
  const snapshots = SIZES.map((count) => ({ count, path: writeSnapshot(workspace, count) }));
  const cold = [
    await measureCold(workspace, listing, "the listing of 930 tools", { cpu: [0.6, "0.6 s"] }, runs, onSample),
  ];
  for (const { count, path } of snapshots) {
    const limits = count === 12_000 ? { cpu: [8, "8 s"], memory: [1e9, "1 GB"] } : undefined;
    const title = `${count.toLocaleString("en")} tools in ${readdirSync(path).length} toolkits`;
    cold.push(await measureCold(workspace, path, title, limits, runs, onSample));
  }
  const warm = [];
  for (const { count, path } of [{ count: 930, path: listing }, ...snapshots.slice(-1)]) {
    warm.push(await measureWarm(workspace, path, count, runs, onSample));
  }
  return [...cold.map(({ table }) => table), growth(cold), ...warm];
}

async function measureCold(workspace, catalogue, title, limits, runs, onSample) {
  const out = "cold";
  workspace.forget(out);
  workspace.emit(catalogue, out);
  const { bytes, files } = sizeOf(workspace.at(out));
  const peer = (name) => commandCase(name, [process.execPath, program(name), catalogue, workspace.at(`${name}.ts`)]);
  const floor = [process.execPath, program("floor"), catalogue, workspace.at("floor"), String(bytes), String(files)];
  const cases = [
    commandCase("toolbind", workspace.generate(catalogue, out), { before: () => workspace.forget(out) }),
    peer("json-schema-to-typescript"),
    peer("json-schema-to-zod"),
    commandCase("read, parse, write as much", floor),
    commandCase("node -e 0", [process.execPath, "-e", "0"]),
  ];
  const results = await interleave(cases, runs, onSample);
  const described = [
    { name: "toolbind", ...(limits !== undefined && { barOf: under(limits) }) },
    { name: "json-schema-to-typescript", kind: "peer", label: "json-schema-to-typescript, types only" },
    { name: "json-schema-to-zod", kind: "peer", label: "json-schema-to-zod, validators and inferred types" },
    { name: "read, parse, write as much", kind: "floor" },
    { name: "node -e 0", kind: "floor" },
  ];
  const notes = [`toolbind writes ${files} files, ${(bytes / 1e6).toFixed(2)} MB`];
  const rows = rowsOf(results, described, { ratioOf: "cpu" });
  return { results, table: { title: `generate: ${title}, cold`, columns: COLUMNS, rows, notes } };
}

/** What each further tool costs, from size to size: the same, if the time grows linearly. */
function growth(cold) {
  const beyondNode = cold.slice(1).map(({ results }) => results.get("toolbind").cpu - results.get("node -e 0").cpu);
  const perTool = SIZES.slice(1).map((count, at) => (beyondNode[at + 1] - beyondNode[at]) / (count - SIZES[at]));
  const rows = perTool.map((seconds, at) => ({
    name: `from ${SIZES[at].toLocaleString("en")} to ${SIZES[at + 1].toLocaleString("en")} tools`,
    kind: "toolbind",
    figures: { each: seconds * 1e6 },
    ...(at > 0 && { bar: { text: "< 1.25 × the row before", met: seconds < 1.25 * perTool[at - 1] } }),
  }));
  const columns = [{ key: "each", title: "CPU µs each further tool", unit: "microseconds" }];
  return { title: "generate: growth", columns, rows };
}

async function measureWarm(workspace, catalogue, count, runs, onSample) {
  const out = `warm-${count}`;
  workspace.emit(catalogue, out);
  const command = workspace.generate(catalogue, out);
  const cases = [
    commandCase("nothing changed", command),
    commandCase("one toolkit changed", command, { before: () => changeOneTool(catalogue) }),
    commandCase("node -e 0", [process.execPath, "-e", "0"]),
  ];
  // What changed last must be generated before a run can find nothing changed.
  cases[0].before = () => cases[1].sample();
  const results = await interleave(cases, runs, onSample);
  const floor = results.get("node -e 0").cpu;
  for (const figures of results.values()) figures.beyond = figures.cpu - floor;
  const rows = rowsOf(results, [
    { name: "nothing changed", barOf: under({ beyond: [0.1, "0.1 s beyond node"] }) },
    { name: "one toolkit changed" },
    { name: "node -e 0", kind: "floor" },
  ]);
  const columns = [COLUMNS[0], { key: "beyond", title: "beyond node", unit: "seconds" }, ...COLUMNS.slice(2)];
  return { title: `generate: again, ${count.toLocaleString("en")} tools`, columns, rows };
}

let changes = 0;

function changeOneTool(catalogue) {
  const file = statSync(catalogue).isDirectory() ? join(catalogue, readdirSync(catalogue)[0]) : catalogue;
  const json = JSON.parse(readFileSync(file, "utf8"));
  const [tool] = Array.isArray(json) ? json : json.tools;
  tool.description = `Changed ${++changes} times.`;
  writeFileSync(file, JSON.stringify(json));
}

function sizeOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  return { bytes, files: files.length };
}
