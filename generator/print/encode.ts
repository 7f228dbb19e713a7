// The only way for text of a description into emitted code.

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** A double-quoted string literal that is inert in TypeScript, JavaScript and an HTML script. */
export function stringLiteral(text: string): string {
  return inert(JSON.stringify(text));
}

// What JSON allows in a string but a script should not contain: control characters, line separators, marks that
// reorder or hide text in an editor, and what would end a script in HTML.
const ACTIVE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|<(?=[/!])/;
const EVERY_ACTIVE = new RegExp(ACTIVE, "g");

/** Escapes what is active in a string of JSON text. */
function inert(json: string): string {
  if (!ACTIVE.test(json)) return json;
  return json.replace(EVERY_ACTIVE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

export function numberLiteral(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** A key of an object literal. `__proto__` is computed, as it would set the prototype otherwise. */
export function objectKey(key: string): string {
  return key === "__proto__" ? '["__proto__"]' : typeKey(key);
}

/** A key of an interface or object type. */
export function typeKey(key: string): string {
  return IDENTIFIER.test(key) ? key : stringLiteral(key);
}

/** JSON values as an array, on one line. */
export function valuesLiteral(values: readonly unknown[]): string {
  return isWide(values) ? parsed(JSON.stringify(values)) : valueLiteral(values);
}

/** A JSON value as a literal on one line. */
export function valueLiteral(value: unknown): string {
  if (typeof value === "string") return stringLiteral(value);
  if (typeof value === "number") return numberLiteral(value);
  if (Array.isArray(value)) return `[${value.map(valueLiteral).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => `${objectKey(key)}: ${valueLiteral(item)}`);
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  }
  return String(value);
}

const WIDTH = 100;

/** A JSON value as a literal, broken into lines if it is long. */
export function blockLiteral(value: unknown, indent: string): string {
  const line = valueLiteral(value);
  if (line.length <= WIDTH - indent.length || typeof value !== "object" || value === null) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => `${inner}${blockLiteral(item, inner)},\n`).join("")}${indent}]`;
  }
  const members = Object.entries(value).map(
    ([key, item]) => `${inner}${objectKey(key)}: ${blockLiteral(item, inner)},\n`,
  );
  return `{\n${members.join("")}${indent}}`;
}

/**
 * A JSON value as an expression on one line, in the order and notation of JSON. Text costs a compiler next to nothing,
 * and an engine less than a literal; where JSON is short, the literal reads better.
 */
export function jsonLiteral(value: unknown): string {
  const json = JSON.stringify(value);
  if (json.length <= LONGEST_LITERAL && !json.includes('"__proto__"')) return inert(json);
  return parsed(json);
}

const LONGEST_LITERAL = 120;

/** JSON text as an expression of its value. */
function parsed(json: string): string {
  return `/*#__PURE__*/ JSON.parse(${textLiteral(json)})`;
}

/** A string literal of JSON text, in single quotes, as it is full of double ones. */
function textLiteral(json: string): string {
  return `'${inert(json.replaceAll(/[\\']/g, "\\$&"))}'`;
}

/** The JSON text of a value as a string literal. */
export function jsonTextLiteral(value: unknown): string {
  return textLiteral(JSON.stringify(value));
}

/** TypeScript compares each object in an array literal with each other one, and refuses about a thousand of them. */
const WIDEST_ARRAY = 500;

/** Whether some array in a JSON value, whose text has this length, holds too many objects for a compiler. */
function isWide(value: unknown, length: number = Infinity): boolean {
  // Each object takes two brackets and a comma.
  if (length < 3 * WIDEST_ARRAY || typeof value !== "object" || value === null) return false;
  const objects = Object.values(value).filter((item) => typeof item === "object" && item !== null);
  return (Array.isArray(value) && objects.length > WIDEST_ARRAY) || objects.some((item) => isWide(item));
}

/** The source of a pattern, without the slash escapes of a literal. */
export function patternSource({ source }: RegExp): string {
  return source === "(?:)" ? "" : source.replaceAll("\\/", "/");
}

export function regexLiteral(pattern: RegExp): string {
  const source = stringLiteral(patternSource(pattern));
  return pattern.flags === "" ? `new RegExp(${source})` : `new RegExp(${source}, ${stringLiteral(pattern.flags)})`;
}

/** Lines for the inside of a block comment: nothing in them ends it, and nothing starts a tag of its own. */
export function commentLines(text: string): string[] {
  const safe = commentText(text);
  if (!safe.includes("\n")) return [safe.trimEnd()];
  return safe.split("\n").map((line) => line.trimEnd());
}

/** Text for one place inside a block comment. */
export function commentText(text: string): string {
  if (/^[\n\x20-\x7e]*$/.test(text) && !/\*\/|@|<\/script|<!--/i.test(text)) return text;
  return text
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, "\n")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, " ")
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")
    .replace(/\*\//g, "*\\/")
    .replace(/<(?=\/script|!--)/gi, "<\\")
    .replace(/(?<!\S)@/g, "\\@");
}
