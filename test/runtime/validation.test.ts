import { afterAll, beforeAll, describe, expect, expectTypeOf, it, vi } from "vitest";
import * as z from "zod/mini";
import {
  type CallOptions,
  defineTool,
  InputValidationError,
  OutputValidationError,
  type ToolWithOptionalArgs,
} from "../../runtime/index.js";
import { nearest } from "../../runtime/nearest.js";
import { buildSchema, listIssues, validate } from "../../runtime/validation.js";
import * as emitted from "../../runtime/z.js";
import { type Platform, type PlatformHandler, startPlatform } from "../../testing/index.js";
import {
  API_KEY,
  ARGS,
  clientOf,
  type CreateIssueInput,
  createIssue,
  everythingIn,
  failureOf,
  snapshot,
  VERSION,
} from "./support.js";
import en from "zod/v4/locales/en.js";

const issuesOf = (schema: z.ZodMiniType | emitted.Schema, value: unknown, showValues = true) =>
  validate(schema as z.ZodMiniType, value, showValues);
const messages = (schema: z.ZodMiniType | emitted.Schema, value: unknown) =>
  issuesOf(schema, value).map(({ message }) => message);

beforeAll(() => {
  z.config(en());
});

describe("an accepted object", () => {
  const inner = emitted.strictObject({ id: emitted.number() });
  const schema = emitted.looseObject({ inner, note: emitted.optional(emitted.string()) }) as unknown as z.ZodMiniType;

  it("comes back as the same object, with all that it holds", () => {
    const value = Object.freeze({ inner: Object.freeze({ id: 1 }), note: undefined, undeclared: [1] });
    expect(schema.parse(value)).toBe(value);
  });

  it("is judged anew after one that was refused", () => {
    const refused = { inner: { id: "1", more: 1 }, note: 5 };
    const found = () => schema.safeParse(refused).error?.issues.map(({ code, path }) => [code, path.join(".")]);
    const expected = [
      ["invalid_type", "inner.id"],
      ["unrecognized_keys", "inner"],
      ["invalid_type", "note"],
    ];
    expect(found()).toEqual(expected);
    expect(schema.safeParse({ inner: { id: 1 } }).success).toBe(true);
    expect(found()).toEqual(expected);
  });
});

describe("a tool's schema", () => {
  it("tells what it takes and gives to whatever speaks Standard Schema", async () => {
    const { "~standard": standard } = createIssue.input;
    type Types = NonNullable<(typeof standard)["types"]>;
    expectTypeOf<Types["input"]>().toEqualTypeOf<CreateIssueInput>();
    expectTypeOf<Types["output"]>().toEqualTypeOf<CreateIssueInput>();
    expect(await standard.validate(ARGS)).toEqual({ value: ARGS });
    const { issues = [] } = await standard.validate({ ...ARGS, title: 1 });
    expect(issues.map(({ path }) => path)).toEqual([["title"]]);
  });
});

describe("a verdict", () => {
  const { array, integer, looseObject, multipleOf, nullable, optional, record, strictObject, string, tuple, unknown } =
    emitted;
  const sparse: unknown[] = ["a"];
  sparse.length = 3;

  it.each([
    [array(string()), ["a", "b"], true],
    [array(string()), sparse, false],
    [looseObject({ a: unknown() }), {}, false],
    [looseObject({ a: unknown() }), { a: null }, true],
    [looseObject({ a: optional(string()) }), { a: undefined }, true],
    [looseObject({ a: optional(string()) }), { a: null }, false],
    [looseObject({ a: nullable(string()) }), { a: null, b: 1 }, true],
    [looseObject({ a: nullable(string()) }), {}, false],
    [looseObject({ a: integer() }), { a: 1e20 }, true],
    [looseObject({ a: integer() }), { a: 1.5 }, false],
    [looseObject({}), [], false],
    [strictObject({ a: string() }), { a: "a" }, true],
    [strictObject({ a: string() }), { a: "a", b: 1 }, false],
    [looseObject({ in: strictObject({ a: string() }) }), { in: { a: "a", b: 1 } }, false],
    [tuple([optional(string()), optional(unknown())], string()), ["a"], true],
    [tuple([optional(string()), optional(unknown())], string()), ["a", undefined, "b"], true],
    [tuple([optional(string()), optional(unknown())], string()), [undefined, 1], false],
    [tuple([optional(string()), optional(unknown())], string()), sparse, false],
    [tuple([optional(string())]), [undefined], false],
    [record(string(), string()), Object.defineProperty({}, "__proto__", { value: undefined, enumerable: true }), true],
    [multipleOf(0.1), Infinity, false],
    [multipleOf(0.1), NaN, false],
  ] as const)("%#: is the same with its reasons and without", (schema, value, expected) => {
    const judge = schema as never as z.ZodMiniType;
    expect(judge.safeParse(value).success).toBe(expected);
    expect(buildSchema(() => schema).safeParse(value).success).toBe(expected);
    expect(z.array(judge).safeParse([value]).success).toBe(expected);
    expect(z.validate(z.compile(judge), value)).toBe(expected);
  });

  it("is not all that a schema is for: zod tells integers from numbers in the JSON Schema that it makes", () => {
    const count = emitted.check(integer(), emitted.gte(1));
    const { properties } = z.toJSONSchema(looseObject({ count, size: emitted.number() }) as never);
    expect(properties).toEqual({ count: { type: "integer", minimum: 1 }, size: { type: "number" } });
  });

  it("on a required key that is undefined is that it is missing, also where any value would do", () => {
    for (const schema of [looseObject({ a: unknown() }), strictObject({ a: nullable(unknown()) })]) {
      for (const value of [{}, { a: undefined }]) {
        const { error } = buildSchema(() => schema).safeParse(value);
        expect(error?.issues).toMatchObject([{ path: ["a"], expected: "nonoptional" }]);
      }
    }
  });

  it("of a schema that many tools share is made ready once", () => {
    const schema = looseObject({ a: string() });
    const { safeParse } = buildSchema(() => schema);
    expect(buildSchema(() => schema).safeParse).toBe(safeParse);
  });

  it("gives the value itself, not a copy", () => {
    const value = { list: [{ a: 1 }] };
    const { data } = buildSchema(() => looseObject({ list: array(looseObject({})) })).safeParse(value);
    expect(data).toBe(value);
  });
});

describe("an issue", () => {
  it("names the path, what was expected and what came", () => {
    const schema = z.looseObject({ labels: z.array(z.looseObject({ "a/b": z.string() })) });
    expect(issuesOf(schema, { labels: [{ "a/b": 5 }] })).toEqual([
      {
        path: ["labels", 0, "a/b"],
        pointer: "/labels/0/a~1b",
        message: "/labels/0/a~1b: expected string, received number 5",
        expected: "string",
        received: "number 5",
      },
    ]);
  });

  it.each([
    [z.int(), "x", '(root): expected number, received string "x"'],
    [emitted.integer() as never as z.ZodMiniType, 1.5, "(root): expected integer, received number 1.5"],
    [z.string(), null, "(root): expected string, received null"],
    [z.string(), [1, 2], "(root): expected string, received array of 2"],
    [z.string(), {}, "(root): expected string, received object"],
    [z.number(), NaN, "(root): expected number, received number NaN"],
    [z.record(z.string(), z.string()), 1, "(root): expected object, received number 1"],
    [z.string().check(z.maxLength(2)), "abc", '(root): expected string of length <=2, received string "abc"'],
    [z.number().check(z.gte(3)), 2, "(root): expected number >=3, received number 2"],
    [z.enum(["open", "closed"]), "opn", '(root): expected one of "open","closed", received string "opn"'],
    [z.string().check(z.regex(/^a/)), "b", '(root): expected to match pattern /^a/, received string "b"'],
    [z.string(), "long".repeat(20), undefined],
    [z.number(), "long".repeat(20), "(root): expected number, received string"],
  ] as const)("%#: reads well", (schema, value, message) => {
    expect(messages(schema, value)).toEqual(message === undefined ? [] : [message]);
  });

  it("has its own path where a schema that is referred to is asked twice of one value", () => {
    const item = emitted.lazy(() => emitted.looseObject({ size: emitted.number() }));
    const schema = emitted.looseObject({ list: emitted.array(emitted.allOf([item, item])) }) as never as z.ZodMiniType;
    const path = ["list", 0, "size"];
    expect(issuesOf(schema, { list: [{ size: "s" }] })).toMatchObject([{ path }, { path }]);
    const twice = emitted.lazy(() => emitted.allOf([emitted.array(item), emitted.array(item)]));
    const both = emitted.looseObject({ list: twice }) as never as z.ZodMiniType;
    expect(issuesOf(both, { list: [{ size: "s" }] })).toMatchObject([{ path }, { path }]);
  });

  it("says missing for an absent key, and suggests the misspelt one", () => {
    const schema = emitted.looseObject({
      title: emitted.string(),
      per_page: emitted.number(),
      owner: emitted.string(),
    });
    expect(messages(schema, { titel: "a", perPage: 1, owner: "b" })).toEqual([
      '/title: expected string, received missing (rename "titel"?)',
      '/per_page: expected number, received missing (rename "perPage"?)',
    ]);
    expect(issuesOf(schema, { title: "a", per_page: 1, body: "b" })).toMatchObject([{ received: "missing" }]);
    expect(issuesOf(schema, { title: "a", per_page: 1, body: "b" })[0]).not.toHaveProperty("suggestion");
  });

  it("suggests within arrays, tuples, optionals and alternatives", () => {
    const inner = emitted.looseObject({ kind: emitted.literal(["a"]), number: emitted.integer() });
    const schema = emitted.looseObject({
      list: emitted.optional(emitted.array(emitted.nullable(inner))),
      pair: emitted.optional(emitted.tuple([inner])),
      either: emitted.optional(emitted.union([inner, emitted.string()])),
    });
    const wrong = { kind: "a", nubmer: 1 };
    for (const value of [{ list: [wrong] }, { pair: [wrong] }, { either: wrong }]) {
      expect(issuesOf(schema, value)).toMatchObject([{ suggestion: 'rename "nubmer"' }]);
    }
  });

  it("names a key that is not declared, and the nearest one", () => {
    const schema = emitted.strictObject({
      title: emitted.optional(emitted.string()),
      body: emitted.optional(emitted.string()),
    });
    expect(messages(schema, { tilte: "a", zzz: 1 })).toEqual([
      '/tilte: expected no such key, received string "a" (use "title"?)',
      "/zzz: expected no such key, received number 1",
    ]);
    // Not what every object inherits.
    expect(messages(schema, { tilte: "a", constructor: 1, toString: 2 }).slice(1)).toEqual([
      "/constructor: expected no such key, received number 1",
      "/toString: expected no such key, received number 2",
    ]);
  });

  it("of alternatives speaks for the closest one", () => {
    const { array, integer, literal, looseObject, number, string, union } = emitted;
    const schema = union([
      looseObject({ type: literal(["user"]), name: string(), age: integer() }),
      looseObject({ type: literal(["team"]), members: array(string()) }),
    ]);
    expect(messages(schema, { type: "team", members: "all" })).toEqual([
      '/members: expected array, received string "all" (closest of 2 alternatives: number 2)',
    ]);
    expect(messages(schema, 5)).toEqual(["(root): expected object, received number 5"]);
    expect(messages(union([string(), number(), emitted.null()]), true)).toEqual([
      "(root): expected string or number or null, received boolean true",
    ]);
  });

  it("of alternatives that a value in them tells apart lists the values of all", () => {
    const { anyOf, literal, looseObject, nullable, oneOf, string, union } = emitted;
    const options = [
      looseObject({ kind: literal(["text"]), text: string() }),
      looseObject({ kind: emitted.enum(["image", "photo"]), url: string() }),
      looseObject({ kind: literal(["photo"]), path: string() }),
    ];
    const known = 'one of "text","image","photo"';
    for (const schema of [union(options), anyOf(options), oneOf(options)]) {
      expect(messages(schema, { kind: "video" })).toEqual([`/kind: expected ${known}, received string "video"`]);
      const held = looseObject({ at: nullable(schema) });
      expect(messages(held, { at: { url: "" } })).toEqual([`/at/kind: expected ${known}, received missing`]);
      expect(messages(held, { at: { kind: "image" } })).toEqual([
        "/at/url: expected string, received missing (closest of 3 alternatives: number 2)",
      ]);
    }
    const misspelt = messages(union(options), { knid: "text", url: "" });
    expect(misspelt).toEqual([`/kind: expected ${known}, received missing (rename "knid"?)`]);
    const one = union([literal(["a"]), literal(["b"])]);
    expect(messages(one, "c")).toEqual(['(root): expected one of "a","b", received string "c"']);
  });

  it("names a key that no keyword allows, and the nearest one", () => {
    const { allOf, fields, never, string, type, unevaluated } = emitted;
    const ownFields = fields({ properties: { title: string() }, patterns: [[/^x-/, string()]], rest: never() });
    const parts = allOf([type("object"), fields({ properties: { title: string() } }), type("object")]);
    for (const schema of [ownFields, unevaluated({ properties: never() }, parts)]) {
      expect(messages(schema, { tilte: "a", zzz: 1 })).toEqual([
        '/tilte: expected no such key, received string "a" (use "title"?)',
        "/zzz: expected no such key, received number 1",
      ]);
    }
    expect(messages(fields({ properties: { gone: never() } }), { gone: 1 })).toEqual([
      "/gone: expected nothing, received number 1",
    ]);
  });

  it("names a key that may not be called so, and the nearest one that may", () => {
    const { check, propertyNames, regex, string } = emitted;
    expect(messages(propertyNames(emitted.enum(["alpha", "beta"])), { alpa: 1 })).toEqual([
      '/alpa: expected a key that is one of "alpha","beta", received string "alpa" (use "alpha"?)',
    ]);
    expect(issuesOf(propertyNames(check(string(), regex(/^x/))), { y: 1 }, false)).toMatchObject([
      { path: ["y"], received: "string", message: expect.stringContaining("/y: expected a key that ") as string },
    ]);
  });

  it("names a key that is missing beside another one, and the nearest one", () => {
    const schema = emitted.dependentRequired([["card", ["billing_address", "name"]]]);
    expect(messages(schema, { card: 1, billingAddress: 2 })).toEqual([
      '/billing_address: expected a value beside card, received missing (rename "billingAddress"?)',
      "/name: expected a value beside card, received missing",
    ]);
  });

  it("of alternatives takes the one of which a key is misspelt for the closest", () => {
    const schema = emitted.union([
      emitted.looseObject({ id: emitted.number() }),
      emitted.looseObject({ email: emitted.string() }),
    ]);
    expect(messages(schema, { e_mail: "a" })).toEqual([
      '/email: expected string, received missing (rename "e_mail"?) (closest of 2 alternatives: number 2)',
    ]);
  });

  it("of alternatives tells, in zod's own message, what belongs in them from what belongs in their members", () => {
    const { anyOf, looseObject, number, string, union } = emitted;
    for (const alternatives of [union, anyOf]) {
      const who = alternatives([string(), looseObject({ id: looseObject({ at: number() }) })]);
      const { error } = buildSchema(() => looseObject({ who })).safeParse({ who: { id: { at: "x" } } });
      expect(error?.issues).toMatchObject([{ path: ["who"], expected: "string or number at id.at" }]);
    }
  });

  it("of alternatives that exclude each other says so", () => {
    expect(messages(emitted.oneOf([emitted.string(), emitted.string()]), "a")).toEqual([
      '(root): expected exactly one alternative to fit, received string "a"',
    ]);
  });

  it("shows the keyword and the expectation of a custom check", () => {
    const schema = z.unknown().check(({ value, issues }) => {
      const params = { keyword: "minItems", expected: "at least 2 items" };
      issues.push({ code: "custom", input: value, message: "Invalid input", params });
    });
    expect(messages(schema, [1])).toEqual(["(root): expected at least 2 items, received array of 1"]);
  });

  it.each(["password", "api_key", "accessToken", "client_secret", "Authorization"])(
    "never shows a value under %s",
    (name) => {
      const schema = z.looseObject({ auth: z.looseObject({ [name]: z.number() }) });
      expect(JSON.stringify(issuesOf(schema, { auth: { [name]: "hunter2" } }))).not.toContain("hunter2");
    },
  );

  it("shows no values of data", () => {
    expect(issuesOf(z.number(), "alice@example.com", false)).toMatchObject([{ received: "string" }]);
  });
});

describe("a list of issues", () => {
  it("says once what several schemas found", () => {
    const object = emitted.looseObject({ a: emitted.string() });
    expect(listIssues(issuesOf(emitted.allOf([object, object]), 5))).toBe("(root): expected object, received number 5");
  });

  it("is cut after ten", () => {
    const schema = z.array(z.string());
    const lines = listIssues(
      issuesOf(
        schema,
        Array.from({ length: 12 }, (_, at) => at),
      ),
    ).split("\n");
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toBe("  and 2 more");
  });
});

describe("nearest", () => {
  it.each([
    ["titel", ["title", "body"], "title"],
    ["perPage", ["page", "per_page"], "per_page"],
    ["ownr", ["owner"], "owner"],
    ["repository_nmae", ["repository_name"], "repository_name"],
    ["a", ["b"], undefined],
    ["zebra", ["title"], undefined],
    ["x".repeat(10_000), ["x"], undefined],
    ["", ["a"], undefined],
  ])("%#: finds what was meant", (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });
});

describe("a call's arguments and data", () => {
  const handlers: Record<string, PlatformHandler> = {};
  let platform: Platform;

  beforeAll(async () => {
    platform = await startPlatform({ snapshot, handlers, apiKey: API_KEY });
  });
  afterAll(() => platform.close());

  it("are refused before anything is sent, every place in the message", async () => {
    const before = platform.requests.length;
    const args = { owner: "acme", repo: 5, titel: "x" } as never;
    const error = (await failureOf(createIssue(args, { client: clientOf(platform.url) }))) as InputValidationError;
    expect(error).toBeInstanceOf(InputValidationError);
    expect(error).toMatchObject({
      code: "TB5010",
      toolSlug: "GITHUB_CREATE_AN_ISSUE",
      version: VERSION,
      retryable: false,
    });
    expect(error.issues.map(({ pointer }) => pointer)).toEqual(["/repo", "/title"]);
    expect(error.message).toMatch(
      /^GITHUB_CREATE_AN_ISSUE was given invalid arguments: \n {2}\/repo: expected string, received number 5\n {2}\/title: .*rename "titel"/,
    );
    expect(error.message).toMatch(/Fix: .+\.$/);
    expect(platform.requests.length).toBe(before);
  });

  it("are judged as they are sent: keys that are undefined are not there", async () => {
    handlers["GITHUB_CREATE_AN_ISSUE"] = () => ({ number: 1, state: "open" });
    const strict = defineTool<ToolWithOptionalArgs<object, unknown>>("GITHUB_CREATE_AN_ISSUE", () => ({
      toolkit: "github",
      version: VERSION,
      description: "",
      input: () => {
        const { array, catchall, number, optional, record, strictObject, string } = emitted;
        const list = optional(array(record(string(), string())));
        const closed = optional(strictObject({ a: number() }));
        return catchall({ list, closed, gone: optional(number()) }, string());
      },
      output: emitted.unknown,
    }));
    const args = {
      ...ARGS,
      gone: undefined,
      extra: undefined,
      list: [{ a: "b", c: undefined }],
      closed: { a: 1, b: undefined },
    };
    await strict(args, { client: clientOf(platform.url) });
    const sent = { ...ARGS, list: [{ a: "b" }], closed: { a: 1 } };
    expect(platform.requests.at(-1)?.body).toMatchObject({ arguments: sent });
    expect(args).toHaveProperty("extra");
  });

  it("that are not valid JSON are refused, even without validation", async () => {
    const cycle: Record<string, unknown> = { ...ARGS };
    cycle["self"] = cycle;
    for (const validate of [{}, { input: "off" }] satisfies CallOptions["validate"][]) {
      for (const args of [cycle, { ...ARGS, big: 1n }]) {
        const error = await failureOf(createIssue(args as never, { client: clientOf(platform.url), validate }));
        expect(error).toMatchObject({ code: "TB5010", issues: [] });
      }
    }
  });

  it("that drift are handed over, reported once for each place, and never thrown", async () => {
    handlers["GITHUB_CREATE_AN_ISSUE"] = () => ({ number: "7", state: "new" });
    const onDrift = vi.fn(() => {
      throw new Error("a broken hook");
    });
    const client = clientOf(platform.url, { onDrift });
    const response = await createIssue.withResponse(ARGS, { client });
    expect(response.data).toEqual({ number: "7", state: "new" });
    expect(response.drift.map(({ pointer }) => pointer)).toEqual(["/number", "/state"]);
    expect(onDrift.mock.calls).toMatchObject([
      [{ slug: "GITHUB_CREATE_AN_ISSUE", version: VERSION, issues: [{}, {}] }],
    ]);
    await createIssue(ARGS, { client: client.forUser("bob") });
    expect(onDrift).toHaveBeenCalledTimes(1);
    handlers["GITHUB_CREATE_AN_ISSUE"] = () => 5;
    await createIssue(ARGS, { client });
    expect(onDrift).toHaveBeenCalledTimes(2);
  });

  it("count all items of an array as one place", async () => {
    const list = defineTool<ToolWithOptionalArgs<object, unknown>>("GITHUB_CREATE_AN_ISSUE", () => ({
      toolkit: "github",
      version: VERSION,
      description: "",
      input: () => z.unknown() as never,
      output: () => z.array(z.looseObject({ id: z.int() })) as never,
    }));
    handlers["GITHUB_CREATE_AN_ISSUE"] = () => [{ id: "a" }, { id: "b" }];
    const onDrift = vi.fn();
    await list(ARGS, { client: clientOf(platform.url, { onDrift }) });
    expect(onDrift.mock.calls).toMatchObject([[{ issues: [{ pointer: "/0/id" }] }]]);
  });

  it("that drift throw when output is strict, with the data as it came", async () => {
    handlers["GITHUB_CREATE_AN_ISSUE"] = () => ({ number: "7", state: "open" });
    const error = await failureOf(
      createIssue(ARGS, { client: clientOf(platform.url), validate: { output: "strict" } }),
    );
    expect(error).toBeInstanceOf(OutputValidationError);
    expect(error).toMatchObject({
      code: "TB5011",
      data: { number: "7", state: "open" },
      issues: [{ pointer: "/number" }],
      status: 200,
      attempts: 1,
      logId: expect.stringMatching(/^log_/),
    });
    expect(error.headers?.get("content-type")).toContain("json");
    expect(error).not.toHaveProperty("drift");
    expect(error.message).not.toContain('"7"');
  });

  it("are not looked at when output is off", async () => {
    handlers["GITHUB_CREATE_AN_ISSUE"] = () => ({ number: "7" });
    const response = await createIssue.withResponse(ARGS, {
      client: clientOf(platform.url),
      validate: { output: "off" },
    });
    expect(response).toMatchObject({ data: { number: "7" }, drift: [] });
  });

  it("under secret names stay out of errors", async () => {
    const args = { ...ARGS, title: undefined, access_token: "hunter2hunter2" } as never;
    expect(everythingIn(await failureOf(createIssue(args, { client: clientOf(platform.url) })))).not.toContain(
      "hunter2",
    );
  });
});
