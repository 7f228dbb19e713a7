import type { SchemaDocument } from "../catalogue/types.js";
import { Documents, escapePointer, isObject, type DocumentLoader, type Located, type Resource } from "./documents.js";
import { SchemaError } from "./error.js";
import type { SchemaNode, TypeName } from "./node.js";

/** A keyword that the emitted validator cannot check; it is left unchecked and reported. */
export interface Inexpressible {
  readonly pointer: string;
  readonly keyword: string;
  readonly reason: string;
}

export interface BuiltSchema {
  readonly root: SchemaNode;
  /** The schema has dynamic references, so that validation keeps track of the resources it enters. */
  readonly dynamic: boolean;
  readonly inexpressible: readonly Inexpressible[];
}

type Raw = Readonly<Record<string, unknown>>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const TYPE_NAMES: ReadonlySet<unknown> = new Set(["null", "boolean", "integer", "number", "string", "array", "object"]);

/** Schemas nested deeper than this are refused: nobody wrote them, and recursion over them has to end somewhere. */
export const MAX_DEPTH = 200;

/** Builds the node graph of a schema. Throws a {@link SchemaError} for what JSON Schema does not allow. */
export function buildSchemaNode(schema: SchemaDocument, load: DocumentLoader): BuiltSchema {
  const documents = new Documents(load);
  const resource = documents.add(schema.document, `toolbind:${encodeURI(schema.location.source)}`, schema.dialect);
  const located = documents.resolve(`#${encodeURI(schema.pointer)}`, resource, schema.pointer);
  const builder = new Builder(documents);
  const root = builder.refer(located);
  builder.finish();
  return { root, dynamic: documents.dynamic, inexpressible: builder.inexpressible };
}

/** What a malformed value looked like, short enough for a message. */
export function describe(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (isObject(value)) return "an object";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

class Builder {
  readonly inexpressible: Inexpressible[] = [];
  readonly #documents: Documents;
  readonly #nodes = new Map<unknown, SchemaNode>();
  readonly #booleans = new Map<string, SchemaNode>();
  readonly #unread: Keywords[] = [];
  readonly #dynamic: DynamicUse[] = [];

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  /** The node of a schema that is reached by reference; its keywords are read later, so that chains cost no stack. */
  refer(located: Located): SchemaNode {
    const [node, keywords] = this.#node(located, 0);
    if (keywords !== undefined) this.#unread.push(keywords);
    return node;
  }

  /** The node of a schema inside another one. */
  child(located: Located, depth: number): SchemaNode {
    const [node, keywords] = this.#node(located, depth);
    keywords?.read();
    return node;
  }

  #node({ value, pointer, resource }: Located, depth: number): [SchemaNode, Keywords | undefined] {
    if (typeof value === "boolean") {
      const key = `${value} ${resource.uri} ${pointer}`;
      let node = this.#booleans.get(key);
      if (node === undefined) this.#booleans.set(key, (node = { pointer, raw: value, resource: resource.uri }));
      return [node, undefined];
    }
    if (!isObject(value)) throw new SchemaError("TB3001", pointer, "a schema (an object or a boolean)", describe(value));
    const known = this.#nodes.get(value);
    if (known !== undefined) return [known, undefined];
    if (depth > MAX_DEPTH) throw new SchemaError("TB3004", pointer, `at most ${MAX_DEPTH} levels of nesting`, "more");
    const own = this.#documents.resourceOf(value) ?? resource;
    const node: Mutable<SchemaNode> = { pointer, raw: value, resource: own.uri };
    this.#nodes.set(value, node);
    return [node, new Keywords(this, this.#documents, node, value, own, depth)];
  }

  addDynamicReference(use: DynamicUse): void {
    this.#dynamic.push(use);
  }

  /** Reads what references led to, and tells each dynamic reference which resources give its anchor. */
  finish(): void {
    let linked = 0;
    while (this.#unread.length > 0 || linked < this.#dynamic.length) {
      for (let next = this.#unread.pop(); next !== undefined; next = this.#unread.pop()) next.read();
      linked = this.#dynamic.length;
      for (const use of this.#dynamic) this.#link(use);
    }
  }

  #link({ anchored, anchor }: DynamicUse): void {
    for (const resource of this.#documents.resources) {
      const found = anchor === undefined ? recursiveRoot(resource) : resource.anchors.get(anchor);
      if (found?.dynamic !== true) continue;
      anchored.set(resource.uri, this.refer({ value: found.value, pointer: found.pointer, resource }));
    }
  }
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
class Keywords {
  readonly #builder: Builder;
  readonly #documents: Documents;
  readonly #node: Mutable<SchemaNode>;
  readonly #raw: Raw;
  readonly #resource: Resource;
  readonly #depth: number;

  constructor(builder: Builder, documents: Documents, node: Mutable<SchemaNode>, raw: Raw, resource: Resource, depth: number) {
    this.#builder = builder;
    this.#documents = documents;
    this.#node = node;
    this.#raw = raw;
    this.#resource = resource;
    this.#depth = depth;
  }

  read(): void {
    const { dialect } = this.#resource;
    this.#references();
    if (!dialect.refSiblings && this.#node.ref !== undefined) return;
    if (dialect.nullable && this.#raw["nullable"] === true) this.#node.nullable = true;
    this.#anyType();
    this.#numbers();
    this.#strings();
    this.#arrays();
    this.#objects();
    this.#combinators();
  }

  /** The keyword's value, if the dialect has the keyword and the schema uses it. */
  #get(keyword: string): unknown {
    if (!Object.hasOwn(this.#raw, keyword) || !this.#resource.dialect.keywords.has(keyword)) return undefined;
    return this.#raw[keyword];
  }

  #fail(keyword: string, expected: string, value: unknown): SchemaError {
    return new SchemaError("TB3001", `${this.#node.pointer}/${escapePointer(keyword)}`, expected, describe(value));
  }

  #child(value: unknown, path: string): SchemaNode {
    const pointer = `${this.#node.pointer}/${path}`;
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
    return Object.keys(value)
      .sort()
      .map((key) => [key, value[key]]);
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

  #strings_(keyword: string, value: unknown): readonly string[] {
    if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) {
      throw this.#fail(keyword, "an array of strings", value);
    }
    return [...new Set(value as string[])];
  }

  #regex(source: string, keyword: string, pointer: string): RegExp | undefined {
    for (const flags of ["u", ""]) {
      try {
        return new RegExp(source, flags);
      } catch (error) {
        if (flags === "") this.#builder.inexpressible.push({ pointer, keyword, reason: (error as Error).message });
      }
    }
    return undefined;
  }

  #references(): void {
    const reference = this.#get("$ref");
    if (reference !== undefined) {
      if (typeof reference !== "string") throw this.#fail("$ref", "a URI reference", reference);
      const pointer = `${this.#node.pointer}/$ref`;
      const located = this.#documents.resolve(reference, this.#resource, pointer);
      this.#node.ref = { text: reference, target: this.#builder.refer(located) };
    }
    const dynamic = this.#get("$dynamicRef");
    if (dynamic !== undefined) {
      if (typeof dynamic !== "string") throw this.#fail("$dynamicRef", "a URI reference", dynamic);
      const located = this.#documents.resolve(dynamic, this.#resource, `${this.#node.pointer}/$dynamicRef`);
      const anchor = dynamic.slice(dynamic.indexOf("#") + 1);
      const isDynamic = located.resource.anchors.get(anchor)?.dynamic === true;
      this.#dynamicReference(located, isDynamic, anchor);
    }
    if (this.#get("$recursiveRef") !== undefined) {
      const located = this.#documents.resolve("#", this.#resource, `${this.#node.pointer}/$recursiveRef`);
      this.#dynamicReference(located, located.resource.recursive, undefined);
    }
  }

  #dynamicReference(located: Located, isDynamic: boolean, anchor: string | undefined): void {
    const anchored = new Map<string, SchemaNode>();
    this.#node.dynamicRef = { target: this.#builder.refer(located), anchored };
    if (isDynamic) this.#builder.addDynamicReference({ anchored, anchor });
  }

  #anyType(): void {
    const type = this.#get("type");
    if (type !== undefined) {
      const types = Array.isArray(type) ? type : [type];
      if (types.length === 0 || types.some((name) => !TYPE_NAMES.has(name))) {
        throw this.#fail("type", "the name of a JSON type, or several", type);
      }
      this.#node.types = [...new Set(types as TypeName[])];
    }
    const values = this.#get("enum");
    if (values !== undefined) {
      if (!Array.isArray(values)) throw this.#fail("enum", "an array of values", values);
      this.#node.enum = values;
    }
    if (Object.hasOwn(this.#raw, "const") && this.#resource.dialect.keywords.has("const")) {
      this.#node.const = { value: this.#raw["const"] };
    }
  }

  #numbers(): void {
    const node = this.#node;
    const minimum = this.#number("minimum");
    const maximum = this.#number("maximum");
    if (this.#resource.dialect.booleanExclusive) {
      if (minimum !== undefined) node[this.#flag("exclusiveMinimum") ? "exclusiveMinimum" : "minimum"] = minimum;
      if (maximum !== undefined) node[this.#flag("exclusiveMaximum") ? "exclusiveMaximum" : "maximum"] = maximum;
    } else {
      const exclusiveMinimum = this.#number("exclusiveMinimum");
      const exclusiveMaximum = this.#number("exclusiveMaximum");
      if (minimum !== undefined) node.minimum = minimum;
      if (maximum !== undefined) node.maximum = maximum;
      if (exclusiveMinimum !== undefined) node.exclusiveMinimum = exclusiveMinimum;
      if (exclusiveMaximum !== undefined) node.exclusiveMaximum = exclusiveMaximum;
    }
    const multipleOf = this.#number("multipleOf");
    if (multipleOf !== undefined) {
      if (multipleOf <= 0) throw this.#fail("multipleOf", "a number above 0", multipleOf);
      node.multipleOf = multipleOf;
    }
  }

  #flag(keyword: string): boolean {
    const value = this.#get(keyword);
    if (value !== undefined && typeof value !== "boolean") throw this.#fail(keyword, "a boolean", value);
    return value === true;
  }

  #strings(): void {
    const node = this.#node;
    const minLength = this.#count("minLength");
    const maxLength = this.#count("maxLength");
    if (minLength !== undefined) node.minLength = minLength;
    if (maxLength !== undefined) node.maxLength = maxLength;
    const pattern = this.#get("pattern");
    if (pattern !== undefined) {
      if (typeof pattern !== "string") throw this.#fail("pattern", "a regular expression", pattern);
      const regex = this.#regex(pattern, "pattern", `${node.pointer}/pattern`);
      if (regex !== undefined) node.pattern = regex;
    }
    const format = this.#get("format");
    if (typeof format === "string") node.format = format;
  }

  #arrays(): void {
    const node = this.#node;
    const items = this.#get("items");
    if (this.#resource.dialect.prefixItems) {
      const prefix = this.#schemas("prefixItems");
      if (prefix !== undefined && prefix.length > 0) node.prefixItems = prefix;
      if (items !== undefined) node.items = this.#child(items, "items");
    } else if (Array.isArray(items)) {
      if (items.length > 0) node.prefixItems = items.map((item, index) => this.#child(item, `items/${index}`));
      const rest = this.#schema("additionalItems");
      if (rest !== undefined) node.items = rest;
    } else if (items !== undefined) {
      node.items = this.#child(items, "items");
    }
    const minItems = this.#count("minItems");
    const maxItems = this.#count("maxItems");
    if (minItems !== undefined) node.minItems = minItems;
    if (maxItems !== undefined) node.maxItems = maxItems;
    if (this.#flag("uniqueItems")) node.uniqueItems = true;
    const contains = this.#schema("contains");
    if (contains !== undefined) {
      node.contains = {
        schema: contains,
        min: this.#count("minContains") ?? 1,
        max: this.#count("maxContains"),
        marks: this.#resource.dialect.containsMarks,
      };
    }
    const unevaluated = this.#schema("unevaluatedItems");
    if (unevaluated !== undefined) node.unevaluatedItems = unevaluated;
  }

  #objects(): void {
    const node = this.#node;
    const properties = this.#map("properties");
    if (properties !== undefined) {
      node.properties = new Map(
        properties.map(([key, value]) => [key, this.#child(value, `properties/${escapePointer(key)}`)]),
      );
    }
    const required = this.#get("required");
    if (required !== undefined) {
      const keys = this.#strings_("required", required);
      if (keys.length > 0) node.required = keys;
    }
    const patterns = this.#map("patternProperties");
    if (patterns !== undefined && patterns.length > 0) {
      const compiled: [RegExp, SchemaNode][] = [];
      for (const [source, value] of patterns) {
        const path = `patternProperties/${escapePointer(source)}`;
        const regex = this.#regex(source, "patternProperties", `${node.pointer}/${path}`);
        if (regex !== undefined) compiled.push([regex, this.#child(value, path)]);
      }
      node.patternProperties = compiled;
    }
    const additional = this.#schema("additionalProperties");
    if (additional !== undefined) node.additionalProperties = additional;
    const names = this.#schema("propertyNames");
    if (names !== undefined) node.propertyNames = names;
    const minProperties = this.#count("minProperties");
    const maxProperties = this.#count("maxProperties");
    if (minProperties !== undefined) node.minProperties = minProperties;
    if (maxProperties !== undefined) node.maxProperties = maxProperties;
    const unevaluated = this.#schema("unevaluatedProperties");
    if (unevaluated !== undefined) node.unevaluatedProperties = unevaluated;
    this.#dependencies();
  }

  #dependencies(): void {
    const required: [string, readonly string[]][] = [];
    const schemas: [string, SchemaNode][] = [];
    for (const [key, value] of this.#map("dependencies") ?? []) {
      const path = `dependencies/${escapePointer(key)}`;
      if (Array.isArray(value)) required.push([key, this.#strings_("dependencies", value)]);
      else schemas.push([key, this.#child(value, path)]);
    }
    for (const [key, value] of this.#map("dependentRequired") ?? []) {
      required.push([key, this.#strings_("dependentRequired", value)]);
    }
    for (const [key, value] of this.#map("dependentSchemas") ?? []) {
      schemas.push([key, this.#child(value, `dependentSchemas/${escapePointer(key)}`)]);
    }
    if (required.length > 0) this.#node.dependentRequired = required;
    if (schemas.length > 0) this.#node.dependentSchemas = schemas;
  }

  #combinators(): void {
    const node = this.#node;
    const allOf = this.#schemas("allOf");
    const anyOf = this.#schemas("anyOf");
    const oneOf = this.#schemas("oneOf");
    const not = this.#schema("not");
    const condition = this.#schema("if");
    if (allOf !== undefined) node.allOf = allOf;
    if (anyOf !== undefined) node.anyOf = anyOf;
    if (oneOf !== undefined) node.oneOf = oneOf;
    if (not !== undefined) node.not = not;
    if (condition !== undefined) {
      const then = this.#schema("then");
      const otherwise = this.#schema("else");
      node.if = condition;
      if (then !== undefined) node.then = then;
      if (otherwise !== undefined) node.else = otherwise;
    }
  }
}
