import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { sha256 } from "../catalogue/canonical.js";
import { ToolbindError } from "../errors.js";
import { looksLikeManifest, MANIFEST_FILE, type Manifest } from "./manifest.js";
import { cannotWrite, inTheWay } from "./faults.js";
import {
  finishWrite,
  isInside,
  JOURNAL,
  linkedFolder,
  removeMadeFolders,
  STAGING,
  undoWrite,
  type Journal,
} from "./recover.js";

export { printManifest } from "./manifest.js";

interface PlannedWrite {
  readonly path: string;
  readonly text: string;
  /** Hash of the file that is there now, null for none. */
  readonly before: string | null;
  readonly after: string;
}

/** The changes to an output folder. Paths are relative to it, with forward slashes. */
export interface WritePlan {
  readonly outDir: string;
  /** Files to write, the manifest last. */
  readonly writes: readonly PlannedWrite[];
  /** Files written earlier that are no longer needed, except those changed since. */
  readonly removals: readonly { readonly path: string; readonly before: string }[];
  /** Files that are no longer needed, but were changed since they were written. */
  readonly kept: readonly string[];
  readonly unchanged: number;
}

/** Compares the intended output with the existing one. Throws if a file that toolbind did not write is in the way. */
export function planWrite(
  outDir: string,
  files: ReadonlyMap<string, string>,
  manifest: { readonly files: Manifest["files"]; readonly text: string },
  previous: Manifest | undefined,
): WritePlan {
  refuseUnusable(outDir);
  const links = new Map<string, boolean>();
  const writes: PlannedWrite[] = [];
  let unchanged = 0;
  for (const [path, text] of files) {
    const link = linkedFolder(outDir, path, links);
    if (link !== undefined) throw isInTheWay(outDir, link, "a link to another folder");
    const existing = readExisting(outDir, path);
    if (existing?.equals(Buffer.from(text)) === true) unchanged++;
    else if (previous?.files[path] === undefined && isThere(outDir, path)) throw isInTheWay(outDir, path);
    else writes.push({ path, text, before: hashOf(existing), after: manifest.files[path] ?? sha256(text) });
  }
  const removals: { path: string; before: string }[] = [];
  const kept: string[] = [];
  for (const [path, hash] of Object.entries(previous?.files ?? {})) {
    if (files.has(path) || !isInside(outDir, path) || linkedFolder(outDir, path, links) !== undefined) continue;
    const existing = readStale(outDir, path);
    if (hashOf(existing) === hash) removals.push({ path, before: hash });
    else if (existing !== undefined) kept.push(path);
  }
  const existing = readExisting(outDir, MANIFEST_FILE);
  if (existing?.toString() !== manifest.text) {
    if (existing !== undefined && !looksLikeManifest(existing.toString())) throw isInTheWay(outDir, MANIFEST_FILE);
    writes.push({ path: MANIFEST_FILE, text: manifest.text, before: hashOf(existing), after: sha256(manifest.text) });
  }
  return { outDir, writes, removals, kept, unchanged };
}

function hashOf(content: Buffer): string;
function hashOf(content: Buffer | undefined): string | null;
function hashOf(content: Buffer | undefined): string | null {
  return content === undefined ? null : sha256(content);
}

/**
 * Carries out a plan, and `commit` with it. All files are staged first and then moved into place. A failure or kill
 * while staging leaves the output as it was, a later failure is undone, and a kill while files move is completed by
 * {@link recoverWrite}.
 */
export function applyWrite({ outDir, writes, removals }: WritePlan, commit?: () => void): void {
  if (writes.length === 0 && removals.length === 0) return commit?.();
  const staging = join(outDir, STAGING);
  const journal: Journal = { moves: writes.map(({ path, before, after }) => ({ path, before, after })), removals };
  let made: string | undefined;
  let moving = false;
  try {
    made = mkdirSync(outDir, { recursive: true });
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging);
    for (const [index, { text }] of writes.entries()) writeFileSync(join(staging, `new-${index}`), text);
    writeFileSync(join(staging, `${JOURNAL}.part`), JSON.stringify(journal));
    moving = true;
    renameSync(join(staging, `${JOURNAL}.part`), join(staging, JOURNAL));
    finishWrite(outDir, journal, commit);
  } catch (cause) {
    const undone = undo(() => {
      if (moving) undoWrite(outDir, journal);
      else rmSync(staging, { recursive: true, force: true });
      if (made !== undefined) removeMadeFolders(outDir, made);
    });
    throw cannotWrite("Output", outDir, cause, undone ? "it is unchanged" : "the next run completes it");
  }
}

function undo(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

function readExisting(outDir: string, path: string): Buffer | undefined {
  try {
    return readFileSync(join(outDir, path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code === "EISDIR" || code === "ENOTDIR" || code === "ELOOP") throw isInTheWay(outDir, path);
    throw unusable(outDir, "readable files", `${code ?? String(error)} for ${path}`);
  }
}

/** A file to remove; if it is no longer a file, it is left alone. */
function readStale(outDir: string, path: string): Buffer | undefined {
  try {
    return readFileSync(join(outDir, path));
  } catch {
    return undefined;
  }
}

function isThere(outDir: string, path: string): boolean {
  return lstatSync(join(outDir, path), { throwIfNoEntry: false }) !== undefined;
}

function refuseUnusable(outDir: string): void {
  let isFolder;
  try {
    const link = lstatSync(outDir, { throwIfNoEntry: false });
    if (link === undefined) return;
    isFolder = statSync(outDir, { throwIfNoEntry: false })?.isDirectory();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw unusable(
      outDir,
      "a folder, or nothing at that path",
      code === "ENOTDIR" ? "a path below a file" : (code ?? String(error)),
    );
  }
  if (isFolder === true) return;
  throw unusable(outDir, "a folder, or nothing at that path", isFolder === undefined ? "a link to nothing" : "a file");
}

function unusable(outDir: string, expected: string, received: string): ToolbindError {
  return new ToolbindError("TB4001", {
    what: "Output folder cannot be used",
    at: { source: outDir },
    expected,
    received,
    fix: "choose another folder with `output` or `--out`",
  });
}

function isInTheWay(outDir: string, path: string, received: string = "another file"): ToolbindError {
  return inTheWay(
    join(outDir, path),
    received,
    "move it, or delete it if an earlier run wrote it, or choose another output folder",
  );
}

/**
 * Replaces one file atomically. Keeps its permissions, and a link that leads to it.
 */
export function writeFileWhole(path: string, content: string | Buffer): void {
  let part: string | undefined;
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    const target = stats === undefined ? path : realpathSync(path);
    part = `${target}.part`;
    writeFileSync(part, content);
    if (stats !== undefined) chmodSync(part, stats.mode);
    renameSync(part, target);
  } catch (cause) {
    undo(() => part !== undefined && rmSync(part, { force: true }));
    throw cannotWrite("File", path, cause);
  }
}

/** Replaces the texts of existing files and then runs `then`: both or neither. */
export function replaceFiles(texts: ReadonlyMap<string, string>, then: () => void): void {
  const replaced: { readonly path: string; readonly before: Buffer }[] = [];
  try {
    for (const [path, text] of texts) {
      const before = readFileSync(path);
      writeFileWhole(path, text);
      replaced.push({ path, before });
    }
    then();
  } catch (cause) {
    for (const { path, before } of replaced) undo(() => writeFileWhole(path, before));
    throw cause;
  }
}
