import type { Node } from "yaml";
import type { AuthField, AuthScheme, RequestAdditions } from "../../runtime/direct/app.js";
import { isSecretName } from "../../runtime/errors.js";
import type { Description } from "../openapi/document.js";
import { asObject, type JsonObject } from "../text/json.js";
import { yaml } from "../text/yaml.js";
import { impliedFields } from "./credentials.js";
import { fromSecuritySchemes } from "./security.js";
import { readTemplate } from "./templates.js";
import { isLink, urlFault } from "./urls.js";

const HEAD = ` How callers of this API authenticate. The description says what the API can do.
 \`{{name}}\` stands for a field of the scheme, or for a credential of its mode.`;

const NO_SCHEMES = ` The description names no security schemes that calls can be made with, so they carry no credentials. Where a key is
 needed:
   - name: key
     auth_mode: API_KEY
     proxy:
       headers:
         Authorization: "Bearer {{api_key}}"`;

const COMMENTS: Readonly<Record<AuthScheme["mode"], string>> = {
  NO_AUTH: " No credentials.",
  API_KEY: " A key that people have from the API's provider. `proxy` says where it goes.",
  BEARER_TOKEN: " A token that people have from the API's provider, sent as `Authorization: Bearer …`.",
  BASIC: " User name and password.",
  OAUTH2: " OAuth 2.0. `client_id` and `client_secret` are those of an OAuth app that you register with the provider.",
  OAUTH1: " OAuth 1.0a.",
};

const CURRENT_USER =
  /^(?:\/(?:api|rest|v\d[\w.]*))*\/(?:me|self|whoami|user|account|users\/(?:me|self|current)|account\/me)$/i;

/**
 * The initial `integration.yaml` of an app: the security schemes and servers of its description, with comments on what
 * to do next. Reading it gives the same schemes as {@link fromSecuritySchemes}, without diagnostics.
 * @param slug of the toolkit
 */
export function writeFirstIntegration(description: Description, slug: string): string {
  const { root } = description;
  const info = objectOf(root["info"]);
  const server = serverOf(root);
  const { schemes } = fromSecuritySchemes(description);
  const all: readonly AuthScheme[] =
    schemes.length === 0 && server !== undefined ? [{ name: "none", mode: "NO_AUTH", fields: [] }] : schemes;
  const docs = objectOf(root["externalDocs"])["url"];
  const logo = objectOf(info["x-logo"])["url"];
  const currentUser = currentUserOf(root);
  const { Document, isSeq } = yaml();
  const document = new Document({
    name: textOf(info["title"]) ?? slug,
    unique_key: slug,
    ...present("description", firstParagraph(textOf(info["description"]))),
    ...present("logo", typeof logo === "string" && isLink(logo) ? logo : undefined),
    ...present("docs", typeof docs === "string" && isLink(docs) ? docs : undefined),
    ...present("get_current_user_endpoint", currentUser),
    auth_schemes: all.map((scheme) => schemeOf(scheme, server)),
  });
  document.commentBefore = HEAD;
  comment(document.contents, "get_current_user_endpoint", " Answers whoever has a working connection.");
  if (all.length === 0) comment(document.contents, "auth_schemes", NO_SCHEMES);
  const list = document.get("auth_schemes", true);
  if (isSeq(list)) {
    for (const [index, item] of list.items.entries()) (item as Node).commentBefore = COMMENTS[all[index]!.mode];
  }
  return document.toString({ lineWidth: 120 });
}

function comment(map: unknown, key: string, text: string): void {
  if (!yaml().isMap(map)) return;
  const pair = map.items.find((each) => String(each.key) === key);
  if (pair !== undefined) (pair.key as Node).commentBefore = text;
}

function schemeOf(scheme: AuthScheme, server: VariableServer | undefined): JsonObject {
  const { name, mode, proxy } = scheme;
  const withServer = server === undefined || proxy?.baseUrl !== undefined ? proxy : { baseUrl: server.url, ...proxy };
  const taken = new Set(scheme.fields.map((field) => field.name));
  const added = server?.fields.filter((field) => !taken.has(field.name)) ?? [];
  const fields = [...(areImplied(scheme) ? [] : scheme.fields), ...added];
  return {
    name,
    auth_mode: mode,
    ...(scheme.mode === "OAUTH2" && {
      ...present("grant_type", scheme.grant),
      ...present("authorization_url", scheme.authorizationUrl),
      token_url: scheme.tokenUrl,
      ...present("refresh_url", scheme.refreshUrl),
      default_scopes: scheme.scopes,
      ...present("available_scopes", scheme.availableScopes),
    }),
    ...present("proxy", withServer === undefined ? undefined : proxyOf(withServer)),
    ...(fields.length > 0 && { fields: fields.map(fieldOf) }),
  };
}

/** Whether the fields need not be written because the mode implies them. */
function areImplied({ mode, fields, proxy }: AuthScheme): boolean {
  const names = fields.map(({ name }) => name);
  const texts = [proxy?.headers, proxy?.query, proxy?.cookies].flatMap((values) => Object.values(values ?? {}));
  const used = new Set(texts.flatMap((text) => readTemplate(text, names).uses));
  return JSON.stringify(impliedFields(mode, used)) === JSON.stringify(fields);
}

function proxyOf({ baseUrl, headers, query, cookies }: RequestAdditions): JsonObject {
  return {
    ...present("base_url", baseUrl),
    ...present("headers", headers),
    ...present("query_params", query),
    ...present("cookies", cookies),
  };
}

function fieldOf({
  name,
  displayName,
  description,
  required,
  expectedFromCustomer,
  secret,
  default: fallback,
}: AuthField): JsonObject {
  return {
    name,
    ...present("display_name", displayName),
    ...present("description", description),
    required,
    expected_from_customer: expectedFromCustomer,
    ...(secret !== isSecretName(name) && { is_secret: secret }),
    ...present("default", fallback),
  };
}

/** A server whose address differs between accounts. */
interface VariableServer {
  readonly url: string;
  readonly fields: readonly AuthField[];
}

/** The first server, where its URL has variables that a connection can hold. */
function serverOf(root: JsonObject): VariableServer | undefined {
  const [first] = Array.isArray(root["servers"]) ? (root["servers"] as unknown[]) : [];
  const { url, variables } = objectOf(first);
  if (typeof url !== "string" || url.includes("{{") || url.includes("$")) return undefined;
  const names = [...url.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name as string);
  if (names.length === 0 || names.some((name) => !/^[A-Za-z_][\w-]*$/.test(name) || name in {})) return undefined;
  const template = url.replace(/\{([^{}]*)\}/g, "{{$1}}").replace(/\/+$/, "");
  if (urlFault(template) !== undefined || readTemplate(template, names).faults.length > 0) return undefined;
  const fields = [...new Set(names)].map((name): AuthField => {
    const variable = objectOf(objectOf(variables)[name]);
    const fallback = textOf(variable["default"]);
    const text = textOf(variable["description"]);
    return {
      name,
      ...(text !== undefined && { description: text }),
      type: "string",
      required: true,
      expectedFromCustomer: true,
      secret: false,
      ...(fallback !== undefined && readTemplate(fallback, []).faults.length === 0 && { default: fallback }),
    };
  });
  return { url: template, fields };
}

/** A path that identifies the caller, if there is one without arguments. */
function currentUserOf(root: JsonObject): string | undefined {
  return Object.entries(objectOf(root["paths"]))
    .filter(([path, item]) => CURRENT_USER.test(path) && !needsArguments(objectOf(item)))
    .map(([path]) => path)
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0];
}

function needsArguments(item: JsonObject): boolean {
  const get = item["get"];
  if (typeof get !== "object" || get === null) return true;
  const parameters = [item["parameters"], objectOf(get)["parameters"]].flat().filter((each) => each !== undefined);
  return parameters.some((each) => objectOf(each)["required"] === true || "$ref" in objectOf(each));
}

function firstParagraph(text: string | undefined): string | undefined {
  const [first] = text?.split(/\n\s*\n/) ?? [];
  const line = first?.replace(/\s+/g, " ").trim();
  return line === undefined || line.length <= 300 ? line : `${line.slice(0, 299)}…`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

function objectOf(value: unknown): JsonObject {
  return asObject(value) ?? {};
}

function present<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [key in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [key in Key]?: Value };
}
