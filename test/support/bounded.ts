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

/** Judges the values that are given for each slug, messages included; what is thrown is told in place of a verdict. */
const VALIDATE = `
import { readFileSync } from "node:fs";
import { validate } from "./out/runtime/tool.ts";
const values = JSON.parse(readFileSync("values.json", "utf8"));
const verdicts = {};
for (const { slug, input } of Object.values(await import("./out/x/index.ts"))) {
  verdicts[slug] = (values[slug] ?? []).map((value) => {
    try {
      const { success } = input.safeParse(value);
      const issues = validate(input, value, true);
      if (success !== (issues.length === 0)) return issues;
      const longest = Math.max(0, ...issues.slice(0, 1000).map(({ message, pointer }) => message.length - pointer.length));
      return longest > 1000 ? "a long message" : success;
    } catch (error) {
      return String(error);
    }
  });
}
process.stdout.write(JSON.stringify(verdicts));`;

/** Far beyond what any of this takes on a slow machine: it ends what would not end. */
const TIMEOUT_MS = 110_000;

function runBounded(folder: TestFolder, program: string, megabytes: number): Promise<string> {
  const file = put(folder, "program.mjs", program);
  const args = [`--max-old-space-size=${megabytes}`, "--import", import.meta.resolve("tsx"), file];
  const child = spawn(process.execPath, args, {
    cwd: folder.path,
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
  /** Each with its code before it. */
  readonly messages: readonly string[];
}

/** Generates from JSON text in a process of its own, with little memory. */
export async function generateBounded(folder: TestFolder, catalogue: string, megabytes: number): Promise<BoundedRun> {
  put(folder, "catalogue.json", catalogue);
  return JSON.parse(await runBounded(folder, GENERATE, megabytes)) as BoundedRun;
}

/** Verdicts of the tools of toolkit `x` on the values given for their slugs, from a process of its own. */
export async function validateBounded(
  folder: TestFolder,
  values: Readonly<Record<string, readonly unknown[]>>,
  megabytes: number,
): Promise<Record<string, unknown[]>> {
  put(folder, "values.json", JSON.stringify(values));
  return JSON.parse(await runBounded(folder, VALIDATE, megabytes)) as Record<string, unknown[]>;
}

export function nested(times: number, open: string, close: string, innermost: string = "{}"): string {
  return open.repeat(times) + innermost + close.repeat(times);
}

export function many(count: number, item: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => item(index)).join(",");
}

/** A tool as JSON text. `more`: further members, each with a comma before it. */
export function entryOf(slug: string, schema: string, more: string = ""): string {
  return `{"slug":"${slug}","version":"20250101_00","input_parameters":${schema}${more}}`;
}

/** What a compiler finds in the output. */
export async function compilerErrors(folder: TestFolder, compiler: Compiler): Promise<string[]> {
  const options = { ...STRICTEST, ...MODULES.nodenext, ...LIBRARIES["es2023 and dom"] };
  return listErrors(await typeCheck(folder, compiler, ["out"], options));
}

/** What should not be in the output, the copied runtime aside. */
export function foundCode(folder: TestFolder): string[] {
  return findCode(emitted(folder));
}
