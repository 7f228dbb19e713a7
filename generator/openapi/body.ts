import { bare, isLinesType } from "../../runtime/direct/media.js";
import type { Encoding } from "../../runtime/direct/route.js";
import { isObject, type JsonObject } from "../text/json.js";
import { BINARY } from "../schema/node.js";
import type { Description } from "./document.js";
import { isSeparators } from "./edition-2.js";
import { readParameter3 } from "./edition-3.js";
import { flatten, type FlatObject } from "./flatten.js";
import { chooseRequest, isBytes, mediaKind, sendable } from "./media.js";
import type { Content, OperationBody, OperationParameter } from "./operation.js";
import { child, follow, followSchema, listAt, made, membersAt, objectAt, schemaIn, type At } from "./refs.js";

/** How a body is written in one of its media types. */
export interface Written {
  readonly type: string;
  /** Other types that bytes may be sent as. */
  readonly others: readonly string[];
  readonly encoding: Readonly<Record<string, Encoding>>;
  /** For parts of a multipart body that have arguments of their own. */
  readonly headers: readonly PartHeader[];
}

interface Read extends Written {
  readonly schema: unknown;
  readonly at: At | undefined;
  /** The body's members, where it is an object that can be spread among the arguments. */
  readonly flat: FlatObject | undefined;
}

export interface Body extends Read {
  readonly required: boolean;
  readonly description: string | undefined;
  /** How it is written if it contains files, where `type` cannot hold any. */
  readonly files: Written | undefined;
}

export interface PartHeader {
  readonly part: string;
  readonly header: OperationParameter;
}

export function bodyOf(description: Description, { required, description: text, contents }: OperationBody): Body {
  const named = contents.map((each) => (isUnnamed(description, each) ? withNames(each) : each));
  const fit = named.filter((each) => !isPatchOfObject(description, each));
  const content = chooseRequest(fit.length > 0 ? fit : named) as Content;
  const read = readContent(description, content, named);
  const kind = mediaKind(content.type);
  const takesNone = kind === "form" || (kind === "json" && !isBytes(description, content.schema));
  const files = takesNone ? withFiles(description, read, content, named) : undefined;
  return { ...read, files: undefined, ...files, required, description: text };
}

function readContent(description: Description, content: Content, contents: readonly Content[]): Read {
  const kind = mediaKind(content.type);
  const type = sendable(content.type);
  const others = contents
    .filter((each) => each !== content && mediaKind(each.type) === "binary" && !each.type.includes("*"))
    .map((each) => each.type);
  const facts = { type, others: [] as readonly string[], at: content.schema };
  const none = { flat: undefined, encoding: {}, headers: [] };
  if (kind === "binary" || kind === "stream") {
    const bytes = { [BINARY]: "bytes" };
    if (content.items === undefined || !isLinesType(type)) return { ...facts, others, schema: bytes, ...none };
    const lines = { type: "array", items: schemaIn(description, content.items) };
    return { ...facts, at: undefined, schema: { anyOf: [lines, bytes] }, ...none };
  }
  if (kind === "text") {
    const schema = textSchema(description, content.schema);
    if (others.length === 0) return { ...facts, schema, ...none };
    return { ...facts, at: undefined, others, schema: { anyOf: [schema, { [BINARY]: "bytes" }] }, ...none };
  }
  if (kind === "json" && isBytes(description, content.schema)) {
    return { ...facts, schema: { anyOf: [{ [BINARY]: "bytes" }, { type: "string" }] }, ...none };
  }
  const isForm = kind === "form" || kind === "multipart";
  const taken = kind === "multipart" ? partsIn(description, content) : content.schema;
  return {
    ...facts,
    schema: taken === undefined ? {} : schemaIn(description, taken),
    flat: kind === "multipart" ? flatParts(description, content) : taken && flatten(description, taken),
    encoding: isForm ? encodingOf(content.encoding) : {},
    headers: kind === "multipart" ? partHeadersOf(description, content.encoding) : [],
  };
}

type WithFiles = Pick<Body, "schema" | "at" | "flat" | "files">;

/** If a type that can hold files is offered besides the chosen one, which cannot: what either of them accepts. */
function withFiles(
  description: Description,
  read: Read,
  chosen: Content,
  contents: readonly Content[],
): WithFiles | undefined {
  for (const content of contents.filter(({ type }) => mediaKind(type) === "multipart")) {
    const parts = partsIn(description, content);
    if (parts === undefined || parts === content.schema) continue;
    const files = readContent(description, content, contents);
    const plain = flatten(description, content.schema as At);
    const isFlat = read.flat !== undefined && files.flat !== undefined && plain !== undefined;
    const flat = isFlat ? eitherOf(description, read.flat, plain, files.flat) : undefined;
    const isSame = isAlike(chosen.schema, content.schema);
    const schema = isSame ? files.schema : { anyOf: [read.schema, files.schema] };
    return { schema, at: undefined, flat, files };
  }
  const file = contents.find((each) => mediaKind(each.type) === "binary" && isWhole(description, each));
  if (file === undefined) return undefined;
  const files = readContent(description, file, contents);
  return { schema: { anyOf: [read.schema, files.schema] }, at: undefined, flat: undefined, files };
}

/** Whether the content of a type is described as a file, rather than by its structure. */
function isWhole(description: Description, { schema }: Content): boolean {
  const value = schema && followSchema(description, schema).value;
  return value === undefined || (isObject(value) && (value["type"] === "string" || Object.keys(value).length === 0));
}

/** The members of a body that is written in one of two types. `parts` are `plain` with bytes for files. */
function eitherOf(description: Description, flat: FlatObject, plain: FlatObject, parts: FlatObject): FlatObject {
  const properties = new Map(flat.properties);
  for (const [name, part] of parts.properties) {
    const known = flat.properties.get(name);
    const isFile = part.value !== plain.properties.get(name)?.value;
    if (known === undefined) properties.set(name, part);
    else if (!isAlike(known, plain.properties.get(name))) properties.set(name, either(description, known, part));
    else if (isFile) properties.set(name, part);
  }
  const required = flat.required.filter((name) => parts.required.includes(name));
  const isOneRule = JSON.stringify(flat.additional) === JSON.stringify(parts.additional);
  return { properties, required, additional: isOneRule ? flat.additional : undefined };
}

function either(description: Description, one: At, other: At): At {
  const [text] = [one, other].flatMap(({ value }) => (isObject(value) ? (value["description"] ?? []) : []));
  const anyOf = [one, other].map((each) => schemaIn(description, each));
  return { ...one, value: made({ ...(text !== undefined && { description: text }), anyOf }) };
}

const NOTES = /^(title|description|examples?|default|deprecated|externalDocs|x-.*)$/;

/** Whether two schemas validate alike, whatever their descriptions. */
function isAlike(one: At | undefined, other: At | undefined): boolean {
  const [first, second] = [one, other].map((at) =>
    JSON.stringify(isObject(at?.value) ? Object.entries(at.value).filter(([key]) => !NOTES.test(key)) : at?.value),
  );
  return one?.uri === other?.uri && first === second;
}

/** The parts of a form have names; those of a list, as Jira describes its files, have none. */
function isUnnamed(description: Description, { type, schema }: Content): boolean {
  if (bare(type) !== "multipart/form-data" || schema === undefined) return false;
  const { value } = followSchema(description, schema);
  return isObject(value) && value["type"] === "array";
}

function withNames(content: Content): Content {
  return { ...content, schema: { ...(content.schema as At), value: made({ type: "object" }) } };
}

/** A JSON Patch is a list of changes: a body described as an object is sent as another type. */
function isPatchOfObject(description: Description, { type, schema }: Content): boolean {
  if (bare(type) !== "application/json-patch+json" || schema === undefined) return false;
  const { value } = followSchema(description, schema);
  return isObject(value) && (value["type"] === "object" || (value["type"] === undefined && "properties" in value));
}

/** A body in text: a string, unless the schema says something else of strings. */
function textSchema(description: Description, schema: At | undefined): unknown {
  if (schema === undefined) return { type: "string" };
  const { value } = followSchema(description, schema);
  return isObject(value) && value["type"] === "string" && value["format"] !== "binary"
    ? schema.value
    : { type: "string" };
}

/** The members of a multipart body, where files accept bytes. */
function flatParts(description: Description, { schema, encoding }: Content): FlatObject | undefined {
  const flat = schema && flatten(description, schema);
  if (flat === undefined) return undefined;
  const parts = [...flat.properties].map(([name, at]) => [name, partOf(description, at, name, encoding)] as const);
  return { ...flat, properties: new Map(parts) };
}

function partOf(description: Description, at: At, name: string, encoding: At<JsonObject> | undefined): At {
  const of = encoding === undefined ? undefined : child(encoding, name).value;
  const contentType = isObject(of) ? of["contentType"] : undefined;
  return fileOrSelf(description, at, typeof contentType === "string" ? contentType : undefined);
}

/** The schema of a multipart body, where file parts accept bytes; unchanged if there are none. */
function partsIn(description: Description, { schema, encoding }: Content): At | undefined {
  return schema && partsWithin(description, schema, encoding, new Set());
}

function partsWithin(
  description: Description,
  at: At,
  encoding: At<JsonObject> | undefined,
  open: ReadonlySet<unknown>,
): At {
  const { value, ...place } = followSchema(description, at);
  if (!isObject(value) || open.has(value) || !isWholly(at, value)) return at;
  // The result is part of the description's own document, where references of another document lead elsewhere.
  if (place.uri !== description.uri && JSON.stringify(value).includes('"$ref"')) return at;
  const target = { ...place, value };
  const written: Record<string, unknown> = {};
  const properties = child(target, "properties");
  const members = isObject(properties.value) ? membersAt(properties) : [];
  const parts = members.map(([name, member]) => [name, partOf(description, member, name, encoding)] as const);
  if (parts.some(([, part], index) => part !== members[index]?.[1])) {
    written["properties"] = Object.fromEntries(parts.map(([name, part]) => [name, part.value]));
  }
  for (const keyword of ["anyOf", "oneOf", "allOf"] as const) {
    const listed = child(target, keyword);
    const all = Array.isArray(listed.value) ? listAt(listed) : [];
    const each = all.map((one) => partsWithin(description, one, encoding, new Set([...open, value])));
    if (each.some((one, index) => one !== all[index])) written[keyword] = each.map((one) => one.value);
  }
  return Object.keys(written).length === 0 ? at : { ...place, value: made({ ...value, ...written }) };
}

/** Whether a reference adds nothing to its target. */
function isWholly({ value }: At, target: unknown): boolean {
  return value === target || (isObject(value) && Object.keys(value).every((key) => key === "$ref" || NOTES.test(key)));
}

function fileOrSelf(description: Description, at: At, contentType: string | undefined): At {
  const { value } = followSchema(description, at);
  if (!isObject(value)) return at;
  const facts = { ...(typeof value["description"] === "string" && { description: value["description"] }) };
  if (isFile(value, contentType)) {
    const bytes = { [BINARY]: "bytes" };
    const whole = isNullable(description, value) ? { anyOf: [bytes, { type: "null" }] } : bytes;
    return { ...at, value: made({ ...whole, ...facts }) };
  }
  const { items, type } = value;
  for (const keyword of ["anyOf", "oneOf", "allOf"] as const) {
    const listed = value[keyword];
    if (!Array.isArray(listed)) continue;
    const of = child({ ...at, value }, keyword);
    const written = listed.map((_, index) =>
      fileOrSelf(description, child({ ...of, value: listed as never }, `${index}`), contentType),
    );
    if (written.every((each, index) => each.value === listed[index])) continue;
    return { ...at, value: made({ ...value, [keyword]: written.map((each) => each.value) }) };
  }
  if (type !== "array" || items === undefined) return at;
  const item = fileOrSelf(description, child({ ...at, value }, "items"), contentType);
  return item.value === items ? at : { ...at, value: made({ ...value, items: item.value }) };
}

function isNullable({ edition }: Description, { type, nullable, "x-nullable": isOld }: JsonObject): boolean {
  if (edition === "2.0" || edition === "3.0") return (edition === "3.0" ? nullable : isOld) === true;
  return Array.isArray(type) && type.includes("null");
}

function isFile(value: JsonObject, contentType: string | undefined): boolean {
  const { type, format, contentEncoding, contentMediaType, ...others } = value;
  if ((others as { readonly [BINARY]?: unknown })[BINARY] !== undefined) return true;
  if (type === "string" || (Array.isArray(type) && type.includes("string"))) {
    if (format === "binary") return true;
    if (contentEncoding === "binary") return true;
    if (contentEncoding !== undefined || format === "byte") return false;
    if (typeof contentMediaType === "string") return mediaKind(contentMediaType) === "binary";
    return contentType !== undefined && others["enum"] === undefined && isBinaryType(contentType);
  }
  if (type === undefined && typeof contentMediaType === "string") return mediaKind(contentMediaType) === "binary";
  // From 3.1 on, bytes have no schema; TypeSpec describes files of any type so.
  const isOpen = Object.keys(value).every((key) => NOTES.test(key));
  return isOpen && contentType !== undefined && isBinaryType(contentType.replaceAll("*/*", "application/octet-stream"));
}

/** Whether a part is a file in whichever of these media types it comes. */
function isBinaryType(types: string): boolean {
  return types.split(",").every((type) => mediaKind(type) === "binary");
}

const STYLES: ReadonlySet<unknown> = new Set(["form", "spaceDelimited", "pipeDelimited", "tabDelimited", "deepObject"]);

function encodingOf(at: At<JsonObject> | undefined): Readonly<Record<string, Encoding>> {
  if (at === undefined) return {};
  const entries = membersAt(at).flatMap(([name, { value }]): [string, Encoding][] => {
    if (!isObject(value)) return [];
    const { contentType, style, explode, allowReserved, inner } = value;
    const encoding: Encoding = {
      ...(typeof contentType === "string" && { contentType }),
      ...(STYLES.has(style) && { style: style as NonNullable<Encoding["style"]> }),
      ...(typeof explode === "boolean" && { explode }),
      ...(allowReserved === true && { allowReserved }),
      ...(isSeparators(inner) && { inner }),
    };
    return Object.keys(encoding).length === 0 ? [] : [[name, encoding]];
  });
  return Object.fromEntries(entries);
}

const NAME_OF_HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function partHeadersOf(description: Description, encoding: At<JsonObject> | undefined): PartHeader[] {
  if (encoding === undefined) return [];
  return membersAt(encoding).flatMap(([part, { value, ...at }]) => {
    const headers = isObject(value) ? membersAt(child({ ...at, value }, "headers")) : [];
    return headers.flatMap(([name, listed]) => {
      const found = objectAt(follow(description, listed));
      // These say what the part is, and are written for it.
      if (found === undefined || !NAME_OF_HEADER.test(name) || /^content-(type|disposition)$/i.test(name)) return [];
      return [
        { part, header: readParameter3(description, { ...found, value: { ...found.value, name, in: "header" } }) },
      ];
    });
  });
}
