// A discriminator selects one of several schemas by a member's value. JSON Schema has no such keyword, but can
// express the same: the member has distinct values in each of them.
import { isObject, type JsonObject } from "../text/json.js";
import { escapeSegment, pointerOf, valueAt } from "../text/json-pointer.js";

/**
 * Writes the values of a document's discriminators into their alternatives, in place. Where that distinguishes them all,
 * exactly one must match, as the description says; where it gives no values, several may.
 */
export function discriminate(root: unknown): void {
  const pending: unknown[] = [root];
  const passed = new Set<unknown>();
  const found: Record<string, unknown>[] = [];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (passed.has(value)) continue;
    passed.add(value);
    for (const key in value as object) {
      const inner = (value as Record<string, unknown>)[key];
      if (typeof inner === "object" && inner !== null) pending.push(inner);
    }
    if (isObject(value) && isObject(value["discriminator"])) found.push(value as Record<string, unknown>);
  }
  // First collected and then written, so that written schemas are not visited.
  for (const write of found.map((schema) => rewriteOf(schema, root))) write();
}

const NOTHING = (): void => undefined;

function rewriteOf(schema: Record<string, unknown>, root: unknown): () => void {
  const discriminator = schema["discriminator"] as JsonObject;
  const keyword = Array.isArray(schema["oneOf"]) ? "oneOf" : "anyOf";
  const branches = schema[keyword];
  if (typeof discriminator["propertyName"] !== "string" || !Array.isArray(branches)) return NOTHING;
  const { written, isOpen } = alternativesOf(branches, discriminator, root, new Set([schema]));
  return () => {
    schema[keyword] = written;
    if (keyword === "anyOf" || !isOpen || schema["anyOf"] !== undefined) return;
    schema["anyOf"] = written;
    delete schema["oneOf"];
  };
}

interface Alternatives {
  readonly written: readonly unknown[];
  /** Whether the discriminator does not distinguish all of them. */
  readonly isOpen: boolean;
}

/** `open`: the choices around these, which they may lead back to. */
function alternativesOf(
  branches: readonly unknown[],
  discriminator: JsonObject,
  root: unknown,
  open: ReadonlySet<unknown>,
): Alternatives {
  const { propertyName, mapping, defaultMapping } = discriminator;
  const name = propertyName as string;
  const isDefault = (ref: string): boolean => typeof defaultMapping === "string" && isNamed(ref, defaultMapping);
  const all = branches.map((branch): readonly [written: unknown, isOpen: boolean] => {
    const tag = tagOf(branch, name, root);
    if (tag === undefined) return nestedIn(branch, discriminator, root, open) ?? [branch, false];
    if (tag.kind === "fixed") return [branch, !tag.required];
    const { $ref: ref } = branch as { readonly $ref: string };
    const values = isDefault(ref) ? [] : valuesOf(ref, mapping);
    if (values.length === 0) return [branch, true];
    const own = { type: "object", properties: { [name]: { enum: values } }, ...(tag.required && { required: [name] }) };
    return [{ allOf: [branch, own] }, !tag.required];
  });
  return { written: all.map(([written]) => written), isOpen: all.some(([, isOpen]) => isOpen) };
}

/** An alternative that is a choice itself, and has alternatives that the discriminator around it names. */
function nestedIn(
  branch: unknown,
  discriminator: JsonObject,
  root: unknown,
  open: ReadonlySet<unknown>,
): readonly [written: unknown, isOpen: boolean] | undefined {
  const schema = whollyNamed(branch, root, 0);
  if (!isObject(schema) || open.has(schema) || schema["discriminator"] !== undefined) return undefined;
  const { oneOf, anyOf, ...rest } = schema;
  const branches = oneOf ?? anyOf;
  if (!Array.isArray(branches) || (oneOf !== undefined && anyOf !== undefined)) return undefined;
  const { written, isOpen } = alternativesOf(branches, discriminator, root, new Set([...open, schema]));
  if (written.every((each, index) => each === branches[index])) return undefined;
  return [{ ...rest, [oneOf === undefined || isOpen ? "anyOf" : "oneOf"]: written }, isOpen];
}

/** The values of the discriminating member in one of the alternatives. */
interface Tag {
  /** `free`: any text, so that it does not discriminate. */
  readonly kind: "free" | "fixed";
  readonly required: boolean;
}

/** Undefined for anything but a reference to an object of the document with that member. */
function tagOf(branch: unknown, name: string, root: unknown): Tag | undefined {
  if (!isObject(branch) || typeof branch["$ref"] !== "string") return undefined;
  const parts = [...partsOf(branch, root, 0)];
  const members = parts.flatMap(({ properties }) =>
    isObject(properties) && Object.hasOwn(properties, name) ? [...partsOf(properties[name], root, 0)] : [],
  );
  // A member does not identify what may also be null or something other than an object.
  if (members.length === 0 || parts.some(({ nullable, type }) => nullable === true || Array.isArray(type))) {
    return undefined;
  }
  const required = parts.some(({ required: names }) => Array.isArray(names) && names.includes(name));
  if (members.some((each) => each["enum"] !== undefined || each["const"] !== undefined)) {
    return { kind: "fixed", required };
  }
  return members.some(({ type }) => [type].flat().includes("string")) ? { kind: "free", required } : undefined;
}

const MOST_LEVELS = 20;

/** A schema and those that `$ref` and `allOf` add to it. */
function* partsOf(schema: unknown, root: unknown, level: number): Generator<JsonObject> {
  if (!isObject(schema) || level > MOST_LEVELS) return;
  yield schema;
  const { $ref: ref, allOf } = schema;
  if (typeof ref === "string") yield* partsOf(targetOf(ref, root), root, level + 1);
  for (const part of Array.isArray(allOf) ? (allOf as unknown[]) : []) yield* partsOf(part, root, level + 1);
}

/** What a reference leads to, or the schema itself; undefined where the reference has siblings. */
function whollyNamed(schema: unknown, root: unknown, level: number): unknown {
  if (!isObject(schema) || typeof schema["$ref"] !== "string") return schema;
  const isAlone = Object.keys(schema).every((key) => key === "$ref" || key === "title" || key === "description");
  return isAlone && level < MOST_LEVELS ? whollyNamed(targetOf(schema["$ref"], root), root, level + 1) : undefined;
}

/** What a reference within the document names. */
function targetOf(ref: string, root: unknown): unknown {
  const pointer = pointerOf(ref);
  return pointer === undefined ? undefined : valueAt(root, pointer);
}

function valuesOf(ref: string, mapping: unknown): string[] {
  if (!isObject(mapping)) return [];
  return Object.keys(mapping).filter((value) => isNamed(ref, mapping[value]));
}

/** Whether a mapping means the schema of a reference, by its name or its place. */
function isNamed(ref: string, named: unknown): boolean {
  return typeof named === "string" && (named === ref || ref === `#/components/schemas/${escapeSegment(named)}`);
}
