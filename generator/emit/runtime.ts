import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { EmitSettings } from "../config/resolve.js";
import { packageRoot } from "../package.js";

/** The modules that only custom apps need. */
const DIRECT = "direct/";

const HEADER = "// Copied by toolbind; changes are overwritten.\n";
const UNCHECKED = "/* eslint-disable */\n";
/** For projects with `checkJs`: JavaScript says its types in the declarations beside it. */
const UNCHECKED_JS = `${UNCHECKED}// @ts-nocheck: the types are in the .d.ts\n`;

/**
 * The runtime's files as they are copied beside the emitted toolkits, by path in the output: all but `direct/`, and the
 * modules of that which are named (`direct/executor`), with what they import.
 */
export function runtimeFiles(
  { zod, emit, importExtension }: EmitSettings,
  modules: readonly string[],
): Map<string, string> {
  const files = new Map<string, string>();
  const folder = join(packageRoot(), "dist", "merged", emit, zod === "classic" ? "classic" : "");
  const kinds = emit === "ts" ? [".ts"] : [".js", ".d.ts"];
  const copy = (name: string, kind: string, text: string): void => {
    files.set(
      `runtime/${name}${kind}`,
      (kind === ".js" ? UNCHECKED_JS : UNCHECKED) + HEADER + withExtension(text, importExtension),
    );
  };
  for (const file of readdirSync(folder).sort()) {
    const kind = kinds.find((suffix) => file.endsWith(suffix));
    if (kind === undefined) continue;
    const name = file.slice(0, -kind.length);
    // What the configuration says is emitted in its place.
    if (name === "defaults" && kind !== ".d.ts") continue;
    copy(name, kind, readFileSync(join(folder, file), "utf8"));
  }
  const pending = [...modules];
  const seen = new Set<string>(pending);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    for (const kind of kinds) {
      const path = join(folder, name + kind);
      if (!existsSync(path)) continue;
      const text = readFileSync(path, "utf8");
      copy(name, kind, text);
      for (const imported of importsOf(text, name)) {
        if (seen.has(imported) || !imported.startsWith(DIRECT)) continue;
        seen.add(imported);
        pending.push(imported);
      }
    }
  }
  return files;
}

const IMPORT = /(?<=from "|import\(")(\.{1,2}\/[a-z0-9./-]+?)\.js(?=")/g;

/** What a module of the runtime imports from it, as paths below its folder. */
function importsOf(text: string, module: string): string[] {
  return [...text.matchAll(IMPORT)].map(([, path]) => posix.join(posix.dirname(module), path as string));
}

/** Rewrites how a file imports its neighbours. */
function withExtension(text: string, extension: EmitSettings["importExtension"]): string {
  return extension === ".js" ? text : text.replace(IMPORT, `$1${extension}`);
}
