import {
  type Client,
  type ClientOptions,
  createClient,
  defineTool,
  type Fetch,
  type ToolHints,
} from "../../runtime/index.js";
import type { ToolWithOptionalArgs } from "../../runtime/tool.js";
import { createManualClock, type ManualClock } from "../../testing/index.js";
import * as z from "zod/mini";
import { API_KEY, VERSION } from "./support.js";

export type Args = Readonly<Record<string, unknown>>;

/** A tool that takes and gives anything. */
export function toolWith(hints: ToolHints = {}, slug = "GITHUB_THING"): ToolWithOptionalArgs<Args, unknown> {
  return defineTool<ToolWithOptionalArgs<Args, unknown>>(slug, () => ({
    toolkit: slug.split("_")[0]!.toLowerCase(),
    version: VERSION,
    description: "",
    hints,
    input: () => z.looseObject({}) as never,
    output: () => z.unknown() as never,
  }));
}

export const READ: ToolHints = { readOnly: true };

/** What a scripted fetch does at one request: answers, throws, or never ends. */
export type Step = Response | Error | "hang";

export interface Scripted {
  readonly client: Client;
  readonly clock: ManualClock;
  /** When each request came, on the clock. */
  readonly times: number[];
  readonly requests: Parameters<Fetch>[];
}

/** A client over a fetch that does these steps in turn, and the last one from then on. */
export function scripted(steps: readonly (() => Step)[], options: ClientOptions = {}): Scripted {
  const clock = createManualClock();
  const times: number[] = [];
  const requests: Parameters<Fetch>[] = [];
  const fetch: Fetch = async (...request) => {
    const step = steps[Math.min(requests.length, steps.length - 1)]!();
    requests.push(request);
    times.push(clock.performance.now());
    if (step instanceof Response) return step;
    if (step instanceof Error) throw step;
    return new Promise((_, reject) => {
      request[1].signal.addEventListener("abort", () => reject(request[1].signal.reason as Error));
    });
  };
  const client = createClient({
    apiKey: API_KEY,
    baseUrl: "http://127.0.0.1:1",
    userId: "alice",
    fetch,
    clock,
    ...options,
  });
  return { client, clock, times, requests };
}

export const done = (data: unknown = {}): Response =>
  Response.json({ data, error: null, successful: true, log_id: "log_1" });

export const status = (code: number, headers: Record<string, string> = {}): Response =>
  Response.json({ error: { message: "no", code: 1, slug: "No", status: code } }, { status: code, headers });

export function systemError(code: string): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
}
