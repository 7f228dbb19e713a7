import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readTools } from "../programs/catalogue.mjs";
import { CALLED_TOOL, writeLargestToolkit, writeSnapshot } from "../support/corpus.mjs";
import { loadSampler } from "../support/instances.mjs";
import { commandCase, interleave } from "../support/measure.mjs";
import { ARGUMENTS } from "../support/programs.mjs";
import { rowsOf, under } from "../support/table.mjs";

/** Times this short need more samples than others. */
const SAMPLES_A_RUN = 4;
const COLUMNS = [
  { key: "loading", title: "import ms", unit: "milliseconds" },
  { key: "using", title: "first parse ms", unit: "milliseconds" },
  { key: "total", title: "both ms", unit: "milliseconds" },
  { key: "ratio", title: "× toolbind", unit: "ratio" },
  { key: "process", title: "process ms", unit: "milliseconds" },
];
const program = (name) => fileURLToPath(new URL(`../programs/${name}.mjs`, import.meta.url));

/** CPU time within a process that imports a toolkit, zod being loaded, and parses with the first validator. */
export async function measure({ workspace, runs, onSample }) {
  const github = writeLargestToolkit(workspace);
  const { names, path } = workspace.emit(github.path, "load/github", "--emit", "js");
  const many = workspace.emit(writeSnapshot(workspace, 12_000), "load/many", "--emit", "js");
  const alone = workspace.emit(workspace.at("catalogues/12000/app0.json"), "load/alone", "--emit", "js");
  const zod = workspace.at("load/json-schema-to-zod.mjs");
  execFileSync(process.execPath, [program("json-schema-to-zod"), github.path, zod, "--javascript"]);
  // Where zod and ajv resolve as they do for what is emitted.
  cpSync(program("load"), workspace.at("load/load.mjs"));

  const load = (name, ...args) => {
    const command = [process.execPath, workspace.at("load/load.mjs"), ...args];
    return commandCase(name, command, { read: (output) => JSON.parse(output) });
  };
  const args = JSON.stringify(ARGUMENTS);
  const [slug, small] = Object.entries(many.names.app0)[0];
  const smallTool = readTools(workspace.at("catalogues/12000/app0.json")).find((tool) => tool.slug === slug);
  const sample = await loadSampler(workspace);
  const smallArgs = JSON.stringify(sample(smallTool.input_parameters));
  const cases = [
    load("toolbind", "toolbind", `${path}/github/index.js`, names.github[CALLED_TOOL], args),
    load("json-schema-to-zod", "validators", zod, `${CALLED_TOOL}_INPUT`, args),
    load("ajv", "ajv", github.path, CALLED_TOOL, args),
    load("fromJSONSchema", "fromJSONSchema", github.path, CALLED_TOOL, args),
    load("zod/mini", "zod", "zod/mini"),
    load("zod", "zod", "zod"),
    load("alone", "toolbind", `${alone.path}/app0/index.js`, small, smallArgs),
    load("direct", "toolbind", `${many.path}/app0/index.js`, small, smallArgs),
  ];
  const results = await interleave(cases, runs * SAMPLES_A_RUN, onSample);
  const described = [
    { name: "toolbind", barOf: under({ total: [16, "16 ms"] }) },
    { name: "json-schema-to-zod", kind: "peer", label: "json-schema-to-zod, one module" },
    { name: "ajv", kind: "peer", label: "ajv, its import and the catalogue's JSON" },
    { name: "fromJSONSchema", kind: "peer", label: "zod's fromJSONSchema, and the catalogue's JSON" },
    { name: "zod/mini", kind: "floor", label: "zod/mini itself" },
    { name: "zod", kind: "floor", label: "zod itself" },
  ];
  const rows = rowsOf(results, described, { ratioOf: "total" });
  const oneOfMany = rowsOf(
    results,
    [
      { name: "alone", label: "one toolkit, generated alone" },
      {
        name: "direct",
        label: "one of 500, imported directly",
        barOf: ({ ratio }) => ({ text: "as alone (±20 %)", met: ratio < 1.2 }),
      },
    ],
    { ratioOf: "total" },
  );
  return [
    { title: `load: GitHub's ${github.tools.length} tools, beyond zod`, columns: COLUMNS, rows },
    { title: "load: one toolkit of 500", columns: COLUMNS, rows: oneOfMany },
  ];
}
