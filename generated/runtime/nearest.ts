/* eslint-disable */
// Copied by toolbind; changes are overwritten.
const MAX_LENGTH = 64;
const MAX_CANDIDATES = 200;

/** Letters and digits only, so that `perPage` and `per_page` are the same. */
function fold(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** How many letters to insert, drop, replace or swap with a neighbour, or more than the limit. */
function slips(a: string, b: string, limit: number): number {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const [x, y] = [a.slice(same), b.slice(same)];
  if (x === y) return 0;
  if (limit < 1) return 1;
  const after = (skipX: number, skipY: number): number => slips(x.slice(skipX), y.slice(skipY), limit - 1);
  return 1 + Math.min(after(1, 0), after(0, 1), after(1, 1), x[0] === y[1] && x[1] === y[0] ? after(2, 2) : limit);
}

/** The candidate that the word is most likely a misspelling of: one slip for each three letters, three at most. */
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

/** What to add to an issue with keys: by key the candidate nearest to it, nothing where no key has one. */
export function nearestTo(
  keys: readonly string[],
  candidates: readonly string[],
): { readonly near: Readonly<Record<string, string>> } | undefined {
  const few = candidates.slice(0, MAX_CANDIDATES);
  const pairs = keys.map((key) => [key, nearest(key, few)] as const).filter(([, near]) => near);
  return pairs.length > 0 ? { near: Object.fromEntries(pairs) as Record<string, string> } : undefined;
}
