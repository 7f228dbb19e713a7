import { readFileSync } from "node:fs";
import { isObject } from "../schema/documents.js";
import { ToolbindError } from "../errors.js";

const LOCK_VERSION = 1;

/** What the lock records of a toolkit. */
export interface LockedToolkit {
  /** The pin; null for a toolkit whose catalogue names no dated version. */
  readonly version: string | null;
  /** Where it was read, relative to the lock. */
  readonly source: string;
  /** `sha256-` and the hash of its snapshot. */
  readonly hash: string;
  /** Function names by slug. */
  readonly names: Readonly<Record<string, string>>;
  /** Names that tools had before they were renamed, kept as deprecated aliases until the version moves: to slugs. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Of a custom app: the slugs given to its operations, by method and path. */
  readonly operations?: Readonly<Record<string, string>>;
}

export interface Lock {
  readonly toolkits: ReadonlyMap<string, LockedToolkit>;
}

export const EMPTY_LOCK: Lock = { toolkits: new Map() };

/** Reads a lock; undefined where there is none. */
export function readLock(path: string, name: string): { readonly lock: Lock; readonly text: string } | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(name, "a readable file", String((error as NodeJS.ErrnoException).code), error);
  }
  return { lock: parseLock(text, name), text };
}

function parseLock(text: string, name: string): Lock {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (!/^<{7} /m.test(text)) throw unreadable(name, "JSON", "something else", error);
    const fix = "resolve the conflict by keeping the toolkits of both sides, with a comma between them";
    throw unreadable(name, "JSON", "conflict markers of a merge", error, fix);
  }
  if (!isObject(json) || typeof json["lockVersion"] !== "number") throw unreadable(name, "a lock", "other JSON");
  if (json["lockVersion"] !== LOCK_VERSION) {
    const { toolbind, lockVersion } = json;
    const writer =
      typeof toolbind === "string" && /^[\w.+-]{1,64}$/.test(toolbind) ? ` ${toolbind}, which wrote it,` : "";
    const fix = lockVersion > LOCK_VERSION ? `install toolbind${writer} or a later one` : undefined;
    throw unreadable(name, `lockVersion ${LOCK_VERSION}`, String(lockVersion), undefined, fix);
  }
  if (!isObject(json["toolkits"])) throw unreadable(name, "toolkits", "none");
  const toolkits = new Map<string, LockedToolkit>();
  for (const [slug, entry] of Object.entries(json["toolkits"])) {
    if (!isLockedToolkit(entry)) throw unreadable(name, `version, source, hash and names of ${slug}`, "something else");
    toolkits.set(slug, entry);
  }
  return { toolkits };
}

function isLockedToolkit(entry: unknown): entry is LockedToolkit {
  return (
    isObject(entry) &&
    (entry["version"] === null || typeof entry["version"] === "string") &&
    typeof entry["source"] === "string" &&
    typeof entry["hash"] === "string" &&
    isTexts(entry["names"]) &&
    isTexts(entry["aliases"] ?? {}) &&
    isTexts(entry["operations"] ?? {})
  );
}

function isTexts(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((text) => typeof text === "string");
}

function unreadable(
  name: string,
  expected: string,
  received: string,
  cause?: unknown,
  fix: string = "restore it from version control, or delete it to start anew",
): ToolbindError {
  return new ToolbindError("TB2007", {
    what: "Lock cannot be read",
    at: { source: name },
    expected,
    received,
    fix,
    cause,
  });
}

/** Sorted, and without anything that differs between two runs, so that a merge of two branches is one too. */
export function printLock({ toolkits }: Lock, toolbindVersion: string): string {
  const entries = [...toolkits].sort(([a], [b]) => (a < b ? -1 : 1));
  const sorted = entries.map(([slug, entry]): [string, LockedToolkit] => {
    const { version, source, hash, names, aliases, operations } = entry;
    const kept = {
      ...(aliases && { aliases: sortNames(aliases) }),
      ...(operations && { operations: sortNames(operations) }),
    };
    return [slug, { version, source, hash, names: sortNames(names), ...kept }];
  });
  const lock = { lockVersion: LOCK_VERSION, toolbind: toolbindVersion, toolkits: Object.fromEntries(sorted) };
  return `${JSON.stringify(lock, null, 2)}\n`;
}

export function sortNames(names: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1)));
}
