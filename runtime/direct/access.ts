// Who is calling: the credentials of one call, and the scheme that they are for.
import type { AddressOptions } from "../address.js";
import { environment } from "../environment.js";
import { misconfigured, ToolbindCallError } from "../errors.js";
import { isSecretName } from "../secrets.js";
import type { CallSettings } from "../settings.js";
import type { App, AuthField, AuthScheme, RequestAdditions } from "./app.js";
import { type AppConnection, type Connection, type ConnectionStore, DEFAULT_USER } from "./connections.js";
import type { Route } from "./route.js";
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
const MOST_REMEMBERED = 1000;
const LONG_VALUE = 8;
const PLACEHOLDER = "[redacted]";

/** Tokens got for credentials that no store keeps, by client and by what the credentials are. */
const memories = new WeakMap<object, Map<string, ConnectionStore>>();

/**
 * Finds the credentials of a call.
 * @param shown for a request that is only shown: what is missing is made up
 * @throws MissingCredentialsError, ConfigurationError
 */
export async function accessOf(app: App, route: Route, settings: CallSettings, shown: boolean): Promise<Access> {
  const { call, client, facts } = settings;
  const { customConnectionData: brought, customAuthParams: custom } = call;
  if (brought && brought.toolkitSlug !== app.slug) {
    throw misconfigured(`customConnectionData is for ${brought.toolkitSlug}, not ${app.slug}`, "pass that of the app");
  }
  if (custom?.body) throw misconfigured("customAuthParams.body is for the platform", "leave it out");
  const own = ownOf(client.options.apps, app.slug);
  const nearest = [call, client.options].find((each) => (each.userId ?? each.connectedAccountId) !== undefined);
  const userId = nearest?.userId ?? DEFAULT_USER;
  const { connections } = client.options;
  if (!userId || (connections && nearest && nearest.userId === undefined && !brought)) {
    const remedy = "use client.forUser(id), or name nobody";
    throw new ToolbindCallError("TB5003", ["cannot be called", "no user of the app is named", remedy], facts);
  }
  const laidOver = await valuesOf(call.app);
  const kept = brought || laidOver.size > 0 ? undefined : connections;
  const stored = await (brought ? undefined : connections?.get(app.slug, userId));
  const common = await valuesOf(own);
  const others = brought ? recordOf(brought.val) : laidOver;
  // Nobody's connection stands in for that of a user who was named.
  const personal = brought !== undefined || (connections !== undefined && nearest !== undefined && !stored);

  const valueIn =
    (scheme: AuthScheme | undefined, memory?: Connection): Fields =>
    (name) => {
      const field = scheme?.fields.find((each) => each.name === name);
      const isStored = stored && (scheme === undefined || stored.scheme === scheme.name);
      const near =
        others.get(name) ?? ownOf(memory?.fields, name) ?? (isStored ? ownOf(stored.fields, name) : undefined);
      const shared = personal && (field?.expectedFromCustomer ?? true);
      return near ?? (shared ? undefined : (common.get(name) ?? environment(variableOf(app, name)))) ?? field?.default;
    };

  const wanted = call.app?.authScheme ?? brought?.authScheme ?? stored?.scheme ?? own?.authScheme;
  const candidates = custom?.parameters?.length && !brought ? [[]] : candidatesOf(app, route, wanted);
  const missing = candidates.map((schemes) =>
    schemes.flatMap((scheme) => missingIn(app, scheme, valueIn(scheme)).map((name) => ({ scheme, name }))),
  );
  const at = Math.max(
    0,
    missing.findIndex((names) => names.length === 0),
  );
  const schemes = candidates[at] ?? [];
  const lacking = missing[at]?.[0];
  if (lacking && !shown) throw missingField(app, lacking.name, userId, facts);

  const primary = schemes[0];
  const known = new Set([...others.keys(), ...(stored ? Object.keys(stored.fields) : []), ...common.keys()]);
  for (const scheme of schemes) for (const name of namesOf(scheme)) known.add(name);
  const proxied = (schemes.length > 0 ? schemes : app.schemes)
    .map(({ proxy }) => proxy?.baseUrl)
    .find((url) => url !== undefined);
  const server = route.servers?.[0] ?? app.servers[0];
  const given = (brought ? undefined : custom?.baseUrl) ?? call.app?.baseUrl ?? own?.baseUrl;
  for (const name of [...serverNames(server?.url ?? ""), ...fieldsIn(proxied ?? "")]) known.add(name);

  const collect = (memory?: Connection): Record<string, string> => {
    const names = [...known, ...Object.keys(memory?.fields ?? {})];
    const schemeOf = (name: string): AuthScheme | undefined =>
      schemes.find((scheme) => namesOf(scheme).includes(name)) ?? primary;
    return Object.fromEntries(
      names.flatMap((name) => {
        const value = valueIn(schemeOf(name), memory)(name);
        return value === undefined ? [] : [[name, value]];
      }),
    );
  };
  const before = collect();
  const store =
    kept ?? memoryOf(client.reported, JSON.stringify([app.slug, userId, schemes.map(({ name }) => name), before]));
  const memory = kept ? undefined : await store.get(app.slug, userId);
  const fields = collect(memory);
  if (shown) for (const each of missing[at] ?? []) fields[each.name] = PLACEHOLDER;
  const lookup: Fields = (name) => ownOf(fields, name);
  const baseUrl: BaseUrl | undefined =
    given !== undefined
      ? { text: given }
      : proxied !== undefined
        ? { text: proxied, template: true }
        : server && usable(app, () => serverUrl(server, lookup));
  if (!baseUrl) throw misconfigured(`${app.name} has no address`, `pass apps: { ${app.slug}: { baseUrl } }`);
  const absent = baseUrl.template && fieldsIn(baseUrl.text).find((name) => lookup(name) === undefined);
  if (absent) throw missingField(app, absent, userId, facts);
  const { allowHosts = own?.allowHosts, resolve = own?.resolve } = call.app ?? {};
  return {
    schemes,
    fields,
    expiresAt: (memory ?? (stored?.scheme === primary?.name ? stored : undefined))?.expiresAt,
    userId,
    store,
    baseUrl,
    address: { ...(allowHosts && { allowHosts }), ...(resolve && { resolve }) },
  };
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

/** The fields that a scheme cannot do without and that nobody gives. */
function missingIn(app: App, scheme: AuthScheme, valueOf: Fields): string[] {
  const { mode, fields, proxy = {} } = scheme;
  const optional = new Set(fields.filter(({ required }) => !required).map(({ name }) => name));
  const { baseUrl = "", headers, query, cookies, path } = proxy;
  const used = [headers, query, cookies].flatMap((each) => Object.values(each ?? {})).flatMap(fieldsIn);
  const always = [baseUrl, ...Object.values(path ?? {})].flatMap(fieldsIn);
  const required = fields.filter((field) => field.required).map(({ name }) => name);
  const absent = (names: readonly string[]): string[] => [
    ...new Set(names.filter((name) => valueOf(name) === undefined)),
  ];
  const sent = [...used.filter((name) => !optional.has(name)), ...always];
  if (mode !== "OAUTH2") return absent([...required, ...IMPLIED[mode], ...sent]);
  if (valueOf("access_token") !== undefined) return absent(sent);
  const { grant = "authorization_code" } = scheme;
  const renewable =
    app.authorisers?.OAUTH2 && (grant !== "authorization_code" || valueOf("refresh_token") !== undefined);
  // What is not declared comes with the token.
  const declared = sent.filter((name) => fields.some((field) => field.name === name));
  return renewable ? absent([...required, ...declared]) : absent(["access_token", ...required]);
}

function namesOf({ mode, fields, proxy = {} }: AuthScheme): string[] {
  const { baseUrl = "", headers, query, cookies, path } = proxy;
  const templates = [baseUrl, ...[headers, query, cookies, path].flatMap((each) => Object.values(each ?? {}))];
  return [...fields.map(({ name }) => name), ...IMPLIED[mode], ...(ALSO[mode] ?? []), ...templates.flatMap(fieldsIn)];
}

function serverNames(url: string): string[] {
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
