/** How one operation of an API is called over HTTP: what {@link App} leaves open. */
export interface Route {
  /** In upper case. */
  readonly method: string;
  /** Below the server, with `{name}` for path parameters: `/repos/{owner}/{repo}`. */
  readonly path: string;
  /** Where the operation has servers of its own, whatever `base_url` says. */
  readonly servers?: readonly Server[];
  /** Path parameters that are not simply the argument of the same name. */
  readonly pathParams?: readonly Parameter[];
  /** Names of query parameters in the default style (`form`, exploded), and whole descriptions of the others. */
  readonly query?: readonly (string | Parameter)[];
  /** The argument whose serialised form is the whole query string (OpenAPI 3.2's `in: querystring`). */
  readonly querystring?: Parameter;
  readonly headers?: readonly (string | Parameter)[];
  readonly cookies?: readonly (string | Parameter)[];
  readonly body?: RequestBody;
  /** Media types of a successful answer, the best first. Absent: no body is expected. */
  readonly accept?: readonly string[];
  /** A successful answer is a file, whatever its media type. */
  readonly bytes?: true;
  /** A successful answer is a stream, whatever its media type. */
  readonly stream?: true;
  /**
   * Which schemes the operation accepts: one of the alternatives, all schemes of which apply together.
   * An empty alternative: none is needed. Absent: any scheme of the app.
   */
  readonly security?: readonly (readonly string[])[];
}

/** How a value is written into a path, query, header or cookie, according to OpenAPI 3. */
export interface Parameter {
  /** Key among the arguments. */
  readonly arg: string;
  /** Name on the wire. Default: `arg`. */
  readonly name?: string;
  /** Default: `simple` in path and headers, `form` in query and cookies. `tabDelimited` is 2.0's `tsv`. */
  readonly style?:
    | "matrix"
    | "label"
    | "simple"
    | "form"
    | "spaceDelimited"
    | "pipeDelimited"
    | "tabDelimited"
    | "deepObject"
    | "cookie";
  /** Default: true for `form`, `deepObject` and `cookie`, else false. */
  readonly explode?: boolean;
  readonly allowReserved?: boolean;
  /** Media type that the value is serialised in, instead of a style. */
  readonly content?: string;
  /** The separators of lists within the list, level by level (2.0's `collectionFormat` of `items`). */
  readonly inner?: readonly string[];
  /** In a path: slashes in the value separate segments. */
  readonly spans?: true;
}

/** The request body. */
export interface RequestBody {
  /** Media type, such as `application/json`. */
  readonly type: string;
  /** Other types that bytes may have: a `Blob` of one of them is sent as that. */
  readonly others?: readonly string[];
  /** Every argument that is not a parameter is a property of the body. Absent: the argument `body` is the body. */
  readonly flat?: true;
  /** An empty body is sent rather than no body. */
  readonly required?: true;
  /** How it is written if it contains bytes, which `type` cannot hold. */
  readonly files?: Pick<RequestBody, "type" | "others" | "encoding">;
  /** For properties of a form or a multipart body that are not written in the default way of their type. */
  readonly encoding?: Readonly<Record<string, Encoding>>;
}

export interface Encoding {
  /** For the part of a multipart body; their arguments are passed beside those of the parts. */
  readonly headers?: readonly (string | Parameter)[];
  /** As of a {@link Parameter}. */
  readonly inner?: readonly string[];
  readonly contentType?: string;
  readonly style?: "form" | "spaceDelimited" | "pipeDelimited" | "tabDelimited" | "deepObject";
  readonly explode?: boolean;
  readonly allowReserved?: boolean;
}

/** An address that an API is reached at, with `{name}` for variables. */
export interface Server {
  readonly url: string;
  readonly variables?: Readonly<Record<string, ServerVariable>>;
}

export interface ServerVariable {
  readonly default: string;
  readonly enum?: readonly string[];
}
