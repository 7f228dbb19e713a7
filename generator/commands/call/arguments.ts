import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { jsonSyntaxError } from "../../text/json-syntax.js";
import { ToolbindError } from "../../errors.js";
import { positionOf } from "../../text/position.js";

/** The arguments of a call: JSON, `@file`, or `-` for standard input. */
export function readArguments(given: string, cwd: string): Readonly<Record<string, unknown>> {
  const { text, source } = readText(given, cwd);
  const error = jsonSyntaxError(text);
  if (error !== undefined) {
    throw new ToolbindError("TB1007", {
      what: "The arguments are not valid JSON",
      at: { source, ...positionOf(text, error.offset) },
      expected: error.expected,
      fix: `put them in single quotes, as in --args '{"owner":"acme"}', or in a file, as in --args @arguments.json`,
    });
  }
  const value: unknown = JSON.parse(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ToolbindError("TB1007", {
    what: "The arguments cannot be used",
    at: { source },
    expected: "a JSON object",
    received: Array.isArray(value) ? "an array" : value === null ? "null" : `a ${typeof value}`,
  });
}

function readText(given: string, cwd: string): { text: string; source: string } {
  if (given !== "-" && !given.startsWith("@")) return { text: given, source: "--args" };
  const source = given === "-" ? "standard input" : given.slice(1);
  try {
    const text = readFileSync(given === "-" ? 0 : resolve(cwd, source), "utf8");
    return { text: text.replace(/^\ufeff/, ""), source };
  } catch (cause) {
    const what = `The arguments cannot be read (${cause instanceof Error ? cause.message : String(cause)})`;
    throw new ToolbindError("TB1007", { what, at: { source }, cause });
  }
}
