import { createRequire } from "node:module";
import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ToolbindError, type Place } from "../errors.js";
import { filesNamedBy } from "./imports.js";

/** Runs a configuration written in TypeScript or JavaScript and gives its default export. */
export async function evaluateConfig(file: string, source: string, cwd: string): Promise<unknown> {
  let exported: unknown;
  try {
    const namespace = await importAnew(file);
    exported = await namespace["default"];
    if (isCompiledModule(exported)) exported = await exported["default"];
  } catch (cause) {
    throw evaluationError(cause, { file, source, cwd });
  }
  if (exported === undefined) {
    throw new ToolbindError("TB1002", {
      what: "The configuration has no default export",
      at: { source },
      fix: "end it with `export default defineConfig({ … })`",
    });
  }
  return exported;
}

/** Imports a module, whatever it was when it was imported last. */
async function importAnew(file: string): Promise<Record<string, unknown>> {
  const url = pathToFileURL(file).href;
  if (process.versions["bun"] === undefined) {
    const { tsImport } = await import("tsx/esm/api");
    return (await tsImport(url, { parentURL: url })) as Record<string, unknown>;
  }
  // Bun runs TypeScript itself and takes no hooks as tsx sets them; what it imported is kept as what was required.
  const { cache } = createRequire(import.meta.url);
  for (const each of filesNamedBy(file)) delete cache[each];
  return (await import(url)) as Record<string, unknown>;
}

/** A module that was compiled to CommonJS has its own default export, if any, inside the imported one. */
function isCompiledModule(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && "__esModule" in value;
}

function evaluationError(cause: unknown, config: { file: string; source: string; cwd: string }): ToolbindError {
  if (isBunsMistake(cause)) {
    const { message, position } = cause;
    const { file, line, column } = position;
    const at = { source: file === config.file ? config.source : relative(config.cwd, file), line, column };
    return new ToolbindError("TB1002", { what: `The configuration does not parse (${message})`, at, cause });
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  const missing = /^Cannot find (?:package|module) '([^']+)'/.exec(message)?.[1];
  const details = { at: placeOf(cause, config), cause };
  if (missing !== undefined) {
    const what = `The configuration imports \`${missing}\`, which cannot be found`;
    const fix = /^(?:[./]|file:)/.test(missing) ? "correct the path" : `run \`npm install --save-dev ${missing}\``;
    return new ToolbindError("TB1002", { what, fix, ...details });
  }
  const syntax = /: ERROR: (.*)/.exec(message)?.[1];
  const what =
    syntax === undefined
      ? `The configuration fails with \`${firstLine(message)}\``
      : `The configuration does not parse (${syntax})`;
  return new ToolbindError("TB1002", { what, ...details });
}

/** Bun's error for a module that cannot be parsed. */
interface BunsMistake {
  readonly message: string;
  readonly position: { readonly file: string; readonly line: number; readonly column: number };
}

function isBunsMistake(cause: unknown): cause is BunsMistake {
  const isNamed = typeof cause === "object" && cause !== null && "name" in cause && cause.name === "BuildMessage";
  return isNamed && "position" in cause && typeof cause.position === "object" && cause.position !== null;
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? "";
}

/** The line that a parser's message or a stack names first, in the configuration or in what it imports. */
function placeOf(cause: unknown, { file, source, cwd }: { file: string; source: string; cwd: string }): Place {
  const text = cause instanceof Error ? `${cause.message}\n${cause.stack ?? ""}` : "";
  for (const match of text.matchAll(
    /((?:file:\/\/|\/|[A-Za-z]:[\\/])[^\s():]*?\.[cm]?[jt]s)(?:\?[^\s:)]*)?:(\d+):(\d+)/g,
  )) {
    const [, path = "", line, column] = match;
    const at = path.startsWith("file:") ? fileURLToPath(path) : path;
    if (at.includes("node_modules")) continue;
    const shown = at === file ? source : relative(cwd, at);
    // The parser counts columns from 0.
    return { source: shown, line: Number(line), column: Number(column) + (text.includes(": ERROR: ") ? 1 : 0) };
  }
  return { source };
}
