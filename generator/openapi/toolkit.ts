import type { App } from "../../runtime/direct/app.js";
import type { Route, Server } from "../../runtime/direct/route.js";
import { digestOf, sha256 } from "../catalogue/canonical.js";
import { PARTS } from "../catalogue/self-contained.js";
import type { CatalogueTool, CatalogueToolkit, SchemaDocument, ToolHints } from "../catalogue/types.js";
import { diagnostic, ToolbindError, type Diagnostic, type Place } from "../errors.js";
import { isObject, type JsonObject } from "../text/json.js";
import { typeName } from "../text/shown.js";
import { answersOf, type Answers } from "./answers.js";
import { argumentsOf, type Arguments } from "./arguments.js";
import type { Description } from "./document.js";
import type { Operation } from "./operation.js";
import { readOperations, readServers, serversOf20 } from "./operations.js";
import { apart } from "./rivals.js";
import { child, DescriptionFault, type At } from "./refs.js";
import { operationKey, slugsOf } from "./slugs.js";

/** What a toolkit is built from, besides the description. */
export interface AppFacts {
  readonly slug: string;
  /** From the integration; takes precedence over the description. */
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly app: Pick<App, "schemes" | "currentUserEndpoint" | "callbackUrl">;
  /** Security schemes of the description that calls cannot satisfy. */
  readonly leftOut: ReadonlySet<string>;
  /** SHA-256 of what was read. */
  readonly contentHash: string;
  /** Slugs that were assigned before, by method and path. */
  readonly given: ReadonlyMap<string, string>;
}

/**
 * The toolkit of a description: a tool for each operation. Operations that cannot be read are reported and left out.
 * Throws a `ToolbindError` if `info` lacks its version.
 */
export function toolkitOf(
  description: Description,
  facts: AppFacts,
): { readonly toolkit: CatalogueToolkit; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const { title, version, about } = infoOf(description);
  const report = (
    what: string,
    { at, expected, received, fix = "correct the description, or leave the operation out" }: DescriptionFault,
  ): void => {
    const place = description.place(at.pointer, at.uri);
    diagnostics.push(diagnostic("TB2031", "error", { what, at: place, expected, received, fix }));
  };
  const all = [...readOperations(description, (name, fault) => report(`${name} left out`, fault))];
  if (all.length === 0 && diagnostics.length === 0) diagnostics.push(nothingToCall(description));
  const operations = all.filter(({ extensions }) => ours(extensions)["exclude"] !== true);
  const slugs = slugsOf(facts.slug, operations, facts.given);
  const root: At<JsonObject> = { value: description.root, pointer: "", uri: description.uri };
  const servers = description.edition === "2.0" ? serversOf20(root, root) : readServers(child(root, "servers"));
  const asked = securityIn(operations, facts);
  const builder = new ToolBuilder(description, facts, { version, servers });
  const tools: CatalogueTool[] = [];
  const keys: Record<string, string> = {};
  for (const operation of operations) {
    const slug = slugs.get(operation) as string;
    try {
      tools.push(builder.toolOf({ ...operation, security: operation.security ?? asked }, slug));
      keys[operationKey(operation)] = slug;
    } catch (error) {
      if (!(error instanceof DescriptionFault)) throw error;
      report(`${slug} left out`, error);
    }
  }
  const name = (facts.name ?? title) || facts.slug;
  const toolkit: CatalogueToolkit = {
    slug: facts.slug,
    name,
    description: facts.description ?? about,
    version,
    availableVersions: [version],
    noAuth: facts.app.schemes.length === 0,
    authSchemes: facts.app.schemes.map(({ mode }) => mode),
    tools: tools.sort((a, b) => (a.slug < b.slug ? -1 : 1)),
    triggers: [],
    source: description.source,
    contentHash: facts.contentHash,
    app: {
      description: { slug: facts.slug, name, servers, ...facts.app },
      operations: keys,
      uri: description.uri,
      load: description.load,
      place: (pointer, uri) => builder.placeOf(pointer, uri),
    },
  };
  return { toolkit, diagnostics };
}

/** Builds the tools of a description, and the document that holds the schemas of them all. */
class ToolBuilder {
  readonly #description: Description;
  readonly #facts: AppFacts;
  readonly #version: string;
  readonly #servers: readonly Server[];
  readonly #isReplaced: boolean;
  /** The schemas of each tool, by slug. */
  readonly #parts: Record<string, unknown> = {};
  readonly #document: JsonObject;
  /** Where in the description the schemas of each tool come from, by slug and the pointer below the tool's part. */
  readonly #origins = new Map<string, ReadonlyMap<string, At>>();

  constructor(
    description: Description,
    facts: AppFacts,
    { version, servers }: { readonly version: string; readonly servers: readonly Server[] },
  ) {
    this.#description = description;
    this.#facts = facts;
    this.#version = version;
    this.#servers = servers;
    this.#isReplaced = facts.app.schemes.some(({ proxy }) => proxy?.baseUrl !== undefined);
    this.#document = { ...description.root, [PARTS]: this.#parts };
  }

  /** @throws DescriptionFault where the operation cannot be called */
  toolOf(operation: Operation, slug: string): CatalogueTool {
    refuseUnsendable(operation);
    const { schemes } = this.#facts.app;
    const args = argumentsOf(this.#description, operation, (place, name) => isGiven(schemes, place, name));
    const answers = answersOf(this.#description, operation);
    this.#parts[slug] = partsOf(args, answers);
    const inputs = [...args.origins].map(([pointer, at]) => [`/input${pointer}`, at] as const);
    this.#origins.set(slug, new Map([...inputs, ...answers.origins, ["", operation.at]]));
    const schemaOf = (part: string): SchemaDocument => ({
      document: this.#document,
      pointer: `/${PARTS}/${slug}/${part}`,
      location: { source: this.#description.source, pointer: operation.at.pointer },
      dialect: this.#description.dialect,
      base: this.#description.uri,
    });
    const servers = ownServers(operation, this.#servers, this.#isReplaced);
    return {
      slug,
      toolkit: this.#facts.slug,
      name: operation.summary || operation.id || operationKey(operation),
      description: textOf(operation),
      version: this.#version,
      tags: operation.tags,
      hints: hintsOf(operation),
      scopes: scopesOf(operation),
      noAuth: isOpen(operation, schemes),
      deprecated: operation.deprecated,
      input: schemaOf("input"),
      output: answers.schema === undefined ? undefined : schemaOf("output"),
      location: { source: this.#description.source, pointer: operation.at.pointer },
      route: routeOf(operation, servers, args, answers, this.#facts),
      answers: answers.byStatus.map(({ status, schema }, index) => ({
        status,
        schema: schema === undefined ? undefined : schemaOf(`answers/${index}`),
      })),
    };
  }

  /** Where in the description a part of the document stands. */
  placeOf(pointer: string, resource: string): Place {
    const description = this.#description;
    if (resource !== description.uri) return description.place(pointer, resource);
    const made = new RegExp(`^/${PARTS}/([^/]+)(/.*)$`).exec(pointer);
    if (made === null) return description.place(pointer);
    const [, slug = "", below = ""] = made;
    for (const [prefix, { pointer: real, uri }] of this.#origins.get(slug) ?? []) {
      if (prefix === "") return description.place(real, uri);
      if (below === prefix || below.startsWith(`${prefix}/`))
        return description.place(real + below.slice(prefix.length), uri);
    }
    return description.place("");
  }
}

function nothingToCall(description: Description): Diagnostic {
  const key = ["paths", "webhooks"].find((each) => description.root[each] !== undefined);
  return diagnostic("TB2032", "warning", {
    what: "Description has no operations",
    at: description.place(key === undefined ? "" : `/${key}`),
    expected: "methods of paths",
    received: key === "webhooks" ? "webhooks, which are requests that the API sends" : "none",
    fix: "add operations under `paths`, or use a description that has some",
  });
}

/** What `fetch` refuses to send on every platform. */
function refuseUnsendable({ method, at }: Operation): void {
  if (!/^(CONNECT|TRACE|TRACK)$/i.test(method)) return;
  const fix = "leave it out, with `x-toolbind: { exclude: true }`";
  throw new DescriptionFault(at, "a method that programs can send", method, fix);
}

function infoOf(description: Description): { title: string; version: string; about: string } {
  const info = isObject(description.root["info"]) ? description.root["info"] : {};
  const text = (key: string): string => {
    const value = info[key];
    return typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
  };
  const version = text("version");
  if (version === "") {
    throw new ToolbindError("TB2030", {
      what: "Description has no `info.version`",
      at: description.place("/info/version"),
      expected: "the version that calls are pinned to",
      received: info["version"] === "" ? "an empty text" : typeName(info["version"]),
      fix: "add `version` under `info`",
    });
  }
  return { title: text("title"), version, about: typeof info["description"] === "string" ? info["description"] : "" };
}

/** Our own extension of an operation: `exclude`, and the four hints. */
function ours(extensions: JsonObject): JsonObject {
  const own = extensions["x-toolbind"];
  return isObject(own) ? own : {};
}

function partsOf({ schema }: Arguments, { schema: output, byStatus }: Answers): JsonObject {
  return {
    input: schema,
    ...(output !== undefined && { output }),
    answers: byStatus.map(({ schema: each }) => each ?? true),
  };
}

/** Whether every call sends this by itself, so that it is not an argument. */
function isGiven(schemes: App["schemes"], place: string, name: string): boolean {
  const wanted = name.toLowerCase();
  const names = (pairs: Readonly<Record<string, string>> | undefined, ignoreCase: boolean): boolean =>
    Object.keys(pairs ?? {}).some((key) => (ignoreCase ? key.toLowerCase() === wanted : key === name));
  return schemes.some(({ proxy }) => {
    if (place === "path") return names(proxy?.path, false);
    if (place === "header") return names(proxy?.headers, true);
    return names(place === "query" ? proxy?.query : proxy?.cookies, false);
  });
}

function textOf({ summary, description }: Operation): string {
  const [first, rest] = [summary.trim(), description.trim()];
  if (first === "" || rest.startsWith(first)) return rest || first;
  return rest === "" ? first : `${first}\n\n${rest}`;
}

const HINTS = ["readOnly", "destructive", "idempotent", "openWorld"] as const;

/** What the method means in HTTP, unless the description says otherwise. */
function hintsOf({ method, extensions }: Operation): ToolHints {
  const hints: Record<string, boolean> = {};
  if (/^(GET|HEAD|OPTIONS|QUERY)$/.test(method)) hints["readOnly"] = true;
  if (/^(PUT|DELETE)$/.test(method)) hints["idempotent"] = true;
  if (method === "DELETE") hints["destructive"] = true;
  const said = ours(extensions);
  for (const hint of HINTS) if (typeof said[hint] === "boolean") hints[hint] = said[hint];
  return hints;
}

function scopesOf({ security }: Operation): string[] {
  const [first] = (security ?? []).filter((alternative) => Object.values(alternative).some(({ length }) => length > 0));
  return [...new Set(Object.values(first ?? {}).flat())];
}

function isOpen({ security }: Operation, schemes: App["schemes"]): boolean {
  return (
    schemes.length === 0 || security?.length === 0 || security?.some((each) => Object.keys(each).length === 0) === true
  );
}

/**
 * The servers of an operation, unless they only repeat those of the whole description, which an integration may replace.
 * 2.0's `schemes` of an operation do not change the host.
 */
function ownServers({ servers: own }: Operation, servers: readonly Server[], isReplaced: boolean): readonly Server[] {
  const plain = ({ url }: Server): string => url.replace(isReplaced ? /^https?:|\/+$/g : /\/+$/, "");
  const [first] = own;
  const isSame = first !== undefined && servers[0] !== undefined && plain(first) === plain(servers[0]);
  return isSame ? [] : own;
}

function routeOf(
  { method, security }: Operation,
  servers: readonly Server[],
  { route: { path, ...written } }: Arguments,
  { accept, isBytes, isStream }: Answers,
  facts: AppFacts,
): Route {
  const admitted = admittedOf(security, facts);
  return {
    method,
    path,
    ...(servers.length > 0 && { servers }),
    ...written,
    ...(accept !== undefined && { accept }),
    ...(isBytes && { bytes: true as const }),
    ...(isStream && { stream: true as const }),
    ...(admitted !== undefined && { security: admitted }),
  };
}

/**
 * What operations ask for that say nothing of it, beside others that do: nothing, but credentials do no harm, and some
 * descriptions forget to say so. Undefined where no operation asks for any that callers have.
 */
function securityIn(operations: readonly Operation[], { app: { schemes } }: AppFacts): Operation["security"] {
  const known = new Set(schemes.map(({ name }) => name));
  const isSaid = operations.some(({ security }) =>
    security?.some((each) => Object.keys(each).some((name) => known.has(name))),
  );
  return isSaid ? [...schemes.map(({ name }) => ({ [name]: [] })), {}] : undefined;
}

/**
 * The alternatives that calls know. Where there is none, those without what they can do nothing about, so that no other
 * scheme's credentials are sent for it; undefined where the integration names its schemes in its own way.
 */
function admittedOf(
  security: Operation["security"],
  { app: { schemes }, leftOut }: Pick<AppFacts, "app" | "leftOut">,
): Route["security"] {
  const known = new Set(schemes.map(({ name }) => name));
  if (security === undefined || known.size === 0) return undefined;
  const alternatives = security.flatMap((each) => apart(Object.keys(each), schemes));
  const fit = (all: readonly (readonly string[])[]): readonly (readonly string[])[] =>
    distinct(all.filter((names) => names.every((name) => known.has(name))));
  const whole = fit(alternatives);
  if (whole.length > 0 || alternatives.length === 0) return whole;
  const rest = fit(alternatives.map((names) => names.filter((name) => !leftOut.has(name))));
  return rest.length > 0 ? rest : undefined;
}

function distinct(all: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(all.map((names) => [JSON.stringify(names), names])).values()];
}

/** Hash of text files, regardless of line endings. */
export function hashOfFiles(contents: readonly Uint8Array[]): string {
  return sha256(contents.map(digestOfText).join("\n"));
}

function digestOfText(content: Uint8Array): string {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  return bytes.includes("\r\n") ? sha256(bytes.toString("utf8").replaceAll("\r\n", "\n")) : digestOf(content);
}
