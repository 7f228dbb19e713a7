import { expect, test } from "vitest";
import { buildSchemaNode } from "../../generator/schema/build.js";
import { pointerOf, valueAt } from "../../generator/text/json-pointer.js";

const DOCUMENT = { $defs: { "a/b": { type: "string" }, "50%": { type: "number" }, "c d~": { type: "boolean" } } };

// A slash that is encoded belongs to its key, as ajv has it, and what is not encoded correctly to the key as it stands.
const REFERENCES: readonly (readonly [reference: string, key: keyof typeof DOCUMENT.$defs])[] = [
  ["#/$defs/a~1b", "a/b"],
  ["#/$defs/a%2Fb", "a/b"],
  ["#/%24defs/50%", "50%"],
  ["#/$defs/50%25", "50%"],
  ["#/$defs/c%20d~0", "c d~"],
];

test.each(REFERENCES)("%s leads to %j", ($ref, key) => {
  expect(valueAt(DOCUMENT, pointerOf($ref) ?? "")).toBe(DOCUMENT.$defs[key]);
  const location = { source: "test.json", pointer: "" };
  const document = { ...DOCUMENT, $ref };
  const { root } = buildSchemaNode({ document, pointer: "", dialect: "2020-12", location }, () => undefined);
  expect(root.ref?.target.types).toEqual([DOCUMENT.$defs[key].type]);
});

test.each([undefined, 5, "a", "#anchor", "other.json#/a"])("%j is no pointer into its own document", (reference) => {
  expect(pointerOf(reference)).toBeUndefined();
});
