import type { SchemaDocument } from "./types.js";

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A schema with all that it refers to, as one JSON value: its own document, or, where it is one of the many parts of an
 * app's document, that part beside the schemas that the parts share, without the members that are for the other side.
 */
export function selfContained({ document, pointer }: SchemaDocument, side: "input" | "output"): unknown {
  if (pointer === "" || !isPartOfApp(pointer)) return document;
  const keys = pointer.split("/").slice(1);
  const part = keys.reduce<unknown>((value, key) => (value as JsonObject)[key], document);
  if (!isObject(part)) return part;
  const { components, definitions } = document as JsonObject;
  const { schemas } = (components ?? {}) as JsonObject;
  const whole = {
    ...part,
    ...(schemas !== undefined && { components: { schemas } }),
    ...(definitions !== undefined && { definitions }),
  };
  return withoutOtherSide(whole, whole, side === "input" ? "readOnly" : "writeOnly");
}

/** Where the made-up parts of an app's document stand. */
export const PARTS = "x-toolbind-parts";

function isPartOfApp(pointer: string): boolean {
  return pointer.startsWith(`/${PARTS}/`);
}

/** Keywords whose values are data. */
const DATA: ReadonlySet<string> = new Set(["const", "default", "enum", "example", "examples"]);

function withoutOtherSide(value: unknown, root: JsonObject, mark: "readOnly" | "writeOnly"): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutOtherSide(item, root, mark));
  if (!isObject(value)) return value;
  const { properties, required } = value;
  const members = isObject(properties) ? Object.entries(properties) : [];
  const hidden = new Set(members.filter(([, member]) => isMarked(member, root, mark)).map(([name]) => name));
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => {
    if (DATA.has(key)) return [key, inner];
    if (key === "required" && Array.isArray(required))
      return [key, required.filter((name) => !hidden.has(name as string))];
    if (key !== "properties" || !isObject(properties)) return [key, withoutOtherSide(inner, root, mark)];
    const kept = members.filter(([name]) => !hidden.has(name));
    return [key, Object.fromEntries(kept.map(([name, member]) => [name, withoutOtherSide(member, root, mark)]))];
  });
  return Object.fromEntries(entries);
}

function isMarked(member: unknown, root: JsonObject, mark: "readOnly" | "writeOnly"): boolean {
  if (!isObject(member)) return false;
  if (member[mark] === true) return true;
  const { $ref: reference } = member;
  if (typeof reference !== "string" || !reference.startsWith("#/")) return false;
  const keys = reference.slice(2).split("/");
  const target = keys.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), root);
  return isObject(target) && target[mark] === true;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
