import type { AuthScheme, OAuth1Scheme, OAuth2Scheme, RequestAdditions } from "../../runtime/direct/app.js";
import {
  CREDENTIALS,
  credentialField,
  GRANTS,
  MODES,
  UNDECLARED,
  type Grant,
  type Mode,
  type NamedMode,
} from "./credentials.js";
import { completeFields, NAME, readFields, type DeclaredField } from "./fields.js";
import { cookieFault, headerFault } from "./headers.js";
import { PROXY, readKeys, SCHEME, type Values } from "./keys.js";
import { placeOf, type Problems, type Spot } from "./problems.js";
import { readTemplateAt, warnOfLookalikes } from "./template-texts.js";
import { type Entry, type MapTree, type TextTree } from "./tree.js";
import type { SchemePlace } from "./types.js";
import { urlFault } from "./urls.js";
import { readFlag, readItems, readText, readTexts, readWord, wrong } from "./values.js";
import { clip } from "../text/shown.js";

const MAX_SCHEMES = 50;

type SchemeKey = (typeof SCHEME.known)[number];

export interface ReadSchemes {
  readonly schemes: readonly AuthScheme[];
  readonly places: readonly SchemePlace[];
  /** The callback URL in a scheme, which applies to the whole app. */
  readonly callbackUrl: Entry | undefined;
  /** Names that the app's templates may use: fields and credentials of any scheme, including faulty ones. */
  readonly known: readonly string[];
}

/** Reads `auth_schemes`: a list, or a map by name. */
export function readSchemes(entry: Entry | undefined, problems: Problems): ReadSchemes {
  if (entry === undefined) return { schemes: [], places: [], callbackUrl: undefined, known: [] };
  const schemes = new Map<string, AuthScheme>();
  const places: SchemePlace[] = [];
  const known = new Set<string>();
  let callbackUrl: Entry | undefined;
  const items = schemeMaps(entry, problems);
  for (const { map, name: given } of items.slice(0, MAX_SCHEMES)) {
    const values = readKeys(map, SCHEME, problems);
    callbackUrl ??= values.callback_url;
    const reader = new SchemeReader(map.spot, values, given, problems);
    const scheme = reader.read();
    for (const name of reader.known) if (!OF_EXCHANGES.has(name)) known.add(name);
    if (scheme === undefined) continue;
    if (!schemes.has(scheme.name)) {
      schemes.set(scheme.name, scheme);
      const asks = reader.undeclared.has("base_url") && { asksBaseUrl: true as const };
      places.push({ scheme: scheme.name, at: placeOf(map.spot), ...asks });
    } else {
      problems.error("TB2051", (values.name ?? map).spot, {
        what: `There are two schemes with the name \`${clip(scheme.name)}\``,
        fix: "rename one of them",
      });
    }
  }
  if (items.length > MAX_SCHEMES) wrong(entry, `at most ${MAX_SCHEMES} schemes`, problems);
  return { schemes: [...schemes.values()], places, callbackUrl, known: [...known] };
}

interface NamedMap {
  readonly map: MapTree;
  /** The key that it stood under. */
  readonly name?: string;
}

function schemeMaps(entry: Entry, problems: Problems): NamedMap[] {
  const { value } = entry;
  if (value.kind === "map") {
    const isOne = value.entries.some(({ key }) => key === "auth_mode" || key === "scheme_name");
    problems.warning("TB2051", entry.spot, {
      what: "`auth_schemes` is not a list; it was read as one",
      expected: "a list of schemes",
      received: isOne ? "one scheme" : "schemes by name",
      fix: isOne ? "start the scheme with `- `" : "start each scheme with `- name: …`",
    });
    if (isOne) return [{ map: value }];
    return value.entries.flatMap((scheme) => named(scheme, problems));
  }
  return readItems(entry).flatMap((item) => {
    if (item.kind === "map") return [{ map: item }];
    if (item.kind !== "nothing") wrong({ key: entry.key, value: item }, "a list of schemes", problems);
    return [];
  });
}

function named(scheme: Entry, problems: Problems): NamedMap[] {
  if (scheme.value.kind === "map") return [{ map: scheme.value, name: scheme.key }];
  wrong(scheme, "a scheme, with `auth_mode`", problems);
  return [];
}

/** Reads one scheme, once: its fields first, since its templates may name them. */
class SchemeReader {
  readonly #spot: Spot;
  readonly #values: Values<SchemeKey>;
  readonly #given: string | undefined;
  readonly #problems: Problems;
  /** What templates of the scheme may name. */
  known: readonly string[] = [];
  readonly #used = new Set<string>();
  #others: Readonly<Record<string, string>> = {};
  /** Undeclared fields in templates, with the text in which each first occurs. */
  readonly undeclared = new Map<string, TextTree>();

  constructor(spot: Spot, values: Values<SchemeKey>, given: string | undefined, problems: Problems) {
    this.#spot = values.name?.spot ?? spot;
    this.#values = values;
    this.#given = given;
    this.#problems = problems;
  }

  read(): AuthScheme | undefined {
    const values = this.#values;
    const mode = this.#mode();
    const name = this.#name(mode?.mode);
    const declared = readFields(values.fields, this.#problems);
    const metadata = this.#metadata();
    if (mode === undefined) return undefined;
    const known = [...new Set([...declared.map((field) => field.name), ...metadata, ...CREDENTIALS[mode.mode]])];
    this.known = known.filter((each) => !OF_EXCHANGES.has(each) || declared.some((field) => field.name === each));
    this.#others = UNDECLARED[mode.mode];
    const proxy = this.#proxy();
    this.known = known;
    const base = { name, ...(proxy !== undefined && { proxy }) };
    switch (mode.mode) {
      case "OAUTH2": {
        const scheme = this.#oauth2(base, mode.grant, metadata);
        return scheme && { ...scheme, fields: completeFields(this.#withUndeclared(declared), "OAUTH2", this.#used) };
      }
      case "OAUTH1": {
        const scheme = this.#oauth1(base, metadata);
        return scheme && { ...scheme, fields: completeFields(this.#withUndeclared(declared), "OAUTH1", this.#used) };
      }
      default: {
        this.#refuse(OF_OAUTH, `in a scheme of mode ${mode.mode}`);
        const all = this.#withUndeclared(declared);
        const fields = completeFields(all, mode.mode, this.#used);
        if (mode.mode === "NO_AUTH" && all.length === 0) return { ...base, mode: mode.mode, fields: [] };
        return { ...base, mode: mode.mode, fields };
      }
    }
  }

  /** The declared fields, plus those that templates use without declaring them. */
  #withUndeclared(declared: readonly DeclaredField[]): DeclaredField[] {
    const others = [...this.undeclared].map(([name, { spot }]) => {
      this.#problems.warning("TB2052", spot, {
        what: `\`{{${name}}}\` does not name a field of this scheme`,
        expected: "a field of that name",
        received: "none; it is treated as one that users provide",
        fix: `add \`- name: ${name}\` to its \`fields\``,
      });
      return { ...credentialField(name), isGiven: true };
    });
    this.known = [...this.known, ...this.undeclared.keys()];
    return [...declared, ...others];
  }

  #mode(): NamedMode | undefined {
    const { auth_mode } = this.#values;
    const expected = "OAUTH2, OAUTH1, API_KEY, BEARER_TOKEN, BASIC or NO_AUTH";
    if (auth_mode === undefined) this.#missing("auth_mode", undefined, expected);
    return readWord(auth_mode, MODES, expected, this.#problems);
  }

  #name(mode: Mode | undefined): string {
    const name = readText(this.#values.name, this.#problems)?.trim() ?? this.#given;
    if (name !== undefined) {
      if (name.length > 100 || /\p{C}/u.test(name)) {
        this.#problems.error("TB2051", this.#spot, {
          what: "The name of a scheme is too long, or contains control characters",
        });
      }
      return name;
    }
    const assumed = mode?.toLowerCase() ?? "";
    if (this.#values.name === undefined && mode !== undefined) {
      this.#problems.warning("TB2051", this.#spot, {
        what: `A scheme has no \`name\`; it is called \`${assumed}\``,
        fix: `write \`name: ${assumed}\``,
      });
    }
    return assumed;
  }

  #metadata(): string[] {
    const entry = this.#values.token_response_metadata;
    const names = readTexts(entry, (text) => text.split(/[\s,]+/).filter(Boolean), this.#problems) ?? [];
    return names.filter((name) => {
      const fits = NAME.test(name) && !(name in {});
      if (!fits && entry !== undefined) wrong(entry, "names of members of the token response", this.#problems);
      return fits;
    });
  }

  #proxy(): RequestAdditions | undefined {
    const problems = this.#problems;
    const entry = this.#values.proxy;
    let values: Values<(typeof PROXY.known)[number]> = {};
    if (entry?.value.kind === "map") values = readKeys(entry.value, PROXY, problems);
    else if (entry !== undefined) wrong(entry, "`base_url`, `headers`, `query_params` or `path_params`", problems);
    const baseUrl = this.#url(values.base_url ?? this.#values.base_url)?.replace(/\/+$/, "");
    const headers = this.#params(values.headers, headerFault);
    const query = this.#params(values.query_params);
    const path = this.#params(values.path_params);
    const cookies = this.#params(values.cookies, cookieFault);
    const proxy = {
      ...(baseUrl !== undefined && { baseUrl }),
      ...(headers !== undefined && { headers }),
      ...(query !== undefined && { query }),
      ...(cookies !== undefined && { cookies }),
      ...(path !== undefined && { path }),
    };
    return Object.keys(proxy).length === 0 ? undefined : proxy;
  }

  #oauth2(
    base: { name: string },
    ofMode: Grant | undefined,
    metadata: readonly string[],
  ): Omit<OAuth2Scheme, "fields"> | undefined {
    const values = this.#values;
    const problems = this.#problems;
    this.#refuse(["request_url", "signature_method"], "in a scheme of mode OAUTH2");
    const separator = this.#separator();
    const tokenParams = this.#params(values.token_params, undefined, separator);
    const { grant_type: asked, ...otherTokenParams } = tokenParams ?? {};
    const { grant_type: renewed, ...refreshParams } = this.#params(values.refresh_params) ?? {};
    if (renewed !== undefined && renewed !== "refresh_token") {
      wrong(values.refresh_params!, "`grant_type: refresh_token`, or none", problems);
    }
    const grant = this.#grant(asked) ?? ofMode;
    const needsPage = grant === undefined || grant === "authorization_code";
    const authorizationUrl = this.#url(values.authorization_url);
    const tokenUrl = this.#url(values.token_url);
    const refreshUrl = this.#url(values.refresh_url);
    if (needsPage && values.authorization_url === undefined) {
      this.#missing("authorization_url", "OAUTH2", "the address that users are redirected to");
    }
    if (values.token_url === undefined) this.#missing("token_url", "OAUTH2", "the address that issues tokens");
    const authorizationParams = this.#params(values.authorization_params, undefined, separator);
    const scopes = this.#scopes(values.default_scopes, separator) ?? [];
    const availableScopes = this.#scopes(values.available_scopes, separator);
    const auth = readWord(values.token_request_auth_method, TOKEN_AUTH, "basic or body", problems);
    const disablePkce = readFlag(values.disable_pkce, problems);
    if (tokenUrl === undefined) return undefined;
    return {
      ...base,
      mode: "OAUTH2",
      ...(grant !== undefined && grant !== "authorization_code" && { grant }),
      ...(authorizationUrl !== undefined && { authorizationUrl }),
      tokenUrl,
      ...(refreshUrl !== undefined && { refreshUrl }),
      scopes,
      ...(availableScopes !== undefined && { availableScopes }),
      ...(separator !== undefined && { scopeSeparator: separator }),
      ...(authorizationParams !== undefined && { authorizationParams }),
      ...(Object.keys(otherTokenParams).length > 0 && { tokenParams: otherTokenParams }),
      ...(Object.keys(refreshParams).length > 0 && { refreshParams }),
      ...(auth !== undefined && { tokenAuthMethod: auth }),
      ...(disablePkce === true && { disablePkce }),
      ...(metadata.length > 0 && { tokenResponseMetadata: metadata }),
    };
  }

  #oauth1(base: { name: string }, metadata: readonly string[]): Omit<OAuth1Scheme, "fields"> | undefined {
    const values = this.#values;
    this.#refuse(
      ["refresh_url", "refresh_params", "token_params", "disable_pkce", "token_request_auth_method", "grant_type"],
      "in a scheme of mode OAUTH1",
    );
    const separator = this.#separator();
    const requestUrl = this.#url(values.request_url);
    const authorizationUrl = this.#url(values.authorization_url);
    const tokenUrl = this.#url(values.token_url);
    const urls = { request_url: "requests", authorization_url: "permission", token_url: "tokens" } as const;
    for (const [key, subject] of Object.entries(urls) as [keyof typeof urls, string][]) {
      if (values[key] === undefined) this.#missing(key, "OAUTH1", `the address for ${subject}`);
    }
    const method = readWord(
      values.signature_method,
      SIGNATURE_METHODS,
      "HMAC-SHA1, HMAC-SHA256 or PLAINTEXT",
      this.#problems,
    );
    const scopes = this.#scopes(values.default_scopes, separator);
    const authorizationParams = this.#params(values.authorization_params, undefined, separator);
    if (requestUrl === undefined || authorizationUrl === undefined || tokenUrl === undefined) return undefined;
    return {
      ...base,
      mode: "OAUTH1",
      requestUrl,
      authorizationUrl,
      tokenUrl,
      ...(method !== undefined && { signatureMethod: method }),
      ...(scopes !== undefined && scopes.length > 0 && { scopes }),
      ...(separator !== undefined && { scopeSeparator: separator }),
      ...(authorizationParams !== undefined && { authorizationParams }),
      ...(metadata.length > 0 && { tokenResponseMetadata: metadata }),
    };
  }

  /** The grant given as `grant_type`, or as a parameter in `token_params`. */
  #grant(asked: string | undefined): Grant | undefined {
    const expected = "authorization_code, client_credentials or password";
    const { grant_type, token_params } = this.#values;
    if (grant_type !== undefined || asked === undefined) {
      return readWord(grant_type, GRANTS, expected, this.#problems);
    }
    const grant = GRANTS[asked.toLowerCase().replace(/[^a-z]/g, "")];
    if (grant === undefined) wrong(token_params!, `\`grant_type\` to be ${expected}`, this.#problems);
    return grant;
  }

  /** Blank text counts as missing elsewhere, but a space is the most common separator. */
  #separator(): string | undefined {
    const entry = this.#values.scope_separator;
    if (entry?.value.kind === "text" && entry.value.text !== "" && entry.value.text.length <= 8)
      return entry.value.text;
    if (entry !== undefined) wrong(entry, 'what separates scopes, such as `","`', this.#problems);
    return undefined;
  }

  #scopes(entry: Entry | undefined, separator: string | undefined): string[] | undefined {
    const split = (text: string): string[] => {
      const parts =
        separator !== undefined && text.includes(separator) ? text.split(separator) : text.split(/\s+|,\s*/);
      return parts.map((part) => part.trim()).filter((part) => part !== "");
    };
    if (entry?.value.kind === "map") {
      // OpenAPI style: each scope with its description.
      return entry.value.entries.map(({ key }) => key);
    }
    return readTexts(entry, split, this.#problems);
  }

  /** Templates by name. A list is joined, as for the user scopes of Slack. */
  #params(
    entry: Entry | undefined,
    faultOf: (name: string) => string | undefined = () => undefined,
    separator: string = " ",
  ): Record<string, string> | undefined {
    if (entry === undefined) return undefined;
    if (entry.value.kind !== "map") {
      wrong(entry, "names and values", this.#problems);
      return undefined;
    }
    const params: [string, string][] = [];
    for (const param of entry.value.entries) {
      const fault = faultOf(param.key);
      if (fault !== undefined) {
        this.#problems.error("TB2051", param.spot, { what: `\`${clip(param.key)}\` cannot be sent`, expected: fault });
        continue;
      }
      const value = this.#param(param, separator);
      if (value !== undefined) params.push([param.key, value]);
    }
    return params.length === 0 ? undefined : Object.fromEntries(params);
  }

  #param(param: Entry, separator: string): string | undefined {
    const { value } = param;
    if (value.kind === "nothing") return undefined;
    const parts = value.kind === "list" ? value.items : [value];
    for (const part of parts) if (part.kind === "text") warnOfLookalikes(part, this.known, this.#problems);
    const texts = parts.map((part) => (part.kind === "text" ? this.#template(part) : undefined));
    if (texts.every((text) => text !== undefined)) {
      const text = texts.join(separator);
      if (!/[\r\n\0]/.test(text)) return text;
      wrong(param, "single-line text", this.#problems);
    } else if (parts.some((part) => part.kind !== "text")) wrong(param, "text", this.#problems);
    return undefined;
  }

  #url(entry: Entry | undefined): string | undefined {
    if (entry === undefined) return undefined;
    const text = readText(entry, this.#problems);
    if (text === undefined || entry.value.kind !== "text") return undefined;
    const template = this.#template(entry.value)?.trim();
    if (template === undefined) return undefined;
    const fault = urlFault(template);
    if (fault !== undefined) wrong(entry, fault.expected, this.#problems, fault.fix);
    return template;
  }

  /** The text with all fields as `{{name}}`; undefined if it cannot be filled in. */
  #template(tree: TextTree): string | undefined {
    const use = (name: string): void => {
      this.#used.add(name);
      if (!this.known.includes(name) && !this.undeclared.has(name)) this.undeclared.set(name, tree);
    };
    return readTemplateAt(tree, this.known, this.#problems, use, this.#others);
  }

  #missing(key: string, mode: string | undefined, expected: string): void {
    this.#problems.error("TB2051", this.#spot, {
      what: `\`${key}\` is missing${mode === undefined ? "" : `, which a scheme of mode ${mode} needs`}`,
      expected,
      fix: `write \`${key}: …\``,
    });
  }

  #refuse(keys: readonly SchemeKey[], why: string): void {
    for (const key of keys) {
      const entry = this.#values[key];
      if (entry === undefined) continue;
      this.#problems.warning("TB2051", entry.spot, { what: `\`${key}\` has no effect ${why}`, fix: "remove it" });
    }
  }
}

const OF_OAUTH: readonly SchemeKey[] = [
  "grant_type",
  "authorization_url",
  "request_url",
  "token_url",
  "refresh_url",
  "authorization_params",
  "token_params",
  "refresh_params",
  "token_request_auth_method",
  "disable_pkce",
  "signature_method",
];

const TOKEN_AUTH = {
  basic: "basic",
  header: "basic",
  clientsecretbasic: "basic",
  body: "body",
  post: "body",
  clientsecretpost: "body",
} as const;

const SIGNATURE_METHODS = {
  hmacsha1: "HMAC-SHA1",
  hmacsha256: "HMAC-SHA256",
  plaintext: "PLAINTEXT",
} as const;

/** Values that exist while tokens are fetched, but not during a call. */
const OF_EXCHANGES: ReadonlySet<string> = new Set(["code", "redirect_uri", "oauth_verifier"]);
