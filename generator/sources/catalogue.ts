import { TOOLKIT_SLUG } from "../catalogue/slug.js";
import { sha256, type UnfitJson } from "../catalogue/canonical.js";
import type {
  Catalogue,
  CatalogueTool,
  CatalogueToolkit,
  CatalogueTrigger,
  SchemaDocument,
  ToolHints,
} from "../catalogue/types.js";
import { envelopeIn, isSchema } from "../catalogue/envelope.js";
import { isDatedVersion } from "../catalogue/version.js";
import { diagnostic, ToolbindError, type Diagnostic, type ErrorDetails } from "../errors.js";
import { isObject, type JsonObject } from "../text/json.js";
import { showValue, typeName } from "../text/shown.js";
import { foreignBytes } from "../text/utf8.js";
import type { ParsedFile, SourceFile } from "./files.js";
import { parseJson } from "./json.js";
import { knownToolkits, namedToolkit, ownerOf, type KnownToolkits } from "./owner.js";
import { readEntries, type Entry } from "./entries.js";

interface ReadCatalogue {
  readonly catalogue: Catalogue;
  readonly diagnostics: readonly Diagnostic[];
}

const TOOL_SLUG = /^_?[A-Z0-9][A-Z0-9_]*$/;

/** Normalises what the files hold. A malformed entry is reported and left out. */
export function parseCatalogue(files: readonly (SourceFile | ParsedFile)[]): ReadCatalogue {
  const diagnostics: Diagnostic[] = [];
  const entries: Entry[] = [];
  let recognised = 0;
  const pages: Page[] = [];
  for (const file of files) {
    const json = "json" in file ? file.json : parseText(file);
    const found = readEntries(json, file.name);
    if (found === undefined) {
      const what = "File left out";
      const expected = "tools, toolkits or trigger types as the platform returns them";
      diagnostics.push(
        diagnostic("TB2003", "warning", { what, at: { source: file.name }, expected, received: "other JSON" }),
      );
      continue;
    }
    recognised++;
    if (found.some(({ kind }) => kind === "tool")) pages.push({ name: file.name, cursor: cursorOf(json) });
    for (const entry of found) entries.push(entry);
  }
  for (const details of unfinished(pages)) diagnostics.push(diagnostic("TB2016", "warning", details));
  const normaliser = new Normaliser(diagnostics);
  const catalogue = normaliser.catalogue(entries);
  if (
    recognised === 0 ||
    (catalogue.toolkits.length === 0 && diagnostics.every(({ severity }) => severity === "warning"))
  ) {
    throw new ToolbindError("TB2003", {
      what: "No tools found",
      at: { source: files[0]?.name ?? "" },
      expected: "an array of tools (or {items: […]}), or a snapshot folder",
      received: "JSON without tools",
      fix: "name the file that `GET /tools` returned, or a snapshot folder",
    });
  }
  return { catalogue, diagnostics };
}

/** A file with tools, and the key of it that leads on to more of them. */
interface Page {
  readonly name: string;
  readonly cursor: string | undefined;
}

function cursorOf(json: unknown): string | undefined {
  if (!isObject(json)) return undefined;
  return ["next_cursor", "nextCursor"].find((key) => typeof json[key] === "string" && json[key] !== "");
}

/** The diagnostic for a listing whose last page is in none of the files. */
function unfinished(pages: readonly Page[]): ErrorDetails[] {
  if (pages.some(({ cursor }) => cursor === undefined)) return [];
  return pages.slice(-1).map(({ name, cursor }) => ({
    what: "The tools are only one page of a listing",
    at: { source: name, pointer: `/${cursor ?? ""}` },
    expected: "all pages",
    received: "a cursor to another page",
    fix: "request a higher `limit`, or put all pages into one folder and name that; `toolbind pull` does this by itself",
  }));
}

/** Parses a file if it is UTF-8; other bytes would be decoded as wrong characters. */
function parseText(file: SourceFile): unknown {
  const foreign = foreignBytes(file.content);
  if (foreign === undefined) return parseJson(file);
  const { received, fix, position } = foreign;
  throw new ToolbindError("TB2002", {
    what: "Catalogue cannot be used",
    at: { source: file.name, ...position },
    expected: "UTF-8 text",
    received,
    fix,
  });
}

/** Places that a message lists. */
const MAX_PLACES = 10;

interface ToolkitFacts {
  readonly raw: JsonObject;
  readonly entry: Entry;
}

class Normaliser {
  readonly #diagnostics: Diagnostic[];

  constructor(diagnostics: Diagnostic[]) {
    this.#diagnostics = diagnostics;
  }

  catalogue(entries: readonly Entry[]): Catalogue {
    const facts = this.#toolkits(entries.filter(({ kind }) => kind === "toolkit"));
    const tools = this.#unique(entries.filter(({ kind }) => kind === "tool"));
    const triggers = this.#unique(entries.filter(({ kind }) => kind === "trigger"));
    const owned = new Map<string, { tools: Entry[]; triggers: Entry[] }>();
    const named = [...tools, ...triggers].map(namedToolkit).filter(isToolkitSlug);
    const known = knownToolkits(new Set([...facts.keys(), ...named]));
    for (const [list, group] of [
      ["tools", tools],
      ["triggers", triggers],
    ] as const) {
      for (const entry of group) {
        const owner = this.#owner(entry, known);
        if (owner === undefined) continue;
        let toolkit = owned.get(owner);
        if (toolkit === undefined) owned.set(owner, (toolkit = { tools: [], triggers: [] }));
        toolkit[list].push(entry);
      }
    }
    const toolkits = [...owned]
      .filter(([, { tools: own }]) => own.length > 0)
      .map(([slug, own]) => this.#toolkit(slug, facts.get(slug), own.tools, own.triggers));
    return { toolkits: toolkits.sort(bySlug) };
  }

  #report(
    details: ErrorDetails,
    severity: Diagnostic["severity"] = "error",
    code: Diagnostic["code"] = "TB2004",
  ): void {
    this.#diagnostics.push(diagnostic(code, severity, details));
  }

  #unfit(what: string, entry: Entry, { expected, received }: UnfitJson): void {
    this.#report({ what: `${what} left out`, at: at(entry), expected, received }, "error", "TB3004");
  }

  #toolkits(entries: readonly Entry[]): Map<string, ToolkitFacts> {
    const facts = new Map<string, ToolkitFacts>();
    for (const entry of entries) {
      const slug = typeof entry.raw["slug"] === "string" ? entry.raw["slug"].toLowerCase() : "";
      if (!isToolkitSlug(slug)) {
        const received = shown(entry.raw["slug"]);
        this.#report({
          what: "Toolkit left out",
          at: at(entry, "/slug"),
          expected: "a slug such as `google_maps`",
          received,
        });
      } else if (entry.fault !== undefined) {
        this.#unfit(`Toolkit ${slug}`, entry, entry.fault);
      } else if (!facts.has(slug) || compareText(entry.text, (facts.get(slug) as ToolkitFacts).entry.text) < 0) {
        facts.set(slug, { raw: entry.raw, entry });
      }
    }
    return facts;
  }

  /** The well-formed entries by slug. If two with the same slug differ, it is unclear which one is right, so both are left out. */
  #unique(entries: readonly Entry[]): Entry[] {
    const bySlug = new Map<string, Entry[]>();
    for (const entry of entries) {
      const { slug } = entry.raw;
      if (typeof slug !== "string" || !TOOL_SLUG.test(slug)) {
        const what = `${entry.kind === "tool" ? "Tool" : "Trigger type"} left out`;
        const received = shown(slug);
        this.#report({
          what,
          at: at(entry, "/slug"),
          expected: "a slug of the form [A-Z0-9_]",
          received,
          fix: "correct the slug",
        });
        continue;
      }
      if (entry.fault !== undefined) {
        this.#unfit(slug, entry, entry.fault);
        continue;
      }
      const same = bySlug.get(slug);
      if (same === undefined) bySlug.set(slug, [entry]);
      else same.push(entry);
    }
    const unique: Entry[] = [];
    for (const [slug, same] of bySlug) {
      const differing = same.length === 1 ? same : [...new Map(same.map((entry) => [entry.text, entry])).values()];
      const [first, second] = differing;
      if (first !== undefined && second === undefined) unique.push(first);
      if (first !== undefined && second !== undefined) {
        const places = differing.map((entry) => `${entry.source}#${entry.pointer}`).sort();
        const more = places.length > MAX_PLACES ? ", …" : "";
        this.#report(
          {
            what: `${slug} left out`,
            at: at(first),
            expected: "one entry per slug",
            received: `${differing.length} that differ (${places.slice(0, MAX_PLACES).join(", ")}${more})`,
            fix: "remove all but one",
          },
          "error",
          "TB2005",
        );
      }
    }
    return unique;
  }

  #owner(entry: Entry, known: KnownToolkits): string | undefined {
    const owner = ownerOf(entry, known);
    if (isToolkitSlug(owner)) return owner;
    const expected = "the slug of a toolkit, such as `google_maps`";
    this.#report({
      what: `${String(entry.raw["slug"])} left out`,
      at: at(entry, "/toolkit/slug"),
      expected,
      received: shown(owner),
      fix: "correct the toolkit",
    });
    return undefined;
  }

  #toolkit(slug: string, facts: ToolkitFacts | undefined, tools: Entry[], triggers: Entry[]): CatalogueToolkit {
    const raw = facts?.raw ?? {};
    const meta = isObject(raw["meta"]) ? raw["meta"] : {};
    const named = [meta["version"], raw["version"]].find(isDatedVersion);
    const noAuth = raw["no_auth"] === true;
    const normalised: CatalogueTool[] = [];
    for (const entry of tools.sort(byEntrySlug)) {
      const tool = this.#tool(entry, slug, named ?? null, noAuth);
      if (tool !== undefined) normalised.push(tool);
    }
    const newest = normalised.map(({ version }) => version ?? "").reduce((a, b) => (a > b ? a : b), "");
    const version = named ?? (newest === "" ? null : newest);
    let contentHash: string | undefined;
    const hashed = [facts?.entry, ...tools, ...triggers.sort(byEntrySlug)];
    return {
      slug,
      name: stringOf(raw["name"]) ?? slug,
      description: stringOf(meta["description"]) ?? "",
      version,
      availableVersions: versionsOf(meta),
      noAuth,
      authSchemes: stringsOf(raw["auth_schemes"]),
      tools: normalised,
      triggers: triggers.map((entry) => trigger(entry, slug)),
      source: (facts?.entry ?? tools[0])?.source ?? "",
      get contentHash() {
        return (contentHash ??= sha256(hashed.map((entry) => entry?.text ?? "").join("\n")));
      },
    };
  }

  #tool(entry: Entry, toolkit: string, pin: string | null, noAuth: boolean): CatalogueTool | undefined {
    const { raw } = entry;
    const slug = raw["slug"] as string;
    const [inputKey, input] = field(raw, "input_parameters", "inputParameters", "parameters", "input_schema");
    const [outputKey, output] = field(
      raw,
      "output_parameters",
      "outputParameters",
      "responseSchema",
      "response",
      "output_schema",
    );
    if (!isSchema(input ?? {}) || !isSchema(output ?? {})) {
      const [key, value] = isSchema(input ?? {}) ? [outputKey, output] : [inputKey, input];
      this.#report({
        what: `${slug} left out`,
        at: at(entry, `/${key}`),
        expected: "a JSON Schema",
        received: typeName(value),
        fix: "correct the schema",
      });
      return undefined;
    }
    const tags = stringsOf(raw["tags"]);
    return {
      slug,
      toolkit,
      name: stringOf(raw["name"]) ?? slug,
      description: stringOf(raw["description"]) ?? "",
      version: toolVersion(raw) ?? pin,
      tags,
      hints: hintsOf(tags),
      scopes: stringsOf(raw["scopes"]),
      noAuth: noAuth || raw["no_auth"] === true || raw["noAuth"] === true,
      deprecated: [raw, raw["deprecated"]].some(isDeprecated) || raw["deprecated"] === true,
      input: document(entry, inputKey, input === null || input === undefined ? {} : flatToSchema(input)),
      output: output === null || output === undefined ? undefined : dataSchema(document(entry, outputKey, output)),
      location: { source: entry.source, pointer: entry.pointer },
    };
  }
}

/** Said of a tool, or in what the tool says of its deprecation. */
function isDeprecated(value: unknown): boolean {
  return isObject(value) && (value["is_deprecated"] === true || value["isDeprecated"] === true);
}

function isToolkitSlug(value: unknown): value is string {
  return typeof value === "string" && TOOLKIT_SLUG.test(value);
}

function shown(value: unknown): string {
  return value === undefined || value === null || value === "" ? "none" : showValue(value);
}

function at(entry: Entry, below: string = ""): { source: string; pointer: string } {
  return { source: entry.source, pointer: entry.pointer + below };
}

function trigger(entry: Entry, toolkit: string): CatalogueTrigger {
  const { raw } = entry;
  const schemaOf = (key: string): SchemaDocument | undefined =>
    isObject(raw[key]) ? document(entry, key, raw[key]) : undefined;
  return {
    slug: raw["slug"] as string,
    toolkit,
    name: stringOf(raw["name"]) ?? (raw["slug"] as string),
    description: stringOf(raw["description"]) ?? "",
    type: stringOf(raw["type"]) ?? "",
    config: schemaOf("config"),
    payload: schemaOf("payload"),
    location: { source: entry.source, pointer: entry.pointer },
  };
}

/** The first of the keys that the entry has: the platform has renamed its fields over time. */
function field(raw: JsonObject, ...keys: readonly string[]): [string, unknown] {
  const key = keys.find((name) => raw[name] !== undefined && raw[name] !== null) ?? (keys[0] as string);
  return [key, raw[key]];
}

function document(entry: Entry, key: string, schema: unknown): SchemaDocument {
  const location = { source: entry.source, pointer: `${entry.pointer}/${key}` };
  return { document: schema, pointer: "", location, dialect: "platform" };
}

/** The schema of `data` inside the envelope that answers come in; a schema that is not an envelope is that of `data` itself. */
function dataSchema(output: SchemaDocument): SchemaDocument | undefined {
  const root = output.document;
  if (!isObject(root)) return output;
  if (Object.keys(root).length === 0) return undefined;
  const envelope = envelopeIn(root);
  return envelope === undefined ? output : { ...output, pointer: `${envelope.pointer}/properties/data` };
}

/**
 * Older listings give a tool's arguments flat, each with a boolean `required` of its own,
 * where newer ones give a JSON Schema.
 */
function flatToSchema(input: unknown): unknown {
  if (!isObject(input)) return input;
  const entries = Object.entries(input);
  if (entries.length === 0 || !entries.every(([, value]) => isObject(value) && typeof value["type"] === "string"))
    return input;
  const marked = entries.some(([, value]) => typeof (value as JsonObject)["required"] === "boolean");
  if (!marked && entries.some(([key]) => SCHEMA_VALUED.has(key))) return input;
  const required = entries.filter(([, value]) => (value as JsonObject)["required"] === true).map(([key]) => key);
  const properties = entries.map(([key, value]): [string, unknown] => {
    const { required: flag, ...schema } = value as JsonObject;
    return [key, typeof flag === "boolean" ? schema : value];
  });
  return { type: "object", properties: Object.fromEntries(properties), required };
}

/** Keywords whose value can look like an argument: a schema, or anything. */
const SCHEMA_VALUED: ReadonlySet<string> = new Set([
  "additionalItems",
  "additionalProperties",
  "const",
  "contains",
  "default",
  "else",
  "if",
  "items",
  "not",
  "propertyNames",
  "then",
]);

/** The dated version a tool's schemas are of; of several, the newest is what an unversioned listing shows. */
function toolVersion(raw: JsonObject): string | undefined {
  return isDatedVersion(raw["version"]) ? raw["version"] : versionsOf(raw).at(-1);
}

function versionsOf(raw: JsonObject): string[] {
  return stringsOf(raw["available_versions"] ?? raw["availableVersions"])
    .filter(isDatedVersion)
    .sort();
}

function hintsOf(tags: readonly string[]): ToolHints {
  const hints: Record<string, boolean> = {};
  for (const hint of ["readOnly", "destructive", "idempotent", "openWorld"]) {
    if (tags.includes(`${hint}Hint`)) hints[hint] = true;
  }
  return hints;
}

function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function bySlug(a: { slug: string }, b: { slug: string }): number {
  return compareText(a.slug, b.slug);
}

function byEntrySlug(a: Entry, b: Entry): number {
  return compareText(a.raw["slug"] as string, b.raw["slug"] as string);
}
