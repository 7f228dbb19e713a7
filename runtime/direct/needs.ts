// Which credentials a call of a route needs: the same for every call, so computed once.
import { misconfigured } from "../errors.js";
import type { App, AuthField, AuthScheme } from "./app.js";
import type { Route, Server } from "./route.js";
import { type Fields, fieldsIn, onHostOf } from "./url.js";

/** A set of schemes that a call may be made with. */
export interface Candidate {
  /** All apply together. Empty: no credentials. */
  readonly schemes: readonly AuthScheme[];
  readonly server: Server | undefined;
  /** The base URL that a scheme gives. */
  readonly template: string | undefined;
  /** The fields of the schemes, and other values that a request may be filled in with. */
  readonly names: readonly string[];
  readonly fields: ReadonlyMap<string, KnownField>;
}

interface KnownField {
  /** Undefined where a scheme implies it. */
  readonly declared: AuthField | undefined;
  /** It identifies a user, rather than the program. */
  readonly personal: boolean;
}

/** Fields that a mode sends even if they are not declared. */
const IMPLIED: Readonly<Record<AuthScheme["mode"], readonly string[]>> = {
  NO_AUTH: [],
  API_KEY: [],
  BEARER_TOKEN: ["token"],
  BASIC: ["username"],
  OAUTH2: ["access_token"],
  OAUTH1: ["oauth_token", "oauth_token_secret"],
};
/** Other fields that a connection of a mode may hold. */
const ALSO: Readonly<Partial<Record<AuthScheme["mode"], readonly string[]>>> = {
  BASIC: ["password"],
  OAUTH2: ["refresh_token", "client_id", "client_secret"],
  OAUTH1: ["consumer_key", "consumer_secret", "client_id", "client_secret"],
};
/** Fields that identify the program, rather than a user. */
const OF_DEVELOPERS: ReadonlySet<string> = new Set(["client_id", "client_secret", "consumer_key", "consumer_secret"]);

const candidates = new WeakMap<App, WeakMap<Route, readonly Candidate[]>>();

/**
 * The sets of schemes that a call may be made with, the best first.
 * @throws ConfigurationError for a scheme that the app does not have
 */
export function candidatesOf(app: App, route: Route, wanted: string | undefined): readonly Candidate[] {
  if (wanted !== undefined) return setsOf(app, route, wanted).map((schemes) => candidateOf(app, route, schemes));
  let byRoute = candidates.get(app);
  if (byRoute === undefined) candidates.set(app, (byRoute = new WeakMap()));
  let found = byRoute.get(route);
  if (found === undefined) {
    found = setsOf(app, route, undefined).map((schemes) => candidateOf(app, route, schemes));
    byRoute.set(route, found);
  }
  return found;
}

export function candidateOf(app: App, route: Route, schemes: readonly AuthScheme[]): Candidate {
  const named = schemes.length > 0 ? schemes : app.schemes;
  const proxied = named.map(({ proxy }) => proxy?.baseUrl).find((url) => url !== undefined);
  const [ownServer] = route.servers ?? [];
  const server = ownServer ? onHostOf(ownServer, proxied, app.servers[0]) : app.servers[0];
  const template = ownServer ? undefined : proxied;
  const fields = new Map<string, KnownField>();
  for (const scheme of schemes) {
    for (const name of namesOf(scheme).all) {
      if (fields.has(name)) continue;
      const declared = scheme.fields.find((field) => field.name === name);
      fields.set(name, { declared, personal: declared?.expectedFromCustomer ?? !OF_DEVELOPERS.has(name) });
    }
  }
  const names = [...fields.keys(), ...fieldsIn(template ?? ""), ...variablesIn(server?.url ?? "")];
  return { schemes, server, template, names, fields };
}

function setsOf(app: App, { security }: Route, wanted: string | undefined): readonly (readonly AuthScheme[])[] {
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
  // Alternatives with credentials come before the one without.
  return [...alternatives].sort((a, b) => Number(a.length === 0) - Number(b.length === 0));
}

/** The names of a scheme's fields, by what they are for. */
interface SchemeNames {
  readonly all: ReadonlySet<string>;
  readonly required: readonly string[];
  /** Those that templates require. */
  readonly sent: readonly string[];
  /** All of these, and those that the mode implies. */
  readonly needed: readonly string[];
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
  const required = declared.filter((name) => !optional.has(name));
  const sent = [...used.filter((name) => !optional.has(name)), ...always];
  const names = {
    all: new Set([...declared, ...IMPLIED[mode], ...(ALSO[mode] ?? []), ...used, ...always]),
    required,
    sent,
    needed: [...new Set([...required, ...IMPLIED[mode], ...sent])],
  };
  namesByScheme.set(scheme, names);
  return names;
}

/** The fields that a scheme requires and that are not given. */
export function missingIn(app: App, scheme: AuthScheme, valueOf: Fields): string[] {
  const { mode, fields } = scheme;
  const { required, sent, needed } = namesOf(scheme);
  const absent = (names: readonly string[]): string[] => names.filter((name) => valueOf(name) === undefined);
  if (mode !== "OAUTH2") return absent(needed);
  if (valueOf("access_token") !== undefined) return absent(sent);
  const { grant = "authorization_code" } = scheme;
  const renewable =
    app.authorisers?.OAUTH2 && (grant !== "authorization_code" || valueOf("refresh_token") !== undefined);
  // Undeclared ones come with the token.
  const declared = sent.filter((name) => fields.some((field) => field.name === name));
  const client = grant === "client_credentials" ? ["client_id"] : [];
  return renewable ? absent([...required, ...declared, ...client]) : absent(["access_token", ...required]);
}

function variablesIn(url: string): string[] {
  if (!url.includes("{")) return [];
  return [...url.matchAll(/\{+([^{}]+)\}+/g)].map(([, name]) => name!);
}
