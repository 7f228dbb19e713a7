import { createRequire } from "node:module";
import { join } from "node:path";
import { ToolbindError } from "../errors.js";
import type { Reading } from "./build.js";

type Recheck = typeof import("recheck");

const TIMEOUT_MS = 10_000;
const LONGEST = 60;

/**
 * Detects regular expressions that may take more than linear time. The package `recheck` judges them, found from the
 * first of these folders that can be. A pattern that it cannot judge counts as faulty too.
 */
export function createPatternCheck(folders: readonly string[]): NonNullable<Reading["faultOfPattern"]> {
  const { checkSync } = loadRecheck(folders);
  const known = new Map<string, string | undefined>();
  return (pattern) => {
    const key = String(pattern);
    if (!known.has(key)) known.set(key, faultOf(pattern, checkSync));
    return known.get(key);
  };
}

function loadRecheck(folders: readonly string[]): Recheck {
  for (const folder of folders) {
    const require = createRequire(join(folder, "package.json"));
    try {
      return require("recheck") as Recheck;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  throw new ToolbindError("TB1009", {
    what: "Patterns cannot be checked without the package `recheck`",
    fix: "run `npm install --save-dev recheck`",
  });
}

function faultOf(pattern: RegExp, checkSync: Recheck["checkSync"]): string | undefined {
  const { source, flags } = pattern;
  const verdict = inProcess(() => checkSync(source, flags, { timeout: TIMEOUT_MS }));
  const shown = `\`${source.length > LONGEST ? `${source.slice(0, LONGEST)}…` : source}\``;
  switch (verdict.status) {
    case "safe":
      return undefined;
    case "vulnerable":
      return `${shown}, which takes ${verdict.complexity.type} time`;
    case "unknown":
      return `${shown}, which cannot be analysed (${verdict.error.kind})`;
  }
}

/** Keeps recheck from starting Java, a program of its own or a thread, unless the user says otherwise. */
function inProcess<T>(run: () => T): T {
  const { RECHECK_SYNC_BACKEND: given } = process.env;
  if (given !== undefined) return run();
  process.env["RECHECK_SYNC_BACKEND"] = "pure";
  try {
    return run();
  } finally {
    delete process.env["RECHECK_SYNC_BACKEND"];
  }
}
