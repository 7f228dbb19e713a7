import fc from "../support/fast-check.js";
import { describe, expect, it } from "vitest";
import { parseJson } from "../../generator/sources/json.js";

const parse = (content: Buffer): unknown => parseJson({ name: "tools.json", content });

describe("JSON", () => {
  it("is read as JSON.parse reads it, whatever characters it holds", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        const text = JSON.stringify(value);
        expect(parse(Buffer.from(text))).toEqual(JSON.parse(Buffer.from(text).toString("utf8")));
      }),
    );
  });

  it("is read as JSON.parse reads it, whatever bytes it holds", () => {
    fc.assert(
      fc.property(fc.uint8Array({ min: 0x5d }), (bytes) => {
        const content = Buffer.concat([Buffer.from('{"a":"'), bytes, Buffer.from('"}')]);
        expect(parse(content)).toEqual(JSON.parse(content.toString("utf8")));
      }),
    );
  });

  it("may be mostly beyond ASCII, and begin with a byte order mark", () => {
    const value = Object.fromEntries(Array.from({ length: 12_000 }, (_, index) => [`${index} ключ`, "значение 🚢"]));
    expect(parse(Buffer.from(`\ufeff${JSON.stringify(value)}`))).toEqual(value);
    expect(parse(Buffer.from(`\ufeff["ä"]`))).toEqual(["ä"]);
  });

  it("is refused with the place in the file as it stands there", () => {
    expect(() => parse(Buffer.from('{\n"ä🚢": "ü", é\n}'))).toThrow(/tools\.json:2:13: .*received "é/);
  });
});
