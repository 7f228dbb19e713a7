import type { SchemaDocument } from "../../catalogue/types.js";
import { isObject, type JsonObject } from "../../text/json.js";
import { pointerOf, valueAt } from "../../text/json-pointer.js";

const DEEPEST = 4;

/** Arguments that show how a tool is called: a value for every required one, taken from the schema where it has one. */
export function exampleArguments(input: SchemaDocument): JsonObject {
  const value = exampleOf(valueAt(input.document, input.pointer), input.document, 0);
  return isObject(value) ? value : {};
}

/** A value as TypeScript writes it. */
export function sourceOfValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sourceOfValue).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${keySource(key)}: ${sourceOfValue(inner)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function keySource(key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) && key !== "__proto__" ? key : JSON.stringify(key);
}

function exampleOf(unfollowed: unknown, document: unknown, depth: number, name = "value"): unknown {
  const schema = follow(unfollowed, document);
  if (!isObject(schema)) return name;
  const { examples, example, const: constant, enum: values, default: fallback } = schema;
  for (const given of [constant, Array.isArray(examples) ? examples[0] : undefined, example, fallback]) {
    if (given !== undefined && given !== null && !(isObject(given) && isObject(schema["properties"]))) return given;
  }
  if (Array.isArray(values) && values.length > 0) return values[0];
  for (const key of ["anyOf", "oneOf"]) {
    const options = schema[key];
    if (Array.isArray(options) && schema["properties"] === undefined) {
      return exampleOf(options.find((option) => !isNull(option)) ?? options[0], document, depth, name);
    }
  }
  switch (typeOf(schema)) {
    case "string":
      return name;
    case "integer":
    case "number":
      return typeof schema["minimum"] === "number" ? schema["minimum"] : 1;
    case "boolean":
      return true;
    case "null":
      return null;
    case "array":
      return depth < DEEPEST && schema["items"] !== undefined
        ? [exampleOf(schema["items"], document, depth + 1, name)]
        : [];
    case "object":
      return exampleObject(schema, document, depth);
    default:
      return name;
  }
}

function exampleObject(schema: JsonObject, document: unknown, depth: number): JsonObject {
  const properties = schema["properties"];
  if (!isObject(properties) || depth >= DEEPEST) return {};
  const names = strings(schema["required"]).filter((name) => Object.hasOwn(properties, name));
  return Object.fromEntries(names.map((name) => [name, exampleOf(properties[name], document, depth + 1, name)]));
}

function typeOf(schema: JsonObject): unknown {
  const { type } = schema;
  if (Array.isArray(type)) return type.find((each) => each !== "null");
  return type ?? (isObject(schema["properties"]) ? "object" : undefined);
}

function isNull(schema: unknown): boolean {
  return isObject(schema) && schema["type"] === "null";
}

function follow(schema: unknown, document: unknown): unknown {
  let current = schema;
  for (let steps = 0; steps < 20 && isObject(current); steps++) {
    const pointer = pointerOf(current["$ref"]);
    if (pointer === undefined) return current;
    current = valueAt(document, pointer);
  }
  return current;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
