import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { localeError } from "../../runtime/messages.js";
import { validate } from "../../runtime/validation.js";

describe("messages", () => {
  const before = z.config().localeError;
  beforeAll(() => {
    z.config({ localeError: localeError as never });
  });
  afterAll(() => {
    z.config({ localeError: before });
  });

  it.each([
    [z.string(), null, "Invalid input: expected string, received null", "string"],
    [z.array(z.string()), {}, "Invalid input: expected array, received object", "array"],
    [z.string(), [], "Invalid input: expected string, received array", "string"],
    [z.enum(["a", "b"]), "c", 'Invalid option: expected one of "a"|"b"', 'one of "a"|"b"'],
    [z.literal(5), 6, "Invalid option: expected one of 5", "one of 5"],
    [
      z.string().check(z.minLength(2)),
      "a",
      "Too small: expected string to have >=2 characters",
      "string to have >=2 characters",
    ],
    [
      z.array(z.int()).check(z.maxLength(0)),
      [1],
      "Too big: expected array to have <=0 items",
      "array to have <=0 items",
    ],
    [z.number().check(z.gt(0)), 0, "Too small: expected number to be >0", "number to be >0"],
    [z.number().check(z.lte(-1)), 0, "Too big: expected number to be <=-1", "number to be <=-1"],
    [z.string().check(z.regex(/^a/)), "b", "Invalid string: must match pattern /^a/", "to match pattern /^a/"],
    [z.number().check(z.multipleOf(5)), 6, "Invalid number: must be a multiple of 5", "to be a multiple of 5"],
    [z.strictObject({}), { a: 1 }, 'Unrecognized keys: "a"', "no such key"],
    [z.union([z.string(), z.number()]), true, "Invalid input", "string or number"],
  ] as const)("%#: are zod's, and tell what was expected", (schema, value, message, expected) => {
    expect(z.safeParse(schema as z.ZodMiniType, value).error?.issues).toMatchObject([{ message }]);
    expect(validate(schema, value, true)).toMatchObject([{ expected }]);
  });
});
