import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { isObject } from "../text/json.js";
import { CONFLICT_MARKERS } from "../text/merge-conflict.js";
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
  /** Slugs by the names that tools had before they were renamed; kept as deprecated aliases until the version moves. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Of a custom app: the slugs given to its operations, by method and path. */
  readonly operations?: Readonly<Record<string, string>>;
}

export interface Lock {
  readonly toolkits: ReadonlyMap<string, LockedToolkit>;
}

export const EMPTY_LOCK: Lock = { toolkits: new Map() };

/** Reads a lock; undefined if there is none. Its content is parsed, and may be rejected, on first use. */
export function readLock(path: string, name: string): { readonly lock: Lock; readonly text: string } | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(name, "a readable file", String((error as NodeJS.ErrnoException).code), error);
  }
  let lock: Lock | undefined;
  return {
    text,
    get lock() {
      return (lock ??= parseLock(text.replace(/^\ufeff/, ""), name));
    },
  };
}

function parseLock(text: string, name: string): Lock {
  const sides = sidesOf(text);
  if (sides !== undefined) return together(sides.map((side) => parseSide(side, name)) as [Lock, Lock], name);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw unreadable(name, "JSON", "something else", error);
  }
  return lockIn(json, name);
}

/** The versions of both branches, if the text contains the markers of a merge conflict. */
function sidesOf(text: string): readonly [ours: string, theirs: string] | undefined {
  const kept: [string[], string[]] = [[], []];
  let open: "both" | "ours" | "base" | "theirs" = "both";
  let isMerge = false;
  for (const line of text.split(/\r?\n/)) {
    if (/^<{7}(?: |$)/.test(line)) [open, isMerge] = ["ours", true];
    else if (isMerge && /^\|{7}(?: |$)/.test(line)) open = "base";
    else if (isMerge && /^={7}$/.test(line)) open = "theirs";
    else if (isMerge && /^>{7}(?: |$)/.test(line)) open = "both";
    else {
      if (open === "both" || open === "ours") kept[0].push(line);
      if (open === "both" || open === "theirs") kept[1].push(line);
    }
  }
  return isMerge ? [kept[0].join("\n"), kept[1].join("\n")] : undefined;
}

function parseSide(text: string, name: string): Lock {
  try {
    return lockIn(JSON.parse(text), name);
  } catch (error) {
    const fix = "resolve the conflict by keeping the toolkits of both sides, with a comma between them";
    throw unreadable(name, "JSON", CONFLICT_MARKERS, error, fix);
  }
}

/** The toolkits of both sides of a merge. Rejects two that differ: only a person can choose. */
function together([ours, theirs]: readonly [Lock, Lock], name: string): Lock {
  const toolkits = new Map(ours.toolkits);
  for (const [slug, entry] of theirs.toolkits) {
    const own = toolkits.get(slug);
    if (own === undefined) toolkits.set(slug, entry);
    else if (!isDeepStrictEqual(own, entry)) {
      const received = `two between merge markers, of ${own.version ?? "no version"} and ${entry.version ?? "no version"}`;
      const fix = `keep the one that matches the snapshot of ${slug}, and remove the markers`;
      throw unreadable(name, `one entry for ${slug}`, received, undefined, fix);
    }
  }
  return { toolkits };
}

function lockIn(json: unknown, name: string): Lock {
  if (!isObject(json) || typeof json["lockVersion"] !== "number") throw unreadable(name, "a lock", "other JSON");
  if (json["lockVersion"] !== LOCK_VERSION) {
    const { toolbind, lockVersion } = json;
    const isKnown = typeof toolbind === "string" && /^[\w.+-]{1,64}$/.test(toolbind);
    const writer = isKnown ? `toolbind ${toolbind}, which wrote it, or a later one` : "the toolbind that wrote it";
    const fix = lockVersion > LOCK_VERSION ? `install ${writer}` : undefined;
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
  fix: string = "restore it from version control, or delete it to start over",
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

/** Sorted and free of anything that varies between runs, so that branches merge cleanly. */
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

/** Whether two locks differ at most in formatting, which editors and formatters change. */
export function isSameLock(text: string, other: string): boolean {
  if (text === other) return true;
  try {
    return isDeepStrictEqual(JSON.parse(text.replace(/^\ufeff/, "")), JSON.parse(other));
  } catch {
    return false;
  }
}

export function sortNames(names: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1)));
}
