import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../catalogue/canonical.js";
import { ToolbindError } from "../errors.js";
import { MANIFEST_FILE, type Manifest } from "./manifest.js";
import { finishWrite, isInside, JOURNAL, STAGING } from "./recover.js";

export { printManifest } from "./manifest.js";

/** What has to happen to an output folder; all paths are relative to it, with forward slashes. */
export interface WritePlan {
  readonly outDir: string;
  /** Files to write, the manifest last. */
  readonly writes: readonly (readonly [path: string, text: string])[];
  readonly removals: readonly string[];
  readonly unchanged: number;
  /** Files written earlier, no longer needed, and changed since: they stay. */
  readonly kept: readonly string[];
}

/** Compares what is to be there with what is. Refuses to plan over a file that toolbind did not write. */
export function planWrite(
  outDir: string,
  files: ReadonlyMap<string, string>,
  manifestText: string,
  previous: Manifest | undefined,
): WritePlan {
  refuseUnusable(outDir);
  const writes: [string, string][] = [];
  let unchanged = 0;
  for (const [path, text] of files) {
    const existing = readExisting(outDir, path);
    if (existing === text) unchanged++;
    else if (existing !== undefined && previous?.files[path] === undefined) throw inTheWay(outDir, path);
    else writes.push([path, text]);
  }
  const removals: string[] = [];
  const kept: string[] = [];
  for (const [path, hash] of Object.entries(previous?.files ?? {})) {
    if (files.has(path) || !isInside(outDir, path)) continue;
    const existing = readExisting(outDir, path);
    if (existing === undefined) continue;
    (sha256(existing) === hash ? removals : kept).push(path);
  }
  const existingManifest = readExisting(outDir, MANIFEST_FILE);
  if (existingManifest !== manifestText) {
    if (existingManifest !== undefined && previous === undefined && !isManifest(existingManifest)) {
      throw inTheWay(outDir, MANIFEST_FILE);
    }
    writes.push([MANIFEST_FILE, manifestText]);
  }
  return { outDir, writes, removals, unchanged, kept };
}

function isManifest(text: string): boolean {
  return text.includes('"manifestVersion"');
}

/**
 * Carries out a plan. Everything is written beside its place first and then moved there: what fails or is killed
 * before the last byte is down leaves the output as it was, and what is killed while files move is completed by
 * {@link recoverWrite}.
 */
export function applyWrite({ outDir, writes, removals }: WritePlan): void {
  if (writes.length === 0 && removals.length === 0) return;
  const staging = join(outDir, STAGING);
  try {
    mkdirSync(outDir, { recursive: true });
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging);
    for (const [index, [, text]] of writes.entries()) writeFileSync(join(staging, String(index)), text);
    const journal = { moves: writes.map(([path]) => path), removals };
    writeFileSync(join(staging, `${JOURNAL}.part`), JSON.stringify(journal));
    renameSync(join(staging, `${JOURNAL}.part`), join(staging, JOURNAL));
  } catch (cause) {
    rmSync(staging, { recursive: true, force: true });
    throw new ToolbindError("TB4001", {
      what: `Output cannot be written (${(cause as NodeJS.ErrnoException).code ?? String(cause)}); it is as it was`,
      at: { source: outDir },
      fix: "check the folder's permissions and the free space",
      cause,
    });
  }
  finishWrite(outDir);
}

function readExisting(outDir: string, path: string): string | undefined {
  try {
    return readFileSync(join(outDir, path), "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code === "EISDIR" || code === "ENOTDIR") throw inTheWay(outDir, path);
    throw error;
  }
}

function refuseUnusable(outDir: string): void {
  let stats;
  try {
    stats = lstatSync(outDir).isSymbolicLink() ? undefined : lstatSync(outDir);
  } catch {
    return;
  }
  if (stats === undefined || stats.isDirectory()) return;
  throw new ToolbindError("TB4001", {
    what: "Output folder cannot be used",
    at: { source: outDir },
    expected: "a folder, or nothing of that name",
    received: "a file",
    fix: "choose another folder with `output` or `--out`",
  });
}

function inTheWay(outDir: string, path: string): ToolbindError {
  return new ToolbindError("TB4002", {
    what: "A file that toolbind did not write is in the way",
    at: { source: join(outDir, path) },
    expected: "nothing, or a file of toolbind's",
    received: "a file of somebody's",
    fix: "move it, or choose another output folder",
  });
}

/** Writes one file so that it is the old one or the new one at every moment. */
export function writeFileWhole(path: string, text: string): void {
  const part = `${path}.part`;
  try {
    writeFileSync(part, text);
    renameSync(part, path);
  } catch (cause) {
    rmSync(part, { force: true });
    throw new ToolbindError("TB4001", {
      what: `File cannot be written (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`,
      at: { source: path },
      fix: "check the folder's permissions and the free space",
      cause,
    });
  }
}
