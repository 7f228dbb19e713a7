import { Ajv, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { isObject, type JsonObject } from "../text/json.js";

const HOLDS_SCHEMA = new Set([
  "additionalItems",
  "additionalProperties",
  "contains",
  "else",
  "if",
  "items",
  "not",
  "propertyNames",
  "then",
  "unevaluatedItems",
  "unevaluatedProperties",
]);
const HOLDS_SCHEMAS = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
const HOLDS_NAMED_SCHEMAS = new Set(["$defs", "definitions", "dependentSchemas", "patternProperties", "properties"]);

const LIMITS = [
  ["minimum", "exclusiveMinimum"],
  ["maximum", "exclusiveMaximum"],
] as const;

/** How `nullable: true` is rendered: null is accepted too, or left out. */
export type NullMode = "accept" | "omit";

/** A schema of the platform (draft 7 with OpenAPI's `nullable`) as plain JSON Schema. */
export function toJsonSchema(schema: unknown, nulls: NullMode = "accept"): unknown {
  if (!isObject(schema)) return schema;
  const { nullable, $schema: _dialect, ...keywords } = schema;
  const required = new Set(Array.isArray(schema["required"]) ? (schema["required"] as unknown[]) : []);
  const plain: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(keywords)) {
    if (keyword === "required") continue;
    if (HOLDS_SCHEMAS.has(keyword) || (keyword === "items" && Array.isArray(value))) {
      plain[keyword] = (value as unknown[]).map((each) => toJsonSchema(each, nulls));
    } else if (keyword === "components" && isObject(value)) {
      // An app's schemas refer to those of its description.
      plain[keyword] = { schemas: namedSchemas(value["schemas"], nulls) };
    } else if (HOLDS_NAMED_SCHEMAS.has(keyword) && isObject(value)) {
      plain[keyword] = namedSchemas(value, nulls);
    } else {
      plain[keyword] = HOLDS_SCHEMA.has(keyword) ? toJsonSchema(value, nulls) : value;
    }
  }
  for (const [limit, exclusive] of LIMITS) {
    // Before draft 6 and in OpenAPI 3.0 it says whether the limit itself is out of bounds.
    if (typeof plain[exclusive] !== "boolean") continue;
    const isOut = plain[exclusive] && limit in plain;
    delete plain[exclusive];
    if (!isOut) continue;
    plain[exclusive] = plain[limit];
    delete plain[limit];
  }
  // Some tools come with `required: true` on the property instead of a list on the object.
  for (const [name, property] of Object.entries(isObject(schema["properties"]) ? schema["properties"] : {})) {
    if (isObject(property) && property["required"] === true) required.add(name);
  }
  if (required.size > 0) plain["required"] = [...required];
  if (Array.isArray(plain["enum"]) && plain["enum"].length === 0) {
    delete plain["enum"];
    plain["allOf"] = [...(Array.isArray(plain["allOf"]) ? (plain["allOf"] as unknown[]) : []), false];
  }
  if (nullable !== true || nulls === "omit") return plain;
  const { $defs, definitions, components, ...rest } = plain;
  return {
    anyOf: [rest, { type: "null" }],
    ...($defs ? { $defs } : {}),
    ...(definitions ? { definitions } : {}),
    ...(components ? { components } : {}),
  };
}

function namedSchemas(value: unknown, nulls: NullMode): JsonObject {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, toJsonSchema(each, nulls)]));
}

/** Compiles a schema of the platform; formats are annotations and unknown keywords are allowed. */
export function compile(schema: unknown): ValidateFunction {
  const dialect = isObject(schema) ? String(schema["$schema"]) : "";
  const options = {
    strict: false,
    validateSchema: false,
    validateFormats: false,
    allErrors: true,
    verbose: true,
    logger: false,
    meta: false,
    schemaId: dialect.includes("draft-04") ? "id" : "$id",
    code: { regExp },
  } as const;
  const ajv = /20(19|20)-/.test(dialect) ? new Ajv2020(options) : new Ajv(options);
  // It would refuse the keyword, which is only an annotation where it does not identify a schema.
  ajv.removeKeyword("id");
  return ajv.compile(toJsonSchema(schema) as JsonObject | boolean);
}

/** A pattern as emitted validators treat it: without the `u` flag where that is needed, and unchecked if it is not valid. */
function regExp(pattern: string, flags: string): { test(text: string): boolean } {
  for (const each of [flags, ""]) {
    try {
      return new RegExp(pattern, each);
    } catch {
      // Some are written for other languages.
    }
  }
  return { test: () => true };
}
regExp.code = "new RegExp";
