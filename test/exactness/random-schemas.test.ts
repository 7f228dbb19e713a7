import { isDeepStrictEqual } from "node:util";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "../support/fast-check.js";
import { afterAll, describe, expect, it } from "vitest";
import { generateTools, loadTools, TestFolder, type Validator } from "../support/generated.js";
import { Instances } from "../support/instances.js";
import { withoutProto, type Json, type JsonObject } from "../support/json.js";
import { asAjvNeedsIt, randomSchemas, withoutInheritedNames, type RandomDialect } from "../support/random-schemas.js";
import { Random, REPLAY, SEED } from "../support/random.js";

const DIALECTS: Readonly<Record<string, RandomDialect & { readonly ajv: typeof Ajv }>> = {
  "draft 7": { uri: "http://json-schema.org/draft-07/schema#", definitions: "definitions", modern: false, ajv: Ajv },
  "draft 2020-12": {
    uri: "https://json-schema.org/draft/2020-12/schema",
    definitions: "$defs",
    modern: true,
    ajv: Ajv2020 as unknown as typeof Ajv,
  },
};
const BATCHES = 20;
const SCHEMAS = 60;
const VALUES = 24;
const ANY: readonly Json[] = [null, true, 0, 2.5, "", "abc", [], {}];

interface Case {
  readonly schema: JsonObject;
  readonly seed: number;
}

function valuesOf({ schema, seed }: Case): Json[] {
  const instances = new Instances(new Random(seed), schema);
  return [
    ...ANY,
    ...Array.from({ length: VALUES }, (_, index) => (index % 2 === 0 ? instances.valid() : instances.broken())),
  ];
}

/** What is wrong with a validator's verdict, if anything is. */
function complaint(validator: Validator, value: Json, accepted: boolean): string | undefined {
  try {
    const { success, data } = validator.safeParse(value);
    if (success !== accepted) return accepted ? "is refused" : "is accepted";
    const unchanged = !success || isDeepStrictEqual(withoutProto(data as Json), withoutProto(value));
    return unchanged ? undefined : `comes back as ${JSON.stringify(data)}`;
  } catch (error) {
    return `makes it throw ${String(error)}`;
  }
}

describe("Validators of random schemas", () => {
  const folder = new TestFolder();
  afterAll(() => folder.remove());

  it.each(Object.entries(DIALECTS))("%s: agree with ajv on random values", async (name, dialect) => {
    const ajv = new dialect.ajv({
      strict: false,
      validateFormats: false,
      validateSchema: false,
      // Without it 0.3 is no multiple of 0.1, and 1e21 none of 1.
      multipleOfPrecision: 6,
    });
    const counts = { batches: 0, schemas: 0, accepted: 0, refused: 0, crashed: 0 };

    /** Ajv's own function crashes now and then on keywords beside a recursive `$ref`. */
    function verdict(check: (value: Json) => boolean, value: Json): boolean | undefined {
      try {
        const accepted = check(withoutInheritedNames(value));
        counts[accepted ? "accepted" : "refused"]++;
        return accepted;
      } catch {
        counts.crashed++;
        return undefined;
      }
    }

    async function disagreements(cases: readonly Case[]): Promise<string[]> {
      const out = `batch${dialect.modern ? 2020 : 7}-${counts.batches++}`;
      const tools = cases.map(({ schema }, index) => ({ slug: `RANDOM_T${index}`, input_parameters: schema }));
      const { diagnostics } = await generateTools(folder, tools, { out });
      const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
      if (errors.length > 0) return errors;
      const { tools: emitted, compile } = await loadTools(folder, { out });
      const found: string[] = [];
      for (const [index, entry] of cases.entries()) {
        const check = ajv.compile<Json>(asAjvNeedsIt(entry.schema) as JsonObject) as (value: Json) => boolean;
        const input = emitted.get(`RANDOM_T${index}`)?.input;
        if (input === undefined) return [`RANDOM_T${index} is not there`];
        const compiled = compile(input, { strict: true });
        for (const value of valuesOf(entry)) {
          const accepted = verdict(check, value);
          if (accepted === undefined) continue;
          for (const [how, validator] of [["", input] as const, ["compiled ", compiled] as const]) {
            const wrong = complaint(validator, value, accepted);
            if (wrong !== undefined)
              found.push(`${how}${JSON.stringify(entry.schema)}: ${JSON.stringify(value)} ${wrong}`);
          }
        }
      }
      counts.schemas += cases.length;
      return found;
    }

    const cases = fc.record({ schema: randomSchemas(dialect), seed: fc.nat() });
    await fc.assert(
      fc.asyncProperty(fc.array(cases, { minLength: 1, maxLength: SCHEMAS, size: "max" }), async (batch) => {
        const found = await disagreements(batch);
        if (found.length > 0) throw new Error(`${found.slice(0, 3).join("\n")}\n(${REPLAY})`);
      }),
      { seed: SEED, numRuns: BATCHES, interruptAfterTimeLimit: 60_000 },
    );
    console.log(`${name}: ${JSON.stringify(counts)}; ${REPLAY}`);
    expect(counts.crashed).toBeLessThan(counts.schemas);
    expect(counts.accepted).toBeGreaterThan(counts.schemas * 3);
    expect(counts.refused).toBeGreaterThan(counts.schemas * 3);
  });
});
