import { generateSync } from "json-schema-faker";

const DEEPEST = 10;
/** Below this, only what is required is made up. */
const FULL_TO = 4;

/** Values that formats ask for: they have to hold where formats are checked. */
const FORMATS = {
  "date-time": "2026-01-02T03:04:05Z",
  date: "2026-01-02",
  time: "03:04:05Z",
  duration: "P1D",
  email: "ada@example.com",
  "idn-email": "ada@example.com",
  hostname: "example.com",
  "idn-hostname": "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com/a",
  url: "https://example.com/a",
  iri: "https://example.com/a",
  "uri-reference": "/a",
  "uri-template": "https://example.com/{a}",
  uuid: "7c9e6679-7425-40de-944b-e07fc1f90ae7",
  byte: "YQ==",
  base64: "YQ==",
  binary: "text",
  "json-pointer": "/a",
  regex: "a",
};

/**
 * Arguments made from the JSON Schema of a tool's input: those that it requires, or all of them. `choice` decides which
 * of several alternatives is taken, so that another number gives other arguments. The same call gives the same value.
 */
export function sampleOf(schema, { full, choice = 0 }) {
  return new Sampler(schema, full, choice).value(schema, 0);
}

class Sampler {
  constructor(root, full, choice) {
    this.root = root;
    this.full = full;
    this.choice = choice;
  }

  /** Undefined where none is found, such as for what refers to itself without end. */
  value(given, depth) {
    if (given === false || depth > DEEPEST) return undefined;
    if (given === true || typeof given !== "object" || given === null) return "text";
    const schema = this.whole(given);
    if (schema === undefined) return undefined;
    // A constant of an alternative may be none of what holds beside it.
    if ("const" in schema && !schema.enum?.every((each) => each !== schema.const)) return schema.const;
    if (Array.isArray(schema.enum)) {
      const values = schema.enum.filter((each) => each !== null);
      // Nothing fits an empty list.
      if (values.length === 0) return schema.enum.length === 0 ? undefined : null;
      return values[this.choice % values.length];
    }
    switch (this.typeOf(schema)) {
      case "object":
        return this.object(schema, depth);
      case "array":
        return this.array(schema, depth);
      case "integer":
      case "number":
        return number(schema);
      case "boolean":
        return true;
      case "null":
        return null;
      default:
        return string(schema, this.choice);
    }
  }

  /** The schema with its references followed, the parts of `allOf` in one and one of its alternatives chosen. */
  whole(given, hops = 0) {
    if (given === true || hops > 50) return hops > 50 ? undefined : {};
    if (given === false) return undefined;
    let schema = given;
    const { $ref, ...beside } = schema;
    if ($ref !== undefined) {
      const target = this.whole(this.target($ref), hops + 1);
      if (target === undefined) return undefined;
      schema = merged(target, beside);
    }
    const { allOf, oneOf, anyOf, ...rest } = schema;
    schema = rest;
    for (const part of allOf ?? []) {
      const read = this.whole(part, hops + 1);
      if (read === undefined) return undefined;
      schema = merged(schema, read);
    }
    for (const alternatives of [oneOf, anyOf]) {
      if (!Array.isArray(alternatives) || alternatives.length === 0) continue;
      const chosen = this.whole(alternatives[this.choice % alternatives.length], hops + 1);
      if (chosen !== undefined) schema = merged(schema, chosen);
    }
    return schema;
  }

  target(reference) {
    if (!reference.startsWith("#")) return undefined;
    const keys = reference.slice(2).split("/").filter(Boolean);
    return keys.reduce(
      (value, key) => value?.[decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~")],
      this.root,
    );
  }

  typeOf(schema) {
    const { type } = schema;
    if (Array.isArray(type)) {
      const types = type.filter((each) => each !== "null");
      return types.length === 0 ? "null" : types[this.choice % types.length];
    }
    if (type !== undefined) return type;
    if (schema.properties ?? schema.additionalProperties ?? schema.required ?? schema.minProperties) return "object";
    if (schema.items ?? schema.prefixItems) return "array";
    return schema.minimum === undefined && schema.maximum === undefined ? "string" : "number";
  }

  object({ properties = {}, required = [], additionalProperties, minProperties = 0 }, depth) {
    const wanted = new Set(required);
    const result = {};
    for (const [name, property] of Object.entries(properties)) {
      const isRequired = wanted.has(name);
      if (!isRequired && !(this.full && depth < FULL_TO)) continue;
      const whole = typeof property === "object" && property !== null ? this.whole(property) : property;
      // What only answers hold is not sent.
      if (whole?.readOnly === true) continue;
      const value = this.value(property, depth + 1);
      if (value === undefined) {
        if (isRequired) return undefined;
        continue;
      }
      set(result, name, value);
    }
    const extra = typeof additionalProperties === "object" ? additionalProperties : true;
    for (const name of required) {
      if (name in properties || name in result) continue;
      set(result, name, this.value(extra, depth + 1) ?? "text");
    }
    const isMap = typeof additionalProperties === "object" && Object.keys(properties).length === 0;
    const least = Math.max(minProperties, isMap && this.full && depth < FULL_TO ? 1 : 0);
    for (const [name, property] of Object.entries(properties)) {
      if (Object.keys(result).length >= least || name in result) continue;
      const value = this.value(property, depth + 1);
      if (value !== undefined && property?.readOnly !== true) set(result, name, value);
    }
    for (let number = 1; Object.keys(result).length < least && additionalProperties !== false; number++) {
      const value = this.value(extra, depth + 1);
      if (value === undefined) break;
      set(result, `key${number}`, value);
    }
    return result;
  }

  /** Of two items, if it may: Prism takes a single one in a form for no array. */
  array({ items, prefixItems = [], minItems = 0, maxItems = Infinity, uniqueItems = false }, depth) {
    const wanted = Math.min(maxItems, Math.max(minItems, prefixItems.length, 2));
    const result = [];
    for (let at = 0; at < wanted; at++) {
      // Another choice for each, as items may have to differ.
      const sampler = new Sampler(this.root, this.full, this.choice + (prefixItems.length > 0 ? 0 : at));
      const value = sampler.value(prefixItems[at] ?? items ?? true, depth + 1);
      if (value === undefined) break;
      const same = result.some((other) => JSON.stringify(other) === JSON.stringify(value));
      if (same && uniqueItems && result.length >= minItems) break;
      if (same && typeof value === "number") result.push(value + at);
      else if (same && value === "text") result.push(`text${at}`);
      else result.push(value);
    }
    return result.length < minItems ? undefined : result;
  }
}

/** Two schemas that both hold, as far as samples of them go. */
function merged(one, other) {
  const required = [...new Set([...(one.required ?? []), ...(other.required ?? [])])];
  const properties = { ...one.properties };
  for (const [name, property] of Object.entries(other.properties ?? {})) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    set(
      properties,
      name,
      known === undefined || typeof property !== "object" ? property : { allOf: [known, property] },
    );
  }
  return {
    ...one,
    ...other,
    ...(Array.isArray(one.enum) &&
      Array.isArray(other.enum) && { enum: one.enum.filter((each) => other.enum.includes(each)) }),
    ...(required.length > 0 && { required }),
    ...(Object.keys(properties).length > 0 && { properties }),
  };
}

function set(object, name, value) {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

function number({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }) {
  const step = multipleOf ?? (type === "integer" ? 1 : 0.5);
  const above =
    exclusiveMinimum === true ? minimum : typeof exclusiveMinimum === "number" ? exclusiveMinimum : undefined;
  const below =
    exclusiveMaximum === true ? maximum : typeof exclusiveMaximum === "number" ? exclusiveMaximum : undefined;
  const fits = (value) =>
    (minimum === undefined || value >= minimum) &&
    (maximum === undefined || value <= maximum) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below);
  const round = (value) => (type === "integer" || multipleOf !== undefined ? Math.ceil(value / step) * step : value);
  const starts = [
    step >= 1 ? step : 1,
    round(minimum ?? 1),
    round(above ?? 1) + step,
    maximum ?? 1,
    (below ?? 1) - step,
  ];
  return starts.find(fits) ?? 1;
}

function string({ format, pattern, minLength = 0, maxLength = Infinity }, choice) {
  if (pattern !== undefined) {
    const made = attempt(pattern, minLength, maxLength, choice);
    if (made !== undefined) return made;
  }
  const known = Object.hasOwn(FORMATS, format ?? "") ? FORMATS[format] : undefined;
  if (known !== undefined && known.length >= minLength && known.length <= maxLength) return known;
  return "text".padEnd(minLength, "t").slice(0, maxLength);
}

function attempt(pattern, minLength, maxLength, choice) {
  for (let seed = 1 + choice; seed < 9 + choice; seed++) {
    try {
      const bounds = { ...(minLength > 0 && { minLength }), ...(maxLength < Infinity && { maxLength }) };
      const made = generateSync({ type: "string", pattern, ...bounds }, { seed });
      if (made.length >= minLength && made.length <= maxLength && new RegExp(pattern, "u").test(made)) return made;
    } catch {
      // Another seed, or none.
    }
  }
  return undefined;
}
