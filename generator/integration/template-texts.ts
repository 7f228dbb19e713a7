import type { Problems, Spot } from "./problems.js";
import { lookalikesIn, readTemplate } from "./templates.js";
import { type TextTree } from "./tree.js";
import { clip } from "../text/shown.js";

/** Mistakes reported per text. */
const MOST_OF_A_TEXT = 10;

/** Reads a template, and reports its faults at its location. */
export function readTemplateAt(
  tree: TextTree,
  known: readonly string[],
  problems: Problems,
  onUse: (name: string) => void,
  others?: Readonly<Record<string, string>>,
): string | undefined {
  const { text, uses, faults, guesses } = readTemplate(tree.text, known, others);
  uses.forEach(onUse);
  for (const { raw, index, what, fix } of faults.slice(0, MOST_OF_A_TEXT)) {
    problems.error("TB2052", spotIn(tree, raw, index), { what: clip(what, 200), fix });
  }
  for (const { raw, index, meant } of guesses.slice(0, MOST_OF_A_TEXT)) {
    problems.warning("TB2052", spotIn(tree, raw, index), {
      what: `\`${clip(raw)}\` does not name a field of this scheme`,
      expected: `\`{{${meant}}}\``,
      received: "a similar name, which is used instead",
      fix: `write \`{{${meant}}}\``,
    });
  }
  return faults.length === 0 ? text : undefined;
}

/** Warns about text that looks like a template but is not one. */
export function warnOfLookalikes(tree: TextTree, known: readonly string[], problems: Problems): void {
  for (const { raw, index, fix } of lookalikesIn(tree.text, known).slice(0, MOST_OF_A_TEXT)) {
    problems.warning("TB2052", spotIn(tree, raw, index), { what: `\`${clip(raw)}\` is sent literally`, fix });
  }
}

/** Locates a part of a text in the file, where the text may be quoted and wrapped. */
function spotIn({ text, spot, end }: TextTree, part: string, index: number): Spot {
  const { file, offset } = spot;
  let nth = 0;
  for (let at = text.indexOf(part); at !== -1 && at < index; at = text.indexOf(part, at + part.length)) nth++;
  let found = file.text.indexOf(part, offset);
  for (; nth > 0 && found !== -1; nth--) found = file.text.indexOf(part, found + part.length);
  return found === -1 || found >= end ? spot : { file, offset: found };
}
