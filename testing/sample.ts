import { generateSync } from "json-schema-faker";
import { envelopeIn, isSchema } from "../generator/catalogue/envelope.js";
import { compile, toJsonSchema } from "../generator/schema/ajv.js";
import { isObject } from "../generator/text/json.js";

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
  if (!isObject(schema)) return {};
  const envelope = envelopeIn(schema);
  if (envelope === undefined) return Object.keys(schema).length === 0 ? {} : sampleFromSchema(schema);
  // The root stays for what its parts refer to.
  const { $ref: _reference, allOf: _parts, ...root } = schema;
  const whole = envelope.schema === schema ? schema : { ...root, ...envelope.schema };
  const required = Array.isArray(whole["required"]) ? (whole["required"] as unknown[]) : [];
  const answer = sampleFromSchema({ ...whole, required: [...new Set([...required, "data"])] });
  return isObject(answer) ? answer["data"] : {};
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
  if (!isObject(node)) return node;
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
