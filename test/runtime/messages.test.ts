import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { localeError, validate } from "../../runtime/validation.js";
import * as emitted from "../../runtime/z.js";

describe("messages", () => {
  const before = z.config().localeError;
  beforeAll(() => {
    z.config({ localeError: localeError as never });
  });
  afterAll(() => {
    z.config({ localeError: before });
  });

  it.each([
    [z.string(), null, "string, received null", "string"],
    [z.array(z.string()), {}, "array, received object", "array"],
    [z.string(), [], "string, received array of 0", "string"],
    [z.looseObject({ a: z.string() }), {}, "string, received missing", "string"],
    [z.record(z.string(), z.string()), 5, "object, received number", "object"],
    [z.enum(["a", "b"]), "c", 'one of "a","b", received string', 'one of "a","b"'],
    [z.literal(5), 6, "one of 5, received number", "one of 5"],
    [z.string().check(z.minLength(2)), "a", "string of length >=2, received string", "string of length >=2"],
    [z.array(z.int()).check(z.maxLength(0)), [1], "array of length <=0, received array of 1", "array of length <=0"],
    [z.number().check(z.gt(0)), 0, "number >0, received number", "number >0"],
    [z.number().check(z.lte(-1)), 0, "number <=-1, received number", "number <=-1"],
    [z.string().check(z.regex(/^a/)), "b", "to match pattern /^a/, received string", "to match pattern /^a/"],
    [emitted.multipleOf(5), 6, "to be a multiple of 5, received number", "to be a multiple of 5"],
    [emitted.strictObject({}), { a: 1 }, 'no key "a", received object', "no such key"],
    [
      emitted.union([emitted.string(), emitted.number()]),
      true,
      "string or number, received boolean",
      "string or number",
    ],
  ] as const)("%#: tell what was expected and what came", (schema, value, message, expected) => {
    expect(z.safeParse(schema as z.ZodMiniType, value).error?.issues).toMatchObject([
      { message: `Invalid input: expected ${message}` },
    ]);
    expect(validate(schema as z.ZodMiniType, value, true)).toMatchObject([{ expected }]);
  });

  it("say no value, which may be secret", () => {
    const { error } = z.safeParse(z.number(), "s3cret");
    expect(error?.issues[0]?.message).not.toContain("s3cret");
  });
});
