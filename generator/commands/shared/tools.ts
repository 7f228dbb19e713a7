import type { CatalogueToolkit } from "../../catalogue/types.js";
import { ToolbindError, type Diagnostic } from "../../errors.js";
import { loadCatalogue } from "../../load.js";
import type { Source } from "../../source.js";
import type { NamedTool } from "./named-tool.js";

export interface Tools {
  readonly toolkits: readonly CatalogueToolkit[];
  readonly all: readonly NamedTool[];
  readonly namespaceOf: (toolkit: string) => string;
  readonly diagnostics: readonly Diagnostic[];
}

/** The tools that a source selects, by name. */
export async function loadTools(source: Source): Promise<Tools> {
  const { catalogue, toolkitNames, toolNames, diagnostics } = await loadCatalogue(source);
  const namesOf = (toolkit: string): { namespace: string; folder: string } =>
    toolkitNames.get(toolkit) ?? { namespace: toolkit, folder: toolkit };
  const all = catalogue.toolkits.flatMap((toolkit) =>
    toolkit.tools.map((tool) => ({
      tool,
      toolkit,
      ...namesOf(toolkit.slug),
      name: toolNames.get(toolkit.slug)?.get(tool.slug) ?? tool.slug,
    })),
  );
  return { toolkits: catalogue.toolkits, all, namespaceOf: (toolkit) => namesOf(toolkit).namespace, diagnostics };
}

/** The tool of a slug, in any case, or of a function's name (`github.createIssue`). */
export async function findTool(tools: Tools, wanted: string): Promise<NamedTool> {
  const slug = wanted.toUpperCase();
  const found = tools.all.find(({ tool, namespace, name }) => tool.slug === slug || `${namespace}.${name}` === wanted);
  if (found !== undefined) return found;
  const suggestions = await suggest(tools, wanted);
  throw new ToolbindError("TB1004", {
    what: `There is no tool \`${wanted}\` among the ${tools.all.length} selected`,
    fix:
      suggestions.length === 0
        ? "look for it with `toolbind search WORDS`"
        : `did you mean ${suggestions.map((each) => `\`${each}\``).join(" or ")}?`,
  });
}

async function suggest(tools: Tools, wanted: string): Promise<string[]> {
  const { nearest } = await import("../../../runtime/nearest.js");
  const spelt = nearest(
    wanted,
    tools.all.map(({ tool }) => tool.slug),
  );
  if (spelt !== undefined) return [spelt];
  const { searchTools } = await import("./search-index.js");
  return searchTools(tools.all, wanted)
    .slice(0, 3)
    .map(({ found }) => found.tool.slug);
}

/** What a program learns about a tool. */
export function toolFacts({ tool, namespace, name }: NamedTool): Record<string, unknown> {
  return {
    slug: tool.slug,
    function: `${namespace}.${name}`,
    toolkit: tool.toolkit,
    name: tool.name,
    description: tool.description,
    version: tool.version,
    tags: tool.tags,
    hints: tool.hints,
    scopes: tool.scopes,
    noAuth: tool.noAuth,
    deprecated: tool.deprecated,
  };
}
