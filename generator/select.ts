import type { Catalogue, CatalogueTool, CatalogueToolkit } from "./catalogue/types.js";
import type { ToolkitSelection } from "./config/types.js";
import { diagnostic, ToolbindError, type Diagnostic } from "./errors.js";
import { nearest } from "../runtime/nearest.js";
import { TOOLKIT_SLUG } from "./catalogue/slug.js";

export interface Selection {
  /** By toolkit slug; null selects all. */
  readonly toolkits: Readonly<Record<string, ToolkitSelection>> | null;
  /** Globs over slugs of tools and toolkits; a tool has to match one. */
  readonly only: readonly string[] | undefined;
}

type Matches = (text: string) => boolean;

/** The part of a catalogue that is generated. Throws if something selected does not exist. */
export async function select(catalogue: Catalogue, { toolkits, only }: Selection, source: string): Promise<Catalogue> {
  if (toolkits === null && only === undefined) return catalogue;
  const matcher = await import("picomatch");
  const globs = (patterns: readonly string[] | undefined): Matches | undefined =>
    patterns === undefined ? undefined : matcher.default([...patterns], { nocase: true });
  let selected: readonly CatalogueToolkit[] = catalogue.toolkits;
  if (toolkits !== null) {
    selected = Object.entries(toolkits).map(([slug, wanted]) => {
      const toolkit = catalogue.toolkits.find((candidate) => candidate.slug === slug);
      if (toolkit === undefined) throw noSuchToolkit(slug, catalogue, source);
      refuseOtherVersion(toolkit, wanted);
      const tools = filter(toolkit, wanted, globs);
      if (tools.length === 0) throw nothingSelected(toolkit, wanted, source);
      return { ...toolkit, tools };
    });
    // Custom apps are there because the project has them; naming toolkits of the platform does not leave them out.
    const apps = catalogue.toolkits.filter(({ slug, app }) => app !== undefined && !Object.hasOwn(toolkits, slug));
    selected = [...selected, ...apps].sort((a, b) => (a.slug < b.slug ? -1 : 1));
  }
  const matches = globs(only);
  if (matches !== undefined) {
    selected = selected
      .map((toolkit) =>
        matches(toolkit.slug) ? toolkit : { ...toolkit, tools: toolkit.tools.filter(({ slug }) => matches(slug)) },
      )
      .filter(({ tools }) => tools.length > 0);
    if (selected.length === 0) {
      throw new ToolbindError("TB1004", {
        what: `No tool matches ${only?.join(" or ")}`,
        at: { source },
        fix: "see what is available with `toolbind list`",
      });
    }
  }
  return { toolkits: selected };
}

function filter(
  toolkit: CatalogueToolkit,
  { tools, exclude, tags }: ToolkitSelection,
  globs: (patterns: readonly string[] | undefined) => Matches | undefined,
): readonly CatalogueTool[] {
  const included = globs(tools);
  const excluded = globs(exclude);
  return toolkit.tools.filter(
    (tool) =>
      (included?.(tool.slug) ?? true) &&
      !(excluded?.(tool.slug) ?? false) &&
      (tags === undefined || tags.some((tag) => tool.tags.includes(tag))),
  );
}

function refuseOtherVersion({ slug, version, source }: CatalogueToolkit, wanted: ToolkitSelection): void {
  if (wanted.version === undefined || wanted.version === version) return;
  throw new ToolbindError("TB2006", {
    what: `Snapshot of ${slug} has another version than the configuration pins`,
    at: { source },
    expected: wanted.version,
    received: version ?? "none",
    fix: `run \`toolbind pull ${slug}\`, or correct \`toolkits.${slug}.version\``,
  });
}

function noSuchToolkit(slug: string, { toolkits }: Catalogue, source: string): ToolbindError {
  const meant = nearest(
    slug,
    toolkits.map((toolkit) => toolkit.slug),
  );
  const fetched = slug.toLowerCase();
  const fetch = TOOLKIT_SLUG.test(fetched) ? `fetch it with \`toolbind pull ${fetched}\`` : "correct the name";
  return new ToolbindError("TB1004", {
    what: `There is no toolkit ${JSON.stringify(slug)} in the snapshot`,
    at: { source, pointer: `/toolkits/${slug}` },
    fix: meant === undefined ? fetch : `did you mean \`${meant}\`? Otherwise ${fetch}`,
  });
}

function nothingSelected({ slug, tools }: CatalogueToolkit, wanted: ToolkitSelection, source: string): ToolbindError {
  const misspelt = (texts: readonly string[] | undefined, known: readonly string[]): string | undefined =>
    texts?.map((text) => (known.includes(text) ? undefined : nearest(text, known))).find((each) => each !== undefined);
  const meant =
    misspelt(
      wanted.tools?.map((text) => text.toUpperCase()),
      tools.map((tool) => tool.slug),
    ) ??
    misspelt(
      wanted.tags,
      tools.flatMap((tool) => tool.tags),
    );
  const list = `\`toolbind list ${slug}\` prints the tools of the toolkit`;
  return new ToolbindError("TB1004", {
    what: `No tool of ${slug} is selected`,
    at: { source, pointer: `/toolkits/${slug}` },
    fix: meant === undefined ? `correct the selection; ${list}` : `did you mean \`${meant}\`? Otherwise ${list}`,
  });
}

/** A warning for each toolkit with tools that have no pin. */
export function unpinned({ toolkits }: Catalogue): Diagnostic[] {
  return toolkits.flatMap(({ slug, tools }) => {
    const without = tools.filter(({ version }) => version === null);
    const [first] = without;
    if (first === undefined) return [];
    const some = without.length === 1 ? "a tool" : `${String(without.length)} tools`;
    const what =
      without.length === tools.length
        ? `Toolkit ${slug} is unpinned: its catalogue names no dated version, so each call needs one`
        : `Toolkit ${slug} has ${some} without a dated version, so each call of ${without.length === 1 ? "it" : "them"} needs one`;
    return [diagnostic("TB2008", "warning", { what, at: first.location, fix: "add a dated version there" })];
  });
}

const GLOB = /[*?{}[\]()!]/;

/**
 * What a selection contains but its toolkit does not have: misspelt, or removed since. A glob that excludes nothing may
 * be there for future tools.
 */
export async function unmatched(
  { toolkits }: Catalogue,
  wanted: Selection["toolkits"],
  source: string,
): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const [slug, { tools = [], exclude = [], tags = [] }] of Object.entries(wanted ?? {})) {
    const own = toolkits.find((toolkit) => toolkit.slug === slug)?.tools ?? [];
    const slugs = own.map((tool) => tool.slug);
    const known = new Set(slugs.map((each) => each.toUpperCase()));
    const note = (key: string, text: string, candidates: readonly string[]): void => {
      const meant = nearest(text, candidates);
      found.push(
        diagnostic("TB1004", "warning", {
          what: `${JSON.stringify(text)} matches no tool of ${slug}`,
          at: { source, pointer: `/toolkits/${slug}/${key}` },
          fix: meant === undefined ? "correct it, or remove it" : `did you mean \`${meant}\`?`,
        }),
      );
    };
    const globs = tools.filter((text) => GLOB.test(text));
    const matcher = globs.length === 0 ? undefined : await import("picomatch");
    for (const text of globs) {
      const matches = matcher?.default(text, { nocase: true });
      if (matches !== undefined && !slugs.some((each) => matches(each))) note("tools", text, []);
    }
    for (const [key, texts] of [
      ["tools", tools],
      ["exclude", exclude],
    ] as const)
      for (const text of texts) if (!GLOB.test(text) && !known.has(text.toUpperCase())) note(key, text, slugs);
    const carried = new Set(own.flatMap((tool) => tool.tags));
    for (const tag of tags) if (!carried.has(tag)) note("tags", tag, [...carried]);
  }
  return found;
}
