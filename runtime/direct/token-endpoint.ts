// Requests to the servers that give tokens, which are not the app's API: they carry the client's secret.
import { checkAddress } from "../address.js";
import type { AddressOptions } from "../connections.js";
import { type CallErrorDetails, clip, isSecretName, isToolbindCallError, ToolbindCallError } from "../errors.js";
import type { Clock, Fetch } from "../types.js";
import type { App, AuthScheme } from "./app.js";
import { DEFAULT_USER } from "./connections.js";
import { isLoopback } from "./loopback.js";
import { Redactor } from "./redact.js";

/** How token requests are sent. */
export interface EndpointOptions {
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch;
  /** Milliseconds from sending to the end of the answer. Default 30,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Pick<Clock, "setTimeout" | "clearTimeout">;
  /** Milliseconds since 1970. Default: the real time. */
  readonly now?: () => number;
  /** Which private hosts are allowed where a field of the connection determines the host. */
  readonly address?: AddressOptions;
  /** Whose connection it is, for the command in error messages. Default: that of no particular user. */
  readonly userId?: string;
}

/** What was answered, its body read to the end. */
export interface Answer {
  readonly status: number;
  /** The media type without parameters, if it is one that such servers use, else `another type`. */
  readonly type: string;
  readonly text: string;
}

const TIMEOUT_MS = 30_000;
const LARGEST_ANSWER = 1_048_576;
const LONGEST_DESCRIPTION = 200;
const KNOWN_TYPE =
  /^(application\/([\w-]{1,20}\+)?json|application\/x-www-form-urlencoded|application\/xml|text\/(html|plain|xml|javascript))$/;
/** Shorter texts occur in any message. */
const SHORTEST_SECRET = 6;
/** Fields that are not secret, even if they are not declared. */
const PUBLIC: ReadonlySet<string> = new Set([
  "client_id",
  "consumer_key",
  "expires_in",
  "scope",
  "token_type",
  "username",
]);

/** What a failure to get tokens says. Its `slug` is the server's name for the error, such as `invalid_grant`. */
export function unauthorised(
  app: App,
  cause: string,
  remedy: string,
  details: CallErrorDetails = {},
): ToolbindCallError {
  return new ToolbindCallError("TB5050", [`got no access to ${app.slug}`, cause, remedy], details);
}

/** The command that makes a new connection. An id that a shell could misread is not written out. */
export function reconnect(app: App, userId: string = DEFAULT_USER): string {
  const shown = /^[\w.@+-]+$/.test(userId) ? userId : "ID";
  return `run \`toolbind connect ${app.slug}${userId === DEFAULT_USER ? "" : ` --user ${shown}`}\``;
}

/**
 * The address of an endpoint, if a secret may be sent there.
 * @throws ToolbindCallError (TB5050) unless it is https, or http on this machine, and holds no credentials
 */
export function endpointUrl(app: App, what: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
  if (url && isSafe && !url.username && !url.password) return url;
  const shown = url ? `${url.protocol}//${url.host}` : "not a URL";
  throw unauthorised(app, `its ${what} is ${shown}`, "give an https address (http only on this machine)");
}

/** @throws ToolbindCallError (TB5050) unless a host that comes from the fields of a connection is public or allowed */
export async function checkHost(app: App, url: URL, { address = {} }: EndpointOptions): Promise<void> {
  try {
    await checkAddress(url.href, address);
  } catch {
    throw unauthorised(app, `its fields lead to ${url.host}, which is not a public host`, "allow it in allowHosts");
  }
}

/**
 * Posts a form and reads the answer, whatever its status. Redirects are not followed.
 * @throws ToolbindCallError (TB5050) where there is no answer, or it is a redirect or too large
 */
export async function post(
  app: App,
  url: URL,
  init: { readonly headers: Headers; readonly body: string; readonly secrets: readonly string[] },
  options: EndpointOptions,
): Promise<Answer> {
  const { timeoutMs = TIMEOUT_MS, signal: outer, clock = globalThis as unknown as Clock } = options;
  const carry: Fetch = options.fetch ?? fetch;
  // Without its path, of which a field may be a part.
  const place = url.origin;
  const controller = new AbortController();
  const { signal } = controller;
  const end = (cause: string, remedy: string, details: CallErrorDetails): void =>
    controller.abort(unauthorised(app, `${place} ${cause}`, remedy, details));
  const abort = (): void => end("was not awaited: the signal was aborted", "try again", { cause: outer?.reason });
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });
  ended.catch(() => undefined);
  const expire = (): void => end(`gave no answer in ${timeoutMs} ms`, "try again", { retryable: true });
  const timer = clock.setTimeout(expire, timeoutMs);
  outer?.addEventListener("abort", abort);
  if (outer?.aborted) abort();
  try {
    signal.throwIfAborted();
    return await Promise.race([ended, exchange()]);
  } finally {
    clock.clearTimeout(timer);
    outer?.removeEventListener("abort", abort);
  }

  async function exchange(): Promise<Answer> {
    let response: Response;
    let text: string | undefined;
    try {
      response = await carry(url.href, { method: "POST", ...init, redirect: "manual", signal, forToken: true });
      if (response.type === "opaqueredirect" || Math.floor(response.status / 100) === 3) {
        await response.body?.cancel();
        throw unauthorised(app, `${place} answered with a redirect`, "correct its URL in integration.yaml");
      }
      text = await readText(response);
    } catch (cause) {
      if (isToolbindCallError(cause)) throw cause;
      const { code, cause: inner } = (cause ?? {}) as { code?: string; cause?: { code?: string } };
      const why = inner?.code ?? code ?? "the connection failed";
      throw unauthorised(app, `${place} cannot be reached, ${why}`, "check the network, and try again", {
        retryable: true,
      });
    }
    if (text === undefined) throw unauthorised(app, `${place} sent too long an answer`, "check its URL");
    const [type = ""] = (response.headers.get("content-type") ?? "").toLowerCase().split(";");
    return { status: response.status, type: KNOWN_TYPE.test(type.trim()) ? type.trim() : "another type", text };
  }
}

/** The body as text; undefined where it is longer than any token. */
async function readText(response: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const { value: chunk } = (await reader?.read()) ?? {};
    if (chunk === undefined) return text + decoder.decode();
    size += chunk.byteLength;
    if (size > LARGEST_ANSWER) {
      void reader?.cancel().catch(() => {});
      return undefined;
    }
    text += decoder.decode(chunk, { stream: true });
  }
}

/** The members of an answer in JSON or as a form; undefined where it is neither. */
export function membersOf({ type, text }: Answer): Readonly<Record<string, unknown>> | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) {
    try {
      return JSON.parse(trimmed) as Record<string, unknown>;
    } catch {
      return undefined;
    }
  }
  const isForm = type === "application/x-www-form-urlencoded" || /^[\w.%-]+=[^\s<>{}"]*$/.test(trimmed);
  return isForm ? Object.fromEntries(new URLSearchParams(trimmed)) : undefined;
}

/** What a server says about its failure, for use in a message: without control characters and without secrets. */
export function said(members: Readonly<Record<string, unknown>>, redactor: Redactor): string {
  const parts = [members["error"], members["error_description"]].filter((part) => typeof part === "string");
  const text = parts.join(", ").replace(/[^\x20-\x7e\u00a1-\uffff]+/g, " ");
  return clip(redactor.text(text).trim(), LONGEST_DESCRIPTION);
}

/** Removes the secrets of a connection, and `more`. */
export function redactorOf(
  scheme: AuthScheme,
  fields: Readonly<Record<string, string>>,
  more: readonly string[],
): Redactor {
  const open = new Set(scheme.fields.filter(({ secret }) => !secret).map(({ name }) => name));
  const isSecret = (name: string): boolean => isSecretName(name) || !open.has(name);
  const held = Object.entries(fields).filter(([name]) => !PUBLIC.has(name) && isSecret(name));
  const all = [...held.map(([, value]) => value), ...more];
  return new Redactor(() => all.filter((each) => each.length >= SHORTEST_SECRET));
}
