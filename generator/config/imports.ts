import { readFileSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";

const MODULE_EXTENSIONS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"];
const MAX_FILES = 1000;

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
      for (const candidate of candidatesFor(resolve(dirname(file), specifier))) files.add(candidate);
    }
  }
  return files;
}

/** `./tools.js` may be `tools.ts`, and `./tools` any of them. */
function candidatesFor(path: string): string[] {
  const extension = extname(path);
  const stem = MODULE_EXTENSIONS.includes(extension) ? path.slice(0, -extension.length) : path;
  return [path, ...MODULE_EXTENSIONS.map((each) => stem + each)];
}

function textOf(file: string): string {
  if (!/\.[cm]?[jt]sx?$/.test(file)) return "";
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
