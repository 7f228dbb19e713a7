// Shelf: a small service with an HTTP API, an OAuth 2.0 server and API keys. It keeps everything in memory.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import { serve, type ServerType } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { html } from "hono/html";

export const CLIENT_ID = "shelf-client";
export const CLIENT_SECRET = "shelf-client-secret";
export const API_KEY = "shelf-key-of-ada";
const PORT = 8787;
const CODE_LIFE_MS = 60_000;

interface Book {
  readonly id: number;
  readonly title: string;
  readonly author: string;
  readonly year?: number;
}

interface Grant {
  readonly name: string;
  readonly scopes: readonly string[];
}

interface Code extends Grant {
  readonly redirectUri: string;
  readonly challenge: string;
  readonly until: number;
}

export interface ShelfOptions {
  /** Default: any that is free. */
  readonly port?: number;
  /** How long access lasts. Default 3,600. */
  readonly accessSeconds?: number;
}

export interface Shelf {
  readonly url: string;
  /** Requests to the token endpoint, by grant. */
  readonly grants: readonly string[];
  /** Ends all access given so far; what refreshes it stays good. */
  endAccess(): void;
  /** Ends what refreshes access, too. */
  endEverything(): void;
  close(): Promise<void>;
}

export async function startShelf({ port = 0, accessSeconds = 3600 }: ShelfOptions = {}): Promise<Shelf> {
  const books: Book[] = [
    { id: 1, title: "Middlemarch", author: "George Eliot", year: 1871 },
    { id: 2, title: "Notes on the Analytical Engine", author: "Ada Lovelace", year: 1843 },
  ];
  const codes = new Map<string, Code>();
  const access = new Map<string, Grant & { readonly until: number }>();
  const refresh = new Map<string, Grant>();
  const grants: string[] = [];
  const app = new Hono();

  app.get("/oauth/authorize", (c) => {
    const query = c.req.query();
    const fault = faultOf(query);
    if (fault !== undefined) return c.text(fault, 400);
    const hidden = Object.entries(query).map(
      ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
    );
    return c.html(
      html`<!doctype html>
        <title>Shelf</title>
        <p>Let ${query["client_id"]} use your books (${query["scope"]})?</p>
        <form method="post">
          ${hidden}<button name="answer" value="allow">Allow</button> <button name="answer" value="deny">Deny</button>
        </form>`,
    );
  });

  app.post("/oauth/authorize", async (c) => {
    const form = await formOf(c);
    const fault = faultOf(form);
    if (fault !== undefined) return c.text(fault, 400);
    const back = new URL(form["redirect_uri"]!);
    back.searchParams.set("state", form["state"] ?? "");
    if (form["answer"] !== "allow") {
      back.searchParams.set("error", "access_denied");
      return c.redirect(back.href, 303);
    }
    const code = secret();
    codes.set(code, {
      name: "Ada",
      scopes: (form["scope"] ?? "").split(" "),
      redirectUri: form["redirect_uri"]!,
      challenge: form["code_challenge"]!,
      until: Date.now() + CODE_LIFE_MS,
    });
    back.searchParams.set("code", code);
    return c.redirect(back.href, 303);
  });

  app.post("/oauth/token", async (c) => {
    const form = await formOf(c);
    grants.push(form["grant_type"] ?? "");
    if (form["client_id"] !== CLIENT_ID || !isSame(form["client_secret"] ?? "", CLIENT_SECRET)) {
      return c.json({ error: "invalid_client" }, 401);
    }
    const grant = form["grant_type"] === "refresh_token" ? take(refresh, form["refresh_token"]) : redeem(form);
    if (grant === undefined) return c.json({ error: "invalid_grant", error_description: "Not known, or used" }, 400);
    const [accessToken, refreshToken] = [secret(), secret()];
    const { name, scopes } = grant;
    access.set(accessToken, { name, scopes, until: Date.now() + accessSeconds * 1000 });
    refresh.set(refreshToken, { name, scopes });
    return c.json({
      access_token: accessToken,
      token_type: "bearer",
      expires_in: accessSeconds,
      refresh_token: refreshToken,
      scope: scopes.join(" "),
      library: { id: "lib-1" },
    });
  });

  app.get("/me", (c) => {
    const caller = callerOf(c);
    if (caller === undefined) return c.json({ error: "Who is there?" }, 401);
    const library = c.req.header("x-library");
    return c.json({ name: caller.name, via: caller.via, ...(library !== undefined && { library }) });
  });

  app.get("/books", (c) => {
    if (callerOf(c, "books.read") === undefined) return c.json({ error: "Who is there?" }, 401);
    const author = c.req.query("author");
    const found = books.filter((book) => author === undefined || book.author === author);
    return c.json({ books: found.sort((a, b) => a.title.localeCompare(b.title)) });
  });

  app.post("/books", async (c) => {
    if (callerOf(c, "books.write") === undefined) return c.json({ error: "Who is there?" }, 401);
    const { title, author, year } = await c.req.json<Omit<Book, "id">>();
    const book: Book = { id: books.length + 1, title, author, ...(year !== undefined && { year }) };
    books.push(book);
    return c.json(book, 201);
  });

  app.get("/books/:id", (c) => {
    if (callerOf(c, "books.read") === undefined) return c.json({ error: "Who is there?" }, 401);
    const book = books.find(({ id }) => `${id}` === c.req.param("id"));
    return book === undefined ? c.json({ error: "There is no such book." }, 404) : c.json(book);
  });

  function redeem(form: Readonly<Record<string, string>>): Grant | undefined {
    if (form["grant_type"] !== "authorization_code") return undefined;
    const code = take(codes, form["code"]);
    const proof = createHash("sha256")
      .update(form["code_verifier"] ?? "")
      .digest("base64url");
    const isGood = code !== undefined && code.until > Date.now() && isSame(proof, code.challenge);
    return isGood && code.redirectUri === form["redirect_uri"] ? code : undefined;
  }

  function callerOf(c: Context, scope?: string): { name: string; via: "oauth2" | "api_key" } | undefined {
    if (isSame(c.req.header("x-api-key") ?? "", API_KEY)) return { name: "Ada", via: "api_key" };
    const found = access.get((c.req.header("authorization") ?? "").replace(/^Bearer /, ""));
    if (found === undefined || found.until <= Date.now()) return undefined;
    return scope === undefined || found.scopes.includes(scope) ? { name: found.name, via: "oauth2" } : undefined;
  }

  const server = await new Promise<ServerType>((resolve) => {
    const started: ServerType = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, () => resolve(started));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    grants,
    endAccess: () => access.clear(),
    endEverything: () => [access, refresh].forEach((each) => each.clear()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

/** Why an authorization request is not shown to anybody. */
function faultOf(query: Readonly<Record<string, string>>): string | undefined {
  const { client_id, redirect_uri = "", response_type, code_challenge, code_challenge_method } = query;
  if (client_id !== CLIENT_ID) return "This client is not known.";
  const isOwn = URL.canParse(redirect_uri) && new URL(redirect_uri).hostname === "127.0.0.1";
  if (!isOwn) return "This address to go back to is not registered.";
  if (response_type !== "code") return "Only codes are given.";
  return code_challenge && code_challenge_method === "S256" ? undefined : "A code challenge (S256) is needed.";
}

async function formOf(c: Context): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries(new URLSearchParams(await c.req.text()));
}

/** Takes a value out, so that it serves once. */
function take<T>(from: Map<string, T>, key: string | undefined): T | undefined {
  const value = from.get(key ?? "");
  from.delete(key ?? "");
  return value;
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
}

function secret(): string {
  return randomBytes(24).toString("base64url");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { url } = await startShelf({ port: PORT });
  console.log(`Shelf is at ${url}. Client ${CLIENT_ID}, secret ${CLIENT_SECRET}, API key ${API_KEY}.`);
}
