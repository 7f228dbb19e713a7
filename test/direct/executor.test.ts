import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { previewRequest } from "../../runtime/call.js";
import type { App, Authoriser, AuthScheme } from "../../runtime/direct/app.js";
import {
  ConfigurationError,
  type Connection,
  ConnectionError,
  type ConnectionStore,
  createClient,
  InputValidationError,
  MissingCredentialsError,
  NotFoundError,
  OutputValidationError,
  RateLimitError,
  StatusError,
  TimeoutError,
  UnexpectedResponseError,
} from "../../runtime/index.js";
import * as z from "../../runtime/z.js";
import { everythingIn, failureOf } from "../runtime/support.js";
import {
  API_KEY,
  type Args,
  appAt,
  clientWith,
  field,
  json,
  KEY,
  startUpstream,
  toolOf,
  type Upstream,
} from "./support.js";

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
beforeEach(() => {
  upstream.received.length = 0;
  upstream.answer = (_, response) => json(response, { ok: true });
  for (const name of ["COMPOSIO_API_KEY", "COMPOSIO_USER_ID", "COMPOSIO_BASE_URL"]) vi.stubEnv(name, "");
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => upstream.close());

const last = () => upstream.received.at(-1)!;
const open = (): App => appAt(upstream.url);
const keyed = (...schemes: AuthScheme[]): App => appAt(upstream.url, ...(schemes.length > 0 ? schemes : [API_KEY]));

describe("a direct call", () => {
  it("asks the app's own API, with path, query, headers and credentials in their places", async () => {
    const app = {
      ...keyed(),
      servers: [{ url: `${upstream.url}/{version}/`, variables: { version: { default: "v1" } } }],
    };
    const tool = toolOf(app, {
      method: "GET",
      path: "/repos/{owner}/{repo}",
      pathParams: [{ arg: "repository", name: "repo" }],
      query: ["labels", { arg: "filter", style: "deepObject" }],
      headers: [{ arg: "trace", name: "X-Trace" }],
      cookies: ["session"],
      accept: ["application/json", "text/plain"],
    });
    const args = {
      owner: "a/b",
      repository: "c d",
      labels: ["x", "y"],
      filter: { state: "open" },
      trace: "t",
      session: "s 1",
    };
    expect(await tool(args, { client: clientWith() })).toEqual({ ok: true });
    expect(last()).toMatchObject({
      method: "GET",
      url: "/v1/repos/a%2Fb/c%20d?labels=x&labels=y&filter%5Bstate%5D=open",
      headers: { "x-api-key": KEY, "x-trace": "t", cookie: "session=s%201", accept: "application/json, text/plain" },
    });
    expect(last().headers["content-type"]).toBeUndefined();
    expect(last().body.length).toBe(0);
  });

  it("needs neither a platform key, nor a user, nor a version", async () => {
    const { data, version, status, attempts, headers, drift } = await toolOf(open(), {
      method: "GET",
      path: "/",
    }).withResponse();
    expect({ data, version, status, attempts, drift }).toEqual({
      data: { ok: true },
      version: "",
      status: 200,
      attempts: 1,
      drift: [],
    });
    expect(headers.get("content-type")).toBe("application/json");
  });

  it("ignores the environment's settings of the platform", async () => {
    vi.stubEnv("COMPOSIO_BASE_URL", "no url");
    vi.stubEnv("COMPOSIO_TOOLKIT_VERSION_ACME", "20250101_00");
    expect((await toolOf(open(), { method: "GET", path: "/" }).withResponse()).version).toBe("");
  });

  it("checks arguments first, and data afterwards", async () => {
    const tool = toolOf(
      open(),
      { method: "POST", path: "/", body: { type: "application/json", flat: true } },
      { input: () => z.strictObject({ a: z.string() }), output: () => z.looseObject({ id: z.string() }) },
    );
    const wrong = await failureOf(tool({ a: 1 }));
    expect(wrong).toBeInstanceOf(InputValidationError);
    expect(upstream.received).toEqual([]);
    expect((await tool.withResponse({ a: "x", b: undefined })).drift).toMatchObject([{ pointer: "/id" }]);
    const strict = await failureOf(tool({ a: "x" }, { validate: { output: "strict" } }));
    expect(strict).toBeInstanceOf(OutputValidationError);
  });

  it("has no arguments in natural language", async () => {
    const error = await failureOf(toolOf(open(), { method: "GET", path: "/" }).fromText("do it"));
    expect(error).toBeInstanceOf(InputValidationError);
    expect(error.message).toMatch(/called directly/);
    expect(upstream.received).toEqual([]);
  });

  it("refuses a path argument that is empty, absent, or would leave its segment", async () => {
    const tool = toolOf(open(), { method: "GET", path: "/a/{id}/b" });
    for (const id of ["", undefined, null, "..", ".", [], {}]) {
      const error = await failureOf(tool({ id }));
      expect(error, String(id)).toBeInstanceOf(InputValidationError);
      expect(error.message).toContain("id");
    }
    const cut = toolOf(open(), { method: "GET", path: "/a/{id};{version}/b" });
    expect(await failureOf(cut({ id: "..", version: "1" }))).toBeInstanceOf(InputValidationError);
    expect(upstream.received).toEqual([]);
  });

  it("writes a whole query, fixed parts of the path, and what a scheme puts into the path", async () => {
    const scheme: AuthScheme = { ...API_KEY, proxy: { path: { team: "{{api_key}}" }, query: { k: "{{api_key}}" } } };
    const route = { method: "GET", path: "/{team}/x?fixed=1&k=0#part", querystring: { arg: "all" } };
    const client = createClient({ apps: { acme: { api_key: "a/b" } } });
    await toolOf(keyed(scheme), route)({ team: "other", all: { a: ["1", "2"], b: "x y" } }, { client });
    expect(last().url).toBe("/a%2Fb/x?fixed=1&a=1&a=2&b=x+y&k=a%2Fb");
    const jsonpath = { ...route, querystring: { arg: "all", content: "application/jsonpath" } };
    await toolOf(keyed(scheme), jsonpath)({ all: "$.a.b[1:1]" }, { client });
    expect(last().url).toBe("/a%2Fb/x?fixed=1&%24.a.b%5B1%3A1%5D&k=a%2Fb");
  });

  it("sends bodies with every method that has one, and refuses methods that cannot be sent", async () => {
    const body = { type: "application/json", flat: true } as const;
    for (const method of ["PATCH", "DELETE", "QUERY"]) {
      await toolOf(open(), { method, path: "/", body })({ a: 1 });
      expect([last().method, last().body.toString()]).toEqual([method, '{"a":1}']);
    }
    const error = await failureOf(toolOf(open(), { method: "TRACE", path: "/" })({}));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(await failureOf(toolOf(open(), { method: "GET", path: "/", body })({ a: 1 }))).toBeInstanceOf(
      InputValidationError,
    );
  });

  it("refuses header values that a header cannot hold", async () => {
    const tool = toolOf(open(), { method: "GET", path: "/", headers: ["x-a", "host"] });
    for (const args of [{ "x-a": "a\r\nb: c" }, { "x-a": "\u0100" }, { host: "evil.example" }]) {
      expect(await failureOf(tool(args))).toBeInstanceOf(InputValidationError);
    }
    expect(upstream.received).toEqual([]);
  });

  it("sends a call's headers and idempotency key, but not those that are the platform's", async () => {
    const client = createClient({ headers: { "x-gateway": "g" } });
    const tool = toolOf(open(), { method: "POST", path: "/" });
    await tool({}, { client, headers: { "x-mine": "m", "content-type": "text/html" }, idempotencyKey: "k" });
    expect(last().headers).toMatchObject({ "x-mine": "m", "idempotency-key": "k" });
    expect(last().headers["x-gateway"]).toBeUndefined();
    expect(last().headers["content-type"]).toBeUndefined();
  });
});

describe("a body", () => {
  const send = async (body: object, args: Args) => {
    await toolOf(open(), { method: "POST", path: "/{id}", query: ["q"], body: body as never })(args);
    const { headers, body: bytes } = last();
    return { type: headers["content-type"], text: bytes.toString() };
  };

  it("is JSON: every argument that is not a parameter, or the argument `body`", async () => {
    const type = "application/vnd.acme+json";
    expect(await send({ type, flat: true }, { id: 1, q: 2, a: { b: null }, c: undefined })).toEqual({
      type,
      text: '{"a":{"b":null}}',
    });
    expect(await send({ type }, { id: 1, body: [1, "x"] })).toEqual({ type, text: '[1,"x"]' });
    expect(await send({ type }, { id: 1, body: null })).toEqual({ type, text: "null" });
    expect(await send({ type, flat: true }, { id: 1 })).toEqual({ type: undefined, text: "" });
    expect(await send({ type, flat: true, required: true }, { id: 1 })).toEqual({ type, text: "{}" });
  });

  it("is a form", async () => {
    const type = "application/x-www-form-urlencoded";
    expect(await send({ type, flat: true }, { id: 1, a: "x y", b: ["1", "2"], c: { d: [{ e: 1 }] } })).toEqual({
      type,
      text: "a=x+y&b=1&b=2&c%5Bd%5D%5B0%5D%5Be%5D=1",
    });
  });

  it("is text, XML, lines of JSON or bytes, as they are", async () => {
    expect(await send({ type: "text/plain" }, { id: 1, body: "é" })).toEqual({ type: "text/plain", text: "é" });
    expect(await send({ type: "application/xml" }, { id: 1, body: "<a/>" })).toEqual({
      type: "application/xml",
      text: "<a/>",
    });
    expect(await send({ type: "application/x-ndjson" }, { id: 1, body: [{ a: 1 }, 2] })).toEqual({
      type: "application/x-ndjson",
      text: '{"a":1}\n2\n',
    });
    const bytes = new TextEncoder().encode("bytes");
    for (const body of [bytes, bytes.buffer, new Blob([bytes], { type: "image/png" }), new Blob([bytes]).stream()]) {
      expect(await send({ type: "application/pdf" }, { id: 1, body })).toEqual({
        type: "application/pdf",
        text: "bytes",
      });
    }
    const png = new Blob([bytes], { type: "image/png" });
    expect(await send({ type: "image/*" }, { id: 1, body: png })).toEqual({ type: "image/png", text: "bytes" });
    expect(await send({ type: "*/*" }, { id: 1, body: bytes })).toMatchObject({ type: "application/octet-stream" });
  });

  it("is of the type that bytes have where the API takes it beside others", async () => {
    const typeOf = async (body: unknown, type: string, ...others: string[]) =>
      (await send({ type, others }, { id: 1, body })).type;
    const jpeg = new Blob(["j"], { type: "image/jpeg" });
    expect(await typeOf(jpeg, "image/png", "image/jpeg")).toBe("image/jpeg");
    expect(await typeOf(new Blob(["g"], { type: "image/gif" }), "image/png", "image/jpeg")).toBe("image/png");
    expect(await typeOf(new Uint8Array(1), "image/png", "image/jpeg")).toBe("image/png");
    expect(await typeOf("text", "text/plain", "application/pdf", "image/png")).toBe("text/plain");
    expect(await typeOf(new Uint8Array(1), "text/plain", "application/pdf", "image/png")).toBe("application/pdf");
    expect(await typeOf(new Blob(["t"], { type: "text/plain;charset=utf-8" }), "text/plain", "image/png")).toBe(
      "text/plain;charset=utf-8",
    );
  });

  it("keeps its type where a scheme says one of every request, which only other JSON is", async () => {
    const typeOf = async (said: string, type: string, args: Args) => {
      const scheme: AuthScheme = {
        name: "n",
        mode: "NO_AUTH",
        fields: [],
        proxy: { headers: { "Content-Type": said } },
      };
      const tool = toolOf(appAt(upstream.url, scheme), { method: "POST", path: "/", body: { type, flat: true } });
      await tool(args);
      return last().headers["content-type"];
    };
    const json = "application/json";
    expect(await typeOf(json, "application/x-www-form-urlencoded", { a: 1 })).toBe("application/x-www-form-urlencoded");
    expect(await typeOf(json, "multipart/form-data", { a: new Blob(["x"]) })).toMatch(
      /^multipart\/form-data; boundary=/,
    );
    expect(await typeOf("application/vnd.acme+json", json, { a: 1 })).toBe("application/vnd.acme+json");
    expect(await typeOf("text/html", json, { a: 1 })).toBe(json);
  });

  it("is refused where its type cannot hold it", async () => {
    const xml = toolOf(open(), { method: "POST", path: "/", body: { type: "application/xml" } });
    const plain = toolOf(open(), { method: "POST", path: "/", body: { type: "application/json", flat: true } });
    for (const call of [xml({ body: { a: 1 } }), plain({ file: new Blob(["x"]) })]) {
      expect(await failureOf(call)).toBeInstanceOf(InputValidationError);
    }
    expect(upstream.received).toEqual([]);
  });

  it("is refused as parts where it is written out and nothing says how its parts are told apart", async () => {
    const type = "multipart/form-data";
    const post = toolOf(open(), { method: "POST", path: "/", body: { type } });
    for (const body of ["text", new Blob(["x"]), new Uint8Array([1])]) {
      const error = await failureOf(post({ body }));
      expect(error).toBeInstanceOf(InputValidationError);
      expect(error.message).toContain("pass its parts as an object");
    }
    expect(upstream.received).toEqual([]);
    const written = '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n';
    const own = `${type}; boundary=b`;
    expect(await send({ type }, { id: 1, body: new Blob([written], { type: own }) })).toMatchObject({ type: own });
    expect(await send({ type: own }, { id: 1, body: written })).toMatchObject({ type: own });
  });

  describe("of parts", () => {
    /** The parts as another implementation reads them. */
    const parts = async (body: object, args: Args) => {
      const { type } = await send({ type: "multipart/form-data", flat: true, ...body }, { id: 1, ...args });
      const form = await new Response(new Uint8Array(last().body), { headers: { "content-type": type! } }).formData();
      return Promise.all(
        [...form].map(async ([name, value]) =>
          typeof value === "string" ? [name, value] : [name, value.name, value.type, await value.text()],
        ),
      );
    };

    it("takes texts, files, lists and objects", async () => {
      const file = new File(["data"], 'a"b\r\n.txt', { type: "text/csv" });
      const found = await parts(
        {},
        { title: "x\r\ny", n: 1, skip: undefined, none: null, file, raw: new Uint8Array([65]), tags: ["a", "b"] },
      );
      expect(found).toEqual([
        ["title", "x\r\ny"],
        ["n", "1"],
        ["file", expect.stringContaining("a"), "text/csv", "data"],
        ["raw", "raw", "application/octet-stream", "A"],
        ["tags", "a"],
        ["tags", "b"],
      ]);
    });

    it("uses the description's media types, and no file name where there is no file", async () => {
      const encoding = {
        meta: { contentType: "application/json; charset=utf-8" },
        icon: { contentType: "image/png, image/jpeg" },
      };
      const icon = new Blob(["i"], { type: "image/jpeg" });
      await parts({ encoding }, { meta: { a: [1] }, plain: { b: 1 }, icon });
      const text = last().body.toString();
      expect(text).toContain('name="meta"\r\nContent-Type: application/json; charset=utf-8\r\n\r\n{"a":[1]}\r\n');
      expect(text).toContain('name="plain"\r\nContent-Type: application/json\r\n\r\n{"b":1}\r\n');
      expect(text).toContain('name="icon"; filename="icon"\r\nContent-Type: image/jpeg\r\n\r\ni\r\n');
    });

    it("streams what is a stream", async () => {
      const found = await parts({}, { a: "x", file: new Blob(["streamed"]).stream(), b: "y" });
      expect(found).toEqual([
        ["a", "x"],
        ["file", "file", "application/octet-stream", "streamed"],
        ["b", "y"],
      ]);
      expect(last().headers["transfer-encoding"]).toBe("chunked");
    });

    it("lets no name or value begin a part", async () => {
      const name = 'a"\r\nContent-Type: text/html\r\n\r\n--x';
      const found = await parts(
        {},
        { [name]: 'v\r\n--toolbind-1\r\nContent-Disposition: form-data; name="z"\r\n\r\nw' },
      );
      expect(found).toHaveLength(1);
    });
  });

  it("is refused where it holds what would be lost, as is a query", async () => {
    const json = toolOf(open(), { method: "POST", path: "/", body: { type: "application/json" }, query: ["q"] });
    const form = toolOf(open(), { method: "POST", path: "/", body: { type: "multipart/form-data" } });
    const collections = [
      new Map([["a", 1]]),
      new Set([1]),
      new URLSearchParams("a=1"),
      Float32Array.of(1),
      new FormData(),
    ];
    for (const each of collections) {
      for (const failing of [json({ body: { deep: [each] } }), json({ q: each }), form({ body: { part: each } })]) {
        expect(await failureOf(failing)).toBeInstanceOf(InputValidationError);
      }
    }
    expect(await failureOf(form({ body: new FormData() }))).toBeInstanceOf(InputValidationError);
    expect(upstream.received).toHaveLength(0);
    class Point {
      readonly x = 1;
      readonly tags = Object.assign(new Map(), { toJSON: () => ["a"] });
    }
    await json({ body: new Point() });
    expect(last().body.toString()).toBe('{"x":1,"tags":["a"]}');
  });

  it("that holds itself is refused where it may be one of two types", async () => {
    const body = { type: "application/json", files: { type: "multipart/form-data" } };
    const tool = toolOf(open(), { method: "POST", path: "/", body });
    const loop: Record<string, unknown> = {};
    for (const key of ["a", "b", "c"]) loop[key] = loop;
    expect(await failureOf(tool({ body: loop }))).toMatchObject({
      message: expect.stringContaining("is not valid JSON") as string,
    });
  });

  it("that is a stream is sent once, whatever fails", async () => {
    const stream = () => new Blob(["x"]).stream();
    const tool = toolOf(
      open(),
      { method: "PUT", path: "/", body: { type: "text/plain" } },
      { hints: { idempotent: true } },
    );
    upstream.answer = (_, response) => json(response, {}, 503);
    expect(await failureOf(tool({ body: stream() }))).toMatchObject({ attempts: 1, status: 503 });
    expect(upstream.received).toHaveLength(1);
    const parts = toolOf(
      open(),
      { method: "PUT", path: "/", body: { type: "multipart/form-data" } },
      { hints: { idempotent: true } },
    );
    expect(await failureOf(parts({ body: { more: [stream()] } }))).toMatchObject({ attempts: 1, status: 503 });
    upstream.received.length = 1;
    upstream.answer = (_, response) => response.writeHead(307, { location: "/b" }).end();
    expect(await failureOf(tool({ body: stream() }))).toBeInstanceOf(ConnectionError);
    expect(upstream.received).toHaveLength(2);
  });
});

describe("a stream", () => {
  const form = { type: "multipart/form-data", flat: true } as const;
  const bytes = { type: "application/octet-stream" };

  it.each([
    ["before it is sent", form, 1, ["a", "b"]],
    ["while it is sent", form, 20, ["a", "b"]],
    ["before it is sent alone", bytes, 1, ["body"]],
    ["while it is sent alone", bytes, 20, ["body"]],
  ])("is let go of where the call is aborted %s", async (_, body, chunks, names) => {
    const abort = new AbortController();
    const cancelled: string[] = [];
    let count = 0;
    const endless = (name: string) =>
      new ReadableStream<Uint8Array>({
        pull: async (controller) => {
          if (++count >= chunks) abort.abort();
          await new Promise((resolve) => setImmediate(resolve));
          controller.enqueue(new Uint8Array(1));
        },
        cancel: () => void cancelled.push(name),
      });
    const tool = toolOf(open(), { method: "POST", path: "/", body });
    const args = Object.fromEntries(names.map((name) => [name, endless(name)]));
    expect((await failureOf(tool(args, { signal: abort.signal }))).code).toBe("TB5022");
    await vi.waitFor(() => expect(cancelled.sort()).toEqual(names));
  });

  it("is let go of where the app refuses it before its end", async () => {
    const server = createServer((_, response) => response.writeHead(413, { connection: "close" }).end("{}"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const cancel = vi.fn();
    const pull = (controller: ReadableStreamDefaultController) => controller.enqueue(new Uint8Array(1024));
    const tool = toolOf(appAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), {
      method: "POST",
      path: "/",
      body: bytes,
    });
    expect(await failureOf(tool({ body: new ReadableStream({ pull, cancel }) }))).toMatchObject({ status: 413 });
    await vi.waitFor(() => expect(cancel).toHaveBeenCalledOnce());
    server.closeAllConnections();
    server.close();
  });

  it("that someone else reads is refused", async () => {
    const body = new Blob(["x"]).stream();
    body.getReader();
    const failure = await failureOf(toolOf(open(), { method: "POST", path: "/", body: bytes })({ body }));
    expect(failure).toBeInstanceOf(InputValidationError);
    expect(failure.message).toContain("being read already");
    expect(upstream.received).toHaveLength(0);
  });

  it("is let go of where nothing can be sent", async () => {
    const cancel = vi.fn();
    const tool = toolOf(appAt("http://127.0.0.1:9"), { method: "POST", path: "/", body: bytes });
    const failure = await failureOf(tool({ body: new ReadableStream({ cancel }) }));
    expect(failure).toBeInstanceOf(ConnectionError);
    expect(cancel).toHaveBeenCalledOnce();
  });
});

describe("credentials", () => {
  const get = (app: App, facts: object = {}) => toolOf(app, { method: "GET", path: "/", ...facts });

  it("come from the call, the client, the environment, or a default, in this order", async () => {
    const region = field("region", { required: false, secret: false, default: "eu" });
    const scheme = {
      ...API_KEY,
      fields: [field("api_key"), region],
      proxy: { headers: { "x-a": "{{api_key}} {{region}}" } },
    };
    const tool = get(keyed(scheme as AuthScheme));
    vi.stubEnv("ACME_API_KEY", "from-env");
    await tool({});
    expect(last().headers["x-a"]).toBe("from-env eu");
    vi.stubEnv("ACME_REGION", "us");
    const client = createClient({ apps: { acme: { api_key: async () => "from-client" } } });
    await tool({}, { client });
    expect(last().headers["x-a"]).toBe("from-client us");
    await tool({}, { client, app: { api_key: "from-call" } });
    expect(last().headers["x-a"]).toBe("from-call us");
  });

  it("are asked for before each call where they are functions", async () => {
    let count = 0;
    const client = createClient({ apps: { acme: { api_key: () => `key-${++count}` } } });
    await get(keyed())({}, { client });
    await get(keyed())({}, { client });
    expect(upstream.received.map(({ headers }) => headers["x-api-key"])).toEqual(["key-1", "key-2"]);
  });

  it("that are missing are named before anything is sent", async () => {
    const error = await failureOf(get(keyed())({}));
    expect(error).toBeInstanceOf(MissingCredentialsError);
    expect(error.code).toBe("TB5006");
    expect(error.message).toMatch(/api_key/);
    expect(error.message).toMatch(/ACME_API_KEY/);
    expect(error.message).toMatch(/toolbind connect acme/);
    expect(upstream.received).toEqual([]);
  });

  it("go where their mode says, unless the scheme places them", async () => {
    const basic: AuthScheme = {
      name: "b",
      mode: "BASIC",
      fields: [field("username"), field("password", { required: false })],
    };
    const bearer: AuthScheme = { name: "t", mode: "BEARER_TOKEN", fields: [field("token")] };
    const oauth: AuthScheme = { name: "o", mode: "OAUTH2", fields: [], tokenUrl: "https://a.example", scopes: [] };
    const placed: AuthScheme = {
      ...bearer,
      proxy: { query: { "access token": "{{token}}" }, cookies: { c: "{{token}}" } },
    };
    const app = { username: "ü", password: "p:w", token: "T", access_token: "A" };
    const client = createClient({ apps: { acme: app } });
    await get(keyed(basic))({}, { client });
    expect(last().headers.authorization).toBe(`Basic ${Buffer.from("ü:p:w").toString("base64")}`);
    await get(keyed(bearer))({}, { client });
    expect(last().headers.authorization).toBe("Bearer T");
    await get(keyed(oauth))({}, { client });
    expect(last().headers.authorization).toBe("Bearer A");
    await get(keyed(placed), { query: ["access token"], cookies: ["c"] })(
      { "access token": "no", c: "no" },
      { client },
    );
    expect(last()).toMatchObject({ url: "/?access%20token=T", headers: { cookie: "c=T" } });
    expect(last().headers.authorization).toBeUndefined();
  });

  it("are those of the first scheme that the route takes and that has all fields", async () => {
    const other: AuthScheme = {
      ...API_KEY,
      name: "other",
      fields: [field("other")],
      proxy: { headers: { "x-other": "{{other}}" } },
    };
    const app = keyed(API_KEY, other);
    const sent = async (apps: object, facts: object = {}) => {
      await get(app, facts)({}, { client: createClient({ apps: { acme: apps as never } }) });
      return { key: last().headers["x-api-key"], other: last().headers["x-other"] };
    };
    expect(await sent({ other: "o" })).toEqual({ key: undefined, other: "o" });
    expect(await sent({ other: "o", api_key: "k" })).toEqual({ key: "k", other: undefined });
    expect(await sent({ other: "o", api_key: "k", authScheme: "other" })).toEqual({ key: undefined, other: "o" });
    expect(await sent({ other: "o", api_key: "k" }, { security: [["other"]] })).toEqual({ key: undefined, other: "o" });
    expect(await sent({ other: "o", api_key: "k" }, { security: [["api_key", "other"]] })).toEqual({
      key: "k",
      other: "o",
    });
    expect(await sent({}, { security: [] })).toEqual({ key: undefined, other: undefined });
    expect(await sent({ api_key: "k" }, { security: [] })).toEqual({ key: undefined, other: undefined });
    expect(await sent({}, { security: [[], ["api_key"]] })).toEqual({ key: undefined, other: undefined });
    expect(await sent({ api_key: "k" }, { security: [[], ["api_key"]] })).toEqual({ key: "k", other: undefined });
    expect(await failureOf(sent({ api_key: "k", authScheme: "none" }))).toBeInstanceOf(ConfigurationError);
  });

  it("belong to one user where a store keeps them, and to no other", async () => {
    const kept = new Map<string, Connection>([["acme alice", { scheme: "api_key", fields: { api_key: "alices" } }]]);
    const connections: ConnectionStore = {
      get: (app, user) => kept.get(`${app} ${user}`),
      set: () => {},
    };
    vi.stubEnv("ACME_API_KEY", "shared");
    const client = createClient({ connections });
    const tool = get(keyed());
    await tool({}, { client: client.forUser("alice") });
    expect(last().headers["x-api-key"]).toBe("alices");
    await tool({}, { client });
    expect(last().headers["x-api-key"]).toBe("shared");
    const error = await failureOf(tool({}, { client: client.forUser("bob") }));
    expect(error).toBeInstanceOf(MissingCredentialsError);
    expect(error.message).toContain("bob");
    expect((await failureOf(tool({}, { client: client.forAccount("ca_1") }))).code).toBe("TB5003");
    kept.set("acme default", { scheme: "api_key", fields: { api_key: "defaults" } });
    await tool({}, { client });
    expect(last().headers["x-api-key"]).toBe("defaults");
  });

  it("of everybody do not stand in where a named user's are for another scheme", async () => {
    const token: AuthScheme = { name: "token", mode: "BEARER_TOKEN", fields: [field("token")] };
    const connections: ConnectionStore = {
      get: () => ({ scheme: "token", fields: { token: "bobs" } }),
      set: () => {},
    };
    const client = createClient({ connections, apps: { acme: { api_key: "everybodys" } } }).forUser("bob");
    await get(keyed(token, API_KEY))({}, { client });
    expect(last().headers.authorization).toBe("Bearer bobs");
    const other = { security: [["api_key"]] };
    expect(await failureOf(get(keyed(token, API_KEY), other)({}, { client }))).toBeInstanceOf(MissingCredentialsError);
    await get(keyed(token, API_KEY), { security: [["token", "api_key"]] })({}, { client });
    expect(last().headers).toMatchObject({ authorization: "Bearer bobs", "x-api-key": "everybodys" });
  });

  it("that come with the call beat customAuthParams, which beat the client's", async () => {
    const client = clientWith();
    const customAuthParams = {
      baseUrl: `${upstream.url}/custom`,
      parameters: [
        { name: "X-Api-Key", in: "header", value: "custom" },
        { name: "q", in: "query", value: 7 },
      ],
    } as const;
    await get(keyed())({}, { client, customAuthParams });
    expect(last()).toMatchObject({ url: "/custom/?q=7", headers: { "x-api-key": "custom" } });
    const val = { api_key: "brought" };
    const customConnectionData = { authScheme: "API_KEY", toolkitSlug: "acme", val } as const;
    await get(keyed())({}, { client, customAuthParams, customConnectionData });
    expect(last()).toMatchObject({ url: "/", headers: { "x-api-key": "brought" } });
    const empty = { ...customConnectionData, val: {} };
    expect(await failureOf(get(keyed())({}, { client, customConnectionData: empty }))).toBeInstanceOf(
      MissingCredentialsError,
    );
    const others = { ...customConnectionData, toolkitSlug: "other" };
    expect(await failureOf(get(keyed())({}, { client, customConnectionData: others }))).toBeInstanceOf(
      ConfigurationError,
    );
  });

  it("are renewed by what the app brings along: before a request, and once after a 401", async () => {
    const seen: string[] = [];
    const oauth2: Authoriser = {
      prepare: ({ connection }) => ({ ...connection, fields: { ...connection.fields, access_token: "first" } }),
      recover: async ({ connection, store, app, userId }, response) => {
        seen.push(`${response.status} ${connection.fields["access_token"]}`);
        const renewal = { scheme: "o", fields: { access_token: `renewed-${seen.length}` } };
        await store.set(app.slug, userId, renewal);
        return renewal;
      },
    };
    const scheme: AuthScheme = {
      name: "o",
      mode: "OAUTH2",
      fields: [field("client_id")],
      grant: "client_credentials",
      tokenUrl: "https://a.example",
      scopes: [],
    };
    const app = { ...keyed(scheme), authorisers: { OAUTH2: oauth2 } };
    const client = createClient({ apps: { acme: { client_id: "id" } } });
    upstream.answer = ({ headers }, response) =>
      headers.authorization === "Bearer first" ? json(response, { error: "old" }, 401) : json(response, { ok: 1 });
    const { attempts } = await get(app).withResponse({}, { client });
    expect(attempts).toBe(2);
    expect(seen).toEqual(["401 first"]);
    expect(last().headers.authorization).toBe("Bearer renewed-1");
    upstream.answer = (_, response) => json(response, { error: "no" }, 401);
    const error = await failureOf(get(app)({}, { client }));
    expect(error).toMatchObject({ code: "TB5401", attempts: 2 });
    expect(error.message).toContain("toolbind connect acme");
    expect(seen).toHaveLength(2);
  });

  it("sign what is sent, form and redirects included", async () => {
    const signed: unknown[] = [];
    const oauth1: Authoriser = {
      sign: ({ method, url, headers, form }) => {
        signed.push([method, url.pathname, form]);
        headers.set("authorization", `Signed ${signed.length}`);
      },
    };
    const scheme = {
      name: "s",
      mode: "OAUTH1",
      fields: [],
      requestUrl: "",
      authorizationUrl: "",
      tokenUrl: "",
    } as AuthScheme;
    const app = { ...keyed(scheme), authorisers: { OAUTH1: oauth1 } };
    const client = createClient({ apps: { acme: { oauth_token: "t", oauth_token_secret: "s" } } });
    upstream.answer = ({ url }, response) =>
      url === "/a" ? response.writeHead(307, { location: "/b" }).end() : json(response, {});
    const body = { type: "application/x-www-form-urlencoded", flat: true } as const;
    await toolOf(app, { method: "POST", path: "/a", body })({ x: "1 2" }, { client });
    expect(signed).toEqual([
      ["POST", "/a", [["x", "1 2"]]],
      ["POST", "/b", [["x", "1 2"]]],
    ]);
    expect(last().headers.authorization).toBe("Signed 2");
  });
});

describe("where a call goes", () => {
  const at = (servers: App["servers"], schemes: AuthScheme[] = []): App => ({
    slug: "acme",
    name: "Acme",
    servers,
    schemes,
  });
  const answering = vi.fn(async (_url: string) => Response.json({}));
  const asked = async (app: App, apps: object = {}, options: object = {}) => {
    answering.mockClear();
    const client = createClient({ apps: { acme: apps as never }, fetch: answering });
    await toolOf(app, { method: "GET", path: "/x" })({}, { client, ...options });
    return answering.mock.calls[0]![0];
  };
  const template = (baseUrl: string, ...names: string[]): App =>
    at(
      [],
      [{ name: "n", mode: "NO_AUTH", fields: names.map((name) => field(name, { secret: false })), proxy: { baseUrl } }],
    );

  it("is the first server, with its variables", async () => {
    const variables = { region: { default: "eu", enum: ["eu", "us"] }, port: { default: "8443" } };
    const app = at([{ url: "https://{region}.acme.example:{port}/v1/", variables }, { url: "https://b.example" }]);
    expect(await asked(app)).toBe("https://eu.acme.example:8443/v1/x");
    expect(await asked(app, { region: "us" })).toBe("https://us.acme.example:8443/v1/x");
    expect(await failureOf(asked(app, { region: "cn" }))).toBeInstanceOf(ConfigurationError);
    const bare = at([{ url: "https://acme.example/{account}" }]);
    expect(await asked(bare, { account: "a" })).toBe("https://acme.example/a/x");
    expect(await failureOf(asked(bare))).toBeInstanceOf(MissingCredentialsError);
  });

  it("is what a scheme says of fields, as far as they are part of a host", async () => {
    const app = template("https://{{ sub }}.acme.example/{{account}}", "sub", "account");
    expect(await asked(app, { sub: "my-team", account: "a/b" })).toBe("https://my-team.acme.example/a%2Fb/x");
    for (const sub of [
      "evil.example/",
      "evil.example#",
      "a@evil.example",
      "a:b@c",
      "evil.example?",
      "a\\",
      "é",
      "a b",
      "%2e",
    ]) {
      expect(await failureOf(asked(app, { sub, account: "a" })), sub).toBeInstanceOf(ConfigurationError);
    }
    expect(await failureOf(asked(app, { sub: "a", account: ".." }))).toBeInstanceOf(ConfigurationError);
    expect(await failureOf(asked(app, { account: "a" }))).toBeInstanceOf(MissingCredentialsError);
    expect(await asked(template("https://{{host}}/v1", "host"), { host: "acme.example:8443" })).toBe(
      "https://acme.example:8443/v1/x",
    );
    expect(await asked(template("{{url}}/v1", "url"), { url: "https://acme.example/base/" })).toBe(
      "https://acme.example/base/v1/x",
    );
    expect(await failureOf(asked(template("{{url}}/v1", "url"), { url: "https://u:p@acme.example" }))).toBeInstanceOf(
      ConfigurationError,
    );
  });

  it("is the operation's own server, whatever a scheme says of the app's, and on its host where that names none", async () => {
    const scheme = template("https://{{sub}}.acme.example/v1", "sub").schemes[0]!;
    const variables = { region: { default: "eu" } };
    const first = { url: "https://{region}.acme.example/v1", variables };
    const asks = async (app: App, url: string, apps: object = {}) => {
      answering.mockClear();
      const client = createClient({ apps: { acme: { sub: "a", ...apps } }, fetch: answering });
      const versions = { version: { default: "v2" } };
      await toolOf(app, { method: "POST", path: "/x", servers: [{ url, variables: versions }] })({}, { client });
      return answering.mock.calls[0]![0];
    };
    expect(await asks(at([first], [scheme]), "https://up.acme.example")).toBe("https://up.acme.example/x");
    expect(await asks(at([first], [scheme]), "/upload/{version}")).toBe("https://a.acme.example/upload/v2/x");
    expect(await asks(at([first]), "/upload/{version}")).toBe("https://eu.acme.example/upload/v2/x");
    expect(await asks(template("{{url}}/v1", "url"), "/upload", { url: "https://b.example/" })).toBe(
      "https://b.example/upload/x",
    );
    expect(await asks(at([first], [scheme]), "https://up.acme.example", { baseUrl: "https://stage.example" })).toBe(
      "https://stage.example/x",
    );
    expect(await failureOf(asks(at([{ url: "/v1" }]), "/upload"))).toMatchObject({
      message: expect.stringContaining('says only "/upload"') as string,
    });
    expect(await failureOf(asks(at([first]), "//evil.example"))).toBeInstanceOf(ConfigurationError);
  });

  it("is not a private address from a field, unless it is allowed", async () => {
    const app = template("https://{{host}}", "host");
    for (const host of ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "internal", "a.internal", "0x7f.1"]) {
      expect(await failureOf(asked(app, { host })), host).toBeInstanceOf(ConfigurationError);
    }
    expect(await asked(app, { host: "10.0.0.1:8080", allowHosts: ["10.0.0.1:8080"] })).toBe("https://10.0.0.1:8080/x");
    const local = at([{ url: "http://localhost:{port}", variables: { port: { default: "80" } } }]);
    const error = await failureOf(asked(local, { port: "8080" }));
    expect(error.message).toMatch(/localhost:8080 would be asked without https.*add localhost:8080 to allowHosts/);
    expect(await asked(local, { port: "8080", allowHosts: ["localhost:8080"] })).toBe("http://localhost:8080/x");
    expect(await failureOf(asked(app, { host: "a.example", resolve: async () => ["10.0.0.1"] }))).toBeInstanceOf(
      ConfigurationError,
    );
    const url = template("{{url}}", "url");
    expect(await failureOf(asked(url, { url: "http://a.example" }))).toBeInstanceOf(ConfigurationError);
    expect(await asked(url, { url: "http://a.internal", allowHosts: ["a.internal"] })).toBe("http://a.internal/x");
  });

  it("is not http or a private network from a description, but may be this machine", async () => {
    for (const url of [
      "http://acme.example",
      "https://10.0.0.1",
      "https://router.lan",
      "ftp://acme.example",
      "//acme.example",
      "/v1",
      "https://u:p@acme.example",
    ]) {
      expect(await failureOf(asked(at([{ url }]))), url).toBeInstanceOf(ConfigurationError);
    }
    expect(await failureOf(asked(at([{ url: "/v1" }])))).toMatchObject({
      message: expect.stringContaining(
        'says only "/v1". Fix: give the whole address as baseUrl, https://…/v1',
      ) as string,
    });
    expect(await failureOf(asked(at([{ url: "http://acme.example:81" }])))).toMatchObject({
      message: expect.stringContaining("add acme.example:81 to allowHosts if intended") as string,
    });
    expect(await asked(at([{ url: "http://acme.example:81" }]), { allowHosts: ["acme.example:81"] })).toBe(
      "http://acme.example:81/x",
    );
    expect(await asked(at([{ url: "http://localhost:3000" }]))).toBe("http://localhost:3000/x");
    expect(await asked(at([{ url: "https://acme.example" }]), { baseUrl: "https://stage.example/v2" })).toBe(
      "https://stage.example/v2/x",
    );
  });

  it("stays with the origin whatever the path of a description says", async () => {
    for (const path of ["@evil.example/", "//evil.example/", "\\\\evil.example", ".evil.example", ":1@evil.example"]) {
      const calls: string[] = [];
      const client = createClient({ fetch: async (url) => (calls.push(url), Response.json({})) });
      await toolOf(at([{ url: "https://acme.example" }]), { method: "GET", path })({}, { client });
      expect(new URL(calls[0]!).origin, path).toBe("https://acme.example");
    }
  });

  it("is sent by a `fetch` that is not called as a method, as browsers require", async () => {
    const fetch = function (this: unknown): Promise<Response> {
      if (this !== undefined) throw new TypeError("Illegal invocation");
      return Promise.resolve(Response.json({ id: 1 }));
    };
    expect(await toolOf(open(), { method: "GET", path: "/x" })({}, { client: clientWith({ fetch }) })).toEqual({
      id: 1,
    });
  });
});

describe("a redirect", () => {
  const route = { method: "GET", path: "/a", headers: ["x-arg"] };
  const query: AuthScheme = {
    ...API_KEY,
    proxy: { query: { key: "{{api_key}}" }, headers: { "x-key": "{{api_key}}" } },
  };

  it("within the origin is followed with the credentials", async () => {
    upstream.answer = ({ url }, response) =>
      url.startsWith("/a") ? response.writeHead(302, { location: "/b?c=1" }).end() : json(response, { there: true });
    const client = clientWith();
    expect(await toolOf(keyed(query), route)({ "x-arg": "v" }, { client })).toEqual({ there: true });
    expect(last()).toMatchObject({
      url: `/b?c=1&key=${encodeURIComponent(KEY)}`,
      headers: { "x-key": KEY, "x-arg": "v" },
    });
  });

  it("to an address that is not encoded leads where it says", async () => {
    upstream.answer = ({ url }, response) =>
      url === "/a"
        ? response.writeHead(302, { location: Buffer.from("/straße").toString("latin1") }).end()
        : json(response, url);
    expect(decodeURIComponent((await toolOf(open(), route)({})) as string)).toBe("/straße");
  });

  it("keeps the method after 307 and 308, and reads after 303, 301 and 302 of a POST", async () => {
    const app = open();
    for (const [code, method] of [
      [307, "POST"],
      [308, "POST"],
      [303, "GET"],
      [302, "GET"],
      [301, "GET"],
    ] as const) {
      upstream.answer = ({ url }, response) =>
        url === "/a" ? response.writeHead(code, { location: "/b" }).end() : json(response, {});
      const body = { type: "application/json", flat: true } as const;
      await toolOf(app, { method: "POST", path: "/a", body })({ x: 1 });
      expect([last().method, last().body.toString(), last().headers["content-type"]]).toEqual(
        method === "POST" ? ["POST", '{"x":1}', "application/json"] : ["GET", "", undefined],
      );
    }
  });

  it("to another origin is followed by reads alone, and without anything that is the app's", async () => {
    const sent: [string, Headers][] = [];
    const fetch = async (url: string, init: { headers: Headers }): Promise<Response> => {
      sent.push([url, init.headers]);
      if (sent.length === 1)
        return new Response(null, { status: 302, headers: { location: "https://cdn.example/f?sig=1" } });
      if (sent.length === 2) return new Response(null, { status: 302, headers: { location: `${upstream.url}/back` } });
      return new Response("file");
    };
    const client = clientWith({ fetch });
    const error = await failureOf(toolOf(keyed(query), route)({ "x-arg": "v" }, { client }));
    expect(sent[1]![0]).toBe("https://cdn.example/f?sig=1");
    expect([...sent[1]![1].keys()]).toEqual(["accept"]);
    // And back it is somebody else who leads to this machine.
    expect(error).toBeInstanceOf(ConnectionError);
    sent.length = 0;
    expect(await failureOf(toolOf(keyed(query), { ...route, method: "DELETE" })({}, { client }))).toBeInstanceOf(
      ConnectionError,
    );
    expect(sent).toHaveLength(1);
  });

  it.each(["http://cdn.example/", "https://10.0.0.1/", "https://u:p@cdn.example/", "file:///etc/passwd", "http://["])(
    "to %s is refused",
    async (location) => {
      const client = clientWith({ fetch: async () => new Response(null, { status: 302, headers: { location } }) });
      expect(await failureOf(toolOf(keyed(), route)({}, { client, retry: { attempts: 1 } }))).toBeInstanceOf(
        ConnectionError,
      );
    },
  );

  it("is followed five times", async () => {
    upstream.answer = ({ url }, response) => response.writeHead(302, { location: `${url}a` }).end();
    const error = await failureOf(toolOf(open(), route)({}));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(upstream.received).toHaveLength(6);
  });
});

describe("an answer", () => {
  const ask = async (
    status: number,
    type: string | undefined,
    body: string | Uint8Array,
    method = "GET",
    accept = ["application/json"],
  ) => {
    upstream.answer = (_, response) =>
      response.writeHead(status, type === undefined ? {} : { "content-type": type }).end(body);
    return toolOf(open(), { method, path: "/", accept })({});
  };

  it("is read by its type", async () => {
    expect(await ask(200, "application/problem+json; charset=utf-8", '{"a":1}')).toEqual({ a: 1 });
    expect(await ask(201, "text/csv", "a,b")).toBe("a,b");
    expect(await ask(200, "application/atom+xml", "<a/>")).toBe("<a/>");
    expect(await ask(200, "text/plain; charset=iso-8859-1", new Uint8Array([0xe9]))).toBe("é");
    expect(await ask(200, undefined, '{"a":1}')).toEqual({ a: 1 });
    const blob = (await ask(200, "image/png", new Uint8Array([1, 2, 3]))) as Blob;
    expect(blob).toBeInstanceOf(Blob);
    expect([blob.type, [...new Uint8Array(await blob.arrayBuffer())]]).toEqual(["image/png", [1, 2, 3]]);
  });

  it("is JSON where only that is asked for, whatever it is called", async () => {
    for (const type of ["text/plain; charset=utf-8", "text/html", "application/octet-stream", "text/javascript"]) {
      expect(await ask(200, type, ' {"a":1}'), type).toEqual({ a: 1 });
    }
    expect(await ask(200, "text/html", "<html>")).toBe("<html>");
    expect(await ask(200, "text/plain", "{a}")).toBe("{a}");
    expect(await ask(200, "text/plain", "1")).toBe("1");
    expect(await ask(200, "application/octet-stream", "[a")).toBeInstanceOf(Blob);
    expect(await ask(200, "application/octet-stream", "[1]", "GET", ["application/json", "image/png"])).toBeInstanceOf(
      Blob,
    );
  });

  it("is null where it is empty", async () => {
    expect(await ask(204, undefined, "")).toBeNull();
    expect(await ask(200, "application/json", "")).toBeNull();
    expect(await ask(200, "image/png", "")).toBeNull();
    expect(await ask(200, "application/json", "{}", "HEAD")).toBeNull();
  });

  it.each([
    "text/event-stream",
    "application/x-ndjson",
    "application/jsonl",
    "application/json-seq",
    "application/json; stream=watch",
  ])("of %s is a stream, which the signal ends", async (type) => {
    upstream.answer = (_, response) => void response.writeHead(200, { "content-type": type }).write("data: 1\n\n");
    const controller = new AbortController();
    const tool = toolOf(open(), { method: "GET", path: "/" }, { output: () => z.binary() });
    const { data, drift } = await tool.withResponse({}, { signal: controller.signal });
    expect(drift).toEqual([]);
    const reader = (data as ReadableStream<Uint8Array>).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("data: 1\n\n");
    controller.abort(new Error("enough"));
    await expect(reader.read()).rejects.toThrow("enough");
  });

  it("of invalid JSON is an error", async () => {
    expect(await failureOf(ask(200, "application/json", "<html>"))).toBeInstanceOf(UnexpectedResponseError);
  });

  it("in time, or not at all", async () => {
    upstream.answer = () => {};
    const error = await failureOf(toolOf(open(), { method: "POST", path: "/" })({}, { timeoutMs: 30 }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.attempts).toBe(1);
  });
});

describe("a failure", () => {
  it("is the error of its status, with what the app says", async () => {
    upstream.answer = (_, response) =>
      json(response, { error: { message: "No such thing" }, code: 7 }, 404, { "x-request-id": "r1" });
    const error = await failureOf(toolOf(open(), { method: "GET", path: "/" })({}));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({
      status: 404,
      requestId: "r1",
      data: { error: { message: "No such thing" }, code: 7 },
    });
    expect((error as StatusError).headers?.get("x-request-id")).toBe("r1");
    expect(error.message).toContain("No such thing");
    upstream.answer = (_, response) => response.writeHead(418).end("x".repeat(5000));
    const teapot = await failureOf(toolOf(open(), { method: "GET", path: "/" })({}));
    expect(teapot).toMatchObject({ code: "TB5599", status: 418 });
    expect(teapot.message.length).toBeLessThan(1300);
  });

  it("is tried again for reads and for what is idempotent, after the time that the app asks for", async () => {
    upstream.answer = (_, response) =>
      upstream.received.length < 2 ? json(response, {}, 429, { "retry-after": "0.01" }) : json(response, { ok: 1 });
    expect((await toolOf(open(), { method: "GET", path: "/" }).withResponse({})).attempts).toBe(2);
    upstream.received.length = 0;
    const put = toolOf(open(), { method: "PUT", path: "/" }, { hints: { idempotent: true } });
    expect((await put.withResponse({})).attempts).toBe(2);
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      upstream.received.length = 0;
      const error = await failureOf(toolOf(open(), { method, path: "/" })({}));
      expect(error).toBeInstanceOf(RateLimitError);
      expect(error).toMatchObject({ attempts: 1, retryAfterMs: 10 });
    }
  });

  it("reads as it was written, whatever short values a connection has", async () => {
    const region = field("region", { secret: false });
    const scheme: AuthScheme = { ...API_KEY, fields: [field("api_key"), region] };
    const server = { url: `${upstream.url}/{zone}`, variables: { zone: { default: "a" } } };
    const app = { ...keyed(scheme), servers: [server] };
    upstream.answer = (_, response) => json(response, { message: "Such a name is not in the zone us" }, 400);
    const client = createClient({ apps: { acme: { api_key: KEY, region: "us", zone: "zone" } } });
    const error = await failureOf(toolOf(app, { method: "GET", path: "/" })({}, { client }));
    expect(error.message).toContain("Such a name is not in the zone us");
  });

  it("shows no credential, wherever the app puts it", async () => {
    const basic: AuthScheme = { name: "b", mode: "BASIC", fields: [field("username"), field("password")] };
    const placed: AuthScheme = {
      ...API_KEY,
      proxy: { query: { key: "{{api_key}}" }, headers: { "x-key": "Key {{api_key}}" } },
    };
    const password = 'p+w/ü"x';
    const client = createClient({
      apps: { acme: { api_key: KEY, username: "user-9", password } },
      retry: { attempts: 1 },
    });
    for (const scheme of [basic, placed]) {
      upstream.answer = ({ url, headers }, response) =>
        json(
          response,
          { message: `no: ${url} ${JSON.stringify(headers)}`, [KEY]: headers, nested: [{ password }] },
          403,
          {
            "x-echo": String(headers.authorization ?? headers["x-key"]),
            "x-request-id": KEY,
          },
        );
      const error = await failureOf(
        toolOf(keyed(scheme), { method: "GET", path: "/" })({}, { client, headers: { "x-auth-token": "tok-123" } }),
      );
      const shown = [everythingIn(error), ...(error as StatusError).headers!.values()].join("\n");
      const encoded = Buffer.from(`user-9:${password}`).toString("base64");
      for (const secret of [KEY, encodeURIComponent(KEY), password, encoded, "tok-123"])
        expect(shown).not.toContain(secret);
      expect(shown).toContain("[redacted]");
    }
    const throwing = createClient({
      apps: { acme: { api_key: KEY } },
      retry: { attempts: 1 },
      fetch: async (url) => {
        throw new TypeError(`error sending request for url (${url})`);
      },
    });
    const error = await failureOf(toolOf(keyed(placed), { method: "GET", path: "/" })({}, { client: throwing }));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(everythingIn(error)).not.toContain(encodeURIComponent(KEY));
    const unsendable = await failureOf(
      toolOf(keyed(), { method: "GET", path: "/" })({}, { app: { api_key: "a\nsecret" } }),
    );
    expect(unsendable).toBeInstanceOf(ConfigurationError);
    expect(everythingIn(unsendable)).not.toContain("secret");
  });
});

describe("a preview", () => {
  it("is the request without its secrets, needs no credentials and sends nothing", async () => {
    const placed: AuthScheme = {
      ...API_KEY,
      proxy: { query: { key: "{{api_key}}" }, headers: { "x-key": "{{api_key}}" } },
    };
    const tool = toolOf(keyed(placed), {
      method: "POST",
      path: "/{id}",
      body: { type: "application/json", flat: true },
    });
    const wanted = {
      method: "POST",
      url: `${upstream.url}/7?key=[redacted]`,
      headers: { accept: "*/*", "content-type": "application/json", "x-key": "[redacted]" },
      body: '{"a":1}',
    };
    expect(await previewRequest(tool, { arguments: { id: 7, a: 1 } })).toEqual(wanted);
    expect(await previewRequest(tool, { arguments: { id: 7, a: 1 } }, { client: clientWith() })).toEqual(wanted);
    await expect(previewRequest(tool, { arguments: { id: "" } })).rejects.toThrow(InputValidationError);
    const form = toolOf(open(), { method: "POST", path: "/", body: { type: "multipart/form-data", flat: true } });
    const { body } = await previewRequest(form, { arguments: { file: new Blob(["abc"]) } });
    expect(body).toContain("(3 bytes)");
    expect(upstream.received).toEqual([]);
  });
});
