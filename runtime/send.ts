import { ToolbindCallError } from "./errors.js";
import type { CallSettings } from "./settings.js";

/** Sends a request and reads its answer; `onSend` is called when one goes out. */
export type Exchange<Reply> = (signal: AbortSignal, onSend: () => void) => Promise<Reply>;

/** What platforms tell of a failed connection, here or one level down. */
interface Failure {
  readonly code?: string;
  readonly cause?: { readonly code?: string };
}

/** The remedy where nobody knows whether the tool ran. */
export const LOOK_FIRST = "check whether it ran before you repeat a write";
const MAX_TIMER_MS = 2_147_483_647;

/** What systems and runtimes call a connection that never came about. */
const NEVER_ARRIVED = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|CONNECT_TIMEOUT|ConnectionRefused/;

/**
 * Carries out one attempt.
 * @param delay milliseconds to wait before, already within the call's signal
 * @param limit milliseconds from then to the end of the answer
 * @throws TimeoutError, AbortError, and what the exchange does
 */
export async function send<Reply>(
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
    const text = ["gave no answer", `${Math.round(limit)} ms have passed`, `raise timeoutMs; ${LOOK_FIRST}`] as const;
    controller.abort(new ToolbindCallError("TB5021", text, { ...facts, retryable: true }));
  };
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });
  const timer = clock.setTimeout(expire, Math.min(delay + limit, MAX_TIMER_MS));
  let pause: unknown;
  outer?.addEventListener("abort", abort);
  if (outer?.aborted) abort();
  try {
    const start = new Promise<void>((done) => (delay ? (pause = clock.setTimeout(done, delay)) : done()));
    return await Promise.race([ended, start.then(() => exchange(signal, onSend))]);
  } finally {
    clock.clearTimeout(timer);
    clock.clearTimeout(pause);
    outer?.removeEventListener("abort", abort);
  }
}

/** The error of a request that came to no answer. */
export function unanswered({ facts }: CallSettings, origin: string, cause: unknown, said?: string): ToolbindCallError {
  const { code, cause: inner } = (cause ?? {}) as Failure;
  const why = said ?? inner?.code ?? code ?? "the connection failed";
  const text = ["gave no answer", `${why} at ${origin}`, `check baseUrl; ${LOOK_FIRST}`] as const;
  const details = { ...facts, retryable: !said, notSent: NEVER_ARRIVED.test(why), cause };
  return new ToolbindCallError("TB5020", text, details);
}
