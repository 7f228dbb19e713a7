import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { errorResponse } from "./errors.js";

/**
 * What goes wrong with a call. Before the tool runs: `reset-before` drops the connection, `html` is an HTML page as proxies
 * send them, `redirect` leads to an address where nothing listens and `{ redirect }` to a given one, `{ status }` is a refusal. After
 * it ran: `reset-after` drops the connection, `half-body` cuts off the answer, `silence` never answers, and `slow-body`,
 * `large-body` and `{ paddedBy }` answer in full, the last two with extra bytes.
 */
export type CallFault =
  | "reset-before"
  | "html"
  | "redirect"
  | { readonly redirect: string }
  | { readonly status: number; readonly retryAfter?: string }
  | "reset-after"
  | "half-body"
  | "silence"
  | "slow-body"
  | "large-body"
  | { readonly paddedBy: number };

/** The call that a fault is chosen for; `count` counts all calls from 1. */
export interface FaultyCall {
  readonly slug: string;
  readonly body: unknown;
  readonly count: number;
}

export type CallFaults = (call: FaultyCall) => CallFault | undefined;

const CHUNKS = 8;
const CHUNK_PAUSE_MS = 2;
const PADDING_BYTES = 2 * 1024 * 1024;
const NOWHERE = "http://127.0.0.1:9/";
const PAGE = "<!doctype html><title>Sorry</title><p>Something went wrong.</p>";

/** Answers a call with a fault; `run` executes it. */
export async function answerFaulty(
  fault: CallFault | undefined,
  run: () => Promise<Response>,
  { outgoing }: { readonly outgoing: ServerResponse },
  requestId: string,
): Promise<Response> {
  if (fault === undefined) return run();
  if (typeof fault === "object" && "status" in fault) {
    const headers = fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter };
    return errorResponse(fault.status, { headers }, requestId);
  }
  if (fault === "html") return new Response(PAGE, { headers: { "content-type": "text/html" } });
  if (fault === "redirect") return redirected(NOWHERE);
  if (typeof fault === "object" && "redirect" in fault) return redirected(fault.redirect);
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
  const padding = typeof fault === "object" ? fault.paddedBy : fault === "large-body" ? PADDING_BYTES : 0;
  const bytes = Buffer.from(text + " ".repeat(padding));
  outgoing.writeHead(answer.status, { "content-type": "application/json", "content-length": bytes.length });
  if (fault === "half-body") outgoing.write(bytes.subarray(0, bytes.length / 2), () => outgoing.destroy());
  else if (padding > 0) outgoing.end(bytes);
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

function redirected(location: string): Response {
  return new Response(null, { status: 307, headers: { location } });
}
