import type { App, AuthField, AuthScheme, OAuth2Scheme, RequestAdditions } from "../../runtime/direct/app.js";
import { diagnostic, type Diagnostic } from "../errors.js";
import type { Description } from "../openapi/document.js";
import { isObject, type JsonObject } from "../text/json.js";
import { escapeSegment } from "../text/json-pointer.js";
import { readSecurity, readServers, securityOf, serversOf20 } from "../openapi/operations.js";
import { rivals } from "../openapi/rivals.js";
import { child, DescriptionFault, follow, objectAt, type At } from "../openapi/refs.js";
import { credentialField, type Grant } from "./credentials.js";
import { cookieFault, headerFault } from "./headers.js";
import { hasTemplate } from "./templates.js";
import type { Integration } from "./types.js";
import { urlFault } from "./urls.js";
import { showValue } from "../text/shown.js";

export interface Authentication {
  readonly app: Pick<App, "schemes" | "currentUserEndpoint" | "callbackUrl">;
  /** Security schemes that calls do not support. Empty if the integration uses its own names for schemes. */
  readonly leftOut: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * How callers of an app authenticate, according to its integration or else its description. A scheme of the integration
 * with the name of a security scheme stands for that one, and inherits where the credentials go unless it says so
 * itself.
 */
export function authenticationOf(description: Description, integration: Integration | undefined): Authentication {
  const described = fromSecuritySchemes(description);
  if (integration === undefined) {
    const { schemes, leftOut, diagnostics } = described;
    const all = [...diagnostics, ...rivalling(description, schemes)];
    return { app: { schemes }, leftOut: new Set(leftOut), diagnostics: all };
  }
  const named = new Map(described.schemes.map((scheme) => [scheme.name, scheme]));
  const asking = new Set(integration.places.filter((place) => place.asksBaseUrl).map(({ scheme }) => scheme));
  const schemes = integration.app.schemes
    .map((scheme) => placed(scheme, named.get(scheme.name)))
    .map((scheme) => (asking.has(scheme.name) ? withServer(scheme, description) : scheme));
  const silent = new Set(schemes.filter((each) => each.mode === "API_KEY" && !sendsCredentials(each)));
  const diagnostics = integration.places.flatMap(({ scheme, at }) => {
    if (![...silent].some(({ name }) => name === scheme)) return [];
    const what = `The scheme \`${scheme.slice(0, 60)}\` does not send a key with its requests`;
    const fix = "put `{{api_key}}` into a header of its `proxy`, in the form that the API expects";
    return [diagnostic("TB2051", "warning", { what, at, fix })];
  });
  const names = new Set(schemes.map(({ name }) => name));
  const areShared = [...named.keys(), ...described.leftOut].some((name) => names.has(name));
  const leftOut = areShared ? described.leftOut.filter((name) => !names.has(name)) : [];
  if (areShared) diagnostics.push(...unanswered(description, names, new Set(leftOut)));
  diagnostics.push(...rivalling(description, schemes));
  return { app: { ...integration.app, schemes }, leftOut: new Set(leftOut), diagnostics };
}

/** Warns of schemes, other than tokens, that operations require together although they are sent in the same place. */
function rivalling(description: Description, schemes: readonly AuthScheme[]): Diagnostic[] {
  const tokens = new Set(
    schemes.filter(({ mode }) => mode === "BEARER_TOKEN" || mode === "OAUTH2").map(({ name }) => name),
  );
  const found = new Map<string, ReturnType<typeof rivals> & { count: number }>();
  for (const security of readSecurity(description)) {
    for (const alternative of security) {
      const rivalry = rivals(Object.keys(alternative), schemes);
      if (rivalry === undefined || rivalry.names.every((name) => tokens.has(name))) continue;
      const key = JSON.stringify(rivalry);
      found.set(key, { ...rivalry, count: (found.get(key)?.count ?? 0) + 1 });
    }
  }
  const listed = description.edition === "2.0" ? "/securityDefinitions" : "/components/securitySchemes";
  return [...found.values()].map(({ names, slot, count }) =>
    diagnostic("TB2055", "warning", {
      what: `Security schemes ${names.map((name) => `\`${name.slice(0, 60)}\``).join(" and ")} are required together by ${count === 1 ? "1 operation" : `${count} operations`}`,
      at: description.place(`${listed}/${escapeSegment(names[0] as string)}`),
      expected: "schemes that are sent in different places",
      received: `several in ${slot.slice(0, 80)}`,
      fix: "list them as alternatives, each an item of `security`; until then any one of them is sent",
    }),
  );
}

/**
 * Warns of security schemes missing from an integration that uses the names of others, if some operations accept
 * nothing else.
 */
function unanswered(description: Description, names: ReadonlySet<string>, leftOut: ReadonlySet<string>): Diagnostic[] {
  const counts = new Map<string, number>();
  for (const security of readSecurity(description)) {
    if (security.length === 0 || security.some((each) => Object.keys(each).every((name) => names.has(name)))) continue;
    const missing = new Set(security.flatMap((each) => Object.keys(each).filter((name) => !names.has(name))));
    for (const name of missing) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const listed = description.edition === "2.0" ? "/securityDefinitions" : "/components/securitySchemes";
  return [...counts].map(([name, count]) =>
    diagnostic("TB2055", "warning", {
      what: `Security scheme \`${name.slice(0, 60)}\` is not in the integration, and ${count === 1 ? "1 operation takes" : `${count} operations take`} nothing else`,
      at: description.place(`${listed}/${escapeSegment(name)}`),
      fix: leftOut.has(name)
        ? "they are called without credentials; provide what they need in a custom `fetch`"
        : "add a scheme of that name to `auth_schemes`; until then they are called with the existing ones",
    }),
  );
}

/** A scheme whose key is sent where the security scheme of the same name says. */
function placed(scheme: AuthScheme, described: AuthScheme | undefined): AuthScheme {
  if (scheme.mode !== "API_KEY" || described?.mode !== "API_KEY" || described.proxy === undefined) return scheme;
  const [field] = described.fields;
  if (field === undefined || sendsCredentials(scheme)) return scheme;
  const secrets = scheme.fields.filter(({ secret }) => secret);
  const own = scheme.fields.find(({ name }) => name === field.name) ?? (secrets.length === 1 ? secrets[0] : undefined);
  const added = own === undefined ? described.proxy : withField(described.proxy, field.name, own.name);
  const { headers, query, cookies } = scheme.proxy ?? {};
  const proxy: RequestAdditions = {
    ...scheme.proxy,
    ...(added.headers !== undefined && { headers: { ...headers, ...added.headers } }),
    ...(added.query !== undefined && { query: { ...query, ...added.query } }),
    ...(added.cookies !== undefined && { cookies: { ...cookies, ...added.cookies } }),
  };
  const fields = own === undefined ? [...scheme.fields, field] : scheme.fields;
  return { ...scheme, fields, proxy };
}

/** A scheme whose `base_url` defaults to the description's server. */
function withServer(scheme: AuthScheme, { root, edition, uri }: Description): AuthScheme {
  const top: At<JsonObject> = { value: root, pointer: "", uri };
  const [server] = edition === "2.0" ? serversOf20(top, top) : readServers(child(top, "servers"));
  if (server === undefined || !/^https?:[^{}]+$/.test(server.url)) return scheme;
  const fields = scheme.fields.map((field) => (field.name === "base_url" ? { ...field, default: server.url } : field));
  return { ...scheme, fields };
}

/** Whether a scheme adds anything from the connection to requests, apart from the base URL. */
function sendsCredentials({ proxy }: AuthScheme): boolean {
  const { headers, query, cookies, path } = proxy ?? {};
  return [headers, query, cookies, path].some((values) => Object.values(values ?? {}).some(hasTemplate));
}

function withField(proxy: RequestAdditions, from: string, to: string): RequestAdditions {
  const rename = (values: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> | undefined =>
    values &&
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, value.replaceAll(`{{${from}}}`, `{{${to}}}`)]),
    );
  const [headers, query, cookies] = [rename(proxy.headers), rename(proxy.query), rename(proxy.cookies)];
  return {
    ...(headers !== undefined && { headers }),
    ...(query !== undefined && { query }),
    ...(cookies !== undefined && { cookies }),
  };
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** HTTP schemes that need more than a constant header. */
const CHALLENGES: ReadonlySet<string> = new Set(
  "concealed digest dpop gnap hoba mutual negotiate ntlm oauth privatetoken vapid".split(" "),
);

/**
 * The schemes of a description's `securitySchemes`, or `securityDefinitions` of 2.0, by the names that
 * operations use in `security`. Schemes that calls do not support are left out with a warning.
 */
export function fromSecuritySchemes(description: Description): {
  readonly schemes: readonly AuthScheme[];
  /** Names of those that are left out. */
  readonly leftOut: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
} {
  return new SecurityReader(description).read();
}

class LeftOut extends Error {
  readonly at: At;
  readonly expected: string;
  readonly received: string;

  constructor(at: At, expected: string, received: string) {
    super(expected);
    this.at = at;
    this.expected = expected;
    this.received = received;
  }
}

class SecurityReader {
  readonly #description: Description;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #uses: Uses;
  readonly #fields = new Set<string>();

  constructor(description: Description) {
    this.#description = description;
    this.#uses = usesOf(description);
  }

  read(): { schemes: AuthScheme[]; leftOut: string[]; diagnostics: Diagnostic[] } {
    const schemes: AuthScheme[] = [];
    const leftOut: string[] = [];
    for (const [name, at] of this.#listed()) {
      try {
        const scheme = objectAt(follow(this.#description, at));
        if (scheme !== undefined) schemes.push(this.#scheme(name, scheme));
      } catch (error) {
        if (!(error instanceof LeftOut || error instanceof DescriptionFault)) throw error;
        leftOut.push(name);
        this.#warn(`Security scheme \`${name.slice(0, 60)}\` left out`, error);
      }
    }
    return { schemes, leftOut, diagnostics: this.#diagnostics };
  }

  #listed(): [string, At][] {
    const { root, edition, uri } = this.#description;
    const top: At<JsonObject> = { value: root, pointer: "", uri };
    try {
      const components = edition === "2.0" ? top : objectAt(child(top, "components"));
      if (components === undefined) return [];
      const listed = objectAt(child(components, edition === "2.0" ? "securityDefinitions" : "securitySchemes"));
      if (listed === undefined) return [];
      // A scheme may be named `x-api-key`; an extension is recognised by not looking like a scheme.
      const names = Object.keys(listed.value).filter((name) => !name.startsWith("x-") || isScheme(listed.value[name]));
      return names.map((name) => [name, child(listed, name)]);
    } catch (error) {
      if (!(error instanceof DescriptionFault)) throw error;
      this.#warn("Security schemes left out", error);
      return [];
    }
  }

  #scheme(name: string, at: At<JsonObject>): AuthScheme {
    if (name in {} || name.trim() !== name || name === "" || name.length > 100 || /\p{C}/u.test(name)) {
      throw new LeftOut(at, "a name that can be written to a file", showValue(name));
    }
    const type = child(at, "type");
    switch (type.value) {
      case "apiKey":
        return this.#apiKey(name, at);
      case "basic":
        return basic(name);
      case "http":
        return this.#http(name, at);
      case "oauth2":
        return this.#oauth2(name, at);
      case "openIdConnect":
        return this.#brought(
          name,
          at,
          "a scheme that a file can describe",
          "OpenID Connect, which is discovered over the network",
        );
      case "mutualTLS":
        throw new LeftOut(type, "a scheme that requests can use", "mutual TLS, which secures the connection itself");
      default:
        throw new LeftOut(type, "apiKey, http, oauth2 or openIdConnect", showValue(type.value));
    }
  }

  #apiKey(name: string, at: At<JsonObject>): AuthScheme {
    const [place, wire] = [child(at, "in"), child(at, "name")];
    if (typeof wire.value !== "string" || wire.value === "")
      throw new LeftOut(wire, "the name of the key", showValue(wire.value));
    const isFit =
      place.value === "query" || (place.value === "header" ? headerFault : cookieFault)(wire.value) === undefined;
    if (!isFit) throw new LeftOut(wire, "a name that can be sent", showValue(wire.value));
    const signed = child(at, "x-amazon-apigateway-authtype");
    if (/^awsSigv4$/i.test(String(signed.value))) {
      throw new LeftOut(
        signed,
        "a key that is the same for every request",
        "an AWS signature, which differs for every request",
      );
    }
    const field = this.#uses.together.has(name) ? this.#fieldOf(name) : "api_key";
    const value = { [wire.value]: `{{${field}}}` };
    // As a computed key it would be harmless here, but not where objects are copied later.
    if (wire.value === "__proto__") throw new LeftOut(wire, "a name that can be sent", showValue(wire.value));
    const text = descriptionOf(at);
    const fields: AuthField[] = [
      { ...credentialField("api_key"), name: field, ...(text !== undefined && { description: text }) },
    ];
    switch (place.value) {
      case "header":
        return { name, mode: "API_KEY", fields, proxy: { headers: value } };
      case "query":
        return { name, mode: "API_KEY", fields, proxy: { query: value } };
      case "cookie":
        return { name, mode: "API_KEY", fields, proxy: { cookies: value } };
      default:
        throw new LeftOut(place, "header, query or cookie", showValue(place.value));
    }
  }

  /** The field of a key that is sent beside others. */
  #fieldOf(name: string): string {
    const words =
      name
        .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
        .toLowerCase()
        .match(/[a-z0-9]+/g) ?? [];
    const plain = (/^[a-z]/.test(words[0] ?? "") ? words : ["key", ...words]).join("_").slice(0, 60);
    let field = plain;
    for (let count = 2; this.#fields.has(field); count++) field = `${plain}_${count}`;
    this.#fields.add(field);
    return field;
  }

  #http(name: string, at: At<JsonObject>): AuthScheme {
    const scheme = child(at, "scheme");
    const word = typeof scheme.value === "string" ? scheme.value.toLowerCase() : "";
    if (word === "basic") return basic(name);
    if (word === "bearer") return bearer(name, descriptionOf(at));
    if (!TOKEN.test(word)) throw new LeftOut(scheme, "basic, bearer or another HTTP scheme", showValue(scheme.value));
    if (CHALLENGES.has(word) || word.startsWith("scram-")) {
      throw new LeftOut(scheme, "a scheme that sends the same text with every request", showValue(scheme.value));
    }
    const fields = [credentialField("api_key")];
    return {
      name,
      mode: "API_KEY",
      fields,
      proxy: { headers: { Authorization: `${String(scheme.value)} {{api_key}}` } },
    };
  }

  #oauth2(name: string, at: At<JsonObject>): AuthScheme {
    const flows = this.#description.edition === "2.0" ? flow20(at) : flows3(at);
    const [flow] = flows;
    if (flow === undefined) return this.#brought(name, at, "a flow that has a token URL", "none");
    const needsPage = flow.grant === "authorization_code";
    const vague = ["tokenUrl", ...(needsPage ? ["authorizationUrl"] : [])]
      .map((key) => child(flow.at, key))
      .find(({ value }) => typeof value === "string" && value.trim() !== "" && this.#absolute(value) === undefined);
    if (vague !== undefined) return this.#brought(name, at, "a URL with its host", showValue(vague.value), vague);
    const tokenUrl = this.#url(flow.at, "tokenUrl");
    if (tokenUrl === undefined) throw new LeftOut(child(flow.at, "tokenUrl"), "an https URL", "nothing");
    const authorizationUrl = needsPage ? this.#url(flow.at, "authorizationUrl") : undefined;
    if (needsPage && authorizationUrl === undefined) {
      throw new LeftOut(child(flow.at, "authorizationUrl"), "an https URL", "nothing");
    }
    const refreshUrl = this.#url(flow.at, "refreshUrl");
    const available = Object.keys(objectAt(child(flow.at, "scopes"))?.value ?? {}).filter(
      (scope) => scope !== "" && !/^x-|\s/.test(scope),
    );
    const asked = this.#uses.scopes.get(name) ?? new Set();
    const scheme: OAuth2Scheme = {
      name,
      mode: "OAUTH2",
      ...(needsPage ? {} : { grant: flow.grant }),
      ...(authorizationUrl !== undefined && { authorizationUrl }),
      tokenUrl,
      ...(refreshUrl !== undefined && refreshUrl !== tokenUrl && { refreshUrl }),
      scopes: available.filter((scope) => asked.has(scope)),
      ...(available.length > 0 && { availableScopes: available }),
      fields: [],
    };
    return scheme;
  }

  /** A token that callers bring, because the description does not say how to obtain one. */
  #brought(name: string, at: At<JsonObject>, expected: string, received: string, place: At = at): AuthScheme {
    this.#diagnostics.push(
      diagnostic("TB2055", "warning", {
        what: `Security scheme \`${name.slice(0, 60)}\` needs a token that callers provide`,
        at: this.#description.place(place.pointer, place.uri),
        expected,
        received,
        fix: "describe how to get a token in `integration.yaml`, with `auth_mode: OAUTH2`",
      }),
    );
    return bearer(name, descriptionOf(at));
  }

  /** A URL of the description, made absolute by its first server; undefined where there is none. */
  #url(of: At<JsonObject>, key: string): string | undefined {
    const at = child(of, key);
    if (at.value === undefined || at.value === "") return undefined;
    const url = typeof at.value === "string" ? (this.#absolute(at.value) ?? "") : "";
    const fault = hasTemplate(url) ? { expected: "a URL without templates" } : urlFault(url);
    if (fault !== undefined) throw new LeftOut(at, fault.expected, showValue(at.value));
    return url;
  }

  /** A URL made absolute by the description's first server; undefined where that names no host. */
  #absolute(given: string): string | undefined {
    const text = given.trim();
    if (/^[a-z][a-z0-9+.-]*:/i.test(text)) return text;
    const [server] = (this.#description.root["servers"] as readonly { url?: unknown }[] | undefined) ?? [];
    const base = typeof server?.url === "string" && /^https?:\/\/[^{}]*$/.test(server.url) ? server.url : undefined;
    return base && URL.canParse(text, base) ? new URL(text, base).href : undefined;
  }

  #warn(
    what: string,
    { at, expected, received }: Pick<LeftOut, "expected" | "received"> & { at: Pick<At, "pointer" | "uri"> },
  ): void {
    const place = this.#description.place(at.pointer, at.uri);
    const fix = "describe the authentication in `integration.yaml`";
    this.#diagnostics.push(diagnostic("TB2055", "warning", { what, at: place, expected, received, fix }));
  }
}

function basic(name: string): AuthScheme {
  return { name, mode: "BASIC", fields: ["username", "password"].map(credentialField) };
}

function bearer(name: string, description: string | undefined): AuthScheme {
  const field = { ...credentialField("token"), ...(description !== undefined && { description }) };
  return { name, mode: "BEARER_TOKEN", fields: [field] };
}

interface Flow {
  readonly grant: Grant;
  readonly at: At<JsonObject>;
}

/** The flows that end in a token URL, the fittest first: one for people, then one for programs. */
function flows3(at: At<JsonObject>): Flow[] {
  const flows = objectAt(child(at, "flows"));
  if (flows === undefined) return [];
  const known = [
    ["authorizationCode", "authorization_code"],
    ["clientCredentials", "client_credentials"],
    ["password", "password"],
  ] as const;
  return known.flatMap(([key, grant]) => {
    const flow = objectAt(child(flows, key));
    return flow === undefined ? [] : [{ grant, at: flow }];
  });
}

function flow20(at: At<JsonObject>): Flow[] {
  const flow = child(at, "flow").value;
  const grants = { accessCode: "authorization_code", application: "client_credentials", password: "password" } as const;
  if (typeof flow !== "string" || !Object.hasOwn(grants, flow)) return [];
  return [{ grant: grants[flow as keyof typeof grants], at }];
}

/** How operations use the schemes, as `security` says. */
interface Uses {
  /** Scopes asked for, by scheme. */
  readonly scopes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Schemes that some call needs beside another, so that their fields need names of their own. */
  readonly together: ReadonlySet<string>;
}

function usesOf(description: Description): Uses {
  const scopes = new Map<string, Set<string>>();
  const together = new Set<string>();
  const { root, edition, uri } = description;
  const common = securityOf(child({ value: root, pointer: "", uri }, "security"), edition) ?? [];
  for (const security of [common, ...readSecurity(description)]) {
    for (const alternative of security) {
      const names = Object.entries(alternative);
      for (const [name, listed] of names) {
        if (names.length > 1) together.add(name);
        const asked = scopes.get(name) ?? new Set();
        for (const scope of listed) asked.add(scope);
        scopes.set(name, asked);
      }
    }
  }
  return { scopes, together };
}

function isScheme(value: unknown): boolean {
  return isObject(value) && ("type" in value || "$ref" in value);
}

function descriptionOf(at: At<JsonObject>): string | undefined {
  const text = at.value["description"];
  return typeof text === "string" && text.trim() !== "" ? text.trim() : undefined;
}
