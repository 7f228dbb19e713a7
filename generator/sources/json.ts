import { ToolbindError } from "../errors.js";
import { jsonSyntaxError } from "../text/json-syntax.js";
import { CONFLICT_MARKERS, conflictIn } from "../text/merge-conflict.js";
import { positionOf } from "../text/position.js";
import type { SourceFile } from "./files.js";

/** What the file is for, as stated in the error if it is not JSON. */
export interface JsonPurpose {
  readonly code: "TB2002" | "TB2030";
  readonly what: string;
  readonly fix: string;
  /** What to do about a merge conflict in it. */
  readonly conflictFix: string;
}

const CATALOGUE: JsonPurpose = {
  code: "TB2002",
  what: "Catalogue is not JSON",
  fix: "fetch the file again, and check that the request was authorised",
  conflictFix: "resolve the conflict, or fetch the version that the lock pins with `toolbind pull`",
};

/** Parses a file as JSON. The error names line and column, and what the file seems to be instead. */
export function parseJson(
  { name, content }: SourceFile,
  { code, what, fix, conflictFix }: JsonPurpose = CATALOGUE,
): unknown {
  try {
    return JSON.parse(narrow(content));
  } catch (cause) {
    const text = content.toString("utf8").replace(/^\ufeff/, "");
    const conflict = conflictIn(text);
    if (conflict !== undefined) {
      const at = { source: name, ...positionOf(text, conflict) };
      throw new ToolbindError(code, {
        what,
        at,
        expected: "JSON",
        received: CONFLICT_MARKERS,
        fix: conflictFix,
        cause,
      });
    }
    const syntax = jsonSyntaxError(text);
    const { line, column } = positionOf(text, syntax?.offset ?? 0);
    throw new ToolbindError(code, {
      what,
      at: { source: name, line, column },
      expected: syntax?.expected ?? "JSON",
      received: received(text, syntax?.offset ?? 0),
      fix,
      cause,
    });
  }
}

const BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";
const MOST_ESCAPED = 10_000;

/**
 * The same JSON in characters of one byte, which are half the memory and quicker to parse: what is beyond ASCII is
 * escaped, which in JSON is the same, as long as there is little of it.
 */
function narrow(content: Buffer): string {
  const bytes = content.toString("latin1");
  const beyond = /[\x80-\xff]+/g;
  const parts: string[] = [];
  let from = bytes.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  beyond.lastIndex = from;
  for (let run = beyond.exec(bytes); run !== null; run = beyond.exec(bytes)) {
    if (parts.length > MOST_ESCAPED) return content.toString("utf8").replace(/^\ufeff/, "");
    parts.push(bytes.slice(from, run.index), escaped(Buffer.from(run[0], "latin1").toString("utf8")));
    from = beyond.lastIndex;
  }
  return parts.join("") + bytes.slice(from);
}

function escaped(text: string): string {
  return text.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function received(text: string, offset: number): string {
  if (text.trim() === "") return "an empty file";
  if (/^\s*<(?:!doctype|html|\?xml|head|body)/i.test(text)) return "an HTML page";
  return offset >= text.trimEnd().length ? "the end of the file" : JSON.stringify(text.slice(offset, offset + 20));
}
