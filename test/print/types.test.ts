import { describe, expect, it } from "vitest";
import { printSchemas } from "./printed.js";
import type { Json, JsonObject } from "../support/json.js";

const modern = { $schema: "https://json-schema.org/draft/2020-12/schema" };
const text = { type: "string" };

const BASE = {
  type: "object",
  properties: { id: text, note: text, long: { type: "object", properties: { x: text, y: text } } },
  required: ["id"],
};

/** A schema that builds on another one, which has a name since it is used twice. */
function onBase(part: JsonObject, base: JsonObject = BASE): JsonObject {
  const ref = { $ref: "#/$defs/Base" };
  const properties = { a: { allOf: [ref, part] }, b: ref };
  return { type: "object", properties, required: ["a"], $defs: { Base: base } };
}

function kinds(kind: JsonObject, ...required: string[]): JsonObject {
  return { type: "object", properties: { kind, x: text }, required };
}

/** Each schema and the type that is printed for it. */
const TABLES: Readonly<Record<string, readonly (readonly [schema: Json, type: string])[]>> = {
  "any value": [
    [{}, "unknown"],
    [true, "unknown"],
    [false, "never"],
    [{ minimum: 1 }, "unknown"],
    [{ not: text }, "unknown"],
  ],
  types: [
    [text, "string"],
    [{ type: "integer" }, "number"],
    [{ type: "number" }, "number"],
    [{ type: "boolean" }, "boolean"],
    [{ type: "null" }, "null"],
    [{ type: ["string", "null"] }, "string | null"],
    [{ type: ["null", "integer", "number"] }, "number | null"],
    [{ type: ["string", "object"] }, "string | { [key: string]: unknown }"],
    [{ type: "string", nullable: true }, "string | null"],
  ],
  values: [
    [{ const: "x" }, '"x"'],
    [{ const: null }, "null"],
    [{ const: { a: [1, true] } }, "{ a: [1, true]; }"],
    [{ enum: ["a", 1, null] }, '"a" | 1 | null'],
    [{ type: "string", enum: ["a", 1] }, '"a"'],
    [{ type: "string", enum: ["a"], nullable: true }, '"a" | null'],
    [{ enum: [] }, "never"],
  ],
  arrays: [
    [{ type: "array" }, "unknown[]"],
    [{ type: "array", items: text }, "string[]"],
    [{ type: "array", items: { type: ["string", "null"] } }, "(string | null)[]"],
    [{ type: "array", items: { type: "array", items: text } }, "string[][]"],
    [{ type: "array", items: [text, { type: "number" }] }, "[string?, number?, ...unknown[]]"],
    [{ type: "array", items: [text, { type: "number" }], additionalItems: false, minItems: 1 }, "[string, number?]"],
    [
      { ...modern, type: "array", prefixItems: [text], items: { type: "number" }, minItems: 1 },
      "[string, ...number[]]",
    ],
  ],
  objects: [
    [{ type: "object" }, "{ [key: string]: unknown }"],
    [{ type: "object", properties: {} }, "Record<string, never>"],
    [{ type: "object", properties: {}, required: [] }, "Record<string, never>"],
    [{ type: "object", properties: {}, dependencies: { a: ["b"] } }, "{ [key: string]: unknown }"],
    [{ type: "object", properties: {}, minProperties: 1 }, "{ [key: string]: unknown }"],
    [{ type: "object", properties: {}, additionalProperties: true }, "{ [key: string]: unknown }"],
    [{ type: "object", properties: { a: { type: "object", properties: {} } } }, "{ a?: { [key: string]: unknown }; }"],
    [{ type: "object", additionalProperties: false }, "Record<string, never>"],
    [{ ...modern, type: "object", unevaluatedProperties: text }, "{ [key: string]: string }"],
    [{ ...modern, type: "object", properties: { a: text }, unevaluatedProperties: false }, "{ a?: string; }"],
    [
      { ...modern, type: "object", unevaluatedProperties: text, additionalProperties: { type: "number" } },
      "{ [key: string]: number }",
    ],
    [
      { ...modern, type: "object", unevaluatedProperties: text, anyOf: [{ properties: { a: { type: "number" } } }] },
      "{ a?: number; } & { [key: string]: unknown }",
    ],
    [{ type: "object", additionalProperties: text }, "{ [key: string]: string }"],
    [
      { type: "object", properties: { b: text, a: text, c: text }, required: ["c"] },
      "{ c: string; a?: string; b?: string; }",
    ],
    [{ type: "object", properties: { a: text }, additionalProperties: false }, "{ a?: string; }"],
    [
      { type: "object", properties: { a: text }, additionalProperties: true },
      "{ a?: string; [key: string]: unknown; }",
    ],
    [
      { type: "object", properties: { a: text }, additionalProperties: { type: "number" } },
      "{ a?: string; [key: string]: number | string | undefined; }",
    ],
    [{ type: "object", required: ["x"] }, "{ x: unknown; }"],
    [{ type: "object", required: ["x"], additionalProperties: text }, "{ x: string; [key: string]: string; }"],
    [{ type: "object", required: ["x"], additionalProperties: false }, "{ x: never; }"],
    [
      { type: "object", required: ["x"], patternProperties: { "^x": text }, additionalProperties: false },
      "{ x: string; [key: string]: string; }",
    ],
    [
      { type: "object", required: ["x"], patternProperties: { "^x": text }, additionalProperties: { type: "number" } },
      "{ x: string | number; [key: string]: string | number; }",
    ],
    [{ type: "object", properties: { "+1": text, "a b": text } }, '{ "+1"?: string; "a b"?: string; }'],
    [{ type: "object", patternProperties: { "^x-": text }, additionalProperties: false }, "{ [key: string]: string }"],
    [{ properties: { a: text } }, "{ a?: string; } | boolean | number | string | unknown[] | null"],
  ],
  "names that every object has": [
    [{ type: "object", properties: { constructor: text } }, '{ constructor?: string | Object["constructor"]; }'],
    [{ type: "object", properties: { constructor: text }, required: ["constructor"] }, "{ constructor: string; }"],
  ],
  combinations: [
    [{ anyOf: [text, { type: "null" }] }, "string | null"],
    [{ oneOf: [text, { type: "number" }] }, "string | number"],
    [{ anyOf: [text, { type: "string", format: "uri" }] }, "string"],
    [{ anyOf: [text, {}] }, "unknown"],
    [{ type: "string", anyOf: [{ minLength: 1 }, { pattern: "^a" }] }, "string"],
    [
      {
        allOf: [
          { type: "object", properties: { a: text }, required: ["a"] },
          { type: "object", properties: { b: text } },
        ],
      },
      "{ a: string; b?: string; }",
    ],
    [{ type: "object", properties: { a: text }, allOf: [{ required: ["a"] }] }, "{ a: string; }"],
    [
      { type: "object", properties: { a: text }, anyOf: [{ required: ["a"] }, { required: ["b"] }] },
      "{ a?: string; } & ({ a: string; } | { b: unknown; })",
    ],
    [
      { allOf: [{ type: "object", properties: { a: text } }, { properties: { b: text } }, { required: ["a", "b"] }] },
      "{ a: string; b: string; }",
    ],
    [{ required: ["a"], allOf: [{ type: "object", properties: { a: text } }] }, "{ a: string; }"],
    [
      { allOf: [{ type: "object" }], properties: { a: text }, oneOf: [{ required: ["a"] }, { required: ["b"] }] },
      "{ a?: string; } & ({ a: string; } | { b: unknown; })",
    ],
    [
      { oneOf: [{ required: ["a"] }, { required: ["b"] }], anyOf: [{ type: "object" }] },
      "{ a: unknown; } | { b: unknown; }",
    ],
    [{ allOf: [{ type: ["string", "null"] }, { type: ["string", "number"] }] }, "string"],
    [{ allOf: [text, { required: ["a"] }] }, "string"],
    [{ allOf: [text, { type: "object", required: ["a"] }] }, "never"],
    [{ allOf: [{ anyOf: [text, { enum: ["a", "b"] }] }] }, 'string | "a" | "b"'],
    [{ required: ["a"] }, "{ a: unknown; } | boolean | number | string | unknown[] | null"],
    [
      { type: "object", then: { properties: { a: text } }, else: { properties: { b: text } }, if: { required: ["k"] } },
      "{ a?: string; } | { b?: string; }",
    ],
  ],
  "conditions on a key": [
    [
      {
        ...kinds({ enum: ["a", "b", "c"] }, "kind"),
        if: { properties: { kind: { const: "a" } } },
        then: { required: ["x"] },
      },
      '{ kind: "a" | "b" | "c"; x?: string; } & ({ kind: "a"; x: string; } | { kind: "b" | "c"; })',
    ],
    [
      {
        ...kinds({ enum: ["a", "b", "c"] }, "kind"),
        if: { properties: { kind: { enum: ["a", "b"] } }, required: ["kind"] },
        then: { required: ["x"] },
        else: { properties: { y: { type: "number" } }, required: ["y"] },
      },
      '{ kind: "a" | "b" | "c"; x?: string; } & ({ kind: "a" | "b"; x: string; } | { kind: "c"; y: number; })',
    ],
    [
      {
        ...kinds({ enum: ["a", "b", "c"] }, "kind"),
        allOf: [
          { if: { properties: { kind: { const: "a" } } }, then: { required: ["x"] } },
          { if: { properties: { kind: { const: "b" } } }, then: { required: ["y"] } },
        ],
      },
      '{ kind: "a" | "b" | "c"; x?: string; } & ({ kind: "a"; x: string; } | { kind: "b"; y: unknown; } | { kind: "c"; })',
    ],
    [
      { ...kinds({ enum: ["a", "b"] }), if: { properties: { kind: { const: "a" } } }, then: { required: ["x"] } },
      '{ kind?: "a" | "b"; x?: string; } & ({ x: string; kind?: "a"; } | { kind: "b"; })',
    ],
    [
      {
        ...kinds({ type: "boolean" }),
        if: { properties: { kind: { const: true } }, required: ["kind"] },
        then: { required: ["x"] },
      },
      "{ kind?: boolean; x?: string; } & ({ kind: true; x: string; } | { kind?: false; })",
    ],
    [
      {
        ...kinds({ enum: ["a"] }),
        allOf: [
          { if: { properties: { kind: { const: "a" } } }, then: { required: ["x"] }, else: { required: ["y"] } },
          { if: { properties: { kind: { const: "a" } }, required: ["kind"] }, then: {}, else: { required: ["z"] } },
        ],
      },
      '{ kind?: "a"; x?: string; } & ({ kind: "a"; x: string; } | { x: string; z: unknown; kind?: never; })',
    ],
    [
      { ...kinds(text, "kind"), if: { properties: { kind: { const: "a" } } }, then: { required: ["x"] } },
      "{ kind: string; x?: string; }",
    ],
    [
      {
        ...kinds({ enum: ["a", "b"] }, "kind"),
        if: { properties: { kind: { const: "a" }, x: { const: "b" } } },
        then: { required: ["x"] },
      },
      '{ kind: "a" | "b"; x?: string; }',
    ],
    [
      {
        ...kinds({ enum: Array.from("abcdefghijklmnopq") }, "kind"),
        allOf: Array.from("abcdefghijklmnopq", (kind) => ({
          if: { properties: { kind: { const: kind } } },
          then: { required: [`${kind}${kind}`] },
        })),
      },
      `{ kind: ${Array.from("abcdefghijklmnopq", (kind) => `"${kind}"`).join(" | ")}; x?: string; }`,
    ],
  ],
  "conditions that would repeat long schemas": [
    [
      {
        ...kinds({ enum: ["a", "b", "c"] }, "kind"),
        allOf: [
          {
            if: { properties: { kind: { enum: ["a", "b"] } } },
            then: { properties: { o: { type: "object", properties: { y: text } } } },
          },
          { if: { properties: { kind: { const: "a" } } }, then: { required: ["o"] } },
        ],
      },
      '{ kind: "a" | "b" | "c"; x?: string; }',
    ],
  ],
  "parts that narrow each other": [
    [{ allOf: [text, { enum: ["a", "b", 1] }] }, '"a" | "b"'],
    [{ allOf: [{ enum: ["a", "b", "c"] }, { enum: ["c", "b", "d"] }] }, '"b" | "c"'],
    [{ type: "number", anyOf: [{ const: 1 }, { enum: [2, "2"] }] }, "1 | 2"],
    [{ allOf: [{ type: ["boolean", "null"] }, { enum: [true, null, 0] }] }, "true | null"],
    [{ allOf: [{ type: ["string", "number"] }, { enum: ["a", 1] }] }, '"a" | 1'],
    [{ enum: ["a", "b", "c"], allOf: [{ enum: ["b", "c", "d"] }, { const: "b" }] }, '"b"'],
    [{ enum: ["a", 1, true], anyOf: [{ type: "number" }, { type: "boolean" }] }, "1 | true"],
    [{ enum: ["a", { b: 1 }], allOf: [{ type: ["string", "object"] }, { maxLength: 3 }] }, '"a" | { b: 1; }'],
    [{ type: "string", nullable: true, allOf: [{ enum: ["a"], nullable: true }] }, '"a" | null'],
    [{ type: "string", allOf: [{}, true, { minLength: 1 }] }, "string"],
    [
      {
        allOf: [
          { type: "array", items: text },
          { type: "array", items: { enum: ["a", "b"] } },
        ],
      },
      '("a" | "b")[]',
    ],
    [
      {
        allOf: [
          { type: ["object", "null"], properties: { a: text } },
          { type: ["object", "null"], properties: { b: text }, required: ["b"] },
        ],
      },
      "{ b: string; a?: string; } | null",
    ],
    [
      {
        allOf: [
          { type: "object", properties: { kind: text }, required: ["kind"] },
          { type: "object", properties: { kind: { enum: ["a", "b"] } } },
          { type: "object", properties: { kind: { const: "a" } } },
        ],
      },
      '{ kind: "a"; }',
    ],
    [{ type: "object", properties: { a: { allOf: [{ const: "x" }, { const: "y" }] } } }, "{ a?: never; }"],
  ],
  "parts with a name": [
    [
      onBase({ type: "object", properties: { b: text }, required: ["id", "note", "b"] }),
      "{ a: TBase & { b: string; note: string; }; b?: TBase; }; TBase { id: string; long?: { x?: string; y?: string; }; note?: string; }",
    ],
    [
      onBase({ required: ["id"] }),
      "{ a: TBase; b?: TBase; }; TBase { id: string; long?: { x?: string; y?: string; }; note?: string; }",
    ],
    [
      onBase({ required: ["long"] }),
      "{ a: TBase & { long: unknown; }; b?: TBase; }; TBase { id: string; long?: { x?: string; y?: string; }; note?: string; }",
    ],
    [
      onBase({ anyOf: [{ required: ["note"] }, { required: ["other"] }] }),
      "{ a: TBase & ({ note: string; } | { other: unknown; }); b?: TBase; }; TBase { id: string; long?: { x?: string; y?: string; }; note?: string; }",
    ],
    [
      onBase({ type: "object" }, { properties: { id: text }, required: ["id"] }),
      "{ a: TBase & { [key: string]: unknown }; b?: TBase; }; TBase = { id: string; } | boolean | number | string | unknown[] | null",
    ],
  ],
  references: [
    [
      {
        ...modern,
        $id: "https://example.com/a",
        $dynamicAnchor: "n",
        type: "object",
        properties: { next: { $dynamicRef: "#n" }, s: text },
        $defs: { Unused: { $id: "b", $dynamicAnchor: "n", type: "strange" } },
      },
      "{ next?: unknown; s?: string; }",
    ],
    [{ type: "object", properties: { next: { $ref: "#" } } }, "{ next?: T; }"],
    [
      {
        type: "object",
        properties: { a: { $ref: "#/$defs/Point" } },
        $defs: { Point: { type: "object", properties: { x: text } } },
      },
      "{ a?: { x?: string; }; }",
    ],
    [
      {
        type: "object",
        properties: { a: { $ref: "#/$defs/Point" }, b: { $ref: "#/$defs/Point" } },
        $defs: { Point: { type: "object", properties: { x: text } } },
      },
      "{ a?: TPoint; b?: TPoint; }; TPoint { x?: string; }",
    ],
    [
      { $ref: "#/$defs/Tree", $defs: { Tree: { type: "array", items: { $ref: "#/$defs/Tree" } } } },
      "TTree; TTree = TTree[]",
    ],
  ],
};

describe.each(Object.entries(TABLES))("The type of a schema: %s", async (_, rows) => {
  const printed = await printSchemas(rows.map(([schema]) => schema));
  it.each(rows.map(([schema, type], index) => [JSON.stringify(schema), type, index] as const))(
    "%s is %s",
    (__, type, index) => {
      expect(printed[index]?.type).toBe(type);
    },
  );
});
