/* eslint-disable */
// Copied by toolbind; changes are overwritten.
import { request } from "./attempts.js";
import { stateOf } from "./client.js";
import { checkData } from "./drift.js";
import { isToolbindCallError, ToolbindCallError } from "./errors.js";
import type { CallOptions, Next, ResponseEnvelope } from "./options.js";
import { type CallBody, describeRequest, encodeBody, redactRequest, type RequestPreview } from "./request.js";
import { readReply } from "./response.js";
import { settle, type Settings } from "./settings.js";
import type { AnyTool } from "./tool.js";
import { listIssues, validate, type ValidationIssue } from "./validation.js";

export type { CallOptions, ResponseEnvelope, SafeResult } from "./options.js";

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
    return await run({ tool, body, options });
  } catch (cause) {
    if (isToolbindCallError(cause)) throw cause;
    const text = ["failed", "something unforeseen was thrown", "see `cause`"] as const;
    throw new ToolbindCallError("TB5000", text, { toolSlug: tool.slug, cause });
  }
}

const carryOut: Next = async ({ tool, body, options }) => {
  const [settings, encoded] = prepare(tool, body, options);
  return checkData(tool, settings, await request(settings, tool.hints, encoded, readReply));
};
/**
 * The request that {@link call} would send, checked alike, with its secrets blacked out. Needs no key and sends nothing.
 * @throws ConfigurationError, VersionError, MissingIdentityError, InputValidationError
 */
export function previewRequest(tool: AnyTool, body: CallBody, options: CallOptions = {}): RequestPreview {
  const [settings, encoded] = prepare(tool, body, options);
  return redactRequest(settings, describeRequest(settings, encoded, ""));
}

function prepare(tool: AnyTool, body: CallBody, options: CallOptions): readonly [Settings, string] {
  const settings = settle(tool, options);
  const { text, arguments: args = {} } = body as { readonly text?: string; readonly arguments?: unknown };
  const encoded = encodeBody(settings, "text" in body ? { text } : { arguments: args });
  if ("text" in body) {
    if (!text?.trim()) throw invalid(settings, "the text is empty", []);
  } else if (settings.validate.input !== "off") {
    const issues = validate(tool.input, withoutUndefined(args), true);
    if (issues.length > 0) throw invalid(settings, listIssues(issues), issues);
  }
  return [settings, encoded];
}

function invalid({ facts }: Settings, cause: string, issues: readonly ValidationIssue[]): ToolbindCallError {
  const text = ["was given invalid arguments", cause, "correct them; nothing was sent"] as const;
  return new ToolbindCallError("TB5010", text, { ...facts, issues });
}

/** A copy as JSON would keep it: without the keys that are undefined. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutUndefined(inner)]));
}
