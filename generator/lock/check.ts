import { dirname, relative, resolve } from "node:path";
import type { Catalogue } from "../catalogue/types.js";
import { ToolbindError } from "../errors.js";
import type { Lock, LockedToolkit } from "./lockfile.js";
import type { Aliases } from "./names.js";
import { withSlashes } from "../paths.js";

export interface LockPolicy {
  /** Accept the snapshot as it is. */
  readonly updateLock: boolean;
  /** Refuse additions too. */
  readonly frozen: boolean;
}

/** Toolkits that one error names. */
const MOST_NAMED = 10;

/** Throws if the snapshot differs from the lock, with all toolkits that do. */
export function checkLock(
  catalogue: Catalogue,
  lock: Lock,
  lockName: string,
  { updateLock, frozen }: LockPolicy,
): void {
  if (updateLock) return;
  const [first, ...others] = lockDifferences(catalogue, lock, lockName, frozen);
  if (first === undefined) return;
  if (others.length === 0) throw first;
  const named = [first, ...others].slice(0, MOST_NAMED).map(({ message }) => `\n  - ${message}`);
  const rest = others.length + 1 - named.length;
  throw new ToolbindError("TB2006", {
    what: `${others.length + 1} toolkits disagree with the lock:${named.join("")}${rest > 0 ? `\n  and ${rest} more` : ""}`,
  });
}

/** The differences between a snapshot and the lock, by toolkit. */
export function* lockDifferences(
  catalogue: Catalogue,
  lock: Lock,
  lockName: string,
  frozen: boolean,
): Generator<ToolbindError> {
  const present = new Set(catalogue.toolkits.map(({ slug }) => slug));
  for (const toolkit of catalogue.toolkits) {
    const locked = lock.toolkits.get(toolkit.slug);
    if (locked === undefined) {
      if (frozen)
        yield disagrees(toolkit.slug, lockName, "an entry", "none", "run `toolbind generate` and commit the lock");
    } else if (locked.version !== toolkit.version) {
      yield disagrees(
        toolkit.slug,
        toolkit.source,
        `version ${locked.version}, as locked`,
        String(toolkit.version),
        toolkit.app === undefined ? restore(toolkit.slug) : ACCEPT,
      );
    } else if (locked.hash !== hashOf(toolkit)) {
      yield disagrees(
        toolkit.slug,
        toolkit.source,
        "the locked content",
        toolkit.app === undefined ? "different content for that version" : "a different description for that version",
        toolkit.app === undefined ? restore(toolkit.slug) : ACCEPT,
      );
    }
  }
  for (const [slug, { source, operations }] of lock.toolkits) {
    if (present.has(slug)) continue;
    const isApp = operations !== undefined;
    yield disagrees(
      slug,
      lockName,
      isApp ? `its description at ${source}` : "its snapshot",
      "none",
      isApp ? ACCEPT : restore(slug),
    );
  }
}

const ACCEPT = "accept it with `toolbind generate --update-lock`, or restore what was there from version control";

function restore(toolkit: string): string {
  return `restore the snapshot with \`toolbind pull ${toolkit}\`, or accept it with \`toolbind generate --update-lock\``;
}

function disagrees(toolkit: string, source: string, expected: string, received: string, fix: string): ToolbindError {
  return new ToolbindError("TB2006", {
    what: `Snapshot of ${toolkit} disagrees with the lock`,
    at: { source },
    expected,
    received,
    fix,
  });
}

function hashOf({ contentHash }: { readonly contentHash: string }): string {
  return `sha256-${contentHash}`;
}

export function lockWouldChange(lockName: string): ToolbindError {
  return new ToolbindError("TB2006", {
    what: "Lock is frozen and would change",
    at: { source: lockName },
    expected: "the names, sources and version of toolbind that a run without `--frozen` would write",
    received: "others",
    fix: "run `toolbind generate` and commit the lock",
  });
}

/**
 * The lock of a catalogue and the names of its tools. Sources are relative to the lock, so that the working directory
 * makes no difference.
 */
export function lockOf(
  catalogue: Catalogue,
  names: ReadonlyMap<string, ReadonlyMap<string, string>>,
  { cwd, lockFile }: { readonly cwd: string; readonly lockFile: string | null },
  aliases: Aliases = new Map(),
): Lock {
  const base = lockFile === null ? cwd : dirname(lockFile);
  const toolkits = new Map<string, LockedToolkit>();
  for (const toolkit of catalogue.toolkits) {
    const { slug, version } = toolkit;
    const source = withSlashes(relative(base, resolve(cwd, toolkit.source)));
    const locked = { version, source, hash: hashOf(toolkit), names: Object.fromEntries(names.get(slug) ?? []) };
    const old = aliases.get(slug);
    toolkits.set(slug, {
      ...locked,
      ...(old !== undefined && old.size > 0 && { aliases: Object.fromEntries(old) }),
      ...(toolkit.app && { operations: toolkit.app.operations }),
    });
  }
  return { toolkits };
}
