/** The seed of all random data; TOOLBIND_SEED gives another, and `TOOLBIND_SEED=random` a new one in each run. */
export const SEED = seedOf(process.env["TOOLBIND_SEED"]);

function seedOf(setting: string | undefined): number {
  if (setting === undefined || setting === "") return 20_251_121;
  if (setting === "random") return Math.floor(Math.random() * 2 ** 31);
  if (!/^\d+$/.test(setting)) throw new Error(`TOOLBIND_SEED is a number or "random", not ${JSON.stringify(setting)}`);
  return Number(setting);
}

/** How a failure that random data brought about is replayed. */
export const REPLAY = `replay with TOOLBIND_SEED=${SEED}`;

/** A small seeded generator (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** At least 0, below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)] as T;
  }
}
