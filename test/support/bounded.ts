import { spawn } from "node:child_process";
import { emitSettings } from "../../generator/config/resolve.js";
import type { TestFolder } from "./generated.js";
import { LIBRARIES, listErrors, MODULES, STRICTEST, typeCheck, type Compiler } from "./compilers.js";
import { emitted, findCode } from "./hostile.js";
import { put } from "./project.js";

const GENERATE = `
const { generate } = await import(${JSON.stringify(new URL("../../generator/run.ts", import.meta.url).href)});
const settings = ${JSON.stringify(emitSettings({ runtime: "copy" }))};
const result = await generate({ source: { kind: "catalogue", path: "catalogue.json", out: "out", settings } });
process.stdout.write(JSON.stringify({ tools: result.tools, messages: result.diagnostics.map(({ code, message }) => code + " " + message) }));`;

/** Validates what is given with every tool of a toolkit; a verdict that throws is told as its error. */
const VALIDATE = `
const tools = await import("./out/x/index.ts");
const verdicts = {};
for (const [name, tool] of Object.entries(tools)) {
  verdicts[name] = JSON.parse(process.env.VALUES).map((value) => {
    try {
      return tool.input.safeParse(value).success;
    } catch (error) {
      return String(error);
    }
  });
}
process.stdout.write(JSON.stringify(verdicts));`;

/** Far beyond what any of this takes on a slow machine: it ends what would not end. */
const TIMEOUT_MS = 110_000;

function runBounded(
  folder: TestFolder,
  program: string,
  megabytes: number,
  values: readonly unknown[] = [],
): Promise<string> {
  const file = put(folder, "program.mjs", program);
  const args = [`--max-old-space-size=${megabytes}`, "--import", import.meta.resolve("tsx"), file];
  const child = spawn(process.execPath, args, {
    cwd: folder.path,
    env: { ...process.env, VALUES: JSON.stringify(values) },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once("close", (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`ended with ${signal ?? code}: ${errors.slice(0, 2000)}`));
    });
  });
}

export interface BoundedRun {
  readonly tools: number;
  readonly messages: readonly string[];
}

/** Generates from JSON text in a process of its own, with little memory. */
export async function generateBounded(
  folder: TestFolder,
  catalogue: string,
  megabytes: number = 400,
): Promise<BoundedRun> {
  put(folder, "catalogue.json", catalogue);
  return JSON.parse(await runBounded(folder, GENERATE, megabytes)) as BoundedRun;
}

export async function validateBounded(
  folder: TestFolder,
  values: readonly unknown[],
  megabytes: number = 400,
): Promise<Record<string, unknown[]>> {
  return JSON.parse(await runBounded(folder, VALIDATE, megabytes, values)) as Record<string, unknown[]>;
}

export function nested(times: number, open: string, close: string, innermost: string = "{}"): string {
  return open.repeat(times) + innermost + close.repeat(times);
}

export function many(count: number, item: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => item(index)).join(",");
}

/** A catalogue, as text, with a tool of each schema, and one that must be generated whatever happens to the others. */
export function catalogueOf(...schemas: readonly string[]): string {
  const tools = schemas.map((schema, index) => entryOf(schemas.length === 1 ? "X_A" : `X_T${index}`, schema));
  return `[${[...tools, entryOf("X_OK", "{}")].join(",")}]`;
}

/** `more`: further members, each with a comma before it. */
export function entryOf(slug: string, schema: string, more: string = ""): string {
  return `{"slug":"${slug}","version":"20250101_00","input_parameters":${schema}${more}}`;
}

/** What a compiler, and the search for code that should not be there, find in the output. */
export async function complaints(folder: TestFolder, compiler: Compiler = "TypeScript 7"): Promise<string[]> {
  const options = { ...STRICTEST, ...MODULES.nodenext, ...LIBRARIES["es2023 and dom"] };
  const errors = await typeCheck(folder, compiler, ["out"], options);
  return [...listErrors(errors), ...findCode(emitted(folder))];
}

export function sizeOf(folder: TestFolder): number {
  return Object.values(emitted(folder)).reduce((sum, text) => sum + text.length, 0);
}
