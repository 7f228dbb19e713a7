// OAuth 1.0a (RFC 5849) for apps that are called directly.
import type { App, AuthContext, Authoriser, AuthRequest, OAuth1Scheme } from "./app.js";
import { type Fields, fillAddress, fillEndpoint, fillParameters } from "./fill.js";
import { signedAuthorization, type SigningKeys } from "./signature.js";
import {
  type EndpointOptions,
  endpointUrl,
  membersOf,
  post,
  reconnect,
  redactorOf,
  said,
  unauthorised,
} from "./token-endpoint.js";

export interface TemporaryRequest {
  /** Where the server redirects the person back to. */
  readonly redirectUri: string;
  /** Default: the scheme's. */
  readonly scopes?: readonly string[];
}

/** What must be stored until the person comes back, and kept secret. Plain JSON. */
export interface PendingOAuth1 {
  readonly token: string;
  readonly tokenSecret: string;
}

/** The client's credentials, under either name of the field. */
const CONSUMER = { consumerKey: ["consumer_key", "client_id"], consumerSecret: ["consumer_secret", "client_secret"] };
const TOKEN_FIELDS = ["oauth_token", "oauth_token_secret"];

/**
 * Gets temporary credentials, and the address to send a person to.
 * @throws ToolbindCallError (TB5050) where a field is missing or the server gives none
 */
export async function requestAuthorization(
  app: App,
  scheme: OAuth1Scheme,
  fields: Fields,
  { redirectUri, scopes = scheme.scopes ?? [] }: TemporaryRequest,
  options: EndpointOptions = {},
): Promise<{ url: string; pending: PendingOAuth1 }> {
  const url = fillAddress(app, "authorization URL", scheme.authorizationUrl, fields);
  const scope = scopes.join(scheme.scopeSeparator ?? " ");
  const members = await ask(app, scheme, fields, {
    what: "request URL",
    template: scheme.requestUrl,
    extra: { oauth_callback: redirectUri },
    query: scope === "" ? {} : { scope },
    options,
  });
  const pending = { token: textOf(members["oauth_token"]), tokenSecret: textOf(members["oauth_token_secret"]) };
  for (const [name, value] of Object.entries(fillParameters(scheme.authorizationParams, fields))) {
    url.searchParams.set(name, value);
  }
  url.searchParams.set("oauth_token", pending.token);
  return { url: url.href, pending };
}

/**
 * Exchanges what a person brought back for token credentials.
 * @param callback the address that the person was sent back to, or its query
 * @throws ToolbindCallError (TB5050) where the person refused, the answer does not belong to this request, or the server gave no token
 */
export async function exchangeVerifier(
  app: App,
  scheme: OAuth1Scheme,
  fields: Fields,
  pending: PendingOAuth1,
  callback: URL | URLSearchParams,
  options: EndpointOptions = {},
): Promise<{ readonly fields: Fields }> {
  const answer = callback instanceof URL ? callback.searchParams : callback;
  const token = answer.get("oauth_token") ?? answer.get("denied");
  if (token !== pending.token) {
    const cause = "the answer's oauth_token is not the one that was asked with, so it may be someone else's";
    throw unauthorised(app, cause, `${reconnect(app)} again, and open only the address that it prints`);
  }
  const verifier = answer.get("oauth_verifier");
  if (!verifier) throw unauthorised(app, "access was not granted", `${reconnect(app)}, and allow it`);
  const members = await ask(app, scheme, fields, {
    what: "token URL",
    template: scheme.tokenUrl,
    token: pending,
    extra: { oauth_verifier: verifier },
    options,
  });
  const names = [...TOKEN_FIELDS, ...(scheme.tokenResponseMetadata ?? [])];
  return {
    fields: Object.fromEntries(
      names.flatMap((name) => (Object.hasOwn(members, name) ? [[name, textOf(members[name])]] : [])),
    ),
  };
}

/** Signs every request with the token of the connection. */
export const oauth1: Authoriser = {
  async sign({ method, url, headers, form }: AuthRequest, context: AuthContext): Promise<void> {
    const { app, connection } = context;
    const scheme = context.scheme as OAuth1Scheme;
    const { fields } = connection;
    const token = { token: fieldOf(app, fields, "oauth_token"), tokenSecret: fields["oauth_token_secret"] ?? "" };
    if (scheme.signatureMethod === "PLAINTEXT") endpointUrl(app, "address", url.origin);
    const body = form === undefined ? {} : { form: new URLSearchParams(form as [string, string][]).toString() };
    const request = { method, url: url.href, ...body };
    const options = scheme.signatureMethod === undefined ? {} : { method: scheme.signatureMethod };
    headers.set("authorization", await signedAuthorization(request, keysOf(app, fields, token), options));
  },
};

interface Leg {
  readonly what: string;
  readonly template: string;
  readonly token?: PendingOAuth1;
  readonly extra: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly options: EndpointOptions;
}

/** Requests credentials, and reads them from the answer. */
async function ask(
  app: App,
  scheme: OAuth1Scheme,
  fields: Fields,
  { what, template, token, extra, query = {}, options }: Leg,
): Promise<Readonly<Record<string, unknown>>> {
  const url = await fillEndpoint(app, what, template, fields, options);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const authorization = await signedAuthorization({ method: "POST", url: url.href }, keysOf(app, fields, token), {
    extra,
    ...(scheme.signatureMethod !== undefined && { method: scheme.signatureMethod }),
  });
  const headers = new Headers({
    authorization,
    accept: "application/x-www-form-urlencoded, application/json",
    "content-type": "application/x-www-form-urlencoded",
  });
  const secrets = [...Object.values(extra), token?.token ?? "", token?.tokenSecret ?? ""];
  const redactor = redactorOf(scheme, fields, secrets);
  const answer = await post(app, url, { headers, body: "", secrets: redactor.forms }, options);
  const members = membersOf(answer);
  const { status } = answer;
  if (status < 300 && members && TOKEN_FIELDS.every((name) => textOf(members[name]) !== "")) return members;
  const problem = members === undefined ? "" : said({ error: members["oauth_problem"] ?? members["error"] }, redactor);
  const cause = `its ${what} answered ${status}${problem === "" ? ` without credentials` : ` (${problem})`}`;
  const remedy = status === 401 ? "check consumer_key and consumer_secret, and this machine's clock" : "check the URL";
  throw unauthorised(app, cause, `${remedy}, then ${reconnect(app)}`, { status, retryable: status >= 500 });
}

function keysOf(app: App, fields: Fields, token?: PendingOAuth1): SigningKeys {
  const [consumerKey, consumerSecret] = [CONSUMER.consumerKey, CONSUMER.consumerSecret].map((names) =>
    fieldOf(app, fields, ...names),
  ) as [string, string];
  return { consumerKey, consumerSecret, ...token };
}

function fieldOf(app: App, fields: Fields, ...names: readonly string[]): string {
  const value = names.map((name) => fields[name]).find((each) => each !== undefined && each !== "");
  if (value !== undefined) return value;
  throw unauthorised(app, `the field ${names[0]} is missing`, reconnect(app));
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
