import { isDeepStrictEqual } from "node:util";
import type { SchemaNode, TypeName } from "../schema/node.js";
import { listsNoArguments } from "../print/facts.js";
import type { ChangeClass, Direction, SchemaChange } from "./change.js";
import { Alternatives, areAlike, isAnything, kindOf, match, partsOf, typeOf } from "./alternatives.js";
import { assertions, described, followed, meaning, sameKeyword, type Annotations } from "./meaning.js";

/**
 * Compares two schemas of the same thing, as code sees them that sends it or receives it. Without `wording`, other
 * titles, descriptions and examples are not a change.
 */
export function compareSchemas(
  before: SchemaNode,
  after: SchemaNode,
  direction: Direction,
  { wording = true }: { readonly wording?: boolean } = {},
): SchemaChange[] {
  const comparison = new SchemaComparison(direction, wording, direction === "input" ? [before, after] : []);
  comparison.compare(before, after, "");
  return comparison.changes;
}

const TYPES: readonly TypeName[] = ["null", "boolean", "number", "string", "array", "object"];

const UPPER_LIMITS = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"] as const;
const LOWER_LIMITS = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"] as const;

class SchemaComparison {
  readonly changes: SchemaChange[] = [];
  readonly #direction: Direction;
  readonly #wording: boolean;
  /** Whole inputs, before and after. */
  readonly #inputs: readonly SchemaNode[];
  readonly #taken = new Alternatives();
  readonly #seen = new Map<SchemaNode, Set<SchemaNode>>();

  constructor(direction: Direction, wording: boolean, inputs: readonly SchemaNode[]) {
    this.#direction = direction;
    this.#inputs = inputs;
    this.#wording = wording;
  }

  compare(first: SchemaNode, second: SchemaNode, path: string): void {
    const before = followed(first);
    const after = followed(second);
    if (typeof before.raw !== "boolean" && typeof after.raw !== "boolean")
      this.#words(described(first, before), described(second, after), path);
    this.#meant(before, after, path);
  }

  #meant(before: SchemaNode, after: SchemaNode, path: string): void {
    const seen = this.#seen.get(before);
    if (seen?.has(after) === true) return;
    if (seen === undefined) this.#seen.set(before, new Set([after]));
    else seen.add(after);
    if (this.#booleans(before, after, path)) return;
    if (areAlike(before, after)) return this.#single(before, after, path);
    const [old, now] = [this.#taken.of(before), this.#taken.of(after)];
    const [one, other] = [old[0], now[0]];
    if (old.length !== 1 || now.length !== 1 || one === undefined || other === undefined) {
      if (before.anyOf !== undefined && after.oneOf !== undefined && new Set(now.map(kindOf)).size < now.length)
        this.#narrowed(path, "has to be just one of its alternatives", "risky");
      this.#alternatives(old, now, path, (node) => node === before || node === after);
      return;
    }
    const [parts, partsNow] = [partsOf(one), partsOf(other)];
    if (parts.length > 1 || partsNow.length > 1) this.#parts(parts, partsNow, path);
    else if (one === before && other === after) this.#single(before, after, path);
    else this.#meant(one, other, path);
  }

  #single(before: SchemaNode, after: SchemaNode, path: string): void {
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
    if (isAnything(before) && isAnything(after)) return true;
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
    const [oldSaid, nowSaid] = [valuesOf(before), valuesOf(after)];
    if (oldSaid === undefined && nowSaid === undefined) return;
    const [old, now] = [oldSaid ?? booleansOf(before), nowSaid ?? booleansOf(after)];
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
    else if (after.items !== undefined) this.#narrowed(inner, "items now have a schema");
    else if (before.items !== undefined) this.#widened(inner, "items no longer have a schema");
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
        if (!wasRequired.has(key) && isRequired.has(key)) this.#narrowed(place, "is now required");
        if (wasRequired.has(key) && !isRequired.has(key)) this.#widened(place, "is now optional");
        const [oldSchema, newSchema] = [old.get(key), now.get(key)];
        if (oldSchema !== undefined && newSchema !== undefined) this.compare(oldSchema, newSchema, place);
      } else if (has) {
        const text = `new ${isRequired.has(key) ? "required" : "optional"} key`;
        if (this.#direction === "output") this.#add("safe", place, text);
        // Where any key could be sent, this one may have been, with another value.
        else this.#add(isRequired.has(key) ? "breaking" : this.#isOpen(before) ? "risky" : "safe", place, text);
      } else {
        this.#removedKey(old.get(key), after, place);
      }
    }
  }

  /** Where undeclared keys are in the type, code that names this one goes on, as far as their schema is that of the key. */
  #removedKey(before: SchemaNode | undefined, after: SchemaNode, place: string): void {
    const isInput = this.#direction === "input";
    if (!this.#isOpen(after)) this.#add("breaking", place, "key removed");
    else if (before === undefined || after.additionalProperties === undefined)
      this.#add(isInput ? "risky" : "breaking", place, "key removed");
    else {
      this.#add("risky", place, "key removed");
      this.compare(before, after.additionalProperties, place);
    }
  }

  /** The printed type has an index signature. */
  #isOpen(node: SchemaNode): boolean {
    const { additionalProperties, properties, types } = node;
    if (additionalProperties !== undefined) return additionalProperties.raw !== false;
    if (this.#inputs.includes(node) && listsNoArguments(node)) return false;
    return (properties?.size ?? 0) === 0 && types?.includes("object") === true;
  }

  /** Keys that `properties` does not name. */
  #others(before: SchemaNode, after: SchemaNode, path: string): void {
    const inner = `${path}/*`;
    const [old, now] = [before.additionalProperties, after.additionalProperties];
    const [wasOpen, isNowOpen] = [this.#isOpen(before), this.#isOpen(after)];
    if (wasOpen && isNowOpen) {
      if (old !== undefined && now !== undefined) this.compare(old, now, inner);
    } else if (wasOpen) {
      this.#add("breaking", inner, "undeclared keys are no longer included");
    } else if (isNowOpen) {
      this.#add("safe", inner, "undeclared keys are now included");
    } else if (old === undefined && now !== undefined) {
      this.#narrowed(inner, "undeclared keys are now refused", "risky");
    } else if (old !== undefined && now === undefined) {
      this.#widened(inner, "undeclared keys are now accepted", "safe");
    }
    const [patterned, patternedNow] = [before.patternProperties ?? [], after.patternProperties ?? []];
    if (patterned.length > 0 || patternedNow.length > 0) this.#patterned(patterned, patternedNow, path);
    for (const keyword of ["propertyNames", "dependentRequired", "dependentSchemas", "contains"] as const) {
      if (!sameKeyword(before, after, keyword)) this.#add("risky", path, `${keyword} changed`);
    }
  }

  #patterned(old: Patterned, now: Patterned, path: string): void {
    const after = new Map(now.map(([{ source }, schema]) => [source, schema]));
    for (const [{ source }, schema] of old) {
      const other = after.get(source);
      if (other === undefined) this.#add("risky", path, `keys like ${source} no longer have a schema of their own`);
      else this.compare(schema, other, `${path}/${source}`);
      after.delete(source);
    }
    for (const source of after.keys()) this.#add("risky", path, `keys like ${source} now have a schema of their own`);
  }

  #combinators(before: SchemaNode, after: SchemaNode, path: string): void {
    for (const keyword of ["anyOf", "oneOf"] as const)
      this.#options(before[keyword] ?? [], after[keyword] ?? [], path, keyword);
    this.#parts(before.allOf ?? [], after.allOf ?? [], path);
    for (const keyword of ["not", "if", "then", "else", "unevaluatedProperties", "unevaluatedItems"] as const) {
      if (!sameKeyword(before, after, keyword)) this.#add("risky", path, `${keyword} changed`);
    }
    if ((before.ref === undefined) !== (after.ref === undefined)) this.#add("risky", path, "what it refers to changed");
    else if (before.ref !== undefined && after.ref !== undefined)
      this.compare(before.ref.target, after.ref.target, path);
  }

  /** Each part says something that holds as well. */
  #parts(old: readonly SchemaNode[], now: readonly SchemaNode[], path: string): void {
    // Their order means nothing: those that are the same come first.
    const left = new Set(now);
    const without: SchemaNode[] = [];
    const compare = (part: SchemaNode, other: SchemaNode): void => {
      left.delete(other);
      // What is a part by itself has been compared in its wording already.
      if (old.length === 1 || now.length === 1) this.#meant(followed(part), followed(other), path);
      else this.compare(part, other, path);
    };
    for (const part of old) {
      const same = [...left].find((other) => isDeepStrictEqual(meaning(part), meaning(other)));
      if (same === undefined) without.push(part);
      else compare(part, same);
    }
    for (const part of without.splice(0, left.size)) compare(part, [...left][0] as SchemaNode);
    if (left.size > 0) this.#narrowed(path, `${left.size} of its parts (allOf) are new`);
    if (without.length > 0) this.#widened(path, `${without.length} of its parts (allOf) are removed`);
  }

  #options(old: readonly SchemaNode[], now: readonly SchemaNode[], path: string, keyword: string): void {
    if (old.length === 0 && now.length === 0) return;
    if (old.length === 0) return this.#narrowed(path, `${keyword} added`);
    if (now.length === 0) return this.#widened(path, `${keyword} removed`);
    this.#alternatives(old, now, path, () => false);
  }

  /** `isWhole` says what has been compared in its wording already. */
  #alternatives(
    old: readonly SchemaNode[],
    now: readonly SchemaNode[],
    path: string,
    isWhole: (node: SchemaNode) => boolean,
  ): void {
    const { pairs, gone, come } = match(old, now);
    const isOnly = (nodes: readonly SchemaNode[]): boolean =>
      nodes.filter((node) => kindOf(node) !== "null").length < 2;
    const inner = isOnly(old) && isOnly(now) ? path : `${path}/anyOf`;
    for (const [one, other] of pairs) {
      if (isWhole(one) || isWhole(other)) this.#meant(one, other, inner);
      else this.compare(one, other, inner);
    }
    if (gone.length > 0 && !now.some(isAnything)) {
      const { kinds, others } = kindsOnlyIn(gone, now);
      if (kinds.length > 0) this.#narrowed(path, `can no longer be ${kinds.join(" or ")}`);
      if (others > 0) this.#narrowed(path, `${others} of ${old.length} alternatives removed`);
    }
    if (come.length > 0 && !old.some(isAnything)) {
      const { kinds, others } = kindsOnlyIn(come, old);
      if (kinds.length > 0) this.#widened(path, `can now be ${kinds.join(" or ")}`);
      if (others > 0) this.#widened(path, `${others} alternatives added`);
    }
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
    if (old["deprecated"] !== true && now["deprecated"] === true) this.#add("risky", path, "is now deprecated");
    if (!this.#wording) return;
    const reworded = ["title", "description", "examples", "example"].some(
      (key) => !isDeepStrictEqual(old[key], now[key]),
    );
    if (reworded) this.#add("safe", path, "reworded");
  }
}

type Patterned = NonNullable<SchemaNode["patternProperties"]>;

/** The types of some alternatives that the other side lacks, and how many alternatives remain. */
function kindsOnlyIn(
  nodes: readonly SchemaNode[],
  elsewhere: readonly SchemaNode[],
): { readonly kinds: readonly TypeName[]; readonly others: number } {
  const there = new Set(elsewhere.map(kindOf));
  const own = nodes.map(kindOf);
  const kinds = TYPES.filter((type) => own.includes(type) && !there.has(type));
  return { kinds, others: own.filter((kind) => kind === undefined || !kinds.includes(kind)).length };
}

function typesOf(node: SchemaNode): ReadonlySet<TypeName> {
  const said = node.types ?? valuesOf(node)?.map(typeOf) ?? TYPES;
  const types = new Set<TypeName>(said.map((type) => (type === "integer" ? "number" : type)));
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

/** There are only two. */
function booleansOf({ types }: SchemaNode): readonly unknown[] | undefined {
  return types?.length === 1 && types[0] === "boolean" ? [true, false] : undefined;
}

const LONGEST_LIST = 6;

function list(values: readonly unknown[]): string {
  const shown = values.slice(0, LONGEST_LIST).map((value) => JSON.stringify(value));
  return values.length > LONGEST_LIST
    ? `${shown.join(", ")} and ${values.length - LONGEST_LIST} more`
    : shown.join(", ");
}
