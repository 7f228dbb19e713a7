import { DEFAULTS } from "../../runtime/defaults.js";
import { environment } from "../../runtime/environment.js";
import { originOf } from "../../runtime/origin.js";
import type { PlatformConfig } from "../config/types.js";
import { ToolbindError } from "../errors.js";

const DEFAULT_CONCURRENCY = 8;

/** What requests to the platform go by. */
export interface PlatformSettings {
  readonly origin: string;
  /** The key among them. */
  readonly headers: Headers;
  readonly concurrency: number;
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
      what: "There is no key for the platform",
      fix: "set COMPOSIO_API_KEY to a key of your project",
    });
  }
  const secrets = new Set([key]);
  const headers = new Headers();
  for (const [name, template] of Object.entries(given)) {
    const value = template.replace(/\$\{([^}]*)\}/g, (_, variable: string) => {
      const found = environment(variable);
      if (found === undefined)
        throw unusable(name, `the environment variable ${variable} is not set`, `set ${variable}`);
      secrets.add(found);
      return found;
    });
    setHeader(headers, name, value);
  }
  headers.delete("x-user-api-key");
  headers.set("accept", "application/json");
  setHeader(headers, "x-api-key", key);
  return { origin, headers, concurrency, redact: (text) => blackOut(text, secrets) };
}

function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value);
  } catch {
    // What was thrown would show the value.
    throw unusable(name, "its name or value holds characters that no header may have", "use plain characters");
  }
}

function unusable(name: string, why: string, fix: string): ToolbindError {
  return new ToolbindError("TB2019", { what: `The header ${JSON.stringify(name)} cannot be sent: ${why}`, fix });
}

function blackOut(text: string, secrets: ReadonlySet<string>): string {
  return [...secrets].reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text);
}
