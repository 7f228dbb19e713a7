/** One place where a value does not fit its schema. */
export interface ValidationIssue {
  readonly path: readonly (string | number)[];
  /** The path as a JSON pointer. */
  readonly pointer: string;
  /** States the path, what was expected and what was received. */
  readonly message: string;
  readonly expected: string;
  /** The kind of value received, with the value where it is short and not secret; `missing` for an absent key. */
  readonly received: string;
  /** What would correct it, where that can be guessed. */
  readonly suggestion?: string;
}

/** The statuses that the platform documents for failed calls. */
export type DocumentedStatus = 400 | 401 | 403 | 404 | 408 | 410 | 413 | 422 | 429 | 500 | 501 | 502 | 503;

/** Every code that a failed call can have; `error-catalogue.ts` explains each. */
export type CallErrorCode =
  | "TB5000"
  | "TB5001"
  | "TB5002"
  | "TB5003"
  | "TB5004"
  | "TB5005"
  | "TB5006"
  | "TB5010"
  | "TB5011"
  | "TB5012"
  | "TB5020"
  | "TB5021"
  | "TB5022"
  | "TB5023"
  | "TB5024"
  | "TB5030"
  | "TB5040"
  | "TB5050"
  | "TB5051"
  | `TB5${DocumentedStatus}`
  | "TB5599";

/** What is known about a failed call, besides its code and message. */
export interface CallErrorDetails {
  /** The tool that was called. */
  readonly toolSlug?: string | undefined;
  /** The toolkit version it was called at. */
  readonly version?: string | undefined;
  /** The HTTP status, where there was an answer. */
  readonly status?: number | undefined;
  /** The platform's name for its error, such as `Tool_ToolNotFound`. */
  readonly slug?: string | undefined;
  /** The platform's number for its error, such as 2401. */
  readonly apiCode?: number | undefined;
  readonly requestId?: string | undefined;
  readonly suggestedFix?: string | undefined;
  readonly errors?: readonly string[] | undefined;
  /** The cause may be temporary. It does not mean that the tool did nothing. */
  readonly retryable?: boolean;
  /** Nothing arrived: the connection was never established. */
  readonly notSent?: boolean;
  /** How long the platform asks to wait. */
  readonly retryAfterMs?: number | undefined;
  /** How many requests were sent, those that never arrived included. */
  readonly attempts?: number;
  readonly cause?: unknown;
  /** For invalid arguments and unexpected data. */
  readonly issues?: readonly ValidationIssue[];
  /** What the tool says about its failure. */
  readonly error?: string | null | undefined;
  /** The data as it came; for an app that was called directly, what it says about its failure. */
  readonly data?: unknown;
  /** The answer's headers. */
  readonly headers?: Headers | undefined;
  readonly logId?: string | undefined;
}

/** What a message is made of: `<tool> <predicate>: <cause>. Fix: <remedy>.` */
export type ErrorText = readonly [predicate: string, cause: string, remedy: string];

const BRAND: unique symbol = /*#__PURE__*/ Symbol.for("toolbind.call-error");

/**
 * Any failed call. The classes derived from it stand for codes: `error instanceof RateLimitError` asks whether the
 * code is TB5429, and so also recognises an error of another copy of the runtime.
 */
export class ToolbindCallError extends Error {
  /** The codes that the class stands for; all where it is undefined. */
  static get codes(): RegExp | undefined {
    return undefined;
  }

  override readonly name: string = "ToolbindCallError";
  readonly code: CallErrorCode;
  readonly retryable: boolean = false;

  constructor(code: CallErrorCode, text: ErrorText, { cause, headers, ...facts }: CallErrorDetails = {}) {
    const message = `${facts.toolSlug ?? "toolbind"} ${text[0]}: ${text[1]}. Fix: ${text[2]}.`;
    super(message.replace(/([.!?])\.(?= Fix:|$)/g, "$1"), (cause && { cause }) as ErrorOptions);
    this.code = code;
    const own = this as unknown as Record<string, unknown>;
    for (const [key, value] of Object.entries(facts)) if (value !== undefined) own[key] = value;
    // Not enumerable, to stay out of logs: they may hold anything.
    Object.defineProperties(this, { [BRAND]: { value: true }, headers: { value: headers } });
  }

  /** Its message too, which JSON leaves out of errors; not the cause and the headers, which may hold anything. */
  toJSON(): object {
    return { ...this, message: this.message };
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // A class without codes of its own is one that a program derived.
    if (!Object.hasOwn(this, "codes")) return super[Symbol.hasInstance](value);
    return isToolbindCallError(value) && (this.codes?.test(value.code) ?? true);
  }
}

// Fields that only some errors have. Not `declare`d in the class, which Babel refuses unless it is told not to.
export interface ToolbindCallError {
  readonly toolSlug: string | undefined;
  readonly version: string | undefined;
  readonly status: number | undefined;
  readonly slug: string | undefined;
  readonly apiCode: number | undefined;
  readonly requestId: string | undefined;
  /** The answer's headers, such as those on rate limits. Left out of logs and JSON. */
  readonly headers: Headers | undefined;
  readonly suggestedFix: string | undefined;
  /** Where the user can connect, if the layer `suggestFixes` got a link. */
  readonly connectLink: string | undefined;
  readonly errors: readonly string[] | undefined;
  readonly retryAfterMs: number | undefined;
  /** Whether it is certain that nothing arrived, since the connection was never established. */
  readonly notSent: boolean | undefined;
  /** How many requests were sent, those that never arrived included; undefined where the call ended before any. */
  readonly attempts: number | undefined;
}

/** Whether a value is the error of a failed call, whichever copy of the runtime threw it. */
export function isToolbindCallError(value: unknown): value is ToolbindCallError {
  return (value as Readonly<Record<symbol, unknown>> | null | undefined)?.[BRAND] === true;
}

export function misconfigured(cause: string, remedy: string): ToolbindCallError {
  return new ToolbindCallError("TB5001", ["is misconfigured", cause, remedy]);
}

/** The start of a text that is too long for a message. */
export function clip(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max)}…` : text;
}

const SECRET_NAME = /pass|pwd|secret|token|key|auth|cred|cookie|sign|bearer|private|session|jwt|otp/i;
/** Names that only say where a credential goes. */
const PLACE = /^(in|name|baseUrl)$/;
/** The scheme before a credential, which a server may repeat without it. */
const SCHEME = /^\w+ +(?=\S+$)/;

/** Whether values under this name are better not shown. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

interface Credentials {
  readonly customAuthParams?: object | undefined;
  readonly customConnectionData?: { readonly val: unknown } | undefined;
}

/**
 * A text without the secrets among the headers that were sent, and without the longer strings and numbers of a call's
 * custom credentials: as they are, and as JSON or a URL holds them.
 */
export function blackOut(
  text: string,
  headers: Headers,
  { customAuthParams, customConnectionData }: Credentials,
): string {
  const given: unknown[] = [customAuthParams, customConnectionData?.val];
  headers.forEach((value, name) => isSecretName(name) && given.push(value));
  const forms: string[] = [];
  JSON.stringify(given, (name, value: unknown) => {
    const secret =
      value && typeof value !== "object" && !PLACE.test(name) ? `${value as string}`.replace(SCHEME, "") : "";
    const escaped = JSON.stringify(secret).slice(1, -1);
    // Shorter ones could also be ordinary words.
    if (secret.length > 5) forms.push(secret, escaped, encodeURIComponent(escaped));
    return value;
  });
  // One may contain another.
  forms.sort((a, b) => b.length - a.length);
  return forms.reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text);
}
