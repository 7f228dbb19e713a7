import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AuthScheme } from "../../runtime/direct/app.js";
import {
  after,
  batch,
  before,
  type CallEnd,
  type CallStart,
  configure,
  createClient,
  fileUploads,
  InputValidationError,
  InternalServerError,
  logging,
  NotFoundError,
  NotImplementedError,
  observe,
  paginate,
  withTools,
} from "../../runtime/index.js";
import * as z from "../../runtime/z.js";
import { createMockClient, PlatformFailure, PlatformHttpError, record, replay } from "../../testing/index.js";
import { failureOf } from "../runtime/support.js";
import { API_KEY, appAt, clientWith, field, json, KEY, startUpstream, toolOf, type Upstream } from "./support.js";

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
beforeEach(() => {
  upstream.received.length = 0;
  upstream.answer = (_, response) => json(response, { ok: true });
});
afterAll(() => upstream.close());

const reading = () => toolOf(appAt(upstream.url, API_KEY), { method: "GET", path: "/things", query: ["page"] });

describe("around a tool that is called directly", () => {
  it("hooks change arguments and data", async () => {
    const client = clientWith({
      use: [before({}, () => ({ arguments: { page: 2 } })), after({}, ({ data }) => [data])],
    });
    expect(await reading()({ page: 1 }, { client })).toEqual([{ ok: true }]);
    expect(upstream.received[0]!.url).toBe("/things?page=2");
  });

  it("an observer receives the user and the end, without a platform's settings", async () => {
    const seen: (CallStart | CallEnd)[] = [];
    const client = clientWith({ use: [observe((start) => (seen.push(start), (end) => void seen.push(end)))] });
    await toolOf(
      appAt(upstream.url, API_KEY),
      { method: "GET", path: "/" },
      { version: "1.2" },
    )({}, { client: client.forUser("alice") });
    expect(seen).toMatchObject([
      { slug: "ACME_THING", toolkit: "acme", version: "1.2", userId: "alice", connectedAccountId: undefined },
      { attempts: 1, status: 200, error: undefined },
    ]);
  });

  it("a batch slows down after a 429, and keeps the order", async () => {
    let busy = true;
    upstream.answer = ({ url }, response) => {
      const again = busy;
      busy = false;
      json(response, { url }, again ? 429 : 200, { "retry-after": "0.01" });
    };
    const client = clientWith();
    const calls = [1, 2, 3].map((page) => (options: object) => reading()({ page }, { client, ...options }));
    const results = await batch(calls, { concurrency: 1 });
    expect(results).toEqual([1, 2, 3].map((page) => ({ successful: true, data: { url: `/things?page=${page}` } })));
  });

  it("pages are followed", async () => {
    upstream.answer = ({ url }, response) => {
      const page = Number(new URL(url, upstream.url).searchParams.get("page") ?? 1);
      json(response, { items: [page], next: page < 3 ? page + 1 : null });
    };
    type Page = { items: number[]; next: number | null };
    const options = {
      cursor: "page",
      next: (data: Page) => data.next,
      items: (data: Page) => data.items,
      client: clientWith(),
    };
    const found: number[] = [];
    for await (const item of paginate(reading() as never, {} as { page?: number }, options as never))
      found.push(item as number);
    expect(found).toEqual([1, 2, 3]);
  });

  it("a call by slug is the same call", async () => {
    const client = withTools<{ ACME_THING: { input: object; output: unknown } }>(clientWith(), { thing: reading() });
    expect(await client.execute("ACME_THING", { page: 4 })).toEqual({ ok: true });
    expect(await client.forUser("alice").tool("ACME_THING")({ page: 5 })).toEqual({ ok: true });
    expect(upstream.received.map(({ url }) => url)).toEqual(["/things?page=4", "/things?page=5"]);
  });

  it("files go to the app as they are, also where a layer uploads those of other tools", async () => {
    const client = clientWith({ use: [fileUploads()] });
    const upload = toolOf(appAt(upstream.url, API_KEY), { method: "PUT", path: "/", body: { type: "text/plain" } });
    await upload({ body: new Blob(["content"]) }, { client });
    expect(upstream.received.map(({ body }) => body.toString())).toEqual(["content"]);
  });

  it("logs hold no credential", async () => {
    const lines: string[] = [];
    upstream.answer = ({ headers, url }, response) =>
      json(response, { headers, url }, upstream.received.length === 1 ? 200 : 400);
    const placed: AuthScheme = {
      ...API_KEY,
      proxy: { query: { k: "{{api_key}}" }, headers: { "x-k": "{{api_key}}" } },
    };
    const client = clientWith({
      use: [logging({ level: "debug", write: (entry) => lines.push(JSON.stringify(entry)) })],
    });
    const tool = toolOf(appAt(upstream.url, placed), {
      method: "POST",
      path: "/",
      body: { type: "application/json", flat: true },
    });
    await tool({ note: KEY }, { client });
    await failureOf(tool({ note: KEY }, { client }));
    expect(lines.length).toBeGreaterThan(4);
    for (const secret of [KEY, encodeURIComponent(KEY)]) expect(lines.join("\n")).not.toContain(secret);
  });

  it("logs tell attempts from redirects", async () => {
    let count = 0;
    upstream.answer = ({ url }, response) => {
      if (url === "/things") response.writeHead(302, { location: "/moved" }).end();
      else if (++count === 1) response.destroy();
      else json(response, {});
    };
    const lines: string[] = [];
    const client = clientWith({ use: [logging({ level: "info", write: ({ message }) => void lines.push(message) })] });
    await reading()({}, { client });
    expect(lines).toEqual(["ACME_THING is retried, attempt 2", expect.stringContaining("succeeded")]);
  });

  it("`configure` sets its client too", async () => {
    configure({ apps: { acme: { api_key: "configured" } } });
    await reading()({});
    configure({});
    expect(upstream.received[0]!.headers["x-api-key"]).toBe("configured");
  });
});

describe("a mock client", () => {
  interface Tools {
    ACME_UPLOAD: { input: { file: Blob }; output: { size: number } };
  }
  const app = appAt("https://acme.invalid", API_KEY);
  const upload = toolOf(
    app,
    { method: "POST", path: "/{id}" },
    {
      input: () => z.looseObject({ id: z.string(), file: z.optional(z.binary()) }),
      output: () => z.looseObject({ size: z.number() }),
    },
    "ACME_UPLOAD",
  );

  it("answers without credentials, with arguments and data checked", async () => {
    const client = createMockClient<Tools>({ ACME_UPLOAD: ({ file }) => ({ size: file.size }) });
    expect(await upload({ id: "1", file: new Blob(["abc"]) }, { client })).toEqual({ size: 3 });
    expect(client.calls).toMatchObject([{ slug: "ACME_UPLOAD", arguments: { id: "1" }, userId: "mock-user" }]);
    expect(await failureOf(upload({ id: 1 }, { client }))).toBeInstanceOf(InputValidationError);
    expect(client.calls).toHaveLength(1);
    const wrong = createMockClient({ ACME_UPLOAD: () => ({ size: "3" }) as never });
    expect((await upload.withResponse({ id: "1" }, { client: wrong })).drift).toMatchObject([{ pointer: "/size" }]);
  });

  it("reads a Response as the call would: a file whatever its type, a stream of events, and nothing of HEAD", async () => {
    const answered = (route: object, response: Response) => {
      const tool = toolOf(app, { method: "GET", path: "/", ...route });
      return tool({}, { client: createMockClient({ ACME_THING: () => response }) });
    };
    expect(await answered({ bytes: true }, Response.json([1]))).toBeInstanceOf(Blob);
    expect(await answered({ stream: true }, new Response("a"))).toBeInstanceOf(ReadableStream);
    expect(await answered({ method: "HEAD" }, Response.json([1]))).toBeNull();
    expect(await answered({ accept: ["text/csv"] }, Response.json([1]))).toEqual([1]);
  });

  it("answers with what JSON makes of the data, and each call with data of its own", async () => {
    const fixture = { size: 1, tags: ["a"], none: undefined, at: new Date(0) };
    const client = createMockClient({ ACME_UPLOAD: ({ id }) => (id === "nothing" ? undefined : fixture) });
    const data = (await upload({ id: "1" }, { client })) as typeof fixture;
    data.tags.push("b");
    const again = await upload({ id: "1" }, { client });
    expect(again).toStrictEqual({ size: 1, tags: ["a"], at: "1970-01-01T00:00:00.000Z" });
    expect(await upload({ id: "nothing" }, { client, validate: { output: "off" } })).toBeNull();
  });

  it("fails as the app would", async () => {
    const answers = [new PlatformHttpError(404, { message: "gone" }), new PlatformFailure("broken", { a: 1 })];
    const client = createMockClient({
      ACME_UPLOAD: () => {
        throw answers.shift()!;
      },
    });
    expect(await failureOf(upload({ id: "1" }, { client }))).toBeInstanceOf(NotFoundError);
    const failed = await failureOf(upload({ id: "1" }, { client }));
    expect(failed).toBeInstanceOf(InternalServerError);
    expect(failed).toMatchObject({ data: { message: "broken", data: { a: 1 } } });
    expect(await failureOf(upload({ id: "1" }, { client: createMockClient({}) }))).toBeInstanceOf(NotImplementedError);
    const whole = createMockClient({ ACME_UPLOAD: () => Response.json({ size: 1 }, { headers: { "x-a": "b" } }) });
    expect((await upload.withResponse({ id: "1" }, { client: whole })).headers.get("x-a")).toBe("b");
  });
});

describe("a cassette", () => {
  it("plays what it recorded, and holds no credential", async () => {
    const query: AuthScheme = {
      name: "q",
      mode: "API_KEY",
      fields: [field("api_key")],
      proxy: { query: { appid: "{{api_key}}" } },
    };
    const app = appAt(upstream.url, query);
    const form = toolOf(app, { method: "POST", path: "/upload", body: { type: "multipart/form-data", flat: true } });
    const bytes = toolOf(app, { method: "PUT", path: "/bytes", body: { type: "image/png" }, accept: ["image/png"] });
    upstream.answer = ({ url, method }, response) =>
      method === "PUT"
        ? response.writeHead(200, { "content-type": "image/png" }).end(new Uint8Array([0, 255]))
        : json(response, url.startsWith("/text") ? "just text" : { url });
    const text = toolOf(app, { method: "GET", path: "/text" });
    const runs = async (client: ReturnType<typeof createClient>) => {
      const image = (await bytes({ body: new Uint8Array([137, 80]) }, { client })) as Blob;
      expect(await text({}, { client })).toBe("just text");
      return [
        await form({ file: new Blob(["x"]), title: "t" }, { client }),
        [...new Uint8Array(await image.arrayBuffer())],
      ];
    };
    const recorder = record();
    const recorded = await runs(clientWith({ fetch: recorder.fetch }));
    const kept = JSON.stringify(recorder.cassette);
    for (const secret of [KEY, encodeURIComponent(KEY)]) expect(kept).not.toContain(secret);
    const player = replay(JSON.parse(kept) as typeof recorder.cassette);
    const [, image] = recorded;
    const other = createClient({ apps: { acme: { api_key: "another" } }, fetch: player });
    expect(await runs(other)).toEqual([{ url: "/upload?appid=[redacted]" }, image]);
    expect(image).toEqual([0, 255]);
    const different = await failureOf(bytes({ body: new Uint8Array([1]) }, { client: other }));
    expect(different).toBeInstanceOf(NotImplementedError);
  });

  const reading = (accept: string) =>
    toolOf(appAt(upstream.url, API_KEY), { method: "GET", path: "/things", accept: [accept] });

  it.each([
    ["no body although the type is JSON", "application/json", { "content-type": "application/json" }, ""],
    ["a page although the type is JSON", "application/json", { "content-type": "application/json" }, "<html>"],
    ["JSON without a type", "application/json", {}, "5"],
    ["a text that reads like a number", "text/plain", { "content-type": "text/plain" }, "1.10"],
    ["a text that is JSON", "text/plain", { "content-type": "text/plain" }, '{ "a": 1 }'],
    ["text in another charset", "text/csv", { "content-type": "text/csv; charset=iso-8859-1" }, "\xe9"],
    ["bytes without a type", "image/png", {}, "\xff\x00"],
  ])("plays %s as it came", async (_, accept, headers: Readonly<Record<string, string>>, body) => {
    upstream.answer = (_request, response) => response.writeHead(200, headers).end(Buffer.from(body, "latin1"));
    const outcome = async (client: ReturnType<typeof createClient>) => {
      const result = await reading(accept).safe({}, { client });
      if (!result.successful) return result.error.message;
      return result.data instanceof Blob ? [...new Uint8Array(await result.data.arrayBuffer())] : result.data;
    };
    const recorder = record();
    const recorded = await outcome(clientWith({ fetch: recorder.fetch }));
    const kept = JSON.parse(JSON.stringify(recorder.cassette)) as typeof recorder.cassette;
    expect(await outcome(clientWith({ fetch: replay(kept) }))).toEqual(recorded);
  });

  it("holds no credential either where a `fetch` around it passes on a copy of the request", async () => {
    const query = { query: { appid: "{{api_key}}" } };
    const app = appAt(upstream.url, { ...API_KEY, proxy: query });
    const recorder = record();
    const seen: string[] = [];
    const client = clientWith({
      fetch: (url, init) => {
        const copy = { ...init, headers: new Headers(init.headers) };
        seen.push(JSON.stringify(copy));
        return recorder.fetch(url, copy);
      },
    });
    await toolOf(app, { method: "GET", path: "/things" })({}, { client });
    for (const secret of [KEY, encodeURIComponent(KEY)]) {
      expect(JSON.stringify(recorder.cassette) + seen.join()).not.toContain(secret);
    }
  });

  it("plays redirects, and the headers that say how to go on", async () => {
    const link = '</things?page=2>; rel="next"';
    upstream.answer = ({ url }, response) =>
      url === "/things"
        ? response.writeHead(302, { location: `${upstream.url}/moved?sig=${KEY}` }).end()
        : json(response, { moved: true }, 200, { link, "set-cookie": "session=hush" });
    const recorder = record();
    await reading("application/json")({}, { client: clientWith({ fetch: recorder.fetch }) });
    const kept = JSON.stringify(recorder.cassette);
    for (const secret of [KEY, "hush"]) expect(kept).not.toContain(secret);
    const client = clientWith({ fetch: replay(JSON.parse(kept) as typeof recorder.cassette) });
    const elsewhere = toolOf(appAt("https://acme.invalid", API_KEY), { method: "GET", path: "/things" });
    const { data, headers } = await elsewhere.withResponse({}, { client });
    expect(data).toEqual({ moved: true });
    expect(headers.get("link")).toBe(link);
  });

  it("plays equal calls in the order in which they were made, whichever was answered first", async () => {
    const waiting: (() => void)[] = [];
    upstream.answer = (_, response) => {
      const number = waiting.length;
      waiting.push(() => json(response, { number }));
      if (waiting.length < 2) return;
      response.on("close", () => waiting[0]!());
      waiting[1]!();
    };
    const twice = async (client: ReturnType<typeof createClient>) => {
      const [first, second] = [{ client }, { client }].map((options) => reading("application/json")({}, options));
      return [await first, await second];
    };
    const recorder = record();
    const recorded = await twice(clientWith({ fetch: recorder.fetch }));
    expect(await twice(clientWith({ fetch: replay(recorder.cassette) }))).toEqual(recorded);
  });

  it("waits for no stream, and keeps what was read of it", async () => {
    upstream.answer = (_, response) =>
      response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
    const recorder = record();
    const client = clientWith({ fetch: recorder.fetch });
    const stream = (await reading("text/event-stream")({}, { client })) as ReadableStream<Uint8Array>;
    const reader = stream.getReader();
    await reader.read();
    await reader.cancel();
    const player = clientWith({ fetch: replay(recorder.cassette) });
    const played = (await reading("text/event-stream")({}, { client: player })) as ReadableStream<Uint8Array>;
    expect(await new Response(played).text()).toBe("data: 1\n\n");
  });

  it("keeps no answer that broke off", async () => {
    let count = 0;
    upstream.answer = (_, response) => {
      if (++count > 1) return json(response, { whole: true });
      response.writeHead(200, { "content-type": "application/json", "content-length": 100 });
      response.write("{", () => response.destroy());
    };
    const recorder = record();
    const options = { client: clientWith({ fetch: recorder.fetch }) };
    expect(await reading("application/json")({}, options)).toEqual({ whole: true });
    expect(recorder.cassette.exchanges).toMatchObject([{ response: { whole: true } }]);
  });
});
