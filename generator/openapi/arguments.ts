import type { Encoding, Parameter, RequestBody, Route } from "../../runtime/direct/route.js";
import { isObject, type JsonObject } from "../text/json.js";
import { escapeSegment } from "../text/json-pointer.js";
import { bodyOf, type Body, type Written } from "./body.js";
import type { Description } from "./document.js";
import type { FlatObject } from "./flatten.js";
import { sendable } from "./media.js";
import type { Operation, OperationParameter } from "./operation.js";
import { followSchema, made, schemaIn, type At } from "./refs.js";

/** What an operation takes: one flat object, and how each part of it is sent. */
export interface Arguments {
  readonly schema: JsonObject;
  /** Where parts of the schema are in the description, by pointer into the schema. */
  readonly origins: ReadonlyMap<string, At>;
  readonly route: Pick<Route, "path" | "pathParams" | "query" | "querystring" | "headers" | "cookies" | "body">;
}

/** Headers that are not parameters, whatever a description says: HTTP or the credentials decide them. */
const NOT_PARAMETERS: ReadonlySet<string> = new Set(["accept", "content-type", "authorization"]);

/** `isGiven`: whether credentials fill in the parameter of this name and place, so that it is not an argument. */
export function argumentsOf(
  description: Description,
  operation: Operation,
  isGiven: (place: "query" | "header" | "cookie" | "path", name: string) => boolean,
): Arguments {
  const { template, spanning, queried } = plainTemplate(description, operation);
  const own = operation.parameters.filter(
    ({ in: place, name }) =>
      !(place === "header" && NOT_PARAMETERS.has(name.toLowerCase())) &&
      !(place !== "querystring" && isGiven(place, name)) &&
      !(place === "path" && !template.includes(`{${name}}`)) &&
      !(place === "query" && isFixed(template, name)),
  );
  const path = pathOf(template, own);
  const parameters = [...own, ...undeclared(path, queried, own, isGiven)];
  const body = operation.body === undefined ? undefined : bodyOf(description, operation.body);
  // What occurs only in answers is not an argument, and does not take up a name.
  const taken = new Set(
    [...(body?.flat?.properties ?? [])].flatMap(([name, at]) => (isForAnswers(description, at) ? [] : [name])),
  );
  const isMap = body?.flat?.properties.size === 0 && body.flat.additional !== false;
  // Undeclared members may have the name of any parameter.
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
 * `spanning`: the parameters that may cover several segments.
 * `queried`: the query parameters in it.
 */
function plainTemplate(
  description: Description,
  { path: listed, parameters }: Operation,
): {
  readonly template: string;
  readonly spanning: ReadonlySet<string>;
  readonly queried: readonly string[];
} {
  const declared = new Map(parameters.filter(({ in: place }) => place === "path").map((each) => [each.name, each]));
  const path = bracedPath(listed, declared);
  const spanning = new Set(
    [...declared.values()].filter((each) => isSpanning(description, each)).map(({ name }) => name),
  );
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

/** `:id`, `:id{[0-9]+}`, `:id(\d+)` and `*` as whole segments, or the pattern of the parameter before it: `{id}{[0-9]+}`. */
const OF_ROUTERS = /(?<=\/)(?::([\w-]+)(?:\{([^{}]*)\}|\(([^(){}]*)\))?|(\*))(?=[/?]|$)|(?<=\{([^{}]+))\}\{([^{}]+)\}/g;

/** Whether what stands in braces cannot be a name, or an expression of RFC 6570. */
const IS_PATTERN = /^\.[+*]$|[[\]()\\|]/;

/** The path with braces around the parameters that it writes as routers do, without braces. */
function bracedPath(path: string, declared: ReadonlyMap<string, unknown>): string {
  return path.replace(OF_ROUTERS, (whole, ...groups: readonly (string | undefined)[]) => {
    const [colon, braced, bracketed, star, before, after = ""] = groups;
    const name = colon ?? star ?? before;
    if (name === undefined || !declared.has(name)) return whole;
    if (before !== undefined) return !declared.has(after) && IS_PATTERN.test(after) ? `:${after}}` : whole;
    const pattern = braced ?? bracketed;
    if (path.includes(`{${name}}`)) return whole;
    return pattern === undefined ? `{${name}}` : `{${name}:${pattern}}`;
  });
}

/** The parts of a pattern where a slash is syntax, or is excluded. */
const BESIDE_TEXT = /\\[^/]|\[(?:\\.|[^\]\\])*\]|\(\?<?!(?:\\.|[^()\\])*\)/gs;

/** Whether values hold slashes: gRPC's resource names have them in their pattern, Azure's ids are sent as they are. */
function isSpanning(description: Description, { schema, isRaw }: OperationParameter): boolean {
  if (isRaw) return true;
  const value = schema && followSchema(description, schema).value;
  const pattern = isObject(value) ? value["pattern"] : undefined;
  return typeof pattern === "string" && pattern.replace(BESIDE_TEXT, "").includes("/");
}

/** Whether the path itself says what a parameter of the query is. */
function isFixed(template: string, name: string): boolean {
  const parts = template.split("?")[1]?.split("&") ?? [];
  return parts.some((part) => part.startsWith(`${name}=`) && !part.includes("{"));
}

/** The path, without the query parameters in it, which are written separately. */
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
        isRaw: false,
        inner: undefined,
        content: undefined,
        schema: undefined,
      }));
  };
  const named = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name as string);
  return [...missing("path", named), ...missing("query", queried)];
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

  body({ required, description, schema, at, files, ...written }: Body, isFlat: boolean): void {
    this.#body = {
      ...this.#written(written),
      ...(isFlat && { flat: true }),
      ...(required && { required: true }),
      ...(files !== undefined && { files: this.#written(files) }),
    };
    if (isFlat && this.#flat !== undefined) {
      const given = [...this.#flat.properties].filter(([, property]) => !isForAnswers(this.#description, property));
      for (const [name, property] of given) this.#add(name, this.#schema(property), property);
      const names = new Set(given.map(([name]) => name));
      const isAsked = (name: string): boolean => names.has(name) || this.#flat?.properties.has(name) === false;
      this.#required.push(...this.#flat.required.filter((name) => isAsked(name) && !this.#required.includes(name)));
      return;
    }
    this.#add("body", described(schema, { description, deprecated: false, example: undefined }), at);
    if (required) this.#required.push("body");
  }

  #written({ type, others, encoding: plain, headers }: Written): NonNullable<RequestBody["files"]> {
    const encoding = this.#withHeaders(plain, headers);
    return {
      type,
      ...(others.length > 0 && { others }),
      ...(Object.keys(encoding).length > 0 && { encoding }),
    };
  }

  /** Turns the headers of parts into arguments. */
  #withHeaders(
    encoding: Readonly<Record<string, Encoding>>,
    headers: Written["headers"],
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
    // Anything that belongs nowhere in the request would be lost.
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
    if (at !== undefined) this.#origins.set(`/properties/${escapeSegment(arg)}`, at);
  }

  /** The parameter's own name, prefixed with its place if another one has it. */
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
  // The result is part of the description's own document, where references of another document lead elsewhere.
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

/** Whether a member is `readOnly`, and so not part of a request. */
function isForAnswers(description: Description, at: At): boolean {
  const target = followSchema(description, at);
  if ([at, target].some(({ value }) => isObject(value) && value["readOnly"] === true)) return true;
  const only = orNull(target);
  return only !== undefined && followed(description, only)["readOnly"] === true;
}

/** The only alternative besides null, for schemas written like that. */
function orNull({ value, ...place }: At): At | undefined {
  const listed = isObject(value) ? (value["anyOf"] ?? value["oneOf"]) : undefined;
  if (!Array.isArray(listed) || listed.length !== 2) return undefined;
  const others = listed.filter((each) => !isObject(each) || each["type"] !== "null");
  return others.length === 1 ? { ...place, value: others[0] } : undefined;
}

function followed(description: Description, at: At): JsonObject {
  const { value } = followSchema(description, at);
  return isObject(value) ? value : {};
}

/** A schema, completed with what the parameter says about itself. */
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

/** How a parameter is serialised, if not in the default way of its place. */
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
