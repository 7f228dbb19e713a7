import { beforeAll, describe, expect, it, vi } from "vitest";
import {
  compilerErrors,
  entryOf,
  foundCode,
  generateBounded,
  many,
  nested,
  validateBounded,
  type BoundedRun,
} from "../support/bounded.js";
import { COMPILERS } from "../support/compilers.js";
import { TestFolder } from "../support/generated.js";
import { emitted } from "../support/hostile.js";
import { createFolder } from "../support/project.js";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** A schema that is hostile and lawful: its tool is generated, compiles, and judges these values so. */
interface Lawful {
  readonly schema: string;
  readonly accepts?: readonly unknown[];
  readonly refuses?: readonly unknown[];
  /** What is reported, when something is. */
  readonly reports?: RegExp;
}

const TEXT = '{"type":"string"}';
const DRAFT_2020 = '"$schema":"https://json-schema.org/draft/2020-12/schema"';
const DEEPEST = 100;

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
  unevaluatedProperties: [`{${DRAFT_2020},"unevaluatedProperties":`, "}"],
  unevaluatedItems: [`{${DRAFT_2020},"unevaluatedItems":`, "}"],
  "properties beside what is unevaluated": [
    `{${DRAFT_2020},"properties":{"a":`,
    '},"unevaluatedProperties":{"type":"string"}}',
  ],
  dependentSchemas: [`{${DRAFT_2020},"dependentSchemas":{"a":`, "}}"],
  "dynamic anchors": [`{"$id":"a",${DRAFT_2020},"$dynamicAnchor":"n","properties":{"a":`, "}}"],
};

/** References that multiply: 40 steps, each of which uses the next one several times. */
function laughs(step: (next: string, index: number) => string, last: string = TEXT): string {
  const steps = many(40, (index) => `"d${index}":${step(`{"$ref":"#/$defs/d${index + 1}"}`, index)}`);
  return `{"$defs":{${steps},"d40":${last}},"properties":{"a":{"$ref":"#/$defs/d0"}}}`;
}

/** A chain of references to a text, each link with more keywords. */
function chain(length: number, more: (index: number) => string): string {
  const links = many(length, (index) => `"d${index}":{"$ref":"#/$defs/d${index + 1}",${more(index)}}`);
  return `{"$defs":{${links},"d${length}":${TEXT}},"properties":{"a":{"$ref":"#/$defs/d0"}}}`;
}

function withPatterns(patterns: readonly string[]): string {
  const properties = patterns.map((each, at) => `"p${at}":{"type":"string","pattern":${JSON.stringify(each)}}`);
  return `{"properties":{${properties.join(",")}}}`;
}

function similar(index: number): string {
  return `a${"_".repeat(index % 50)}${"-".repeat(Math.floor(index / 50))}`;
}

const EXCESSIVE_PATTERNS = [
  "(",
  "[z-a]",
  "(?<a>x)(?<a>y)",
  "\\",
  "(".repeat(50_000) + ")".repeat(50_000),
  "a".repeat(10_000_000),
  "(?:a|".repeat(20_000) + ")".repeat(20_000),
];

const ARRAY = nested(DEEPEST, "[", "]", "1");
const OBJECT = nested(DEEPEST, '{"a":', "}", "1");

const LAWFUL: Readonly<Record<string, Lawful>> = {
  ...Object.fromEntries(
    Object.entries(SHAPES).map(([name, [open, close]]) => [
      `${name}, nested as deep as may be`,
      { schema: nested(DEEPEST - 1, open, close) },
    ]),
  ),
  "limits of length, and objects with a member of that name": {
    schema:
      '{"properties":{"a":{"type":"string","minLength":1,"maxLength":9},"b":{"type":"array","minItems":1,"maxItems":9}}}',
    accepts: [{ a: "x", b: [1] }],
    refuses: ["a", "b"].flatMap((key) => [{ [key]: { length: { toString: 1 } } }, { [key]: { length: 2 } }]),
  },
  "a chain of 10,000 references": {
    schema: chain(10_000, (index) => `"description":"d${index}"`),
    accepts: [{ a: "text" }],
    refuses: [{ a: 1 }],
  },
  "a chain of 150 references that all check something": {
    schema: chain(150, (index) => `"minLength":${index % 3}`),
    accepts: [{ a: "text" }],
    refuses: [{ a: 1 }, { a: "" }],
  },
  "a billion laughs of properties": {
    schema: laughs((next) => `{"type":"object","properties":{${many(10, (key) => `"p${key}":${next}`)}}}`),
    accepts: [{ a: { p9: { p8: {} } } }],
    refuses: [{ a: { p9: { p8: 1 } } }],
  },
  "a billion laughs of items": {
    schema: laughs((next) => `{"items":[${next},${next}],"contains":${next}}`),
    accepts: [{ a: 1 }],
    refuses: [{ a: [] }],
  },
  "a billion laughs of allOf": {
    schema: laughs((next) => `{"allOf":[${next},${next}]}`),
    accepts: [{ a: "text" }],
    refuses: [{ a: 1 }],
  },
  "a billion laughs of what is unevaluated": {
    schema: `{${DRAFT_2020},"$defs":{${many(40, (index) => `"d${index}":{"allOf":[{"$ref":"#/$defs/d${index + 1}"},{"$ref":"#/$defs/d${index + 1}"}]}`)},
      "d40":{"properties":{"b":true}}},"$ref":"#/$defs/d0","unevaluatedProperties":false}`,
    accepts: [{ b: 1 }],
    refuses: [{ b: 1, c: 1 }],
  },
  "a schema that contains itself twice": {
    schema: `{"allOf":[{"properties":{"a":{"$ref":"#"}}},{"properties":{"a":{"$ref":"#"},"b":${TEXT}}}]}`,
    accepts: [JSON.parse(nested(200, '{"a":', "}"))],
    refuses: [JSON.parse(nested(200, '{"a":', "}", '{"b":1}'))],
  },
  "a schema that contains itself in every alternative": {
    schema: `{"anyOf":[{"required":["k"],"properties":{"a":{"$ref":"#"}}},{"required":["b"],"properties":{"a":{"$ref":"#"}}},{"type":"string"}]}`,
    accepts: [JSON.parse(nested(200, '{"b":1,"a":', "}", '"text"'))],
    refuses: [JSON.parse(nested(200, '{"b":1,"a":', "}"))],
  },
  "a billion laughs of anyOf": {
    schema: laughs(
      (next, at) => `{"anyOf":[{"type":"object","properties":{"a${at}":${next}}},${next},{"items":${next}}]}`,
    ),
    accepts: [{ a: {} }, { a: [] }, { a: "text" }],
  },
  "a billion laughs of objects in parts": {
    schema: laughs(
      (next, at) => `{"allOf":[${next},{"anyOf":[{"required":["a${at}"]},{"properties":{"b${at}":{}}}]}]}`,
      '{"type":"object"}',
    ),
    accepts: [{ a: {} }],
    refuses: [{ a: [] }],
  },
  "a billion laughs of other keys": {
    schema: laughs((next) => `{"type":"object","required":["a","b"],"additionalProperties":${next}}`),
    refuses: [{ a: {} }],
  },
  "long texts behind many references": {
    schema: `{"$defs":{
      "a":{"type":"string","description":"${"x".repeat(200_000)}"},
      "b":{"type":"string","const":"${"x".repeat(200_000)}"},
      "c":{"enum":["${"y".repeat(200_000)}"]},
      "d":{"type":"string","pattern":"${"z".repeat(9_000)}"},
      "e":{"type":"string","title":"${"x".repeat(200_000)}","default":"${"x".repeat(200_000)}"}},
      "properties":{${many(1000, (index) => `"p${index}":{"$ref":"#/$defs/${"abcde"[index % 5]}"}`)}}}`,
    accepts: [{ p0: "x" }, { p1: "x".repeat(200_000) }, { p3: "z".repeat(9_000) }],
    refuses: [{ p0: 1 }, { p1: "x" }, { p2: "x" }, { p3: "z" }],
  },
  "references to names that every object has": {
    schema: `{"$defs":{"__proto__":{"type":"string"},"constructor":{"type":"number"}},
      "properties":{"a":{"$ref":"#/$defs/__proto__"},"b":{"$ref":"#/$defs/constructor"}}}`,
    accepts: [{ a: "", b: 1 }],
    refuses: [{ a: 1 }, { b: "" }],
  },
  "names that every object has, at every level": {
    schema: nested(
      30,
      '{"type":"object","required":["__proto__"],"properties":{"constructor":{"const":1},"__proto__":',
      "}}",
      TEXT,
    ),
    accepts: [JSON.parse(nested(30, '{"__proto__":', "}", '"text"'))],
    refuses: [
      {},
      JSON.parse(nested(30, '{"__proto__":', "}", "1")),
      JSON.parse(nested(29, '{"__proto__":', "}", '{"__proto__":"text","constructor":2}')),
    ],
  },
  "an enumeration of 20,000 texts": {
    schema: `{"enum":[${many(20_000, (index) => `"value ${index}"`)}]}`,
    accepts: ["value 19999"],
    refuses: ["value 20000", 1],
  },
  "an enumeration of 10,000 objects and numbers": {
    schema: `{"enum":[${many(10_000, (index) => (index % 2 === 0 ? `{"k":${index}}` : `${index}`))}]}`,
    accepts: [{ k: 9998 }, 9999],
    refuses: [{ k: 9999 }, 9998],
  },
  "2,000 values with keys of their own": {
    schema: `{"properties":{"__proto__":{"enum":[${many(2000, (index) => `{"k${index}":${index}}`)}]}}}`,
    accepts: [JSON.parse('{"__proto__":{"k1999":1999}}')],
    refuses: [JSON.parse('{"__proto__":{"k1999":1998}}')],
  },
  "2,000 alternatives": {
    schema: `{"anyOf":[${many(2000, (index) => `{"type":"object","required":["k${index}"],"properties":{"k${index}":${TEXT}}}`)}]}`,
    accepts: [{ k1999: "" }],
    refuses: [{}, { k1999: 1 }],
  },
  "5,000 alternatives of one value each": {
    schema: `{"oneOf":[${many(5000, (index) => `{"const":${index}}`)}]}`,
    accepts: [4999],
    refuses: [5000],
  },
  "5,000 properties, all required": {
    schema: `{"type":"object","properties":{${many(5000, (index) => `"p${index}":${TEXT}`)}},"required":[${many(5000, (index) => `"p${index}"`)}]}`,
    refuses: [{}],
  },
  "50,000 keys that are required and not declared": {
    schema: `{"type":"object","required":[${many(50_000, (index) => `"p${index}"`)}]}`,
    refuses: [{}],
  },
  "2,000 definitions whose names are alike": {
    schema: `{"$defs":{${many(2000, (index) => `"${similar(index)}":{"type":"object","properties":{"x":{"$ref":"#"}}}`)}},
      "properties":{${many(2000, (index) => `"p${index}":{"$ref":"#/$defs/${similar(index)}"}`)}}}`,
    accepts: [{ p0: { x: { p1999: {} } } }],
    refuses: [{ p0: { x: { p1999: 1 } } }],
  },
  ...Object.fromEntries(
    (
      [
        [40, 2],
        [6, 10],
        [3, 90],
      ] as const
    ).map(([count, width]): [string, Lawful] => {
      const alternative = (key: string): string => `{"required":["${key}"],"properties":{"${key}":${TEXT}}}`;
      const union = (at: number): string => `{"anyOf":[${many(width, (inner) => alternative(`k${at}_${inner}`))}]}`;
      return [
        `an intersection of ${count} unions of ${width}, too large for a compiler`,
        { schema: `{"type":"object","allOf":[${many(count, union)}]}`, refuses: [{}] },
      ];
    }),
  ),
  "values nested deep in const, enum and default": {
    schema: `{"properties":{"a":{"const":${ARRAY}},"b":{"enum":[${OBJECT},${ARRAY}]},"c":{"default":${OBJECT}}}}`,
    accepts: [{ a: JSON.parse(ARRAY), b: JSON.parse(OBJECT) }],
    refuses: [{ a: [] }],
  },
  "numbers at the edges": {
    schema: `{"properties":{
      "a":{"enum":[-0,1e-400,9007199254740993,1e21,-1.5e-7,1.7976931348623157e308]},
      "b":{"const":-0},
      "c":{"minimum":-0,"multipleOf":5e-324},
      "d":{"maxLength":1e308,"minItems":9007199254740993},
      "e":{"type":["integer","number"],"exclusiveMaximum":-1e300},
      "f":{"type":"number","multipleOf":1e-300}}}`,
    accepts: [
      ...[0, 9007199254740992, 1e21, -1.5e-7, Number.MAX_VALUE].map((a) => ({ a })),
      { b: 0 },
      { d: "text" },
      { e: -1e301 },
      { f: 1e300 },
    ],
    refuses: [{ a: 1 }, { d: [] }, { e: 0 }, { c: -1 }, { f: 1.5e-300 }],
  },
  "patterns that are broken or too large": {
    schema: withPatterns(EXCESSIVE_PATTERNS),
    accepts: EXCESSIVE_PATTERNS.map((_, index) => ({ [`p${index}`]: "x" })),
    refuses: [{ p0: 5 }],
    reports: /^TB3003 Keyword pattern of X_T\d+ cannot be checked \(.+\) at .*\/properties\/p\d\/pattern\. Fix/s,
  },
  "patterns that explode, and one as large as may be": {
    schema: withPatterns([
      "^(a+)+$",
      "(x+x+)+y",
      "(?:(?:a{1,500}){1,500})",
      "(?:(?:a{1000}){1000}){1000}",
      "(?:a|".repeat(1600) + ")".repeat(1600),
    ]),
    accepts: [{ p0: "aaa", p4: "a" }],
    refuses: [{ p0: "b" }],
  },
  "a key and a description of 10 MB": {
    schema: `{"description":${JSON.stringify("x @deprecated */ \n".repeat(500_000))},"properties":{"${"k".repeat(1_000_000)}":${TEXT}}}`,
    accepts: [{ ["k".repeat(1_000_000)]: "" }],
    refuses: [{ ["k".repeat(1_000_000)]: 1 }],
  },
};

/** A schema whose tool is left out, and what is said of it. */
const UNLAWFUL: Readonly<Record<string, readonly [schema: string, message: RegExp]>> = {
  ...Object.fromEntries(
    Object.entries(SHAPES).map(([name, [open, close]]) => [
      `${name}, nested too deep`,
      [nested(DEEPEST + 20, open, close), /^TB3004 .*: expected at most 100 levels of nesting, received more\. Fix: /],
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(SHAPES).map(([name, [open, close]]) => [
      `${name}, nested 10,000 deep`,
      [nested(10_000, open, close), /^TB3004 .*#\/\d+: expected at most 1000 levels of nesting, received more\./],
    ]),
  ),
  ...Object.fromEntries(
    ["const", "default", "x-anything"].map((keyword) => [
      `a value under ${keyword}, nested 20,000 deep`,
      [
        `{"${keyword}":${nested(20_000, "[", "]", "1")}}`,
        /^TB3004 .*: expected at most 1000 levels of nesting, received more\./,
      ],
    ]),
  ),
  ...Object.fromEntries(
    ['"const":1e999', '"enum":[1,-1e999]', '"minimum":1e400', '"default":1e999', '"x":[{"y":1e999}]'].map((text) => [
      text,
      [`{${text}}`, /^TB3004 .*: expected numbers below 1\.8e308, received a larger one\./],
    ]),
  ),
  ...Object.fromEntries(
    [
      '{"$ref":"#"}',
      '{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}',
      '{"$defs":{"a":{"allOf":[{"anyOf":[{"not":{"$ref":"#/$defs/a"}}]}]}},"properties":{"x":{"$ref":"#/$defs/a"}}}',
      '{"$defs":{"a":{"if":{},"then":{"$ref":"#/$defs/a"}}},"items":{"$ref":"#/$defs/a"}}',
      `{"$defs":{${many(5000, (index) => `"d${index}":{"$ref":"#/$defs/d${(index + 1) % 5000}"}`)}},"$ref":"#/$defs/d0"}`,
    ].map((schema) => [
      `references that lead round: ${schema.slice(0, 80)}`,
      [
        schema,
        /^TB3002 .*: expected references that do not form a loop, received a loop of references to the same value\. Fix: /,
      ],
    ]),
  ),
  "a chain of 10,000 references that all check something": [
    chain(10_000, (index) => `"minLength":${index % 3}`),
    /^TB3004 .*: expected at most 200 schemas in a row for one value, received \d+\./,
  ],
  "dynamic references that multiply": [
    `{${DRAFT_2020},"$defs":{${many(3000, (index) => `"d${index}":{"$id":"http://a/${index}","$dynamicAnchor":"n","properties":{"x":{"$dynamicRef":"#n"}}}`)}},"anyOf":[${many(3000, (index) => `{"$ref":"http://a/${index}"}`)}]}`,
    /^TB3004 .*: expected at most 2000 ways to resolve dynamic references, received more\./,
  ],
  ...Object.fromEntries(
    ["#/__proto__", "#/constructor", "#/$defs/toString", "#/properties/length"].map((pointer) => [
      `a reference to the inherited ${pointer}`,
      [
        `{"$ref":"${pointer}","$defs":{},"properties":{}}`,
        /^TB3002 .*\/\$ref: expected a reference to a schema that exists, received "#/,
      ],
    ]),
  ),
  ...Object.fromEntries(
    [
      "http://169.254.169.254/latest",
      "file:///etc/passwd",
      "javascript:alert(1)",
      "//evil/x",
      "https://json-schema.org/draft/2020-12/meta/../../../../package.json",
      "https://json-schema.org/draft/2020-12/meta/none",
      "http://[",
      "toolbind:/other",
      `http://a/${"x".repeat(1_000_000)}`,
    ].map((reference) => [
      `a reference to ${reference.slice(0, 80)}`,
      [
        `{"$ref":${JSON.stringify(reference)}}`,
        /^TB3002 .*\/\$ref: expected a reference to a known document, received "/,
      ],
    ]),
  ),
};

describe("hostile schemas that are lawful", () => {
  const names = Object.keys(LAWFUL);
  const slugs = new Map(names.map((name, index) => [name, `X_T${index}`]));
  const folder = new TestFolder();
  let run: BoundedRun;
  let verdicts: Readonly<Record<string, readonly unknown[]>>;

  beforeAll(async () => {
    const entries = names.map((name) => entryOf(slugs.get(name) as string, (LAWFUL[name] as Lawful).schema));
    run = await generateBounded(folder, `[${entries.join(",")}]`, 1200);
    const values = names.map((name) => {
      const { accepts = [], refuses = [] } = LAWFUL[name] as Lawful;
      return [slugs.get(name), [{}, [], "text", null, 0, ...accepts, ...refuses]] as const;
    });
    verdicts = await validateBounded(folder, Object.fromEntries(values), 800);
    return () => folder.remove();
  });

  it("are all generated, and nothing is reported but what cannot be checked", () => {
    expect(run.tools).toBe(names.length);
    const reporting = names.filter((name) => LAWFUL[name]?.reports !== undefined).map((name) => slugs.get(name));
    expect(run.messages.filter((message) => !reporting.some((slug) => message.includes(` of ${slug} `)))).toEqual([]);
  });

  it.each(COMPILERS)("compile under %s", async (compiler) => {
    expect(await compilerErrors(folder, compiler)).toEqual([]);
  });

  it("hold no code, and take little more room than their catalogue", () => {
    expect(foundCode(folder)).toEqual([]);
    const size = Object.values(emitted(folder)).reduce((sum, text) => sum + text.length, 0);
    const given = names.reduce((sum, name) => sum + (LAWFUL[name] as Lawful).schema.length, 0);
    expect(size).toBeLessThan(3 * given);
  });

  it.each(names)("%s", (name) => {
    const { accepts = [], refuses = [], reports } = LAWFUL[name] as Lawful;
    const [any, said] = [
      verdicts[slugs.get(name) as string]?.slice(0, 5),
      verdicts[slugs.get(name) as string]?.slice(5),
    ];
    expect(any?.map((verdict) => typeof verdict)).toEqual(Array(5).fill("boolean"));
    expect(said).toEqual([...accepts.map(() => true), ...refuses.map(() => false)]);
    const own = run.messages.filter((message) => message.includes(` of ${slugs.get(name)} `));
    if (reports === undefined) expect(own).toEqual([]);
    else for (const message of own) expect(message).toMatch(reports);
    for (const message of own) expect(message.length).toBeLessThan(600);
  });

  it("patterns that cannot be checked are all reported", () => {
    expect(run.messages).toHaveLength(EXCESSIVE_PATTERNS.length);
  });
});

describe("hostile schemas that are not lawful", () => {
  const names = Object.keys(UNLAWFUL);
  let run: BoundedRun;

  beforeAll(async () => {
    const folder = new TestFolder();
    const entries = names.map((name, index) => entryOf(`X_T${index}`, UNLAWFUL[name]?.[0] as string));
    run = await generateBounded(folder, `[${entryOf("Y_OK", "{}")},${entries.join(",")}]`, 500);
    folder.remove();
  });

  it("leave only their own tools out", () => {
    expect([run.tools, run.messages.length]).toEqual([1, names.length]);
  });

  it.each(names)("%s", (name) => {
    const slug = `X_T${names.indexOf(name)}`;
    const own = run.messages.filter((message) => message.includes(` ${slug} left out at `));
    expect(own).toEqual([expect.stringMatching(UNLAWFUL[name]?.[1] as RegExp)]);
    expect(own[0]?.length).toBeLessThan(5000);
  });
});

describe("hostile catalogues", () => {
  const ok = entryOf("X_OK", "{}");
  const deep = nested(50_000, "[", "]", "1");

  it("of many entries, and of entries that are nested deep outside of a schema, are read", async () => {
    const broken = [
      `{"slug":${deep},"input_parameters":{}}`,
      entryOf("X_A", "{}", `,"tags":${deep}`),
      entryOf("X_B", "{}", `,"toolkit":{"slug":${deep}}`),
      `{"slug":"x","meta":{"version":${deep}}}`,
      deep,
      many(30_000, (index) => entryOf(`bad ${index}`, "{}")),
      many(5000, (index) => entryOf("X_DIFFERS", "{}", `,"description":"${index}"`)),
    ];
    const good = [
      many(5000, () => entryOf("X_SAME", "{}")),
      many(3000, (index) => entryOf(`X_T${index}`, "{}")),
      many(500, (index) => entryOf(`K${index}_A`, "{}")),
      many(500, (index) => entryOf(`X_G${"_".repeat(index)}T`, "{}")),
      entryOf(`X_${"_A".repeat(500_000)}`, "{}"),
    ];
    const { tools, messages } = await generateBounded(createFolder(), `[${[ok, ...broken, ...good].join(",")}]`, 900);
    expect(tools).toBe(1 + 1 + 3000 + 500 + 500 + 1);
    expect(messages).toHaveLength(5 + 30_000 + 1);
    for (const message of messages) expect(message.length).toBeLessThan(1000);
  });

  it("with facts of 10 MB are generated", async () => {
    const folder = createFolder();
    const description = JSON.stringify(`${"A_".repeat(5_000_000)}a X_OK`);
    const catalogue = `[${ok},${entryOf("X_A", "{}", `,"is_deprecated":true,"description":${description}`)}]`;
    expect((await generateBounded(folder, catalogue, 600)).messages).toEqual([]);
    expect(emitted(folder)["x/index.ts"]).toContain("@deprecated Use {@link ok}.");
    expect(foundCode(folder)).toEqual([expect.stringContaining("x/index.ts: @deprecated export const a")]);
  });
});
