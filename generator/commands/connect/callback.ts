import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ToolbindError } from "../../errors.js";

/** A server on this machine that a person's browser is sent back to. */
export interface Callback {
  /** To be given to the OAuth server. */
  readonly redirectUri: string;
  /** The address that the browser came with. Rejects with a `ToolbindError` where it does not come in time. */
  arrival(): Promise<URL>;
  close(): Promise<void>;
}

export interface CallbackOptions {
  /** Default: any that is free. */
  readonly port?: number;
  /** An address of this machine that is registered with the OAuth server; its port and path are then used. */
  readonly url?: string;
  readonly timeoutMs: number;
}

const PATH = "/callback";
const HOST = "127.0.0.1";
const HTTP_PORT = 80;
const PAGE = `<!doctype html><meta charset="utf-8"><title>toolbind</title>
<p>You can close this window and go back to the terminal.</p>
`;
const HEADERS = {
  "cache-control": "no-store",
  connection: "close",
  "content-security-policy": "default-src 'none'",
  "content-type": "text/html; charset=utf-8",
  "referrer-policy": "no-referrer",
};

/** Whether an address leads to this machine, so that a server here can take what is sent there. */
export function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === "http:" && (hostname === "localhost" || hostname === HOST);
}

/**
 * Listens on this machine only, for one request to one path.
 * Throws a `ToolbindError` where the port is taken.
 */
export async function startCallback({ port = 0, url, timeoutMs }: CallbackOptions): Promise<Callback> {
  const given = url === undefined ? undefined : new URL(url);
  const isFixed = given !== undefined && given.port !== "";
  const wanted = isFixed ? Number(given.port) : given === undefined ? port : port || HTTP_PORT;
  let arrive = (_: URL): void => undefined;
  let fail = (_: Error): void => undefined;
  const arrived = new Promise<URL>((resolve, reject) => ([arrive, fail] = [resolve, reject]));
  arrived.catch(() => undefined);
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        new ToolbindError("TB1010", {
          what: `Cannot listen on port ${wanted} of ${HOST} (${error.code ?? error.message})`,
          fix: isFixed
            ? "stop what is listening there"
            : "choose another with `--port`, or stop what is listening there",
        }),
      );
    });
    server.listen(wanted, HOST, resolve);
  });
  const actual = (server.address() as AddressInfo).port;
  const redirect = given ?? new URL(`http://${HOST}${PATH}`);
  if (!isFixed) redirect.port = `${actual}`;
  server.on("request", (request, response) => answer(request, response, redirect, arrive));
  const timer = setTimeout(() => {
    fail(
      new ToolbindError("TB1010", {
        what: `Nobody returned from the authorization page within ${Math.round(timeoutMs / 1000)} seconds`,
        fix: "run the command again and open the address that it prints; the page may have shown an error",
      }),
    );
  }, timeoutMs);
  return {
    // To the letter, since servers compare it so.
    redirectUri: url !== undefined && (isFixed || actual === HTTP_PORT) ? url : redirect.href,
    arrival: () => arrived,
    close: () =>
      new Promise((resolve) => {
        clearTimeout(timer);
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 500).unref();
      }),
  };
}

function answer(request: IncomingMessage, response: ServerResponse, redirect: URL, arrive: (url: URL) => void): void {
  request.resume();
  const host = request.headers.host ?? "";
  const isMeant = request.method === "GET" && host === redirect.host;
  const url = isMeant && URL.canParse(request.url ?? "", redirect.href) ? new URL(request.url!, redirect) : undefined;
  if (url?.origin !== redirect.origin || url.pathname !== redirect.pathname) {
    response.writeHead(404, HEADERS).end();
    return;
  }
  response.writeHead(200, HEADERS).end(PAGE, () => arrive(url));
}
