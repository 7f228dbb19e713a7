import { statSync } from "node:fs";

/** By path, what changes with every write to a file, and with what it should hold. */
export type Stamps = Readonly<Record<string, string>>;

/** Milliseconds. The clocks of file systems tick every 16 at most, where they count what is below a millisecond. */
const TICK = 20;

/**
 * What tells of a file that held the text with this hash, without reading it, that it holds it still: its size, and when
 * it was last changed, which no program can set. Undefined where a later write could leave the same stamp: on a clock
 * that is too coarse, and for a file that was written just now.
 */
export function stampOf(file: string, hash: string): string | undefined {
  const { ino, size, mtimeMs, ctimeMs } = statSync(file);
  const isSure = !Number.isInteger(ctimeMs) && Date.now() - ctimeMs > TICK;
  return isSure ? `${hash.slice(0, 16)} ${ino} ${size} ${mtimeMs} ${ctimeMs}` : undefined;
}
