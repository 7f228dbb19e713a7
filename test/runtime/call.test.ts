import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it } from "vitest";
import {
  type ResponseEnvelope,
  type SafeResult,
  ToolExecutionError,
  type ToolWithOptionalArgs,
} from "../../runtime/index.js";
import { type Platform, PlatformFailure, type PlatformHandler, startPlatform } from "../../testing/index.js";
import { API_KEY, ARGS, clientOf, createIssue, failureOf, type Issue, snapshot, VERSION, weather } from "./support.js";

describe("a call", () => {
  const handlers: Record<string, PlatformHandler> = {};
  let platform: Platform;
  const sent = () => platform.requests.at(-1)?.body as Record<string, unknown>;

  beforeAll(async () => {
    platform = await startPlatform({ snapshot, handlers, apiKey: API_KEY });
  });
  beforeEach(() => {
    handlers["GITHUB_CREATE_AN_ISSUE"] = () => ({ number: 7, state: "open", extra: true });
  });
  afterAll(() => platform.close());

  it("resolves to the data, unknown keys kept, with exactly one request", async () => {
    const before = platform.requests.length;
    const issue = await createIssue(ARGS, { client: clientOf(platform.url) });
    expect(issue).toEqual({ number: 7, state: "open", extra: true });
    expectTypeOf(issue).toEqualTypeOf<Issue>();
    expect(platform.requests.length - before).toBe(1);
  });

  it("posts to the execute endpoint with the key, the pin and the user", async () => {
    await createIssue(ARGS, { client: clientOf(platform.url), headers: { "X-Trace": "t1" } });
    const { method, path, headers } = platform.requests.at(-1)!;
    expect([method, path]).toEqual(["POST", "/api/v3.1/tools/execute/GITHUB_CREATE_AN_ISSUE"]);
    expect(headers).toMatchObject({
      "x-api-key": API_KEY,
      "content-type": "application/json",
      accept: "application/json",
      "x-trace": "t1",
    });
    expect(sent()).toEqual({ user_id: "alice", version: VERSION, arguments: ARGS });
  });

  it("sends the arguments as given: no defaults, undefined left out, null kept", async () => {
    const args = { ...ARGS, labels: undefined, milestone: null } as never;
    await createIssue(args, { client: clientOf(platform.url) });
    expect(sent()["arguments"]).toEqual({ ...ARGS, milestone: null });
  });

  it("treats absent arguments as an empty object", async () => {
    const client = clientOf(platform.url, { dangerouslySkipVersionCheck: true });
    await weather(undefined, { client });
    expect(sent()["arguments"]).toEqual({});
    await weather.safe(undefined, { client });
    await weather.withResponse(undefined, { client });
    expect(sent()["arguments"]).toEqual({});
  });

  it("sends custom credentials as the platform spells them", async () => {
    const { userId: _, ...anonymous } = { userId: "alice" };
    await createIssue(ARGS, {
      client: clientOf(platform.url, anonymous),
      customAuthParams: {
        baseUrl: "https://ghe.acme.com",
        parameters: [{ name: "x-token", in: "header", value: "v" }],
      },
      customConnectionData: {
        authScheme: "OAUTH2",
        toolkitSlug: "github",
        val: { access_token: "t", subdomain: "acme" },
      },
    });
    expect(sent()).toMatchObject({
      custom_auth_params: {
        base_url: "https://ghe.acme.com",
        parameters: [{ name: "x-token", in: "header", value: "v" }],
      },
      custom_connection_data: {
        authScheme: "OAUTH2",
        toolkitSlug: "github",
        val: { access_token: "t", subdomain: "acme" },
      },
    });
  });

  it("withResponse tells what came beside the data", async () => {
    const response = await createIssue.withResponse(ARGS, { client: clientOf(platform.url) });
    expectTypeOf(response).toEqualTypeOf<ResponseEnvelope<Issue>>();
    expect(response).toMatchObject({
      data: { number: 7 },
      sessionInfo: null,
      status: 200,
      attempts: 1,
      drift: [],
    });
    expect(response.logId).toMatch(/^log_\d+$/);
    expect(response.requestId).toMatch(/^req_\d+$/);
    expect(response.headers.get("content-type")).toMatch("application/json");
    expect(response.durationMs).toBeGreaterThan(0);
  });

  it("safe resolves to a union that successful tells apart", async () => {
    const client = clientOf(platform.url);
    const good: SafeResult<Issue> = await createIssue.safe(ARGS, { client });
    expect(good).toMatchObject({ successful: true, data: { number: 7 }, status: 200 });
    const bad = await createIssue.safe({ owner: "acme" } as never, { client });
    expect(bad.successful).toBe(false);
    if (!bad.successful) expect(bad.error.code).toBe("TB5010");
  });

  it("turns successful: false into a ToolExecutionError with the tool's words, data and log id", async () => {
    handlers["GITHUB_CREATE_AN_ISSUE"] = () => {
      throw new PlatformFailure("Issues are disabled for this repo", { hint: 1 });
    };
    const error = await failureOf(createIssue(ARGS, { client: clientOf(platform.url) }));
    expect(error).toBeInstanceOf(ToolExecutionError);
    expect(error).toMatchObject({
      code: "TB5030",
      status: 200,
      error: "Issues are disabled for this repo",
      data: { hint: 1 },
      logId: expect.stringMatching(/^log_/),
      toolSlug: "GITHUB_CREATE_AN_ISSUE",
      version: VERSION,
      retryable: false,
    });
    expect(error.message).toMatch(
      /^GITHUB_CREATE_AN_ISSUE failed: Issues are disabled for this repo\. Fix: .*log_\d+\.$/,
    );
  });

  it("never guesses failure from the data", async () => {
    handlers["GITHUB_CREATE_AN_ISSUE"] = () => ({
      number: 1,
      state: "open",
      error: "boom",
      successful: false,
      successfull: false,
    });
    await expect(createIssue(ARGS, { client: clientOf(platform.url) })).resolves.toMatchObject({ error: "boom" });
  });

  it("fromText sends the text and no arguments", async () => {
    await createIssue.fromText("report the broken link", { client: clientOf(platform.url) });
    expect(sent()).toEqual({ user_id: "alice", version: VERSION, text: "report the broken link" });
    const before = platform.requests.length;
    const error = await failureOf(createIssue.fromText(" ", { client: clientOf(platform.url) }));
    expect(error.code).toBe("TB5010");
    expect(platform.requests.length).toBe(before);
  });

  it("encodes the slug into the path", async () => {
    const { defineTool } = await import("../../runtime/index.js");
    const odd = defineTool<ToolWithOptionalArgs<object, unknown>>("A/../B?x", () => ({
      toolkit: "a",
      version: VERSION,
      description: "",
      input: weather.input as never,
      output: weather.output as never,
    }));
    await failureOf(odd({}, { client: clientOf(platform.url), validate: { input: "off", output: "off" } }));
    expect(platform.requests.at(-1)?.path).toBe("/api/v3.1/tools/execute/A%2F..%2FB%3Fx");
  });
});
