import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { App, AuthField, AuthScheme } from "../../runtime/direct/app.js";
import { direct } from "../../runtime/direct/executor.js";
import type { Route } from "../../runtime/direct/route.js";
import { type Client, type ClientOptions, createClient, defineTool, type ToolDefinition } from "../../runtime/index.js";
import type { ToolWithOptionalArgs } from "../../runtime/tool.js";
import * as z from "../../runtime/z.js";

export const KEY = "sk_Secret+0123/456=789";

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Upstream {
  readonly url: string;
  readonly received: Received[];
  /** What it answers next; set by each test. */
  answer: (request: Received, response: ServerResponse, incoming: IncomingMessage) => void;
  close(): Promise<void>;
}

/** An API on this machine that answers as it is told to. */
export async function startUpstream(): Promise<Upstream> {
  const received: Received[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method = "", url = "", headers } = incoming;
      const request = { method, url, headers, body: Buffer.concat(chunks) };
      received.push(request);
      upstream.answer(request, response, incoming);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const upstream: Upstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (_, response) => json(response, { ok: true }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return upstream;
}

export function json(
  response: ServerResponse,
  data: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(data));
}

export function field(name: string, facts: Partial<AuthField> = {}): AuthField {
  return { name, type: "string", required: true, expectedFromCustomer: true, secret: true, ...facts };
}

export const API_KEY: AuthScheme = {
  name: "api_key",
  mode: "API_KEY",
  fields: [field("api_key")],
  proxy: { headers: { "X-Api-Key": "{{api_key}}" } },
};

export function appAt(url: string, ...schemes: readonly AuthScheme[]): App {
  return { slug: "acme", name: "Acme", servers: [{ url }], schemes };
}

export type Args = Readonly<Record<string, unknown>>;

/** A tool of an app that takes and gives anything. */
export function toolOf(
  app: App,
  route: Route,
  facts: Partial<ToolDefinition> = {},
  slug = "ACME_THING",
): ToolWithOptionalArgs<Args, unknown> {
  return defineTool<ToolWithOptionalArgs<Args, unknown>>(slug, () => ({
    toolkit: app.slug,
    version: null,
    description: "",
    executor: direct(app, () => route),
    input: () => z.looseObject({}),
    output: () => z.unknown(),
    ...facts,
  }));
}

/** A client whose calls do not wait between attempts. */
export function clientWith(options: ClientOptions = {}): Client {
  return createClient({ apps: { acme: { api_key: KEY } }, ...options });
}
