import { Ajv } from "ajv";

/** ajv as emitted validators judge by default: formats are not checked. */
export function createAjv() {
  return new Ajv({ strict: false, validateFormats: false, allErrors: false, logger: false });
}

/** The sampler of the build that is measured. */
export async function loadSampler(workspace) {
  const { sampleFromSchema } = await import(workspace.built("testing", "sample.js"));
  return sampleFromSchema;
}

/**
 * One value that the schema accepts and one that it refuses for a wrong value deep inside, both by ajv's verdict;
 * undefined where there is no such pair.
 */
export function instancesOf(schema, sample) {
  try {
    const accepts = createAjv().compile(schema);
    const valid = sample(schema);
    if (!accepts(valid)) return undefined;
    for (const invalid of spoiled(valid)) if (!accepts(invalid)) return { valid, invalid };
    return undefined;
  } catch {
    return undefined;
  }
}

/** Copies of a value, each with another of its leaves replaced, the last leaf first; one at a time, as there may be many. */
function* spoiled(value) {
  if (typeof value !== "object" || value === null) return yield typeof value === "number" ? "wrong" : 0.5;
  for (const key of Object.keys(value).reverse()) {
    for (const changed of spoiled(value[key])) {
      yield Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed };
    }
  }
}
