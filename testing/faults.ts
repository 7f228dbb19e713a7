import type { ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { ListingRequest } from "./listing.js";

/**
 * What goes wrong with the answer of a listing: another answer in its place, the connection dropped before it, broken
 * off in the middle of it, its JSON cut short, or its content changed.
 */
export type Fault = Response | "drop" | "break" | "cut" | ((body: unknown) => unknown);

/** A request as faults are asked about it; `attempt` counts the same one from 1. */
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
  // The server has a class of its own by this name, which copies of an answer are not of.
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
