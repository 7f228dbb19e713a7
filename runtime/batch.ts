// Many calls at once, without a flood: as many as are allowed, fewer while the platform says "too many".
import { whenAborted } from "./attempts.js";
import { isToolbindCallError, misconfigured, ToolbindCallError } from "./errors.js";
import type { CallOptions, Clock, Middleware } from "./types.js";
import { retryAfter } from "./exchange.js";
import { withFetch } from "./layers/watch.js";

const CONCURRENCY = 10;
const PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** One call of a batch; it must pass the options on, so that the batch sees its requests. */
export type BatchCall<T> = (options: CallOptions) => Promise<T>;

export type BatchResult<T> =
  { readonly successful: true; readonly data: T } | { readonly successful: false; readonly error: ToolbindCallError };

export interface BatchOptions {
  /** Calls under way at the same time, at most. Default 10. */
  readonly concurrency?: number | undefined;
  /** Aborts the calls under way, and those not begun yet. */
  readonly signal?: AbortSignal | undefined;
  /** Measures time and runs timers. Default: the real clock. */
  readonly clock?: Clock | undefined;
}

type Results<T extends readonly BatchCall<unknown>[]> = {
  -readonly [K in keyof T]: BatchResult<Awaited<ReturnType<T[K]>>>;
};

/**
 * Carries out calls, several at a time, and keeps their order. One that fails does not affect the others, and none is
 * started twice. After a 429 half as many run at a time, none starts before `Retry-After` has passed, and the number
 * grows back with each success.
 */
export async function batch<const T extends readonly BatchCall<unknown>[]>(
  calls: T,
  { concurrency = CONCURRENCY, signal, clock = globalThis as Clock }: BatchOptions = {},
): Promise<Results<T>> {
  const limiter = createLimiter(concurrency, clock);
  if (calls.some((each) => typeof each !== "function")) {
    throw misconfigured("a call in the batch is not a function", "give (options) => listBranches(args, options)");
  }
  const run = async (each: BatchCall<unknown>): Promise<BatchResult<unknown>> => {
    const own = new AbortController();
    const leave = whenAborted(signal, () => own.abort(signal?.reason));
    const options: CallOptions = { use: [limiter.watch], ...(signal && { signal: own.signal }) };
    try {
      return { successful: true, data: await limiter.run(() => each(options), signal) };
    } catch (cause) {
      if (isToolbindCallError(cause)) return { successful: false, error: cause };
      const text = ["failed", "something was thrown", "see `cause`"] as const;
      return { successful: false, error: new ToolbindCallError("TB5000", text, { cause }) };
    } finally {
      leave();
    }
  };
  return Promise.all(calls.map(run)) as Promise<Results<T>>;
}

/**
 * A layer that lets only so many calls of a client (or of several that share it) run at once; it adapts like {@link batch}. Put it last in
 * `use`: a hook inside it that makes calls of the client would wait for the place that its own call holds.
 */
export function limitConcurrency(concurrency: number, clock: Clock = globalThis as Clock): Middleware {
  const limiter = createLimiter(concurrency, clock);
  return (call, next) => limiter.run(() => limiter.watch(call, next), call.options.signal);
}

interface Limiter {
  /** Runs a task as soon as there is room for it. */
  run<T>(task: () => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
  /** A layer that slows down at a 429. */
  readonly watch: Middleware;
}

function createLimiter(most: number, clock: Clock): Limiter {
  if (!(most >= 1)) throw misconfigured(`concurrency is ${most}`, "give a number from 1");
  const waiting = new Set<() => void>();
  let limit = most;
  let running = 0;
  let resumeAt = 0;
  /** Requests sent before the last slow-down say nothing about the pace since. */
  let slowedAt = -1;
  let sent = 0;
  let timer: unknown;
  const start = (): void => {
    const pause = resumeAt - clock.performance.now();
    if (pause > 0) {
      clock.clearTimeout(timer);
      timer = waiting.size > 0 ? clock.setTimeout(start, pause) : undefined;
      return;
    }
    for (const begin of waiting) {
      if (running >= Math.floor(limit)) break;
      waiting.delete(begin);
      running += 1;
      begin();
    }
  };
  const slowDown = (at: number, header: string): void => {
    const pause = Math.min(retryAfter(header) ?? PAUSE_MS, LONGEST_PAUSE_MS);
    resumeAt = Math.max(resumeAt, clock.performance.now() + pause);
    if (at <= slowedAt) return;
    // More than run say nothing about what is too many.
    limit = Math.max(1, Math.min(limit, running) / 2);
    slowedAt = sent;
  };
  return {
    run: async (task, signal) => {
      const stopped = (): ToolbindCallError => {
        const text = ["was aborted", "by its signal, before it began", "nothing was sent"] as const;
        return new ToolbindCallError("TB5022", text, { cause: signal?.reason as unknown });
      };
      if (signal?.aborted) throw stopped();
      await new Promise<void>((resolve, reject) => {
        const begin = (): void => {
          leave();
          resolve();
        };
        const leave = whenAborted(signal, () => {
          leave();
          waiting.delete(begin);
          if (waiting.size === 0) clock.clearTimeout(timer);
          reject(stopped());
        });
        waiting.add(begin);
        start();
      });
      try {
        const result = await task();
        limit = Math.min(most, limit + 1 / limit);
        return result;
      } finally {
        running -= 1;
        start();
      }
    },
    watch: (call, next) =>
      next(
        withFetch(call, (carry) => async (url, init) => {
          const at = ++sent;
          const response = await carry(url, init);
          if (response.status === 429) slowDown(at, response.headers.get("retry-after") ?? "");
          return response;
        }),
      ),
  };
}
