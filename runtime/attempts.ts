import { isToolbindCallError, ToolbindCallError } from "./errors.js";
import type { CallSettings } from "./settings.js";
import type { ToolHints } from "./types.js";

const ATTEMPTS = 3;
const LONGEST_PAUSE_S = 8;
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * Sends the request of a call through `exchange`, and sends it again while that is safe and may help: when nothing arrived, or
 * when the failure may pass and the tool is read-only or idempotent, or the caller allows it.
 * @param read receives the answer to a request, and throws if it is a failure
 */
export async function request<S extends CallSettings, Reply, T>(
  settings: S,
  { readOnly, idempotent }: ToolHints,
  exchange: Exchange<Reply>,
  read: (settings: S, reply: Reply, attempts: number) => T,
): Promise<T> {
  const { timeoutMs, deadlineMs, retry, clock } = settings;
  const deadline = clock.performance.now() + deadlineMs;
  let attempts = 0;
  for (let delay = 0, tries = 1; ; tries++) {
    try {
      const limit = Math.min(timeoutMs, deadline - clock.performance.now() - delay);
      return read(settings, await send(settings, exchange, delay, limit, () => attempts++), attempts);
    } catch (error) {
      if (!isToolbindCallError(error)) throw error;
      const { notSent, retryable, retryAfterMs } = Object.assign(error, attempts && { attempts });
      const pause = Math.min(2 ** tries / 4, LONGEST_PAUSE_S) * (1000 - 250 * Math.random());
      delay = Math.min(retryAfterMs ?? pause, LONGEST_RETRY_AFTER_MS);
      const safe = notSent || (retryable && (readOnly || idempotent || retry.dangerouslyRepeatWrites));
      const inTime = clock.performance.now() + delay < deadline;
      if (!(safe && inTime && tries < (retry.attempts ?? ATTEMPTS))) throw error;
    }
  }
}

/** Sends a request and reads its answer; `onSend` is called when one goes out. */
export type Exchange<Reply> = (signal: AbortSignal, onSend: () => void) => Promise<Reply>;

/** What runtimes tell about a failed connection, here or one level down. */
interface Failure {
  readonly name?: string;
  readonly code?: string;
  readonly syscall?: string;
  readonly cause?: Failure;
}

/** The remedy where nobody knows whether the tool ran. */
export const LOOK_FIRST = "check whether it ran before you repeat a write";
const MAX_TIMER_MS = 2_147_483_647;

/** What systems and runtimes call a connection that was never established. */
const NEVER_ARRIVED = /CONN(ECTION)?REFUSED|ENOTFOUND|EAI_AGAIN|CONNECT_TIMEOUT/i;
/** A code or a name that says more than that something was thrown. */
const TELLING = /^(?!(Type)?Error$)[A-Z]\w+$/;

/**
 * Carries out one attempt.
 * @param delay milliseconds to wait before, already within the call's signal
 * @param limit milliseconds from then to the end of the answer
 * @throws TimeoutError, AbortError, and what the exchange does
 */
async function send<Reply>(
  { facts, clock, call }: CallSettings,
  exchange: Exchange<Reply>,
  delay: number,
  limit: number,
  onSend: () => void,
): Promise<Reply> {
  const { signal: outer } = call;
  const controller = new AbortController();
  const { signal } = controller;
  const abort = (): void => {
    const details = { ...facts, cause: outer?.reason as unknown };
    controller.abort(new ToolbindCallError("TB5022", ["was aborted", "by its signal", LOOK_FIRST], details));
  };
  const expire = (): void => {
    const text = [
      "gave no answer",
      `${Math.round(limit)} ms have passed`,
      `raise timeoutMs or deadlineMs; ${LOOK_FIRST}`,
    ] as const;
    controller.abort(new ToolbindCallError("TB5021", text, { ...facts, retryable: true }));
  };
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });
  // First, since it throws if this is not a signal, and nothing may be left behind then.
  const leave = whenAborted(outer, abort);
  const timer = clock.setTimeout(expire, Math.min(delay + limit, MAX_TIMER_MS));
  let pause: unknown;
  if (outer?.aborted) abort();
  try {
    const start = new Promise<void>((done) => (delay ? (pause = clock.setTimeout(done, delay)) : done()));
    return await Promise.race([ended, start.then(() => exchange(signal, onSend))]);
  } finally {
    clock.clearTimeout(timer);
    clock.clearTimeout(pause);
    leave();
  }
}

/** The error of a request that got no answer. */
export function unanswered({ facts }: CallSettings, origin: string, cause: unknown, said?: string): ToolbindCallError {
  const { name, code, cause: inner } = (cause ?? {}) as Failure;
  // The code of a DOMException is a number, and its name says what it means.
  const why = said ?? [inner?.code, code, name].find((each) => TELLING.test(`${each}`)) ?? "the connection failed";
  const text = ["gave no answer", `${why} at ${origin}`, `check baseUrl; ${LOOK_FIRST}`] as const;
  const details = {
    ...facts,
    retryable: !said,
    notSent: NEVER_ARRIVED.test(why) || inner?.syscall === "connect",
    cause,
  };
  return new ToolbindCallError("TB5020", text, details);
}

/** What to call when a signal aborts, through one listener: Node.js takes more than ten for a leak, and warns. */
const told = new WeakMap<AbortSignal, Set<() => void>>();

/** @returns what ends it */
export function whenAborted(signal: AbortSignal | undefined, run: () => void): () => void {
  if (!signal) return () => {};
  const runs = told.get(signal) ?? new Set();
  if (runs.size === 0) {
    told.set(signal, runs);
    signal.addEventListener("abort", tell);
  }
  runs.add(run);
  return () => {
    if (runs.delete(run) && runs.size === 0) signal.removeEventListener("abort", tell);
  };
}

function tell(this: AbortSignal): void {
  for (const run of told.get(this) ?? []) run();
}
