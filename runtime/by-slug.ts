// Calls by slug, for code that works with slugs; a program that calls functions carries none of this.
import { call } from "./call.js";
import type { AnyTool, CallOptions, Client } from "./types.js";
import { ToolbindCallError } from "./errors.js";
import { nearest } from "./nearest.js";
import { proxy, type ProxyOptions, type ProxyRequest, type ProxyResponse } from "./proxy.js";
import { defineTool, type Tool } from "./tool.js";

const SLUG = /^_?[A-Z0-9][A-Z0-9_]*$/;

/** Arguments and data by slug, as in the emitted `ToolMap`. */
export type ToolTypesOf<M> = { readonly [Slug in keyof M]: { readonly input: unknown; readonly output: unknown } };

/** Options of a call whose tool was not generated. */
export interface UntypedOptions extends CallOptions {
  /** The toolkit version to call, such as `20250906_01`. */
  readonly version: string;
  /** The toolkit the tool belongs to. Default: the first word of the slug. */
  readonly toolkit?: string | undefined;
}

/** A client that also calls by slug, typed through the emitted `ToolMap`. */
export interface ToolClient<M extends ToolTypesOf<M>> extends Client {
  forUser(userId: string): ToolClient<M>;
  forAccount(connectedAccountId: string): ToolClient<M>;
  /** The tool of a slug, as its toolkit exports it, but called through this client. */
  tool<Slug extends keyof M & string>(slug: Slug): Tool<M[Slug]["input"], M[Slug]["output"]>;
  /** Calls a tool by its slug: the same call as the function that its toolkit exports. */
  execute<Slug extends keyof M & string>(
    slug: Slug,
    args: M[Slug]["input"],
    options?: CallOptions,
  ): Promise<M[Slug]["output"]>;
  /** Calls a tool that was not generated; neither arguments nor data are checked. */
  executeUntyped(slug: string, args: Readonly<Record<string, unknown>>, options: UntypedOptions): Promise<unknown>;
  /** Sends a request to the API of a connected account's app, for what no tool covers: the function `proxy`. */
  proxy(connectedAccountId: string, request: ProxyRequest, options?: ProxyOptions): Promise<ProxyResponse>;
}

/**
 * Gives a client `execute`, and what else works without a tool's function.
 * @param toolkits what toolkits export (`import * as github …`), or all of them (`import * as generated …`)
 */
export function withTools<M extends ToolTypesOf<M> = object>(
  client: Client,
  ...toolkits: readonly object[]
): ToolClient<M> {
  let tools: ReadonlyMap<string, Tool<unknown, unknown>> | undefined;
  // The tools of a client that already has some.
  const { tool: others } = client as { readonly tool?: (slug: string) => Tool<unknown, unknown> };
  const find = (slug: string): Tool<unknown, unknown> => {
    tools ??= new Map(toolkits.flatMap((toolkit) => toolsIn(toolkit)).map((tool) => [tool.slug, tool]));
    const tool = tools.get(slug);
    if (tool) return tool;
    if (others) return others(slug);
    const near = nearest(slug, tools.keys());
    const cause = `none of the ${tools.size} tools given to withTools has this slug`;
    const remedy = near ? `call ${near}` : "pass its toolkit to withTools, or use executeUntyped";
    throw unknown(slug, cause, remedy);
  };
  return bound(client, find) as unknown as ToolClient<M>;
}

function unknown(toolSlug: string, cause: string, remedy: string): ToolbindCallError {
  return new ToolbindCallError("TB5005", ["is unknown", cause, remedy], { toolSlug });
}

function bound(client: Client, find: (slug: string) => Tool<unknown, unknown>): ToolClient<never> {
  const own = (options?: CallOptions): CallOptions => ({ ...options, client: options?.client ?? self });
  const methods: object = {
    forUser: (userId: string) => bound(client.forUser(userId), find),
    forAccount: (id: string) => bound(client.forAccount(id), find),
    tool: (slug: string) => throughClient(find(slug), own),
    execute: async (slug: string, args: unknown, options?: CallOptions) => find(slug)(args, own(options)),
    executeUntyped: async (slug: string, args: unknown, given?: UntypedOptions) => {
      // It becomes part of an address, and may come from a model.
      if (!SLUG.test(slug)) throw unknown(slug, "it is not a tool slug", "pass one such as GITHUB_GET_AN_ISSUE");
      const { toolkit, ...options } = { ...given };
      const unchecked = { ...own(options), validate: { input: "off", output: "off" } } as const;
      return call(untyped(slug, toolkit), { arguments: args }, unchecked).then(({ data }) => data);
    },
    proxy: (account: string, request: ProxyRequest, options?: ProxyOptions) => proxy(account, request, own(options)),
  };
  // Defined rather than assigned, which a frozen client would not allow.
  const self = Object.create(client, Object.getOwnPropertyDescriptors(methods)) as ToolClient<never>;
  return self;
}

function untyped(slug: string, toolkit: string = slug.replace(/^_?([^_]*).*/, "$1").toLowerCase()): AnyTool {
  const schema = (): never => {
    throw new TypeError("a tool that was not generated has no schema");
  };
  const tool = defineTool(slug, () => ({ toolkit, version: null, description: "", input: schema, output: schema }));
  return tool as unknown as AnyTool;
}

/** The tool, with the options of its calls completed. */
function throughClient(
  tool: Tool<unknown, unknown>,
  own: (options?: CallOptions) => CallOptions,
): Tool<unknown, unknown> {
  const called = (args: unknown, options?: CallOptions): Promise<unknown> => tool(args, own(options));
  const methods = {
    safe: (args: unknown, options?: CallOptions) => tool.safe(args, own(options)),
    withResponse: (args: unknown, options?: CallOptions) => tool.withResponse(args, own(options)),
    fromText: (text: string, options?: CallOptions) => tool.fromText(text, own(options)),
  };
  Object.defineProperties(called, Object.getOwnPropertyDescriptors(methods));
  return Object.setPrototypeOf(called, tool) as Tool<unknown, unknown>;
}

/** The tools that a module exports, itself or through namespaces. */
function toolsIn(exported: object, depth = 1): Tool<unknown, unknown>[] {
  return Object.values(exported).flatMap((value: unknown) => {
    if (typeof value === "function") return isTool(value) ? [value] : [];
    return depth > 0 && typeof value === "object" && value !== null ? toolsIn(value, depth - 1) : [];
  });
}

function isTool(value: object): value is Tool<unknown, unknown> {
  return "slug" in value && "withResponse" in value;
}
