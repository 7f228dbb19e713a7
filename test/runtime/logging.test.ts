import { afterEach, describe, expect, it, vi } from "vitest";
import { type ClientOptions, type LogEntry, logging, type LogLevel } from "../../runtime/index.js";
import { done, READ, scripted, type Step, status, toolWith } from "./fake.js";
import { API_KEY, createIssue } from "./support.js";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const PASSWORD = "hunter22hunter22";
const TOKEN = "tok_0123456789abcdef";

async function logged(level: LogLevel | undefined, steps: readonly (() => Step)[], options: ClientOptions = {}) {
  const entries: LogEntry[] = [];
  const write = (entry: LogEntry) => void entries.push(entry);
  const { client, clock } = scripted(steps, { ...options, use: [logging({ ...(level && { level }), write })] });
  const result = await clock.settle(
    toolWith(READ).safe(
      { title: "hello", password: PASSWORD, nested: [{ api_key: PASSWORD }], note: `uses ${TOKEN}` },
      {
        client,
        customAuthParams: { parameters: [{ name: "x-a", in: "header", value: TOKEN }] },
        customConnectionData: { authScheme: "API_KEY", toolkitSlug: "github", val: { api_key: TOKEN, region: "eu" } },
      },
    ),
  );
  return { entries, result, levels: entries.map((entry) => entry.level) };
}

describe("logging", () => {
  const flaky = [() => status(503), () => done({ reply: `you sent ${API_KEY} and ${TOKEN}`, access_token: PASSWORD })];

  it.each([
    ["off", []],
    ["error", []],
    ["warn", ["warn"]],
    ["info", ["warn", "info"]],
    ["debug", ["debug", "warn", "debug", "info", "debug"]],
  ] as const)("at %s writes %j for a call that succeeds the second time", async (level, expected) => {
    expect((await logged(level, flaky)).levels).toEqual(expected);
  });

  it("tells the facts of a call in one line", async () => {
    const { entries } = await logged("info", [() => done()]);
    expect(entries).toMatchObject([
      { message: "GITHUB_THING succeeded in 0 ms", slug: "GITHUB_THING", status: 200, logId: "log_1", attempt: 1 },
    ]);
    const failed = await logged("error", [() => status(404, { "x-request-id": "req_1" })]);
    expect(failed.entries).toMatchObject([{ level: "error", code: "TB5404", status: 404, requestId: "req_1" }]);
    expect(failed.entries[0]!.message).toMatch(/^GITHUB_THING failed with 404: no\. Fix:/);
  });

  it("shows no secret, at any level, in a call that succeeds or fails", async () => {
    const echo = () => Response.json({ error: { message: `bad ${API_KEY} ${TOKEN}`, slug: TOKEN } }, { status: 400 });
    for (const steps of [flaky, [echo], [() => new Error(`refused ${API_KEY}`)]]) {
      const { entries } = await logged("debug", steps);
      const text = JSON.stringify(entries);
      for (const secret of [API_KEY, PASSWORD, TOKEN]) expect(text).not.toContain(secret);
    }
    const { entries } = await logged("debug", flaky);
    expect(entries[0]!.body).toContain("hello");
    expect(entries[0]!.body).toContain('"password":"[redacted]"');
    expect(entries.at(-1)!.body).toContain("[redacted]");
  });

  it("warns of drift", async () => {
    const write = vi.fn();
    const { client } = scripted([() => done({ number: "7", state: "open" })], {
      use: [logging({ level: "warn", write })],
    });
    await createIssue({ owner: "a", repo: "b", title: "c" }, { client });
    expect((write.mock.calls[0]![0] as LogEntry).message).toContain("does not match its schema (issues: 1)");
  });

  it("goes by COMPOSIO_LOG_LEVEL, else warn", async () => {
    expect((await logged(undefined, flaky)).levels).toEqual(["warn"]);
    vi.stubEnv("COMPOSIO_LOG_LEVEL", "INFO");
    expect((await logged(undefined, flaky)).levels).toEqual(["warn", "info"]);
    vi.stubEnv("COMPOSIO_LOG_LEVEL", "loud");
    expect((await logged(undefined, flaky)).levels).toEqual(["warn"]);
  });

  it("knows no other level", () => {
    expect(() => logging({ level: "verbose" as LogLevel })).toThrow(/log level is verbose.* off, error, warn/);
  });

  it("writes to the console by default", async () => {
    const info = vi.spyOn(console, "info").mockReturnValue();
    const { client } = scripted([() => done()], { use: [logging({ level: "info" })] });
    await toolWith()({}, { client });
    expect(info.mock.calls).toEqual([["toolbind: GITHUB_THING succeeded in 0 ms"]]);
  });

  it("shows no data that nests too deeply, and leaves its call be", async () => {
    const text = `{"successful":true,"data":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
    const { entries, result } = await logged("debug", [() => new Response(text)]);
    expect(result.successful).toBe(true);
    expect(entries.at(-1)).toMatchObject({ level: "debug", body: expect.any(String) });
  });

  it("that cannot be written changes nothing", async () => {
    const write = () => {
      throw new Error("disk full");
    };
    // Vitest fails where a rejection is left unhandled.
    const rejecting = () => Promise.reject(new Error("disk full"));
    const use = [logging({ level: "debug", write }), logging({ level: "debug", write: rejecting })];
    const { client } = scripted([() => done(5)], { use });
    expect(await toolWith()({}, { client })).toBe(5);
  });
});
