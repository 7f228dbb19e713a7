// OAuth 2.0 for apps that are called directly. Only apps with such a scheme carry this module and oauth4webapi.
import * as oauth from "oauth4webapi";
import { isToolbindCallError } from "../errors.js";
import type { App, AuthContext, Authoriser, OAuth2Scheme } from "./app.js";
import type { Connection } from "./connections.js";
import { type Fields, fillAddress, fillEndpoint, fillParameters } from "./fill.js";
import { newerThan, renew } from "./renewal.js";
import { type EndpointOptions, post, reconnect, redactorOf, said, unauthorised } from "./token-endpoint.js";
import { type Grant, grantedBy, grantOf, type Members, standardised } from "./token-response.js";

export type { Grant } from "./token-response.js";

export interface AuthorizationRequest {
  /** Where the server redirects the person back to. It must be registered there. */
  readonly redirectUri: string;
  /** Default: the scheme's. */
  readonly scopes?: readonly string[];
  /** Returned with the answer. Default: random; must not be guessable. */
  readonly state?: string;
}

/** What must be stored until the person comes back, and kept secret. Plain JSON. */
export interface PendingAuthorization {
  readonly redirectUri: string;
  readonly state: string;
  /** Absent without PKCE. */
  readonly codeVerifier?: string;
}

export interface GrantOptions extends EndpointOptions {
  /** Default: those in the connection's fields, else the scheme's. */
  readonly scopes?: readonly string[];
}

/**
 * The address to send a person to, who then grants or denies access.
 * @throws ToolbindCallError (TB5050) where a field is missing or a URL cannot be used
 */
export async function authorizationUrl(
  app: App,
  scheme: OAuth2Scheme,
  fields: Fields,
  { redirectUri, scopes = scheme.scopes, state = oauth.generateRandomState() }: AuthorizationRequest,
): Promise<{ url: string; pending: PendingAuthorization }> {
  if (scheme.authorizationUrl === undefined) {
    throw unauthorised(app, `its scheme ${scheme.name} has no authorization URL`, "add it to integration.yaml");
  }
  const url = fillAddress(app, "authorization URL", scheme.authorizationUrl, fields);
  const { client_id } = clientOf(app, fields);
  for (const [name, value] of Object.entries(
    fillParameters(scheme.authorizationParams, { ...fields, redirect_uri: redirectUri }),
  )) {
    url.searchParams.set(name, value);
  }
  const own: Record<string, string> = { response_type: "code", client_id, redirect_uri: redirectUri, state };
  if (scopes.length > 0) own["scope"] = scopes.join(scheme.scopeSeparator ?? " ");
  const codeVerifier = scheme.disablePkce === true ? undefined : oauth.generateRandomCodeVerifier();
  if (codeVerifier !== undefined) {
    own["code_challenge"] = await oauth.calculatePKCECodeChallenge(codeVerifier);
    own["code_challenge_method"] = "S256";
  }
  for (const [name, value] of Object.entries(own)) url.searchParams.set(name, value);
  return { url: url.href, pending: { redirectUri, state, ...(codeVerifier !== undefined && { codeVerifier }) } };
}

/**
 * Exchanges the code that a person brought back for tokens.
 * @param callback the address that the person was sent back to, or its query
 * @throws ToolbindCallError (TB5050) where the person refused, the answer does not belong to this request, or the server gave no tokens
 */
export async function exchangeCode(
  app: App,
  scheme: OAuth2Scheme,
  fields: Fields,
  pending: PendingAuthorization,
  callback: URL | URLSearchParams,
  options: EndpointOptions = {},
): Promise<Grant> {
  const server = await serverOf(app, fields, scheme.tokenUrl, options);
  const client = clientOf(app, fields, options.userId);
  const parameters = new URLSearchParams(callback instanceof URL ? callback.search : callback);
  // The issuer, which integration.yaml has nothing to compare with.
  parameters.delete("iss");
  const code = parameters.get("code") ?? "";
  const answer = approvalOf(app, scheme, server, client, parameters, pending);
  const secrets = [code, pending.codeVerifier ?? "", pending.state];
  const known = { ...fields, code, redirect_uri: pending.redirectUri };
  const additionalParameters = fillParameters(scheme.tokenParams, known);
  return tokensOf(app, scheme, fields, secrets, options, async (request) => {
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authenticationOf(scheme, fields),
      answer,
      pending.redirectUri,
      pending.codeVerifier ?? oauth.nopkce,
      { ...request, additionalParameters },
    );
    return oauth.processAuthorizationCodeResponse(server, client, response);
  });
}

/**
 * Gets tokens that need no person's consent: the grants `client_credentials` and `password`.
 * @throws ToolbindCallError (TB5050) where the server gave no tokens
 */
export async function requestGrant(
  app: App,
  scheme: OAuth2Scheme,
  fields: Fields,
  options: GrantOptions = {},
): Promise<Grant> {
  const server = await serverOf(app, fields, scheme.tokenUrl, options);
  const client = clientOf(app, fields, options.userId, scheme.grant === "password");
  const scope = options.scopes?.join(scheme.scopeSeparator ?? " ") ?? fields["scope"] ?? scopeOf(scheme);
  const parameters: Record<string, string> = fillParameters(scheme.tokenParams, fields);
  if (scope !== "") parameters["scope"] = scope;
  if (scheme.grant === "password") {
    for (const name of ["username", "password"]) parameters[name] = required(app, fields, name, options.userId);
  }
  return tokensOf(app, scheme, fields, [], options, async (request) => {
    const response = await oauth.genericTokenEndpointRequest(
      server,
      client,
      authenticationOf(scheme, fields),
      scheme.grant ?? "client_credentials",
      parameters,
      request,
    );
    return oauth.processGenericTokenEndpointResponse(server, client, response);
  });
}

/**
 * Gets new tokens for expired ones. A refresh token that the server does not replace is kept.
 * @throws ToolbindCallError (TB5050) where none can be obtained
 */
export async function refresh(
  app: App,
  scheme: OAuth2Scheme,
  fields: Fields,
  options: EndpointOptions = {},
): Promise<Grant> {
  const refreshToken = fields["refresh_token"];
  if (refreshToken === undefined || refreshToken === "") {
    if (scheme.grant === "client_credentials" || scheme.grant === "password") {
      return requestGrant(app, scheme, fields, options);
    }
    throw unauthorised(app, "its access expired and there is no refresh token", reconnect(app, options.userId));
  }
  const server = await serverOf(app, fields, scheme.refreshUrl ?? scheme.tokenUrl, options);
  const client = clientOf(app, fields, options.userId, scheme.grant === "password");
  return tokensOf(app, scheme, fields, [], options, async (request) => {
    const response = await oauth.refreshTokenGrantRequest(
      server,
      client,
      authenticationOf(scheme, fields),
      refreshToken,
      { ...request, additionalParameters: fillParameters(scheme.refreshParams, fields) },
    );
    return oauth.processRefreshTokenResponse(server, client, response);
  });
}

async function serverOf(
  app: App,
  fields: Fields,
  template: string,
  options: EndpointOptions,
): Promise<oauth.AuthorizationServer> {
  const url = await fillEndpoint(app, "token URL", template, fields, options);
  return { issuer: url.origin, token_endpoint: url.href };
}

function scopeOf({ scopes, scopeSeparator = " " }: OAuth2Scheme): string {
  return scopes.join(scopeSeparator);
}

/** Not every server wants a client id with the grant `password`. */
function clientOf(app: App, fields: Fields, userId?: string, optional = false): oauth.Client {
  return { client_id: fields["client_id"] || (optional ? "none" : required(app, fields, "client_id", userId)) };
}

function required(app: App, fields: Fields, name: string, userId?: string): string {
  const value = fields[name];
  if (value !== undefined && value !== "") return value;
  throw unauthorised(app, `the field ${name} is missing`, reconnect(app, userId));
}

/** How the client authenticates. One without a secret only states its id. */
function authenticationOf({ tokenAuthMethod }: OAuth2Scheme, fields: Fields): oauth.ClientAuth {
  const { client_id: id, client_secret: secret } = fields;
  if (!id) return () => undefined;
  if (!secret) return oauth.None();
  return tokenAuthMethod === "basic" ? basic(id, secret) : oauth.ClientSecretPost(secret);
}

/**
 * As `ClientSecretBasic`, which also encodes `-`, `.` and `_`. Forms need not do so, and servers that take the two without decoding
 * would not recognise a client whose id is a UUID.
 */
function basic(id: string, secret: string): oauth.ClientAuth {
  const encode = (text: string): string => new URLSearchParams({ "": text }).toString().slice(1);
  return (_server, _client, _body, headers) => {
    headers.set("authorization", `Basic ${btoa(`${encode(id)}:${encode(secret)}`)}`);
  };
}

/** The person's answer, checked to belong to the pending request and to hold a code. */
function approvalOf(
  app: App,
  scheme: OAuth2Scheme,
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  parameters: URLSearchParams,
  pending: PendingAuthorization,
): URLSearchParams {
  const error = parameters.get("error");
  const isOurs = !parameters.has("state") || parameters.get("state") === pending.state;
  if (error !== null && isOurs) {
    const text = said(
      Object.fromEntries(parameters),
      redactorOf(scheme, {}, [pending.state, pending.codeVerifier ?? ""]),
    );
    const cause = error === "access_denied" ? `access was not granted (${text})` : `the server refused (${text})`;
    const remedy = error === "access_denied" ? `${reconnect(app)}, and allow it` : "correct the scheme or its scopes";
    throw unauthorised(app, cause, remedy, { slug: text.split(",")[0] });
  }
  try {
    const answer = oauth.validateAuthResponse(server, client, parameters, pending.state);
    if (answer.get("code")) return answer;
  } catch {
    const cause = "the answer's state is not the one that was sent, so it may be someone else's";
    throw unauthorised(app, parameters.get("state") === pending.state ? "the answer is malformed" : cause, again(app));
  }
  throw unauthorised(app, "the answer has no code", again(app));
}

function again(app: App): string {
  return `${reconnect(app)} again, and open only the address that it prints`;
}

/** Runs a request for tokens and returns them; the library's errors, which contain what was sent, are not passed on. */
async function tokensOf(
  app: App,
  scheme: OAuth2Scheme,
  fields: Fields,
  secrets: readonly string[],
  options: EndpointOptions,
  run: (request: oauth.TokenEndpointRequestOptions) => Promise<oauth.TokenEndpointResponse>,
): Promise<Grant> {
  let members: Members = {};
  const redactor = redactorOf(scheme, fields, secrets);
  const request = {
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: async (url: string, init: oauth.CustomFetchOptions<"POST", URLSearchParams>) => {
      const body = init.body.toString();
      const answer = await post(
        app,
        new URL(url),
        { headers: new Headers(init.headers), body, secrets: redactor.forms },
        options,
      );
      members = grantedBy(app, scheme, answer, redactor, options.userId);
      return Response.json(standardised(members));
    },
  };
  try {
    await run(request);
  } catch (error) {
    if (isToolbindCallError(error)) throw error;
    const kind = error instanceof oauth.UnsupportedOperationError ? "of an unsupported kind" : "malformed";
    throw unauthorised(app, `the token response is ${kind}`, "check the token URL in integration.yaml");
  }
  return grantOf(scheme, members, options.now ?? Date.now);
}

/** How long before it expires a token is renewed, at most; for short-lived ones, a tenth of their lifetime. */
const MARGIN_MS = 60_000;

/** Renews access before it expires, and once when the app answers 401. */
export const oauth2: Authoriser = {
  async prepare(context: AuthContext): Promise<Connection> {
    const { app, connection } = context;
    const hasToken = Boolean(connection.fields["access_token"]);
    const left = (connection.expiresAt ?? Infinity) - Date.now();
    if (hasToken && left > marginOf(connection)) return connection;
    if (!isRenewable(context)) {
      if (hasToken) return (await newerThan(context)) ?? connection;
      throw unauthorised(app, "there is no access token", reconnect(app, context.userId));
    }
    try {
      return await renewTokens(context);
    } catch (error) {
      const mayPass = isToolbindCallError(error) && error.retryable;
      if (mayPass && hasToken && left > 0 && !context.signal.aborted) return connection;
      throw error;
    }
  },

  async recover(context: AuthContext): Promise<Connection | undefined> {
    return isRenewable(context) ? renewTokens(context) : newerThan(context);
  },
};

function marginOf({ fields }: Connection): number {
  const lifetime = Number.parseFloat(fields["expires_in"] ?? "") * 1000;
  return lifetime > 0 ? Math.min(MARGIN_MS, lifetime / 10) : MARGIN_MS;
}

function isRenewable({ scheme, connection }: AuthContext): boolean {
  const { grant = "authorization_code" } = scheme as OAuth2Scheme;
  return grant !== "authorization_code" || Boolean(connection.fields["refresh_token"]);
}

function renewTokens(context: AuthContext): Promise<Connection> {
  const { app, scheme, fetch, address, userId } = context;
  return renew(context, ({ fields }) => refresh(app, scheme as OAuth2Scheme, fields, { fetch, address, userId }));
}
