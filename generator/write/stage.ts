import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { sha256 } from "../catalogue/canonical.js";
import { cannotWrite, inTheWay } from "./faults.js";
import {
  finishWrite,
  JOURNAL,
  NEW_LOCK,
  putLock,
  recoverWrite,
  removeMadeFolders,
  STAGING,
  undoWrite,
  type Journal,
} from "./recover.js";

const SPOOL = ".toolbind-pull-";
const UNCHANGED = "it is unchanged";

/** What happens to a file that was added. */
export type Change = "new" | "changed" | "unchanged";

/**
 * A write whose files arrive one by one, as those of a pull do. They are staged until {@link commit} moves them into
 * place together with the lock; until then the folder is unchanged.
 */
export class StagedWrite {
  readonly #dir: string;
  readonly #lockFile: string;
  readonly #what: string;
  readonly #moves: { path: string; before: string | null; after: string }[] = [];
  #spool: string | undefined;
  /** The topmost folder that was made for it. */
  #made: string | undefined;

  /** @param what is written, as messages call it */
  constructor(dir: string, lockFile: string, what: string = "The snapshot") {
    this.#dir = dir;
    this.#lockFile = lockFile;
    this.#what = what;
    for (const name of litter(dir)) rmSync(join(dir, name), { recursive: true, force: true });
  }

  /**
   * Adds a file. `isSame` says whether existing content that differs in bytes need not be rewritten.
   */
  add(path: string, text: string, isSame: (existing: string) => boolean): Change {
    try {
      const existing = this.#read(path);
      if (existing?.equals(Buffer.from(text)) === true) return "unchanged";
      if (existing !== undefined && isSame(existing.toString("utf8"))) return "unchanged";
      writeFileSync(join(this.#spoolFolder(), `new-${this.#moves.length}`), text);
      this.#moves.push({ path, before: existing === undefined ? null : sha256(existing), after: sha256(text) });
      return existing === undefined ? "new" : "changed";
    } catch (error) {
      throw cannotWrite(this.#what, join(this.#dir, path), error, UNCHANGED);
    }
  }

  /** Moves the files and the lock into place, or undoes it all on failure. `lock` is null if it does not change. */
  commit(lock: { readonly before: string | undefined; readonly text: string } | null): void {
    if (this.#moves.length === 0 && lock === null) return;
    const before = lock?.before === undefined ? null : sha256(lock.before);
    const journal: Journal = {
      moves: this.#moves,
      removals: [],
      ...(lock !== null && { lock: { before, after: sha256(lock.text) } }),
    };
    let moving = false;
    try {
      const spool = this.#spoolFolder();
      if (lock !== null) writeFileSync(join(spool, NEW_LOCK), lock.text);
      writeFileSync(join(spool, `${JOURNAL}.part`), JSON.stringify(journal));
      recoverWrite(this.#dir, this.#lockFile);
      renameSync(spool, join(this.#dir, STAGING));
      this.#spool = undefined;
      moving = true;
      renameSync(join(this.#dir, STAGING, `${JOURNAL}.part`), join(this.#dir, STAGING, JOURNAL));
      finishWrite(this.#dir, journal, () => putLock(this.#dir, journal, this.#lockFile));
    } catch (error) {
      if (moving) this.#undo(journal);
      throw cannotWrite(this.#what, this.#dir, error, UNCHANGED);
    }
  }

  /** Leaves the folder as it is. */
  drop(): void {
    if (this.#spool === undefined) return;
    rmSync(this.#spool, { recursive: true, force: true });
    this.#spool = undefined;
    if (this.#made !== undefined) removeMadeFolders(this.#dir, this.#made);
  }

  /** What cannot be undone now, the next run completes. */
  #undo(journal: Journal): void {
    try {
      undoWrite(this.#dir, journal);
    } catch (error) {
      throw cannotWrite(this.#what, this.#dir, error, "the next run completes it");
    }
  }

  #spoolFolder(): string {
    if (this.#spool !== undefined) return this.#spool;
    this.#made = mkdirSync(this.#dir, { recursive: true });
    return (this.#spool = mkdtempSync(join(this.#dir, `${SPOOL}${process.pid}-`)));
  }

  #read(path: string): Buffer | undefined {
    const file = join(this.#dir, path);
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    if (!stats.isFile()) {
      throw inTheWay(file, stats.isDirectory() ? "a folder" : "a link", "move it");
    }
    return readFileSync(file);
  }
}

/** Leftovers of killed runs. */
function litter(dir: string): string[] {
  let names: string[];
  try {
    names = readdirSync(dir);
  } catch {
    return [];
  }
  return names.filter((name) => name.startsWith(SPOOL) && !isRunning(Number(name.slice(SPOOL.length).split("-")[0])));
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
