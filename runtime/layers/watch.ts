import { stateOf } from "../client.js";
import type { Fetch, ToolCall } from "../types.js";

/** The same call with each of its requests passed through `around`; others, such as those for tokens, are not. */
export function withFetch(call: ToolCall, around: (carry: Fetch) => Fetch): ToolCall {
  const { options } = call;
  const carry: Fetch = options.fetch ?? stateOf(options.client).options.fetch ?? fetch;
  const watched = around(carry);
  return { ...call, options: { ...options, fetch: (url, init) => (init.forToken ? carry : watched)(url, init) } };
}
