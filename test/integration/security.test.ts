import { describe, expect, test } from "vitest";
import { authenticationOf, fromSecuritySchemes } from "../../generator/integration/index.js";
import { readDescription, type Description } from "../../generator/openapi/document.js";
import type { Diagnostic } from "../../generator/errors.js";
import { read } from "./support.js";

function describe3(schemes: unknown, more: object = {}, version: string = "3.0.3"): Description {
  return parse({
    openapi: version,
    info: { title: "A", version: "1" },
    components: { securitySchemes: schemes },
    ...more,
  });
}

function describe2(definitions: unknown, more: object = {}): Description {
  return parse({ swagger: "2.0", info: { title: "A", version: "1" }, securityDefinitions: definitions, ...more });
}

function parse(root: unknown): Description {
  const file = { name: "api.json", content: Buffer.from(JSON.stringify(root, null, 1)) };
  return readDescription(
    file,
    "toolbind-app:/api.json",
    () => undefined,
    () => undefined,
  );
}

const told = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics.map(
    ({ severity, code, message, at }) =>
      `${at?.line} ${severity} ${code} ${message.replace(/ at api\.json:\d+:\d+/, "")}`,
  );

describe("a security scheme of OpenAPI 3", () => {
  const one = (scheme: unknown, more?: object): unknown =>
    fromSecuritySchemes(describe3({ main: scheme }, more)).schemes[0];

  test.each([
    ["header", { headers: { "X-Key": "{{api_key}}" } }],
    ["query", { query: { "X-Key": "{{api_key}}" } }],
    ["cookie", { cookies: { "X-Key": "{{api_key}}" } }],
  ])("with a key in a %s", (place, proxy) => {
    expect(one({ type: "apiKey", in: place, name: "X-Key", description: "From your settings." })).toEqual({
      name: "main",
      mode: "API_KEY",
      proxy,
      fields: [
        {
          name: "api_key",
          displayName: "API key",
          description: "From your settings.",
          type: "string",
          required: true,
          expectedFromCustomer: true,
          secret: true,
        },
      ],
    });
  });

  test("of HTTP", () => {
    expect(one({ type: "http", scheme: "Basic" })).toMatchObject({
      mode: "BASIC",
      fields: [{ name: "username" }, { name: "password" }],
    });
    expect(one({ type: "http", scheme: "bearer" })).toMatchObject({
      mode: "BEARER_TOKEN",
      fields: [{ name: "token" }],
    });
    expect(one({ type: "http", scheme: "GenieKey" })).toMatchObject({
      mode: "API_KEY",
      proxy: { headers: { Authorization: "GenieKey {{api_key}}" } },
    });
  });

  test.each([
    ["authorizationCode", undefined],
    ["clientCredentials", "client_credentials"],
    ["password", "password"],
  ])("of OAuth 2 with the flow %s", (flow, grant) => {
    const scheme = one(
      {
        type: "oauth2",
        flows: {
          [flow]: {
            authorizationUrl: "https://example.com/authorize",
            tokenUrl: "https://example.com/token",
            refreshUrl: "https://example.com/refresh",
            scopes: { read: "Read", write: "Write", admin: "All" },
          },
        },
      },
      { security: [{ main: ["read"] }], paths: { "/a": { get: { security: [{ main: ["write", "other"] }] } } } },
    );
    expect(scheme).toEqual({
      name: "main",
      mode: "OAUTH2",
      ...(grant === undefined ? { authorizationUrl: "https://example.com/authorize" } : { grant }),
      tokenUrl: "https://example.com/token",
      refreshUrl: "https://example.com/refresh",
      scopes: ["read", "write"],
      availableScopes: ["read", "write", "admin"],
      fields: [],
    });
  });

  test("of OAuth 2 has the scopes that operations in other places of the description ask for", () => {
    const flows = {
      clientCredentials: { tokenUrl: "https://example.com/t", scopes: { read: "", write: "", admin: "" } },
    };
    const paths = { "/a": { $ref: "#/x-items/a" } };
    const items = { a: { get: { security: [{ main: ["read"] }] } } };
    expect(one({ type: "oauth2", flows }, { paths, "x-items": items })).toMatchObject({ scopes: ["read"] });
    const pointed = { "/a": { get: { security: [{ "#/components/securitySchemes/main": ["write"] }] } } };
    const [scheme] = fromSecuritySchemes(
      describe3({ main: { type: "oauth2", flows } }, { paths: pointed }, "3.2.0"),
    ).schemes;
    expect(scheme).toMatchObject({ scopes: ["write"] });
  });

  test("of OAuth 2 with several flows takes that for people", () => {
    const flow = { authorizationUrl: "https://example.com/a", tokenUrl: "https://example.com/t", scopes: {} };
    const scheme = one({
      type: "oauth2",
      flows: { implicit: flow, password: flow, clientCredentials: flow, authorizationCode: flow },
    });
    expect(scheme).toMatchObject({ authorizationUrl: "https://example.com/a" });
    expect(scheme).not.toHaveProperty("grant");
  });

  test("with a relative URL has that of the server", () => {
    const flows = { clientCredentials: { tokenUrl: "/oauth/token", scopes: {} } };
    const servers = [{ url: "https://api.example.com/v1" }];
    expect(one({ type: "oauth2", flows }, { servers })).toMatchObject({
      tokenUrl: "https://api.example.com/oauth/token",
    });
    const { schemes, diagnostics } = fromSecuritySchemes(
      describe3({ main: { type: "oauth2", flows } }, { servers: [{ url: "/v1" }] }),
    );
    expect(schemes).toMatchObject([{ name: "main", mode: "BEARER_TOKEN" }]);
    expect(told(diagnostics)[0]).toMatch(/needs a token that callers provide: expected a URL with its host.*auth_mode/);
    const password = { password: { tokenUrl: "token", scopes: {} } };
    expect(one({ type: "oauth2", flows: password })).toMatchObject({ mode: "BEARER_TOKEN" });
  });

  test("may stand elsewhere in the file", () => {
    const { schemes } = fromSecuritySchemes(
      describe3({ main: { $ref: "#/x-schemes/key" } }, { "x-schemes": { key: { type: "http", scheme: "basic" } } }),
    );
    expect(schemes).toMatchObject([{ name: "main", mode: "BASIC" }]);
  });

  test("may be called like an extension", () => {
    const { schemes } = fromSecuritySchemes(
      describe3({ "x-api-key": { type: "apiKey", in: "header", name: "x-api-key" }, "x-note": "none" }),
    );
    expect(schemes.map(({ name }) => name)).toEqual(["x-api-key"]);
  });
});

test("keys that are sent together have fields of their own, and others have the usual one", () => {
  const key = (name: string): object => ({ type: "apiKey", in: "header", name });
  const description = describe3(
    { AppId: key("X-App"), "app-id": key("X-App-2"), "1": key("X-One"), other: key("X-Other") },
    { paths: { "/a": { get: { security: [{ AppId: [], "app-id": [], "1": [] }, { other: [] }] } } } },
  );
  expect(fromSecuritySchemes(description).schemes.map(({ name, fields: [field] }) => [name, field?.name])).toEqual([
    ["1", "key_1"],
    ["AppId", "app_id"],
    ["app-id", "app_id_2"],
    ["other", "api_key"],
  ]);
});

test("security definitions of OpenAPI 2", () => {
  const { schemes, diagnostics } = fromSecuritySchemes(
    describe2({
      login: { type: "basic" },
      key: { type: "apiKey", in: "query", name: "key" },
      code: {
        type: "oauth2",
        flow: "accessCode",
        authorizationUrl: "https://example.com/a",
        tokenUrl: "https://example.com/t",
        scopes: { a: "A" },
      },
      app: { type: "oauth2", flow: "application", tokenUrl: "https://example.com/t", scopes: {} },
      user: { type: "oauth2", flow: "password", tokenUrl: "https://example.com/t", scopes: {} },
      implicit: { type: "oauth2", flow: "implicit", authorizationUrl: "http://example.com/a", scopes: {} },
    }),
  );
  expect(schemes.map((scheme) => [scheme.name, scheme.mode, "grant" in scheme ? scheme.grant : undefined])).toEqual([
    ["login", "BASIC", undefined],
    ["key", "API_KEY", undefined],
    ["code", "OAUTH2", undefined],
    ["app", "OAUTH2", "client_credentials"],
    ["user", "OAUTH2", "password"],
    ["implicit", "BEARER_TOKEN", undefined],
  ]);
  expect(told(diagnostics)).toEqual([
    "37 warning TB2055 Security scheme `implicit` needs a token that callers provide: expected a flow that has a token URL, received none. Fix: describe how to get a token in `integration.yaml`, with `auth_mode: OAUTH2`.",
  ]);
});

describe("a scheme that calls cannot be made with is left out, with its place", () => {
  const flow = (tokenUrl: unknown): object => ({
    type: "oauth2",
    flows: { clientCredentials: { tokenUrl, scopes: {} } },
  });

  test.each([
    [
      { type: "apiKey", in: "header", name: "Authorization", "x-amazon-apigateway-authtype": "awsSigv4" },
      "expected a key that is the same for every request, received an AWS signature",
    ],
    [{ type: "mutualTLS" }, "expected a scheme that requests can use, received mutual TLS"],
    [{ type: "http", scheme: "digest" }, 'received "digest"'],
    [{ type: "http", scheme: "a b" }, 'received "a b"'],
    [{ type: "http" }, "received nothing"],
    [{ type: "magic" }, 'received "magic"'],
    [{}, "received nothing"],
    [{ type: "apiKey", in: "body", name: "k" }, "expected header, query or cookie"],
    [{ type: "apiKey", in: "header", name: "a\r\nb" }, "expected a name that can be sent"],
    [{ type: "apiKey", in: "header" }, "expected the name of the key"],
    [{ type: "apiKey", in: "query", name: "__proto__" }, "expected a name that can be sent"],
    [flow("http://example.com/token"), "expected an https URL"],
    [flow("https://{{api_key}}.example.com"), "expected a URL without templates"],
    [flow("https://${api_key}.example.com"), "expected a URL without templates"],
    [flow("file:///etc/passwd"), "expected an https URL"],
    [flow(7), "expected an https URL"],
    [{ $ref: "#/nowhere" }, "expected a reference to something that exists"],
    ["text", "expected an object"],
  ])("%j", (scheme, message) => {
    const { schemes, diagnostics } = fromSecuritySchemes(
      describe3({ main: scheme, other: { type: "http", scheme: "basic" } }),
    );
    expect(schemes.map(({ name }) => name)).toEqual(["other"]);
    expect(told(diagnostics)).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code: "TB2055", severity: "warning", at: { source: "api.json" } });
    expect(diagnostics[0]?.at?.line).toBeGreaterThan(5);
    expect(diagnostics[0]?.message).toContain(message);
  });

  test("OpenID Connect needs a token that callers provide", () => {
    const { schemes, diagnostics } = fromSecuritySchemes(
      describe3({ main: { type: "openIdConnect", openIdConnectUrl: "https://example.com" } }),
    );
    expect(schemes).toMatchObject([{ mode: "BEARER_TOKEN" }]);
    expect(told(diagnostics)[0]).toContain("received OpenID Connect, which is discovered over the network");
  });

  test.each([[[]], ["text"], [7]])("securitySchemes that is %j is none", (schemes) => {
    expect(fromSecuritySchemes(describe3(schemes)).schemes).toEqual([]);
  });

  test("nothing is inherited", () => {
    const schemes = JSON.parse(
      '{"__proto__": {"type": "http", "scheme": "basic"}, "constructor": {"type": "http", "scheme": "basic"}}',
    ) as object;
    expect(fromSecuritySchemes(describe3(schemes)).schemes).toEqual([]);
  });
});

describe("with an integration", () => {
  const description = describe3({
    key: { type: "apiKey", in: "header", name: "X-Key" },
    login: { type: "http", scheme: "basic" },
  });
  const authentication = (text: string): ReturnType<typeof authenticationOf> =>
    authenticationOf(description, read(text).integration);

  test("its schemes are the app's", () => {
    const { app, diagnostics } = authentication(
      "callback_url: https://example.com/cb\nauth_schemes: [{name: mine, auth_mode: BASIC}]",
    );
    expect(diagnostics).toEqual([]);
    expect(app).toMatchObject({ callbackUrl: "https://example.com/cb", schemes: [{ name: "mine" }] });
    expect(app.schemes).toHaveLength(1);
    expect(authenticationOf(description, undefined).app.schemes.map(({ name }) => name)).toEqual(["key", "login"]);
  });

  test("one that has the name of a security scheme sends its key where that has it", () => {
    const { app, diagnostics } = authentication(
      'auth_schemes: [{name: key, auth_mode: API_KEY, base_url: "https://{{region}}.example.com", fields: [{name: region}, {name: apiSecret}]}]',
    );
    expect(diagnostics).toEqual([]);
    expect(app.schemes[0]?.proxy).toEqual({
      baseUrl: "https://{{region}}.example.com",
      headers: { "X-Key": "{{apiSecret}}" },
    });
    expect(authentication("auth_schemes: [{name: key, auth_mode: API_KEY}]").app.schemes[0]).toMatchObject({
      proxy: { headers: { "X-Key": "{{api_key}}" } },
      fields: [{ name: "api_key" }],
    });
    const own = 'auth_schemes: [{name: key, auth_mode: API_KEY, proxy: {query_params: {k: "{{api_key}}"}}}]';
    expect(authentication(own).app.schemes[0]?.proxy).toEqual({ query: { k: "{{api_key}}" } });
  });

  test("what calls can do nothing about stays so, unless the file tells of it or has names of its own", () => {
    const schemes = {
      key: { type: "apiKey", in: "header", name: "X-Key" },
      digest: { type: "http", scheme: "digest" },
    };
    const leftOut = (text?: string): string[] => {
      const integration = text === undefined ? undefined : read(text).integration;
      return [...authenticationOf(describe3(schemes), integration).leftOut];
    };
    expect(leftOut()).toEqual(["digest"]);
    expect(leftOut("auth_schemes: [{name: key, auth_mode: API_KEY}]")).toEqual(["digest"]);
    expect(leftOut("auth_schemes: [{name: digest, auth_mode: BASIC}]")).toEqual([]);
    expect(leftOut("auth_schemes: [{name: mine, auth_mode: BASIC}]")).toEqual([]);
  });

  test("what it leaves out and operations take nothing else than is pointed out", () => {
    const schemes = {
      key: { type: "apiKey", in: "header", name: "X-Key" },
      partner: { type: "http", scheme: "bearer" },
      digest: { type: "http", scheme: "digest" },
      unused: { type: "http", scheme: "basic" },
    };
    const of = (...alternatives: object[]): object => ({ security: alternatives });
    const root = {
      security: [{ key: [] }],
      paths: {
        "/either": { get: of({ partner: [] }, { key: [] }), put: {}, post: of(), patch: of({ partner: [] }, {}) },
        "/partner": { get: of({ partner: [] }), post: of({ key: [], partner: [] }) },
        "/digest": { $ref: "#/x-items/digest" },
      },
      "x-items": { digest: { get: of({ digest: [] }) } },
    };
    const toldWith = (text?: string): string[] => {
      const integration = text === undefined ? undefined : read(text).integration;
      return told(authenticationOf(describe3(schemes, root), integration).diagnostics).map((line) =>
        line.replace(/^\d+ | Fix.*/g, ""),
      );
    };
    const key = "{name: key, auth_mode: API_KEY}";
    expect(toldWith(`auth_schemes: [${key}]`)).toEqual([
      "warning TB2055 Security scheme `partner` is not in the integration, and 2 operations take nothing else.",
      "warning TB2055 Security scheme `digest` is not in the integration, and 1 operation takes nothing else.",
    ]);
    expect(
      toldWith(`auth_schemes: [${key}, {name: partner, auth_mode: BEARER_TOKEN}, {name: digest, auth_mode: NO_AUTH}]`),
    ).toEqual([]);
    expect(toldWith("auth_schemes: [{name: mine, auth_mode: BASIC}]")).toEqual([]);
    expect(toldWith()).toHaveLength(1);
  });

  test("an undeclared base_url is the description's server, unless a connection says otherwise", () => {
    const text =
      'auth_schemes: [{name: mine, auth_mode: API_KEY, proxy: {base_url: "{{base_url}}", headers: {X-Key: "{{api_key}}"}}}]';
    const fallback = (root: object, file = text): unknown => {
      const { app } = authenticationOf(describe3({}, root), read(file).integration);
      return app.schemes[0]?.fields.find(({ name }) => name === "base_url")?.default;
    };
    const servers = [{ url: "https://api.example.com/v1" }];
    expect(fallback({ servers })).toBe("https://api.example.com/v1");
    expect(fallback({ servers: [{ url: "https://{zone}.example.com" }] })).toBeUndefined();
    expect(fallback({ servers: [{ url: "/v1" }] })).toBeUndefined();
    const declared = text.replace("API_KEY,", "API_KEY, fields: [{name: base_url}],");
    expect(fallback({ servers }, declared)).toBeUndefined();
  });

  test("a key that goes nowhere is pointed out", () => {
    const { diagnostics } = authentication("name: A\nauth_schemes:\n  - {name: mine, auth_mode: API_KEY}\n");
    expect(diagnostics.map(({ message, severity }) => `${severity} ${message}`)).toEqual([
      "warning The scheme `mine` does not send a key with its requests at integration.yaml:3:5. Fix: put `{{api_key}}` into a header of its `proxy`, in the form that the API expects.",
    ]);
  });
});

describe("schemes that are asked for together", () => {
  const key = (name: string): object => ({ type: "apiKey", in: "header", name });
  const schemes = {
    basic: { type: "http", scheme: "basic" },
    bearer: { type: "http", scheme: "bearer" },
    named: key("authorization"),
    other: key("X-Key"),
  };
  const found = (...security: object[]): readonly string[] => {
    const paths = { "/a": { get: { security } }, "/b": { get: { security } } };
    return told(authenticationOf(describe3(schemes, { paths }), undefined).diagnostics);
  };

  test("and go to the same place are reported, as only one of them is sent", () => {
    expect(found({ basic: [], bearer: [], other: [] })).toEqual([
      "9 warning TB2055 Security schemes `basic` and `bearer` are required together by 2 operations: expected schemes that are sent in different places, received several in header authorization. Fix: list them as alternatives, each an item of `security`; until then any one of them is sent.",
    ]);
    expect(found({ bearer: [], named: [] })).toEqual([expect.stringContaining("`bearer` and `named`")]);
  });

  test("and have places of their own, or are alternatives, are not", () => {
    expect(found({ basic: [], other: [] }, { bearer: [] }, { named: [] })).toEqual([]);
  });

  test("of an integration are not, where they write the same there", () => {
    const scheme = (name: string): string =>
      `  - name: ${name}\n    auth_mode: API_KEY\n    proxy: { query: { ${name}: "{{api_key}}" }, headers: { X-Team: "{{team}}" } }\n    fields: [{ name: team, display_name: Team, description: T, required: true }]\n`;
    const paths = { "/a": { get: { security: [{ one: [], two: [] }] } } };
    const { integration } = read(`name: A\nunique_key: a\nauth_schemes:\n${scheme("one")}${scheme("two")}`);
    const { diagnostics } = authenticationOf(
      describe3({ one: key("X-Team"), two: key("X-Team") }, { paths }),
      integration,
    );
    expect(diagnostics).toEqual([]);
  });
});
