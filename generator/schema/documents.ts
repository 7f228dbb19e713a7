import type { DialectName } from "../catalogue/types.js";
import { isObject, type JsonObject } from "../text/json.js";
import { decodePercent, escapeSegment, keysOf, pointerIn } from "../text/json-pointer.js";
import { DIALECTS, dialectOfUri, SUBSCHEMAS, VALIDATION_VOCABULARY, type Dialect } from "./dialect.js";
import { SchemaError } from "./error.js";
import { clip } from "../text/shown.js";

/** A schema resource: a document, or a part of one that has an id of its own. */
export interface Resource {
  readonly uri: string;
  readonly root: unknown;
  /** Pointer of the root in its document. */
  readonly pointer: string;
  readonly dialect: Dialect;
  readonly anchors: Map<string, Anchor>;
  /** 2019-09's `$recursiveAnchor: true`. */
  recursive: boolean;
  /** Its parts have been searched for ids and anchors; most schemas never need that. */
  indexed: boolean;
}

interface Anchor {
  readonly value: unknown;
  readonly pointer: string;
  readonly dynamic: boolean;
}

/** A schema, its location, and the base of its references. */
export interface Located {
  readonly value: unknown;
  readonly pointer: string;
  readonly resource: Resource;
}

/** Returns the document for an absolute URL without a fragment, or undefined. */
export type DocumentLoader = (uri: string) => unknown;

/** The documents that references can lead to, and the resources and anchors in them. */
export class Documents {
  readonly #resources = new Map<string, Resource>();
  readonly #roots = new Map<unknown, Resource>();
  readonly #load: DocumentLoader;
  readonly #searched = new Set<Resource>();
  /** Whether any document so far holds a dynamic reference. */
  dynamic = false;

  constructor(load: DocumentLoader) {
    this.#load = load;
  }

  get resources(): Iterable<Resource> {
    return new Set(this.#resources.values());
  }

  /** Registers a document; its own `$schema` and `$id` take precedence over the given ones. */
  add(root: unknown, uri: string, dialect: DialectName): Resource {
    const resource = this.#resource(root, uri, "", DIALECTS[dialect], undefined);
    this.#resources.set(uri, resource);
    return resource;
  }

  /** The resource that a schema opens, if it has an id of its own or is a document's root. */
  resourceOf(value: JsonObject, within: Resource): Resource | undefined {
    if (!within.indexed && ("$id" in value || "id" in value || "$schema" in value)) this.#index(within);
    return this.#roots.get(value);
  }

  #dialectOf(root: unknown, inherited: Dialect): Dialect {
    if (!isObject(root) || typeof root["$schema"] !== "string") return inherited;
    const uri = root["$schema"];
    const known = dialectOfUri(uri);
    if (known !== undefined) return known;
    const metaschema = this.#load(uri.replace(/#$/, ""));
    if (!isObject(metaschema) || metaschema === root) return inherited;
    const base = this.#dialectOf(metaschema, inherited);
    const vocabulary = metaschema["$vocabulary"];
    if (!isObject(vocabulary) || Object.keys(vocabulary).some((name) => name.endsWith("/vocab/validation")))
      return base;
    return { ...base, keywords: new Set([...base.keywords].filter((keyword) => !VALIDATION_VOCABULARY.has(keyword))) };
  }

  #resource(root: unknown, base: string, pointer: string, inherited: Dialect, parent: Resource | undefined): Resource {
    const dialect = this.#dialectOf(root, inherited);
    const id = isObject(root) && (dialect.refSiblings || root["$ref"] === undefined) ? root[dialect.id] : undefined;
    const [path = ""] = typeof id === "string" ? id.split("#") : [];
    const uri = path === "" ? base : resolveUri(path, base);
    const resource: Resource = { uri, root, pointer, dialect, anchors: new Map(), recursive: false, indexed: false };
    this.#roots.set(root, resource);
    if (parent === undefined || !this.#resources.has(uri)) this.#resources.set(uri, resource);
    return resource;
  }

  #index(resource: Resource): void {
    if (resource.indexed) return;
    resource.indexed = true;
    this.#indexFrom(resource.root, resource.pointer, resource);
  }

  #indexFrom(start: unknown, at: string, resource: Resource): void {
    const { root } = resource;
    const pending: [unknown, string][] = [[start, at]];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [value, pointer] = next;
      if (!isObject(value)) continue;
      if (value !== root && this.#opensResource(value, resource)) {
        if (!this.#roots.has(value))
          this.#index(this.#resource(value, resource.uri, pointer, resource.dialect, resource));
        continue;
      }
      this.#indexAnchors(value, pointer, resource);
      for (const keyword in value) {
        const shape = Object.hasOwn(SUBSCHEMAS, keyword) ? SUBSCHEMAS[keyword] : undefined;
        if (shape === undefined) continue;
        const child = value[keyword];
        if (shape === "one" || (shape === "one-or-list" && !Array.isArray(child))) {
          pending.push([child, `${pointer}/${keyword}`]);
        } else if (Array.isArray(child)) {
          for (let index = child.length - 1; index >= 0; index--)
            pending.push([child[index], `${pointer}/${keyword}/${index}`]);
        } else if (isObject(child)) {
          for (const key of Object.keys(child))
            pending.push([child[key], `${pointer}/${keyword}/${escapeSegment(key)}`]);
        }
      }
    }
  }

  #opensResource(value: JsonObject, { dialect }: Resource): boolean {
    const own = typeof value["$schema"] === "string" ? (dialectOfUri(value["$schema"]) ?? dialect) : dialect;
    const id = value[own.id];
    if (typeof id !== "string" || id.startsWith("#")) return false;
    return own.refSiblings || value["$ref"] === undefined;
  }

  #indexAnchors(value: JsonObject, pointer: string, resource: Resource): void {
    const { dialect } = resource;
    const id = value[dialect.id];
    if (
      typeof id === "string" &&
      id.startsWith("#") &&
      id.length > 1 &&
      (dialect.refSiblings || value["$ref"] === undefined)
    ) {
      resource.anchors.set(id.slice(1), { value, pointer, dynamic: false });
    }
    if (dialect.keywords.has("$anchor") && typeof value["$anchor"] === "string") {
      resource.anchors.set(value["$anchor"], { value, pointer, dynamic: false });
    }
    if (dialect.keywords.has("$dynamicAnchor") && typeof value["$dynamicAnchor"] === "string") {
      resource.anchors.set(value["$dynamicAnchor"], { value, pointer, dynamic: true });
    }
    if (value["$recursiveAnchor"] === true && value === resource.root) resource.recursive = true;
    if ("$dynamicRef" in value || "$recursiveRef" in value) this.dynamic = true;
  }

  /** The target of a reference. Throws a {@link SchemaError} if there is none. */
  resolve(reference: string, from: Resource, pointer: string): Located {
    if (reference === "#") return { value: from.root, pointer: from.pointer, resource: from };
    this.#index(from);
    const hash = reference.indexOf("#");
    const path = hash === -1 ? reference : reference.slice(0, hash);
    const fragment = hash === -1 ? "" : reference.slice(hash + 1);
    const uri = resolveUri(path, from.uri);
    const resource = path === "" ? from : (this.#find(uri, from) ?? this.#named(uri));
    if (resource === undefined) {
      throw new SchemaError("TB3002", pointer, "a reference to a known document", JSON.stringify(clip(reference, 100)));
    }
    if (fragment === "") return { value: resource.root, pointer: resource.pointer, resource };
    const isPointer = fragment.startsWith("/");
    const found = isPointer
      ? this.#walk(pointerIn(fragment), resource)
      : this.#anchor(decodePercent(fragment), resource);
    if (found === undefined) {
      throw new SchemaError(
        "TB3002",
        pointer,
        "a reference to a schema that exists",
        JSON.stringify(clip(reference, 100)),
      );
    }
    return found;
  }

  /** The target of a JSON pointer, relative to the root of a resource. */
  locate(pointer: string, resource: Resource): Located {
    if (pointer === "") return { value: resource.root, pointer: resource.pointer, resource };
    const found = this.#walk(pointer, resource);
    if (found === undefined) throw new SchemaError("TB3002", pointer, "a schema", "nothing");
    return found;
  }

  #anchor(name: string, resource: Resource): Located | undefined {
    const anchor = resource.anchors.get(name) ?? (this.#indexAll(), resource.anchors.get(name));
    return anchor === undefined ? undefined : { value: anchor.value, pointer: anchor.pointer, resource };
  }

  /** The resource of an id that stands where only a description, not a schema, has schemas. */
  #named(uri: string): Resource | undefined {
    this.#indexAll();
    return this.#resources.get(uri);
  }

  /** Searches the schemas of a description, which is seldom needed. */
  #indexAll(): void {
    for (const resource of this.resources) {
      if (resource.pointer !== "" || this.#searched.has(resource)) continue;
      this.#searched.add(resource);
      const { components } = isObject(resource.root) ? resource.root : {};
      const schemas = isObject(components) ? components["schemas"] : undefined;
      if (!isObject(schemas)) continue;
      for (const [name, schema] of Object.entries(schemas))
        this.#indexFrom(schema, `/components/schemas/${escapeSegment(name)}`, resource);
    }
  }

  #find(uri: string, from: Resource): Resource | undefined {
    const known = this.#resources.get(uri);
    if (known !== undefined) return known;
    const document = this.#load(uri);
    if (document === undefined) return undefined;
    const resource = this.add(document, uri, from.dialect.name);
    this.#index(resource);
    return resource;
  }

  #walk(path: string, start: Resource): Located | undefined {
    let value: unknown = start.root;
    let { pointer } = start;
    let resource = start;
    for (const key of keysOf(path)) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as JsonObject)[key];
      pointer += `/${escapeSegment(key)}`;
      resource = (isObject(value) ? this.resourceOf(value, resource) : undefined) ?? resource;
    }
    if (!this.#roots.has(value)) this.#indexLate(value, pointer, resource);
    return { value, pointer, resource: this.#roots.get(value) ?? resource };
  }

  /** A reference may lead below a keyword that is not known to hold schemas. */
  #indexLate(value: unknown, pointer: string, resource: Resource): void {
    if (isObject(value) && this.#opensResource(value, resource)) {
      this.#index(this.#resource(value, resource.uri, pointer, resource.dialect, resource));
    }
  }
}

function resolveUri(reference: string, base: string): string {
  try {
    return new URL(reference, base).href.replace(/#$/, "");
  } catch {
    return reference;
  }
}
