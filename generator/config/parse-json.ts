import { ToolbindError } from "../errors.js";
import { positionOf } from "../text/position.js";
import { jsonSyntaxError } from "../text/json-syntax.js";
import { refuseConflict } from "./conflict.js";
import { duplicateKey, locateKey, type KeyPath } from "../text/locate.js";

export function parseJsonConfig(
  text: string,
  source: string,
): { value: unknown; locate: (path: KeyPath) => number | undefined } {
  const error = jsonSyntaxError(text);
  if (error !== undefined) {
    refuseConflict(text, source);
    const received = text.slice(error.offset).match(/^\/[/*]|^[^]/u)?.[0];
    throw new ToolbindError("TB1002", {
      what: "The configuration does not parse as JSON",
      at: { source, ...positionOf(text, error.offset) },
      expected: error.expected,
      received: received === undefined ? "the end of the file" : received === "\n" ? "a line break" : `\`${received}\``,
    });
  }
  const duplicate = duplicateKey(text);
  if (duplicate !== undefined) {
    throw new ToolbindError("TB1002", {
      what: `The configuration has the key \`${String(duplicate.path.at(-1))}\` twice`,
      at: { source, ...positionOf(text, duplicate.keyStart) },
      fix: "remove one of them",
    });
  }
  return { value: JSON.parse(text), locate: (path) => locateKey(text, path) };
}
