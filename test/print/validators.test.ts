import { describe, expect, it } from "vitest";
import { printSchemas } from "./printed.js";
import type { Json } from "../support/json.js";

const modern = { $schema: "https://json-schema.org/draft/2020-12/schema" };
const text = { type: "string" };
const tagged = (...values: string[]): { readonly [keyword: string]: Json } => ({
  type: "object",
  properties: { kind: { enum: values } },
  required: ["kind"],
});

/** Each schema and the validator that is printed for it. */
const TABLES: Readonly<Record<string, readonly (readonly [schema: Json, validator: string])[]>> = {
  "any value": [
    [{}, "z.unknown()"],
    [false, "z.never()"],
    [{ description: "anything" }, "z.unknown()"],
    [{ nullable: true }, "z.unknown()"],
  ],
  types: [
    [text, "z.string()"],
    [{ type: "integer" }, "z.integer()"],
    [{ type: "number" }, "z.number()"],
    [{ type: "boolean" }, "z.boolean()"],
    [{ type: "null" }, "z.null()"],
    [{ type: ["string", "null"] }, "z.nullable(z.string())"],
    [{ type: ["integer", "number"] }, "z.number()"],
    [{ type: ["string", "boolean"] }, "z.union([z.string(), z.boolean()])"],
    [{ type: "string", nullable: true }, "z.nullable(z.string())"],
    [{ type: "string", properties: {} }, "z.string()"],
  ],
  values: [
    [{ const: "x" }, 'z.literal(["x"])'],
    [{ enum: ["a", "b"] }, 'z.enum(["a", "b"])'],
    [{ enum: ["a", 1] }, 'z.literal(["a", 1])'],
    [{ type: "string", enum: ["a", "b", 1] }, 'z.enum(["a", "b"])'],
    [{ type: "string", enum: ["a", "b"], nullable: true }, 'z.nullable(z.enum(["a", "b"]))'],
    [{ enum: [{ a: 1 }, []] }, "z.equals([{ a: 1 }, []])"],
    [{ enum: [] }, "z.never()"],
    [{ enum: ["a", "abc"], minLength: 2 }, 'z.literal(["abc"])'],
    [{ type: "string", enum: ["a", "é", "😀😀"], minLength: 1, maxLength: 1 }, 'z.enum(["a", "é"])'],
    [{ type: "integer", enum: [1, 2, 3], minimum: 1, exclusiveMaximum: 3 }, "z.literal([1, 2])"],
    [{ const: "a", minLength: 2 }, "z.never()"],
    [{ enum: ["a", 5], properties: { a: text }, minItems: 1 }, 'z.literal(["a", 5])'],
    [
      { enum: ["a", "b"], minLength: 1, pattern: "^a" },
      'z.allOf([z.enum(["a", "b"]), z.when("string", z.check(z.string(), z.regex(new RegExp("^a", "u"))))])',
    ],
    [{ enum: [1, 2, null], multipleOf: 2 }, "z.allOf([z.nullable(z.literal([1, 2])), z.multipleOf(2)])"],
  ],
  "strings and numbers": [
    [{ type: "string", minLength: 1, maxLength: 5 }, "z.check(z.string(), z.minLength(1), z.maxLength(5))"],
    [{ type: "string", pattern: '^\\d+"$' }, 'z.check(z.string(), z.regex(new RegExp("^\\\\d+\\"$", "u")))'],
    [
      { type: "string", pattern: "^https?://[^/]+\\/$" },
      'z.check(z.string(), z.regex(new RegExp("^https?://[^/]+/$", "u")))',
    ],
    [{ type: "string", pattern: "\\\\/" }, 'z.check(z.string(), z.regex(new RegExp("\\\\\\\\/", "u")))'],
    [{ type: "string", pattern: "\\-" }, 'z.check(z.string(), z.regex(new RegExp("\\\\-")))'],
    [{ type: "string", format: "email" }, "z.string()"],
    [{ type: "integer", minimum: 1, maximum: 100 }, "z.check(z.integer(), z.gte(1), z.lte(100))"],
    [{ type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 }, "z.check(z.number(), z.gt(0), z.lt(1))"],
    [{ type: "integer", minimum: 0, exclusiveMinimum: true }, "z.check(z.integer(), z.gt(0))"],
    [{ type: "integer", maximum: 9, exclusiveMaximum: false }, "z.check(z.integer(), z.lte(9))"],
    [{ type: "integer", exclusiveMinimum: true }, "z.integer()"],
    [{ type: "number", multipleOf: 0.01 }, "z.allOf([z.number(), z.multipleOf(0.01)])"],
    [{ multipleOf: 5 }, "z.multipleOf(5)"],
    [{ minimum: 1, multipleOf: 5 }, 'z.allOf([z.when("number", z.check(z.number(), z.gte(1))), z.multipleOf(5)])'],
    [{ minimum: 1 }, 'z.when("number", z.check(z.number(), z.gte(1)))'],
    [{ type: "string", minimum: 1 }, "z.string()"],
  ],
  arrays: [
    [{ type: "array" }, "z.array(z.unknown())"],
    [{ type: "array", items: text, minItems: 1 }, "z.check(z.array(z.string()), z.minLength(1))"],
    [{ type: "array", items: [text], additionalItems: false }, "z.tuple([z.optional(z.string())])"],
    [{ ...modern, type: "array", prefixItems: [text] }, "z.tuple([z.optional(z.string())], z.unknown())"],
    [{ minItems: 1, maxItems: 2 }, "z.allOf([z.minItems(1), z.maxItems(2)])"],
    [{ uniqueItems: true }, "z.uniqueItems()"],
    [{ items: text, maxItems: 2 }, 'z.when("array", z.check(z.array(z.string()), z.maxLength(2)))'],
    [{ type: "array", uniqueItems: true }, "z.allOf([z.array(z.unknown()), z.uniqueItems()])"],
    [{ type: "array", contains: text }, "z.allOf([z.array(z.unknown()), z.contains(z.string(), 1)])"],
    [
      { ...modern, type: "array", contains: text, minContains: 2, maxContains: 3 },
      "z.allOf([z.array(z.unknown()), z.contains(z.string(), 2, 3)])",
    ],
  ],
  objects: [
    [{ type: "object" }, "z.looseObject({})"],
    [{ type: "object", additionalProperties: false }, "z.strictObject({})"],
    [{ type: "object", additionalProperties: text }, "z.record(z.string(), z.string())"],
    [
      { type: "object", properties: { b: text, a: text, c: text }, required: ["c"] },
      "z.looseObject({ c: z.string(), a: z.optional(z.string()), b: z.optional(z.string()) })",
    ],
    [
      { type: "object", properties: { a: text }, additionalProperties: { type: "number" } },
      "z.catchall({ a: z.optional(z.string()) }, z.number())",
    ],
    [
      { type: "object", properties: { a: { default: "x", ...text } }, required: ["a"] },
      "z.looseObject({ a: z.string() })",
    ],
    [{ type: "object", required: ["x"] }, "z.looseObject({ x: z.unknown() })"],
    [
      { type: "object", properties: { toString: text } },
      "z.allOf([z.looseObject({}), z.fields({ properties: { toString: z.string() } })])",
    ],
    [
      { type: "object", patternProperties: { "^x-": text }, additionalProperties: false },
      'z.allOf([z.looseObject({}), z.fields({ patterns: [[new RegExp("^x-", "u"), z.string()]], rest: z.never() })])',
    ],
    [
      { type: "object", minProperties: 1, maxProperties: 2 },
      "z.allOf([z.looseObject({}), z.minProperties(1), z.maxProperties(2)])",
    ],
    [
      { type: "object", dependencies: { a: ["b"] } },
      'z.allOf([z.looseObject({}), z.dependentRequired([["a", ["b"]]])])',
    ],
    [{ required: ["b", "a"] }, 'z.required(["a", "b"])'],
    [{ minProperties: 1 }, "z.minProperties(1)"],
    [
      { type: "object", properties: { a: text, b: text }, anyOf: [{ required: ["a"] }, { required: ["b"] }] },
      'z.allOf([z.looseObject({ a: z.optional(z.string()), b: z.optional(z.string()) }), z.union([z.required(["a"]), z.required(["b"])])])',
    ],
    [{ patternProperties: { "^x-": text } }, 'z.fields({ patterns: [[new RegExp("^x-", "u"), z.string()]] })'],
    [
      { type: ["object", "null"], nullable: true, properties: { a: text } },
      "z.nullable(z.looseObject({ a: z.optional(z.string()) }))",
    ],
    [{ properties: { a: text } }, 'z.when("object", z.looseObject({ a: z.optional(z.string()) }))'],
  ],
  combinations: [
    [{ anyOf: [text, { type: "null" }] }, "z.nullable(z.string())"],
    [{ anyOf: [] }, "z.never()"],
    [{ oneOf: [] }, "z.never()"],
    [{ anyOf: [text, { type: "number" }] }, "z.union([z.string(), z.number()])"],
    [{ oneOf: [text, { type: "null" }] }, "z.nullable(z.string())"],
    [{ oneOf: [text, { type: "number" }] }, "z.union([z.string(), z.number()])"],
    [{ oneOf: [text, { type: "array" }, { type: "null" }] }, "z.nullable(z.union([z.string(), z.array(z.unknown())]))"],
    [{ oneOf: [{ type: "integer" }, { type: "number" }] }, "z.oneOf([z.integer(), z.number()])"],
    [{ oneOf: [{ ...text, nullable: true }, { type: "null" }] }, "z.oneOf([z.nullable(z.string()), z.null()])"],
    [{ oneOf: [text, {}] }, "z.oneOf([z.string(), z.unknown()])"],
    [{ oneOf: [{ const: "a", title: "A" }, { const: "b" }, { type: "null" }] }, 'z.nullable(z.enum(["a", "b"]))'],
    [{ anyOf: [{ const: "a" }, { enum: ["a", "b"] }, { const: 1 }] }, 'z.literal(["a", "b", 1])'],
    [{ oneOf: [{ const: "a" }, { enum: ["a", "b"] }] }, 'z.oneOf([z.literal(["a"]), z.enum(["a", "b"])])'],
    [
      { anyOf: [{ const: "a" }, { enum: ["ab"], pattern: "c" }] },
      'z.union([z.literal(["a"]), z.allOf([z.literal(["ab"]), z.when("string", z.check(z.string(), z.regex(new RegExp("c", "u"))))])])',
    ],
    [
      {
        oneOf: [tagged("a"), { allOf: [tagged("b"), { minProperties: 1 }] }, { $ref: "#/$defs/C" }],
        $defs: { C: tagged("c", "d") },
      },
      'z.union([z.looseObject({ kind: z.literal(["a"]) }), z.allOf([z.looseObject({ kind: z.literal(["b"]) }), z.minProperties(1)]), z.looseObject({ kind: z.enum(["c", "d"]) })])',
    ],
    [
      { oneOf: [tagged("a"), tagged("a", "b")] },
      'z.oneOf([z.looseObject({ kind: z.literal(["a"]) }), z.looseObject({ kind: z.enum(["a", "b"]) })])',
    ],
    [
      { oneOf: [tagged("a"), { ...tagged("b"), required: [] }] },
      'z.oneOf([z.looseObject({ kind: z.literal(["a"]) }), z.looseObject({ kind: z.optional(z.literal(["b"])) })])',
    ],
    [
      { oneOf: [tagged("a"), { ...tagged("b"), nullable: true }] },
      'z.oneOf([z.looseObject({ kind: z.literal(["a"]) }), z.nullable(z.looseObject({ kind: z.literal(["b"]) }))])',
    ],
    [{ type: "string", allOf: [{ minLength: 1 }] }, "z.allOf([z.string(), z.check(z.string(), z.minLength(1))])"],
    [
      {
        allOf: [{ $ref: "#/$defs/A" }, { properties: { b: text } }, { minLength: 1 }],
        $defs: { A: { type: "object" } },
      },
      "z.allOf([z.looseObject({}), z.looseObject({ b: z.optional(z.string()) })])",
    ],
    [
      { type: "object", nullable: true, allOf: [{ properties: { a: { properties: { b: text } } } }] },
      'z.nullable(z.allOf([z.looseObject({}), z.looseObject({ a: z.optional(z.when("object", z.looseObject({ b: z.optional(z.string()) }))) })]))',
    ],
    [
      { type: ["object", "null"], allOf: [{ properties: { a: text } }] },
      'z.allOf([z.nullable(z.looseObject({})), z.when("object", z.looseObject({ a: z.optional(z.string()) }))])',
    ],
    [
      { allOf: [{ type: "object", nullable: true }, { properties: { a: text } }] },
      'z.allOf([z.nullable(z.looseObject({})), z.when("object", z.looseObject({ a: z.optional(z.string()) }))])',
    ],
    [
      {
        type: "object",
        if: { properties: { a: { const: 1 } } },
        then: { required: ["b"] },
        not: { properties: { c: text } },
      },
      'z.allOf([z.looseObject({}), z.not(z.looseObject({ c: z.optional(z.string()) })), z.ifThenElse(z.looseObject({ a: z.optional(z.literal([1])) }), z.required(["b"]))])',
    ],
    [{ type: "integer", oneOf: [{ const: 1, title: "One" }, { const: 2 }, { const: "3" }] }, "z.literal([1, 2])"],
    [
      { type: "string", anyOf: [{ const: "a" }, { enum: ["b"] }], minLength: 1, not: { const: "c" } },
      'z.allOf([z.enum(["a", "b"]), z.not(z.literal(["c"]))])',
    ],
    [{ not: text }, "z.not(z.string())"],
    [
      { if: text, then: { minLength: 1 } },
      'z.ifThenElse(z.string(), z.when("string", z.check(z.string(), z.minLength(1))))',
    ],
    [{ if: text, else: { type: "number" } }, "z.ifThenElse(z.string(), undefined, z.number())"],
    [
      { ...modern, type: "object", properties: { a: text }, unevaluatedProperties: false },
      "z.strictObject({ a: z.optional(z.string()) })",
    ],
    [
      { ...modern, type: "object", allOf: [{ properties: { a: text } }], unevaluatedProperties: false },
      'z.unevaluated({ properties: z.never() }, z.allOf([z.type("object"), z.fields({ properties: { a: z.string() } })]))',
    ],
  ],
  references: [
    [
      { type: "object", properties: { next: { $ref: "#" } } },
      "{ const root: z.Schema = z.lazy(() => z.looseObject({ next: z.optional(root) })); return z.looseObject({ next: z.optional(root) }); }",
    ],
    [
      { type: "object", properties: { a: { $ref: "#/$defs/Id" }, b: { $ref: "#/$defs/Id" } }, $defs: { Id: text } },
      "z.looseObject({ a: z.optional(z.string()), b: z.optional(z.string()) })",
    ],
    [
      {
        type: "object",
        properties: { a: { $ref: "#/$defs/Point" }, b: { $ref: "#/$defs/Point" } },
        $defs: { Point: { type: "object", properties: { x: { type: "number" } } } },
      },
      "{ const point: z.Schema = z.lazy(() => z.looseObject({ x: z.optional(z.number()) })); return z.looseObject({ a: z.optional(point), b: z.optional(point) }); }",
    ],
  ],
};

describe.each(Object.entries(TABLES))("The validator of a schema: %s", async (_, rows) => {
  const printed = await printSchemas(rows.map(([schema]) => schema));
  it.each(rows.map(([schema, validator], index) => [JSON.stringify(schema), validator, index] as const))(
    "%s is %s",
    (__, validator, index) => {
      expect(printed[index]?.validator).toBe(validator);
    },
  );
});
