// Facts about a schema that need no printing: which values it accepts, and whether alternatives exclude each other.
import { isDeepStrictEqual } from "node:util";
import { inPlace, jsonTypeOf, SchemaNode, type TypeName } from "../schema/node.js";
import { numberChecks, stringChecks } from "./checks.js";

export const FAMILIES = ["string", "number", "array", "object"] as const;

/** Whether a keyword that applies to values of this type says anything. */
export function hasKeywords(node: SchemaNode, family: (typeof FAMILIES)[number]): boolean {
  switch (family) {
    case "string":
      return stringChecks(node).length > 0;
    case "number":
      return numberChecks(node).length > 0 || node.multipleOf !== undefined;
    case "array":
      return (
        node.uniqueItems || [node.prefixItems, node.items, node.contains, node.minItems, node.maxItems].some(isSet)
      );
    case "object":
      return (
        (node.properties?.size ?? 0) > 0 ||
        [
          node.required,
          node.patternProperties,
          node.additionalProperties,
          node.propertyNames,
          node.minProperties,
          node.maxProperties,
          node.dependentRequired,
        ].some(isSet)
      );
  }
}

function isSet(value: unknown): boolean {
  return value !== undefined;
}

/** The values of `enum` and `const` that the type and the limits beside them allow. */
export function allowedValues(node: SchemaNode): readonly unknown[] | undefined {
  const { enum: values, const: constant, types } = node;
  let allowed = values;
  if (constant !== undefined) {
    allowed =
      values === undefined ? [constant.value] : values.filter((value) => isDeepStrictEqual(value, constant.value));
  }
  return allowed?.filter((value) => {
    if (!isWithinLimits(node, value)) return false;
    if (types === undefined) return true;
    const type = jsonTypeOf(value);
    return types.includes(type) || (type === "integer" && types.includes("number"));
  });
}

function isWithinLimits(node: SchemaNode, value: unknown): boolean {
  const { minLength = 0, maxLength = Infinity, minimum = -Infinity, maximum = Infinity } = node;
  const { exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = node;
  if (typeof value === "string") {
    const length = [...value].length;
    return length >= minLength && length <= maxLength;
  }
  if (typeof value !== "number") return true;
  return value >= minimum && value <= maximum && value > exclusiveMinimum && value < exclusiveMaximum;
}

const LIMITS = ["minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] as const;

export function withoutLimits(node: SchemaNode): SchemaNode {
  if (LIMITS.every((limit) => node[limit] === undefined)) return node;
  const copy = Object.assign(new SchemaNode(node.raw, node.pointer, node.resource), node);
  for (const limit of LIMITS) copy[limit] = undefined;
  return copy;
}

/** The types of these values that keywords can apply to. */
export function familiesOf(values: readonly unknown[]): (typeof FAMILIES)[number][] {
  const types = new Set(values.map((value) => (typeof value === "number" ? "number" : jsonTypeOf(value))));
  return FAMILIES.filter((family) => types.has(family));
}

/** The values of alternatives that only list the values they accept. */
export function valuesOfAll(options: readonly SchemaNode[]): readonly unknown[] | undefined {
  const all: unknown[] = [];
  for (const option of options) {
    const values = isNull(option) ? [null] : valuesAlone(option);
    if (values === undefined) return undefined;
    for (const value of values) all.push(value);
  }
  return all;
}

/** The values of a schema that only lists the values it accepts, each a string, number, boolean or null. */
function valuesAlone(node: SchemaNode): readonly unknown[] | undefined {
  if (node.combines || node.nullable || node.binary !== undefined) return undefined;
  const values = allowedValues(node);
  if (values === undefined || values.some((value) => typeof value === "object" && value !== null)) return undefined;
  const others = withoutLimits(node);
  return familiesOf(values).some((family) => hasKeywords(others, family)) ? undefined : values;
}

/** Whether it is evident that no value fits two of the alternatives: by type, or by a discriminating value. */
export function excludeEachOther(options: readonly SchemaNode[]): boolean {
  if (areDistinct(options.map(kindsOf))) return true;
  const values = valuesOfAll(options);
  if (values !== undefined) return new Set(values).size === values.length;
  const [first, ...others] = options.map(tagsOf);
  for (const [key, values] of first ?? []) {
    if (areDistinct([values, ...others.map((tags) => tags.get(key))])) return true;
  }
  return false;
}

function areDistinct(lists: readonly (Iterable<unknown> | undefined)[]): boolean {
  const seen = new Set<unknown>();
  for (const list of lists) {
    if (list === undefined) return false;
    const own = new Set(list);
    for (const each of own) {
      if (seen.has(each)) return false;
      seen.add(each);
    }
  }
  return true;
}

/** How many references and parts are followed to learn about a value. */
const MAX_FOLLOWED = 30;

/** The schema, and others that all of its values fit too; null aside, where it is nullable. */
function narrowing(schema: SchemaNode): ReadonlySet<SchemaNode> {
  const nodes = new Set([schema]);
  if (schema.binary !== undefined) nodes.clear();
  for (const { ref, allOf = [] } of nodes) {
    for (const next of ref === undefined ? allOf : [ref.target, ...allOf]) {
      if (nodes.size < MAX_FOLLOWED && !next.nullable && next.binary === undefined) nodes.add(next);
    }
  }
  return nodes;
}

/** The types of the values that a schema accepts; undefined where it does not say. */
function kindsOf(schema: SchemaNode): readonly TypeName[] | undefined {
  for (const node of narrowing(schema)) {
    const types = node.types ?? allowedValues(node)?.map(jsonTypeOf);
    if (types === undefined) continue;
    const kinds = types.map((type) => (type === "integer" ? "number" : type));
    return schema.nullable ? [...kinds, "null"] : kinds;
  }
  return undefined;
}

/** The one type that all values of a schema have, ensured by some part of what is printed for it. */
export function onlyKindOf(schema: SchemaNode): TypeName | undefined {
  // A part that allows null does so for the whole.
  const kinds = new Set(kindsOf(schema));
  if (schema.nullable) kinds.delete("null");
  const [kind] = kinds;
  return kinds.size === 1 ? kind : undefined;
}

/** Alternatives of one value each count as the list of these values. */
export function withPlainValues(node: SchemaNode): SchemaNode {
  const { types, anyOf, oneOf } = node;
  const options = anyOf ?? oneOf;
  if (options === undefined || types === undefined || allowedValues(node) !== undefined) return node;
  const values = valuesOfAll(options);
  if (values === undefined || (anyOf === undefined && new Set(values).size < values.length)) return node;
  const copy = Object.assign(new SchemaNode(node.raw, node.pointer, node.resource), node);
  copy.enum = values;
  if (anyOf === undefined) copy.oneOf = undefined;
  else copy.anyOf = undefined;
  return copy;
}

/** Keys that each value of a schema has, with the few values that they may hold. Empty for schemas of other values. */
function tagsOf(schema: SchemaNode): ReadonlyMap<string, readonly unknown[]> {
  const tags = new Map<string, readonly unknown[]>();
  const nodes = schema.nullable ? [] : [...narrowing(schema)];
  if (!nodes.some(({ types }) => types?.length === 1 && types[0] === "object")) return tags;
  for (const key of nodes.flatMap(({ required }) => required ?? [])) {
    const members = nodes.flatMap(({ properties }) => properties?.get(key) ?? []);
    const values = members.map(literalsOf).find((each) => each !== undefined);
    if (values !== undefined) tags.set(key, values);
  }
  return tags;
}

const MOST_TAGS = 100;

/** The literals to which a schema is limited. */
function literalsOf(schema: SchemaNode): readonly unknown[] | undefined {
  if (schema.nullable) return undefined;
  for (const node of narrowing(schema)) {
    const values = (node.enum?.length ?? 0) > MOST_TAGS ? undefined : allowedValues(node);
    if (values?.every((value) => typeof value !== "object" || value === null) === true) return values;
  }
  return undefined;
}

/**
 * Whether a tool with this input takes no arguments, and its type none either. Anywhere else an empty list of members
 * says nothing of them.
 */
export function listsNoArguments(input: SchemaNode): boolean {
  const { types, properties, combines, nullable, minProperties = 0 } = input;
  if (types?.length !== 1 || types[0] !== "object" || combines || nullable || minProperties > 0) return false;
  const { required, patternProperties, additionalProperties, unevaluatedProperties } = input;
  const namesKeys = [required, input.propertyNames, input.dependentRequired, patternProperties].some(isSet);
  return properties?.size === 0 && !namesKeys && !isSet(additionalProperties) && !isSet(unevaluatedProperties);
}

export function isNull(node: SchemaNode): boolean {
  return (
    typeof node.raw !== "boolean" &&
    node.types?.length === 1 &&
    node.types[0] === "null" &&
    inPlace(node).length === 0 &&
    node.enum === undefined &&
    node.const === undefined
  );
}
