// Descriptions that use every way of writing a request, once each.

const string = { type: "string" };
const strings = { type: "array", items: string };
const point = { type: "object", properties: { x: { type: "integer" }, y: { type: "integer" } } };
const ok = { responses: { 200: { content: { "application/json": { schema: {} } } } } };

const inPath = (name: string, schema: object, writing: object = {}): object => ({
  name,
  in: "path",
  required: true,
  schema,
  ...writing,
});

const get = (operationId: string, ...parameters: readonly object[]): object => ({
  get: { operationId, parameters, ...ok },
});

const body = (type: string, schema: object, more: object = {}): object => ({
  required: true,
  content: { [type]: { schema, ...more } },
});

const inQuery = (name: string, schema: object, writing: object = {}): object => ({
  name,
  in: "query",
  schema,
  ...writing,
});

const NOTE = { $ref: "#/components/schemas/Note" };
const THING = { $ref: "#/components/schemas/Thing" };

const FILE = { type: "string", format: "binary" };
const MESSAGE = { $ref: "#/components/schemas/Message" };

export const WIRE = {
  openapi: "3.0.4",
  info: { title: "Wire", version: "1" },
  servers: [{ url: "https://wire.test/v1" }],
  security: [{ key: [] }],
  paths: {
    "/simple/{plain}": get("simple", inPath("plain", string)),
    "/simple-list/{ids}": get("simpleList", inPath("ids", { type: "array", items: { type: "integer" } })),
    "/simple-object/{point}": get("simpleObject", inPath("point", point)),
    "/simple-object-exploded/{point}": get("simpleObjectExploded", inPath("point", point, { explode: true })),
    "/label/{ids}": get("label", inPath("ids", strings, { style: "label", explode: true })),
    "/matrix/{ids}": get("matrix", inPath("ids", strings, { style: "matrix" })),
    "/matrix-object/{point}": get("matrixObject", inPath("point", point, { style: "matrix", explode: true })),
    "/twice/{from}...{to}": get("twice", inPath("from", string), inPath("to", string)),
    "/marked/{number}": get(
      "marked",
      inPath("number", { $ref: "#/components/schemas/Number" }),
      inQuery("part", { allOf: [{ type: "string", readOnly: true }] }),
      inQuery("own", { type: "string", writeOnly: true }),
    ),
    "/query": get(
      "query",
      inQuery("form", strings),
      inQuery("joined", strings, { explode: false }),
      inQuery("spaced", strings, { style: "spaceDelimited", explode: false }),
      inQuery("piped", strings, { style: "pipeDelimited", explode: false }),
      inQuery("deep", { type: "object", additionalProperties: string }, { style: "deepObject", explode: true }),
      inQuery("flat", { type: "object" }, { explode: false }),
      inQuery("spread", { type: "object" }),
      { name: "filter", in: "query", content: { "application/json": { schema: { type: "object" } } } },
      inQuery("raw", string, { allowReserved: true }),
      inQuery("flag", { type: "boolean" }),
      inQuery("size", { type: "integer", minimum: 0 }),
      inQuery("ids[]", strings),
    ),
    "/elsewhere": get(
      "elsewhere",
      { name: "X-List", in: "header", schema: strings },
      { name: "X-Point", in: "header", schema: point },
      { name: "X-Flags", in: "header", schema: point, explode: true },
      { name: "session", in: "cookie", schema: string },
      { name: "seen", in: "cookie", schema: strings, explode: false },
      // What HTTP and the credentials decide is no argument.
      { name: "Authorization", in: "header", schema: string, required: true },
      { name: "X-Api-Key", in: "header", schema: string, required: true },
    ),
    "/page?kind={kind}&fixed=1&more={more}": get("page", inPath("kind", string), inQuery("more", strings)),
    "/captions": {
      get: { operationId: "captions", requestBody: body("application/json", { type: "object" }), ...ok },
    },
    "/as-bearer": { get: { operationId: "asBearer", security: [{ bearer: [] }], ...ok } },
    "/open": { get: { operationId: "open", security: [], ...ok } },
    "/books/{book}/notes": {
      parameters: [inPath("book", string)],
      post: {
        operationId: "createNote",
        parameters: [inQuery("draft", { type: "boolean" })],
        requestBody: body("application/json", NOTE),
        responses: { 201: { content: { "application/json": { schema: {} } } }, 200: {} },
      },
    },
    "/things/{id}": {
      patch: {
        operationId: "rename",
        parameters: [inPath("id", string)],
        requestBody: body("application/merge-patch+json", THING),
        ...ok,
      },
    },
    "/things": {
      put: {
        operationId: "replaceAll",
        requestBody: body("application/json", { type: "array", items: THING }),
        ...ok,
      },
    },
    "/maybe": {
      post: {
        operationId: "maybe",
        requestBody: { content: { "application/json": { schema: { type: "object", properties: { note: string } } } } },
        ...ok,
      },
    },
    "/submit": {
      post: {
        operationId: "submit",
        requestBody: body(
          "application/x-www-form-urlencoded",
          { type: "object", properties: { name: string, tags: strings, csv: strings, options: { type: "object" } } },
          { encoding: { csv: { explode: false }, options: { style: "deepObject", explode: true } } },
        ),
        ...ok,
      },
    },
    "/say": { post: { operationId: "say", requestBody: body("text/plain", string), ...ok } },
    "/blobs/{name}": {
      put: {
        operationId: "store",
        parameters: [inPath("name", string)],
        requestBody: body("application/octet-stream", { type: "string", format: "binary" }),
        ...ok,
      },
    },
    "/pictures": {
      put: {
        operationId: "picture",
        requestBody: body("image/*", { type: "string", format: "binary" }),
        ...ok,
      },
    },
    "/remarks": { post: { operationId: "remark", requestBody: body("text/*", string), ...ok } },
    "/upload": {
      post: {
        operationId: "upload",
        requestBody: body(
          "multipart/form-data",
          {
            type: "object",
            required: ["image"],
            properties: {
              title: string,
              meta: { type: "object" },
              image: { type: "string", format: "binary" },
              more: { type: "array", items: { type: "string", format: "binary" } },
              "x-trace": { type: "object" },
            },
          },
          {
            encoding: {
              image: { contentType: "image/png, image/jpeg" },
              "x-trace": { contentType: "application/trace+json" },
              more: {
                headers: {
                  "X-Checksum": { schema: string, description: "Of each." },
                  "X-Tags": { schema: strings },
                  "Content-Type": { schema: string },
                },
              },
              title: { headers: { "X-Checksum": { schema: string }, title: { schema: string } } },
            },
          },
        ),
        ...ok,
      },
    },
    "/styled": {
      post: {
        operationId: "uploadStyled",
        // As Swashbuckle describes every form with files.
        requestBody: body(
          "multipart/form-data",
          { type: "object", properties: { File: FILE, Others: { type: "array", items: FILE }, Tags: strings } },
          { encoding: { File: { style: "form" }, Others: { style: "form" }, Tags: { style: "form" } } },
        ),
        ...ok,
      },
    },
    "/messages": {
      post: {
        operationId: "sendMessage",
        requestBody: {
          required: true,
          content: {
            "application/json": { schema: MESSAGE },
            "multipart/form-data": {
              schema: {
                allOf: [
                  MESSAGE,
                  { type: "object", properties: { files: { type: "array", items: FILE }, cover: FILE } },
                ],
              },
              encoding: { cover: { contentType: "image/png", headers: { "X-Alt": { schema: string } } } },
            },
          },
        },
        ...ok,
      },
      put: {
        operationId: "replaceMessages",
        requestBody: {
          required: true,
          content: {
            "application/json": { schema: { type: "array", items: MESSAGE } },
            "application/zip": { schema: FILE },
          },
        },
        ...ok,
      },
    },
    "/notes/{id}": {
      get: {
        operationId: "readNote",
        parameters: [inPath("id", string)],
        responses: {
          200: { content: { "application/json": { schema: NOTE } } },
          202: {
            content: {
              "application/json": { schema: { type: "object", required: ["job"], properties: { job: string } } },
            },
          },
          204: {},
          404: {
            content: { "application/problem+json": { schema: { type: "object", properties: { title: string } } } },
          },
        },
      },
    },
    "/export": {
      get: { operationId: "exportNotes", responses: { 200: { content: { "text/csv": { schema: string } } } } },
    },
    "/draw": { get: { operationId: "drawNote", responses: { 200: { content: { "image/png": {} } } } } },
    "/files/{id}": {
      get: {
        operationId: "download",
        parameters: [inPath("id", string)],
        responses: {
          200: { content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } } },
        },
      },
    },
    "/report": {
      get: {
        operationId: "report",
        responses: {
          200: { content: { "application/json": { schema: { type: "string", format: "binary" } } } },
          204: {},
        },
      },
      put: {
        operationId: "importReport",
        requestBody: body("application/json", { type: "string", format: "binary" }),
        ...ok,
      },
    },
    "/plain": { post: { operationId: "plain", responses: { 201: { description: "" } } } },
    "/doubtful": {
      get: {
        operationId: "doubtful",
        responses: { 200: { content: { "application/octet-stream": { schema: { type: "object" } } } } },
      },
    },
    "/amazon": {
      post: {
        operationId: "askAmazon",
        requestBody: body("application/x-amz-json-1.1", { type: "object", properties: { name: string } }),
        responses: { 200: { content: { "application/x-amz-json-1.1": { schema: THING } } } },
      },
    },
    "/features": {
      get: { operationId: "features", responses: { 200: { content: { "application/geo+json-seq": {} } } } },
    },
    "/token": { get: { operationId: "token", responses: { 200: { content: { "application/jwt": {} } } } } },
    "/watch": { get: { operationId: "watchNotes", responses: { 200: { content: { "text/event-stream": {} } } } } },
  },
  components: {
    securitySchemes: {
      key: { type: "apiKey", in: "header", name: "X-Api-Key" },
      bearer: { type: "http", scheme: "bearer" },
    },
    schemas: {
      Note: {
        type: "object",
        required: ["id", "text"],
        properties: {
          id: { type: "integer", readOnly: true },
          text: string,
          labels: strings,
          archivedAt: { type: "string", nullable: true },
          secret: { type: "string", writeOnly: true },
        },
      },
      Message: {
        type: "object",
        properties: { content: string, embeds: { type: "array", items: { type: "object" } } },
      },
      Number: { type: "integer", readOnly: true, description: "Given by the server." },
      Thing: { type: "object", properties: { id: string, name: string } },
    },
  },
};

const listIn = (place: string, name: string, collectionFormat?: string): object => ({
  name,
  in: place,
  type: "array",
  items: string,
  ...(collectionFormat !== undefined && { collectionFormat }),
});

const done = { responses: { 200: { description: "Done.", schema: {} } } };

/** What OpenAPI 3.2 adds. */
export const MODERN = {
  openapi: "3.2.0",
  info: { title: "Modern", version: "1" },
  servers: [{ url: "https://modern.test/v1" }],
  paths: {
    "/events": {
      post: {
        operationId: "record",
        requestBody: {
          required: true,
          content: { "application/x-ndjson": { itemSchema: { $ref: "#/components/schemas/Event" } } },
        },
        ...ok,
      },
    },
  },
  components: {
    schemas: { Event: { type: "object", required: ["id"], properties: { id: { type: "integer" } } } },
  },
};

export const SWAGGER = {
  swagger: "2.0",
  info: { title: "Swagger", version: "1" },
  host: "swagger.test",
  basePath: "/v1",
  schemes: ["https"],
  paths: {
    "/lists": {
      get: {
        operationId: "lists",
        parameters: [
          listIn("query", "plain"),
          ...["csv", "ssv", "tsv", "pipes", "multi"].map((format) => listIn("query", format, format)),
          { ...listIn("query", "shape", "pipes"), items: { type: "array", items: { type: "number" } } },
          {
            ...listIn("query", "shapes", "multi"),
            items: {
              type: "array",
              collectionFormat: "ssv",
              items: { type: "array", collectionFormat: "csv", items: { type: "number" } },
            },
          },
        ],
        ...done,
      },
    },
    "/lists/{ids}": {
      get: {
        operationId: "listsElsewhere",
        parameters: [
          { ...listIn("path", "ids", "pipes"), required: true },
          listIn("header", "X-List", "ssv"),
          { ...listIn("header", "X-Path", "pipes"), items: { type: "array", items: { type: "number" } } },
        ],
        ...done,
      },
    },
    "/fields": {
      post: {
        operationId: "fields",
        consumes: ["application/x-www-form-urlencoded"],
        parameters: [
          { name: "name", in: "formData", type: "string" },
          listIn("formData", "tags"),
          { ...listIn("formData", "path", "ssv"), items: { type: "array", items: { type: "number" } } },
        ],
        ...done,
      },
    },
    "/attach": {
      post: {
        operationId: "attach",
        consumes: ["multipart/form-data"],
        parameters: [
          { name: "note", in: "formData", type: "string" },
          { name: "file", in: "formData", type: "file", required: true },
        ],
        ...done,
      },
    },
    "/content": {
      put: {
        operationId: "putContent",
        parameters: [{ name: "content", in: "body", required: true, schema: { type: "object", format: "file" } }],
        ...done,
      },
      get: {
        operationId: "getContent",
        produces: ["application/json"],
        responses: { 200: { description: "It.", schema: { type: "object", format: "file" } } },
      },
    },
    // As gRPC's gateway describes streams, now and earlier.
    "/watch": {
      get: {
        operationId: "watch",
        responses: {
          200: {
            description: "A successful response.(streaming responses)",
            schema: {
              type: "object",
              title: "Stream result of Event",
              properties: { result: { type: "object" }, error: { type: "object" } },
            },
          },
        },
      },
      post: {
        operationId: "watchAsBefore",
        responses: { 200: { description: "Events.", schema: { $ref: "#/x-stream-definitions/Event" } } },
      },
    },
    "/remove": { post: { operationId: "remove", responses: { 200: { description: "Removed." } } } },
    "/save": {
      post: {
        operationId: "save",
        parameters: [
          {
            name: "body",
            in: "body",
            required: true,
            schema: {
              type: "object",
              required: ["name"],
              properties: { name: { type: "string", "x-nullable": true } },
            },
          },
        ],
        ...done,
      },
    },
  },
  "x-stream-definitions": { Event: { type: "object", properties: { result: { type: "object" } } } },
};
