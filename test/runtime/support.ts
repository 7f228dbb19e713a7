import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as z from "../../runtime/z.js";
import {
  type Client,
  type ClientOptions,
  createClient,
  defineTool,
  type ToolbindCallError,
} from "../../runtime/index.js";
import type { ToolWithOptionalArgs } from "../../runtime/tool.js";
import type { PlatformTool } from "../../testing/index.js";

export const API_KEY = "ak_Secret0123456789";
export const VERSION = "20250906_01";

export interface CreateIssueInput {
  owner: string;
  repo: string;
  title: string;
  labels?: string[];
  milestone?: number | null;
  per_page?: number;
}

export interface Issue {
  number: number;
  state: "open" | "closed";
}

/** The wire format of the tools below. */
export const snapshot: readonly PlatformTool[] = [
  {
    slug: "GITHUB_CREATE_AN_ISSUE",
    toolkit: { slug: "github" },
    version: VERSION,
    available_versions: [VERSION, "20250101_00"],
    input_parameters: {
      type: "object",
      properties: {
        owner: { type: "string" },
        repo: { type: "string" },
        title: { type: "string" },
        labels: { type: "array", items: { type: "string" } },
        milestone: { type: "integer", nullable: true },
        per_page: { type: "integer", default: 30 },
      },
      required: ["owner", "repo", "title"],
    },
    output_parameters: {
      type: "object",
      properties: {
        data: { $ref: "#/$defs/Issue" },
        error: { type: "string", nullable: true },
        successful: { type: "boolean" },
      },
      required: ["data", "successful"],
      $defs: {
        Issue: {
          type: "object",
          properties: { number: { type: "integer" }, state: { enum: ["open", "closed"] } },
          required: ["number", "state"],
        },
      },
    },
  },
  { slug: "WEATHER_NOW", toolkit: { slug: "weather" }, no_auth: true, input_parameters: { type: "object" } },
];

export const createIssue: ToolWithOptionalArgs<CreateIssueInput, Issue> = defineTool<
  ToolWithOptionalArgs<CreateIssueInput, Issue>
>("GITHUB_CREATE_AN_ISSUE", () => ({
  toolkit: "github",
  version: VERSION,
  description: "Creates an issue.",
  input: () =>
    z.looseObject({
      owner: z.string(),
      repo: z.string(),
      title: z.string(),
      labels: z.optional(z.array(z.string())),
      milestone: z.optional(z.nullable(z.integer())),
      per_page: z.optional(z.integer()),
    }),
  output: () => z.looseObject({ number: z.integer(), state: z.enum(["open", "closed"]) }),
}));

export const weather: ToolWithOptionalArgs<Record<string, unknown>, unknown> = defineTool<
  ToolWithOptionalArgs<Record<string, unknown>, unknown>
>("WEATHER_NOW", () => ({
  toolkit: "weather",
  version: null,
  description: "Tells the weather.",
  noAuth: true,
  input: () => z.looseObject({}),
  output: () => z.unknown(),
}));

export const ARGS: CreateIssueInput = { owner: "acme", repo: "site", title: "Broken link" };

export function clientOf(url: string, options: ClientOptions = {}): Client {
  return createClient({ apiKey: API_KEY, baseUrl: url, userId: "alice", ...options });
}

/** The error that a call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<ToolbindCallError> {
  return call.then(
    () => {
      throw new Error("the call did not fail");
    },
    (error: unknown) => error as ToolbindCallError,
  );
}

/** Everything that an error shows, its causes included. */
export function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? "";
  return [error.message, error.stack, JSON.stringify(error), String(error), everythingIn(error.cause)].join("\n");
}

export interface RawServer {
  readonly url: string;
  readonly received: readonly {
    readonly url: string;
    readonly headers: IncomingMessage["headers"];
    readonly body: string;
  }[];
  close(): Promise<void>;
}

/** A server that answers as it is told to, however oddly. */
export async function startRaw(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<RawServer> {
  const received: { url: string; headers: IncomingMessage["headers"]; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      received.push({ url: request.url ?? "", headers: request.headers, body });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
