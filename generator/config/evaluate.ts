import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ToolbindError, type Place } from "../errors.js";

/** Runs a configuration written in TypeScript or JavaScript and gives its default export. */
export async function evaluateConfig(file: string, source: string, cwd: string): Promise<unknown> {
  const { tsImport } = await import("tsx/esm/api");
  const url = pathToFileURL(file).href;
  let exported: unknown;
  try {
    const namespace = (await tsImport(url, { parentURL: url })) as Record<string, unknown>;
    exported = await namespace["default"];
    if (isCompiledModule(exported)) exported = await exported["default"];
  } catch (cause) {
    throw evaluationError(cause, { file, source, cwd });
  }
  if (exported === undefined) {
    throw new ToolbindError("TB1002", {
      what: "The configuration exports nothing as default",
      at: { source },
      fix: "end it with `export default defineConfig({ … })`",
    });
  }
  return exported;
}

/** A module that was compiled to CommonJS has its own default export, if any, inside the imported one. */
function isCompiledModule(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && "__esModule" in value;
}

function evaluationError(cause: unknown, config: { file: string; source: string; cwd: string }): ToolbindError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const missing = /^Cannot find (?:package|module) '([^']+)'/.exec(message)?.[1];
  const details = { at: placeOf(cause, config), cause };
  if (missing !== undefined) {
    const what = `The configuration imports \`${missing}\`, which is not there`;
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
