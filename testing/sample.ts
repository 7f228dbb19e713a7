import { generateSync } from "json-schema-faker";
import { compile, isJson, toJsonSchema } from "./schema.js";

const SEEDS = [1, 2, 3, 4, 5];

/** Full samples first, then sparser ones for schemas that are deeply nested or do not allow everything at once. */
const ATTEMPTS = [
  { useExamplesValue: true, alwaysFakeOptionals: true },
  { alwaysFakeOptionals: true },
  { useExamplesValue: true, optionalsProbability: 0, maxDepth: 30 },
  { optionalsProbability: 0, maxDepth: 30 },
] as const;

/**
 * A value that the schema accepts, always the same one.
 * @param schema a schema of the platform, with its references resolvable from the root
 * @throws Error when none is found, and for anything that is not a schema
 */
export function sampleFromSchema(schema: unknown): unknown {
  if (!isSchema(schema)) {
    const received = schema === null ? "null" : Array.isArray(schema) ? "an array" : typeof schema;
    throw new Error(`Expected a JSON Schema, received ${received}. Fix: pass an object or a boolean.`);
  }
  const accepts = compile(schema);
  const source = toJsonSchema(withFittingExamples(schema), "omit");
  for (const options of ATTEMPTS) {
    for (const seed of SEEDS) {
      const sample = attempt(source, { ...options, seed });
      if (sample !== undefined && accepts(sample)) return sample;
    }
  }
  throw new Error("No sample fits the schema. Fix: answer for this tool with a handler.");
}

/** The sample for `data` in the answer of a tool with this output schema. */
export function sampleData(schema: unknown): unknown {
  if (!isJson(schema)) return {};
  const answer = spelledOut(schema);
  if (!isEnvelope(answer)) return Object.keys(schema).length === 0 ? {} : sampleFromSchema(schema);
  const required = Array.isArray(answer["required"]) ? (answer["required"] as unknown[]) : [];
  const envelope = sampleFromSchema({ ...answer, required: [...new Set([...required, "data"])] });
  return isJson(envelope) ? envelope["data"] : {};
}

/** The rule by which the generator finds the schema of `data`. */
function isEnvelope({ properties }: Readonly<Record<string, unknown>>): boolean {
  return (
    isJson(properties) && isSchema(properties["data"]) && ("successful" in properties || "successfull" in properties)
  );
}

function isSchema(value: unknown): boolean {
  return typeof value === "boolean" || isJson(value);
}

const MOST_STEPS = 10;

/** The schema, where its root is just a reference or has a single part, with that in the root's place. */
function spelledOut(root: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let found: Readonly<Record<string, unknown>> = root;
  for (let step = 0; step < MOST_STEPS && found["properties"] === undefined; step++) {
    const { $ref, allOf } = found;
    const part: unknown = Array.isArray(allOf) && allOf.length === 1 ? allOf[0] : referred(root, $ref);
    if (!isJson(part)) return root;
    found = part;
  }
  const { $ref: _reference, allOf: _parts, ...rest } = root;
  return found === root ? root : { ...rest, ...found };
}

function referred(root: unknown, reference: unknown): unknown {
  if (typeof reference !== "string" || !reference.startsWith("#/")) return undefined;
  const keys = decodeURIComponent(reference.slice(2)).split("/");
  return keys.reduce<unknown>((value, key) => {
    const name = key.replaceAll("~1", "/").replaceAll("~0", "~");
    return isJson(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }, root);
}

function attempt(schema: unknown, options: object): unknown {
  try {
    return generateSync(schema as boolean, options);
  } catch {
    return undefined;
  }
}

/** Examples are often just display text; those whose type is not their schema's are left out. */
function withFittingExamples(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withFittingExamples);
  if (!isJson(node)) return node;
  const { examples, ...rest } = node;
  const copy = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withFittingExamples(value)]));
  if (!Array.isArray(examples))
    return examples === undefined ? copy : { ...copy, examples: withFittingExamples(examples) };
  const fitting = examples.filter((example) => typeof node["type"] === "string" && typeOf(example) === node["type"]);
  return fitting.length > 0 ? { ...copy, examples: fitting } : copy;
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}
