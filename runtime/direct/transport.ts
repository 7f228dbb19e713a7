// Sending a request, and following where it leads.
import { discard, faultOf, locationOf } from "../address.js";
import type { ToolbindCallError } from "../errors.js";
import { unanswered } from "../attempts.js";
import type { CallSettings } from "../settings.js";
import type { Fetch } from "../types.js";
import type { BuiltRequest } from "./build.js";
import type { Body } from "./bytes.js";
import { pairsOf } from "./pairs.js";
import type { Redactor } from "./redact.js";

const MOST_REDIRECTS = 5;

/** Adds to a complete request. */
export type Sign = (request: { method: string; url: URL; headers: Headers; form: AuthForm }) => Promise<void>;
type Content = Body["content"];
type AuthForm = readonly (readonly [name: string, value: string])[] | undefined;

/**
 * Sends a request. Redirects within the origin are followed with the credentials; GET and HEAD also to public https
 * addresses elsewhere, then with no header but `accept`. A stream can be sent only once.
 * @throws ConnectionError
 */
export async function carry(
  request: BuiltRequest,
  settings: CallSettings,
  signal: AbortSignal,
  sign: Sign | undefined,
): Promise<Response> {
  const { redactor, queryCredentials, address } = request;
  // Not called as a method, which browsers and workers refuse for `fetch`.
  const { fetch: send } = settings;
  const origin = request.url.origin;
  let { method, url, body } = request;
  let sent = request.headers;
  let foreign = false;
  const refuse = (why: string): ToolbindCallError => unanswered(settings, origin, undefined, `a redirect ${why}`);
  for (let redirects = 0; ; redirects++) {
    // A signature is valid for one request only.
    const headers = sign && !foreign ? new Headers(sent) : sent;
    if (!foreign && sign) await sign({ method, url, headers, form: formOf(body) });
    signal.throwIfAborted();
    const content = body?.content;
    let response: Response;
    try {
      response = await send(url.href, initOf(method, headers, content, signal, redactor));
    } catch (cause) {
      signal.throwIfAborted();
      throw unanswered(settings, url.origin, redactor.cause(cause));
    }
    if (response.type === "opaqueredirect") throw refuse("that a browser does not show");
    const { status } = response;
    if (![301, 302, 303, 307, 308].includes(status)) return response;
    discard(response);
    const target = locationOf(response, url.href);
    if (!target) throw refuse("to nowhere");
    if (redirects === MOST_REDIRECTS) throw refuse(`after ${MOST_REDIRECTS} others`);
    if (target.username || target.password) throw refuse("to an address with credentials");
    if ((status === 303 && method !== "HEAD") || (method === "POST" && status < 303)) {
      method = "GET";
      body = undefined;
      sent = new Headers(sent);
      sent.delete("content-type");
    }
    if (body?.content instanceof ReadableStream) throw refuse("of a stream, which can be sent only once");
    if (target.origin !== url.origin) {
      if (body || !/^(GET|HEAD)$/.test(method) || method !== request.method) throw refuse(`to ${target.origin}`);
      if (await faultOf(target.href, address)) throw refuse(`to ${target.origin}, which is not a public https address`);
      foreign = true;
      sent = new Headers({ accept: sent.get("accept") ?? "*/*" });
    }
    url = target;
    if (!foreign) addCredentials(url, queryCredentials);
  }
}

function formOf(body: BuiltRequest["body"]): AuthForm {
  const isForm = typeof body?.content === "string" && /^application\/x-www-form-urlencoded\b/i.test(body.type);
  return isForm ? pairsOf(body.content) : undefined;
}

/** A request as `fetch` takes it. Its secrets are part of it, so that a copy has them too, but not of its JSON. */
function initOf(
  method: string,
  headers: Headers,
  content: Content | undefined,
  signal: AbortSignal,
  redactor: Redactor,
): Parameters<Fetch>[1] {
  return {
    method,
    headers,
    redirect: "manual",
    signal,
    ...(content !== undefined && { body: content }),
    ...(content instanceof ReadableStream && { duplex: "half" }),
    // Computed when something is shown.
    get secrets() {
      return Object.defineProperty([...redactor.forms], "toJSON", { value: () => "[redacted]" });
    },
  };
}

function addCredentials(url: URL, credentials: readonly string[]): void {
  const known = new Set(
    url.search
      .slice(1)
      .split("&")
      .map((part) => part.split("=")[0]),
  );
  const absent = credentials.filter((part) => !known.has(part.split("=")[0]));
  if (absent.length > 0) url.search = [url.search.slice(1), ...absent].filter(Boolean).join("&");
}
