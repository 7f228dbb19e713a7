import type { Entry } from "./entries.js";

/**
 * The toolkit an entry belongs to: the one it names, the one of its snapshot file, the one with the longest slug that
 * is a whole-word prefix of the entry's, or else the entry's first word.
 */
export function ownerOf({ raw, toolkit }: Entry, known: ReadonlySet<string>): string {
  const named = namedToolkit(raw) ?? toolkit;
  if (named !== undefined) return named.toLowerCase();
  const words = (raw["slug"] as string).toLowerCase().split("_");
  for (let count = words.length; count > 0; count--) {
    const prefix = words.slice(0, count).join("_");
    if (known.has(prefix)) return prefix;
  }
  // A leading underscore belongs to the first word: `_21RISK_GET_USER` is of `_21risk`.
  return words[0] === "" ? `_${words[1] ?? ""}` : (words[0] as string);
}

function namedToolkit(raw: Readonly<Record<string, unknown>>): string | undefined {
  const { toolkit } = raw;
  if (typeof toolkit === "object" && toolkit !== null && "slug" in toolkit) {
    return typeof toolkit.slug === "string" ? toolkit.slug : undefined;
  }
  for (const candidate of [toolkit, raw["toolkit_slug"], raw["toolkitSlug"], raw["appKey"], raw["app"]]) {
    if (typeof candidate === "string" && candidate !== "") return candidate;
  }
  return undefined;
}
