/* eslint-disable */
// Copied by toolbind; changes are overwritten.
import type { ZodMiniType } from "zod/mini";
import { DEFAULTS } from "./defaults.js";
import { config } from "zod/v4/core";

// From schema/accepts.ts
// A fast path for valid values. Zod creates an object for every value it checks; most values are valid, and
// deciding that needs none.
/** A zod schema of either flavour, without its types. */
export interface Schema {
  readonly _zod: object;
}
/**
 * Whether a schema accepts a value. It may refuse what the schema accepts, since then the schema itself is asked; it never accepts
 * what the schema refuses.
 */
type Accepts = (value: unknown) => boolean;

export interface Payload {
  value: unknown;
  readonly issues: Issue[];
}
interface Issue {
  path?: PropertyKey[];
  readonly [fact: string]: unknown;
}

/** The part of zod's `_zod` that is used here. */
interface Parsing {
  parse(payload: Payload, context: object): Payload;
  run: Parsing["parse"];
  accepts?: Accepts;
  readonly optin?: string;
}

/** The context for finding issues, so that the fast path is not tried again at every level. */
export const EXPLAINING: object = { async: false };

export function parsing(schema: Schema): Parsing {
  return schema._zod as Parsing;
}

/** Gives a schema its fast path. */
export function judged(schema: unknown, accepts: Accepts): Schema {
  parsing(schema as Schema).accepts = accepts;
  return schema as Schema;
}

/** The fast path of a schema; if it has none, the schema itself. */
export function acceptsOf(schema: Schema): Accepts {
  const own = parsing(schema);
  return own.accepts ?? ((value) => !own.run({ value, issues: [] }, EXPLAINING).issues.length);
}

// From errors.ts
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
type ErrorText = readonly [predicate: string, cause: string, remedy: string];

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

// From connections.ts
// What a program provides to access the apps that are called without a platform in between, and how far it trusts
// addresses; types only, so that the core can name them at no cost.

/** Which addresses may be fetched. */
export interface AddressOptions {
  /** Hosts (`files.internal:8443`) that are allowed even if they are private or lack https. */
  readonly allowHosts?: readonly string[] | undefined;
  /** Addresses of a host name, to be checked too; `resolveHost` of the module `node` asks the system. */
  readonly resolve?: ((hostname: string) => Promise<readonly string[]>) | undefined;
}

type FieldValue = string | number | boolean;

/**
 * Credentials of an app, by the names of its fields: `{ api_key: "…", subdomain: "acme" }`. A function is called before
 * each attempt. `authScheme`, `baseUrl`, `allowHosts` and `resolve` are not fields.
 */
export interface AppConnection extends AddressOptions {
  /** Name of the scheme. Default: the first that the tool accepts and whose required fields are all set. */
  readonly authScheme?: string;
  /** Replaces the app's own. Http is accepted on this machine, and for `allowHosts`. */
  readonly baseUrl?: string;
  readonly [field: string]:
    FieldValue | (() => FieldValue | Promise<FieldValue>) | AddressOptions["allowHosts"] | AddressOptions["resolve"];
}

/** Credentials of one user for one app, as they are kept. */
export interface Connection {
  /** Name of the app's scheme. */
  readonly scheme: string;
  /** By name: what a person entered, and what token responses contained. */
  readonly fields: Readonly<Record<string, string>>;
  /** When `access_token` expires, in milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** Where connections are kept. `userId` is `default` where no user is given. */
export interface ConnectionStore {
  get(app: string, userId: string): Connection | undefined | Promise<Connection | undefined>;
  /** Replaces the existing connection. */
  set(app: string, userId: string, connection: Connection): void | Promise<void>;
  /**
   * Runs a renewal while no other one of the same connection runs, also in other processes that share the store. Without it
   * renewals wait for each other only within a process, where they start from the same tokens.
   */
  exclusive?<T>(app: string, userId: string, run: () => Promise<T>): Promise<T>;
}

/** A store whose connections can be listed and removed, as `toolbind connect` needs. */
export interface ManagedConnections extends ConnectionStore {
  /** The connections without their credentials, sorted by app, then by user. */
  list(): Promise<readonly KeptConnection[]>;
  /** Whether there was one to remove. */
  remove(app: string, userId: string): Promise<boolean>;
}

export interface KeptConnection {
  readonly app: string;
  readonly userId: string;
  /** Name of the app's scheme. */
  readonly scheme: string;
  /** When `access_token` expires, in milliseconds since 1970. */
  readonly expiresAt?: number;
}

// From tool-schema.ts
/** Input and output are the same: validation changes nothing. */
type ToolSchema<T> = ZodMiniType<T, T>;

// From types.ts
// The types that a call involves. They refer to each other, so they are in one place, below everything that uses them.

/** What a tool says about its own effects; an absent hint means unknown. */
export interface ToolHints {
  readonly readOnly?: boolean;
  readonly destructive?: boolean;
  readonly idempotent?: boolean;
  readonly openWorld?: boolean;
}

/** What every tool has besides its call signatures. */
export interface ToolFacts {
  readonly slug: string;
  readonly toolkit: string;
  /** The toolkit version every call is pinned to; null when the catalogue gave none. */
  readonly version: string | null;
  readonly description: string;
  readonly tags: readonly string[];
  readonly hints: ToolHints;
  readonly scopes: readonly string[];
  readonly deprecated: boolean;
  /** The tool runs without a connected account. */
  readonly noAuth: boolean;
}

/** Any tool, whatever its arguments and data. */
export interface AnyTool extends ToolFacts {
  /** Absent or null where the platform carries out its calls. */
  readonly executor?: (() => Executor) | null;
  readonly input: ToolSchema<unknown>;
  readonly output: ToolSchema<unknown>;
}

/** What decides how the answer of an app that is called directly is read. */
interface AnswerFormat {
  readonly method: string;
  readonly accept?: readonly string[];
  readonly bytes?: true;
  readonly stream?: true;
}

/** Carries out the calls of a tool. A tool without one is called through the platform. */
export interface Executor {
  readonly call: Next;
  /** The request that a call would send, checked the same way, with its secrets blacked out. Sends nothing. */
  preview(call: ToolCall): RequestPreview | Promise<RequestPreview>;
  /** For a mock, which answers in the app's place. */
  readonly format?: AnswerFormat;
}

/** Who calls, where and how. Generated functions accept one as `options.client`. */
export interface Client {
  /** The same client for one user; an account chosen before is dropped. */
  forUser(userId: string): Client;
  /** The same client for one connected account; a user chosen before is dropped. */
  forAccount(connectedAccountId: string): Client;
}

/** Arguments, or a description in natural language from which the platform derives them. */
type CallBody = { readonly arguments: unknown } | { readonly text: string };

/** A request fit to be shown: the key, other secret headers and the strings of custom credentials are blacked out. */
interface RequestPreview {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined where there is none. */
  readonly body: string | undefined;
}

/** How strictly arguments and data are checked against the tool's schemas. */
export interface Validation {
  /** `strict` (default): invalid arguments throw before anything is sent. `off`: they are sent unchecked. */
  readonly input?: "strict" | "off" | undefined;
  /** `warn` (default): what does not fit is reported to `onDrift`. `strict`: it throws. `off`: nothing is checked. */
  readonly output?: "off" | "warn" | "strict" | undefined;
}

/** Credentials and settings that the platform adds to the request to the app. */
export interface CustomAuthParams {
  /** Root address of the app's API, such as `https://gmail.googleapis.com`. */
  readonly baseUrl?: string | undefined;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: "query" | "header";
    readonly value: string | number;
  }[];
  /** Sent to the app's authentication endpoint; very few apps need it. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
}

/** Where an account of the app is hosted; which keys apply depends on the app. */
export interface ConnectionHost {
  readonly subdomain?: string;
  readonly "your-domain"?: string;
  readonly region?: string;
  readonly shop?: string;
  readonly account_url?: string;
  readonly COMPANYDOMAIN?: string;
  readonly extension?: string;
  readonly form_api_base_url?: string;
  readonly instanceEndpoint?: string;
  readonly api_url?: string;
  readonly borneo_dashboard_url?: string;
  readonly proxy_username?: string;
  readonly proxy_password?: string;
  readonly domain?: string;
  readonly version?: string;
  readonly dc?: string;
  readonly site_name?: string;
  readonly instanceName?: string;
  readonly account_id?: string;
  readonly your_server?: string;
  readonly server_location?: string;
  readonly base_url?: string;
  /** At most 40 characters. */
  readonly state_prefix?: string;
  readonly long_redirect_url?: boolean;
  readonly [key: string]: unknown;
}

interface OAuth2Tokens {
  readonly access_token: string;
  readonly id_token?: string;
  readonly token_type?: string;
  readonly refresh_token?: string | null;
  readonly expires_in?: number | string | null;
  readonly scope?: string | readonly string[] | null;
  readonly webhook_signature?: string;
  /** Slack's user scopes. */
  readonly authed_user?: { readonly access_token?: string; readonly scope?: string };
}

interface DynamicClient {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly client_id_issued_at?: number;
  readonly client_secret_expires_at?: number;
}

interface ApiKeys {
  readonly generic_api_key?: string;
  readonly api_key?: string;
  readonly bearer_token?: string;
  readonly basic_encoded?: string;
}

interface OAuth1Tokens {
  readonly oauth_token: string;
  readonly oauth_token_secret: string;
  readonly oauth_verifier?: string;
  readonly consumer_key?: string;
  readonly redirectUrl?: string;
  readonly callback_url?: string;
}

interface ServiceAccount {
  readonly application_id: string;
  readonly installation_id: string;
  readonly private_key: string;
}

interface ServerTokens extends Pick<OAuth2Tokens, "access_token" | "token_type" | "expires_in" | "scope"> {
  readonly client_id?: string;
  readonly client_secret?: string;
  readonly expires_at?: string;
}

interface Connection_types<Scheme extends string, Credentials> {
  readonly authScheme: Scheme;
  readonly toolkitSlug: string;
  readonly val: ConnectionHost & Credentials;
}

/** A connection passed with the call instead of one stored on the platform. Takes precedence over `customAuthParams`. */
export type CustomConnectionData =
  | Connection_types<"OAUTH2", OAuth2Tokens>
  | Connection_types<"DCR_OAUTH", OAuth2Tokens & DynamicClient>
  | Connection_types<"S2S_OAUTH2", ServerTokens>
  | Connection_types<"API_KEY", ApiKeys>
  | Connection_types<"BEARER_TOKEN", { readonly token: string }>
  | Connection_types<"BASIC", { readonly username: string; readonly password?: string }>
  | Connection_types<"BASIC_WITH_JWT", { readonly username: string; readonly password: string }>
  | Connection_types<"OAUTH1", OAuth1Tokens>
  | Connection_types<"SERVICE_ACCOUNT", ServiceAccount>
  | Connection_types<"GOOGLE_SERVICE_ACCOUNT", { readonly credentials_json: string }>
  | Connection_types<"NO_AUTH", unknown>;

/** When a failed attempt is repeated. */
export interface Retry {
  /** Number of requests, including the first. Default 3; 1 never repeats. */
  readonly attempts?: number | undefined;
  /** Repeats calls that may already have taken effect, whatever the tool's hints say: a write may happen twice. */
  readonly dangerouslyRepeatWrites?: boolean | undefined;
}

/** Measures time and runs timers: `globalThis`, or a fake for tests. */
export interface Clock {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  readonly performance: { now(): number };
}

/** A call in progress, as the layers around it see it. */
export interface ToolCall {
  readonly tool: AnyTool;
  readonly body: CallBody;
  readonly options: CallOptions;
}

/** Passes a call on, changed or not, to the next layer inwards. */
export type Next = (call: ToolCall) => Promise<ResponseEnvelope<unknown>>;

/** A layer around calls: it sees each before its arguments are checked, and may change, answer, repeat or watch it. */
export type Middleware = (call: ToolCall, next: Next) => Promise<ResponseEnvelope<unknown>>;

/** What a call and its client may both set; the call's value wins. */
interface SharedOptions {
  /** Allows `latest` and `00000000_00`; a tool without a pin is then called at `latest`. */
  readonly dangerouslySkipVersionCheck?: boolean | undefined;
  readonly validate?: Validation | undefined;
  /** Milliseconds from sending to the end of the answer's body, for each attempt. Default 60,000; `Infinity` waits for ever. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds for all attempts of a call and the pauses between them. Default: `Infinity`. */
  readonly deadlineMs?: number | undefined;
  /** By default, only requests that never arrived are repeated, and calls of tools marked as read-only or idempotent. */
  readonly retry?: Retry | undefined;
  /** Additional headers; those of the key and the content type cannot be replaced. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Carries every request. Default: the global `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** Layers around calls, the first outermost; the client's are outside the call's. */
  readonly use?: readonly Middleware[] | undefined;
}

/** What a single call may set; everything else comes from its client. */
export interface CallOptions extends SharedOptions {
  /** Default: the client set with `configure`, else one created from the environment. */
  readonly client?: Client | undefined;
  /** The user whose connected account is used. */
  readonly userId?: string | undefined;
  /** The connected account to use (`ca_…`). A user or account named here replaces the client's. */
  readonly connectedAccountId?: string | undefined;
  /** The toolkit version to call, such as `20250906_01`. */
  readonly version?: string | undefined;
  readonly customAuthParams?: CustomAuthParams | undefined;
  readonly customConnectionData?: CustomConnectionData | undefined;
  /** Credentials for an app that is called directly; they take precedence over the client's and over stored ones. */
  readonly app?: AppConnection | undefined;
  /** Aborts the call, even while it waits for its next attempt. */
  readonly signal?: AbortSignal | undefined;
  /** Sent as the header `idempotency-key`, the same with every attempt. Whether the platform honours it is not documented. */
  readonly idempotencyKey?: string | undefined;
}

/** Data that does not fit the tool's output schema. */
export interface Drift {
  readonly slug: string;
  readonly version: string;
  /** Only places that this client has not reported yet. */
  readonly issues: readonly ValidationIssue[];
}

/** A key, or a function that returns one, called before each request. */
export type KeySource = string | (() => string | Promise<string>);

/** The part of `fetch` that calls use. */
export type Fetch = (
  url: string,
  init: {
    method: string;
    headers: Headers;
    body?: string | Blob | ReadableStream<Uint8Array>;
    /** Set when the body is a stream. */
    duplex?: "half";
    redirect: "manual";
    signal: AbortSignal;
    /** Parts of a request to an app that must not be kept or shown, in every encoding; longer ones first. */
    secrets?: readonly string[];
    /** The request is not the call itself, but for something it needs, such as a token or an upload. */
    forToken?: true;
  },
) => Promise<Response>;

/** Options of a client. Whatever is left out comes from the environment, else from the defaults. */
export interface ClientOptions extends SharedOptions {
  /** The project's key, sent as `x-api-key`. Default: `COMPOSIO_API_KEY`. */
  readonly apiKey?: KeySource | undefined;
  /** A user's key, sent as `x-user-api-key` instead of `apiKey`. */
  readonly userApiKey?: KeySource | undefined;
  /** An origin, or a URL ending in `/api/v3` or `/api/v3.1`. Default: `COMPOSIO_BASE_URL`, `COMPOSIO_BASE`, the platform. */
  readonly baseUrl?: string | undefined;
  /** Default: `COMPOSIO_USER_ID`. */
  readonly userId?: string | undefined;
  readonly connectedAccountId?: string | undefined;
  /** Pins by toolkit. Default: `COMPOSIO_TOOLKIT_VERSION_<TOOLKIT>`, then the pin the tool was generated with. */
  readonly toolkitVersions?: Readonly<Record<string, string>> | undefined;
  /** Credentials for the apps that are called directly, by slug. Missing ones come from the variables `<APP>_<FIELD>`. */
  readonly apps?: Readonly<Record<string, AppConnection>> | undefined;
  /** Where users' connections to such apps are kept; what it holds for a user takes precedence over `apps`. */
  readonly connections?: ConnectionStore | undefined;
  /** Called with data that does not match its schema, once per tool and place. Errors it throws are ignored. */
  readonly onDrift?: ((drift: Drift) => void) | undefined;
  /** Allows a key in a browser, where every visitor can read it. */
  readonly dangerouslyAllowBrowser?: boolean | undefined;
  /** Measures time and runs timers. Default: the real clock. */
  readonly clock?: Clock | undefined;
}

/** What came besides the data. */
export interface ResponseFacts {
  /** Identifies the execution in the platform's logs. */
  readonly logId: string | undefined;
  readonly requestId: string | undefined;
  readonly sessionInfo: unknown;
  readonly status: number;
  readonly headers: Headers;
  /** Milliseconds from sending to the end of the body. */
  readonly durationMs: number;
  /** How many requests were sent, those that never arrived included. */
  readonly attempts: number;
  /** The toolkit version that was called. */
  readonly version: string;
  /** Where the data does not fit the output schema; empty unless `validate.output` is `warn`. */
  readonly drift: readonly ValidationIssue[];
}

export interface ResponseEnvelope<T> extends ResponseFacts {
  readonly data: T;
}

export type SafeResult<T> =
  | ({ readonly successful: true } & ResponseEnvelope<T>)
  | { readonly successful: false; readonly error: ToolbindCallError };

// From client.ts
/** What a client holds, out of sight so that logging a client shows no key. */
interface ClientState {
  readonly options: ClientOptions;
  /** Places where drift was already reported, shared with derived clients. */
  readonly reported: Set<string>;
}

interface WithNavigator {
  readonly navigator?: { readonly userAgent?: string };
}

/** Not a symbol of this copy of the runtime, so that its clients serve another copy's tools too. */
const STATE = "~toolbind";

let current: ClientState | undefined;

/**
 * Makes a client. Nothing is sent and the environment is read only when it is used.
 * @throws ConfigurationError when an option cannot work
 */
export function createClient(options: ClientOptions = {}): Client {
  const { apiKey, userApiKey, baseUrl, dangerouslyAllowBrowser } = options;
  if (apiKey && userApiKey) throw misconfigured("there are two keys", "give apiKey or userApiKey");
  if ((apiKey || userApiKey) && !dangerouslyAllowBrowser && isBrowser()) {
    throw misconfigured("visitors could read the key", "call from a server, or set dangerouslyAllowBrowser");
  }
  if (baseUrl !== undefined) originOf(baseUrl);
  return derive(options, new Set());
}

/** Every browser identifies itself like this, in pages and in workers; no server does. */
function isBrowser(): boolean {
  return /Mozilla/.test((globalThis as WithNavigator).navigator?.userAgent as string);
}

/** Sets the client of all calls that do not pass one, in this process and this copy of the runtime. */
export function configure(options: ClientOptions): Client {
  const client = createClient(options);
  current = stateOf(client);
  return client;
}

/** What the client of a call holds; no options where nobody made one. */
export function stateOf(client?: Client): ClientState {
  if (client === undefined) return (current ??= { options: {}, reported: new Set() });
  const state = (client as { readonly [STATE]?: () => ClientState } | null)?.[STATE]?.();
  if (!state) throw misconfigured("not a toolbind client", "use createClient");
  return state;
}

function derive(options: ClientOptions, reported: Set<string>): Client {
  const scoped = (scope: ClientOptions, id: string): Client => {
    // An id that got lost on its way must not turn into the user of the environment.
    if (!id) throw misconfigured("the id is empty", "pass an id");
    const { userId: _user, connectedAccountId: _account, ...others } = options;
    return derive({ ...others, ...scope }, reported);
  };
  const client: Client = {
    forUser: (userId) => scoped({ userId }, userId),
    forAccount: (connectedAccountId) => scoped({ connectedAccountId }, connectedAccountId),
  };
  // A function, since an inspector can be set to evaluate getters.
  return Object.defineProperty(client, STATE, { value: () => ({ options, reported }) });
}

const ACCEPTED = /^(https:\/\/[^/@]+|http:\/\/(([^/@]+\.)?localhost|127[.\d]+|\[::1])(:\d+)?)(\/api\/v3(\.1)?)?\/?$/;

interface WithProcess {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

/**
 * An environment variable, trimmed; undefined where it is empty, absent or may not be read, and in a
 * browser, where only what was bundled into the page can stand for one.
 */
export function environment(name: string): string | undefined {
  try {
    return isBrowser() ? undefined : (globalThis as WithProcess).process?.env?.[name]?.trim() || undefined;
  } catch {
    return undefined;
  }
}

/**
 * The origin of a base URL, with `/api/v3` or `/api/v3.1` taken off.
 * @throws ConfigurationError for other paths, for http to other machines, and for URLs that hold credentials
 */
function originOf(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url && ACCEPTED.test(url.href)) return url.origin;
  const shown = url ? url.origin + url.pathname : "not a URL";
  throw misconfigured(`baseUrl is ${shown}`, "give an https origin, or one with /api/v3");
}

// From settings.ts
/** Empty where neither is given. */
interface Identity {
  readonly userId?: string | undefined;
  readonly connectedAccountId?: string | undefined;
}

/** The settings of every call: its options first, then the client's, then the defaults. */
export interface CallSettings {
  /** What every error of the call states. */
  readonly facts: { readonly toolSlug: string; readonly version: string };
  readonly validate: Validation;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly retry: Retry;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly call: CallOptions;
  readonly client: ClientState;
}

/** The settings of a call through the platform, including the environment's. */
export interface Settings extends CallSettings {
  /** Where it is posted, below the API's root. */
  readonly path: string;
  readonly origin: string;
  readonly identity: Identity;
}

/**
 * Works out the settings of a call through the platform, before anything is sent.
 * @throws ConfigurationError, VersionError, MissingIdentityError
 */
export function settle(tool: AnyTool, call: CallOptions): Settings {
  const client = stateOf(call.client).options;
  const baseUrl =
    client.baseUrl ?? environment("COMPOSIO_BASE_URL") ?? environment("COMPOSIO_BASE") ?? DEFAULTS.baseUrl;
  const own = {
    facts: { toolSlug: tool.slug, version: versionOf(tool, call, client) },
    path: `tools/execute/${encodeURIComponent(tool.slug)}`,
    origin: originOf(baseUrl),
    identity: identityOf(tool, call, client),
  };
  return settleCall(own, call) as Settings;
}

/**
 * Adds the settings that every call has to those of its executor.
 * @throws ConfigurationError
 */
export function settleCall(own: Pick<CallSettings, "facts">, call: CallOptions): CallSettings {
  const state = stateOf(call.client);
  const client = state.options;
  const timeoutMs = call.timeoutMs ?? client.timeoutMs ?? DEFAULTS.timeoutMs;
  const deadlineMs = call.deadlineMs ?? client.deadlineMs ?? Infinity;
  if (!(timeoutMs > 0 && deadlineMs > 0)) {
    throw misconfigured(`timeoutMs is ${timeoutMs}, deadlineMs ${deadlineMs}`, "give more than 0");
  }
  // Copied last: V8 takes microseconds to add to a copy.
  return {
    validate: laid(DEFAULTS.validate, client.validate, call.validate),
    timeoutMs,
    deadlineMs,
    retry: laid<Retry>(client.retry, call.retry),
    fetch: call.fetch ?? client.fetch ?? fetch,
    clock: client.clock ?? (globalThis as Clock),
    call,
    client: state,
    ...own,
  };
}

/** Merges options, later ones over earlier ones; undefined ones do not override. */
function laid<T extends object>(...layers: readonly (T | undefined)[]): T {
  const all = {} as T;
  for (const layer of layers) for (const key in layer) all[key] = layer[key] ?? all[key];
  return all;
}

/** The key. No message ever contains it. */
export async function keyOf({ client, facts }: Settings): Promise<string> {
  const { userApiKey, apiKey } = client.options;
  const source = userApiKey || apiKey || environment("COMPOSIO_API_KEY");
  try {
    const key = (typeof source === "function" ? await source() : source)?.trim();
    if (key) return key;
  } catch (cause) {
    throw refusal("TB5002", "the key function failed", "see `cause`", { ...facts, cause });
  }
  throw refusal("TB5002", "no API key", "set COMPOSIO_API_KEY, or createClient({ apiKey })", facts);
}

function versionOf({ slug, toolkit, version: pin }: AnyTool, call: CallOptions, client: ClientOptions): string {
  const variable = `COMPOSIO_TOOLKIT_VERSION_${toolkit.toUpperCase().replace(/\W/g, "_")}`;
  const version = call.version ?? client.toolkitVersions?.[toolkit] ?? environment(variable) ?? pin;
  if (call.dangerouslySkipVersionCheck ?? client.dangerouslySkipVersionCheck) return version || "latest";
  if (version && version !== "latest" && version !== "00000000_00") return version;
  const remedy = `pass a dated version, or set toolkitVersions or ${variable}`;
  const cause = version ? `version ${version} may change` : "it has no version";
  throw refusal("TB5004", cause, remedy, { toolSlug: slug, version: version ?? undefined });
}

/** A user and an account set in the same place belong together; those of the call replace both of the client. */
function identityOf({ slug, noAuth }: AnyTool, call: CallOptions, client: ClientOptions): Identity {
  const named = [call, client].find((each) => (each.userId ?? each.connectedAccountId) !== undefined);
  const identity: Identity = named ?? { userId: environment("COMPOSIO_USER_ID") };
  if (identity.userId || identity.connectedAccountId || noAuth || call.customAuthParams || call.customConnectionData) {
    return identity;
  }
  const remedy = "use client.forUser(id) or forAccount(id), or set COMPOSIO_USER_ID";
  throw refusal("TB5003", "no user or account", remedy, { toolSlug: slug });
}

function refusal(
  code: "TB5002" | "TB5003" | "TB5004",
  cause: string,
  remedy: string,
  facts: CallErrorDetails,
): ToolbindCallError {
  return new ToolbindCallError(code, ["cannot be called", cause, remedy], facts);
}

// From attempts.ts
const ATTEMPTS = 3;
const LONGEST_PAUSE_S = 8;
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * Sends the request of a call through `exchange`, and sends it again while that is safe and may help: when nothing arrived, or
 * when the failure may pass and the tool is read-only or idempotent, or the caller allows it.
 * @param read receives the answer to a request, and throws if it is a failure
 */
export async function request<S extends CallSettings, Reply, T>(
  settings: S,
  { readOnly, idempotent }: ToolHints,
  exchange: Exchange<Reply>,
  read: (settings: S, reply: Reply, attempts: number) => T,
): Promise<T> {
  const { timeoutMs, deadlineMs, retry, clock } = settings;
  const deadline = clock.performance.now() + deadlineMs;
  let attempts = 0;
  for (let delay = 0, tries = 1; ; tries++) {
    try {
      const limit = Math.min(timeoutMs, deadline - clock.performance.now() - delay);
      return read(settings, await send(settings, exchange, delay, limit, () => attempts++), attempts);
    } catch (error) {
      if (!isToolbindCallError(error)) throw error;
      const { notSent, retryable, retryAfterMs } = Object.assign(error, attempts && { attempts });
      const pause = Math.min(2 ** tries / 4, LONGEST_PAUSE_S) * (1000 - 250 * Math.random());
      delay = Math.min(retryAfterMs ?? pause, LONGEST_RETRY_AFTER_MS);
      const safe = notSent || (retryable && (readOnly || idempotent || retry.dangerouslyRepeatWrites));
      const inTime = clock.performance.now() + delay < deadline;
      if (!(safe && inTime && tries < (retry.attempts ?? ATTEMPTS))) throw error;
    }
  }
}

/** Sends a request and reads its answer; `onSend` is called when one goes out. */
export type Exchange<Reply> = (signal: AbortSignal, onSend: () => void) => Promise<Reply>;

/** What runtimes tell about a failed connection, here or one level down. */
interface Failure {
  readonly name?: string;
  readonly code?: string;
  readonly syscall?: string;
  readonly cause?: Failure;
}

/** The remedy where nobody knows whether the tool ran. */
export const LOOK_FIRST = "check whether it ran before you repeat a write";
const MAX_TIMER_MS = 2_147_483_647;

/** What systems and runtimes call a connection that was never established. */
const NEVER_ARRIVED = /CONN(ECTION)?REFUSED|ENOTFOUND|EAI_AGAIN|CONNECT_TIMEOUT/i;
/** A code or a name that says more than that something was thrown. */
const TELLING = /^(?!(Type)?Error$)[A-Z]\w+$/;

/**
 * Carries out one attempt.
 * @param delay milliseconds to wait before, already within the call's signal
 * @param limit milliseconds from then to the end of the answer
 * @throws TimeoutError, AbortError, and what the exchange does
 */
async function send<Reply>(
  { facts, clock, call }: CallSettings,
  exchange: Exchange<Reply>,
  delay: number,
  limit: number,
  onSend: () => void,
): Promise<Reply> {
  const { signal: outer } = call;
  const controller = new AbortController();
  const { signal } = controller;
  const abort = (): void => {
    const details = { ...facts, cause: outer?.reason as unknown };
    controller.abort(new ToolbindCallError("TB5022", ["was aborted", "by its signal", LOOK_FIRST], details));
  };
  const expire = (): void => {
    const text = [
      "gave no answer",
      `${Math.round(limit)} ms have passed`,
      `raise timeoutMs or deadlineMs; ${LOOK_FIRST}`,
    ] as const;
    controller.abort(new ToolbindCallError("TB5021", text, { ...facts, retryable: true }));
  };
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });
  // First, since it throws if this is not a signal, and nothing may be left behind then.
  const leave = whenAborted(outer, abort);
  const timer = clock.setTimeout(expire, Math.min(delay + limit, MAX_TIMER_MS));
  let pause: unknown;
  if (outer?.aborted) abort();
  try {
    const start = new Promise<void>((done) => (delay ? (pause = clock.setTimeout(done, delay)) : done()));
    return await Promise.race([ended, start.then(() => exchange(signal, onSend))]);
  } finally {
    clock.clearTimeout(timer);
    clock.clearTimeout(pause);
    leave();
  }
}

/** The error of a request that got no answer. */
export function unanswered({ facts }: CallSettings, origin: string, cause: unknown, said?: string): ToolbindCallError {
  const { name, code, cause: inner } = (cause ?? {}) as Failure;
  // The code of a DOMException is a number, and its name says what it means.
  const why = said ?? [inner?.code, code, name].find((each) => TELLING.test(`${each}`)) ?? "the connection failed";
  const text = ["gave no answer", `${why} at ${origin}`, `check baseUrl; ${LOOK_FIRST}`] as const;
  const details = {
    ...facts,
    retryable: !said,
    notSent: NEVER_ARRIVED.test(why) || inner?.syscall === "connect",
    cause,
  };
  return new ToolbindCallError("TB5020", text, details);
}

/** What to call when a signal aborts, through one listener: Node.js takes more than ten for a leak, and warns. */
const told = new WeakMap<AbortSignal, Set<() => void>>();

/** @returns what ends it */
export function whenAborted(signal: AbortSignal | undefined, run: () => void): () => void {
  if (!signal) return () => {};
  const runs = told.get(signal) ?? new Set();
  if (runs.size === 0) {
    told.set(signal, runs);
    signal.addEventListener("abort", tell);
  }
  runs.add(run);
  return () => {
    if (runs.delete(run) && runs.size === 0) signal.removeEventListener("abort", tell);
  };
}

function tell(this: AbortSignal): void {
  for (const run of told.get(this) ?? []) run();
}

// From validation.ts
/** Builds a schema on first use. A locale that the program has set stays; zod/mini, which has none, gets a small one. */
function buildSchema(build: () => Schema): ToolSchema<unknown> {
  if (config().localeError === undefined) config({ localeError: localeError as never });
  const schema = build();
  const judge = schema as unknown as ToolSchema<unknown>;
  // Tools of an app share schemas, which the first of them has set up.
  if (Object.hasOwn(schema, "safeParse")) return judge;
  const accepts = acceptsOf(schema);
  const { safeParse } = judge;
  judge.safeParse = (data, params) => (accepts(data) ? { success: true, data } : safeParse(data, params));
  return judge;
}

type Path = readonly PropertyKey[];

interface Context {
  readonly value: unknown;
  readonly showValues: boolean;
}

const MAX_LISTED = 10;

/**
 * Checks a value against a tool's schema.
 * @param showValues whether messages may show short values
 * @returns the places where it does not fit, none when it does
 */
export function validate(schema: ToolSchema<unknown>, value: unknown, showValues: boolean): readonly ValidationIssue[] {
  const { error } = schema.safeParse(value);
  const issues = (error?.issues ?? []) as readonly RawIssue[];
  return issues.flatMap((issue) => explain(issue, [], { value, showValues }, 0));
}

/** Issues as part of a sentence: one inline, several as a list of at most ten. */
export function listIssues(issues: readonly ValidationIssue[]): string {
  // Schemas that apply to one value can find the same fault.
  const all = [...new Set(issues.map(({ message }) => message))];
  const lines = all.slice(0, MAX_LISTED);
  if (all.length > MAX_LISTED) lines.push(`and ${all.length - MAX_LISTED} more`);
  return (lines.length > 1 ? "\n  " : "") + lines.join("\n  ");
}

function explain(issue: RawIssue, base: Path, context: Context, depth: number): ValidationIssue[] {
  const path = [...base, ...issue.path];
  const { keys, errors = [], closest = -1 } = issue;
  if (keys) return keys.map((key) => report([...path, key], "no such key", context, issue));
  const best = errors[closest];
  if (!best || depth > MAX_NESTED) return [report(path, expectation(issue), context, issue)];
  const note = errors[1] ? ` (closest of ${errors.length} alternatives: number ${closest + 1})` : "";
  return best
    .flatMap((inner) => explain(inner, path, context, depth + 1))
    .map((found) => ({ ...found, message: found.message + note }));
}

function report(
  path: Path,
  expected: string,
  { value, showValues }: Context,
  { isKey, near: nearest }: RawIssue,
): ValidationIssue {
  const steps = path as ValidationIssue["path"];
  const last = steps.at(-1) as string;
  const near = nearest?.get(last);
  const pointer = steps.map((step) => `/${`${step}`.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  const received = describe(isKey ? last : valueAt(value, path), showValues && !isSecretName(pointer));
  const suggestion = near && (received === "missing" ? `rename "${near}"` : `use "${near}"`);
  return {
    path: steps,
    pointer,
    message: `${pointer || "(root)"}: expected ${expected}, received ${received}${suggestion ? ` (${suggestion}?)` : ""}`,
    expected,
    received,
    ...(suggestion && { suggestion }),
  };
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((inner, step) => {
    const holder = (inner ?? {}) as Record<PropertyKey, unknown>;
    return Object.hasOwn(holder, step) ? holder[step] : undefined;
  }, value);
}

/** An issue as zod or an emitted validator raises it. */
export interface RawIssue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly input?: unknown;
  readonly expected?: string;
  readonly values?: readonly unknown[];
  readonly origin?: string;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly inclusive?: boolean;
  readonly pattern?: string;
  readonly keys?: readonly string[];
  /** By key that is missing or not declared: the one that was probably meant. */
  readonly near?: ReadonlyMap<string, string>;
  /** The issues of each alternative; just one alternative's where that says everything. */
  readonly errors?: readonly (readonly RawIssue[])[];
  /** The alternative closest to the value; undefined where it is of no alternative's type. */
  readonly closest?: number;
  /** It is about the key that the path ends in, not about the value there. */
  readonly isKey?: boolean;
  readonly params?: Readonly<Record<string, unknown>>;
}

const MAX_SHOWN = 40;
const MAX_EXPECTED = 200;
/** How deep alternatives within alternatives are followed: each level can multiply them. */
const MAX_NESTED = 3;
const NAMES: Readonly<Record<string, string>> = { record: "object", nonoptional: "a value", never: "nothing" };

/** What an issue says was expected, as a few words. */
export function expectation(issue: RawIssue): string {
  const { expected = "", values, origin, minimum, maximum = minimum, inclusive, pattern } = issue;
  if (maximum !== undefined) {
    const sign = (minimum === undefined ? "<" : ">") + (inclusive === false ? "" : "=");
    return `${origin}${origin === "number" ? "" : " of length"} ${sign}${String(maximum)}`;
  }
  const said =
    NAMES[expected] ||
    expected ||
    issue.params?.["expected"] ||
    (values && `one of ${JSON.stringify(values).slice(1, -1)}`) ||
    (pattern && `to match pattern ${pattern}`) ||
    "another value";
  return clip(String(said), MAX_EXPECTED);
}

/** The message of an issue of emitted validators, where zod has no locale. */
function localeError(raw: object): string {
  const issue = raw as RawIssue;
  return `Invalid input: expected ${expectation(issue)}, received ${describe(issue.input, false)}`;
}

/** The kind of value received, with the value where it may be shown and is short. */
function describe(value: unknown, showValue: boolean): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (typeof value === "object") return Array.isArray(value) ? `array of ${value.length}` : "object";
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  return showValue && shown.length <= MAX_SHOWN ? `${typeof value} ${shown}` : typeof value;
}

const MAX_REMEMBERED = 10_000;

/** @throws InputValidationError for arguments that do not fit the tool's input schema */
export function checkArguments(tool: AnyTool, settings: CallSettings, args: unknown): void {
  const issues = settings.validate.input === "off" ? [] : validate(tool.input, args, true);
  if (issues.length > 0) throw invalid(settings.facts, listIssues(issues), issues);
}

export function invalid(
  facts: CallSettings["facts"],
  why: string,
  issues: readonly ValidationIssue[] = [],
  cause?: unknown,
): ToolbindCallError {
  const remedy = why.includes("/s3key") ? "use fileUploads()" : "correct them";
  const text = ["was given invalid arguments", why, `${remedy}; nothing was sent`] as const;
  return new ToolbindCallError("TB5010", text, { ...facts, issues, cause });
}

/**
 * Checks data against the tool's output schema.
 * @returns the answer, with what does not fit under `drift`
 * @throws OutputValidationError when validation is strict
 */
export function checkData(
  tool: AnyTool,
  { facts, client, validate: mode }: CallSettings,
  answer: ResponseEnvelope<unknown>,
): ResponseEnvelope<unknown> {
  const drift = mode.output === "off" ? [] : validate(tool.output, answer.data, false);
  if (drift.length === 0) return answer;
  if (mode.output === "strict") {
    const remedy = 'it ran; set validate: { output: "warn" } to accept it';
    const details = { ...facts, ...answer, drift: undefined, issues: drift };
    throw new ToolbindCallError("TB5011", ["gave unexpected data", listIssues(drift), remedy], details);
  }
  const { reported, options } = client;
  if (reported.size > MAX_REMEMBERED) reported.clear();
  const issues = drift.filter(({ pointer }) => {
    const place = `${facts.toolSlug}@${facts.version}${pointer.replace(/\/\d+(?=\/|$)/g, "/0")}`;
    return !reported.has(place) && reported.add(place);
  });
  if (issues.length > 0) {
    (async () => options.onDrift?.({ slug: facts.toolSlug, version: facts.version, issues }))().catch(() => {});
  }
  return { ...answer, drift };
}

// From values.ts
/** An object in the sense of JSON: neither null nor an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Bytes, as arguments accept them. An answer's bytes are a Blob, or a ReadableStream where they are streamed. */
export type Binary = Blob | ArrayBuffer | Uint8Array | ReadableStream<Uint8Array>;

/** Whether a value is one of the kinds of {@link Binary}. */
export function isBinary(value: unknown): value is Binary {
  return (
    value instanceof Blob ||
    value instanceof Uint8Array ||
    value instanceof ArrayBuffer ||
    value instanceof ReadableStream
  );
}

// From exchange.ts
/** The one request of a call, as it is sent. */
interface RequestDescription {
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

function redactRequest({ call }: Settings, request: RequestDescription): RequestPreview {
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
function encodeBody({ call, identity, facts }: Settings, body: object): string {
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

// From call.ts
/**
 * Carries out one call of a tool, through the layers around it and with one request for each attempt.
 * @throws ToolbindCallError and nothing else
 */
export async function call(
  tool: AnyTool,
  body: CallBody,
  options: CallOptions = {},
): Promise<ResponseEnvelope<unknown>> {
  try {
    const layers = [...(stateOf(options.client).options.use ?? []), ...(options.use ?? [])];
    const run = layers.reduceRight<Next>((next, layer) => async (each) => layer(each, next), carryOut);
    // Throws for undefined, which a layer gives that leaves out its `return`.
    return Object.assign(await run({ tool, body, options }));
  } catch (cause) {
    if (isToolbindCallError(cause)) throw cause;
    const text = ["failed", "something was thrown", "see `cause`"] as const;
    throw new ToolbindCallError("TB5000", text, { toolSlug: tool.slug, cause });
  }
}

const carryOut: Next = (each) => each.tool.executor?.().call(each) ?? callPlatform(each);

const callPlatform: Next = async ({ tool, body, options }) => {
  const [settings, encoded] = prepare(tool, body, options);
  return checkData(tool, settings, await request(settings, tool.hints, exchange(settings, encoded), readReply));
};

/**
 * The request that {@link call} would send, checked the same way, with its secrets blacked out. Needs no key and sends nothing.
 * @throws ConfigurationError, VersionError, MissingIdentityError, InputValidationError
 */
export async function previewRequest(
  tool: AnyTool,
  body: CallBody,
  options: CallOptions = {},
): Promise<RequestPreview> {
  if (tool.executor) return tool.executor().preview({ tool, body, options });
  const [settings, encoded] = prepare(tool, body, options);
  return redactRequest(settings, describeRequest(settings, encoded, ""));
}

function prepare(tool: AnyTool, body: CallBody, options: CallOptions): readonly [Settings, string] {
  const settings = settle(tool, options);
  const { text, arguments: args = {} } = body as { readonly text?: string; readonly arguments?: unknown };
  const encoded = encodeBody(settings, "text" in body ? { text } : { arguments: args });
  if (!("text" in body)) checkArguments(tool, settings, args);
  else if (!text?.trim()) throw invalid(settings.facts, "the text is empty");
  return [settings, encoded];
}

// From tool.ts
/** The facts that define a tool, besides its slug; the two schemas are built on first use. */
export interface ToolDefinition {
  readonly toolkit: string;
  /** The toolkit version every call is pinned to; null when the catalogue gave none. */
  readonly version: string | null;
  readonly description: string;
  readonly tags?: readonly string[];
  readonly hints?: ToolHints;
  readonly scopes?: readonly string[];
  readonly deprecated?: boolean;
  /** The tool runs without a connected account. */
  readonly noAuth?: boolean;
  /** Carries out its calls. Default: the platform. */
  readonly executor?: () => Executor;
  readonly input: () => Schema;
  readonly output: () => Schema;
}

/**
 * One tool: a function from arguments to typed data.
 * It throws a {@link ToolbindCallError} of the matching class, and sends one request per attempt.
 */
export interface Tool<Input, Output> extends ToolFacts {
  (args: Input, options?: CallOptions): Promise<Output>;
  /** Like the call itself, but a failed call resolves to `{ successful: false, error }`. */
  safe(args: Input, options?: CallOptions): Promise<SafeResult<Output>>;
  /** Like the call itself, with what came besides the data: log id, request id, status, headers, duration. */
  withResponse(args: Input, options?: CallOptions): Promise<ResponseEnvelope<Output>>;
  /** Lets the platform derive the arguments from a description in natural language. */
  fromText(text: string, options?: CallOptions): Promise<Output>;
  readonly input: ToolSchema<Input>;
  readonly output: ToolSchema<Output>;
}

/** A tool without required arguments. */
export interface ToolWithOptionalArgs<Input, Output> extends Tool<Input, Output> {
  (args?: Input, options?: CallOptions): Promise<Output>;
  safe(args?: Input, options?: CallOptions): Promise<SafeResult<Output>>;
  withResponse(args?: Input, options?: CallOptions): Promise<ResponseEnvelope<Output>>;
}

interface Self extends AnyTool {
  readonly definition: ToolDefinition;
}

/** Defaults of the facts that a definition may leave out. */
const ABSENT = {
  toolkit: null,
  version: null,
  description: null,
  tags: [],
  hints: {},
  scopes: [],
  deprecated: false,
  noAuth: false,
  executor: null,
};

/** What all tools share, so that defining one costs only an object. */
const prototype: object = /*#__PURE__*/ createPrototype();

function createPrototype(): object {
  const properties: PropertyDescriptorMap = {
    safe: {
      value(this: Self, args: unknown, options?: CallOptions): Promise<SafeResult<unknown>> {
        return call(this, { arguments: args }, options).then(
          (response) => ({ successful: true, ...response }),
          (error: unknown) => ({ successful: false, error: error as never }),
        );
      },
    },
    withResponse: {
      value(this: Self, args: unknown, options?: CallOptions): Promise<ResponseEnvelope<unknown>> {
        return call(this, { arguments: args }, options);
      },
    },
    fromText: {
      value(this: Self, text: string, options?: CallOptions): Promise<unknown> {
        return call(this, { text }, options).then(({ data }) => data);
      },
    },
  };
  for (const fact of Object.keys(ABSENT) as (keyof typeof ABSENT)[]) {
    properties[fact] = {
      get(this: Self): unknown {
        return this.definition[fact] ?? ABSENT[fact];
      },
    };
  }
  for (const side of ["input", "output"] as const) {
    properties[side] = {
      get(this: Self): unknown {
        const value = buildSchema(this.definition[side]);
        Object.defineProperty(this, side, { value, enumerable: true });
        return value;
      },
    };
  }
  return Object.create(Function.prototype, properties) as object;
}

/**
 * Makes a tool of the type `T`, {@link Tool} or {@link ToolWithOptionalArgs}; passed as a whole, since a compiler accepts a type
 * by name without looking into it. The emitted code calls this; users need not.
 * @param define asked for the rest of the facts on their first use, so that importing a toolkit costs little however
 *   many tools it has. V8 skims the body of a `function` until it runs, which it does not do with an arrow function's.
 */
export function defineTool<T>(slug: string, define: () => ToolDefinition): T {
  let definition: ToolDefinition | undefined;
  const tool = (args: unknown, options?: CallOptions): Promise<unknown> =>
    call(tool as unknown as AnyTool, { arguments: args }, options).then((response) => response.data);
  Object.defineProperties(tool, {
    slug: { value: slug, enumerable: true },
    definition: { get: () => (definition ??= define()) },
  });
  return Object.setPrototypeOf(tool, prototype) as T;
}

// From nearest.ts
const MAX_LENGTH = 64;
const MAX_CANDIDATES = 200;

/** Letters and digits only, so that `perPage` and `per_page` are the same. */
function fold(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** How many letters to insert, drop, replace or swap with a neighbour, or more than the limit. */
function slips(a: string, b: string, limit: number): number {
  if (a === b) return 0;
  if (a[0] === b[0]) return slips(a.slice(1), b.slice(1), limit);
  if (limit < 1) return 1;
  const after = (skipA: number, skipB: number): number => slips(a.slice(skipA), b.slice(skipB), limit - 1);
  return 1 + Math.min(after(1, 0), after(0, 1), after(1, 1), a[0] === b[1] && a[1] === b[0] ? after(2, 2) : limit);
}

/** The candidate that the word is most likely a misspelling of: one slip per three letters, three at most. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const folded = fold(word.slice(0, MAX_LENGTH));
  let found: string | undefined;
  let limit = Math.min(3, Math.floor(folded.length / 3));
  for (const candidate of candidates) {
    const count = slips(folded, fold(candidate), limit);
    if (count <= limit) {
      found = candidate;
      limit = count - 1;
    }
  }
  return found;
}

/** What to add to an issue with keys: for each key the candidate nearest to it, if one is near. */
export function nearestTo(
  keys: readonly string[],
  candidates: readonly string[],
): { readonly near: ReadonlyMap<string, string> } {
  const near = new Map<string, string>();
  for (const key of keys) {
    const found = nearest(key, candidates.slice(0, MAX_CANDIDATES));
    if (found) near.set(key, found);
  }
  return { near };
}
