import { tokensOf, type Token } from "./tokens.js";

export type KeyPath = readonly (string | number)[];

interface Level {
  readonly kind: "object" | "array" | "other";
  key: string | number | undefined;
}

interface FoundKey {
  readonly path: KeyPath;
  readonly keyStart: number;
}

/**
 * The location of a key path in a configuration written in JSON, JavaScript or TypeScript: the offset of its last key,
 * or of the nearest enclosing one. Undefined when the text does not spell the path out, as when it is imported.
 */
export function locateKey(text: string, path: KeyPath): number | undefined {
  const keys = [...keysOf(text)];
  for (let length = path.length; length > 0; length--) {
    const wanted = path.slice(0, length);
    const found = keys.find((key) => samePath(key.path, wanted));
    if (found !== undefined) return found.keyStart;
  }
  return undefined;
}

/** The first key that an object literal has twice. */
export function duplicateKey(text: string): FoundKey | undefined {
  const seen = new Set<string>();
  for (const key of keysOf(text)) {
    if (typeof key.path.at(-1) === "number") continue;
    const identity = JSON.stringify(key.path);
    if (seen.has(identity)) return key;
    seen.add(identity);
  }
  return undefined;
}

function samePath(a: KeyPath, b: KeyPath): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}

/** Every key and array element, with the path from the outermost literal that holds it. */
function* keysOf(text: string): Generator<FoundKey> {
  const tokens = [...tokensOf(text)];
  const levels: Level[] = [];
  for (const [index, token] of tokens.entries()) {
    const level = levels.at(-1);
    if (level?.kind === "array" && level.key === undefined && token.text !== "]") {
      level.key = 0;
      yield { path: pathOf(levels), keyStart: token.start };
    }
    if (token.text === "{") levels.push({ kind: "object", key: undefined });
    else if (token.text === "[") levels.push({ kind: "array", key: undefined });
    else if (token.text === "(") levels.push({ kind: "other", key: undefined });
    else if (token.text === "}" || token.text === "]" || token.text === ")") levels.pop();
    else if (token.text === "," && level?.kind === "array" && typeof level.key === "number") {
      level.key += 1;
      const next = tokens[index + 1];
      if (next !== undefined && next.text !== "]") yield { path: pathOf(levels), keyStart: next.start };
    } else if (level?.kind === "object" && isKey(tokens, index)) {
      level.key = keyText(token);
      yield { path: pathOf(levels), keyStart: token.start };
    }
  }
}

function pathOf(levels: readonly Level[]): KeyPath {
  return levels.flatMap((level) => (level.key === undefined ? [] : [level.key]));
}

function isKey(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  const before = tokens[index - 1]?.text;
  const after = tokens[index + 1]?.text;
  if (token === undefined || (before !== "{" && before !== ",")) return false;
  if (token.kind !== "word" && token.kind !== "string") return false;
  // A word alone is a shorthand property.
  return after === ":" || (token.kind === "word" && (after === "," || after === "}"));
}

function keyText(token: Token): string {
  if (token.kind !== "string") return token.text;
  try {
    return JSON.parse(token.text) as string;
  } catch {
    return token.text.slice(1, -1);
  }
}
