import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ClientOptions, type LogEntry, logging, suggestFixes, ToolbindCallError } from "../../runtime/index.js";
import { createMockClient, type Platform, PlatformHttpError, startPlatform } from "../../testing/index.js";
import { done, scripted, toolWith } from "./fake.js";
import { API_KEY, ARGS, clientOf, createIssue, failureOf, snapshot, VERSION } from "./support.js";

const SLUG = "GITHUB_CREATE_AN_ISSUE";
const OLD = "20250101_00";
const release = (version: string, slugs: readonly string[]) => ({
  toolkit: { slug: "github", meta: { version } },
  tools: slugs.map((slug) => ({ ...snapshot[0]!, slug, version, available_versions: [version] })),
});
const missing = new PlatformHttpError(400, {
  message: "No connected account found for user alice",
  code: 1803,
  slug: "ActionExecute_ConnectedAccountNotFound",
  suggestedFix: "Provide a connected account",
});
const gone = new PlatformHttpError(410, { message: "Tool is gone", slug: "Tool_ToolGone" });

let platform: Platform;
let failure: Error;
let newest: readonly string[];
async function start(): Promise<void> {
  const snapshots = [release(OLD, [SLUG]), release(VERSION, newest)];
  const answer = () => {
    throw failure;
  };
  platform = await startPlatform({ snapshot: snapshots, apiKey: API_KEY, handlers: { [SLUG]: answer } });
}
beforeEach(() => {
  failure = missing;
  newest = [SLUG];
});
afterEach(() => platform.close());

async function failing(options: Parameters<typeof suggestFixes>[0] = {}, more: ClientOptions = {}) {
  await start();
  const client = clientOf(platform.url, { ...more, use: [...(more.use ?? []), suggestFixes(options)] });
  const error = await failureOf(createIssue(ARGS, { client, idempotencyKey: "order-7" }));
  return { error, asked: platform.requests.slice(1).map(({ method, path, search }) => `${method} ${path}${search}`) };
}

describe("a missing connection", () => {
  it("comes with a link to make one, in the message and beside it", async () => {
    const { error, asked } = await failing({ authConfigs: { github: "ac_1" }, callbackUrl: "https://acme.test/done" });
    const link = "https://connect.test/lk_ac_1_alice";
    expect(error).toBeInstanceOf(ToolbindCallError);
    expect(error).toMatchObject({ code: "TB5400", apiCode: 1803, connectLink: link });
    expect(error.message).toBe(
      `${SLUG} failed with 400: No connected account found for user alice. ` +
        `Fix: open ${link} to connect github, then call again.`,
    );
    expect(asked).toEqual(["POST /api/v3.1/connected_accounts/link"]);
    const { headers, body } = platform.requests[1]!;
    expect(body).toEqual({ auth_config_id: "ac_1", user_id: "alice", callback_url: "https://acme.test/done" });
    expect(headers["x-api-key"]).toBe(API_KEY);
    expect(headers["idempotency-key"]).toBeUndefined();
  });

  it("comes with it where `fetch` must not be called as a method, as in browsers", async () => {
    const fetch = function (this: unknown, ...given: Parameters<typeof globalThis.fetch>): Promise<Response> {
      if (this !== undefined) throw new TypeError("Illegal invocation");
      return globalThis.fetch(...given);
    };
    const { error } = await failing({ authConfigs: { github: "ac_1" } }, { fetch: fetch as never });
    expect(error).toMatchObject({ connectLink: "https://connect.test/lk_ac_1_alice" });
  });

  it("costs no request where no link can be made", async () => {
    for (const [options, more] of [
      [{}, {}],
      [{ authConfigs: { slack: "ac_1" } }, {}],
      [{ authConfigs: { github: "ac_1" } }, { userId: "", connectedAccountId: "ca_1" }],
      [{ authConfigs: { github: "ac_1" }, scope: { toolkits: ["slack"] } }, {}],
    ] as const) {
      const { error, asked } = await failing(options, more);
      expect(error.message).toContain("Fix: Provide a connected account.");
      expect(asked).toEqual([]);
      await platform.close();
    }
    await start();
  });

  it("stays what it is where the link is refused, or none that a browser opens", async () => {
    const answers = [
      () => new Response("no", { status: 500 }),
      () => Response.json({ redirect_url: "javascript:alert(1)" }, { status: 201 }),
      () => Promise.reject(new Error("reset")),
    ];
    for (const answer of answers) {
      const { error } = await failing(
        { authConfigs: { github: "ac_1" } },
        { fetch: (url, init) => (url.endsWith("/link") ? Promise.resolve(answer()) : fetch(url, init)) },
      );
      expect(error).toMatchObject({ code: "TB5400" });
      expect(error.connectLink).toBeUndefined();
      expect(error.message).toContain("Fix: Provide a connected account.");
      await platform.close();
    }
    await start();
  });
});

it("a failure is no longer asked about once the call's signal ends it, also where fetch does not listen", async () => {
  await start();
  const controller = new AbortController();
  const client = clientOf(platform.url, {
    use: [suggestFixes({ authConfigs: { github: "ac_1" } })],
    fetch: (url, init) => {
      if (!url.endsWith("/link")) return fetch(url, init as RequestInit);
      controller.abort();
      return new Promise(() => {});
    },
  });
  const error = await failureOf(createIssue(ARGS, { client, signal: controller.signal }));
  expect(error).toMatchObject({ code: "TB5400" });
});

describe("a tool that is gone", () => {
  it("is reported with the newest version that has it", async () => {
    failure = gone;
    const { error, asked } = await failing();
    expect(error.message).toBe(
      `${SLUG} failed with 410: Tool is gone. ` +
        `Fix: run toolbind upgrade github --write, or pass version ${VERSION}, which has the tool.`,
    );
    expect(asked).toEqual([`GET /api/v3.1/tools/${SLUG}?version=latest`]);
  });

  it("is reported with the newest version of the toolkit, if that no longer has it", async () => {
    failure = gone;
    newest = ["GITHUB_OTHER"];
    const { error, asked } = await failing();
    expect(error.message).toContain(`Fix: its newest version, ${VERSION}, lacks this tool: toolbind upgrade github`);
    expect(asked).toHaveLength(2);
  });

  it("is reported at a version that never had it", async () => {
    const { error } = await failing({}, { toolkitVersions: { github: "20240101_00" } });
    expect(error).toMatchObject({ code: "TB5404", slug: "Tool_ToolNotFound" });
    expect(error.message).toContain(`pass version ${VERSION}`);
  });
});

it("other failures cost no request, and logs and mocks do not see those that are made", async () => {
  failure = new PlatformHttpError(422, { message: "title is too long", slug: "Tool_InvalidArguments" });
  expect((await failing({ authConfigs: { github: "ac_1" } })).asked).toEqual([]);
  await platform.close();
  failure = gone;
  const entries: LogEntry[] = [];
  const log = logging({ level: "warn", write: (entry) => void entries.push(entry) });
  await failing({}, { use: [log] });
  expect(entries.map(({ level }) => level)).toEqual(["error"]);
  expect(entries[0]!.message).toContain("toolbind upgrade github");
  const throwing = () => {
    throw gone;
  };
  const mock = createMockClient({ [SLUG]: throwing }, { use: [suggestFixes()] });
  expect((await failureOf(createIssue(ARGS, { client: mock }))).code).toBe("TB5410");
  expect(mock.calls).toHaveLength(1);
});

it("a deprecated tool is logged once", async () => {
  await start();
  const write = vi.fn();
  const { client } = scripted([() => done()], { use: [logging({ level: "warn", write })] });
  const old = Object.create(toolWith(), { deprecated: { value: true } }) as ReturnType<typeof toolWith>;
  for (let times = 0; times < 3; times++) await old.withResponse({}, { client });
  await toolWith({}, "GITHUB_NEW").withResponse({}, { client });
  expect(write.mock.calls.flat()).toMatchObject([
    { level: "warn", slug: "GITHUB_THING", message: expect.stringContaining("is deprecated") as string },
  ]);
});
