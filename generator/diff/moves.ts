import type { CatalogueTool, CatalogueToolkit } from "../catalogue/types.js";
import { type ConfirmedRenames, findMoves } from "./renames.js";
import type { ToolChange, ToolkitDiff } from "./toolkits.js";

/** Suggests, for removed tools, added tools of other toolkits that look the same, for a person to confirm. */
export function suggestMoves(
  diffs: readonly ToolkitDiff[],
  before: readonly CatalogueToolkit[],
  after: readonly CatalogueToolkit[],
  confirmed: ConfirmedRenames,
): ToolkitDiff[] {
  const removed = toolsOf(before, diffs, ({ kind, changes }) => kind === "removed" && changes.length === 0);
  const added = toolsOf(after, diffs, ({ kind }) => kind === "added");
  const owners = new Map(added.map(({ slug, toolkit }) => [slug, toolkit]));
  const moves = new Map(findMoves(removed, added, confirmed).map((move) => [move.from, move]));
  const suggest = (change: ToolChange): ToolChange => {
    const move = change.kind === "removed" ? moves.get(change.slug) : undefined;
    const toolkit = move && owners.get(move.to);
    if (move === undefined || toolkit === undefined) return change;
    const text = `may now be ${move.to} of ${toolkit} (${Math.round(move.score * 100)}% sure)`;
    const moved = { toolkit, slug: move.to, score: move.score };
    return { ...change, moved, changes: [{ side: "tool", class: "breaking", path: "", text }] };
  };
  return diffs.map((diff) => ({ ...diff, tools: diff.tools.map(suggest) }));
}

function toolsOf(
  toolkits: readonly CatalogueToolkit[],
  diffs: readonly ToolkitDiff[],
  isMeant: (change: ToolChange) => boolean,
): CatalogueTool[] {
  const slugs = new Map(
    diffs.map(({ toolkit, tools }) => [toolkit, new Set(tools.filter(isMeant).map((change) => change.slug))]),
  );
  return toolkits.flatMap(({ slug, tools }) => tools.filter((tool) => slugs.get(slug)?.has(tool.slug) === true));
}
