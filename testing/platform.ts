import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { errorResponse } from "./errors.js";
import { createExecute, type PlatformHandler } from "./execute.js";
import { loadTools, type PlatformTool } from "./snapshot.js";

export interface PlatformOptions {
  /** A snapshot folder, or tools in the platform's wire format. */
  readonly snapshot: string | readonly PlatformTool[];
  /** Answers by slug; tools without one answer with sample data. */
  readonly handlers?: Readonly<Record<string, PlatformHandler>>;
  /** The accepted `x-api-key`. Default `test-api-key`. */
  readonly apiKey?: string;
  /** The accepted `x-user-api-key`. Default `test-user-api-key`. */
  readonly userApiKey?: string;
  /** Default 0: any free port of 127.0.0.1. */
  readonly port?: number;
  /** Bytes above which a request is answered with 413. Default 10 MiB. */
  readonly maxBodyBytes?: number;
  /** Slugs answered with 410. */
  readonly gone?: readonly string[];
}

/** One request, in the order of arrival. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it came; undefined where it was too large to be read. */
  readonly text: string | undefined;
  /** The body as JSON; undefined where it is none. */
  readonly body: unknown;
}

/** A running stand-in for the platform. */
export interface Platform {
  /** Its origin, fit for `baseUrl`. */
  readonly url: string;
  readonly apiKey: string;
  readonly userApiKey: string;
  readonly requests: readonly ReceivedRequest[];
  /** Ends open connections and stops listening. */
  close(): Promise<void>;
}

const EXECUTE_PATH = "/api/:api{v3|v3\\.1}/tools/execute/:slug";
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Starts a local stand-in for the platform that checks requests as the platform does and answers with the error bodies
 * it documents.
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { apiKey = "test-api-key", userApiKey = "test-user-api-key", handlers = {}, gone = [] } = options;
  const execute = createExecute({ tools: await loadTools(options.snapshot), handlers, gone });
  const requests: ReceivedRequest[] = [];
  const app = new Hono<{ Variables: { id: number } }>();
  let count = 0;

  app.use(async (context, next) => {
    context.set("id", ++count);
    await next();
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
    async ({ req, get }) => {
      const requestId = `req_${get("id")}`;
      const logId = `log_${get("id")}`;
      const text = await req.text();
      requests.push(received(req.raw, text));
      const keys = [req.header("x-api-key"), req.header("x-user-api-key")] as const;
      if (!authorised(keys, [apiKey, userApiKey])) {
        const details = { message: "Invalid API key", code: 10401, slug: "HTTP_Unauthorized" };
        return errorResponse(401, details, requestId);
      }
      return execute({ slug: req.param("slug"), body: parse(text), request: req.raw, requestId, logId });
    },
  );
  app.notFound(async ({ req, get }) => {
    requests.push(received(req.raw, await req.text()));
    return errorResponse(404, { message: "Route not found", code: 404, slug: "Route_NotFound" }, `req_${get("id")}`);
  });

  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    apiKey,
    userApiKey,
    requests,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

/** Exactly one of the keys was sent, and it is the right one. */
function authorised(
  [apiKey, userApiKey]: readonly [string | undefined, string | undefined],
  [expected, expectedUser]: readonly [string, string],
): boolean {
  return userApiKey === undefined ? apiKey === expected : apiKey === undefined && userApiKey === expectedUser;
}

function received(request: Request, text: string | undefined): ReceivedRequest {
  const headers = Object.fromEntries(request.headers);
  return { method: request.method, path: new URL(request.url).pathname, headers, text, body: parse(text ?? "") };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
