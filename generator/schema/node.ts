/** The JSON types, with `integer` a subset of `number`. */
export type TypeName = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

export function jsonTypeOf(value: unknown): TypeName {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value as TypeName;
}

/**
 * A schema independent of its dialect: keywords mean what they mean in draft 2020-12, references are nodes,
 * and an undefined keyword has no effect. Nodes form a graph; only references close cycles.
 * All nodes have all fields, so that the printers' reads of them stay cheap.
 */
export class SchemaNode {
  /** JSON pointer of the schema in its document. */
  readonly pointer: string;
  /** The keywords as they came, for annotations; a boolean for `true` and `false`. */
  readonly raw: Readonly<Record<string, unknown>> | boolean;
  /** URI of the schema resource it belongs to. */
  readonly resource: string;
  /** Bytes rather than JSON: those of an argument, or those of an answer. */
  binary: BinaryKind | undefined = undefined;
  /** Accepts null, whatever the other keywords say. */
  nullable: boolean = false;
  /** Some keyword applies a schema to the same value: a reference, a combinator, a condition. */
  combines: boolean = false;
  types: readonly TypeName[] | undefined = undefined;
  enum: readonly unknown[] | undefined = undefined;
  /** Wrapped, as the value may be anything. */
  const: { readonly value: unknown } | undefined = undefined;

  minimum: number | undefined = undefined;
  maximum: number | undefined = undefined;
  exclusiveMinimum: number | undefined = undefined;
  exclusiveMaximum: number | undefined = undefined;
  multipleOf: number | undefined = undefined;

  minLength: number | undefined = undefined;
  maxLength: number | undefined = undefined;
  pattern: RegExp | undefined = undefined;
  format: string | undefined = undefined;
  /** The format is checked, and not only documented. */
  assertsFormat: boolean = false;

  prefixItems: readonly SchemaNode[] | undefined = undefined;
  items: SchemaNode | undefined = undefined;
  contains: Contains | undefined = undefined;
  minItems: number | undefined = undefined;
  maxItems: number | undefined = undefined;
  uniqueItems: boolean = false;
  unevaluatedItems: SchemaNode | undefined = undefined;

  properties: ReadonlyMap<string, SchemaNode> | undefined = undefined;
  required: readonly string[] | undefined = undefined;
  patternProperties: readonly (readonly [RegExp, SchemaNode])[] | undefined = undefined;
  additionalProperties: SchemaNode | undefined = undefined;
  propertyNames: SchemaNode | undefined = undefined;
  minProperties: number | undefined = undefined;
  maxProperties: number | undefined = undefined;
  dependentRequired: readonly (readonly [string, readonly string[]])[] | undefined = undefined;
  dependentSchemas: readonly (readonly [string, SchemaNode])[] | undefined = undefined;
  unevaluatedProperties: SchemaNode | undefined = undefined;

  allOf: readonly SchemaNode[] | undefined = undefined;
  anyOf: readonly SchemaNode[] | undefined = undefined;
  oneOf: readonly SchemaNode[] | undefined = undefined;
  not: SchemaNode | undefined = undefined;
  if: SchemaNode | undefined = undefined;
  then: SchemaNode | undefined = undefined;
  else: SchemaNode | undefined = undefined;
  ref: SchemaReference | undefined = undefined;
  dynamicRef: DynamicReference | undefined = undefined;

  #children: readonly SchemaNode[] | undefined = undefined;

  /** The schemas that apply to the same value, to its members, or where a dynamic reference leads. For finished graphs. */
  get children(): readonly SchemaNode[] {
    return (this.#children ??= childrenOf(this));
  }

  /** Leaves out the ways of the dynamic reference that lead to other resources. */
  keepAnchored(resources: ReadonlySet<string>): void {
    if (this.dynamicRef === undefined) return;
    const { target, anchored } = this.dynamicRef;
    this.dynamicRef = { target, anchored: new Map([...anchored].filter(([resource]) => resources.has(resource))) };
    this.#children = undefined;
  }

  constructor(raw: SchemaNode["raw"], pointer: string, resource: string) {
    this.raw = raw;
    this.pointer = pointer;
    this.resource = resource;
  }
}

/** Marks a value that is not JSON, in a schema that the generator created. No description can contain it. */
export const BINARY: unique symbol = Symbol("binary");

/** The kinds of values that are not JSON: bytes in any form, a `Blob`, or a stream of bytes. */
export type BinaryKind = "bytes" | "blob" | "stream";

export interface Contains {
  readonly schema: SchemaNode;
  readonly min: number;
  readonly max: number | undefined;
  /** Matching items count as evaluated. */
  readonly marks: boolean;
}

export interface SchemaReference {
  /** As written, such as `#/$defs/Block`. */
  readonly text: string;
  readonly target: SchemaNode;
}

export interface DynamicReference {
  /** The target where no resource on the way has the anchor. */
  readonly target: SchemaNode;
  /** The schemas that carry the anchor, by the id of their resource. Empty: the reference is an ordinary one. */
  readonly anchored: ReadonlyMap<string, SchemaNode>;
}

/** The schemas that apply to the same value as the node itself, dynamic references aside. */
export function inPlace(node: SchemaNode): readonly SchemaNode[] {
  if (!node.combines) return NONE;
  const children: SchemaNode[] = [];
  for (const list of [node.allOf, node.anyOf, node.oneOf]) for (const child of list ?? []) children.push(child);
  for (const child of [node.not, node.if, node.then, node.else, node.ref?.target]) {
    if (child !== undefined) children.push(child);
  }
  if (node.dependentSchemas !== undefined) for (const [, child] of node.dependentSchemas) children.push(child);
  return children;
}

/** The possible targets of a dynamic reference of the node. */
export function dynamicTargets({ dynamicRef }: SchemaNode): readonly SchemaNode[] {
  return dynamicRef === undefined ? NONE : [dynamicRef.target, ...dynamicRef.anchored.values()];
}

const NONE: readonly SchemaNode[] = [];

function childrenOf(node: SchemaNode): readonly SchemaNode[] {
  const children = [...inPlace(node)];
  addMembers(node, children);
  if (node.dynamicRef !== undefined) children.push(...dynamicTargets(node));
  return children.length === 0 ? NONE : children;
}

/** The schemas that apply to members of the value. */
function addMembers(node: SchemaNode, children: SchemaNode[]): void {
  const { properties, patternProperties, prefixItems, contains } = node;
  if (properties !== undefined) for (const child of properties.values()) children.push(child);
  if (patternProperties !== undefined) for (const [, child] of patternProperties) children.push(child);
  if (prefixItems !== undefined) for (const child of prefixItems) children.push(child);
  if (node.items !== undefined) children.push(node.items);
  if (contains !== undefined) children.push(contains.schema);
  if (node.unevaluatedItems !== undefined) children.push(node.unevaluatedItems);
  if (node.additionalProperties !== undefined) children.push(node.additionalProperties);
  if (node.propertyNames !== undefined) children.push(node.propertyNames);
  if (node.unevaluatedProperties !== undefined) children.push(node.unevaluatedProperties);
}
