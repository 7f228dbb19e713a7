import { readFileSync } from "node:fs";
import { extname, relative } from "node:path";
import { formatMessage, ToolbindError, type Place } from "../errors.js";
import { positionOf } from "../text/position.js";
import { fingerprint, readCached, writeCached } from "./cache.js";
import { findConfig, namedConfig } from "./find.js";
import type { KeyPath } from "../text/locate.js";
import type { ToolbindConfig } from "./types.js";

export interface LoadedConfig {
  /** Absolute. */
  readonly file: string;
  readonly config: ToolbindConfig;
}

/** What a file holds, and where in it a key path stands. */
interface Parsed {
  readonly value: unknown;
  readonly locate: (path: KeyPath) => number | undefined;
}

/** The configuration named, or the one that applies in `cwd`; undefined when there is none. */
export async function loadConfig(cwd: string, named?: string): Promise<LoadedConfig | undefined> {
  const file = named === undefined ? findConfig(cwd) : namedConfig(cwd, named);
  if (file === undefined) return undefined;
  const inputs = fingerprint(file);
  const cached = inputs === null ? undefined : readCached(file, inputs);
  if (cached !== undefined) return { file, config: cached };

  const source = relative(cwd, file);
  const text = readText(file, source);
  const { value, locate } = await parse(file, source, text, cwd);
  const config = await validate(value, source, (path) => {
    const offset = locate(path);
    return offset === undefined ? undefined : positionOf(text, offset);
  });
  // What changed while it was read belongs to neither fingerprint.
  if (inputs !== null && inputs === fingerprint(file)) writeCached(file, { fingerprint: inputs, config });
  return { file, config };
}

async function parse(file: string, source: string, text: string, cwd: string): Promise<Parsed> {
  switch (extname(file)) {
    case ".json":
      return (await import("./parse-json.js")).parseJsonConfig(text, source);
    case ".yaml":
    case ".yml":
      return (await import("./parse-yaml.js")).parseYamlConfig(text, source);
    default: {
      const [{ evaluateConfig }, { locateKey }] = await Promise.all([
        import("./evaluate.js"),
        import("../text/locate.js"),
      ]);
      return { value: await evaluateConfig(file, source, cwd), locate: (path) => locateKey(text, path) };
    }
  }
}

async function validate(
  value: unknown,
  source: string,
  positionAt: (path: KeyPath) => Pick<Place, "line" | "column"> | undefined,
): Promise<ToolbindConfig> {
  const { mistakesIn, showPath } = await import("./mistakes.js");
  const config = withoutSchemaKey(value, source);
  const mistakes = mistakesIn(config);
  const details = mistakes
    .map(({ path, details }) => {
      const position = positionAt(path);
      const at: Place =
        position !== undefined || path.length === 0 ? { source, ...position } : { source, pointer: showPath(path) };
      return { ...details, at };
    })
    .sort((a, b) => (a.at.line ?? 0) - (b.at.line ?? 0) || (a.at.column ?? 0) - (b.at.column ?? 0));
  const [first] = details;
  if (first === undefined) return JSON.parse(JSON.stringify(config)) as ToolbindConfig;
  if (details.length === 1) throw new ToolbindError("TB1003", first);
  const list = details.map((each) => `\n  - ${formatMessage(each)}`).join("");
  throw new ToolbindError("TB1003", { what: `${details.length} mistakes in ${source}:${list}` });
}

/** JSON and YAML name the schema that editors check them by. */
function withoutSchemaKey(value: unknown, source: string): unknown {
  const mayNameIt = /\.(?:json|ya?ml)$/.test(source) && typeof value === "object" && value !== null;
  if (!mayNameIt || !("$schema" in value) || typeof value.$schema !== "string") return value;
  const { $schema: _, ...rest } = value;
  return rest;
}

function readText(file: string, source: string): string {
  try {
    return readFileSync(file, "utf8").replace(/^\ufeff/, "");
  } catch (cause) {
    const what = `The configuration cannot be read (${cause instanceof Error ? cause.message : String(cause)})`;
    throw new ToolbindError("TB1002", { what, at: { source }, fix: "check the file and its permissions", cause });
  }
}
