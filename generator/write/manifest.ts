import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256OfFile } from "../catalogue/canonical.js";
import type { Digests } from "../stamps.js";

export const MANIFEST_FILE = "toolbind.manifest.json";

const MANIFEST_VERSION = 1;

/** What an output folder was made from, and what toolbind wrote there. */
export interface Manifest {
  readonly toolbind: string;
  /** SHA-256 of each file by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Function names by slug, by toolkit; only where no lock keeps them. */
  readonly names?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Slugs of a custom app's operations by method and path, by toolkit; only where no lock keeps them. */
  readonly operations?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Reads the manifest of an output folder; undefined if it is missing or unreadable. */
export function readManifest(outDir: string): Manifest | undefined {
  let text: string;
  try {
    text = readFileSync(join(outDir, MANIFEST_FILE), "utf8");
  } catch {
    return undefined;
  }
  try {
    const json = JSON.parse(text) as Record<string, unknown>;
    return json["manifestVersion"] === MANIFEST_VERSION && isManifest(json) ? json : undefined;
  } catch {
    return looksLikeManifest(text) ? salvage(text) : undefined;
  }
}

/** Whether a text is a manifest, or was one before a merge or an accident. */
export function looksLikeManifest(text: string): boolean {
  return text.includes('"manifestVersion"');
}

function isManifest(json: object): json is Manifest {
  const { files, names = {}, operations = {} } = json as Partial<Record<keyof Manifest, unknown>>;
  const ofTexts = (own: unknown): boolean => isRecord(own, isString);
  return ofTexts(files) && isRecord(names, ofTexts) && isRecord(operations, ofTexts);
}

function isRecord(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return typeof value === "object" && value !== null && Object.values(value).every(isItem);
}

function isString(value: unknown): boolean {
  return typeof value === "string";
}

/** Reads what it can from the lines of both sides of a merge, so that files and names of either count as ours. */
function salvage(text: string): Manifest {
  const files = new Map<string, string>();
  const sections = {
    names: new Map<string, Map<string, string>>(),
    operations: new Map<string, Map<string, string>>(),
  };
  let section: keyof typeof sections = "names";
  let toolkit = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, indent, key = "", value] = /^( {2}| {4}| {6})"([^"\\]+)": (?:"([^"\\]+)",?|\{)$/.exec(line) ?? [];
    if (indent === undefined) continue;
    if (indent.length === 2) {
      if (key === "names" || key === "operations") section = key;
    } else if (indent.length === 6) {
      if (value !== undefined && !toolkit.has(key)) toolkit.set(key, value);
    } else if (value !== undefined) {
      files.set(key, value);
    } else {
      toolkit = sections[section].get(key) ?? new Map();
      sections[section].set(key, toolkit);
    }
  }
  const told = (own: Map<string, Map<string, string>>): Record<string, Record<string, string>> =>
    Object.fromEntries([...own].map(([slug, texts]) => [slug, Object.fromEntries(texts)]));
  return {
    toolbind: "",
    files: Object.fromEntries(files),
    names: told(sections.names),
    operations: told(sections.operations),
  };
}

export function printManifest({ toolbind, names, operations, files }: Manifest): string {
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  const manifest = {
    manifestVersion: MANIFEST_VERSION,
    toolbind,
    ...(names && { names }),
    ...(operations && { operations }),
    files: sorted,
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Whether every file, including the manifest with the given hash, is as it was written. */
export function outputIsWhole(outDir: string, manifest: Manifest, manifestHash: string, digests: Digests): boolean {
  try {
    return [[MANIFEST_FILE, manifestHash] as const, ...Object.entries(manifest.files)].every(([path, hash]) => {
      const file = join(outDir, path);
      return digests.of(file, () => sha256OfFile(file)) === hash;
    });
  } catch {
    return false;
  }
}
