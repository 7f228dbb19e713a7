import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { BUNDLERS, bundleSize } from "../support/bundlers.mjs";
import { CALLED_TOOL, writeLargestToolkit } from "../support/corpus.mjs";
import { ARGUMENTS, callingProgram, composioProgram, FETCH, fetchingProgram } from "../support/programs.mjs";
import { under } from "../support/table.mjs";

const COLUMNS = [
  { key: "minified", title: "min KB", unit: "kilobytes" },
  { key: "gzipped", title: "gzip KB", unit: "kilobytes" },
  { key: "ownGzipped", title: "without zod, gzip KB", unit: "kilobytes" },
  { key: "ratio", title: "× toolbind", unit: "ratio" },
  { key: "tools", title: "tools in it", unit: "count" },
];
const BARS = {
  mini: { gzipped: [12_000, "12 KB"], ownGzipped: [6_000, "6 KB"] },
  classic: { gzipped: [31_000, "31 KB"], ownGzipped: [6_000, "6 KB"] },
};

/** A program that calls one tool, bundled for a browser or a worker. Sizes do not vary, so each is made once. */
export async function measure({ workspace, onSample }) {
  const github = writeLargestToolkit(workspace);
  const programs = [];
  for (const flavour of ["mini", "classic"]) {
    const emitted = workspace.emit(github.path, `bundle/${flavour}`, "--zod", flavour);
    for (const index of [false, true]) {
      programs.push({
        name: `toolbind, ${flavour}, ${index ? "through the index" : "direct"}`,
        kind: "toolbind",
        code: callingProgram(emitted, { index, out: flavour }),
        // esbuild keeps every toolkit that is imported through an index.
        ...(!index && { barOf: under(BARS[flavour]) }),
      });
    }
  }
  const validators = fileURLToPath(new URL("../programs/json-schema-to-zod.mjs", import.meta.url));
  execFileSync(process.execPath, [validators, github.path, workspace.at("bundle/validators.ts")]);
  const called = github.tools.find(({ slug }) => slug === CALLED_TOOL);
  programs.push(
    {
      name: "json-schema-to-zod, and fetch",
      kind: "peer",
      code: `import { ${CALLED_TOOL}_INPUT as input, ${CALLED_TOOL}_OUTPUT as output } from "./validators.js";
input.parse(${JSON.stringify(ARGUMENTS)});
console.log(output.parse(await (await ${FETCH}).json()));\n`,
    },
    {
      name: "zod's fromJSONSchema, and fetch",
      kind: "peer",
      code: `import * as z from "zod";
const options = { defaultTarget: "openapi-3.0" };
z.fromJSONSchema(${JSON.stringify(called.input_parameters)}, options).parse(${JSON.stringify(ARGUMENTS)});
const output = z.fromJSONSchema(${JSON.stringify(called.output_parameters)}, options);
console.log(output.parse(await (await ${FETCH}).json()));\n`,
    },
    {
      name: "@composio/client, no validators",
      kind: "peer",
      code: composioProgram(),
    },
    { name: "zod/mini, one object", kind: "floor", code: zodProgram("zod/mini") },
    { name: "zod, one object", kind: "floor", code: zodProgram("zod") },
    { name: "fetch, no validators", kind: "floor", code: fetchingProgram() },
  );
  const tables = [];
  for (const bundler of Object.keys(BUNDLERS)) {
    onSample(bundler, 0);
    const rows = [];
    for (const program of programs) rows.push(await row(workspace, bundler, program, rows[0]));
    tables.push({ title: `bundle: ${bundler}, one of GitHub's ${github.tools.length} tools`, columns: COLUMNS, rows });
  }
  return tables;
}

async function row(workspace, bundler, { name, kind, code, barOf }, first) {
  const entry = workspace.write("bundle/program.ts", code);
  try {
    const { code: bundled, ...sizes } = await bundleSize(bundler, entry);
    const ratio = sizes.gzipped / (first?.figures.gzipped ?? sizes.gzipped);
    const tools = new Set(bundled.match(/["'`]GITHUB_\w+["'`],\s*function/g)).size;
    const figures = { ...sizes, ratio, ...(tools > 0 && { tools }) };
    return { name, kind, figures, ...(barOf !== undefined && { bar: barOf(figures) }) };
  } catch (error) {
    return { name, kind, failure: error.message.split("\n", 1)[0] };
  }
}

function zodProgram(flavour) {
  return `import * as z from "${flavour}";
console.log(z.object({ title: z.string() }).parse({ title: "text" }));\n`;
}
