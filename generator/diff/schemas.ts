import { isDeepStrictEqual } from "node:util";
import type { SchemaNode, TypeName } from "../schema/node.js";
import type { ChangeClass, Direction, SchemaChange } from "./change.js";
import { assertions, described, followed, meaning, sameKeyword, type Annotations } from "./meaning.js";

/**
 * Compares two schemas of the same thing, as code sees them that sends it or receives it. Without `wording`, other
 * titles, descriptions and examples are no change.
 */
export function compareSchemas(
  before: SchemaNode,
  after: SchemaNode,
  direction: Direction,
  { wording = true }: { readonly wording?: boolean } = {},
): SchemaChange[] {
  const comparison = new Comparison(direction, wording);
  comparison.compare(before, after, "");
  return comparison.changes;
}

const TYPES: readonly TypeName[] = ["null", "boolean", "number", "string", "array", "object"];

const UPPER_LIMITS = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"] as const;
const LOWER_LIMITS = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"] as const;

class Comparison {
  readonly changes: SchemaChange[] = [];
  readonly #direction: Direction;
  readonly #wording: boolean;
  readonly #seen = new Map<SchemaNode, Set<SchemaNode>>();

  constructor(direction: Direction, wording: boolean) {
    this.#direction = direction;
    this.#wording = wording;
  }

  compare(first: SchemaNode, second: SchemaNode, path: string): void {
    const before = followed(first);
    const after = followed(second);
    if (typeof before.raw !== "boolean" && typeof after.raw !== "boolean")
      this.#words(described(first, before), described(second, after), path);
    const seen = this.#seen.get(before);
    if (seen?.has(after) === true) return;
    if (seen === undefined) this.#seen.set(before, new Set([after]));
    else seen.add(after);
    if (this.#booleans(before, after, path)) return;
    this.#types(before, after, path);
    this.#values(before, after, path);
    this.#limits(before, after, path);
    this.#items(before, after, path);
    this.#properties(before, after, path);
    this.#others(before, after, path);
    this.#combinators(before, after, path);
  }

  #add(kind: ChangeClass, path: string, text: string): void {
    this.changes.push({ class: kind, path, text });
  }

  /** Reports that fewer values are accepted, or more. Fewer hurts who sends, more hurts who receives. */
  #narrowed(path: string, text: string, hurts: ChangeClass = "breaking"): void {
    this.#add(this.#direction === "input" ? hurts : "safe", path, text);
  }

  #widened(path: string, text: string, hurts: ChangeClass = "breaking"): void {
    this.#add(this.#direction === "output" ? hurts : "safe", path, text);
  }

  #booleans(before: SchemaNode, after: SchemaNode, path: string): boolean {
    if (typeof before.raw !== "boolean" && typeof after.raw !== "boolean") return false;
    if (isDeepStrictEqual(assertions(before.raw), assertions(after.raw))) return true;
    if (after.raw === true || before.raw === false) this.#widened(path, "accepts more values than before");
    else this.#narrowed(path, "accepts fewer values than before");
    return true;
  }

  #types(before: SchemaNode, after: SchemaNode, path: string): void {
    const old = typesOf(before);
    const now = typesOf(after);
    const gone = TYPES.filter((type) => old.has(type) && !now.has(type));
    const come = TYPES.filter((type) => !old.has(type) && now.has(type));
    if (gone.length > 0) this.#narrowed(path, `can no longer be ${gone.join(" or ")}`);
    if (come.length > 0) this.#widened(path, `can now be ${come.join(" or ")}`);
    const wasInteger = isInteger(before);
    const isNowInteger = isInteger(after);
    if (old.has("number") && now.has("number") && wasInteger !== isNowInteger) {
      if (isNowInteger) this.#narrowed(path, "has to be an integer", "risky");
      else this.#widened(path, "may have a fraction", "risky");
    }
  }

  #values(before: SchemaNode, after: SchemaNode, path: string): void {
    const old = valuesOf(before);
    const now = valuesOf(after);
    if (old === undefined && now === undefined) return;
    if (old === undefined) return this.#narrowed(path, `has to be one of ${list(now ?? [])}`);
    if (now === undefined) return this.#widened(path, "is no longer limited to certain values");
    const gone = old.filter((value) => !now.some((other) => isDeepStrictEqual(other, value)));
    const come = now.filter((value) => !old.some((other) => isDeepStrictEqual(other, value)));
    // Code that looks for a value that never comes does not compile either.
    if (gone.length > 0) this.#add("breaking", path, `can no longer be ${list(gone)}`);
    // Code that looks at some values and has a default for the others goes on.
    if (come.length > 0) this.#widened(path, `can now be ${list(come)}`, "risky");
  }

  #limits(before: SchemaNode, after: SchemaNode, path: string): void {
    for (const [keywords, sign] of [
      [UPPER_LIMITS, 1],
      [LOWER_LIMITS, -1],
    ] as const) {
      for (const keyword of keywords) {
        const old = before[keyword];
        const now = after[keyword];
        if (old === now) continue;
        const tighter = old === undefined || (now !== undefined && (now - old) * sign < 0);
        const text = `${keyword} ${old ?? "none"} → ${now ?? "none"}`;
        if (tighter) this.#narrowed(path, text, "risky");
        else this.#widened(path, text, "safe");
      }
    }
    for (const keyword of ["pattern", "format", "multipleOf", "uniqueItems"] as const) {
      const [old, now] = [String(before[keyword] ?? "none"), String(after[keyword] ?? "none")];
      if (old === now) continue;
      const loosened = after[keyword] === undefined || after[keyword] === false;
      this.#add(this.#direction === "input" && !loosened ? "risky" : "safe", path, `${keyword} ${old} → ${now}`);
    }
  }

  #items(before: SchemaNode, after: SchemaNode, path: string): void {
    const inner = `${path}/[]`;
    const oldPrefix = before.prefixItems ?? [];
    const nowPrefix = after.prefixItems ?? [];
    if (oldPrefix.length !== nowPrefix.length) {
      this.#add("breaking", path, `has ${nowPrefix.length} fixed positions, had ${oldPrefix.length}`);
    } else {
      for (const [index, item] of oldPrefix.entries())
        this.compare(item, nowPrefix[index] as SchemaNode, `${path}/[${index}]`);
    }
    if (before.items !== undefined && after.items !== undefined) this.compare(before.items, after.items, inner);
    else if (after.items !== undefined) this.#narrowed(inner, "items have a schema");
    else if (before.items !== undefined) this.#widened(inner, "items have no schema any more");
  }

  #properties(before: SchemaNode, after: SchemaNode, path: string): void {
    const old = before.properties ?? new Map<string, SchemaNode>();
    const now = after.properties ?? new Map<string, SchemaNode>();
    const wasRequired = new Set(before.required);
    const isRequired = new Set(after.required);
    for (const key of new Set([...old.keys(), ...now.keys(), ...wasRequired, ...isRequired])) {
      const place = `${path}/${key}`;
      const had = old.has(key) || wasRequired.has(key);
      const has = now.has(key) || isRequired.has(key);
      if (had && has) {
        if (!wasRequired.has(key) && isRequired.has(key)) this.#narrowed(place, "is required now");
        if (wasRequired.has(key) && !isRequired.has(key)) this.#widened(place, "is optional now");
        const [oldSchema, newSchema] = [old.get(key), now.get(key)];
        if (oldSchema !== undefined && newSchema !== undefined) this.compare(oldSchema, newSchema, place);
      } else if (has) {
        const text = `new ${isRequired.has(key) ? "required" : "optional"} key`;
        if (this.#direction === "output") this.#add("safe", place, text);
        // Where any key could be sent, this one may have been, with another value.
        else this.#add(isRequired.has(key) ? "breaking" : isOpen(before) ? "risky" : "safe", place, text);
      } else {
        this.#removedKey(old.get(key), after, place);
      }
    }
  }

  /** Where undeclared keys are in the type, code that names this one goes on, as far as their schema is that of the key. */
  #removedKey(before: SchemaNode | undefined, after: SchemaNode, place: string): void {
    const isInput = this.#direction === "input";
    if (!isOpen(after)) this.#add("breaking", place, "key removed");
    else if (before === undefined || after.additionalProperties === undefined)
      this.#add(isInput ? "risky" : "breaking", place, "key removed");
    else {
      this.#add("risky", place, "key removed");
      this.compare(before, after.additionalProperties, place);
    }
  }

  /** Keys that `properties` does not name. */
  #others(before: SchemaNode, after: SchemaNode, path: string): void {
    const inner = `${path}/*`;
    const [old, now] = [before.additionalProperties, after.additionalProperties];
    const [wasOpen, isNowOpen] = [isOpen(before), isOpen(after)];
    if (wasOpen && isNowOpen) {
      if (old !== undefined && now !== undefined) this.compare(old, now, inner);
    } else if (wasOpen) {
      this.#add("breaking", inner, "undeclared keys are no longer part of it");
    } else if (isNowOpen) {
      this.#add("safe", inner, "undeclared keys are part of it now");
    } else if (old === undefined && now !== undefined) {
      this.#narrowed(inner, "undeclared keys are refused", "risky");
    } else if (old !== undefined && now === undefined) {
      this.#widened(inner, "undeclared keys are accepted", "safe");
    }
    for (const keyword of [
      "patternProperties",
      "propertyNames",
      "dependentRequired",
      "dependentSchemas",
      "contains",
    ] as const) {
      if (!sameKeyword(before, after, keyword)) this.#add("risky", path, `${keyword} changed`);
    }
  }

  #combinators(before: SchemaNode, after: SchemaNode, path: string): void {
    for (const keyword of ["anyOf", "oneOf"] as const)
      this.#options(before[keyword] ?? [], after[keyword] ?? [], path, keyword);
    this.#parts(before, after, path);
    for (const keyword of ["not", "if", "then", "else", "unevaluatedProperties", "unevaluatedItems"] as const) {
      if (!sameKeyword(before, after, keyword)) this.#add("risky", path, `${keyword} changed`);
    }
    if ((before.ref === undefined) !== (after.ref === undefined)) this.#add("risky", path, "what it refers to changed");
    else if (before.ref !== undefined && after.ref !== undefined)
      this.compare(before.ref.target, after.ref.target, path);
  }

  /** Each part says something that holds as well. */
  #parts(before: SchemaNode, after: SchemaNode, path: string): void {
    const old = before.allOf ?? [];
    const now = after.allOf ?? [];
    if (old.length === now.length) {
      for (const [index, part] of old.entries()) this.compare(part, now[index] as SchemaNode, path);
      return;
    }
    const count = `${Math.abs(now.length - old.length)} of its parts (allOf)`;
    if (now.length > old.length) this.#narrowed(path, `${count} are new`);
    else this.#widened(path, `${count} are removed`);
  }

  #options(old: readonly SchemaNode[], now: readonly SchemaNode[], path: string, keyword: string): void {
    if (old.length === 0 && now.length === 0) return;
    if (old.length === 0) return this.#narrowed(path, `${keyword} added`);
    if (now.length === 0) return this.#widened(path, `${keyword} removed`);
    const same = (a: SchemaNode, b: SchemaNode): boolean => isDeepStrictEqual(meaning(a), meaning(b));
    const gone = old.filter((option) => !now.some((other) => same(option, other)));
    const come = now.filter((option) => !old.some((other) => same(option, other)));
    const [only, instead] = [gone[0], come[0]];
    if (gone.length === 1 && come.length === 1 && only !== undefined && instead !== undefined) {
      return this.compare(only, instead, `${path}/${keyword}`);
    }
    if (gone.length > 0) this.#narrowed(path, `${gone.length} of ${old.length} alternatives removed`);
    if (come.length > 0) this.#widened(path, `${come.length} alternatives added`);
  }

  #words(old: Annotations, now: Annotations, path: string): void {
    if (!isDeepStrictEqual(old["default"], now["default"])) {
      const kind = this.#direction === "input" ? "risky" : "safe";
      this.#add(
        kind,
        path,
        `default ${JSON.stringify(old["default"]) ?? "none"} → ${JSON.stringify(now["default"]) ?? "none"}`,
      );
    }
    if (old["deprecated"] !== true && now["deprecated"] === true) this.#add("risky", path, "is deprecated now");
    if (!this.#wording) return;
    const reworded = ["title", "description", "examples", "example"].some(
      (key) => !isDeepStrictEqual(old[key], now[key]),
    );
    if (reworded) this.#add("safe", path, "reworded");
  }
}

function typesOf(node: SchemaNode): ReadonlySet<TypeName> {
  const types = new Set<TypeName>((node.types ?? TYPES).map((type) => (type === "integer" ? "number" : type)));
  if (node.nullable) types.add("null");
  return types;
}

function isInteger(node: SchemaNode): boolean {
  return node.types?.includes("integer") === true && !node.types.includes("number");
}

function valuesOf(node: SchemaNode): readonly unknown[] | undefined {
  const values = node.const === undefined ? node.enum : [node.const.value];
  return values === undefined ? undefined : node.nullable && !values.includes(null) ? [...values, null] : values;
}

/** The printed type has an index signature. */
function isOpen({ additionalProperties, properties, types }: SchemaNode): boolean {
  if (additionalProperties !== undefined) return additionalProperties.raw !== false;
  return (properties?.size ?? 0) === 0 && types?.includes("object") === true;
}

const LONGEST_LIST = 6;

function list(values: readonly unknown[]): string {
  const shown = values.slice(0, LONGEST_LIST).map((value) => JSON.stringify(value));
  return values.length > LONGEST_LIST
    ? `${shown.join(", ")} and ${values.length - LONGEST_LIST} more`
    : shown.join(", ");
}
