import type { Definitions } from "../schema/definitions.js";
import { jsonTypeOf, type BinaryKind, type SchemaNode, type TypeName } from "../schema/node.js";
import type { Side } from "../schema/sides.js";
import { listsNoArguments } from "./facts.js";
import { jsdoc, schemaDoc } from "./jsdoc.js";
import { ALL, BITS, choicesOf, JsonTypes, ownTypes, partsOf, textTypes } from "./json-types.js";
import {
  after,
  ANY_OBJECT,
  compareFields,
  impossibleIn,
  intersection,
  isUnknown,
  literalType,
  NEVER,
  NULL,
  printFields,
  printType,
  text,
  union,
  UNKNOWN,
  withKnown,
  type Field,
  type Known,
  type Path,
  type TypeModel,
} from "./type-model.js";

/** Returns the exported type name for each named schema of a tool's side. */
export interface TypeNames {
  readonly root: string;
  readonly of: (node: SchemaNode) => string | undefined;
}

export interface PrintedTypes {
  /** Declarations, the root's first. */
  readonly text: string;
  /** `{}` is of the root's type. */
  readonly optional: boolean;
  /** The path, through required keys only, to something that no value can match. */
  readonly impossible: Path | undefined;
}

/** Prints the TypeScript declarations of a schema and of the named schemas that it refers to. */
export function printTypes(definitions: Definitions, names: TypeNames, side: Side): PrintedTypes {
  const { root } = definitions;
  const nodes = [root, ...definitions.names.keys()];
  const printer = new TypePrinter((node) => (node === root ? names.root : names.of(node)), nodes);
  const printed = printRoot(printer, names.root, root, side);
  let { text } = printed;
  for (const node of definitions.names.keys()) {
    text += `\n${declaration(names.of(node) as string, printer.ofBody(node), node)}`;
  }
  return { ...printed, text };
}

/** Prints the declarations of schemas that share others, which are printed once. */
export class SharedTypePrinter {
  readonly #names: ReadonlyMap<SchemaNode, string>;
  readonly #printer: TypePrinter;

  /** `names`: the names of the types of what is shared. */
  constructor(names: ReadonlyMap<SchemaNode, string>) {
    this.#names = names;
    this.#printer = new TypePrinter((node) => names.get(node), names.keys(), true);
  }

  root(name: string, root: SchemaNode, side: Side): PrintedTypes {
    return printRoot(this.#printer, name, root, side);
  }

  /** The type of a schema where it is used. */
  use(node: SchemaNode): string {
    return printType(this.#printer.of(node), "  ");
  }

  /** Whether the printed code uses the type of bytes. */
  get usesBinary(): boolean {
    return this.#printer.usesBinary;
  }

  shared(): string {
    return [...this.#names].map(([node, name]) => declaration(name, this.#printer.ofBody(node), node)).join("\n");
  }
}

function printRoot(printer: TypePrinter, name: string, root: SchemaNode, side: Side): PrintedTypes {
  const model = side === "input" && listsNoArguments(root) ? NO_ARGUMENTS : printer.model(root, ALL);
  const optional = model !== undefined && takesEmptyObject(model);
  const impossible = model && printer.impossibleIn(model);
  return { text: declaration(name, model ?? UNKNOWN, root), optional, impossible };
}

/** Whether it is evident that `{}` is of the type. */
function takesEmptyObject(type: TypeModel): boolean {
  switch (type.kind) {
    case "object":
      return type.fields.every((field) => field.optional);
    case "union":
      return type.members.some(takesEmptyObject);
    case "intersection":
      return type.members.every(takesEmptyObject);
    default:
      return false;
  }
}

const NO_ARGUMENTS: TypeModel = { kind: "object", fields: [], index: undefined };

function declaration(name: string, type: TypeModel, node: SchemaNode): string {
  const doc = jsdoc(schemaDoc(node), "");
  if (type.kind === "object" && type.fields.length > 0) {
    return `${doc}export interface ${name} {\n${printFields(type, "  ")}}\n`;
  }
  return `${doc}export type ${name} =${after(printType(type, ""))};\n`;
}

const SCALARS: Readonly<Partial<Record<TypeName, TypeModel>>> = {
  null: NULL,
  boolean: text("boolean"),
  integer: text("number"),
  number: text("number"),
  string: text("string"),
};

const BINARY_TYPES: Readonly<Record<BinaryKind, string>> = {
  bytes: "Binary",
  blob: "Blob",
  stream: "ReadableStream<Uint8Array>",
};

/** The type of all values of the given JSON types. */
function everything(bits: number): TypeModel {
  if (bits === ALL) return UNKNOWN;
  const members: TypeModel[] = [];
  if (bits & BITS.boolean) members.push(text("boolean"));
  if (bits & BITS.number) members.push(text("number"));
  if (bits & BITS.string) members.push(text("string"));
  if (bits & BITS.array) members.push({ kind: "array", item: UNKNOWN });
  if (bits & BITS.object) members.push(ANY_OBJECT);
  if (bits & BITS.null) members.push(NULL);
  return union(members);
}

/**
 * Every value that the schema accepts is in the printed type, unless it is interpreted by its apparent intent; what a type
 * cannot say is left to the validator.
 * A schema is looked at through the JSON types that its surroundings allow, so that `{required: [...]}` beside
 * `type: object` is only an object.
 */
class TypePrinter {
  usesBinary: boolean = false;
  /** By the JSON types that a schema is looked at through. */
  readonly #spreads = new Map<SchemaNode, Map<number, Spread>>();
  readonly #repeated = new Map<SchemaNode, TypeModel>();
  /** The names of the schemas that have one. */
  readonly #nameOf: (node: SchemaNode) => string | undefined;
  readonly #bodies = new Map<SchemaNode, TypeModel>();
  /** Those that have names; collected when one is first looked up. */
  readonly #named: Iterable<SchemaNode>;
  #byName: ReadonlyMap<string | undefined, SchemaNode> | undefined;
  readonly #impossible = new Map<string, Path | undefined>();

  readonly #jsonTypes: JsonTypes;

  constructor(nameOf: (node: SchemaNode) => string | undefined, named: Iterable<SchemaNode>, takesAsMeant = false) {
    this.#nameOf = nameOf;
    this.#named = named;
    this.#jsonTypes = new JsonTypes(takesAsMeant);
  }

  /** If the type of a schema has no values, no value of the intended types fits the schema either. */
  impossibleIn(type: TypeModel): Path | undefined {
    return impossibleIn(type, (name) => {
      const node = this.#nodeOf(name);
      if (node === undefined || this.#impossible.has(name)) return this.#impossible.get(name);
      // A schema that leads back to itself is not visited again.
      this.#impossible.set(name, undefined);
      const path = this.impossibleIn(this.ofBody(node));
      this.#impossible.set(name, path);
      return path;
    });
  }

  #nodeOf(name: string): SchemaNode | undefined {
    this.#byName ??= new Map(Array.from(this.#named, (node) => [this.#nameOf(node), node]));
    return this.#byName.get(name);
  }

  /** The type where the schema is used. */
  of(node: SchemaNode): TypeModel {
    return this.model(node, ALL) ?? UNKNOWN;
  }

  /** The type of a named schema itself. */
  ofBody(node: SchemaNode): TypeModel {
    let body = this.#bodies.get(node);
    if (body === undefined) this.#bodies.set(node, (body = this.#body(node, ALL) ?? UNKNOWN));
    return body;
  }

  /** The type of the values of these JSON types; undefined where the schema accepts all of them. */
  model(node: SchemaNode, allowed: number): TypeModel | undefined {
    return this.#body(node, allowed);
  }

  #referred(node: SchemaNode, allowed: number): TypeModel | undefined {
    const name = this.#nameOf(node);
    return name === undefined ? this.#body(node, allowed) : text(name);
  }

  #body(node: SchemaNode, allowed: number): TypeModel | undefined {
    if (node.raw === true) return undefined;
    if (node.raw === false) return NEVER;
    if (node.nullable !== true) return this.#withoutNull(node, allowed);
    const inner = this.#withoutNull(node, allowed);
    return inner === undefined || !(allowed & BITS.null) ? inner : union([inner, NULL]);
  }

  #withoutNull(node: SchemaNode, allowed: number): TypeModel | undefined {
    if (node.binary !== undefined) {
      this.usesBinary ||= node.binary === "bytes";
      return text(BINARY_TYPES[node.binary]);
    }
    const plain =
      node.types?.length === 1 && !node.combines && allowed === ALL ? SCALARS[node.types[0] as TypeName] : undefined;
    if (plain !== undefined && node.enum === undefined && node.const === undefined) return plain;
    const bits = this.#jsonTypes.of(node, allowed);
    if (bits === 0) return NEVER;
    const values = this.#values(node, bits);
    if (values !== undefined) return this.#listed(node, allowed, union(values.map(literalType)));
    const own = this.#own(node, bits);
    if (!node.combines) return own ?? (bits === allowed ? undefined : everything(bits));
    const others = [...this.#applied(node, allowed)];
    // Keys that are only required read best after declared ones.
    const all = node.properties === undefined ? [...others, own] : [own, ...others];
    const parts = all.filter((part) => part !== undefined);
    if (parts.length === 0) return bits === allowed ? undefined : everything(bits);
    const says = (part: TypeModel): boolean => part !== ANY_OBJECT && this.#isWithin(part, BITS.object);
    const telling = parts.some(says) ? parts.filter((part) => part !== ANY_OBJECT) : parts;
    const type = withKnown(intersection(telling), (key) => this.#known(node, key));
    return bits === allowed || this.#isWithin(type, bits) ? type : intersection([everything(bits), type]);
  }

  /** The listed values, without those that other schemas beside the list refuse, as far as that is evident. */
  #listed(node: SchemaNode, allowed: number, listed: TypeModel): TypeModel {
    if (!node.combines) return listed;
    const others = [...this.#applied(node, allowed)].filter((part) => part !== undefined);
    const left = intersection([listed, ...others]);
    return left.kind === "intersection" ? listed : left;
  }

  /** The schemas that apply to the same value, each with the JSON types that all the others leave for it. */
  #beside(node: SchemaNode, allowed: number): Beside {
    const parts = partsOf(node);
    const choices = choicesOf(node);
    const all = [...parts.map((part) => [part]), ...choices];
    const stated = all.map((options) => this.#jsonTypes.ofChoices(options));
    const own = allowed & ownTypes(node);
    const bits = this.#jsonTypes.of(node, allowed);
    const left = stated.map((_, index) =>
      stated.reduce((rest, each, other) => (other === index ? rest : rest & each), own),
    );
    // Intent applies to all of them.
    const seen = stated.every((each) => each === ALL) ? left.map(() => bits) : left;
    return {
      parts: parts.map((part, index) => [part, seen[index] as number]),
      choices: choices.map((options, index) => [options, seen[parts.length + index] as number]),
    };
  }

  /** Whether all values of a type are of these JSON types. */
  #isWithin(type: TypeModel, bits: number): boolean {
    switch (type.kind) {
      case "text": {
        const node = this.#nodeOf(type.text);
        return node === undefined ? (textTypes(type.text) & ~bits) === 0 : (this.#jsonTypes.ofAll(node) & ~bits) === 0;
      }
      case "union":
        return type.members.every((member) => this.#isWithin(member, bits));
      case "intersection":
        return type.members.some((member) => this.#isWithin(member, bits));
      case "array":
      case "tuple":
        return (BITS.array & ~bits) === 0;
      case "object":
        return (BITS.object & ~bits) === 0;
    }
  }

  /** What the named types that a schema builds on say about a member. */
  #known(node: SchemaNode, key: string): Known | undefined {
    let known: Known | undefined;
    for (const part of partsOf(node)) {
      const inner = refersTo(node, part) && this.#isNamed(part) ? this.#member(part, key) : this.#known(part, key);
      if (inner === undefined) continue;
      known ??= inner;
      if (inner.required) known = { ...known, required: true };
    }
    return known;
  }

  #member(named: SchemaNode, key: string): Known | undefined {
    let declared: SchemaNode | undefined;
    let required = false;
    for (const part of conjuncts(named)) {
      declared ??= part.properties?.get(key);
      required ||= part.required?.includes(key) === true;
    }
    if (declared === undefined && !required) return undefined;
    const type = declared === undefined ? UNKNOWN : this.#again(declared);
    return { type, required: required && this.#jsonTypes.ofAll(named) === BITS.object };
  }

  /** The type of a schema that is printed elsewhere. */
  #again(node: SchemaNode): TypeModel {
    let type = this.#repeated.get(node);
    if (type === undefined) {
      // A schema that leads back to itself is not repeated.
      this.#repeated.set(node, UNKNOWN);
      this.#repeated.set(node, (type = this.of(node)));
    }
    return type;
  }

  #values(node: SchemaNode, bits: number): unknown[] | undefined {
    const values = node.const === undefined ? node.enum : [node.const.value];
    return values?.filter((value) => {
      const type = jsonTypeOf(value);
      if (!(BITS[type] & bits)) return false;
      return type !== "number" || node.types === undefined || node.types.includes("number");
    });
  }

  /** What `properties`, `items` and similar keywords say; undefined if there are none. */
  #own(node: SchemaNode, bits: number): TypeModel | undefined {
    const object = bits & BITS.object ? this.#object(node) : undefined;
    const array = bits & BITS.array ? this.#array(node) : undefined;
    if (array === undefined && (object === undefined || bits === BITS.object)) return object;
    const members: TypeModel[] = [];
    if (object !== undefined) members.push(object);
    if (array !== undefined) members.push(array);
    const rest = bits & ~(object === undefined ? 0 : BITS.object) & ~(array === undefined ? 0 : BITS.array);
    if (rest !== 0) members.push(everything(rest));
    return union(members);
  }

  /** What the schemas that apply to the same value say, as far as the compiler can multiply it out. */
  *#applied(node: SchemaNode, allowed: number): Generator<TypeModel | undefined> {
    const { conjuncts, unions } = this.#spread(node, allowed);
    if (!conjuncts) return;
    const { parts, choices } = this.#beside(node, allowed);
    for (const [part, bits] of parts) yield refersTo(node, part) ? this.#referred(part, bits) : this.#body(part, bits);
    if (!unions) return;
    for (const [options, bits] of choices) yield this.#oneOf(options, bits);
  }

  #spread(node: SchemaNode, allowed: number): Spread {
    let spreads = this.#spreads.get(node);
    if (spreads === undefined) this.#spreads.set(node, (spreads = new Map()));
    let spread = spreads.get(allowed);
    if (spread === undefined) spreads.set(allowed, (spread = this.#measure(node, allowed)));
    return spread;
  }

  #measure(node: SchemaNode, allowed: number): Spread {
    const bits = this.#jsonTypes.of(node, allowed);
    const all = { conjuncts: true, unions: true };
    if (node.const !== undefined || node.enum !== undefined) return { ...all, width: node.enum?.length ?? 1 };
    const own = bits !== allowed || describesMembers(node) ? alternatives(bits) : 1;
    if (!node.combines) return { ...all, width: own };
    const { parts, choices } = this.#beside(node, allowed);
    const widths = parts.map(
      ([part, bits]) => this.#spread(part, refersTo(node, part) && this.#isNamed(part) ? ALL : bits).width,
    );
    const narrow = product([own, ...widths]);
    const wide = product([
      narrow,
      ...choices.map(([options, bits]) => options.reduce((sum, option) => sum + this.#spread(option, bits).width, 0)),
    ]);
    if (wide !== undefined) return { ...all, width: wide };
    return narrow === undefined
      ? { conjuncts: false, unions: false, width: own }
      : { ...all, unions: false, width: narrow };
  }

  #isNamed(node: SchemaNode): boolean {
    return this.#nameOf(node) !== undefined;
  }

  #oneOf(options: readonly SchemaNode[], bits: number): TypeModel | undefined {
    const members: TypeModel[] = [];
    for (const option of options) {
      const type = this.#body(option, bits);
      if (type === undefined) return undefined;
      members.push(type);
    }
    return union(members);
  }

  #object(node: SchemaNode): TypeModel | undefined {
    const additional = node.additionalProperties;
    const closed = additional?.raw === false;
    const other = additional === undefined || closed ? undefined : this.of(additional);
    const fields = this.#fields(node, closed, other);
    if (
      fields.length > 0 &&
      (additional === undefined || closed) &&
      !node.patternProperties &&
      !node.unevaluatedProperties
    ) {
      return { kind: "object", fields, index: undefined };
    }
    const patterns = node.patternProperties ?? [];
    const unevaluated = node.unevaluatedProperties;
    if (fields.length === 0 && patterns.length === 0 && additional === undefined && unevaluated === undefined)
      return undefined;
    const others: TypeModel[] = patterns.map(([, schema]) => this.of(schema));
    if (other !== undefined) others.push(other);
    if (additional === undefined && unevaluated !== undefined && unevaluated.raw !== false) others.push(UNKNOWN);
    if (others.length === 0) {
      return fields.length === 0 && !closed ? undefined : { kind: "object", fields, index: undefined };
    }
    return { kind: "object", fields, index: indexType(others, fields) };
  }

  #fields(node: SchemaNode, closed: boolean, other: TypeModel | undefined): Field[] {
    const required = new Set(node.required);
    const fields: Field[] = [];
    for (const [key, schema] of node.properties ?? []) {
      const optional = !required.delete(key);
      const type =
        optional && INHERITED.has(key) ? union([this.of(schema), text(`Object["${key}"]`)]) : this.of(schema);
      fields.push({ key, type, optional, doc: schemaDoc(schema) });
    }
    if (required.size === 0) return fields.sort(compareFields);
    const patterned = (node.patternProperties ?? []).map(([, schema]) => this.of(schema));
    // Which patterns match is left to the validator.
    const undeclared = closed ? union(patterned) : other === undefined ? UNKNOWN : union([...patterned, other]);
    // The index signature already types such a key; a long type is not repeated for each.
    if (other !== undefined && isLong(undeclared)) return fields.sort(compareFields);
    for (const key of required) fields.push({ key, type: undeclared, optional: false, doc: [] });
    return fields.sort(compareFields);
  }

  #array(node: SchemaNode): TypeModel | undefined {
    const { prefixItems, items } = node;
    if (prefixItems === undefined) return items === undefined ? undefined : { kind: "array", item: this.of(items) };
    const fixed = node.minItems ?? 0;
    const rest = items?.raw === false ? undefined : items === undefined ? UNKNOWN : this.of(items);
    return {
      kind: "tuple",
      items: prefixItems.map((item, index) => ({ type: this.of(item), optional: index >= fixed })),
      rest,
    };
  }
}

/** Members of every object, which the compiler takes for the value of an optional key that is left out. */
const INHERITED: ReadonlySet<string> = new Set([
  "constructor",
  "hasOwnProperty",
  "isPrototypeOf",
  "propertyIsEnumerable",
  "toLocaleString",
  "toString",
  "valueOf",
]);

/** The schemas that apply to one value, with the JSON types that they are looked at through. */
interface Beside {
  readonly parts: readonly (readonly [SchemaNode, number])[];
  readonly choices: readonly (readonly [readonly SchemaNode[], number])[];
}

/** The form in which the compiler gets the schemas that apply to one value. */
interface Spread {
  /** Alternatives of the type, once intersections of unions are multiplied out. */
  readonly width: number;
  /** Whether what all of the values have in common is printed, and the unions too. */
  readonly conjuncts: boolean;
  readonly unions: boolean;
}

function refersTo({ ref, dynamicRef }: SchemaNode, part: SchemaNode): boolean {
  return part === ref?.target || part === dynamicRef?.target;
}

/** A schema and all that apply to all its values. */
function* conjuncts(node: SchemaNode, passed: Set<SchemaNode> = new Set()): Generator<SchemaNode> {
  if (passed.has(node)) return;
  passed.add(node);
  yield node;
  for (const part of partsOf(node)) yield* conjuncts(part, passed);
}

function describesMembers(node: SchemaNode): boolean {
  const { properties, required, patternProperties, additionalProperties, unevaluatedProperties, items, prefixItems } =
    node;
  const keywords = [
    properties,
    required,
    patternProperties,
    additionalProperties,
    unevaluatedProperties,
    items,
    prefixItems,
  ];
  return keywords.some((keyword) => keyword !== undefined);
}

/** The number of members of a union of these JSON types; the compiler counts a boolean as two. */
function alternatives(bits: number): number {
  let count = bits & BITS.boolean ? 1 : 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Intersections of unions with more alternatives than this are not printed: TypeScript gives up at 100,000. */
const WIDEST = 5000;

/** Undefined where the product exceeds what the compiler accepts; a single one may be of any size. */
function product(factors: readonly (number | undefined)[]): number | undefined {
  let width = 1;
  let many = 0;
  for (const factor of factors) {
    if (factor === undefined) return undefined;
    width *= factor;
    if (factor > 1) many++;
  }
  return many > 1 && width > WIDEST ? undefined : width;
}

const LONGEST_REPEATED = 2000;

/** Too long to be printed twice: nesting would double it at every level. */
function isLong(type: TypeModel): boolean {
  return printType(type, "").length > LONGEST_REPEATED;
}

/** An index signature covers the declared keys too, so its type has to be as wide as theirs. */
function indexType(others: readonly TypeModel[], fields: readonly Field[]): TypeModel {
  const declared = union(fields.map((field) => field.type));
  if (isLong(declared)) return UNKNOWN;
  const index = union([...others, declared]);
  return isUnknown(index) || !fields.some((field) => field.optional) ? index : union([index, text("undefined")]);
}
