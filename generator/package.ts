import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { upwards } from "./paths.js";

let root: string | undefined;

/** The folder of this package, be it run from `generator/` or from `dist/generator/`. */
export function packageRoot(): string {
  root ??= upwards(dirname(fileURLToPath(import.meta.url))).find((folder) => existsSync(join(folder, "package.json")));
  return root as string;
}

export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  return manifest.version;
}
