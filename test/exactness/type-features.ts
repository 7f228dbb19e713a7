import type { Json } from "../support/json.js";

export interface Feature {
  readonly schema: Json;
  /** What both the type and the validator accept. */
  readonly fits: readonly Json[];
  /** What both refuse. */
  readonly refused: readonly Json[];
  /** What only the type refuses: keys that an object does not name, and does not forbid. */
  readonly onlyTypes?: readonly Json[];
}

const id = { type: "string" };
const modern = { $schema: "https://json-schema.org/draft/2020-12/schema" };

const AWKWARD =
  "undefined Infinity NaN RegExp Object String Record Array z Z default class root Root globalThis await 1 ünï a-b a_b Tool defineTool constructor toString async of".split(
    " ",
  );

/** What the emitted types say of each feature of JSON Schema. */
export const FEATURES: Readonly<Record<string, Feature>> = {
  "required and optional keys": {
    schema: { type: "object", properties: { a: id, b: { type: "integer" } }, required: ["a"] },
    fits: [{ a: "x" }, { a: "x", b: 1 }],
    refused: [{}, { b: 1 }, { a: 1 }, { a: "x", b: "1" }, { a: null }, null, [], "x"],
    onlyTypes: [
      { a: "x", c: 1 },
      { a: "x", B: 1 },
    ],
  },
  "a required key with a default": {
    schema: { type: "object", properties: { a: { type: "string", default: "x" } }, required: ["a"] },
    fits: [{ a: "y" }],
    refused: [{}],
  },
  "a required key that is not declared": {
    schema: { type: "object", properties: { a: id }, required: ["a", "b"] },
    fits: [
      { a: "x", b: 1 },
      { a: "x", b: null },
    ],
    refused: [{ a: "x" }, { b: 1 }],
    onlyTypes: [{ a: "x", b: 1, c: 1 }],
  },
  "an undeclared required key beside additionalProperties": {
    schema: { type: "object", required: ["b"], additionalProperties: { type: "number" } },
    fits: [{ b: 1 }, { b: 1, c: 2 }],
    refused: [{}, { c: 1 }, { b: "1" }, { b: 1, c: "2" }],
  },
  "additionalProperties: false": {
    schema: { type: "object", properties: { a: id }, additionalProperties: false },
    fits: [{}, { a: "x" }],
    refused: [{ b: 1 }, { a: "x", b: 1 }, { a: 1 }],
  },
  "additionalProperties: false without properties": {
    schema: { type: "object", additionalProperties: false },
    fits: [{}],
    refused: [{ a: 1 }, null, "x"],
  },
  "additionalProperties: true": {
    schema: { type: "object", properties: { a: id }, required: ["a"], additionalProperties: true },
    fits: [{ a: "x" }, { a: "x", b: 1, c: null }],
    refused: [{ b: 1 }, { a: 1 }],
  },
  "additionalProperties with a schema": {
    schema: { type: "object", additionalProperties: { type: "array", items: id } },
    fits: [{}, { a: [] }, { a: ["x"], b: ["y"] }],
    refused: [{ a: 1 }, { a: [1] }, { a: ["x"], b: null }],
  },
  "additionalProperties with a schema beside properties": {
    schema: { type: "object", properties: { a: id }, required: ["a"], additionalProperties: { type: "number" } },
    fits: [{ a: "x" }, { a: "x", b: 1 }],
    refused: [{ b: 1 }, { a: 1 }, { a: "x", b: true }],
  },
  "a list of arguments that is empty": {
    schema: { type: "object", properties: {} },
    fits: [{}],
    refused: [null, "x", 1],
    onlyTypes: [{ a: 1 }],
  },
  "a member whose list of members is empty": {
    schema: { type: "object", properties: { a: { type: "object", properties: {} } } },
    fits: [{}, { a: {} }, { a: { b: 1 } }],
    refused: [{ a: null }, { a: "x" }],
    onlyTypes: [{ b: 1 }],
  },
  "an object of which nothing is said": {
    schema: { type: "object" },
    fits: [{}, { a: 1 }, { a: { b: [] } }],
    refused: [null, "x", 1],
  },
  "properties without a type": {
    schema: { type: "object", properties: { a: {}, b: { description: "anything" }, c: true }, required: ["a"] },
    fits: [{ a: 1 }, { a: null, b: [], c: {} }],
    refused: [{}, { b: 1 }],
    onlyTypes: [{ a: 1, d: 1 }],
  },
  "keys that are not identifiers": {
    schema: {
      type: "object",
      properties: { "+1": { type: "integer" }, "a b": id, "": id, default: id },
      required: ["+1", "default"],
    },
    fits: [
      { "+1": 1, default: "x" },
      { "+1": 1, "a b": "x", "": "y", default: "x" },
    ],
    refused: [{ "+1": "1", default: "x" }, { default: "x" }, { "+1": 1 }, { "+1": 1, default: "x", "": 1 }],
  },
  "names that every object has": {
    schema: {
      type: "object",
      properties: { constructor: id, toString: { type: "number" } },
      required: ["constructor"],
    },
    fits: [{ constructor: "x" }, { constructor: "x", toString: 1 }],
    refused: [{ constructor: 1 }, { constructor: "x", toString: "1" }],
  },
  "nullable: true": {
    schema: { type: "object", properties: { a: { type: "string", nullable: true } }, required: ["a"] },
    fits: [{ a: null }, { a: "x" }],
    refused: [{}, { a: 1 }],
  },
  "a nullable enum": {
    schema: { type: "object", properties: { a: { type: "string", enum: ["x", "y"], nullable: true } } },
    fits: [{}, { a: "x" }, { a: null }],
    refused: [{ a: "z" }, { a: 1 }],
  },
  "a nullable object": {
    schema: {
      type: "object",
      properties: { a: { type: "object", properties: { b: id }, required: ["b"], nullable: true } },
    },
    fits: [{ a: null }, { a: { b: "x" } }],
    refused: [{ a: {} }, { a: { b: null } }],
  },
  "several types": {
    schema: { type: "object", properties: { a: { type: ["string", "number", "null"] } } },
    fits: [{ a: "x" }, { a: 1 }, { a: null }],
    refused: [{ a: true }, { a: [] }, { a: {} }],
  },
  "an enum of several types": {
    schema: { type: "object", properties: { a: { enum: ["x", 1, true, null] } } },
    fits: [{ a: "x" }, { a: 1 }, { a: true }, { a: null }],
    refused: [{ a: "y" }, { a: 2 }, { a: false }, { a: {} }],
  },
  "an enum beside a narrower type": {
    schema: { type: "object", properties: { a: { type: "string", enum: ["x", 1, null] } } },
    fits: [{ a: "x" }],
    refused: [{ a: 1 }, { a: null }],
  },
  "an enum of objects and arrays": {
    schema: { type: "object", properties: { a: { enum: [{ b: 1 }, ["x"], []] } } },
    fits: [{ a: { b: 1 } }, { a: ["x"] }, { a: [] }],
    refused: [{ a: { b: 2 } }, { a: ["y"] }, { a: {} }],
  },
  const: {
    schema: { type: "object", properties: { a: { const: "x" }, b: { const: 1 }, c: { const: { d: [true] } } } },
    fits: [{ a: "x", b: 1, c: { d: [true] } }],
    refused: [{ a: "y" }, { b: 2 }, { c: { d: [false] } }, { c: {} }],
  },
  "arrays in arrays": {
    schema: {
      type: "object",
      properties: { a: { type: "array", items: { type: "array", items: { type: "number" } } } },
    },
    fits: [{ a: [] }, { a: [[], [1, 2]] }],
    refused: [{ a: [1] }, { a: [["x"]] }, { a: {} }],
  },
  "arrays of unions": {
    schema: { type: "array", items: { type: ["string", "null"] } },
    fits: [[], ["x", null]],
    refused: [[1], "x", null],
  },
  "a tuple": {
    schema: { ...modern, type: "array", prefixItems: [id, { type: "number" }], minItems: 2, items: false },
    fits: [["x", 1]],
    refused: [[], ["x"], [1, "x"], ["x", 1, 2]],
  },
  "a tuple whose end may be missing, with more to follow": {
    schema: {
      ...modern,
      type: "array",
      prefixItems: [id, { type: "number" }],
      minItems: 1,
      items: { type: "boolean" },
    },
    fits: [["x"], ["x", 1], ["x", 1, true, false]],
    refused: [[], ["x", "y"], ["x", 1, 2]],
  },
  "a tuple of draft 7": {
    schema: { type: "array", items: [id, { type: "number" }], additionalItems: false },
    fits: [[], ["x"], ["x", 1]],
    refused: [[1], ["x", 1, 1]],
  },
  "keys by pattern": {
    schema: { type: "object", patternProperties: { "^x-": { type: "number" } }, additionalProperties: false },
    fits: [{}, { "x-a": 1 }],
    refused: [{ "x-a": "1" }, { "x-a": null }],
  },
  "keys by pattern beside declared ones": {
    schema: {
      type: "object",
      properties: { a: id },
      required: ["a"],
      patternProperties: { "^x-": { type: "number" } },
      additionalProperties: false,
    },
    fits: [{ a: "x" }, { a: "x", "x-b": 1 }],
    refused: [{ "x-b": 1 }, { a: 1 }, { a: "x", "x-b": true }],
  },
  anyOf: {
    schema: { type: "object", properties: { a: { anyOf: [id, { type: "array", items: id }, { type: "null" }] } } },
    fits: [{ a: "x" }, { a: ["x"] }, { a: null }],
    refused: [{ a: 1 }, { a: [1] }],
  },
  "anyOf that only requires": {
    schema: { type: "object", properties: { a: id, b: id }, anyOf: [{ required: ["a"] }, { required: ["b"] }] },
    fits: [{ a: "x" }, { b: "x" }, { a: "x", b: "y" }],
    refused: [{}, { a: 1 }],
    onlyTypes: [{ a: "x", c: 1 }],
  },
  "oneOf told apart by a key": {
    schema: {
      oneOf: [
        { type: "object", properties: { kind: { const: "card" }, number: id }, required: ["kind", "number"] },
        {
          type: "object",
          properties: { kind: { const: "cash" }, amount: { type: "number" } },
          required: ["kind", "amount"],
        },
      ],
    },
    fits: [
      { kind: "card", number: "1" },
      { kind: "cash", amount: 1 },
    ],
    refused: [{ kind: "card" }, { kind: "cash", number: "1" }, { kind: "cheque", amount: 1 }, {}],
    onlyTypes: [
      { kind: "card", number: "1", amount: 1 },
      { kind: "cash", amount: 1, other: 1 },
    ],
  },
  "oneOf with keys in common": {
    schema: {
      type: "object",
      properties: { name: id },
      required: ["name"],
      oneOf: [
        { properties: { id: { type: "number" } }, required: ["id"] },
        { properties: { key: id }, required: ["key"] },
      ],
    },
    fits: [
      { name: "x", id: 1 },
      { name: "x", key: "y" },
    ],
    refused: [{ name: "x" }, { id: 1 }, { name: "x", id: "1" }],
  },
  "allOf as one object": {
    schema: {
      allOf: [
        { type: "object", properties: { a: id }, required: ["a"] },
        { type: "object", properties: { b: { type: "number" } }, required: ["b"] },
        { required: ["c"], properties: { c: { type: "boolean" } } },
      ],
    },
    fits: [{ a: "x", b: 1, c: true }],
    refused: [
      { a: "x", b: 1 },
      { a: "x", c: true },
      { a: "x", b: "1", c: true },
    ],
    onlyTypes: [{ a: "x", b: 1, c: true, d: 1 }],
  },
  "allOf that makes a key required": {
    schema: { type: "object", properties: { a: id, b: id }, allOf: [{ required: ["a"] }] },
    fits: [{ a: "x" }, { a: "x", b: "y" }],
    refused: [{}, { b: "y" }],
  },
  "allOf that narrows a key": {
    schema: {
      allOf: [
        { type: "object", properties: { a: { type: ["string", "number"] } } },
        { type: "object", properties: { a: { type: ["number", "boolean"] } } },
      ],
    },
    fits: [{}, { a: 1 }],
    refused: [{ a: "x" }, { a: true }],
  },
  "a reference with siblings": {
    schema: {
      ...modern,
      type: "object",
      properties: { a: { $ref: "#/$defs/Named", properties: { age: { type: "number" } }, required: ["age"] } },
      $defs: { Named: { type: "object", properties: { name: id }, required: ["name"] } },
    },
    fits: [{}, { a: { name: "x", age: 1 } }],
    refused: [{ a: { name: "x" } }, { a: { age: 1 } }, { a: { name: 1, age: 1 } }],
  },
  "a definition used twice": {
    schema: {
      type: "object",
      properties: { from: { $ref: "#/$defs/Point" }, to: { $ref: "#/$defs/Point" } },
      required: ["from"],
      $defs: {
        Point: { type: "object", properties: { x: { type: "number" }, y: { type: "number" } }, required: ["x", "y"] },
      },
    },
    fits: [{ from: { x: 1, y: 2 } }, { from: { x: 1, y: 2 }, to: { x: 1, y: 2 } }],
    refused: [{}, { from: { x: 1 } }, { from: { x: 1, y: 2 }, to: {} }],
  },
  "a schema that contains itself": {
    schema: {
      type: "object",
      properties: { name: id, children: { type: "array", items: { $ref: "#" } } },
      required: ["name"],
    },
    fits: [{ name: "x" }, { name: "x", children: [{ name: "y", children: [{ name: "z" }] }] }],
    refused: [{}, { name: "x", children: [{}] }, { name: "x", children: [{ name: "y", children: [1] }] }],
    onlyTypes: [{ name: "x", children: [{ name: "y", other: 1 }] }],
  },
  "schemas that contain each other": {
    schema: {
      $ref: "#/$defs/Folder",
      $defs: {
        Folder: {
          type: "object",
          properties: { files: { type: "array", items: { $ref: "#/$defs/File" } } },
          required: ["files"],
        },
        File: { type: "object", properties: { name: id, in: { $ref: "#/$defs/Folder" } }, required: ["name"] },
      },
    },
    fits: [{ files: [] }, { files: [{ name: "x", in: { files: [{ name: "y" }] } }] }],
    refused: [{}, { files: [{}] }, { files: [{ name: "x", in: {} }] }, { files: [{ name: "x", in: { files: [1] } }] }],
  },
  "definitions whose names mean something else in code": {
    schema: {
      ...modern,
      type: "object",
      properties: Object.fromEntries(
        AWKWARD.map((name, index) => [`k${index}`, { $ref: `#/$defs/${encodeURIComponent(name)}` }]),
      ),
      required: ["k0"],
      if: { required: ["k1"] },
      else: false,
      $defs: Object.fromEntries(
        AWKWARD.map((name) => [
          name,
          {
            type: "object",
            properties: { v: { const: name }, more: { $ref: `#/$defs/${encodeURIComponent(name)}` } },
            required: ["v"],
          },
        ]),
      ),
    },
    fits: [Object.fromEntries(AWKWARD.map((name, index) => [`k${index}`, { v: name, more: { v: name } }]))],
    refused: [{ k0: { v: "y" }, k1: { v: AWKWARD[1] ?? "" } }, { k1: { v: AWKWARD[1] ?? "" } }],
  },
  "tuples within tuples that lead back": {
    schema: {
      ...modern,
      $ref: "#/$defs/Call",
      $defs: {
        Call: {
          type: ["string", "array"],
          prefixItems: [{ type: "array", prefixItems: [id, { $ref: "#/$defs/Call" }] }],
          items: { type: ["array", "null"], items: { $ref: "#/$defs/Call" } },
        },
      },
    },
    fits: ["x", [], [["x"]], [["x", "y"], null], [["x", [["y"]]], ["z", []], [[["z"]]]]],
    refused: [1, [1], [[1]], [["x", 1]], [["x"], "y"], [["x"], [1]], [["x", [["y", 1]]]]],
  },
  "a tuple whose further items are itself or lists of it": {
    schema: {
      ...modern,
      $ref: "#/$defs/Call",
      $defs: {
        Call: {
          type: ["string", "array"],
          prefixItems: [id],
          items: { anyOf: [{ $ref: "#/$defs/Call" }, { type: "array", items: { $ref: "#/$defs/Call" } }] },
        },
      },
    },
    fits: ["x", [], ["x", "y"], ["x", ["y", "z"]], ["x", [["y"], "z"]]],
    refused: [1, [1], ["x", 1], ["x", [1]]],
  },
  "a recursive union, as of JSON itself": {
    schema: {
      $ref: "#/$defs/Json",
      $defs: {
        Json: {
          anyOf: [
            { type: ["string", "number", "boolean", "null"] },
            { type: "array", items: { $ref: "#/$defs/Json" } },
            { type: "object", additionalProperties: { $ref: "#/$defs/Json" } },
          ],
        },
      },
    },
    fits: [1, "x", null, [], [[1], { a: [null] }], { a: { b: { c: "x" } } }],
    refused: [],
  },
  "if, then and else": {
    schema: {
      type: "object",
      properties: { kind: { enum: ["a", "b"] }, n: { type: "number" } },
      required: ["kind"],
      if: { properties: { kind: { const: "a" } } },
      then: { required: ["n"] },
      else: {},
    },
    fits: [{ kind: "a", n: 1 }, { kind: "b" }],
    refused: [{ kind: "c" }, { kind: "a", n: "1" }, { kind: "a" }, {}],
  },
  "conditions on the value of a key": {
    schema: {
      type: "object",
      properties: { method: { enum: ["card", "bank", "cash"] }, card: id, iban: id, note: id },
      required: ["method"],
      allOf: [
        { if: { properties: { method: { const: "card" } } }, then: { required: ["card"] } },
        { if: { properties: { method: { const: "bank" } } }, then: { required: ["iban"] } },
      ],
    },
    fits: [
      { method: "card", card: "1" },
      { method: "bank", iban: "1", note: "x" },
      { method: "cash" },
      { method: "cash", card: "1" },
    ],
    refused: [{ method: "card" }, { method: "card", iban: "1" }, { method: "bank", note: "x" }, { method: "x" }, {}],
    onlyTypes: [{ method: "cash", cardd: "1" }],
  },
  "a condition on the value of a key that may be absent": {
    schema: {
      type: "object",
      properties: { draft: { type: "boolean" }, title: id },
      if: { properties: { draft: { const: false } } },
      then: { required: ["title"] },
    },
    fits: [{ draft: true }, { title: "x" }, { draft: false, title: "x" }, { draft: true, title: "x" }],
    refused: [{}, { draft: false }, { draft: false, title: 1 }],
  },
  "no value at all": {
    schema: { type: "object", properties: { a: false } },
    fits: [{}],
    refused: [{ a: 1 }, { a: null }],
  },
  "unevaluatedProperties: false over allOf": {
    schema: {
      ...modern,
      type: "object",
      allOf: [{ properties: { a: id }, required: ["a"] }],
      properties: { b: { type: "number" } },
      unevaluatedProperties: false,
    },
    fits: [{ a: "x" }, { a: "x", b: 1 }],
    refused: [{ a: "x", c: 1 }, { b: 1 }],
  },
};
