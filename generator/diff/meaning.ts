import { isDeepStrictEqual } from "node:util";
import type { SchemaNode } from "../schema/node.js";

/** The target of a schema that is only a reference. */
export function followed(node: SchemaNode): SchemaNode {
  let current = node;
  for (let steps = 0; steps < 100; steps++) {
    const target = current.ref?.target;
    if (target === undefined || typeof current.raw === "boolean") return current;
    if (Object.keys(current.raw).some((key) => key !== "$ref" && !ANNOTATIONS.has(key) && !key.startsWith("$")))
      return current;
    current = target;
  }
  return current;
}

const ANNOTATIONS: ReadonlySet<string> = new Set([
  "title",
  "description",
  "default",
  "examples",
  "example",
  "deprecated",
  "readOnly",
  "writeOnly",
  "$comment",
]);

/** The keywords of a schema that say something of values; definitions say nothing by themselves. */
export function assertionsOf(raw: SchemaNode["raw"]): Readonly<Record<string, unknown>> {
  if (typeof raw === "boolean") return {};
  const kept = Object.entries(raw).filter(
    ([key]) =>
      !ANNOTATIONS.has(key) && key !== "definitions" && (!key.startsWith("$") || /^\$(?:dynamic)?ref$/i.test(key)),
  );
  return Object.fromEntries(kept);
}

export type Annotations = Readonly<Record<string, unknown>>;

function annotations({ raw }: SchemaNode): Annotations {
  return typeof raw === "boolean" ? {} : raw;
}

/** What is said of a schema on the way to what it stands for; the nearer word counts. */
export function described(node: SchemaNode, end: SchemaNode): Annotations {
  let found = annotations(node);
  for (let current = node; current !== end && current.ref !== undefined;) {
    current = current.ref.target;
    found = { ...annotations(current), ...found };
  }
  return found;
}

/** A schema without what only describes, for comparison. References are compared by their text. */
export function assertions(raw: unknown): unknown {
  if (Array.isArray(raw)) return raw.map(assertions);
  if (typeof raw !== "object" || raw === null) return raw;
  const kept = Object.entries(raw).filter(
    ([key, value]) => !ANNOTATIONS.has(key) || (typeof value === "object" && key !== "examples" && key !== "default"),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, assertions(value)]));
}

export function meaning(node: SchemaNode): unknown {
  return assertions(followed(node).raw);
}

export function sameKeyword(before: SchemaNode, after: SchemaNode, keyword: string): boolean {
  return isDeepStrictEqual(assertions(annotations(before)[keyword]), assertions(annotations(after)[keyword]));
}
