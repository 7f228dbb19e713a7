// Where a request goes: the base URL of an app, and the path below it.
import { faultOf } from "../address.js";
import type { AddressOptions } from "../connections.js";
import { encodeStrict } from "./encode.js";
import { isLoopback } from "./loopback.js";
import type { Segment } from "./plan.js";
import type { Server } from "./route.js";
import { pathText, Unwritable } from "./serialize.js";

/** Why a base URL cannot be used, and what to do about it. */
export class Unusable extends Error {
  override readonly name = "Unusable";
  readonly remedy: string;

  constructor(why: string, remedy: string) {
    super(why);
    this.remedy = remedy;
  }
}

/** Gives the value of a connection's field, undefined where there is none. */
export type Fields = (name: string) => string | undefined;

/** A base URL as it was given, and where it comes from. */
export interface BaseUrl {
  readonly text: string;
  /** It says `{{field}}` where a field goes. */
  readonly template?: true;
}

const FIELD = /\{\{\s*([^{}\s]+)\s*\}\}/g;

/** What a server may read as a step up or as nothing; some cut a segment at its first `;`. */
const DOTS = /^(\.|%2e){1,2}(;|$)/i;

/** The names of the fields that a template stands for. */
export function fieldsIn(template: string): string[] {
  if (!template.includes("{{")) return [];
  return [...template.matchAll(FIELD)].map(([, name]) => name!);
}

/**
 * A template with its fields filled in.
 * @returns undefined where a field has no value
 */
export function fill(template: string, fields: Fields, encode: (text: string) => string = String): string | undefined {
  if (fieldsIn(template).some((name) => fields(name) === undefined)) return undefined;
  return template.replace(FIELD, (_, name: string) => encode(fields(name)!));
}

/** A server URL without a host, resolved against the app's: what `base_url` says of it, else the app's first server. */
export function onHostOf(server: Server, baseUrl: string | undefined, first: Server | undefined): Server {
  const host = hostPart(baseUrl ?? first?.url ?? "");
  if (!/^\/(?!\/)/.test(server.url) || !/^\{\{|\/\//.test(host)) return server;
  return { url: host + server.url, variables: { ...first?.variables, ...server.variables } };
}

/** A server of a description with its variables filled in, by fields of their names, else by their defaults. */
export function serverUrl({ url, variables = {} }: Server, fields: Fields): BaseUrl {
  if (!url.includes("{")) return { text: url, template: true };
  const names = [...url.matchAll(/(?<!\{)\{([^{}]+)\}(?!\})/g)].map(([, name]) => name!);
  const values = new Map(
    names.map((name) => {
      const { default: fallback, enum: allowed } = (Object.hasOwn(variables, name) && variables[name]) || {};
      const given = fields(name);
      if (given !== undefined && allowed !== undefined && !allowed.includes(given)) {
        throw new Unusable(`${name} is not one of ${allowed.join(", ")}`, "give one of them");
      }
      return [name, given === undefined ? { value: fallback } : { value: given, given: true }] as const;
    }),
  );
  // Values of fields are checked by the rules for fields; those of the description are not.
  const template = url.replace(/(?<!\{)\{([^{}]+)\}(?!\})/g, (_, name: string) => {
    const { value, given } = values.get(name) as { readonly value: string | undefined; readonly given?: boolean };
    // A value that is not given is required, like a field.
    return given || value === undefined ? `{{${name}}}` : value;
  });
  return { text: template, template: true };
}

/**
 * Checks a base URL and fills its fields in. In the host, a field may contain only host characters; a field that the
 * URL starts with may contain the start of a URL.
 * @throws Unusable unless it is an https address of a public host; http and this machine are accepted where they are not
 *   given by a field, as is everything in `allowHosts`
 */
export async function baseUrlOf({ text, template }: BaseUrl, fields: Fields, allow: AddressOptions): Promise<URL> {
  const filled = template ? fillUrl(text, fields) : text;
  const url = parsed(filled);
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw noAddress(text, template === true);
  if (url.username || url.password) throw new Unusable("it holds credentials", "give them as fields");
  if (url.search || url.hash) throw new Unusable("it has a query or a fragment", "leave them out");
  const hostIsGiven = template === true && fieldsIn(hostPart(text)).length > 0;
  if (!hostIsGiven && isLoopback(url.hostname)) return url;
  const fault = await faultOf(url.href, allow);
  if (fault && url.protocol === "http:") {
    const remedy = `give an https address as baseUrl, or add ${url.host} to allowHosts if intended`;
    throw new Unusable(`${url.host} would be asked without https`, remedy);
  }
  if (fault) throw new Unusable(...fault);
  return url;
}

/** What a program gives may be a secret in the wrong place; what a description says is shown. */
function noAddress(text: string, isDescribed: boolean): Unusable {
  if (!isDescribed || fieldsIn(text).length > 0) return new Unusable("it is not an http address", "correct it");
  const shown = JSON.stringify(text.slice(0, 100));
  const path = text.startsWith("/") ? text.slice(0, 100) : "/";
  return new Unusable(`the description says only ${shown}`, `give the whole address as baseUrl, https://…${path}`);
}

const MOST_PARSED = 100;
const parsedUrls = new Map<string, URL>();

/** A shared URL that must not be changed, as most calls go to the same host; undefined if the text is not a URL. */
function parsed(text: string): URL | undefined {
  let url = parsedUrls.get(text);
  if (url === undefined && URL.canParse(text)) {
    if (parsedUrls.size >= MOST_PARSED) parsedUrls.clear();
    parsedUrls.set(text, (url = new URL(text)));
  }
  return url;
}

/**
 * A URL template with its fields filled in, none of which can change where it leads.
 * @throws Unusable where a field is missing or does not fit its place
 */
export function fillUrl(template: string, fields: Fields): string {
  const host = hostPart(template);
  const end = host.length;
  return template.replace(FIELD, (whole: string, name: string, at: number) => {
    const value = fields(name);
    if (value === undefined) throw new Unusable(`there is no ${name}`, `give ${name}`);
    if (at === 0) {
      const rest = template.slice(whole.length);
      if (/^https?:\/\//i.test(value) && /^(\/|$)/.test(rest)) return value.replace(/\/+$/, "");
      throw new Unusable(`${name} is not a URL`, `give ${name} as https://…`);
    }
    if (at >= end) {
      if (DOTS.test(value)) throw new Unusable(`${name} is not a path segment`, `give another ${name}`);
      return encodeStrict(value);
    }
    const port = at + whole.length === end ? "(:\\d+)?" : "";
    if (new RegExp(`^[\\w.-]+${port}$`).test(value)) return value;
    throw new Unusable(`${name} is not a host name`, `give ${name} as letters, digits, dots and hyphens`);
  });
}

/** The part of a URL template that determines the host; for a leading field, the whole field. */
export function hostPart(template: string): string {
  return /^(\{\{[^{}]*\}\}|[^/]*\/\/[^/?#\\]*)/.exec(template)?.[0] ?? template;
}

/**
 * A path below a base URL with its parameters filled in, as an absolute address without a query.
 * @throws Unwritable where a value is empty or would lead elsewhere; `at` says which
 */
export function pathUrl(
  base: URL,
  segments: readonly Segment[],
  valueOf: (arg: string) => unknown,
  additions: ReadonlyMap<string, string>,
): string {
  const written = segments.map(({ template, parts }) => {
    if (parts.length === 1) return template;
    const texts = parts.map((part) => {
      if (typeof part === "string") return part;
      const addition = additions.get(part.name ?? part.arg);
      const text =
        addition === undefined ? withArg(part.arg, () => pathText(valueOf(part.arg), part)) : encodeStrict(addition);
      if (!text) throw new Unwritable(`/${part.arg}: is missing or empty, and part of the path`);
      return text;
    });
    const filled = texts.join("");
    if (filled.split("/").some((segment) => DOTS.test(segment)))
      throw new Unwritable(`${template}: would leave its segment of the path`);
    return filled;
  });
  return `${base.origin}${base.pathname.replace(/\/+$/, "")}/${written.join("/")}`;
}

/**
 * An address that stays with the origin of a base URL.
 * @throws Unwritable where it does not
 */
export function absolute(address: string, base: URL): URL {
  let url: URL | undefined;
  try {
    url = new URL(address);
  } catch {
    // Said below.
  }
  if (url?.origin !== base.origin) throw new Unwritable("it is not a valid path");
  return url;
}

/** Writes an argument; if it cannot be written, the error names the argument. */
export function withArg<T>(arg: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw error instanceof Unwritable ? new Unwritable(`/${arg}: ${error.message}`) : error;
  }
}
