import { afterAll, describe, expect, it, vi } from "vitest";
import { compile } from "zod/v4/core";
import type * as Facade from "../../runtime/z.js";

type Parser = { safeParse(value: unknown): { success: boolean; error?: { issues: readonly object[] } } };

const BYTES = new Uint8Array([1, 2]);
const ACCEPTED = {
  Blob: () => new Blob([BYTES]),
  File: () => new File([BYTES], "a.bin"),
  ArrayBuffer: () => BYTES.buffer,
  Uint8Array: () => BYTES,
  Buffer: () => Buffer.from("a"),
  ReadableStream: () => new Blob([BYTES]).stream(),
};
const REFUSED = [undefined, null, "bytes", 1, {}, [], new Uint16Array(1), new URL("https://a.example")];

describe.each(["mini", "classic"])("z.binary over %s", async (flavour) => {
  vi.resetModules();
  if (flavour === "classic") vi.doMock("zod/mini", () => import("zod") as Promise<object>);
  const z: typeof Facade = await import("../../runtime/z.js");
  vi.doUnmock("zod/mini");
  const schemas = {
    alone: z.binary(),
    compiled: compile(z.binary() as never, { strict: true }) as object,
  };
  const within = z.looseObject({ file: z.binary(), others: z.optional(z.array(z.binary())) });
  const parse = (schema: object, value: unknown): boolean => (schema as Parser).safeParse(value).success;
  afterAll(() => vi.resetModules());

  it("is of its flavour", () => {
    expect("min" in z.string()).toBe(flavour === "classic");
  });

  it.each(Object.entries(ACCEPTED))("accepts a %s", (_, make) => {
    const value = make();
    for (const schema of Object.values(schemas)) expect(parse(schema, value)).toBe(true);
    expect(parse(within, { file: value, others: [value] })).toBe(true);
    expect(parse(compile(within as never), { file: value })).toBe(true);
  });

  it("refuses everything else, and an absent key", () => {
    for (const value of REFUSED) {
      for (const schema of Object.values(schemas)) expect(parse(schema, value)).toBe(false);
      expect(parse(within, { file: value })).toBe(false);
      expect(parse(compile(within as never), { file: value })).toBe(false);
    }
    expect(parse(within, {})).toBe(false);
    expect(parse(within, { file: BYTES, others: ["a"] })).toBe(false);
  });
});
