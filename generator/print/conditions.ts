// Conditions that hang on the value of one key, as the alternatives of a discriminated union.
import { SchemaNode } from "../schema/node.js";
import { allowedValues, valuesOfAll } from "./facts.js";

interface Condition {
  /** The one with `if`. */
  readonly schema: SchemaNode;
  /** `if` holds where the key has one of these values, and perhaps where it is absent. */
  readonly key: string;
  readonly values: ReadonlySet<unknown>;
  readonly holdsWithout: boolean;
}

/** More alternatives than this tell a reader less than they cost the compiler. */
const MOST_ALTERNATIVES = 16;

const known = new WeakMap<SchemaNode, readonly SchemaNode[][]>();
const told = new WeakSet<SchemaNode>();

/** Whether the alternatives of a schema around this one tell what its condition says. */
export function isTold(schema: SchemaNode): boolean {
  return told.has(schema);
}

/** For each key that conditions of an object's schema hang on, the alternatives, of which each value fits one. */
export function alternativesByKey(schema: SchemaNode): readonly (readonly SchemaNode[])[] {
  const { types, allOf = [] } = schema;
  if (types?.length !== 1 || types[0] !== "object") return [];
  if (schema.if === undefined && !allOf.some((part) => part.if !== undefined)) return [];
  let found = known.get(schema);
  if (found === undefined) known.set(schema, (found = findAlternatives(schema, [schema, ...allOf])));
  return found;
}

function findAlternatives(schema: SchemaNode, parts: readonly SchemaNode[]): SchemaNode[][] {
  const byKey = new Map<string, Condition[]>();
  for (const part of parts) {
    const condition = conditionOf(part);
    if (condition === undefined) continue;
    byKey.set(condition.key, [...(byKey.get(condition.key) ?? []), condition]);
  }
  const all: SchemaNode[][] = [];
  for (const [key, conditions] of byKey) {
    const listed = parts.map(({ properties }) => valuesOf(properties?.get(key))).find((values) => values !== undefined);
    const isRequired = parts.some(({ required }) => required?.includes(key));
    const cases = listed === undefined ? [] : casesOf(listed, conditions, isRequired);
    if (cases.length < 2 || cases.length > MOST_ALTERNATIVES || repeatsMuch(cases)) continue;
    all.push(cases.map((each) => alternativeOf(schema, key, each)));
    for (const condition of conditions) told.add(condition.schema);
  }
  return all;
}

/** The condition of a schema, if it only asks for the value of one key. */
function conditionOf(schema: SchemaNode): Condition | undefined {
  const { if: asked, then, else: otherwise } = schema;
  if (asked?.properties?.size !== 1 || asked.combines || asked.nullable || (then ?? otherwise) === undefined)
    return undefined;
  const { types = ["object"], required = [] } = asked;
  const others = [
    asked.enum,
    asked.const,
    asked.patternProperties,
    asked.additionalProperties,
    asked.propertyNames,
    asked.minProperties,
    asked.maxProperties,
    asked.dependentRequired,
    asked.unevaluatedProperties,
  ];
  const [[key, member]] = asked.properties as unknown as [[string, SchemaNode]];
  if (!types.includes("object") || required.some((each) => each !== key)) return undefined;
  const values = others.every((keyword) => keyword === undefined) ? valuesOfAll([member]) : undefined;
  return values && { schema, key, values: new Set(values), holdsWithout: required.length === 0 };
}

/** The values that a schema is limited to, or some more, if each is a string, number, boolean or null. */
function valuesOf(member: SchemaNode | undefined): readonly unknown[] | undefined {
  const schema = member?.ref?.target ?? member;
  if (schema === undefined) return undefined;
  const values =
    allowedValues(schema) ?? (schema.types?.length === 1 && schema.types[0] === "boolean" ? BOOLEANS : undefined);
  if (values === undefined || values.some((value) => typeof value === "object" && value !== null)) return undefined;
  return schema.nullable || member?.nullable ? [...new Set([...values, null])] : values;
}

const BOOLEANS = [true, false];

/** Values of the key for which the same of the conditions hold, and what these say then. */
interface Case {
  readonly values: unknown[];
  /** The key may be absent. */
  isOptional: boolean;
  readonly said: readonly SchemaNode[];
}

function casesOf(values: readonly unknown[], conditions: readonly Condition[], isRequired: boolean): Case[] {
  const cases = new Map<string, Case>();
  const caseWhere = (holds: (condition: Condition) => boolean): Case => {
    const outcomes = conditions.map(holds);
    const found = cases.get(String(outcomes));
    if (found !== undefined) return found;
    const said = conditions.flatMap(
      ({ schema }, index) => (outcomes[index] === true ? schema.then : schema.else) ?? [],
    );
    const created = { values: [], isOptional: false, said };
    cases.set(String(outcomes), created);
    return created;
  };
  for (const value of values) caseWhere((condition) => condition.values.has(value)).values.push(value);
  if (!isRequired) caseWhere((condition) => condition.holdsWithout).isOptional = true;
  return [...cases.values()];
}

/** What is said in several cases is printed in each of them, which would double it at every level. */
function repeatsMuch(cases: readonly Case[]): boolean {
  const all = cases.flatMap(({ said }) => said);
  const repeated = all.filter((schema, index) => all.indexOf(schema) < index);
  return repeated.some(({ children }) => children.some((child) => child.children.length > 0));
}

function alternativeOf(schema: SchemaNode, key: string, { values, isOptional, said }: Case): SchemaNode {
  const { pointer, resource } = schema;
  const member = new SchemaNode(values.length > 0 ? {} : false, pointer, resource);
  member.enum = values.length > 0 ? values : undefined;
  const alternative = new SchemaNode({}, pointer, resource);
  alternative.properties = new Map([[key, member]]);
  if (!isOptional) alternative.required = [key];
  if (said.length === 0) return alternative;
  alternative.allOf = said;
  alternative.combines = true;
  return alternative;
}
