import { errorResponse, PlatformHttpError } from "./errors.js";
import { isObject } from "../generator/text/json.js";

/** A request to an app, as the platform would forward it. */
export interface ProxiedRequest {
  readonly connectedAccountId: string | undefined;
  readonly method: string;
  readonly endpoint: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** A binary body, decoded; an address is not fetched. */
  readonly bytes: Uint8Array | undefined;
}

/** What the app answers; `binary` is where to fetch a file. */
export interface ProxyAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly data?: unknown;
  readonly binary?: { readonly url: string; readonly contentType: string; readonly size: number };
}

/** Answers for an app, or throws a PlatformHttpError where the platform itself fails. */
export type ProxyHandler = (request: ProxiedRequest) => ProxyAnswer | Promise<ProxyAnswer>;

const METHODS = new Set(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"]);

/** The platform's proxy endpoint. */
export function createProxy(
  handler: ProxyHandler = (data) => ({ data }),
): (body: unknown, requestId: string) => Promise<Response> {
  return async (body, requestId) => {
    try {
      const { status = 200, headers = {}, data, binary } = await handler(readRequest(body));
      const binary_data = binary && { url: binary.url, content_type: binary.contentType, size: binary.size };
      return Response.json({ data, binary_data, status, headers }, { headers: { "x-request-id": requestId } });
    } catch (error) {
      if (error instanceof PlatformHttpError) return errorResponse(error.status, error.details, requestId);
      const message = error instanceof Error ? error.message : String(error);
      return errorResponse(500, { message, code: 500, slug: "Platform_InternalError" }, requestId);
    }
  };
}

function readRequest(body: unknown): ProxiedRequest {
  if (!isObject(body) || typeof body["endpoint"] !== "string" || !METHODS.has(String(body["method"]))) {
    const details = { message: "endpoint and method are required", code: 400, slug: "Request_InvalidBody" };
    throw new PlatformHttpError(400, details);
  }
  const parameters = (body["parameters"] ?? []) as readonly { name: string; value: string; type: string }[];
  const ofType = (wanted: string): Record<string, string> =>
    Object.fromEntries(parameters.filter(({ type }) => type === wanted).map(({ name, value }) => [name, value]));
  const binary = body["binary_body"] as { readonly base64?: string } | undefined;
  return {
    connectedAccountId: body["connected_account_id"] as string | undefined,
    method: String(body["method"]),
    endpoint: body["endpoint"],
    query: ofType("query"),
    headers: ofType("header"),
    body: body["body"],
    bytes: binary?.base64 === undefined ? undefined : new Uint8Array(Buffer.from(binary.base64, "base64")),
  };
}
