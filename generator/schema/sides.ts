import { reachable } from "./definitions.js";
import { SchemaNode } from "./node.js";

/** `readOnly` members belong to answers alone, `writeOnly` ones to requests alone. */
export type Side = "input" | "output";

/**
 * The schemas of one side: without the members that belong to the other one. Schemas that lead to no such
 * member are the same nodes on both sides.
 */
export class Sides {
  readonly #differing: Readonly<Record<Side, ReadonlySet<SchemaNode>>>;
  readonly #inputs = new Set<SchemaNode>();
  /** By the members that neighbouring schemas hide and this schema requires. */
  readonly #copies: Readonly<Record<Side, Map<string, Map<SchemaNode, SchemaNode>>>> = {
    input: new Map(),
    output: new Map(),
  };

  constructor(roots: Readonly<Record<Side, readonly SchemaNode[]>>) {
    this.#differing = { input: differing(roots.input, "input"), output: differing(roots.output, "output") };
  }

  of(node: SchemaNode, side: Side): SchemaNode {
    return this.#differing[side].has(node) ? this.#copy(node, side, NONE) : node;
  }

  /** Whether a schema applies to requests only. */
  isForInput(node: SchemaNode): boolean {
    return this.#inputs.has(node);
  }

  #copy(node: SchemaNode, side: Side, hidden: ReadonlySet<string>): SchemaNode {
    const required = [...requiredKeys(node)].filter((key) => hidden.has(key));
    const beside = JSON.stringify([...new Set(required)].sort());
    const copies = this.#copies[side].get(beside) ?? new Map<SchemaNode, SchemaNode>();
    this.#copies[side].set(beside, copies);
    let copy = copies.get(node);
    if (copy === undefined) {
      copies.set(node, (copy = Object.assign(new SchemaNode(node.raw, node.pointer, node.resource), node)));
      if (side === "input") this.#inputs.add(copy);
      this.#fill(copy, side, new Set([...hidden, ...hiddenKeys(node, side), ...hiddenByChoice(node, side)]));
    }
    return copy;
  }

  /** `hidden`: members that this schema, or one that applies to the same value, hides. */
  #fill(node: SchemaNode, side: Side, hidden: ReadonlySet<string>): void {
    const of = <T extends SchemaNode | undefined>(child: T): T =>
      (child === undefined ? undefined : this.of(child, side)) as T;
    const all = (children: readonly SchemaNode[] | undefined): readonly SchemaNode[] | undefined => children?.map(of);
    const kept = [...(node.properties ?? [])].filter(([, child]) => !says(child, KEYWORD[side]));
    node.properties = node.properties && new Map(kept.map(([key, child]) => [key, of(child)]));
    node.required = node.required?.filter((key) => !hidden.has(key));
    // A part may require what another part declares.
    const part = (child: SchemaNode): SchemaNode =>
      [...requiredKeys(child)].some((key) => hidden.has(key)) ? this.#copy(child, side, hidden) : of(child);
    node.allOf = node.allOf?.map(part);
    node.patternProperties = node.patternProperties?.map(([pattern, child]) => [pattern, of(child)]);
    node.dependentSchemas = node.dependentSchemas?.map(([key, child]) => [key, of(child)]);
    node.contains = node.contains && { ...node.contains, schema: of(node.contains.schema) };
    node.ref = node.ref && { ...node.ref, target: part(node.ref.target) };
    node.dynamicRef = node.dynamicRef && {
      target: of(node.dynamicRef.target),
      anchored: new Map([...node.dynamicRef.anchored].map(([uri, child]) => [uri, of(child)])),
    };
    for (const keyword of ["prefixItems", "anyOf", "oneOf"] as const) node[keyword] = all(node[keyword]);
    for (const keyword of SINGLE) node[keyword] = of(node[keyword]);
  }
}

const SINGLE = [
  "items",
  "unevaluatedItems",
  "additionalProperties",
  "propertyNames",
  "unevaluatedProperties",
  "not",
  "if",
  "then",
  "else",
] as const;

const KEYWORD = { input: "readOnly", output: "writeOnly" } as const;
const NONE: ReadonlySet<string> = new Set();

/** The schemas that hide a member on this side, and all that lead to them. */
function differing(roots: readonly SchemaNode[], side: Side): Set<SchemaNode> {
  const nodes = [...reachable(roots)];
  if (!nodes.some(({ raw }) => typeof raw === "object" && raw[KEYWORD[side]] === true)) return new Set();
  const found = nodes.filter((node) => hides(node) && !hiddenKeys(node, side).next().done);
  if (found.length === 0) return new Set();
  const parents = new Map<SchemaNode, SchemaNode[]>();
  for (const node of nodes) {
    for (const child of node.children) {
      const known = parents.get(child);
      if (known === undefined) parents.set(child, [node]);
      else known.push(node);
    }
  }
  const all = new Set(found);
  for (let node = found.pop(); node !== undefined; node = found.pop()) {
    for (const parent of parents.get(node) ?? []) {
      if (all.has(parent)) continue;
      all.add(parent);
      found.push(parent);
    }
  }
  return all;
}

/** Whether a schema can hide members at all. */
function hides({ properties, allOf, ref }: SchemaNode): boolean {
  return properties !== undefined || allOf !== undefined || ref !== undefined;
}

/** Members that the schema hides, or one that also applies to all its values. */
function* hiddenKeys(node: SchemaNode, side: Side, passed: Set<SchemaNode> = new Set()): Generator<string> {
  if (passed.has(node)) return;
  passed.add(node);
  for (const [key, child] of node.properties ?? []) if (says(child, KEYWORD[side])) yield key;
  for (const part of partsOf(node)) yield* hiddenKeys(part, side, passed);
}

/** Members that the schema requires, or one that also applies to all its values. */
function* requiredKeys(node: SchemaNode, passed: Set<SchemaNode> = new Set()): Generator<string> {
  if (passed.has(node)) return;
  passed.add(node);
  yield* node.required ?? [];
  for (const part of partsOf(node)) yield* requiredKeys(part, passed);
}

/** Members hidden by every alternative that declares them. */
function hiddenByChoice({ required, anyOf, oneOf }: SchemaNode, side: Side): string[] {
  const choices = [...(anyOf ?? []), ...(oneOf ?? [])];
  if (required === undefined || choices.length === 0) return [];
  const hidden = new Set(choices.flatMap((choice) => [...hiddenKeys(choice, side)]));
  const isShown = (key: string): boolean => choices.some((choice) => shows(choice, key, side, new Set()));
  return required.filter((key) => hidden.has(key) && !isShown(key));
}

/** Whether a schema, or one that also applies to all its values, declares a member for this side. */
function shows(node: SchemaNode, key: string, side: Side, passed: Set<SchemaNode>): boolean {
  if (passed.has(node)) return false;
  passed.add(node);
  const member = node.properties?.get(key);
  if (member !== undefined && !says(member, KEYWORD[side])) return true;
  return partsOf(node).some((part) => shows(part, key, side, passed));
}

/** The other schemas that apply to all values of a schema. */
function partsOf({ allOf, ref }: SchemaNode): readonly SchemaNode[] {
  return ref === undefined ? (allOf ?? []) : [...(allOf ?? []), ref.target];
}

/** Whether a schema, or one that also applies to all its values, has this annotation. */
function says(node: SchemaNode, keyword: "readOnly" | "writeOnly", passed?: Set<SchemaNode>): boolean {
  if (typeof node.raw === "object" && node.raw[keyword] === true) return true;
  const { ref, allOf, anyOf, oneOf } = node;
  if (ref === undefined && allOf === undefined && anyOf === undefined && oneOf === undefined) return false;
  const known = passed ?? new Set();
  if (known.has(node)) return false;
  known.add(node);
  // A schema that may be null is often written as the choice between it and null.
  const choice = (anyOf ?? oneOf ?? []).filter(({ raw }) => typeof raw !== "object" || raw["type"] !== "null");
  const isOrNull = choice.length === 1 && choice.length < (anyOf ?? oneOf ?? []).length;
  return (
    partsOf(node).some((part) => says(part, keyword, known)) ||
    (isOrNull && says(choice[0] as SchemaNode, keyword, known))
  );
}
