import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { ToolbindError } from "../errors.js";
import { upwards } from "../paths.js";

const EXTENSIONS = ["ts", "mts", "js", "mjs", "json", "yaml", "yml"];
/** The file names of a configuration. */
export const CONFIG_NAMES: readonly string[] = EXTENSIONS.map((extension) => `toolbind.config.${extension}`);

/**
 * The configuration that applies in a folder: its own, or that of the nearest folder above it up to and including
 * the package it belongs to (the one with `package.json`), so that a package never uses another one's.
 */
export function findConfig(cwd: string): string | undefined {
  for (const folder of upwards(cwd)) {
    const found = configsIn(folder);
    if (found.length > 1) {
      throw new ToolbindError("TB1006", {
        what: `More than one configuration: ${found.join(", ")}`,
        at: { source: folder },
        fix: "remove all but one, or name one with `--config FILE`",
      });
    }
    if (found[0] !== undefined) return join(folder, found[0]);
    if (existsSync(join(folder, "package.json"))) break;
  }
  return undefined;
}

/** The configuration files that stand in a folder itself. */
function configsIn(folder: string): string[] {
  try {
    const entries = new Set(readdirSync(folder));
    return CONFIG_NAMES.filter((name) => entries.has(name));
  } catch {
    return [];
  }
}

/** The file given with `--config`. */
export function namedConfig(cwd: string, path: string): string {
  const file = resolve(cwd, path);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isFile() !== true) {
    throw new ToolbindError("TB1002", {
      what: stats === undefined ? "There is no configuration" : "The configuration is not a file",
      at: { source: path },
      fix: "check the path given with `--config`",
    });
  }
  if (!EXTENSIONS.some((extension) => file.endsWith(`.${extension}`))) {
    throw new ToolbindError("TB1002", {
      what: "The configuration is an unknown type of file",
      at: { source: path },
      expected: `a file that ends in ${EXTENSIONS.map((extension) => `.${extension}`).join(", ")}`,
    });
  }
  return file;
}
