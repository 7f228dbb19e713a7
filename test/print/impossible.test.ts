import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { emitSettings } from "../../generator/config/resolve.js";
import { generate } from "../../generator/run.js";
import type { Json } from "../support/json.js";
import { TestFolder } from "../support/generated.js";

const text = { type: "string" };
const need = (...keys: string[]): { type: string; required: string[] } => ({ type: "object", required: keys });
/** A required key that it forbids. */
const barred = { ...need("id"), properties: {}, additionalProperties: false };
const node = { ...need("next"), properties: { next: { $ref: "#/$defs/node" } } };

const POSSIBLE: Readonly<Record<string, Json>> = {
  "an optional key": { type: "object", properties: { a: barred } },
  "items of a list": { ...need("a"), properties: { a: { type: "array", items: barred } } },
  "one of several alternatives": { ...need("a"), properties: { a: { anyOf: [barred, text] } } },
  "null instead": { ...need("a"), properties: { a: { ...barred, nullable: true } } },
  "a key that a pattern allows": { ...barred, patternProperties: { "^i": text } },
  "what holds itself": { ...need("a"), properties: { a: { $ref: "#/$defs/node" } }, $defs: { node } },
};

const IMPOSSIBLE: Readonly<Record<string, readonly [schema: Json, pointer: string]>> = {
  "a key that is forbidden": [barred, "/id"],
  "one beside allOf": [
    { allOf: [need("a/b"), { type: "object" }], ...need("a/b"), properties: {}, additionalProperties: false },
    "/a~1b",
  ],
  "one further in": [
    { ...need("a"), properties: { a: { ...need("b"), properties: { b: { allOf: [{ type: "object" }, barred] } } } } },
    "/a/b/id",
  ],
  "one in every alternative": [
    { ...need("a"), properties: { a: { oneOf: [barred, { ...barred, title: "Another" }] } } },
    "/a/id",
  ],
  "one in a definition": [
    { ...need("a"), properties: { a: { $ref: "#/$defs/node" } }, $defs: { node: { ...node, allOf: [barred] } } },
    "/a/id",
  ],
  "one of the first items": [
    { ...need("a"), properties: { a: { type: "array", items: [text, barred], minItems: 2 } } },
    "/a/1/id",
  ],
  "an enum of another type": [{ ...need("a"), properties: { a: { type: "integer", enum: ["1"] } } }, "/a"],
  "nothing at all": [false, "the arguments"],
};

describe("a tool that no arguments fit", () => {
  const folder = new TestFolder();
  afterAll(() => folder.remove());

  const warningsOf = async (schema: Json, output: Json = {}): Promise<readonly string[]> => {
    const tool = { slug: "ACME_MAKE", version: "20250906_01", input_parameters: schema, output_parameters: output };
    const path = folder.write("tools.json", JSON.stringify([tool]));
    const out = join(folder.path, "out");
    const { diagnostics } = await generate({ source: { kind: "catalogue", path, out, settings: emitSettings({}) } });
    return diagnostics.flatMap(({ code, message }) => (code === "TB3006" ? [message] : []));
  };

  it.each(Object.entries(IMPOSSIBLE))("is reported: %s", async (_, [schema, what]) => {
    const [message, ...others] = await warningsOf(schema);
    expect(message).toContain("ACME_MAKE can never be called at ");
    expect(message).toContain(`expected a schema that accepts some value for ${what}, received one`);
    expect(others).toEqual([]);
  });

  it.each(Object.entries(POSSIBLE))("is not suspected: %s", async (_, schema) => {
    expect(await warningsOf(schema, barred)).toEqual([]);
  });

  it("is reported where schemas are shared by several tools", async () => {
    const body = (schema: object): object => ({ required: true, content: { "application/json": { schema } } });
    const post = (operationId: string): object => ({
      post: {
        operationId,
        requestBody: body({ ...need("pet"), properties: { pet: { $ref: "#/components/schemas/Pet" } } }),
        responses: {},
      },
    });
    const description = {
      openapi: "3.1.0",
      info: { title: "Acme", version: "1" },
      servers: [{ url: "https://acme.test" }],
      paths: { "/a": post("one"), "/b": post("two"), "/c": { post: { operationId: "three", responses: {} } } },
      components: { schemas: { Pet: { ...need("owner"), properties: { owner: barred } } } },
    };
    const path = folder.write("api.json", JSON.stringify(description, null, 1));
    const out = join(folder.path, "app");
    const { diagnostics } = await generate({
      source: { kind: "app", path, slug: "acme", out, settings: emitSettings({}) },
    });
    expect(diagnostics.map(({ code, message }) => [code, /^\w+/.exec(message)?.[0]])).toEqual([
      ["TB3006", "ACME_ONE"],
      ["TB3006", "ACME_TWO"],
    ]);
    for (const { message } of diagnostics) expect(message).toContain("some value for /pet/owner/id");
  });
});
