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
    const invalid = spoiled(valid).find((value) => !accepts(value));
    return invalid === undefined ? undefined : { valid, invalid };
  } catch {
    return undefined;
  }
}

/** Copies of a value, each with another of its leaves replaced, the last leaf first. */
function spoiled(value) {
  if (typeof value !== "object" || value === null) return [typeof value === "number" ? "wrong" : 0.5];
  const entries = Object.entries(value).reverse();
  return entries.flatMap(([key, inner]) =>
    spoiled(inner).map((changed) =>
      Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed },
    ),
  );
}
