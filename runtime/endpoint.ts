import { request } from "./attempts.js";
import { isToolbindCallError, ToolbindCallError } from "./errors.js";
import { exchange, readReply, type Reply } from "./exchange.js";
import type { AnyTool, CallOptions, ToolHints } from "./types.js";
import { invalid } from "./validation.js";
import { type Settings, settle } from "./settings.js";

/** What an endpoint other than the execute endpoint answered. */
export interface EndpointAnswer {
  readonly body: Readonly<Record<string, unknown>>;
  readonly requestId: string | undefined;
  readonly durationMs: number;
  readonly attempts: number;
}

/**
 * Posts JSON to an endpoint of the platform, with the key, the time limits and the attempts of a call.
 * @param name what errors call it
 */
export async function post(
  name: string,
  path: string,
  body: object,
  hints: ToolHints,
  options: CallOptions,
): Promise<EndpointAnswer> {
  const tool = { slug: name, toolkit: "", version: "-", noAuth: true } as AnyTool;
  const facts = { toolSlug: name } as Settings["facts"];
  const settings = { ...settle(tool, options), path, facts };
  let encoded: string;
  try {
    encoded = JSON.stringify(body);
  } catch (cause) {
    throw invalid(facts, "not valid JSON", [], cause);
  }
  try {
    return await request(settings, hints, exchange(settings, encoded), readObject);
  } catch (cause) {
    if (isToolbindCallError(cause)) throw cause;
    throw new ToolbindCallError("TB5000", ["failed", "something was thrown", "see `cause`"], { toolSlug: name, cause });
  }
}

/** The object that an answer holds; readReply says what is wrong with any other answer. */
function readObject(settings: Settings, reply: Reply, attempts: number): EndpointAnswer {
  const { response, text, durationMs } = reply;
  const body = response.ok ? parse(text) : undefined;
  if (body === undefined) return readReply(settings, reply, attempts) as never;
  return { body, requestId: response.headers.get("x-request-id") ?? undefined, durationMs, attempts };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
