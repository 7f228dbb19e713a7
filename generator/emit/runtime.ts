import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EmitSettings } from "../config/resolve.js";
import { packageRoot } from "../package.js";

/** Sources that only this package itself uses. */
const NOT_COPIED: ReadonlySet<string> = new Set(["flavour.classic", "error-catalogue", "defaults"]);

const HEADER = "/* eslint-disable */\n// Copied by toolbind; changes are overwritten.\n";

/** The runtime's files as they are copied beside the emitted toolkits, by path in the output. */
export function runtimeFiles({ zod, emit, importExtension }: EmitSettings): Map<string, string> {
  const files = new Map<string, string>();
  const folder = emit === "ts" ? join(packageRoot(), "runtime") : join(packageRoot(), "dist", "runtime");
  const kinds = emit === "ts" ? [".ts"] : [".js", ".d.ts"];
  for (const file of readdirSync(folder).sort()) {
    const kind = kinds.find((suffix) => file.endsWith(suffix));
    if (kind === undefined) continue;
    const name = file.slice(0, -kind.length);
    if (NOT_COPIED.has(name) && !(name === "defaults" && kind === ".d.ts")) continue;
    const source = name === "flavour" && zod === "classic" ? `flavour.classic${kind}` : file;
    const text = readFileSync(join(folder, source), "utf8");
    files.set(`runtime/${file}`, HEADER + withExtension(text, importExtension));
  }
  return files;
}

/** Rewrites how a file imports its neighbours. */
function withExtension(text: string, extension: EmitSettings["importExtension"]): string {
  return extension === ".js"
    ? text
    : text.replace(/(from "\.\/[a-z.-]+?|import\("\.\/[a-z.-]+?)\.js"/g, `$1${extension}"`);
}
