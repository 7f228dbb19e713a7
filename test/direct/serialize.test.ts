import fc from "../support/fast-check.js";
import { describe, expect, it } from "vitest";
import type { Parameter } from "../../runtime/direct/route.js";
import {
  cookieParts,
  encodeFields,
  headerText,
  pathText,
  queryParts,
  Unwritable,
} from "../../runtime/direct/serialize.js";

const LIST = ["blue", "black", "brown"];
const NAMED = { R: 100, G: 200, B: 150 };
type Row = readonly [
  style: NonNullable<Parameter["style"]>,
  explode: boolean,
  empty: string | undefined,
  text: string,
  list: string,
  named: string,
];

/** "Style Examples" of OpenAPI 3.0.4, 3.1.1 and 3.2.0, for a parameter `color`. */
describe("the style examples of OpenAPI", () => {
  // An empty value is no part of a path: OpenAPI's column "empty" is for templates that are not a URL's.
  const path: readonly Row[] = [
    ["matrix", false, undefined, ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"],
    ["matrix", true, undefined, ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"],
    ["label", false, undefined, ".blue", ".blue,black,brown", ".R,100,G,200,B,150"],
    ["label", true, undefined, ".blue", ".blue.black.brown", ".R=100.G=200.B=150"],
    ["simple", false, undefined, "blue", "blue,black,brown", "R,100,G,200,B,150"],
    ["simple", true, undefined, "blue", "blue,black,brown", "R=100,G=200,B=150"],
  ];
  it.each(path)("path: %s, explode %s", (style, explode, empty, text, list, named) => {
    const write = (value: unknown): string | undefined => pathText(value, { arg: "color", style, explode });
    expect([write(""), write("blue"), write(LIST), write(NAMED)]).toEqual([empty, text, list, named]);
    expect([write(undefined), write(null), write([]), write({})]).toEqual(Array(4).fill(undefined));
  });

  const query: readonly Row[] = [
    ["form", false, "color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"],
    ["form", true, "color=", "color=blue", "color=blue&color=black&color=brown", "R=100&G=200&B=150"],
    [
      "spaceDelimited",
      false,
      "color=",
      "color=blue",
      "color=blue%20black%20brown",
      "color=R%20100%20G%20200%20B%20150",
    ],
    ["pipeDelimited", false, "color=", "color=blue", "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"],
    [
      "deepObject",
      true,
      "color=",
      "color=blue",
      "color%5B0%5D=blue&color%5B1%5D=black&color%5B2%5D=brown",
      "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
    ],
  ];
  it.each(query)("query: %s, explode %s", (style, explode, empty, text, list, named) => {
    const write = (value: unknown): string => queryParts(value, { arg: "color", style, explode }).join("&");
    expect([write(""), write("blue"), write(LIST), write(NAMED)]).toEqual([empty, text, list, named]);
    expect([write(undefined), write(null), write([]), write({})]).toEqual(["", "", "", ""]);
  });

  const cookie: readonly Row[] = [
    ["cookie", false, "color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"],
    ["cookie", true, "color=", "color=blue", "color=blue; color=black; color=brown", "R=100; G=200; B=150"],
    ["form", false, "color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"],
  ];
  it.each(cookie)("cookie: %s, explode %s", (style, explode, empty, text, list, named) => {
    const write = (value: unknown): string => cookieParts(value, { arg: "color", style, explode }).join("; ");
    expect([write(""), write("blue"), write(LIST), write(NAMED)]).toEqual([empty, text, list, named]);
  });

  it("header: simple", () => {
    const write = (value: unknown, explode: boolean): string | undefined =>
      headerText(value, { arg: "color", explode });
    expect([write("blue", false), write(LIST, false), write(NAMED, false), write(NAMED, true)]).toEqual([
      "blue",
      "blue,black,brown",
      "R,100,G,200,B,150",
      "R=100,G=200,B=150",
    ]);
    expect(write(undefined, false)).toBeUndefined();
  });
});

describe("what the description leaves to defaults", () => {
  it.each<[Parameter, unknown, string[]]>([
    [{ arg: "a" }, LIST, ["a=blue", "a=black", "a=brown"]],
    [{ arg: "a", name: "A[]" }, [1, 2], ["A%5B%5D=1", "A%5B%5D=2"]],
    [{ arg: "a", style: "spaceDelimited" }, [1, 2], ["a=1%202"]],
    [{ arg: "a", style: "pipeDelimited", explode: true }, [1, 2], ["a=1", "a=2"]],
    [{ arg: "a", style: "tabDelimited" }, [1, 2], ["a=1%092"]],
    [{ arg: "a", style: "deepObject" }, { b: 1 }, ["a%5Bb%5D=1"]],
    [{ arg: "a" }, [1, null, undefined, 2], ["a=1", "a=2"]],
    [{ arg: "a" }, { b: null, c: 1 }, ["c=1"]],
    [{ arg: "a" }, true, ["a=true"]],
    [{ arg: "a" }, new Date(0), ["a=1970-01-01T00%3A00%3A00.000Z"]],
    [{ arg: "a" }, [{ b: 1 }], ["a=%7B%22b%22%3A1%7D"]],
    [{ arg: "a", explode: false }, ["x,y", "z"], ["a=x%2Cy,z"]],
    [{ arg: "a", content: "application/json" }, { b: ["é"] }, ["a=%7B%22b%22%3A%5B%22%C3%A9%22%5D%7D"]],
    [{ arg: "a", content: "text/plain" }, "x&y", ["a=x%26y"]],
    [
      { arg: "a", style: "deepObject" },
      { b: { c: [{ d: 1 }, { d: 2 }] } },
      ["a%5Bb%5D%5Bc%5D%5B0%5D%5Bd%5D=1", "a%5Bb%5D%5Bc%5D%5B1%5D%5Bd%5D=2"],
    ],
  ])("query: %o of %o", (parameter, value, parts) => {
    expect(queryParts(value, parameter)).toEqual(parts);
  });

  it("allowReserved leaves what has no meaning in a query", () => {
    const write = (value: unknown): string[] => queryParts(value, { arg: "a", allowReserved: true });
    expect(write("/x?y:z@(1)!$'*,;=")).toEqual(["a=/x?y:z@(1)!$'*,;="]);
    expect(write("a&b=c#d+e[0] %41 100%")).toEqual(["a=a%26b=c%23d%2Be%5B0%5D%20%41%20100%25"]);
    expect(pathText("a/b?c#d:e@f", { arg: "p", allowReserved: true })).toBe("a%2Fb%3Fc%23d:e@f");
  });

  it("writes the values of a list in an exploded object one by one, as servers read pages and filters", () => {
    const pageable = { page: 0, sort: ["name,asc", "id"], none: [], range: { from: 1 } };
    expect(queryParts(pageable, { arg: "pageable" })).toEqual([
      "page=0",
      "sort=name%2Casc",
      "sort=id",
      "range=%7B%22from%22%3A1%7D",
    ]);
    expect(queryParts({ a: ["1", "2"] }, { arg: "x", explode: false })).toEqual(["x=a,%5B%221%22%2C%222%22%5D"]);
  });

  it("writes JSON in headers as ASCII", () => {
    expect(headerText({ a: "é\n" }, { arg: "h", content: "application/json" })).toBe(String.raw`{"a":"\u00e9\n"}`);
  });

  it("refuses bytes, cycles and what a cookie cannot hold", () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    expect(() => queryParts(new Blob(["x"]), { arg: "a" })).toThrow(Unwritable);
    expect(() => queryParts(cycle, { arg: "a" })).toThrow(Unwritable);
    expect(() => queryParts(cycle, { arg: "a", style: "deepObject" })).toThrow(Unwritable);
    expect(() => queryParts({ b: new Uint8Array(1) }, { arg: "a", content: "application/json" })).toThrow(Unwritable);
    for (const text of ["a;b", "a\nb", "é"]) {
      expect(() => cookieParts(text, { arg: "a", style: "cookie" })).toThrow(Unwritable);
    }
  });
});

describe("application/x-www-form-urlencoded", () => {
  it.each<[object, Parameters<typeof encodeFields>[1], string]>([
    [{ a: "x y", b: 1, c: true, d: null, e: undefined, f: "" }, {}, "a=x+y&b=1&c=true&f="],
    [{ a: ["x", "y"] }, {}, "a=x&a=y"],
    [{ a: { b: { c: 1 } } }, {}, "a%5Bb%5D%5Bc%5D=1"],
    [{ a: [{ b: 1 }] }, {}, "a%5B0%5D%5Bb%5D=1"],
    [{ a: ["x", "y"] }, { a: { style: "deepObject", explode: true } }, "a%5B0%5D=x&a%5B1%5D=y"],
    [{ a: ["x", "y"] }, { a: { explode: false } }, "a=x,y"],
    [{ a: ["x", "y"] }, { a: { style: "spaceDelimited" } }, "a=x%20y"],
    [{ a: ["x", "y"] }, { a: { style: "pipeDelimited" } }, "a=x%7Cy"],
    [{ a: { b: 1, c: 2 } }, { a: { style: "form" } }, "b=1&c=2"],
    [{ a: { b: 1 } }, { a: { contentType: "application/json" } }, "a=%7B%22b%22%3A1%7D"],
    [{ a: [1, 2] }, { a: { contentType: "application/json" } }, "a=%5B1%2C2%5D"],
    [{ a: "b/c&d" }, { a: { allowReserved: true } }, "a=b/c%26d"],
  ])("writes %o as %o says", (value, encoding, text) => {
    expect(encodeFields(value, encoding)).toBe(text);
  });

  it("agrees with URLSearchParams on records of texts", () => {
    const record = fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(record, (fields) => {
        const plain = Object.entries(fields);
        expect(encodeFields(Object.fromEntries(plain), {})).toBe(new URLSearchParams(plain).toString());
      }),
    );
  });
});

describe("whatever a value holds", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string(),
    fc.constantFrom("..", ".", "%2e%2e", "//", "a/../b", "\r\nX: y", "?#&=+;,"),
  );
  const styles = ["form", "spaceDelimited", "pipeDelimited", "tabDelimited", "deepObject"] as const;
  const parameter = fc.record({
    arg: fc.constant("q"),
    style: fc.constantFrom(...styles),
    explode: fc.boolean(),
    allowReserved: fc.boolean(),
  });
  const value = fc.oneof(text, fc.array(text), fc.dictionary(text, text));

  it("a query parameter adds none but its own", () => {
    fc.assert(
      fc.property(parameter, fc.array(text, { maxLength: 3 }), (each, list) => {
        const url = new URL(`https://a.example/?first=1&${queryParts(list, each).join("&")}&last=2`);
        const names = [...url.searchParams.keys()].filter((name) => !/^q(\[\d+\])?$/.test(name) && name !== "");
        expect(names).toEqual(["first", "last"]);
        expect(url.hash).toBe("");
      }),
    );
  });

  it("a text comes back as it was, unless reserved characters were allowed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (given) => {
        const url = new URL(`https://a.example/?${queryParts(given, { arg: "q" }).join("&")}`);
        expect(url.searchParams.get("q")).toBe(given);
        if (given === "") return;
        expect(decodeURIComponent(pathText(given, { arg: "q" })!)).toBe(given);
      }),
    );
  });

  it("a path parameter holds nothing that ends a segment or begins a query", () => {
    const styled = fc.record({
      arg: fc.constant("p"),
      style: fc.constantFrom("matrix", "label", "simple"),
      explode: fc.boolean(),
      allowReserved: fc.boolean(),
    }) as fc.Arbitrary<Parameter>;
    fc.assert(
      fc.property(styled, value, (each, given) => {
        expect(pathText(given, each) ?? "").not.toMatch(/[/?#\\\s]/);
      }),
    );
  });
});
