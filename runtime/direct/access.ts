// Who is calling: the credentials of one call, and the scheme that they are for.
import { environment } from "../client.js";
import { isSecretName, misconfigured, ToolbindCallError } from "../errors.js";
import type { CallSettings } from "../settings.js";
import type { App, AuthField, AuthScheme, RequestAdditions } from "./app.js";
import {
  type AddressOptions,
  type AppConnection,
  type Connection,
  type ConnectionStore,
  DEFAULT_USER,
} from "./connections.js";
import { type Candidate, candidateOf, candidatesOf, missingIn } from "./needs.js";
import type { Route, Server } from "./route.js";
import { type BaseUrl, type Fields, fieldsIn, serverUrl, Unusable } from "./url.js";

/** What a call authenticates with. */
export interface Access {
  /** All apply together. Empty: no credentials. */
  readonly schemes: readonly AuthScheme[];
  /** Every value that is known, by field. */
  readonly fields: Readonly<Record<string, string>>;
  readonly expiresAt: number | undefined;
  readonly userId: string;
  readonly store: ConnectionStore;
  readonly baseUrl: BaseUrl;
  readonly address: AddressOptions;
}

type Given = ReadonlyMap<string, string>;

const NO_FIELDS: ReadonlySet<string> = new Set(["authScheme", "baseUrl", "allowHosts", "resolve"]);
const MOST_REMEMBERED = 1000;
const LONG_VALUE = 8;
const PLACEHOLDER = "[redacted]";

const NOTHING_GIVEN: Given = new Map();
/** No private host is allowed. */
const ANYWHERE_PUBLIC: AddressOptions = {};

/** For apps whose credentials are never renewed. */
const NOTHING_KEPT: ConnectionStore = { get: () => undefined, set: () => {} };

/** Tokens for credentials that are in no store, by client and by the credentials. */
const memories = new WeakMap<object, Map<string, ConnectionStore>>();

/** Where the values of a call come from. */
interface Sources {
  readonly userId: string;
  /** What comes with the call. */
  readonly near: Given;
  readonly stored: Connection | undefined;
  /** What the client gives for all users. */
  readonly common: Given;
  /** No other credentials replace those of a named user, or complete those that come with the call. */
  readonly strict: boolean;
  /** Undefined where renewed tokens are not to be kept for others. */
  readonly store: ConnectionStore | undefined;
}

/**
 * Finds the credentials of a call.
 * @param shown for a request that is only shown: missing values get placeholders
 * @throws MissingCredentialsError, MissingIdentityError, ConfigurationError
 */
export async function accessOf(app: App, route: Route, settings: CallSettings, shown: boolean): Promise<Access> {
  const { call, client, facts } = settings;
  const { customConnectionData: brought } = call;
  const custom = brought ? undefined : call.customAuthParams;
  const own = ownOf(client.options.apps, app.slug);
  const sources = await sourcesOf(app, settings, own);
  const { userId, stored, near, common } = sources;

  const wanted = call.app?.authScheme ?? brought?.authScheme ?? stored?.scheme ?? own?.authScheme;
  // The parameters that a program passes are its credentials.
  const candidates = custom?.parameters?.length ? [candidateOf(app, route, [])] : candidatesOf(app, route, wanted);
  const { candidate, valueOf, lacking } = firstComplete(app, sources, candidates);
  const { schemes, server, template, names } = candidate;
  if (lacking[0] !== undefined && !shown) throw missingField(app, lacking[0], userId, facts);

  const given: Record<string, string> = {};
  const take = (name: string): void => {
    const value = valueOf(name);
    if (value !== undefined) given[name] = value;
  };
  for (const name of near.keys()) take(name);
  for (const name of common.keys()) take(name);
  if (stored) for (const name of Object.keys(stored.fields)) take(name);
  for (const name of names) take(name);
  const key = (): string => JSON.stringify([app.slug, userId, schemes.map(({ name }) => name), given]);
  const store = sources.store ?? (app.authorisers ? memoryOf(client.reported, key()) : NOTHING_KEPT);
  const memory = sources.store || store === NOTHING_KEPT ? undefined : await store.get(app.slug, userId);
  const fields = memory ? { ...given, ...memory.fields } : given;
  for (const name of lacking) fields[name] = PLACEHOLDER;

  const lookup: Fields = (name) => ownOf(fields, name);
  const literal = custom?.baseUrl ?? call.app?.baseUrl ?? own?.baseUrl;
  const baseUrl = baseUrlFor(app, literal, template, server, lookup);
  const absent = baseUrl.template && fieldsIn(baseUrl.text).find((name) => lookup(name) === undefined);
  if (absent) throw missingField(app, absent, userId, facts);
  const { allowHosts = own?.allowHosts, resolve = own?.resolve } = call.app ?? {};
  const kept = memory ?? (schemes.some(({ name }) => name === stored?.scheme) ? stored : undefined);
  const address = allowHosts || resolve ? { allowHosts, resolve } : ANYWHERE_PUBLIC;
  return { schemes, fields, expiresAt: kept?.expiresAt, userId, store, baseUrl, address };
}

/** The first complete candidate, else the first, with the fields that it lacks. */
function firstComplete(
  app: App,
  sources: Sources,
  candidates: readonly Candidate[],
): { readonly candidate: Candidate; readonly valueOf: Fields; readonly lacking: readonly string[] } {
  let first: ReturnType<typeof firstComplete> | undefined;
  for (const candidate of candidates) {
    const valueOf = valuesIn(app, sources, candidate);
    const lacking = candidate.schemes.flatMap((scheme) => missingIn(app, scheme, valueOf));
    const found = { candidate, valueOf, lacking };
    if (lacking.length === 0) return found;
    first ??= found;
  }
  return first!;
}

async function sourcesOf(
  app: App,
  { call, client, facts }: CallSettings,
  own: AppConnection | undefined,
): Promise<Sources> {
  const { customConnectionData: brought, customAuthParams: custom } = call;
  if (custom?.body) throw misconfigured("customAuthParams.body is only for the platform", "leave it out");
  if (brought && brought.toolkitSlug !== app.slug) {
    throw misconfigured(
      `customConnectionData is for ${brought.toolkitSlug}, not ${app.slug}`,
      "pass the one for the app",
    );
  }
  const { connections } = client.options;
  const nearest = [call, client.options].find((each) => (each.userId ?? each.connectedAccountId) !== undefined);
  const userId = nearest ? nearest.userId : DEFAULT_USER;
  // An account of the platform does not say whose connection is meant.
  if (userId === "" || (userId === undefined && connections && !brought)) {
    const remedy = "use client.forUser(id), or name no user";
    throw new ToolbindCallError("TB5003", ["cannot be called", "no user is named", remedy], facts);
  }
  const user = userId ?? DEFAULT_USER;
  const [laidOver, common] = await both(valuesOf(call.app), valuesOf(own));
  return {
    userId: user,
    near: brought ? new Map([...recordOf(Object.entries(brought.val)), ...laidOver]) : laidOver,
    stored: brought ? undefined : await connections?.get(app.slug, user),
    common,
    strict: brought !== undefined || (connections !== undefined && nearest !== undefined),
    store: brought || laidOver.size > 0 ? undefined : connections,
  };
}

/** The value that a field has for a set of schemes. */
function valuesIn(app: App, { near, stored, common, strict }: Sources, { schemes, fields }: Candidate): Fields {
  const isStored = stored !== undefined && (schemes.length === 0 || schemes.some(({ name }) => name === stored.scheme));
  return (name) => {
    const known = fields.get(name);
    const shared = !(strict && known?.personal) || isStored;
    return (
      near.get(name) ??
      (isStored ? ownOf(stored.fields, name) : undefined) ??
      (shared ? (common.get(name) ?? environment(variableOf(app, name))) : undefined) ??
      known?.declared?.default
    );
  };
}

function baseUrlFor(
  app: App,
  literal: string | undefined,
  template: string | undefined,
  server: Server | undefined,
  fields: Fields,
): BaseUrl {
  if (literal !== undefined) return { text: literal };
  if (template !== undefined) return { text: template, template: true };
  if (server === undefined) {
    throw misconfigured(`${app.slug} has no address`, `pass apps: { ${JSON.stringify(app.slug)}: { baseUrl } }`);
  }
  return usable(app, () => serverUrl(server, fields));
}

/** @throws ConfigurationError where a base URL cannot be used */
function usable<T>(app: App, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof Unusable ? unusable(app, error) : error;
  }
}

export function unusable(app: App, { message, remedy }: Unusable): ToolbindCallError {
  return misconfigured(`the base URL of ${app.slug} cannot be used: ${message}`, remedy);
}

/** @returns the error of a call that lacks a field of its connection */
export function missingField(app: App, name: string, userId: string, facts: CallSettings["facts"]): ToolbindCallError {
  const whose = userId === DEFAULT_USER ? "" : ` for user ${userId}`;
  const options = `createClient({ apps: { ${JSON.stringify(app.slug)}: { ${JSON.stringify(name)}: … } } })`;
  const remedy = `set ${variableOf(app, name)}, use ${options}, or run \`toolbind connect ${app.slug}\``;
  return new ToolbindCallError("TB5006", ["cannot be called", `${app.slug} has no ${name}${whose}`, remedy], facts);
}

/** The environment variable that a field is read from: `ACME_API_KEY`. */
export function variableOf({ slug }: App, name: string): string {
  const snake = name.replace(/([a-z\d])([A-Z])/g, "$1_$2");
  return `${slug}_${snake}`.replace(/\W/g, "_").toUpperCase();
}

/**
 * The values that must not be shown: those declared secret or named like a secret, and longer undeclared ones.
 * Values shorter than three characters are not hidden.
 */
export function secretsOf({ schemes, fields, baseUrl }: Pick<Access, "schemes" | "fields" | "baseUrl">): string[] {
  const declared = new Map<string, AuthField>();
  for (const scheme of schemes) for (const field of scheme.fields) declared.set(field.name, field);
  const inAddress = new Set(fieldsIn(baseUrl.text));
  return Object.entries(fields).flatMap(([name, value]) => {
    const undeclared = value.length >= LONG_VALUE && !inAddress.has(name);
    const secret = isSecretName(name) || (declared.get(name)?.secret ?? undeclared);
    return secret && value.length > 2 && value !== PLACEHOLDER ? [value] : [];
  });
}

/** Whether a template of the additions uses one of these fields. */
export function places({ headers, query, cookies, path }: RequestAdditions, ...names: readonly string[]): boolean {
  const templates = [headers, query, cookies, path].flatMap((each) => Object.values(each ?? {}));
  return templates.some((template) => fieldsIn(template).some((name) => names.includes(name)));
}

/** What a program gives, with its functions called. */
function valuesOf(connection: AppConnection | undefined): Given | Promise<Given> {
  if (connection === undefined) return NOTHING_GIVEN;
  const entries = Object.entries(connection).filter(([name]) => !NO_FIELDS.has(name));
  if (!entries.some(([, source]) => typeof source === "function")) return recordOf(entries);
  const values = entries.map(async ([name, source]) => {
    const value: unknown = typeof source === "function" ? await (source as () => unknown)() : source;
    return [name, value] as const;
  });
  return Promise.all(values).then(recordOf);
}

/** Awaits two values at once, and does not wait if they are available. */
function both<A, B>(a: A | Promise<A>, b: B | Promise<B>): readonly [A, B] | Promise<readonly [A, B]> {
  return a instanceof Promise || b instanceof Promise ? Promise.all([a, b]) : [a, b];
}

/** The values among members that can be sent. */
function recordOf(entries: readonly (readonly [string, unknown])[]): Given {
  const values = new Map<string, string>();
  for (const [name, value] of entries) {
    if (typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean") {
      values.set(name, String(value));
    }
  }
  return values;
}

function memoryOf(client: object, key: string): ConnectionStore {
  const known = memories.get(client) ?? new Map<string, ConnectionStore>();
  memories.set(client, known);
  const found = known.get(key);
  if (found) {
    // To the end, as the one used last.
    known.delete(key);
    known.set(key, found);
    return found;
  }
  let held: Connection | undefined;
  const store: ConnectionStore = {
    get: () => held,
    set: (_app, _user, connection) => void (held = connection),
  };
  // Its tokens may be the only valid ones, so only what was not used for longest is forgotten.
  const [oldest] = known.keys();
  if (known.size >= MOST_REMEMBERED && oldest !== undefined) known.delete(oldest);
  known.set(key, store);
  return store;
}

function ownOf<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}
