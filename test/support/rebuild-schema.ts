import { isObject, type Json, type JsonObject } from "./json.js";

/** Keywords whose values hold no schemas. */
const VALUES = new Set(["default", "example", "examples", "enum", "const", "required", "dependentRequired"]);
/** Keywords whose values are schemas by name. */
const MAPS = new Set(["properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions"]);

/** The same schema without these keywords. */
export function without(schema: JsonObject, ...keywords: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)));
}

/** Rebuilds each schema of a schema, from the inside out. */
export function rebuildSchema(schema: Json, change: (schema: JsonObject) => Json): Json {
  if (Array.isArray(schema)) return schema.map((item: Json) => rebuildSchema(item, change));
  if (!isObject(schema)) return schema;
  const entries = Object.entries(schema).map(([keyword, value]): [string, Json] => {
    if (VALUES.has(keyword)) return [keyword, value];
    if (!MAPS.has(keyword) || !isObject(value)) return [keyword, rebuildSchema(value, change)];
    return [
      keyword,
      Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rebuildSchema(item, change)])),
    ];
  });
  return change(Object.fromEntries(entries));
}
