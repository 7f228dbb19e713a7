import { describe, expect, it, vi } from "vitest";
import { catalogueOf, complaints, entryOf, generateBounded, nested, validateBounded } from "../support/bounded.js";
import { COMPILERS } from "../support/compilers.js";
import { createFolder } from "../support/project.js";

vi.setConfig({ testTimeout: 600_000 });

const SHAPES: Readonly<Record<string, readonly [open: string, close: string]>> = {
  properties: ['{"type":"object","properties":{"a":', "}}"],
  "properties without a type": ['{"properties":{"a":', "}}"],
  "properties beside typed others": [
    '{"type":"object","properties":{"a":',
    '},"additionalProperties":{"type":"string"}}',
  ],
  "properties beside others, required": [
    '{"type":"object","required":["a"],"properties":{"a":',
    '},"additionalProperties":{"type":["string","object"]}}',
  ],
  additionalProperties: ['{"type":"object","additionalProperties":', "}"],
  "additionalProperties, with keys required": [
    '{"type":"object","required":["a","b","c"],"additionalProperties":',
    "}",
  ],
  "additionalProperties without a type": ['{"required":["a","b"],"additionalProperties":', "}"],
  patternProperties: ['{"type":"object","patternProperties":{"^a":', "}}"],
  propertyNames: ['{"type":"object","propertyNames":', "}"],
  items: ['{"type":"array","items":', "}"],
  "items without a type": ['{"minItems":1,"items":', "}"],
  tuples: ['{"type":"array","items":[{"type":"string"},', '],"additionalItems":{"type":"number"}}'],
  contains: ['{"type":"array","contains":', "}"],
  anyOf: ['{"anyOf":[{"type":"object","properties":{"b":{"type":"string"}}},', ',{"type":"string"}]}'],
  oneOf: ['{"oneOf":[{"type":"object","required":["b"]},', "]}"],
  allOf: ['{"properties":{"b":{"type":"string"}},"allOf":[', "]}"],
  not: ['{"not":', "}"],
  if: ['{"if":{"required":["b"]},"then":', ',"else":{"type":"object"}}'],
  dependencies: ['{"dependencies":{"a":', "}}"],
  "several types": ['{"type":["object","array","null"],"properties":{"a":', '},"items":{"type":"string"}}'],
  nullable: ['{"nullable":true,"properties":{"a":', '},"required":["a"]}'],
  "an inherited name": ['{"type":"object","properties":{"constructor":', "}}"],
};

const DEEPEST = 100;

describe("schemas nested deep", () => {
  const shapes = Object.entries(SHAPES);

  it("as deep as they may are generated, compile and validate", async () => {
    const folder = createFolder();
    const schemas = shapes.map(([, [open, close]]) => nested(DEEPEST, open, close));
    expect((await generateBounded(folder, catalogueOf(...schemas))).messages).toEqual([]);
    for (const compiler of COMPILERS) expect(await complaints(folder, compiler)).toEqual([]);
    const verdicts = await validateBounded(folder, [{}, { a: {} }, [], "text", null]);
    for (const [index, [name]] of shapes.entries()) {
      const kinds = verdicts[`t${index}`]?.map((verdict) => typeof verdict);
      expect([name, kinds]).toEqual([name, Array(5).fill("boolean")]);
    }
  });

  it("in 2020-12, with ids, dynamic references and what is unevaluated, are too", async () => {
    const $schema = '"$schema":"https://json-schema.org/draft/2020-12/schema"';
    const schemas = [
      nested(DEEPEST, `{${$schema},"unevaluatedProperties":`, "}"),
      nested(DEEPEST, `{${$schema},"unevaluatedItems":`, "}"),
      nested(DEEPEST, `{${$schema},"properties":{"a":`, '},"unevaluatedProperties":{"type":"string"}}'),
      nested(DEEPEST, `{${$schema},"dependentSchemas":{"a":`, "}}"),
      nested(
        DEEPEST - 1,
        `{"$id":"a",${$schema},"$dynamicAnchor":"n","properties":{"a":`,
        "}}",
        '{"$dynamicRef":"#n"}',
      ),
    ];
    const folder = createFolder();
    expect((await generateBounded(folder, catalogueOf(...schemas))).messages).toEqual([]);
    for (const compiler of COMPILERS) expect(await complaints(folder, compiler)).toEqual([]);
  });

  it.each([
    [
      DEEPEST + 50,
      /^TB3004 X_T\d+ left out at .*#\/\d+\/input_parameters\/.*: expected at most 100 levels of nesting, /,
    ],
    [10_000, /^TB3004 X_T\d+ left out at .*#\/\d+: expected at most 1000 levels of nesting, /],
  ])("by %i levels are refused", async (depth, message) => {
    const schemas = shapes.map(([, [open, close]]) => nested(depth, open, close));
    const { tools, messages } = await generateBounded(createFolder(), catalogueOf(...schemas));
    expect([tools, messages.length]).toEqual([1, shapes.length]);
    for (const each of messages) expect(each).toMatch(message);
  });
});

describe("values nested deep", () => {
  it("in const, enum, default and examples compile, or are refused", async () => {
    const folder = createFolder();
    const array = nested(DEEPEST, "[", "]", "1");
    const object = nested(DEEPEST, '{"a":', "}", "1");
    const schema = `{"properties":{"a":{"const":${array}},"b":{"enum":[${object},${array}]},"c":{"default":${object}}}}`;
    expect((await generateBounded(folder, catalogueOf(schema))).messages).toEqual([]);
    for (const compiler of COMPILERS) expect(await complaints(folder, compiler)).toEqual([]);
    const values = [{ a: JSON.parse(array) as unknown, b: JSON.parse(object) as unknown }, { a: [] }];
    expect(await validateBounded(folder, values)).toMatchObject({ a: [true, false] });
    const deep = nested(20_000, "[", "]", "1");
    const deeper = ["const", "default", "x-anything"].map((keyword) => `{"${keyword}":${deep}}`);
    const { messages } = await generateBounded(createFolder(), catalogueOf(...deeper));
    expect(messages).toHaveLength(deeper.length);
    for (const each of messages) expect(each).toContain("expected at most 1000 levels of nesting, received more.");
  });

  it("anywhere else in an entry are refused, and said briefly", async () => {
    const deep = nested(50_000, "[", "]", "1");
    const entries = [
      `{"slug":${deep},"input_parameters":{}}`,
      entryOf("X_A", "{}", `,"tags":${deep}`),
      entryOf("X_B", "{}", `,"toolkit":{"slug":${deep}}`),
      `{"slug":"x","meta":{"version":${deep}}}`,
      deep,
    ];
    const catalogue = `[${entryOf("X_OK", "{}")},${entries.join(",")}]`;
    const { tools, messages } = await generateBounded(createFolder(), catalogue);
    expect([tools, messages.length]).toEqual([1, entries.length]);
    for (const message of messages) expect(message.length).toBeLessThan(300);
  });
});

describe("numbers", () => {
  it("that JavaScript cannot hold are refused wherever they stand", async () => {
    const values = ['"const":1e999', '"enum":[1,-1e999]', '"minimum":1e400', '"default":1e999', '"x":[{"y":1e999}]'];
    const { tools, messages } = await generateBounded(
      createFolder(),
      catalogueOf(...values.map((each) => `{${each}}`)),
    );
    expect([tools, messages.length]).toEqual([1, values.length]);
    for (const each of messages) expect(each).toContain(": expected numbers below 1.8e308, received a greater one.");
  });

  it("at the edges are taken as JavaScript reads them", async () => {
    const folder = createFolder();
    const schema = `{"properties":{
      "a":{"enum":[-0,1e-400,9007199254740993,1e21,-1.5e-7,1.7976931348623157e308]},
      "b":{"const":-0},
      "c":{"minimum":-0,"multipleOf":5e-324},
      "d":{"maxLength":1e308,"minItems":9007199254740993},
      "e":{"type":["integer","number"],"exclusiveMaximum":-1e300}}}`;
    expect((await generateBounded(folder, catalogueOf(schema))).messages).toEqual([]);
    expect(await complaints(folder)).toEqual([]);
    const numbers = [0, 9007199254740992, 1e21, -1.5e-7, Number.MAX_VALUE].map((a) => ({ a }));
    const accepted = [...numbers, { b: 0 }, { d: "text" }, { e: -1e301 }];
    const refused = [{ a: 1 }, { d: [] }, { e: 0 }, { c: -1 }];
    const verdicts = await validateBounded(folder, [...accepted, ...refused]);
    expect(verdicts["a"]).toEqual([...accepted.map(() => true), ...refused.map(() => false)]);
  });
});

describe("patterns", () => {
  const schemaOf = (patterns: readonly string[], more: string = ""): string => {
    const properties = patterns.map(
      (each, at) => `"p${at}":{"type":"string","pattern":${JSON.stringify(each)}${more}}`,
    );
    return `{"properties":{${properties.join(",")}}}`;
  };

  it("that are broken or too large are reported, and the rest of the schema holds", async () => {
    const folder = createFolder();
    const patterns = [
      "(",
      "[z-a]",
      "(?<a>x)(?<a>y)",
      "\\",
      "(".repeat(50_000) + ")".repeat(50_000),
      "a".repeat(20_000_000),
      "(?:a|".repeat(20_000) + ")".repeat(20_000),
    ];
    const { tools, messages } = await generateBounded(folder, catalogueOf(schemaOf(patterns)), 900);
    expect([tools, messages.length]).toEqual([2, patterns.length]);
    for (const message of messages) {
      expect(message).toMatch(
        /^TB3003 Keyword pattern of X_A cannot be checked \(.+\) at .*\/properties\/p\d\/pattern\. Fix/s,
      );
      expect(message.length).toBeLessThan(600);
    }
    const values = patterns.map((_, index) => ({ [`p${index}`]: "x" }));
    const verdicts = await validateBounded(folder, [...values, { p0: 5 }]);
    expect(verdicts["a"]).toEqual([...values.map(() => true), false]);
  });

  it("as large as they may be, and such as explode, cost little to generate", async () => {
    const folder = createFolder();
    const large = "(?:a|".repeat(1600) + ")".repeat(1600);
    const patterns = ["^(a+)+$", "(x+x+)+y", "(?:(?:a{1,500}){1,500})", "(?:(?:a{1000}){1000}){1000}", large];
    const schema = schemaOf(patterns, `,"default":"${"a".repeat(60)}!"`);
    expect((await generateBounded(folder, catalogueOf(schema))).messages).toEqual([]);
    expect(await complaints(folder)).toEqual([]);
  });
});
