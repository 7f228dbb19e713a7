import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sampleData } from "../../testing/sample.js";
import { compile } from "../../generator/schema/ajv.js";
import { type PlatformTool, sampleFromSchema } from "../../testing/index.js";

const corpus = process.env["TOOLBIND_CORPUS"] || undefined;

describe("sampleFromSchema", () => {
  it.each([
    ["a type", { type: "integer", minimum: 5, maximum: 5 }],
    ["true", true],
    ["an empty schema", {}],
    ["a union of types", { type: ["string", "null"] }],
    [
      "references",
      {
        $ref: "#/$defs/A",
        $defs: { A: { type: "object", properties: { b: { $ref: "#/$defs/B" } }, required: ["b"] }, B: { const: 7 } },
      },
    ],
    [
      "recursion",
      {
        $ref: "#/$defs/N",
        $defs: {
          N: { type: "object", properties: { v: { type: "integer" }, next: { $ref: "#/$defs/N" } }, required: ["v"] },
        },
      },
    ],
    [
      "allOf",
      {
        allOf: [
          { type: "object", properties: { x: { type: "string", pattern: "^[A-Z]{3}-\\d+$" } }, required: ["x"] },
          { properties: { y: { type: "integer" } }, required: ["y"] },
        ],
      },
    ],
    ["a nullable enum", { type: "string", enum: ["a"], nullable: true }],
    ["a nullable definition", { $ref: "#/$defs/N", $defs: { N: { type: "string", nullable: true } } }],
    [
      "examples of the wrong type",
      { type: "object", properties: { n: { type: "integer", examples: ["1"] } }, required: ["n"] },
    ],
    [
      "a property called like a keyword",
      {
        type: "object",
        properties: { enum: { type: "string", nullable: true }, nullable: { type: "boolean" } },
        required: ["enum", "nullable"],
      },
    ],
  ])("fits %s and is the same each time", (_, schema) => {
    const sample = sampleFromSchema(schema);
    expect(compile(schema)(sample)).toBe(true);
    expect(sampleFromSchema(schema)).toEqual(sample);
  });

  it("reaches as deep as the schema asks", () => {
    let schema: object = { type: "integer" };
    for (let depth = 0; depth < 12; depth++) schema = { type: "object", properties: { a: schema }, required: ["a"] };
    expect(compile(schema)(sampleFromSchema(schema))).toBe(true);
  });

  it("is that of `data` where the root refers to the envelope, or has it as its one part", () => {
    const data = { $ref: "#/$defs/Id" };
    const envelope = { type: "object", properties: { data, successful: { type: "boolean" } } };
    const $defs = { Id: { const: 5 }, Answer: envelope };
    for (const root of [envelope, { $ref: "#/$defs/Answer" }, { allOf: [{ $ref: "#/$defs/Answer" }] }])
      expect(sampleData({ ...root, $defs })).toBe(5);
    expect(sampleData({ allOf: [{ $ref: "#/$defs/Id" }], $defs })).toBe(5);
  });

  it("is whole where the schema has `data` and is no envelope, as what is emitted says", () => {
    const data = { const: 5 };
    expect(sampleData({ type: "object", properties: { data }, required: ["data"] })).toEqual({ data: 5 });
    expect(sampleData({ type: "object", properties: { data, successfull: { type: "boolean" } } })).toBe(5);
  });

  it.each([null, undefined, "string", 5, [[]]])("says that %j is no schema", (value) => {
    expect(() => sampleFromSchema(value)).toThrow(/^Expected a JSON Schema, received .*Fix:/);
  });

  it("takes examples that fit", () => {
    expect(sampleFromSchema({ type: "string", examples: ["octocat"] })).toBe("octocat");
  });

  it("throws when nothing fits", () => {
    expect(() => sampleFromSchema(false)).toThrow(/No sample fits.*Fix:/);
  });
});

describe("compile", () => {
  it("accepts null where nullable says so, also beside an enum, and nowhere else", () => {
    const validate = compile({
      type: "object",
      properties: { a: { type: "string", enum: ["x"], nullable: true }, b: { type: "string" } },
    });
    expect(validate({ a: null })).toBe(true);
    expect(validate({ a: "x" })).toBe(true);
    expect(validate({ a: "y" })).toBe(false);
    expect(validate({ b: null })).toBe(false);
  });

  it("reads `required: true` on a property", () => {
    expect(compile({ type: "object", properties: { a: { type: "string", required: true } } })({})).toBe(false);
  });
});

describe.skipIf(corpus === undefined)("every real tool (skipped unless TOOLBIND_CORPUS names the real data)", () => {
  it("has sample data that its output schema accepts", () => {
    const tools = JSON.parse(readFileSync(join(corpus!, "composio/tools.json"), "utf8")) as PlatformTool[];
    expect(tools.length).toBeGreaterThan(900);
    for (const tool of tools) {
      const schema = tool.output_parameters as { readonly required?: string[] };
      const envelope = { data: sampleData(schema), successful: true, error: null };
      expect(compile(schema)(envelope), tool.slug).toBe(true);
    }
  });
});
