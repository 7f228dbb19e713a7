import { afterEach, describe, expect, it } from "vitest";
import { oauth1 } from "../../runtime/direct/oauth1.js";
import { oauth2 } from "../../runtime/direct/oauth.js";
import type { App, AuthScheme } from "../../runtime/direct/app.js";
import { type Client, type Connection, createClient, MissingCredentialsError } from "../../runtime/index.js";
import { memoryConnections } from "../../runtime/connections/memory.js";
import { everythingIn, failureOf } from "../runtime/support.js";
import { appOf, type Behaviour, CLIENT, type OAuthServer, startOAuthServer } from "./oauth-server.js";
import { appAt, field, json, startUpstream, toolOf } from "./support.js";

let server: OAuthServer;
afterEach(() => server.close());

async function start(behaviour: Behaviour = {}, changes: Parameters<typeof appOf>[1] = {}): Promise<App> {
  server = await startOAuthServer(behaviour);
  const fields = [
    field("client_id", { expectedFromCustomer: false, secret: false }),
    field("client_secret", { expectedFromCustomer: false }),
  ];
  return { ...appOf(server, { fields, ...changes }), authorisers: { OAUTH2: oauth2 } };
}

const me = (app: App) => toolOf(app, { method: "GET", path: "/me" }, { hints: { readOnly: true } });

/** A client with connections of alice, made by refreshing as if somebody had connected. */
async function connected(
  fields: Record<string, string>,
  expiresAt?: number,
): Promise<[Client, () => Promise<Connection>]> {
  const connections = memoryConnections();
  await connections.set("acme", "alice", { scheme: "oauth2", fields, ...(expiresAt !== undefined && { expiresAt }) });
  const client = createClient({ apps: { acme: CLIENT }, connections, retry: { attempts: 1 } }).forUser("alice");
  return [client, async () => (await connections.get("acme", "alice"))!];
}

/** A refresh token that the server knows. */
async function refreshToken(): Promise<Record<string, string>> {
  server.behaviour.extra = { refresh_token: "rt-0123456789" };
  const form = new URLSearchParams({ grant_type: "client_credentials", ...CLIENT });
  await fetch(`${server.url}/token`, { method: "POST", body: form });
  delete server.behaviour.extra;
  (server.requests as unknown[]).length = 0;
  return { access_token: "stale-0123456789", refresh_token: "rt-0123456789" };
}

describe("a call of an app with OAuth 2.0", () => {
  it("renews a token that has run out before it asks, keeps it, and asks with it from then on", async () => {
    const app = await start({ rotate: true });
    const [client, kept] = await connected(await refreshToken(), Date.now() - 1000);
    const results = await Promise.all([me(app)({}, { client }), me(app)({}, { client })]);
    expect(results).toEqual([{ login: "alice" }, { login: "alice" }]);
    expect(server.requests).toHaveLength(1);
    expect(server.calls).not.toContain("stale-0123456789");
    const { fields } = await kept();
    expect(fields["access_token"]).toBe(server.calls[0]);
    expect(Object.keys(fields)).not.toContain("client_secret");
    await me(app)({}, { client });
    expect(server.requests).toHaveLength(1);
  });

  it("renews a token that the app does not take, once", async () => {
    const app = await start();
    const [client] = await connected(await refreshToken(), Date.now() + 3_600_000);
    const { data, attempts } = await me(app).withResponse({}, { client });
    expect([data, attempts]).toEqual([{ login: "alice" }, 2]);
    expect(server.calls[0]).toBe("stale-0123456789");
    server.behaviour.fault = () =>
      Response.json({ error: "invalid_grant", error_description: "no rt-0123456789" }, { status: 400 });
    server.revokeAccess();
    const error = await failureOf(me(app)({}, { client }));
    expect(error.message).toContain("toolbind connect acme");
    for (const secret of ["rt-0123456789", CLIENT.client_secret]) expect(everythingIn(error)).not.toContain(secret);
  });

  it("goes without a token where it may and nothing is there to ask for one with", async () => {
    const grant = { grant: "client_credentials" as const };
    const app = await start({}, { ...grant, fields: [field("client_id", { required: false })] });
    const open = toolOf(app, { method: "GET", path: "/me", security: [[app.schemes[0]!.name], []] });
    const error = await failureOf(open({}, { client: createClient({ retry: { attempts: 1 } }) }));
    expect(error).toMatchObject({ status: 401 });
    expect(server.requests).toEqual([]);
    const named = await failureOf(me(app)({}, { client: createClient() }));
    expect(named).toBeInstanceOf(MissingCredentialsError);
    expect(named.message).toContain("acme has no client_id");
  });

  it("requests a token where no consent is needed, and keeps it while the process runs", async () => {
    const app = await start({}, { grant: "client_credentials" });
    const client = createClient({ apps: { acme: CLIENT } });
    await me(app)({}, { client });
    await me(app)({}, { client: client.forUser("bob") });
    await me(app)({}, { client });
    await me(app)({}, { client });
    expect(server.requests).toHaveLength(2);
    await me(app)({}, { client: createClient({ apps: { acme: CLIENT } }) });
    expect(server.requests).toHaveLength(3);
  });

  it("says what to do where no one has connected", async () => {
    const app = await start();
    const [client] = await connected(await refreshToken());
    const error = await failureOf(me(app)({}, { client: client.forUser("bob") }));
    expect(error).toBeInstanceOf(MissingCredentialsError);
    expect(error.message).toMatch(/access_token.*bob.*toolbind connect acme/);
    expect(server.calls).toEqual([]);
  });

  it("takes tokens that come with the call, and keeps what it gets for them out of the store", async () => {
    const app = await start();
    const { access_token, refresh_token } = (await refreshToken()) as { access_token: string; refresh_token: string };
    const [client, kept] = await connected({ access_token: "alices" });
    const val = { access_token, refresh_token };
    const customConnectionData = { authScheme: "OAUTH2", toolkitSlug: "acme", val } as const;
    expect(await me(app)({}, { client, customConnectionData })).toEqual({ login: "alice" });
    expect(await me(app)({}, { client, customConnectionData })).toEqual({ login: "alice" });
    expect(server.requests).toHaveLength(1);
    expect((await kept()).fields).toEqual({ access_token: "alices" });
  });
});

it("tokens in use are kept, however many others there are", async () => {
  const upstream = await startUpstream();
  server = await startOAuthServer({});
  const renewals: string[] = [];
  upstream.answer = ({ url, body }, response) => {
    if (url !== "/token") return json(response, {});
    const token = new URLSearchParams(body.toString()).get("refresh_token") ?? "";
    renewals.push(token);
    json(response, { access_token: `at of ${token}`, refresh_token: `${token}+`, token_type: "bearer" });
  };
  const scheme: AuthScheme = {
    name: "oauth2",
    mode: "OAUTH2",
    fields: [],
    tokenUrl: `${upstream.url}/token`,
    scopes: [],
  };
  const app = { ...appAt(upstream.url, scheme), authorisers: { OAUTH2: oauth2 } };
  const client = createClient();
  const call = (token: string) => me(app)({}, { client, app: { ...CLIENT, refresh_token: token } });
  for (let other = 0; other < 1100; other++) {
    await call("mine");
    await call(`other-${other}`);
  }
  expect(renewals.filter((token) => token === "mine")).toHaveLength(1);
  expect(renewals).toHaveLength(1101);
  await upstream.close();
});

it("a call of an app with OAuth 1.0a is signed", async () => {
  await start();
  const upstream = await startUpstream();
  upstream.answer = (_, response) => json(response, {});
  const scheme: AuthScheme = {
    name: "o1",
    mode: "OAUTH1",
    fields: [field("consumer_key"), field("consumer_secret")],
    requestUrl: "https://a.example/r",
    authorizationUrl: "https://a.example/a",
    tokenUrl: "https://a.example/t",
  };
  const app: App = {
    slug: "acme",
    name: "Acme",
    servers: [{ url: upstream.url }],
    schemes: [scheme],
    authorisers: { OAUTH1: oauth1 },
  };
  const apps = { acme: { consumer_key: "ck", consumer_secret: "cs", oauth_token: "ot", oauth_token_secret: "os" } };
  const body = { type: "application/x-www-form-urlencoded", flat: true } as const;
  await toolOf(app, { method: "POST", path: "/x", body })({ a: "b c" }, { client: createClient({ apps }) });
  expect(upstream.received[0]!.headers.authorization).toMatch(/^OAuth .*oauth_token="ot".*oauth_signature="[^"]+"/);
  await upstream.close();
});
