import { readdirSync, readFileSync } from "node:fs";
import fc from "../support/fast-check.js";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checkDescription, type Finding } from "../../generator/openapi-check/check.js";
import { locateYaml } from "../../generator/text/locate-yaml.js";
import { corpusPath, noCorpus } from "../support/corpus.js";

function check(root: object): Finding[] {
  return checkDescription(root as Record<string, unknown>, (pointer) => ({ source: "api.yaml", pointer }));
}

function told(root: object): string[] {
  return check(root).map(({ diagnostic: { severity, message } }) => `${severity} ${message}`);
}

const INFO = { title: "Pets", version: "1.0" };
const OK = { 200: { description: "Done" } };
const key = { name: "id", in: "path", required: true, schema: { type: "string" } };

const v3 = (operation: object, version: string = "3.0.3"): object => ({
  openapi: version,
  info: INFO,
  paths: { "/pets/{id}": { get: { responses: OK, ...operation }, put: { responses: OK } } },
});

describe("a description that keeps to the rules", () => {
  test.each([
    [{ swagger: "2.0", info: INFO, paths: {} }],
    [{ swagger: 2, info: INFO, paths: {} }],
    [{ openapi: 3, info: INFO, paths: {} }],
    [v3({ parameters: [key] })],
    [v3({ parameters: [key] }, "3.1.0")],
    [v3({ parameters: [key] }, "3.2.0")],
  ])("has nothing found: %j", (root) => expect(told(root)).toEqual([]));
});

describe("one fault is one finding, where it is and of what operation", () => {
  const at = "api.yaml#/paths/~1pets~1{id}/get";
  const cases: [string, object, string][] = [
    [
      "a misspelt key",
      { operationID: "getPet" },
      `warning GET /pets/{id}: unknown key \`operationID\` in \`get\` at ${at}/operationID. Fix: did you mean \`operationId\`?`,
    ],
    [
      "a place for parameters that there is not",
      { parameters: [{ ...key, in: "header " }] },
      `error GET /pets/{id}: wrong \`in\` at ${at}/parameters/0/in: expected`,
    ],
    [
      "a schema in place of the media types of an answer",
      { responses: { 204: { description: "", content: { type: "void" } } } },
      `warning GET /pets/{id}: wrong \`type\` at ${at}/responses/204/content/type: expected an object, received "void". Fix: correct it.`,
    ],
    [
      "a parameter without name",
      { parameters: [{ in: "query", schema: {} }] },
      `error GET /pets/{id}: \`parameters[0]\` has no \`name\` at ${at}/parameters/0. Fix: add \`name\`.`,
    ],
    [
      "a parameter that is not an object",
      { parameters: ["id"] },
      `error GET /pets/{id}: wrong \`parameters[0]\` at ${at}/parameters/0: expected an object`,
    ],
    [
      "tags that are not a list",
      { tags: "pets" },
      `error GET /pets/{id}: wrong \`tags\` at ${at}/tags: expected an array, received "pets". Fix: correct it.`,
    ],
    [
      "a number for text",
      { operationId: 7 },
      `warning GET /pets/{id}: wrong \`operationId\` at ${at}/operationId: expected a string, received 7. Fix: write it in quotes, \`"7"\`.`,
    ],
    [
      "a body without content",
      { requestBody: { required: true } },
      `error GET /pets/{id}: \`requestBody\` has no \`content\` at ${at}/requestBody. Fix: add \`content\`.`,
    ],
    ["a misspelt key that something needs", { requestBody: { contents: {} } }, "rename `contents` to `content`"],
  ];
  test.each(cases)("%s (3.0)", (_, operation, message) => {
    const findings = check(v3(operation));
    expect(findings[0]?.diagnostic).toMatchObject({ code: "TB2056" });
    expect(told(v3(operation))[0]).toContain(message);
    expect(findings[0]?.operation).toEqual({ path: "/pets/{id}", method: "get" });
    expect(findings.length).toBeLessThanOrEqual(2);
  });

  test.each(cases.filter(([name]) => !/misspelt|there is not/.test(name)))("%s (3.1)", (_, operation, message) => {
    const findings = check(v3(operation, "3.1.0"));
    expect(told(v3(operation, "3.1.0"))[0]).toContain(message);
    expect(findings).toHaveLength(1);
  });

  test("deep in a schema (3.0)", () => {
    const schema = { type: "object", properties: { a: { type: "object", properties: { b: { type: "strin" } } } } };
    const content = { "application/json": { schema } };
    expect(told(v3({ requestBody: { content } }))).toEqual([
      `error GET /pets/{id}: wrong \`type\` at ${at}/requestBody/content/application~1json/schema/properties/a/properties/b/type: expected "array" or "boolean" or "integer" or "number" or "object" or "string", received "strin". Fix: did you mean "string"?`,
    ]);
  });

  test("in a security scheme, of the kind that it says it is (3.0)", () => {
    const components = (scheme: object): object => ({
      openapi: "3.0.0",
      info: INFO,
      paths: {},
      components: { securitySchemes: { main: scheme } },
    });
    expect(told(components({ type: "oauth2", flow: "implicit" }))[0]).toBe(
      "error `main` has no `flows` at api.yaml#/components/securitySchemes/main. Fix: rename `flow` to `flows`.",
    );
    expect(told(components({ type: "oauth" }))).toEqual([
      'error wrong `type` at api.yaml#/components/securitySchemes/main/type: expected "apiKey" or "http" or "oauth2" or "openIdConnect", received "oauth". Fix: did you mean "oauth2"?',
    ]);
  });

  test("in a description of 2.0", () => {
    const paths = { "/a": { post: { parameters: [{ name: "a", in: "body", type: "string" }], responses: OK } } };
    const [finding, ...others] = check({ swagger: "2.0", info: INFO, paths });
    expect(others.length).toBeLessThanOrEqual(1);
    expect(finding).toMatchObject({ operation: { path: "/a", method: "post" } });
    expect(finding?.pointer).toMatch(/^\/paths\/~1a\/post\/parameters\/0/);
  });

  test("of a header that is described in neither way", () => {
    const components = { headers: { Limit: { description: "How many" } } };
    expect(told({ openapi: "3.1.0", info: INFO, paths: {}, components })).toEqual([
      "error `Limit` has neither `schema` nor `content` at api.yaml#/components/headers/Limit. Fix: add `schema` or `content`.",
    ]);
  });

  test("of a parameter that is described in two ways", () => {
    const parameters = [{ name: "a", in: "query", schema: {}, content: { "text/plain": {} } }];
    expect(told(v3({ parameters }, "3.1.0"))).toEqual([
      `error GET /pets/{id}: wrong \`parameters[0]\` at ${at}/parameters/0: expected one of its forms, received several at once. Fix: keep one of them, such as \`schema\` or \`content\`.`,
    ]);
  });

  test("of all of a path", () => {
    const paths = { "/pets/{id}": { parameters: [{ in: "path" }], get: { responses: OK } } };
    const [finding] = check({ openapi: "3.0.0", info: INFO, paths });
    expect(finding?.operation).toEqual({ path: "/pets/{id}" });
    expect(finding?.diagnostic.message).toMatch(/^All of \/pets\/\{id\}: /);
  });
});

describe("of the whole", () => {
  test.each([
    [{}, "error The description does not name a known version of OpenAPI at api.yaml#: expected"],
    [{ openapi: "4.0.0" }, 'received `openapi: "4.0.0"`'],
    [{ swagger: "1.2" }, 'received `swagger: "1.2"`'],
    [
      { openapi: "3.0.0", info: { title: "A" }, paths: {} },
      "error `info` has no `version` at api.yaml#/info. Fix: add `version`.",
    ],
    [
      { openapi: "3.1.0", info: { version: "1" }, paths: {} },
      "warning `info` has no `title` at api.yaml#/info. Fix: add `title`.",
    ],
    [
      { openapi: "3.0.0", info: { title: "A", version: 1.5 }, paths: {} },
      'warning wrong `version` at api.yaml#/info/version: expected a string, received 1.5. Fix: write it in quotes, `"1.5"`.',
    ],
    [{ openapi: "3.0.0", paths: {} }, "error the description has no `info`"],
  ])("%j", (root, message) => {
    expect(told(root)).toHaveLength(1);
    expect(told(root)[0]).toContain(message);
    expect(check(root)[0]?.operation).toBeUndefined();
  });

  test("faults of many operations are each found, and of one operation a few", () => {
    const bad = { responses: OK, tags: "a", security: "b", deprecated: "c", parameters: "d", summary: [] };
    const paths = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`/${i}`, { get: bad }]));
    const findings = check({ openapi: "3.0.0", info: INFO, paths });
    expect(new Set(findings.map(({ operation }) => operation?.path)).size).toBe(20);
    expect(findings).toHaveLength(60);
    const more = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`/${i}`, { get: bad }]));
    expect(check({ openapi: "3.0.0", info: INFO, paths: more })).toHaveLength(100);
  });
});

test("a pointer leads to its line", () => {
  const text =
    "openapi: 3.0.0\ninfo: {title: A, version: '1'}\npaths:\n  /a:\n    get:\n      tags: b\n      responses: {200: {description: ok}}\n";
  const [finding] = checkDescription(parse(text) as Record<string, unknown>, (pointer) => ({
    source: "a.yaml",
    pointer,
    ...locateYaml(text, pointer),
  }));
  expect(finding?.diagnostic.at).toMatchObject({ line: 6, column: 7 });
});

test("whatever a description holds, each finding leads to a place in it", () => {
  const word = fc.constantFrom(
    "get",
    "/a",
    "parameters",
    "schema",
    "$ref",
    "type",
    "oneOf",
    "responses",
    "200",
    "content",
    "in",
    "query",
    "x-a",
    "__proto__",
    "a~/b",
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      word,
      fc.constantFrom(null, true, 1),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(word, tie("value"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(fc.constantFrom("3.0.0", "3.1.0", "3.2.0"), value, value, (openapi, paths, components) => {
      const root: unknown = JSON.parse(JSON.stringify({ openapi, info: INFO, paths, components }));
      for (const { pointer, diagnostic } of check(root as object)) {
        const parts = pointer
          .split("/")
          .slice(1)
          .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
        expect(parts.reduce<unknown>((of, part) => (of as Record<string, unknown>)[part], root)).toBeDefined();
        expect(diagnostic.message).not.toContain("undefined");
      }
    }),
    { numRuns: 300 },
  );
});

describe.skipIf(noCorpus)("a real description (needs TOOLBIND_CORPUS)", () => {
  const names = noCorpus ? [] : readdirSync(corpusPath("openapi"));
  const sound = names.filter((name) => !/^(?:dracoon|cloudflare)/.test(name));

  test.each(sound)("%s has no faults", (name) => {
    const text = readFileSync(corpusPath("openapi", name), "utf8");
    const root = (name.endsWith(".json") ? JSON.parse(text) : parse(text)) as object;
    expect(check(root).filter(({ diagnostic }) => diagnostic.severity === "error")).toEqual([]);
  });
});
