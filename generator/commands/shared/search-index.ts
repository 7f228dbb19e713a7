import MiniSearch from "minisearch";
import type { NamedTool } from "./named-tool.js";

export interface SearchHit {
  readonly found: NamedTool;
  readonly score: number;
}

/** Words of prose, of slugs and of camelCase names. */
function wordsOf(text: string): string[] {
  return text
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** The tools that fit the words best, best first: those that have them all or, when none has, those that have some. */
export function searchTools(tools: readonly NamedTool[], words: string): SearchHit[] {
  const index = new MiniSearch({
    fields: ["function", "name", "toolkit", "slug", "description"],
    tokenize: wordsOf,
    searchOptions: {
      boost: { function: 4, name: 3, toolkit: 3, slug: 2 },
      prefix: (term) => term.length > 2,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
    },
  });
  index.addAll(
    tools.map(({ tool, namespace, name }, id) => ({
      id,
      function: name,
      name: tool.name,
      toolkit: `${namespace} ${tool.toolkit}`,
      slug: tool.slug,
      description: tool.description,
    })),
  );
  const all = index.search(words, { combineWith: "AND" });
  const results = all.length > 0 ? all : index.search(words);
  return results.flatMap(({ id, score }) => {
    const found = tools[id as number];
    return found === undefined ? [] : [{ found, score }];
  });
}
