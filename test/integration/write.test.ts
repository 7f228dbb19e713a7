import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "../support/fast-check.js";
import { describe, expect, test } from "vitest";
import { fromSecuritySchemes, writeFirstIntegration } from "../../generator/integration/index.js";
import { readDescription, type Description } from "../../generator/openapi/document.js";
import { readSourceFile } from "../../generator/sources/files.js";
import { corpusPath, noCorpus } from "../support/corpus.js";
import { read } from "./support.js";

function describing(root: object): Description {
  const text = JSON.stringify({ openapi: "3.0.3", info: { title: "Pets", version: "1" }, ...root });
  return readDescription(
    { name: "api.json", content: Buffer.from(text) },
    "toolbind-app:/api.json",
    () => undefined,
    () => undefined,
  );
}

/** What is written, once it was seen to read back as the description itself. */
function written(description: Description): string {
  const text = writeFirstIntegration(description, "pets");
  const { integration, diagnostics } = read(text);
  expect(diagnostics, text).toEqual([]);
  const expected = fromSecuritySchemes(description).schemes;
  const schemes = integration?.app.schemes.filter(({ mode }) => expected.length > 0 || mode !== "NO_AUTH");
  expect(schemes?.map(({ name, mode }) => [name, mode])).toEqual(expected.map(({ name, mode }) => [name, mode]));
  return text;
}

const SCHEMES = {
  oauth: {
    type: "oauth2",
    flows: {
      authorizationCode: {
        authorizationUrl: "https://example.com/authorize",
        tokenUrl: "https://example.com/token",
        scopes: { "pets:read": "Read", "pets:write": "Write" },
      },
    },
  },
  key: { type: "apiKey", in: "header", name: "X-Key", description: "From your settings.\nUnder: keys" },
  login: { type: "http", scheme: "basic" },
  token: { type: "http", scheme: "bearer" },
};

describe("the first integration file", () => {
  test("says what the description does, and what to do next", () => {
    const text = written(
      describing({
        info: { title: "Pets & more", version: "1", description: "All pets.\nOf all kinds.\n\nMuch more." },
        externalDocs: { url: "https://docs.example.com" },
        components: { securitySchemes: SCHEMES },
        security: [{ oauth: ["pets:read"] }],
        paths: {
          "/v1/users/{id}": { get: {} },
          "/v1/me": { get: {} },
          "/me": { get: { parameters: [{ required: true }] } },
        },
      }),
    );
    expect(text).toBe(`# How callers of this API authenticate. The description says what the API can do.
# \`{{name}}\` stands for a field of the scheme, or for a credential of its mode.

name: Pets & more
unique_key: pets
description: All pets. Of all kinds.
docs: https://docs.example.com
# Answers whoever has a working connection.
get_current_user_endpoint: /v1/me
auth_schemes:
  # OAuth 2.0. \`client_id\` and \`client_secret\` are those of an OAuth app that you register with the provider.
  - name: oauth
    auth_mode: OAUTH2
    authorization_url: https://example.com/authorize
    token_url: https://example.com/token
    default_scopes:
      - pets:read
    available_scopes:
      - pets:read
      - pets:write
  # A key that people have from the API's provider. \`proxy\` says where it goes.
  - name: key
    auth_mode: API_KEY
    proxy:
      headers:
        X-Key: "{{api_key}}"
    fields:
      - name: api_key
        display_name: API key
        description: |-
          From your settings.
          Under: keys
        required: true
        expected_from_customer: true
  # User name and password.
  - name: login
    auth_mode: BASIC
  # A token that people have from the API's provider, sent as \`Authorization: Bearer …\`.
  - name: token
    auth_mode: BEARER_TOKEN
`);
  });

  test("reads back whole", () => {
    const description = describing({
      components: { securitySchemes: { ...SCHEMES, "app-id": { type: "apiKey", in: "query", name: "app" } } },
      security: [{ key: [], "app-id": [] }],
    });
    expect(read(written(description)).integration?.app.schemes).toEqual(fromSecuritySchemes(description).schemes);
  });

  test("asks for what the server's address leaves open", () => {
    const servers = [
      {
        url: "https://{tenant}.example.com/{version}/",
        variables: { tenant: { default: "demo", description: "Yours" }, version: { default: "v2" } },
      },
    ];
    const [scheme] = read(written(describing({ servers, components: { securitySchemes: { key: SCHEMES.key } } })))
      .integration!.app.schemes;
    expect(scheme?.proxy?.baseUrl).toBe("https://{{tenant}}.example.com/{{version}}");
    expect(scheme?.fields).toMatchObject([
      { name: "api_key" },
      { name: "tenant", default: "demo", description: "Yours" },
      { name: "version", default: "v2" },
    ]);
    expect(read(written(describing({ servers }))).integration?.app.schemes).toMatchObject([
      {
        mode: "NO_AUTH",
        proxy: { baseUrl: "https://{{tenant}}.example.com/{{version}}" },
        fields: [{ name: "tenant" }, { name: "version" }],
      },
    ]);
  });

  test.each(["https://{a}}.example.com", "https://{{a}.example.com", "https://{a}{%}.example.com", "{a}.example.com"])(
    "leaves the server %s to the description",
    (url) => {
      expect(written(describing({ servers: [{ url }] }))).toContain("auth_schemes: []");
    },
  );

  test("shows how a key is added where there is none", () => {
    const text = written(describing({}));
    expect(text).toContain("auth_schemes: []");
    const example = text
      .split("\n")
      .filter((line) => /^# {3}/.test(line))
      .map((line) => line.slice(2));
    const { integration, diagnostics } = read(`auth_schemes:\n${example.join("\n")}\n`);
    expect(diagnostics).toEqual([]);
    expect(integration?.app.schemes[0]).toMatchObject({ name: "key", fields: [{ name: "api_key" }] });
  });

  test.each([
    "{{constructor}}",
    "${x}",
    "# not: a comment\nname: other",
    "*alias &anchor !tag",
    "\u2028\u0000\u0007\ud800",
    "- a\n- b\n---\n...",
    "'\"`\\",
    "null",
    "1.0",
    " ",
    "<<",
  ])("holds %j wherever it stands", (text) => {
    const scheme = { ...SCHEMES.key, description: text, name: text };
    const flow = { ...SCHEMES.oauth.flows.authorizationCode, scopes: { [text]: text } };
    written(
      describing({
        info: { title: text, version: text, description: text, "x-logo": { url: text } },
        externalDocs: { url: text },
        servers: [
          { url: text, variables: { [text]: { default: text, description: text } } },
          { url: `https://{${text}}` },
        ],
        paths: { [text]: { get: {} } },
        components: {
          securitySchemes: {
            [text]: SCHEMES.login,
            header: scheme,
            query: { ...scheme, in: "query" },
            cookie: { ...scheme, in: "cookie" },
            oauth: { type: "oauth2", flows: { authorizationCode: flow } },
            http: { type: "http", scheme: text },
          },
        },
        security: [{ oauth: [text], query: [] }],
      }),
    );
  });

  test("holds any text wherever it stands", () => {
    const text = fc.oneof(fc.string({ unit: "binary", maxLength: 20 }), fc.string({ maxLength: 20 }));
    fc.assert(
      fc.property(text, text, text, fc.constantFrom("header", "query", "cookie"), (a, b, c, place) => {
        const securitySchemes = JSON.parse(
          JSON.stringify({
            [a]: { type: "apiKey", in: place, name: b, description: c },
            [c]: { type: "http", scheme: "bearer", description: b },
          }),
        ) as object;
        const servers = [
          { url: `https://{${a}}.example.com/${c}`, variables: { [a]: { default: b, description: c } } },
        ];
        written(
          describing({ info: { title: a, version: "1", description: b }, servers, components: { securitySchemes } }),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe.skipIf(noCorpus)("for a real description (needs TOOLBIND_CORPUS)", () => {
  const names = ["openapi", "tricky"].flatMap((folder) =>
    noCorpus
      ? []
      : readdirSync(corpusPath(folder))
          .filter((name) => /\.(?:json|ya?ml)$/.test(name))
          .map((name) => join(folder, name)),
  );

  test("is read without diagnostics", () => {
    let count = 0;
    for (const name of names) {
      let description: Description;
      try {
        description = readDescription(
          readSourceFile(corpusPath(name), "/"),
          "toolbind-app:/a",
          () => undefined,
          () => undefined,
        );
      } catch {
        continue;
      }
      written(description);
      count++;
    }
    expect(count).toBeGreaterThan(90);
  }, 120_000);
});
