import { afterEach, describe, expect, it, vi } from "vitest";
import { AbortError, type CallOptions, TimeoutError, type ToolHints } from "../../runtime/index.js";
import { done, READ, scripted, type Step, status, systemError, toolWith } from "./fake.js";
import { failureOf } from "./support.js";

const TRANSIENT = [408, 425, 429, 500, 502, 503, 504, 520, 524, 529];
const reset = (): Step => systemError("ECONNRESET");

afterEach(() => void vi.restoreAllMocks());

/** How often a call that always ends like this is sent. */
async function attemptsAt(step: () => Step, hints: ToolHints, options: CallOptions = {}): Promise<number> {
  const { client, clock, requests } = scripted([step], { timeoutMs: 1000 });
  const error = await clock.settle(failureOf(toolWith(hints)({}, { client, ...options })));
  expect(error.attempts).toBe(requests.length);
  expect(clock.pending).toBe(0);
  return requests.length;
}

describe("a write", () => {
  it.each(TRANSIENT)("is not repeated after %i", async (code) => {
    expect(await attemptsAt(() => status(code), {})).toBe(1);
    expect(await attemptsAt(() => status(code, { "retry-after": "1" }), { openWorld: true, destructive: true })).toBe(
      1,
    );
  });

  it("is not repeated after a broken connection or a timeout, however often it may be", async () => {
    expect(await attemptsAt(reset, {}, { retry: { attempts: 9 } })).toBe(1);
    expect(await attemptsAt(() => "hang", {}, { retry: { attempts: 9 } })).toBe(1);
  });

  it("is not repeated because it has an idempotency key", async () => {
    expect(await attemptsAt(reset, {}, { idempotencyKey: "k" })).toBe(1);
  });

  it.each(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT", "ConnectionRefused"])(
    "is repeated after %s, since nothing arrived",
    async (code) => {
      const { client, clock } = scripted([() => systemError(code), () => systemError(code), () => done(7)]);
      const response = await clock.settle(toolWith().withResponse({}, { client }));
      expect(response).toMatchObject({ data: 7, attempts: 3 });
      expect(await attemptsAt(() => systemError(code), {})).toBe(3);
    },
  );

  it.each(["REFUSED_BY_POLICY", "RequestRefused", "ECONNRESET"])("is not repeated after %s", async (code) => {
    expect(await attemptsAt(() => systemError(code), {})).toBe(1);
  });

  it("is repeated where there was no way to connect", async () => {
    const unreachable = (): Step => {
      const cause = Object.assign(new Error("no way"), { code: "ENETUNREACH", syscall: "connect" });
      return new TypeError("fetch failed", { cause });
    };
    expect(await attemptsAt(unreachable, {})).toBe(3);
    expect(await attemptsAt(() => systemError("ENETUNREACH"), {})).toBe(1);
  });

  it("tells in its error whether nothing arrived", async () => {
    for (const [code, notSent] of [
      ["ECONNREFUSED", true],
      ["ECONNRESET", false],
    ] as const) {
      const { client, clock } = scripted([() => systemError(code)]);
      expect((await clock.settle(failureOf(toolWith()({}, { client })))).notSent).toBe(notSent);
    }
  });

  it("is repeated when the caller allows it, per call or per client", async () => {
    for (const step of [reset, () => status(503), () => "hang" as const]) {
      expect(await attemptsAt(step, {}, { retry: { dangerouslyRepeatWrites: true } })).toBe(3);
    }
    const { client, clock, requests } = scripted([() => status(503)], { retry: { dangerouslyRepeatWrites: true } });
    await clock.settle(failureOf(toolWith()({}, { client, retry: { attempts: 2 } })));
    expect(requests).toHaveLength(2);
  });
});

describe.each([["read-only", READ] as const, ["idempotent", { idempotent: true }] as const])(
  "a tool that is %s",
  (_, hints) => {
    it.each(TRANSIENT)("is sent three times at %i", async (code) => {
      expect(await attemptsAt(() => status(code), hints)).toBe(3);
    });

    it("is sent three times at broken connections and timeouts", async () => {
      expect(await attemptsAt(reset, hints)).toBe(3);
      expect(await attemptsAt(() => "hang", hints)).toBe(3);
    });

    it.each([400, 401, 403, 404, 409, 410, 413, 422, 501])("is sent once at %i", async (code) => {
      expect(await attemptsAt(() => status(code), hints)).toBe(1);
    });

    it("is sent once when the tool failed, or the answer is not JSON or redirects", async () => {
      expect(await attemptsAt(() => Response.json({ successful: false, error: "no", data: {} }), hints)).toBe(1);
      expect(await attemptsAt(() => new Response("<html>"), hints)).toBe(1);
      expect(await attemptsAt(() => Response.redirect("http://127.0.0.1:1/elsewhere", 307), hints)).toBe(1);
    });
  },
);

describe("attempts", () => {
  it("can be set per call and per client, and 1 means no repetition", async () => {
    expect(await attemptsAt(reset, READ, { retry: { attempts: 1 } })).toBe(1);
    expect(await attemptsAt(reset, READ, { retry: { attempts: 6 } })).toBe(6);
    expect(await attemptsAt(reset, READ, { retry: { attempts: NaN } })).toBe(1);
    const { client, clock, requests } = scripted([reset], { retry: { attempts: 2 } });
    await clock.settle(failureOf(toolWith(READ)({}, { client })));
    expect(requests).toHaveLength(2);
  });

  it("are not counted where the call ended before any", async () => {
    const { client, requests } = scripted([reset], { apiKey: () => "" });
    expect((await failureOf(toolWith(READ)({}, { client }))).attempts).toBeUndefined();
    expect(requests).toHaveLength(0);
  });

  it("ask for the key each time, and send the same body and idempotency key", async () => {
    const keys = ["key-one", "key-two"];
    const { client, clock, requests } = scripted([() => status(503), () => done()], { apiKey: () => keys.shift()! });
    await clock.settle(toolWith(READ)({ a: 1 }, { client, idempotencyKey: "order-7" }));
    expect(requests.map(([, { headers }]) => headers.get("x-api-key"))).toEqual(["key-one", "key-two"]);
    expect(requests.map(([, { headers }]) => headers.get("idempotency-key"))).toEqual(["order-7", "order-7"]);
    expect(requests[0]![1].body).toBe(requests[1]![1].body);
  });

  it("end for a key that never comes", async () => {
    const { client, clock, requests } = scripted([reset], { apiKey: () => new Promise(() => {}) });
    const error = await clock.settle(failureOf(toolWith(READ)({}, { client })));
    expect([error.code, error.attempts]).toEqual(["TB5021", undefined]);
    expect(requests).toHaveLength(0);
  });

  it("never show a key function that throws as a connection", async () => {
    const { client, requests } = scripted([reset], { apiKey: () => Promise.reject(new Error("sealed")) });
    expect((await failureOf(toolWith(READ)({}, { client }))).code).toBe("TB5002");
    expect(requests).toHaveLength(0);
  });
});

describe("pauses", () => {
  async function pauses(step: () => Step, attempts: number, random: number): Promise<number[]> {
    vi.spyOn(Math, "random").mockReturnValue(random);
    const { client, clock, times } = scripted([step]);
    await clock.settle(failureOf(toolWith(READ)({}, { client, retry: { attempts } })));
    return times.slice(1).map((time, index) => time - times[index]!);
  }

  it("double from half a second to eight seconds, less up to a quarter", async () => {
    expect(await pauses(reset, 8, 0)).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000]);
    expect(await pauses(reset, 8, 1)).toEqual([375, 750, 1500, 3000, 6000, 6000, 6000]);
  });

  it("are as long as Retry-After asks, a minute at most", async () => {
    expect(await pauses(() => status(429, { "retry-after": "3" }), 3, 0)).toEqual([3000, 3000]);
    expect(await pauses(() => status(503, { "retry-after": "900" }), 3, 0)).toEqual([60_000, 60_000]);
    expect(await pauses(() => status(503, { "retry-after": "soon" }), 3, 0)).toEqual([500, 1000]);
  });

  it("end at once on abort, with nothing left behind and no further request", async () => {
    const { client, clock, requests } = scripted([reset]);
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, "removeEventListener");
    const added = vi.spyOn(controller.signal, "addEventListener");
    const failing = failureOf(toolWith(READ)({}, { client, signal: controller.signal }));
    await clock.advance(100);
    expect(clock.pending).toBe(2);
    controller.abort("enough");
    const error = await failing;
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ cause: "enough", attempts: 1 });
    expect(clock.pending).toBe(0);
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
    await clock.advance(100_000);
    expect(requests).toHaveLength(1);
  });
});

describe("time", () => {
  it("for each attempt is timeoutMs, from the end of the pause before it", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const { client, clock, times } = scripted([() => "hang"], { timeoutMs: 1000 });
    const error = await clock.settle(failureOf(toolWith(READ)({}, { client })));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.message).toContain("1000 ms have passed");
    expect(times).toEqual([0, 1500, 3500]);
    expect(clock.performance.now()).toBe(4500);
  });

  it("for the whole call is deadlineMs, of the call before the client's", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const { client, clock, times } = scripted([() => "hang"], { timeoutMs: 1000, deadlineMs: 1 });
    const error = await clock.settle(failureOf(toolWith(READ)({}, { client, deadlineMs: 1800 })));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(times).toEqual([0, 1500]);
    expect(clock.performance.now()).toBe(1800);
    expect(error.attempts).toBe(2);
  });

  it("is not waited for where a pause would outlast the deadline: the failure itself is told", async () => {
    const { client, clock } = scripted([() => status(429, { "retry-after": "30" })], { deadlineMs: 10_000 });
    expect(await clock.settle(failureOf(toolWith(READ)({}, { client })))).toMatchObject({
      code: "TB5429",
      attempts: 1,
    });
    expect(clock.performance.now()).toBe(0);
  });

  it("must be above 0", async () => {
    const { client } = scripted([reset]);
    expect((await failureOf(toolWith()({}, { client, deadlineMs: 0 }))).code).toBe("TB5001");
  });

  it("ends also while a key is asked for", async () => {
    const { client, clock, requests } = scripted([reset], { apiKey: () => new Promise(() => {}), deadlineMs: 50 });
    expect((await clock.settle(failureOf(toolWith(READ)({}, { client })))).code).toBe("TB5021");
    expect(requests).toHaveLength(0);
  });
});
