/** The pairs of `a=1&b=2`, decoded. Not by iteration, which not every type library declares. */
export function pairsOf(encoded: string): (readonly [name: string, value: string])[] {
  const pairs: [string, string][] = [];
  new URLSearchParams(encoded).forEach((value, name) => pairs.push([name, value]));
  return pairs;
}
