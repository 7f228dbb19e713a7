// Makes many calls through one client, and tells what is left of them: node --expose-gc PROGRAM URL CALLS CONCURRENCY
import { getEventListeners } from "node:events";
import { batch, type Clock, createClient, defineTool, logging } from "../../runtime/index.js";
import type { ToolWithOptionalArgs } from "../../runtime/tool.js";
import * as z from "../../runtime/z.js";

interface Item {
  readonly id: number;
}

const [url = "", calls = "0", concurrency = "1"] = process.argv.slice(2);
/** Pauses before a repeated attempt take no time worth mentioning; time limits are never reached. */
const clock: Clock = {
  setTimeout: (run, ms) => setTimeout(run, ms / 100),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
  performance,
};
const define = (slug: string, readOnly: boolean): ToolWithOptionalArgs<Item, Item> =>
  defineTool<ToolWithOptionalArgs<Item, Item>>(slug, () => ({
    toolkit: "demo",
    version: "20250906_01",
    description: "",
    hints: { readOnly },
    input: () => z.looseObject({ id: z.integer() }),
    output: () => z.looseObject({ id: z.integer(), text: z.string() }),
  }));
const tools = [define("DEMO_READ", true), define("DEMO_WRITE", false)] as const;
const client = createClient({
  apiKey: "key",
  baseUrl: url,
  userId: "alice",
  clock,
  timeoutMs: 6_000_000,
  use: [logging({ level: "debug", write: () => {} })],
});
const { signal } = new AbortController();
const counts = { succeeded: 0, failed: 0, drifted: 0 };

async function callMany(from: number, to: number): Promise<void> {
  const made = Array.from({ length: to - from }, (_, index) => async (options: object) => {
    const result = await tools[index % 2]!.safe({ id: from + index }, { client, ...options, signal });
    if (!result.successful) counts.failed += 1;
    else if (result.data.id !== from + index) throw new Error("the answer of another call");
    else counts[result.drift.length > 0 ? "drifted" : "succeeded"] += 1;
  });
  for (const result of await batch(made, { concurrency: Number(concurrency), clock })) {
    if (!result.successful) throw result.error;
  }
}

/** Bytes in use, once all that nobody refers to has been let go. */
async function bytesInUse(): Promise<number> {
  for (let times = 0; times < 3; times++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    gc!();
  }
  return process.memoryUsage().heapUsed;
}

const most = Number(calls);
const STEP = 1000;
let after = 0;
for (let from = 0; from < most; from += STEP) {
  await callMany(from, Math.min(from + STEP, most));
  if (from + STEP === Math.ceil(most / 4 / STEP) * STEP) after = await bytesInUse();
}
const listeners = getEventListeners(signal, "abort").length;
console.log(JSON.stringify({ ...counts, grownBy: (await bytesInUse()) - after, listeners }));
process.exit();
