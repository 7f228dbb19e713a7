import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
} from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { sha256 } from "../catalogue/canonical.js";
import { ToolbindError } from "../errors.js";
import { ChangedMeanwhile } from "./faults.js";

/** Where files wait until all of them are written. */
export const STAGING = ".toolbind-staging";
/** Says where the waiting files go. Written once all of them are. */
export const JOURNAL = "journal.json";

/** What a write changes. Hashes tell which files have changed meanwhile, so that those are left alone. */
export interface Journal {
  /** The waiting file `new-<index>` takes the place of what had the hash `before`, or of nothing. */
  readonly moves: readonly { readonly path: string; readonly before: string | null; readonly after: string }[];
  readonly removals: readonly { readonly path: string; readonly before: string }[];
  /** The lock that changes with the files. Its path comes from the caller. */
  readonly lock?: { readonly before: string | null; readonly after: string };
}

/** The waiting lock. */
export const NEW_LOCK = "new-lock";

/**
 * Completes a write that was interrupted while its files moved into place, or undoes it if that is impossible. A write
 * interrupted earlier is dropped.
 */
export function recoverWrite(outDir: string, lockFile?: string): void {
  const staging = join(outDir, STAGING);
  const stats = statsOf(staging);
  if (stats === undefined) return;
  try {
    const journal = stats.isDirectory() ? readJournal(staging) : undefined;
    if (journal === undefined) rmSync(staging, { recursive: true, force: true });
    else finishOrUndo(outDir, journal, lockFile);
  } catch (cause) {
    throw new ToolbindError("TB4001", {
      what: `An interrupted write can neither be completed nor undone (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`,
      at: { source: staging },
      fix: "check the folder's permissions, or delete that folder and generate again",
      cause,
    });
  }
}

/** Whether a write was interrupted while its files moved, leaving the folder neither in its old nor its new state. */
export function isHalfWritten(outDir: string): boolean {
  return existsSync(join(outDir, STAGING, JOURNAL));
}

/** If the output is not a folder, there is nothing to recover; planning a write reports the error. */
function statsOf(staging: string): Stats | undefined {
  try {
    return lstatSync(staging, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function readJournal(staging: string): Journal | undefined {
  const path = join(staging, JOURNAL);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Journal) : undefined;
}

function finishOrUndo(outDir: string, journal: Journal, lockFile: string | undefined): void {
  try {
    finishWrite(outDir, journal, () => {
      if (lockFile !== undefined) putLock(outDir, journal, lockFile);
    });
  } catch {
    undoWrite(outDir, journal);
  }
}

/**
 * Moves the waiting files into place and sets aside those no longer needed. Can be repeated, and undone until `commit`
 * has returned.
 */
export function finishWrite(outDir: string, { moves, removals }: Journal, commit?: () => void): void {
  const staging = join(outDir, STAGING);
  for (const { path } of [...moves, ...removals]) refuseOutside(outDir, path);
  for (const folder of new Set(moves.map(({ path }) => dirname(path))))
    mkdirSync(join(outDir, folder), { recursive: true });
  for (const [index, { path, before }] of moves.entries()) {
    const target = join(outDir, path);
    const waiting = join(staging, `new-${index}`);
    if (!existsSync(waiting)) continue;
    if (hashOf(target) !== before) throw new ChangedMeanwhile(path);
    if (before !== null) keepOld(target, join(staging, `old-${index}`));
    renameSync(waiting, target);
  }
  for (const [index, { path, before }] of removals.entries()) {
    const target = join(outDir, path);
    if (hashOf(target) === before) renameSync(target, join(staging, `removed-${index}`));
  }
  commit?.();
  try {
    // While the journal is there, a run that is killed here is done again.
    removeEmptied(outDir, removals);
    dropStaging(outDir);
  } catch {
    // The output is whole; the next run tries again.
  }
}

/** Replaces the lock with the waiting one. Throws if somebody else has changed it since the write began. */
export function putLock(outDir: string, { lock }: Journal, lockFile: string): void {
  if (lock === undefined) return;
  const current = hashOf(lockFile);
  if (current === lock.after) return;
  if (current !== lock.before) throw new ChangedMeanwhile("the lock");
  const part = `${lockFile}.part`;
  copyFileSync(join(outDir, STAGING, NEW_LOCK), part);
  renameSync(part, lockFile);
}

/** The journal is removed first: without it, the rest can be cleaned up. */
function dropStaging(outDir: string): void {
  rmSync(join(outDir, STAGING, JOURNAL), { force: true });
  rmSync(join(outDir, STAGING), { recursive: true, force: true });
}

/** Puts everything back as it was before the first file moved. */
export function undoWrite(outDir: string, { moves, removals }: Journal): void {
  const staging = join(outDir, STAGING);
  for (const [index, { path, before, after }] of moves.entries()) {
    const target = join(outDir, path);
    const old = join(staging, `old-${index}`);
    if (existsSync(join(staging, `new-${index}`))) continue;
    const current = hashOf(target);
    if (current !== after && current !== null) continue;
    if (before === null) rmSync(target, { force: true });
    else if (existsSync(old)) renameSync(old, target);
  }
  for (const [index, { path }] of removals.entries()) {
    const aside = join(staging, `removed-${index}`);
    if (existsSync(aside) && !existsSync(join(outDir, path))) renameSync(aside, join(outDir, path));
  }
  dropStaging(outDir);
  removeEmptied(outDir, moves);
}

function keepOld(target: string, old: string): void {
  if (existsSync(old)) return;
  try {
    linkSync(target, old);
  } catch {
    copyFileSync(target, old);
  }
}

function hashOf(path: string): string | null {
  try {
    return sha256(readFileSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function removeEmptied(outDir: string, files: readonly { readonly path: string }[]): void {
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) removeEmptyFolders(outDir, folder);
}

function removeEmptyFolders(outDir: string, folder: string): void {
  for (let current = folder; current !== "."; current = dirname(current)) {
    const path = join(outDir, current);
    if (!existsSync(path)) continue;
    if (readdirSync(path).length > 0) return;
    rmdirSync(path);
  }
}

function refuseOutside(outDir: string, path: string): void {
  if (!isInside(outDir, path)) throw new Error(`${path} is outside the output`);
  if (linkedFolder(outDir, path) !== undefined) throw new Error(`${path} is below a link`);
}

/** Whether a relative path stays inside the output folder. */
export function isInside(outDir: string, path: string): boolean {
  const inside = relative(outDir, resolve(outDir, path));
  return inside !== "" && !inside.startsWith("..") && !inside.startsWith(sep) && !inside.includes(":");
}

/** The first folder on a path that is a link, and so leads out of the output. */
export function linkedFolder(
  outDir: string,
  path: string,
  known: Map<string, boolean> = new Map(),
): string | undefined {
  const folder = dirname(path);
  if (folder === ".") return undefined;
  const above = linkedFolder(outDir, folder, known);
  if (above !== undefined) return above;
  let isLink = known.get(folder);
  if (isLink === undefined) {
    isLink = lstatSync(join(outDir, folder), { throwIfNoEntry: false })?.isSymbolicLink() === true;
    known.set(folder, isLink);
  }
  return isLink ? folder : undefined;
}

/** Removes a folder and the folders above it that were made for it, as far as they are empty. */
export function removeMadeFolders(dir: string, topmost: string): void {
  try {
    for (let folder = dir; folder.length >= topmost.length; folder = dirname(folder)) rmdirSync(folder);
  } catch {
    // Not empty any more.
  }
}
