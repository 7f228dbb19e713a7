import { describe, expect, test } from "vitest";
import { findIntegration } from "../../generator/integration/index.js";
import { read, schemeOf, shown } from "./support.js";

const OAUTH = `  - name: oauth
    auth_mode: OAUTH2
    authorization_url: https://example.com/authorize
    token_url: https://example.com/token
`;

describe("a file with all keys", () => {
  const text = `name: Notes
unique_key: notes
description: Notes and folders.
logo: ./logo.svg
categories: [productivity, crm]
docs: https://docs.example.com/api
callback_url: http://localhost:8787/callback
get_current_user_endpoint: /users/me
status: beta
documentation_doc_text: |
  Anything.
auth_schemes:
  - scheme_name: oauth
    auth_mode: OAUTH2
    authorization_url: https://{{subdomain}}.example.com/authorize
    token_url: https://{{ subdomain }}.example.com/token
    refresh_url: https://\${subdomain}.example.com/refresh
    default_scopes: notes.read,notes.write
    available_scopes:
      - notes.read
      - notes.write
      - admin
    scope_separator: ","
    authorization_params:
      response_type: code
      access_type: offline
      user_scopes: [a, b]
    token_params:
      grant_type: authorization_code
      tenant: \${connectionConfig.subdomain}
    refresh_params:
      grant_type: refresh_token
      tenant: "{{subdomain}}"
    token_request_auth_method: basic
    disable_pkce: true
    token_response_metadata: [instance_url]
    proxy:
      base_url: "{{instance_url}}/v2/"
      headers:
        Authorization: Bearer {{access_token}}
        X-Version: 2
      query_params:
        tenant: "{{subdomain}}"
      path_params:
        account: "{{subdomain}}"
    fields:
      - name: subdomain
        displayName: Sub domain
        description: The first word of your address.
        type: string
        required: true
        expected_from_customer: true
        default: app
      - name: app_code
        display_name: Code
        is_secret: true
        type: integer
        required: false
        expected_from_customer: false
`;

  test("is read whole", () => {
    const { integration, diagnostics } = read(text);
    expect(diagnostics).toEqual([]);
    expect(integration).toEqual({
      places: [{ scheme: "oauth", at: { source: "integration.yaml", line: 13, column: 5 } }],
      slug: "notes",
      name: "Notes",
      description: "Notes and folders.",
      logo: "./logo.svg",
      categories: ["productivity", "crm"],
      docs: "https://docs.example.com/api",
      app: {
        callbackUrl: "http://localhost:8787/callback",
        currentUserEndpoint: "/users/me",
        schemes: [
          {
            name: "oauth",
            mode: "OAUTH2",
            authorizationUrl: "https://{{subdomain}}.example.com/authorize",
            tokenUrl: "https://{{subdomain}}.example.com/token",
            refreshUrl: "https://{{subdomain}}.example.com/refresh",
            scopes: ["notes.read", "notes.write"],
            availableScopes: ["notes.read", "notes.write", "admin"],
            scopeSeparator: ",",
            authorizationParams: { response_type: "code", access_type: "offline", user_scopes: "a,b" },
            tokenParams: { tenant: "{{subdomain}}" },
            refreshParams: { tenant: "{{subdomain}}" },
            tokenAuthMethod: "basic",
            disablePkce: true,
            tokenResponseMetadata: ["instance_url"],
            proxy: {
              baseUrl: "{{instance_url}}/v2",
              headers: { Authorization: "Bearer {{access_token}}", "X-Version": "2" },
              query: { tenant: "{{subdomain}}" },
              path: { account: "{{subdomain}}" },
            },
            fields: [
              {
                name: "subdomain",
                displayName: "Sub domain",
                description: "The first word of your address.",
                type: "string",
                required: true,
                expectedFromCustomer: true,
                secret: false,
                default: "app",
              },
              {
                name: "app_code",
                displayName: "Code",
                type: "number",
                required: false,
                expectedFromCustomer: false,
                secret: true,
              },
            ],
          },
        ],
      },
    });
  });
});

describe("a mode", () => {
  test.each([
    ["API_KEY", "API_KEY"],
    ["API", "API_KEY"],
    ["api key", "API_KEY"],
    ["Basic", "BASIC"],
    ["BEARER_TOKEN", "BEARER_TOKEN"],
    ["NO_AUTH", "NO_AUTH"],
  ])("may be written %s", (written, mode) => {
    expect(schemeOf(`auth_schemes: [{name: a, auth_mode: ${written}}]`)).toMatchObject({ name: "a", mode });
  });

  test.each(["OAUTH2", "OAuth2", "oauth2"])("may be written %s", (written) => {
    expect(schemeOf(`auth_schemes:\n${OAUTH.replace("OAUTH2", written)}`)).toMatchObject({
      mode: "OAUTH2",
      scopes: [],
    });
  });

  test("OAUTH1 has three addresses", () => {
    const scheme = schemeOf(`auth_schemes:
  - name: old
    auth_mode: OAUTH1
    request_url: https://example.com/request
    authorization_url: https://example.com/authorize
    token_url: https://example.com/access
    signature_method: hmac-sha1
    default_scopes: "read write"
    scope_separator: " "
`);
    expect(scheme).toEqual({
      name: "old",
      mode: "OAUTH1",
      requestUrl: "https://example.com/request",
      authorizationUrl: "https://example.com/authorize",
      tokenUrl: "https://example.com/access",
      signatureMethod: "HMAC-SHA1",
      scopes: ["read", "write"],
      scopeSeparator: " ",
      fields: [],
    });
  });

  test("of OAuth 2 without people needs no page to send them to", () => {
    const scheme = schemeOf(`auth_schemes:
  - name: machine
    auth_mode: OAUTH2
    token_url: https://example.com/token
    token_params: {grant_type: client_credentials, audience: api}
`);
    expect(scheme).toMatchObject({ grant: "client_credentials", tokenParams: { audience: "api" } });
    expect(scheme).not.toHaveProperty("authorizationUrl");
  });

  test("that is invalid is an error", () => {
    expect(shown(read("auth_schemes:\n  - name: a\n    auth_mode: OAUTH3\n"))).toEqual([
      "3:16 error TB2051 Invalid value for `auth_mode`: expected OAUTH2, OAUTH1, API_KEY, BEARER_TOKEN, BASIC or NO_AUTH, received `OAUTH3`.",
    ]);
  });
});

describe("undeclared fields", () => {
  const names = (text: string): unknown =>
    (schemeOf(text) as { fields: { name: string }[] }).fields.map(({ name }) => name);

  test("are there where the mode or a template needs them", () => {
    expect(names("auth_schemes: [{name: a, auth_mode: BASIC}]")).toEqual(["username", "password"]);
    expect(names("auth_schemes: [{name: a, auth_mode: BEARER_TOKEN}]")).toEqual(["token"]);
    expect(names('auth_schemes: [{name: a, auth_mode: API_KEY, proxy: {headers: {X-Key: "{{api_key}}"}}}]')).toEqual([
      "api_key",
    ]);
    expect(names('auth_schemes: [{name: a, auth_mode: BASIC, proxy: {headers: {X: "{{username}}"}}}]')).toEqual([
      "username",
    ]);
  });

  test("are those declared, if they are", () => {
    expect(names("auth_schemes: [{name: a, auth_mode: BASIC, fields: [{name: password}]}]")).toEqual([
      "password",
      "username",
    ]);
  });

  test("and what is left open depends on how a field is used and called", () => {
    const text = `auth_schemes:
  - name: a
    auth_mode: API_KEY
    proxy:
      base_url: https://{{region}}.example.com
      headers: {X-Key: "{{apiSecret}}"}
    fields:
      - name: region
        default: eu
      - name: apiSecret
      - name: unused
      - name: client_id
`;
    const { fields } = schemeOf(text) as { fields: Record<string, unknown>[] };
    expect(
      fields.map(({ name, required, secret, expectedFromCustomer }) => [name, required, secret, expectedFromCustomer]),
    ).toEqual([
      ["region", false, false, true],
      ["apiSecret", true, true, true],
      ["unused", false, false, true],
      ["client_id", false, false, false],
    ]);
  });
});

describe("keys", () => {
  test("in another case or punctuation are taken as meant, with a warning", () => {
    const reading = read(`Unique Key: crm
auth-schemes:
  - scheme name: key
    auth_mode: API_KEY
    Base_URL: https://example.com
`);
    expect(shown(reading)).toEqual([
      "1:1 warning TB2051 Unknown key `Unique Key`, read as `unique_key`. Fix: write `unique_key`.",
      "2:1 warning TB2051 Unknown key `auth-schemes`, read as `auth_schemes`. Fix: write `auth_schemes`.",
      "3:5 warning TB2051 Unknown key `scheme name`, read as `name`. Fix: write `name`.",
      "5:5 warning TB2051 Unknown key `Base_URL`, read as `base_url`. Fix: write `base_url`.",
    ]);
    expect(reading.integration).toMatchObject({
      slug: "crm",
      app: { schemes: [{ name: "key", proxy: { baseUrl: "https://example.com" } }] },
    });
  });

  test.each([
    ["scope seperator", "scope_separator", '","'],
    ["authoriztion_params", "authorization_params", "{a: b}"],
    ["token_response_metadat", "token_response_metadata", "[a]"],
    ["deafult_scopes", "default_scopes", "a"],
    ["tokenurl_", "token_url", "https://example.com/token"],
  ])("misspelt as %s are an error, or nearly the same", (key, meant, value) => {
    const reading = read(`auth_schemes:\n${OAUTH}    ${key}: ${value}\n`);
    expect(reading.diagnostics[0]?.message).toContain(`\`${meant}\``);
    expect(reading.diagnostics[0]?.at).toMatchObject({ line: 6, column: 5 });
  });

  test("that are misspelt leave no integration, and no other mistake goes unreported", () => {
    const reading = read(
      `auth_schemes:\n${OAUTH}    token_response_metadat: [host]\n    proxy: {base_url: "{{hots}}"}\n`,
    );
    expect(shown(reading)).toEqual([
      "6:5 error TB2051 Unknown key `token_response_metadat`. Fix: did you mean `token_response_metadata`?",
      "7:24 error TB2052 `{{hots}}` does not name a field of this scheme. Fix: did you mean `{{host}}`?",
    ]);
    expect(reading.integration).toBeUndefined();
  });

  test("that are unknown have no effect, with a warning", () => {
    const reading = read("name: A\ncolour: red\nx-colour: red\n");
    expect(reading.integration?.name).toBe("A");
    expect(shown(reading)).toHaveLength(1);
    expect(shown(reading)[0]).toMatch(
      /^2:1 warning TB2051 Unknown key `colour` has no effect\. Fix: remove it; the keys here are `name`/,
    );
  });

  test("of a scheme outside the schemes get a hint where they belong", () => {
    expect(shown(read("token_url: https://example.com"))).toEqual([
      "1:1 error TB2051 `token_url` has no effect here. Fix: move it into an item of `auth_schemes`.",
    ]);
  });

  test("that stand twice, in one or in two spellings, are an error", () => {
    expect(shown(read("name: a\nname: b\nunique_key: c\nUnique Key: d\n"))).toEqual([
      "2:1 error TB2051 The key `name` appears here for the second time. Fix: remove one of them.",
      "4:1 warning TB2051 Unknown key `Unique Key`, read as `unique_key`. Fix: write `unique_key`.",
      "4:1 error TB2051 `Unique Key` and `unique_key` are the same key. Fix: remove one of them.",
    ]);
  });

  test("without a value are as if they were not there", () => {
    const reading = read("name: A\nlogo:\nauth_schemes:\n  - name: a\n    auth_mode: BASIC\n    fields:\n    proxy:\n");
    expect(shown(reading)).toEqual([]);
    expect(reading.integration).toMatchObject({ app: { schemes: [{ mode: "BASIC" }] } });
  });
});

test("schemes by name are taken as a list, with a warning", () => {
  const reading = read("auth_schemes:\n  key:\n    auth_mode: API_KEY\n  login:\n    auth_mode: BASIC\n");
  expect(shown(reading)).toEqual([
    "1:1 warning TB2051 `auth_schemes` is not a list; it was read as one: expected a list of schemes, received schemes by name. Fix: start each scheme with `- name: …`.",
  ]);
  expect(reading.integration?.app.schemes.map(({ name }) => name)).toEqual(["key", "login"]);
});

describe("what a mode needs", () => {
  test("is an error where it is missing", () => {
    expect(
      shown(read("auth_schemes: [{name: a, auth_mode: OAUTH2}, {name: b, auth_mode: OAUTH1}, {name: c}]")),
    ).toEqual([
      "1:17 error TB2051 `authorization_url` is missing, which a scheme of mode OAUTH2 needs: expected the address that users are redirected to. Fix: write `authorization_url: …`.",
      "1:17 error TB2051 `token_url` is missing, which a scheme of mode OAUTH2 needs: expected the address that issues tokens. Fix: write `token_url: …`.",
      "1:47 error TB2051 `request_url` is missing, which a scheme of mode OAUTH1 needs: expected the address for requests. Fix: write `request_url: …`.",
      "1:47 error TB2051 `authorization_url` is missing, which a scheme of mode OAUTH1 needs: expected the address for permission. Fix: write `authorization_url: …`.",
      "1:47 error TB2051 `token_url` is missing, which a scheme of mode OAUTH1 needs: expected the address for tokens. Fix: write `token_url: …`.",
      "1:77 error TB2051 `auth_mode` is missing: expected OAUTH2, OAUTH1, API_KEY, BEARER_TOKEN, BASIC or NO_AUTH. Fix: write `auth_mode: …`.",
    ]);
  });

  test("and what it does not use is pointed out", () => {
    expect(shown(read("auth_schemes: [{name: a, auth_mode: BASIC, disable_pkce: true}]"))).toEqual([
      "1:44 warning TB2051 `disable_pkce` has no effect in a scheme of mode BASIC. Fix: remove it.",
    ]);
  });
});

describe("URLs", () => {
  const faultOf = (url: string): string[] =>
    shown(
      read(
        `auth_schemes:\n${OAUTH.replace("https://example.com/token", JSON.stringify(url))}    fields: [{name: host}]\n`,
      ),
    );

  test.each([
    "https://example.com/token",
    "https://{{host}}/token",
    "https://{{host}}.example.com:8443/a/{{host}}?x=1",
    "http://localhost:3000/token",
    "http://127.0.0.1/token",
    "http://[::1]/token",
    "{{host}}",
    "{{host}}/token",
  ])("%s is one", (url) => expect(faultOf(url)).toEqual([]));

  test.each([
    "http://example.com/token",
    "http://localhost.example.com/token",
    "ftp://example.com",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://user:secret@example.com/token",
    "https://example.com/to ken",
    "https://example.com/#token",
    "//example.com/token",
    "example.com/token",
    "{{host}}.example.com",
    "https://{host}.example.com",
    "https://",
  ])("%s is none", (url) => {
    expect(faultOf(url)).toHaveLength(1);
    expect(faultOf(url)[0]).toMatch(/^5:16 error TB2051 Invalid value for `token_url`: expected an https URL/);
  });

  test("for display are left out if they are invalid", () => {
    const reading = read("name: A\nlogo: javascript:alert(1)\ndocs: ../../etc/passwd\n");
    expect(shown(reading)).toEqual([
      "2:7 warning TB2051 `logo` was left out: expected a URL, or a file of the app, received `javascript:alert(1)`. Fix: correct or remove it.",
      "3:7 warning TB2051 `docs` was left out: expected a URL, received `../../etc/passwd`. Fix: correct or remove it.",
    ]);
    expect(reading.integration).toEqual({ name: "A", categories: [], app: { schemes: [] }, places: [] });
  });

  test.each(["https://{{x}}", "{{x}}/cb", "http://example.com/cb"])("of the callback are no %s", (url) => {
    expect(read(`callback_url: "${url}"`).integration).toBeUndefined();
  });
});

test.each([
  ["notes", "notes"],
  ["_21risk", "_21risk"],
  ["Google Maps", "google_maps"],
  ["Über-Café", "uber-cafe"],
  ["../../etc", "etc"],
  ["a".repeat(200), "a".repeat(100)],
])("the key %s makes the slug %s", (key, slug) => {
  expect(read(`unique_key: ${JSON.stringify(key)}`).integration?.slug).toBe(slug);
});

test.each(["日本", "___", "!!"])("the key %s makes none", (key) => {
  expect(shown(read(`unique_key: "${key}"`))[0]).toMatch(/^1:13 error TB2051 Invalid value for `unique_key`/);
});

describe("a header or parameter", () => {
  const faults = (proxy: string): string[] =>
    shown(read(`auth_schemes: [{name: a, auth_mode: API_KEY, proxy: ${proxy}}]`));

  test.each([
    '{headers: {"a b": x}}',
    "{headers: {Host: x}}",
    "{headers: {Content-Length: 1}}",
    '{headers: {A: "x\\ny"}}',
    '{cookies: {"a=b": x}}',
  ])("that cannot be sent is refused: %s", (proxy) => expect(faults(proxy)).toHaveLength(1));

  test("does not show what it is to be", () => {
    const [fault] = faults('{headers: {Authorization: "hunter22\\nx"}}');
    expect(fault).toContain("`Authorization`");
    expect(fault).not.toContain("hunter22");
    const [url] = shown(
      read('auth_schemes: [{name: a, auth_mode: BASIC, base_url: "http://me:hunter22@example.com"}]'),
    );
    expect(url).toContain("`http://…@example.com`");
    const field = "{name: secret, type: number, default: hunter22}";
    expect(shown(read(`auth_schemes: [{name: a, auth_mode: BASIC, fields: [${field}]}]`))[0]).not.toContain("hunter22");
  });
});

describe("the file is called", () => {
  test.each(["integration.yaml", "integrations.yaml", "integration.yml", "integrations.yml"])("%s", (name) => {
    expect(findIntegration(["openapi.yaml", name], "crm")).toEqual({ name, diagnostics: [] });
  });

  test.each([
    ["interations.yaml", "integrations.yaml"],
    ["intergration.yml", "integration.yaml"],
    ["Integration.yaml", "integration.yaml"],
    ["integration.yaml.txt", "integration.yaml"],
    ["integration.json", "integration.yaml"],
  ])("not %s", (name) => {
    const { diagnostics, ...rest } = findIntegration(["openapi.yaml", name], "crm");
    expect(rest.name).toBeUndefined();
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.message).toMatch(
      /^The integration file is misnamed at crm\/\S+: .* Fix: rename it to `integrations?\.yaml`\.$/,
    );
  });

  test("nothing like openapi.yaml, and not two things", () => {
    expect(findIntegration(["openapi.yaml", "README.md", "interaction.ts"], "crm")).toEqual({
      name: undefined,
      diagnostics: [],
    });
    const { diagnostics } = findIntegration(["integration.yaml", "integrations.yml"], "crm");
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "There are two integration files, `integration.yaml` and `integrations.yml`, at crm: expected one. Fix: remove `integrations.yml`.",
    ]);
  });
});

test("a file as people write them is read with no more than warnings", () => {
  const reading = read(`name: Ledger
unique_key: ledger
logo: https://cdn.example.com/ledger.svg
description: "Invoices & payments"
categories:
  - accounting
docs:
auth_schemes:
  - scheme_name: ledger_oauth2
    auth_mode: OAuth2
    proxy:
      base_url: {{base_url}}
      headers:
        Authorization: Bearer {{access_token}}
        X-Tenant: \${connectionConfig.tenant}
    authorization_url: "https://\${connectionConfig.tenant}.example.com/oauth/authorize"
    token_url: "{{base_url}}/oauth/token"
    default_scopes: "accounting.read accounting.write"
    authorization_params:
      response_type: code
      prompt: consent
    token_params:
      grant_type: authorization_code
    refresh_params:
      grant_type: refresh_token
    token_request_auth_method: basic
    fields:
      - name: base_url
        displayName: Base URL
        description: "Where the API is"
        type: string
        required: True
        expected_from_customer: False
        default: https://api.example.com
      - name: tenant
        displayName: Tenant
        type: string
        required: true
        secret: false
  - scheme_name: ledger_key
    auth_mode: API
    proxy:
      base_url: https://api.example.com
      headers:
        X-Key: "{{apiSecret}}"
      query_params:
        key: \${apiKey}
    fields:
      - name: apiSecret
        displayName: Secret
        type: string
        is_secret: true
`);
  expect(reading.diagnostics.map(({ severity, code, at }) => `${at?.line} ${severity} ${code}`)).toEqual([
    "12 warning TB2050",
    "47 warning TB2052",
  ]);
  expect(reading.integration?.app.schemes).toMatchObject([
    {
      mode: "OAUTH2",
      authorizationUrl: "https://{{tenant}}.example.com/oauth/authorize",
      tokenUrl: "{{base_url}}/oauth/token",
      scopes: ["accounting.read", "accounting.write"],
      authorizationParams: { response_type: "code", prompt: "consent" },
      tokenAuthMethod: "basic",
      proxy: { baseUrl: "{{base_url}}", headers: { "X-Tenant": "{{tenant}}" } },
      fields: [
        { name: "base_url", expectedFromCustomer: false },
        { name: "tenant", secret: false },
      ],
    },
    {
      mode: "API_KEY",
      proxy: { headers: { "X-Key": "{{apiSecret}}" }, query: { key: "{{api_key}}" } },
      fields: [{ name: "apiSecret" }, { name: "api_key", secret: true }],
    },
  ]);
  expect(reading.integration?.app.schemes[0]).not.toHaveProperty("tokenParams");
});
