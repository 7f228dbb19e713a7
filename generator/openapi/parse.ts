import { ToolbindError, type Place } from "../errors.js";
import { escapeSegment } from "../text/json-pointer.js";
import { parseJson, type JsonPurpose } from "../sources/json.js";
import type { SourceFile } from "../sources/files.js";
import { offsetOfPointer } from "../text/locate-json.js";
import { locateYaml } from "../text/locate-yaml.js";
import { CONFLICT_MARKERS, conflictIn } from "../text/merge-conflict.js";
import { parseYaml } from "../text/parse-yaml.js";
import { positionOf } from "../text/position.js";
import { foreignBytes } from "../text/utf8.js";
import { yamlValue } from "../text/yaml-value.js";
import { yaml } from "../text/yaml.js";

/** Values nested deeper are refused, since they are processed recursively. */
const MAX_NESTING = 300;
const MAX_ALIASES = 10_000;
/** Entries of the parser's stack, of which a level of nesting takes one or two. */
const MAX_STACK = 2 * MAX_NESTING;

/**
 * Parses a file as JSON or YAML.
 * Throws a `ToolbindError` with line and column if it is neither, or is nested too deeply.
 */
export function parseSource(file: SourceFile): unknown {
  const foreign = foreignBytes(file.content);
  if (foreign !== undefined) {
    const { received, fix, position } = foreign;
    const at = { source: file.name, ...position };
    throw new ToolbindError("TB2030", {
      what: "Description cannot be used",
      at,
      expected: "UTF-8 text",
      received,
      fix,
    });
  }
  const value = isJson(file) ? parseJson(file, DESCRIPTION) : fromYaml(file);
  const fault = unfit(value);
  if (fault === undefined) return value;
  throw new ToolbindError("TB2030", {
    what: "Description cannot be used",
    at: parseSource.place(file, fault.pointer),
    expected: fault.expected,
    received: fault.received,
    fix: "correct the file",
  });
}

const RESOLVE = "resolve the conflict";
const DESCRIPTION: JsonPurpose = {
  code: "TB2030",
  what: "Description is not JSON",
  fix: "correct it there",
  conflictFix: RESOLVE,
};

/** Line and column of the target of a JSON pointer, or of the nearest value around it. */
parseSource.place = (file: SourceFile, pointer: string): Place => {
  const text = textOf(file);
  if (isJson(file)) return { source: file.name, pointer, ...positionOf(text, offsetOfPointer(text, pointer)) };
  return { source: file.name, pointer, ...locateYaml(text, pointer) };
};

function textOf({ content }: SourceFile): string {
  return content.toString("utf8").replace(/^\ufeff/, "");
}

function isJson({ name, content }: SourceFile): boolean {
  return name.endsWith(".json") || /^\ufeff?\s*[{[]/.test(content.toString("utf8", 0, 200));
}

function fromYaml(file: SourceFile): unknown {
  const text = textOf(file);
  const value = yamlValue(text, MAX_NESTING);
  // An unquoted `1.0` is the number 1, but the version 1.0, as only the text has it.
  const { version } = (value as { readonly info?: { readonly version?: unknown } } | null | undefined)?.info ?? {};
  if (value !== undefined && typeof version !== "number") return value;
  const { isScalar } = yaml();
  const refuse = (offset: number, received: string, cause?: unknown, fix: string = "correct the line"): ToolbindError =>
    new ToolbindError("TB2030", {
      what: "Description is not YAML",
      at: { source: file.name, ...positionOf(text, offset) },
      expected: "YAML",
      received,
      fix,
      cause,
    });
  const parsed = parseYaml(text, MAX_STACK, { merge: true });
  if (!("document" in parsed)) throw refuse(parsed.tooDeepAt, `more than ${MAX_NESTING} levels of nesting`);
  const { document, nextAt } = parsed;
  const [error = duplicateKey(document.contents)] = document.errors;
  if (error !== undefined) {
    const conflict = conflictIn(text);
    if (conflict !== undefined) throw refuse(conflict, CONFLICT_MARKERS, error, RESOLVE);
    const start = text.lastIndexOf("\n", error.pos[0] - 1) + 1;
    const isTab = /^\s*\t/.test(text.slice(start, start + 1000));
    throw refuse(error.pos[0], isTab ? "a tab as indentation" : error.message, error);
  }
  if (nextAt !== undefined) throw refuse(nextAt, "a second document");
  const written = document.getIn(["info", "version"], true);
  if (isScalar(written) && typeof written.value === "number") written.value = written.source ?? written.value;
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    const what = "Description cannot be used";
    const received = (cause as Error).message;
    const fix = "write out what the aliases refer to";
    const details = {
      what,
      at: { source: file.name },
      expected: "aliases that do not refer to themselves",
      received,
      fix,
      cause,
    };
    throw new ToolbindError("TB2030", details);
  }
}

/** The first duplicate key of a map. */
function duplicateKey(contents: unknown): { pos: [number, number]; message: string } | undefined {
  const { isCollection, isMap, isPair, isScalar } = yaml();
  const pending: unknown[] = [contents];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (!isCollection(node)) continue;
    const keys = new Set<unknown>();
    for (const item of node.items) {
      if (!isPair(item)) {
        pending.push(item);
        continue;
      }
      if (isMap(node) && isScalar(item.key) && item.key.value !== "<<") {
        const key = String(item.key.value);
        const at = item.key.range?.[0] ?? 0;
        if (keys.has(key))
          return { pos: [at, at], message: `the key ${JSON.stringify(key.slice(0, 100))} a second time` };
        keys.add(key);
      }
      if (item.value !== null) pending.push(item.value);
    }
  }
  return undefined;
}

const MAX_VALUES = 5_000_000;
const TOO_MANY: Unfit = { pointer: "", expected: `at most ${MAX_VALUES} values`, received: "more" };

interface Unfit {
  readonly pointer: string;
  readonly expected: string;
  readonly received: string;
}

const TOO_DEEP: Unfit = { pointer: "", expected: `at most ${MAX_NESTING} levels of nesting`, received: "more" };

/** A value that cannot be traversed, or is not JSON. */
function unfit(root: unknown): Unfit | undefined {
  // A YAML alias is the same object in several places.
  let seen = 0;
  const within = (value: unknown, depth: number): Unfit | undefined => {
    if (typeof value === "number" && !Number.isFinite(value)) {
      return { pointer: "", expected: "numbers that JavaScript can hold", received: "a larger one" };
    }
    if (++seen > MAX_VALUES) return TOO_MANY;
    if (depth > MAX_NESTING) return TOO_DEEP;
    for (const key in value as object) {
      const inner = (value as Record<string, unknown>)[key];
      if (typeof inner !== "number" && (typeof inner !== "object" || inner === null)) continue;
      const found = within(inner, depth + 1);
      if (found === TOO_MANY || found === TOO_DEEP) return found;
      if (found !== undefined) return { ...found, pointer: `/${escapeSegment(key)}${found.pointer}` };
    }
    return undefined;
  };
  return typeof root === "object" ? within(root, 0) : undefined;
}
