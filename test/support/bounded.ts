import { spawn } from "node:child_process";
import { emitSettings } from "../../generator/config/resolve.js";
import type { TestFolder } from "./generated.js";
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
): Promise<Record<string, unknown[]>> {
  return JSON.parse(await runBounded(folder, VALIDATE, 400, values)) as Record<string, unknown[]>;
}
