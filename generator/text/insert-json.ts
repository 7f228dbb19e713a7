import { locateKey } from "./locate.js";
import { tokensOf, type Token } from "./tokens.js";

/**
 * Adds a property at the end of an object inside JSON text, which is made when it is missing, and leaves every other
 * character as it is. The text must be a JSON object.
 */
export function insertInto(text: string, object: string, key: string, value: string): string {
  const tokens = [...tokensOf(text)];
  const keyStart = locateKey(text, [object]);
  const property = `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
  if (keyStart !== undefined) {
    const open = tokens.findIndex(({ start }) => start === keyStart) + 2;
    return append(text, tokens, open, property, 2);
  }
  const made = append("{}", [...tokensOf("{}")], 0, property, 2, formatOf(text));
  return append(text, tokens, 0, `${JSON.stringify(object)}: ${made}`, 1);
}

interface Format {
  /** Empty where all stands on one line. */
  readonly lineEnd: string;
  readonly indent: string;
}

function formatOf(text: string): Format {
  return { lineEnd: /\r?\n(?=[^])/.exec(text)?.[0] ?? "", indent: /^([ \t]+)"/m.exec(text)?.[1] ?? "  " };
}

function append(
  text: string,
  tokens: readonly Token[],
  open: number,
  property: string,
  depth: number,
  { lineEnd, indent }: Format = formatOf(text),
): string {
  const closing = closingOf(tokens, open);
  const last = tokens[closing - 1];
  const brace = tokens[closing];
  if (last === undefined || brace === undefined) return text;
  const end = last.start + last.text.length;
  const space = text.slice(end, brace.start);
  if (closing === open + 1) {
    const inside =
      lineEnd === "" ? ` ${property} ` : lineEnd + indent.repeat(depth) + property + lineEnd + indent.repeat(depth - 1);
    return text.slice(0, end) + inside + text.slice(brace.start);
  }
  const gap = space.includes("\n") ? lineEnd + indent.repeat(depth) : " ";
  return `${text.slice(0, end)},${gap}${property}${text.slice(end)}`;
}

function closingOf(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    const mark = tokens[index]?.kind === "mark" ? tokens[index]?.text : "";
    if (mark === "{" || mark === "[") depth++;
    else if ((mark === "}" || mark === "]") && --depth === 0) return index;
  }
  return tokens.length - 1;
}
