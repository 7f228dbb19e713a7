import type { Catalogue, CatalogueTool, CatalogueToolkit } from "./catalogue/types.js";
import type { ToolkitSelection } from "./config/types.js";
import { ToolbindError } from "./errors.js";

export interface Selection {
  /** By toolkit slug; null selects all. */
  readonly toolkits: Readonly<Record<string, ToolkitSelection>> | null;
  /** Globs over slugs of tools and toolkits; a tool has to match one. */
  readonly only: readonly string[] | undefined;
}

type Matches = (text: string) => boolean;

/** The part of a catalogue that is generated. Throws where something is named that is not there. */
export async function select(catalogue: Catalogue, { toolkits, only }: Selection, source: string): Promise<Catalogue> {
  if (toolkits === null && only === undefined) return catalogue;
  const matcher = await import("picomatch");
  const globs = (patterns: readonly string[] | undefined): Matches | undefined =>
    patterns === undefined ? undefined : matcher.default([...patterns], { nocase: true });
  let selected: readonly CatalogueToolkit[] = catalogue.toolkits;
  if (toolkits !== null) {
    selected = Object.entries(toolkits).map(([slug, wanted]) => {
      const toolkit = catalogue.toolkits.find((candidate) => candidate.slug === slug);
      if (toolkit === undefined) throw missing(`toolkit ${JSON.stringify(slug)}`, `/toolkits/${slug}`, source, slug);
      refuseOtherVersion(toolkit, wanted);
      const tools = filter(toolkit, wanted, globs);
      if (tools.length === 0) throw missing(`tool of ${slug} that is selected`, `/toolkits/${slug}`, source, slug);
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
    if (selected.length === 0) throw missing(`tool that matches ${only?.join(" or ")}`, undefined, source, undefined);
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

function missing(
  what: string,
  pointer: string | undefined,
  source: string,
  toolkit: string | undefined,
): ToolbindError {
  return new ToolbindError("TB1004", {
    what: `There is no ${what}`,
    at: pointer === undefined ? { source } : { source, pointer },
    fix:
      toolkit === undefined
        ? "look at what there is with `toolbind list`"
        : "correct the name; `toolbind list` shows what there is",
  });
}
