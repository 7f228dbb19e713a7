import { misconfigured } from "./errors.js";
import type { Client, ClientOptions } from "./types.js";

/** What a client holds, out of sight so that logging a client shows no key. */
export interface ClientState {
  readonly options: ClientOptions;
  /** Places where drift was already reported, shared with derived clients. */
  readonly reported: Set<string>;
}

interface WithNavigator {
  readonly navigator?: { readonly userAgent?: string };
}

/** Not a symbol of this copy of the runtime, so that its clients serve another copy's tools too. */
const STATE = "~toolbind";

let current: ClientState | undefined;

/**
 * Makes a client. Nothing is sent and the environment is read only when it is used.
 * @throws ConfigurationError when an option cannot work
 */
export function createClient(options: ClientOptions = {}): Client {
  const { apiKey, userApiKey, baseUrl, dangerouslyAllowBrowser } = options;
  if (apiKey && userApiKey) throw misconfigured("there are two keys", "give apiKey or userApiKey");
  if ((apiKey || userApiKey) && !dangerouslyAllowBrowser && isBrowser()) {
    throw misconfigured("visitors could read the key", "call from a server, or set dangerouslyAllowBrowser");
  }
  if (baseUrl !== undefined) originOf(baseUrl);
  return derive(options, new Set());
}

/** Every browser identifies itself like this, in pages and in workers; no server does. */
function isBrowser(): boolean {
  return /Mozilla/.test((globalThis as WithNavigator).navigator?.userAgent as string);
}

/** Sets the client of all calls that do not pass one, in this process and this copy of the runtime. */
export function configure(options: ClientOptions): Client {
  const client = createClient(options);
  current = stateOf(client);
  return client;
}

/** What the client of a call holds; no options where nobody made one. */
export function stateOf(client?: Client): ClientState {
  if (client === undefined) return (current ??= { options: {}, reported: new Set() });
  const state = (client as { readonly [STATE]?: () => ClientState } | null)?.[STATE]?.();
  if (!state) throw misconfigured("not a toolbind client", "use createClient");
  return state;
}

function derive(options: ClientOptions, reported: Set<string>): Client {
  const scoped = (scope: ClientOptions, id: string): Client => {
    // An id that got lost on its way must not turn into the user of the environment.
    if (!id) throw misconfigured("the id is empty", "pass an id");
    const { userId: _user, connectedAccountId: _account, ...others } = options;
    return derive({ ...others, ...scope }, reported);
  };
  const client: Client = {
    forUser: (userId) => scoped({ userId }, userId),
    forAccount: (connectedAccountId) => scoped({ connectedAccountId }, connectedAccountId),
  };
  // A function, since an inspector can be set to evaluate getters.
  return Object.defineProperty(client, STATE, { value: () => ({ options, reported }) });
}

const ACCEPTED = /^(https:\/\/[^/@]+|http:\/\/(([^/@]+\.)?localhost|127[.\d]+|\[::1])(:\d+)?)(\/api\/v3(\.1)?)?\/?$/;

interface WithProcess {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

/**
 * An environment variable, trimmed; undefined where it is empty, absent or may not be read, and in a
 * browser, where only what was bundled into the page can stand for one.
 */
export function environment(name: string): string | undefined {
  try {
    return isBrowser() ? undefined : (globalThis as WithProcess).process?.env?.[name]?.trim() || undefined;
  } catch {
    return undefined;
  }
}

/**
 * The origin of a base URL, with `/api/v3` or `/api/v3.1` taken off.
 * @throws ConfigurationError for other paths, for http to other machines, and for URLs that hold credentials
 */
export function originOf(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url && ACCEPTED.test(url.href)) return url.origin;
  const shown = url ? url.origin + url.pathname : "not a URL";
  throw misconfigured(`baseUrl is ${shown}`, "give an https origin, or one with /api/v3");
}
