import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { errorResponse } from "./errors.js";

/**
 * What goes wrong with a call. Before the tool runs: `reset-before` drops the connection, `html` is a page as proxies
 * send them, `redirect` points elsewhere, `{ status }` is a refusal. After it ran: `reset-after` drops the connection,
 * `half-body` breaks off the answer, `silence` never answers, and `slow-body` and `large-body` answer in full.
 */
export type CallFault =
  | "reset-before"
  | "html"
  | "redirect"
  | { readonly status: number; readonly retryAfter?: string }
  | "reset-after"
  | "half-body"
  | "silence"
  | "slow-body"
  | "large-body";

/** A call as faults are asked about it; `count` counts all calls from 1. */
export interface FaultyCall {
  readonly slug: string;
  readonly body: unknown;
  readonly count: number;
}

export type CallFaults = (call: FaultyCall) => CallFault | undefined;

const CHUNKS = 8;
const CHUNK_PAUSE_MS = 2;
const PADDING_BYTES = 2 * 1024 * 1024;
const PAGE = "<!doctype html><title>Sorry</title><p>Something went wrong.</p>";

/** Answers a call with a fault; `run` executes it. */
export async function answerFaulty(
  fault: CallFault | undefined,
  run: () => Promise<Response>,
  { outgoing }: { readonly outgoing: ServerResponse },
  requestId: string,
): Promise<Response> {
  if (fault === undefined) return run();
  if (typeof fault === "object") {
    const headers = fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter };
    return errorResponse(fault.status, { headers }, requestId);
  }
  if (fault === "html") return new Response(PAGE, { headers: { "content-type": "text/html" } });
  if (fault === "redirect") return new Response(null, { status: 307, headers: { location: "http://127.0.0.1:9/" } });
  if (fault === "reset-before") {
    outgoing.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  const answer = await run();
  if (fault === "reset-after") {
    outgoing.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  if (fault === "silence") return RESPONSE_ALREADY_SENT;
  const text = await answer.text();
  const sent = fault === "large-body" ? text + " ".repeat(PADDING_BYTES) : text;
  const bytes = Buffer.from(sent);
  outgoing.writeHead(answer.status, { "content-type": "application/json", "content-length": bytes.length });
  if (fault === "half-body") outgoing.write(bytes.subarray(0, bytes.length / 2), () => outgoing.destroy());
  else if (fault === "large-body") outgoing.end(bytes);
  else {
    const size = Math.ceil(bytes.length / CHUNKS);
    for (let start = 0; start < bytes.length; start += size) {
      outgoing.write(bytes.subarray(start, start + size));
      await sleep(CHUNK_PAUSE_MS);
    }
    outgoing.end();
  }
  return RESPONSE_ALREADY_SENT;
}
