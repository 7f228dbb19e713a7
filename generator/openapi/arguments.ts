import { bare, isLinesType } from "../../runtime/direct/media.js";
import type { Encoding, Parameter, RequestBody, Route } from "../../runtime/direct/route.js";
import { isObject } from "../schema/documents.js";
import { BINARY } from "../schema/node.js";
import type { Description, JsonObject } from "./document.js";
import { flatten, type FlatObject } from "./flatten.js";
import { chooseRequest, isBytes, mediaKind, sendable } from "./media.js";
import type { Content, Operation, OperationBody, OperationParameter } from "./operation.js";
import { isSeparators } from "./edition-2.js";
import { readParameter3 } from "./edition-3.js";
import { child, follow, followSchema, made, membersAt, objectAt, schemaIn, type At } from "./refs.js";

/** What an operation takes: one flat object, and how each part of it is sent. */
export interface Arguments {
  readonly schema: JsonObject;
  /** Where parts of the schema stand in the description, by pointer into the schema. */
  readonly origins: ReadonlyMap<string, At>;
  readonly route: Pick<Route, "path" | "pathParams" | "query" | "querystring" | "headers" | "cookies" | "body">;
}

/** Headers that are not parameters, whatever a description says: HTTP or the credentials decide them. */
const NOT_PARAMETERS: ReadonlySet<string> = new Set(["accept", "content-type", "authorization"]);

/** `isGiven`: whether credentials fill in what has this name and place, so that it is no argument. */
export function argumentsOf(
  description: Description,
  operation: Operation,
  isGiven: (place: "query" | "header" | "cookie" | "path", name: string) => boolean,
): Arguments {
  const { template, spanning, queried } = plainTemplate(operation);
  const own = operation.parameters.filter(
    ({ in: place, name }) =>
      !(place === "header" && NOT_PARAMETERS.has(name.toLowerCase())) &&
      !(place !== "querystring" && isGiven(place, name)) &&
      !(place === "path" && !template.includes(`{${name}}`)),
  );
  const path = pathOf(template, own);
  const parameters = [...own, ...undeclared(path, queried, own, isGiven)];
  const body = operation.body === undefined ? undefined : bodyOf(description, operation.body);
  // What only answers hold is no argument, and so takes no name.
  const taken = new Set(
    [...(body?.flat?.properties ?? [])].flatMap(([name, at]) => (isForAnswers(description, at) ? [] : [name])),
  );
  const isMap = body?.flat?.properties.size === 0 && body.flat.additional !== false;
  // Members that nobody names may have the name of any parameter.
  const collides = isMap ? parameters.length > 0 : parameters.some(({ name }) => taken.has(name));
  const flat = collides ? undefined : isMap ? { ...body.flat, additional: body.flat.additional ?? true } : body?.flat;
  const builder = new ArgumentsBuilder(description, flat, flat === undefined ? new Set() : taken, spanning);
  if (body !== undefined && flat === undefined) builder.reserve("body");
  for (const parameter of parameters) builder.parameter(parameter);
  if (body !== undefined) builder.body(body, flat !== undefined);
  return builder.done(path);
}

/** Of `{path+}`, `{+path}`, `{path=**}`, `{name=teams/*}`, `{path:.*}` and `{path:path}`, but not of `{id?}` or `{id:\d+}`. */
const SPANS = /^[+*]|^[^=:]*[+*]$|=.*(\/|\*\*)|:(path$|.*(?<!\\)\.[+*])/s;

/** What comes before the values of an expression of RFC 6570, and between them; the query's write themselves. */
const OPERATORS: Readonly<Record<string, string>> = { "/": "/", ".": ".", ";": ";" };

/**
 * The path with what routers and RFC 6570 write in its braces as plain parameters.
 * `spanning`: the parameters that may stand for several segments of it.
 * `queried`: parameters of the query that it names.
 */
function plainTemplate({ path, parameters }: Operation): {
  readonly template: string;
  readonly spanning: ReadonlySet<string>;
  readonly queried: readonly string[];
} {
  const declared = new Map(parameters.filter(({ in: place }) => place === "path").map((each) => [each.name, each]));
  const spanning = new Set<string>();
  const queried: string[] = [];
  const plainOf = (text: string): string => {
    const name = declared.has(text) ? text : text.replace(/^[+*]+|[+*?]+$|[=:].*$/gs, "");
    if (name === "") return `{${text}}`;
    if (SPANS.test(text)) spanning.add(name);
    return `{${name}}`;
  };
  const template = path.replace(/\{([^{}]+)\}/g, (_, text: string) => {
    const [, operator = "", list = ""] = /^([?&#/.;]?)(.*)$/s.exec(text) as RegExpExecArray;
    const isList = /^[\w.-]+[*]?(:\d+)?(,[\w.-]+[*]?(:\d+)?)*$/.test(list);
    if (declared.has(text) || !isList || (operator === "" && !list.includes(","))) return plainOf(text);
    const names = list.split(",").map((name) => name.replace(/\*|:.*/g, ""));
    if (operator === "?" || operator === "&") queried.push(...names);
    if (/[?&#]/.test(operator)) return "";
    const values = names.map((name) => {
      const isStyled = operator === ";" && declared.get(name)?.style !== "matrix";
      return isStyled ? `${name}={${name}}` : `{${name}}`;
    });
    return (OPERATORS[operator] ?? "") + values.join(OPERATORS[operator] ?? ",");
  });
  return { template, spanning, queried };
}

/** The path without what its query has of parameters of the query, which write themselves. */
function pathOf(template: string, parameters: readonly OperationParameter[]): string {
  const [path = "", query] = template.split(/\?(.*)/s);
  if (query === undefined) return template;
  const names = new Set(parameters.filter(({ in: place }) => place === "query").map(({ name }) => name));
  const rest = query.split("&").filter((part) => !names.has(/\{([^{}]+)\}/.exec(part)?.[1] ?? ""));
  return rest.length === 0 ? path : `${path}?${rest.join("&")}`;
}

/** Parameters that the path names and the description does not describe. */
function undeclared(
  path: string,
  queried: readonly string[],
  parameters: readonly OperationParameter[],
  isGiven: (place: "path" | "query", name: string) => boolean,
): OperationParameter[] {
  const missing = (place: "path" | "query", names: Iterable<string>): OperationParameter[] => {
    const declared = new Set(parameters.filter((each) => each.in === place).map(({ name }) => name));
    return [...new Set(names)]
      .filter((name) => !declared.has(name) && !isGiven(place, name))
      .map((name) => ({
        name,
        in: place,
        required: place === "path",
        deprecated: false,
        description: undefined,
        example: undefined,
        style: undefined,
        explode: undefined,
        allowReserved: false,
        inner: undefined,
        content: undefined,
        schema: undefined,
      }));
  };
  const named = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name as string);
  return [...missing("path", named), ...missing("query", queried)];
}

interface Body {
  readonly type: string;
  /** Other types that bytes may be sent as. */
  readonly others: readonly string[];
  readonly required: boolean;
  readonly description: string | undefined;
  readonly schema: unknown;
  readonly at: At | undefined;
  /** The body's members, where it is an object that can be spread among the arguments. */
  readonly flat: FlatObject | undefined;
  readonly encoding: Readonly<Record<string, Encoding>>;
  /** Of parts of a multipart body, which take arguments of their own. */
  readonly headers: readonly PartHeader[];
}

interface PartHeader {
  readonly part: string;
  readonly header: OperationParameter;
}

function bodyOf(description: Description, { required, description: text, contents }: OperationBody): Body {
  const fit = contents.filter((each) => !isPatchOfObject(description, each));
  const content = chooseRequest(fit.length > 0 ? fit : contents) as Content;
  const kind = mediaKind(content.type);
  const type = sendable(content.type);
  const others = contents
    .filter((each) => each !== content && mediaKind(each.type) === "binary" && !each.type.includes("*"))
    .map((each) => each.type);
  const facts = { type, others: [] as readonly string[], required, description: text, at: content.schema };
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
  const flat = content.schema === undefined ? undefined : flatten(description, content.schema);
  const spread = flat !== undefined && kind === "multipart" ? withFiles(description, flat, content.encoding) : flat;
  const encoding = isForm ? encodingOf(content.encoding) : {};
  return {
    ...facts,
    schema: content.schema === undefined ? {} : schemaIn(description, content.schema),
    flat: spread,
    encoding,
    headers: kind === "multipart" ? partHeadersOf(description, content.encoding) : [],
  };
}

/** A JSON Patch is a list of changes: what is described as an object is sent as another type. */
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

/** Parts of a multipart body that are files take bytes. */
function withFiles(description: Description, flat: FlatObject, encoding: At<JsonObject> | undefined): FlatObject {
  const properties = new Map<string, At>();
  for (const [name, at] of flat.properties) {
    const of = encoding === undefined ? undefined : child(encoding, name).value;
    const contentType = isObject(of) ? of["contentType"] : undefined;
    properties.set(name, fileOrSelf(description, at, typeof contentType === "string" ? contentType : undefined));
  }
  return { ...flat, properties };
}

function fileOrSelf(description: Description, at: At, contentType: string | undefined): At {
  const { value } = followSchema(description, at);
  if (!isObject(value)) return at;
  const facts = { ...(typeof value["description"] === "string" && { description: value["description"] }) };
  if (isFile(value, contentType)) return { ...at, value: made({ [BINARY]: "bytes", ...facts }) };
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

function isFile(
  { type, format, contentEncoding, contentMediaType, ...others }: JsonObject,
  contentType: string | undefined,
): boolean {
  if ((others as { readonly [BINARY]?: unknown })[BINARY] !== undefined) return true;
  if (type === "string" || (Array.isArray(type) && type.includes("string"))) {
    if (format === "binary") return true;
    if (contentEncoding !== undefined || format === "byte") return false;
    if (typeof contentMediaType === "string") return mediaKind(contentMediaType) === "binary";
    return contentType !== undefined && others["enum"] === undefined && isBinaryType(contentType);
  }
  return type === undefined && typeof contentMediaType === "string" && mediaKind(contentMediaType) === "binary";
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

const DEFAULT_STYLE = { path: "simple", query: "form", header: "simple", cookie: "form" } as const;

class ArgumentsBuilder {
  readonly #flat: FlatObject | undefined;
  readonly #taken: Set<string>;
  readonly #properties: Record<string, unknown> = {};
  readonly #required: string[] = [];
  readonly #origins = new Map<string, At>();
  readonly #pathParams: Parameter[] = [];
  readonly #others: Record<"query" | "header" | "cookie", (string | Parameter)[]> = {
    query: [],
    header: [],
    cookie: [],
  };
  #querystring: Parameter | undefined;
  #body: RequestBody | undefined;

  readonly #description: Description;
  readonly #spanning: ReadonlySet<string>;

  constructor(
    description: Description,
    flat: FlatObject | undefined,
    taken: ReadonlySet<string>,
    spanning: ReadonlySet<string>,
  ) {
    this.#description = description;
    this.#spanning = spanning;
    this.#flat = flat;
    this.#taken = new Set(taken);
  }

  reserve(name: string): void {
    this.#taken.add(name);
  }

  parameter(parameter: OperationParameter): void {
    const { name, in: place, required } = parameter;
    const schema = parameter.schema && unmarked(this.#description, parameter.schema);
    const arg = this.#name(name, place);
    const value = described(
      this.#schema(schema) ?? (parameter.content === undefined ? { type: "string" } : {}),
      parameter,
    );
    this.#add(arg, value, schema);
    if (required) this.#required.push(arg);
    const written = writing(parameter, arg);
    if (place === "querystring") this.#querystring = { arg, ...written };
    else if (place === "path") {
      const spans = this.#spanning.has(name);
      if (written !== undefined || arg !== name || spans)
        this.#pathParams.push({ arg, ...(arg !== name && { name }), ...written, ...(spans && { spans }) });
    } else if (written === undefined && arg === name) this.#others[place].push(name);
    else this.#others[place].push({ arg, ...(arg !== name && { name }), ...written });
  }

  body({ type, others, required, description, schema, at, encoding: plain, headers }: Body, isFlat: boolean): void {
    const encoding = this.#withHeaders(plain, headers);
    const encoded = Object.keys(encoding).length > 0 && { encoding };
    const needed = required && { required: true as const };
    if (isFlat && this.#flat !== undefined) {
      const given = [...this.#flat.properties].filter(([, property]) => !isForAnswers(this.#description, property));
      for (const [name, property] of given) this.#add(name, this.#schema(property), property);
      const names = new Set(given.map(([name]) => name));
      const isAsked = (name: string): boolean => names.has(name) || this.#flat?.properties.has(name) === false;
      this.#required.push(...this.#flat.required.filter((name) => isAsked(name) && !this.#required.includes(name)));
      this.#body = { type, flat: true, ...needed, ...encoded };
      return;
    }
    this.#add("body", described(schema, { description, deprecated: false, example: undefined }), at);
    if (required) this.#required.push("body");
    this.#body = { type, ...(others.length > 0 && { others }), ...needed, ...encoded };
  }

  /** Makes arguments of the headers of parts. */
  #withHeaders(
    encoding: Readonly<Record<string, Encoding>>,
    headers: readonly PartHeader[],
  ): Readonly<Record<string, Encoding>> {
    const all = new Map(Object.entries(encoding));
    for (const { part, header } of headers) {
      const { name, required, schema } = header;
      const arg = this.#name(name, part);
      this.#add(arg, described(this.#schema(schema) ?? { type: "string" }, header), schema);
      if (required && this.#flat?.required.includes(part) === true) this.#required.push(arg);
      const written = writing(header, arg);
      const said = written === undefined && arg === name ? name : { arg, ...(arg !== name && { name }), ...written };
      const known = all.get(part);
      all.set(part, { ...known, headers: [...(known?.headers ?? []), said] });
    }
    return Object.fromEntries(all);
  }

  done(path: string): Arguments {
    const { query, header, cookie } = this.#others;
    // What belongs nowhere in the request would be lost on the way.
    const additional = this.#body?.flat === true ? this.#flat?.additional : false;
    return {
      schema: {
        type: "object",
        properties: this.#properties,
        ...(this.#required.length > 0 && { required: this.#required }),
        ...(additional !== undefined && { additionalProperties: additional }),
      },
      origins: this.#origins,
      route: {
        path,
        ...(this.#pathParams.length > 0 && { pathParams: this.#pathParams }),
        ...(query.length > 0 && { query }),
        ...(this.#querystring !== undefined && { querystring: this.#querystring }),
        ...(header.length > 0 && { headers: header }),
        ...(cookie.length > 0 && { cookies: cookie }),
        ...(this.#body !== undefined && { body: this.#body }),
      },
    };
  }

  #schema(at: At | undefined): unknown {
    return at === undefined ? undefined : schemaIn(this.#description, at);
  }

  #add(arg: string, schema: unknown, at: At | undefined): void {
    Object.defineProperty(this.#properties, arg, {
      value: schema,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    if (at !== undefined) this.#origins.set(`/properties/${arg.replaceAll("~", "~0").replaceAll("/", "~1")}`, at);
  }

  /** The parameter's own name; where another has it, with its place before. */
  #name(name: string, place: string): string {
    let arg = name;
    if (this.#taken.has(arg)) arg = `${place}_${name}`;
    while (this.#taken.has(arg)) arg += "_";
    this.#taken.add(arg);
    return arg;
  }
}

/** The schema of a parameter without `readOnly` and `writeOnly`, which are of members of objects and drop those. */
function unmarked(description: Description, at: At): At {
  const target = followSchema(description, at);
  const { value } = target;
  if (!isObject(at.value) || !isObject(value) || !(hasMark(at.value) || hasMark(value))) return at;
  // What is made stands in the description's own document, where references of another one lead elsewhere.
  if (target.uri !== description.uri && JSON.stringify(value).includes('"$ref"')) return at;
  const { $ref, ...beside } = at.value;
  const counts = $ref === undefined || (description.edition !== "2.0" && description.edition !== "3.0");
  return { ...at, value: made(withoutMarks({ ...value, ...(counts && beside) })) };
}

function hasMark({ readOnly, writeOnly, allOf }: JsonObject): boolean {
  return readOnly === true || writeOnly === true || (Array.isArray(allOf) && allOf.filter(isObject).some(hasMark));
}

function withoutMarks({ readOnly: _r, writeOnly: _w, allOf, ...rest }: JsonObject): JsonObject {
  if (!Array.isArray(allOf)) return { ...rest, ...(allOf !== undefined && { allOf }) };
  return { ...rest, allOf: allOf.map((part: unknown) => (isObject(part) ? withoutMarks(part) : part)) };
}

/** Whether a member is `readOnly`, and so no part of a request. */
function isForAnswers(description: Description, at: At): boolean {
  return [at, followSchema(description, at)].some(({ value }) => isObject(value) && value["readOnly"] === true);
}

/** A schema with what the parameter says of itself. */
function described(
  schema: unknown,
  { description, deprecated, example }: Pick<OperationParameter, "description" | "deprecated" | "example">,
): unknown {
  if (!isObject(schema)) return schema;
  if (description === undefined && !deprecated && example === undefined) return schema;
  return {
    ...schema,
    ...(description !== undefined && { description }),
    ...(deprecated && { deprecated }),
    ...(example !== undefined && schema["example"] === undefined && { example }),
  };
}

/** How a parameter is written out, where that is not the default of its place. */
function writing(parameter: OperationParameter, arg: string): Omit<Parameter, "arg" | "name"> | undefined {
  const { in: place, style, explode, allowReserved, inner, content } = parameter;
  if (content !== undefined) return { content: sendable(content) };
  const fallback = place === "querystring" ? "form" : DEFAULT_STYLE[place];
  const chosen = style ?? fallback;
  const exploded = chosen === "form" || chosen === "deepObject" || chosen === "cookie";
  const found: Omit<Parameter, "arg" | "name"> = {
    ...(chosen !== fallback && { style: chosen as NonNullable<Parameter["style"]> }),
    ...(explode !== undefined && explode !== exploded && { explode }),
    ...(allowReserved && { allowReserved }),
    ...(inner !== undefined && { inner }),
  };
  return Object.keys(found).length === 0 && arg !== "" ? undefined : found;
}
