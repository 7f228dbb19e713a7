// Who is calling: the credentials of one call, and the scheme that they are for.
import { environment } from "../environment.js";
import { misconfigured, ToolbindCallError } from "../errors.js";
import { isSecretName } from "../secrets.js";
import type { CallSettings } from "../settings.js";
import type { App, AuthField, AuthScheme, RequestAdditions } from "./app.js";
import {
  type AddressOptions,
  type AppConnection,
  type Connection,
  type ConnectionStore,
  DEFAULT_USER,
} from "./connections.js";
import type { Route, Server } from "./route.js";
import { type BaseUrl, type Fields, fieldsIn, serverUrl, Unusable } from "./url.js";

/** What a call is let in with. */
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
/** Fields that a mode sends although nobody declares them. */
const IMPLIED: Readonly<Record<AuthScheme["mode"], readonly string[]>> = {
  NO_AUTH: [],
  API_KEY: [],
  BEARER_TOKEN: ["token"],
  BASIC: ["username"],
  OAUTH2: ["access_token"],
  OAUTH1: ["oauth_token", "oauth_token_secret"],
};
/** What else a connection of a mode may hold. */
const ALSO: Readonly<Partial<Record<AuthScheme["mode"], readonly string[]>>> = {
  BASIC: ["password"],
  OAUTH2: ["refresh_token", "client_id", "client_secret"],
  OAUTH1: ["consumer_key", "consumer_secret", "client_id", "client_secret"],
};
/** Fields that tell the program from others, rather than one user from another. */
const OF_DEVELOPERS: ReadonlySet<string> = new Set(["client_id", "client_secret", "consumer_key", "consumer_secret"]);
const MOST_REMEMBERED = 1000;
const LONG_VALUE = 8;
const PLACEHOLDER = "[redacted]";

/** For apps whose credentials are never renewed. */
const NOTHING_KEPT: ConnectionStore = { get: () => undefined, set: () => {} };

/** Tokens got for credentials that no store keeps, by client and by what the credentials are. */
const memories = new WeakMap<object, Map<string, ConnectionStore>>();

/** Where the values of one call come from. */
interface Sources {
  readonly userId: string;
  /** What comes with the call. */
  readonly near: Given;
  readonly stored: Connection | undefined;
  /** What the client gives for everybody. */
  readonly common: Given;
  /** Nobody's credentials stand in for those of a user who is named, nor complete those that come with the call. */
  readonly strict: boolean;
  /** Undefined where what is renewed is not to be kept for others. */
  readonly store: ConnectionStore | undefined;
}

/**
 * Finds the credentials of a call.
 * @param shown for a request that is only shown: what is missing is made up
 * @throws MissingCredentialsError, MissingIdentityError, ConfigurationError
 */
export async function accessOf(app: App, route: Route, settings: CallSettings, shown: boolean): Promise<Access> {
  const { call, client, facts } = settings;
  const { customConnectionData: brought } = call;
  const custom = brought ? undefined : call.customAuthParams;
  const own = ownOf(client.options.apps, app.slug);
  const sources = await sourcesOf(app, settings, own);
  const { userId, stored } = sources;

  const wanted = call.app?.authScheme ?? brought?.authScheme ?? stored?.scheme ?? own?.authScheme;
  // Parameters of a program's own are its credentials.
  const candidates = custom?.parameters?.length ? [[]] : candidatesOf(app, route, wanted);
  const missing = candidates.map((schemes) => {
    const valueOf = valuesIn(app, sources, schemes);
    return schemes.flatMap((scheme) => missingIn(app, scheme, valueOf));
  });
  const complete = missing.findIndex((names) => names.length === 0);
  const schemes = candidates[Math.max(0, complete)] ?? [];
  const lacking = complete < 0 ? (missing[0] ?? []) : [];
  if (lacking[0] !== undefined && !shown) throw missingField(app, lacking[0], userId, facts);

  const server = route.servers?.[0] ?? app.servers[0];
  const named = schemes.length > 0 ? schemes : app.schemes;
  const template = named.map(({ proxy }) => proxy?.baseUrl).find((url) => url !== undefined);
  const names = [
    ...[...sources.near.keys(), ...sources.common.keys(), ...Object.keys(stored?.fields ?? {})],
    ...schemes.flatMap((scheme) => [...namesOf(scheme).all]),
    ...fieldsIn(template ?? ""),
    ...variablesIn(server?.url ?? ""),
  ];
  const given = knownOf(valuesIn(app, sources, schemes), names);
  const key = (): string => JSON.stringify([app.slug, userId, schemes.map(({ name }) => name), given]);
  const store = sources.store ?? (app.authorisers ? memoryOf(client.reported, key()) : NOTHING_KEPT);
  const memory = sources.store ? undefined : await store.get(app.slug, userId);
  const fields = { ...given, ...memory?.fields };
  for (const name of lacking) fields[name] = PLACEHOLDER;

  const lookup: Fields = (name) => ownOf(fields, name);
  const literal = custom?.baseUrl ?? call.app?.baseUrl ?? own?.baseUrl;
  const baseUrl = baseUrlFor(app, literal, template, server, lookup);
  const absent = baseUrl.template && fieldsIn(baseUrl.text).find((name) => lookup(name) === undefined);
  if (absent) throw missingField(app, absent, userId, facts);
  const { allowHosts = own?.allowHosts, resolve = own?.resolve } = call.app ?? {};
  const kept = memory ?? (schemes.some(({ name }) => name === stored?.scheme) ? stored : undefined);
  const address = { ...(allowHosts && { allowHosts }), ...(resolve && { resolve }) };
  return { schemes, fields, expiresAt: kept?.expiresAt, userId, store, baseUrl, address };
}

async function sourcesOf(
  app: App,
  { call, client, facts }: CallSettings,
  own: AppConnection | undefined,
): Promise<Sources> {
  const { customConnectionData: brought, customAuthParams: custom } = call;
  if (custom?.body) throw misconfigured("customAuthParams.body is for the platform", "leave it out");
  if (brought && brought.toolkitSlug !== app.slug) {
    throw misconfigured(`customConnectionData is for ${brought.toolkitSlug}, not ${app.slug}`, "pass that of the app");
  }
  const { connections } = client.options;
  const nearest = [call, client.options].find((each) => (each.userId ?? each.connectedAccountId) !== undefined);
  const userId = nearest ? nearest.userId : DEFAULT_USER;
  // An account of the platform's says nothing of whose connection is meant.
  if (userId === "" || (userId === undefined && connections && !brought)) {
    const remedy = "use client.forUser(id), or name nobody";
    throw new ToolbindCallError("TB5003", ["cannot be called", "no user of the app is named", remedy], facts);
  }
  const user = userId ?? DEFAULT_USER;
  const [laidOver, common] = await Promise.all([valuesOf(call.app), valuesOf(own)]);
  return {
    userId: user,
    near: brought ? new Map([...recordOf(brought.val), ...laidOver]) : laidOver,
    stored: brought ? undefined : await connections?.get(app.slug, user),
    common,
    strict: brought !== undefined || (connections !== undefined && nearest !== undefined),
    store: brought || laidOver.size > 0 ? undefined : connections,
  };
}

/** The value that a field has for a set of schemes. */
function valuesIn(app: App, { near, stored, common, strict }: Sources, schemes: readonly AuthScheme[]): Fields {
  const isStored = schemes.length === 0 || schemes.some(({ name }) => name === stored?.scheme);
  return (name) => {
    const scheme = schemes.find((each) => namesOf(each).all.has(name));
    const field = scheme?.fields.find((each) => each.name === name);
    const personal = scheme !== undefined && (field?.expectedFromCustomer ?? !OF_DEVELOPERS.has(name));
    const shared = !(strict && personal) || (stored !== undefined && isStored);
    return (
      near.get(name) ??
      (isStored ? ownOf(stored?.fields, name) : undefined) ??
      (shared ? (common.get(name) ?? environment(variableOf(app, name))) : undefined) ??
      field?.default
    );
  };
}

function knownOf(valueOf: Fields, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    [...new Set(names)].flatMap((name) => {
      const value = valueOf(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
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
export function usable<T>(app: App, run: () => T): T {
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
 * The values that must not be shown: those that are declared secret or sound so, and longer ones that nobody declared.
 * What is shorter than three characters hides nothing.
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

/** Whether a template of the additions stands for one of these fields. */
export function places({ headers, query, cookies, path }: RequestAdditions, ...names: readonly string[]): boolean {
  const templates = [headers, query, cookies, path].flatMap((each) => Object.values(each ?? {}));
  return templates.some((template) => fieldsIn(template).some((name) => names.includes(name)));
}

/** The sets of schemes that a call may be made with, the best first. */
function candidatesOf(app: App, { security }: Route, wanted: string | undefined): readonly (readonly AuthScheme[])[] {
  const find = (name: string): AuthScheme | undefined => app.schemes.find((scheme) => scheme.name === name);
  const known = security?.filter((names) => names.every(find));
  const alternatives =
    known === undefined || (known.length === 0 && security?.length)
      ? app.schemes.map((scheme) => [scheme])
      : known.map((names) => names.map((name) => find(name)!));
  if (alternatives.length === 0) return [[]];
  const chosen =
    wanted === undefined
      ? undefined
      : (find(wanted) ?? app.schemes.find(({ mode }) => mode.toLowerCase() === wanted.toLowerCase()));
  if (wanted !== undefined && !chosen) {
    const names = app.schemes.map(({ name }) => name).join(", ");
    throw misconfigured(`${app.slug} has no scheme ${wanted}, only ${names || "none"}`, "name one of them");
  }
  const having = alternatives.filter((schemes) => chosen && schemes.includes(chosen));
  if (having.length > 0) return having;
  // Credentials where there are some, before none at all.
  return [...alternatives].sort((a, b) => Number(a.length === 0) - Number(b.length === 0));
}

/** The names of a scheme's fields, by what they are for. */
interface SchemeNames {
  readonly all: ReadonlySet<string>;
  readonly required: readonly string[];
  /** Those that templates cannot do without. */
  readonly sent: readonly string[];
}

const namesByScheme = new WeakMap<AuthScheme, SchemeNames>();

function namesOf(scheme: AuthScheme): SchemeNames {
  const known = namesByScheme.get(scheme);
  if (known) return known;
  const { mode, fields, proxy = {} } = scheme;
  const { baseUrl = "", headers, query, cookies, path } = proxy;
  const used = [headers, query, cookies].flatMap((each) => Object.values(each ?? {})).flatMap(fieldsIn);
  const always = [baseUrl, ...Object.values(path ?? {})].flatMap(fieldsIn);
  const optional = new Set(fields.filter(({ required }) => !required).map(({ name }) => name));
  const declared = fields.map(({ name }) => name);
  const names = {
    all: new Set([...declared, ...IMPLIED[mode], ...(ALSO[mode] ?? []), ...used, ...always]),
    required: declared.filter((name) => !optional.has(name)),
    sent: [...used.filter((name) => !optional.has(name)), ...always],
  };
  namesByScheme.set(scheme, names);
  return names;
}

/** The fields that a scheme cannot do without and that nobody gives. */
function missingIn(app: App, scheme: AuthScheme, valueOf: Fields): string[] {
  const { mode, fields } = scheme;
  const { required, sent } = namesOf(scheme);
  const absent = (names: readonly string[]): string[] => [
    ...new Set(names.filter((name) => valueOf(name) === undefined)),
  ];
  if (mode !== "OAUTH2") return absent([...required, ...IMPLIED[mode], ...sent]);
  if (valueOf("access_token") !== undefined) return absent(sent);
  const { grant = "authorization_code" } = scheme;
  const renewable =
    app.authorisers?.OAUTH2 && (grant !== "authorization_code" || valueOf("refresh_token") !== undefined);
  // What is not declared comes with the token.
  const declared = sent.filter((name) => fields.some((field) => field.name === name));
  return renewable ? absent([...required, ...declared]) : absent(["access_token", ...required]);
}

function variablesIn(url: string): string[] {
  if (!url.includes("{")) return [];
  return [...url.matchAll(/\{+([^{}]+)\}+/g)].map(([, name]) => name!);
}

/** What a program gives, with its functions asked. */
async function valuesOf(connection: AppConnection | undefined): Promise<Given> {
  const entries = Object.entries(connection ?? {}).filter(([name]) => !NO_FIELDS.has(name));
  const values = entries.map(async ([name, source]) => {
    const value: unknown = typeof source === "function" ? await (source as () => unknown)() : source;
    return [name, value] as const;
  });
  return recordOf(Object.fromEntries(await Promise.all(values)));
}

/** The values among members that can be sent. */
function recordOf(members: object): Given {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(members) as [string, unknown][]) {
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
  if (found) return found;
  let held: Connection | undefined;
  const store: ConnectionStore = {
    get: () => held,
    set: (_app, _user, connection) => void (held = connection),
  };
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(key, store);
  return store;
}

function ownOf<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}
