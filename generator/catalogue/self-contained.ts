import { isObject, type JsonObject } from "../text/json.js";
import { pointerOf, valueAt } from "../text/json-pointer.js";
import type { SchemaDocument } from "./types.js";

/**
 * A schema with all that it refers to, as one JSON value: its own document, or, where it is one of the many parts of an
 * app's document, that part beside the schemas that the parts share, without the members that are for the other side.
 */
export function selfContained({ document, pointer }: SchemaDocument, side: "input" | "output"): unknown {
  if (pointer === "" || !isPartOfApp(pointer)) return document;
  const part = valueAt(document, pointer);
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

/** Whether a member's schema, or one that applies to the same value, has the mark. */
function isMarked(
  member: unknown,
  root: JsonObject,
  mark: "readOnly" | "writeOnly",
  passed: ReadonlySet<unknown> = new Set(),
): boolean {
  if (!isObject(member) || passed.has(member)) return false;
  if (member[mark] === true) return true;
  const pointer = pointerOf(member["$ref"]);
  const parts = Array.isArray(member["allOf"]) ? (member["allOf"] as unknown[]) : [];
  const target = pointer === undefined ? [] : [valueAt(root, pointer)];
  return [...target, ...parts].some((part) => isMarked(part, root, mark, new Set([...passed, member])));
}
