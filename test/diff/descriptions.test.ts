import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { diffDescriptions, type DescriptionDiff } from "../../generator/diff/descriptions.js";
import { readDescription, type Description } from "../../generator/openapi/document.js";

const corpus = process.env["TOOLBIND_CORPUS"] || undefined;
const BUNDLED = fileURLToPath(new URL("../../specs/composio/openapi.json", import.meta.url));

function parsed(content: Buffer): Description {
  return readDescription(
    { name: "api.json", content },
    "test:api",
    () => undefined,
    () => undefined,
  );
}

const text = { type: "string" };
const listing = {
  parameters: [
    { name: "limit", in: "query", schema: { type: "integer", maximum: 1000 } },
    { name: "X-Trace", in: "header", schema: text },
  ],
  responses: {
    200: {
      description: "A page.",
      content: {
        "application/json": {
          schema: {
            type: "object",
            properties: { items: { type: "array", items: { $ref: "#/components/schemas/Item" } } },
          },
        },
      },
    },
  },
};
const creating = {
  requestBody: {
    content: { "application/json": { schema: { type: "object", properties: { name: text }, required: ["name"] } } },
  },
  responses: { 201: { description: "Made." } },
};
const clearing = { responses: { 204: { description: "Gone." } } };
const components = { schemas: { Item: { type: "object", properties: { id: text }, required: ["id"] } } };
const BASE = { "/items": { get: listing, post: creating }, "/items/{id}": { get: reading("id") } };

function reading(name: string): object {
  return {
    parameters: [{ name, in: "path", required: true, schema: text }],
    responses: { 200: { description: "One." } },
  };
}

function compare(paths: object, schemas: object = components, openapi = "3.1.0", base: object = BASE): DescriptionDiff {
  const made = (own: object, parts: object, edition: string): Description =>
    parsed(
      Buffer.from(
        JSON.stringify({ openapi: edition, info: { title: "T", version: "1" }, paths: own, components: parts }),
      ),
    );
  return diffDescriptions(made(base, components, "3.1.0"), made(paths, schemas, openapi));
}

/** What changed in the one operation that did. */
function only(diff: DescriptionDiff): string[] {
  expect(diff.operations).toHaveLength(1);
  return (diff.operations[0]?.changes ?? []).map((each) => `${each.class} ${each.path} ${each.text}`);
}

describe("two descriptions of one API", () => {
  it("agree when only words, the names of path parameters and other paths differ", () => {
    const worded = {
      ...listing,
      summary: "Lists.",
      responses: { 200: { ...listing.responses[200], description: "Else." } },
    };
    const paths = {
      "/items": { get: worded, post: creating },
      "/items/{item_id}": { get: reading("item_id") },
      "/more": { get: reading("x"), post: creating },
    };
    expect(compare(paths)).toEqual({ class: "safe", operations: [], others: 2 });
  });

  it("agree across editions of OpenAPI that say the same in other words", () => {
    const nullable = (of: object): object => ({
      schemas: { Item: { ...components.schemas.Item, properties: { id: of } } },
    });
    const before = { openapi: "3.1.0", paths: BASE, components: nullable({ type: ["string", "null"] }) };
    const after = { openapi: "3.0.3", paths: BASE, components: nullable({ type: "string", nullable: true }) };
    const [old, now] = [before, after].map((each) =>
      parsed(Buffer.from(JSON.stringify({ info: { title: "T", version: "1" }, ...each }))),
    );
    expect(diffDescriptions(old as Description, now as Description).operations).toEqual([]);
  });

  it("name operations that are gone, and new ones on the same paths", () => {
    const diff = compare({ "/items": { get: listing, delete: creating }, "/items/{id}": { get: reading("id") } });
    expect(diff).toMatchObject({
      class: "breaking",
      operations: [
        { kind: "added", operation: "DELETE /items", class: "safe" },
        { kind: "removed", operation: "POST /items", class: "breaking" },
      ],
      others: 0,
    });
  });

  it.each<[string, object, string[]]>([
    [
      "a new required parameter",
      { ...listing, parameters: [...listing.parameters, { name: "team", in: "query", required: true, schema: text }] },
      ["breaking query:team new required parameter"],
    ],
    [
      "a new optional one, and one that is gone",
      { ...listing, parameters: [listing.parameters[0], { name: "q", in: "query", schema: text }] },
      ["breaking header:x-trace parameter removed", "safe query:q new optional parameter"],
    ],
    [
      "one that is now required, and tighter",
      {
        ...listing,
        parameters: [
          { ...listing.parameters[0], required: true, schema: { type: "integer", maximum: 100 } },
          listing.parameters[1],
        ],
      },
      ["breaking query:limit is now required", "risky query:limit maximum 1000 → 100"],
    ],
    [
      "one that is written otherwise",
      { ...listing, parameters: [{ ...listing.parameters[0], style: "pipeDelimited" }, listing.parameters[1]] },
      ["breaking query:limit is written as pipeDelimited, was form, exploded"],
    ],
    ["a deprecation", { ...listing, deprecated: true }, ["risky  is now deprecated"]],
    [
      "answers of other kinds",
      { ...listing, responses: { 202: { description: "Later." } } },
      ["breaking 200 is no longer among the responses", "risky 202 is now among the responses"],
    ],
  ])("say what %s means", (_, get, changes) => {
    expect(only(compare({ ...BASE, "/items": { get, post: creating } }))).toEqual(changes);
  });

  it("say what a body where there was none means", () => {
    const requestBody = { required: true, content: { "application/json": { schema: text } } };
    const withBody = { "/items": { delete: { ...clearing, requestBody } } };
    const diff = compare(withBody, components, "3.1.0", { "/items": { delete: clearing } });
    expect(only(diff)).toEqual(["breaking body new required body"]);
  });

  it("look into bodies as what is sent, and into answers as what is received", () => {
    const required = {
      ...creating,
      requestBody: {
        content: {
          "application/json": {
            schema: { type: "object", properties: { name: text, team: text }, required: ["name", "team"] },
          },
        },
      },
    };
    expect(only(compare({ ...BASE, "/items": { get: listing, post: required } }))).toEqual([
      "breaking body/team new required key",
    ]);
    const schemas = {
      schemas: { Item: { type: "object", properties: { id: { type: ["string", "null"] } }, required: ["id"] } },
    };
    expect(only(compare(BASE, schemas))).toEqual(["breaking 200/items/[]/id can now be null"]);
  });

  it("count what cannot be read as gone", () => {
    const unreadable = { ...listing, parameters: [{ $ref: "#/nowhere" }] };
    expect(compare({ ...BASE, "/items": { get: unreadable, post: creating } }).operations).toEqual([
      { kind: "removed", operation: "GET /items", class: "breaking", changes: [] },
    ]);
  });
});

const label = "against the platform's own description";
describe.skipIf(corpus === undefined)(
  corpus === undefined ? `${label} (skipped: TOOLBIND_CORPUS is not set)` : label,
  () => {
    it("the bundled one has no differences", () => {
      const theirs = parsed(readFileSync(`${corpus as string}/composio/openapi-v3.1.json`));
      const { operations, others } = diffDescriptions(parsed(readFileSync(BUNDLED)), theirs);
      expect(operations).toEqual([]);
      expect(others).toBeGreaterThan(20);
    });
  },
);
