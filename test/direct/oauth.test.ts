import { afterEach, describe, expect, it } from "vitest";
import type { App, AuthContext, OAuth2Scheme } from "../../runtime/direct/app.js";
import type { Connection, ConnectionStore } from "../../runtime/direct/connections.js";
import { memoryConnections } from "../../runtime/connections/memory.js";
import {
  authorizationUrl,
  exchangeCode,
  type Grant,
  oauth2,
  refresh,
  requestGrant,
} from "../../runtime/direct/oauth.js";
import { AuthorizationError, type ToolbindCallError } from "../../runtime/index.js";
import { createManualClock } from "../../testing/index.js";
import { everythingIn, failureOf } from "../runtime/support.js";
import { appOf, type Behaviour, CLIENT, type OAuthServer, startOAuthServer } from "./oauth-server.js";

const REDIRECT = "http://127.0.0.1:7777/callback";
const NOW = Date.parse("2026-01-02T03:04:05Z");
const now = (): number => NOW;

let server: OAuthServer;
afterEach(() => server.close());

async function start(behaviour: Behaviour = {}): Promise<OAuthServer> {
  server = await startOAuthServer(behaviour);
  return server;
}

async function connect(app: App & { scheme: OAuth2Scheme }, fields: Record<string, string> = CLIENT): Promise<Grant> {
  const { url, pending } = await authorizationUrl(app, app.scheme, fields, { redirectUri: REDIRECT });
  return exchangeCode(app, app.scheme, fields, pending, await server.visit(url), { now });
}

describe("an authorization URL", () => {
  it("asks with the client, the scopes, a state and PKCE, beside what the scheme adds", async () => {
    const app = appOf(await start(), {
      authorizationUrl: "https://{{subdomain}}.example.com/authorize?keep=1",
      authorizationParams: { access_type: "offline", audience: "{{audience}}", gone: "{{gone}}", state: "fixed" },
      scopeSeparator: ",",
    });
    const fields = { ...CLIENT, subdomain: "acme.eu", audience: "a&b" };
    const { url, pending } = await authorizationUrl(app, app.scheme, fields, { redirectUri: REDIRECT });
    expect(new URL(url).host).toBe("acme.eu.example.com");
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      keep: "1",
      access_type: "offline",
      audience: "a&b",
      response_type: "code",
      client_id: CLIENT.client_id,
      redirect_uri: REDIRECT,
      state: pending.state,
      scope: "read,write",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: "S256",
    });
    expect(pending.state).toMatch(/^[\w-]{43}$/);
    expect(JSON.parse(JSON.stringify(pending))).toEqual(pending);
  });

  it("asks for other scopes and with another state where they are given", async () => {
    const app = appOf(await start(), { disablePkce: true });
    const request = { redirectUri: REDIRECT, scopes: ["admin"], state: "mine" };
    const { url, pending } = await authorizationUrl(app, app.scheme, CLIENT, request);
    const { searchParams } = new URL(url);
    expect([searchParams.get("scope"), searchParams.get("state")]).toEqual(["admin", "mine"]);
    expect(searchParams.has("code_challenge")).toBe(false);
    expect(pending).toEqual({ redirectUri: REDIRECT, state: "mine" });
  });

  it.each([
    ["a host", "evil.example/x"],
    ["a query", "acme?x="],
    ["a user", "user@evil.example"],
    ["a fragment", "evil.example#"],
    ["a backslash", "evil.example\\x"],
    ["nothing", ""],
  ])("is not made where a field would lead elsewhere, with %s", async (_, subdomain) => {
    const app = appOf(await start(), { authorizationUrl: "https://{{subdomain}}.example.com/authorize" });
    const failure = authorizationUrl(app, app.scheme, { ...CLIENT, subdomain }, { redirectUri: REDIRECT });
    await expect(failure).rejects.toBeInstanceOf(AuthorizationError);
    await expect(failure).rejects.toThrow(/subdomain.*toolbind connect acme/);
  });

  it.each(["http://example.com/a", "https://user:pass@example.com/a", "javascript:alert(1)", "no url"])(
    "is not made of %s",
    async (authorizationUrlOfScheme) => {
      const app = appOf(await start(), { authorizationUrl: authorizationUrlOfScheme });
      const failure = authorizationUrl(app, app.scheme, CLIENT, { redirectUri: REDIRECT });
      await expect(failure).rejects.toThrow(/authorization URL/);
    },
  );
});

describe("a code", () => {
  it("is exchanged for tokens, with the verifier and what the scheme adds", async () => {
    const app = appOf(await start(), {
      tokenParams: { audience: "{{audience}}", code: "not this", again: "{{code}} {{redirect_uri}}" },
    });
    const { fields, expiresAt } = await connect(app, { ...CLIENT, audience: "api" });
    expect(fields).toEqual({
      access_token: expect.any(String) as string,
      refresh_token: expect.any(String) as string,
      token_type: "Bearer",
      expires_in: "3600",
    });
    expect(expiresAt).toBe(NOW + 3_600_000);
    const [{ form }] = server.requests as [(typeof server.requests)[0]];
    expect(form).toMatchObject({
      grant_type: "authorization_code",
      audience: "api",
      redirect_uri: REDIRECT,
      ...CLIENT,
    });
    expect(form["code"]).not.toBe("not this");
    expect(form["again"]).toBe(`${form["code"]} ${REDIRECT}`);
  });

  it("is exchanged by a client that proves itself in a header", async () => {
    const app = appOf(await start({ clientAuth: "basic" }), { tokenAuthMethod: "basic" });
    await connect(app);
    expect(server.requests[0]!.form).not.toHaveProperty("client_secret");
  });

  it("is exchanged by a client without a secret", async () => {
    await start({ fault: ({ form }) => Response.json({ access_token: form["client_id"] }) });
    const { fields } = await connect(appOf(server), { client_id: CLIENT.client_id });
    expect(fields).toEqual({ access_token: CLIENT.client_id });
    expect(server.requests[0]).toMatchObject({ authorization: undefined });
    expect(server.requests[0]!.form).not.toHaveProperty("client_secret");
  });

  const HOUR = NOW + 3_600_000;
  it.each<[string, Behaviour, number | undefined]>([
    ["a form", { asForm: true }, HOUR],
    ["no type", { without: ["token_type"] }, HOUR],
    ["a type in odd case", { extra: { token_type: "bEARER" } }, HOUR],
    ["a type of its own", { extra: { token_type: "bot" } }, HOUR],
    ["a lifetime in text", { expiresIn: "7200" }, NOW + 7_200_000],
    ["no lifetime", { without: ["expires_in"] }, undefined],
    ["a lifetime of null", { expiresIn: null }, undefined],
    ["a lifetime without end", { expiresIn: 0 }, undefined],
    ["a lifetime that is none", { expiresIn: "soon" }, undefined],
    ["a lifetime that no date has", { expiresIn: 1e20 }, undefined],
    ["no refresh token", { extra: { refresh_token: null } }, HOUR],
    ["scopes as a list, and an id token of nobody", { extra: { scope: ["a", "b"], id_token: "x.y.z" } }, HOUR],
  ])("brings tokens that come with %s", async (_, behaviour, expiresAt) => {
    await start(behaviour);
    const grant = await connect(appOf(server));
    expect(grant.fields["access_token"]).toMatch(/./);
    expect(grant.fields["scope"]).toBe(behaviour.extra?.["scope"] === undefined ? undefined : "a b");
    expect(grant.expiresAt).toBe(expiresAt);
  });

  it("brings what the scheme wants of the response", async () => {
    const extra = {
      team: { id: "T1", seats: 3, plan: null },
      authed_user: { access_token: "xoxp", scope: "a" },
      ok: true,
    };
    const tokenResponseMetadata = ["team", "authed_user.access_token", "ok", "absent", "__proto__", "constructor"];
    await start({ extra });
    const { fields } = await connect(appOf(server, { tokenResponseMetadata }));
    expect(fields).toMatchObject({
      "team.id": "T1",
      "team.seats": "3",
      "authed_user.access_token": "xoxp",
      ok: "true",
    });
    expect(Object.keys(fields).sort()).toEqual([
      "access_token",
      "authed_user.access_token",
      "expires_in",
      "ok",
      "refresh_token",
      "team.id",
      "team.seats",
      "token_type",
    ]);
  });

  it("brings no more of the response than a connection can hold", async () => {
    const deep = `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`;
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, index])));
    const text = `{"access_token":"at-1","deep":${deep},"wide":${wide},"list":[["x"]]}`;
    await start({ fault: () => new Response(text, { headers: { "content-type": "application/json" } }) });
    const { fields } = await connect(appOf(server, { tokenResponseMetadata: ["deep", "wide", "list"] }));
    expect(Object.keys(fields).length).toBeLessThan(200);
    expect(fields).toHaveProperty("access_token");
  });

  it("brings a token that lies deeper, where the scheme names it", async () => {
    const authed_user = { access_token: "xoxp", refresh_token: "xoxe", expires_in: 60 };
    await start({ extra: { authed_user }, without: ["access_token", "refresh_token", "expires_in"] });
    const grant = await connect(appOf(server, { tokenResponseMetadata: ["authed_user.access_token"] }));
    expect(grant.fields).toMatchObject({ access_token: "xoxp", refresh_token: "xoxe" });
    expect(grant.expiresAt).toBe(NOW + 60_000);
  });

  it("is not taken from an answer to another request", async () => {
    const app = appOf(await start());
    const { pending } = await authorizationUrl(app, app.scheme, CLIENT, { redirectUri: REDIRECT });
    for (const query of ["code=abc", "code=abc&state=other", "code=abc&error=access_denied&state=other"]) {
      const callback = new URL(`${REDIRECT}?${query}`);
      const error = await failureOf(exchangeCode(app, app.scheme, CLIENT, pending, callback));
      expect(error).toBeInstanceOf(AuthorizationError);
      expect(error.message).toMatch(/state is not the one that was sent/);
    }
    expect(server.requests).toEqual([]);
  });

  it("is missing where the person refused", async () => {
    const app = appOf(await start());
    const { url, pending } = await authorizationUrl(app, app.scheme, CLIENT, { redirectUri: REDIRECT });
    const error = await failureOf(exchangeCode(app, app.scheme, CLIENT, pending, await server.visit(url, "deny")));
    expect(error).toMatchObject({ code: "TB5050", slug: "access_denied" });
    expect(error.message).toMatch(/not granted \(access_denied, The person said no\).*toolbind connect acme/);
    expect(server.requests).toEqual([]);
  });

  it("is taken from a server that names itself", async () => {
    const app = appOf(await start());
    const { url, pending } = await authorizationUrl(app, app.scheme, CLIENT, { redirectUri: REDIRECT });
    const callback = await server.visit(url);
    callback.searchParams.set("iss", "https://issuer.example");
    await exchangeCode(app, app.scheme, CLIENT, pending, callback);
  });

  it("is not exchanged by a client with the wrong secret, and the message says so", async () => {
    const app = appOf(await start());
    const error = await failureOf(connect(app, { ...CLIENT, client_secret: "another-secret" }));
    expect(error).toMatchObject({ code: "TB5050", status: 401, slug: "invalid_client", retryable: false });
    expect(error.message).toMatch(/client_secret/);
    expect(everythingIn(error)).not.toContain("another-secret");
  });
});

describe("what a server answers instead of tokens", () => {
  it.each<[string, () => Response, RegExp, Partial<ToolbindCallError>]>([
    [
      "HTML",
      () => new Response("<html>Log in</html>", { headers: { "content-type": "text/html" } }),
      /answered 200 with text\/html instead of tokens/,
      {},
    ],
    [
      "HTML and a fault",
      () => new Response("<html>", { status: 502, headers: { "content-type": "text/html" } }),
      /answered 502/,
      { retryable: true, status: 502 },
    ],
    [
      "half of JSON",
      () => new Response('{"access_token": "ab', { headers: { "content-type": "application/json" } }),
      /instead of tokens/,
      {},
    ],
    ["JSON without a token", () => Response.json({ ok: true }), /answered 200/, {}],
    ["a token that is not text", () => Response.json({ access_token: 1 }), /answered 200/, {}],
    [
      "an error with status 200",
      () => Response.json({ error: "bad_verification_code" }),
      /bad_verification_code/,
      { slug: "bad_verification_code" },
    ],
    ["a token to prove", () => Response.json({ access_token: "abc", token_type: "DPoP" }), /unsupported/, {}],
    [
      "a redirect",
      () => new Response(null, { status: 302, headers: { location: "https://evil.example/" } }),
      /redirect/,
      {},
    ],
    ["too much", () => new Response("x=".padEnd(2_000_000, "y")), /too long an answer/, {}],
    [
      "too many requests",
      () => Response.json({ error: "slow_down" }, { status: 429 }),
      /429 \(slow_down\)/,
      { retryable: true },
    ],
  ])("%s is reported", async (_, answer, message, facts) => {
    await start({ fault: answer });
    const error = await failureOf(connect(appOf(server)));
    expect(error).toBeInstanceOf(AuthorizationError);
    expect(error.message).toMatch(message);
    expect(error).toMatchObject(facts);
    expect(server.requests).toHaveLength(1);
  });

  it("is shown without what was sent", async () => {
    await start({
      fault: ({ form }) =>
        Response.json(
          {
            error: "invalid_grant",
            error_description: `\u001b[31m${Object.values(form).join(" ")} ${encodeURIComponent(form["client_secret"]!)}`,
          },
          { status: 400 },
        ),
    });
    const app = appOf(server);
    const { url, pending } = await authorizationUrl(app, app.scheme, CLIENT, { redirectUri: REDIRECT });
    const callback = await server.visit(url);
    const error = await failureOf(exchangeCode(app, app.scheme, CLIENT, pending, callback));
    const shown = everythingIn(error);
    const code = callback.searchParams.get("code")!;
    for (const secret of [
      CLIENT.client_secret,
      encodeURIComponent(CLIENT.client_secret),
      code,
      pending.codeVerifier!,
    ]) {
      expect(shown).not.toContain(secret);
    }
    expect(shown).not.toContain("\u001b");
    expect(shown).toContain("[redacted]");
  });

  it("is shown without the part of its URL or type that may be a secret", async () => {
    const type = "text/at-0123456789; at-0123456789";
    await start({ fault: () => new Response("<html>", { headers: { "content-type": type } }) });
    const template = `${server.url}/token?k={{api_key}}`;
    const app = appOf(server, { grant: "client_credentials", tokenUrl: template });
    const fields = { ...CLIENT, api_key: "at-0123456789" };
    const answered = await failureOf(requestGrant(app, app.scheme, fields));
    expect(everythingIn(answered)).not.toContain("at-0123456789");
    const dead = { ...app, slug: "acme" };
    const scheme = { ...app.scheme, tokenUrl: "http://127.0.0.1:1/{{api_key}}/token" };
    const unanswered = await failureOf(requestGrant(dead, scheme, fields));
    expect(unanswered).toMatchObject({ code: "TB5050", retryable: true });
    expect(everythingIn(unanswered)).not.toContain("at-0123456789");
  });

  it("is not waited for without end", async () => {
    const clock = createManualClock();
    let asked = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    await start({
      fault: () => {
        asked();
        return new Promise<Response>(() => undefined);
      },
    });
    const app = appOf(server);
    const { url, pending } = await authorizationUrl(app, app.scheme, CLIENT, { redirectUri: REDIRECT });
    const callback = await server.visit(url);
    const failure = failureOf(exchangeCode(app, app.scheme, CLIENT, pending, callback, { clock, timeoutMs: 5000 }));
    await isAsked;
    await clock.advance(5000);
    expect(await failure).toMatchObject({ code: "TB5050", retryable: true });
    expect((await failure).message).toMatch(/no answer in 5000 ms/);
  });

  it("is not asked for over http, but on this machine", async () => {
    const app = appOf(await start(), { tokenUrl: "http://example.com/token" });
    const error = await failureOf(
      requestGrant(app, app.scheme, CLIENT, { fetch: () => Promise.reject(new Error("sent")) }),
    );
    expect(error.message).toMatch(/token URL is http:\/\/example.com.*https/);
  });

  it("is not asked of a private host that a field names", async () => {
    const app = appOf(await start(), { tokenUrl: "{{instance}}/token", grant: "client_credentials" });
    const fields = { ...CLIENT, instance: server.url };
    const error = await failureOf(requestGrant(app, app.scheme, fields));
    expect(error.message).toMatch(/not a public host.*allowHosts/);
    const address = { allowHosts: [new URL(server.url).host] };
    expect((await requestGrant(app, app.scheme, fields, { address })).fields).toHaveProperty("access_token");
  });
});

describe("a grant that needs no consent", () => {
  it("is got with the client's own credentials and the scheme's scopes", async () => {
    const app = appOf(await start(), { grant: "client_credentials", tokenParams: { audience: "x" } });
    const { fields } = await requestGrant(app, app.scheme, CLIENT);
    expect(fields).toHaveProperty("access_token");
    expect(server.requests[0]!.form).toMatchObject({
      grant_type: "client_credentials",
      scope: "read write",
      audience: "x",
    });
    await requestGrant(app, app.scheme, CLIENT, { scopes: ["one"] });
    expect(server.requests[1]!.form["scope"]).toBe("one");
  });

  it("is got with a name and a password", async () => {
    const app = appOf(await start(), { grant: "password" });
    const { fields } = await requestGrant(app, app.scheme, { ...CLIENT, username: "alice", password: "hunter22" });
    expect(fields).toHaveProperty("refresh_token");
    const error = await failureOf(
      requestGrant(app, app.scheme, { ...CLIENT, username: "alice", password: "hunter23" }),
    );
    expect(error).toMatchObject({ slug: "invalid_grant" });
    expect(everythingIn(error)).not.toContain("hunter23");
    await expect(requestGrant(app, app.scheme, { ...CLIENT, username: "alice" })).rejects.toThrow(
      /field password is missing/,
    );
  });
});

describe("a refresh", () => {
  it("goes to its own URL, with what the scheme adds", async () => {
    const app = appOf(await start(), { refreshUrl: "", refreshParams: { mode: "{{mode}}" } });
    const scheme = { ...app.scheme, refreshUrl: `${server.url}/refresh` };
    const { fields } = await connect(app);
    const renewed = await refresh(app, scheme, { ...CLIENT, ...fields, mode: "m" }, { now });
    expect(renewed.fields["access_token"]).not.toBe(fields["access_token"]);
    expect(server.requests[1]).toMatchObject({ path: "/refresh", form: { grant_type: "refresh_token", mode: "m" } });
  });

  it("without a refresh token says to connect again", async () => {
    const app = appOf(await start());
    await expect(refresh(app, app.scheme, CLIENT)).rejects.toThrow(/no refresh token.*toolbind connect acme/);
  });
});

interface Setting {
  readonly context: AuthContext;
  readonly store: ConnectionStore;
  readonly connection: Connection;
}

/** What a call has to work with whose connection was made a while ago. */
async function setUp(app: App & { scheme: OAuth2Scheme }, expiresAt: number | undefined): Promise<Setting> {
  const { fields } = await connect(app);
  const connection: Connection = {
    scheme: "oauth2",
    fields: { ...CLIENT, ...fields },
    ...(expiresAt && { expiresAt }),
  };
  const store = memoryConnections();
  await store.set("acme", "alice", connection);
  return { store, connection, context: contextOf(app, store, connection) };
}

function contextOf(app: App & { scheme: OAuth2Scheme }, store: ConnectionStore, connection: Connection): AuthContext {
  return {
    app,
    scheme: app.scheme,
    userId: "alice",
    connection,
    store,
    fetch,
    signal: new AbortController().signal,
    address: {},
    facts: { toolSlug: "ACME_ME", version: "1" },
  };
}

const PAST = 1;
const FUTURE = Date.now() + 3_600_000;

describe("a connection", () => {
  it("is used as it is while its token holds", async () => {
    const { context, connection } = await setUp(appOf(await start()), FUTURE);
    expect(await oauth2.prepare!(context)).toBe(connection);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ["has run out", PAST],
    ["is about to", Date.now() + 20_000],
  ])("is renewed where its token %s, and kept before it is used", async (_, expiresAt) => {
    const { context, store, connection } = await setUp(appOf(await start({ rotate: true })), expiresAt);
    const renewed = await oauth2.prepare!(context);
    expect(renewed.fields["access_token"]).not.toBe(connection.fields["access_token"]);
    expect(renewed.fields["refresh_token"]).not.toBe(connection.fields["refresh_token"]);
    expect(renewed.fields["client_id"]).toBe(CLIENT.client_id);
    expect(renewed.expiresAt).toBeGreaterThan(Date.now());
    expect(await store.get("acme", "alice")).toEqual(renewed);
  });

  it("is not renewed with each call where tokens live shortly", async () => {
    const { context } = await setUp(appOf(await start({ expiresIn: 30 })), PAST);
    const renewed = await oauth2.prepare!(context);
    expect(await oauth2.prepare!({ ...context, connection: renewed })).toBe(renewed);
    expect(server.requests).toHaveLength(2);
  });

  it("keeps its refresh token where the server gives no other", async () => {
    const { context, store, connection } = await setUp(appOf(await start()), PAST);
    const renewed = await oauth2.prepare!(context);
    expect(renewed.fields["refresh_token"]).toBe(connection.fields["refresh_token"]);
    expect((await store.get("acme", "alice"))!.fields["refresh_token"]).toBe(connection.fields["refresh_token"]);
  });

  it("is renewed once for calls at the same time", async () => {
    const { context } = await setUp(appOf(await start({ rotate: true })), PAST);
    const all = await Promise.all(Array.from({ length: 5 }, () => oauth2.prepare!({ ...context })));
    expect(new Set(all.map(({ fields }) => fields["access_token"])).size).toBe(1);
    expect(server.requests).toHaveLength(2);
  });

  it("is renewed once for a call that comes by 401 and one that comes later with the old token", async () => {
    const { context } = await setUp(appOf(await start({ rotate: true })), FUTURE);
    const answer = new Response(null, { status: 401 });
    const first = await oauth2.recover!(context, answer);
    const second = await oauth2.recover!(context, answer);
    expect(second).toEqual(first);
    expect(server.requests).toHaveLength(2);
  });

  it("is renewed apart for each user", async () => {
    const { context, store, connection } = await setUp(appOf(await start()), PAST);
    await store.set("acme", "bob", connection);
    await Promise.all([oauth2.prepare!(context), oauth2.prepare!({ ...context, userId: "bob" })]);
    expect(server.requests).toHaveLength(3);
  });

  it("is not used where what was renewed could not be kept", async () => {
    const { context, store } = await setUp(appOf(await start({ rotate: true })), PAST);
    const full = { ...store, set: () => Promise.reject(new Error("disk full")) };
    await expect(oauth2.prepare!({ ...context, store: full })).rejects.toThrow("disk full");
  });

  it("says to connect again if its refresh token is refused, without showing it", async () => {
    const { context, store, connection } = await setUp(appOf(await start({ rotate: true })), PAST);
    await oauth2.prepare!({ ...context, store: memoryConnections() });
    const error = await failureOf(Promise.resolve(oauth2.prepare!(context)));
    expect(error).toMatchObject({ code: "TB5050", slug: "invalid_grant", retryable: false });
    expect(error.message).toMatch(/invalid_grant.*`toolbind connect acme --user alice`/);
    for (const secret of [connection.fields["refresh_token"]!, CLIENT.client_secret]) {
      expect(everythingIn(error)).not.toContain(secret);
    }
    expect(await store.get("acme", "alice")).toEqual(connection);
  });

  it("is asked for again after a renewal that failed", async () => {
    await start();
    const { context } = await setUp(appOf(server), PAST);
    server.behaviour.fault = () => new Response("down", { status: 503 });
    expect(await failureOf(Promise.resolve(oauth2.prepare!(context)))).toMatchObject({ status: 503, retryable: true });
    server.behaviour.fault = undefined;
    expect((await oauth2.prepare!(context)).fields).toHaveProperty("access_token");
  });

  it("is used on while its token still holds, where a renewal fails in passing", async () => {
    await start();
    const { context, connection } = await setUp(appOf(server), Date.now() + 20_000);
    server.behaviour.fault = () => new Response("down", { status: 503 });
    expect(await oauth2.prepare!(context)).toBe(connection);
  });

  it("is not renewed for a call that was aborted, and still is for another", async () => {
    const { context } = await setUp(appOf(await start()), PAST);
    const controller = new AbortController();
    const aborted = oauth2.prepare!({ ...context, signal: controller.signal });
    const other = oauth2.prepare!(context);
    controller.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    expect((await other).fields).toHaveProperty("access_token");
    expect(server.requests).toHaveLength(2);
  });

  it("without a token or a way to one says to connect", async () => {
    const app = appOf(await start());
    const context = contextOf(app, memoryConnections(), { scheme: "oauth2", fields: CLIENT });
    await expect(oauth2.prepare!(context)).rejects.toThrow(/`toolbind connect acme --user alice`/);
    const nobody = { ...context, userId: "default" };
    await expect(oauth2.prepare!(nobody)).rejects.toThrow(/`toolbind connect acme`/);
    const shell = { ...context, userId: "$(rm -rf ~)" };
    await expect(oauth2.prepare!(shell)).rejects.toThrow(/`toolbind connect acme --user ID`/);
    expect(await oauth2.recover!(context, new Response(null, { status: 401 }))).toBeUndefined();
  });

  it("is created on the first call where no consent is needed, and kept without the client's secret", async () => {
    const app = appOf(await start(), { grant: "client_credentials" });
    const store = memoryConnections();
    const context = contextOf(app, store, { scheme: "oauth2", fields: CLIENT });
    const made = await oauth2.prepare!(context);
    expect(made.fields).toMatchObject(CLIENT);
    const kept = (await store.get("acme", "alice"))!;
    expect(kept.fields).toHaveProperty("access_token", made.fields["access_token"]);
    expect(kept.fields).not.toHaveProperty("client_secret");
  });
});
