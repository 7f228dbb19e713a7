/** A key as a segment of a JSON pointer has it (RFC 6901). */
export function escapeSegment(key: string): string {
  return key.includes("~") || key.includes("/") ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key;
}

/** The keys that a JSON pointer leads through. */
export function keysOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The target of a JSON pointer in a document; undefined if there is none. */
export function valueAt(document: unknown, pointer: string): unknown {
  return keysOf(pointer).reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Readonly<Record<string, unknown>>)[key]
        : undefined,
    document,
  );
}

/** The JSON pointer of a reference into its own document (`#/$defs/a%20b`); undefined for any other. */
export function pointerOf(reference: unknown): string | undefined {
  if (typeof reference !== "string" || !/^#(\/|$)/.test(reference)) return undefined;
  return pointerIn(reference.slice(1));
}

/** The JSON pointer that a URI's fragment has: each key is decoded by itself, so that an encoded slash belongs to it. */
export function pointerIn(fragment: string): string {
  return fragment
    .split("/")
    .map((segment) => decodePercent(segment).replaceAll("/", "~1"))
    .join("/");
}

/** Text without its percent-encoding, or as it is where that is not valid. */
export function decodePercent(text: string): string {
  try {
    return text.includes("%") ? decodeURIComponent(text) : text;
  } catch {
    return text;
  }
}
