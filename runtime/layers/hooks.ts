// Layers for `use`, so that a program without them carries none. Each sees the calls that its scope names.
import { LOOK_FIRST, whenAborted } from "../attempts.js";
import { stateOf } from "../client.js";
import { isToolbindCallError, ToolbindCallError } from "../errors.js";
import type { CallOptions, Middleware, ResponseEnvelope, ToolCall, ToolFacts, ToolHints } from "../types.js";
import { settle } from "../settings.js";

/** Arguments and data by slug: the shape of the emitted `ToolMap`. */
export interface ToolTypes {
  readonly [slug: string]: { readonly input: unknown; readonly output: unknown };
}

/** Which calls a hook sees: those of these tools and of these toolkits; all where neither is given. */
export interface Scope<Slug extends string = string> {
  readonly tools?: readonly Slug[];
  readonly toolkits?: readonly string[];
}

/** The scope of a hook whose arguments and data are untyped. */
export interface Untyped {
  readonly tools?: never;
  readonly toolkits?: readonly string[];
}

/** A call as a hook sees it. */
export interface HookCall<Input> {
  readonly slug: string;
  readonly toolkit: string;
  /** Whether the tool changes anything, as far as is known. */
  readonly hints: ToolHints;
  /** Undefined when the call came with `text`. */
  readonly arguments: Input;
  readonly text: string | undefined;
  readonly options: CallOptions;
}

/** What a hook before a call may return: other arguments, other options (version, account, …), or an answer. */
export interface Changes<Input, Output> {
  readonly arguments?: Input;
  /** Merged over the call's own. */
  readonly options?: CallOptions;
  /** Answers the call with this; nothing is checked or sent. */
  readonly answer?: { readonly data: Output };
}

export type MaybePromise<T> = T | Promise<T>;
/** One side of a tool, by its slug. */
export type Typed<M, Slug extends keyof M, Side extends "input" | "output"> = M[Slug] extends {
  readonly [S in Side]: infer T;
}
  ? T
  : unknown;

/** The three kinds of hooks, with arguments and data typed for the slugs in their scope. */
export interface Hooks<M> {
  /** Runs before arguments are checked. */
  before<Slug extends keyof M & string>(
    scope: { readonly tools: readonly Slug[] },
    hook: (
      call: HookCall<Typed<M, Slug, "input">>,
    ) => MaybePromise<Changes<Typed<M, Slug, "input">, Typed<M, Slug, "output">> | void>,
  ): Middleware;
  before(scope: Untyped, hook: (call: HookCall<unknown>) => MaybePromise<Changes<unknown, unknown> | void>): Middleware;
  /** Runs after a call that succeeded; what it returns, unless undefined, becomes the data. */
  after<Slug extends keyof M & string>(
    scope: { readonly tools: readonly Slug[] },
    hook: (
      response: ResponseEnvelope<Typed<M, Slug, "output">>,
      call: HookCall<Typed<M, Slug, "input">>,
    ) => MaybePromise<Typed<M, Slug, "output"> | void>,
  ): Middleware;
  after(
    scope: Untyped,
    hook: (response: ResponseEnvelope<unknown>, call: HookCall<unknown>) => MaybePromise<unknown>,
  ): Middleware;
  /** Runs after a call that failed; it may throw another error, or answer with `{ data }` in its place. */
  onError<Slug extends keyof M & string>(
    scope: { readonly tools: readonly Slug[] },
    hook: (
      error: ToolbindCallError,
      call: HookCall<Typed<M, Slug, "input">>,
    ) => MaybePromise<{ readonly data: Typed<M, Slug, "output"> } | void>,
  ): Middleware;
  onError(
    scope: Untyped,
    hook: (error: ToolbindCallError, call: HookCall<unknown>) => MaybePromise<{ readonly data: unknown } | void>,
  ): Middleware;
}

/** The hooks typed by slug: `hooksOf<ToolMap>().before({ tools: ["GITHUB_CREATE_AN_ISSUE"] }, …)`. */
export function hooksOf<M>(): Hooks<M> {
  return { before, after, onError } as Hooks<M>;
}

/** The keys that a hook before a call may return, including those of the call it received. */
const RETURNED: ReadonlySet<string> = new Set(["arguments", "options", "answer", "slug", "toolkit", "hints", "text"]);
const RETURN_THIS = "return { arguments }, { options } or { answer: { data } }";

/** See {@link Hooks.before}. */
export const before: Hooks<ToolTypes>["before"] = (
  scope: Scope,
  hook: (call: HookCall<never>) => MaybePromise<Changes<unknown, unknown> | void>,
): Middleware =>
  within(scope, async (call, next) => {
    if (call.options.signal?.aborted) return next(call);
    const changes = await guarded(call, () => hook(view(call) as HookCall<never>));
    if (!changes) return next(call);
    const odd = Object.keys(changes).find((key) => !RETURNED.has(key));
    if (odd !== undefined) {
      const text = ["was stopped by a hook", `it may not return ${odd}`, RETURN_THIS] as const;
      throw new ToolbindCallError("TB5012", text, { toolSlug: call.tool.slug });
    }
    const { answer, options, arguments: args } = changes;
    const body = args === undefined ? call.body : { arguments: args };
    const changed: ToolCall = { ...call, body, options: { ...call.options, ...options } };
    return answer ? answered(changed, answer.data) : next(changed);
  });

/** See {@link Hooks.after}. */
export const after: Hooks<ToolTypes>["after"] = (
  scope: Scope,
  hook: (response: ResponseEnvelope<never>, call: HookCall<never>) => MaybePromise<unknown>,
): Middleware =>
  within(scope, async (call, next) => {
    const response = await next(call);
    const data = await guarded(call, () => hook(response as ResponseEnvelope<never>, view(call) as HookCall<never>));
    return data === undefined ? response : { ...response, data };
  });

/** See {@link Hooks.onError}. */
export const onError: Hooks<ToolTypes>["onError"] = (
  scope: Scope,
  hook: (error: ToolbindCallError, call: HookCall<never>) => MaybePromise<{ readonly data: unknown } | void>,
): Middleware =>
  within(scope, async (call, next) => {
    try {
      return await next(call);
    } catch (error) {
      if (!isToolbindCallError(error)) throw error;
      const answer = await guarded(call, () => hook(error, view(call) as HookCall<never>));
      if (!answer) throw error;
      return answered(call, answer.data);
    }
  });

/** What is known when a call starts. */
export interface CallStart {
  readonly slug: string;
  readonly toolkit: string;
  /** Undefined where there is none, so that the call will fail. */
  readonly version: string | undefined;
  readonly userId: string | undefined;
  readonly connectedAccountId: string | undefined;
}

/** What is known when a call ends; neither arguments nor data. */
export interface CallEnd {
  readonly durationMs: number;
  /** Requests sent; 0 where the call ended before any. */
  readonly attempts: number;
  readonly status: number | undefined;
  readonly logId: string | undefined;
  readonly requestId: string | undefined;
  readonly error: ToolbindCallError | undefined;
}

/**
 * Watches calls without affecting them, for tracing: `start` may return a function that is called at the end.
 * What either throws is ignored.
 */
export function observe(start: (call: CallStart) => ((end: CallEnd) => void) | void, scope: Scope = {}): Middleware {
  return within(scope, async (call, next) => {
    const { performance } = clockOf(call);
    const begun = performance.now();
    const end = quietly(() => start(startOf(call)));
    const finish = (facts: Partial<CallEnd>): void => {
      const { attempts = 0, status, logId, requestId, error } = facts;
      const durationMs = performance.now() - begun;
      quietly(() => end?.({ durationMs, attempts, status, logId, requestId, error }));
    };
    try {
      const response = await next(call);
      finish(response as Partial<CallEnd>);
      return response;
    } catch (error) {
      if (isToolbindCallError(error)) {
        const { attempts = 0, status, requestId } = error;
        finish({ attempts, status, requestId, logId: (error as { readonly logId?: string }).logId, error });
      } else {
        finish({ error: wrapped(call.tool.slug, error) });
      }
      throw error;
    }
  });
}

/** A layer for the calls that a scope names. */
export function within(scope: Scope, layer: Middleware): Middleware {
  return (call, next) => (isNamed(scope, call.tool) ? layer(call, next) : next(call));
}

/** Whether a scope names a tool. */
export function isNamed({ tools, toolkits }: Scope, { slug, toolkit }: Pick<ToolFacts, "slug" | "toolkit">): boolean {
  return tools?.includes(slug) || toolkits?.includes(toolkit) || !(tools || toolkits);
}

function view({ tool, body, options }: ToolCall): HookCall<unknown> {
  const { slug, toolkit, hints } = tool;
  const { text, arguments: args } = body as { readonly text?: string; readonly arguments?: unknown };
  return { slug, toolkit, hints, arguments: args, text, options };
}

function startOf({ tool, options }: ToolCall): CallStart {
  const { slug, toolkit, version, executor } = tool;
  try {
    if (executor) {
      const { userId } = { ...stateOf(options.client).options, ...options };
      return { slug, toolkit, version: version ?? undefined, userId, connectedAccountId: undefined };
    }
    const { facts, identity } = settle(tool, options);
    const { userId, connectedAccountId } = identity;
    return { slug, toolkit, version: facts.version, userId, connectedAccountId };
  } catch {
    return { slug, toolkit, version: undefined, userId: undefined, connectedAccountId: undefined };
  }
}

function clockOf({ options }: ToolCall): { readonly performance: { now(): number } } {
  try {
    return stateOf(options.client).options.clock ?? globalThis;
  } catch {
    return globalThis;
  }
}

/** The envelope of an answer without a request. */
function answered(call: ToolCall, data: unknown): ResponseEnvelope<unknown> {
  return {
    data,
    logId: undefined,
    requestId: undefined,
    sessionInfo: null,
    status: 200,
    headers: new Headers(),
    durationMs: 0,
    attempts: 0,
    version: startOf(call).version ?? call.tool.version ?? "",
    drift: [],
  };
}

/** What a hook is run for. */
export interface Occasion {
  readonly tool: Pick<ToolFacts, "slug">;
  readonly options?: Pick<CallOptions, "signal"> | undefined;
}

/** Runs a hook. An error it throws ends the call, unchanged if it is a call error; so does the signal, however long the hook takes. */
export async function guarded<T>({ tool, options }: Occasion, hook: () => MaybePromise<T>): Promise<T> {
  const signal = options?.signal;
  const wasAborted = signal?.aborted;
  try {
    return await unlessAborted(signal, async () => hook());
  } catch (cause) {
    if (isToolbindCallError(cause)) throw cause;
    if (wasAborted || !signal?.aborted) throw wrapped(tool.slug, cause);
    const text = ["was aborted", "by its signal, while a hook ran", LOOK_FIRST] as const;
    throw new ToolbindCallError("TB5022", text, { toolSlug: tool.slug, cause: signal.reason as unknown });
  }
}

/** The result, or a rejection with the signal's reason if it aborts meanwhile. */
export async function unlessAborted<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  let leave = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    leave = whenAborted(signal, () => reject(signal?.reason as Error));
  });
  try {
    return await Promise.race([run(), aborted]);
  } finally {
    leave();
  }
}

/** What a hook threw, as the error of the tool's call. */
function wrapped(toolSlug: string, cause: unknown): ToolbindCallError {
  const reason = cause instanceof Error ? cause.message : "something was thrown";
  return new ToolbindCallError("TB5012", ["was stopped by a hook", reason, "see `cause`"], { toolSlug, cause });
}

/** Ignores what is thrown, or rejected later: an unhandled rejection would end the process. */
export function quietly<T>(run: () => T): T | undefined {
  try {
    const result = run();
    Promise.resolve(result).catch(() => {});
    return result;
  } catch {
    return undefined;
  }
}
