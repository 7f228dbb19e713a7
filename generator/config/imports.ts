import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { filesMeantBy, isModule } from "./module-files.js";

const MAX_FILES = 2000;

/** Where a module refers to a file: imports of every form, and `new URL("./tools.json", import.meta.url)`. */
const NAMED_FILES = /\b(?:from|import|require|URL)\s*\(?\s*(["'`])(\.{1,2}\/[^"'`\n]+)\1/g;

/**
 * The configuration and all files that it may import, directly or not, by what its text says: more rather than less,
 * and whether they are there and make sense or not.
 */
export function filesNamedBy(configFile: string): Set<string> {
  const files = new Set([configFile]);
  for (const file of files) {
    if (files.size > MAX_FILES) break;
    for (const [, , specifier = ""] of textOf(file).matchAll(NAMED_FILES)) {
      for (const candidate of filesMeantBy(resolve(dirname(file), specifier))) files.add(candidate);
    }
  }
  return files;
}

function textOf(file: string): string {
  if (!isModule(file)) return "";
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
