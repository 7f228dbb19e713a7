/* eslint-disable */
// Copied by toolbind; changes are overwritten.
import { misconfigured, ToolbindCallError } from "./errors.js";
import { blackOut, isSecretName } from "./secrets.js";
import type { CallSettings, Settings } from "./settings.js";
import type { ValidationIssue } from "./validation.js";

/** Arguments, or a description in natural language from which the platform derives them. */
export type CallBody = { readonly arguments: unknown } | { readonly text: string };

/** The one request of a call, as it is sent. */
export interface RequestDescription {
  readonly method: "POST";
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
}

/** A request fit to be shown: the key, other secret headers and the strings of custom credentials are blacked out. */
export interface RequestPreview {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined where there is none. */
  readonly body: string | undefined;
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
    // What was thrown would show the value.
    throw misconfigured("the key or a header cannot be sent", "use plain characters");
  }
}

export function redactRequest({ call }: Settings, request: RequestDescription): RequestPreview {
  const headers: Record<string, string> = {};
  request.headers.forEach((value, name) => {
    headers[name] = isSecretName(name) ? "[redacted]" : value;
  });
  return { ...request, headers, body: blackOut(request.body, "", call) };
}

/**
 * The JSON that is sent, `body` being the arguments or the text: keys that are undefined fall away, null stays, and no default is filled in.
 * @throws InputValidationError for what JSON cannot say, such as a cycle
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
    throw invalid(facts, "they are no JSON", [], cause);
  }
}

export function invalid(
  facts: CallSettings["facts"],
  why: string,
  issues: readonly ValidationIssue[] = [],
  cause?: unknown,
): ToolbindCallError {
  const text = ["was given invalid arguments", why, "correct them; nothing was sent"] as const;
  return new ToolbindCallError("TB5010", text, { ...facts, issues, cause });
}
