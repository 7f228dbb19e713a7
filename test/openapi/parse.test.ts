import { describe, expect, test } from "vitest";
import { parseSource } from "../../generator/openapi/parse.js";

const parse = (text: string, name: string = "api.yaml"): unknown => parseSource({ name, content: Buffer.from(text) });

describe("a description in YAML", () => {
  test("is read as what it means", () => {
    expect(parse("info: {version: 1.0, title: &a A}\nx: *a\ny: {<<: {b: 1}, c: 2}\n")).toEqual({
      info: { version: "1.0", title: "A" },
      x: "A",
      y: { b: 1, c: 2 },
    });
  });

  test.each([
    ["a tab", "a:\n\tb: 1\n", "api.yaml:2:1: expected YAML, received a tab as indentation"],
    ["a key twice", "a:\n  b: 1\n  b: 2\n", 'api.yaml:3:3: expected YAML, received the key "b" a second time'],
    ["two documents", "a: 1\n---\nb: 1\n", "api.yaml:2:1: expected YAML, received a second document"],
    ["flow lists without end", `a: ${"[".repeat(100_000)}`, "received more than 300 levels of nesting"],
    ["lists without end", "- ".repeat(100_000), "received more than 300 levels of nesting"],
    ["a number too large", "a:\n  b/c:\n    - 1e999\n", "api.yaml:3:7: expected numbers that JavaScript"],
    ["maps without end", Array.from({ length: 800 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"), "levels of nesting"],
  ])("with %s is refused with its place", (_, text, message) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: "TB2030", message: expect.stringContaining(message) as string }),
    );
  });

  test("or in JSON is named as what it is", () => {
    const refusal = (message: string): unknown =>
      expect.objectContaining({ code: "TB2030", message: expect.stringContaining(message) as string });
    expect(() => parse('{"a": 1,}', "api.json")).toThrow(refusal("Description is not JSON at api.json:1:9"));
    const content = Buffer.from("\ufeffopenapi: 3.0.3", "utf16le");
    expect(() => parseSource({ name: "api.yaml", content })).toThrow(refusal("received UTF-16 text"));
  });

  test.each([
    ["api.yaml", "openapi: 3.1.0\n<<<<<<< HEAD\ninfo: a\n=======\ninfo: b\n>>>>>>> other\n"],
    ["api.json", '{\r\n<<<<<<< HEAD\r\n"a": 1\r\n=======\r\n"a": 2\r\n>>>>>>> other\r\n}'],
  ])("in the middle of a merge is named as such: %s", (name, text) => {
    expect(() => parse(text, name)).toThrow(
      new RegExp(`at ${name}:2:1: .*received merge conflict markers\\. Fix: resolve the conflict`),
    );
  });

  test.each(["api.yaml", "api.json"])("or JSON that is not UTF-8 is refused with its place: %s", (name) => {
    const content = Buffer.from('{"a": "\u00fc",\n "b": "caf\u00e9"}', "latin1");
    expect(() => parseSource({ name, content })).toThrow(`at ${name}:1:8: expected UTF-8 text, received other bytes`);
    const later = Buffer.concat([
      Buffer.from('{"a": "\u00fc \ufffd",\n "b": "x'),
      Buffer.from([0xe9]),
      Buffer.from('"}'),
    ]);
    expect(() => parseSource({ name, content: later })).toThrow(`at ${name}:2:9: expected UTF-8 text`);
    expect(parseSource({ name, content: Buffer.from('{"a": "\ufffd"}') })).toEqual({ a: "\ufffd" });
  });

  test("in JSON is refused with the place of a number too large", () => {
    const text = '{"a": [1, {"b":\n  -1e999}]}';
    expect(() => parse(text, "api.json")).toThrow(/api\.json:2:3: .*received a larger one/);
    expect(() => parse("[".repeat(500) + "]".repeat(500), "api.json")).toThrow(/more than|300 levels/);
  });

  test("has a place for each pointer", () => {
    const file = { name: "api.yaml", content: Buffer.from("a:\n  b:\n    - c: 1\n") };
    expect(parseSource.place(file, "/a/b/0/c")).toMatchObject({ source: "api.yaml", line: 3, column: 7 });
  });
});
