import { isToolbindCallError } from "./errors.js";
import { type Exchange, send } from "./send.js";
import type { CallSettings } from "./settings.js";
import type { ToolHints } from "./tool.js";

const ATTEMPTS = 3;
const LONGEST_PAUSE_S = 8;
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * Sends the request of a call through `exchange`, and sends it again while that is safe and promises something: when nothing arrived, or
 * when the failure may pass and the tool reads only or is idempotent, or the caller allows it.
 * @param read takes the answer to a request, and throws where it is a failure
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
