// How values are written as parameters, according to OpenAPI 3 and RFC 6570.
import { type Binary, isBinary } from "../values.js";
import { encodeForm, encodeReserved, encodeStrict } from "./encode.js";
import { isJsonType } from "./media.js";
import type { Encoding, Parameter } from "./route.js";

/** Why a value cannot be written; `arg` says where. */
export class Unwritable extends Error {
  override readonly name = "Unwritable";
}

type Style = NonNullable<Parameter["style"]>;
type Encode = (text: string) => string;
type Entries = readonly (readonly [key: string, value: string])[];

/** A value in the form of parameters: text, a list of texts or named texts; undefined where there is nothing to write. */
type Flat = string | readonly string[] | { readonly entries: Entries } | undefined;

export interface Writing {
  readonly name: string;
  readonly style: Style;
  readonly explode: boolean;
  readonly encode: Encode;
  /** For names. Default: `encode`. */
  readonly encodeName?: Encode;
}

const SEPARATORS: Readonly<Partial<Record<Style, string>>> = {
  spaceDelimited: "%20",
  pipeDelimited: "%7C",
  tabDelimited: "%09",
};
const MOST_LEVELS = 100;

/** Whether values of a style are written one by one unless a description says otherwise. */
export function explodes(style: Style): boolean {
  return style === "form" || style === "deepObject" || style === "cookie";
}

/** A path parameter; 2.0 allows the delimited styles here too. Undefined where there is no value, or an empty one. */
export function pathText(
  value: unknown,
  { arg, name = arg, style = "simple", ...facts }: Parameter,
): string | undefined {
  const encodePart = facts.allowReserved ? encodeReserved("/?#") : encodeStrict;
  const encode = facts.spans ? (text: string) => text.split("/").map(encodePart).join("/") : encodePart;
  if (facts.content !== undefined) return value === undefined ? undefined : encode(contentText(value, facts.content));
  const flat = flatten(joined(value, facts.inner));
  if (flat === undefined || flat === "") return undefined;
  const { explode = explodes(style) } = facts;
  const written = { name, style, explode, encode, encodeName: encodeStrict };
  const text =
    style === "matrix" || style === "label"
      ? prefixed(flat, written)
      : simple(flat, explode, encode, SEPARATORS[style] ?? ",");
  return text === "" ? undefined : text;
}

/** The `name=value` parts of a query parameter, none where there is no value. */
export function queryParts(value: unknown, { arg, name = arg, style = "form", ...facts }: Parameter): string[] {
  // These separate parts of a query, and must not do so within a value.
  const encode = facts.allowReserved ? encodeReserved("#[]&+") : encodeStrict;
  if (facts.content !== undefined) {
    return value === undefined ? [] : [`${encodeStrict(name)}=${encode(contentText(value, facts.content))}`];
  }
  const { explode = explodes(style) } = facts;
  return formParts(joined(value, facts.inner), { name, style, explode, encode, encodeName: encodeStrict });
}

/** The text of a header, not percent-encoded; undefined where there is no value. */
export function headerText(
  value: unknown,
  { style = "simple", explode = false, content, inner }: Parameter,
): string | undefined {
  if (content !== undefined) return value === undefined ? undefined : ascii(contentText(value, content));
  const flat = flatten(joined(value, inner));
  if (flat === undefined) return undefined;
  return simple(flat, explode, (text) => text, decodeURIComponent(SEPARATORS[style] ?? ","));
}

/** The `name=value` parts of a cookie parameter. */
export function cookieParts(value: unknown, { arg, name = arg, style = "form", ...facts }: Parameter): string[] {
  if (facts.content !== undefined) {
    return value === undefined ? [] : [`${encodeStrict(name)}=${encodeStrict(contentText(value, facts.content))}`];
  }
  const { explode = explodes(style) } = facts;
  const encode = style === "cookie" ? asCookie : facts.allowReserved ? encodeReserved(";,#&+") : encodeStrict;
  return formParts(value, { name, style, explode, encode });
}

/** The `name=value` parts of `form`, the delimited styles, `deepObject` and `cookie`. */
export function formParts(value: unknown, { name, style, explode, encode, encodeName = encode }: Writing): string[] {
  if (style === "deepObject") {
    return leaves(value, name).map(([path, text]) => `${encodeName(path)}=${encode(text)}`);
  }
  const flat = flatten(value, explode && style === "form");
  if (flat === undefined) return [];
  const named = (text: string): string => `${encodeName(name)}=${text}`;
  if (typeof flat === "string") return [named(encode(flat))];
  const texts = isEntries(flat) ? flat.entries.flat() : flat;
  if (texts.length === 0) return [];
  if (!explode) {
    const separator = SEPARATORS[style] ?? ",";
    return [named(texts.map((text) => encode(text).replaceAll(",", "%2C")).join(separator))];
  }
  if (!isEntries(flat)) return texts.map((text) => named(encode(text)));
  return flat.entries.map(([key, text]) => `${encodeName(key)}=${encode(text)}`);
}

/**
 * The values inside an object or array with their places: `a[b][0]`. Undefined, null and empty values are left out.
 */
function leaves(value: unknown, name: string, level = 0): (readonly [path: string, text: string])[] {
  if (level > MOST_LEVELS) throw new Unwritable("nests too deeply or contains itself");
  const plain = plainOf(value);
  if (plain === undefined || plain === null) return [];
  if (typeof plain !== "object") return [[name, textOf(plain)]];
  return Object.entries(plain).flatMap(([key, inner]) => leaves(inner, `${name}[${key}]`, level + 1));
}

/** A value in a media type instead of a style. */
export function contentText(value: unknown, type: string): string {
  if (isJsonType(type)) return jsonOf(value);
  const plain = plainOf(value);
  if (typeof plain !== "object") return textOf(plain);
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) throw new Unwritable(`cannot be written as ${type}`);
  return encodeFields(plain, {});
}

/**
 * An object as `application/x-www-form-urlencoded`. Unless a description says otherwise, a list of texts is written one
 * by one, and deeper nesting in brackets: `a[b][0]=c`.
 */
export function encodeFields(value: unknown, encoding: Readonly<Record<string, Encoding>>): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Unwritable("is not an object");
  return Object.entries(value)
    .flatMap(([name, inner]) => fieldParts(name, inner, Object.hasOwn(encoding, name) ? encoding[name] : undefined))
    .join("&");
}

function fieldParts(name: string, value: unknown, encoding: Encoding = {}): string[] {
  const { contentType, style, explode, allowReserved, inner } = encoding;
  const plain = (each: unknown): string => `${encodeForm(name)}=${encodeForm(contentText(each, contentType ?? ""))}`;
  if (value === undefined) return [];
  if (style !== undefined || explode !== undefined || allowReserved !== undefined) {
    const written = style ?? "form";
    return formParts(joined(value, inner), {
      name,
      style: written,
      explode: explode ?? explodes(written),
      encode: allowReserved ? encodeReserved("#[]&+") : encodeForm,
      encodeName: encodeForm,
    });
  }
  if (contentType !== undefined && isJsonType(contentType) && typeof value !== "string") return [plain(value)];
  if (Array.isArray(value) && value.every((item) => typeof item !== "object" || item === null)) {
    return value.filter((item) => item !== undefined && item !== null).map(plain);
  }
  return leaves(value, name).map(([path, leaf]) => `${encodeForm(path)}=${encodeForm(leaf)}`);
}

/** JSON, with an error for bytes and collections, which would silently become `{}`. */
export function jsonOf(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    throw new Unwritable("is not valid JSON");
  }
  if (holds(value, isLost)) throw new Unwritable("contains bytes or a collection, which JSON cannot hold");
  return text ?? "null";
}

/** Whether bytes are in a value; objects with a `toJSON` are not searched. */
export function holdsBytes(value: unknown, isMeant: (bytes: Binary) => boolean = () => true): boolean {
  return holds(value, (inner) => isBinary(inner) && isMeant(inner));
}

function holds(value: unknown, isMeant: (inner: object) => boolean, passed: Set<unknown> = new Set()): boolean {
  if (typeof value !== "object" || value === null || passed.has(value)) return false;
  if (isMeant(value)) return true;
  passed.add(value);
  if (isBinary(value) || "toJSON" in value) return false;
  return Object.values(value).some((inner) => holds(inner, isMeant, passed));
}

/** Whether what a value holds are not its properties, so that what is written of it would be empty or wrong. */
function isLost(value: unknown): boolean {
  if (isBinary(value)) return true;
  const isCollection = [Map, Set, URLSearchParams, FormData].some((Kind) => value instanceof Kind);
  return (isCollection || ArrayBuffer.isView(value)) && !("toJSON" in (value as object));
}

/** A list with the lists in it as texts, each level joined with its own separator. */
export function joined(value: unknown, [separator, ...rest]: readonly string[] = []): unknown {
  if (separator === undefined || !Array.isArray(value)) return value;
  return value.map((item: unknown) =>
    Array.isArray(item) ? (joined(item, rest) as unknown[]).flatMap(itemText).join(separator) : item,
  );
}

/** `spread`: a list in an object becomes several values of its name, as servers read repeated names. */
function flatten(value: unknown, spread = false): Flat {
  const plain = plainOf(value);
  if (plain === undefined || plain === null) return undefined;
  if (Array.isArray(plain)) return plain.flatMap((item) => itemText(item));
  if (typeof plain !== "object") return textOf(plain);
  const entries = Object.entries(plain).flatMap(([key, inner]) => {
    const texts = spread && Array.isArray(inner) ? inner.flatMap(itemText) : itemText(inner);
    return texts.map((text) => [key, text] as const);
  });
  return { entries };
}

/** Within a list there is no null: RFC 6570 takes it as undefined. */
function itemText(value: unknown): string[] {
  const plain = plainOf(value);
  return plain === undefined || plain === null ? [] : [textOf(plain)];
}

/** What JSON would make of a date or an address. */
function plainOf(value: unknown): unknown {
  if (isLost(value)) throw new Unwritable("is bytes or a collection, which cannot be written here");
  const { toJSON } = (value ?? {}) as { readonly toJSON?: unknown };
  return typeof value === "object" && typeof toJSON === "function" ? (toJSON.call(value) as unknown) : value;
}

function textOf(plain: unknown): string {
  if (typeof plain === "string") return plain;
  if (typeof plain === "function" || typeof plain === "symbol") throw new Unwritable("is not text");
  return typeof plain === "object" ? jsonOf(plain) : String(plain);
}

function simple(flat: NonNullable<Flat>, explode: boolean, encode: Encode, separator: string): string {
  if (typeof flat === "string") return encode(flat);
  if (!isEntries(flat)) return flat.map(encode).join(separator);
  const pairs = flat.entries.map((pair) => pair.map(encode));
  return pairs.map((pair) => pair.join(explode ? "=" : separator)).join(separator);
}

/** The styles `matrix` (`;name=value`) and `label` (`.value`). */
function prefixed(flat: NonNullable<Flat>, { name, style, explode, encode, encodeName = encode }: Writing): string {
  const sign = style === "matrix" ? ";" : ".";
  const title = style === "matrix" ? `${encodeName(name)}=` : "";
  if (typeof flat === "string") return `${sign}${title}${encode(flat)}`;
  const texts = isEntries(flat) ? flat.entries.flat() : flat;
  if (texts.length === 0) return "";
  if (!explode) return `${sign}${title}${texts.map(encode).join(",")}`;
  if (!isEntries(flat)) return flat.map((text) => `${sign}${title}${encode(text)}`).join("");
  return flat.entries.map(([key, text]) => `${sign}${encodeName(key)}=${encode(text)}`).join("");
}

function isEntries(flat: NonNullable<Flat>): flat is { readonly entries: Entries } {
  return typeof flat === "object" && !Array.isArray(flat);
}

/** Cookies of the style `cookie` are written as they are. */
function asCookie(text: string): string {
  if (/[^\x20-\x7e]|;/.test(text)) throw new Unwritable("contains characters that a cookie cannot hold");
  return text;
}

/** JSON that a header can carry. */
function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
