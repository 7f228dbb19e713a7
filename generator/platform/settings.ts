import { decodePercent } from "../text/json-pointer.js";
import { DEFAULTS } from "../../runtime/defaults.js";
import { environment, originOf } from "../../runtime/client.js";
import type { PlatformConfig } from "../config/types.js";
import { ToolbindError } from "../errors.js";

const DEFAULT_CONCURRENCY = 8;

/** A proxy that requests go through; NO_PROXY is still to be heard. */
export interface ProxySettings {
  /** With user name and password, where it has them. */
  readonly url: string;
  /** Without them. */
  readonly shown: string;
  /** What names it, for people. */
  readonly from: string;
}

/** The settings of requests to the platform. */
export interface PlatformSettings {
  readonly origin: string;
  /** The key among them. */
  readonly headers: Headers;
  readonly concurrency: number;
  /** Undefined where requests go straight to the platform. */
  readonly proxy: ProxySettings | undefined;
  /** Blacks the key and the values from the environment out of a text. */
  readonly redact: (text: string) => string;
}

/**
 * Settles the address, the key and the headers. The environment comes before the configuration, as in calls.
 * No message ever holds a value.
 */
export function platformSettings(config: PlatformConfig): PlatformSettings {
  const { baseUrl = DEFAULTS.baseUrl, headers: given = {}, concurrency = DEFAULT_CONCURRENCY } = config;
  const origin = originOf(environment("COMPOSIO_BASE_URL") ?? environment("COMPOSIO_BASE") ?? baseUrl);
  const key = environment("COMPOSIO_API_KEY");
  if (key === undefined) {
    throw new ToolbindError("TB2011", {
      what: "There is no API key for the platform",
      fix: "set COMPOSIO_API_KEY to a key of your project",
    });
  }
  const secrets = new Set([key]);
  const headers = new Headers();
  for (const [name, template] of Object.entries(given)) {
    const filled = filledIn(template, secrets);
    if (typeof filled !== "string") throw unusable(name, notSet(filled), `set ${filled.unset}`);
    setHeader(headers, name, filled);
  }
  headers.delete("x-user-api-key");
  headers.set("accept", "application/json");
  setHeader(headers, "x-api-key", key);
  const proxy = proxyOf(origin, config.proxy, secrets);
  return { origin, headers, concurrency, proxy, redact: (text) => blackOut(text, secrets) };
}

/** The text with the values of the environment variables that it names, which become secrets. */
function filledIn(template: string, secrets: Set<string>): string | { readonly unset: string } {
  let unset: string | undefined;
  const text = template.replace(/\$\{([^}]*)\}/g, (_, variable: string) => {
    const found = environment(variable);
    if (found === undefined) unset ??= variable;
    else secrets.add(found);
    return found ?? "";
  });
  return unset === undefined ? text : { unset };
}

function notSet({ unset }: { readonly unset: string }): string {
  return `the environment variable ${unset} is not set`;
}

/** The configuration comes before the environment here: whoever writes a proxy down means this one platform. */
function proxyOf(origin: string, configured: string | undefined, secrets: Set<string>): ProxySettings | undefined {
  const variables = origin.startsWith("https:")
    ? ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"]
    : ["http_proxy", "HTTP_PROXY"];
  const variable = variables.find((name) => environment(name) !== undefined);
  const given = configured ?? (variable === undefined ? undefined : environment(variable));
  if (given === undefined) return undefined;
  const from = configured === undefined ? (variable as string) : "`platform.proxy`";
  const text = configured === undefined ? given : filledIn(given, secrets);
  if (typeof text !== "string") throw proxyError(`${from} cannot be used: ${notSet(text)}`, `set ${text.unset}`);
  const url = text.includes("://") ? text : `http://${text}`;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw proxyError(`${from} is not a usable proxy address`, "write it as `http://user:password@host:port`");
  const { origin: shown, username, password } = new URL(url);
  for (const secret of [password, decodePercent(password), `${username}:${password}`])
    if (secret.length > 1) secrets.add(secret);
  if (password !== "") secrets.add(btoa(`${decodePercent(username)}:${decodePercent(password)}`));
  return { url, shown, from };
}

// The value is not shown: it may contain a password.
function proxyError(what: string, fix: string): ToolbindError {
  return new ToolbindError("TB2020", { what, fix });
}

function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value);
  } catch {
    // The original error would show the value.
    throw unusable(name, "its name or value contains characters that a header cannot have", "use plain characters");
  }
}

function unusable(name: string, why: string, fix: string): ToolbindError {
  return new ToolbindError("TB2019", { what: `The header ${JSON.stringify(name)} cannot be sent: ${why}`, fix });
}

function blackOut(text: string, secrets: ReadonlySet<string>): string {
  return [...secrets].reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text);
}
