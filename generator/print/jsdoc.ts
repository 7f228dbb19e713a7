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
  const nodes = standingFor(node);
  const raws = nodes.map(({ raw }) => (typeof raw === "boolean" ? {} : raw));
  const [own = {}, ...inherited] = raws;
  const described = inherited.find((raw) => raw["description"] !== undefined);
  const description = own["description"] ?? clipped(described?.["description"]);
  const lines = typeof description === "string" && description.trim() !== "" ? commentLines(description.trim()) : [];
  for (const meaning of meaningsOf(nodes.at(-1) ?? node)) lines.push(meaning);
  const tags: string[] = [];
  const withDefault = raws.find((raw) => raw["default"] !== undefined);
  if (withDefault !== undefined) tags.push(`@default ${value(withDefault["default"])}`);
  for (const [tag, limit] of limits(nodes)) tags.push(`@${tag} ${limit}`);
  for (const example of raws.map(examplesOf).find((examples) => examples.length > 0) ?? [])
    tags.push(`@example ${value(example)}`);
  if (own["readOnly"] === true) tags.push("@readonly");
  if (own["writeOnly"] === true) tags.push("@writeonly");
  if (own["deprecated"] === true) tags.push("@deprecated");
  if (lines.length > 1 && tags.length > 0) lines.push("");
  return [...lines, ...tags];
}

const MAX_STANDING = 4;

/** The schema, and those that it wraps: what it refers to, its only part, its only alternative besides null. */
function standingFor(schema: SchemaNode): readonly SchemaNode[] {
  const nodes = [schema];
  for (const { combines, ref, allOf, anyOf, oneOf } of nodes) {
    if (!combines || nodes.length === MAX_STANDING) break;
    const parts = ref === undefined ? (anyOf ?? oneOf ?? allOf ?? []) : [ref.target];
    if (parts.length > 2) break;
    const [next, other] = parts.filter(({ types }) => types?.length !== 1 || types[0] !== "null");
    if (next !== undefined && other === undefined && !nodes.includes(next)) nodes.push(next);
  }
  return nodes;
}

const MOST_MEANINGS = 30;

/** What each value means, where the alternatives are one value each. */
function meaningsOf({ anyOf, oneOf }: SchemaNode): string[] {
  const meanings: string[] = [];
  for (const { const: constant, enum: values, raw } of (oneOf ?? anyOf ?? []).slice(0, MOST_MEANINGS)) {
    const description = typeof raw === "boolean" ? undefined : raw["description"];
    const literal = constant === undefined ? values : [constant.value];
    if (literal?.length !== 1 || typeof description !== "string" || description.trim() === "") continue;
    meanings.push(`- \`${value(literal[0])}\`: ${text(description.trim())}`);
  }
  return meanings;
}

const NUMBERS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"] as const;
const COUNTS = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"] as const;

function* limits(nodes: readonly SchemaNode[]): Generator<readonly [string, string]> {
  const first = <K extends keyof SchemaNode>(keyword: K): SchemaNode[K] | undefined =>
    nodes.find((node) => node[keyword] !== undefined)?.[keyword];
  for (const keyword of [...NUMBERS, ...COUNTS]) {
    const limit = first(keyword);
    if (limit !== undefined) yield [keyword, numberLiteral(limit)];
  }
  if (nodes.some((node) => node.uniqueItems)) yield ["uniqueItems", "true"];
  const pattern = first("pattern");
  if (pattern !== undefined) yield ["pattern", text(patternSource(pattern))];
  const format = first("format");
  if (format !== undefined) yield ["format", text(format)];
}

function examplesOf(raw: Readonly<Record<string, unknown>>): readonly unknown[] {
  if (Array.isArray(raw["examples"])) return raw["examples"].slice(0, 3);
  return raw["example"] === undefined ? [] : [raw["example"]];
}

const LONGEST = 200;
const LONGEST_INHERITED = 1000;

/** A description that is repeated at each reference. */
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
