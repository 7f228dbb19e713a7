/** Thrown by a handler: the platform answers 200 with `successful: false` and this message as `error`. */
export class PlatformFailure extends Error {
  override readonly name = "PlatformFailure";
  readonly data: unknown;

  constructor(message: string, data: unknown = {}) {
    super(message);
    this.data = data;
  }
}

export interface PlatformHttpErrorDetails {
  readonly message?: string;
  readonly code?: number;
  readonly slug?: string;
  readonly suggestedFix?: string;
  readonly errors?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by a handler: the platform answers with this status and the error body that it documents. */
export class PlatformHttpError extends Error {
  override readonly name = "PlatformHttpError";
  readonly status: number;
  readonly details: PlatformHttpErrorDetails;

  constructor(status: number, details: PlatformHttpErrorDetails = {}) {
    super(details.message ?? `Failed with ${status}`);
    this.status = status;
    this.details = details;
  }
}

/** The answer to a failed request, as the platform documents it. */
export function errorResponse(status: number, details: PlatformHttpErrorDetails, requestId: string): Response {
  const error = {
    message: details.message ?? `Failed with ${status}`,
    code: details.code ?? status,
    slug: details.slug ?? "Platform_Error",
    status,
    request_id: requestId,
    suggested_fix: details.suggestedFix,
    errors: details.errors,
  };
  return Response.json({ error }, { status, headers: { ...details.headers, "x-request-id": requestId } });
}
