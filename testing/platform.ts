import type { AddressInfo } from "node:net";
import { nearest } from "../runtime/nearest.js";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { answerFaulty, type CallFaults } from "./call-faults.js";
import { errorResponse, PlatformHttpError } from "./errors.js";
import { createExecute, type PlatformHandler, type PlatformHandlers } from "./execute.js";
import { answerWith, type FaultSource } from "./faults.js";
import { createListing } from "./listing.js";
import { createProxy, type ProxyHandler } from "./proxy.js";
import { answerLink } from "./links.js";
import { loadDescription, loadReleases, type PlatformSnapshot, toolsOf } from "./snapshot.js";
import { createStorage, type StorageBackend, type StoredFile } from "./storage.js";

/** Any slugs, with any data. */
type AnySlug = Readonly<Record<string, unknown>>;

export interface PlatformOptions<M = AnySlug> {
  /** A snapshot folder, or releases and tools in the platform's wire format; several releases of a toolkit are its versions. */
  readonly snapshot: PlatformSnapshot;
  /** Answers by slug; tools without a handler answer with sample data. */
  readonly handlers?: PlatformHandlers<NoInfer<M>> | undefined;
  /** The answer of `GET /openapi.json`. Default: `openapi.json` of a snapshot folder; 404 where there is none. */
  readonly openapi?: unknown;
  /** The accepted `x-api-key`. Default `test-api-key`. */
  readonly apiKey?: string | undefined;
  /** The accepted `x-user-api-key`. Default `test-user-api-key`. */
  readonly userApiKey?: string | undefined;
  /** Default 0: any free port of 127.0.0.1. */
  readonly port?: number | undefined;
  /** Size in bytes above which a request is answered with 413. Default 10 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Slugs answered with 410. */
  readonly gone?: readonly string[] | undefined;
  /** Chooses what goes wrong with listings; may throw a PlatformHttpError. */
  readonly fault?: FaultSource | undefined;
  /** Chooses what goes wrong with calls. */
  readonly faults?: CallFaults | undefined;
  /** Answers for the apps behind the proxy endpoint. Default: 200 with the request as data. */
  readonly proxy?: ProxyHandler | undefined;
  /** The storage of uploaded files. Default: `s3`. */
  readonly storage?: StorageBackend | undefined;
}

/** One request, in the order of arrival. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  /** The query, with its question mark; empty if there is none. */
  readonly search: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text; undefined if it was too large. */
  readonly text: string | undefined;
  /** The parsed body; undefined if it is not JSON. */
  readonly body: unknown;
}

/** A call that was carried out. */
export interface Execution {
  readonly slug: string;
  readonly body: unknown;
}

/** A running fake of the platform. */
export interface Platform {
  /** Its origin, for use as `baseUrl`. */
  readonly url: string;
  readonly apiKey: string;
  readonly userApiKey: string;
  readonly requests: readonly ReceivedRequest[];
  /** The calls that were carried out, without refused ones, in order. */
  readonly executions: readonly Execution[];
  /** Uploaded files by their `s3key`. */
  readonly files: ReadonlyMap<string, StoredFile>;
  /** Closes open connections and stops listening. */
  close(): Promise<void>;
}

const API_PATH = "/api/:api{v3|v3\\.1}";
const LINK_PATH = `${API_PATH}/connected_accounts/link`;
const PROXY_PATH = `${API_PATH}/tools/execute/proxy`;
const UPLOAD_PATH = `${API_PATH}/files/upload/request`;
const EXECUTE_PATH = `${API_PATH}/tools/execute/:slug`;
const DESCRIPTION_PATH = `${API_PATH}/openapi.json`;
const LISTING_PATHS = ["/toolkits", "/toolkits/:slug", "/tools", "/tools/:slug", "/triggers_types"].map(
  (path) => `${API_PATH}${path}`,
);
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Starts a local fake of the platform that checks requests like the platform and answers with the error bodies
 * it documents. Pass the emitted `ToolMap` to type handlers by slug.
 */
export async function startPlatform<M = AnySlug>(options: PlatformOptions<M>): Promise<Platform> {
  const { apiKey = "test-api-key", userApiKey = "test-user-api-key", gone = [] } = options;
  const handlers = (options.handlers ?? {}) as Readonly<Record<string, PlatformHandler>>;
  const releases = await loadReleases(options.snapshot);
  const openapi = options.openapi ?? (await loadDescription(options.snapshot));
  const tools = toolsOf(releases);
  refuseUnknown(Object.keys(handlers), tools);
  const execute = createExecute({ tools, handlers, gone });
  const list = createListing(releases);
  const proxy = createProxy(options.proxy);
  const storage = createStorage(options.storage ?? "s3");
  const requests: ReceivedRequest[] = [];
  const executions: Execution[] = [];
  const attempts = new Map<string, number>();
  const app = new Hono<{ Bindings: HttpBindings; Variables: { id: number } }>();
  let count = 0;
  let calls = 0;

  app.use(async (context, next) => {
    context.set("id", ++count);
    await next();
  });
  app.on("POST", [PROXY_PATH, UPLOAD_PATH, LINK_PATH], async ({ req, get }) => {
    const requestId = `req_${get("id")}`;
    const text = await req.text();
    requests.push(received(req.raw, text));
    if (!authorised(req.raw.headers, apiKey, userApiKey)) return errorResponse(401, UNAUTHORISED, requestId);
    if (req.path.endsWith("/link")) return answerLink(parse(text), requestId);
    const isProxy = req.path.endsWith("/proxy");
    return isProxy ? proxy(parse(text), requestId) : storage.request(parse(text), new URL(req.url).origin, requestId);
  });
  app.on(["GET", "PUT"], "/storage/*", async ({ req }) => {
    requests.push(received(req.raw, undefined));
    return storage.serve(req.raw, req.path.replace("/storage/", ""));
  });
  app.post(
    EXECUTE_PATH,
    bodyLimit({
      maxSize: options.maxBodyBytes ?? MAX_BODY_BYTES,
      onError: ({ req, get }) => {
        requests.push(received(req.raw, undefined));
        const details = { message: "Request payload is too large", code: 413, slug: "Request_PayloadTooLarge" };
        return errorResponse(413, details, `req_${get("id")}`);
      },
    }),
    async ({ req, get, env }) => {
      const requestId = `req_${get("id")}`;
      const logId = `log_${get("id")}`;
      const text = await req.text();
      requests.push(received(req.raw, text));
      if (!authorised(req.raw.headers, apiKey, userApiKey)) return errorResponse(401, UNAUTHORISED, requestId);
      const call = { slug: req.param("slug"), body: parse(text) };
      const run = async (): Promise<Response> => {
        const answer = await execute({ ...call, request: req.raw, requestId, logId });
        if (answer.ok) executions.push(call);
        return answer;
      };
      return answerFaulty(options.faults?.({ ...call, count: ++calls }), run, env, requestId);
    },
  );
  app.on("GET", LISTING_PATHS, async ({ req, get, env }) => {
    const requestId = `req_${get("id")}`;
    requests.push(received(req.raw, ""));
    if (!authorised(req.raw.headers, apiKey, userApiKey)) return errorResponse(401, UNAUTHORISED, requestId);
    const url = new URL(req.url);
    const path = decodeURIComponent(url.pathname.replace(/^\/api\/[^/]+/, ""));
    const attempt = (attempts.get(req.url) ?? 0) + 1;
    attempts.set(req.url, attempt);
    try {
      const fault = await options.fault?.({ path, query: url.searchParams, attempt });
      const body = fault === "drop" || typeof fault === "object" ? null : list({ path, query: url.searchParams });
      return answerWith(body, fault, env);
    } catch (error) {
      if (error instanceof PlatformHttpError) return errorResponse(error.status, error.details, requestId);
      throw error;
    }
  });
  // No key is required here.
  app.on("GET", DESCRIPTION_PATH, async ({ req, notFound }) => {
    if (openapi === undefined) return notFound();
    requests.push(received(req.raw, ""));
    return Response.json(openapi);
  });
  app.notFound(async ({ req, get }) => {
    requests.push(received(req.raw, await req.text()));
    return errorResponse(404, { message: "Route not found", code: 404, slug: "Route_NotFound" }, `req_${get("id")}`);
  });

  const { url, close } = await listen(app.fetch, options.port ?? 0);
  return { url, apiKey, userApiKey, requests, executions, files: storage.files, close };
}

/** A handler for a tool that is not there would never be called. */
function refuseUnknown(slugs: readonly string[], tools: ReadonlyMap<string, unknown>): void {
  for (const slug of slugs) {
    if (tools.has(slug)) continue;
    const near = nearest(slug, tools.keys());
    const fix = near ? `rename it to ${near}` : "correct its slug, or use a snapshot that has it";
    throw new Error(`There is a handler for ${slug}, but no such tool in the snapshot. Fix: ${fix}.`);
  }
}

/** Serves on this machine only. */
async function listen(
  fetch: Parameters<typeof createAdaptorServer>[0]["fetch"],
  wanted: number,
): Promise<Pick<Platform, "url" | "close">> {
  const server = createAdaptorServer({ fetch });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(wanted, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        if (!server.listening) return resolve();
        server.close((error) => (error ? reject(error) : resolve()));
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

const UNAUTHORISED = { message: "Invalid API key", code: 10401, slug: "HTTP_Unauthorized" };

/** Exactly one of the keys was sent, and it is the right one. */
function authorised(headers: Headers, expected: string, expectedUser: string): boolean {
  const apiKey = headers.get("x-api-key");
  const userApiKey = headers.get("x-user-api-key");
  return userApiKey === null ? apiKey === expected : apiKey === null && userApiKey === expectedUser;
}

function received(request: Request, text: string | undefined): ReceivedRequest {
  const headers = Object.fromEntries(request.headers);
  const { pathname: path, search } = new URL(request.url);
  return { method: request.method, path, search, headers, text, body: parse(text ?? "") };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
