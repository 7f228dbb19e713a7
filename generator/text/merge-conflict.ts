/** What a message says that it received. */
export const CONFLICT_MARKERS = "merge conflict markers";

/** The lines that Git writes around and between the two sides, in order. */
const LINES = [/^<{7}(?: .*)?\r?$/gm, /^={7}\r?$/gm, /^>{7}(?: .*)?\r?$/gm];

/** The offset of the first merge conflict that a text still contains. */
export function conflictIn(text: string): number | undefined {
  let from = 0;
  let start: number | undefined;
  for (const line of LINES) {
    line.lastIndex = from;
    const found = line.exec(text);
    if (found === null) return undefined;
    start ??= found.index;
    from = found.index + found[0].length;
  }
  return start;
}
