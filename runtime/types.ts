// The types that a call involves. They refer to each other, so they are in one place, below everything that uses them.
import type { AppConnection, ConnectionStore } from "./connections.js";
import type { ToolbindCallError, ValidationIssue } from "./errors.js";
import type { ToolSchema } from "./tool-schema.js";

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
export interface AnswerFormat {
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
export type CallBody = { readonly arguments: unknown } | { readonly text: string };

/** A request fit to be shown: the key, other secret headers and the strings of custom credentials are blacked out. */
export interface RequestPreview {
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

interface Connection<Scheme extends string, Credentials> {
  readonly authScheme: Scheme;
  readonly toolkitSlug: string;
  readonly val: ConnectionHost & Credentials;
}

/** A connection passed with the call instead of one stored on the platform. Takes precedence over `customAuthParams`. */
export type CustomConnectionData =
  | Connection<"OAUTH2", OAuth2Tokens>
  | Connection<"DCR_OAUTH", OAuth2Tokens & DynamicClient>
  | Connection<"S2S_OAUTH2", ServerTokens>
  | Connection<"API_KEY", ApiKeys>
  | Connection<"BEARER_TOKEN", { readonly token: string }>
  | Connection<"BASIC", { readonly username: string; readonly password?: string }>
  | Connection<"BASIC_WITH_JWT", { readonly username: string; readonly password: string }>
  | Connection<"OAUTH1", OAuth1Tokens>
  | Connection<"SERVICE_ACCOUNT", ServiceAccount>
  | Connection<"GOOGLE_SERVICE_ACCOUNT", { readonly credentials_json: string }>
  | Connection<"NO_AUTH", unknown>;

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
