import { describe, expect, it } from "vitest";
import { printSchemas } from "./printed.js";
import type { Json } from "../support/json.js";

/** What is said of one property. */
async function docOf(property: Json): Promise<string> {
  const [printed] = await printSchemas([{ type: "object", properties: { p: property } }]);
  const [, doc = ""] = /^export interface T \{\n([^]*) {2}"?p"?\?: /.exec(printed?.declarations ?? "") ?? [];
  return doc.replace(/^ {2}/gm, "").trim();
}

const ROWS: readonly (readonly [what: string, property: Json, doc: string])[] = [
  ["nothing", { type: "string", title: "P" }, ""],
  ["a description", { description: " The name. " }, "/** The name. */"],
  ["a description of several lines", { description: "One.\n\nTwo." }, "/**\n * One.\n *\n * Two.\n */"],
  ["a default", { default: 30 }, "/** @default 30 */"],
  ["a default of null", { default: null }, "/** @default null */"],
  ["a default that is text", { default: "open" }, '/** @default "open" */'],
  [
    "limits of numbers",
    { type: "integer", minimum: 1, maximum: 100, multipleOf: 5 },
    "/**\n * @minimum 1\n * @maximum 100\n * @multipleOf 5\n */",
  ],
  [
    "limits of strings",
    { type: "string", minLength: 1, maxLength: 9, pattern: "^a", format: "uri" },
    "/**\n * @minLength 1\n * @maxLength 9\n * @pattern ^a\n * @format uri\n */",
  ],
  [
    "limits of arrays",
    { type: "array", minItems: 1, maxItems: 3, uniqueItems: true },
    "/**\n * @minItems 1\n * @maxItems 3\n * @uniqueItems true\n */",
  ],
  [
    "three examples at most",
    { examples: ["a", 1, [], "b"] },
    '/**\n * @example "a"\n * @example 1\n * @example []\n */',
  ],
  ["OpenAPI's one example", { example: { a: 1 } }, '/** @example {"a":1} */'],
  [
    "description, default, limit, example and deprecation",
    { type: "integer", description: "Page size.", default: 30, maximum: 100, examples: [50], deprecated: true },
    "/**\n * Page size.\n * @default 30\n * @maximum 100\n * @example 50\n * @deprecated\n */",
  ],
  ["a description that would end the comment", { description: "a */ alert(1) /* b" }, "/** a *\\/ alert(1) /* b */"],
  ["a description with a tag of its own", { description: "@deprecated not really" }, "/** \\@deprecated not really */"],
  ["an example that would end the comment", { examples: ["*/ alert(1)"] }, '/** @example "*\\/ alert(1)" */'],
  ["a description with odd line ends", { description: "a\r\nb\u2028c" }, "/**\n * a\n * b\n * c\n */"],
  ["a pattern that would end the comment", { type: "string", pattern: "a*/" }, "/** @pattern a*\\/ */"],
];

describe("JSDoc of a property", () => {
  it.each(ROWS)("%s", async (_, property, doc) => {
    expect(await docOf(property)).toBe(doc);
  });

  it("a long default is cut", async () => {
    const doc = await docOf({ default: "x".repeat(500) });
    expect(doc.length).toBeLessThan(230);
    expect(doc).toMatch(/x… \*\/$/);
  });

  it("what a reference leads to describes the property that has no description", async () => {
    const schema = {
      type: "object",
      properties: { p: { $ref: "#/$defs/P" } },
      $defs: { P: { type: "string", description: "Of P." } },
    };
    const [printed] = await printSchemas([schema]);
    expect(printed?.declarations).toBe("export interface T {\n  /** Of P. */\n  p?: string;\n}");
  });
});
