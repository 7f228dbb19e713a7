import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ResolvedConfig } from "../config/resolve.js";
import type { ConfirmedRenames } from "../diff/renames.js";
import { ToolbindError } from "../errors.js";
import { displayName } from "../sources/files.js";
import { jsonSyntaxError } from "../text/json-syntax.js";
import { positionOf } from "../text/position.js";

const RENAMES_FILE = "toolbind.renames.json";

/** Renames that were confirmed (`"OLD": "NEW"`) or ruled out (`"OLD": null`), from the file beside the lock. */
export function readConfirmedRenames({ lockFile, cwd }: ResolvedConfig): ConfirmedRenames {
  const path = join(dirname(lockFile), RENAMES_FILE);
  const source = displayName(path, cwd);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw error;
  }
  const syntax = jsonSyntaxError(text);
  if (syntax !== undefined) {
    const at = { source, ...positionOf(text, syntax.offset) };
    throw new ToolbindError("TB1002", {
      what: "Renames are not valid JSON",
      at,
      expected: syntax.expected,
      fix: "correct the file",
    });
  }
  const json: unknown = JSON.parse(text);
  const entries = typeof json === "object" && json !== null && !Array.isArray(json) ? Object.entries(json) : undefined;
  const wrong = entries?.find(([, to]) => to !== null && typeof to !== "string")?.[0];
  if (entries === undefined || wrong !== undefined) {
    throw new ToolbindError("TB1003", {
      what: "Renames cannot be used",
      at: { source, pointer: wrong === undefined ? "" : `/${wrong}` },
      expected: 'an object of `"OLD_SLUG": "NEW_SLUG"`, or null for no rename',
      received: "something else",
      fix: "correct the file",
    });
  }
  return new Map(entries as [string, string | null][]);
}
