import { request } from "./attempts.js";
import { checkArguments, checkData, invalid } from "./validation.js";
import { stateOf } from "./client.js";
import { isToolbindCallError, ToolbindCallError } from "./errors.js";
import { describeRequest, encodeBody, exchange, readReply, redactRequest } from "./exchange.js";
import { type Settings, settle } from "./settings.js";
import type { AnyTool, CallBody, CallOptions, Next, RequestPreview, ResponseEnvelope } from "./types.js";

/**
 * Carries out one call of a tool, through the layers around it and with one request for each attempt.
 * @throws ToolbindCallError and nothing else
 */
export async function call(
  tool: AnyTool,
  body: CallBody,
  options: CallOptions = {},
): Promise<ResponseEnvelope<unknown>> {
  try {
    const layers = [...(stateOf(options.client).options.use ?? []), ...(options.use ?? [])];
    const run = layers.reduceRight<Next>((next, layer) => async (each) => layer(each, next), carryOut);
    // Throws for undefined, which a layer gives that leaves out its `return`.
    return Object.assign(await run({ tool, body, options }));
  } catch (cause) {
    if (isToolbindCallError(cause)) throw cause;
    const text = ["failed", "something was thrown", "see `cause`"] as const;
    throw new ToolbindCallError("TB5000", text, { toolSlug: tool.slug, cause });
  }
}

const carryOut: Next = (each) => each.tool.executor?.().call(each) ?? callPlatform(each);

const callPlatform: Next = async ({ tool, body, options }) => {
  const [settings, encoded] = prepare(tool, body, options);
  return checkData(tool, settings, await request(settings, tool.hints, exchange(settings, encoded), readReply));
};

/**
 * The request that {@link call} would send, checked the same way, with its secrets blacked out. Needs no key and sends nothing.
 * @throws ConfigurationError, VersionError, MissingIdentityError, InputValidationError
 */
export async function previewRequest(
  tool: AnyTool,
  body: CallBody,
  options: CallOptions = {},
): Promise<RequestPreview> {
  if (tool.executor) return tool.executor().preview({ tool, body, options });
  const [settings, encoded] = prepare(tool, body, options);
  return redactRequest(settings, describeRequest(settings, encoded, ""));
}

function prepare(tool: AnyTool, body: CallBody, options: CallOptions): readonly [Settings, string] {
  const settings = settle(tool, options);
  const { text, arguments: args = {} } = body as { readonly text?: string; readonly arguments?: unknown };
  const encoded = encodeBody(settings, "text" in body ? { text } : { arguments: args });
  if (!("text" in body)) checkArguments(tool, settings, args);
  else if (!text?.trim()) throw invalid(settings.facts, "the text is empty");
  return [settings, encoded];
}
