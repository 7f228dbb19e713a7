/* eslint-disable */
// Copied by toolbind; changes are overwritten.
import { describeRequest } from "./request.js";
import { type Exchange, unanswered } from "./send.js";
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

/** The one request that the platform is asked with, and its answer. */
export function exchange(settings: Settings, body: string): Exchange<Reply> {
  return async (signal, onSend) => {
    const { fetch: carry, clock, origin } = settings;
    const key = await keyOf(settings);
    const { url, ...request } = describeRequest(settings, body, key);
    signal.throwIfAborted();
    const start = clock.performance.now();
    let response: Response;
    let text: string;
    try {
      onSend();
      response = await carry(url, { redirect: "manual", signal, ...request });
      text = await response.text();
    } catch (cause) {
      throw unanswered(settings, origin, cause);
    }
    // A browser shows a redirect as status 0.
    if (!response.ok && response.status < 400) throw unanswered(settings, origin, undefined, "a redirect");
    return { response, text, durationMs: clock.performance.now() - start, key };
  };
}
