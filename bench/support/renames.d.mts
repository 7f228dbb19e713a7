import type { CatalogueTool } from "../../generator/catalogue/types.js";
import type { findRenames } from "../../generator/diff/renames.js";

export interface RenameCounts {
  readonly right: number;
  readonly wrong: number;
  readonly missed: number;
}

export function measureRenames(find: typeof findRenames, toolkits: readonly (readonly CatalogueTool[])[]): RenameCounts;

export function otherSlug(slug: string, random: () => number): string;

export function numbers(seed: number): () => number;
