import { describe, expect, test } from "vitest";
import { BINARY } from "../../generator/schema/node.js";
import { json, operation, read, type Read } from "./support.js";

const get = (operationId?: string): object => ({ get: { ...(operationId !== undefined && { operationId }) } });
const slugOf = (path: string, operationId?: string): string => read({ paths: { [path]: get(operationId) } }).slugs[0]!;

describe("the slug of an operation", () => {
  test.each([
    ["/pets", "listPets", "ACME_LIST_PETS"],
    ["/pets", "issues/list-for-repo", "ACME_ISSUES_LIST_FOR_REPO"],
    ["/pets", "v1.Pets.get_all", "ACME_V1_PETS_GET_ALL"],
    ["/pets", "getHTMLPage", "ACME_GET_HTML_PAGE"],
    ["/pets", "2faEnable", "ACME_2FA_ENABLE"],
    ["/pets", "élan vital", "ACME_ELAN_VITAL"],
    ["/pets", "delete", "ACME_DELETE"],
    ["/pets", "__proto__", "ACME_PROTO"],
    ["/pets/{petId}/photos", undefined, "ACME_GET_PETS_PET_ID_PHOTOS"],
    ["/", undefined, "ACME_GET"],
    // What has no Latin letters is named by where it is.
    ["/boards", "получитьДоски", "ACME_GET_BOARDS"],
    ["/boards", "   ", "ACME_GET_BOARDS"],
  ])("%s %s → %s", (path, id, slug) => {
    expect(slugOf(path, id)).toBe(slug);
  });

  test("has at most 64 characters, and differs where what is cut off does", () => {
    const long = "x".repeat(40) + "Y".repeat(40);
    const slugs = read({ paths: { "/a": get(`${long}1`), "/b": get(`${long}2`) } }).slugs;
    expect(new Set(slugs).size).toBe(2);
    for (const slug of slugs) expect(slug).toMatch(/^ACME_[A-Z0-9_]{1,59}$/);
  });

  test("is distinguished by method and path where ids are the same, whatever the order", () => {
    const paths = { "/a": get("same"), "/b": { ...get("same"), post: { operationId: "same" } }, "/c": get("other") };
    const expected = ["ACME_GET_A", "ACME_GET_B", "ACME_OTHER", "ACME_POST_B"];
    expect(read({ paths }).slugs).toEqual(expected);
    expect(read({ paths: Object.fromEntries(Object.entries(paths).reverse()) }).slugs).toEqual(expected);
  });

  test("once given is kept, whatever comes later", () => {
    const given = new Map([["GET /a", "ACME_SAME"]]);
    const { toolkit } = read({ paths: { "/a": get("renamed"), "/b": get("same") } }, { given });
    expect(toolkit.app?.operations).toEqual({ "GET /a": "ACME_SAME", "GET /b": "ACME_GET_B" });
  });

  test("of 3.2 exists for its methods too", () => {
    const item = { query: { operationId: "find" }, additionalOperations: { LINK: { operationId: "link" } } };
    const found = read({ openapi: "3.2.0", paths: { "/a": item } });
    expect(found.slugs).toEqual(["ACME_FIND", "ACME_LINK"]);
    expect(found.tool("ACME_FIND")).toMatchObject({ hints: { readOnly: true }, route: { method: "QUERY" } });
    expect(read({ openapi: "3.1.0", paths: { "/a": item } }).slugs).toEqual([]);
  });
});

describe("arguments", () => {
  test("are the parameters of every place and the members of the body, in one object", () => {
    const found = read({
      paths: {
        "/repos/{owner}": {
          parameters: [{ name: "owner", in: "path", required: true, schema: { type: "string" } }],
          post: {
            operationId: "make",
            parameters: [
              { name: "page", in: "query", schema: { type: "integer" }, description: "Which page." },
              { name: "X-Trace", in: "header", required: true, schema: { type: "string" } },
              { name: "session", in: "cookie", schema: { type: "string" } },
            ],
            requestBody: {
              required: true,
              ...json({ type: "object", required: ["title"], properties: { title: { type: "string" } } }),
            },
          },
        },
      },
    });
    expect(found.schema("ACME_MAKE")).toEqual({
      type: "object",
      properties: {
        owner: { type: "string" },
        page: { type: "integer", description: "Which page." },
        "X-Trace": { type: "string" },
        session: { type: "string" },
        title: { type: "string" },
      },
      required: ["owner", "X-Trace", "title"],
    });
    expect(found.tool("ACME_MAKE").route).toEqual({
      method: "POST",
      path: "/repos/{owner}",
      query: ["page"],
      headers: ["X-Trace"],
      cookies: ["session"],
      body: { type: "application/json", flat: true, required: true },
    });
  });

  test("that belong nowhere in the request are refused, since they would be lost", () => {
    expect(operation({}).schema("ACME_MAKE")).toMatchObject({ additionalProperties: false });
    const open = operation({ requestBody: json({ type: "object", additionalProperties: { type: "string" } }) });
    expect(open.schema("ACME_MAKE")).toMatchObject({ additionalProperties: { type: "string" } });
  });

  test.each([{}, { additionalProperties: true }, { additionalProperties: { type: "string" } }])(
    "are the members of an object that names none (%j), or `body` beside parameters, whose names they may have",
    (more) => {
      const body = { type: "object", ...more };
      expect(operation({ requestBody: json(body) }).schema("ACME_MAKE")).toEqual({
        type: "object",
        properties: {},
        additionalProperties: true,
        ...more,
      });
      const parameters = [{ name: "id", in: "query", schema: { type: "integer" } }];
      const found = operation({ parameters, requestBody: json(body) });
      expect(found.schema("ACME_MAKE")).toMatchObject({ properties: { id: {}, body }, additionalProperties: false });
      expect(found.tool("ACME_MAKE").route?.body).toEqual({ type: "application/json" });
    },
  );

  test("are `body` where the body's members collide with parameters", () => {
    const found = operation({
      parameters: [{ name: "id", in: "query", schema: { type: "integer" } }],
      requestBody: json({ type: "object", properties: { id: { type: "string" } } }),
    });
    expect(found.schema("ACME_MAKE")).toMatchObject({
      properties: { id: { type: "integer" }, body: { type: "object", properties: { id: { type: "string" } } } },
      additionalProperties: false,
    });
    expect(found.tool("ACME_MAKE").route).toMatchObject({ body: { type: "application/json" } });
  });

  test.each([
    ["an array", { type: "array", items: { type: "string" } }],
    ["a string", { type: "string" }],
    ["a choice", { oneOf: [{ type: "object" }, { type: "string" }] }],
    ["an object or null", { type: ["object", "null"], properties: { a: {} } }],
    ["an object with a rule of its own", { type: "object", properties: { a: {}, b: {} }, minProperties: 1 }],
    ["anything", {}],
  ])("are `body` where the body is %s", (_, schema) => {
    const found = operation({ requestBody: json(schema) });
    expect(found.schema("ACME_MAKE")).toMatchObject({ properties: { body: schema } });
    expect(found.schema("ACME_MAKE")).not.toHaveProperty("required");
  });

  test("of parts of a body that is put together are the members of all", () => {
    const Base = {
      type: "object",
      required: ["kind"],
      properties: { kind: { type: "string" } },
      $defs: { Unused: {} },
    };
    const own = { type: "object", properties: { size: { type: "integer" } } };
    const root = { components: { schemas: { Base } } };
    const allOf = [{ $ref: "#/components/schemas/Base" }, own];
    expect(operation({ requestBody: json({ allOf }) }, root).schema("ACME_MAKE")).toEqual({
      type: "object",
      properties: { kind: { type: "string" }, size: { type: "integer" } },
      required: ["kind"],
    });
    const closed = { allOf: [{ $ref: "#/components/schemas/Base" }, { ...own, additionalProperties: false }] };
    expect(operation({ requestBody: json(closed) }, root).schema("ACME_MAKE")).toMatchObject({
      properties: { body: closed },
    });
  });

  test("are not what the path itself says of its query, as Azure tells operations apart by", () => {
    const kind = { name: "restype", in: "query", required: true, type: "string", enum: ["container"] };
    const prefix = { name: "prefix", in: "query", type: "string" };
    const name = { name: "name", in: "path", required: true, type: "string" };
    const of = (path: string): object => ({
      [path]: { get: { operationId: path.replace(/\W/g, ""), parameters: [name, kind, prefix], responses: {} } },
    });
    const listed = { ...of("/{name}?restype=container"), ...of("/{name}?restype=container&comp=list") };
    const found = read({ swagger: "2.0", paths: {}, "x-ms-paths": listed });
    expect(found.slugs).toHaveLength(2);
    for (const slug of found.slugs) {
      expect(Object.keys((found.schema(slug) as { properties: object }).properties)).toEqual(["name", "prefix"]);
      expect(found.tool(slug).route).toMatchObject({
        path: expect.stringContaining("?restype=container"),
        query: ["prefix"],
      });
    }
  });

  test("are those that are declared, where the path has them as routers do", () => {
    const inPath = (name: string): object => ({ name, in: "path", required: true, schema: { type: "string" } });
    for (const path of ["/{a}/{b+}", "/{a?}/{+b}", "/{a:[0-9]+}/{b=**}", "/{a:int}/{*b}"]) {
      const found = read({ paths: { [path]: { get: { operationId: "make", parameters: ["a", "b"].map(inPath) } } } });
      expect(found.tool("ACME_MAKE").route?.path, path).toBe("/{a}/{b}");
      expect(found.tool("ACME_MAKE").route?.pathParams, path).toEqual([{ arg: "b", spans: true }]);
      expect(found.schema("ACME_MAKE"), path).toMatchObject({ required: ["a", "b"] });
    }
    const spans = (path: string, name = "a"): boolean => {
      const found = read({ paths: { [path]: { get: { operationId: "make", parameters: [inPath(name)] } } } });
      return found.tool("ACME_MAKE").route?.pathParams?.[0]?.spans === true;
    };
    const spanning = ["{a=teams/*}", "{a=**}", "{a:.*}", "{a:[a-z].+}", "{a:path}", "{a*}", "{**a}"];
    const plain = ["{a}", "{a?}", "{a=*}", "{a:\\d+}", "{a:[^/]+}", "{a:v\\.+}", "{a:int}"];
    expect(spanning.filter((each) => spans(`/x/${each}`))).toEqual(spanning);
    expect(plain.filter((each) => spans(`/x/${each}`))).toEqual([]);
    expect(spans("/x/{a+}", "a+")).toBe(true);
  });

  test.each<[string, string, readonly object[] | undefined]>([
    ["/x/:a/y/:b", "/x/{a}/y/{b}", undefined],
    ["/x/:a{[0-9]+}/:b(\\d+)", "/x/{a}/{b}", undefined],
    ["/x/:a?", "/x/{a}?", undefined],
    ["/x/:a{.+}", "/x/{a}", [{ arg: "a", spans: true }]],
    ["/x/{a}{[0-9]+}", "/x/{a}", undefined],
    ["/x/{a}{.+}", "/x/{a}", [{ arg: "a", spans: true }]],
    ["/x/*", "/x/{*}", [{ arg: "*", spans: true }]],
    // Already in braces, not declared, or part of a segment: as they are written.
    ["/x/{a}/:a", "/x/{a}/:a", undefined],
    ["/x/:c/v1:a", "/x/:c/v1:a", undefined],
    ["/x/{a}{b}", "/x/{a}{b}", undefined],
    ["/x/{a}{.b}", "/x/{a}.{b}", undefined],
  ])(
    "are those that are declared, where the path %s has them without braces, as routers do",
    (path, plain, written) => {
      const parameters = ["a", "b", "*"].map((name) => ({
        name,
        in: "path",
        required: true,
        schema: { type: "string" },
      }));
      const { tool, schema } = read({ paths: { [path]: { get: { operationId: "make", parameters } } } });
      expect(tool("ACME_MAKE").route).toMatchObject({ path: plain });
      expect(tool("ACME_MAKE").route?.pathParams).toEqual(written);
      const taken = schema("ACME_MAKE") as { readonly properties: object };
      expect(Object.keys(taken.properties)).toEqual([...plain.matchAll(/\{(.*?)\}/g)].map(([, name]) => name));
    },
  );

  test("spans segments where its pattern has slashes, as gRPC's names have, or nothing is to be encoded", () => {
    const spans = (parameter: object): boolean => {
      const path = { name: "name", in: "path", required: true, type: "string", ...parameter };
      const paths = { "/v1/{name}": { get: { operationId: "get", parameters: [path], responses: {} } } };
      return read({ swagger: "2.0", paths }).tool("ACME_GET").route?.pathParams?.[0]?.spans === true;
    };
    const spanning = ["projects/[^/]+/topics/[^/]+", "^projects\\/[a-z]+$", "^a(?!b/)c/.*$"];
    expect(spanning.filter((pattern) => spans({ pattern }))).toEqual(spanning);
    const plain = ["[^/]+", "^[a-z\\]/]+$", "^(?!.*/)x$", "\\d+"];
    expect(plain.filter((pattern) => spans({ pattern }))).toEqual([]);
    expect(spans({ "x-ms-skip-url-encoding": true })).toBe(true);
  });

  test.each<[string, string, object]>([
    ["/x/{a+}", "/x/{a}", { pathParams: [{ arg: "a", spans: true }] }],
    ["/x/{+a}", "/x/{a}", { pathParams: [{ arg: "a", spans: true }] }],
    ["/x/{a:\\d+}", "/x/{a}", {}],
    ["/x/{a,b}", "/x/{a},{b}", {}],
    ["/x{/a,b*}", "/x/{a}/{b}", {}],
    ["/x{.a}", "/x.{a}", {}],
    ["/x{;a,b}", "/x;a={a};b={b}", {}],
    ["/x{?a,b*}", "/x", { query: ["a", "b"] }],
    ["/x?c=1{&a}", "/x?c=1", { query: ["a"] }],
    ["/x{#a}", "/x", {}],
    ["/x/{$a}", "/x/{$a}", {}],
    ["/x/{?}", "/x/{?}", {}],
  ])("are those that the path %s names, though nobody declares them", (path, plain, written) => {
    const { tool, schema } = read({ paths: { [path]: { get: { operationId: "make" } } } });
    const taken = schema("ACME_MAKE") as { readonly properties: object; readonly required?: readonly string[] };
    expect(tool("ACME_MAKE").route).toEqual({ method: "GET", path: plain, ...written });
    const names = [...plain.matchAll(/\{(.*?)\}/g)].map(([, name]) => name);
    const queried = "query" in written ? (written.query as string[]) : [];
    expect(Object.keys(taken.properties)).toEqual([...names, ...queried]);
    expect(taken.required ?? []).toEqual(names);
  });

  test("are those that are declared, where the path names them in an expression of its query", () => {
    const parameters = [{ name: "a", in: "query", schema: { type: "integer" } }];
    const { tool, schema } = read({ paths: { "/x{?a,b}": { get: { operationId: "make", parameters } } } });
    expect(tool("ACME_MAKE").route).toEqual({ method: "GET", path: "/x", query: ["a", "b"] });
    expect(schema("ACME_MAKE")).toMatchObject({ properties: { a: { type: "integer" }, b: { type: "string" } } });
  });

  test("share a name with what only answers hold", () => {
    const properties = { id: { type: "string", readOnly: true }, name: { type: "string" } };
    const found = read({
      paths: {
        "/a/{id}": {
          put: {
            operationId: "make",
            parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }],
            requestBody: { required: true, ...json({ type: "object", required: ["id", "name"], properties }) },
          },
        },
      },
    });
    expect(found.schema("ACME_MAKE")).toEqual({
      type: "object",
      properties: { id: { type: "integer" }, name: { type: "string" } },
      required: ["id", "name"],
    });
    expect(found.tool("ACME_MAKE").route).toMatchObject({ body: { flat: true } });
  });

  test("of one name in two places are distinguished by the place", () => {
    const found = read({
      paths: {
        "/a/{id}": {
          post: {
            operationId: "make",
            parameters: [
              { name: "id", in: "path", required: true, schema: { type: "integer" } },
              { name: "id", in: "query", schema: { type: "string" } },
              { name: "body", in: "query", schema: { type: "string" } },
            ],
            requestBody: { ...json({ type: "array" }), required: true },
          },
        },
      },
    });
    const { route } = found.tool("ACME_MAKE");
    expect(route?.query).toEqual([
      { arg: "query_id", name: "id" },
      { arg: "query_body", name: "body" },
    ]);
    expect(found.schema("ACME_MAKE")).toMatchObject({ required: ["id", "body"] });
  });

  test("are there for what the path names and nothing describes, and not for what HTTP decides", () => {
    const headers = ["Accept", "content-type", "AUTHORIZATION"];
    const parameters = headers.map((name) => ({ name, in: "header", schema: { type: "string" } }));
    const found = read({ paths: { "/a/{b}": { get: { operationId: "get", parameters } } } });
    expect(found.schema("ACME_GET")).toEqual({
      type: "object",
      properties: { b: { type: "string" } },
      required: ["b"],
      additionalProperties: false,
    });
  });

  test("are not what credentials fill in", () => {
    const proxy = { headers: { "X-Key": "{{api_key}}" }, query: { key: "{{api_key}}" }, path: { team: "{{team}}" } };
    const schemes = [{ name: "key", mode: "API_KEY" as const, fields: [], proxy }];
    const parameters = [
      { name: "x-key", in: "header", schema: {} },
      { name: "key", in: "query", schema: {} },
      { name: "q", in: "query", schema: {} },
    ];
    const paths = { "/{team}/a": { get: { operationId: "get", parameters } } };
    expect(read({ paths }, { app: { schemes } }).schema("ACME_GET")).toMatchObject({ properties: { q: {} } });
  });

  test.each([
    [{ style: "form", explode: true }, "q"],
    [{ explode: false }, { arg: "q", explode: false }],
    [{ style: "pipeDelimited" }, { arg: "q", style: "pipeDelimited" }],
    [
      { style: "spaceDelimited", explode: true },
      { arg: "q", style: "spaceDelimited", explode: true },
    ],
    [
      { style: "deepObject", explode: true },
      { arg: "q", style: "deepObject" },
    ],
    [{ allowReserved: true }, { arg: "q", allowReserved: true }],
    [
      { schema: undefined, ...json({}) },
      { arg: "q", content: "application/json" },
    ],
  ])("say how they are written where that is not usual: %j", (facts, written) => {
    const parameter = { name: "q", in: "query", schema: { type: "array" }, ...facts };
    expect(operation({ parameters: [parameter] }).tool("ACME_MAKE").route?.query).toEqual([written]);
  });

  test.each([
    ["csv", { arg: "q", explode: false }],
    [undefined, { arg: "q", explode: false }],
    ["multi", "q"],
    ["ssv", { arg: "q", style: "spaceDelimited" }],
    ["tsv", { arg: "q", style: "tabDelimited" }],
    ["pipes", { arg: "q", style: "pipeDelimited" }],
  ])("of 2.0 are separated as `collectionFormat: %s` says", (collectionFormat, written) => {
    const parameter = { name: "q", in: "query", type: "array", items: { type: "string" }, collectionFormat };
    const found = read({ swagger: "2.0", paths: { "/a": { get: { operationId: "get", parameters: [parameter] } } } });
    expect(found.tool("ACME_GET").route?.query).toEqual([written]);
    expect(found.schema("ACME_GET")).toMatchObject({ properties: { q: { type: "array", items: { type: "string" } } } });
  });

  test("of 2.0 forms are members of the body; a file makes it multipart", () => {
    const field = { name: "note", in: "formData", type: "string", required: true };
    const file = { name: "photo", in: "formData", type: "file" };
    const post = (parameters: object[]): ReturnType<typeof read> =>
      read({ swagger: "2.0", paths: { "/a": { post: { operationId: "make", parameters } } } });
    expect(post([field]).tool("ACME_MAKE").route?.body).toMatchObject({ type: "application/x-www-form-urlencoded" });
    expect(post([field, file]).tool("ACME_MAKE").route?.body).toMatchObject({ type: "multipart/form-data" });
    expect(post([field, file]).schema("ACME_MAKE")).toMatchObject({ required: ["note"] });
  });

  test("are sent as JSON where the API takes it, else as a form, else with files", () => {
    const schema = { type: "object", properties: { a: { type: "string" } } };
    const typeOf = (...types: string[]): unknown =>
      operation({ requestBody: { content: Object.fromEntries(types.map((type) => [type, { schema }])) } }).tool(
        "ACME_MAKE",
      ).route?.body?.type;
    expect(typeOf("application/xml", "multipart/form-data", "application/vnd.acme+json")).toBe(
      "application/vnd.acme+json",
    );
    expect(typeOf("application/merge-patch+json", "application/json")).toBe("application/json");
    expect(typeOf("multipart/form-data", "application/x-www-form-urlencoded")).toBe(
      "application/x-www-form-urlencoded",
    );
    expect(typeOf("*/*")).toBe("application/json");
    expect(typeOf("application/json-patch+json", "application/merge-patch+json", "application/xml")).toBe(
      "application/merge-patch+json",
    );
    expect(typeOf("application/json-patch+json")).toBe("application/json-patch+json");
  });
});

describe("what an operation says of itself", () => {
  test("is its hints, by method and by extension", () => {
    const item = (method: string, own: object = {}): object => ({ [method]: { operationId: method, ...own } });
    const hints = (method: string, own?: object): object =>
      read({ paths: { "/a": item(method, own) } }).toolkit.tools[0]!.hints;
    expect(hints("get")).toEqual({ readOnly: true });
    expect(hints("post")).toEqual({});
    expect(hints("put")).toEqual({ idempotent: true });
    expect(hints("delete")).toEqual({ idempotent: true, destructive: true });
    const own = { "x-toolbind": { readOnly: true, destructive: false, idempotent: "yes" } };
    expect(hints("post", own)).toEqual({ readOnly: true, destructive: false });
  });

  test("keeps it out where it asks for that", () => {
    expect(operation({ "x-toolbind": { exclude: true } }).slugs).toEqual([]);
  });

  test("is which credentials it takes", () => {
    const schemes = ["key", "login"].map((name) => ({ name, mode: "API_KEY" as const, fields: [] }));
    const security = [{ key: [] }, { login: ["read"], unknown: [] }];
    const of = (own: object): object =>
      read({ security, paths: { "/a": { get: { operationId: "get", ...own } } } }, { app: { schemes } }).tool(
        "ACME_GET",
      );
    expect(of({})).toMatchObject({ route: { security: [["key"]] }, scopes: ["read"], noAuth: false });
    expect(of({ security: [] })).toMatchObject({ route: { security: [] }, noAuth: true });
    expect(of({ security: [{}, { key: [] }] })).toMatchObject({ route: { security: [[], ["key"]] }, noAuth: true });
  });
});

describe("the schemes that an operation takes", () => {
  const schemes = ["key", "login"].map((name) => ({ name, mode: "BASIC" as const, fields: [] }));
  const admitted = (security: object[], leftOut: readonly string[] = ["digest", "mtls"]): unknown => {
    const paths = { "/a": { get: { operationId: "a", security } } };
    return read({ paths }, { app: { schemes }, leftOut: new Set(leftOut) }).tool("ACME_A").route?.security;
  };

  test("do not fall back to others for one that calls cannot satisfy", () => {
    expect(admitted([{ digest: [] }])).toEqual([[]]);
    expect(admitted([{ digest: [] }, { login: [] }])).toEqual([["login"]]);
    // What the connection is made with goes beside what the request carries.
    expect(admitted([{ mtls: [], key: [] }, { digest: [] }])).toEqual([["key"], []]);
  });

  test("are those of any, or none, where others say what they take and it says nothing", () => {
    const of = (b: object, more: object = {}): Read => {
      const paths = { "/a": { get: { operationId: "a" } }, "/b": { get: { operationId: "b", ...b } } };
      return read({ paths, ...more }, { app: { schemes } });
    };
    const found = of({ security: [{ key: [] }] }).tool("ACME_A");
    expect(found).toMatchObject({ route: { security: [["key"], ["login"], []] }, noAuth: true });
    // Where nothing is said of any, all may need them.
    expect(of({}).tool("ACME_A").route?.security).toBeUndefined();
    expect(of({ security: [{ other: [] }] }).tool("ACME_A").route?.security).toBeUndefined();
    expect(of({}, { security: [{ key: [] }] }).tool("ACME_A").route?.security).toEqual([["key"]]);
  });

  test("are one of several that send a token, as a request has room for one", () => {
    const fields = { fields: [] };
    const tokens = [
      { name: "implicit", mode: "BEARER_TOKEN" as const, ...fields },
      { name: "code", mode: "OAUTH2" as const, tokenUrl: "https://a.test", scopes: [], ...fields },
      { name: "key", mode: "API_KEY" as const, proxy: { query: { key: "{{api_key}}" } }, ...fields },
    ];
    const both = { implicit: ["a"], code: ["a"] };
    const security = [both, { implicit: ["b"], code: ["b"] }, { ...both, key: [] }];
    const paths = { "/a": { get: { operationId: "a", security } } };
    expect(read({ paths }, { app: { schemes: tokens } }).tool("ACME_A").route?.security).toEqual([
      ["implicit"],
      ["code"],
      ["implicit", "key"],
      ["code", "key"],
    ]);
  });

  test("are one of several that have one place in a request", () => {
    const header = (name: string, text: string): object => ({ proxy: { headers: { [name]: text } } });
    const all = [
      { name: "login", mode: "BASIC" as const, fields: [] },
      { name: "token", mode: "BEARER_TOKEN" as const, fields: [] },
      { name: "key", mode: "API_KEY" as const, fields: [], ...header("authorization", "{{key}}") },
      { name: "team", mode: "API_KEY" as const, fields: [], ...header("X-Team", "{{team}}") },
    ];
    const paths = { "/a": { get: { operationId: "a", security: [{ team: [], key: [], login: [], token: [] }] } } };
    expect(read({ paths }, { app: { schemes: all } }).tool("ACME_A").route?.security).toEqual([
      ["team", "key"],
      ["team", "login"],
      ["team", "token"],
    ]);
  });

  test("are any of the app's where it calls them by other names", () => {
    expect(admitted([{ other: [] }])).toBeUndefined();
    expect(admitted([{ digest: [] }], [])).toBeUndefined();
  });
});

test("bytes may be sent in any of the types that the API takes, beside text too", () => {
  const bodyOf = (...types: string[]): object => {
    const content = Object.fromEntries(types.map((type) => [type, { schema: { type: "string", format: "binary" } }]));
    const found = operation({ requestBody: { content } });
    const { properties } = found.schema("ACME_MAKE") as { readonly properties: { readonly body: unknown } };
    return { ...found.tool("ACME_MAKE").route?.body, schema: properties.body };
  };
  const bytes = { [BINARY]: "bytes" };
  expect(bodyOf("image/png")).toEqual({ type: "image/png", schema: bytes });
  expect(bodyOf("image/png", "image/jpeg")).toEqual({ type: "image/png", others: ["image/jpeg"], schema: bytes });
  const text = { anyOf: [{ type: "string" }, bytes] };
  expect(bodyOf("image/png", "text/plain", "image/*")).toEqual({
    type: "text/plain",
    others: ["image/png"],
    schema: text,
  });
});

test("parts that may be files or nothing take bytes or nothing", () => {
  const file = { type: "string", format: "binary" };
  const newer = { type: "string", contentMediaType: "application/octet-stream" };
  const nothing = { type: "null" };
  const schema = {
    type: "object",
    properties: {
      one: { anyOf: [file, nothing], title: "One" },
      list: { oneOf: [{ type: "array", items: newer }, nothing] },
      wrapped: { allOf: [file] },
      text: { anyOf: [{ type: "string" }, nothing] },
    },
  };
  const bytes = { [BINARY]: "bytes" };
  expect(operation({ requestBody: { content: { "multipart/form-data": { schema } } } }).schema("ACME_MAKE")).toEqual({
    type: "object",
    properties: {
      one: { anyOf: [bytes, nothing], title: "One" },
      list: { oneOf: [{ type: "array", items: bytes }, nothing] },
      wrapped: { allOf: [bytes] },
      text: schema.properties.text,
    },
  });
});

test("parts without a schema are files where their type is one of files, as TypeSpec has them", () => {
  const bytes = { [BINARY]: "bytes" };
  const properties = {
    any: { description: "Any." },
    image: {},
    list: { type: "array", items: {} },
    either: {},
    json: {},
    unsaid: {},
    counted: { minLength: 1 },
  };
  const encoding = {
    any: { contentType: "*/*" },
    image: { contentType: "image/png, image/*" },
    list: { contentType: "*/*" },
    either: { contentType: "application/json, image/png" },
    json: { contentType: "application/json" },
    counted: { contentType: "*/*" },
  };
  const content = { "multipart/form-data": { schema: { type: "object", properties }, encoding } };
  expect(operation({ requestBody: { content } }).schema("ACME_MAKE")).toEqual({
    type: "object",
    properties: {
      ...properties,
      any: { ...bytes, description: "Any." },
      image: bytes,
      list: { type: "array", items: bytes },
    },
  });
});

test("files that may be null are bytes or null, as each edition says it", () => {
  const bytes = { [BINARY]: "bytes" };
  const either = { anyOf: [bytes, { type: "null" }] };
  const of = (file: object, root: object): unknown => {
    const schema = { type: "object", properties: { file: { format: "binary", ...file } } };
    const found = operation({ requestBody: { content: { "multipart/form-data": { schema } } } }, root);
    return (found.schema("ACME_MAKE") as { properties: { file: unknown } }).properties.file;
  };
  expect(of({ type: "string", nullable: true }, { openapi: "3.0.3" })).toEqual(either);
  expect(of({ type: "string", nullable: true }, { openapi: "3.1.0" })).toEqual(bytes);
  expect(of({ type: ["string", "null"], description: "A." }, {})).toEqual({ ...either, description: "A." });
});

test("parts of a form that are described as a list, as Jira does, go by any name", () => {
  const schema = { type: "array", items: { type: "object", properties: { bytes: { type: "string" } } } };
  const of = (type: string): Read => operation({ requestBody: { required: true, content: { [type]: { schema } } } });
  const found = of("multipart/form-data");
  expect(found.schema("ACME_MAKE")).toEqual({ type: "object", properties: {}, additionalProperties: true });
  expect(found.tool("ACME_MAKE").route?.body).toEqual({ type: "multipart/form-data", flat: true, required: true });
  expect(of("multipart/mixed").schema("ACME_MAKE")).toMatchObject({ properties: { body: schema }, required: ["body"] });
});

test("fields of 2.0 may be lists of files, as NSwag has them", () => {
  const items = { type: "file" };
  const field = { name: "files", in: "formData", type: "array", collectionFormat: "multi", items };
  const found = operation({ consumes: ["multipart/form-data"], parameters: [field] }, { swagger: "2.0" });
  expect(found.tool("ACME_MAKE").route?.body?.type).toBe("multipart/form-data");
  expect(found.schema("ACME_MAKE")).toMatchObject({
    properties: { files: { type: "array", items: { [BINARY]: "bytes" } } },
  });
});

describe("files that only one of several types can hold", () => {
  const text = { type: "string" };
  const file = { type: "string", format: "binary" };
  const bytes = { [BINARY]: "bytes" };
  const object = (properties: object, more: object = {}): object => ({ type: "object", properties, ...more });
  const offered = (content: Readonly<Record<string, object>>, root: object = {}): Read =>
    operation({ requestBody: { content } }, root);
  const bodyOf = (found: Read): unknown => found.tool("ACME_MAKE").route?.body;

  test("are arguments beside those of the other", () => {
    const message = object({ content: text, kind: text, at: { type: "integer" } }, { required: ["content", "kind"] });
    const parts = {
      allOf: [
        object({ content: text, at: text }, { required: ["content"] }),
        object({ "files[0]": { type: "string", contentEncoding: "binary" }, image: file }),
      ],
    };
    const encoding = { image: { contentType: "image/png", headers: { "X-Checksum": { schema: text } } } };
    const found = offered({
      "multipart/form-data": { schema: parts, encoding },
      "application/json": { schema: message },
      "application/octet-stream": {},
    });
    expect(found.schema("ACME_MAKE")).toEqual({
      type: "object",
      properties: {
        content: text,
        kind: text,
        at: { anyOf: [{ type: "integer" }, text] },
        "files[0]": bytes,
        image: bytes,
        "X-Checksum": text,
      },
      required: ["content"],
    });
    expect(bodyOf(found)).toEqual({
      type: "application/json",
      flat: true,
      files: {
        type: "multipart/form-data",
        encoding: { image: { contentType: "image/png", headers: ["X-Checksum"] } },
      },
    });
  });

  test("are files where both types call them so, and one of two things where they differ", () => {
    const one = object({ file: { ...file, description: "One." }, list: { type: "array", items: file } });
    const same = offered({ "application/json": { schema: one }, "multipart/form-data": { schema: one } });
    expect(same.schema("ACME_MAKE")).toEqual(
      object({ file: { ...bytes, description: "One." }, list: { type: "array", items: bytes } }),
    );
    const other = object({ file: object({ url: text }), list: { ...text, description: "By name." } });
    const mixed = offered({ "application/json": { schema: other }, "multipart/form-data": { schema: one } });
    expect(mixed.schema("ACME_MAKE")).toEqual(
      object({
        file: { description: "One.", anyOf: [object({ url: text }), { ...bytes, description: "One." }] },
        list: {
          description: "By name.",
          anyOf: [
            { ...text, description: "By name." },
            { type: "array", items: bytes },
          ],
        },
      }),
    );
  });

  test("are in one of two bodies where one is not a plain object", () => {
    const choice = { oneOf: [object({ url: text }, { required: ["url"] }), { $ref: "#/components/schemas/Upload" }] };
    const root = { components: { schemas: { Upload: object({ file }, { required: ["file"] }) } } };
    const written = { oneOf: [choice.oneOf[0], object({ file: bytes }, { required: ["file"] })] };
    const schemaOf = (content: Readonly<Record<string, object>>): unknown =>
      (offered(content, root).schema("ACME_MAKE") as { properties: { body: unknown } }).properties.body;
    const multipart = { "multipart/form-data": { schema: choice } };
    expect(schemaOf(multipart)).toEqual(written);
    expect(schemaOf({ ...multipart, "application/json": { schema: choice } })).toEqual(written);
    const json = object({ name: text });
    expect(schemaOf({ ...multipart, "application/json": { schema: json } })).toEqual({ anyOf: [json, written] });
    const beside = { parameters: [{ name: "file", in: "query", schema: text }] };
    const upload = { schema: object({ file }) };
    const content = { "application/json": { schema: json }, "multipart/form-data": upload };
    expect(operation({ requestBody: { content }, ...beside }).schema("ACME_MAKE")).toEqual(
      object({ file: text, body: { anyOf: [json, object({ file: bytes })] } }, { additionalProperties: false }),
    );
  });

  test("are the body where they are offered whole", () => {
    const json = object({ name: text });
    const found = offered({
      "application/json": { schema: json },
      "application/pdf": {},
      "image/png": { schema: text },
    });
    expect(found.schema("ACME_MAKE")).toMatchObject({ properties: { body: { anyOf: [json, bytes] } } });
    expect(bodyOf(found)).toEqual({
      type: "application/json",
      files: { type: "application/pdf", others: ["image/png"] },
    });
  });

  test("are none where every type says the same", () => {
    const schema = object({ name: text });
    const alone = offered({ "application/json": { schema } });
    for (const type of ["multipart/form-data", "application/octet-stream", "application/x-www-form-urlencoded"]) {
      const found = offered({ [type]: { schema }, "application/json": { schema } });
      expect(found.schema("ACME_MAKE"), type).toEqual(alone.schema("ACME_MAKE"));
      expect(bodyOf(found), type).toEqual(bodyOf(alone));
    }
  });
});

describe("answers", () => {
  const data = (responses: object, own: object = {}): unknown =>
    operation({ responses, ...own }).schema("ACME_MAKE", "output");

  test("are those of success, each kind once", () => {
    const text = { type: "string" };
    expect(data({ 200: json(text), 404: json({ type: "object" }) })).toEqual(text);
    expect(data({ 200: json(text), 201: json(text) })).toEqual(text);
    expect(data({ 200: json(text), 202: { description: "later" } })).toEqual({ anyOf: [text, { type: "null" }] });
    expect(data({ "2XX": json(text) })).toEqual(text);
    expect(data({ default: json(text) })).toEqual(text);
    expect(data({ 200: { content: { "application/x-www-form-urlencoded": { schema: {} } } } })).toEqual(text);
    // As NestJS describes what it does not know the type of.
    for (const none of [{ 200: { description: "" } }, { 201: { content: {} }, 204: {} }]) {
      expect(data(none)).toBeUndefined();
    }
    // As Elysia describes answers that are empty.
    expect(data({ 200: { content: { type: "null" } } })).toBeUndefined();
    expect(data({ 204: { content: { type: "void" } } })).toEqual({ type: "null" });
    expect(data({ 200: { content: { type: "object", properties: {}, "text/plain": {} } } })).toEqual(text);
    expect(data({ 204: {} })).toEqual({ type: "null" });
    expect(data({ 204: json(text) })).toEqual({ type: "null" });
  });

  test("that nothing is said of are unknown", () => {
    expect(operation({ responses: {} }).tool("ACME_MAKE").output).toBeUndefined();
    expect(
      operation({ responses: { 200: { content: { "application/json": {} } } } }).tool("ACME_MAKE").output,
    ).toBeUndefined();
  });

  test("are asked for in the order in which a client can use them", () => {
    const content = { "image/png": {}, "text/csv": {}, "application/json": { schema: { type: "array" } } };
    const found = operation({ responses: { 200: { content } } }).tool("ACME_MAKE");
    expect(found.route?.accept).toEqual(["application/json"]);
    const files = { "application/pdf": {}, "image/png": {}, "text/event-stream": {} };
    expect(operation({ responses: { 200: { content: files } } }).tool("ACME_MAKE").route?.accept).toEqual([
      "application/pdf",
      "image/png",
    ]);
    expect(operation({ responses: { 204: {} } }).tool("ACME_MAKE").route).not.toHaveProperty("accept");
    const watched = { "application/json;stream=watch": { schema: { type: "object" } } };
    expect(operation({ responses: { 200: { content: watched } } }).schema("ACME_MAKE", "output")).toEqual({
      [BINARY]: "stream",
    });
    const both = operation({ responses: { 200: { content: { ...watched, "application/json": {} } } } });
    expect(both.tool("ACME_MAKE").route?.accept).toEqual(["application/json"]);
  });
});

describe("the servers of a description", () => {
  const servers = (root: object): unknown => read({ paths: {}, ...root }).toolkit.app?.description.servers;

  test("come with the variables that have values", () => {
    const variables = { zone: { default: "eu" }, size: { enum: ["s", "m"] }, account: { description: "Yours." } };
    expect(servers({ servers: [{ url: "https://{zone}.test/{size}/{account}", variables }] })).toEqual([
      {
        url: "https://{zone}.test/{size}/{account}",
        variables: { zone: { default: "eu" }, size: { default: "s", enum: ["s", "m"] } },
      },
    ]);
  });

  test("are asked with https where they can be", () => {
    const urls = ["http://a.test/v1", "https://b.test/v1", "https://a.test/v1"].map((url) => ({ url }));
    expect(servers({ servers: urls })).toEqual([urls[2], urls[0], urls[1]]);
    expect(servers({ servers: urls.slice(0, 2) })).toEqual(urls.slice(0, 2));
    const swagger = { swagger: "2.0", host: "a.test", schemes: ["http", "https"] };
    expect(servers(swagger)).toEqual([{ url: "https://a.test" }, { url: "http://a.test" }]);
  });

  test("have the values of their variables where those can stand", () => {
    const of = (url: string, fallback: string): unknown =>
      servers({ servers: [{ url, variables: { part: { default: fallback } } }] });
    const url = "https://api.test/{part}";
    expect(of(url, "/prod")).toEqual([{ url, variables: { part: { default: "prod" } } }]);
    expect(of("https://api.test{part}", "/prod")).toEqual([
      { url: "https://api.test{part}", variables: { part: { default: "/prod" } } },
    ]);
    for (const host of ["https://{part}.test", "{part}/v1"]) expect(of(host, "")).toEqual([{ url: host }]);
  });

  test("of 2.0 on this machine are asked without https, unless they say so", () => {
    const of = (host: string, more = {}): unknown => servers({ swagger: "2.0", host, ...more });
    expect(of("localhost:8080")).toEqual([{ url: "http://localhost:8080" }]);
    expect(of("localhost:8080", { schemes: ["https"] })).toEqual([{ url: "https://localhost:8080" }]);
    expect(of("localhost.test")).toEqual([{ url: "https://localhost.test" }]);
  });

  test("of Azure have parameters in their host", () => {
    const of = (host: object, more = {}): unknown =>
      servers({ swagger: "2.0", schemes: ["https"], "x-ms-parameterized-host": host, ...more });
    const parameters = { Endpoint: { name: "endpoint", in: "path", required: true, type: "string" } };
    const version = { name: "version", in: "path", required: true, type: "string", enum: ["v1", "v2"] };
    const listed = [{ $ref: "#/parameters/Endpoint" }, version];
    expect(
      of({ useSchemePrefix: false, hostTemplate: "{endpoint}/face/{version}", parameters: listed }, { parameters }),
    ).toEqual([{ url: "{endpoint}/face/{version}", variables: { version: { default: "v1", enum: ["v1", "v2"] } } }]);
    expect(of({ hostTemplate: "{account}.test" }, { basePath: "/api" })).toEqual([
      { url: "https://{account}.test/api" },
    ]);
  });

  test("of 2.0 are addresses however host and path are written", () => {
    const swagger = { swagger: "2.0", host: "https://a.test/", basePath: "v1", schemes: ["https"] };
    expect(servers(swagger)).toEqual([{ url: "https://a.test/v1" }]);
  });
});

describe("the servers of an operation", () => {
  const proxy = { baseUrl: "https://{{sub}}.test" };
  const placed = { app: { schemes: [{ name: "n", mode: "NO_AUTH" as const, fields: [], proxy }] } };
  const servers = (description: object, facts = {}): unknown => read(description, facts).tool("ACME_A").route?.servers;

  test("are its own, or those of its path", () => {
    const [own, ofPath] = [{ servers: [{ url: "https://own.test" }] }, { servers: [{ url: "https://path.test" }] }];
    expect(servers({ paths: { "/a": { get: { operationId: "a", ...own }, ...ofPath } } })).toEqual(own.servers);
    expect(servers({ paths: { "/a": { get: { operationId: "a" }, ...ofPath } } }, placed)).toEqual(ofPath.servers);
  });

  test("that only repeat the description's are dropped", () => {
    const root = { servers: [{ url: "https://api.test/" }] };
    const item = { get: { operationId: "a" }, servers: [{ url: "https://api.test" }] };
    expect(servers({ ...root, paths: { "/a": item } })).toBeUndefined();
  });

  test("of 2.0 name another host in no case, so that an integration's holds", () => {
    const root = { swagger: "2.0", host: "a.test", schemes: ["https"] };
    const paths = { "/a": { get: { operationId: "a", schemes: ["http"] } } };
    expect(servers({ ...root, paths })).toEqual([{ url: "http://a.test" }]);
    expect(servers({ ...root, paths }, placed)).toBeUndefined();
  });
});

describe("what OpenAPI 3.2 says by addresses", () => {
  test("of itself leads to itself", () => {
    const response = json({ $ref: "https://api.test/v1/api.json#/components/schemas/A" });
    const root = { openapi: "3.2.0", $self: "https://api.test/v1/api.json", components: { schemas: { A: {} } } };
    const found = operation({ responses: { 200: response } }, root);
    expect(found.diagnostics).toEqual([]);
    expect(found.schema("ACME_MAKE", "output")).toEqual({ $ref: "#/components/schemas/A" });
  });

  test("of security schemes means those", () => {
    const schemes = ["a", "b"].map((name) => ({ name, mode: "BASIC" as const, fields: [] }));
    const security = [{ "#/components/securitySchemes/b": [] }];
    const description = { openapi: "3.2.0", paths: { "/a": { get: { operationId: "a", security } } } };
    expect(read(description, { app: { schemes } }).tool("ACME_A").route?.security).toEqual([["b"]]);
  });
});

describe("faults", () => {
  test("in one operation leave that one out, with its place", () => {
    const found = read({
      paths: {
        "/a": { get: { operationId: "a", parameters: [{ $ref: "#/components/parameters/None" }] } },
        "/b": { get: { operationId: "b" } },
        "/c": { get: { operationId: "c", parameters: [{ name: "x" }] }, post: "nonsense" },
        "/d": { $ref: "#/paths/~1d" },
      },
    });
    expect(found.slugs).toEqual(["ACME_B"]);
    expect(found.diagnostics.map(({ code, at, message }) => [code, at?.line, message.split(" at ")[0]])).toEqual([
      ["TB2031", 13, "GET /a left out"],
      ["TB2031", 27, "GET /c left out"],
      ["TB2031", 32, "POST /c left out"],
      ["TB2031", 34, "/d left out"],
    ]);
  });

  test("are methods that are any, as API Gateway exports them", () => {
    const any = { responses: { default: { description: "" } } };
    const paths = { "/a": { get: { operationId: "a" } }, "/{proxy+}": { "x-amazon-apigateway-any-method": any } };
    const found = read({ paths });
    expect(found.slugs).toEqual(["ACME_A"]);
    expect(found.diagnostics.map(({ message }) => message.replace(/ at \S+:/, ":"))).toEqual([
      "ANY /{proxy+} left out: expected a method, received any. Fix: describe it once for each method that it takes, such as `get`.",
    ]);
  });

  test("are methods among the additional ones of 3.2 that have fields of their own", () => {
    const additionalOperations = {
      POST: { operationId: "p" },
      QUERY: { operationId: "q" },
      COPY: { operationId: "c" },
    };
    const found = read({ openapi: "3.2.0", paths: { "/a": { post: { operationId: "a" }, additionalOperations } } });
    expect(found.slugs).toEqual(["ACME_A", "ACME_C"]);
    expect(found.diagnostics.map(({ code, message }) => `${code} ${message.replace(/ at \S+:/, ":")}`)).toEqual([
      "TB2031 POST /a left out: expected a method without a field of its own, received POST. Fix: describe it as `post` of the path.",
      "TB2031 QUERY /a left out: expected a method without a field of its own, received QUERY. Fix: describe it as `query` of the path.",
    ]);
  });

  test("are descriptions without anything to call", () => {
    const hook = { post: { responses: {} } };
    const messages = (root: object): string[] =>
      read(root).diagnostics.map(({ code, message }) => `${code} ${message}`);
    expect(messages({ webhooks: { hook } })).toEqual([
      "TB2032 Description has no operations at api.json:7:15: expected methods of paths, received webhooks, which are requests that the API sends. Fix: add operations under `paths`, or use a description that has some.",
    ]);
    expect(messages({ paths: {} })).toEqual([expect.stringMatching(/^TB2032 .*received none/)]);
    // What is there and left out is told of already, or meant.
    expect(messages({ paths: { "/a": "none" } })).toEqual([expect.stringMatching(/^TB2031/)]);
    expect(messages({ paths: { "/a": { get: { "x-toolbind": { exclude: true } } } } })).toEqual([]);
  });

  test("are methods that no program can send, unless they are left out on purpose", () => {
    const others = { CONNECT: { operationId: "c" }, Trace: { operationId: "d" }, LINK: { operationId: "l" } };
    const excluded = { trace: { operationId: "x", "x-toolbind": { exclude: true } } };
    const item = { get: { operationId: "a" }, trace: { operationId: "b" }, additionalOperations: others };
    const found = read({ openapi: "3.2.0", paths: { "/a": item, "/b": excluded } });
    expect(found.slugs).toEqual(["ACME_A", "ACME_L"]);
    expect(found.diagnostics.map(({ code, message }) => [code, message.split(" left out")[0]])).toEqual([
      ["TB2031", "ACME_B"],
      ["TB2031", "ACME_C"],
      ["TB2031", "ACME_D"],
    ]);
    expect(found.diagnostics[0]?.message).toContain(
      "expected a method that programs can send, received TRACE. Fix: leave it out, with `x-toolbind: { exclude: true }`.",
    );
  });

  test("lend an app without a title its slug as a name", () => {
    expect(read({ paths: {}, info: { version: "1" } }).toolkit).toMatchObject({ slug: "acme", name: "acme" });
  });

  test.each([
    [{ info: { title: "A" } }, "Description has no `info.version` at api.json:3:11"],
    [{ openapi: "4.0.0" }, 'expected swagger "2.0", or openapi 3.0 to 3.2, received "4.0.0"'],
    [{ openapi: undefined }, "received neither `openapi` nor `swagger`"],
  ])("of the whole are refused: %j", (parts, message) => {
    expect(() => read({ paths: {}, ...parts })).toThrow(
      expect.objectContaining({ code: "TB2030", message: expect.stringContaining(message) as string }),
    );
  });
});
