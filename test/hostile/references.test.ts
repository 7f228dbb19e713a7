import { describe, expect, it, vi } from "vitest";
import { catalogueOf, complaints, generateBounded, many, sizeOf, validateBounded } from "../support/bounded.js";
import { createFolder } from "../support/project.js";

vi.setConfig({ testTimeout: 600_000 });

describe("references", () => {
  it("that lead round to the same value are refused", async () => {
    const loops = [
      '{"$ref":"#"}',
      '{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}',
      '{"$defs":{"a":{"allOf":[{"anyOf":[{"not":{"$ref":"#/$defs/a"}}]}]}},"properties":{"x":{"$ref":"#/$defs/a"}}}',
      '{"$defs":{"a":{"if":{},"then":{"$ref":"#/$defs/a"}}},"items":{"$ref":"#/$defs/a"}}',
      `{"$defs":{${many(5000, (index) => `"d${index}":{"$ref":"#/$defs/d${(index + 1) % 5000}"}`)}},"$ref":"#/$defs/d0"}`,
    ];
    const { tools, messages } = await generateBounded(createFolder(), catalogueOf(...loops));
    expect([tools, messages.length]).toEqual([1, loops.length]);
    const expected = /^TB3002 X_T\d left out at .*: expected references that end, received a loop of references to the/;
    for (const message of messages) expect(message).toMatch(expected);
  });

  it("in chains of 10,000 are followed", async () => {
    const folder = createFolder();
    const links = many(10_000, (index) => `"d${index}":{"$ref":"#/$defs/d${index + 1}","description":"d${index}"}`);
    const schema = `{"$defs":{${links},"d10000":{"type":"string"}},"properties":{"a":{"$ref":"#/$defs/d0"}}}`;
    expect((await generateBounded(folder, catalogueOf(schema))).messages).toEqual([]);
    expect(await complaints(folder)).toEqual([]);
    expect(await validateBounded(folder, [{ a: "text" }, { a: 1 }])).toMatchObject({ a: [true, false] });
  });

  it("in chains that check something at every step are followed for 150, and refused for 10,000", async () => {
    const chain = (length: number): string => {
      const links = many(length, (index) => `"d${index}":{"$ref":"#/$defs/d${index + 1}","minLength":${index % 3}}`);
      return `{"$defs":{${links},"d${length}":{"type":"string"}},"properties":{"a":{"$ref":"#/$defs/d0"}}}`;
    };
    const folder = createFolder();
    const { messages } = await generateBounded(folder, catalogueOf(chain(150), chain(10_000)));
    const expected = /^TB3004 X_T1 left out at .*: expected at most 200 schemas in a row for one value, received \d+\./;
    expect(messages).toEqual([expect.stringMatching(expected)]);
    expect(await complaints(folder)).toEqual([]);
    const verdicts = await validateBounded(folder, [{ a: "text" }, { a: 1 }, { a: "" }]);
    expect(verdicts["t0"]).toEqual([true, false, false]);
  });

  it("that would multiply are generated once each", async () => {
    const laughs = (step: (next: string, index: number) => string, last: string): string => {
      const steps = many(40, (index) => `"d${index}":${step(`{"$ref":"#/$defs/d${index + 1}"}`, index)}`);
      return `{"$defs":{${steps},"d40":${last}},"properties":{"a":{"$ref":"#/$defs/d0"}}}`;
    };
    const text = '{"type":"string"}';
    const object = '{"type":"object"}';
    const schemas = [
      laughs((next) => `{"type":"object","properties":{${many(10, (key) => `"p${key}":${next}`)}}}`, text),
      laughs((next) => `{"allOf":[${next},${next}]}`, text),
      laughs(
        (next, at) => `{"anyOf":[{"type":"object","properties":{"a${at}":${next}}},${next},{"items":${next}}]}`,
        text,
      ),
      laughs(
        (next, at) => `{"allOf":[${next},{"anyOf":[{"required":["a${at}"]},{"properties":{"b${at}":{}}}]}]}`,
        object,
      ),
      laughs((next) => `{"type":"object","required":["a","b"],"additionalProperties":${next}}`, text),
    ];
    const folder = createFolder();
    expect((await generateBounded(folder, catalogueOf(...schemas))).messages).toEqual([]);
    expect(sizeOf(folder)).toBeLessThan(1_000_000);
    expect(await complaints(folder)).toEqual([]);
  });

  it("to long texts do not repeat them", async () => {
    const long = JSON.stringify("x".repeat(500_000));
    const definitions = [
      `{"type":"string","description":${long}}`,
      `{"type":"string","const":${long}}`,
      `{"enum":[${long}]}`,
      `{"type":"string","pattern":${long}}`,
      `{"type":"string","title":${long},"default":${long}}`,
    ];
    const properties = many(5000, (index) => `"p${index}":{"$ref":"#/$defs/d"}`);
    const schemas = definitions.map((definition) => `{"$defs":{"d":${definition}},"properties":{${properties}}}`);
    const folder = createFolder();
    expect((await generateBounded(folder, catalogueOf(...schemas))).tools).toBe(schemas.length + 1);
    expect(sizeOf(folder)).toBeLessThan(30_000_000);
  });

  it("to other places are never fetched", async () => {
    const references = [
      "http://169.254.169.254/latest",
      "file:///etc/passwd",
      "javascript:alert(1)",
      "//evil/x",
      "https://json-schema.org/draft/2020-12/meta/../../../../package.json",
      "https://json-schema.org/draft/2020-12/meta/none",
      "http://[",
      "toolbind:/other",
      "#none",
      `#/${"x".repeat(1_000_000)}`,
    ];
    const schemas = references.map((reference) => `{"$ref":${JSON.stringify(reference)}}`);
    const { tools, messages } = await generateBounded(createFolder(), catalogueOf(...schemas));
    expect([tools, messages.length]).toEqual([1, references.length]);
    for (const message of messages) {
      expect(message).toMatch(
        /^TB3002 X_T\d left out at .*\/\$ref: expected a reference to a (?:known document|schema that exists), received "/,
      );
      expect(message.length).toBeLessThan(500);
    }
  });

  it("to names of every object find only what is there", async () => {
    const own = `{
      "$defs":{"__proto__":{"type":"string"},"constructor":{"type":"number"}},
      "properties":{"a":{"$ref":"#/$defs/__proto__"},"b":{"$ref":"#/$defs/constructor"}}}`;
    const pointers = ["#/__proto__", "#/constructor", "#/$defs/toString", "#/properties/length"];
    const inherited = pointers.map((pointer) => `{"$ref":"${pointer}","$defs":{},"properties":{}}`);
    const folder = createFolder();
    const { messages } = await generateBounded(folder, catalogueOf(own, ...inherited));
    expect(messages.map((message) => message.slice(0, 11))).toEqual(
      pointers.map((_, index) => `TB3002 X_T${index + 1}`),
    );
    expect(await complaints(folder)).toEqual([]);
    const verdicts = await validateBounded(folder, [{ a: "", b: 1 }, { a: 1 }, { b: "" }]);
    expect(verdicts["t0"]).toEqual([true, false, false]);
  });
});
