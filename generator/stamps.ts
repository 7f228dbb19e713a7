import { statSync } from "node:fs";

/** By absolute path, the SHA-256 of what a file held, and the stamp that it had then. */
export type Stamps = Readonly<Record<string, string>>;

/** Milliseconds. The clocks of file systems tick every 16 at most, where they count what is below a millisecond. */
const TICK = 20;

const SHA256_LENGTH = 64;

/**
 * What changes with every write to a file: its size, and when it was last changed, which no program can set. Undefined
 * where a later write could leave the same stamp: on a clock that is too coarse, and for a file that was written just
 * now. Undefined too where the file cannot be looked at.
 */
function stampOf(file: string): string | undefined {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(file);
    const isSure = !Number.isInteger(ctimeMs) && Date.now() - ctimeMs > TICK;
    return isSure ? `${ino} ${size} ${mtimeMs} ${ctimeMs}` : undefined;
  } catch {
    return undefined;
  }
}

/** Digests of files, of which only those are read whose stamp is not known. */
export class Digests {
  #known: Stamps;
  readonly #read = new Map<string, string>();
  readonly #stamps: Record<string, string> = {};

  constructor(known: Stamps = {}) {
    this.#known = known;
  }

  /** The SHA-256 of the file at an absolute path, which `read` gives where it has to be read. */
  of(file: string, read: () => string): string {
    const before = this.#read.get(file);
    if (before !== undefined) return before;
    // Taken before the file is read: what is written meanwhile then has another.
    const stamp = stampOf(file);
    const known = this.#known[file];
    const isKnown = stamp !== undefined && known?.slice(SHA256_LENGTH + 1) === stamp;
    const digest = isKnown ? known.slice(0, SHA256_LENGTH) : read();
    if (!isKnown) this.#read.set(file, digest);
    if (stamp !== undefined) this.#stamps[file] = `${digest} ${stamp}`;
    return digest;
  }

  /** From now on every file is read, so that its digest is that of the content that is used. */
  distrust(): void {
    this.#known = {};
  }

  /** Of the files asked for. */
  get stamps(): Stamps {
    return this.#stamps;
  }

  /** Whether a file was read that need not be the next time. */
  get isNews(): boolean {
    return [...this.#read.keys()].some((file) => this.#stamps[file] !== undefined);
  }
}
