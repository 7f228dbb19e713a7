import { type ClientState, environment, originOf, stateOf } from "./client.js";
import { DEFAULTS } from "./defaults.js";
import { type CallErrorDetails, misconfigured, ToolbindCallError } from "./errors.js";
import type { AnyTool, CallOptions, ClientOptions, Clock, Fetch, Retry, Validation } from "./types.js";

/** Empty where neither is given. */
interface Identity {
  readonly userId?: string | undefined;
  readonly connectedAccountId?: string | undefined;
}

/** The settings of every call: its options first, then the client's, then the defaults. */
export interface CallSettings {
  /** What every error of the call states. */
  readonly facts: { readonly toolSlug: string; readonly version: string };
  readonly validate: Validation;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly retry: Retry;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly call: CallOptions;
  readonly client: ClientState;
}

/** The settings of a call through the platform, including the environment's. */
export interface Settings extends CallSettings {
  /** Where it is posted, below the API's root. */
  readonly path: string;
  readonly origin: string;
  readonly identity: Identity;
}

/**
 * Works out the settings of a call through the platform, before anything is sent.
 * @throws ConfigurationError, VersionError, MissingIdentityError
 */
export function settle(tool: AnyTool, call: CallOptions): Settings {
  const client = stateOf(call.client).options;
  const baseUrl =
    client.baseUrl ?? environment("COMPOSIO_BASE_URL") ?? environment("COMPOSIO_BASE") ?? DEFAULTS.baseUrl;
  const own = {
    facts: { toolSlug: tool.slug, version: versionOf(tool, call, client) },
    path: `tools/execute/${encodeURIComponent(tool.slug)}`,
    origin: originOf(baseUrl),
    identity: identityOf(tool, call, client),
  };
  return settleCall(own, call) as Settings;
}

/**
 * Adds the settings that every call has to those of its executor.
 * @throws ConfigurationError
 */
export function settleCall(own: Pick<CallSettings, "facts">, call: CallOptions): CallSettings {
  const state = stateOf(call.client);
  const client = state.options;
  const timeoutMs = call.timeoutMs ?? client.timeoutMs ?? DEFAULTS.timeoutMs;
  const deadlineMs = call.deadlineMs ?? client.deadlineMs ?? Infinity;
  if (!(timeoutMs > 0 && deadlineMs > 0)) {
    throw misconfigured(`timeoutMs is ${timeoutMs}, deadlineMs ${deadlineMs}`, "give more than 0");
  }
  // Copied last: V8 takes microseconds to add to a copy.
  return {
    validate: laid(DEFAULTS.validate, client.validate, call.validate),
    timeoutMs,
    deadlineMs,
    retry: laid<Retry>(client.retry, call.retry),
    fetch: call.fetch ?? client.fetch ?? fetch,
    clock: client.clock ?? (globalThis as Clock),
    call,
    client: state,
    ...own,
  };
}

/** Merges options, later ones over earlier ones; undefined ones do not override. */
function laid<T extends object>(...layers: readonly (T | undefined)[]): T {
  const all = {} as T;
  for (const layer of layers) for (const key in layer) all[key] = layer[key] ?? all[key];
  return all;
}

/** The key. No message ever contains it. */
export async function keyOf({ client, facts }: Settings): Promise<string> {
  const { userApiKey, apiKey } = client.options;
  const source = userApiKey || apiKey || environment("COMPOSIO_API_KEY");
  try {
    const key = (typeof source === "function" ? await source() : source)?.trim();
    if (key) return key;
  } catch (cause) {
    throw refusal("TB5002", "the key function failed", "see `cause`", { ...facts, cause });
  }
  throw refusal("TB5002", "no API key", "set COMPOSIO_API_KEY, or createClient({ apiKey })", facts);
}

function versionOf({ slug, toolkit, version: pin }: AnyTool, call: CallOptions, client: ClientOptions): string {
  const variable = `COMPOSIO_TOOLKIT_VERSION_${toolkit.toUpperCase().replace(/\W/g, "_")}`;
  const version = call.version ?? client.toolkitVersions?.[toolkit] ?? environment(variable) ?? pin;
  if (call.dangerouslySkipVersionCheck ?? client.dangerouslySkipVersionCheck) return version || "latest";
  if (version && version !== "latest" && version !== "00000000_00") return version;
  const remedy = `pass a dated version, or set toolkitVersions or ${variable}`;
  const cause = version ? `version ${version} may change` : "it has no version";
  throw refusal("TB5004", cause, remedy, { toolSlug: slug, version: version ?? undefined });
}

/** A user and an account set in the same place belong together; those of the call replace both of the client. */
function identityOf({ slug, noAuth }: AnyTool, call: CallOptions, client: ClientOptions): Identity {
  const named = [call, client].find((each) => (each.userId ?? each.connectedAccountId) !== undefined);
  const identity: Identity = named ?? { userId: environment("COMPOSIO_USER_ID") };
  if (identity.userId || identity.connectedAccountId || noAuth || call.customAuthParams || call.customConnectionData) {
    return identity;
  }
  const remedy = "use client.forUser(id) or forAccount(id), or set COMPOSIO_USER_ID";
  throw refusal("TB5003", "no user or account", remedy, { toolSlug: slug });
}

function refusal(
  code: "TB5002" | "TB5003" | "TB5004",
  cause: string,
  remedy: string,
  facts: CallErrorDetails,
): ToolbindCallError {
  return new ToolbindCallError(code, ["cannot be called", cause, remedy], facts);
}
