import { describe, expect, expectTypeOf, it, vi } from "vitest";
import {
  after,
  before,
  type CallEnd,
  type CallOptions,
  type ClientOptions,
  HookError,
  hooksOf,
  type Middleware,
  observe,
  onError,
} from "../../runtime/index.js";
import { done, READ, scripted, type Step, status, toolWith } from "./fake.js";
import { type CreateIssueInput, createIssue, failureOf, type Issue, VERSION } from "./support.js";

interface Map {
  GITHUB_CREATE_AN_ISSUE: { input: CreateIssueInput; output: Issue };
}

const ARGS = { owner: "acme", repo: "site", title: "Broken link" };
const tool = toolWith();

async function run(use: readonly Middleware[], options: CallOptions = {}, step: () => Step = () => done({ ok: 1 })) {
  const fake = scripted([step], { use });
  const result = await fake.clock.settle(tool.safe({ a: 1 }, { client: fake.client, ...options }));
  return { ...fake, result, sent: fake.requests.map(([, { body }]) => JSON.parse(body as string) as object) };
}

describe("before", () => {
  it("changes the arguments, the version and the account, one after the other", async () => {
    const { sent, result } = await run([
      before({}, ({ arguments: args }) => ({ arguments: { ...(args as object), b: 2 } })),
      before({}, async ({ arguments: args, options }) => {
        expect(args).toEqual({ a: 1, b: 2 });
        expect(options.version).toBeUndefined();
        return { options: { version: "20250101_00", connectedAccountId: "ca_1" } };
      }),
      before({}, () => undefined),
    ]);
    expect(sent).toEqual([{ connected_account_id: "ca_1", version: "20250101_00", arguments: { a: 1, b: 2 } }]);
    expect(result).toMatchObject({ successful: true, version: "20250101_00" });
  });

  it("knows whether a call may change anything, so that it can ask for approval", async () => {
    const cautious = before({}, ({ hints }) => {
      if (!hints.readOnly) throw new Error("not approved");
    });
    const { result, requests } = await run([cautious]);
    expect(requests).toHaveLength(0);
    expect((result as { readonly error: HookError }).error.message).toContain("not approved");
    const { client } = scripted([() => done({ ok: 1 })], { use: [cautious] });
    expect(await toolWith(READ)({}, { client })).toEqual({ ok: 1 });
  });

  it("leaves the arguments as they are where it returns undefined ones", async () => {
    const { sent } = await run([before({}, () => ({ arguments: undefined, options: { userId: "bob" } }))]);
    expect(sent).toMatchObject([{ user_id: "bob", arguments: { a: 1 } }]);
  });

  it("ends the call if it returns something other than changes, such as the arguments themselves", async () => {
    const { result, requests } = await run([
      before({}, (({ arguments: args }: { readonly arguments: unknown }) => args) as never),
    ]);
    expect(requests).toHaveLength(0);
    const { error } = result as { readonly error: HookError };
    expect(error).toBeInstanceOf(HookError);
    expect(error.message).toMatch(/: it may not return a\. Fix: return \{ arguments \}, /);
    const whole = await run([before({}, (call) => ({ ...call, arguments: { a: 2 } }))]);
    expect(whole.sent).toMatchObject([{ arguments: { a: 2 } }]);
  });

  it("is followed by the check of the arguments", async () => {
    const { client, requests } = scripted([() => done({ number: 1, state: "open" })]);
    const fill = before({}, ({ arguments: args }) => ({ arguments: { ...(args as object), title: "filled in" } }));
    await createIssue({ owner: "a", repo: "b" } as never, { client, use: [fill] });
    expect(requests).toHaveLength(1);
    const spoil = before({}, () => ({ arguments: {} }));
    expect((await failureOf(createIssue(ARGS, { client, use: [spoil] }))).code).toBe("TB5010");
  });

  it("can answer itself, and then nothing is sent and no inner hook is asked", async () => {
    const inner = vi.fn();
    const { result, requests } = await run([before({}, () => ({ answer: { data: "cached" } })), before({}, inner)]);
    expect(result).toMatchObject({ successful: true, data: "cached", attempts: 0, version: VERSION, drift: [] });
    expect(requests).toHaveLength(0);
    expect(inner).not.toHaveBeenCalled();
  });

  it("sees a call made of text", async () => {
    const { client } = scripted([() => done()]);
    const hook = vi.fn();
    await tool.fromText("do it", { client, use: [before({}, hook)] });
    expect(hook.mock.calls[0]![0]).toMatchObject({ text: "do it", arguments: undefined, slug: "GITHUB_THING" });
  });
});

describe("after", () => {
  it("may replace the data, inner hooks first", async () => {
    const { result } = await run([
      after({}, ({ data }) => [data]),
      after({}, async ({ data, logId }, { slug }) => ({ data, logId, slug })),
      after({}, () => undefined),
    ]);
    expect(result).toMatchObject({ data: [{ data: { ok: 1 }, logId: "log_1", slug: "GITHUB_THING" }] });
  });

  it("does not run after a failure", async () => {
    const hook = vi.fn();
    await run([after({}, hook)], {}, () => status(400));
    expect(hook).not.toHaveBeenCalled();
  });
});

describe("onError", () => {
  it("sees the error, once for all attempts, and may answer in its place", async () => {
    const seen = vi.fn();
    const { result } = await run([onError({}, () => ({ data: "fallback" })), onError({}, seen)], {}, () => status(503));
    expect(seen.mock.calls).toMatchObject([[{ code: "TB5503", attempts: 1 }, { slug: "GITHUB_THING" }]]);
    expect(result).toMatchObject({ successful: true, data: "fallback", attempts: 0 });
  });

  it("may throw another error", async () => {
    const cause = new Error("no luck");
    const { result } = await run(
      [
        onError({}, () => {
          throw cause;
        }),
      ],
      {},
      () => status(400),
    );
    expect(result).toMatchObject({ successful: false, error: { code: "TB5012", cause } });
  });
});

describe("hooks", () => {
  it("of a client lie around those of a call", async () => {
    const order: string[] = [];
    const layer =
      (name: string): Middleware =>
      async (call, next) => {
        order.push(`${name} in`);
        const response = await next(call);
        order.push(`${name} out`);
        return response;
      };
    await run([layer("client 1"), layer("client 2")], { use: [layer("call")] });
    expect(order).toEqual(["client 1 in", "client 2 in", "call in", "call out", "client 2 out", "client 1 out"]);
  });

  it("are carried over to derived clients", async () => {
    const hook = vi.fn();
    const { client } = scripted([() => done()], { use: [before({}, hook)] });
    await tool({}, { client: client.forUser("bob") });
    expect(hook).toHaveBeenCalledTimes(1);
  });

  it("see only the calls in their scope", async () => {
    const names: string[] = [];
    const note = (name: string, scope: object) => before(scope, () => void names.push(name));
    await run([
      note("all", {}),
      note("tool", { tools: ["GITHUB_THING"] }),
      note("other tool", { tools: ["GITHUB_OTHER"] }),
      note("toolkit", { toolkits: ["github"] }),
      note("other toolkit", { toolkits: ["slack"] }),
      note("either", { tools: ["GITHUB_OTHER"], toolkits: ["github"] }),
      note("none", { tools: [] }),
    ]);
    expect(names).toEqual(["all", "tool", "toolkit", "either"]);
  });

  it("that throw end the call with what they threw", async () => {
    const cause = new Error("not on Fridays");
    const throwing = () => {
      throw cause;
    };
    for (const hook of [before({}, throwing), after({}, throwing), after({}, async () => throwing())]) {
      const { result } = await run([hook]);
      expect(result.successful).toBe(false);
      if (result.successful) continue;
      expect(result.error).toBeInstanceOf(HookError);
      expect(result.error).toMatchObject({ code: "TB5012", cause, toolSlug: "GITHUB_THING" });
      expect(result.error.message).toContain("not on Fridays");
    }
  });

  it("that throw a call's error pass it on as it is", async () => {
    const other = await failureOf(createIssue({} as never, { client: scripted([() => done()]).client }));
    const { result } = await run([
      before({}, () => {
        throw other;
      }),
    ]);
    expect(result).toMatchObject({ successful: false, error: other });
  });

  it.each([
    ["before", (hook: () => Promise<undefined>) => before({}, hook)],
    ["after", (hook: () => Promise<undefined>) => after({}, hook)],
    ["onError", (hook: () => Promise<undefined>) => onError({}, hook)],
  ] as const)("that take for ever are ended by the signal: %s", async (kind, layerOf) => {
    const controller = new AbortController();
    const started = vi.spyOn(controller.signal, "addEventListener");
    const ended = vi.spyOn(controller.signal, "removeEventListener");
    const layer = layerOf(() => {
      setTimeout(() => controller.abort("enough"));
      return new Promise(() => {});
    });
    const step = (): Step => (kind === "onError" ? status(400) : done());
    const { client } = scripted([step], { use: [layer] });
    const failure = await failureOf(tool({}, { client, signal: controller.signal }));
    expect(failure).toMatchObject({ code: "TB5022", cause: "enough", toolSlug: "GITHUB_THING" });
    expect(ended).toHaveBeenCalledTimes(started.mock.calls.length);
  });

  it("of before do not run for a call that was aborted before it began", async () => {
    const { client: inner, requests } = scripted([() => done({})]);
    const asked: string[] = [];
    const ask = before({}, ({ slug }) => void asked.push(slug));
    const failure = await failureOf(createIssue(ARGS, { client: inner, use: [ask], signal: AbortSignal.abort() }));
    expect(failure).toMatchObject({ code: "TB5022" });
    expect([asked, requests]).toEqual([[], []]);
  });

  it("of onError still run where the call was aborted", async () => {
    const { result } = await run([onError({}, async ({ code }) => ({ data: code }))], { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ successful: true, data: "TB5022" });
  });

  it("that are layers and return nothing fail the call with an error of a call", async () => {
    const nothing = (async () => {}) as unknown as Middleware;
    const { client } = scripted([() => done()], { use: [nothing] });
    for (const call of [tool({}, { client }), tool.withResponse({}, { client })]) {
      const failure = await failureOf(call);
      expect(failure.code).toBe("TB5000");
      expect(failure.cause).toBeInstanceOf(TypeError);
    }
    expect((await tool.safe({}, { client })).successful).toBe(false);
  });

  it("are typed by slug through the tool map", () => {
    const hooks = hooksOf<Map>();
    hooks.before({ tools: ["GITHUB_CREATE_AN_ISSUE"] }, ({ arguments: args }) => {
      expectTypeOf(args).toEqualTypeOf<CreateIssueInput>();
      return { arguments: { ...args, title: args.title.trim() } };
    });
    // @ts-expect-error an argument of the wrong type
    hooks.before({ tools: ["GITHUB_CREATE_AN_ISSUE"] }, () => ({ arguments: { ...ARGS, title: 1 } }));
    // @ts-expect-error no such slug
    hooks.before({ tools: ["GITHUB_CREATE_AN_ISUE"] }, ({ arguments: { title } }) => void title);
    hooks.after({ tools: ["GITHUB_CREATE_AN_ISSUE"] }, ({ data }) => {
      expectTypeOf(data).toEqualTypeOf<Issue>();
    });
    hooks.onError({ toolkits: ["github"] }, (error, { arguments: args }) => {
      expectTypeOf(args).toEqualTypeOf<unknown>();
      expectTypeOf(error.code).toBeString();
    });
  });
});

describe("observe", () => {
  async function watched(step: () => Step, options: ClientOptions = {}, hints = READ) {
    const started: unknown[] = [];
    const ended: CallEnd[] = [];
    const { client, clock } = scripted([step], {
      ...options,
      use: [
        observe((call) => {
          started.push(call);
          return (end) => void ended.push(end);
        }),
      ],
    });
    await clock.settle(toolWith(hints).safe({ secret: "hunter22" }, { client }));
    expect(JSON.stringify([started, ended.map((end) => ({ ...end, error: undefined }))])).not.toContain("hunter22");
    return { started, ended };
  }

  it("receives start and end of a call that succeeds", async () => {
    const { started, ended } = await watched(() => done());
    expect(started).toEqual([
      { slug: "GITHUB_THING", toolkit: "github", version: VERSION, userId: "alice", connectedAccountId: undefined },
    ]);
    expect(ended).toEqual([
      { durationMs: 0, attempts: 1, status: 200, logId: "log_1", requestId: undefined, error: undefined },
    ]);
  });

  it("receives a failure, with all attempts and their time", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const { ended } = await watched(() => status(503, { "x-request-id": "req_1" }));
    expect(ended).toMatchObject([
      { durationMs: 1500, attempts: 3, status: 503, requestId: "req_1", error: { code: "TB5503" } },
    ]);
    vi.restoreAllMocks();
  });

  it("receives the log id of a tool that failed", async () => {
    const { ended } = await watched(() => Response.json({ successful: false, error: "no", log_id: "log_9" }));
    expect(ended).toMatchObject([{ attempts: 1, logId: "log_9", error: { code: "TB5030" } }]);
  });

  it("receives a call that ends before anything is sent", async () => {
    const { started, ended } = await watched(() => done(), { toolkitVersions: { github: "latest" } });
    expect(started).toMatchObject([{ version: undefined }]);
    expect(ended).toMatchObject([{ attempts: 0, status: undefined, error: { code: "TB5004" } }]);
  });

  it("cannot disturb a call", async () => {
    const throwing = () => {
      throw new Error("broken");
    };
    // Vitest fails where a rejection is left unhandled.
    const rejecting = () => Promise.reject(new Error("broken"));
    const { result } = await run([
      observe(throwing),
      observe(() => throwing),
      observe(rejecting as never),
      observe(() => rejecting),
    ]);
    expect(result.successful).toBe(true);
  });
});
