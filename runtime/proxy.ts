// Requests to an app's own API through the platform, which adds the account's credentials.
import { LOOK_FIRST } from "./attempts.js";
import { downloadFile, type DownloadOptions, type FileDownload } from "./files/files.js";
import { post } from "./endpoint.js";
import { type DocumentedStatus, misconfigured, ToolbindCallError } from "./errors.js";
import type { CallOptions } from "./types.js";
import { DOCUMENTED, retryAfter, TRANSIENT } from "./exchange.js";

export interface ProxyRequest {
  /** Default: `GET`. */
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | undefined;
  /** A path below the API's root, or an absolute address. */
  readonly endpoint: string;
  /** Undefined values are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent unchanged, instead of `body`; the platform fetches an address. */
  readonly binaryBody?: Blob | Uint8Array | { readonly url: string; readonly contentType?: string } | undefined;
}

export interface ProxyOptions extends CallOptions {
  /** Throws a StatusError if the app answers with a status other than 2xx. Default: false. */
  readonly throwOnStatus?: boolean | undefined;
  /** How a binary answer is fetched. */
  readonly download?: DownloadOptions | undefined;
}

/** What the app answered. */
export interface ProxyResponse {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly data: unknown;
  /** A binary answer, fetched on demand. */
  readonly file: FileDownload | undefined;
  readonly requestId: string | undefined;
  readonly attempts: number;
  readonly durationMs: number;
}

interface BinaryData {
  readonly url: string;
  readonly content_type: string;
}

/**
 * Sends a request to the API of a connected account's app. `GET` and `HEAD` are retried like calls of read-only tools.
 * @throws the errors of a call if the platform fails; an error status of the app throws only with `throwOnStatus`
 */
export async function proxy(
  connectedAccountId: string,
  request: ProxyRequest,
  { throwOnStatus, download, ...options }: ProxyOptions = {},
): Promise<ProxyResponse> {
  if (!connectedAccountId) throw misconfigured("the account given to proxy is empty", "pass its id");
  const { method = "GET", endpoint, query = {}, headers = {}, body, binaryBody } = request;
  if (body !== undefined && binaryBody) throw unfit("both body and binaryBody are given", "leave one out");
  const parameters = [
    ...Object.entries(headers).map(([name, value]) => ({ name, value, type: "header" })),
    ...Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [{ name, value: String(value), type: "query" }],
    ),
  ];
  const sent = {
    connected_account_id: connectedAccountId,
    endpoint,
    method,
    parameters,
    ...(body !== undefined && { body }),
    ...(binaryBody && { binary_body: await encodeBinary(binaryBody) }),
  };
  const readOnly = method === "GET" || method === "HEAD";
  const { body: answer, ...facts } = await post("proxy", "tools/execute/proxy", sent, { readOnly }, options);
  const { data = null, status: said, headers: pairs, binary_data: binary } = answer;
  const status = Number(said);
  if (!(status > 0)) {
    const text = ["gave no result", "the answer has no status", `check baseUrl; ${LOOK_FIRST}`] as const;
    throw new ToolbindCallError("TB5023", text, { toolSlug: "proxy", ...facts });
  }
  const ok = status >= 200 && status < 300;
  const answered = headersOf(pairs);
  if (throwOnStatus && !ok) {
    const code = DOCUMENTED.test(`${status}`) ? (`TB5${status as DocumentedStatus}` as const) : "TB5599";
    const text = ["reached the app and failed", `${method} was answered with ${status}`, "see `data`"] as const;
    const retryable = TRANSIENT.test(`${status}`);
    const retryAfterMs = retryAfter(answered.get("retry-after") ?? "");
    const details = { toolSlug: "proxy", status, data, headers: answered, retryable, retryAfterMs, ...facts };
    throw new ToolbindCallError(code, text, details);
  }
  const { url: s3url, content_type: mimetype } = (binary ?? {}) as Partial<BinaryData>;
  const file =
    s3url === undefined
      ? undefined
      : downloadFile({ s3url, ...(mimetype && { mimetype }) }, { ...options, ...download });
  return { status, ok, headers: answered, data, file, ...facts };
}

/** The headers of an app's answer; those that HTTP does not allow are left out. */
function headersOf(pairs: unknown): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries((pairs ?? {}) as Record<string, unknown>)) {
    try {
      for (const each of [value].flat()) headers.append(name, String(each));
    } catch {
      continue;
    }
  }
  return headers;
}

async function encodeBinary(body: NonNullable<ProxyRequest["binaryBody"]>): Promise<object> {
  if ("url" in body) return { url: body.url, ...(body.contentType && { content_type: body.contentType }) };
  const bytes = body instanceof Blob ? new Uint8Array(await body.arrayBuffer()) : body;
  if (bytes.length === 0) throw unfit("binaryBody is empty", "leave it out");
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const type = body instanceof Blob ? body.type : "";
  return { base64: btoa(binary), ...(type && { content_type: type }) };
}

function unfit(cause: string, remedy: string): ToolbindCallError {
  const text = ["was given invalid arguments", cause, remedy] as const;
  return new ToolbindCallError("TB5010", text, { toolSlug: "proxy", issues: [] });
}
