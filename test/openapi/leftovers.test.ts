import { afterAll, describe, expect, it } from "vitest";
import { emitSettings } from "../../generator/config/resolve.js";
import { generate } from "../../generator/run.js";
import { loadTools, TestFolder } from "../support/generated.js";

const folder = new TestFolder();
afterAll(() => folder.remove());

/** What it is, the schema, a value that it accepts and one that it does not, and where not all editions have it. */
type Case = [what: string, schema: object, accepted: unknown, refused: unknown, editions?: string[]];

const CASES: readonly Case[] = [
  ["an exclusive limit that is a number", { type: "number", exclusiveMinimum: 0 }, 1, 0],
  ["a limit made exclusive", { type: "number", maximum: 9, exclusiveMaximum: true }, 8, 9],
  ["a limit not made exclusive", { type: "number", maximum: 9, exclusiveMaximum: false }, 9, 10],
  ["a constant", { type: "string", const: "a" }, "a", "b"],
  ["null among the types", { type: ["string", "null"] }, null, 1],
  ["nullable", { type: "string", nullable: true }, null, 1, ["3.0.3", "3.1.0", "3.2.0"]],
  ["a tuple under items", { type: "array", items: [{ type: "string" }], additionalItems: false }, ["a"], ["a", "b"]],
  ["a tuple under prefixItems", { type: "array", prefixItems: [{ type: "string" }], minItems: 1 }, ["a"], [1]],
  ["a member that says it is required", { properties: { a: { type: "string", required: true } } }, { a: "" }, {}],
  ["patterns of keys", { patternProperties: { "^a": { type: "string" } } }, { a: "", b: 1 }, { a: 1 }],
];

describe.each(["2.0", "3.0.3", "3.1.0", "3.2.0"])("keywords of other editions in %s", (edition) => {
  const out = `out-${edition}`;
  const loaded = (async () => {
    const schema = { type: "object", properties: Object.fromEntries(CASES.map(([what, schema]) => [what, schema])) };
    const isOld = edition === "2.0";
    const body = isOld
      ? { consumes: ["application/json"], parameters: [{ in: "body", name: "body", schema }] }
      : { requestBody: { content: { "application/json": { schema } } } };
    const path = folder.write(
      `api-${edition}.json`,
      JSON.stringify({
        ...(isOld ? { swagger: edition } : { openapi: edition }),
        info: { title: "Acme", version: "1" },
        paths: { "/things": { post: { operationId: "make", ...body, responses: {} } } },
      }),
    );
    const result = await generate({
      source: { kind: "app", path, slug: "acme", out: `${folder.path}/${out}`, settings: emitSettings({}) },
    });
    expect(result.diagnostics).toEqual([]);
    return loadTools(folder, { out });
  })();

  it.each(CASES.filter(([, , , , only]) => only?.includes(edition) ?? true))(
    "mean what they mean there: %s",
    async (what, _, accepted, refused) => {
      const { input } = (await loaded).tools.get("ACME_MAKE")!;
      expect(input.safeParse({ [what]: accepted }).success).toBe(true);
      expect(input.safeParse({ [what]: refused }).success).toBe(false);
    },
  );
});
