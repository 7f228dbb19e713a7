import { sha256 } from "../catalogue/canonical.js";
import type { Operation } from "./operation.js";

const LONGEST = 64;

/** The operation as the lock identifies it, whatever its id. */
export function operationKey({ method, path }: Pick<Operation, "method" | "path">): string {
  return `${method} ${path}`;
}

/**
 * A slug for every operation: `<APP>_<OPERATION>` from its id, else from method and path. Those that were assigned before
 * keep theirs; where others would be equal, method and path distinguish them, whatever their order.
 */
export function slugsOf(
  app: string,
  operations: readonly Operation[],
  given: ReadonlyMap<string, string>,
): Map<Operation, string> {
  const prefix = app.toUpperCase().replaceAll("-", "_");
  const slugs = new Map<Operation, string>();
  const taken = new Set<string>();
  for (const operation of operations) {
    const slug = given.get(operationKey(operation));
    if (slug === undefined || taken.has(slug)) continue;
    slugs.set(operation, slug);
    taken.add(slug);
  }
  let open = operations.filter((operation) => !slugs.has(operation));
  for (const wordsFor of [wordsOfId, wordsOfPlace, wordsOfPlaceAndDigest]) {
    const wanted = new Map<string, Operation[]>();
    for (const operation of open) {
      const slug = shortened(`${prefix}_${wordsFor(operation).join("_")}`);
      wanted.set(slug, [...(wanted.get(slug) ?? []), operation]);
    }
    open = [];
    for (const [slug, same] of wanted) {
      const [only] = same;
      if (same.length > 1 || only === undefined || taken.has(slug) || slug === `${prefix}_`) {
        open.push(...same);
      } else {
        slugs.set(only, slug);
        taken.add(slug);
      }
    }
  }
  return slugs;
}

function wordsOfId(operation: Operation): string[] {
  const words = operation.id === undefined ? [] : latinWords(operation.id);
  // An id in a non-Latin script leaves nothing, or too little to be recognisable.
  return words.length === 0 || losesLetters(operation.id as string) ? wordsOfPlace(operation) : words;
}

function wordsOfPlace({ method, path }: Operation): string[] {
  const words = latinWords(path);
  return [method.toUpperCase().replace(/[^A-Z0-9]/g, "_"), ...(losesLetters(path) ? [...words, digest(path)] : words)];
}

function wordsOfPlaceAndDigest(operation: Operation): string[] {
  return [...wordsOfPlace(operation), digest(`${operationKey(operation)} ${operation.id ?? ""}`)];
}

function digest(text: string): string {
  return sha256(text).slice(0, 6).toUpperCase();
}

/** `issues/list-forRepo2` → ISSUES, LIST, FOR, REPO2; accents are left out. */
function latinWords(text: string): string[] {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "");
  const spaced = plain.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2");
  return (spaced.match(/[A-Za-z0-9]+/g) ?? []).map((word) => word.toUpperCase());
}

function losesLetters(text: string): boolean {
  return /(?![A-Za-z])\p{L}/u.test(text.normalize("NFKD").replace(/\p{M}/gu, ""));
}

/** At most 64 characters; a digest replaces what is cut off. */
function shortened(slug: string): string {
  if (slug.length <= LONGEST) return slug;
  const tail = digest(slug);
  const cut = slug.slice(0, LONGEST - tail.length - 1);
  return `${cut.slice(0, Math.max(cut.lastIndexOf("_"), LONGEST / 2))}_${tail}`;
}
