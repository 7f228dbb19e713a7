import fc from "../support/fast-check.js";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { parseYaml } from "../../generator/text/parse-yaml.js";
import { yamlValue } from "../../generator/text/yaml-value.js";

const DEPTH = 50;

/** What the parser that keeps places makes of a text; undefined where it finds a fault. */
function exact(text: string): unknown {
  const parsed = parseYaml(text, 2 * DEPTH, { merge: true });
  if (!("document" in parsed) || parsed.document.errors.length > 0 || parsed.nextAt !== undefined) return undefined;
  return parsed.document.toJS();
}

describe("the value of a YAML text", () => {
  it.each([
    "a: 1",
    "1.0: x\n200: y\ntrue: z",
    "a: [017, 0o17, 0x1F, 1_000, +1, 1e3, 1., .5, -0, 00, 0b11, 1:30]",
    "a: [.inf, -.INF, 12345678901234567890, 1e400, -1e400, 1e, 0.1e1]",
    "a: [yes, on, True, FALSE, tRue, ~, Null, NULL, nUll, '', 2020-01-01, 2020-01-01T00:00:00Z]",
    "a: !!str 1\nb: !!int '1'\nc: !!bool true\nd: !!seq [1]",
    "a: &x {b: 1}\nc: {<<: *x, d: 2}\ne:\n  <<: [*x, {b: 2, f: 3}]\n  f: 4",
    "'<<': {a: 1}\nb: <<",
    "a: &a [1]\nb: [*a, *a]",
    "a: |\n  x\n  y\nb: >-\n  x\n\n  y\nc: >+\n  x\n   y\n\n",
    "a: \"x\\ny\\u00e9\"\nb: 'it''s'\nc: \"on\n  two lines\"\nd: plain\n  too",
    "__proto__: {x: 1}\na: {__proto__: 2, constructor: 3}",
    "\ufeffa: 1\r\nb:\r\n  - 2\r\n",
    "--- # comment\na: x#c # d\n...\n",
    "a: [b: 1, c]\nd: {e, f: 1}\n? g\n? h",
    "- - 1\n  - 2\n- [3, {a: b}]",
  ])("%j is what the parser that keeps places makes of it", (text) => {
    const value = yamlValue(text, DEPTH);
    expect(value).toBeDefined();
    expect(value).toEqual(exact(text));
    expect(Object.keys(Object(value))).toEqual(Object.keys(Object(exact(text))));
  });

  it.each([
    ["of an edition that reads `yes` otherwise", "%YAML 1.1\n---\na: yes"],
    ["with a key twice", "a: 1\na: 2"],
    ["with a map as a key, as unquoted templates are", "a: {{x}}"],
    ["with a tag of nobody's", "a: !ours 1"],
    ["with two documents", "a: 1\n---\nb: 2"],
    ["that is empty", "# nothing\n"],
    ["that is indented by tabs", "a:\n\tb: 1"],
    ["that nests too deep", "[".repeat(DEPTH + 1) + "]".repeat(DEPTH + 1)],
    ["that nests so deep that a stack would run over", "[".repeat(100_000)],
    ["with an alias of nothing", "a: *b"],
  ])("is left to that parser for one %s", (_, text) => {
    expect(yamlValue(text, DEPTH)).toBeUndefined();
  });

  it("is the value that was written", () => {
    const values = fc.jsonValue({ maxDepth: 5, stringUnit: "grapheme" });
    const ways = fc.record({ lineWidth: fc.constantFrom(0, 20, 80), flow: fc.boolean() });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), values), ways, (value, { lineWidth, flow }) => {
        const text = stringify(value, { lineWidth, ...(flow && { collectionStyle: "flow" as const }) });
        expect(yamlValue(text, DEPTH)).toEqual(exact(text));
      }),
    );
  });
});
