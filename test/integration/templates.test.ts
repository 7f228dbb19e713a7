import fc from "../support/fast-check.js";
import { describe, expect, test } from "vitest";
import { lookalikesIn, readTemplate } from "../../generator/integration/templates.js";
import { read, shown } from "./support.js";

const KNOWN = ["api_key", "subdomain", "authed_user.id"];

describe("a template", () => {
  test.each([
    ["plain text", "plain text", []],
    ["{{subdomain}}", "{{subdomain}}", ["subdomain"]],
    ["{{ subdomain }}.example.com/{{api_key}}", "{{subdomain}}.example.com/{{api_key}}", ["subdomain", "api_key"]],
    ["https://${subdomain}/", "https://{{subdomain}}/", ["subdomain"]],
    ["${connectionConfig.subdomain}", "{{subdomain}}", ["subdomain"]],
    ["${credentials.api_key}", "{{api_key}}", ["api_key"]],
    ["{{authed_user.id}}", "{{authed_user.id}}", ["authed_user.id"]],
    ['{"a": {"b": 1}} $5 {x}', '{"a": {"b": 1}} $5 {x}', []],
  ])("%s is %s", (source, text, uses) => {
    expect(readTemplate(source, KNOWN)).toEqual({ text, uses, faults: [], guesses: [] });
  });

  test("in another spelling of a field is that field", () => {
    expect(readTemplate("{{apiKey}}", KNOWN)).toMatchObject({ text: "{{api_key}}", guesses: [{ meant: "api_key" }] });
    expect(readTemplate("{{apiKey}}", [...KNOWN, "apiKey"])).toMatchObject({ text: "{{apiKey}}", guesses: [] });
    // Two that differ in nothing else cannot be told apart.
    expect(readTemplate("{{API_KEY}}", [...KNOWN, "apiKey"]).faults).toHaveLength(1);
  });

  test.each([
    ["{{subdoman}}", "`{{subdoman}}` does not name a field of this scheme", "did you mean `{{subdomain}}`?"],
    ["{{api_key | b64}}", "`{{api_key | b64}}` contains more than the name of a field", "write `{{api_key}}`"],
    ["{{api_key.__class__()}}", "contains more than the name of a field", "write `{{api_key}}`"],
    ["{{7*7}}", "contains more than the name of a field", "write the name of a field"],
    ["{{}}", "contains more than the name of a field", "write the name of a field"],
    ["{{constructor}}", "`{{constructor}}` does not name a field", "declare `constructor`"],
    ["{{__proto__}}", "`{{__proto__}}` does not name a field", "declare `__proto__`"],
    ["{% if x %}", "`{% if x %}` is not a template", "write the name of a field"],
    ["{# note #}", "`{# note #}` is not a template", "write the name of a field"],
    ["{{api_key", "`{{` is never closed", "write the name of a field"],
    ["${api_key", "`${` is never closed", "write the name of a field"],
    ["{{{api_key}}}", "`{{{api_key}}}` is not a template", "write the name of a field"],
    ["${{ api_key }}", "is not a template", "write the name of a field"],
    ["${process.env.HOME}", "`${process.env.HOME}` does not name a field", "declare `process.env.HOME`"],
  ])("%s is refused", (source, what, fix) => {
    const { faults, uses, guesses } = readTemplate(source, KNOWN);
    expect({ uses, guesses }).toEqual({ uses: [], guesses: [] });
    expect(faults.length).toBeGreaterThan(0);
    expect(faults[0]?.what).toContain(what);
    expect(faults[0]?.fix).toContain(fix);
  });

  test.each([
    ["{api_key}", "write `{{api_key}}`"],
    ["Bearer <API-KEY>", "write `{{api_key}}`"],
    ["$apiKey", "write `{{api_key}}`"],
    ["%api_key%", "write `{{api_key}}`"],
    ["Token {session}", "write `{{session}}` if it refers to a field, and declare that under `fields`"],
  ])("that is none, %s, is pointed out", (source, fix) => {
    expect(lookalikesIn(source, KNOWN).map((each) => each.fix)).toEqual([fix]);
  });

  test.each(["{{api_key}}", "${api_key}", '{"a": {"b": 1}}', "$5", "100%", "a$b", "<https://a.test>", "{{{api_key}}}"])(
    "or other text, %s, is not pointed out",
    (source) => {
      expect(lookalikesIn(source, KNOWN)).toEqual([]);
    },
  );

  test("without faults holds nothing but known fields, whatever it was", () => {
    const piece = fc.constantFrom(
      "{{",
      "}}",
      "${",
      "}",
      "{",
      "$",
      "%",
      "#",
      " ",
      "api_key",
      "subdomain",
      "x",
      "|",
      ".",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const { text, uses, faults } = readTemplate(pieces.join(""), KNOWN);
        if (faults.length > 0) return;
        const named = [...text.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, name]) => name);
        expect(named).toEqual(uses);
        expect(named.every((name) => KNOWN.includes(name!))).toBe(true);
        expect(text.replace(/\{\{[^{}]*\}\}/g, "")).not.toMatch(/\$\{|\{\{|\{%/);
        expect(readTemplate(text, KNOWN)).toEqual({ text, uses, faults: [], guesses: [] });
      }),
      { numRuns: 2000 },
    );
  });
});

describe("in a file", () => {
  test("each fault has its own place, in quotes and over lines", () => {
    const reading = read(`auth_schemes:
  - name: a
    auth_mode: API_KEY
    proxy:
      headers:
        X-One: 'it''s {{api_kee}} and {{api_key | x}} and {{api_kee}}'
        X-Two: >-
          first
          {{ nobody }}
`);
    expect(shown(reading).map((line) => line.slice(0, line.indexOf(".")))).toEqual([
      "6:23 error TB2052 `{{api_kee}}` does not name a field of this scheme",
      "6:39 error TB2052 `{{api_key | x}}` contains more than the name of a field; there are no filters, expressions or statements",
      "6:59 error TB2052 `{{api_kee}}` does not name a field of this scheme",
      "9:11 error TB2052 `{{ nobody }}` does not name a field of this scheme",
    ]);
  });

  test("one without quotes is found in the syntax tree, and taken as meant", () => {
    const reading = read(`auth_schemes:
  - name: a
    auth_mode: API_KEY
    proxy:
      base_url: {{base_url}}
      headers: {X-Key: {{ api_key }}}
    fields:
      - name: base_url
`);
    expect(shown(reading)).toEqual([
      '5:17 warning TB2050 The template `{{base_url}}` has no quotes: expected text in quotes, received what YAML reads as a map in a map; it was read as the template. Fix: write `"{{base_url}}"`.',
      '6:24 warning TB2050 The template `{{ api_key }}` has no quotes: expected text in quotes, received what YAML reads as a map in a map; it was read as the template. Fix: write `"{{api_key}}"`.',
    ]);
    expect(reading.integration?.app.schemes[0]?.proxy).toEqual({
      baseUrl: "{{base_url}}",
      headers: { "X-Key": "{{api_key}}" },
    });
  });

  test("a placeholder that was not filled in is explained", () => {
    const text = (value: string): string => `auth_schemes:
  - name: a
    auth_mode: API_KEY
    fields:
      - name: base_url
        default: ${value}
`;
    expect(shown(read(text("{{add the api endpoint URL}}")))).toEqual([
      '6:18 error TB2050 The placeholder `{{add the api endpoint URL}}` was never filled in: expected a value, received what YAML reads as a map in a map. Fix: write the value itself, such as `"https://api.example.com"`, or a template in quotes, such as `"{{base_url}}"`.',
    ]);
    expect(shown(read(text('"{{add the api endpoint URL}}"')))).toEqual([
      "6:18 error TB2052 A default must be a value, not a template: received `{{add the api endpoint URL}}`. Fix: write the value itself, or move the template to where the field is used, such as `proxy.base_url`.",
    ]);
  });

  test("what is there only while tokens are fetched is nothing to a call", () => {
    const text = (where: string): string => `auth_schemes:
  - name: a
    auth_mode: OAUTH2
    authorization_url: https://example.com/authorize
    token_url: https://example.com/token
    ${where}
`;
    expect(shown(read(text('token_params: {again: "{{code}}", to: "{{redirect_uri}}"}')))).toEqual([]);
    expect(shown(read(text('proxy: {headers: {X-Code: "{{code}}"}}')))[0]).toContain(
      "`{{code}}` does not name a field",
    );
    expect(shown(read(text('fields: [{name: code}]\n    proxy: {headers: {X-Code: "{{code}}"}}')))).toEqual([]);
  });

  test("the current user's path may name fields of any scheme", () => {
    const text = (path: string): string => `get_current_user_endpoint: ${path}
auth_schemes: [{name: a, auth_mode: BASIC}, {name: b, auth_mode: API_KEY, fields: [{name: team}]}]
`;
    expect(read(text("teams/{{team}}/me")).integration?.app.currentUserEndpoint).toBe("/teams/{{team}}/me");
    expect(read(text("https://{{username}}.example.com/me")).integration?.app.currentUserEndpoint).toBe(
      "https://{{username}}.example.com/me",
    );
    expect(read(text("http://example.com/me")).integration).toBeUndefined();
    expect(read(text("//example.com/me")).integration).toBeUndefined();
    expect(shown(read(text("/{{tema}}")))[0]).toContain("did you mean `{{team}}`?");
  });
});

describe("templates with undeclared names", () => {
  const scheme = (mode: string, headers: string, more = ""): string =>
    `name: A\nauth_schemes:\n  - name: a\n    auth_mode: ${mode}\n${more}    proxy:\n      base_url: "{{base_url}}"\n      headers: ${headers}\n`;
  const OAUTH = "    authorization_url: https://a.test/a\n    token_url: https://a.test/t\n";
  const taken = (at: string, name: string): string =>
    `${at} warning TB2052 \`{{${name}}}\` does not name a field of this scheme: expected a field of that name, received none; it is treated as one that users provide. Fix: add \`- name: ${name}\` to its \`fields\`.`;
  const fieldsOf = (reading: ReturnType<typeof read>): unknown =>
    reading.integration?.app.schemes[0]?.fields.map(({ name, required, expectedFromCustomer, secret }) => {
      return [name, required && expectedFromCustomer, secret];
    });

  test("as guides write them, take it for a field that people give, with a warning that says what to add", () => {
    const key = read(scheme("API_KEY", '{ Authorization: "Bearer {{access_token}}", X-Key: "{{api_key}}" }'));
    expect(shown(key)).toEqual([taken("6:17", "base_url"), taken("7:33", "access_token")]);
    expect(fieldsOf(key)).toEqual([
      ["base_url", true, false],
      ["access_token", true, true],
      ["api_key", true, true],
    ]);
    const oauth = read(scheme("OAUTH2", '{ Authorization: "Bearer {{access_token}}", X-Key: "{{api_key}}" }', OAUTH));
    expect(shown(oauth)).toEqual([taken("8:17", "base_url"), taken("9:67", "api_key")]);
    expect(fieldsOf(oauth)).toEqual([
      ["base_url", true, false],
      ["api_key", true, true],
    ]);
  });

  test("take it for the mode's own credential where that has another name", () => {
    const reading = read(scheme("BEARER_TOKEN", '{ Authorization: "Bearer {{api_key}}" }'));
    expect(shown(reading).at(-1)).toContain("expected `{{token}}`, received a similar name, which is used instead");
    expect(reading.integration?.app.schemes[0]?.proxy?.headers).toEqual({ Authorization: "Bearer {{token}}" });
  });

  test("but not for what the mode has no use for", () => {
    expect(shown(read(scheme("BASIC", '{ Authorization: "Basic {{api_key}}" }')))).toContainEqual(
      "7:40 error TB2052 `{{api_key}}` does not name a field of this scheme. Fix: declare `api_key` under `fields`, as `- name: api_key`, or use `username`, `password`.",
    );
    const declared = "    fields: [{ name: accessToken }, { name: baseUrl }]\n";
    const own = read(scheme("API_KEY", '{ Authorization: "Bearer {{access_token}}" }', declared));
    expect(fieldsOf(own)).toEqual([
      ["accessToken", true, true],
      ["baseUrl", true, false],
    ]);
  });

  test("and text that other programs take for templates is pointed out where it stands", () => {
    expect(shown(read(scheme("BASIC", '{ X-User: "{username}" }', "    fields: [{ name: base_url }]\n")))).toEqual([
      "8:27 warning TB2052 `{username}` is sent literally. Fix: write `{{username}}`.",
    ]);
  });
});
