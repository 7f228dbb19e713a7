import {
  type Client,
  type ClientOptions,
  createClient,
  isToolbindCallError,
  type Middleware,
  ToolbindCallError,
} from "../runtime/index.js";
import { fileRefused, hostOf } from "../runtime/address.js";
import { nearest } from "../runtime/nearest.js";
import type { MockCall } from "./mock-call.js";
import { answeringDirectly } from "./mock-direct.js";
import { errorResponse, PlatformFailure, PlatformHttpError } from "./errors.js";
import { createProxy, type ProxyHandler } from "./proxy.js";

/** Arguments and data by slug: the shape of the emitted `ToolMap`. */
interface AnyTools {
  readonly [slug: string]: { readonly input: never; readonly output: unknown };
}

type Part<Entry, Side extends "input" | "output"> = Entry extends { readonly [S in Side]: infer T } ? T : unknown;

/**
 * Answers by slug: with data, with a whole Response, or by throwing PlatformFailure or PlatformHttpError. For a tool of
 * an app that is called directly, a Response is the app's own, and both errors become its statuses.
 */
export type MockHandlers<M> = {
  readonly [Slug in keyof M]?: (
    args: Part<M[Slug], "input">,
    call: MockCall,
  ) => Part<M[Slug], "output"> | Response | Promise<Part<M[Slug], "output"> | Response>;
};

export interface MockOptions extends Omit<ClientOptions, "fetch"> {
  /** Answers for the apps behind `proxy`. */
  readonly proxy?: ProxyHandler | undefined;
  /** Gives the content of an address that a file is fetched from. */
  readonly download?: ((address: string) => MockContent | Promise<MockContent>) | undefined;
}

type MockContent = Response | Blob | string;

export interface MockClient extends Client {
  /** The calls made so far, in order. */
  readonly calls: readonly MockCall[];
}

/**
 * Creates a client whose calls are answered by handlers, without a network or a key. Arguments and data are checked as in any call,
 * and a call without a handler fails. Pass the emitted `ToolMap` to type handlers by slug. Uploads are
 * accepted and discarded.
 * @param options those of a client, and what answers requests other than calls; failed attempts are not repeated unless `retry` is set
 */
export function createMockClient<M = AnyTools>(
  handlers: MockHandlers<M>,
  { proxy, download, ...options }: MockOptions = {},
): MockClient {
  for (const name of Object.keys(options) as (keyof typeof options)[]) {
    if (options[name] === undefined) delete options[name];
  }
  const calls: MockCall[] = [];
  const known = handlers as Readonly<Record<string, ((args: unknown, call: MockCall) => unknown) | undefined>>;
  const broken = new WeakSet<object>();
  const respond = async (call: MockCall): Promise<unknown> => {
    calls.push(call);
    const handler = Object.hasOwn(known, call.slug) ? known[call.slug] : undefined;
    try {
      if (handler) {
        const said = await handler(call.arguments, call);
        // The same one may be given again, but its body can be read only once.
        if (said instanceof Response) return said.clone();
        JSON.stringify(said);
        return said;
      }
    } catch (error) {
      const meant = error instanceof PlatformHttpError || error instanceof PlatformFailure;
      if (!meant && error instanceof Error) broken.add(error);
      throw error;
    }
    const message = `No handler for ${call.slug}`;
    const near = nearest(call.slug, Object.keys(known));
    const suggestedFix = `Add one to createMockClient${near ? `, or correct the slug of the one for ${near}` : ""}`;
    throw new PlatformHttpError(501, { message, slug: "Mock_NoHandler", suggestedFix });
  };
  const tellBroken: Middleware = async (call, next) => {
    try {
      return await next(call);
    } catch (error) {
      const cause = isToolbindCallError(error) ? error.cause : error;
      if (!(cause instanceof Error && broken.has(cause))) throw error;
      const text = ["failed", `its mock handler threw ${String(cause)}`, "see `cause`"] as const;
      throw new ToolbindCallError("TB5000", text, { toolSlug: call.tool.slug, cause });
    }
  };
  const client = createClient({
    ...(options.userApiKey === undefined && { apiKey: "mock-api-key" }),
    baseUrl: "https://mock.invalid",
    ...(options.connectedAccountId === undefined && { userId: "mock-user" }),
    retry: { attempts: 1 },
    dangerouslyAllowBrowser: true,
    ...options,
    use: [...(options.use ?? []), tellBroken, answeringDirectly(respond)],
    fetch: async (url, { method, body, forToken }) => {
      if (url.endsWith("/files/upload/request")) {
        return Response.json({ id: "file_mock", key: "mock/file", type: "existing" });
      }
      if (url.endsWith("/tools/execute/proxy")) {
        if (proxy) return createProxy(proxy)(JSON.parse(body as string), "mock");
        const details = { message: "Nothing answers for proxy", suggestedFix: missing("proxy") };
        return errorResponse(501, { ...details, slug: "Mock_NoHandler" }, "mock");
      }
      if (method === "GET" && !new URL(url).pathname.startsWith("/api/v3")) {
        if (!download) throw fileRefused(`nothing answers for ${hostOf(url)}`, missing("download"));
        const content = await download(url);
        return content instanceof Response ? content.clone() : new Response(content);
      }
      if (forToken) return errorResponse(501, { message: "A mock client answers calls only" }, "mock");
      const slug = decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? "");
      const call = callOf(slug, typeof body === "string" ? body : "{}");
      return answer(() => respond(call), `mock_${calls.length + 1}`);
    },
  });
  return Object.defineProperty(client, "calls", { value: calls, enumerable: true }) as MockClient;
}

function missing(option: keyof MockOptions): string {
  return `Pass createMockClient(handlers, { ${option} })`;
}

async function answer(run: () => unknown, id: string): Promise<Response> {
  try {
    const data = await run();
    if (data instanceof Response) return data;
    return Response.json({ data, error: null, successful: true, log_id: id, session_info: null });
  } catch (error) {
    if (error instanceof PlatformHttpError) return errorResponse(error.status, error.details, id);
    if (!(error instanceof PlatformFailure)) throw error;
    const { data, message } = error;
    return Response.json({ data, error: message, successful: false, log_id: id, session_info: null });
  }
}

function callOf(slug: string, json: string): MockCall {
  const body = JSON.parse(json) as Readonly<Record<string, string | undefined>> & { readonly arguments?: object };
  return {
    slug,
    arguments: (body.arguments ?? {}) as Readonly<Record<string, unknown>>,
    text: body["text"],
    userId: body["user_id"],
    connectedAccountId: body["connected_account_id"],
    version: body["version"],
  };
}
