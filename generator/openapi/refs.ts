import { isObject, type JsonObject } from "../text/json.js";
import { escapeSegment, keysOf, pointerIn } from "../text/json-pointer.js";
import type { Description } from "./document.js";
import { typeName } from "../text/shown.js";

/** A value in a description, and its location. */
export interface At<T = unknown> {
  readonly value: T;
  /** JSON pointer in its document. */
  readonly pointer: string;
  /** URI of its document. */
  readonly uri: string;
}

/** What is wrong with one part of a description, and where. */
export class DescriptionFault extends Error {
  readonly at: Pick<At, "pointer" | "uri">;
  readonly expected: string;
  readonly received: string;
  /** What to do, if not to correct the description. */
  readonly fix: string | undefined;

  constructor(at: Pick<At, "pointer" | "uri">, expected: string, received: string, fix?: string) {
    super(`expected ${expected}, received ${received}`);
    this.fix = fix;
    this.at = at;
    this.expected = expected;
    this.received = received;
  }
}

/** A member of a value; null counts as absent, since that is how YAML writes an empty value. */
export function child(of: At<JsonObject>, key: string): At {
  const value = Object.hasOwn(of.value, key) ? of.value[key] : undefined;
  return { value: value ?? undefined, pointer: `${of.pointer}/${escapeSegment(key)}`, uri: of.uri };
}

/** @throws DescriptionFault unless it is an object or absent */
export function objectAt(at: At): At<JsonObject> | undefined {
  if (at.value === undefined) return undefined;
  if (!isObject(at.value)) throw new DescriptionFault(at, "an object", typeName(at.value));
  return at as At<JsonObject>;
}

/** @throws DescriptionFault unless it is an array or absent */
export function listAt(at: At): At[] {
  if (at.value === undefined) return [];
  if (!Array.isArray(at.value)) throw new DescriptionFault(at, "an array", typeName(at.value));
  return at.value.map((value: unknown, index) => ({ value, pointer: `${at.pointer}/${index}`, uri: at.uri }));
}

/** The members of an object, without extensions. */
export function entriesAt(at: At): [string, At][] {
  return membersAt(at).filter(([key]) => !key.startsWith("x-"));
}

/** The members of an object whose keys are names, which may start like extensions. */
export function membersAt(at: At): [string, At][] {
  const object = objectAt(at);
  return object === undefined ? [] : Object.keys(object.value).map((key) => [key, child(object, key)]);
}

export function textAt(of: At<JsonObject>, key: string): string | undefined {
  const { value } = child(of, key);
  return typeof value === "string" ? value : undefined;
}

/**
 * Follows `$ref` to its target.
 * @throws DescriptionFault where it leads nowhere, or back to itself
 */
export function follow(description: Description, at: At): At {
  const passed = new Set<unknown>();
  let current = at;
  while (isObject(current.value) && typeof current.value["$ref"] === "string") {
    if (passed.has(current.value)) {
      throw new DescriptionFault(at, "a reference that does not lead back to itself", "a circular one");
    }
    passed.add(current.value);
    current = resolve(description, current, current.value["$ref"]);
  }
  return current;
}

/**
 * Follows `$ref` of a schema. Where JSON Schema knows other names than places, by `$id` and `$anchor`, what is not found
 * is left to what reads schemas.
 * @throws DescriptionFault where it leads nowhere, or back to itself
 */
export function followSchema(description: Description, at: At): At {
  if (description.edition === "2.0" || description.edition === "3.0") return follow(description, at);
  try {
    return follow(description, at);
  } catch (error) {
    if (!(error instanceof LostReference)) throw error;
    return at;
  }
}

class LostReference extends DescriptionFault {}

function resolve(description: Description, from: At, reference: string): At {
  const lost = (): DescriptionFault =>
    new LostReference(
      { pointer: `${from.pointer}/$ref`, uri: from.uri },
      "a reference to something that exists",
      JSON.stringify(reference.slice(0, 200)),
      fixOf(reference, from.uri),
    );
  const [path = "", fragment = ""] = reference.split("#", 2);
  const uri = path === "" ? from.uri : resolveUri(path, from.uri);
  if (uri === undefined || (fragment !== "" && !fragment.startsWith("/"))) throw lost();
  let value = uri === description.uri ? description.root : description.load(uri);
  let pointer = "";
  for (const key of keysOf(pointerIn(fragment))) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) throw lost();
    value = (value as JsonObject)[key];
    pointer += `/${escapeSegment(key)}`;
  }
  if (value === undefined || value === null) throw lost();
  return { value, pointer, uri };
}

/** A file that is not in the app's folder is not searched for anywhere else. */
function fixOf(reference: string, base: string): string | undefined {
  const [path = ""] = reference.split("#", 1);
  if (path === "") return undefined;
  if (/^https?:/i.test(resolveUri(path, base) ?? "")) {
    return `save the document at that URL, and name the file in the configuration: schemaMap: { ${JSON.stringify(path)}: "…" }`;
  }
  return "put the file into the app's folder, or correct the reference";
}

function resolveUri(path: string, base: string): string | undefined {
  return URL.canParse(path, base) ? new URL(path, base).href : undefined;
}

/** Schemas that a reader has created; they are not part of a description, and refer to nothing. */
const MADE = new WeakSet<object>();

export function made<T extends object>(schema: T): T {
  MADE.add(schema);
  return schema;
}

/** A schema in a form for the description's own document: a reference if it is in another one. */
export function schemaIn(description: Description, { value, pointer, uri }: At): unknown {
  return uri === description.uri || MADE.has(value as object)
    ? value
    : { $ref: `${uri}#${encodeURI(pointer).replaceAll("#", "%23")}` };
}
