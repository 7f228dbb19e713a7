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
  [
    "what its only alternative beside null says",
    {
      anyOf: [{ type: "integer", description: "Page.", minimum: 1, examples: [2] }, { type: "null" }],
      default: null,
      title: "Page",
    },
    "/**\n * Page.\n * @default null\n * @minimum 1\n * @example 2\n */",
  ],
  [
    "its own words before those of what it stands for",
    {
      allOf: [{ type: "string", description: "Inner.", default: "a", maxLength: 5 }],
      description: "Outer.",
      default: "b",
    },
    '/**\n * Outer.\n * @default "b"\n * @maxLength 5\n */',
  ],
  [
    "what several alternatives say is left to them",
    { anyOf: [{ type: "integer", description: "Number.", minimum: 1 }, { type: "string" }, { type: "null" }] },
    "",
  ],
  [
    "what each value means",
    {
      description: "How urgent.",
      default: "low",
      oneOf: [
        { const: "low", description: "Can wait\nfor */ long." },
        { enum: ["high"], description: "Cannot." },
        { const: "none" },
      ],
    },
    '/**\n * How urgent.\n * - `"low"`: Can wait for *\\/ long.\n * - `"high"`: Cannot.\n *\n * @default "low"\n */',
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

  it("has the limits of what a reference leads to", async () => {
    const schema = {
      type: "object",
      properties: {
        p: { $ref: "#/$defs/P", description: "Mine." },
        q: { anyOf: [{ $ref: "#/$defs/P" }, { type: "null" }] },
      },
      $defs: { P: { type: "integer", description: "Of P.", minimum: 1, default: 5 } },
    };
    const [printed] = await printSchemas([schema]);
    const own = "/**\n   * Mine.\n   * @default 5\n   * @minimum 1\n   */";
    expect(printed?.declarations).toContain(`${own}\n  p?: number;`);
    expect(printed?.declarations).toContain(`${own.replace("Mine", "Of P")}\n  q?: number | null;`);
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
