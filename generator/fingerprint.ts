import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digestOf, sha256 } from "./catalogue/canonical.js";
import type { EmitSettings, ResolvedConfig } from "./config/resolve.js";
import { readTemplate } from "./emit/templates.js";
import { packageRoot } from "./package.js";
import type { SchemaMap } from "./schema/load.js";
import type { SourceFile } from "./sources/files.js";
import type { Digests } from "./stamps.js";

export interface Inputs {
  readonly files: readonly SourceFile[];
  readonly paths: {
    readonly settings: EmitSettings;
    readonly selection: ResolvedConfig["toolkits"];
    readonly templatesDir: string | null;
    readonly schemaMap: SchemaMap;
  };
  readonly only: readonly string[] | null;
  readonly digests: Digests;
}

/**
 * Hashes all that decides the output, this program included, for a given text of the lock;
 * undefined where the program may change unseen.
 */
export function fingerprintInputs({ files, paths, only, digests }: Inputs): ((lock: string) => string) | undefined {
  const stamp = programStamp();
  if (stamp === undefined) return undefined;
  const hash = createHash("sha256");
  const add = (part: string | Uint8Array): void => {
    hash.update(`${part.length}:`).update(part);
  };
  add(JSON.stringify([process.version, paths.settings, paths.selection, paths.schemaMap, only, stamp]));
  for (const file of files) {
    add(file.name);
    add(file.path === undefined ? digestOf(file.content) : digests.of(file.path, () => digestOf(file.content)));
  }
  if (paths.templatesDir !== null) add(existsSync(paths.templatesDir) ? "templates" : "no templates");
  if (paths.templatesDir !== null && existsSync(paths.templatesDir)) {
    for (const name of readdirSync(paths.templatesDir).sort()) {
      if (!name.endsWith(".hbs")) continue;
      add(name);
      add(readTemplate(paths.templatesDir, name));
    }
  }
  return (lock) => hash.copy().update(lock).digest("hex");
}

/** Files that were looked for on the way, with the digests of what they held; null where there was none. */
export type Consulted = Readonly<Record<string, string | null>>;

/** Whether each file still holds what it held, and none has appeared. */
export function areUnchanged(files: Consulted): boolean {
  return Object.entries(files).every(([file, digest]) => digestOfFile(file) === digest);
}

function digestOfFile(file: string): string | null {
  try {
    return sha256(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

/** What tells one build of this program from another of the same version; there is none when it runs from source. */
function programStamp(): string | undefined {
  const built = join(packageRoot(), "dist");
  if (!fileURLToPath(import.meta.url).startsWith(built)) return undefined;
  return readFileSync(join(built, "build.json"), "utf8");
}
