import { ToolbindError } from "../errors.js";
import { jsonSyntaxError } from "../text/json-syntax.js";
import { positionOf } from "../text/position.js";
import type { SourceFile } from "./files.js";

/** Parses a file as JSON. The error names line and column, and what the file seems to be instead. */
export function parseJson({ name, content }: SourceFile): unknown {
  const text = content.toString("utf8").replace(/^\ufeff/, "");
  try {
    return JSON.parse(text);
  } catch (cause) {
    const syntax = jsonSyntaxError(text);
    const { line, column } = positionOf(text, syntax?.offset ?? 0);
    throw new ToolbindError("TB2002", {
      what: "Catalogue is not JSON",
      at: { source: name, line, column },
      expected: syntax?.expected ?? "JSON",
      received: received(text, syntax?.offset ?? 0),
      fix: "fetch the file again, and check that the request was authorised",
      cause,
    });
  }
}

function received(text: string, offset: number): string {
  if (text.trim() === "") return "an empty file";
  if (/^\s*<(?:!doctype|html|\?xml|head|body)/i.test(text)) return "an HTML page";
  return offset >= text.trimEnd().length ? "the end of the file" : JSON.stringify(text.slice(offset, offset + 20));
}
