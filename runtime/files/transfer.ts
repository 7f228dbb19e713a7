// Bytes on their way to and from a store: a GET, or a PUT of the whole, may safely be repeated.
import type { Fetch } from "../types.js";
import { retryAfter, TRANSIENT } from "../exchange.js";
import type { CallSettings } from "../settings.js";

const ATTEMPTS = 3;
const LONGEST_PAUSE_MS = 60_000;

/** A carrier that repeats a request whose connection broke, or whose failure may be temporary. */
export function insistent(carry: Fetch, { retry, clock }: Pick<CallSettings, "retry" | "clock">): Fetch {
  return async (url, init) => {
    for (let tries = 1; ; tries++) {
      const isLast = tries >= (retry.attempts ?? ATTEMPTS);
      let pause = (2 ** tries / 4) * (1000 - 250 * Math.random());
      try {
        const response = await carry(url, init);
        if (isLast || !TRANSIENT.test(`${response.status}`)) return response;
        pause = retryAfter(response.headers.get("retry-after") ?? "") ?? pause;
        response.body?.cancel().catch(() => {});
      } catch (error) {
        if (isLast || init.signal.aborted) throw error;
      }
      await waited(Math.min(pause, LONGEST_PAUSE_MS), init.signal, clock);
    }
  };
}

function waited(ms: number, signal: AbortSignal, clock: CallSettings["clock"]): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clock.clearTimeout(timer);
      signal.removeEventListener("abort", end);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve();
    };
    const timer = clock.setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
