import { extname } from "node:path";

const EXTENSIONS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"];

/** Whether a file may import others. */
export function isModule(path: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(path);
}

/** The files that an import of a path may mean: `./tools.js` may be `tools.ts`, and `./tools` any of them. */
export function filesMeantBy(path: string): Set<string> {
  const extension = extname(path);
  const stem = EXTENSIONS.includes(extension) ? path.slice(0, -extension.length) : path;
  return new Set([path, ...EXTENSIONS.flatMap((each) => [stem + each, path + each])]);
}
