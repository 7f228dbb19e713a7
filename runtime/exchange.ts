import { type Exchange, LOOK_FIRST, unanswered } from "./attempts.js";
import { invalid } from "./validation.js";
import {
  blackOut,
  type CallErrorCode,
  clip,
  type DocumentedStatus,
  isSecretName,
  misconfigured,
  ToolbindCallError,
} from "./errors.js";
import { keyOf, type Settings } from "./settings.js";
import type { RequestPreview, ResponseEnvelope } from "./types.js";
import { isObject } from "./values.js";

/** The one request of a call, as it is sent. */
export interface RequestDescription {
  readonly method: "POST";
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * Builds the request of a call around its encoded body; sends nothing.
 * @throws ConfigurationError for a header that cannot be sent
 */
export function describeRequest(
  { origin, path, call, client }: Settings,
  body: string,
  key: string,
): RequestDescription {
  const url = `${origin}/api/v3.1/${path}`;
  try {
    const headers = new Headers(client.options.headers);
    for (const [name, value] of Object.entries(call.headers ?? {})) headers.set(name, value);
    for (const name of ["accept", "content-type"]) headers.set(name, "application/json");
    if (call.idempotencyKey) headers.set("idempotency-key", call.idempotencyKey);
    for (const name of ["x-api-key", "x-user-api-key"]) headers.delete(name);
    headers.set(client.options.userApiKey ? "x-user-api-key" : "x-api-key", key);
    return { method: "POST", url, headers, body };
  } catch {
    // The original error would show the value.
    throw misconfigured("the key or a header cannot be sent", "use plain characters");
  }
}

export function redactRequest({ call }: Settings, request: RequestDescription): RequestPreview {
  const headers: Record<string, string> = {};
  request.headers.forEach((value, name) => {
    headers[name] = isSecretName(name) ? "[redacted]" : value;
  });
  return { ...request, headers, body: blackOut(request.body, request.headers, call) };
}

/**
 * The JSON that is sent, `body` being the arguments or the text: undefined keys are dropped, null stays, and no default is filled in.
 * @throws InputValidationError for what JSON cannot express, such as a cycle
 */
export function encodeBody({ call, identity, facts }: Settings, body: object): string {
  const { customAuthParams: auth } = call;
  try {
    return JSON.stringify({
      connected_account_id: identity.connectedAccountId || undefined,
      user_id: identity.userId || undefined,
      version: facts.version,
      custom_auth_params: auth && { base_url: auth.baseUrl, parameters: auth.parameters, body: auth.body },
      custom_connection_data: call.customConnectionData,
      ...body,
    });
  } catch (cause) {
    throw invalid(facts, "not valid JSON", [], cause);
  }
}

/** An answer whose body has been read to its end. */
export interface Reply {
  readonly response: Response;
  readonly text: string;
  /** Milliseconds from sending to the end of the body. */
  readonly durationMs: number;
  /** The headers that were sent, so that their secrets can be kept out of messages. */
  readonly sent: Headers;
}

/** Sends the one request to the platform, and reads its answer. */
export function exchange(settings: Settings, body: string): Exchange<Reply> {
  return async (signal, onSend) => {
    const { fetch: carry, clock, origin } = settings;
    const key = await keyOf(settings);
    const { url, ...request } = describeRequest(settings, body, key);
    signal.throwIfAborted();
    const start = clock.performance.now();
    let response: Response;
    let text: string;
    try {
      onSend();
      response = await carry(url, { redirect: "manual", signal, ...request });
      text = await response.text();
    } catch (cause) {
      throw unanswered(settings, origin, cause);
    }
    // A browser shows a redirect as status 0.
    if (!response.ok && response.status < 400) throw unanswered(settings, origin, undefined, "a redirect");
    return { response, text, durationMs: clock.performance.now() - start, sent: request.headers };
  };
}

type Body = Readonly<Record<string, unknown>>;

const MAX_TEXT = 1000;
export const DOCUMENTED: RegExp = /40[01348]|41[03]|42[29]|50[0-3]/;
/** Those above 519 come from a gateway in between that reached nothing behind it, or gave up. */
export const TRANSIENT: RegExp = /408|425|429|50[0234]|5[2-9]./;

/** What to do about a status where the platform suggests nothing. */
const REMEDIES: { readonly [status: number]: string } = {
  401: "check the API key",
  403: "grant the tool's scopes",
  404: "check the account and the version",
  410: "use another version",
  413: "request less",
};

/**
 * What an answer says.
 * @throws StatusError for an HTTP status that is a failure, ToolExecutionError for `successful: false`,
 *   UnexpectedResponseError for anything else
 */
export function readReply(
  settings: Settings,
  { response, text, durationMs, sent }: Reply,
  attempts: number,
): ResponseEnvelope<unknown> {
  const { ok, status, headers } = response;
  const read = parse(text);
  const { successful } = read;
  const succeeded = ok && successful === true;
  const body = succeeded ? read : parse(blackOut(text, sent, settings.call));
  const { data, error, log_id, session_info: sessionInfo } = body;
  const said = isObject(error) ? error : { ...body, message: error ?? body["message"] };
  const requestId = asText(said["request_id"]) ?? headers.get("x-request-id") ?? undefined;
  const logId = asText(log_id);
  if (succeeded) {
    const { version } = settings.facts;
    return { data, logId, requestId, sessionInfo, status, headers, durationMs, attempts, version, drift: [] };
  }

  const { code, errors: list } = said;
  const suggestedFix = asText(said["suggested_fix"]);
  const errors = Array.isArray(list) ? list.map((each) => asText(each) ?? "") : undefined;
  const silence = `the answer is ${text.length} characters of ${headers.get("content-type")}`;
  const cause = clip([asText(said["message"]) ?? silence, ...(errors ?? [])].join("; "), MAX_TEXT);
  const retryable = TRANSIENT.test(`${status}`);
  let failure: readonly [code: CallErrorCode, what: string, remedy: string];
  if (!ok) {
    const remedy = retryable || status > 499 ? `try later; ${LOOK_FIRST}` : "check the arguments and the account";
    const kind: CallErrorCode = DOCUMENTED.test(`${status}`) ? `TB5${status as DocumentedStatus}` : "TB5599";
    failure = [kind, `failed with ${status}`, suggestedFix ?? REMEDIES[status] ?? remedy];
  } else if (successful === false) failure = ["TB5030", "failed", `see \`data\`${logId ? ` and log ${logId}` : ""}`];
  else failure = ["TB5023", "gave no result", `check baseUrl; ${LOOK_FIRST}`];
  throw new ToolbindCallError(failure[0], [failure[1], cause, failure[2]], {
    ...settings.facts,
    status,
    requestId,
    headers,
    logId,
    data,
    error: ok ? (asText(error) ?? null) : undefined,
    slug: asText(said["slug"]),
    apiCode: typeof code === "number" ? code : undefined,
    suggestedFix,
    errors,
    retryable,
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

/** What the platform says, as text; undefined where it says nothing, or where it is nested too deeply. */
function asText(said: unknown): string | undefined {
  try {
    return said ? (typeof said === "string" ? said : JSON.stringify(said)) : undefined;
  } catch {
    return undefined;
  }
}

/** Milliseconds from seconds or a date; undefined for anything else, and for a time that has passed. */
export function retryAfter(header: string): number | undefined {
  const ms = /^[\d.]{1,99}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return ms > 0 ? ms : undefined;
}
