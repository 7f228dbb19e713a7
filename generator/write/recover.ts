import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/** Where files wait until all of them are written. */
export const STAGING = ".toolbind-staging";
/** Says where the waiting files go; it is there once all of them are. */
export const JOURNAL = "journal.json";

/** Completes a write that was interrupted while its files moved into place; drops one that had not got that far. */
export function recoverWrite(outDir: string): void {
  const staging = join(outDir, STAGING);
  if (!existsSync(staging)) return;
  if (existsSync(join(staging, JOURNAL))) finishWrite(outDir);
  else rmSync(staging, { recursive: true, force: true });
}

/** Moves the waiting files into place and removes what is no longer needed. It can be done over. */
export function finishWrite(outDir: string): void {
  const staging = join(outDir, STAGING);
  const journal = JSON.parse(readFileSync(join(staging, JOURNAL), "utf8")) as { moves: string[]; removals: string[] };
  for (const path of [...journal.moves, ...journal.removals]) {
    if (!isInside(outDir, path)) throw new Error(`journal names a path outside the output: ${path}`);
  }
  for (const path of journal.moves) mkdirSync(dirname(join(outDir, path)), { recursive: true });
  for (const [index, path] of journal.moves.entries()) {
    const staged = join(staging, String(index));
    if (existsSync(staged)) renameSync(staged, join(outDir, path));
  }
  for (const path of journal.removals) {
    rmSync(join(outDir, path), { force: true });
    removeEmptyFolders(outDir, dirname(path));
  }
  rmSync(staging, { recursive: true, force: true });
}

function removeEmptyFolders(outDir: string, folder: string): void {
  for (let current = folder; current !== "."; current = dirname(current)) {
    const path = join(outDir, current);
    if (!existsSync(path) || readdirSync(path).length > 0) return;
    rmdirSync(path);
  }
}

/** Whether a relative path stays inside the output folder. */
export function isInside(outDir: string, path: string): boolean {
  const inside = relative(outDir, resolve(outDir, path));
  return inside !== "" && !inside.startsWith("..") && !inside.startsWith(sep) && !inside.includes(":");
}
