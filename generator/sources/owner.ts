import type { Entry } from "./entries.js";

export interface KnownToolkits {
  /** Slugs of toolkits by how the slugs of their tools start, without the underscore that follows. */
  readonly bySlugStart: ReadonlyMap<string, string>;
  /** Length of the longest start. */
  readonly longest: number;
}

export function knownToolkits(slugs: Iterable<string>): KnownToolkits {
  // Backwards, so that of two that start alike the first one counts.
  const bySlugStart = new Map(
    [...slugs]
      .sort()
      .reverse()
      .map((slug) => [slug.replaceAll("-", "_"), slug]),
  );
  let longest = 0;
  for (const start of bySlugStart.keys()) longest = Math.max(longest, start.length);
  return { bySlugStart, longest };
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
  const lower = slug.toLowerCase();
  const { bySlugStart, longest } = known;
  for (let end = lower.length <= longest ? lower.length : lower.lastIndexOf("_", longest); end > 0;) {
    const toolkit = bySlugStart.get(lower.slice(0, end));
    if (toolkit !== undefined) return toolkit;
    end = lower.lastIndexOf("_", end - 1);
  }
  const words = lower.split("_", 2);
  // A leading underscore belongs to the first word: `_21RISK_GET_USER` is of `_21risk`.
  return words[0] === "" ? `_${words[1] ?? ""}` : (words[0] as string);
}

/** The toolkit an entry names, or its snapshot file, in lower case; a value that is not a string is returned unchanged. */
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
