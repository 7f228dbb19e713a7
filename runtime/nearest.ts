const MAX_LENGTH = 64;
const MAX_CANDIDATES = 200;

/** Letters and digits only, so that `perPage` and `per_page` are the same. */
function fold(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** How many letters to insert, drop, replace or swap with a neighbour, or more than the limit. */
function slips(a: string, b: string, limit: number): number {
  if (a === b) return 0;
  if (a[0] === b[0]) return slips(a.slice(1), b.slice(1), limit);
  if (limit < 1) return 1;
  const after = (skipA: number, skipB: number): number => slips(a.slice(skipA), b.slice(skipB), limit - 1);
  return 1 + Math.min(after(1, 0), after(0, 1), after(1, 1), a[0] === b[1] && a[1] === b[0] ? after(2, 2) : limit);
}

/** The candidate that the word is most likely a misspelling of: one slip per three letters, three at most. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const folded = fold(word.slice(0, MAX_LENGTH));
  let found: string | undefined;
  let limit = Math.min(3, Math.floor(folded.length / 3));
  for (const candidate of candidates) {
    const count = slips(folded, fold(candidate), limit);
    if (count <= limit) {
      found = candidate;
      limit = count - 1;
    }
  }
  return found;
}

/** What to add to an issue with keys: for each key the candidate nearest to it, if one is near. */
export function nearestTo(
  keys: readonly string[],
  candidates: readonly string[],
): { readonly near: ReadonlyMap<string, string> } {
  const near = new Map<string, string>();
  for (const key of keys) {
    const found = nearest(key, candidates.slice(0, MAX_CANDIDATES));
    if (found) near.set(key, found);
  }
  return { near };
}
