// Holds the committed output against budgets.json: figures that are equal on every machine.
// node bench/budgets.mjs [--json] [--update]
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { overClassic } from "../scripts/merge-runtime.mjs";
import { isInstalled, ROOT } from "./support/packages.mjs";
import { callingProgram } from "./support/programs.mjs";

const FILE = new URL("budgets.json", import.meta.url);
/** Room above today's figure when budgets are set. */
const ROOM = 1.02;
const COMPILER_OPTIONS = {
  strict: true,
  skipLibCheck: true,
  target: "es2022",
  lib: ["es2022", "dom"],
  types: [],
  module: "nodenext",
  noEmit: true,
};

const { values: flags } = parseArgs({ options: { json: { type: "boolean" }, update: { type: "boolean" } } });

/** A folder with the output in both flavours and a program for each. */
function prepare() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "toolbind-budgets-")));
  const { toolkits } = JSON.parse(readFileSync(`${ROOT}toolbind.lock.json`, "utf8"));
  const names = { github: toolkits.github.names };
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  symlinkSync(`${ROOT}node_modules`, join(folder, "node_modules"));
  for (const flavour of ["mini", "classic"]) {
    cpSync(`${ROOT}generated`, join(folder, flavour), { recursive: true });
    if (flavour === "classic") overClassicIn(join(folder, flavour, "runtime"));
    writeFileSync(join(folder, `${flavour}.ts`), callingProgram({ names }, { out: flavour }));
  }
  return folder;
}

function overClassicIn(runtime) {
  for (const file of readdirSync(runtime)) {
    if (!file.endsWith(".ts")) continue;
    const text = readFileSync(join(runtime, file), "utf8");
    writeFileSync(join(runtime, file), overClassic(text));
  }
}

/** What `specs/composio` becomes, its manifest aside. */
function emittedFigures() {
  const { files } = JSON.parse(readFileSync(`${ROOT}generated/toolbind.manifest.json`, "utf8"));
  const paths = Object.keys(files);
  const bytes = paths.reduce((sum, path) => sum + statSync(`${ROOT}generated/${path}`).size, 0);
  return { "emitted files": paths.length, "emitted bytes": bytes };
}

function checkFigures(folder) {
  const project = join(folder, "tsconfig.json");
  writeFileSync(project, JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ["mini.ts"] }));
  const tsc = `${ROOT}node_modules/typescript/bin/tsc`;
  const output = execFileSync(process.execPath, [tsc, "-p", project, "--extendedDiagnostics"], { encoding: "utf8" });
  const count = (key) => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(output)[1]);
  const title = "TypeScript 5.9, a program that uses github";
  return { [`${title}: types`]: count("Types"), [`${title}: instantiations`]: count("Instantiations") };
}

async function bundleFigures(folder) {
  const { BUNDLERS, bundleSize } = await import("./support/bundlers.mjs");
  const figures = {};
  for (const bundler of Object.keys(BUNDLERS)) {
    for (const flavour of ["mini", "classic"]) {
      const { minified, gzipped } = await bundleSize(bundler, join(folder, `${flavour}.ts`));
      const title = `${bundler}, one tool of github, ${flavour}`;
      figures[`${title}: bytes`] = minified;
      figures[`${title}: bytes gzipped`] = gzipped;
    }
  }
  return figures;
}

const folder = prepare();
let figures;
try {
  figures = { ...emittedFigures(), ...checkFigures(folder), ...(isInstalled() && (await bundleFigures(folder))) };
} finally {
  rmSync(folder, { recursive: true });
}
const kept = JSON.parse(readFileSync(FILE, "utf8"));
if (flags.update) {
  if (!isInstalled()) throw new Error("The bundlers are not installed. Fix: npm ci --prefix bench");
  kept.budgets = Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, Math.ceil(figure * ROOM)]));
  writeFileSync(FILE, `${JSON.stringify(kept, null, 2)}\n`);
}
const rows = Object.entries(kept.budgets).map(([name, budget]) => ({ name, figure: figures[name] ?? null, budget }));
if (flags.json) console.log(JSON.stringify(rows));
else {
  for (const { name, figure, budget } of rows) {
    const verdict = figure === null ? "not measured: npm ci --prefix bench" : figure > budget ? "EXCEEDED" : "";
    console.log(
      [name.padEnd(60), String(figure ?? "").padStart(8), "of", String(budget).padStart(8), verdict].join(" "),
    );
  }
}
if (rows.some(({ figure, budget }) => figure !== null && figure > budget)) process.exitCode = 1;
