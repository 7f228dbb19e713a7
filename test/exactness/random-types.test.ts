import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, it } from "vitest";
import { typeCheck } from "../support/compilers.js";
import fc from "../support/fast-check.js";
import { generateTools, TestFolder } from "../support/generated.js";
import { Instances } from "../support/instances.js";
import { isObject, type Json, type JsonObject } from "../support/json.js";
import { hasInheritedKey, literal } from "../support/literals.js";
import { asAjvNeedsIt, randomSchemas, withoutInheritedNames, type RandomDialect } from "../support/random-schemas.js";
import { Random, REPLAY, SEED } from "../support/random.js";
import { rebuildSchema } from "../support/rebuild-schema.js";

const DIALECTS: Readonly<Record<string, RandomDialect & { readonly ajv: typeof Ajv }>> = {
  "draft 7": { uri: "http://json-schema.org/draft-07/schema#", definitions: "definitions", modern: false, ajv: Ajv },
  "draft 2020-12": {
    uri: "https://json-schema.org/draft/2020-12/schema",
    definitions: "$defs",
    modern: true,
    ajv: Ajv2020 as unknown as typeof Ajv,
  },
};
const SCHEMAS = 250;
const VALUES = 8;

/** Types are closed where nothing is said of other keys; here they are to take all that the schema takes. */
function opened(schema: JsonObject): JsonObject {
  return rebuildSchema(schema, (inner) =>
    isObject(inner["properties"]) || isObject(inner["patternProperties"])
      ? { additionalProperties: true, ...inner }
      : inner,
  ) as JsonObject;
}

describe("Types of random schemas", () => {
  const folder = new TestFolder();
  afterAll(() => folder.remove());

  it.each(Object.entries(DIALECTS))("%s: compile, and take what ajv accepts", async (_, dialect) => {
    const ajv = new dialect.ajv({
      strict: false,
      validateFormats: false,
      validateSchema: false,
      multipleOfPrecision: 6,
    });
    const drawn = fc.sample(randomSchemas(dialect), { seed: SEED, numRuns: SCHEMAS });
    const schemas = [...drawn, ...drawn.map(opened)];
    const out = dialect.modern ? "modern" : "older";
    const tools = schemas.map((schema, index) => ({ slug: `RANDOM_T${index}`, input_parameters: schema }));
    await generateTools(folder, tools, { out });

    const lines: string[] = [];
    const assigned: string[] = [];
    for (const [index, schema] of schemas.entries()) {
      if (index < SCHEMAS) continue;
      const check = ajv.compile<Json>(asAjvNeedsIt(schema) as JsonObject) as (value: Json) => boolean;
      const accepts = (value: Json): boolean => {
        try {
          return check(withoutInheritedNames(value));
        } catch {
          // Ajv's own function crashes now and then on keywords beside a recursive `$ref`.
          return false;
        }
      };
      const instances = new Instances(new Random(SEED + index), schema);
      for (const value of Array.from({ length: VALUES }, () => instances.valid())) {
        if (hasInheritedKey(value) || !accepts(value)) continue;
        lines.push(`export const v${lines.length}: ToolMap["RANDOM_T${index}"]["input"] = as(${literal(value)});`);
        assigned.push(`${JSON.stringify(schema)}: ${JSON.stringify(value)}`);
      }
    }
    const file = `${out}.literals.ts`;
    // A literal that has passed a function may have keys that its type does not name.
    const start = [
      `import type { ToolMap } from "./${out}/tool-map.js";`,
      "type Plain<T> = T extends object ? { -readonly [K in keyof T]: Plain<T[K]> } : T;",
      "declare function as<const T>(value: T): Plain<T>;",
    ];
    folder.write(file, [...start, ...lines].join("\n"));
    const options = { strict: true, noEmit: true, module: "nodenext", target: "es2022", types: [], skipLibCheck: true };
    const errors = await typeCheck(folder, "TypeScript 7", [file], options);
    const told = errors.map((error) => `${error.message} ${assigned[error.line - start.length - 1] ?? error.file}`);
    console.log(`${lines.length} literals; ${REPLAY}`);
    expect(told.slice(0, 3), REPLAY).toEqual([]);
    expect(lines.length).toBeGreaterThan(SCHEMAS);
  });
});
