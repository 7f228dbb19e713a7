import type { Document } from "yaml";
import { keysOf } from "./json-pointer.js";
import { parseYaml } from "./parse-yaml.js";
import { positionOf, type Position } from "./position.js";
import { yaml } from "./yaml.js";

/** Stack entries of the parser; a level of nesting takes one or two. */
const MAX_DEPTH = 1000;

/**
 * The location of a JSON pointer's target in a YAML or JSON text: the last key or item that it leads to, or the nearest enclosing
 * one. The beginning of the text for a pointer that leads nowhere.
 */
export function locateYaml(text: string, pointer: string): Position {
  // Faults come in groups, and parsing costs more than finding.
  if (last?.text !== text) last = { text, locate: yamlLocator(text) };
  return last.locate(pointer);
}

let last: { readonly text: string; readonly locate: (pointer: string) => Position } | undefined;

function yamlLocator(text: string): (pointer: string) => Position {
  const parsed = parseYaml(text, MAX_DEPTH);
  if (!("document" in parsed)) return () => positionOf(text, parsed.tooDeepAt);
  const { document } = parsed;
  return (pointer) => positionOf(text, offsetOf(document, pointer));
}

function offsetOf(document: Document.Parsed, pointer: string): number {
  const { isAlias, isMap, isScalar, isSeq } = yaml();
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of keysOf(pointer)) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && textOf(key) === part);
      if (pair === undefined) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && /^\d+$/.test(part)) {
      node = node.items[Number(part)];
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset;
}

/** `200` and `1.0` as they are written, since a key is text to JSON. */
function textOf({ value, source }: { readonly value: unknown; readonly source?: string }): string {
  return typeof value === "number" && source !== undefined ? source : String(value);
}

function startOf(node: unknown): number | undefined {
  return yaml().isNode(node) ? node.range?.[0] : undefined;
}
