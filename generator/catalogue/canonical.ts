import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

/** JSON that nests deeper than this is refused before anything else walks it. */
const MAX_NESTING = 1000;

/** JSON that says more than JavaScript holds, or nests deeper than it can be walked. */
export class UnfitJson extends Error {
  readonly expected: string;
  readonly received: string;

  constructor(expected: string, received: string) {
    super(`expected ${expected}, received ${received}`);
    this.expected = expected;
    this.received = received;
  }
}

/**
 * The same JSON value with the keys of every object in code-unit order; the value itself if they are already.
 * Throws an {@link UnfitJson} for a value that cannot be walked or written again.
 */
export function sortKeys(value: unknown, depth: number = 0): unknown {
  if (typeof value === "number" && !Number.isFinite(value))
    throw new UnfitJson("numbers below 1.8e308", "a larger one");
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_NESTING) throw new UnfitJson(`at most ${MAX_NESTING} levels of nesting`, "more");
  return Array.isArray(value) ? sortItems(value, depth) : sortObject(value as Record<string, unknown>, depth);
}

function sortItems(items: readonly unknown[], depth: number): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const sorted = sortKeys(items[index], depth + 1);
    if (sorted !== items[index]) (copy ??= [...items])[index] = sorted;
  }
  return copy ?? items;
}

function sortObject(object: Record<string, unknown>, depth: number): Record<string, unknown> {
  const keys = Object.keys(object);
  let unsorted = false;
  for (let index = 1; index < keys.length && !unsorted; index++) {
    unsorted = (keys[index - 1] as string) > (keys[index] as string);
  }
  if (unsorted) keys.sort();
  let copy: Record<string, unknown> | undefined;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as string;
    const value = object[key];
    const sorted = sortKeys(value, depth + 1);
    if (copy === undefined && (unsorted || sorted !== value)) {
      copy = {};
      for (let before = 0; before < index; before++) put(copy, keys[before] as string, object[keys[before] as string]);
    }
    if (copy !== undefined) put(copy, key, sorted);
  }
  return copy ?? object;
}

/** Sets an own member, whatever it is called. */
function put(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__")
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

const digests = new WeakMap<Uint8Array, string>();

/** The SHA-256 of a file's content, which is computed only once. */
export function digestOf(content: Uint8Array): string {
  let digest = digests.get(content);
  if (digest === undefined) digests.set(content, (digest = sha256(content)));
  return digest;
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Files are read through one buffer, since allocating memory costs more than reading into it. */
const chunk = Buffer.allocUnsafeSlow(1 << 18);

/** @throws where the file cannot be read */
export function sha256OfFile(path: string): string {
  const hash = createHash("sha256");
  const file = openSync(path, "r");
  try {
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) hash.update(chunk.subarray(0, size));
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}
