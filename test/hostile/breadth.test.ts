import { describe, expect, it, vi } from "vitest";
import { catalogueOf, complaints, entryOf, generateBounded, many, validateBounded } from "../support/bounded.js";
import { emitted } from "../support/hostile.js";
import { createFolder } from "../support/project.js";

vi.setConfig({ testTimeout: 600_000 });

const TEXT = '{"type":"string"}';

function similar(index: number): string {
  return `a${"_".repeat(index % 100)}${"-".repeat(Math.floor(index / 100))}`;
}

describe("schemas of great breadth", () => {
  it("are generated and validate", async () => {
    const keys = (count: number): string => many(count, (index) => `"p${index}"`);
    const alternative = (index: number): string =>
      `{"type":"object","required":["k${index}"],"properties":{"k${index}":${TEXT}}}`;
    const definitions = many(
      10_000,
      (index) => `"${similar(index)}":{"type":"object","properties":{"x":{"$ref":"#"}}}`,
    );
    const uses = many(10_000, (index) => `"p${index}":{"$ref":"#/$defs/${similar(index)}"}`);
    const schemas = [
      `{"enum":[${many(100_000, (index) => `"value ${index}"`)}]}`,
      `{"enum":[${many(60_000, (index) => (index % 2 === 0 ? `{"k":${index}}` : `${index}`))}]}`,
      `{"anyOf":[${many(10_000, alternative)}]}`,
      `{"oneOf":[${many(150_000, (index) => `{"const":${index}}`)}]}`,
      `{"type":"object","properties":{${many(50_000, (index) => `"p${index}":${TEXT}`)}},"required":[${keys(50_000)}]}`,
      `{"type":"object","required":[${keys(150_000)}]}`,
      `{"$defs":{${definitions}},"properties":{${uses}}}`,
    ];
    const folder = createFolder();
    expect((await generateBounded(folder, catalogueOf(...schemas), 1500)).messages).toEqual([]);
    const verdicts = await validateBounded(folder, ["value 99999", { k: 59_998 }, { k9999: "" }, 149_999, {}], 1500);
    expect(verdicts).toMatchObject({
      t0: [true, false, false, false, false],
      t1: [false, true, false, false, false],
      t2: [false, false, true, false, false],
      t3: [false, false, false, true, false],
      t4: [false, false, false, false, false],
      t5: [false, false, false, false, false],
      t6: [true, true, true, true, true],
    });
  });

  it("whose intersections would be too large for the compiler still compile", async () => {
    const schemas = (
      [
        [40, 2],
        [6, 10],
        [3, 90],
      ] as const
    ).map(([count, width]) => {
      const alternative = (key: string): string => `{"required":["${key}"],"properties":{"${key}":${TEXT}}}`;
      const union = (outer: number): string =>
        `{"anyOf":[${many(width, (inner) => alternative(`k${outer}_${inner}`))}]}`;
      return `{"type":"object","allOf":[${many(count, union)}]}`;
    });
    const folder = createFolder();
    expect((await generateBounded(folder, catalogueOf(...schemas))).messages).toEqual([]);
    expect(await complaints(folder)).toEqual([]);
  });

  it("with dynamic references that multiply are refused", async () => {
    const resource = (index: number): string =>
      `"d${index}":{"$id":"http://a/${index}","$dynamicAnchor":"n","properties":{"x":{"$dynamicRef":"#n"}}}`;
    const $schema = '"$schema":"https://json-schema.org/draft/2020-12/schema"';
    const schema = `{${$schema},"$defs":{${many(3000, resource)}},"$ref":"http://a/1"}`;
    const { messages } = await generateBounded(createFolder(), catalogueOf(schema));
    expect(messages).toEqual([expect.stringContaining("TB3004 X_A left out")]);
  });

  it("and texts of 10 MB are generated", async () => {
    const folder = createFolder();
    const description = JSON.stringify("x @deprecated */ \n".repeat(600_000));
    const facts = `,"is_deprecated":true,"description":${JSON.stringify(`${"A_".repeat(3_000_000)}a X_OK`)}`;
    const schema = `{"description":${description},"properties":{${JSON.stringify("k".repeat(1_000_000))}:{}}}`;
    const catalogue = `[${entryOf("X_A", schema, facts)},${entryOf("X_OK", "{}")}]`;
    expect((await generateBounded(folder, catalogue, 900)).messages).toEqual([]);
    expect(emitted(folder)["x/index.ts"]).toContain("@deprecated Use {@link ok}.");
    expect(await complaints(folder)).toEqual([expect.stringContaining("x/index.ts: @deprecated export const a")]);
  });
});

describe("catalogues of great breadth", () => {
  const entries = (count: number, entry: (index: number) => string): string =>
    `[${entryOf("X_OK", "{}")},${many(count, entry)}]`;

  it.each([
    ["broken entries", entries(150_000, (index) => entryOf(`bad ${index}`, "{}")), 150_000, 1],
    [
      "entries of one slug that differ",
      entries(30_000, (index) => entryOf("X_T", "{}", `,"description":"${index}"`)),
      1,
      1,
    ],
    ["entries of one slug that are the same", entries(30_000, () => entryOf("X_T", "{}")), 0, 2],
    ["tools", entries(20_000, (index) => entryOf(`X_T${index}`, "{}")), 0, 20_001],
    ["tools whose names are the same", entries(2000, (index) => entryOf(`X_G${"_".repeat(index)}T`, "{}")), 0, 2001],
    ["toolkits", entries(1000, (index) => entryOf(`K${index}_A`, "{}")), 0, 1001],
  ])("such as many %s are read", async (_, catalogue, messages, tools) => {
    const result = await generateBounded(createFolder(), catalogue, 900);
    expect([result.messages.length, result.tools]).toEqual([messages, tools]);
    for (const message of result.messages.slice(0, 5)) expect(message.length).toBeLessThan(1000);
  });
});
