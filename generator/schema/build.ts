import type { SchemaDocument } from "../catalogue/types.js";
import { Documents, type DocumentLoader, type Located, type Resource } from "./documents.js";
import { isObject } from "../text/json.js";
import { escapeSegment } from "../text/json-pointer.js";
import { SchemaError } from "./error.js";
import { BINARY, SchemaNode, type BinaryKind, type TypeName } from "./node.js";
import { clip, showValue } from "../text/shown.js";

/** A keyword that the emitted validator cannot check; it is left unchecked and reported. */
export interface Inexpressible {
  readonly pointer: string;
  readonly keyword: string;
  readonly reason: string;
}

export interface BuiltSchema {
  readonly root: SchemaNode;
  readonly hasReferences: boolean;
  /** The schema has dynamic references, so that validation keeps track of the resources it enters. */
  readonly dynamic: boolean;
  readonly inexpressible: readonly Inexpressible[];
}

/** How a schema is read where JSON Schema leaves a choice. */
export interface Reading {
  /** `format` is checked, and not only documented. */
  readonly assertFormats?: boolean;
  /** The fault of a regular expression, if any; one with a fault is refused. */
  readonly faultOfPattern?: ((pattern: RegExp) => string | undefined) | undefined;
}

type Raw = Readonly<Record<string, unknown>>;

const TYPE_NAMES: ReadonlySet<unknown> = new Set(["null", "boolean", "integer", "number", "string", "array", "object"]);

/** Schemas nested deeper than this are refused: no one writes such schemas, and recursion must end somewhere. */
const MAX_DEPTH = 100;

/** Each dynamic reference may lead to every resource with its anchor, and each target is printed. */
const MAX_WAYS = 2000;

/** Builds the node graph of a schema. Throws a {@link SchemaError} for a schema that JSON Schema does not allow. */
export function buildSchemaNode(schema: SchemaDocument, load: DocumentLoader, reading: Reading = {}): BuiltSchema {
  const documents = new Documents(load);
  const resource = documents.add(schema.document, schema.base ?? BASE_URI, schema.dialect);
  const located = documents.locate(schema.pointer, resource);
  const builder = new Builder(documents, reading, undefined);
  const root = builder.root(located);
  builder.finish();
  const { hasReferences, inexpressible } = builder;
  return { root, hasReferences, dynamic: documents.dynamic, inexpressible };
}

/** The node graph of many schemas of one document, where each schema is read once. */
export interface SchemaGraph {
  /** In the order of the pointers. */
  readonly roots: readonly SchemaNode[];
  readonly dynamic: boolean;
  readonly inexpressible: readonly Inexpressible[];
  /** Schemas that JSON Schema does not allow. A schema that leads to one cannot be printed. */
  readonly faults: ReadonlyMap<SchemaNode, SchemaError>;
}

/** Builds one node graph of the schemas at these pointers of a document. */
export function buildSchemaGraph(
  { document, base = BASE_URI, dialect }: Pick<SchemaDocument, "document" | "base" | "dialect">,
  pointers: readonly string[],
  load: DocumentLoader,
  reading: Reading = {},
): SchemaGraph {
  const documents = new Documents(load);
  const resource = documents.add(document, base, dialect);
  const faults = new Map<SchemaNode, SchemaError>();
  const builder = new Builder(documents, reading, faults);
  const roots = pointers.map((pointer) => builder.refer(documents.locate(pointer, resource)));
  builder.finish();
  return { roots, dynamic: documents.dynamic, inexpressible: builder.inexpressible, faults };
}

/** What relative references in a schema without an id are resolved against: nothing is there. */
const BASE_URI = "toolbind:/schema";

/** JavaScript ends the whole process on some patterns that are longer still. */
const LONGEST_PATTERN = 10_000;

class Builder {
  readonly inexpressible: Inexpressible[] = [];
  hasReferences: boolean = false;
  readonly reading: Reading;
  readonly #documents: Documents;
  readonly #nodes = new Map<unknown, SchemaNode>();
  readonly #booleans = new Map<string, SchemaNode>();
  readonly #unread: Keywords[] = [];
  readonly #dynamic: DynamicUse[] = [];
  /** The resources that some schema belongs to. */
  readonly #entered = new Set<string>();
  /** Collects faults; undefined where the first one is thrown. */
  readonly #faults: Map<SchemaNode, SchemaError> | undefined;
  #ways = 0;

  constructor(documents: Documents, reading: Reading, faults: Map<SchemaNode, SchemaError> | undefined) {
    this.#documents = documents;
    this.reading = reading;
    this.#faults = faults;
  }

  root(located: Located): SchemaNode {
    const root = this.refer(located);
    this.hasReferences = false;
    return root;
  }

  /** The node of a schema that is reached by reference; its keywords are read later, so that chains cost no stack. */
  refer(located: Located): SchemaNode {
    this.hasReferences = true;
    const [node, keywords] = this.#node(located, 0);
    if (keywords !== undefined) this.#unread.push(keywords);
    return node;
  }

  /** The node of a schema inside another one. */
  child(located: Located, depth: number): SchemaNode {
    const [node, keywords] = this.#node(located, depth);
    if (keywords !== undefined) this.#read(keywords);
    return node;
  }

  #read(keywords: Keywords): void {
    try {
      keywords.read();
    } catch (error) {
      if (this.#faults === undefined || !(error instanceof SchemaError)) throw error;
      error.resource ??= keywords.node.resource;
      this.#faults.set(keywords.node, error);
    }
  }

  #node({ value, pointer, resource }: Located, depth: number): [SchemaNode, Keywords | undefined] {
    if (typeof value === "boolean") {
      this.#entered.add(resource.uri);
      const key = `${value} ${resource.uri} ${pointer}`;
      let node = this.#booleans.get(key);
      if (node === undefined) this.#booleans.set(key, (node = new SchemaNode(value, pointer, resource.uri)));
      return [node, undefined];
    }
    if (!isObject(value))
      throw new SchemaError("TB3001", pointer, "a schema (an object or a boolean)", showValue(value));
    const known = this.#nodes.get(value);
    if (known !== undefined) return [known, undefined];
    if (depth > MAX_DEPTH) throw new SchemaError("TB3004", pointer, `at most ${MAX_DEPTH} levels of nesting`, "more");
    const own = this.#documents.resourceOf(value, resource) ?? resource;
    const node = new SchemaNode(value, pointer, own.uri);
    this.#entered.add(own.uri);
    this.#nodes.set(value, node);
    return [node, new Keywords(this, this.#documents, node, value, own, depth)];
  }

  addDynamicReference(use: DynamicUse): void {
    this.#dynamic.push(use);
  }

  /** Reads the targets of references, and finds the resources with the anchor of each dynamic reference. */
  finish(): void {
    let [linked, entered] = [0, 0];
    while (this.#unread.length > 0 || linked < this.#dynamic.length || entered < this.#entered.size) {
      for (let next = this.#unread.pop(); next !== undefined; next = this.#unread.pop()) this.#read(next);
      [linked, entered] = [this.#dynamic.length, this.#entered.size];
      for (const use of this.#dynamic) this.#link(use);
    }
    if (this.hasReferences && !this.#documents.dynamic) this.#shortenReferences();
  }

  /** Resolves references to schemas that are only references themselves. */
  #shortenReferences(): void {
    for (const node of this.#nodes.values()) {
      const passed = new Set<SchemaNode>([node]);
      let end = node;
      while (end.ref !== undefined && (end === node || isAlias(end)) && !passed.has(end.ref.target)) {
        passed.add(end.ref.target);
        end = end.ref.target;
      }
      if (passed.size < 3) continue;
      const [, ...rest] = [...passed].reverse();
      const reference = rest[0]?.ref;
      for (const each of rest) if (reference !== undefined) each.ref = reference;
    }
  }

  #link({ anchored, anchor }: DynamicUse): void {
    for (const resource of this.#documents.resources) {
      const found = anchor === undefined ? recursiveRoot(resource) : resource.anchors.get(anchor);
      if (found?.dynamic !== true || !this.#entered.has(resource.uri)) continue;
      if (!anchored.has(resource.uri) && ++this.#ways > MAX_WAYS) {
        throw new SchemaError(
          "TB3004",
          found.pointer,
          `at most ${MAX_WAYS} ways to resolve dynamic references`,
          "more",
        );
      }
      anchored.set(resource.uri, this.refer({ value: found.value, pointer: found.pointer, resource }));
    }
  }
}

const SAYING_NOTHING: ReadonlySet<string> = new Set(
  "$ref $defs definitions $comment title description default example examples deprecated readOnly writeOnly".split(" "),
);

function isAlias({ raw, nullable }: SchemaNode): boolean {
  return !nullable && Object.keys(raw).every((keyword) => SAYING_NOTHING.has(keyword));
}

/** A dynamic reference; without an anchor it is a 2019-09 `$recursiveRef`. */
interface DynamicUse {
  readonly anchored: Map<string, SchemaNode>;
  readonly anchor: string | undefined;
}

function recursiveRoot(resource: Resource): { value: unknown; pointer: string; dynamic: boolean } | undefined {
  return resource.recursive ? { value: resource.root, pointer: resource.pointer, dynamic: true } : undefined;
}

/** Reads the keywords of one schema into its node. */
/** Keywords that say of the same object which of its properties are evaluated. */
const IN_PLACE: readonly string[] =
  "$ref $dynamicRef $recursiveRef allOf anyOf oneOf if dependentSchemas dependencies additionalProperties".split(" ");

class Keywords {
  readonly #builder: Builder;
  readonly #documents: Documents;
  readonly node: SchemaNode;
  readonly #raw: Raw;
  readonly #resource: Resource;
  readonly #depth: number;

  constructor(builder: Builder, documents: Documents, node: SchemaNode, raw: Raw, resource: Resource, depth: number) {
    this.#builder = builder;
    this.#documents = documents;
    this.node = node;
    this.#raw = raw;
    this.#resource = resource;
    this.#depth = depth;
  }

  /** Reads each keyword that is there; what depends on several is read with the first of them. */
  read(): void {
    const { dialect } = this.#resource;
    const node = this.node;
    if (!dialect.refSiblings && "$ref" in this.#raw) {
      if (this.#get("$ref") !== undefined) this.reference();
      if (node.ref !== undefined) return;
    }
    if (dialect.nullable !== undefined && this.#raw[dialect.nullable] === true) node.nullable = true;
    node.binary = (this.#raw as { readonly [BINARY]?: BinaryKind })[BINARY];
    for (const keyword in this.#raw) {
      if (dialect.keywords.has(keyword) && Object.hasOwn(READERS, keyword)) READERS[keyword]?.(this);
    }
  }

  /** The keyword's value, if the dialect has the keyword and the schema uses it. */
  #get(keyword: string): unknown {
    if (!Object.hasOwn(this.#raw, keyword) || !this.#resource.dialect.keywords.has(keyword)) return undefined;
    return this.#raw[keyword];
  }

  #fail(keyword: string, expected: string, value: unknown): SchemaError {
    return new SchemaError("TB3001", `${this.node.pointer}/${escapeSegment(keyword)}`, expected, showValue(value));
  }

  #child(value: unknown, path: string): SchemaNode {
    const pointer = `${this.node.pointer}/${path}`;
    return this.#builder.child({ value, pointer, resource: this.#resource }, this.#depth + 1);
  }

  #schema(keyword: string): SchemaNode | undefined {
    const value = this.#get(keyword);
    return value === undefined ? undefined : this.#child(value, keyword);
  }

  #schemas(keyword: string): readonly SchemaNode[] | undefined {
    const value = this.#get(keyword);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw this.#fail(keyword, "an array of schemas", value);
    return value.map((item, index) => this.#child(item, `${keyword}/${index}`));
  }

  #map(keyword: string): (readonly [string, unknown])[] | undefined {
    const value = this.#get(keyword);
    if (value === undefined) return undefined;
    if (!isObject(value)) throw this.#fail(keyword, "an object of schemas", value);
    // The keys of every object were sorted when it was read, except those that look like array indices.
    return Object.keys(value).map((key) => [key, value[key]]);
  }

  #number(keyword: string): number | undefined {
    const value = this.#get(keyword);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isFinite(value)) throw this.#fail(keyword, "a number", value);
    return value;
  }

  #count(keyword: string): number | undefined {
    const value = this.#number(keyword);
    if (value === undefined) return undefined;
    if (value < 0 || !Number.isInteger(value)) throw this.#fail(keyword, "an integer of at least 0", value);
    return value;
  }

  #flag(keyword: string): boolean {
    const value = this.#get(keyword);
    if (value !== undefined && typeof value !== "boolean") throw this.#fail(keyword, "a boolean", value);
    return value === true;
  }

  #list(keyword: string, value: unknown): readonly string[] {
    if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) {
      throw this.#fail(keyword, "an array of strings", value);
    }
    return [...new Set(value as string[])];
  }

  #regex(source: string, keyword: string, pointer: string): RegExp | undefined {
    const regex = this.#compile(source, keyword, pointer);
    const fault = regex && this.#builder.reading.faultOfPattern?.(regex);
    if (fault === undefined) return regex;
    throw new SchemaError("TB3005", pointer, "a regular expression that takes linear time", fault);
  }

  #compile(source: string, keyword: string, pointer: string): RegExp | undefined {
    let reason = `longer than ${LONGEST_PATTERN} characters`;
    for (const flags of source.length > LONGEST_PATTERN ? [] : ["u", ""]) {
      try {
        const regex = new RegExp(source, flags);
        // Some patterns turn out to be too large only when they are first used.
        regex.test("");
        return regex;
      } catch (error) {
        reason = clip((error as Error).message, 200);
      }
    }
    this.#builder.inexpressible.push({ pointer, keyword, reason });
    return undefined;
  }

  reference(): void {
    const reference = this.#raw["$ref"];
    if (typeof reference !== "string") throw this.#fail("$ref", "a URI reference", reference);
    const pointer = `${this.node.pointer}/$ref`;
    const located = this.#documents.resolve(reference, this.#resource, pointer);
    this.node.ref = { text: reference, target: this.#builder.refer(located) };
    this.node.combines = true;
  }

  dynamicReference(): void {
    const reference = this.#raw["$dynamicRef"];
    if (typeof reference !== "string") throw this.#fail("$dynamicRef", "a URI reference", reference);
    const located = this.#documents.resolve(reference, this.#resource, `${this.node.pointer}/$dynamicRef`);
    const anchor = reference.slice(reference.indexOf("#") + 1);
    this.#dynamic(located, located.resource.anchors.get(anchor)?.dynamic === true, anchor);
  }

  recursiveReference(): void {
    const located = this.#documents.resolve("", this.#resource, `${this.node.pointer}/$recursiveRef`);
    this.#dynamic(located, located.resource.recursive, undefined);
  }

  #dynamic(located: Located, isDynamic: boolean, anchor: string | undefined): void {
    const anchored = new Map<string, SchemaNode>();
    this.node.dynamicRef = { target: this.#builder.refer(located), anchored };
    this.node.combines = true;
    if (isDynamic) this.#builder.addDynamicReference({ anchored, anchor });
  }

  types(): void {
    const type = this.#raw["type"];
    const types = Array.isArray(type) ? type : [type];
    if (types.length === 0 || !types.every((name) => TYPE_NAMES.has(name))) {
      throw this.#fail("type", "the name of a JSON type, or several", type);
    }
    this.node.types = types.length === 1 ? (types as TypeName[]) : [...new Set(types as TypeName[])];
  }

  enum(): void {
    const values = this.#raw["enum"];
    if (!Array.isArray(values)) throw this.#fail("enum", "an array of values", values);
    this.node.enum = values;
  }

  const(): void {
    this.node.const = { value: this.#raw["const"] };
  }

  limit(side: "minimum" | "maximum"): void {
    const exclusive = side === "minimum" ? "exclusiveMinimum" : "exclusiveMaximum";
    const value = this.#number(side);
    const { booleanExclusive } = this.#resource.dialect;
    const isExclusive =
      booleanExclusive === "also" ? this.#raw[exclusive] === true : booleanExclusive && this.#flag(exclusive);
    this.node[isExclusive ? exclusive : side] = value;
  }

  exclusiveLimit(side: "exclusiveMinimum" | "exclusiveMaximum"): void {
    const { booleanExclusive } = this.#resource.dialect;
    if (booleanExclusive === true || (booleanExclusive === "also" && typeof this.#raw[side] === "boolean")) return;
    this.node[side] = this.#number(side);
  }

  multipleOf(): void {
    const divisor = this.#number("multipleOf");
    if (divisor !== undefined && divisor <= 0) throw this.#fail("multipleOf", "a number above 0", divisor);
    this.node.multipleOf = divisor;
  }

  count(keyword: "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"): void {
    this.node[keyword] = this.#count(keyword);
  }

  pattern(): void {
    const pattern = this.#raw["pattern"];
    if (typeof pattern !== "string") throw this.#fail("pattern", "a regular expression", pattern);
    this.node.pattern = this.#regex(pattern, "pattern", `${this.node.pointer}/pattern`);
  }

  format(): void {
    const format = this.#raw["format"];
    if (typeof format !== "string") return;
    this.node.format = format;
    this.node.assertsFormat = this.#builder.reading.assertFormats === true;
  }

  uniqueItems(): void {
    this.node.uniqueItems = this.#flag("uniqueItems");
  }

  prefixItems(): void {
    const prefix = this.#schemas("prefixItems");
    if (prefix !== undefined && prefix.length > 0) this.node.prefixItems = prefix;
  }

  items(): void {
    const items = this.#raw["items"];
    if (!Array.isArray(items) || !this.#resource.dialect.itemsTuple) {
      this.node.items = this.#child(items, "items");
      return;
    }
    if (items.length > 0) this.node.prefixItems = items.map((item, index) => this.#child(item, `items/${index}`));
    this.node.items = this.#schema("additionalItems");
  }

  contains(): void {
    this.node.contains = {
      schema: this.#child(this.#raw["contains"], "contains"),
      min: this.#count("minContains") ?? 1,
      max: this.#count("maxContains"),
      marks: this.#resource.dialect.containsMarks,
    };
  }

  schema(keyword: "additionalProperties" | "propertyNames" | "unevaluatedItems"): void {
    this.node[keyword] = this.#schema(keyword);
  }

  /** What no other schema has evaluated is what is additional, where there are no others. */
  unevaluatedProperties(): void {
    const isAlone = !IN_PLACE.some((keyword) => keyword in this.#raw);
    this.node[isAlone ? "additionalProperties" : "unevaluatedProperties"] = this.#schema("unevaluatedProperties");
  }

  properties(): void {
    const properties = new Map<string, SchemaNode>();
    for (const [key, value] of this.#map("properties") ?? []) {
      properties.set(key, this.#child(value, `properties/${escapeSegment(key)}`));
      if (this.#resource.dialect.booleanRequired && isObject(value) && value["required"] === true) this.#require([key]);
    }
    this.node.properties = properties;
  }

  required(): void {
    const required = this.#raw["required"];
    // Older tools say it on the property; the object that has the property has read that.
    if (this.#resource.dialect.booleanRequired && typeof required === "boolean") return;
    this.#require(this.#list("required", required));
  }

  #require(keys: readonly string[]): void {
    const all = new Set([...(this.node.required ?? []), ...keys]);
    if (all.size > 0) this.node.required = [...all];
  }

  patternProperties(): void {
    const compiled: [RegExp, SchemaNode][] = [];
    for (const [source, value] of this.#map("patternProperties") ?? []) {
      const path = `patternProperties/${escapeSegment(source)}`;
      const regex = this.#regex(source, "patternProperties", `${this.node.pointer}/${path}`);
      if (regex !== undefined) compiled.push([regex, this.#child(value, path)]);
    }
    if (compiled.length > 0) this.node.patternProperties = compiled;
  }

  dependencies(keyword: "dependencies" | "dependentRequired" | "dependentSchemas"): void {
    const required = [...(this.node.dependentRequired ?? [])];
    const schemas = [...(this.node.dependentSchemas ?? [])];
    for (const [key, value] of this.#map(keyword) ?? []) {
      const isList = keyword === "dependencies" ? Array.isArray(value) : keyword === "dependentRequired";
      if (isList) required.push([key, this.#list(keyword, value)]);
      else schemas.push([key, this.#child(value, `${keyword}/${escapeSegment(key)}`)]);
    }
    if (required.length > 0) this.node.dependentRequired = required;
    if (schemas.length === 0) return;
    this.node.dependentSchemas = schemas;
    this.node.combines = true;
  }

  combinator(keyword: "allOf" | "anyOf" | "oneOf"): void {
    this.node[keyword] = this.#schemas(keyword);
    this.node.combines = true;
  }

  not(): void {
    this.node.not = this.#schema("not");
    this.node.combines = true;
  }

  condition(): void {
    this.node.if = this.#schema("if");
    this.node.then = this.#schema("then");
    this.node.else = this.#schema("else");
    this.node.combines = true;
  }
}

/** The readers of keywords. A keyword that only modifies another is read with that one. */
const READERS: Readonly<Record<string, (keywords: Keywords) => void>> = {
  $ref: (keywords) => keywords.reference(),
  $dynamicRef: (keywords) => keywords.dynamicReference(),
  $recursiveRef: (keywords) => keywords.recursiveReference(),
  type: (keywords) => keywords.types(),
  enum: (keywords) => keywords.enum(),
  const: (keywords) => keywords.const(),
  minimum: (keywords) => keywords.limit("minimum"),
  maximum: (keywords) => keywords.limit("maximum"),
  exclusiveMinimum: (keywords) => keywords.exclusiveLimit("exclusiveMinimum"),
  exclusiveMaximum: (keywords) => keywords.exclusiveLimit("exclusiveMaximum"),
  multipleOf: (keywords) => keywords.multipleOf(),
  minLength: (keywords) => keywords.count("minLength"),
  maxLength: (keywords) => keywords.count("maxLength"),
  pattern: (keywords) => keywords.pattern(),
  format: (keywords) => keywords.format(),
  prefixItems: (keywords) => keywords.prefixItems(),
  items: (keywords) => keywords.items(),
  minItems: (keywords) => keywords.count("minItems"),
  maxItems: (keywords) => keywords.count("maxItems"),
  uniqueItems: (keywords) => keywords.uniqueItems(),
  contains: (keywords) => keywords.contains(),
  unevaluatedItems: (keywords) => keywords.schema("unevaluatedItems"),
  properties: (keywords) => keywords.properties(),
  required: (keywords) => keywords.required(),
  patternProperties: (keywords) => keywords.patternProperties(),
  additionalProperties: (keywords) => keywords.schema("additionalProperties"),
  propertyNames: (keywords) => keywords.schema("propertyNames"),
  minProperties: (keywords) => keywords.count("minProperties"),
  maxProperties: (keywords) => keywords.count("maxProperties"),
  dependencies: (keywords) => keywords.dependencies("dependencies"),
  dependentRequired: (keywords) => keywords.dependencies("dependentRequired"),
  dependentSchemas: (keywords) => keywords.dependencies("dependentSchemas"),
  unevaluatedProperties: (keywords) => keywords.unevaluatedProperties(),
  allOf: (keywords) => keywords.combinator("allOf"),
  anyOf: (keywords) => keywords.combinator("anyOf"),
  oneOf: (keywords) => keywords.combinator("oneOf"),
  not: (keywords) => keywords.not(),
  if: (keywords) => keywords.condition(),
};
