import { Ajv } from "ajv";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

type Json = null | boolean | number | string | Json[] | JsonObject;
interface JsonObject {
  [key: string]: Json;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
const parse = (text: string): Json => JSON.parse(text) as Json;

const folder = new URL("../../specs/composio/", import.meta.url);
const NOT_A_TOOLKIT = "openapi.json";
const EXPECTED: Record<string, number> = { composio: 6, github: 25, gmail: 8, googledrive: 8, notion: 8, slack: 8 };
const META_TOOLS = [
  "COMPOSIO_GET_TOOL_SCHEMAS",
  "COMPOSIO_MANAGE_CONNECTIONS",
  "COMPOSIO_MULTI_EXECUTE_TOOL",
  "COMPOSIO_REMOTE_BASH_TOOL",
  "COMPOSIO_REMOTE_WORKBENCH",
  "COMPOSIO_SEARCH_TOOLS",
];
const HINTS = ["destructiveHint", "idempotentHint", "openWorldHint", "readOnlyHint"];

interface Snapshot {
  file: string;
  slug: string;
  text: string;
  toolkit: JsonObject;
  tools: JsonObject[];
  triggers: JsonObject[];
}

const snapshots: Snapshot[] = readdirSync(folder)
  .filter((file) => file.endsWith(".json") && file !== NOT_A_TOOLKIT)
  .sort()
  .map((file) => {
    const text = readFileSync(new URL(file, folder), "utf8");
    const content = objectOf(parse(text));
    return {
      file,
      slug: file.slice(0, -".json".length),
      text,
      toolkit: objectOf(content["toolkit"]),
      tools: listOf(content["tools"]).map(objectOf),
      triggers: listOf(content["trigger_types"]).map(objectOf),
    };
  });

function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sortKeys(value[key] as Json)]));
}

/** The platform's `nullable: true` also lets null through where an enum leaves it out. */
function spellOutNull(value: Json): Json {
  if (Array.isArray(value)) return value.map(spellOutNull);
  if (!isObject(value)) return value;
  const { nullable, ...rest } = value;
  const spelt: JsonObject = {};
  for (const [key, entry] of Object.entries(rest)) {
    spelt[key] = key === "default" || key === "examples" || key === "example" || key === "enum" || key === "const" ? entry : spellOutNull(entry);
  }
  return nullable === true ? { anyOf: [spelt, { type: "null" }] } : spelt;
}

const schemasOf = (snapshot: Snapshot): [name: string, schema: JsonObject][] => [
  ...snapshot.tools.flatMap((tool): [string, JsonObject][] => [
    [`${String(tool["slug"])} input_parameters`, objectOf(tool["input_parameters"])],
    [`${String(tool["slug"])} output_parameters`, objectOf(tool["output_parameters"])],
  ]),
  ...snapshot.triggers.flatMap((trigger): [string, JsonObject][] => [
    [`${String(trigger["slug"])} config`, objectOf(trigger["config"])],
    [`${String(trigger["slug"])} payload`, objectOf(trigger["payload"])],
  ]),
];

const BY_NAME = ["properties", "$defs"];
const ONE = ["items", "additionalProperties"];
const SEVERAL = ["anyOf", "oneOf", "allOf"];

function* subschemas(schema: Json | undefined, path: string): Generator<[path: string, schema: JsonObject]> {
  if (!isObject(schema)) return;
  yield [path, schema];
  for (const key of BY_NAME) for (const [name, sub] of Object.entries(objectOf(schema[key]))) yield* subschemas(sub, `${path}/${key}/${name}`);
  for (const key of ONE) yield* subschemas(schema[key], `${path}/${key}`);
  for (const key of SEVERAL) for (const [i, sub] of listOf(schema[key]).entries()) yield* subschemas(sub, `${path}/${key}/${i}`);
}

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });

function lookUp(root: JsonObject, pointer: string): Json | undefined {
  let node: Json | undefined = root;
  for (const part of pointer.slice(2).split("/")) node = objectOf(node)[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  return node;
}

/** A part of a schema that stands alone, with the root's definitions in reach. */
const alone = (root: JsonObject, part: JsonObject): JsonObject =>
  objectOf(spellOutNull(root["$defs"] === undefined ? part : { allOf: [part], $defs: root["$defs"] }));

it("holds the starter toolkits", () => {
  const counts = Object.fromEntries(snapshots.map((snapshot) => [snapshot.slug, snapshot.tools.length]));
  expect(Object.keys(counts)).toEqual(Object.keys(EXPECTED));
  for (const [slug, least] of Object.entries(EXPECTED)) expect(counts[slug], slug).toBeGreaterThanOrEqual(least);
  expect(snapshots.find((snapshot) => snapshot.slug === "composio")?.tools.map((tool) => tool["slug"])).toEqual(META_TOOLS);
});

it.each([...snapshots.map(({ file }) => file), NOT_A_TOOLKIT])("%s is printed with sorted keys and two spaces", (file) => {
  const text = readFileSync(new URL(file, folder), "utf8");
  expect(text).toBe(`${JSON.stringify(sortKeys(parse(text)), null, 2)}\n`);
});

describe.each(snapshots)("specs/composio/$file", (snapshot) => {
  const { slug, toolkit, tools, triggers } = snapshot;
  const meta = objectOf(toolkit["meta"]);

  it("is one toolkit with its tools and trigger types", () => {
    expect(Object.keys(objectOf(parse(snapshot.text)))).toEqual(["toolkit", "tools", "trigger_types"]);
    expect(toolkit["slug"]).toBe(slug);
    expect(meta["tools_count"]).toBe(tools.length);
    expect(meta["triggers_count"]).toBe(triggers.length);
  });

  it("is sorted by slug, each slug once", () => {
    for (const list of [tools, triggers]) {
      const slugs = list.map((item) => String(item["slug"]));
      expect(slugs).toEqual([...new Set(slugs)].sort());
      for (const item of slugs) expect(item).toMatch(new RegExp(`^${slug.toUpperCase()}_[A-Z0-9_]+$`));
    }
  });

  it("pins one dated version", () => {
    expect(meta["version"]).toMatch(/^\d{8}_\d{2}$/);
    expect(meta["available_versions"]).toContain(meta["version"]);
    for (const tool of tools) {
      const deprecated = objectOf(tool["deprecated"]);
      expect([tool["version"], deprecated["version"]]).toEqual([meta["version"], meta["version"]]);
      expect([tool["available_versions"], deprecated["available_versions"]]).toEqual([meta["available_versions"], meta["available_versions"]]);
    }
    for (const trigger of triggers) expect(trigger["version"]).toBe(meta["version"]);
  });

  it("repeats the toolkit and the older names truthfully", () => {
    const owner = { logo: meta["logo"], name: toolkit["name"], slug };
    for (const item of [...tools, ...triggers]) expect(item["toolkit"], String(item["slug"])).toEqual(owner);
    for (const tool of tools) {
      const deprecated = objectOf(tool["deprecated"]);
      expect(deprecated["displayName"]).toBe(tool["name"]);
      expect(deprecated["is_deprecated"]).toBe(tool["is_deprecated"]);
      expect(deprecated["toolkit"]).toEqual({ logo: meta["logo"] });
      expect(tool["no_auth"]).toBe(toolkit["no_auth"]);
    }
  });

  it("names a living successor for each deprecated tool", () => {
    for (const tool of tools.filter((entry) => entry["is_deprecated"] === true)) {
      const successor = String(tool["description"]).match(/[A-Z0-9]+(?:_[A-Z0-9]+)+/)?.[0];
      expect(tools.find((entry) => entry["slug"] === successor)?.["is_deprecated"], `${String(tool["slug"])} → ${String(successor)}`).toBe(false);
    }
  });

  it("gives hints that do not contradict each other", () => {
    for (const tool of tools) {
      const tags = listOf(tool["tags"]).map(String);
      expect(new Set(tags).size, String(tool["slug"])).toBe(tags.length);
      expect(tags.some((tag) => HINTS.includes(tag)), String(tool["slug"])).toBe(true);
      expect(tags.includes("readOnlyHint") && tags.includes("destructiveHint"), String(tool["slug"])).toBe(false);
      if (/_DELETES?_|_REMOVE_/.test(String(tool["slug"]))) expect(tags, String(tool["slug"])).toContain("destructiveHint");
    }
  });

  it("lists every scope that its scope requirements name", () => {
    for (const tool of tools) {
      const named = listOf(objectOf(tool["scope_requirements"])["all_of"]).flatMap((entry) => (isObject(entry) ? listOf(entry["any_of"]) : [entry]));
      expect(tool["scopes"], String(tool["slug"])).toEqual(named);
    }
  });

  it("answers in the envelope", () => {
    for (const tool of tools) {
      const output = objectOf(tool["output_parameters"]);
      expect(Object.keys(objectOf(output["properties"])), String(tool["slug"])).toEqual(["data", "error", "successful"]);
      expect(output["required"], String(tool["slug"])).toEqual(["data", "successful"]);
    }
  });

  it.each(schemasOf(snapshot))("%s is a sound schema", (_name, schema) => {
    expect(ajv.validateSchema({ $schema: "http://json-schema.org/draft-07/schema#", ...schema }), ajv.errorsText(ajv.errors)).toBe(true);
    expect(() => ajv.compile(objectOf(spellOutNull(schema)))).not.toThrow();

    const problems: string[] = [];
    const used = new Set<string>();
    for (const [path, part] of subschemas(schema, "#")) {
      const ref = part["$ref"];
      if (typeof ref === "string") {
        used.add(ref);
        if (!isObject(lookUp(schema, ref))) problems.push(`${path}: ${ref} leads nowhere`);
      }
      const mapping = Object.values(objectOf(objectOf(part["discriminator"])["mapping"]));
      for (const target of mapping) if (!isObject(lookUp(schema, String(target)))) problems.push(`${path}: discriminator ${String(target)} leads nowhere`);
      for (const key of listOf(part["required"])) {
        if (!(String(key) in objectOf(part["properties"]))) problems.push(`${path}: required ${String(key)} is not declared`);
      }
      const samples: [string, Json][] = listOf(part["examples"]).map((sample, i) => [`examples/${i}`, sample]);
      if (part["default"] !== undefined) samples.push(["default", part["default"]]);
      if (samples.length > 0) {
        const validate = ajv.compile(alone(schema, part));
        for (const [where, sample] of samples) {
          if (!validate(sample)) problems.push(`${path}/${where}: ${JSON.stringify(sample)} does not fit, ${ajv.errorsText(validate.errors)}`);
        }
      }
    }
    for (const name of Object.keys(objectOf(schema["$defs"]))) if (!used.has(`#/$defs/${name}`)) problems.push(`#/$defs/${name} is not used`);
    expect(problems).toEqual([]);
  });
});

it("shows what real catalogues hold", () => {
  const seen = new Set<string>();
  for (const [, schema] of snapshots.flatMap(schemasOf)) {
    for (const [path, part] of subschemas(schema, "#")) {
      for (const key of Object.keys(part)) seen.add(key);
      if (part["nullable"] === true && part["enum"] !== undefined) seen.add("nullable enum");
      if (part["nullable"] === true && part["default"] === null) seen.add("nullable default null");
      if (isObject(part["additionalProperties"])) seen.add("additionalProperties schema");
      if (part["additionalProperties"] === false) seen.add("additionalProperties false");
      if (listOf(part["anyOf"]).some((branch) => objectOf(branch)["type"] === "null")) seen.add("anyOf null");
      if (path.endsWith("/+1") || path.endsWith("/-1")) seen.add("reaction keys");
      const ref = String(part["$ref"] ?? "");
      if (ref !== "" && path.startsWith(`${ref}/`)) seen.add("recursion");
    }
  }
  expect([...seen]).toEqual(
    expect.arrayContaining([
      "nullable", "nullable enum", "nullable default null", "additionalProperties schema", "additionalProperties false", "anyOf", "anyOf null", "oneOf", "discriminator", "$defs", "$ref",
      "const", "pattern", "format", "minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength", "examples", "file_uploadable", "file_downloadable", "reaction keys", "recursion",
    ]),
  );
});

const corpus = process.env["TOOLBIND_CORPUS"] || undefined;
const label = "against the platform's response schemas";

describe.skipIf(corpus === undefined)(corpus === undefined ? `${label} (skipped: TOOLBIND_CORPUS is not set)` : label, () => {
  const platform = corpus === undefined ? {} : objectOf(parse(readFileSync(`${corpus}/composio/openapi-v3.1.json`, "utf8")));
  const answer = (path: string): JsonObject => {
    const response = lookUp(platform, `#/paths/${path.replaceAll("/", "~1")}/get/responses/200/content/application~1json/schema`);
    return objectOf(response);
  };
  const resolve = (schema: JsonObject): JsonObject => (typeof schema["$ref"] === "string" ? objectOf(lookUp(platform, schema["$ref"])) : schema);
  const itemOf = (path: string): JsonObject => resolve(objectOf(objectOf(objectOf(resolve(answer(path))["properties"])["items"])["items"]));
  const validatorOf = (schema: JsonObject) => ajv.compile({ ...objectOf(spellOutNull(schema)), components: spellOutNull(platform["components"] ?? {}) });

  /** Keys the platform's schema does not name, although it names the others. */
  function undeclared(value: Json, given: JsonObject, path: string): string[] {
    const schema = resolve(given);
    if (Array.isArray(value)) return value.flatMap((entry, i) => undeclared(entry, objectOf(schema["items"]), `${path}/${i}`));
    if (!isObject(value) || !isObject(schema["properties"])) return [];
    const properties = schema["properties"];
    return Object.entries(value).flatMap(([key, entry]) => {
      const property = properties[key];
      if (property === undefined) return schema["additionalProperties"] === undefined ? [`${path}/${key}`] : [];
      return undeclared(entry, objectOf(property), `${path}/${key}`);
    });
  }

  function check(what: string, value: JsonObject, schema: JsonObject): string[] {
    const validate = validatorOf(schema);
    return validate(value) ? [] : (validate.errors ?? []).map((error) => `${what}${error.instancePath}: ${error.message ?? ""} ${JSON.stringify(error.params)}`);
  }

  it.each(snapshots)("$slug: the toolkit", ({ slug, toolkit }) => {
    const listItem = itemOf("/api/v3.1/toolkits");
    const detail = answer("/api/v3.1/toolkits/{slug}");
    expect([...check(slug, toolkit, listItem), ...check(slug, toolkit, detail)]).toEqual([]);
    const unknownToBoth = undeclared(toolkit, listItem, slug).filter((path) => undeclared(toolkit, detail, slug).includes(path));
    expect(unknownToBoth).toEqual([]);
  });

  it.each(snapshots)("$slug: the tools", ({ tools }) => {
    const schema = itemOf("/api/v3.1/tools");
    expect(Object.keys(objectOf(schema["properties"]))).toContain("input_parameters");
    expect(tools.flatMap((tool) => [...check(String(tool["slug"]), tool, schema), ...undeclared(tool, schema, String(tool["slug"]))])).toEqual([]);
  });

  it.each(snapshots)("$slug: the trigger types", ({ triggers }) => {
    const schema = itemOf("/api/v3.1/triggers_types");
    expect(Object.keys(objectOf(schema["properties"]))).toContain("payload");
    expect(triggers.flatMap((trigger) => [...check(String(trigger["slug"]), trigger, schema), ...undeclared(trigger, schema, String(trigger["slug"]))])).toEqual([]);
  });
});
