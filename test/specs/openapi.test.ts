import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

type Json = null | boolean | number | string | Json[] | JsonObject;
interface JsonObject {
  [key: string]: Json;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
const load = (file: string | URL): JsonObject => objectOf(JSON.parse(readFileSync(file, "utf8")) as Json);

function lookUp(doc: JsonObject, pointer: string): Json | undefined {
  let node: Json | undefined = doc;
  for (const part of pointer.slice(2).split("/")) {
    node = objectOf(node)[decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return node;
}

function follow(doc: JsonObject, value: Json | undefined): JsonObject {
  const node = objectOf(value);
  if (typeof node["$ref"] !== "string") return node;
  const { $ref, ...siblings } = node;
  const target = lookUp(doc, $ref);
  if (!isObject(target)) throw new Error(`${$ref} leads nowhere`);
  return { ...follow(doc, target), ...siblings };
}

const COMPARED = ["format", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "pattern", "default", "deprecated"];

/** One line per place of a schema, the same for OpenAPI 3.0 (`nullable`) and 3.1 (`type: [..., "null"]`). */
function outline(doc: JsonObject, value: Json | undefined, path: string, lines: Map<string, string>): Map<string, string> {
  const schema = follow(doc, value);
  const types = Array.isArray(schema["type"]) ? schema["type"].map(String) : schema["type"] === undefined ? [] : [String(schema["type"])];
  if (schema["nullable"] === true) types.push("null");
  const facts = [types.sort().join("|")];
  if (schema["enum"] !== undefined) facts.push(`enum=${JSON.stringify(listOf(schema["enum"]).map(String).sort())}`);
  for (const key of COMPARED) if (schema[key] !== undefined) facts.push(`${key}=${JSON.stringify(schema[key])}`);
  const additional = schema["additionalProperties"];
  const open = additional === true || (isObject(additional) && Object.keys(additional).length === 0);
  if (open) facts.push("open");
  if (additional === false) facts.push("closed");
  lines.set(path, facts.join(" "));
  if (isObject(additional) && !open) outline(doc, additional, `${path}.*`, lines);
  if (schema["items"] !== undefined) outline(doc, schema["items"], `${path}[]`, lines);
  for (const key of ["oneOf", "anyOf", "allOf"]) {
    listOf(schema[key]).forEach((branch, i) => outline(doc, branch, `${path}<${key} ${i}>`, lines));
  }
  const required = listOf(schema["required"]);
  for (const [name, property] of Object.entries(objectOf(schema["properties"]))) {
    outline(doc, property, `${path}.${name}${required.includes(name) ? "!" : "?"}`, lines);
  }
  return lines;
}

function compare(what: string, ours: Map<string, string>, theirs: Map<string, string>): string[] {
  const found: string[] = [];
  for (const [path, fact] of ours) {
    const other = theirs.get(path);
    if (other === undefined) found.push(`${what} ${path}: ours only (${fact})`);
    else if (other !== fact) found.push(`${what} ${path}: ours "${fact}", theirs "${other}"`);
  }
  for (const [path, fact] of theirs) if (!ours.has(path)) found.push(`${what} ${path}: theirs only (${fact})`);
  return found;
}

function parametersOf(doc: JsonObject, operation: JsonObject): Map<string, string> {
  const lines = new Map<string, string>();
  for (const entry of listOf(operation["parameters"])) {
    const parameter = follow(doc, entry);
    const name = `${String(parameter["in"])}:${String(parameter["name"])}`;
    lines.set(name, `required=${String(parameter["required"] ?? false)} deprecated=${String(parameter["deprecated"] ?? false)}`);
    outline(doc, parameter["schema"], `${name} schema`, lines);
  }
  return lines;
}

function bodyOf(doc: JsonObject, holder: Json | undefined): Map<string, string> {
  const lines = new Map<string, string>();
  const body = follow(doc, holder);
  if (body["required"] !== undefined) lines.set("required", JSON.stringify(body["required"]));
  for (const [mediaType, content] of Object.entries(objectOf(body["content"]))) {
    outline(doc, objectOf(content)["schema"], mediaType, lines);
  }
  return lines;
}

const METHODS = ["get", "put", "post", "delete", "patch", "head", "options"];
function* operationsOf(doc: JsonObject): Generator<[path: string, method: string, operation: JsonObject]> {
  for (const [path, item] of Object.entries(objectOf(doc["paths"]))) {
    for (const method of METHODS) {
      const operation = objectOf(item)[method];
      if (isObject(operation)) yield [path, method, operation];
    }
  }
}

function* refsOf(value: Json | undefined, path = "#"): Generator<[path: string, ref: string]> {
  if (Array.isArray(value)) for (const [i, entry] of value.entries()) yield* refsOf(entry, `${path}/${i}`);
  else if (isObject(value)) {
    for (const [key, entry] of Object.entries(value)) {
      if (key === "$ref" && typeof entry === "string") yield [path, entry];
      else yield* refsOf(entry, `${path}/${key}`);
    }
  }
}

const EXPECTED = [
  "get /api/v3.1/toolkits",
  "get /api/v3.1/toolkits/changelog",
  "get /api/v3.1/toolkits/{slug}",
  "get /api/v3.1/tools",
  "get /api/v3.1/tools/enum",
  "get /api/v3.1/tools/{tool_slug}",
  "get /api/v3.1/triggers_types",
  "post /api/v3.1/files/upload/request",
  "post /api/v3.1/tools/execute/proxy",
  "post /api/v3.1/tools/execute/{tool_slug}",
];

const ours = load(new URL("../../specs/composio/openapi.json", import.meta.url));
const operations = [...operationsOf(ours)];

describe("specs/composio/openapi.json", () => {
  it("describes the endpoints that pulling and calling use", () => {
    expect(operations.map(([path, method]) => `${method} ${path}`).sort()).toEqual([...EXPECTED].sort());
  });

  it("has references that resolve and components that are used", () => {
    const refs = [...refsOf(ours)];
    expect(refs.filter(([, ref]) => lookUp(ours, ref) === undefined)).toEqual([]);
    const used = new Set(refs.map(([, ref]) => ref));
    const components = objectOf(ours["components"]);
    const unused = ["schemas", "parameters", "responses"].flatMap((kind) =>
      Object.keys(objectOf(components[kind])).map((name) => `#/components/${kind}/${name}`).filter((ref) => !used.has(ref)),
    );
    expect(unused).toEqual([]);
  });

  it("names each operation once and says what each operation and response is", () => {
    const ids = operations.map(([, , operation]) => operation["operationId"]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [path, method, operation] of operations) {
      expect(operation["summary"], `${method} ${path}`).toBeTruthy();
      expect(operation["description"], `${method} ${path}`).toBeTruthy();
      for (const response of Object.values(objectOf(operation["responses"]))) {
        expect(follow(ours, response)["description"], `${method} ${path}`).toBeTruthy();
      }
    }
  });

  it("declares both keys", () => {
    const schemes = Object.values(objectOf(objectOf(ours["components"])["securitySchemes"])).map((scheme) => objectOf(scheme));
    expect(schemes.map((scheme) => [scheme["type"], scheme["in"], scheme["name"]])).toEqual([
      ["apiKey", "header", "x-api-key"],
      ["apiKey", "header", "x-user-api-key"],
    ]);
  });
});

const corpus = process.env["TOOLBIND_CORPUS"] || undefined;
const label = "against the platform's own description";

describe.skipIf(corpus === undefined)(corpus === undefined ? `${label} (skipped: TOOLBIND_CORPUS is not set)` : label, () => {
  const theirs = corpus === undefined ? {} : load(`${corpus}/composio/openapi-v3.1.json`);
  const counterpart = (path: string, method: string): Json | undefined => objectOf(objectOf(theirs["paths"])[path])[method];

  it("authenticates with headers the platform knows", () => {
    const headers = (doc: JsonObject): string[] =>
      Object.values(objectOf(objectOf(doc["components"])["securitySchemes"])).map((scheme) => String(objectOf(scheme)["name"]));
    expect(headers(theirs)).toEqual(expect.arrayContaining(headers(ours)));
  });

  it.each(operations.map(([path, method, operation]) => ({ path, method, operation })))("$method $path", ({ path, method, operation }) => {
    const other = counterpart(path, method);
    expect(other, `${method} ${path} does not exist on the platform`).toBeDefined();
    const real = objectOf(other);
    const differences = [
      ...compare("parameter", parametersOf(ours, operation), parametersOf(theirs, real)),
      ...compare("request", bodyOf(ours, operation["requestBody"]), bodyOf(theirs, real["requestBody"])),
    ];
    const ourResponses = objectOf(operation["responses"]);
    const realResponses = objectOf(real["responses"]);
    for (const status of new Set([...Object.keys(ourResponses), ...Object.keys(realResponses)])) {
      if (realResponses[status] === undefined) differences.push(`response ${status}: ours only`);
      else if (ourResponses[status] === undefined) differences.push(`response ${status}: theirs only`);
      else differences.push(...compare(`response ${status}`, bodyOf(ours, ourResponses[status]), bodyOf(theirs, realResponses[status])));
    }
    expect(differences, `${method} ${path}:\n${differences.join("\n")}`).toEqual([]);
  });
});
