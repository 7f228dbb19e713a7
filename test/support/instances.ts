import fc from "./fast-check.js";
import { isObject, setOwn, type Json, type JsonObject } from "./json.js";
import type { Random } from "./random.js";

const WORDS = ["", "a", "issue", "octo/cat", "ünïcödé 🦑", "2024-01-31T12:00:00Z", "x".repeat(300), "12", "null", " "];
const NUMBERS = [0, 1, -1, 2, 30, 100, 1.5, -0.25, 1e9, 2 ** 31, 2 ** 53, 1e20, 0.1];
export const ODD_KEYS = ["__proto__", "constructor", "toString", "", "+1", "extra", "ключ", "k".repeat(1000)];
const ANYTHING: readonly Json[] = [null, true, 0, 1.5, "text", [], [1, "a"], {}, { a: 1 }];
/** Values that lie deeper have no optional members. */
const MAX_DEPTH = 8;
/** A validator may take exponential time over a value that nests deeper, where a schema contains itself twice. */
const DEEPEST = 12;
const MAX_SIZE = 1_000;

/**
 * Draws values that a schema is meant to accept, and values near them. It aims, and does not prove: what counts is the
 * verdict of an independent validator.
 */
export class Instances {
  readonly #random: Random;
  readonly #root: Json;
  /** How many schemas may still be followed for the value at hand. */
  #left = 0;

  constructor(random: Random, root: Json) {
    this.#random = random;
    this.#root = root;
  }

  /** A value that the schema should accept. */
  valid(): Json {
    this.#left = MAX_SIZE;
    return this.#of(this.#root, 0);
  }

  /** A value that differs from a valid one in some place. */
  broken(): Json {
    let value = this.valid();
    for (let changes = this.#random.integer(1, 2); changes > 0; changes--) value = this.#change(value, 0);
    return value;
  }

  #of(schema: Json, depth: number): Json {
    const random = this.#random;
    if (!isObject(schema) || depth > DEEPEST || --this.#left < 0) return random.pick(ANYTHING);
    if (schema["nullable"] === true && random.chance(0.2)) return null;
    if (typeof schema["$ref"] === "string") {
      const target = this.#lookUp(schema["$ref"]);
      return target === undefined ? null : this.#of(target, depth + 1);
    }
    if (schema["const"] !== undefined) return schema["const"];
    if (Array.isArray(schema["enum"]) && schema["enum"].length > 0) return random.pick(schema["enum"] as Json[]);
    for (const keyword of ["anyOf", "oneOf"]) {
      const options = schema[keyword];
      if (!Array.isArray(options) || options.length === 0) continue;
      const { [keyword]: _, ...rest } = schema;
      const option = random.pick(options as Json[]);
      return this.#of(isObject(option) ? merged(rest, this.#resolved(option)) : rest, depth + 1);
    }
    if (Array.isArray(schema["allOf"]) && schema["allOf"].length > 0) {
      const { allOf, ...rest } = schema;
      const parts = (allOf as Json[]).filter(isObject).map((part) => this.#resolved(part));
      return this.#of(parts.reduce(merged, rest), depth + 1);
    }
    return this.#ofType(this.#typeOf(schema), schema, depth);
  }

  #typeOf(schema: JsonObject): string {
    const { type } = schema;
    if (Array.isArray(type)) return this.#random.pick(type as string[]);
    if (typeof type === "string") return type;
    if ("properties" in schema || "required" in schema || "additionalProperties" in schema) return "object";
    if ("items" in schema || "prefixItems" in schema || "minItems" in schema) return "array";
    if ("minLength" in schema || "pattern" in schema) return "string";
    if ("minimum" in schema || "multipleOf" in schema) return "number";
    return this.#random.pick(["null", "boolean", "number", "string", "array", "object"]);
  }

  #ofType(type: string, schema: JsonObject, depth: number): Json {
    switch (type) {
      case "null":
        return null;
      case "boolean":
        return this.#random.chance(0.5);
      case "integer":
        return this.#number(schema, true);
      case "number":
        return this.#number(schema, false);
      case "string":
        return this.#string(schema);
      case "array":
        return this.#array(schema, depth);
      default:
        return this.#object(schema, depth);
    }
  }

  #number(schema: JsonObject, integer: boolean): number {
    const limit = (keyword: string): number | undefined => {
      return typeof schema[keyword] === "number" ? schema[keyword] : undefined;
    };
    const step = limit("multipleOf") ?? (integer ? 1 : 0.5);
    const low = limit("minimum") ?? limit("exclusiveMinimum");
    const high = limit("maximum") ?? limit("exclusiveMaximum");
    if (low === undefined && high === undefined && limit("multipleOf") === undefined) {
      const number = this.#random.pick(NUMBERS);
      return integer ? Math.round(number) : number;
    }
    const from = Math.ceil((low ?? (high ?? 0) - 50 * step) / step);
    const to = Math.floor((high ?? (low ?? 0) + 50 * step) / step);
    return decimal(this.#random.pick([from, from + 1, to, to - 1, this.#random.integer(from, to)]) * step);
  }

  #string(schema: JsonObject): string {
    const random = this.#random;
    if (typeof schema["pattern"] === "string") {
      const text = matchingString(schema["pattern"], random);
      if (text !== undefined) return text;
    }
    const low = typeof schema["minLength"] === "number" ? schema["minLength"] : 0;
    const high = typeof schema["maxLength"] === "number" ? schema["maxLength"] : Math.max(low, 400);
    let text = random.pick(WORDS);
    while ([...text].length < low) text += random.pick(["a", "Z", "9", "é", "🦑"]);
    return [...text].slice(0, high).join("");
  }

  #array(schema: JsonObject, depth: number): Json[] {
    const positions = schema["prefixItems"] ?? schema["items"];
    const prefix = Array.isArray(positions) ? (positions as Json[]) : [];
    const rest = Array.isArray(schema["items"]) ? schema["additionalItems"] : schema["items"];
    const low = typeof schema["minItems"] === "number" ? schema["minItems"] : 0;
    const high = typeof schema["maxItems"] === "number" ? schema["maxItems"] : low + Math.max(prefix.length, 3);
    const length = depth > MAX_DEPTH ? low : this.#random.integer(low, high);
    const items: Json[] = [];
    for (let index = 0; index < Math.min(length, 20); index++) {
      const inner = prefix[index] ?? rest ?? true;
      if (inner === false) break;
      items.push(this.#of(inner, depth + 1));
    }
    return items;
  }

  #object(schema: JsonObject, depth: number): JsonObject {
    const random = this.#random;
    const properties = isObject(schema["properties"]) ? schema["properties"] : {};
    const required = new Set(Array.isArray(schema["required"]) ? (schema["required"] as string[]) : []);
    const others = schema["additionalProperties"];
    const share = depth > MAX_DEPTH ? 0 : random.pick([0, 0.3, 0.6, 1]);
    const object = {};
    for (const [key, inner] of Object.entries(properties)) {
      if (required.has(key) || random.chance(share)) setOwn(object, key, this.#of(inner, depth + 1));
    }
    for (const key of required) {
      if (!Object.hasOwn(object, key)) setOwn(object, key, this.#of(others ?? true, depth + 1));
    }
    const spoken = keysSpokenOf(schema);
    if (others === false || depth > MAX_DEPTH || !random.chance(spoken.length > 0 ? 0.7 : 0.25)) return object;
    for (let count = spoken.length > 0 ? random.integer(1, 3) : 1; count > 0; count--) {
      const key = random.pick(spoken.length > 0 && random.chance(0.8) ? spoken : ODD_KEYS);
      if (!Object.hasOwn(properties, key)) setOwn(object, key, this.#of(others ?? true, depth + 1));
    }
    return object;
  }

  #lookUp(reference: string): Json | undefined {
    let value: Json | undefined = this.#root;
    for (const segment of reference.slice(1).split("/").slice(1)) {
      const key = decodeURIComponent(segment).replaceAll("~1", "/").replaceAll("~0", "~");
      value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    }
    return value;
  }

  #resolved(schema: JsonObject): JsonObject {
    let resolved: Json | undefined = schema;
    for (let hops = 0; isObject(resolved) && typeof resolved["$ref"] === "string" && hops < 10; hops++) {
      resolved = this.#lookUp(resolved["$ref"]);
    }
    return isObject(resolved) ? resolved : {};
  }

  /** Changes one random place of a value. */
  #change(value: Json, depth: number): Json {
    const random = this.#random;
    const deeper = depth < 10 && random.chance(0.75);
    if (Array.isArray(value) && value.length > 0 && deeper) {
      const index = random.integer(0, value.length - 1);
      return value.map((item: Json, at) => (at === index ? this.#change(item, depth + 1) : item));
    }
    if (isObject(value) && Object.keys(value).length > 0 && deeper) {
      const chosen = random.pick(Object.keys(value));
      const copy = {};
      for (const [key, item] of Object.entries(value)) {
        setOwn(copy, key, key === chosen ? this.#change(item, depth + 1) : item);
      }
      return copy;
    }
    return this.#replace(value);
  }

  #replace(value: Json): Json {
    const random = this.#random;
    if (random.chance(0.4)) return random.pick(ANYTHING);
    if (typeof value === "string") {
      return random.pick([`${value}x`, value.slice(1), value.toUpperCase(), value.length, [value], "x".repeat(2000)]);
    }
    if (typeof value === "number") {
      return random.pick([
        decimal(value + 1),
        decimal(value - 1),
        decimal(value + 0.5),
        -value,
        decimal(value * 1000),
        String(value),
        1e20,
      ]);
    }
    if (Array.isArray(value)) return random.pick<Json>([[...value, ...value], [...value, null], value.slice(1), {}]);
    if (isObject(value)) {
      const keys = Object.keys(value);
      const copy = {};
      const dropped = keys.length > 0 && random.chance(0.6) ? random.pick(keys) : undefined;
      for (const key of keys) if (key !== dropped) setOwn(copy, key, value[key]);
      if (dropped === undefined) setOwn(copy, random.pick(ODD_KEYS), random.pick(ANYTHING));
      return copy;
    }
    return random.pick(ANYTHING);
  }
}

/** Keys that a schema says something of without declaring them. */
function keysSpokenOf(schema: JsonObject): string[] {
  const keys: string[] = [];
  for (const keyword of ["dependentRequired", "dependentSchemas", "dependencies"]) {
    for (const [key, needed] of Object.entries((schema[keyword] ?? {}) as JsonObject)) {
      keys.push(key, ...(Array.isArray(needed) ? (needed as string[]) : []));
    }
  }
  const counts = ["patternProperties", "propertyNames", "minProperties", "maxProperties"];
  return counts.some((keyword) => keyword in schema) ? [...keys, "a", "b", "name", "42", "кот"] : keys;
}

/** A number without what binary arithmetic leaves behind: 0.3 and not 0.30000000000000004. */
function decimal(number: number): number {
  return Number(number.toPrecision(15));
}

/** What two schemas say together, as far as drawing values needs it. */
function merged(a: JsonObject, b: JsonObject): JsonObject {
  const properties = { ...(a["properties"] as JsonObject | undefined), ...(b["properties"] as JsonObject | undefined) };
  const required = [...((a["required"] ?? []) as string[]), ...((b["required"] ?? []) as string[])];
  return {
    ...a,
    ...b,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
}

const matching = new Map<string, readonly string[]>();

/** A string that the pattern matches. Few are drawn of each pattern, as drawing is slow. */
function matchingString(pattern: string, random: Random): string | undefined {
  let strings = matching.get(pattern);
  if (strings === undefined) {
    try {
      const arbitrary = fc.stringMatching(new RegExp(pattern, "u"), { maxLength: 40 });
      strings = fc.sample(arbitrary, { seed: random.integer(0, 2 ** 31), numRuns: 10 });
    } catch {
      strings = [];
    }
    matching.set(pattern, strings);
  }
  return strings.length === 0 ? undefined : random.pick(strings);
}
