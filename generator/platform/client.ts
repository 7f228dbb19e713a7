import { setTimeout as sleep } from "node:timers/promises";
import { ToolbindError } from "../errors.js";
import {
  describeText,
  isErrorBody,
  isRouteError,
  looksLikeHtml,
  messageIn,
  parseAnswer,
  suggestionIn,
} from "./answer.js";
import type { paths } from "./api.js";
import type { PlatformSettings } from "./settings.js";
import { type HttpAnswer, straight, TimedOut, TooLarge, type Transport } from "./transport.js";

type Gettable = { [Path in keyof paths]: paths[Path] extends { readonly get: object } ? Path : never }[keyof paths];
type OperationOf<Path extends Gettable> = paths[Path] extends { readonly get: infer Operation } ? Operation : never;
type ParametersOf<Path extends Gettable> =
  OperationOf<Path> extends { readonly parameters: infer Parameters } ? Parameters : never;

/** The query that an endpoint of the platform takes. */
export type QueryOf<Path extends Gettable> =
  ParametersOf<Path> extends { readonly query?: infer Query }
    ? [NonNullable<Query>] extends [never]
      ? Readonly<Record<never, never>>
      : NonNullable<Query>
    : never;

/** Where the platform describes itself; the description leaves this path out. */
export const DESCRIPTION_PATH = "/api/v3.1/openapi.json";

/** The endpoints that list page by page. */
export type ListPath = "/api/v3.1/toolkits" | "/api/v3.1/tools" | "/api/v3.1/triggers_types";

export interface ClientOptions {
  readonly settings: PlatformSettings;
  /** Ends every request, and every wait between two. */
  readonly signal: AbortSignal;
  /** Waits; tests pass one that does not. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

const MAX_ATTEMPTS = 6;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 8_000;
const MAX_RETRY_AFTER_MS = 60_000;
const TIMEOUT_MS = 60_000;
const MAX_SHOWN = 300;

type RetriedCode = "TB2010" | "TB2012" | "TB2015" | "TB2018";

/** The result of one attempt: an answer, or why another may succeed. */
type Outcome =
  | { readonly kind: "answer"; readonly status: number; readonly body: unknown }
  | { readonly kind: "retry"; readonly code: RetriedCode; readonly why: string; readonly afterMs?: number | undefined };

/**
 * Reads from the platform. A broken connection, a cut answer, 408, 429 and 5xx are tried again, with growing waits;
 * a 429 holds all requests back.
 */
export class PlatformClient {
  readonly #settings: PlatformSettings;
  readonly #signal: AbortSignal;
  readonly #wait: NonNullable<ClientOptions["wait"]>;
  readonly #ended = new AbortController();
  readonly #queue: (() => void)[] = [];
  #free: number;
  #pause: Promise<unknown> = Promise.resolve();
  #sending: Promise<Transport> | undefined;

  constructor({ settings, signal, wait = (ms, ended) => sleep(ms, undefined, { signal: ended }) }: ClientOptions) {
    this.#settings = settings;
    this.#signal = AbortSignal.any([signal, this.#ended.signal]);
    this.#wait = wait;
    this.#free = settings.concurrency;
  }

  get origin(): string {
    return this.#settings.origin;
  }

  get concurrency(): number {
    return this.#settings.concurrency;
  }

  /** Ends every request, and every wait between two, as the given signal would. */
  end(reason: unknown): void {
    this.#ended.abort(reason);
  }

  /** The body of an answer; undefined for 404. `slug` takes the place of a parameter in the path. */
  async get<Path extends Gettable>(path: Path, query: QueryOf<Path>, slug?: string): Promise<unknown> {
    const named = slug === undefined ? path : path.replace(/\{\w+\}/, encodeURIComponent(slug));
    return this.#get(named, queryString(query));
  }

  /** The platform's own OpenAPI description. */
  async description(): Promise<unknown> {
    const found = await this.#get(DESCRIPTION_PATH, "");
    if (found === undefined) throw this.#foreign(DESCRIPTION_PATH, "404");
    return found;
  }

  async #get(named: string, query: string): Promise<unknown> {
    const url = `${this.#settings.origin}${named}${query}`;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#oneOfFew(() => this.#attempt(url, named));
      if (outcome.kind === "answer") return outcome.status === 404 ? undefined : outcome.body;
      const { code, why, afterMs } = outcome;
      if (attempt === MAX_ATTEMPTS || (afterMs ?? 0) > MAX_RETRY_AFTER_MS)
        throw this.#givenUp(code, named, why, attempt);
      const waited = this.#sleep(afterMs ?? backoff(attempt));
      if (code === "TB2015") this.#pause = Promise.allSettled([this.#pause, waited]);
      await waited;
    }
  }

  async #sleep(ms: number): Promise<void> {
    try {
      await this.#wait(ms, this.#signal);
    } catch (error) {
      this.#signal.throwIfAborted();
      throw error;
    }
  }

  /** Runs an attempt when fewer than the configured number run. */
  async #oneOfFew(attempt: () => Promise<Outcome>): Promise<Outcome> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    try {
      await this.#pause;
      this.#signal.throwIfAborted();
      return await attempt();
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }

  async #attempt(url: string, path: string): Promise<Outcome> {
    const { headers, proxy } = this.#settings;
    const ends = { signal: this.#signal, timeoutMs: TIMEOUT_MS };
    let answer: HttpAnswer;
    try {
      answer = await (await this.#transport())(url, Object.fromEntries(headers), ends);
    } catch (error) {
      this.#signal.throwIfAborted();
      if (error instanceof TooLarge) throw this.#tooLarge(path, error);
      const refused = proxy && (await import("./proxy.js")).refusalIn(error);
      if (refused !== undefined && refused < 500) throw this.#refusedByProxy(refused);
      if (refused !== undefined) return { kind: "retry", code: "TB2010", why: `the proxy responded with ${refused}` };
      const why = error instanceof TimedOut ? `no response within ${TIMEOUT_MS / 1000} s` : reasonOf(error);
      return { kind: "retry", code: "TB2010", why };
    }
    return this.#read(answer, path);
  }

  #transport(): Promise<Transport> {
    const { proxy } = this.#settings;
    return (this.#sending ??= proxy
      ? import("./proxy.js").then(({ throughProxy }) => throughProxy(proxy))
      : Promise.resolve(straight()));
  }

  #read({ status, headers, text }: HttpAnswer, path: string): Outcome {
    if (status === 429) {
      const retryAfter = headers.get("retry-after");
      const why = retryAfter === null ? "429" : `429, and to wait ${retryAfter} s`;
      return { kind: "retry", code: "TB2015", why, afterMs: readRetryAfter(retryAfter) };
    }
    const body = parseAnswer(text);
    const failure = body === undefined ? describeText(text, headers) : messageIn(body);
    if (status === 407) throw this.#refusedByProxy(status);
    if (status >= 500 || status === 408)
      return { kind: "retry", code: "TB2018", why: `${status}: ${this.#shown(failure)}` };
    if (status === 401 || status === 403) throw this.#refused(status, failure);
    if (status >= 300 && status < 400) throw this.#foreign(path, `a redirect (${status})`);
    if (body === undefined) {
      if (looksLikeHtml(text)) throw this.#foreign(path, describeText(text, headers));
      if (status === 200) return { kind: "retry", code: "TB2012", why: describeText(text, headers) };
    }
    if (status === 404 && body !== undefined && isErrorBody(body) && !isRouteError(body))
      return { kind: "answer", status, body };
    if (status === 200) return { kind: "answer", status, body };
    if (status === 404) throw this.#foreign(path, `404: ${this.#shown(failure)}`);
    const suggestion = suggestionIn(body);
    throw new ToolbindError("TB2018", {
      what: `The platform rejects ${path} with ${status}: ${this.#shown(failure)}`,
      ...(suggestion !== undefined && { fix: this.#shown(suggestion) }),
    });
  }

  #tooLarge(path: string, { message }: TooLarge): ToolbindError {
    const at = { source: `${this.origin}${path}` };
    return new ToolbindError("TB2012", {
      what: "The response is too large",
      at,
      expected: "a page",
      received: message,
      fix: "check `platform.baseUrl` and any proxy between you and the platform",
    });
  }

  #refused(status: number, failure: string): ToolbindError {
    return new ToolbindError("TB2011", {
      what: `The platform at ${this.origin} rejects the key with ${status}: ${this.#shown(failure)}`,
      fix: status === 401 ? "set COMPOSIO_API_KEY to a key of your project" : "use a key that may list tools",
    });
  }

  #refusedByProxy(status: number): ToolbindError {
    const { proxy } = this.#settings;
    const source = proxy === undefined ? "between here and the platform" : `${proxy.shown}, of ${proxy.from},`;
    const place = proxy?.from ?? "HTTPS_PROXY";
    return new ToolbindError("TB2020", {
      what: `The proxy ${source} refuses to connect to ${this.origin} with ${status}`,
      fix:
        status === 407
          ? `put a user name and a password that it accepts into ${place}, as \`http://user:password@host:port\``
          : `have it allow ${this.origin}, or name that host in NO_PROXY to bypass it`,
    });
  }

  #foreign(path: string, received: string): ToolbindError {
    return new ToolbindError("TB2012", {
      what: "Unexpected response from the platform",
      at: { source: `${this.origin}${path}` },
      expected: "JSON, as the platform documents it",
      received: this.#shown(received),
      fix: "check `platform.baseUrl` (or COMPOSIO_BASE_URL), and whether the response comes from a proxy or a login page",
    });
  }

  #givenUp(code: RetriedCode, path: string, why: string, attempts: number): ToolbindError {
    if (code === "TB2012") return this.#foreign(path, why);
    const [verb, fix] = {
      TB2010: ["cannot be reached", `check the network${this.#proxyHint()} and \`platform.baseUrl\``],
      TB2015: ["is rate limiting requests", "run it again later, or lower `platform.concurrency`"],
      TB2018: ["fails", "run it again later"],
    }[code] as [string, string];
    const times = attempts === 1 ? "" : ` (${attempts} attempts)`;
    const what = `The platform ${verb} at ${this.origin}${path}: ${this.#shown(why)}${times}`;
    return new ToolbindError(code, { what, fix });
  }

  #proxyHint(): string {
    const { proxy } = this.#settings;
    return proxy === undefined ? "" : `, the proxy ${proxy.shown} of ${proxy.from}`;
  }

  #shown(text: string): string {
    const safe = this.#settings.redact(text).replace(/\s+/g, " ").trim();
    return safe.length > MAX_SHOWN ? `${safe.slice(0, MAX_SHOWN)}…` : safe;
  }
}

/** Lists as repeated keys, objects in bracket notation. */
function queryString(query: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [string, unknown][]) {
    if (value === undefined || value === null) continue;
    if (Array.isArray(value)) for (const each of value) search.append(name, String(each));
    else if (typeof value === "object") {
      for (const [key, inner] of Object.entries(value)) search.append(`${name}[${key}]`, String(inner));
    } else search.append(name, String(value as string | number | boolean));
  }
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}

/** Milliseconds from seconds or a date; undefined where the header says nothing. */
function readRetryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+(?:\.\d+)?$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function backoff(attempt: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** (attempt - 1), MAX_BACKOFF_MS) * (1 - Math.random() / 4);
}

function reasonOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown; message?: unknown } };
  return String(code ?? cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : error));
}
