import { asObject } from "../text/json.js";
import { ToolbindError } from "../errors.js";
import type { ListPath, PlatformClient, QueryOf } from "./client.js";

/** An entry of a listing as it came: it has a slug, and the rest is not trusted. */
export type Listed<T> = { readonly slug: string } & { readonly [Key in keyof T]?: unknown };

export interface Listing<T> {
  /** Each slug once, in the order of the listing. */
  readonly items: readonly Listed<T>[];
  /** How many there are by the platform's own count. */
  readonly total: number | undefined;
}

const PAGE_SIZE = 1000;
/** A page without anything new can follow from entries that moved; several in a row are a circle. */
const MAX_BARREN_PAGES = 3;

/** Reads a listing to its end. Duplicates count once, and a repeated cursor is an error. */
export async function listAll<T, Path extends ListPath>(
  client: PlatformClient,
  path: Path,
  query: QueryOf<Path>,
): Promise<Listing<T>> {
  const items = new Map<string, Listed<T>>();
  const seen = new Set<string>();
  let cursor: string | undefined;
  let total: number | undefined;
  let barren = 0;
  for (;;) {
    const page = readPage<T>(
      await client.get(path, { ...query, limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) }),
      `${client.origin}${path}`,
    );
    const before = items.size;
    for (const item of page.items) items.set(item.slug, item);
    total = page.total ?? total;
    barren = items.size > before ? 0 : barren + 1;
    cursor = page.next;
    if (cursor === undefined) return { items: [...items.values()], total };
    if (seen.has(cursor) || barren >= MAX_BARREN_PAGES) {
      throw new ToolbindError("TB2017", {
        what: `The listing never ends: after ${seen.size + 1} pages its cursor leads back to an earlier page`,
        at: { source: `${client.origin}${path}` },
        fix: "run it again later; if it persists, report it to the platform",
      });
    }
    seen.add(cursor);
  }
}

interface Page<T> {
  readonly items: readonly Listed<T>[];
  readonly next: string | undefined;
  readonly total: number | undefined;
}

function readPage<T>(body: unknown, source: string): Page<T> {
  const { items, next_cursor: next, total_items: total } = asObject(body) ?? {};
  if (!Array.isArray(items) || !items.every(isListed)) {
    throw new ToolbindError("TB2012", {
      what: "Unexpected response from the platform",
      at: { source },
      expected: "`items`, each with a slug",
      received: body === undefined ? "404" : Array.isArray(items) ? "items without one" : "other JSON",
      fix: "check `platform.baseUrl` (or COMPOSIO_BASE_URL)",
    });
  }
  return {
    items: items as Listed<T>[],
    next: typeof next === "string" && next !== "" ? next : undefined,
    total: typeof total === "number" ? total : undefined,
  };
}

function isListed(item: unknown): boolean {
  const slug = asObject(item)?.["slug"];
  return typeof slug === "string" && slug !== "";
}
