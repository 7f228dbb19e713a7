/* eslint-disable */
// Copied by toolbind; changes are overwritten.
import { ToolbindCallError } from "./errors.js";
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
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Sends the one request of a call.
 * @throws ConfigurationError, ConnectionError, TimeoutError, AbortError
 */
export async function send(settings: Settings, body: string): Promise<Reply> {
  const { facts, timeoutMs } = settings;
  const { signal: outer } = settings.call;
  const controller = new AbortController();
  const { signal } = controller;
  const abort = (): void => {
    const details = { ...facts, cause: outer?.reason as unknown };
    controller.abort(new ToolbindCallError("TB5022", ["was aborted", "by its signal", LOOK_FIRST], details));
  };
  const expire = (): void => {
    const text = ["gave no answer", `${timeoutMs} ms have passed`, `raise timeoutMs; ${LOOK_FIRST}`] as const;
    controller.abort(new ToolbindCallError("TB5021", text, { ...facts, retryable: true }));
  };
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });
  const timer = setTimeout(expire, Math.min(timeoutMs, MAX_TIMER_MS));
  outer?.addEventListener("abort", abort);
  if (outer?.aborted) abort();
  try {
    return await Promise.race([ended, exchange(settings, body, signal)]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", abort);
  }
}

async function exchange(settings: Settings, body: string, signal: AbortSignal): Promise<Reply> {
  const key = await keyOf(settings);
  const { url, ...request } = describeRequest(settings, body, key);
  signal.throwIfAborted();
  const start = performance.now();
  try {
    const response = await (settings.client.options.fetch ?? fetch)(url, { ...request, redirect: "manual", signal });
    if (response.type !== "opaqueredirect" && !/^3/.test(`${response.status}`)) {
      return { response, text: await response.text(), durationMs: performance.now() - start, key };
    }
    response.body?.cancel().catch(() => {});
    throw { code: "a redirect" };
  } catch (cause) {
    const { code, cause: inner } = (cause ?? {}) as Failure;
    const why = `${inner?.code ?? code ?? "the connection failed"} at ${settings.origin}`;
    const text = ["gave no answer", why, `check baseUrl; ${LOOK_FIRST}`] as const;
    throw new ToolbindCallError("TB5020", text, { ...settings.facts, retryable: true, cause });
  }
}
