import type { Fetch } from "../types.js";
import type { AddressOptions, Connection, ConnectionStore } from "./connections.js";
import type { Server } from "./route.js";

/** An API that is called without a platform in between: where it is and how callers authenticate. */
export interface App {
  /** Slug of its toolkit. */
  readonly slug: string;
  readonly name: string;
  /** The first is used unless the connection says otherwise. */
  readonly servers: readonly Server[];
  /** The first is used where a connection names none. Empty: no credentials. */
  readonly schemes: readonly AuthScheme[];
  /** Path below the base URL, or a URL, that succeeds with any working connection. A template. */
  readonly currentUserEndpoint?: string;
  /** Where an OAuth server redirects people back to. */
  readonly callbackUrl?: string;
  /** What its schemes need beyond placing fields, by mode: `{ OAUTH2: oauth2 }`. */
  readonly authorisers?: Readonly<Partial<Record<AuthScheme["mode"], Authoriser>>>;
}

/**
 * One way to authenticate. Strings called templates hold `{{field}}`, which stands for a field of the
 * connection: a value that a person entered, or one from a token response. Nothing else in them is special.
 */
export type AuthScheme = PlainScheme | OAuth2Scheme | OAuth1Scheme;

interface SchemeFacts {
  readonly name: string;
  readonly fields: readonly AuthField[];
  /** What is added to every request. */
  readonly proxy?: RequestAdditions;
}

/** Credentials that a person types in. `BASIC` sends `username` and `password`, `BEARER_TOKEN` sends `token`, unless `proxy` places them. */
export interface PlainScheme extends SchemeFacts {
  readonly mode: "NO_AUTH" | "API_KEY" | "BEARER_TOKEN" | "BASIC";
}

/** OAuth 2.0. Sends `access_token` as bearer unless `proxy` places it. URLs are templates. */
export interface OAuth2Scheme extends SchemeFacts {
  readonly mode: "OAUTH2";
  /** Default: `authorization_code`. */
  readonly grant?: "authorization_code" | "client_credentials" | "password";
  /** Absent for grants that do not need it. */
  readonly authorizationUrl?: string;
  readonly tokenUrl: string;
  /** Default: `tokenUrl`. */
  readonly refreshUrl?: string;
  /** Requested unless a connection requests others. */
  readonly scopes: readonly string[];
  readonly availableScopes?: readonly string[];
  /** Default: a space. */
  readonly scopeSeparator?: string;
  /** Added to the authorization URL. Values are templates. */
  readonly authorizationParams?: Readonly<Record<string, string>>;
  /** Added to the request that exchanges the code. Values are templates. */
  readonly tokenParams?: Readonly<Record<string, string>>;
  /** Added to the refresh request. Values are templates. */
  readonly refreshParams?: Readonly<Record<string, string>>;
  /** How the client authenticates at the token URL. Default: `body`. */
  readonly tokenAuthMethod?: "basic" | "body";
  readonly disablePkce?: true;
  /** Members of the token response that become fields of the connection. */
  readonly tokenResponseMetadata?: readonly string[];
}

/** OAuth 1.0a. Signs every request. URLs are templates. */
export interface OAuth1Scheme extends SchemeFacts {
  readonly mode: "OAUTH1";
  readonly requestUrl: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  /** Default: `HMAC-SHA1`. */
  readonly signatureMethod?: "HMAC-SHA1" | "HMAC-SHA256" | "PLAINTEXT";
  readonly scopes?: readonly string[];
  readonly scopeSeparator?: string;
  readonly authorizationParams?: Readonly<Record<string, string>>;
  readonly tokenResponseMetadata?: readonly string[];
}

/** A value that a connection holds. */
export interface AuthField {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly type: "string" | "number" | "boolean";
  readonly required: boolean;
  /** Asked of the person who connects, rather than of the developer. */
  readonly expectedFromCustomer: boolean;
  readonly secret: boolean;
  readonly default?: string;
}

/** What is added to every request. All values are templates. */
export interface RequestAdditions {
  /** Replaces the servers of the whole description, but not those of a single operation. */
  readonly baseUrl?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string>>;
  /** Fill `{name}` in the path, and are not arguments. */
  readonly path?: Readonly<Record<string, string>>;
}

/** The request as it stands before it is sent. */
export interface AuthRequest {
  readonly method: string;
  readonly url: URL;
  /** May be changed. */
  readonly headers: Headers;
  /** Pairs of an `application/x-www-form-urlencoded` body, which OAuth 1 signs; undefined for every other body. */
  readonly form: readonly (readonly [name: string, value: string])[] | undefined;
}

/** What an authoriser can use, for one call. */
export interface AuthContext {
  readonly app: App;
  /** The scheme of the connection. */
  readonly scheme: AuthScheme;
  readonly userId: string;
  /** The connection found: values of the store, then of the client and the environment, then defaults of fields. */
  readonly connection: Connection;
  /** The client's store; one in memory if the client has none; one that keeps nothing if the call brought its own credentials. */
  readonly store: ConnectionStore;
  /** The call's. Its errors, and those of `signal`, must be passed on. */
  readonly fetch: Fetch;
  /** Ends with the call, its time limit or its attempt. */
  readonly signal: AbortSignal;
  /** Which private hosts are allowed. */
  readonly address: AddressOptions;
  /** What every error of the call states. */
  readonly facts: { readonly toolSlug: string; readonly version: string };
}

/**
 * What a scheme needs beyond placing the fields of a connection in a request. An app has one for each mode that
 * needs it ({@link App.authorisers}), so that apps of other modes do not carry it. All errors are ToolbindCallErrors.
 */
export interface Authoriser {
  /** The connection to send a request with, renewed if it has expired. Called before each attempt. */
  prepare?(context: AuthContext): Connection | Promise<Connection>;
  /** Adds to a complete request, such as a signature. Called for each request, including those after a redirect. */
  sign?(request: AuthRequest, context: AuthContext): void | Promise<void>;
  /**
   * After a 401, once for each call: a new connection to retry with, or undefined where none can be obtained.
   * @param response without its body
   */
  recover?(context: AuthContext, response: Response): Connection | undefined | Promise<Connection | undefined>;
}
