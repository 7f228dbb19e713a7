import type { CST, Document } from "yaml";
import { yaml } from "./yaml.js";

/** A document as it was parsed, errors included, and where a second one begins; or where it nests too deep. */
export type ParsedYaml =
  { readonly document: Document.Parsed; readonly nextAt: number | undefined } | { readonly tooDeepAt: number };

/**
 * Parses the first document of a text. Aliases stay aliases and equal keys are not looked for: both can cost far more
 * than the text is long. With `merge`, converting the document merges `<<`. Nesting is bounded before anything recurses, since a stack that runs over ends the process.
 */
export function parseYaml(text: string, maxDepth: number, { merge = false }: { merge?: boolean } = {}): ParsedYaml {
  const { Composer, Lexer, Parser } = yaml();
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > maxDepth) return { tooDeepAt: Math.min(offset, text.length) };
    offset = parser.offset;
  }
  for (const token of parser.end()) tokens.push(token);
  const composer = new Composer({ prettyErrors: false, strict: true, uniqueKeys: false, merge, logLevel: "silent" });
  const [, next] = tokens.filter(({ type }) => type === "document");
  const [document] = composer.compose(tokens, true, text.length);
  if (document === undefined) throw new Error("Nothing was composed");
  return { document, nextAt: next !== undefined && "offset" in next ? next.offset : undefined };
}
