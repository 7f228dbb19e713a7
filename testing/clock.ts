/** A clock that moves only when told to, for `createClient({ clock })`. */
export interface ManualClock {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  readonly performance: { now(): number };
  /** Timers that have neither run nor been cleared. */
  readonly pending: number;
  /** Advances to each timer due within these milliseconds, in order. */
  advance(ms: number): Promise<void>;
  /** Advances from timer to timer, without waiting, until the promise has settled. */
  settle<T>(promise: Promise<T>): Promise<T>;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Creates a {@link ManualClock}, which starts at 0. */
export function createManualClock(): ManualClock {
  const timers = new Set<Timer>();
  let now = 0;
  const earliest = (): Timer | undefined => [...timers].sort((a, b) => a.at - b.at)[0];
  const fire = (timer: Timer): void => {
    now = Math.max(now, timer.at);
    timers.delete(timer);
    timer.run();
  };
  return {
    setTimeout: (run, ms) => {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer) => void timers.delete(timer as Timer),
    performance: { now: () => now },
    get pending() {
      return timers.size;
    },
    advance: async (ms) => {
      const end = now + ms;
      await idle();
      for (let next = earliest(); next && next.at <= end; next = earliest()) {
        fire(next);
        await idle();
      }
      now = end;
    },
    settle: async (promise) => {
      let settled = false;
      const end = (): void => void (settled = true);
      promise.then(end, end);
      for (await idle(); !settled; await idle()) {
        const next = earliest();
        if (next) fire(next);
      }
      return promise;
    },
  };
}

/** After everything already pending, including input and output. */
function idle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
