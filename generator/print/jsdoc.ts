import type { SchemaNode } from "../schema/node.js";
import { commentLines, commentText, numberLiteral, patternSource } from "./encode.js";

/** A JSDoc comment with these lines, each of them already safe inside one; empty without lines. */
export function jsdoc(lines: readonly string[], indent: string): string {
  if (lines.length === 0) return "";
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  let text = `${indent}/**\n`;
  for (const line of lines) text += line === "" ? `${indent} *\n` : `${indent} * ${line}\n`;
  return `${text}${indent} */\n`;
}

/** What a schema says for people: description, default, limits, examples, deprecation. */
export function schemaDoc(node: SchemaNode): string[] {
  const raw = typeof node.raw === "boolean" ? {} : node.raw;
  const target = node.ref?.target.raw;
  const inherited = typeof target === "object" ? target : {};
  const description = raw["description"] ?? clipped(inherited["description"]);
  const lines = typeof description === "string" && description.trim() !== "" ? commentLines(description.trim()) : [];
  const tags: string[] = [];
  if (raw["default"] !== undefined) tags.push(`@default ${value(raw["default"])}`);
  for (const [tag, limit] of limits(node)) tags.push(`@${tag} ${limit}`);
  for (const example of examplesOf(raw)) tags.push(`@example ${value(example)}`);
  if (raw["readOnly"] === true) tags.push("@readonly");
  if (raw["writeOnly"] === true) tags.push("@writeonly");
  if (raw["deprecated"] === true) tags.push("@deprecated");
  if (lines.length > 1 && tags.length > 0) lines.push("");
  return [...lines, ...tags];
}

function* limits(node: SchemaNode): Generator<readonly [string, string]> {
  for (const keyword of ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"] as const) {
    const limit = node[keyword];
    if (limit !== undefined) yield [keyword, numberLiteral(limit)];
  }
  for (const keyword of ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"] as const) {
    const limit = node[keyword];
    if (limit !== undefined) yield [keyword, String(limit)];
  }
  if (node.uniqueItems) yield ["uniqueItems", "true"];
  if (node.pattern !== undefined) yield ["pattern", text(patternSource(node.pattern))];
  if (node.format !== undefined) yield ["format", text(node.format)];
}

function examplesOf(raw: Readonly<Record<string, unknown>>): readonly unknown[] {
  if (Array.isArray(raw["examples"])) return raw["examples"].slice(0, 3);
  return raw["example"] === undefined ? [] : [raw["example"]];
}

const LONGEST = 200;
const LONGEST_INHERITED = 1000;

/** A description that is repeated wherever something refers to it. */
function clipped(description: unknown): unknown {
  if (typeof description !== "string" || description.length <= LONGEST_INHERITED) return description;
  return `${description.slice(0, LONGEST_INHERITED)}…`;
}

function value(json: unknown): string {
  return text(JSON.stringify(json) ?? "");
}

function text(raw: string): string {
  const line = commentText(raw).replaceAll("\n", " ");
  return line.length > LONGEST ? `${commentText(line.slice(0, LONGEST - 1))}…` : line;
}
