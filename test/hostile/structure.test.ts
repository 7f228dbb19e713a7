import { describe, expect, it } from "vitest";
import { generateBounded, validateBounded } from "../support/bounded.js";
import { LIBRARIES, listErrors, MODULES, STRICTEST, typeCheck } from "../support/compilers.js";
import type { TestFolder } from "../support/generated.js";
import { emitted, findCode } from "../support/hostile.js";
import { createFolder } from "../support/project.js";

const nested = (times: number, open: string, close: string, innermost: string = "{}"): string =>
  open.repeat(times) + innermost + close.repeat(times);
const many = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join(",");

/** A catalogue, as text, with a tool of each schema, and one that must be generated whatever happens to the others. */
function catalogue(...schemas: readonly string[]): string {
  const tools = schemas.map((schema, index) => entry(schemas.length === 1 ? "X_A" : `X_T${index}`, schema));
  return `[${[...tools, entry("X_OK", "{}")].join(",")}]`;
}

function entry(slug: string, schema: string): string {
  return `{"slug":"${slug}","description":"","version":"20250101_00","input_parameters":${schema}}`;
}

async function compiles(folder: TestFolder): Promise<void> {
  const errors = await typeCheck(folder, "TypeScript 7", ["out"], {
    ...STRICTEST,
    ...MODULES.nodenext,
    ...LIBRARIES["es2023 and dom"],
  });
  expect(listErrors(errors)).toEqual([]);
  expect(findCode(emitted(folder))).toEqual([]);
}

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

describe("schemas nested deep", () => {
  const shapes = Object.values(SHAPES);

  it("as deep as they may are generated, compile and validate", async () => {
    const folder = createFolder();
    const { messages } = await generateBounded(
      folder,
      catalogue(...shapes.map(([open, close]) => nested(190, open, close))),
    );
    expect(messages).toEqual([]);
    await compiles(folder);
    const verdicts = await validateBounded(folder, [{}, { a: {} }, [], "text", null]);
    for (const index of shapes.keys()) {
      const own = verdicts[`t${index}`]?.map((verdict) => typeof verdict);
      expect([Object.keys(SHAPES)[index], own]).toEqual([Object.keys(SHAPES)[index], Array(5).fill("boolean")]);
    }
  });

  it("in 2020-12, with ids, dynamic references and what is unevaluated, are too", async () => {
    const $schema = '"$schema":"https://json-schema.org/draft/2020-12/schema"';
    const schemas = [
      nested(100, `{${$schema},"unevaluatedProperties":`, "}"),
      nested(100, `{${$schema},"unevaluatedItems":`, "}"),
      nested(100, `{${$schema},"properties":{"a":`, '},"unevaluatedProperties":{"type":"string"}}'),
      nested(100, `{${$schema},"dependentSchemas":{"a":`, "}}"),
      nested(100, `{"$id":"a",${$schema},"$dynamicAnchor":"n","properties":{"a":`, "}}", '{"$dynamicRef":"#n"}'),
    ];
    const folder = createFolder();
    expect((await generateBounded(folder, catalogue(...schemas))).messages).toEqual([]);
    await compiles(folder);
  });

  it.each([
    [
      250,
      /^TB3004 X_T\d+ left out at catalogue\.json#\/\d+\/input_parameters\/.*: expected at most 200 levels of nesting, received more\./,
    ],
    [
      10_000,
      /^TB3004 X_T\d+ left out at catalogue\.json#\/\d+: expected at most 1000 levels of nesting, received more\./,
    ],
  ])("by %i levels are refused", async (depth, message) => {
    const schemas = shapes.map(([open, close]) => nested(depth, open, close));
    const { tools, messages } = await generateBounded(createFolder(), catalogue(...schemas));
    expect([tools, messages.length]).toEqual([1, shapes.length]);
    for (const each of messages) expect(each).toMatch(message);
  });
});

describe("values nested deep", () => {
  it("in const, enum, default and examples stay within what compiles, or are refused", async () => {
    const folder = createFolder();
    const array = nested(400, "[", "]", "1");
    const object = nested(400, '{"a":', "}", "1");
    const schema = `{"properties":{"a":{"const":${array}},"b":{"enum":[${object},${array}]},"c":{"default":${object},"examples":[${array}]}}}`;
    const { messages } = await generateBounded(folder, catalogue(schema));
    expect(messages).toEqual([]);
    await compiles(folder);
    expect(
      await validateBounded(folder, [{ a: JSON.parse(array) as unknown, b: JSON.parse(object) as unknown }, { a: [] }]),
    ).toMatchObject({ a: [true, false] });
    for (const keyword of ["const", "default", "x-anything"]) {
      const { messages: refused } = await generateBounded(
        createFolder(),
        catalogue(`{"${keyword}":${nested(20_000, "[", "]", "1")}}`),
      );
      expect(refused).toEqual([
        expect.stringContaining(
          "TB3004 X_A left out at catalogue.json#/0: expected at most 1000 levels of nesting, received more.",
        ),
      ]);
    }
  });

  it("anywhere else in an entry are refused, and said briefly", async () => {
    const deep = nested(50_000, "[", "]", "1");
    const ok = '{"slug":"X_OK","input_parameters":{},"version":"20250101_00"}';
    for (const entry of [
      `{"slug":${deep},"input_parameters":{}}`,
      `{"slug":"X_A","tags":${deep},"input_parameters":{}}`,
      `{"slug":"x","meta":{"version":${deep}}}`,
      `{"slug":"X_A","toolkit":{"slug":${deep}},"input_parameters":{}}`,
      deep,
    ]) {
      const { tools, messages } = await generateBounded(createFolder(), `[${ok},${entry}]`);
      expect([tools, messages.length]).toEqual([1, 1]);
      expect(messages[0]?.length).toBeLessThan(300);
    }
  });
});

describe("references", () => {
  it("that lead round to the same value are refused", async () => {
    const loops = [
      '{"$ref":"#"}',
      '{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}',
      '{"$defs":{"a":{"allOf":[{"anyOf":[{"not":{"$ref":"#/$defs/a"}}]}]}},"properties":{"x":{"$ref":"#/$defs/a"}}}',
      '{"$defs":{"a":{"if":{},"then":{"$ref":"#/$defs/a"}}},"items":{"$ref":"#/$defs/a"}}',
      `{"$defs":{${many(5000, (index) => `"d${index}":{"$ref":"#/$defs/d${(index + 1) % 5000}"}`)}},"$ref":"#/$defs/d0"}`,
    ];
    for (const schema of loops) {
      const { tools, messages } = await generateBounded(createFolder(), catalogue(schema));
      expect(tools).toBe(1);
      expect(messages).toEqual([
        expect.stringMatching(
          /^TB3002 X_A left out at .*: expected references that end, received a loop of references to the same value\./,
        ),
      ]);
    }
  });

  it("in chains of 10,000 are followed", async () => {
    const folder = createFolder();
    const definitions = many(
      10_000,
      (index) => `"d${index}":{"$ref":"#/$defs/d${index + 1}","description":"d${index}"}`,
    );
    const { messages } = await generateBounded(
      folder,
      catalogue(`{"$defs":{${definitions},"d10000":{"type":"string"}},"properties":{"a":{"$ref":"#/$defs/d0"}}}`),
    );
    expect(messages).toEqual([]);
    await compiles(folder);
    expect(await validateBounded(folder, [{ a: "text" }, { a: 1 }])).toMatchObject({ a: [true, false] });
  });

  it("in chains that check something at every step are followed for 150, and refused for 10,000", async () => {
    const chain = (length: number): string =>
      catalogue(
        `{"$defs":{${many(length, (index) => `"d${index}":{"$ref":"#/$defs/d${index + 1}","minLength":${index % 3}}`)},"d${length}":{"type":"string"}},"properties":{"a":{"$ref":"#/$defs/d0"}}}`,
      );
    const folder = createFolder();
    expect((await generateBounded(folder, chain(150))).messages).toEqual([]);
    await compiles(folder);
    expect(await validateBounded(folder, [{ a: "text" }, { a: 1 }, { a: "" }])).toMatchObject({
      a: [true, false, false],
    });
    const { messages } = await generateBounded(createFolder(), chain(10_000));
    expect(messages).toEqual([
      expect.stringMatching(
        /^TB3004 X_A left out at .*: expected at most 200 schemas in a row for one value, received \d+\./,
      ),
    ]);
  });

  it("that would multiply are generated once each", async () => {
    const laughs = (step: (next: string, index: number) => string, last: string): string =>
      catalogue(
        `{"$defs":{${many(40, (index) => `"d${index}":${step(`{"$ref":"#/$defs/d${index + 1}"}`, index)}`)},"d40":${last}},"properties":{"a":{"$ref":"#/$defs/d0"}}}`,
      );
    for (const each of [
      laughs(
        (next) => `{"type":"object","properties":{${many(10, (key) => `"p${key}":${next}`)}}}`,
        '{"type":"string"}',
      ),
      laughs((next) => `{"allOf":[${next},${next}]}`, '{"type":"string"}'),
      laughs(
        (next, index) =>
          `{"anyOf":[{"type":"object","properties":{"a${index}":${next}}},${next},{"type":"array","items":${next}}]}`,
        '{"type":"string"}',
      ),
      laughs(
        (next, index) =>
          `{"allOf":[${next},{"anyOf":[{"required":["a${index}"],"properties":{"a${index}":{}}},{"required":["b${index}"]}]}]}`,
        '{"type":"object"}',
      ),
      laughs((next) => `{"type":"object","required":["a","b"],"additionalProperties":${next}}`, '{"type":"string"}'),
    ]) {
      const folder = createFolder();
      expect((await generateBounded(folder, each)).messages).toEqual([]);
      const size = Object.values(emitted(folder)).reduce((sum, text) => sum + text.length, 0);
      expect(size).toBeLessThan(1_000_000);
      await compiles(folder);
    }
  });

  it("to long texts do not repeat them", async () => {
    const long = JSON.stringify("x".repeat(500_000));
    for (const definition of [
      `{"type":"string","description":${long}}`,
      `{"type":"string","const":${long}}`,
      `{"enum":[${long}]}`,
      `{"type":"string","pattern":${long}}`,
      `{"type":"string","title":${long},"default":${long}}`,
    ]) {
      const folder = createFolder();
      const properties = many(5000, (index) => `"p${index}":{"$ref":"#/$defs/d"}`);
      await generateBounded(folder, catalogue(`{"$defs":{"d":${definition}},"properties":{${properties}}}`));
      const size = Object.values(emitted(folder)).reduce((sum, text) => sum + text.length, 0);
      expect(size).toBeLessThan(20_000_000);
    }
  });

  it("to other places are never fetched", async () => {
    const references = [
      "http://169.254.169.254/latest",
      "file:///etc/passwd",
      "javascript:alert(1)",
      "//evil/x",
      "https://json-schema.org/draft/2020-12/meta/../../../../package.json",
      "https://json-schema.org/draft/2020-12/meta/none",
      "http://[",
      "toolbind:/other",
      "\u0000",
      "#none",
    ];
    const schemas = references.map(
      (reference, index) =>
        `{"slug":"X_R${index}","version":"20250101_00","input_parameters":{"$ref":${JSON.stringify(reference)}}}`,
    );
    const { tools, messages } = await generateBounded(
      createFolder(),
      `[${schemas.join(",")},{"slug":"X_OK","version":"20250101_00","input_parameters":{}}]`,
    );
    expect(tools).toBe(1);
    expect(messages).toHaveLength(references.length);
    for (const message of messages)
      expect(message).toMatch(
        /^TB3002 X_R\d left out at .*\/\$ref: expected a reference to a (?:known document|schema that exists), received "/s,
      );
  });

  it("to names of every object find only what is there", async () => {
    const own =
      '{"$defs":{"__proto__":{"type":"string"},"constructor":{"type":"number"}},"properties":{"a":{"$ref":"#/$defs/__proto__"},"b":{"$ref":"#/$defs/constructor"}}}';
    const folder = createFolder();
    expect((await generateBounded(folder, catalogue(own))).messages).toEqual([]);
    await compiles(folder);
    expect(await validateBounded(folder, [{ a: "", b: 1 }, { a: 1 }, { b: "" }])).toMatchObject({
      a: [true, false, false],
    });
    for (const pointer of ["#/__proto__", "#/constructor", "#/$defs/toString", "#/properties/length"]) {
      const { messages } = await generateBounded(
        createFolder(),
        catalogue(`{"$ref":"${pointer}","$defs":{},"properties":{}}`),
      );
      expect(messages).toEqual([expect.stringContaining("TB3002 X_A left out")]);
    }
  });
});

describe("schemas of great breadth", () => {
  it.each([
    [
      "100,000 values of an enum",
      `{"properties":{"a":{"enum":[${many(100_000, (index) => `"value ${index}"`)}]}}}`,
      { a: "value 99999" },
    ],
    [
      "60,000 values of all kinds",
      `{"properties":{"a":{"enum":[${many(60_000, (index) => (index % 2 === 0 ? `{"k":${index}}` : `${index}`))}]}}}`,
      { a: { k: 59_998 } },
    ],
    [
      "20,000 alternatives",
      `{"properties":{"a":{"anyOf":[${many(20_000, (index) => `{"type":"object","required":["k${index}"],"properties":{"k${index}":{"type":"string"}}}`)}]}}}`,
      { a: { k19999: "" } },
    ],
    [
      "150,000 constants",
      `{"properties":{"a":{"oneOf":[${many(150_000, (index) => `{"const":${index}}`)}]}}}`,
      { a: 149_999 },
    ],
    [
      "50,000 properties, all required, in an inner object",
      `{"properties":{"a":{"properties":{${many(50_000, (index) => `"p${index}":{"type":"string"}`)}},"required":[${many(50_000, (index) => `"p${index}"`)}]}}}`,
      { a: 1 },
    ],
    [
      "150,000 required keys",
      `{"properties":{"a":{"required":[${many(150_000, (index) => `"p${index}"`)}]}}}`,
      { a: 1 },
    ],
    [
      "10,000 definitions of almost the same name",
      `{"$defs":{${many(10_000, (index) => `"a${"_".repeat(index % 100)}${"-".repeat(Math.floor(index / 100))}":{"properties":{"x":{"$ref":"#"}}}`)}},"properties":{${many(10_000, (index) => `"p${index}":{"$ref":"#/$defs/a${"_".repeat(index % 100)}${"-".repeat(Math.floor(index / 100))}"}`)}}}`,
      {},
    ],
  ])("such as %s are generated and validate", async (_, schema, value) => {
    const folder = createFolder();
    expect((await generateBounded(folder, catalogue(schema), 900)).messages).toEqual([]);
    expect(findCode({ "x/slugs.ts": emitted(folder)["x/index.ts"] ?? "" })).toEqual([]);
    expect(await validateBounded(folder, [value, 5, { a: "none of them" }])).toMatchObject({
      a: [true, true, expect.any(Boolean)],
    });
  });

  it("whose intersections would be too large for the compiler still compile", async () => {
    for (const [count, width] of [
      [40, 2],
      [6, 10],
      [3, 90],
    ] as const) {
      const folder = createFolder();
      const unions = many(
        count,
        (outer) =>
          `{"anyOf":[${many(width, (inner) => `{"required":["k${outer}_${inner}"],"properties":{"k${outer}_${inner}":{"type":"string"}}}`)}]}`,
      );
      expect((await generateBounded(folder, catalogue(`{"type":"object","allOf":[${unions}]}`))).messages).toEqual([]);
      await compiles(folder);
    }
  });

  it("with dynamic references that multiply are refused", async () => {
    const schema = `{"$schema":"https://json-schema.org/draft/2020-12/schema","$defs":{${many(3000, (index) => `"d${index}":{"$id":"http://a/${index}","$dynamicAnchor":"n","properties":{"x":{"$dynamicRef":"#n"}}}`)}},"$ref":"http://a/1"}`;
    const { messages } = await generateBounded(createFolder(), catalogue(schema));
    expect(messages).toEqual([expect.stringContaining("TB3004 X_A left out")]);
  });

  it("and texts of 10 MB are generated", async () => {
    const folder = createFolder();
    const description = JSON.stringify("x @deprecated */ \n".repeat(600_000));
    const entry = `{"slug":"X_A","version":"20250101_00","is_deprecated":true,"description":${JSON.stringify(`${"A_".repeat(3_000_000)}a X_OK`)},"input_parameters":{"description":${description},"properties":{${JSON.stringify("k".repeat(1_000_000))}:{}}}}`;
    const { messages } = await generateBounded(
      folder,
      `[${entry},{"slug":"X_OK","version":"20250101_00","input_parameters":{}}]`,
      900,
    );
    expect(messages).toEqual([]);
    expect(emitted(folder)["x/index.ts"]).toContain("@deprecated Use {@link ok}.");
    await compiles(folder);
  });
});

describe("catalogues of great breadth", () => {
  const tool = (slug: string, more: string = ""): string =>
    `{"slug":"${slug}","version":"20250101_00","input_parameters":{}${more}}`;

  it.each([
    ["broken entries", many(150_000, (index) => tool(`bad ${index}`)), 150_000, 1],
    ["entries of one slug that all differ", many(30_000, (index) => tool("X_T", `,"description":"${index}"`)), 1, 1],
    ["entries of one slug that are the same", many(30_000, () => tool("X_T")), 0, 2],
    [
      "tools whose names collide",
      many(10_000, (index) => tool(`X_G${"_".repeat(index % 100)}E${"_".repeat(Math.floor(index / 100))}T`)),
      0,
      10_001,
    ],
    ["toolkits", many(1000, (index) => tool(`K${index}_A`)), 0, 1001],
  ])("such as many %s are read", async (_, entries, messages, tools) => {
    const result = await generateBounded(createFolder(), `[${tool("X_OK")},${entries}]`, 900);
    expect([result.messages.length, result.tools]).toEqual([messages, tools]);
    for (const message of result.messages.slice(0, 5)) expect(message.length).toBeLessThan(1000);
  });
});

describe("numbers", () => {
  it("that JavaScript cannot hold are refused wherever they stand", async () => {
    for (const schema of [
      '{"const":1e999}',
      '{"enum":[1,-1e999]}',
      '{"minimum":1e400}',
      '{"default":1e999}',
      '{"x-other":[{"y":1e999}]}',
    ]) {
      const { tools, messages } = await generateBounded(createFolder(), catalogue(schema));
      expect(tools).toBe(1);
      expect(messages).toEqual([
        expect.stringContaining(
          "TB3004 X_A left out at catalogue.json#/0: expected numbers below 1.8e308, received a greater one.",
        ),
      ]);
    }
  });

  it("at the edges are taken as JavaScript reads them", async () => {
    const folder = createFolder();
    const schema =
      '{"properties":{"a":{"enum":[-0,1e-400,9007199254740993,1e21,-1.5e-7,1.7976931348623157e308]},"b":{"const":-0},"c":{"minimum":-0,"multipleOf":5e-324},"d":{"maxLength":1e308,"minItems":9007199254740993},"e":{"type":["integer","number"],"exclusiveMaximum":-1e300}}}';
    expect((await generateBounded(folder, catalogue(schema))).messages).toEqual([]);
    await compiles(folder);
    const values = [
      { a: 0, b: 0 },
      { a: 9007199254740992 },
      { a: 1e21 },
      { a: -1.5e-7 },
      { a: Number.MAX_VALUE },
      { a: 1 },
      { d: "text" },
      { d: [] },
      { e: -1e301 },
      { e: 0 },
    ];
    expect(await validateBounded(folder, values)).toMatchObject({
      a: [true, true, true, true, true, false, true, false, true, false],
    });
  });
});

describe("patterns", () => {
  it("that are broken or too large are reported, and the rest of the schema holds", async () => {
    const folder = createFolder();
    const patterns = [
      "(",
      "[z-a]",
      "(?<a>x)(?<a>y)",
      "(".repeat(50_000) + ")".repeat(50_000),
      "a".repeat(20_000_000),
      "(?:a|".repeat(20_000) + ")".repeat(20_000),
      "\\",
    ];
    const properties = patterns.map(
      (pattern, index) => `"p${index}":{"type":"string","pattern":${JSON.stringify(pattern)}}`,
    );
    const { tools, messages } = await generateBounded(
      folder,
      catalogue(`{"properties":{${properties.join(",")}}}`),
      900,
    );
    expect(tools).toBe(2);
    for (const message of messages) {
      expect(message).toMatch(
        /^TB3003 Keyword pattern of X_A cannot be checked \(.+\) at .*\/properties\/p\d\/pattern\. Fix/s,
      );
      expect(message.length).toBeLessThan(600);
    }
    const verdicts = await validateBounded(folder, [{ p0: "x" }, { p0: 5 }, { p3: "x" }, { p4: "x" }, { p5: "x" }]);
    for (const verdict of verdicts["a"] ?? ["none"]) expect(verdict).toBeTypeOf("boolean");
    expect(verdicts["a"]?.slice(0, 2)).toEqual([true, false]);
  });

  it("that explode cost nothing to generate", async () => {
    const folder = createFolder();
    const patterns = ["^(a+)+$", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$", "(?:(?:a{1,500}){1,500})"];
    const properties = patterns.map(
      (pattern, index) =>
        `"p${index}":{"type":"string","pattern":${JSON.stringify(pattern)},"default":"${"a".repeat(60)}!","examples":["${"x".repeat(60)}"]}`,
    );
    expect((await generateBounded(folder, catalogue(`{"properties":{${properties.join(",")}}}`))).messages).toEqual([]);
    await compiles(folder);
  });
});
