import { isLoopback } from "../../runtime/direct/loopback.js";
import type { Server } from "../../runtime/direct/route.js";
import { isObject, type JsonObject } from "../text/json.js";
import { keysOf, pointerOf } from "../text/json-pointer.js";
import { readBody20, readParameter20, readResponse20 } from "./edition-2.js";
import { readBody3, readParameter3, readResponse3 } from "./edition-3.js";
import type { Description } from "./document.js";
import type { Operation, OperationBody, OperationResponse } from "./operation.js";
import { child, DescriptionFault, entriesAt, follow, listAt, objectAt, textAt, type At } from "./refs.js";

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"] as const;
/** What API Gateway exports for a path that is passed through as a whole. */
const ANY_METHOD = "x-amazon-apigateway-any-method";
const METHOD_NAME = /^[A-Za-z][A-Za-z0-9-]*$/;

/** Called for each operation that cannot be read. */
type OnFault = (name: string, fault: DescriptionFault) => void;

/** The operations of a description, in its order. A fault in one leaves that one out. */
export function* readOperations(description: Description, onFault: OnFault): Generator<Operation> {
  const root: At<JsonObject> = { value: description.root, pointer: "", uri: description.uri };
  const reader = new OperationReader(description, root);
  for (const [path, at] of pathsOf(description, root, onFault)) {
    const item = contain(path, onFault, () => objectAt(follow(description, at)));
    if (item === undefined) continue;
    const any = child(item, ANY_METHOD);
    if (any.value !== undefined) {
      const fix = "describe it once for each method that it takes, such as `get`";
      onFault(`ANY ${path}`, new DescriptionFault(any, "a method", "any", fix));
    }
    for (const at of misplacedIn(item, description.edition)) {
      const method = at.pointer.slice(at.pointer.lastIndexOf("/") + 1);
      const fix = `describe it as \`${method.toLowerCase()}\` of the path`;
      onFault(`${method} ${path}`, new DescriptionFault(at, "a method without a field of its own", method, fix));
    }
    for (const [method, operation] of methodsOf(item, description.edition)) {
      const name = `${method} ${path}`;
      const read = contain(name, onFault, () => reader.read(method, path, item, operation));
      if (read !== undefined) yield read;
    }
  }
}

/** The security requirements of each operation, whatever else is wrong with it. */
export function* readSecurity(description: Description): Generator<NonNullable<Operation["security"]>> {
  const root: At<JsonObject> = { value: description.root, pointer: "", uri: description.uri };
  const whatever = (): void => undefined;
  for (const [path, at] of pathsOf(description, root, whatever)) {
    const item = contain(path, whatever, () => objectAt(follow(description, at)));
    for (const [, operation] of item === undefined ? [] : methodsOf(item, description.edition)) {
      if (!isObject(operation.value)) continue;
      const own = child(operation as At<JsonObject>, "security");
      const security = own.value === undefined ? child(root, "security") : own;
      yield securityOf(security, description.edition) ?? [];
    }
  }
}

/** The paths, and those that Azure distinguishes by their queries. */
function pathsOf(description: Description, root: At<JsonObject>, onFault: OnFault): readonly [string, At][] {
  return ["paths", "x-ms-paths"].flatMap(
    (key) => contain(key, onFault, () => entriesAt(follow(description, child(root, key)))) ?? [],
  );
}

function contain<T>(name: string, onFault: OnFault, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DescriptionFault)) throw error;
    onFault(name, error);
    return undefined;
  }
}

function* methodsOf(item: At<JsonObject>, edition: Description["edition"]): Generator<[string, At]> {
  for (const method of METHODS) {
    if (method === "query" && edition !== "3.2") continue;
    const at = child(item, method);
    if (at.value !== undefined) yield [method.toUpperCase(), at];
  }
  for (const [method, at] of additionalIn(item, edition)) if (!hasField(method)) yield [method, at];
}

/** Additional operations for which OpenAPI 3.2 has a field of its own, where alone they are allowed. */
function misplacedIn(item: At<JsonObject>, edition: Description["edition"]): At[] {
  return additionalIn(item, edition).flatMap(([method, at]) => (hasField(method) ? [at] : []));
}

function additionalIn(item: At<JsonObject>, edition: Description["edition"]): [string, At][] {
  const others = child(item, "additionalOperations");
  if (edition !== "3.2" || !isObject(others.value)) return [];
  return entriesAt(others).filter(([method]) => METHOD_NAME.test(method));
}

function hasField(method: string): boolean {
  return METHODS.some((field) => field.toUpperCase() === method);
}

class OperationReader {
  readonly #description: Description;
  readonly #root: At<JsonObject>;

  constructor(description: Description, root: At<JsonObject>) {
    this.#description = description;
    this.#root = root;
  }

  read(method: string, path: string, item: At<JsonObject>, at: At): Operation {
    const operation = objectAt(at) as At<JsonObject>;
    const id = child(operation, "operationId").value;
    const merged = this.#parameters(item, operation);
    const isOld = this.#description.edition === "2.0";
    const security = child(operation, "security").value === undefined ? this.#root : operation;
    const tags = child(operation, "tags").value;
    return {
      method,
      path,
      id: typeof id === "string" && id.trim() !== "" ? id : undefined,
      summary: textAt(operation, "summary") ?? textAt(item, "summary") ?? "",
      description: textAt(operation, "description") ?? textAt(item, "description") ?? "",
      tags: Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === "string") : [],
      deprecated: operation.value["deprecated"] === true,
      parameters: merged.flatMap((parameter) => {
        const read = isOld ? readParameter20(parameter) : readParameter3(this.#description, parameter);
        return read === undefined ? [] : [read];
      }),
      // `fetch` sends no body with these methods.
      body: /^(GET|HEAD)$/.test(method) ? undefined : this.#body(operation, merged),
      responses: this.#responses(operation),
      security: securityOf(child(security, "security"), this.#description.edition),
      servers: isOld ? serversOf20(this.#root, operation) : this.#servers(item, operation),
      extensions: Object.fromEntries(Object.entries(operation.value).filter(([key]) => key.startsWith("x-"))),
      at: operation,
    };
  }

  #body(operation: At<JsonObject>, parameters: readonly At<JsonObject>[]): OperationBody | undefined {
    return this.#description.edition === "2.0"
      ? readBody20(this.#root, operation, parameters)
      : readBody3(this.#description, child(operation, "requestBody"));
  }

  /** Those of the path and those of the operation, which replace others of the same name and place. */
  #parameters(item: At<JsonObject>, operation: At<JsonObject>): At<JsonObject>[] {
    const byPlace = new Map<string, At<JsonObject>>();
    for (const of of [item, operation]) {
      const own = new Map<string, At<JsonObject>>();
      for (const listed of listAt(child(of, "parameters"))) {
        if (listed.value === null) continue;
        const parameter = objectAt(follow(this.#description, listed)) as At<JsonObject>;
        const { name, in: place } = parameter.value;
        if (typeof place !== "string") {
          throw new DescriptionFault(listed, "a parameter with `in`", "one without");
        }
        if (typeof name !== "string" && place !== "body") {
          throw new DescriptionFault(listed, "a parameter with a name", "one without");
        }
        // Headers are named without regard to case.
        const key = `${place} ${place === "header" ? String(name).toLowerCase() : String(name)}`;
        if (!own.has(key)) own.set(key, parameter);
      }
      for (const [key, parameter] of own) byPlace.set(key, parameter);
    }
    return [...byPlace.values()];
  }

  #responses(operation: At<JsonObject>): OperationResponse[] {
    return entriesAt(child(operation, "responses")).map(([status, listed]) => {
      const at = follow(this.#description, listed);
      const response = objectAt(at) ?? { ...at, value: {} };
      const contents =
        this.#description.edition === "2.0"
          ? readResponse20(this.#root, operation, response)
          : readResponse3(this.#description, response);
      return {
        status: status.toUpperCase() === "DEFAULT" ? "default" : status.toUpperCase(),
        description: textAt(response, "description"),
        contents,
      };
    });
  }

  #servers(item: At<JsonObject>, operation: At<JsonObject>): Server[] {
    const own = readServers(child(operation, "servers"));
    return own.length > 0 ? own : readServers(child(item, "servers"));
  }
}

/** The name of a security scheme; OpenAPI 3.2 lets requirements refer to it by URI. */
function schemeName(name: string, edition: Description["edition"]): string {
  const isPlace = edition === "3.2" && /^#\/components\/securitySchemes\/[^/]+$/.test(name);
  return isPlace ? (keysOf(pointerOf(name) ?? "")[2] ?? name) : name;
}

export function securityOf(at: At, edition: Description["edition"]): Operation["security"] {
  if (!Array.isArray(at.value)) return undefined;
  return at.value
    .filter(isObject)
    .map((alternative) =>
      Object.fromEntries(
        Object.entries(alternative).map(([name, scopes]) => [
          schemeName(name, edition),
          Array.isArray(scopes) ? scopes.filter((scope): scope is string => typeof scope === "string") : [],
        ]),
      ),
    );
}

/** The part of a server's URL that determines the host. */
const HOST = /^(\{[^{}]*\}|[^/]*\/\/[^/]*)/;

/** The servers of a description, without invalid ones. */
export function readServers(at: At): Server[] {
  if (!Array.isArray(at.value)) return [];
  const servers = at.value.filter(isObject).flatMap(({ url, variables }): Server[] => {
    if (typeof url !== "string" || url === "") return [];
    if (!isObject(variables)) return [{ url }];
    const read = Object.entries(variables).flatMap(([name, variable]) => {
      if (!isObject(variable)) return [];
      const values = Array.isArray(variable["enum"]) ? variable["enum"].map(String) : undefined;
      const fallback = variable["default"] ?? values?.[0];
      const inHost = HOST.exec(url)?.[0].includes(`{${name}}`) === true;
      // Without a value of its own, one has to be given.
      if (fallback === undefined || fallback === null || (inHost && fallback === "")) return [];
      // As API Gateway exports what comes after a slash already.
      const text = url.includes(`/{${name}}`) ? String(fallback).replace(/^\/+/, "") : String(fallback);
      return [[name, { default: text, ...(values !== undefined && values.length > 0 && { enum: values }) }] as const];
    });
    return [read.length === 0 ? { url } : { url, variables: Object.fromEntries(read) }];
  });
  // If the same address is given with and without https, only the former.
  const [first] = servers;
  const safe = servers.find(({ url }) => first !== undefined && url === first.url.replace(/^http:/, "https:"));
  return safe === undefined ? servers : [safe, ...servers.filter((server) => server !== safe)];
}

/** The server of a description of Azure, whose host has parameters. */
function parameterizedHost(root: At<JsonObject>): Server[] | undefined {
  const host = child(root, "x-ms-parameterized-host").value;
  if (!isObject(host) || typeof host["hostTemplate"] !== "string") return undefined;
  const shared = child(root, "parameters").value;
  const parameters = [host["parameters"]].flat().flatMap((listed): [string, unknown][] => {
    if (!isObject(listed)) return [];
    const [, name] = /^#\/parameters\/(.+)$/.exec(String(listed["$ref"])) ?? [];
    const found = name !== undefined && isObject(shared) ? shared[name] : listed;
    return isObject(found) && typeof found["name"] === "string" ? [[found["name"], found]] : [];
  });
  const prefix = host["useSchemePrefix"] === false ? "" : "https://";
  const basePath = (textAt(root, "basePath") ?? "").replace(/^\/*(?=.)/, "/");
  const url = `${prefix}${host["hostTemplate"].replace(/\/+$/, "")}${basePath}`;
  return readServers({ ...root, value: [{ url, variables: Object.fromEntries(parameters) }] });
}

/** The servers of a 2.0 description: `schemes`, `host` and `basePath`. */
export function serversOf20(root: At<JsonObject>, of: At<JsonObject>): Server[] {
  const own = child(of, "schemes").value;
  if (of !== root && own === undefined) return [];
  const templated = parameterizedHost(root);
  if (templated !== undefined) return of === root ? templated : [];
  const host = textAt(root, "host")?.replace(/^\w+:\/\/|\/+$/g, "");
  const basePath = (textAt(root, "basePath") ?? "").replace(/^(?=[^/])/, "/");
  if (host === undefined) return basePath === "" ? [] : [{ url: basePath }];
  const listed = (Array.isArray(own) ? own : []).filter((scheme) => scheme === "https" || scheme === "http");
  const isHere = URL.canParse(`http://${host}`) && isLoopback(new URL(`http://${host}`).hostname);
  const schemes =
    listed.length === 0 ? [isHere ? "http" : "https"] : listed.sort((a, b) => (a > b ? -1 : a < b ? 1 : 0));
  return schemes.map((scheme) => ({ url: `${scheme}://${host}${basePath}` }));
}
