import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, isAbsolute, join, relative, resolve } from "node:path";
import { ToolbindError } from "../errors.js";
import { withSlashes } from "../paths.js";

/** A file of a catalogue, as bytes. */
export interface SourceFile {
  /** A path for display: relative to the working folder if it is inside it, with forward slashes. */
  readonly name: string;
  /** Absolute, where the file is read only when its content is asked for. */
  readonly path?: string;
  readonly content: Buffer;
}

/** A file that is read when its content is first asked for. */
class FileOnDisk implements SourceFile {
  readonly name: string;
  readonly path: string;
  readonly #read: () => Buffer;
  #content: Buffer | undefined;

  constructor(name: string, path: string, read: () => Buffer) {
    this.name = name;
    this.path = path;
    this.#read = read;
  }

  /** Throws a `ToolbindError` where the file cannot be read. */
  get content(): Buffer {
    return (this.#content ??= this.#read());
  }
}

/** A file whose content is at hand as JSON already. */
export interface ParsedFile {
  readonly name: string;
  readonly json: unknown;
}

/** The file beside a catalogue that describes its toolkits. */
export const TOOLKITS_FILE = "toolkits.json";

const CATALOGUE = "Catalogue";

/** What to do where a project has no snapshot. */
const GET_SNAPSHOT = "fetch toolkits with `toolbind pull`, or take the starter toolkits with `toolbind init`";

/** The files of a project's snapshot. */
export function readSnapshotFiles(folder: string, cwd: string): SourceFile[] {
  if (!existsSync(folder)) throw unreadable(folder, cwd, CATALOGUE, { code: "ENOENT" }, GET_SNAPSHOT);
  return readSourceFiles(folder, cwd);
}

/** A catalogue's files: one file and the `toolkits.json` beside it, or every JSON file of a folder. */
export function readSourceFiles(path: string, cwd: string): SourceFile[] {
  const absolute = resolve(cwd, path);
  const paths = isFolder(absolute, cwd) ? jsonFiles(absolute, cwd) : withToolkits(absolute);
  return paths.map((file) => new FileOnDisk(displayName(file, cwd), file, () => read(file, cwd, CATALOGUE)));
}

/** Reads one file. Throws a `ToolbindError` where that cannot be done. `what` it is, for people. */
export function readSourceFile(file: string, cwd: string, what: string = CATALOGUE): SourceFile {
  return { name: displayName(file, cwd), content: read(file, cwd, what) };
}

export function displayName(path: string, cwd: string): string {
  const local = relative(cwd, path);
  const shown = local === "" ? "." : local.startsWith("..") ? path : local;
  return withSlashes(shown);
}

/** An error whose place is called as people in a folder would call it. */
export function shownFrom(error: ToolbindError, cwd: string): ToolbindError {
  const { at } = error.details;
  if (at === undefined || !isAbsolute(at.source)) return error;
  return new ToolbindError(error.code, { ...error.details, at: { ...at, source: displayName(at.source, cwd) } });
}

function isFolder(path: string, cwd: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    throw unreadable(path, cwd, CATALOGUE, cause);
  }
}

function jsonFiles(folder: string, cwd: string): string[] {
  // A pipe may never end.
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name.endsWith(".json") && !entry.name.startsWith(".") && !entry.isFIFO())
    .map(({ name }) => name);
  if (names.length === 0) {
    throw new ToolbindError("TB2003", {
      what: "No catalogue found",
      at: { source: displayName(folder, cwd) },
      expected: "a folder with JSON files",
      received: "none",
      fix: "fetch toolkits with `toolbind pull`, or name a folder that contains a snapshot, or a JSON file",
    });
  }
  return names.sort().map((name) => join(folder, name));
}

function withToolkits(file: string): string[] {
  const beside = resolve(file, "..", TOOLKITS_FILE);
  if (basename(file) === TOOLKITS_FILE) return [file];
  try {
    return statSync(beside).isFile() ? [file, beside] : [file];
  } catch {
    return [file];
  }
}

function read(path: string, cwd: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw unreadable(path, cwd, what, cause);
  }
}

/** What to do about an address of the web in place of a path. */
export const DOWNLOAD = "nothing is fetched; save it as a file, for example with `curl -o FILE URL`, and name that";

/** Whether a path, which may have been resolved, was meant as an address of the web. */
export function isUrl(path: string): boolean {
  return /(?:^|[\\/])https?:[\\/]/i.test(path);
}

function unreadable(
  path: string,
  cwd: string,
  what: string,
  cause: unknown,
  fix: string = "check the path and its permissions",
): ToolbindError {
  const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
  return new ToolbindError("TB2001", {
    what: `${what} cannot be read`,
    at: { source: displayName(path, cwd) },
    expected: "a readable file or folder",
    received: missing ? "nothing at that path" : String((cause as NodeJS.ErrnoException).code ?? cause),
    fix: missing && isUrl(path) ? DOWNLOAD : fix,
    cause,
  });
}
