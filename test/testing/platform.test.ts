import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from "vitest";
import type { ToolMap } from "../../generated/tool-map.js";
import {
  type Platform,
  PlatformFailure,
  type PlatformHandler,
  type PlatformHandlers,
  PlatformHttpError,
  startPlatform,
} from "../../testing/index.js";
import { compile } from "../../generator/schema/ajv.js";
import { ARGS, type CreateIssueInput, type Issue, snapshot, VERSION } from "../runtime/support.js";

const SLUG = "GITHUB_CREATE_AN_ISSUE";
const GOOD = { user_id: "alice", version: VERSION, arguments: ARGS };

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly error?: unknown; readonly [key: string]: unknown };
}

interface Map {
  GITHUB_CREATE_AN_ISSUE: { input: CreateIssueInput; output: Issue };
}

describe("handlers typed by slug", () => {
  it("receive arguments and return data of the tool", async () => {
    const platform = await startPlatform<Map>({
      snapshot,
      handlers: {
        GITHUB_CREATE_AN_ISSUE: ({ arguments: args, sample }) => {
          expectTypeOf(args).toEqualTypeOf<CreateIssueInput>();
          expectTypeOf(sample).returns.toEqualTypeOf<Issue>();
          return { ...sample(), number: args.title.length };
        },
      },
    });
    await platform.close();
    await expect(
      // @ts-expect-error no such slug
      startPlatform<Map>({ snapshot, handlers: { GITHUB_CREATE_ISSUE: () => ({ number: 1, state: "open" }) } }),
    ).rejects.toThrow("no such tool in the snapshot");
  });

  it("do not compile with data of the wrong type, but may answer with a Response", () => {
    const handlers: PlatformHandlers<Map>[] = [
      // @ts-expect-error data of the wrong type
      { GITHUB_CREATE_AN_ISSUE: () => ({ number: "1", state: "open" }) },
      { GITHUB_CREATE_AN_ISSUE: async ({ arguments: { title } }) => Response.json({ title }) },
    ];
    expect(handlers).toHaveLength(2);
    const whole: PlatformHandlers<ToolMap> = { GITHUB_CREATE_AN_ISSUE: ({ sample }) => sample() };
    expect(whole).toBeDefined();
  });
});

describe("startPlatform", () => {
  const handlers: Record<string, PlatformHandler> = {};
  let platform: Platform;

  beforeAll(async () => {
    platform = await startPlatform({ snapshot, handlers, gone: ["OLD_TOOL"], maxBodyBytes: 2000 });
  });
  afterAll(() => platform.close());

  async function post(
    body: unknown,
    slug = SLUG,
    headers: Record<string, string> = { "x-api-key": platform.apiKey },
    api = "v3.1",
  ): Promise<Answer> {
    const response = await fetch(`${platform.url}/api/${api}/tools/execute/${slug}`, {
      method: "POST",
      headers,
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer["body"] };
  }

  it("answers with sample data that fits the output schema, the same each time", async () => {
    const { status, body } = await post(GOOD);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      error: null,
      successful: true,
      log_id: expect.stringMatching(/^log_\d+$/),
      session_info: null,
    });
    expect(compile(snapshot[0]!.output_parameters)(body)).toBe(true);
    expect((await post(GOOD)).body["data"]).toEqual(body["data"]);
    expect((await post(GOOD, SLUG, undefined, "v3")).body["data"]).toEqual(body["data"]);
  });

  it.each([
    ["no key", GOOD, SLUG, {}, 401],
    ["a wrong key", GOOD, SLUG, { "x-api-key": "nope" }, 401],
    ["two keys", GOOD, SLUG, { "x-api-key": "test-api-key", "x-user-api-key": "test-user-api-key" }, 401],
    ["an unknown tool", GOOD, "NO_SUCH_TOOL", undefined, 404],
    ["a tool that is gone", GOOD, "OLD_TOOL", undefined, 410],
    ["an unknown version", { ...GOOD, version: "20990101_00" }, SLUG, undefined, 404],
    ["no version, which means the base version", { ...GOOD, version: undefined }, SLUG, undefined, 404],
    ["arguments and text", { ...GOOD, text: "a" }, SLUG, undefined, 400],
    ["neither arguments nor text", { ...GOOD, arguments: undefined }, SLUG, undefined, 400],
    ["arguments that are not an object", { ...GOOD, arguments: [] }, SLUG, undefined, 400],
    ["no user and no account", { ...GOOD, user_id: undefined }, SLUG, undefined, 400],
    ["a user id of the wrong type", { ...GOOD, user_id: 5 }, SLUG, undefined, 400],
    ["a body that is not JSON", "{", SLUG, undefined, 400],
    ["a body that is not an object", "[]", SLUG, undefined, 400],
    ["a body that is too large", { ...GOOD, arguments: { ...ARGS, title: "x".repeat(3000) } }, SLUG, undefined, 413],
  ] as const)("refuses %s", async (_, body, slug, headers, status) => {
    const answer = await post(body, slug, headers);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatchObject({
      message: expect.any(String),
      code: expect.any(Number),
      slug: expect.any(String),
      status,
      request_id: answer.headers.get("x-request-id"),
    });
  });

  it("refuses arguments that do not fit, and lists why", async () => {
    const { status, body } = await post({ ...GOOD, arguments: { owner: "acme", repo: 5, milestone: null } });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ errors: ["/ must have required property 'title'", "/repo must be string"] });
  });

  it("takes a user key, latest, custom credentials, and tools without auth", async () => {
    expect((await post(GOOD, SLUG, { "x-user-api-key": platform.userApiKey })).status).toBe(200);
    expect((await post({ ...GOOD, version: "latest" })).status).toBe(200);
    expect((await post({ ...GOOD, user_id: undefined, custom_auth_params: {} })).status).toBe(200);
    expect((await post({ arguments: {} }, "WEATHER_NOW")).status).toBe(200);
  });

  it("lets a handler answer, fail, refuse, break, or send a whole response", async () => {
    handlers[SLUG] = ({ arguments: args, userId, connectedAccountId, version, text, request, slug }) => {
      return { args, userId, connectedAccountId, version, text, slug, agent: request.headers.get("x-agent") };
    };
    const headers = { "x-api-key": platform.apiKey, "x-agent": "a" };
    expect((await post({ ...GOOD, connected_account_id: "ca_1" }, SLUG, headers)).body["data"]).toEqual({
      args: ARGS,
      userId: "alice",
      connectedAccountId: "ca_1",
      version: VERSION,
      slug: SLUG,
      agent: "a",
    });
    handlers[SLUG] = async () => {
      throw new PlatformFailure("Nope", { a: 1 });
    };
    expect(await post(GOOD)).toMatchObject({ status: 200, body: { successful: false, error: "Nope", data: { a: 1 } } });
    handlers[SLUG] = () => {
      throw new PlatformHttpError(429, {
        message: "Slow down",
        code: 9,
        slug: "Rate",
        suggestedFix: "Wait",
        headers: { "retry-after": "3" },
      });
    };
    const limited = await post(GOOD);
    expect(limited).toMatchObject({
      status: 429,
      body: { error: { message: "Slow down", code: 9, slug: "Rate", suggested_fix: "Wait" } },
    });
    expect(limited.headers.get("retry-after")).toBe("3");
    handlers[SLUG] = () => {
      throw new Error("a bug in the handler");
    };
    expect(await post(GOOD)).toMatchObject({ status: 500, body: { error: { message: "a bug in the handler" } } });
    handlers[SLUG] = () => Response.json({ odd: true }, { status: 418 });
    expect(await post(GOOD)).toMatchObject({ status: 418, body: { odd: true } });
    delete handlers[SLUG];
  });

  it("records what it received, in order", async () => {
    const before = platform.requests.length;
    await post(GOOD);
    await post("{", SLUG, {});
    await fetch(`${platform.url}/elsewhere`);
    const [first, second, third] = platform.requests.slice(before);
    expect(first).toMatchObject({
      method: "POST",
      path: `/api/v3.1/tools/execute/${SLUG}`,
      body: GOOD,
      text: JSON.stringify(GOOD),
    });
    expect(second).toMatchObject({ text: "{", body: undefined });
    expect(third).toMatchObject({ method: "GET", path: "/elsewhere" });
  });

  it("gives every one of many requests at once its own ids", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(GOOD)));
    expect(new Set(answers.map(({ body }) => body["log_id"])).size).toBe(20);
  });
});

describe("a snapshot folder", () => {
  it("is read file by file, with the toolkit's no_auth for its tools", async () => {
    const folder = await mkdtemp(join(tmpdir(), "toolbind-snapshot-"));
    try {
      const tools = [{ slug: "WEATHER_NOW", version: VERSION, input_parameters: {}, output_parameters: {} }];
      await writeFile(
        join(folder, "weather.json"),
        JSON.stringify({ toolkit: { slug: "weather", no_auth: true }, tools, trigger_types: [] }),
      );
      await writeFile(join(folder, "openapi.json"), JSON.stringify({ openapi: "3.1.0" }));
      const platform = await startPlatform({ snapshot: folder });
      const response = await fetch(`${platform.url}/api/v3.1/tools/execute/WEATHER_NOW`, {
        method: "POST",
        headers: { "x-api-key": platform.apiKey },
        body: JSON.stringify({ version: VERSION, arguments: {} }),
      });
      expect(await response.json()).toMatchObject({ successful: true, data: {} });
      await platform.close();
      await expect(fetch(platform.url)).rejects.toThrow();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("without the tool of a handler is an error, and close may be called twice", async () => {
    const named = (slug: string) => startPlatform({ snapshot, handlers: { [slug]: () => 1 } });
    await expect(named("GITHUB_CREATE_A_ISSUE")).rejects.toThrow(
      /no such tool.*rename it to GITHUB_CREATE_AN_ISSUE\.$/,
    );
    const platform = await named("GITHUB_CREATE_AN_ISSUE");
    await platform.close();
    await platform.close();
    await expect(startPlatform({ snapshot: "nowhere" })).rejects.toThrow("No tools in nowhere");
  });

  it("without tools is an error", async () => {
    const folder = await mkdtemp(join(tmpdir(), "toolbind-snapshot-"));
    await expect(startPlatform({ snapshot: folder })).rejects.toThrow(/No tools in/);
    await rm(folder, { recursive: true });
  });
});
