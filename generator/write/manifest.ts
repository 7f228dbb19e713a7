import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../catalogue/canonical.js";

export const MANIFEST_FILE = "toolbind.manifest.json";

const MANIFEST_VERSION = 1;

/** What an output folder was made from, and what toolbind wrote there. */
export interface Manifest {
  readonly toolbind: string;
  /** SHA-256 of each file by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Function names by slug, by toolkit; only where no lock keeps them. */
  readonly names?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Reads the manifest of an output folder; undefined where there is none that can be read. */
export function readManifest(outDir: string): Manifest | undefined {
  try {
    const json = JSON.parse(readFileSync(join(outDir, MANIFEST_FILE), "utf8")) as Manifest & { manifestVersion: unknown };
    if (json.manifestVersion !== MANIFEST_VERSION || typeof json.files !== "object" || json.files === null) return undefined;
    return json;
  } catch {
    return undefined;
  }
}

export function printManifest({ toolbind, names, files }: Manifest): string {
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  const manifest = {
    manifestVersion: MANIFEST_VERSION,
    toolbind,
    ...(names === undefined ? {} : { names }),
    files: sorted,
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Whether every file is there as it was written, the manifest with the given hash included. */
export function outputIsWhole(outDir: string, manifest: Manifest, manifestHash: string): boolean {
  try {
    if (sha256(readFileSync(join(outDir, MANIFEST_FILE))) !== manifestHash) return false;
    return Object.entries(manifest.files).every(([path, hash]) => sha256(readFileSync(join(outDir, path))) === hash);
  } catch {
    return false;
  }
}
