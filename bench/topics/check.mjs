import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CALLED_TOOL, writeLargestToolkit, writeSnapshot } from "../support/corpus.mjs";
import { commandCase, interleave } from "../support/measure.mjs";
import { GITHUB, openapiPeers } from "../support/openapi-peers.mjs";
import { COMPILERS, ROOT } from "../support/packages.mjs";
import { ARGUMENTS, callingProgram } from "../support/programs.mjs";
import { rowsOf, under } from "../support/table.mjs";

const COLUMNS = [
  { key: "cpu", title: "CPU s", unit: "seconds" },
  { key: "ratio", title: "× toolbind", unit: "ratio" },
  { key: "memory", title: "peak MB", unit: "megabytes" },
  { key: "types", title: "types", unit: "count" },
  { key: "instantiations", title: "instantiations", unit: "count" },
  { key: "errors", title: "errors", unit: "count" },
];
const COMPILES = { errors: [1, "no error"] };
const BARS = { "TypeScript 5.9": { cpu: [2.2, "2.2 s"] }, "TypeScript 7": { cpu: [0.4, "0.4 s"] } };
/** CPU seconds that an empty file took where the bars were set. */
const EMPTY_AT_BARS = { "TypeScript 5.9": 0.39, "TypeScript 7": 0.13 };
const COMPILER_OPTIONS = {
  strict: true,
  skipLibCheck: true,
  target: "es2022",
  lib: ["es2022", "dom"],
  types: [],
  module: "nodenext",
  noEmit: true,
};

/** For peers' output, which is not made for Node's resolution. */
const BUNDLER = {
  module: "preserve",
  moduleResolution: "bundler",
  allowImportingTsExtensions: true,
  lib: ["es2022", "dom", "dom.iterable"],
};

/** A compiler checking programs that use the output; whole processes. */
export async function measure({ workspace, runs, onSample }) {
  const github = writeLargestToolkit(workspace);
  const emitted = workspace.emit(github.path, "check/generated");
  const convert = (program, extension = "ts") => {
    const path = fileURLToPath(new URL(`../programs/${program}.mjs`, import.meta.url));
    execFileSync(process.execPath, [path, github.path, workspace.at(`check/${program}.${extension}`)]);
  };
  convert("json-schema-to-typescript");
  convert("json-schema-to-zod");
  const projects = {
    toolbind: callingProgram(emitted),
    "json-schema-to-typescript": usingTypes(github),
    "json-schema-to-zod": usingValidators(),
    "an empty file": "export {};\n",
  };
  const described = [
    { name: "toolbind" },
    { name: "json-schema-to-typescript", kind: "peer", label: "json-schema-to-typescript, types only" },
    { name: "json-schema-to-zod", kind: "peer", label: "json-schema-to-zod, validators and inferred types" },
    { name: "an empty file", kind: "floor" },
  ];
  const tables = [];
  for (const compiler of Object.keys(COMPILERS)) {
    const cases = described.map(({ name }) => checkCase(workspace, compiler, name, projects[name]));
    const results = await interleave(cases, runs, onSample);
    const [own, ...others] = described;
    const rows = rowsOf(results, [{ ...own, barOf: under({ ...BARS[compiler], ...COMPILES }) }, ...others], {
      ratioOf: "cpu",
    });
    const title = `check: ${compiler}, a program that uses GitHub's ${github.tools.length} tools`;
    tables.push({ title, columns: COLUMNS, rows, notes: barHere(compiler, results.get("an empty file").cpu) });
  }
  return [
    ...tables,
    ...(await measureOneOfMany(workspace, runs, onSample)),
    ...(await measureOpenapi(workspace, runs, onSample)),
  ];
}

/** What a bar comes to on a machine that takes longer or less for the floor. */
function barHere(compiler, floor) {
  if (floor === undefined) return [];
  const [bar, text] = BARS[compiler].cpu;
  const [then, here] = [EMPTY_AT_BARS[compiler], floor.toFixed(2)];
  const scaled = ((bar * floor) / then).toFixed(2);
  return [
    `The bar of ${text} was set where an empty file took ${then} s. Here it takes ${here} s, which makes the bar ${scaled} s.`,
  ];
}

/** All that is made of GitHub's OpenAPI description, beside all that the peers make of it. */
async function measureOpenapi(workspace, runs, onSample) {
  const own = { name: "toolbind", label: "toolbind: types, validators, functions", folder: "openapi/toolbind" };
  const [program, ...args] = workspace.generateApp(GITHUB, "github", `${own.folder}/generated`);
  execFileSync(program, args, { stdio: "ignore" });
  const peers = [];
  for (const peer of openapiPeers(workspace)) peers.push({ ...peer, failure: await generateOnce(workspace, peer) });
  const tables = [];
  for (const compiler of Object.keys(COMPILERS)) {
    const cases = [own, ...peers].map((made) => checkFolder(workspace, compiler, made));
    cases.push(checkFolder(workspace, compiler, { ...own, name: "imported" }, ["generated/index.ts"]));
    const results = await interleave(cases, runs, onSample);
    const heyApi = results.get("hey-api").cpu ?? Infinity;
    const barOf = ({ cpu, errors }) => ({
      text: "< a tenth of hey-api, no error",
      met: cpu < heyApi / 10 && errors === 0,
    });
    const described = [
      { ...own, ...(compiler === "TypeScript 7" && { barOf }) },
      { name: "imported", label: "toolbind: the same, as a program imports it" },
      ...peers.map(({ name, label }) => ({ name, label, kind: "peer" })),
    ];
    const rows = rowsOf(results, described, { ratioOf: "cpu" });
    tables.push({
      title: `check: ${compiler}, all that is made of GitHub's OpenAPI description`,
      columns: COLUMNS,
      rows,
    });
  }
  return tables;
}

/** Why a peer's output cannot be checked, if it is not there from another topic and cannot be made. */
async function generateOnce(workspace, { folder, before, sample }) {
  const outputs = ["generated", "generated.ts"].map((output) => workspace.at(folder, output));
  try {
    if (!outputs.some((output) => existsSync(output))) {
      before();
      await sample();
    }
    return undefined;
  } catch (error) {
    return error.message;
  }
}

function checkFolder(workspace, compiler, { name, folder, failure }, include = ["generated", "generated.ts"]) {
  const compilerOptions = { ...COMPILER_OPTIONS, ...BUNDLER };
  const project = workspace.write(
    `${folder}/tsconfig.${include.length}.json`,
    JSON.stringify({ compilerOptions, include }),
  );
  if (failure === undefined) return checkProject(name, compiler, project);
  const sample = () => {
    throw new Error(failure);
  };
  return { name, sample };
}

/** One toolkit of 500, imported directly, beside the same toolkit generated alone. */
async function measureOneOfMany(workspace, runs, onSample) {
  const snapshot = writeSnapshot(workspace, 12_000);
  workspace.emit(snapshot, "check/many");
  workspace.emit(`${snapshot}/app0.json`, "check/alone");
  const direct = (out) => `import * as app0 from "./${out}/app0/index.js";\nconsole.log(Object.keys(app0));\n`;
  const index = `import { app0 } from "./many/index.js";\nconsole.log(Object.keys(app0));\n`;
  const tables = [];
  for (const compiler of Object.keys(COMPILERS)) {
    const cases = [
      checkCase(workspace, compiler, "alone", direct("alone")),
      checkCase(workspace, compiler, "directly", direct("many")),
      checkCase(workspace, compiler, "index", index),
    ];
    const results = await interleave(cases, runs, onSample);
    const same = ({ types, instantiations }) => {
      const alone = results.get("alone");
      return { text: "as alone", met: types === alone.types && instantiations === alone.instantiations };
    };
    const rows = rowsOf(
      results,
      [
        { name: "alone", label: "one toolkit, generated alone" },
        { name: "directly", label: "one of 500, imported directly", barOf: same },
        { name: "index", label: "one of 500, imported through the index" },
      ],
      { ratioOf: "cpu" },
    );
    const columns = COLUMNS.map((column) => (column.key === "ratio" ? { ...column, title: "× alone" } : column));
    tables.push({ title: `check: ${compiler}, one toolkit of 500`, columns, rows });
  }
  return tables;
}

function checkCase(workspace, compiler, name, program) {
  const file = name.replaceAll(" ", "-");
  workspace.write(`check/program-${file}.ts`, program);
  const tsconfig = { compilerOptions: COMPILER_OPTIONS, files: [`program-${file}.ts`] };
  const project = workspace.write(`check/tsconfig-${file}.json`, JSON.stringify(tsconfig));
  return checkProject(name, compiler, project);
}

function checkProject(name, compiler, project) {
  const tsc = `${ROOT}node_modules/${COMPILERS[compiler]}/bin/tsc`;
  const command = [process.execPath, tsc, "-p", project, "--extendedDiagnostics"];
  return commandCase(name, command, { read: readDiagnostics, mayFail: true });
}

function readDiagnostics(output) {
  const count = (key) => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(output)?.[1]);
  const errors = output.match(/error TS\d+/g) ?? [];
  return { types: count("Types"), instantiations: count("Instantiations"), errors: errors.length };
}

/** json-schema-to-typescript exports a schema under its title. */
function usingTypes({ tools }) {
  const { input_parameters: input, output_parameters: output } = tools.find(({ slug }) => slug === CALLED_TOOL);
  const inputType = `${CALLED_TOOL}_INPUT.${input.title ?? `${CALLED_TOOL}_INPUT`}`;
  const outputType = `${CALLED_TOOL}_OUTPUT.${output.title ?? `${CALLED_TOOL}_OUTPUT`}`;
  return `import type { ${CALLED_TOOL}_INPUT, ${CALLED_TOOL}_OUTPUT } from "./json-schema-to-typescript.js";
const args: ${inputType} = ${JSON.stringify(ARGUMENTS)};
declare const issue: ${outputType};
console.log(args, issue);
`;
}

function usingValidators() {
  return `import { ${CALLED_TOOL}_INPUT as input, type ${CALLED_TOOL}_OUTPUT_TYPE as Output } from "./json-schema-to-zod.js";
const args = input.parse(${JSON.stringify(ARGUMENTS)});
declare const issue: Output;
console.log(args, issue);
`;
}
