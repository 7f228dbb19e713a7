import { isDeepStrictEqual } from "node:util";
import { SchemaNode, type TypeName } from "../schema/node.js";
import { assertionsOf, followed, meaning } from "./meaning.js";

/**
 * The alternatives that a schema leaves, however it says so: `anyOf` and `oneOf`, several types, `nullable`, a null among
 * the values, one part under `allOf`, single values one by one. Two that leave the same mean the same.
 */
export class Alternatives {
  readonly #known = new Map<SchemaNode, readonly SchemaNode[]>();

  /** The schema itself where it is one alternative. Nodes that stand for a part of one are the same each time. */
  of(node: SchemaNode): readonly SchemaNode[] {
    if (isPlainly(node)) return [node];
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    // A schema that leads back to itself is not split further.
    this.#known.set(node, [node]);
    const found = valuesTogether(this.#apart(node));
    this.#known.set(node, found);
    return found;
  }

  #apart(given: SchemaNode): readonly SchemaNode[] {
    const node = followed(given);
    if (typeof node.raw === "boolean") return [node];
    const said = Object.keys(assertionsOf(node.raw)).filter((key) => key !== "nullable");
    const orNull = (nodes: readonly SchemaNode[]): readonly SchemaNode[] =>
      node.nullable && !nodes.some(isNull) ? [...nodes, nullBeside(node)] : nodes;
    if (said.length === 1) {
      const [only] = said;
      if (only === "allOf" && node.allOf !== undefined) {
        const [part, ...others] = node.allOf;
        if (part !== undefined && others.length === 0) return orNull(this.of(part));
        const object = asOneObject(node, node.allOf.map(followed));
        if (object !== undefined) return orNull([object]);
      }
      if (only === "$ref" && node.ref !== undefined) return orNull(this.of(node.ref.target));
      const options = only === "anyOf" ? node.anyOf : only === "oneOf" ? node.oneOf : undefined;
      if (options !== undefined) return orNull(options.flatMap((option) => this.of(option)));
    }
    return byType(node);
  }
}

/** One alternative at a glance, as most are. */
function isPlainly({ raw, combines, nullable, types, enum: values }: SchemaNode): boolean {
  return typeof raw === "boolean" || (!combines && !nullable && values === undefined && (types?.length ?? 0) < 2);
}

/** Both leave the same types, and say so in the same way: what differs is told without taking them apart. */
export function areAlike(one: SchemaNode, other: SchemaNode): boolean {
  return (
    one.nullable === other.nullable &&
    one.types?.length === other.types?.length &&
    [one, other].every((node) => !node.combines && valuesIn(node) === undefined) &&
    one.types?.every((type, index) => type === other.types?.[index]) !== false
  );
}

/** The parts of a schema that says nothing of its own; else the schema itself. */
export function partsOf(node: SchemaNode): readonly SchemaNode[] {
  const isOfParts = node.allOf !== undefined && Object.keys(assertionsOf(node.raw)).length === 1;
  return isOfParts ? (node.allOf ?? []) : [node];
}

const OF_OBJECTS: ReadonlySet<string> = new Set(["type", "properties", "required"]);

/** What several objects are together; undefined where one says more than its keys, or two differ in one. */
function asOneObject(node: SchemaNode, parts: readonly SchemaNode[]): SchemaNode | undefined {
  const properties = new Map<string, SchemaNode>();
  const required = new Set<string>();
  for (const part of parts) {
    const isPlain = !part.nullable && Object.keys(assertionsOf(part.raw)).every((key) => OF_OBJECTS.has(key));
    if (!isPlain || kindOf(part) !== "object" || part.properties === undefined) return undefined;
    for (const [key, schema] of part.properties) {
      const other = properties.get(key);
      if (other !== undefined && !isDeepStrictEqual(meaning(schema), meaning(other))) return undefined;
      properties.set(key, other ?? schema);
    }
    for (const key of part.required ?? []) required.add(key);
  }
  const raw = {
    type: "object",
    properties: Object.fromEntries([...properties].map(([key, schema]) => [key, schema.raw])),
    required: [...required],
  };
  const together = new SchemaNode(raw, node.pointer, node.resource);
  return Object.assign(together, { types: ["object"], properties, required: [...required] });
}

/** Keywords of a schema that says which values there are, and nothing else. */
const VALUES: ReadonlySet<string> = new Set(["type", "enum", "const"]);

function byType(node: SchemaNode): readonly SchemaNode[] {
  const values = valuesIn(node);
  const types = node.types?.filter((type) => type !== "null") ?? [];
  const hasNull =
    node.nullable || (values === undefined ? node.types?.includes("null") === true : values.includes(null));
  const others = values?.filter((value) => value !== null);
  const isOne = types.length > 1 ? false : !hasNull || (types.length === 0 && others === undefined);
  if (isOne) return [node];
  const parts = types.length > 1 ? types.map((type) => [type]) : [node.types === undefined ? undefined : types];
  return [
    ...parts
      .filter((part) => part === undefined || part.length > 0)
      .map((part) => restricted(node, part, part === undefined ? others : others?.filter((each) => fits(each, part))))
      .filter((part) => part.enum?.length !== 0),
    ...(hasNull ? [nullBeside(node)] : []),
  ];
}

/** The node for some of its types and values, without null. */
function restricted(
  node: SchemaNode,
  types: readonly TypeName[] | undefined,
  values: readonly unknown[] | undefined,
): SchemaNode {
  const { nullable: _, const: _value, type: _type, enum: _values, ...rest } = assertionsOf(node.raw);
  const raw = {
    ...rest,
    ...(types !== undefined && { type: types.length === 1 ? types[0] : types }),
    ...(values !== undefined && { enum: values }),
  };
  const part = new SchemaNode(raw, node.pointer, node.resource);
  return Object.assign(part, node, { raw, types, enum: values, const: undefined, nullable: false });
}

function nullBeside({ pointer, resource }: SchemaNode): SchemaNode {
  return Object.assign(new SchemaNode({ type: "null" }, pointer, resource), { types: ["null"] });
}

/** Alternatives that are values of one type each, as one. */
function valuesTogether(nodes: readonly SchemaNode[]): readonly SchemaNode[] {
  const groups = new Map<string, SchemaNode[]>();
  for (const node of nodes) {
    const kind = isOfValues(node) ? kindOf(node) : undefined;
    if (kind !== undefined) groups.set(kind, [...(groups.get(kind) ?? []), node]);
  }
  const merged = new Map<SchemaNode, SchemaNode | undefined>();
  for (const [first, ...others] of groups.values()) {
    if (first === undefined || others.length === 0) continue;
    const values = [first, ...others].flatMap((node) => valuesIn(node) ?? []);
    merged.set(first, restricted(first, first.types, values));
    for (const other of others) merged.set(other, undefined);
  }
  return nodes.map((node) => (merged.has(node) ? merged.get(node) : node)).filter((node) => node !== undefined);
}

function isOfValues(node: SchemaNode): boolean {
  return valuesIn(node) !== undefined && Object.keys(assertionsOf(node.raw)).every((key) => VALUES.has(key));
}

function valuesIn(node: SchemaNode): readonly unknown[] | undefined {
  return node.const === undefined ? node.enum : [node.const.value];
}

function isNull({ types }: SchemaNode): boolean {
  return types?.length === 1 && types[0] === "null";
}

function fits(value: unknown, types: readonly TypeName[]): boolean {
  const type = typeOf(value);
  return types.includes(type) || (type === "number" && types.includes("integer"));
}

export function typeOf(value: unknown): TypeName {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value as "boolean" | "number" | "string" | "object";
}

/** The type of all values of an alternative; undefined where they may be of several. */
export function kindOf(node: SchemaNode): TypeName | undefined {
  const values = node.types === undefined ? valuesIn(node)?.map(typeOf) : undefined;
  const kinds = new Set((node.types ?? values ?? []).map((type) => (type === "integer" ? "number" : type)));
  const [kind] = kinds;
  return kinds.size === 1 ? kind : undefined;
}

/** Nothing is left out. */
export function isAnything({ raw }: SchemaNode): boolean {
  return raw === true || (raw !== false && Object.keys(assertionsOf(raw)).length === 0);
}

export interface Matched {
  readonly pairs: readonly (readonly [old: SchemaNode, now: SchemaNode])[];
  readonly gone: readonly SchemaNode[];
  readonly come: readonly SchemaNode[];
}

/** Which alternatives are the same, or what became of them. */
export function match(old: readonly SchemaNode[], now: readonly SchemaNode[]): Matched {
  const pairs: [SchemaNode, SchemaNode][] = [];
  const gone = new Set(old);
  const come = new Set(now);
  const pair = (one: SchemaNode, other: SchemaNode): void => {
    pairs.push([one, other]);
    gone.delete(one);
    come.delete(other);
  };
  const meanings = new Map(now.map((node) => [node, meaning(node)]));
  for (const one of old) {
    const own = meaning(one);
    const same = [...come].find((other) => isDeepStrictEqual(own, meanings.get(other)));
    if (same !== undefined) pair(one, same);
  }
  for (;;) {
    const best = likeliest([...gone], [...come]);
    if (best === undefined) break;
    pair(...best);
  }
  const [only, instead] = [[...gone], [...come]].map((left) => (left.length === 1 ? left[0] : undefined));
  if (only && instead && (kindOf(only) === undefined || kindOf(instead) === undefined)) pair(only, instead);
  return { pairs, gone: [...gone], come: [...come] };
}

/** The two of one kind that are most alike; of objects, ones that have a key in common, or no others beside them. */
function likeliest(gone: readonly SchemaNode[], come: readonly SchemaNode[]): [SchemaNode, SchemaNode] | undefined {
  let best: [SchemaNode, SchemaNode] | undefined;
  let score = 0;
  for (const one of gone) {
    const kind = kindOf(one);
    const alike = come.filter((other) => kind !== undefined && kindOf(other) === kind);
    const isAlone = alike.length === 1 && gone.filter((each) => kindOf(each) === kind).length === 1;
    for (const other of alike) {
      const own = isAlone || kind !== "object" ? 1 : likeness(one, other);
      if (own > score) [best, score] = [[one, other], own];
    }
  }
  return best;
}

/** From 0 to 1: keys in common; 0 for objects whose tags differ. */
function likeness(one: SchemaNode, other: SchemaNode): number {
  const [old, now] = [one.properties, other.properties];
  if (old === undefined || now === undefined) return 0;
  let shared = 0;
  for (const [key, schema] of old) {
    const [tag, tagNow] = [schema, now.get(key)].map((each) => (each === undefined ? undefined : valuesIn(each)));
    if (tag?.length === 1 && tagNow?.length === 1 && !isDeepStrictEqual(tag, tagNow)) return 0;
    if (now.has(key)) shared++;
  }
  return shared / (old.size + now.size - shared);
}
