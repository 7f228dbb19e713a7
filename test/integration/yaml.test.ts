import fc from "../support/fast-check.js";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { read, shown } from "./support.js";

describe("invalid YAML is reported with its location and a fix", () => {
  test.each([
    [
      "a tab",
      "name: A\nauth_schemes:\n\t- name: a\n",
      "3:1 error TB2050 The integration file is not YAML: expected spaces as indentation, received a tab. Fix: replace each tab with two spaces.",
    ],
    [
      "a first line that is indented",
      "# A\n  name: A\nunique_key: a\n",
      "3:1 error TB2050 The integration file is not YAML: expected 2 spaces at the start of the line, as in the first one, received fewer. Fix: remove the spaces before the first key.",
    ],
    [
      "a template without quotes",
      "name: A\ndocs: {{base}}/docs # there\n",
      '2:7 error TB2050 A value that starts with `{{` must be quoted: expected text in quotes, received `{{base}}/docs # there`. Fix: write `docs: "{{base}}/docs"`.',
    ],
    [
      "a colon in text",
      "name: A\ndescription: Notes: all of them\n",
      "2:14 error TB2050 The integration file is not YAML: expected text in quotes, received `:` in unquoted text. Fix: put the text after `description:` in quotes.",
    ],
    [
      "a sign that begins no text",
      "name: A\nauth_schemes:\n  - name: @work\n",
      "3:11 error TB2050 The integration file is not YAML: expected text in quotes, received `@` in unquoted text. Fix: put the text after `name:` in quotes.",
    ],
    [
      "a quote that is not closed",
      'name: "A\n',
      '2:1 error TB2050 The integration file is not YAML (Missing closing "quote). Fix: correct the line.',
    ],
    [
      "a merge conflict",
      "<<<<<<< HEAD\nname: A\n=======\nname: B\n>>>>>>> other\n",
      "1:1 error TB2050 The integration file is not YAML: expected YAML, received merge conflict markers. Fix: resolve the conflict.",
    ],
    [
      "what is not UTF-8 text",
      Buffer.from("name: A\ndescription: Caf\u00e9\n", "latin1").toString("utf8"),
      "2:17 error TB2050 The integration file is not UTF-8 text. Fix: save it as UTF-8.",
    ],
    [
      "a second document",
      "name: A\n---\nname: B\n",
      "2:1 error TB2050 The integration file contains a second document. Fix: remove the `---` and what belongs to another file.",
    ],
    [
      "a list",
      "- name: A\n",
      "1:1 error TB2050 The integration file contains no keys: expected keys and values, such as `name: My app`, received a list. Fix: write `name`, `unique_key` and `auth_schemes`.",
    ],
    [
      "an alias of nothing",
      "name: *other\n",
      "1:7 error TB2050 The alias `*other` has no anchor above it. Fix: write out the value.",
    ],
    [
      "a key that sets a prototype",
      "__proto__: {name: A}\n",
      "1:1 error TB2051 `__proto__` cannot be a key: expected a name. Fix: remove it.",
    ],
  ])("%s", (_, text, message) => {
    const reading = read(text);
    expect(shown(reading)).toEqual([message]);
    expect(reading.integration).toBeUndefined();
  });

  test("nothing at all", () => {
    for (const text of ["", "\n# only a comment\n", "\ufeff", "null", "~"]) {
      expect(shown(read(text))).toHaveLength(1);
      expect(shown(read(text))[0]).toContain("received nothing");
    }
  });
});

test("anchors, aliases and merge keys are filled in", () => {
  const { integration, diagnostics } = read(`auth_schemes:
  - &one
    name: one
    auth_mode: API_KEY
    base_url: &url https://example.com
    proxy: &proxy
      headers: {X-Key: "{{api_key}}"}
  - <<: *one
    name: two
    proxy: *proxy
  - <<: [{name: never, auth_mode: API}, *one]
    name: three
    base_url: *url
`);
  expect(diagnostics).toEqual([]);
  const schemes = integration?.app.schemes ?? [];
  expect(schemes.map(({ name, mode }) => [name, mode])).toEqual([
    ["one", "API_KEY"],
    ["two", "API_KEY"],
    ["three", "API_KEY"],
  ]);
  expect(schemes[1]?.proxy).toEqual(schemes[0]?.proxy);
  expect(schemes[2]?.proxy).toEqual(schemes[0]?.proxy);
});

describe("a file that is made to cost is refused", () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghi".replace(/./g, (letter) => {
    const before = String.fromCharCode(letter.charCodeAt(0) - 1);
    return `${letter}: &${letter} [${Array(9).fill(`*${before}`).join(",")}]\n`;
  })}default: *i\n`;

  test.each([
    ["aliases of aliases", bomb, "TB2050"],
    ["an alias of itself", "name: &a\n  - *a\n", "TB2050"],
    ["merges of merges", `a: &a {x: 1}\n${Array.from({ length: 30_000 }, () => "b: {<<: *a}").join("\n")}`, "TB2050"],
    ["megabytes", `name: ${"x".repeat(10_000_000)}`, "TB2050"],
    ["nesting", `name: ${"[".repeat(100_000)}`, "TB2050"],
    ["nesting by indentation", Array.from({ length: 400 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"), "TB2050"],
    ["keys", Array.from({ length: 25_000 }, (_, i) => `k${i}: 1`).join("\n"), "TB2050"],
    ["one key again and again", "name: a\n".repeat(15_000), "TB2051"],
    ["broken templates", `auth_schemes: [{name: a, auth_mode: BASIC, base_url: "${"{{".repeat(100_000)}"}]`, "TB2052"],
    ["unknown names", `auth_schemes: [{name: a, auth_mode: BASIC, base_url: "${"{{x}}".repeat(40_000)}"}]`, "TB2052"],
    ["statements", `auth_schemes: [{name: a, auth_mode: BASIC, base_url: "${"{%".repeat(100_000)}"}]`, "TB2052"],
    ["schemes", `auth_schemes:\n${"  - {auth_mode: BASIC, name: a}\n".repeat(2_000)}`, "TB2051"],
    [
      "schemes from one anchor",
      `auth_schemes:\n  - &a {auth_mode: BASIC, name: a}\n${"  - *a\n".repeat(5_000)}`,
      "TB2051",
    ],
  ])("%s", (_, text, code) => {
    const { integration, diagnostics } = read(text);
    expect(integration).toBeUndefined();
    expect(diagnostics.length).toBeLessThanOrEqual(101);
    expect(diagnostics.some((each) => each.code === code && each.severity === "error")).toBe(true);
  });
});

describe("any text", () => {
  const word = fc.constantFrom(
    "name",
    "unique_key",
    "auth_schemes",
    "auth_mode",
    "OAUTH2",
    "API_KEY",
    "fields",
    "proxy",
    "headers",
    "base_url",
    "extends",
    "{{api_key}}",
    "${x}",
    "{{a|b}}",
    "__proto__",
    "constructor",
    "https://example.com",
    "a.yaml",
    "<<",
    "true",
    "1",
    "",
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      word,
      fc.constantFrom(null, true, 0, -1.5),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.array(fc.tuple(word, tie("tree")), { maxLength: 5 }).map((pairs) => new Map(pairs)),
    ),
  }));
  const check = (text: string): void => {
    const { integration, diagnostics } = read(text, { "a.yaml": text });
    for (const { at, message } of diagnostics) {
      expect(at?.line).toBeGreaterThan(0);
      expect(at?.column).toBeGreaterThan(0);
      expect(message).toContain(`${at!.source}:${at!.line}:${at!.column}`);
    }
    expect(integration === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
    const templates = integration?.app.schemes.map((scheme) => ({ ...scheme, name: "", fields: [], scopes: [] })) ?? [];
    expect(JSON.stringify([templates, integration?.app.currentUserEndpoint])).not.toMatch(/\$\{|\{\{\s|\{\{[^{}]*\|/);
  };

  test("is read or refused with a place, whatever tree it holds", () => {
    fc.assert(
      fc.property(tree, (value) => check(stringify(value, { collectionStyle: "any" }))),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(tree, (value) => check(stringify({ name: "a", auth_schemes: [value] }))),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(tree, tree, (fields, proxy) =>
        check(stringify({ auth_schemes: [{ name: "a", auth_mode: "API_KEY", fields, proxy }] })),
      ),
      { numRuns: 500 },
    );
  });

  test("is read or refused with a place, whatever is written", () => {
    const piece = fc.oneof(
      word,
      fc.constantFrom(
        "\n",
        ": ",
        "- ",
        "  ",
        "\t",
        "{",
        "}",
        "[",
        "]",
        "&a ",
        "*a",
        '"',
        "'",
        "|\n",
        "#",
        "---\n",
        "? ",
        "!!x ",
        ",",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => check(pieces.join(""))),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 40 }), check), { numRuns: 500 });
  });
});
