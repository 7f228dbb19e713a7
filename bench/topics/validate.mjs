import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dataSchema, writeLargestToolkit } from "../support/corpus.mjs";
import { instancesOf, loadSampler } from "../support/instances.mjs";
import { interleave, runMeasured } from "../support/measure.mjs";
import { geometricMean } from "../support/statistics.mjs";
import { rowsOf, under } from "../support/table.mjs";

const SCHEMAS = 50;
const DESCRIBED = [
  { name: "toolbind", label: "toolbind, as emitted: safeParse" },
  { name: "compiled", label: "toolbind, after z.compile: safeParse" },
  { name: "verdict", label: "toolbind, after z.compile: z.validate" },
  { name: "ajv", kind: "peer", label: "ajv, compiled" },
  { name: "validators", kind: "peer", label: "json-schema-to-zod" },
  { name: "fromJSONSchema", kind: "peer", label: "zod's fromJSONSchema" },
];

/** A valid value; the issues of an invalid one are work that ajv does not do. */
const BARS = {
  toolbind: under({ validRatio: [5, "5 × ajv, valid"] }),
  verdict: under({ validRatio: [2, "2 × ajv, valid"] }),
};

/** CPU time of judging instances, once everything is warm: a process for each validator and run. */
export async function measure({ workspace, runs, onSample }) {
  const github = writeLargestToolkit(workspace);
  const { names, path } = workspace.emit(github.path, "validate/github", "--emit", "js");
  const sample = await loadSampler(workspace);
  const chosen = spread(candidates(github.tools, names.github), SCHEMAS, (schema) => instancesOf(schema, sample));
  const file = workspace.write("validate/cases.json", JSON.stringify(chosen));
  const program = (name) => fileURLToPath(new URL(`../programs/${name}.mjs`, import.meta.url));
  const zod = workspace.at("validate/json-schema-to-zod.mjs");
  const source = workspace.write("validate/data.json", JSON.stringify({ tools: github.tools.map(withDataOnly) }));
  execFileSync(process.execPath, [program("json-schema-to-zod"), source, zod, "--javascript"]);
  // Where zod and ajv resolve as they do for what is emitted.
  cpSync(program("validate"), workspace.at("validate/validate.mjs"));

  const emitted = `${path}/github/index.js`;
  const modules = { toolbind: emitted, compiled: emitted, verdict: emitted, validators: zod };
  const judgements = {};
  const cases = DESCRIBED.map(({ name }) => ({
    name,
    sample: () => {
      const command = [process.execPath, workspace.at("validate/validate.mjs"), name, file, modules[name] ?? ""];
      const times = JSON.parse(runMeasured(command).output);
      judgements[name] = Object.values(times).filter(({ right }) => !right).length;
      return Object.fromEntries(
        Object.entries(times).flatMap(([schema, { valid, invalid }]) => [
          [`valid ${schema}`, valid],
          [`invalid ${schema}`, invalid],
        ]),
      );
    },
  }));
  const results = await interleave(cases, runs, onSample);
  const middle = chosen[chosen.length >> 1].name;
  return [
    table(results, [middle], `validate: a mid-size schema (${middle})`, judgements),
    table(
      results,
      chosen.map(({ name }) => name),
      `validate: ${chosen.length} schemas spread by size, geometric means`,
      judgements,
    ),
  ];
}

function table(results, schemas, title, judgements) {
  const figures = new Map(
    [...results].map(([name, times]) => {
      if (times.failure !== undefined) return [name, times];
      const mean = (kind) => geometricMean(schemas.map((schema) => times[`${kind} ${schema}`]));
      return [name, { valid: mean("valid"), invalid: mean("invalid") }];
    }),
  );
  const first = figures.get("ajv");
  for (const own of figures.values()) {
    own.validRatio = own.valid / first.valid;
    own.invalidRatio = own.invalid / first.invalid;
  }
  const columns = [
    { key: "valid", title: "valid ns", unit: "nanoseconds" },
    { key: "validRatio", title: "× ajv", unit: "ratio" },
    { key: "invalid", title: "invalid ns", unit: "nanoseconds" },
    { key: "invalidRatio", title: "× ajv", unit: "ratio" },
  ];
  const notes = Object.entries(judgements)
    .filter(([, wrong]) => wrong > 0)
    .map(([name, wrong]) => `${name} judges an instance of ${wrong} of the ${SCHEMAS} schemas otherwise than ajv`);
  return {
    title,
    columns,
    rows: rowsOf(
      figures,
      DESCRIBED.map((row) => ({ ...row, ...(BARS[row.name] && { barOf: BARS[row.name] }) })),
    ),
    ...(schemas.length > 1 && { notes }),
  };
}

function candidates(tools, names) {
  return tools.flatMap((tool) => {
    const own = { tool: names[tool.slug] };
    return [
      { ...own, name: `${tool.slug}_INPUT`, side: "input", schema: tool.input_parameters },
      { ...own, name: `${tool.slug}_OUTPUT`, side: "output", schema: dataSchema(tool) },
    ];
  });
}

/** Some that have instances, evenly spread over the sizes of those that say something of their keys. */
function spread(all, count, instances) {
  const telling = all.filter(({ schema }) => Object.keys(schema.properties ?? {}).length > 0);
  const sized = telling
    .map((each) => ({ each, size: JSON.stringify(each.schema).length }))
    .sort((a, b) => a.size - b.size);
  const chosen = [];
  for (let at = 0; at < count; at++) {
    const from = Math.floor((at * sized.length) / count);
    const until = Math.floor(((at + 1) * sized.length) / count);
    for (let index = until - 1; index >= from; index--) {
      const found = instances(sized[index].each.schema);
      if (found === undefined) continue;
      chosen.push({ ...sized[index].each, ...found });
      break;
    }
  }
  return chosen;
}

function withDataOnly(tool) {
  return { ...tool, output_parameters: dataSchema(tool) };
}
