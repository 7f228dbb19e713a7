import { isObject, type JsonObject } from "../text/json.js";
import type { Description } from "./document.js";
import { child, followSchema, type At } from "./refs.js";

/** The members of an object schema that describes nothing but its members. */
export interface FlatObject {
  readonly properties: ReadonlyMap<string, At>;
  readonly required: readonly string[];
  /** Schema of other members; undefined if they are not described. */
  readonly additional: unknown;
}

/** Keywords of an object schema whose members can be extracted. */
const PLAIN: ReadonlySet<string> = new Set(
  "$ref allOf type properties required additionalProperties title description example examples default deprecated readOnly writeOnly externalDocs xml discriminator $comment $schema $id $anchor $defs definitions format nullable".split(
    " ",
  ),
);

/** Undefined where the schema is not plainly an object, or constrains it beyond its members. */
export function flatten(description: Description, at: At): FlatObject | undefined {
  return flattenWithin(description, at, new Set());
}

function flattenWithin(description: Description, at: At, open: Set<unknown>): FlatObject | undefined {
  const target = followSchema(description, at);
  const { value } = target;
  if (!isObject(value) || open.has(value) || open.size > MAX_PARTS) return undefined;
  open.add(value);
  if (Object.keys(value).some((keyword) => !PLAIN.has(keyword) && !keyword.startsWith("x-"))) return undefined;
  if (!isObjectType(value) || value["nullable"] === true) return undefined;
  // References within it would resolve differently in another place.
  if (typeof value["$id"] === "string" && JSON.stringify(value).includes('"$ref"')) return undefined;
  // In later editions, other keywords count beside `$ref`.
  if (at.value !== value && description.edition !== "2.0" && description.edition !== "3.0") {
    if (isObject(at.value) && Object.keys(at.value).some((keyword) => CONSTRAINING.has(keyword))) return undefined;
  }
  const schema = target as At<JsonObject>;
  const parts = [ownOf(schema)];
  const { allOf } = value;
  if (allOf !== undefined && !Array.isArray(allOf)) return undefined;
  for (const index of (allOf ?? []).keys()) {
    const part = flattenWithin(description, child(child(schema, "allOf") as At<JsonObject>, String(index)), open);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return merge(parts);
}

const MAX_PARTS = 100;
const CONSTRAINING: ReadonlySet<string> = new Set(["properties", "required", "additionalProperties", "allOf", "type"]);

function isObjectType({ type, properties, allOf }: JsonObject): boolean {
  return type === "object" || (type === undefined && (properties !== undefined || allOf !== undefined));
}

function ownOf(schema: At<JsonObject>): FlatObject {
  const properties = child(schema, "properties");
  const named = isObject(properties.value)
    ? Object.keys(properties.value).map((name) => [name, child(properties as At<JsonObject>, name)] as const)
    : [];
  const { required, additionalProperties: additional } = schema.value;
  const listed = Array.isArray(required) ? required.filter((name): name is string => typeof name === "string") : [];
  return { properties: new Map(named), required: listed, additional };
}

/** Undefined where parts say different things of the same member, or limit each other's. */
function merge(parts: readonly FlatObject[]): FlatObject | undefined {
  const properties = new Map<string, At>();
  const required = new Set<string>();
  const saying = parts.filter(({ additional }) => additional !== undefined && additional !== true);
  if (saying.length > 0 && parts.filter(({ properties: own }) => own.size > 0).length > 1) return undefined;
  for (const part of parts) {
    for (const [name, at] of part.properties) {
      const known = properties.get(name);
      if (known !== undefined && JSON.stringify(known.value) !== JSON.stringify(at.value)) return undefined;
      if (known === undefined) properties.set(name, at);
    }
    for (const name of part.required) required.add(name);
  }
  const additional = saying[0]?.additional ?? parts.find((part) => part.additional === true)?.additional;
  return { properties, required: [...required], additional };
}
