// Logging as a layer for `use`. Entries are composed of facts that hold no secrets; bodies appear only at
// `debug`, with their secrets blacked out.
import { environment } from "../client.js";
import { blackOut, isSecretName, isToolbindCallError, misconfigured } from "../errors.js";
import { quietly, type Scope, within } from "./hooks.js";
import type { Fetch, Middleware } from "../types.js";
import { withFetch } from "./watch.js";

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
      if (reach === LEVELS.length - 1) log("debug", "is sent", { attempt, body: shown(parse(init.body)) });
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

function parse(body: Parameters<Fetch>[1]["body"]): unknown {
  try {
    return typeof body === "string" ? JSON.parse(body) : undefined;
  } catch {
    return undefined;
  }
}
