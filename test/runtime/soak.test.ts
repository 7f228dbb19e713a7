import { afterAll, beforeAll, expect, it } from "vitest";
import { batch, type Clock } from "../../runtime/index.js";
import { type CallFault, type Platform, startPlatform } from "../../testing/index.js";
import { READ, toolWith } from "./fake.js";
import { API_KEY, clientOf, failureOf, type RawServer, startRaw, VERSION } from "./support.js";

const CALLS = 10_000;
const FASTER = 100;
/** Every so many requests, the first of them meet a storm of 429. */
const STORM_EVERY = 2500;
const STORM = 60;
const BODY_BYTES = 100 * 1024 * 1024;
/** Each with the share of calls, in thousandths, that it befalls. */
const SHARES: readonly (readonly [CallFault | "elsewhere", number])[] = [
  ["reset-before", 40],
  ["reset-after", 40],
  ["half-body", 40],
  ["html", 20],
  ["redirect", 10],
  ["elsewhere", 10],
  ["silence", 10],
  ["slow-body", 40],
  ["large-body", 10],
  [{ status: 429 }, 5],
  [{ status: 429, retryAfter: "1" }, 5],
  [{ status: 503 }, 30],
  [{ status: 503, retryAfter: "1" }, 20],
];

/** The same faults in every run. */
function faultOf(count: number): CallFault | undefined {
  if (count % STORM_EVERY < STORM) return { status: 429, retryAfter: "2" };
  let place = (Math.imul(count, 2_654_435_761) >>> 0) % 1000;
  for (const [fault, share] of SHARES) {
    if (place < share) return fault === "elsewhere" ? { redirect: `${elsewhere.url}/steal` } : fault;
    place -= share;
  }
  return undefined;
}

/** Real time, but all waiting is shorter. */
const clock: Clock = {
  setTimeout: (run, ms) => setTimeout(run, ms / FASTER),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
  performance: { now: () => performance.now() * FASTER },
};

const read = toolWith(READ, "DEMO_READ");
const write = toolWith({}, "DEMO_WRITE");
const faults = new Set<string>();
/** What a call asks for itself goes before what chance brings. */
let asked: CallFault | undefined;
let platform: Platform;
/** Where redirects lead. */
let elsewhere: RawServer;

beforeAll(async () => {
  elsewhere = await startRaw((_, response) => response.end('{"successful":true,"data":{}}'));
  const tool = { toolkit: { slug: "demo" }, version: VERSION, input_parameters: { type: "object" } };
  platform = await startPlatform({
    snapshot: [
      { slug: "DEMO_READ", ...tool },
      { slug: "DEMO_WRITE", ...tool },
    ],
    apiKey: API_KEY,
    handlers: { DEMO_READ: ({ arguments: args }) => args, DEMO_WRITE: ({ arguments: args }) => args },
    faults: ({ count }) => {
      const fault = asked ?? faultOf(count);
      if (fault) faults.add(JSON.stringify(fault));
      return fault;
    },
  });
});
afterAll(() => Promise.all([platform.close(), elsewhere.close()]));

it(
  `of ${CALLS} calls over a bad connection no write arrives twice, none hangs, and none is told done that was not`,
  { timeout: 300_000 },
  async () => {
    const client = clientOf(platform.url, { clock, timeoutMs: 120_000, validate: { output: "off" } });
    const calls = Array.from({ length: CALLS }, (_, id) => (options: object) => {
      const tool = id % 2 === 0 ? read : write;
      return tool.withResponse({ id }, { client, ...options });
    });
    const results = await batch(calls, { concurrency: 32, clock });

    const count = (list: readonly { readonly body: unknown }[]): number[] => {
      const counts = Array.from({ length: CALLS }, () => 0);
      for (const { body } of list) counts[(body as { arguments: { id: number } }).arguments.id]! += 1;
      return counts;
    };
    const arrived = count(platform.requests);
    const executed = count(platform.executions);
    let succeeded = 0;
    for (const [id, result] of results.entries()) {
      const writes = id % 2 === 1;
      const { attempts } = result.successful ? result.data : result.error;
      expect(arrived[id], `requests of ${id}`).toBeLessThanOrEqual(writes ? 1 : 3);
      expect(attempts, `attempts of ${id}`).toBeGreaterThanOrEqual(arrived[id]!);
      expect(attempts, `attempts of ${id}`).toBeLessThanOrEqual(writes ? 1 : 3);
      if (!result.successful) continue;
      succeeded += 1;
      expect(result.data.data, `data of ${id}`).toEqual({ id });
      expect(executed[id], `executions of ${id}`).toBeGreaterThanOrEqual(1);
    }
    expect(faults.size).toBe(SHARES.length + 1);
    expect(elsewhere.received).toHaveLength(0);
    expect(succeeded).toBeGreaterThan(CALLS * 0.5);
    expect(succeeded).toBeLessThan(CALLS);
  },
);

it("bodies of 100 MB come whole or are refused, and no write is repeated", async () => {
  const client = clientOf(platform.url, { validate: { output: "off" } });
  const before = platform.executions.length;
  asked = { paddedBy: BODY_BYTES };
  expect(await read({ id: 1 }, { client })).toEqual({ id: 1 });
  expect(await write({ id: 2 }, { client })).toEqual({ id: 2 });
  expect(platform.executions.length - before).toBe(2);
  asked = undefined;
  const requests = platform.requests.length;
  const { code, attempts } = await failureOf(write({ id: 3, text: "x".repeat(BODY_BYTES) }, { client }));
  // The refusal may not be read any more where the connection is closed while the rest is still being sent.
  expect(["TB5413", "TB5020"]).toContain(code);
  expect(attempts).toBe(1);
  expect(platform.requests.length - requests).toBe(1);
  expect(platform.executions.length - before).toBe(2);
});
