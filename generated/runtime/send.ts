/* eslint-disable */
// Copied by toolbind; changes are overwritten.
import { type CallErrorDetails, ToolbindCallError } from "./errors.js";
import { describeRequest } from "./request.js";
import { keyOf, type Settings } from "./settings.js";

/** An answer whose body has been read to its end. */
export interface Reply {
  readonly response: Response;
  readonly text: string;
  /** Milliseconds from sending to the end of the body. */
  readonly durationMs: number;
  /** The key that was sent, so that it can be kept out of messages. */
  readonly key: string;
}

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
 * Sends one request.
 * @param delay milliseconds to wait before, already within the call's signal
 * @param limit milliseconds from then to the end of the answer
 * @param onSend called when the request goes out
 * @throws ConfigurationError, ConnectionError, TimeoutError, AbortError
 */
export async function send(
  settings: Settings,
  body: string,
  delay: number,
  limit: number,
  onSend: () => void,
): Promise<Reply> {
  const { facts, clock } = settings;
  const { signal: outer } = settings.call;
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
    return await Promise.race([ended, start.then(() => exchange(settings, body, signal, onSend))]);
  } finally {
    clock.clearTimeout(timer);
    clock.clearTimeout(pause);
    outer?.removeEventListener("abort", abort);
  }
}

async function exchange(settings: Settings, body: string, signal: AbortSignal, onSend: () => void): Promise<Reply> {
  const { fetch: carry, clock } = settings;
  const key = await keyOf(settings);
  const { url, ...request } = describeRequest(settings, body, key);
  signal.throwIfAborted();
  const start = clock.performance.now();
  let response: Response;
  let text: string | undefined;
  try {
    onSend();
    response = await carry(url, { ...request, redirect: "manual", signal });
    if (response.type === "opaqueredirect" || `${response.status}`.startsWith("3")) await response.body?.cancel();
    else text = await response.text();
  } catch (cause) {
    const { code, cause: inner } = (cause ?? {}) as Failure;
    const why = inner?.code ?? code ?? "the connection failed";
    throw disconnected(settings, why, { retryable: true, notSent: NEVER_ARRIVED.test(why), cause });
  }
  if (text === undefined) throw disconnected(settings, "a redirect", {});
  return { response, text, durationMs: clock.performance.now() - start, key };
}

function disconnected({ facts, origin }: Settings, why: string, details: CallErrorDetails): ToolbindCallError {
  const text = ["gave no answer", `${why} at ${origin}`, `check baseUrl; ${LOOK_FIRST}`] as const;
  return new ToolbindCallError("TB5020", text, { ...facts, ...details });
}
