import { expect, test } from "vitest";
import { compile } from "../../generator/schema/ajv.js";

test.each([
  ["no regular expression with the u flag", { pattern: "^[\\w\\-\\@]+$" }, ["a-@"], ["a b"]],
  ["no regular expression of JavaScript", { pattern: "(?P<year>\\d+)" }, ["2025", "x"], []],
  ["an `id` that names nothing", { type: "string", id: "name" }, ["a"], [1]],
  [
    "draft 4's `id`",
    {
      $schema: "http://json-schema.org/draft-04/schema#",
      id: "https://example.com/a.json",
      items: { $ref: "b.json" },
      definitions: { b: { id: "b.json", type: "integer" } },
    },
    [[1]],
    [["a"]],
  ],
  ["a choice of nothing", { items: { enum: [] } }, [[]], [["a"]]],
])("%s is read as emitted validators read it", (_, schema, valid, invalid) => {
  const validate = compile(schema);
  for (const value of valid) expect(validate(value), String(value)).toBe(true);
  for (const value of invalid) expect(validate(value), String(value)).toBe(false);
});

test.each([
  [{ minimum: 1, exclusiveMinimum: true }, [2], [1]],
  [{ minimum: 1, exclusiveMinimum: false }, [1], [0]],
  [{ maximum: 1, exclusiveMaximum: true }, [0], [1]],
  [{ exclusiveMaximum: true }, [5], []],
  [{ type: "string", nullable: true }, ["a", null], [1]],
  [
    { $ref: "#/components/schemas/A", components: { schemas: { A: { type: "integer", nullable: true } } } },
    [1, null],
    ["a"],
  ],
])("%j is read as OpenAPI 3.0 means it", (schema, valid, invalid) => {
  const validate = compile(schema);
  for (const value of valid) expect(validate(value), String(value)).toBe(true);
  for (const value of invalid) expect(validate(value), String(value)).toBe(false);
});
