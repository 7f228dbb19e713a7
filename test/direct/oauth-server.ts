import { createHash, randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { serve, type ServerType } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { App, OAuth2Scheme } from "../../runtime/direct/app.js";

export const CLIENT = { client_id: "0e2c-client.id", client_secret: "s3cret+/=&%-client" };

export interface TokenRequest {
  readonly form: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
  readonly path: string;
}

/** An answer in place of the server's own. */
export type Fault = (request: TokenRequest) => Response | Promise<Response> | undefined;

export interface OAuthServer {
  readonly url: string;
  /** Every request for tokens, in turn. */
  readonly requests: readonly TokenRequest[];
  /** Answers of the API, by the access token that was sent. */
  readonly calls: readonly string[];
  /** How the server departs from the standard; may be changed at any time. */
  readonly behaviour: Behaviour;
  /** Makes all access tokens given so far worthless. */
  revokeAccess(): void;
  /** The person of a browser: follows the authorization URL and allows it or not; resolves to where it is sent. */
  visit(url: string, answer?: "allow" | "deny"): Promise<URL>;
  close(): Promise<void>;
}

export interface Behaviour {
  fault?: Fault | undefined;
  /** Gives a new refresh token with each refresh, and takes each only once. */
  rotate?: boolean;
  expiresIn?: unknown;
  /** Members added to each token response. */
  extra?: Readonly<Record<string, unknown>>;
  /** Members left out of each token response. */
  without?: readonly string[];
  asForm?: boolean;
  clientAuth?: "basic" | "body";
  requirePkce?: boolean;
}

const token = (): string => randomBytes(12).toString("base64url");

/** An OAuth 2.0 server, and behind it an API that says whose token it got. */
export async function startOAuthServer(given: Behaviour = {}): Promise<OAuthServer> {
  const behaviour: Behaviour = { expiresIn: 3600, requirePkce: true, ...given };
  const requests: TokenRequest[] = [];
  const calls: string[] = [];
  const codes = new Map<string, { redirectUri: string; challenge: string | undefined }>();
  const access = new Set<string>();
  const refreshTokens = new Set<string>();
  const app = new Hono();

  app.get("/authorize", (c) => {
    const { redirect_uri, state = "", client_id, response_type, code_challenge, code_challenge_method } = c.req.query();
    if (client_id !== CLIENT.client_id || response_type !== "code" || !redirect_uri) return c.text("bad request", 400);
    const back = new URL(redirect_uri);
    back.searchParams.set("state", state);
    if (c.req.header("x-answer") === "deny") {
      back.searchParams.set("error", "access_denied");
      back.searchParams.set("error_description", "The person said no");
    } else if (behaviour.requirePkce === true && (code_challenge === undefined || code_challenge_method !== "S256")) {
      back.searchParams.set("error", "invalid_request");
    } else {
      const code = token();
      codes.set(code, { redirectUri: redirect_uri, challenge: code_challenge });
      back.searchParams.set("code", code);
    }
    return c.redirect(back.href);
  });

  app.post("/token", answer);
  app.post("/refresh", answer);
  app.get("/me", (c) => {
    const sent = c.req.header("authorization")?.replace(/^Bearer /, "") ?? "";
    calls.push(sent);
    return access.has(sent) ? c.json({ login: "alice" }) : c.json({ error: "expired" }, 401);
  });

  async function answer(c: Context): Promise<Response> {
    const form = Object.fromEntries(new URLSearchParams(await c.req.text()));
    const request = { form, authorization: c.req.header("authorization"), path: c.req.path };
    requests.push(request);
    const fault = await behaviour.fault?.(request);
    if (fault) return fault;
    const client = clientOf(request);
    if (client.id !== CLIENT.client_id || client.secret !== CLIENT.client_secret) {
      return c.json({ error: "invalid_client" }, 401, { "www-authenticate": 'Basic realm="x"' });
    }
    if (form["grant_type"] === "authorization_code") {
      const pending = codes.get(form["code"] ?? "");
      codes.delete(form["code"] ?? "");
      const challenge = createHash("sha256")
        .update(form["code_verifier"] ?? "")
        .digest("base64url");
      const isProven = pending?.challenge === undefined || pending.challenge === challenge;
      if (pending?.redirectUri !== form["redirect_uri"] || !isProven) return c.json({ error: "invalid_grant" }, 400);
      return tokens();
    }
    if (form["grant_type"] === "refresh_token") {
      const given = form["refresh_token"] ?? "";
      if (!refreshTokens.has(given)) {
        return c.json({ error: "invalid_grant", error_description: `Token ${given} was used` }, 400);
      }
      if (behaviour.rotate === true) refreshTokens.delete(given);
      return tokens(behaviour.rotate === true);
    }
    if (form["grant_type"] === "client_credentials") return tokens(false);
    if (form["grant_type"] === "password") {
      return form["password"] === "hunter22" ? tokens() : c.json({ error: "invalid_grant" }, 400);
    }
    return c.json({ error: "unsupported_grant_type" }, 400);
  }

  function tokens(withRefresh = true): Response {
    const members: Record<string, unknown> = {
      access_token: token(),
      token_type: "Bearer",
      expires_in: behaviour.expiresIn,
      ...(withRefresh && { refresh_token: token() }),
      ...behaviour.extra,
    };
    access.add(members["access_token"] as string);
    if (typeof members["refresh_token"] === "string") refreshTokens.add(members["refresh_token"]);
    for (const name of behaviour.without ?? []) delete members[name];
    if (behaviour.asForm !== true) return Response.json(members);
    return new Response(new URLSearchParams(members as Record<string, string>).toString(), {
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
  }

  function clientOf({ form, authorization }: TokenRequest): { id: string; secret: string } {
    if (behaviour.clientAuth !== "basic") return { id: form["client_id"] ?? "", secret: form["client_secret"] ?? "" };
    const [id = "", secret = ""] = atob(authorization?.replace(/^Basic /, "") ?? "").split(":");
    return { id, secret: new URLSearchParams(`s=${secret}`).get("s")! };
  }

  const server = await new Promise<ServerType>((resolve) => {
    const started: ServerType = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, () => resolve(started));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    calls,
    behaviour,
    revokeAccess: () => access.clear(),
    async visit(address, decision = "allow") {
      const response = await fetch(address, { redirect: "manual", headers: { "x-answer": decision } });
      const location = response.headers.get("location");
      if (location === null) throw new Error(`the server answered ${response.status} ${await response.text()}`);
      return new URL(location);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

/** An app whose one scheme is OAuth 2.0 with this server. */
export function appOf(server: OAuthServer, changes: Partial<OAuth2Scheme> = {}): App & { scheme: OAuth2Scheme } {
  const scheme: OAuth2Scheme = {
    name: "oauth2",
    mode: "OAUTH2",
    authorizationUrl: `${server.url}/authorize`,
    tokenUrl: `${server.url}/token`,
    scopes: ["read", "write"],
    fields: [],
    ...changes,
  };
  return { slug: "acme", name: "Acme", servers: [{ url: server.url }], schemes: [scheme], scheme };
}
