import { describe, expect, it } from "vitest";
import type { Direction } from "../../generator/diff/change.js";
import { worst } from "../../generator/diff/change.js";
import { compareSchemas } from "../../generator/diff/schemas.js";
import { printTypes } from "../../generator/print/types.js";
import { buildSchemaNode, type BuiltSchema } from "../../generator/schema/build.js";
import { findDefinitions } from "../../generator/schema/definitions.js";
import { MODULES, typeCheck } from "../support/compilers.js";
import { TestFolder } from "../support/generated.js";

interface Row {
  readonly name: string;
  readonly side: Direction;
  readonly before: object;
  readonly after: object;
  readonly class: "breaking" | "risky" | "safe";
  /** Arguments as somebody wrote them for the version before. */
  readonly args?: string;
  /** Code that uses the data of the version before. */
  readonly code?: string;
}

const object = (properties: object, more: object = {}): object => ({ type: "object", properties, ...more });
const text = { type: "string" };
const number = { type: "number" };

const nothing = { type: "null" };
const listOrNull = { anyOf: [{ type: "array", items: { $ref: "#/$defs/A" } }, nothing] };
const tagged = (kind: string, properties: object, ...required: string[]): object =>
  object({ kind: { const: kind }, ...properties }, { required: ["kind", ...required] });

/** Ways to say that something is text or null. */
const TEXT_OR_NULL: readonly (readonly [string, object, object?])[] = [
  ["nullable", { type: "string", nullable: true }],
  ["two types", { type: ["null", "string"] }],
  ["anyOf", { anyOf: [text, nothing] }],
  ["oneOf", { oneOf: [nothing, text] }],
  ["a part", { allOf: [{ type: "string", nullable: true }] }],
  ["a reference", { anyOf: [{ $ref: "#/$defs/T" }, nothing] }, { $defs: { T: text } }],
  ["a part that refers", { allOf: [{ $ref: "#/$defs/T" }], nullable: true }, { $defs: { T: text } }],
];
const SAME = TEXT_OR_NULL.flatMap(([name, one, more]) =>
  TEXT_OR_NULL.map(([other, two, beside]) => {
    return [`${name} to ${other}`, object({ a: one }, more), object({ a: two }, beside)] as const;
  }),
);

const ROWS: readonly Row[] = [
  {
    name: "a new required argument",
    side: "input",
    before: object({ a: text }, { required: ["a"] }),
    after: object({ a: text, b: text }, { required: ["a", "b"] }),
    args: `{ a: "x" }`,
    class: "breaking",
  },
  {
    name: "a new optional argument",
    side: "input",
    before: object({ a: text }),
    after: object({ a: text, b: text }),
    args: `{ a: "x" }`,
    class: "safe",
  },
  {
    name: "an argument that goes",
    side: "input",
    before: object({ a: text, b: text }),
    after: object({ a: text }),
    args: `{ a: "x", b: "y" }`,
    class: "breaking",
  },
  {
    name: "an argument that becomes required",
    side: "input",
    before: object({ a: text }),
    after: object({ a: text }, { required: ["a"] }),
    args: `{}`,
    class: "breaking",
  },
  {
    name: "an argument that becomes optional",
    side: "input",
    before: object({ a: text }, { required: ["a"] }),
    after: object({ a: text }),
    args: `{ a: "x" }`,
    class: "safe",
  },
  {
    name: "an argument of another type",
    side: "input",
    before: object({ a: text }),
    after: object({ a: number }),
    args: `{ a: "x" }`,
    class: "breaking",
  },
  {
    name: "an argument that may be of a further type",
    side: "input",
    before: object({ a: text }),
    after: object({ a: { type: ["string", "number"] } }),
    args: `{ a: "x" }`,
    class: "safe",
  },
  {
    name: "an argument that may no longer be null",
    side: "input",
    before: object({ a: { type: "string", nullable: true } }),
    after: object({ a: text }),
    args: `{ a: null }`,
    class: "breaking",
  },
  {
    name: "a value that goes from an argument's enum",
    side: "input",
    before: object({ a: { enum: ["x", "y"] } }),
    after: object({ a: { enum: ["x"] } }),
    args: `{ a: "y" }`,
    class: "breaking",
  },
  {
    name: "a value that comes to an argument's enum",
    side: "input",
    before: object({ a: { enum: ["x"] } }),
    after: object({ a: { enum: ["x", "y"] } }),
    args: `{ a: "x" }`,
    class: "safe",
  },
  {
    name: "an argument that is limited to some values",
    side: "input",
    before: object({ a: text }),
    after: object({ a: { type: "string", enum: ["x"] } }),
    args: `{ a: "z" }`,
    class: "breaking",
  },
  {
    name: "an argument's tighter limit",
    side: "input",
    before: object({ a: { type: "number", maximum: 100 } }),
    after: object({ a: { type: "number", maximum: 50 } }),
    args: `{ a: 70 }`,
    class: "risky",
  },
  {
    name: "an argument's wider limit",
    side: "input",
    before: object({ a: { type: "number", maximum: 50 } }),
    after: object({ a: { type: "number", maximum: 100 } }),
    args: `{ a: 7 }`,
    class: "safe",
  },
  {
    name: "another default",
    side: "input",
    before: object({ a: { type: "number", default: 1 } }),
    after: object({ a: { type: "number", default: 2 } }),
    args: `{}`,
    class: "risky",
  },
  {
    name: "a reworded description",
    side: "input",
    before: object({ a: { type: "string", description: "One." } }),
    after: object({ a: { type: "string", description: "Another." } }),
    args: `{ a: "x" }`,
    class: "safe",
  },
  {
    name: "arguments that no longer take any key",
    side: "input",
    before: object({ a: text }, { additionalProperties: true }),
    after: object({ a: text }),
    args: `{ a: "x", z: 1 }`,
    class: "breaking",
  },
  {
    name: "items of another type",
    side: "input",
    before: object({ a: { type: "array", items: text } }),
    after: object({ a: { type: "array", items: number } }),
    args: `{ a: ["x"] }`,
    class: "breaking",
  },
  {
    name: "a nested argument that becomes required",
    side: "input",
    before: object({ a: object({ b: text }) }),
    after: object({ a: object({ b: text }, { required: ["b"] }) }),
    args: `{ a: {} }`,
    class: "breaking",
  },
  {
    name: "an alternative that goes",
    side: "input",
    before: { anyOf: [object({ a: text }, { required: ["a"] }), object({ b: text }, { required: ["b"] })] },
    after: { anyOf: [object({ a: text }, { required: ["a"] })] },
    args: `{ b: "x" }`,
    class: "breaking",
  },
  {
    name: "data that goes",
    side: "output",
    before: object({ a: text, b: text }, { required: ["a", "b"] }),
    after: object({ a: text }, { required: ["a"] }),
    code: `const b: string = data.b;`,
    class: "breaking",
  },
  {
    name: "data that comes",
    side: "output",
    before: object({ a: text }, { required: ["a"] }),
    after: object({ a: text, b: text }, { required: ["a", "b"] }),
    code: `const a: string = data.a;`,
    class: "safe",
  },
  {
    name: "data that may be absent now",
    side: "output",
    before: object({ a: text }, { required: ["a"] }),
    after: object({ a: text }),
    code: `const a: string = data.a;`,
    class: "breaking",
  },
  {
    name: "data that is always there now",
    side: "output",
    before: object({ a: text }),
    after: object({ a: text }, { required: ["a"] }),
    code: `const a: string | undefined = data.a;`,
    class: "safe",
  },
  {
    name: "data that may be null now",
    side: "output",
    before: object({ a: text }, { required: ["a"] }),
    after: object({ a: { type: "string", nullable: true } }, { required: ["a"] }),
    code: `const a: string = data.a;`,
    class: "breaking",
  },
  {
    name: "data that is never null now",
    side: "output",
    before: object({ a: { type: "string", nullable: true } }, { required: ["a"] }),
    after: object({ a: text }, { required: ["a"] }),
    code: `const a: string | null = data.a;`,
    class: "safe",
  },
  {
    name: "a value that comes to the data's enum",
    side: "output",
    before: object({ a: { enum: ["x"] } }, { required: ["a"] }),
    after: object({ a: { enum: ["x", "y"] } }, { required: ["a"] }),
    code: `const a: string = data.a;`,
    class: "risky",
  },
  {
    name: "data of another type",
    side: "output",
    before: object({ a: text }, { required: ["a"] }),
    after: object({ a: number }, { required: ["a"] }),
    code: `const a: string = data.a;`,
    class: "breaking",
  },
  {
    name: "data that is no longer limited to some values",
    side: "output",
    before: object({ a: { type: "string", enum: ["x"] } }, { required: ["a"] }),
    after: object({ a: text }, { required: ["a"] }),
    code: `const a: "x" = data.a;`,
    class: "breaking",
  },
  {
    name: "data behind a reference",
    side: "output",
    before: {
      ...object({ a: { $ref: "#/$defs/A" } }, { required: ["a"] }),
      $defs: { A: object({ b: text }, { required: ["b"] }) },
    },
    after: { ...object({ a: { $ref: "#/$defs/A" } }, { required: ["a"] }), $defs: { A: object({ b: text }) } },
    code: `const b: string = data.a.b;`,
    class: "breaking",
  },
  {
    name: "a recursive schema that stays",
    side: "output",
    before: { ...object({ next: { $ref: "#" } }) },
    after: { ...object({ next: { $ref: "#" } }) },
    code: `const next: object | undefined = data.next;`,
    class: "safe",
  },
  {
    name: "an argument of a narrower type",
    side: "input",
    before: object({ a: { type: ["string", "number"] } }),
    after: object({ a: text }),
    args: `{ a: 1 }`,
    class: "breaking",
  },
  {
    name: "an argument that may be null now",
    side: "input",
    before: object({ a: text }),
    after: object({ a: { type: "string", nullable: true } }),
    args: `{ a: "x" }`,
    class: "safe",
  },
  {
    name: "an argument that is no longer limited to some values",
    side: "input",
    before: object({ a: { type: "string", enum: ["x"] } }),
    after: object({ a: text }),
    args: `{ a: "x" }`,
    class: "safe",
  },
  {
    name: "another constant",
    side: "input",
    before: object({ a: { const: "x" } }),
    after: object({ a: { const: "y" } }),
    args: `{ a: "x" }`,
    class: "breaking",
  },
  {
    name: "arguments that take any key now",
    side: "input",
    before: object({ a: text }),
    after: object({ a: text }, { additionalProperties: true }),
    args: `{ a: "x" }`,
    class: "safe",
  },
  {
    name: "arguments that refuse undeclared keys now",
    side: "input",
    before: object({ a: text }),
    after: object({ a: text }, { additionalProperties: false }),
    args: `{ a: "x" }`,
    class: "risky",
  },
  {
    name: "arguments whose undeclared keys are of a narrower type",
    side: "input",
    before: object({}, { additionalProperties: true }),
    after: object({}, { additionalProperties: text }),
    args: `{ z: 1 }`,
    class: "breaking",
  },
  {
    name: "a key of open arguments that goes",
    side: "input",
    before: object({ a: text }, { additionalProperties: true }),
    after: object({}, { additionalProperties: true }),
    args: `{ a: "x" }`,
    class: "risky",
  },
  {
    name: "a key of open arguments that goes, and would be of another type",
    side: "input",
    before: object({ a: text }, { additionalProperties: { type: ["string", "number"] } }),
    after: object({}, { additionalProperties: number }),
    args: `{ a: "x" }`,
    class: "breaking",
  },
  {
    name: "a key that comes to open arguments",
    side: "input",
    before: object({ a: text }, { additionalProperties: true }),
    after: object({ a: text, b: text }, { additionalProperties: true }),
    args: `{ a: "x" }`,
    class: "risky",
  },
  {
    name: "a default that comes",
    side: "input",
    before: object({ a: number }),
    after: object({ a: { type: "number", default: 2 } }),
    args: `{}`,
    class: "risky",
  },
  {
    name: "an argument that is now deprecated",
    side: "input",
    before: object({ a: text }),
    after: object({ a: { type: "string", deprecated: true } }),
    args: `{ a: "x" }`,
    class: "risky",
  },
  {
    name: "a format that comes",
    side: "input",
    before: object({ a: text }),
    after: object({ a: { type: "string", format: "email" } }),
    args: `{ a: "x" }`,
    class: "risky",
  },
  {
    name: "a format that goes",
    side: "input",
    before: object({ a: { type: "string", format: "email" } }),
    after: object({ a: text }),
    args: `{ a: "x" }`,
    class: "safe",
  },
  {
    name: "another pattern",
    side: "input",
    before: object({ a: { type: "string", pattern: "^x" } }),
    after: object({ a: { type: "string", pattern: "^y" } }),
    args: `{ a: "x" }`,
    class: "risky",
  },
  {
    name: "a greater least length",
    side: "input",
    before: object({ a: { type: "string", minLength: 1 } }),
    after: object({ a: { type: "string", minLength: 2 } }),
    args: `{ a: "x" }`,
    class: "risky",
  },
  {
    name: "a least length that goes",
    side: "input",
    before: object({ a: { type: "string", minLength: 1 } }),
    after: object({ a: text }),
    args: `{ a: "x" }`,
    class: "safe",
  },
  {
    name: "fewer items",
    side: "input",
    before: object({ a: { type: "array", items: text, maxItems: 9 } }),
    after: object({ a: { type: "array", items: text, maxItems: 3 } }),
    args: `{ a: ["x"] }`,
    class: "risky",
  },
  {
    name: "an argument that has to be an integer",
    side: "input",
    before: object({ a: number }),
    after: object({ a: { type: "integer" } }),
    args: `{ a: 1.5 }`,
    class: "risky",
  },
  {
    name: "an argument that may have a fraction",
    side: "input",
    before: object({ a: { type: "integer" } }),
    after: object({ a: number }),
    args: `{ a: 1 }`,
    class: "safe",
  },
  {
    name: "an array of anything that gets a schema for its items",
    side: "input",
    before: object({ a: { type: "array" } }),
    after: object({ a: { type: "array", items: text } }),
    args: `{ a: [1] }`,
    class: "breaking",
  },
  {
    name: "a value that goes from the enum of items",
    side: "input",
    before: object({ a: { type: "array", items: { enum: ["x", "y"] } } }),
    after: object({ a: { type: "array", items: { enum: ["x"] } } }),
    args: `{ a: ["y"] }`,
    class: "breaking",
  },
  {
    name: "one value in place of several",
    side: "input",
    before: object({ a: { type: "array", items: text } }),
    after: object({ a: text }),
    args: `{ a: ["x"] }`,
    class: "breaking",
  },
  {
    name: "a nested argument that comes and is optional",
    side: "input",
    before: object({ a: object({ b: text }) }),
    after: object({ a: object({ b: text, c: text }) }),
    args: `{ a: { b: "x" } }`,
    class: "safe",
  },
  {
    name: "a nested argument that goes",
    side: "input",
    before: object({ a: { type: "array", items: object({ b: text, c: text }) } }),
    after: object({ a: { type: "array", items: object({ b: text }) } }),
    args: `{ a: [{ b: "x", c: "y" }] }`,
    class: "breaking",
  },
  {
    name: "an alternative (oneOf) that goes",
    side: "input",
    before: object({ a: { oneOf: [text, number] } }),
    after: object({ a: { oneOf: [text] } }),
    args: `{ a: 1 }`,
    class: "breaking",
  },
  {
    name: "an alternative (oneOf) that comes",
    side: "input",
    before: object({ a: { oneOf: [text] } }),
    after: object({ a: { oneOf: [text, number] } }),
    args: `{ a: "x" }`,
    class: "safe",
  },
  {
    name: "an alternative that asks for more",
    side: "input",
    before: { anyOf: [object({ a: text }), object({ b: number }, { required: ["b"] })] },
    after: { anyOf: [object({ a: text, c: text }, { required: ["c"] }), object({ b: number }, { required: ["b"] })] },
    args: `{ a: "x" }`,
    class: "breaking",
  },
  {
    name: "a part (allOf) that asks for more",
    side: "input",
    before: { allOf: [object({ a: text }), object({ b: text })] },
    after: { allOf: [object({ a: text }), object({ b: text }, { required: ["b"] })] },
    args: `{ a: "x" }`,
    class: "breaking",
  },
  {
    name: "a part (allOf) that comes",
    side: "input",
    before: { allOf: [object({ a: text })] },
    after: { allOf: [object({ a: text }), object({ b: text }, { required: ["b"] })] },
    args: `{ a: "x" }`,
    class: "breaking",
  },
  {
    name: "data of a further type",
    side: "output",
    before: object({ a: text }, { required: ["a"] }),
    after: object({ a: { type: ["string", "number"] } }, { required: ["a"] }),
    code: `const a: string = data.a;`,
    class: "breaking",
  },
  {
    name: "data of fewer types",
    side: "output",
    before: object({ a: { type: ["string", "number"] } }, { required: ["a"] }),
    after: object({ a: text }, { required: ["a"] }),
    code: `const a: string | number = data.a;`,
    class: "safe",
  },
  {
    name: "a value that goes from the data's enum",
    side: "output",
    before: object({ a: { enum: ["x", "y"] } }, { required: ["a"] }),
    after: object({ a: { enum: ["x"] } }, { required: ["a"] }),
    code: `const isY = data.a === "y";`,
    class: "breaking",
  },
  {
    name: "data that is limited to some values now",
    side: "output",
    before: object({ a: text }, { required: ["a"] }),
    after: object({ a: { type: "string", enum: ["x"] } }, { required: ["a"] }),
    code: `const a: string = data.a;`,
    class: "safe",
  },
  {
    name: "data without undeclared keys now",
    side: "output",
    before: object({ a: text }, { additionalProperties: true }),
    after: object({ a: text }),
    code: `const z: unknown = data.z;`,
    class: "breaking",
  },
  {
    name: "data with undeclared keys now",
    side: "output",
    before: object({ a: text }),
    after: object({ a: text }, { additionalProperties: true }),
    code: `const a: string | undefined = data.a;`,
    class: "safe",
  },
  {
    name: "undeclared data of another type",
    side: "output",
    before: object({}, { additionalProperties: text }),
    after: object({}, { additionalProperties: number }),
    code: `for (const each of Object.values(data)) each.trim();`,
    class: "breaking",
  },
  {
    name: "a key of open data that goes",
    side: "output",
    before: object({ a: text, b: text }, { required: ["a", "b"], additionalProperties: true }),
    after: object({ a: text }, { required: ["a"], additionalProperties: true }),
    code: `const b: string = data.b;`,
    class: "breaking",
  },
  {
    name: "the last key of data that goes",
    side: "output",
    before: object({ a: text }, { required: ["a"] }),
    after: object({}),
    code: `const a: string = data.a;`,
    class: "breaking",
  },
  {
    name: "the last argument that goes",
    side: "input",
    before: object({ a: text }),
    after: object({}),
    args: `{ a: "x" }`,
    class: "breaking",
  },
  {
    name: "a first optional argument",
    side: "input",
    before: object({}),
    after: object({ a: text }),
    args: `{}`,
    class: "safe",
  },
  {
    name: "a first key of a member that listed none",
    side: "input",
    before: object({ m: object({}) }),
    after: object({ m: object({ a: text }) }),
    args: `{ m: { b: 1 } }`,
    class: "breaking",
  },
  {
    name: "wider limits of data, another format and another default",
    side: "output",
    before: object({ a: { type: "string", maxLength: 5, format: "email", default: "x" } }, { required: ["a"] }),
    after: object({ a: { type: "string", maxLength: 9, format: "uri", default: "y" } }, { required: ["a"] }),
    code: `const a: string = data.a;`,
    class: "safe",
  },
  {
    name: "data that may have a fraction",
    side: "output",
    before: object({ a: { type: "integer" } }, { required: ["a"] }),
    after: object({ a: number }, { required: ["a"] }),
    code: `const a: number = data.a;`,
    class: "risky",
  },
  {
    name: "an alternative of data that comes",
    side: "output",
    before: object({ a: { oneOf: [text] } }, { required: ["a"] }),
    after: object({ a: { oneOf: [text, number] } }, { required: ["a"] }),
    code: `const a: string = data.a;`,
    class: "breaking",
  },
  {
    name: "an alternative of data that goes",
    side: "output",
    before: object({ a: { oneOf: [text, number] } }, { required: ["a"] }),
    after: object({ a: { oneOf: [text] } }, { required: ["a"] }),
    code: `const a: string | number = data.a;`,
    class: "safe",
  },
  {
    name: "items of data that may be null",
    side: "output",
    before: object({ a: { type: "array", items: text } }, { required: ["a"] }),
    after: object({ a: { type: "array", items: { type: "string", nullable: true } } }, { required: ["a"] }),
    code: `const a: string[] = data.a;`,
    class: "breaking",
  },
  {
    name: "nested data that may be absent",
    side: "output",
    before: object({ a: { type: "array", items: object({ b: text }, { required: ["b"] }) } }, { required: ["a"] }),
    after: object({ a: { type: "array", items: object({ b: text }) } }, { required: ["a"] }),
    code: `const b: string[] = data.a.map((each) => each.b);`,
    class: "breaking",
  },
  {
    name: "a part (allOf) of data that goes",
    side: "output",
    before: { allOf: [object({ a: text }, { required: ["a"] }), object({ b: text }, { required: ["b"] })] },
    after: { allOf: [object({ a: text }, { required: ["a"] })] },
    code: `const b: string = data.b;`,
    class: "breaking",
  },
  {
    name: "a part (allOf) of data that comes",
    side: "output",
    before: { allOf: [object({ a: text }, { required: ["a"] })] },
    after: { allOf: [object({ a: text }, { required: ["a"] }), object({ b: text }, { required: ["b"] })] },
    code: `const a: string = data.a;`,
    class: "safe",
  },
  ...SAME.flatMap(([name, before, after]): Row[] => [
    { name: `${name}, as an argument`, side: "input", before, after, args: "{ a: null }", class: "safe" },
    {
      name: `${name}, as data`,
      side: "output",
      before: { ...before, required: ["a"] },
      after: { ...after, required: ["a"] },
      code: `const a: string | null = data.a;`,
      class: "safe",
    },
  ]),
  {
    name: "an argument that may be null now, said as an alternative",
    side: "input",
    before: object({ a: { ...text, default: "x" } }),
    after: object({ a: { anyOf: [text, { type: "null" }], default: "x" } }),
    args: `{ a: "x" }`,
    class: "safe",
  },
  {
    name: "an argument that may no longer be null, said as an alternative",
    side: "input",
    before: object({ a: { anyOf: [text, { type: "null" }] } }),
    after: object({ a: text }),
    args: `{ a: null }`,
    class: "breaking",
  },
  {
    name: "data that may be null now, said as an alternative",
    side: "output",
    before: object({ a: text }, { required: ["a"] }),
    after: object({ a: { anyOf: [text, { type: "null" }] } }, { required: ["a"] }),
    code: `const a: string = data.a;`,
    class: "breaking",
  },
  {
    name: "a null that comes to the values of data",
    side: "output",
    before: object({ a: { enum: ["x"] } }, { required: ["a"] }),
    after: object({ a: { enum: ["x", null] } }, { required: ["a"] }),
    code: `const a: string = data.a;`,
    class: "breaking",
  },
  {
    name: "arguments behind a list that may be null",
    side: "input",
    before: { ...object({ a: listOrNull }), $defs: { A: object({ b: text }) } },
    after: { ...object({ a: listOrNull }), $defs: { A: object({ b: text, c: text }, { required: ["c"] }) } },
    args: `{ a: [{ b: "x" }] }`,
    class: "breaking",
  },
  {
    name: "data behind a list that may be null",
    side: "output",
    before: { ...object({ a: listOrNull }), $defs: { A: object({ b: text }, { required: ["b"] }) } },
    after: { ...object({ a: listOrNull }), $defs: { A: object({ b: text }) } },
    code: `const b: string | undefined = data.a?.map((each): string => each.b)[0];`,
    class: "breaking",
  },
  {
    name: "new keys of several alternatives",
    side: "input",
    before: object({
      a: { anyOf: [object({ b: text }, { required: ["b"] }), object({ c: text }, { required: ["c"] })] },
    }),
    after: object({
      a: {
        oneOf: [object({ c: text, d: text }, { required: ["c"] }), object({ b: text, d: text }, { required: ["b"] })],
      },
    }),
    args: `{ a: { b: "x" } }`,
    class: "risky",
  },
  {
    name: "a new key that one of several tagged alternatives asks for",
    side: "input",
    before: object({ a: { oneOf: [tagged("x", {}), tagged("y", {})] } }),
    after: object({ a: { oneOf: [tagged("y", {}), tagged("x", { b: text }, "b")] } }),
    args: `{ a: { kind: "x" } }`,
    class: "breaking",
  },
  {
    name: "the order of parts, and parts put together",
    side: "input",
    before: object({ a: { allOf: [object({ b: text }), object({ c: text })] }, z: { allOf: [object({ b: text })] } }),
    after: object({ a: { allOf: [object({ c: text }), object({ b: text })] }, z: object({ b: text }) }),
    args: `{ a: { b: "x", c: "y" }, z: { b: "x" } }`,
    class: "safe",
  },
  {
    name: "values that stand one by one, and a type that stands beside them",
    side: "output",
    before: object({ a: { enum: ["x", "y"] }, b: { type: "boolean" } }, { required: ["a", "b"] }),
    after: object(
      { a: { anyOf: [{ const: "y" }, { type: "string", const: "x" }] }, b: { enum: [true, false] } },
      { required: ["a", "b"] },
    ),
    code: `const a: "x" | "y" = data.a; const b: boolean = data.b;`,
    class: "safe",
  },
  {
    name: "keys of a pattern that are of another type",
    side: "input",
    before: object({ a: { type: "object", patternProperties: { "^x": text }, additionalProperties: false } }),
    after: object({ a: { type: "object", patternProperties: { "^x": number }, additionalProperties: false } }),
    args: `{ a: { x1: "y" } }`,
    class: "breaking",
  },
];

it("reads what is said beside a reference as said of what it stands for", () => {
  const $defs = { A: { ...text, description: "A." } };
  const compare = (a: object, b: object): string[] =>
    compareSchemas(built({ ...object({ a }), $defs }).root, built({ ...object({ a: b }), $defs }).root, "input").map(
      (each) => `${each.class} ${each.path} ${each.text}`,
    );
  const ref = { $ref: "#/$defs/A" };
  expect(compare(ref, { ...ref, deprecated: true })).toEqual(["risky /a is now deprecated"]);
  expect(compare({ ...ref, default: "x" }, { ...text, description: "A.", default: "x" })).toEqual([]);
  expect(compare(ref, { ...ref, description: "Else." })).toEqual(["safe /a reworded"]);
});

describe("what a change inside a schema means", () => {
  it.each(ROWS)("$side: $name is $class", (row) => {
    const changes = compareSchemas(built(row.before).root, built(row.after).root, row.side);
    expect(worst(changes.map((change) => change.class))).toBe(row.class);
  });

  it("agrees with the compiler: breaking code stops compiling, other code goes on", async () => {
    const folder = new TestFolder();
    for (const [index, row] of ROWS.entries()) {
      for (const version of ["before", "after"] as const) {
        const sample = row.args === undefined ? `declare const data: T;\n${row.code}` : `const args: T = ${row.args};`;
        folder.write(`${version}${index}.ts`, `${types(row[version], row.side)}\n${sample}\nexport {};\n`);
      }
    }
    const errors = await typeCheck(folder, "TypeScript 7", ["*.ts"], {
      strict: true,
      noEmit: true,
      types: [],
      ...MODULES.nodenext,
    });
    const failing = new Set(errors.map(({ file }) => file));
    const disagreeing = ROWS.flatMap((row, index) => [
      ...(failing.has(`before${index}.ts`) ? [`${row.side}: ${row.name}: the sample does not compile before`] : []),
      ...(failing.has(`after${index}.ts`) === (row.class === "breaking")
        ? []
        : [`${row.side}: ${row.name} is ${row.class}`]),
    ]);
    expect(disagreeing).toEqual([]);
  });
});

function built(document: object): BuiltSchema {
  const location = { source: "test", pointer: "" };
  return buildSchemaNode({ document, pointer: "", location, dialect: "platform" }, () => undefined);
}

function types(document: object, side: Direction): string {
  const definitions = findDefinitions(built(document));
  return printTypes(definitions, { root: "T", of: (node) => definitions.names.get(node) }, side).text;
}
