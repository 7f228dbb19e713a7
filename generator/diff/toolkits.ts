import { isDeepStrictEqual } from "node:util";
import type { CatalogueTool, CatalogueToolkit, SchemaDocument } from "../catalogue/types.js";
import { nearest } from "../../runtime/nearest.js";
import { buildSchemaNode } from "../schema/build.js";
import type { DocumentLoader } from "../schema/documents.js";
import { SchemaError } from "../schema/error.js";
import { worst, type ChangeClass, type SchemaChange } from "./change.js";
import { confirmedSlug, findRenames, type ConfirmedRenames } from "./renames.js";
import { compareSchemas } from "./schemas.js";

export interface ToolChange {
  readonly kind: "added" | "removed" | "renamed" | "deprecated" | "changed";
  /** The slug that code knows: the old one, or of a new tool its own. */
  readonly slug: string;
  /** The new slug of a renamed tool. */
  readonly to?: string;
  /** The tool of another toolkit that a removed one is now; with a confidence, if it is not confirmed. */
  readonly moved?: { readonly toolkit: string; readonly slug: string; readonly score?: number };
  /** How sure a rename is, from 0 to 1. */
  readonly score?: number;
  readonly class: ChangeClass;
  readonly changes: readonly (SchemaChange & { readonly side: "input" | "output" | "tool" })[];
}

export interface ToolkitDiff {
  readonly toolkit: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly class: ChangeClass;
  /** Sorted by slug. */
  readonly tools: readonly ToolChange[];
}

/**
 * What the step from one version of a toolkit to another means for code that calls its tools. `owners` are the
 * toolkits that tools belong to after it, by slug.
 */
export function diffToolkit(
  before: CatalogueToolkit,
  after: CatalogueToolkit,
  confirmed: ConfirmedRenames,
  load: DocumentLoader,
  owners: ReadonlyMap<string, string> = new Map(),
): ToolkitDiff {
  const loaders: Loaders = [loaderOf(before, load), loaderOf(after, load)];
  const old = new Map(before.tools.map((tool) => [tool.slug, tool]));
  const now = new Map(after.tools.map((tool) => [tool.slug, tool]));
  const removed = before.tools.filter(({ slug }) => !now.has(slug));
  const added = after.tools.filter(({ slug }) => !old.has(slug));
  const present = new Set(now.keys());
  const everywhere = { has: (slug: string) => present.has(slug) || owners.has(slug) };
  const renames = findRenames(removed, added, confirmed, present);
  const gone = new Set(renames.map(({ from }) => from));
  const come = new Set(renames.map(({ to }) => to));
  const tools: ToolChange[] = [];
  for (const { from, to, score } of renames) {
    const changes = compareTools(old.get(from) as CatalogueTool, now.get(to) as CatalogueTool, loaders);
    tools.push({ kind: "renamed", slug: from, to, score, class: "breaking", changes });
  }
  for (const { slug } of removed) {
    if (gone.has(slug)) continue;
    const named = confirmedSlug(slug, confirmed, everywhere);
    const to = named === undefined ? slug : named;
    const toolkit = to === null ? undefined : owners.get(to);
    if (to !== null && toolkit !== undefined) {
      const change = { side: "tool", class: "breaking", path: "", text: `is now ${to} of ${toolkit}` } as const;
      tools.push({ kind: "removed", slug, moved: { toolkit, slug: to }, class: "breaking", changes: [change] });
      continue;
    }
    const changes = typeof named === "string" ? [notThere(named, [...present, ...owners.keys()])] : [];
    tools.push({ kind: "removed", slug, class: "breaking", changes });
  }
  for (const { slug } of added) {
    if (!come.has(slug)) tools.push({ kind: "added", slug, class: "safe", changes: [] });
  }
  for (const tool of before.tools) {
    const other = now.get(tool.slug);
    if (other === undefined) continue;
    const changes = compareTools(tool, other, loaders);
    const deprecated = !tool.deprecated && other.deprecated;
    if (changes.length === 0 && !deprecated) continue;
    const kind = deprecated ? "deprecated" : "changed";
    tools.push({ kind, slug: tool.slug, class: worst(changes.map((change) => change.class)), changes });
  }
  tools.sort((a, b) => (a.slug < b.slug ? -1 : 1));
  return {
    toolkit: before.slug,
    from: before.version,
    to: after.version,
    class: worst(tools.map((tool) => tool.class)),
    tools,
  };
}

/** Says of a confirmed rename that it leads to no tool. */
function notThere(slug: string, slugs: Iterable<string>): ToolChange["changes"][number] {
  const meant = nearest(slug, slugs);
  const text = `is said to have become ${slug}, which is not a tool${meant === undefined ? "" : `: did you mean ${meant}?`}`;
  return { side: "tool", class: "breaking", path: "", text };
}

/** What finds the documents that references lead to, before and after. */
type Loaders = readonly [before: DocumentLoader, after: DocumentLoader];

function loaderOf({ app }: CatalogueToolkit, load: DocumentLoader): DocumentLoader {
  return app === undefined ? load : (uri) => app.load(uri) ?? load(uri);
}

function compareTools(before: CatalogueTool, after: CatalogueTool, loaders: Loaders): ToolChange["changes"] {
  const changes: ToolChange["changes"][number][] = [];
  const note = (kind: ChangeClass, text: string): void => {
    changes.push({ side: "tool", class: kind, path: "", text });
  };
  if (!before.deprecated && after.deprecated) note("risky", "is now deprecated");
  if (before.hints.readOnly && !after.hints.readOnly) note("risky", "is no longer marked as read-only");
  if (before.hints.idempotent && !after.hints.idempotent) note("risky", "is no longer marked as idempotent");
  if (!before.hints.destructive && after.hints.destructive) note("risky", "is now marked as destructive");
  if (before.noAuth && !after.noAuth) note("risky", "now needs a connected account");
  const scopes = after.scopes.filter((scope) => !before.scopes.includes(scope));
  if (scopes.length > 0) note("risky", `needs additional scopes: ${scopes.join(", ")}`);
  const [asked, asks] = [before, after].map(({ route }) => route && `${route.method} ${route.path}`);
  if (asked !== asks) note("safe", `is now ${asks}, was ${asked}`);
  if (before.description !== after.description) note("safe", "reworded");
  for (const side of ["input", "output"] as const) {
    for (const change of compareSide(before[side], after[side], side, loaders)) changes.push({ ...change, side });
  }
  return changes;
}

function compareSide(
  before: SchemaDocument | undefined,
  after: SchemaDocument | undefined,
  side: "input" | "output",
  [loadBefore, loadAfter]: Loaders,
): SchemaChange[] {
  if (before === undefined || after === undefined) {
    if (before === after) return [];
    // Data without a schema is `unknown`.
    return [
      {
        class: after === undefined ? "breaking" : "safe",
        path: "",
        text: after === undefined ? "no longer has a schema" : "now has a schema",
      },
    ];
  }
  // The document of an app holds the schemas of all of its tools: comparing what one reaches is less.
  const isOwn = before.base === undefined && before.pointer === after.pointer;
  if (isOwn && isDeepStrictEqual(before.document, after.document)) return [];
  try {
    return compareSchemas(buildSchemaNode(before, loadBefore).root, buildSchemaNode(after, loadAfter).root, side);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    return [{ class: "risky", path: error.pointer, text: `cannot be compared: ${error.message}` }];
  }
}
