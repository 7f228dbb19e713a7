import { createHmac } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import type { App, AuthContext, AuthRequest, OAuth1Scheme } from "../../runtime/direct/app.js";
import { exchangeVerifier, oauth1, requestAuthorization } from "../../runtime/direct/oauth1.js";
import { AuthorizationError, memoryConnections } from "../../runtime/index.js";
import { everythingIn, failureOf, type RawServer, startRaw } from "../runtime/support.js";

const CLIENT = { consumer_key: "ck-1", consumer_secret: "cs/Secret+1" };
const REDIRECT = "http://127.0.0.1:7777/callback?app=acme";
const SECRETS: Readonly<Record<string, string>> = { "": "", temporary: "ts-Secret-2", lasting: "ts-Secret-3" };
const FORM = { "content-type": "application/x-www-form-urlencoded" };

let server: RawServer;
afterEach(() => server.close());

/** An OAuth 1.0a server that checks each signature, by the letter of RFC 5849 and with node:crypto. */
async function start(answers: Readonly<Record<string, string>> = {}): Promise<RawServer> {
  server = await startRaw((request, response) => {
    const url = new URL(request.url!, server.url);
    const { body } = server.received.at(-1)!;
    const header = membersOf(request.headers.authorization ?? "");
    const { oauth_signature: signature, ...parameters } = header;
    const isForm = request.headers["content-type"]?.startsWith(FORM["content-type"]) === true;
    const pairs = [...url.searchParams, ...(isForm ? new URLSearchParams(body) : []), ...Object.entries(parameters)];
    const query = pairs
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join("&");
    const base = [request.method!, url.origin + url.pathname, query].map(encode).join("&");
    const key = `${encode(CLIENT.consumer_secret)}&${encode(SECRETS[header["oauth_token"] ?? ""] ?? "?")}`;
    const expected =
      header["oauth_signature_method"] === "PLAINTEXT" ? key : createHmac("sha1", key).update(base).digest("base64");
    if (signature !== expected) {
      response.writeHead(401, FORM).end("oauth_problem=signature_invalid");
    } else if (url.pathname === "/request") {
      response
        .writeHead(200, FORM)
        .end(
          answers["request"] ??
            `oauth_token=temporary&oauth_token_secret=${SECRETS["temporary"]}&oauth_callback_confirmed=true`,
        );
    } else if (url.pathname === "/token" && header["oauth_verifier"] === "v3rifier") {
      response
        .writeHead(200, FORM)
        .end(answers["token"] ?? `oauth_token=lasting&oauth_token_secret=${SECRETS["lasting"]}&user_id=7`);
    } else if (header["oauth_token"] === "lasting") {
      response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
    } else {
      response.writeHead(400).end(`no: ${body}`);
    }
  });
  return server;
}

function appOf(changes: Partial<OAuth1Scheme> = {}): App & { scheme: OAuth1Scheme } {
  const scheme: OAuth1Scheme = {
    name: "oauth1",
    mode: "OAUTH1",
    requestUrl: `${server.url}/request`,
    authorizationUrl: `${server.url}/authorize?keep=1`,
    tokenUrl: `${server.url}/token`,
    fields: [],
    ...changes,
  };
  return { slug: "acme", name: "Acme", servers: [{ url: server.url }], schemes: [scheme], scheme };
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}

function membersOf(header: string): Record<string, string> {
  return Object.fromEntries([...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, a, b]) => [a!, decodeURIComponent(b!)]));
}

const callback = (query: string): URL => new URL(`${REDIRECT}&${query}`);

describe("the three legs", () => {
  it("lead to a connection", async () => {
    await start();
    const app = appOf({ tokenResponseMetadata: ["user_id", "absent"], authorizationParams: { perms: "write" } });
    const { url, pending } = await requestAuthorization(app, app.scheme, CLIENT, { redirectUri: REDIRECT });
    expect(url).toBe(`${server.url}/authorize?keep=1&perms=write&oauth_token=temporary`);
    expect(membersOf(server.received[0]!.headers.authorization!)["oauth_callback"]).toBe(REDIRECT);
    const answer = callback("oauth_token=temporary&oauth_verifier=v3rifier");
    const { fields } = await exchangeVerifier(app, app.scheme, CLIENT, pending, answer);
    expect(fields).toEqual({ oauth_token: "lasting", oauth_token_secret: SECRETS["lasting"], user_id: "7" });
  });

  it("ask for scopes, and take the client by its other names", async () => {
    await start();
    const app = appOf({ scopes: ["a", "b"], scopeSeparator: "," });
    const fields = { client_id: CLIENT.consumer_key, client_secret: CLIENT.consumer_secret };
    await requestAuthorization(app, app.scheme, fields, { redirectUri: REDIRECT });
    expect(server.received[0]!.url).toBe("/request?scope=a%2Cb");
  });

  it("end where the secret is wrong", async () => {
    await start();
    const app = appOf();
    const fields = { ...CLIENT, consumer_secret: "another-secret" };
    const error = await failureOf(requestAuthorization(app, app.scheme, fields, { redirectUri: REDIRECT }));
    expect(error).toMatchObject({ code: "TB5050", status: 401 });
    expect(error.message).toMatch(/signature_invalid.*consumer_secret/);
    expect(everythingIn(error)).not.toContain("another-secret");
  });

  it.each([
    ["of another request", "oauth_token=other&oauth_verifier=v3rifier", /not the one that was asked with/],
    ["of nobody", "", /not the one that was asked with/],
    ["that refuses", "denied=temporary", /not granted.*allow it/],
    ["without a verifier", "oauth_token=temporary", /not granted/],
  ])("end at an answer %s", async (_, query, message) => {
    await start();
    const app = appOf();
    const { pending } = await requestAuthorization(app, app.scheme, CLIENT, { redirectUri: REDIRECT });
    const error = await failureOf(exchangeVerifier(app, app.scheme, CLIENT, pending, callback(query)));
    expect(error).toBeInstanceOf(AuthorizationError);
    expect(error.message).toMatch(message);
    expect(server.received).toHaveLength(1);
  });

  it.each(["<html>Log in</html>", "", "oauth_token=x", '{"oauth_token":{},"oauth_token_secret":"y"}'])(
    "end at %j in place of credentials",
    async (text) => {
      await start({ request: text });
      const app = appOf();
      const error = await failureOf(requestAuthorization(app, app.scheme, CLIENT, { redirectUri: REDIRECT }));
      expect(error.message).toMatch(/request URL answered 200 without credentials/);
    },
  );
});

describe("a request", () => {
  const context = (app: App & { scheme: OAuth1Scheme }, fields: Record<string, string>): AuthContext => ({
    app,
    scheme: app.scheme,
    userId: "default",
    connection: { scheme: "oauth1", fields },
    store: memoryConnections(),
    fetch,
    signal: new AbortController().signal,
    address: {},
    facts: { toolSlug: "ACME_LIST", version: "1" },
  });
  const connected = { ...CLIENT, oauth_token: "lasting", oauth_token_secret: SECRETS["lasting"]! };

  async function send(app: App & { scheme: OAuth1Scheme }, method: string, path: string, form?: AuthRequest["form"]) {
    const request: AuthRequest = { method, url: new URL(server.url + path), headers: new Headers(), form };
    await oauth1.sign!(request, context(app, connected));
    const body = form === undefined ? {} : { body: new URLSearchParams(form as [string, string][]) };
    return fetch(request.url, { method, headers: request.headers, ...body });
  }

  it.each<[string, string, AuthRequest["form"]]>([
    ["GET", "/items?q=a%20b&q=%C3%A9&empty=&x=1+2", undefined],
    ["GET", "/caf%C3%A9/a%2Fb", undefined],
    [
      "POST",
      "/items?a=1",
      [
        ["b", "x y*'"],
        ["a", "é"],
        ["a", "0"],
      ],
    ],
    ["DELETE", "/items", undefined],
  ])("%s %s is signed as the server expects", async (method, path, form) => {
    await start();
    expect(await (await send(appOf(), method, path, form)).json()).toEqual({ ok: true });
  });

  it("may be signed in plain text, over https or on this machine only", async () => {
    await start();
    const app = appOf({ signatureMethod: "PLAINTEXT" });
    expect((await send(app, "GET", "/items")).status).toBe(200);
    const request = { method: "GET", url: new URL("http://example.com/"), headers: new Headers(), form: undefined };
    await expect(oauth1.sign!(request, context(app, connected))).rejects.toThrow(/https/);
  });

  it("without a token says to connect", async () => {
    await start();
    const request = { method: "GET", url: new URL(server.url), headers: new Headers(), form: undefined };
    await expect(oauth1.sign!(request, context(appOf(), CLIENT))).rejects.toThrow(
      /oauth_token is missing.*toolbind connect acme/,
    );
  });
});
