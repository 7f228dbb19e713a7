import type { App, AuthScheme, OAuth1Scheme, OAuth2Scheme } from "../../../runtime/direct/app.js";
import type { Connection } from "../../../runtime/connections.js";
import { ToolbindError } from "../../errors.js";
import { isLoopback, startCallback } from "./callback.js";

type Fields = Readonly<Record<string, string>>;

/** The person who allows the access, as far as the command can reach them. */
export interface Person {
  /** Shows the address of the authorization page. */
  show(url: string): void;
  /** Asks for the address that the browser was sent to; absent where no one can be asked. Undefined: cancelled. */
  paste?(redirectUri: string): Promise<URL | undefined>;
}

export interface FlowOptions {
  readonly scopes?: readonly string[];
  readonly port?: number;
  /** In place of the app's. */
  readonly callbackUrl?: string;
  readonly timeoutMs: number;
}

/** How the person's answer comes back. */
interface Return {
  readonly redirectUri: string;
  arrival(): Promise<URL | undefined>;
  close(): Promise<void>;
}

/**
 * Makes a connection of the fields that were given; for OAuth also of what its server gives, for which a person may
 * have to be asked. Undefined when the person breaks off.
 */
export async function connectWith(
  app: App,
  scheme: AuthScheme,
  fields: Fields,
  person: Person,
  options: FlowOptions,
): Promise<Connection | undefined> {
  if (scheme.mode === "OAUTH1") return connectOAuth1(app, scheme, fields, person, options);
  if (scheme.mode === "OAUTH2") return connectOAuth2(app, scheme, fields, person, options);
  return { scheme: scheme.name, fields };
}

async function connectOAuth2(
  app: App,
  scheme: OAuth2Scheme,
  fields: Fields,
  person: Person,
  options: FlowOptions,
): Promise<Connection | undefined> {
  const { authorizationUrl, exchangeCode, requestGrant } = await import("../../../runtime/direct/oauth.js");
  const { scopes } = options;
  const made = (grant: { fields: Fields; expiresAt?: number }): Connection => ({
    ...grant,
    scheme: scheme.name,
    fields: { ...fields, ...grant.fields },
  });
  if (scheme.grant === "client_credentials" || scheme.grant === "password") {
    const grant = await requestGrant(app, scheme, fields, scopes === undefined ? {} : { scopes });
    // Some servers do not say what they granted, and a renewal asks for the same.
    return made(
      scopes === undefined ? grant : { ...grant, fields: { scope: scopeOf(scheme, scopes), ...grant.fields } },
    );
  }
  const way = await openReturn(app, person, options);
  try {
    const request = { redirectUri: way.redirectUri, ...(scopes !== undefined && { scopes }) };
    const { url, pending } = await authorizationUrl(app, scheme, fields, request);
    person.show(url);
    const callback = await way.arrival();
    return callback && made(await exchangeCode(app, scheme, fields, pending, callback));
  } finally {
    await way.close();
  }
}

function scopeOf({ scopeSeparator = " " }: OAuth2Scheme, scopes: readonly string[]): string {
  return scopes.join(scopeSeparator);
}

async function connectOAuth1(
  app: App,
  scheme: OAuth1Scheme,
  fields: Fields,
  person: Person,
  options: FlowOptions,
): Promise<Connection | undefined> {
  const { exchangeVerifier, requestAuthorization } = await import("../../../runtime/direct/oauth1.js");
  const way = await openReturn(app, person, options);
  try {
    const { scopes } = options;
    const request = { redirectUri: way.redirectUri, ...(scopes !== undefined && { scopes }) };
    const { url, pending } = await requestAuthorization(app, scheme, fields, request);
    person.show(url);
    const callback = await way.arrival();
    if (callback === undefined) return undefined;
    const grant = await exchangeVerifier(app, scheme, fields, pending, callback);
    return { scheme: scheme.name, fields: { ...fields, ...grant.fields } };
  } finally {
    await way.close();
  }
}

/** A server of our own where the person is sent back to this machine, else the person pastes where they were sent. */
async function openReturn(app: App, person: Person, { callbackUrl, port, timeoutMs }: FlowOptions): Promise<Return> {
  const registered = callbackUrl ?? app.callbackUrl;
  if (registered === undefined || isLoopback(new URL(registered))) {
    const url = registered === undefined ? {} : { url: registered };
    return startCallback({ timeoutMs, ...(port !== undefined && { port }), ...url });
  }
  const { paste } = person;
  if (paste === undefined) {
    throw new ToolbindError("TB1010", {
      what: `${app.name} redirects to ${new URL(registered).origin}, where this command does not listen`,
      fix: "run it in a terminal, or register an address of this machine and name it with `--callback-url`",
    });
  }
  return { redirectUri: registered, arrival: () => paste(registered), close: async () => undefined };
}
