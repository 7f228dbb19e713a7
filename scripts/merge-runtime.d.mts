/** Which modules each merged module has the exports of, by its path without the ending. */
type Merging = Readonly<Record<string, readonly string[]>>;

export const RUNTIME: Merging;
export function overClassic(text: string): string;
export function mergeModules(folder: string, merging: Merging): Map<string, string>;
