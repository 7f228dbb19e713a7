import type { ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { ListingRequest } from "./listing.js";

/**
 * What goes wrong with the answer of a listing: a different answer, the connection dropped before it or
 * in the middle of it, its JSON cut short, or its content changed.
 */
export type Fault = Response | "drop" | "break" | "cut" | ((body: unknown) => unknown);

/** The request that a fault is chosen for; `attempt` counts its repetitions from 1. */
export interface FaultyRequest extends ListingRequest {
  readonly attempt: number;
}

export type FaultSource = (request: FaultyRequest) => Fault | undefined | Promise<Fault | undefined>;

/** The answer, with the fault applied. */
export function answerWith(
  body: unknown,
  fault: Fault | undefined,
  { outgoing }: { readonly outgoing: ServerResponse },
): Response {
  // The server has its own class of this name, which copies of an answer are not instances of.
  if (typeof fault === "object") return fault;
  if (fault === "drop") {
    outgoing.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  const text = JSON.stringify(typeof fault === "function" ? fault(body) : body);
  const half = text.slice(0, text.length / 2);
  if (fault === "break") {
    outgoing.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    outgoing.write(half, () => outgoing.destroy());
    return RESPONSE_ALREADY_SENT;
  }
  return new Response(fault === "cut" ? half : text, { headers: { "content-type": "application/json" } });
}
