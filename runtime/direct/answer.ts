// What an app answers.
import { clip, type DocumentedStatus, ToolbindCallError } from "../errors.js";
import type { ResponseEnvelope } from "../types.js";
import { DOCUMENTED, retryAfter, TRANSIENT } from "../exchange.js";
import { LOOK_FIRST } from "../attempts.js";
import type { CallSettings } from "../settings.js";
import type { App } from "./app.js";
import { bare, isJsonType, isStreamType, isTextType } from "./media.js";
import type { Redactor } from "./redact.js";
import type { Route } from "./route.js";

/** An answer whose body has been read, or is a stream for the caller to read. */
export interface Answer {
  readonly response: Response;
  readonly data: unknown;
  /** Milliseconds from sending to the end of the body, or to the beginning of a stream. */
  readonly durationMs: number;
  readonly redactor: Redactor;
}

const MAX_TEXT = 1000;
/** Media types under which vague servers send JSON. */
const MISLABELLED = /^(text\/(plain|html|javascript)|application\/(javascript|octet-stream))$/;

/** What to do about a status. */
const REMEDIES: { readonly [status: number]: string } = {
  400: "correct what it names",
  403: "grant the connection what the tool needs",
  404: "check the arguments",
  405: "generate from a newer description of the app",
  409: "check what it conflicts with",
  410: "use another tool",
  413: "request less",
  415: "generate from a newer description of the app",
  422: "correct what it names",
};

/**
 * The data of an answer: JSON as its value, other text as a string, a stream of events or lines as a ReadableStream,
 * nothing as null, and everything else, or any answer of a route that returns bytes, as a Blob. Failures are read as text or
 * JSON. Where only JSON was asked for, a JSON object or list is accepted even if it is labelled as plain text, HTML
 * or bytes.
 * @param signal aborts a stream
 * @throws UnexpectedResponseError for invalid JSON
 */
export async function readData(
  response: Response,
  { method, accept = [], bytes, stream }: Pick<Route, "method" | "accept" | "bytes" | "stream">,
  settings: CallSettings,
): Promise<unknown> {
  const { status, ok, headers } = response;
  if (method === "HEAD" || status === 204 || status === 205) return null;
  const header = headers.get("content-type") ?? accept[0] ?? "";
  const type = bare(header);
  if (ok && bytes) return response.blob();
  // Not accessed otherwise: it would create a stream that nobody reads.
  if (ok && (stream || isStreamType(header))) return response.body && until(response.body, settings.call.signal);
  const mislabelled = MISLABELLED.test(type) && accept.length > 0 && accept.every(isJsonType);
  const isJson = isJsonType(type);
  if (ok && !isJson && !isTextType(type) && type !== "application/x-www-form-urlencoded") {
    const blob = await response.blob();
    if (blob.size === 0) return null;
    return mislabelled ? jsonOr(blob, await blob.text()) : blob;
  }
  const text = await textOf(response, header);
  if (text === "") return null;
  if (!isJson && ok) return mislabelled ? jsonOr(text, text) : text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (!ok) return text;
    const said = `the answer is ${text.length} characters of ${clip(type, MAX_TEXT)}, not JSON`;
    throw new ToolbindCallError("TB5023", ["gave no result", said, LOOK_FIRST], { ...settings.facts, status });
  }
}

/** The object or list that a text holds as JSON; else the text. */
function jsonOr(data: unknown, text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return data;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return data;
  }
}

/**
 * What an answer says.
 * @throws StatusError for an error status
 */
export function readAnswer(
  app: Pick<App, "slug">,
  settings: CallSettings,
  { response, data, durationMs, redactor }: Answer,
  attempts: number,
): ResponseEnvelope<unknown> {
  const { ok, status, headers } = response;
  const { facts } = settings;
  const requestId = headers.get("x-request-id") ?? headers.get("request-id") ?? undefined;
  if (ok) {
    const { version } = facts;
    const nothing = { logId: undefined, sessionInfo: undefined, drift: [] };
    return { data, requestId, status, headers, durationMs, attempts, version, ...nothing };
  }
  const shown = redactor.value(data);
  const said = messageIn(shown) ?? "no reason given";
  const remedy =
    status === 401
      ? `check the credentials, or run \`toolbind connect ${app.slug}\``
      : (REMEDIES[status] ?? `try later; ${LOOK_FIRST}`);
  const code = DOCUMENTED.test(`${status}`) ? (`TB5${status as DocumentedStatus}` as const) : "TB5599";
  throw new ToolbindCallError(code, [`failed with ${status}`, clip(said, MAX_TEXT), remedy], {
    ...facts,
    status,
    requestId: requestId && redactor.text(requestId),
    data: shown,
    headers: redactor.headers(headers),
    retryable: TRANSIENT.test(`${status}`),
    retryAfterMs: retryAfter(headers.get("retry-after") ?? ""),
  });
}

/** The message of a failure, looked for where APIs usually put it. */
function messageIn(data: unknown, depth = 0): string | undefined {
  if (typeof data === "string") return data.trim() || undefined;
  if (typeof data !== "object" || data === null || depth > 3) return undefined;
  if (Array.isArray(data)) return data.map((item) => messageIn(item, depth + 1)).find(Boolean);
  const body = data as Readonly<Record<string, unknown>>;
  for (const key of ["message", "error_description", "error", "detail", "title", "errors", "error_message", "msg"]) {
    const found = Object.hasOwn(body, key) ? messageIn(body[key], depth + 1) : undefined;
    if (found) return found;
  }
  return depth === 0 ? JSON.stringify(data) : undefined;
}

async function textOf(response: Response, contentType: string): Promise<string> {
  const [, charset] = /charset="?([^";\s]+)/i.exec(contentType) ?? [];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return response.text();
  const bytes = await response.arrayBuffer();
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** A stream that the caller's signal also aborts, which the call itself no longer watches. */
function until(body: ReadableStream<Uint8Array>, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  return signal ? body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>(), { signal }) : body;
}
