import type { Next, ToolCall } from "./options.js";
import type { RequestPreview } from "./request.js";

/** What carries the calls of a tool out. A tool without one is called through the platform. */
export interface Executor {
  readonly call: Next;
  /** The request that a call would send, checked alike, with its secrets blacked out. Sends nothing. */
  preview(call: ToolCall): RequestPreview | Promise<RequestPreview>;
}
