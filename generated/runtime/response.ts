/* eslint-disable */
// Copied by toolbind; changes are overwritten.
import { clip } from "./clip.js";
import { type DocumentedStatus, ToolbindCallError } from "./errors.js";
import type { ResponseEnvelope } from "./options.js";
import { isObject } from "./is-object.js";
import { blackOut } from "./secrets.js";
import type { Reply } from "./exchange.js";
import { LOOK_FIRST } from "./send.js";
import type { Settings } from "./settings.js";

type Body = Readonly<Record<string, unknown>>;

const MAX_TEXT = 1000;
export const DOCUMENTED: RegExp = /40[01348]|41[03]|42[29]|50[0-3]/;
export const TRANSIENT: RegExp = /408|429|50[0234]/;

/** What to do about a status where the platform suggests nothing. */
const REMEDIES: { readonly [status: number]: string } = {
  400: "check the arguments and the account",
  401: "check the API key",
  403: "grant the account the tool's scopes",
  404: "check the account, and that this version has the tool",
  410: "use another version or tool",
  413: "ask for less",
  422: "check the arguments and the account",
};

/**
 * What an answer says.
 * @throws StatusError for an HTTP status that is a failure, ToolExecutionError for `successful: false`,
 *   UnexpectedResponseError for what is neither
 */
export function readReply(
  settings: Settings,
  { response, text, durationMs, key }: Reply,
  attempts: number,
): ResponseEnvelope<unknown> {
  const { ok, status, headers } = response;
  const read = parse(text);
  const succeeded = ok && read["successful"] === true;
  const body = succeeded ? read : parse(blackOut(text, key, settings.call));
  const { data, error, log_id, session_info: sessionInfo, successful } = body;
  const said = isObject(error) ? error : { ...body, message: error ?? body["message"] };
  const requestId = asText(said["request_id"]) ?? headers.get("x-request-id") ?? undefined;
  const logId = asText(log_id);
  if (succeeded) {
    const { version } = settings.facts;
    return { data, logId, requestId, sessionInfo, status, headers, durationMs, attempts, version, drift: [] };
  }

  const facts = { ...settings.facts, status, requestId };
  const message = asText(said["message"]);
  if (ok && successful === false) {
    const failure = [
      "failed",
      clip(message ?? "no reason is given", MAX_TEXT),
      `see \`data\` and log ${logId}`,
    ] as const;
    throw new ToolbindCallError("TB5030", failure, { ...facts, error: asText(error) ?? null, data, logId });
  }
  const silence = `the answer is ${text.length} characters of ${headers.get("content-type")}`;
  if (ok) throw new ToolbindCallError("TB5023", ["gave no result", silence, `check baseUrl; ${LOOK_FIRST}`], facts);

  const { code, errors: list } = said;
  const suggestedFix = asText(said["suggested_fix"]);
  const errors = Array.isArray(list) ? list.map((each) => asText(each) ?? "") : undefined;
  const cause = clip([message ?? silence, ...(errors ?? [])].join("; "), MAX_TEXT);
  const failure = [`failed with ${status}`, cause, suggestedFix ?? REMEDIES[status] ?? "try later"] as const;
  throw new ToolbindCallError(DOCUMENTED.test(`${status}`) ? `TB5${status as DocumentedStatus}` : "TB5599", failure, {
    ...facts,
    slug: asText(said["slug"]),
    apiCode: typeof code === "number" ? code : undefined,
    suggestedFix,
    errors,
    retryable: TRANSIENT.test(`${status}`),
    retryAfterMs: retryAfter(headers.get("retry-after") ?? ""),
  });
}

/** The object that a body holds, or an empty one. */
function parse(text: string): Body {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** What the platform says, as text; undefined where it says nothing. */
function asText(said: unknown): string | undefined {
  return said ? (typeof said === "string" ? said : JSON.stringify(said)) : undefined;
}

/** Milliseconds from seconds or a date. */
export function retryAfter(header: string): number | undefined {
  const ms = Number(header) * 1000 || Date.parse(header) - Date.now();
  return ms > 0 ? ms : undefined;
}
