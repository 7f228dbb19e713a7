import { stringLiteral, typeKey } from "./encode.js";
import { jsdoc } from "./jsdoc.js";
import { textTypes } from "./json-types.js";

/** A TypeScript type, kept as a tree until it is printed, so that objects can be merged and unions flattened. */
export type TypeModel =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "union"; readonly members: readonly TypeModel[] }
  | { readonly kind: "intersection"; readonly members: readonly TypeModel[] }
  | { readonly kind: "array"; readonly item: TypeModel }
  | { readonly kind: "tuple"; readonly items: readonly TupleItem[]; readonly rest: TypeModel | undefined }
  | ObjectModel;

interface TupleItem {
  readonly type: TypeModel;
  readonly optional: boolean;
}

export interface ObjectModel {
  readonly kind: "object";
  readonly fields: readonly Field[];
  /** Type of every other key; undefined where the type is closed. */
  readonly index: TypeModel | undefined;
}

export interface Field {
  readonly key: string;
  readonly type: TypeModel;
  readonly optional: boolean;
  readonly doc: readonly string[];
}

export const UNKNOWN: TypeModel = { kind: "text", text: "unknown" };
export const NEVER: TypeModel = { kind: "text", text: "never" };
export const NULL: TypeModel = { kind: "text", text: "null" };

/** For values known only to be objects. */
export const ANY_OBJECT: TypeModel = { kind: "object", fields: [], index: UNKNOWN };

export function text(source: string): TypeModel {
  return { kind: "text", text: source };
}

export function isUnknown(type: TypeModel): boolean {
  return type.kind === "text" && type.text === "unknown";
}

function isNever(type: TypeModel): boolean {
  return type.kind === "text" && type.text === "never";
}

export function union(types: readonly TypeModel[]): TypeModel {
  const [only] = types;
  if (only !== undefined && types.length === 1) return only;
  const flat = types.flatMap((type) => (type.kind === "union" ? type.members : [type]));
  if (flat.some(isUnknown)) return UNKNOWN;
  const members = distinct(flat.filter((type) => !isNever(type)));
  // `null` reads best at the end.
  members.sort((a, b) => Number(isNull(a)) - Number(isNull(b)));
  return members.length === 1 ? (members[0] as TypeModel) : members.length === 0 ? NEVER : { kind: "union", members };
}

function isNull(type: TypeModel): boolean {
  return type.kind === "text" && type.text === "null";
}

/** What all of the types have in common, as one type as far as it is no longer than they are. */
export function intersection(types: readonly TypeModel[]): TypeModel {
  const members: TypeModel[] = [];
  for (const type of distinct(types.flatMap((type) => (type.kind === "intersection" ? type.members : [type])))) {
    if (isUnknown(type)) continue;
    let met: TypeModel | undefined;
    const at = members.findIndex((member) => (met = meet(member, type)) !== undefined);
    if (met === undefined) members.push(type);
    else members[at] = met;
  }
  if (members.some(isNever)) return NEVER;
  return members.length === 1
    ? (members[0] as TypeModel)
    : members.length === 0
      ? UNKNOWN
      : { kind: "intersection", members };
}

/** The one type that is the intersection of two; undefined where it would be longer, or can only be written as that. */
function meet(a: TypeModel, b: TypeModel): TypeModel | undefined {
  if (a.kind === "object" && b.kind === "object") {
    if (a === ANY_OBJECT || b === ANY_OBJECT) return a === ANY_OBJECT ? b : a;
    return namesItsKeys(a) && namesItsKeys(b) ? mergeObjects(a, b) : undefined;
  }
  if (a.kind === "array" && b.kind === "array") return { kind: "array", item: intersection([a.item, b.item]) };
  const [one, other] = [familiesOf(a), familiesOf(b)];
  if (one === undefined || other === undefined) return undefined;
  const used = FAMILIES.filter((family) => one[family].length > 0 || other[family].length > 0);
  if (used.length === 1 && used[0] !== "scalars") return undefined;
  const both = (family: Family): TypeModel[] =>
    one[family].length === 0 || other[family].length === 0
      ? []
      : [intersection([union(one[family]), union(other[family])])];
  return union([...both("objects"), ...commonScalars(one.scalars, other.scalars), ...both("arrays")]);
}

function namesItsKeys(type: ObjectModel): boolean {
  return type.index === undefined && type.fields.length > 0;
}

const FAMILIES = ["scalars", "arrays", "objects"] as const;
type Family = (typeof FAMILIES)[number];

/** The alternatives of a type, each of one kind of value; undefined where that cannot be seen. */
function familiesOf(type: TypeModel): Readonly<Record<Family, readonly TypeModel[]>> | undefined {
  const families: Record<Family, TypeModel[]> = { scalars: [], arrays: [], objects: [] };
  for (const member of type.kind === "union" ? type.members : [type]) {
    const family = familyOf(member);
    if (family === undefined) return undefined;
    families[family].push(member);
  }
  return families;
}

function familyOf(type: TypeModel): Family | undefined {
  switch (type.kind) {
    case "text":
      return isUnknown(type) || textTypes(type.text) === 0 ? undefined : "scalars";
    case "union":
      return type.members.every((member) => familyOf(member) === "objects") ? "objects" : undefined;
    case "intersection":
      return type.members.some((member) => familyOf(member) === "objects") ? "objects" : undefined;
    case "array":
    case "tuple":
      return "arrays";
    case "object":
      return "objects";
  }
}

const KEYWORDS: ReadonlySet<string> = new Set(["boolean", "number", "string"]);

function commonScalars(some: readonly TypeModel[], others: readonly TypeModel[]): TypeModel[] {
  const [left, right] = [textsOf(some), textsOf(others)];
  const keywords = (texts: ReadonlySet<string>): number =>
    [...texts].reduce((bits, each) => (KEYWORDS.has(each) ? bits | textTypes(each) : bits), 0);
  const [leftTypes, rightTypes] = [keywords(left), keywords(right)];
  const isIn = (each: string, texts: ReadonlySet<string>, types: number): boolean =>
    texts.has(each) || (textTypes(each) & types) !== 0;
  const common = [...left].filter((each) => isIn(each, right, KEYWORDS.has(each) ? 0 : rightTypes));
  for (const each of right) if (!KEYWORDS.has(each) && isIn(each, NO_TEXTS, leftTypes)) common.push(each);
  return [...new Set(common)].map(text);
}

const NO_TEXTS: ReadonlySet<string> = new Set();

function textsOf(types: readonly TypeModel[]): ReadonlySet<string> {
  return new Set(types.flatMap((type) => (type.kind === "text" ? [type.text] : [])));
}

/** What the named types that are part of a type say about one of its members. */
export interface Known {
  readonly type: TypeModel;
  readonly required: boolean;
}

/** A type, completed with what is known about keys that it, or one of its alternatives, requires without describing them. */
export function withKnown(type: TypeModel, knownOf: (key: string) => Known | undefined): TypeModel {
  const members = type.kind === "intersection" ? type.members : [type];
  const declared = new Map<string, TypeModel>();
  for (const member of members) {
    if (member.kind === "object") for (const field of member.fields) declared.set(field.key, field.type);
  }
  const isBare = ({ optional, type, doc }: Field): boolean => !optional && isUnknown(type) && doc.length === 0;
  const typed = (field: Field): Field => {
    if (!isBare(field)) return field;
    const own = declared.get(field.key);
    const known = own === undefined || isUnknown(own) ? knownOf(field.key)?.type : own;
    return known === undefined || !isBrief(known) ? field : { ...field, type: known };
  };
  const within = (inner: TypeModel): TypeModel => {
    if (inner.kind === "object")
      return inner.fields.some(isBare) ? { ...inner, fields: inner.fields.map(typed) } : inner;
    if (inner.kind !== "union" && inner.kind !== "intersection") return inner;
    return { ...inner, members: inner.members.map(within) };
  };
  const kept = members.flatMap((member): TypeModel[] => {
    if (member.kind !== "object" || !member.fields.some(isBare)) return [within(member)];
    const fields = member.fields.filter((field) => !isBare(field) || knownOf(field.key)?.required !== true);
    return fields.length === 0 && member.index === undefined ? [] : [within({ ...member, fields })];
  });
  return kept.length === 1 ? (kept[0] as TypeModel) : { kind: "intersection", members: kept };
}

/** Short enough to be repeated beside a type that already states it. */
function isBrief(type: TypeModel): boolean {
  const printed = printType(type, "");
  return printed.length <= WIDTH && !printed.includes("\n");
}

function mergeObjects(a: ObjectModel, b: ObjectModel): ObjectModel {
  const fields = new Map(a.fields.map((field) => [field.key, field]));
  for (const field of b.fields) {
    const other = fields.get(field.key);
    fields.set(
      field.key,
      other === undefined
        ? field
        : {
            key: field.key,
            type: intersection([other.type, field.type]),
            optional: other.optional && field.optional,
            doc: other.doc.length > 0 ? other.doc : field.doc,
          },
    );
  }
  return { kind: "object", fields: [...fields.values()].sort(compareFields), index: undefined };
}

/** The path to a part of a value, as keys and indexes. */
export type Path = readonly (string | number)[];

/**
 * Where a type requires something impossible: the path to it, through required keys only.
 * `ofName`: the same of a named type.
 */
export function impossibleIn(type: TypeModel, ofName: (name: string) => Path | undefined): Path | undefined {
  const within = (key: string | number, inner: TypeModel): Path | undefined => {
    const path = impossibleIn(inner, ofName);
    return path && [key, ...path];
  };
  switch (type.kind) {
    case "text":
      return isNever(type) ? [] : ofName(type.text);
    case "union": {
      const paths = type.members.map((member) => impossibleIn(member, ofName));
      return paths.includes(undefined) ? undefined : paths[0];
    }
    case "intersection":
      return first(type.members, (member) => impossibleIn(member, ofName));
    case "object":
      return first(type.fields, ({ key, optional, type: inner }) => (optional ? undefined : within(key, inner)));
    case "tuple":
      return first(type.items, ({ optional, type: inner }, index) => (optional ? undefined : within(index, inner)));
    case "array":
      return undefined;
  }
}

function first<T, R>(items: readonly T[], find: (item: T, index: number) => R | undefined): R | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Required keys first, then by name. */
export function compareFields(a: Field, b: Field): number {
  if (a.optional !== b.optional) return a.optional ? 1 : -1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function distinct(types: readonly TypeModel[]): TypeModel[] {
  if (types.length < 2) return [...types];
  if (types.every((type) => type.kind === "text")) {
    return [...new Map(types.map((type) => [(type as { text: string }).text, type])).values()];
  }
  return [...new Map(types.map((type) => [printType(type, ""), type])).values()];
}

const WIDTH = 100;

export function printType(type: TypeModel, indent: string): string {
  switch (type.kind) {
    case "text":
      return type.text;
    case "union":
      return printUnion(type.members, indent);
    case "intersection":
      return type.members.map((member) => parenthesised(member, indent)).join(" & ");
    case "array":
      return `${parenthesised(type.item, indent)}[]`;
    case "tuple":
      return printTuple(type.items, type.rest, indent);
    case "object":
      return printObject(type, indent);
  }
}

function printUnion(members: readonly TypeModel[], indent: string): string {
  const printed = members.map((member) => printType(member, indent));
  const line = printed.join(" | ");
  if (line.split("\n").every((part) => part.length <= WIDTH)) return line;
  // Moved rather than printed again, which would double the work at every level; no literal spans lines.
  return printed.map((member) => `\n${indent}  | ${member.replaceAll("\n", "\n  ")}`).join("");
}

function parenthesised(type: TypeModel, indent: string): string {
  const printed = printType(type, indent);
  return type.kind === "union" || type.kind === "intersection" ? `(${printed})` : printed;
}

function printTuple(items: readonly TupleItem[], rest: TypeModel | undefined, indent: string): string {
  const parts = items.map(({ type, optional }, index) => {
    if (!optional) return printType(type, indent);
    return holdsArrays(type) ? `item${index}?: ${printType(type, indent)}` : `${parenthesised(type, indent)}?`;
  });
  if (rest !== undefined) {
    const name = holdsArrays(rest) && !holdsNames(rest) ? "rest: " : "";
    parts.push(`...${name}${parenthesised(rest, indent)}[]`);
  }
  return `[${parts.join(", ")}]`;
}

// Where a type that is being declared occurs in an array, within an optional or rest element, the compiler finds it
// circular unless the element has a name. Where it is a rest element itself, it is so if the element has one.

function holdsArrays(type: TypeModel): boolean {
  if (type.kind === "union" || type.kind === "intersection") return type.members.some(holdsArrays);
  return type.kind === "array" || type.kind === "tuple";
}

function holdsNames(type: TypeModel): boolean {
  if (type.kind === "union" || type.kind === "intersection") return type.members.some(holdsNames);
  return type.kind === "text" && textTypes(type.text) === 0;
}

function printObject(type: ObjectModel, indent: string): string {
  if (type.fields.length === 0) {
    return type.index === undefined ? "Record<string, never>" : `{ [key: string]: ${printType(type.index, indent)} }`;
  }
  return `{\n${printFields(type, `${indent}  `)}${indent}}`;
}

/** A type after a colon or equals sign: beside it, or starting on the next line. */
export function after(printed: string): string {
  return printed.startsWith("\n") ? printed : ` ${printed}`;
}

/** The members of an object type, a line or more each. */
export function printFields(type: ObjectModel, indent: string): string {
  let printed = "";
  for (const field of type.fields) {
    printed += `${jsdoc(field.doc, indent)}${indent}${typeKey(field.key)}${field.optional ? "?" : ""}:${after(printType(field.type, indent))};\n`;
  }
  if (type.index !== undefined) printed += `${indent}[key: string]: ${printType(type.index, indent)};\n`;
  return printed;
}

/** The type of one JSON value. */
export function literalType(value: unknown): TypeModel {
  if (typeof value === "string") return text(stringLiteral(value));
  if (Array.isArray(value)) {
    return {
      kind: "tuple",
      items: value.map((item) => ({ type: literalType(item), optional: false })),
      rest: undefined,
    };
  }
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([key, item]) => ({
      key,
      type: literalType(item),
      optional: false,
      doc: [],
    }));
    return { kind: "object", fields: fields.sort(compareFields), index: undefined };
  }
  return text(Object.is(value, -0) ? "0" : String(value));
}
