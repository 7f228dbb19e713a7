/* eslint-disable */
// Copied by toolbind; changes are overwritten.
import {
  type AddressOptions,
  type AnyTool,
  type CallOptions,
  type CallSettings,
  type Client,
  type Clock,
  DOCUMENTED,
  type DocumentedStatus,
  type Fetch,
  LOOK_FIRST,
  type Middleware,
  type Reply,
  type ResponseEnvelope,
  type Settings,
  TRANSIENT,
  type Tool,
  type ToolCall,
  type ToolFacts,
  type ToolHints,
  ToolbindCallError,
  type ValidationIssue,
  blackOut,
  call,
  defineTool,
  describeRequest,
  environment,
  exchange,
  invalid,
  isObject,
  isSecretName,
  isToolbindCallError,
  keyOf,
  listIssues,
  misconfigured,
  nearest,
  readReply,
  request,
  retryAfter,
  settle,
  stateOf,
  validate,
  whenAborted,
} from "./tool.js";
import { checkAddress, discard, fetchPublic, fileRefused, hostOf } from "./shared.js";

// From layers/watch.ts
/** The same call with each of its requests passed through `around`; others, such as those for tokens, are not. */
function withFetch(call: ToolCall, around: (carry: Fetch) => Fetch): ToolCall {
  const { options } = call;
  const carry: Fetch = options.fetch ?? stateOf(options.client).options.fetch ?? fetch;
  const watched = around(carry);
  return { ...call, options: { ...options, fetch: (url, init) => (init.forToken ? carry : watched)(url, init) } };
}

// From batch.ts
// Many calls at once, without a flood: as many as are allowed, fewer while the platform says "too many".

const CONCURRENCY = 10;
const PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** One call of a batch; it must pass the options on, so that the batch sees its requests. */
export type BatchCall<T> = (options: CallOptions) => Promise<T>;

export type BatchResult<T> =
  { readonly successful: true; readonly data: T } | { readonly successful: false; readonly error: ToolbindCallError };

export interface BatchOptions {
  /** Calls under way at the same time, at most. Default 10. */
  readonly concurrency?: number | undefined;
  /** Aborts the calls under way, and those not begun yet. */
  readonly signal?: AbortSignal | undefined;
  /** Measures time and runs timers. Default: the real clock. */
  readonly clock?: Clock | undefined;
}

type Results<T extends readonly BatchCall<unknown>[]> = {
  -readonly [K in keyof T]: BatchResult<Awaited<ReturnType<T[K]>>>;
};

/**
 * Carries out calls, several at a time, and keeps their order. One that fails does not affect the others, and none is
 * started twice. After a 429 half as many run at a time, none starts before `Retry-After` has passed, and the number
 * grows back with each success.
 */
export async function batch<const T extends readonly BatchCall<unknown>[]>(
  calls: T,
  { concurrency = CONCURRENCY, signal, clock = globalThis as Clock }: BatchOptions = {},
): Promise<Results<T>> {
  const limiter = createLimiter(concurrency, clock);
  if (calls.some((each) => typeof each !== "function")) {
    throw misconfigured("a call in the batch is not a function", "give (options) => listBranches(args, options)");
  }
  const run = async (each: BatchCall<unknown>): Promise<BatchResult<unknown>> => {
    const own = new AbortController();
    const leave = whenAborted(signal, () => own.abort(signal?.reason));
    const options: CallOptions = { use: [limiter.watch], ...(signal && { signal: own.signal }) };
    try {
      return { successful: true, data: await limiter.run(() => each(options), signal) };
    } catch (cause) {
      if (isToolbindCallError(cause)) return { successful: false, error: cause };
      const text = ["failed", "something was thrown", "see `cause`"] as const;
      return { successful: false, error: new ToolbindCallError("TB5000", text, { cause }) };
    } finally {
      leave();
    }
  };
  return Promise.all(calls.map(run)) as Promise<Results<T>>;
}

/**
 * A layer that lets only so many calls of a client (or of several that share it) run at once; it adapts like {@link batch}. Put it last in
 * `use`: a hook inside it that makes calls of the client would wait for the place that its own call holds.
 */
export function limitConcurrency(concurrency: number, clock: Clock = globalThis as Clock): Middleware {
  const limiter = createLimiter(concurrency, clock);
  return (call, next) => limiter.run(() => limiter.watch(call, next), call.options.signal);
}

interface Limiter {
  /** Runs a task as soon as there is room for it. */
  run<T>(task: () => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
  /** A layer that slows down at a 429. */
  readonly watch: Middleware;
}

function createLimiter(most: number, clock: Clock): Limiter {
  if (!(most >= 1)) throw misconfigured(`concurrency is ${most}`, "give a number from 1");
  const waiting = new Set<() => void>();
  let limit = most;
  let running = 0;
  let resumeAt = 0;
  /** Requests sent before the last slow-down say nothing about the pace since. */
  let slowedAt = -1;
  let sent = 0;
  let timer: unknown;
  const start = (): void => {
    const pause = resumeAt - clock.performance.now();
    if (pause > 0) {
      clock.clearTimeout(timer);
      timer = waiting.size > 0 ? clock.setTimeout(start, pause) : undefined;
      return;
    }
    for (const begin of waiting) {
      if (running >= Math.floor(limit)) break;
      waiting.delete(begin);
      running += 1;
      begin();
    }
  };
  const slowDown = (at: number, header: string): void => {
    const pause = Math.min(retryAfter(header) ?? PAUSE_MS, LONGEST_PAUSE_MS);
    resumeAt = Math.max(resumeAt, clock.performance.now() + pause);
    if (at <= slowedAt) return;
    // More than run say nothing about what is too many.
    limit = Math.max(1, Math.min(limit, running) / 2);
    slowedAt = sent;
  };
  return {
    run: async (task, signal) => {
      const stopped = (): ToolbindCallError => {
        const text = ["was aborted", "by its signal, before it began", "nothing was sent"] as const;
        return new ToolbindCallError("TB5022", text, { cause: signal?.reason as unknown });
      };
      if (signal?.aborted) throw stopped();
      await new Promise<void>((resolve, reject) => {
        const begin = (): void => {
          leave();
          resolve();
        };
        const leave = whenAborted(signal, () => {
          leave();
          waiting.delete(begin);
          if (waiting.size === 0) clock.clearTimeout(timer);
          reject(stopped());
        });
        waiting.add(begin);
        start();
      });
      try {
        const result = await task();
        limit = Math.min(most, limit + 1 / limit);
        return result;
      } finally {
        running -= 1;
        start();
      }
    },
    watch: (call, next) =>
      next(
        withFetch(call, (carry) => async (url, init) => {
          const at = ++sent;
          const response = await carry(url, init);
          if (response.status === 429) slowDown(at, response.headers.get("retry-after") ?? "");
          return response;
        }),
      ),
  };
}

// From endpoint.ts
/** What an endpoint other than the execute endpoint answered. */
interface EndpointAnswer {
  readonly body: Readonly<Record<string, unknown>>;
  readonly requestId: string | undefined;
  readonly durationMs: number;
  readonly attempts: number;
}

/**
 * Posts JSON to an endpoint of the platform, with the key, the time limits and the attempts of a call.
 * @param name what errors call it
 */
async function post(
  name: string,
  path: string,
  body: object,
  hints: ToolHints,
  options: CallOptions,
): Promise<EndpointAnswer> {
  const tool = { slug: name, toolkit: "", version: "-", noAuth: true } as AnyTool;
  const facts = { toolSlug: name } as Settings["facts"];
  const settings = { ...settle(tool, options), path, facts };
  let encoded: string;
  try {
    encoded = JSON.stringify(body);
  } catch (cause) {
    throw invalid(facts, "not valid JSON", [], cause);
  }
  try {
    return await request(settings, hints, exchange(settings, encoded), readObject);
  } catch (cause) {
    if (isToolbindCallError(cause)) throw cause;
    throw new ToolbindCallError("TB5000", ["failed", "something was thrown", "see `cause`"], { toolSlug: name, cause });
  }
}

/** The object that an answer holds; readReply says what is wrong with any other answer. */
function readObject(settings: Settings, reply: Reply, attempts: number): EndpointAnswer {
  const { response, text, durationMs } = reply;
  const body = response.ok ? parse(text) : undefined;
  if (body === undefined) return readReply(settings, reply, attempts) as never;
  return { body, requestId: response.headers.get("x-request-id") ?? undefined, durationMs, attempts };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

// From files/digest.ts
// MD5 (RFC 1321): the platform uses it to tell whether it already has a file, and WebCrypto does not offer it.

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const BLOCK = 64;
/** Bytes between pauses, so that a large file does not hold up everything else that runs here. */
const PIECE = 1024 * BLOCK * 32;

/** The MD5 of bytes, in hexadecimal. */
async function md5(bytes: Uint8Array): Promise<string> {
  const sines = Int32Array.from({ length: BLOCK }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32));
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  const whole = bytes.length - (bytes.length % BLOCK);
  for (let start = 0; start < whole; start += PIECE) {
    if (start > 0) await new Promise<void>((resolve) => (globalThis as unknown as Clock).setTimeout(resolve, 0));
    add(state, bytes.subarray(start, Math.min(start + PIECE, whole)), sines);
  }
  const rest = bytes.subarray(whole);
  const last = new Uint8Array(rest.length < BLOCK - 8 ? BLOCK : 2 * BLOCK);
  last.set(rest);
  last[rest.length] = 0x80;
  const length = new DataView(last.buffer, last.length - 8);
  length.setUint32(0, bytes.length << 3, true);
  length.setUint32(4, Math.floor(bytes.length / 2 ** 29), true);
  add(state, last, sines);
  const result = new DataView(new ArrayBuffer(16));
  for (const [index, word] of state.entries()) result.setInt32(index * 4, word, true);
  return Array.from(new Uint8Array(result.buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Adds whole blocks to a digest. */
function add(state: Int32Array, bytes: Uint8Array, sines: Int32Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = new Int32Array(16);
  for (let block = 0; block < bytes.length; block += BLOCK) {
    for (let index = 0; index < 16; index++) words[index] = view.getInt32(block + index * 4, true);
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    for (let step = 0; step < BLOCK; step++) {
      const round = step >> 4;
      let mixed: number;
      let word = step;
      if (round === 0) mixed = (b & c) | (~b & d);
      else if (round === 1) {
        mixed = (d & b) | (~d & c);
        word = 5 * step + 1;
      } else if (round === 2) {
        mixed = b ^ c ^ d;
        word = 3 * step + 5;
      } else {
        mixed = c ^ (b | ~d);
        word = 7 * step;
      }
      const sum = (a + mixed + sines[step]! + words[word & 15]!) | 0;
      const shift = SHIFTS[round * 4 + (step & 3)]!;
      a = d;
      d = c;
      c = b;
      b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
    }
    state[0] = (state[0]! + a) | 0;
    state[1] = (state[1]! + b) | 0;
    state[2] = (state[2]! + c) | 0;
    state[3] = (state[3]! + d) | 0;
  }
}

// From layers/hooks.ts
// Layers for `use`, so that a program without them carries none. Each sees the calls that its scope names.

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
interface Untyped {
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

type MaybePromise<T> = T | Promise<T>;
/** One side of a tool, by its slug. */
type Typed<M, Slug extends keyof M, Side extends "input" | "output"> = M[Slug] extends {
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
function within(scope: Scope, layer: Middleware): Middleware {
  return (call, next) => (isNamed(scope, call.tool) ? layer(call, next) : next(call));
}

/** Whether a scope names a tool. */
function isNamed({ tools, toolkits }: Scope, { slug, toolkit }: Pick<ToolFacts, "slug" | "toolkit">): boolean {
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
interface Occasion {
  readonly tool: Pick<ToolFacts, "slug">;
  readonly options?: Pick<CallOptions, "signal"> | undefined;
}

/** Runs a hook. An error it throws ends the call, unchanged if it is a call error; so does the signal, however long the hook takes. */
async function guarded<T>({ tool, options }: Occasion, hook: () => MaybePromise<T>): Promise<T> {
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
async function unlessAborted<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
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
function quietly<T>(run: () => T): T | undefined {
  try {
    const result = run();
    Promise.resolve(result).catch(() => {});
    return result;
  } catch {
    return undefined;
  }
}

// From files/transfer.ts
// Bytes on their way to and from a store: a GET, or a PUT of the whole, may safely be repeated.

const ATTEMPTS = 3;
const LONGEST_PAUSE_MS_transfer = 60_000;

/** A carrier that repeats a request whose connection broke, or whose failure may be temporary. */
function insistent(carry: Fetch, { retry, clock }: Pick<CallSettings, "retry" | "clock">): Fetch {
  return async (url, init) => {
    for (let tries = 1; ; tries++) {
      const isLast = tries >= (retry.attempts ?? ATTEMPTS);
      let pause = (2 ** tries / 4) * (1000 - 250 * Math.random());
      try {
        const response = await carry(url, init);
        if (isLast || !TRANSIENT.test(`${response.status}`)) return response;
        pause = retryAfter(response.headers.get("retry-after") ?? "") ?? pause;
        response.body?.cancel().catch(() => {});
      } catch (error) {
        if (isLast || init.signal.aborted) throw error;
      }
      await waited(Math.min(pause, LONGEST_PAUSE_MS_transfer), init.signal, clock);
    }
  };
}

function waited(ms: number, signal: AbortSignal, clock: CallSettings["clock"]): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clock.clearTimeout(timer);
      signal.removeEventListener("abort", end);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve();
    };
    const timer = clock.setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}

// From files/files.ts
// Files for tools that accept them, and files that tools return; a program without them carries none of this.

const UNNAMED = "file";
const ANY_TYPE = "application/octet-stream";
const TRANSFER_MS = 600_000;
/** Stands in where there is no tool, to work out settings. */
const NOBODY = { slug: "files", toolkit: "", version: "-", noAuth: true } as AnyTool;

/** A file that the platform holds, as tools accept it. */
export interface UploadedFile {
  name: string;
  mimetype: string;
  s3key: string;
}

/** What can become an {@link UploadedFile}. A local path cannot: see `fromPath` in the module `node`. */
export type FileSource = Blob | Uint8Array | ArrayBuffer | ReadableStream<Uint8Array> | URL | UploadedFile;

/** What a hook before an upload receives. */
export interface FileUpload {
  readonly source: FileSource;
  readonly name: string;
  readonly mimetype: string;
  readonly tool: string;
  readonly toolkit: string;
}

export type UploadHook = (upload: FileUpload) => FileSource | boolean | void | Promise<FileSource | boolean | void>;

export interface UploadOptions extends AddressOptions {
  /**
   * Called before each upload, one after the other: `false` ends the call, another source replaces the given one.
   * An error it throws ends the call as a HookError.
   */
  readonly beforeFileUpload?: UploadHook | readonly UploadHook[] | undefined;
  /** Milliseconds to fetch or send one file. Default 600,000. */
  readonly transferMs?: number | undefined;
}

export interface UploadFileOptions extends UploadOptions, CallOptions {
  /** The tool that the file is for. */
  readonly tool: Pick<ToolFacts, "slug" | "toolkit">;
  /** Default: the name that the source has, else `file`. */
  readonly name?: string | undefined;
  /** Default: the type that the source has, else `application/octet-stream`. */
  readonly mimetype?: string | undefined;
}

/**
 * Uploads a file to the platform, and returns the value for a tool's file argument.
 * @throws FileError where it is refused or cannot be sent, and the errors of a call
 */
export function uploadFile(given: FileSource, options: UploadFileOptions): Promise<UploadedFile> {
  return abortable(options.signal, () => upload(given, options));
}

async function upload(given: FileSource, options: UploadFileOptions): Promise<UploadedFile> {
  const { tool, beforeFileUpload, transferMs = TRANSFER_MS, allowHosts, resolve, ...rest } = options;
  // The key is for the call, not for the uploads before it.
  const { name, mimetype, idempotencyKey: _key, ...call } = rest;
  const address = addressOptions(call, { allowHosts, resolve });
  let source = given;
  for (const hook of [beforeFileUpload ?? []].flat()) {
    const facts = { ...described(source, name, mimetype), tool: tool.slug, toolkit: tool.toolkit };
    const answer = await guarded({ tool, options: call }, async () => hook({ source, ...facts }));
    if (answer === false) throw fileRefused("beforeFileUpload returned false", "send another file");
    // Anything else is meant as a source, even if it is not one, such as a path.
    if (answer !== undefined && answer !== true) source = answer;
  }
  if (isUploaded(source)) {
    if (typeof source?.s3key === "string") return source;
    throw fileRefused(
      "its value is not a file",
      "pass a Blob, bytes, a web stream or a URL; fromPath reads a path, Readable.toWeb turns a stream of Node.js",
    );
  }

  const signal = limited(call.signal, transferMs);
  const blob = await contentOf(source, { ...address, carry: carrierOf(call), signal });
  const { name: filename, mimetype: type } = described(source, name, mimetype || blob.type);
  const headers = headersOf(type);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const wanted = { toolkit_slug: tool.toolkit, tool_slug: tool.slug, filename, mimetype: type, md5: await md5(bytes) };
  const { body } = await post("file upload", "files/upload/request", wanted, { idempotent: true }, call);
  const s3key = body["key"];
  if (typeof s3key !== "string") throw fileRefused("the platform gave no key for it", "try later");
  const target = body["new_presigned_url"] ?? body["newPresignedUrl"] ?? body["update_presigned_url"];
  if (body["type"] !== "existing") {
    if (typeof target !== "string") throw fileRefused("the platform gave no upload address for it", "try later");
    const backend = (body["metadata"] as { readonly storage_backend?: unknown } | undefined)?.storage_backend;
    if (backend === "azure_blob_storage") headers.set("x-ms-blob-type", "BlockBlob");
    await checkAddress(target, address);
    await put(target, { carry: carrierOf(call), headers, body: new Blob([bytes], { type }), signal });
  }
  return { name: filename, mimetype: type, s3key };
}

/** A file that a tool returned, fetched on demand. */
export interface FileDownload {
  readonly name: string;
  readonly mimetype: string;
  blob(): Promise<Blob>;
  bytes(): Promise<Uint8Array>;
  stream(): Promise<ReadableStream<Uint8Array>>;
  /** Writes it to a stream, such as `toPath` of the module `node` makes. */
  save(to: WritableStream<Uint8Array>): Promise<void>;
}

export interface DownloadOptions extends AddressOptions, Pick<CallOptions, "client" | "fetch" | "signal"> {
  /** Milliseconds from the request to the last byte. Default 600,000. */
  readonly transferMs?: number | undefined;
}

/** What a tool says about a file that it returns. */
export interface DownloadableFile {
  readonly s3url: string;
  readonly name?: string | undefined;
  readonly mimetype?: string | undefined;
}

/** A handle on a file that a tool returned. Nothing is fetched until needed. */
export function downloadFile(file: DownloadableFile, options: DownloadOptions = {}): FileDownload {
  const { s3url, mimetype = ANY_TYPE } = file;
  const name = fileName(file.name ?? nameIn(s3url));
  const limit = (): AbortSignal => limited(options.signal, options.transferMs ?? TRANSFER_MS);
  const fetched = async (signal: AbortSignal): Promise<Response> => {
    const address = addressOptions(options, options);
    return download(s3url, { ...address, carry: carrierOf(options), signal });
  };
  const stream = async (signal: AbortSignal = limit()): Promise<ReadableStream<Uint8Array>> =>
    (await fetched(signal)).body ?? new Blob([]).stream();
  const abort = options.signal;
  const bytes = async (): Promise<Uint8Array> =>
    abortable(abort, async () => {
      const signal = limit();
      return new Uint8Array(await unbroken(signal, async () => (await fetched(signal)).arrayBuffer()));
    });
  return {
    name,
    mimetype,
    stream: () => abortable(abort, () => stream()),
    bytes,
    blob: async () => new Blob([(await bytes()) as never], { type: mimetype }),
    save: (to) =>
      abortable(abort, async () => {
        let signal: AbortSignal;
        let from: ReadableStream<Uint8Array>;
        try {
          signal = limit();
          from = await stream(signal);
        } catch (error) {
          await to.abort(error).catch(() => {});
          throw error;
        }
        try {
          // The pipe handles the signal, and has `to` discard what has arrived.
          await unbroken(undefined, () => from.pipeTo(to as never, { signal }));
        } catch (error) {
          // A pipe that could not begin has not.
          await from.cancel(error).catch(() => {});
          throw error;
        }
      }),
  };
}

/** Data in which each file that a tool returned is also a handle on it. */
export type WithFileHandles<T> = T extends { readonly s3url: string }
  ? T & FileDownload
  : T extends readonly (infer Item)[]
    ? WithFileHandles<Item>[]
    : T extends Blob | ReadableStream<unknown>
      ? T
      : T extends object
        ? { [Key in keyof T]: WithFileHandles<T[Key]> }
        : T;

/** A copy of a result in which each file, at any depth, is also a handle on it. Nothing is fetched until needed. */
export function withFileHandles<T>(data: T, options: DownloadOptions = {}): WithFileHandles<T> {
  const opened = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(opened);
    // Others, such as the bytes that an app gave directly, would lose what they hold.
    if (!isPlain(value)) return value;
    if (typeof (value as Partial<DownloadableFile>).s3url !== "string") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, opened(inner)]));
    }
    const { s3url, name, mimetype } = value as DownloadableFile;
    // The platform may send null for what it should leave out.
    return { ...value, ...downloadFile({ s3url, ...(name && { name }), ...(mimetype && { mimetype }) }, options) };
  };
  return opened(data) as WithFileHandles<T>;
}

interface Transfer extends AddressOptions {
  readonly carry: Fetch;
  readonly signal: AbortSignal;
}

async function contentOf(source: Exclude<FileSource, UploadedFile>, transfer: Transfer): Promise<Blob> {
  if (source instanceof Blob) return source;
  const { signal } = transfer;
  if (source instanceof URL) return unbroken(signal, async () => (await download(source.href, transfer)).blob());
  if (source instanceof ReadableStream) {
    // Through a pipe, so that the signal ends a source that never ends by itself.
    const piped = (): ReadableStream<Uint8Array> => source.pipeThrough(new TransformStream(), { signal });
    return unbroken(signal, async () => new Response(piped()).blob());
  }
  return new Blob([source as never]);
}

async function download(url: string, transfer: Transfer): Promise<Response> {
  const response = await unbroken(transfer.signal, () => fetchPublic(url, transfer));
  if (response.ok) return response;
  discard(response);
  throw fileRefused(`${hostOf(url)} answered with ${response.status}`, "check that the address has not expired");
}

async function put(
  url: string,
  { carry, headers, body, signal }: { carry: Fetch; headers: Headers; body: Blob; signal: AbortSignal },
): Promise<void> {
  const response = await unbroken(signal, () =>
    carry(url, { method: "PUT", headers, body, redirect: "manual", signal }),
  );
  discard(response);
  if (!response.ok) throw fileRefused(`${hostOf(url)} answered with ${response.status}`, "try again");
}

/** A failed transfer becomes a FileError. Its cause is left out, since it may show a signed address. */
async function unbroken<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  try {
    signal?.throwIfAborted();
    return await unlessAborted(signal, run);
  } catch (cause) {
    if (isToolbindCallError(cause)) throw cause;
    const reason = cause instanceof Error ? cause.name : "an error";
    throw fileRefused(`its transfer ended with ${reason}`, "check the network and the time limit");
  }
}

/** A transfer that its signal ended is not a fault of the file. */
async function abortable<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!signal?.aborted || !isToolbindCallError(error) || error.code !== "TB5040") throw error;
    const text = ["was aborted while a file was being transferred", "by its signal", "send or fetch it again"] as const;
    throw new ToolbindCallError("TB5022", text, { cause: signal.reason as unknown });
  }
}

/** Whether a value is an object that JSON could have given. */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether a value holds the bytes of a file, or will. */
function isFile(value: unknown): value is Exclude<FileSource, UploadedFile | URL> {
  return [Blob, Uint8Array, ArrayBuffer, ReadableStream].some((Kind) => value instanceof Kind);
}

function isUploaded(source: FileSource): source is UploadedFile {
  return !isFile(source) && !(source instanceof URL);
}

/** @throws FileError for a type that no header can hold */
function headersOf(type: string): Headers {
  try {
    return new Headers({ "content-type": type });
  } catch (cause) {
    throw fileRefused("its mimetype cannot be sent", "give one such as text/plain", { cause });
  }
}

/** The name and the type of a source. */
function described(source: FileSource, name?: string, mimetype?: string): { name: string; mimetype: string } {
  const own = source as { readonly name?: string; readonly type?: string; readonly mimetype?: string };
  const named = source instanceof URL ? nameIn(source.href) : own.name;
  return { name: name || named || UNNAMED, mimetype: mimetype || own.mimetype || own.type || ANY_TYPE };
}

/** A name that leads to no other folder, whoever made it up. */
function fileName(given: string): string {
  return /^\.{0,2}$/.test(given) ? UNNAMED : given.replace(/[/\\\0]/g, "_");
}

/** The last part of an address's path. */
function nameIn(address: string): string {
  if (!URL.canParse(address)) return UNNAMED;
  const last = new URL(address).pathname.split("/").at(-1) || UNNAMED;
  try {
    return fileName(decodeURIComponent(last));
  } catch {
    return last;
  }
}

function carrierOf({ client, fetch: own, retry }: Pick<CallOptions, "client" | "fetch" | "retry">): Fetch {
  const settings = settle(NOBODY, { ...(client && { client }), ...(own && { fetch: own }), ...(retry && { retry }) });
  return insistent(settings.fetch, settings);
}

/** A client that calls a platform on this machine also accepts files from there. */
function addressOptions(
  { client }: Pick<CallOptions, "client">,
  {
    allowHosts = [],
    resolve,
  }: { allowHosts?: readonly string[] | undefined; resolve?: AddressOptions["resolve"] | undefined },
): AddressOptions {
  const own = new URL(settle(NOBODY, client ? { client } : {}).origin).host;
  return { allowHosts: [...allowHosts, own], ...(resolve && { resolve }) };
}

function limited(signal: AbortSignal | undefined, ms: number): AbortSignal {
  if (!(ms > 0)) throw misconfigured(`transferMs is ${ms}`, "give more than 0");
  const limit = AbortSignal.timeout(Math.min(ms, 2_147_483_647));
  return signal ? AbortSignal.any([signal, limit]) : limit;
}

// From proxy.ts
// Requests to an app's own API through the platform, which adds the account's credentials.

export interface ProxyRequest {
  /** Default: `GET`. */
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | undefined;
  /** A path below the API's root, or an absolute address. */
  readonly endpoint: string;
  /** Undefined values are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent unchanged, instead of `body`; the platform fetches an address. */
  readonly binaryBody?: Blob | Uint8Array | { readonly url: string; readonly contentType?: string } | undefined;
}

export interface ProxyOptions extends CallOptions {
  /** Throws a StatusError if the app answers with a status other than 2xx. Default: false. */
  readonly throwOnStatus?: boolean | undefined;
  /** How a binary answer is fetched. */
  readonly download?: DownloadOptions | undefined;
}

/** What the app answered. */
export interface ProxyResponse {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly data: unknown;
  /** A binary answer, fetched on demand. */
  readonly file: FileDownload | undefined;
  readonly requestId: string | undefined;
  readonly attempts: number;
  readonly durationMs: number;
}

interface BinaryData {
  readonly url: string;
  readonly content_type: string;
}

/**
 * Sends a request to the API of a connected account's app. `GET` and `HEAD` are retried like calls of read-only tools.
 * @throws the errors of a call if the platform fails; an error status of the app throws only with `throwOnStatus`
 */
export async function proxy(
  connectedAccountId: string,
  request: ProxyRequest,
  { throwOnStatus, download, ...options }: ProxyOptions = {},
): Promise<ProxyResponse> {
  if (!connectedAccountId) throw misconfigured("the account given to proxy is empty", "pass its id");
  const { method = "GET", endpoint, query = {}, headers = {}, body, binaryBody } = request;
  if (body !== undefined && binaryBody) throw unfit("both body and binaryBody are given", "leave one out");
  const parameters = [
    ...Object.entries(headers).map(([name, value]) => ({ name, value, type: "header" })),
    ...Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [{ name, value: String(value), type: "query" }],
    ),
  ];
  const sent = {
    connected_account_id: connectedAccountId,
    endpoint,
    method,
    parameters,
    ...(body !== undefined && { body }),
    ...(binaryBody && { binary_body: await encodeBinary(binaryBody) }),
  };
  const readOnly = method === "GET" || method === "HEAD";
  const { body: answer, ...facts } = await post("proxy", "tools/execute/proxy", sent, { readOnly }, options);
  const { data = null, status: said, headers: pairs, binary_data: binary } = answer;
  const status = Number(said);
  if (!(status > 0)) {
    const text = ["gave no result", "the answer has no status", `check baseUrl; ${LOOK_FIRST}`] as const;
    throw new ToolbindCallError("TB5023", text, { toolSlug: "proxy", ...facts });
  }
  const ok = status >= 200 && status < 300;
  const answered = headersOf_proxy(pairs);
  if (throwOnStatus && !ok) {
    const code = DOCUMENTED.test(`${status}`) ? (`TB5${status as DocumentedStatus}` as const) : "TB5599";
    const text = ["reached the app and failed", `${method} was answered with ${status}`, "see `data`"] as const;
    const retryable = TRANSIENT.test(`${status}`);
    const retryAfterMs = retryAfter(answered.get("retry-after") ?? "");
    const details = { toolSlug: "proxy", status, data, headers: answered, retryable, retryAfterMs, ...facts };
    throw new ToolbindCallError(code, text, details);
  }
  const { url: s3url, content_type: mimetype } = (binary ?? {}) as Partial<BinaryData>;
  const file =
    s3url === undefined
      ? undefined
      : downloadFile({ s3url, ...(mimetype && { mimetype }) }, { ...options, ...download });
  return { status, ok, headers: answered, data, file, ...facts };
}

/** The headers of an app's answer; those that HTTP does not allow are left out. */
function headersOf_proxy(pairs: unknown): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries((pairs ?? {}) as Record<string, unknown>)) {
    try {
      for (const each of [value].flat()) headers.append(name, String(each));
    } catch {
      continue;
    }
  }
  return headers;
}

async function encodeBinary(body: NonNullable<ProxyRequest["binaryBody"]>): Promise<object> {
  if ("url" in body) return { url: body.url, ...(body.contentType && { content_type: body.contentType }) };
  const bytes = body instanceof Blob ? new Uint8Array(await body.arrayBuffer()) : body;
  if (bytes.length === 0) throw unfit("binaryBody is empty", "leave it out");
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const type = body instanceof Blob ? body.type : "";
  return { base64: btoa(binary), ...(type && { content_type: type }) };
}

function unfit(cause: string, remedy: string): ToolbindCallError {
  const text = ["was given invalid arguments", cause, remedy] as const;
  return new ToolbindCallError("TB5010", text, { toolSlug: "proxy", issues: [] });
}

// From by-slug.ts
// Calls by slug, for code that works with slugs; a program that calls functions carries none of this.

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

// From error-classes.ts
// A class costs a bundle nothing unless it is named: the core throws ToolbindCallError and these only distinguish codes.
// The codes are getters, since a static field, compiled to an older target, keeps a class from being tree-shaken.

/** A client or call was set up in a way that cannot work (TB5001), or has no key (TB5002). Nothing was sent. */
export class ConfigurationError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB500[12]/;
  }
}

/** The tool acts on an account, but neither a user nor an account was named. Nothing was sent. */
export class MissingIdentityError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5003/;
  }
}

/** No fixed toolkit version to call the tool at. Nothing was sent. */
export class VersionError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5004/;
  }
}

/** No toolkit passed to `withTools` or `describeTools` has a tool with this slug. Nothing was sent. */
export class UnknownToolError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5005/;
  }
}

/** An app that is called directly has not been given all credentials that it needs. Nothing was sent. */
export class MissingCredentialsError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5006/;
  }
}

/** The arguments do not fit the tool's input schema, or are not valid JSON. Nothing was sent. */
export class InputValidationError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5010/;
  }
}

export interface InputValidationError {
  readonly issues: readonly ValidationIssue[];
}

/** The tool ran, but its data does not fit the output schema and `validate.output` is `strict`. */
export class OutputValidationError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5011/;
  }
}

export interface OutputValidationError {
  readonly issues: readonly ValidationIssue[];
  /** The data as it came. */
  readonly data: unknown;
  readonly logId: string | undefined;
}

/** A hook threw; what it threw is the `cause`. */
export class HookError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5012/;
  }
}

/** The platform could not be reached, the connection broke, or it answered with a redirect. */
export class ConnectionError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5020/;
  }
}

/** The answer did not come within `timeoutMs`. The tool may have run. */
export class TimeoutError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5021/;
  }
}

/** The caller's signal ended the call; its reason is the `cause`. */
export class AbortError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5022/;
  }
}

/** The answer is not what the platform documents: not JSON, or without `successful`. The tool may have run. */
export class UnexpectedResponseError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5023/;
  }
}

/** A page gave a cursor that was already followed. */
export class PaginationError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5024/;
  }
}

/** A file could not be read, sent or fetched, or its path or address is not allowed. */
export class FileError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5040/;
  }
}

/** An app that is called directly issued no tokens. `slug` is what its server calls the error, such as `invalid_grant`. */
export class AuthorizationError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5050/;
  }
}

/** The connections file cannot be read, decrypted or written, or others may read it. */
export class ConnectionStoreError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5051/;
  }
}

/** The tool ran and says that it failed. */
export class ToolExecutionError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5030/;
  }
}

export interface ToolExecutionError {
  /** What the tool says of the failure. */
  readonly error: string | null;
  readonly data: unknown;
  readonly logId: string | undefined;
}

/** The platform, or an app that was called directly, answered with an HTTP status that says the call failed. */
export class StatusError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5[45]/;
  }
}

export interface StatusError {
  readonly status: number;
  /** What an app that was called directly answered, as it came. */
  readonly data: unknown;
}

/** 400: the platform refused the request. */
export class BadRequestError extends StatusError {
  static override get codes(): RegExp {
    return /TB5400/;
  }
}

/** 401: the key is missing or not valid. */
export class AuthenticationError extends StatusError {
  static override get codes(): RegExp {
    return /TB5401/;
  }
}

/** 403: the connected account may not do this. */
export class PermissionDeniedError extends StatusError {
  static override get codes(): RegExp {
    return /TB5403/;
  }
}

/** 404: no such tool at this version, or no such connected account. */
export class NotFoundError extends StatusError {
  static override get codes(): RegExp {
    return /TB5404/;
  }
}

/** 408: the tool took longer than the platform allows. It may have run. */
export class RequestTimeoutError extends StatusError {
  static override get codes(): RegExp {
    return /TB5408/;
  }
}

/** 410: the tool was deprecated and is gone. */
export class GoneError extends StatusError {
  static override get codes(): RegExp {
    return /TB5410/;
  }
}

/** 413: the request or the answer is too large. */
export class PayloadTooLargeError extends StatusError {
  static override get codes(): RegExp {
    return /TB5413/;
  }
}

/** 422: the connected account is not usable, or the arguments cannot be processed; `slug` says which. */
export class UnprocessableEntityError extends StatusError {
  static override get codes(): RegExp {
    return /TB5422/;
  }
}

/** 429: too many requests to the platform or to the app. */
export class RateLimitError extends StatusError {
  static override get codes(): RegExp {
    return /TB5429/;
  }
}

/** 500: the platform failed. */
export class InternalServerError extends StatusError {
  static override get codes(): RegExp {
    return /TB5500/;
  }
}

/** 501: the platform does not offer this. */
export class NotImplementedError extends StatusError {
  static override get codes(): RegExp {
    return /TB5501/;
  }
}

/** 502: the platform could not talk to the app. */
export class BadGatewayError extends StatusError {
  static override get codes(): RegExp {
    return /TB5502/;
  }
}

/** 503: the app is down. */
export class ServiceUnavailableError extends StatusError {
  static override get codes(): RegExp {
    return /TB5503/;
  }
}

// From layers/fixes.ts
// A layer for `use` that asks the platform how to fix a failure, and adds that to the error.

const ASK_MS = 10_000;

export interface FixOptions {
  /** Auth configs (`ac_…`) by toolkit, to create links for. No link is requested for a toolkit without one. */
  readonly authConfigs?: Readonly<Record<string, string>> | undefined;
  /** Where a link leads after the user has connected. */
  readonly callbackUrl?: string | undefined;
  /** The calls whose errors it looks at. Default: all. */
  readonly scope?: Scope | undefined;
}

/**
 * If a user has no usable connection, adds a link to create one to the error; if a tool is gone, the newest version
 * that has it. Only failed calls cost an extra request; if that fails too, the error stays as it is.
 */
export function suggestFixes({ scope = {}, ...options }: FixOptions = {}): Middleware {
  return within(scope, async (call, next) => {
    try {
      return await next(call);
    } catch (error) {
      if (isToolbindCallError(error) && !call.tool.executor) {
        await fixOf(error, call, options).then(
          (fix) => fix && addFix(error, fix),
          () => {},
        );
      }
      throw error;
    }
  });
}

interface Fix {
  readonly remedy: string;
  readonly connectLink?: string;
}

async function fixOf(
  { status = 0, slug = "", message }: ToolbindCallError,
  { tool, options }: ToolCall,
  { authConfigs = {}, callbackUrl }: FixOptions,
): Promise<Fix | undefined> {
  const settings = settle(tool, options);
  if ([400, 404, 422].includes(status) && /connected.?account/i.test(`${slug} ${message}`)) {
    const { userId } = settings.identity;
    const authConfig = authConfigs[tool.toolkit];
    if (!userId || authConfig === undefined) return undefined;
    const wanted = { auth_config_id: authConfig, user_id: userId, ...(callbackUrl && { callback_url: callbackUrl }) };
    const { redirect_url: link } = await ask(settings, "connected_accounts/link", wanted);
    if (typeof link !== "string" || !/^https:\/\/\S+$/.test(link)) return undefined;
    return { connectLink: link, remedy: `open ${link} to connect ${tool.toolkit}, then call again` };
  }
  if (status !== 410 && !(status === 404 && /tool/i.test(slug))) return undefined;
  const { version } = await ask(settings, `tools/${encodeURIComponent(tool.slug)}?version=latest`);
  if (isVersion(version)) {
    return { remedy: `run toolbind upgrade ${tool.toolkit} --write, or pass version ${version}, which has the tool` };
  }
  const { meta } = await ask(settings, `toolkits/${encodeURIComponent(tool.toolkit)}?version=latest`);
  const newest = (meta as { readonly version?: unknown } | undefined)?.version;
  if (!isVersion(newest)) return undefined;
  return {
    remedy: `its newest version, ${newest}, lacks this tool: toolbind upgrade ${tool.toolkit} shows what replaces it`,
  };
}

function addFix(error: ToolbindCallError, { remedy, ...facts }: Fix): void {
  Object.assign(error, facts, { message: error.message.replace(/(?<=Fix: )[^]*$/, () => `${remedy}.`) });
}

/** What the platform answers; an empty object if it refuses. A body is posted. */
async function ask(settings: Settings, path: string, body?: object): Promise<Readonly<Record<string, unknown>>> {
  const { idempotencyKey: _key, ...call } = settings.call;
  const { url, headers } = describeRequest({ ...settings, call, path }, "", await keyOf(settings));
  const limit = AbortSignal.timeout(ASK_MS);
  const signal = call.signal ? AbortSignal.any([call.signal, limit]) : limit;
  signal.throwIfAborted();
  // Not called as a method, which browsers and workers refuse for `fetch`.
  const { fetch: carry } = settings;
  const [response, answer] = await unlessAborted(signal, async () => {
    const answered = await carry(url, {
      method: body ? "POST" : "GET",
      headers,
      ...(body && { body: JSON.stringify(body) }),
      redirect: "manual",
      signal,
      forToken: true,
    });
    return [answered, (await answered.json()) as unknown] as const;
  });
  return response.ok && typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>) : {};
}

function isVersion(value: unknown): value is string {
  return typeof value === "string" && /^\d{8}_\d+$/.test(value) && value !== "00000000_00";
}

// From files/arguments.ts
// Files among the arguments of a call, uploaded as the tool is called.

/** Types a source as the file argument of a tool; the layer {@link fileUploads} uploads it when the tool is called. */
export function fileArgument(source: FileSource): UploadedFile {
  return source as UploadedFile;
}

export interface FileUploadsOptions extends UploadOptions {
  /** The calls whose files are uploaded. Default: all. */
  readonly scope?: Scope | undefined;
}

/** A layer that uploads the files among the arguments, so that a call accepts file sources. Apps that are called directly get them unchanged. */
export function fileUploads({ scope = {}, ...options }: FileUploadsOptions = {}): Middleware {
  return within(scope, async (call, next) => {
    const { tool, body } = call;
    if (!("arguments" in body) || tool.executor) return next(call);
    await checkBefore(tool, body.arguments, call.options);
    // Layers that watch the call's own requests ignore these.
    const { options: own } = withFetch(call, (carry) => (url, init) => carry(url, { ...init, forToken: true }));
    // Where one is refused, the others are not sent on.
    const together = new AbortController();
    const signal = own.signal ? AbortSignal.any([own.signal, together.signal]) : together.signal;
    let args: unknown;
    try {
      args = await withUploads(tool, body.arguments, [], (source) =>
        uploadFile(source, { ...own, ...options, tool, signal }),
      );
    } catch (error) {
      together.abort(error);
      throw error;
    }
    return next({ ...call, body: { arguments: args } });
  });
}

/**
 * Nothing is uploaded for a call that cannot be made.
 * @throws what the call itself would
 */
async function checkBefore(tool: AnyTool, given: unknown, options: CallOptions): Promise<void> {
  const files = new Set<string>();
  const planned = await withUploads(tool, given, [], async (source, path) => {
    if (isUploaded(source)) return source;
    // The platform decides where it is stored.
    files.add(JSON.stringify([...path, "s3key"]));
    return { ...described(source), s3key: UNNAMED };
  });
  if (files.size === 0) return;
  const { facts, validate: mode } = settle(tool, options);
  const issues = mode.input === "off" ? [] : validate(tool.input, planned, true);
  const left = issues.filter(({ path }) => !files.has(JSON.stringify(path)));
  if (left.length > 0) throw invalid(facts, listIssues(left), left);
}

/** No tool takes a file deeper than this. */
const MOST_NESTED = 100;

/** A copy in which each file is replaced by a reference to its upload. */
async function withUploads(
  tool: AnyTool,
  value: unknown,
  path: readonly (string | number)[],
  upload: (source: FileSource, path: readonly (string | number)[]) => Promise<UploadedFile>,
  around: readonly unknown[] = [],
): Promise<unknown> {
  if (isFile(value)) return upload(value, path);
  const takesFile = (at: readonly (string | number)[]): boolean => declaredKeys(tool.input as never, at).has("s3key");
  if (value instanceof URL) return takesFile(path) ? upload(value, path) : value;
  // Cycles and very deep values are left for the call to refuse: a stack overflow here would leave promises behind.
  if (around.length > MOST_NESTED || around.includes(value)) return value;
  const inside = [...around, value];
  if (Array.isArray(value)) {
    return Promise.all(value.map((item, index) => withUploads(tool, item, [...path, index], upload, inside)));
  }
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).filter(([key, inner]) => inner !== "" || !takesFile([...path, key]));
  return Object.fromEntries(
    await Promise.all(
      entries.map(
        async ([key, inner]) => [key, await withUploads(tool, inner, [...path, key], upload, inside)] as const,
      ),
    ),
  );
}

interface Node {
  readonly _zod: { readonly def: Definition };
}

interface Definition {
  readonly shape?: Readonly<Record<string, Node>>;
  readonly element?: Node;
  readonly items?: readonly Node[];
  readonly rest?: Node | null;
  readonly innerType?: Node;
  readonly options?: readonly Node[];
}

/** The definitions of a schema, with wrappers removed and alternatives listed. */
function unwrap(node: Node | null | undefined): readonly Definition[] {
  if (!node) return [];
  const { def } = node._zod;
  return def.innerType ? unwrap(def.innerType) : (def.options?.flatMap(unwrap) ?? [def]);
}

/** The keys that a schema declares for the object at a path. */
function declaredKeys(schema: Node, path: readonly (string | number)[]): ReadonlySet<string> {
  let level = unwrap(schema);
  for (const step of path) {
    level = level.flatMap(({ shape = {}, element, items, rest }) => {
      if (typeof step === "number") return unwrap(items?.[step] ?? element ?? rest);
      return Object.hasOwn(shape, step) ? unwrap(shape[step as string]) : [];
    });
  }
  return new Set(level.flatMap(({ shape = {} }) => Object.keys(shape)));
}

// From layers/logging.ts
// Logging as a layer for `use`. Entries are composed of facts that hold no secrets; bodies appear only at
// `debug`, with their secrets blacked out.

const LEVELS = ["off", "error", "warn", "info", "debug"] as const;

export type LogLevel = (typeof LEVELS)[number];

export interface LogEntry {
  readonly level: Exclude<LogLevel, "off">;
  /** One line: the tool, and the outcome of its call. */
  readonly message: string;
  readonly slug: string;
  readonly version: string | undefined;
  readonly attempt?: number;
  readonly status?: number | undefined;
  readonly durationMs?: number;
  readonly logId?: string | undefined;
  readonly requestId?: string | undefined;
  /** The code of an error. */
  readonly code?: string;
  /** At `debug` only: the request or the data as JSON, its secrets blacked out. */
  readonly body?: string;
}

export interface LoggingOptions {
  /** `error`: failed calls. `warn`: also repeated attempts, drift, and deprecated tools, once each. `info`: also each call. `debug`: also bodies. Default: `COMPOSIO_LOG_LEVEL`, else `warn`. */
  readonly level?: LogLevel | undefined;
  /** Where entries go. Default: the console. Errors it throws are ignored. */
  readonly write?: ((entry: LogEntry) => void) | undefined;
  /** The calls to log. Default: all. */
  readonly scope?: Scope | undefined;
}

/** Logs the outcome of calls. Nothing is sent anywhere. */
export function logging({
  level = levelOfEnvironment(),
  write = toConsole,
  scope = {},
}: LoggingOptions = {}): Middleware {
  const reach = LEVELS.indexOf(level);
  if (reach < 0) throw misconfigured(`the log level is ${level as string}`, `give one of ${LEVELS.join(", ")}`);
  const deprecated = new Set<string>();
  return within(scope, async (call, next) => {
    const { slug, version: pin } = call.tool;
    const log = (at: LogEntry["level"], what: string, facts: Partial<LogEntry> = {}): void => {
      if (LEVELS.indexOf(at) > reach) return;
      // A log that cannot be written must not change the outcome of a call.
      quietly(() => write({ level: at, message: `${slug} ${what}`, slug, version: pin ?? undefined, ...facts }));
    };
    if (call.tool.deprecated && !deprecated.has(slug)) {
      deprecated.add(slug);
      log("warn", "is deprecated: its description, or toolbind upgrade, names its replacement");
    }
    let attempt = 0;
    let redirected = false;
    let sent = new Headers();
    let secrets: readonly string[] = [];
    const hide = (text: string): string =>
      secrets.reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), blackOut(text, sent, call.options));
    const shown = (value: unknown): string => {
      try {
        return hide(JSON.stringify(redact(value)) ?? "");
      } catch {
        return "(nested too deeply to be shown)";
      }
    };
    const watched = withFetch(call, (carry) => async (url, init) => {
      sent = init.headers;
      secrets = init.secrets ?? secrets;
      if (!redirected && ++attempt > 1) log("warn", `is retried, attempt ${attempt}`, { attempt });
      redirected = false;
      if (reach === LEVELS.length - 1) log("debug", "is sent", { attempt, body: shown(parse_logging(init.body)) });
      const response = await carry(url, init);
      redirected = Math.floor(response.status / 100) === 3;
      return response;
    });
    try {
      const response = await next(watched);
      const { version, status, logId, requestId, drift } = response;
      const durationMs = Math.round(response.durationMs);
      const facts = { version, status, logId, requestId, durationMs, attempt: response.attempts };
      if (drift.length > 0) log("warn", `gave data that does not match its schema (issues: ${drift.length})`, facts);
      log("info", `succeeded in ${durationMs} ms`, facts);
      if (reach === LEVELS.length - 1) log("debug", "answered", { ...facts, body: shown(response.data) });
      return response;
    } catch (error) {
      if (isToolbindCallError(error)) {
        const { code, status, requestId, attempts = 0, message } = error;
        const logId = (error as { readonly logId?: string }).logId;
        const said = hide(message.replace(`${slug} `, ""));
        log("error", said, { code, status, requestId, logId, attempt: attempts });
      } else {
        log("error", "failed with something that a layer threw");
      }
      throw error;
    }
  });
}

function levelOfEnvironment(): LogLevel {
  const named = environment("COMPOSIO_LOG_LEVEL")?.toLowerCase();
  return LEVELS.find((level) => level === named) ?? "warn";
}

function toConsole({ level, message, body }: LogEntry): void {
  console[level](`toolbind: ${message}${body === undefined ? "" : ` ${body}`}`);
}

/** A copy without the values of secret names and without custom credentials. */
function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== "object" || value === null) return value;
  const isParameter = "value" in value && "name" in value && "in" in value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]): [string, unknown] => {
      const secret = key === "val" || isSecretName(key) || (isParameter && key === "value");
      return [key, secret && inner !== null ? "[redacted]" : redact(inner)];
    }),
  );
}

function parse_logging(body: Parameters<Fetch>[1]["body"]): unknown {
  try {
    return typeof body === "string" ? JSON.parse(body) : undefined;
  } catch {
    return undefined;
  }
}

// From paginate.ts
export interface PageOptions<Input, Output, Item> extends CallOptions {
  /** The argument for the cursor, such as `page_token`. */
  readonly cursor: keyof Input & string;
  /** Gets the cursor of the next page; undefined, null or an empty string after the last. */
  readonly next: (data: Output, args: Input) => unknown;
  /** Gets the items of a page. */
  readonly items: (data: Output) => readonly Item[] | null | undefined;
  /** Identifies an item: one that already came, as when something is added meanwhile, is left out. */
  readonly key?: ((item: Item) => unknown) | undefined;
}

/** The items of all pages, each page fetched when it is needed. */
export interface Pages<Output, Item> extends AsyncIterable<Item> {
  /** The pages themselves, as the tool returns them. */
  byPage(): AsyncIterable<Output>;
}

/**
 * Follows a tool's cursors.
 * @throws PaginationError when a page gives a cursor that was already followed
 */
export function paginate<Input extends object, Output, Item>(
  tool: Tool<Input, Output>,
  args: Input,
  { cursor, next, items, key, ...options }: PageOptions<Input, Output, Item>,
): Pages<Output, Item> {
  async function* byPage(): AsyncGenerator<Output, void> {
    const followed = new Set<string | undefined>([JSON.stringify(args[cursor])]);
    for (let current = args; ;) {
      const page = await tool(current, options);
      yield page;
      const following = next(page, current);
      if (following === undefined || following === null || following === "") return;
      const name = JSON.stringify(following);
      if (followed.has(name)) {
        const text = [
          "gave pages that repeat",
          `${cursor} ${name} came twice`,
          "check `next`, and that the tool uses `cursor`",
        ] as const;
        throw new ToolbindCallError("TB5024", text, { toolSlug: tool.slug });
      }
      followed.add(name);
      current = { ...current, [cursor]: following };
    }
  }
  async function* each(): AsyncGenerator<Item, void> {
    const seen = new Set<unknown>();
    for await (const page of byPage()) {
      for (const item of items(page) ?? []) {
        const name = key?.(item);
        if (key && seen.has(name)) continue;
        seen.add(name);
        yield item;
      }
    }
  }
  return { byPage, [Symbol.asyncIterator]: each };
}

// From layers/model-schema.ts
// JSON Schemas in the form that model providers accept: one that stands alone, in today's dialect.

type Json = Readonly<Record<string, unknown>>;

/** Where schemas keep what they refer to. */
const PLACES = ["components/schemas", "definitions", "$defs"];
const REFERENCE = new RegExp(`^#/(${PLACES.map((place) => place.replace("$", "\\$")).join("|")})/([^/]+)(.*)$`);
/** Keywords whose members are schemas, by any name. */
const BY_NAME = new Set([
  "properties",
  "patternProperties",
  "dependentSchemas",
  "dependencies",
  "$defs",
  "definitions",
]);
/** Keywords whose values are no schemas. */
const VALUES = new Set(["const", "default", "enum", "example", "examples"]);
const REFERENCES = new Set(["$ref", "$dynamicRef", "$recursiveRef"]);
/** A reference to a name that a schema gives itself, wherever it is. */
const ANCHOR = /^#[^/]/;
const LIMITS = [
  ["minimum", "exclusiveMinimum"],
  ["maximum", "exclusiveMaximum"],
] as const;

/** The same schema, with what it refers to in `$defs` and without what it does not refer to. */
function standingAlone<Schema extends Json>(root: Schema): Schema {
  const { components, definitions, $defs, ...rest } = root;
  const sources: Json = {
    "components/schemas": isObject(components) ? components["schemas"] : undefined,
    definitions,
    $defs,
  };
  const names = new Map<string, string>();
  const found = new Map<string, unknown>();
  let anchored = false;

  const renamed = (reference: string): string => {
    const [, place = "", segment = "", inside = ""] = REFERENCE.exec(reference) ?? [];
    const source = sources[place];
    const name = unescaped(segment);
    if (!isObject(source) || !Object.hasOwn(source, name)) return reference;
    let now = names.get(`${place}/${name}`);
    if (now === undefined) {
      now = name;
      for (let count = 2; found.has(now); count++) now = `${name}_${count}`;
      names.set(`${place}/${name}`, now);
      found.set(now, source[name]);
    }
    return `#/$defs/${now === name ? segment : escaped(now)}${inside}`;
  };

  const takeAll = (): void => {
    for (const [place, source] of Object.entries(sources)) {
      if (isObject(source)) for (const name of Object.keys(source)) renamed(`#/${place}/${escaped(name)}`);
    }
  };

  const within = (schema: unknown): unknown => {
    if (Array.isArray(schema)) return schema.map(within);
    if (!isObject(schema)) return schema;
    return Object.fromEntries(
      Object.entries(limited_model_schema(schema)).map(([keyword, value]) => {
        if (VALUES.has(keyword)) return [keyword, value];
        if (REFERENCES.has(keyword) && typeof value === "string") {
          if (!anchored && ANCHOR.test(value)) {
            anchored = true;
            takeAll();
          }
          return [keyword, renamed(value)];
        }
        if (keyword === "discriminator" && isObject(value)) return [keyword, discriminated(value)];
        return [keyword, BY_NAME.has(keyword) && isObject(value) ? mapped(value, within) : within(value)];
      }),
    );
  };

  const discriminated = ({ mapping, ...others }: Json): Json => ({
    ...others,
    ...(isObject(mapping) && { mapping: mapped(mapping, (to) => (typeof to === "string" ? renamed(to) : to)) }),
  });

  const alone = within(rest) as Schema;
  // The map grows meanwhile: a definition may refer to others, over many steps.
  for (const [name, schema] of found) found.set(name, within(schema));
  return found.size === 0 ? alone : { ...alone, $defs: Object.fromEntries(found) };
}

/** Draft 4 and OpenAPI 3.0 say `minimum: 1, exclusiveMinimum: true`, which is not valid today. */
function limited_model_schema(schema: Json): Json {
  const now: Record<string, unknown> = { ...schema };
  for (const [limit, exclusive] of LIMITS) {
    if (typeof now[exclusive] !== "boolean") continue;
    if (now[exclusive] && typeof now[limit] === "number") {
      now[exclusive] = now[limit];
      delete now[limit];
    } else delete now[exclusive];
  }
  return now;
}

const mapped = (members: Json, change: (value: unknown) => unknown): Json =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name, change(value)]));

const escaped = (name: string): string => encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));

/** A reference is a fragment of an address first, and a pointer then. */
function unescaped(segment: string): string {
  let text = segment;
  try {
    text = decodeURIComponent(segment);
  } catch {
    // What is not encoded correctly stands for itself.
  }
  return text.replaceAll("~1", "/").replaceAll("~0", "~");
}

// From layers/schema-hooks.ts
// Descriptions of tools for a model, and hooks that change them. The JSON Schemas come from the toolkit's `schemas.ts`, so that
// a program that does not use them does not carry them.

type Json_schema_hooks = Readonly<Record<string, unknown>>;

/** JSON Schema of a tool's arguments, in the form that model SDKs and MCP accept. */
export interface ArgumentsSchema<Input> {
  readonly type: "object";
  readonly properties?: string extends keyof Input
    ? { readonly [name: string]: object }
    : { readonly [Key in keyof Input]?: object };
  readonly required?: (keyof Input & string)[];
  readonly [keyword: string]: unknown;
}

/** A tool as described to a model. */
export interface ToolDescription<Input = Json_schema_hooks, Slug extends string = string> {
  readonly slug: Slug;
  readonly toolkit: string;
  readonly description: string;
  readonly arguments: ArgumentsSchema<Input>;
}

/** Changes the description of a tool for a model. */
export type SchemaHook = (tool: ToolDescription) => Promise<ToolDescription>;

/** Arguments that the program sets instead of the model. */
export interface Preset {
  /** Hides them from the model. */
  readonly schema: SchemaHook;
  /** Fills them in when the tool is called, whatever the model passed. */
  readonly call: Middleware;
}

/** The hooks that change schemas, typed for the slugs in their scope. */
export interface SchemaHooks<M> {
  /** Runs when a tool is described; what it returns, unless undefined, replaces the description. */
  onSchema<Slug extends keyof M & string>(
    scope: { readonly tools: readonly Slug[] },
    hook: (
      tool: ToolDescription<Typed<M, Slug, "input">>,
    ) => MaybePromise<Partial<ToolDescription<Typed<M, Slug, "input">>> | void>,
  ): SchemaHook;
  onSchema(scope: Untyped, hook: (tool: ToolDescription) => MaybePromise<Partial<ToolDescription> | void>): SchemaHook;
  /** Sets arguments instead of the model. */
  preset<Slug extends keyof M & string>(
    scope: { readonly tools: readonly Slug[] },
    values: Partial<Typed<M, Slug, "input">>,
  ): Preset;
  preset(scope: Untyped, values: Json_schema_hooks): Preset;
}

/** The hooks typed by slug: `schemaHooksOf<ToolMap>().preset({ tools: ["GITHUB_CREATE_AN_ISSUE"] }, { owner: "acme" })`. */
export function schemaHooksOf<M>(): SchemaHooks<M> {
  return { onSchema, preset } as unknown as SchemaHooks<M>;
}

export interface DescribeOptions<Slug extends string = string> extends Scope<Slug> {
  /** Run in order, each on the result of the one before. */
  readonly hooks?: readonly SchemaHook[] | undefined;
}

/**
 * Describes the tools of a toolkit, or those in the scope, for a model. Given the emitted `ToolMap`
 * (`describeTools<ToolMap>(…)`), the slugs in the scope and in the result are typed.
 * @param toolkit what it exports (`import * as github …`)
 * @param schemas what its `schemas.ts` exports
 * @throws ConfigurationError where a tool has no schema there, UnknownToolError for a slug of the toolkit that it does not
 *   have (those of other toolkits are skipped), HookError where a hook throws
 */
export async function describeTools<M = Json_schema_hooks>(
  toolkit: object,
  schemas: object,
  { hooks = [], ...scope }: DescribeOptions<keyof M & string> = {},
): Promise<ToolDescription<Json_schema_hooks, keyof M & string>[]> {
  // A kept old name is an alias of the same tool, and has no schema.
  const found = new Map<ToolFacts, unknown>();
  const owners = new Map<string, string>();
  for (const [name, tool] of Object.entries(toolkit) as [string, ToolFacts][]) {
    if (typeof (tool as unknown) !== "function" || !("slug" in tool)) continue;
    owners.set(tool.slug, tool.toolkit);
    if (isNamed(scope, tool)) found.set(tool, (schemas as Json_schema_hooks)[`${name}InputSchema`] ?? found.get(tool));
  }
  for (const slug of scope.tools ?? []) checkSlug(slug, owners);
  const described = [...found].map(([{ slug, toolkit: own, description }, schema]) => {
    if (schema === undefined) throw misconfigured(`there is no schema for ${slug}`, "pass its toolkit's schemas.ts");
    // `true` and `false` are schemas too, and others lack a type, but no model accepts them.
    const args: ToolDescription["arguments"] = standingAlone({ ...(schema as object), type: "object" });
    const given = { slug, toolkit: own, description, arguments: args };
    return hooks.reduce<Promise<ToolDescription>>((told, hook) => told.then(hook), Promise.resolve(given));
  });
  return Promise.all(described) as Promise<ToolDescription<Json_schema_hooks, keyof M & string>[]>;
}

/** A slug that begins with a toolkit's name is meant for that toolkit: an unknown one must not be skipped silently. */
function checkSlug(slug: string, owners: ReadonlyMap<string, string>): void {
  if (owners.has(slug)) return;
  const isOf = (toolkit: string): boolean => slug.startsWith(`${toolkit.toUpperCase().replace(/\W/g, "_")}_`);
  const owner = [...owners.values()].find(isOf);
  if (owner === undefined) return;
  const near = nearest(slug, owners.keys());
  const text = ["is unknown", `${owner} has no tool of this slug`, near ? `name ${near}` : "leave it out"] as const;
  throw new ToolbindCallError("TB5005", text, { toolSlug: slug });
}

function onSchema(
  scope: Scope,
  hook: (tool: ToolDescription) => MaybePromise<Partial<ToolDescription> | void>,
): SchemaHook {
  return async (tool) => {
    if (!isNamed(scope, tool)) return tool;
    return { ...tool, ...(await guarded({ tool }, () => hook(tool))) };
  };
}

function preset(scope: Scope, values: Json_schema_hooks): Preset {
  const isLeft = (key: string): boolean => !Object.hasOwn(values, key);
  return {
    schema: onSchema(scope, ({ arguments: { properties, required = [], ...rest } }) => {
      const left = properties && Object.fromEntries(Object.entries(properties).filter(([key]) => isLeft(key)));
      const needed = required.filter(isLeft);
      return {
        arguments: standingAlone({
          ...rest,
          ...(left && { properties: left }),
          ...(needed.length > 0 && { required: needed }),
        }),
      };
    }),
    call: within(scope, (call, next) => {
      if (!("arguments" in call.body)) return next(call);
      return next({ ...call, body: { arguments: { ...(call.body.arguments as object), ...values } } });
    }),
  };
}

// From index.ts


export {
  type AddressOptions,
  type AppConnection,
  type Binary,
  type CallErrorCode,
  type CallErrorDetails,
  type CallOptions,
  type Client,
  type ClientOptions,
  type Clock,
  type Connection,
  type ConnectionHost,
  type ConnectionStore,
  type CustomAuthParams,
  type CustomConnectionData,
  type Drift,
  type Fetch,
  type KeptConnection,
  type KeySource,
  type ManagedConnections,
  type Middleware,
  type Next,
  type ResponseEnvelope,
  type ResponseFacts,
  type Retry,
  type SafeResult,
  type Tool,
  type ToolCall,
  type ToolDefinition,
  type ToolFacts,
  type ToolHints,
  type ToolWithOptionalArgs,
  ToolbindCallError,
  type Validation,
  type ValidationIssue,
  configure,
  createClient,
  defineTool,
  isToolbindCallError,
} from "./tool.js";
export { memoryConnections } from "./shared.js";
