import type { Entry } from "./entries.js";

/** Slugs of toolkits by how the slugs of their tools start, without the underscore that follows. */
export type KnownToolkits = ReadonlyMap<string, string>;

export function knownToolkits(slugs: Iterable<string>): KnownToolkits {
  // Backwards, so that of two that start alike the first one counts.
  return new Map(
    [...slugs]
      .sort()
      .reverse()
      .map((slug) => [slug.replaceAll("-", "_"), slug]),
  );
}

/**
 * The toolkit an entry belongs to: the one it names, the one of its snapshot file, the one with the longest slug that
 * is a whole-word prefix of the entry's, or else the entry's first word.
 */
export function ownerOf(entry: Entry, known: KnownToolkits): unknown {
  return namedToolkit(entry) ?? ownerOfSlug(entry.raw["slug"] as string, known);
}

/** The toolkit that a slug seems to belong to. */
export function ownerOfSlug(slug: string, known: KnownToolkits): string {
  const words = slug.toLowerCase().split("_");
  for (let count = words.length; count > 0; count--) {
    const toolkit = known.get(words.slice(0, count).join("_"));
    if (toolkit !== undefined) return toolkit;
  }
  // A leading underscore belongs to the first word: `_21RISK_GET_USER` is of `_21risk`.
  return words[0] === "" ? `_${words[1] ?? ""}` : (words[0] as string);
}

/** The toolkit an entry names, or its snapshot file, in lower case; what is no string is returned as it is. */
export function namedToolkit({ raw, toolkit }: Entry): unknown {
  const named = slugIn(raw) ?? toolkit;
  return typeof named === "string" ? named.toLowerCase() : named;
}

function slugIn(raw: Entry["raw"]): unknown {
  const { toolkit } = raw;
  if (typeof toolkit === "object" && toolkit !== null && "slug" in toolkit) return toolkit.slug ?? undefined;
  for (const candidate of [toolkit, raw["toolkit_slug"], raw["toolkitSlug"], raw["appKey"], raw["app"]]) {
    if (typeof candidate === "string" && candidate !== "") return candidate;
  }
  return undefined;
}
