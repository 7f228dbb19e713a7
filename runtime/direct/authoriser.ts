import type { Fetch } from "../types.js";
import type { App, AuthScheme } from "./app.js";
import type { AddressOptions, Connection, ConnectionStore } from "./connections.js";

/** The request as it stands before it is sent. */
export interface AuthRequest {
  readonly method: string;
  readonly url: URL;
  /** May be changed. */
  readonly headers: Headers;
  /** Pairs of an `application/x-www-form-urlencoded` body, which OAuth 1 signs; undefined for every other body. */
  readonly form: readonly (readonly [name: string, value: string])[] | undefined;
}

/** What an authoriser has to work with, for one call. */
export interface AuthContext {
  readonly app: App;
  /** The scheme of the connection. */
  readonly scheme: AuthScheme;
  readonly userId: string;
  /** As it was found: from the store, over what the client and the environment give, over defaults of fields. */
  readonly connection: Connection;
  /** The client's; one in memory where the client has none; one that forgets where the call brought its own credentials. */
  readonly store: ConnectionStore;
  /** The call's. Errors of it, and of `signal`, are to be passed on. */
  readonly fetch: Fetch;
  /** Ends with the call, its time limit or its attempt. */
  readonly signal: AbortSignal;
  /** Which private hosts may be asked. */
  readonly address: AddressOptions;
  /** What every error of the call tells. */
  readonly facts: { readonly toolSlug: string; readonly version: string };
}

/**
 * What a scheme needs beyond placing the fields of a connection in a request. An app brings one for each mode that
 * needs it ({@link App.authorisers}), so that apps of other modes do not carry it. All errors are ToolbindCallErrors.
 */
export interface Authoriser {
  /** The connection to send a request with, renewed where it has run out. Called before each attempt. */
  prepare?(context: AuthContext): Connection | Promise<Connection>;
  /** Adds to a request that is complete, such as a signature. Called for each request, those that a redirect leads to included. */
  sign?(request: AuthRequest, context: AuthContext): void | Promise<void>;
  /**
   * After a 401, once for each call: a new connection to ask again with, or undefined where there is none to be had.
   * @param response without its body
   */
  recover?(context: AuthContext, response: Response): Connection | undefined | Promise<Connection | undefined>;
}
