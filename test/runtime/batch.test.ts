import { describe, expect, expectTypeOf, it, vi } from "vitest";
import {
  AbortError,
  batch,
  type BatchResult,
  type CallOptions,
  type Fetch,
  limitConcurrency,
} from "../../runtime/index.js";
import { createManualClock } from "../../testing/index.js";
import { done, READ, scripted, status, toolWith } from "./fake.js";
import { createIssue, type Issue, failureOf } from "./support.js";

/** Calls that end when they are told to, and how many are under way. */
function controlled(count: number) {
  const ends: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const calls = Array.from({ length: count }, (_, index) => async () => {
    most = Math.max(most, ++running);
    await new Promise<void>((resolve) => (ends[index] = resolve));
    running -= 1;
    return index;
  });
  return { calls, ends, most: () => most, running: () => running };
}
const tick = () => new Promise((resolve) => setImmediate(resolve));

describe("batch", () => {
  it("keeps the order and runs no more at a time than allowed", async () => {
    const { calls, ends, most, running } = controlled(7);
    const result = batch(calls, { concurrency: 3 });
    for (let left = 7; left > 0;) {
      await tick();
      expect(running()).toBeLessThanOrEqual(3);
      const last = ends.findLastIndex((end) => end !== undefined && end !== Boolean);
      ends[last]!();
      ends[last] = Boolean as never;
      left -= 1;
    }
    expect((await result).map((each) => each.successful && each.data)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(most()).toBe(3);
  });

  it("keeps one failure from the others, and each result's type", async () => {
    const { client } = scripted([() => status(404), () => done({ number: 1, state: "open" }), () => done()]);
    const args = { owner: "a", repo: "b", title: "c" };
    const result = await batch(
      [
        (options) => createIssue(args, { client, ...options }),
        (options) => createIssue(args, { client, ...options }),
        async () => "text",
        async () => Promise.reject(new Error("odd")),
      ],
      { concurrency: 1 },
    );
    expectTypeOf(result[0]).toEqualTypeOf<BatchResult<Issue>>();
    expectTypeOf(result[2]).toEqualTypeOf<BatchResult<string>>();
    expect(result).toMatchObject([
      { successful: false, error: { code: "TB5404" } },
      { successful: true, data: { number: 1 } },
      { successful: true, data: "text" },
      { successful: false, error: { code: "TB5000", cause: { message: "odd" } } },
    ]);
  });

  it("of nothing is nothing, and refuses a concurrency below 1", async () => {
    expect(await batch([])).toEqual([]);
    expect((await failureOf(batch([], { concurrency: 0 }))).code).toBe("TB5001");
  });

  it("refuses calls that run already, before it begins any", async () => {
    let begun = 0;
    const calls = [async () => ++begun, Promise.resolve(1)] as never;
    const failure = await failureOf(batch(calls));
    expect(failure.message).toMatch(
      /^toolbind is misconfigured: a call in the batch is not a function\. Fix: give \(options\) =>/,
    );
    expect(begun).toBe(0);
  });

  it("waits for Retry-After and goes on with half as many after a 429, and sends no write twice", async () => {
    let count = 0;
    const { client, clock, requests, times } = scripted([
      () => (++count <= 4 ? status(429, { "retry-after": "7" }) : done()),
    ]);
    const calls = Array.from(
      { length: 16 },
      (_, index) => (options: CallOptions) => toolWith()({ index }, { client, ...options }),
    );
    const result = await clock.settle(batch(calls, { concurrency: 4, clock }));
    expect(result.map(({ successful }) => successful)).toEqual(Array.from({ length: 16 }, (_, index) => index > 3));
    expect(requests).toHaveLength(16);
    expect(times.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(times.slice(4).every((time) => time === 7000)).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it("sees a 429 within a call that repeats itself", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const { client, clock, times } = scripted([() => status(429), () => done()]);
    const read = (options: CallOptions) => toolWith(READ)({}, { client, ...options });
    const result = await clock.settle(batch([read, read], { concurrency: 1, clock }));
    expect(result.every(({ successful }) => successful)).toBe(true);
    expect(times).toEqual([0, 500, 1000]);
    vi.restoreAllMocks();
  });

  it("ends on abort: what runs by its signal, what waits at once", async () => {
    const { client, clock, requests } = scripted([() => "hang"]);
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, "removeEventListener");
    const added = vi.spyOn(controller.signal, "addEventListener");
    const call = (options: CallOptions) => toolWith()({}, { client, ...options });
    const running = batch([call, call, call], { concurrency: 2, signal: controller.signal, clock });
    await tick();
    controller.abort("enough");
    const result = await running;
    for (const each of result) expect(!each.successful && each.error instanceof AbortError).toBe(true);
    expect(requests).toHaveLength(2);
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
    expect(clock.pending).toBe(0);
    expect(await batch([call], { signal: controller.signal })).toMatchObject([{ error: { cause: "enough" } }]);
    expect(requests).toHaveLength(2);
  });

  it("listens to its signal once, however many the calls", async () => {
    const { client } = scripted([() => done()]);
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const calls = Array.from({ length: 30 }, () => (options: CallOptions) => toolWith()({}, { client, ...options }));
    const result = await batch(calls, { concurrency: 20, signal });
    expect(result.every(({ successful }) => successful)).toBe(true);
    expect(added).toHaveBeenCalledTimes(1);
  });
});

describe("limitConcurrency", () => {
  it("holds for all calls of a client", async () => {
    let running = 0;
    let most = 0;
    const { client } = scripted([() => done()], {
      use: [limitConcurrency(2)],
      fetch: async () => {
        most = Math.max(most, ++running);
        await tick();
        running -= 1;
        return done();
      },
    });
    await Promise.all(Array.from({ length: 9 }, () => toolWith()({}, { client: client.forUser("bob") })));
    expect(most).toBe(2);
  });

  it.each([100, Infinity])("halves what runs after a 429, also where up to %d may", async (concurrency) => {
    let running = 0;
    let most = 0;
    let answer = () => status(429);
    const fetch: Fetch = async () => {
      most = Math.max(most, ++running);
      await tick();
      running -= 1;
      return answer();
    };
    const clock = createManualClock();
    const { client } = scripted([], { fetch, clock, use: [limitConcurrency(concurrency, clock)] });
    const wave = () => clock.settle(Promise.all(Array.from({ length: 4 }, () => toolWith().safe({}, { client }))));
    await wave();
    expect(most).toBe(4);
    most = 0;
    answer = () => done();
    await wave();
    expect(most).toBeLessThan(4);
  });
});
