// The request of one call: the route filled in with arguments, and the credentials placed.
import type { AddressOptions } from "../connections.js";
import { isSecretName, misconfigured } from "../errors.js";
import { invalid } from "../validation.js";
import type { CallSettings } from "../settings.js";
import { type Access, places, secretsOf, unusable } from "./access.js";
import type { App, AuthScheme, RequestAdditions } from "./app.js";
import { encodeBody } from "./body.js";
import type { Body } from "./bytes.js";
import { encodeStrict } from "./encode.js";
import { isJsonType } from "./media.js";
import { type Plan, planOf } from "./plan.js";
import { Redactor } from "./redact.js";
import type { Route } from "./route.js";
import { contentText, cookieParts, headerText, holdsBytes, pathText, queryParts, Unwritable } from "./serialize.js";
import { absolute, baseUrlOf, type Fields, fill, pathUrl, Unusable, withArg } from "./url.js";

export type Args = Readonly<Record<string, unknown>>;

/** A request that is ready to be sent. */
export interface BuiltRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Body | undefined;
  /** Parts of the query that are credentials, kept when a redirect leads elsewhere in the app. */
  readonly queryCredentials: readonly string[];
  readonly redactor: Redactor;
  /** Which private hosts a redirect may lead to. */
  readonly address: AddressOptions;
}

/** Headers that control the transfer, which arguments and templates must not set. */
const TRAVEL =
  /^(host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*|sec-.*)$/i;

/** Whether a stream is among the arguments, so that they can be sent only once. */
export function sendsOnce(args: Args): boolean {
  return holdsBytes(args, (bytes) => bytes instanceof ReadableStream);
}

/**
 * Builds the request of a call; sends nothing.
 * @throws InputValidationError for arguments that cannot be written, ConfigurationError for an address or a credential
 *   that cannot be used
 */
export async function buildRequest(
  app: App,
  route: Route,
  { call, facts }: CallSettings,
  args: Args,
  access: Access,
): Promise<BuiltRequest> {
  const { method } = route;
  if (/^(CONNECT|TRACE|TRACK)$/.test(method))
    throw misconfigured(`${method} requests cannot be sent`, "use another tool");
  const fields: Fields = (name) => (Object.hasOwn(access.fields, name) ? access.fields[name] : undefined);
  const custom = call.customConnectionData ? NO_PARAMETERS : (call.customAuthParams?.parameters ?? NO_PARAMETERS);
  const additions = additionsOf(access.schemes, fields);
  for (const { in: place, name, value } of custom)
    add(additions, place === "query" ? "query" : "headers", name, `${value}`);
  const redactor = redactorOf(
    access,
    additions,
    custom.map(({ value }) => `${value}`),
    call.headers ?? {},
  );
  let base: URL;
  try {
    base = await baseUrlOf(access.baseUrl, fields, access.address);
  } catch (error) {
    throw error instanceof Unusable ? unusable(app, error) : error;
  }
  try {
    const plan = planOf(route);
    const address = pathUrl(base, plan.segments, (arg) => own(args, arg), additions.path);
    const queryCredentials = written(additions.query);
    const parts = plan.hasQuery ? [...fixedOf(plan, args, additions.path), ...queryOf(route, plan, args)] : [];
    const query = [...without(parts, queryCredentials), ...queryCredentials].join("&");
    const body = bodyOf(route, args);
    if (body && /^(GET|HEAD)$/.test(method)) throw new Unwritable(`a ${method} request cannot have a body`);
    const headers = headersOf(plan, args, call, body, additions);
    return {
      method,
      url: absolute(address + (query && `?${query}`), base),
      headers,
      body,
      queryCredentials,
      redactor,
      address: access.address,
    };
  } catch (error) {
    if (!(error instanceof Unwritable)) throw error;
    throw invalid(facts, redactor.text(error.message));
  }
}

type Place = "headers" | "query" | "cookies" | "path";
type Additions = Record<Place, ReadonlyMap<string, string>>;

const PLACES: readonly Place[] = ["headers", "query", "cookies", "path"];
const NO_PARAMETERS: readonly never[] = [];
const NOTHING: ReadonlyMap<string, string> = new Map();

function add(additions: Additions, place: Place, name: string, value: string): void {
  if (additions[place] === NOTHING) additions[place] = new Map();
  (additions[place] as Map<string, string>).set(place === "headers" ? name.toLowerCase() : name, value);
}

/** What the schemes add. An addition whose field is absent, which is then optional, is left out. */
function additionsOf(schemes: readonly AuthScheme[], fields: Fields): Additions {
  const additions: Additions = { headers: NOTHING, query: NOTHING, cookies: NOTHING, path: NOTHING };
  for (const { mode, proxy = {} } of schemes) {
    const authorization = authorizationOf(mode, proxy, fields);
    if (authorization) add(additions, "headers", "authorization", authorization);
    for (const place of PLACES) {
      for (const name in proxy[place]) {
        const value = fill(proxy[place][name]!, fields);
        if (value !== undefined) add(additions, place, name, value);
      }
    }
  }
  return additions;
}

/** The header that a mode sends unless the scheme places its fields itself. */
function authorizationOf(mode: AuthScheme["mode"], proxy: RequestAdditions, fields: Fields): string | undefined {
  if (mode === "BASIC" && !places(proxy, "username", "password")) {
    const bytes = new TextEncoder().encode(`${fields("username")}:${fields("password") ?? ""}`);
    return `Basic ${btoa(String.fromCharCode(...bytes))}`;
  }
  const token = mode === "BEARER_TOKEN" ? "token" : mode === "OAUTH2" ? "access_token" : undefined;
  return token && !places(proxy, token) ? `Bearer ${fields(token)}` : undefined;
}

function redactorOf(
  access: Access,
  { headers }: Additions,
  custom: readonly string[],
  given: Readonly<Record<string, string>>,
): Redactor {
  return new Redactor(() => {
    const all = [...Object.entries(given), ...headers];
    const shown = all.filter(([name]) => isSecretName(name)).map(([, value]) => value);
    // `Basic dXNlcjpwYXNz` is one secret, and so is what follows the name of the scheme.
    const parts = shown.flatMap((value) => [value, value.replace(/^\w+ +/, "")]);
    return [...secretsOf(access), ...custom.filter((value) => value.length > 5), ...parts];
  });
}

/** The parts of the query in the path, filled in; without those whose argument is absent. */
function fixedOf({ fixed }: Plan, args: Args, additions: ReadonlyMap<string, string>): string[] {
  return fixed.flatMap((parts) => {
    const texts = parts.map((part) => {
      if (typeof part === "string") return part;
      const addition = additions.get(part.name ?? part.arg);
      if (addition !== undefined) return encodeStrict(addition);
      const value = own(args, part.arg);
      return value === undefined ? undefined : (withArg(part.arg, () => pathText(value, part)) ?? "");
    });
    return texts.includes(undefined) ? [] : [texts.join("")];
  });
}

function queryOf({ querystring }: Route, { query }: Plan, args: Args): string[] {
  if (querystring) {
    const { arg, content = "application/x-www-form-urlencoded" } = querystring;
    const value = own(args, arg);
    if (value === undefined) return [];
    const text = withArg(arg, () => contentText(value, content));
    return [
      /^application\/x-www-form-urlencoded\b/i.test(content) && typeof value === "object" ? text : encodeStrict(text),
    ];
  }
  return query.flatMap((each) => withArg(each.arg, () => queryParts(own(args, each.arg), each)));
}

function bodyOf(route: Route, args: Args): Body | undefined {
  const { body } = route;
  if (!body) return undefined;
  let value = own(args, "body");
  if (body.flat) {
    const { parameters } = planOf(route);
    const entries = Object.entries(args).filter(([name, inner]) => inner !== undefined && !parameters.has(name));
    value = entries.length > 0 ? Object.fromEntries(entries) : undefined;
    if (value === undefined && body.required) value = {};
  }
  return value === undefined ? undefined : withArg(body.flat ? "" : "body", () => encodeBody(value, body, args));
}

function headersOf(
  plan: Plan,
  args: Args,
  call: CallSettings["call"],
  body: Body | undefined,
  additions: Additions,
): Headers {
  const headers = new Headers({ accept: plan.accept });
  const cookies: string[] = [];
  for (const each of plan.headers) {
    const text = withArg(each.arg, () => headerText(own(args, each.arg), each));
    if (text !== undefined) withArg(each.arg, () => setHeader(headers, each.name ?? each.arg, text));
  }
  for (const each of plan.cookies) {
    cookies.push(...withArg(each.arg, () => cookieParts(own(args, each.arg), each)));
  }
  for (const [name, value] of Object.entries(call.headers ?? {})) setTrusted(headers, name, value);
  if (call.idempotencyKey) setTrusted(headers, "idempotency-key", call.idempotencyKey);
  headers.delete("content-type");
  if (body) setTrusted(headers, "content-type", body.type);
  for (const [name, value] of additions.headers) {
    // The content type that a scheme sets for every request is not that of a form or a file.
    if (name === "content-type" && body && !(isJsonType(value) && isJsonType(body.type))) continue;
    setTrusted(headers, name, value);
  }
  const credentials = written(additions.cookies);
  const all = [...without(cookies, credentials), ...credentials];
  if (all.length > 0) setTrusted(headers, "cookie", [headers.get("cookie"), ...all].filter(Boolean).join("; "));
  return headers;
}

function setHeader(headers: Headers, name: string, value: string): void {
  if (TRAVEL.test(name)) throw new Unwritable("is a header that calls may not set");
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) throw new Unwritable("contains characters that a header cannot hold");
  headers.set(name, value);
}

/** A header that comes from the program, not from arguments. */
function setTrusted(headers: Headers, name: string, value: string): void {
  try {
    setHeader(headers, name, value);
  } catch {
    // The original error would show the value.
    throw misconfigured(
      `the header ${JSON.stringify(name)} cannot be sent`,
      "use plain characters, and no connection header",
    );
  }
}

/** Additions as `name=value` parts. */
function written(additions: ReadonlyMap<string, string>): string[] {
  if (additions === NOTHING) return [];
  return Array.from(additions, ([name, value]) => `${encodeStrict(name)}=${encodeStrict(value)}`);
}

/** The parts whose names do not occur among the others. */
function without(parts: readonly string[], others: readonly string[]): readonly string[] {
  if (others.length === 0) return parts;
  const names = new Set(others.map(nameIn));
  return parts.filter((part) => !names.has(nameIn(part)));
}

function nameIn(part: string): string {
  return part.split("=")[0]!;
}

function own(args: Args, name: string): unknown {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}
