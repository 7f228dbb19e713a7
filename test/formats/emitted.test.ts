import { createRequire } from "node:module";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import type { FormatsPlugin } from "ajv-formats";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, it } from "vitest";
import { corpusPath, noCorpus, readCorpus } from "../support/corpus.js";
import { generateTools, loadTools, TestFolder, type Validator } from "../support/generated.js";
import { isObject, type Json, type JsonObject } from "../support/json.js";
import { Random, REPLAY, SEED } from "../support/random.js";
import { INGREDIENTS, nearValid } from "./near-valid.js";

const addFormats = createRequire(import.meta.url)("ajv-formats") as FormatsPlugin;
const DRAFT_2020 = "https://json-schema.org/draft/2020-12/schema";
const FLAVOURS = [
  { zod: "mini", entry: "zod/mini" },
  { zod: "classic", entry: "zod" },
] as const;
const FORMATS = [
  ...Object.keys(INGREDIENTS),
  "int32",
  "int64",
  "float",
  "double",
  "password",
  "binary",
  "iri",
  "nope",
  "toString",
  "__proto__",
];
const OTHERS: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 31,
  -(2 ** 31),
  2 ** 53,
  1e20,
  [],
  ["x"],
  {},
  { a: "x" },
  { b: 1 },
];

function schemasOf(format: string): JsonObject[] {
  return [
    { type: "string", format },
    { format },
    { type: "integer", format },
    { type: "number", format, minimum: 0 },
    { type: ["string", "number", "null"], format, minLength: 2 },
    { enum: ["2025-09-06", "x", 1.5, 2 ** 40], format },
    { anyOf: [{ type: "string", format }, { type: "null" }] },
    { not: { type: "string", format } },
    {
      type: "object",
      properties: { a: { format } },
      propertyNames: { format },
      additionalProperties: { type: "string", format },
    },
    {
      $schema: DRAFT_2020,
      anyOf: [{ format, properties: { a: true } }, { type: "object" }],
      unevaluatedProperties: false,
    },
    {
      $schema: DRAFT_2020,
      $ref: "#/$defs/x",
      $defs: { x: { format, properties: { a: { format } } } },
      unevaluatedProperties: { format },
    },
  ];
}

function validator(schema: JsonObject): (value: Json) => boolean {
  const Draft = schema["$schema"] === DRAFT_2020 ? (Ajv2020 as unknown as typeof Ajv) : Ajv;
  const ajv = addFormats(new Draft({ strict: false, validateSchema: false, logger: false }));
  return ajv.compile(schema) as (value: Json) => boolean;
}

function verdict(schema: Validator | undefined, value: Json): boolean | undefined {
  return schema?.safeParse(value).success;
}

describe.each(FLAVOURS)("formats: assert, over zod $zod", ({ zod, entry }) => {
  const folder = new TestFolder();
  afterAll(() => folder.remove());

  it("agrees with ajv and ajv-formats wherever a format can stand", async () => {
    const schemas = FORMATS.flatMap((format) => schemasOf(format).map((schema) => ({ format, schema })));
    const tools = schemas.map(({ schema }, index) => ({ slug: `FORMATS_T${index}`, input_parameters: schema }));
    const { diagnostics } = await generateTools(folder, tools, { settings: { zod, formats: "assert" } });
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const loaded = await loadTools(folder, { zod: entry });
    const random = new Random(SEED);
    const differing: string[] = [];
    for (const [index, { format, schema }] of schemas.entries()) {
      const ingredients = (Object.hasOwn(INGREDIENTS, format) ? INGREDIENTS[format] : undefined) ?? {
        samples: ["x", "2025-09-06"],
        pieces: ["a", "-"],
      };
      const texts = Array.from({ length: 30 }, () => nearValid(random, ingredients));
      const strings = [...ingredients.samples, ...texts];
      const check = validator(schema);
      const input = loaded.tools.get(`FORMATS_T${index}`)?.input as Validator;
      const compiled = loaded.compile(input, { strict: true });
      for (const value of [
        ...OTHERS,
        ...strings,
        ...strings.map((text) => ({ a: text })),
        ...strings.map((text) => ({ [text]: text })),
      ]) {
        const verdicts = [check(value), verdict(input, value), verdict(compiled, value)];
        if (new Set(verdicts).size > 1) differing.push(JSON.stringify([schema, value, verdicts]));
      }
    }
    expect(differing.slice(0, 10), REPLAY).toEqual([]);
  });

  it("says which format was expected", async () => {
    const tools = [
      { slug: "FORMATS_SAY", input_parameters: { properties: { due: { type: "string", format: "date-time" } } } },
    ];
    await generateTools(folder, tools, { out: "say", settings: { zod, formats: "assert" } });
    const { tools: emitted } = await loadTools(folder, { out: "say", zod: entry });
    const { success, error } = emitted.get("FORMATS_SAY")?.input.safeParse({ due: "tomorrow" }) ?? {};
    expect(success).toBe(false);
    const params = { keyword: "format", expected: "date-time" };
    expect(error?.issues).toMatchObject([
      { code: "custom", path: ["due"], params, message: "Invalid input: expected date-time" },
    ]);
  });
});

it("a format is a comment unless it is to be checked", async () => {
  const folder = new TestFolder();
  const properties = { due: { type: "string", format: "date-time" }, secret: { type: "string", format: "password" } };
  const tools = [{ slug: "FORMATS_TEXT", input_parameters: { type: "object", properties } }];
  const texts: string[] = [];
  for (const formats of ["annotate", "assert", undefined] as const) {
    const out = `text-${formats}`;
    await generateTools(folder, tools, { out, settings: formats === undefined ? {} : { formats } });
    texts.push(readFileSync(join(folder.path, out, "formats", "index.ts"), "utf8"));
  }
  folder.remove();
  const [annotate = "", assert = "", byDefault = ""] = texts;
  expect(byDefault).toBe(annotate);
  expect(annotate).toContain("@format date-time");
  expect(annotate).toContain("due: z.optional(z.string())");
  expect(annotate).not.toContain("z.format");
  expect(assert).toContain("@format date-time");
  expect(assert).toContain('due: z.optional(z.check(z.string(), z.format("date-time", z.isDateTime)))');
  expect(assert).toContain("secret: z.optional(z.string())");
});

interface Group {
  readonly description: string;
  readonly schema: Json;
  readonly tests: readonly { readonly description: string; readonly data: Json }[];
}

describe.skipIf(noCorpus)("JSON Schema Test Suite, format (needs TOOLBIND_CORPUS)", () => {
  it.each(["draft7", "draft2020-12"])("%s: every verdict is ajv's with ajv-formats", async (draft) => {
    const groups = [
      ["json-schema-test-suite", "tests", draft, "optional", "format"],
      ["json-schema-test-suite", "tests", draft, "format.json"],
    ].flatMap((path) => {
      if (!existsSync(corpusPath(...path))) return [];
      const files = path.at(-1) === "format" ? readdirSync(corpusPath(...path)).map((file) => [...path, file]) : [path];
      return files.flatMap((file) => readCorpus(...file) as unknown as Group[]);
    });
    const $schema = draft === "draft7" ? "http://json-schema.org/draft-07/schema#" : DRAFT_2020;
    const schemas = groups.map(({ schema }): JsonObject => ({ $schema, ...(isObject(schema) ? schema : {}) }));
    const folder = new TestFolder();
    const tools = schemas.map((schema, index) => ({ slug: `SUITE_T${index}`, input_parameters: schema }));
    await generateTools(folder, tools, { settings: { formats: "assert" } });
    const { tools: emitted } = await loadTools(folder);
    folder.remove();
    const differing: string[] = [];
    let total = 0;
    for (const [index, schema] of schemas.entries()) {
      const check = validator(schema);
      const input = emitted.get(`SUITE_T${index}`)?.input;
      for (const { data, description } of groups[index]?.tests ?? []) {
        total++;
        const expected = check(data);
        if (verdict(input, data) !== expected)
          differing.push(`${JSON.stringify(schema)}: ${description}: expected ${expected}`);
      }
    }
    expect(differing).toEqual([]);
    expect(total).toBeGreaterThan(500);
  });
});
