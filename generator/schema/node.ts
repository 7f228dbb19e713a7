/** The JSON types, with `integer` a subset of `number`. */
export type TypeName = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

/**
 * A schema with its dialect taken out: keywords mean what they mean in draft 2020-12, references are nodes,
 * and a keyword that is absent says nothing. Nodes form a graph; only references close cycles.
 */
export interface SchemaNode {
  /** JSON pointer of the schema in its document. */
  readonly pointer: string;
  /** The keywords as they came, for annotations; a boolean for `true` and `false`. */
  readonly raw: Readonly<Record<string, unknown>> | boolean;
  /** URI of the schema resource it belongs to. */
  readonly resource: string;
  /** Accepts null whatever the other keywords say. */
  nullable?: true;
  types?: readonly TypeName[];
  enum?: readonly unknown[];
  /** Wrapped, as the value may be anything. */
  const?: { readonly value: unknown };

  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;

  minLength?: number;
  maxLength?: number;
  pattern?: RegExp;
  format?: string;

  prefixItems?: readonly SchemaNode[];
  items?: SchemaNode;
  contains?: { readonly schema: SchemaNode; readonly min: number; readonly max: number | undefined; readonly marks: boolean };
  minItems?: number;
  maxItems?: number;
  uniqueItems?: true;
  unevaluatedItems?: SchemaNode;

  properties?: ReadonlyMap<string, SchemaNode>;
  required?: readonly string[];
  patternProperties?: readonly (readonly [RegExp, SchemaNode])[];
  additionalProperties?: SchemaNode;
  propertyNames?: SchemaNode;
  minProperties?: number;
  maxProperties?: number;
  dependentRequired?: readonly (readonly [string, readonly string[]])[];
  dependentSchemas?: readonly (readonly [string, SchemaNode])[];
  unevaluatedProperties?: SchemaNode;

  allOf?: readonly SchemaNode[];
  anyOf?: readonly SchemaNode[];
  oneOf?: readonly SchemaNode[];
  not?: SchemaNode;
  if?: SchemaNode;
  then?: SchemaNode;
  else?: SchemaNode;
  ref?: SchemaReference;
  dynamicRef?: DynamicReference;
}

export interface SchemaReference {
  /** As written, such as `#/$defs/Block`. */
  readonly text: string;
  readonly target: SchemaNode;
}

export interface DynamicReference {
  /** What the reference means where no resource on the way gives the anchor. */
  readonly target: SchemaNode;
  /** The schemas that carry the anchor, by the id of their resource. Empty: the reference is an ordinary one. */
  readonly anchored: ReadonlyMap<string, SchemaNode>;
}

/** The schemas that apply to the same value as the node itself, dynamic references aside. */
export function inPlace(node: SchemaNode): SchemaNode[] {
  const children: SchemaNode[] = [];
  for (const list of [node.allOf, node.anyOf, node.oneOf]) if (list !== undefined) children.push(...list);
  for (const child of [node.not, node.if, node.then, node.else, node.ref?.target]) {
    if (child !== undefined) children.push(child);
  }
  if (node.dependentSchemas !== undefined) for (const [, child] of node.dependentSchemas) children.push(child);
  return children;
}

/** The schemas that a dynamic reference of the node may turn out to mean. */
export function dynamicTargets(node: SchemaNode): SchemaNode[] {
  return node.dynamicRef === undefined ? [] : [node.dynamicRef.target, ...node.dynamicRef.anchored.values()];
}

/** The schemas that apply to members of the value. */
export function members(node: SchemaNode): SchemaNode[] {
  const children: SchemaNode[] = [];
  if (node.properties !== undefined) children.push(...node.properties.values());
  if (node.patternProperties !== undefined) for (const [, child] of node.patternProperties) children.push(child);
  if (node.prefixItems !== undefined) children.push(...node.prefixItems);
  for (const child of [
    node.items,
    node.contains?.schema,
    node.unevaluatedItems,
    node.additionalProperties,
    node.propertyNames,
    node.unevaluatedProperties,
  ]) {
    if (child !== undefined) children.push(child);
  }
  return children;
}
