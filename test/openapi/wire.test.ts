import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { emitSettings } from "../../generator/config/resolve.js";
import { generate } from "../../generator/run.js";
import type { Client, ClientOptions } from "../../runtime/index.js";
import { json, startUpstream, type Upstream } from "../direct/support.js";
import { TestFolder } from "../support/generated.js";
import { MODERN, SWAGGER, WIRE } from "./wire.js";

const require = createRequire(import.meta.url);

type Args = Readonly<Record<string, unknown>>;
interface Call {
  (args: Args, options: { client: Client }): Promise<unknown>;
  safe(args: Args, options: { client: Client }): Promise<{ readonly error?: unknown }>;
}
interface Emitted {
  readonly tools: Readonly<Record<string, Call>>;
  readonly createClient: (options: ClientOptions) => Client;
}

const folder = new TestFolder();
let upstream: Upstream;
let emitted: Readonly<Record<string, Emitted>>;

beforeAll(async () => {
  upstream = await startUpstream();
  const [wire, modern, swagger] = [
    await emit("wire", WIRE),
    await emit("modern", MODERN),
    await emit("swagger", SWAGGER),
  ];
  emitted = { wire, modern, swagger };
});
beforeEach(() => {
  upstream.received.length = 0;
  upstream.answer = (_, response) => json(response, {});
});
afterAll(async () => {
  await upstream.close();
  folder.remove();
});

/** The functions that are emitted for a description, as a program imports them. */
async function emit(slug: string, description: object): Promise<Emitted> {
  const path = folder.write(`${slug}.json`, JSON.stringify(description));
  const out = join(folder.path, slug);
  await generate({ source: { kind: "app", path, slug, out, settings: emitSettings({}) } });
  const outfile = join(folder.path, `${slug}.mjs`);
  const contents = `export * as tools from "./${slug}/index"; export { createClient } from "./index";`;
  await build({
    stdin: { contents, resolveDir: out, loader: "ts" },
    outfile,
    bundle: true,
    format: "esm",
    external: ["zod", "zod/*"],
    logLevel: "error",
  });
  // Not `import()`, which vitest would take through its own pipeline.
  return require(outfile) as Emitted;
}

function clientOf(slug: string, credentials: Readonly<Record<string, string>> = {}): Client {
  const apps = { [slug]: { baseUrl: `${upstream.url}/v1`, ...credentials } };
  return emitted[slug]!.createClient({ apps, validate: { input: "strict", output: "strict" }, retry: { attempts: 1 } });
}

const KEYS = { api_key: "k1", token: "t1" };

function call(name: string, args: Args, slug = "wire"): Promise<unknown> {
  return emitted[slug]!.tools[name]!(args, { client: clientOf(slug, KEYS) });
}

async function failureOf(name: string, args: Args, slug = "wire"): Promise<unknown> {
  return (await emitted[slug]!.tools[name]!.safe(args, { client: clientOf(slug, KEYS) })).error;
}

/** What the last call put on the wire. */
const sent = () => {
  expect(upstream.received).toHaveLength(1);
  const { method, url, headers, body } = upstream.received[0]!;
  return { method, url, headers, body: body.toString("utf8") };
};

// Expected by the section "Style Values" and "Style Examples" of OpenAPI 3.1.1 and RFC 6570, not by what was seen.
describe("parameters", () => {
  it.each([
    ["simple", { plain: "a b/c?d#é" }, "/simple/a%20b%2Fc%3Fd%23%C3%A9"],
    ["simpleList", { ids: [3, 4, 5] }, "/simple-list/3,4,5"],
    ["simpleObject", { point: { x: 1, y: 2 } }, "/simple-object/x,1,y,2"],
    ["simpleObjectExploded", { point: { x: 1, y: 2 } }, "/simple-object-exploded/x=1,y=2"],
    ["label", { ids: ["a", "b"] }, "/label/.a.b"],
    ["matrix", { ids: ["a", "b"] }, "/matrix/;ids=a,b"],
    ["matrixObject", { point: { x: 1, y: 2 } }, "/matrix-object/;x=1;y=2"],
    ["twice", { from: "a", to: "b" }, "/twice/a...b"],
  ])("in the path: %s", async (name, args, path) => {
    await call(name, args);
    expect(sent()).toMatchObject({ method: "GET", url: `/v1${path}`, body: "" });
  });

  it.each([
    ["a list, one by one", { form: ["a", "b c"] }, "form=a&form=b%20c"],
    ["a list in one", { joined: ["a", "b", "c,d"] }, "joined=a,b,c%2Cd"],
    ["spaces", { spaced: ["a", "b"] }, "spaced=a%20b"],
    ["pipes", { piped: ["a", "b"] }, "piped=a%7Cb"],
    [
      "an object in brackets",
      { deep: { state: "open", author: "x y" } },
      "deep%5Bstate%5D=open&deep%5Bauthor%5D=x%20y",
    ],
    ["an object in one", { flat: { R: 100, G: 200 } }, "flat=R,100,G,200"],
    ["an object, key by key", { spread: { R: 100, G: 200 } }, "R=100&G=200"],
    ["JSON", { filter: { a: [1, 2] } }, "filter=%7B%22a%22%3A%5B1%2C2%5D%7D"],
    ["reserved characters", { raw: "a/b:c?d" }, "raw=a/b:c?d"],
    ["what would end a value", { form: ["a&b=c", "d+e"] }, "form=a%26b%3Dc&form=d%2Be"],
    ["booleans and numbers", { flag: false, size: 0 }, "flag=false&size=0"],
    ["a name with brackets", { "ids[]": ["a", "b"] }, "ids%5B%5D=a&ids%5B%5D=b"],
    ["the description's order", { size: 1, form: ["a"] }, "form=a&size=1"],
    ["nothing", {}, undefined],
  ])("in the query: %s", async (_, args, query) => {
    await call("query", args);
    expect(sent().url).toBe(query === undefined ? "/v1/query" : `/v1/query?${query}`);
  });

  it("in a query that the path has", async () => {
    await call("page", { kind: "a&b" });
    expect(sent().url).toBe("/v1/page?kind=a%26b&fixed=1");
    upstream.received.length = 0;
    await call("page", { kind: "", more: ["x", "y"] });
    expect(sent().url).toBe("/v1/page?kind=&fixed=1&more=x&more=y");
  });

  it("are arguments also where their schema is marked as one of answers", async () => {
    await call("marked", { number: 7, part: "a", own: "b" });
    expect(sent().url).toBe("/v1/marked/7?part=a&own=b");
    expect(await failureOf("marked", {})).toMatchObject({
      code: "TB5010",
      message: expect.stringContaining("/number: expected") as string,
    });
    expect(await failureOf("marked", { number: "7" })).toMatchObject({ code: "TB5010" });
  });

  it("in headers and cookies, in the style of their place", async () => {
    const args = {
      "X-List": ["a", "b"],
      "X-Point": { x: 1, y: 2 },
      "X-Flags": { x: 1, y: 2 },
      session: "s 1",
      seen: ["a", "b"],
    };
    await call("elsewhere", args);
    const { headers } = sent();
    expect(headers).toMatchObject({ "x-list": "a,b", "x-point": "x,1,y,2", "x-flags": "x=1,y=2" });
    expect(headers.cookie).toBe("session=s%201; seen=a,b");
  });

  it("whose credentials come with each call are not arguments", async () => {
    await call("simple", { plain: "a" });
    expect(sent().headers).toMatchObject({ "x-api-key": "k1" });
    expect(sent().headers.authorization).toBeUndefined();
  });

  it("are credentials of the scheme that the operation asks for, or none", async () => {
    await call("asBearer", {});
    expect(sent().headers).toMatchObject({ authorization: "Bearer t1" });
    expect(sent().headers["x-api-key"]).toBeUndefined();
    upstream.received.length = 0;
    await call("open", {});
    expect(sent().headers).not.toHaveProperty("x-api-key");
  });
});

describe("bodies", () => {
  const bodyOf = (): unknown => JSON.parse(sent().body);

  it("JSON, its members beside the parameters", async () => {
    await call("createNote", { book: "b 1", draft: true, text: "é", labels: ["x"], archivedAt: null });
    expect(sent()).toMatchObject({ method: "POST", url: "/v1/books/b%201/notes?draft=true" });
    expect(sent().headers["content-type"]).toBe("application/json");
    expect(bodyOf()).toEqual({ text: "é", labels: ["x"], archivedAt: null });
  });

  it("JSON without what only answers hold, and with what only requests hold", async () => {
    await call("createNote", { book: "b", text: "a", secret: "s" });
    expect(bodyOf()).toEqual({ text: "a", secret: "s" });
  });

  it("JSON that shares a name with a parameter, as one argument", async () => {
    await call("rename", { id: "1", body: { id: "2", name: "n" } });
    expect(sent()).toMatchObject({ method: "PATCH", url: "/v1/things/1" });
    expect(sent().headers["content-type"]).toBe("application/merge-patch+json");
    expect(bodyOf()).toEqual({ id: "2", name: "n" });
  });

  it("JSON that is not an object", async () => {
    await call("replaceAll", { body: [{ id: "1", name: "a" }] });
    expect(bodyOf()).toEqual([{ id: "1", name: "a" }]);
  });

  it("nothing, where nothing is required or given", async () => {
    await call("maybe", {});
    expect(sent()).toMatchObject({ method: "POST", body: "" });
    expect(sent().headers["content-type"]).toBeUndefined();
    upstream.received.length = 0;
    await call("maybe", { note: "a" });
    expect(bodyOf()).toEqual({ note: "a" });
  });

  it("a form", async () => {
    await call("submit", { name: "a b&c", tags: ["x", "y"], csv: ["x", "y"], options: { a: "1", b: "2" } });
    expect(sent().headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(sent().body).toBe("name=a+b%26c&tags=x&tags=y&csv=x,y&options%5Ba%5D=1&options%5Bb%5D=2");
  });

  it("text", async () => {
    await call("say", { body: "hällo" });
    expect(sent()).toMatchObject({ body: "hällo" });
    expect(sent().headers["content-type"]).toMatch(/^text\/plain/);
  });

  it("bytes", async () => {
    await call("store", { name: "a.bin", body: new Uint8Array([0, 255, 1]) });
    expect(sent()).toMatchObject({ method: "PUT", url: "/v1/blobs/a.bin" });
    expect(upstream.received[0]!.headers["content-type"]).toBe("application/octet-stream");
    expect([...upstream.received[0]!.body]).toEqual([0, 255, 1]);
  });

  it("bytes of what a description calls JSON", async () => {
    await call("importReport", { body: new Blob(['{"a":1}']) });
    expect(sent()).toMatchObject({ body: '{"a":1}', headers: { "content-type": "application/json" } });
    upstream.received.length = 0;
    await call("importReport", { body: "a" });
    expect(sent().body).toBe('"a"');
  });

  it("of a range of media types, as the one that the bytes have", async () => {
    await call("picture", { body: new Blob(["W"], { type: "image/webp" }) });
    expect(sent().headers["content-type"]).toBe("image/webp");
    upstream.received.length = 0;
    await call("picture", { body: new Uint8Array([0]) });
    expect(sent().headers["content-type"]).toBe("application/octet-stream");
    upstream.received.length = 0;
    await call("remark", { body: "a" });
    expect(sent()).toMatchObject({ body: "a", headers: { "content-type": "text/plain" } });
  });

  it("that no request can carry are not arguments", async () => {
    await call("captions", {});
    expect(sent()).toMatchObject({ method: "GET", body: "" });
    expect(sent().headers["content-type"]).toBeUndefined();
  });

  it("lines of JSON, from a list or as they are", async () => {
    await call("record", { body: [{ id: 1 }, { id: 2 }] }, "modern");
    expect(sent()).toMatchObject({ body: '{"id":1}\n{"id":2}\n', headers: { "content-type": "application/x-ndjson" } });
    upstream.received.length = 0;
    await call("record", { body: new Blob(['{"id":3}\n']) }, "modern");
    expect(sent().body).toBe('{"id":3}\n');
    expect(await failureOf("record", { body: [{ id: "1" }] }, "modern")).toMatchObject({ code: "TB5010" });
  });

  it("parts, with files, JSON and a file each of a list", async () => {
    const file = (text: string, name: string): File => new File([text], name, { type: "image/png" });
    const args = {
      title: "é",
      meta: { a: 1 },
      image: file("PNG", "a.png"),
      more: [file("1", "1.png"), new Blob(["2"])],
      "x-trace": { b: 2 },
    };
    await call("upload", args);
    const { headers, body } = upstream.received[0]!;
    const form = await new Response(new Uint8Array(body), {
      headers: { "content-type": headers["content-type"]! },
    }).formData();
    const parts = [];
    for (const [name, value] of form) {
      parts.push(typeof value === "string" ? [name, value] : [name, value.name, value.type, await value.text()]);
    }
    expect(headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    expect(parts).toEqual([
      ["title", "é"],
      ["meta", '{"a":1}'],
      ["image", "a.png", "image/png", "PNG"],
      ["more", "1.png", "image/png", "1"],
      ["more", "more", "application/octet-stream", "2"],
      ["x-trace", '{"b":2}'],
    ]);
    expect(body.toString()).toContain("Content-Type: application/trace+json\r\n");
    expect(body.toString()).toContain('name="meta"\r\nContent-Type: application/json\r\n\r\n{"a":1}');
  });

  it("parts with files that are given a style, which says nothing of bytes", async () => {
    const file = new File(["F"], "f.png", { type: "image/png" });
    await call("uploadStyled", { File: file, Others: [file, new Blob(["2"])], Tags: ["a b", "é"] });
    const { body } = sent();
    expect(body).toContain('name="File"; filename="f.png"\r\nContent-Type: image/png\r\n\r\nF\r\n');
    expect(body.split('name="Others"; filename=')).toHaveLength(3);
    expect(body).toContain('name="Tags"\r\n\r\na b\r\n');
    expect(body).toContain('name="Tags"\r\n\r\né\r\n');
  });

  it("parts with headers of their own, which are arguments", async () => {
    const image = new Blob(["i"], { type: "image/png" });
    const more = [new Blob(["m"], { type: "text/plain" })];
    const headers = { "X-Checksum": "c1", "X-Tags": ["a", "b"], "title_X-Checksum": "c2", title_title: "t" };
    await call("upload", { title: "t", image, more, ...headers });
    const body = sent().body;
    const type = 'name="more"; filename="more"\r\nContent-Type: text/plain';
    expect(body).toContain(`${type}\r\nX-Checksum: c1\r\nX-Tags: a,b\r\n\r\nm\r\n`);
    expect(body).toContain('name="title"\r\nX-Checksum: c2\r\ntitle: t\r\n\r\nt\r\n');
    expect(body.split("form-data; name=")).toHaveLength(4);
    upstream.received.length = 0;
    await call("upload", { image, more });
    expect(sent().body).not.toContain("X-");
    expect(await failureOf("upload", { image, more, "X-Checksum": "a\r\nX-Evil: 1" })).toMatchObject({
      message: expect.stringContaining("/X-Checksum: contains characters that a header cannot hold") as string,
    });
  });

  it("as JSON, and as parts where files are among the arguments", async () => {
    const message = { content: "hi", embeds: [{ title: "t" }] };
    await call("sendMessage", message);
    expect(sent()).toMatchObject({
      body: JSON.stringify(message),
      headers: { "content-type": "application/json" },
    });
    upstream.received.length = 0;
    // A Buffer has a form in JSON, and is bytes all the same.
    await call("sendMessage", { ...message, files: [Buffer.from("1")], cover: new Blob(["2"]), "X-Alt": "a" });
    const { body, headers } = sent();
    expect(headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    expect(body).toContain('name="content"\r\n\r\nhi\r\n');
    expect(body).toContain('name="embeds"\r\nContent-Type: application/json\r\n\r\n{"title":"t"}\r\n');
    expect(body).toContain('filename="files"\r\nContent-Type: application/octet-stream\r\n\r\n1\r\n');
    expect(body).toContain('filename="cover"\r\nContent-Type: image/png\r\nX-Alt: a\r\n\r\n2\r\n');
    upstream.received.length = 0;
    await call("sendMessage", { "X-Alt": "a" });
    expect(sent().body).toBe("{}");
  });

  it("as JSON, or as the file that is given instead", async () => {
    await call("replaceMessages", { body: [{ content: "a" }] });
    expect(sent()).toMatchObject({ body: '[{"content":"a"}]', headers: { "content-type": "application/json" } });
    upstream.received.length = 0;
    await call("replaceMessages", { body: new Uint8Array([80, 75]) });
    expect(sent()).toMatchObject({ body: "PK", headers: { "content-type": "application/zip" } });
  });

  it("that the description refuses are not sent", async () => {
    const bad: [string, Args][] = [
      ["createNote", { book: "b" }],
      ["createNote", { book: "b", text: null }],
      ["createNote", { book: "b", text: "a", labels: "x" }],
      ["query", { unknown: 1 }],
      ["query", { size: -1 }],
      ["store", { name: "a", body: "text" }],
      ["upload", { title: "a", image: "text" }],
    ];
    for (const [name, args] of bad) {
      expect(await failureOf(name, args), JSON.stringify(args)).toMatchObject({ code: "TB5010" });
    }
    expect(upstream.received).toEqual([]);
  });
});

describe("answers", () => {
  const NOTE = { id: 1, text: "a", archivedAt: null };
  const answers = (status: number, type: string | undefined, body = ""): void => {
    upstream.answer = (_, response) =>
      response.writeHead(status, type === undefined ? {} : { "content-type": type }).end(body);
  };
  const read = (): Promise<unknown> => call("readNote", { id: "1" });

  it("of each success, as its schema has it", async () => {
    answers(200, "application/json", JSON.stringify(NOTE));
    expect(await read()).toEqual(NOTE);
    expect(sent().headers.accept).toBe("application/json");
    answers(202, "application/json; charset=utf-8", '{"job":"j"}');
    expect(await read()).toEqual({ job: "j" });
    answers(204, undefined);
    expect(await read()).toBeNull();
  });

  it("that no success has are drift", async () => {
    answers(200, "application/json", JSON.stringify({ ...NOTE, text: null }));
    expect(await failureOf("readNote", { id: "1" })).toMatchObject({ code: "TB5011" });
  });

  it("of a failure, with what it says", async () => {
    answers(404, "application/problem+json", '{"title":"No such note"}');
    expect(await failureOf("readNote", { id: "1" })).toMatchObject({
      code: "TB5404",
      status: 404,
      data: { title: "No such note" },
    });
  });

  it("in JSON and text by other names", async () => {
    answers(200, "application/x-amz-json-1.1", '{"id":"1"}');
    expect(await call("askAmazon", { name: "n" })).toEqual({ id: "1" });
    expect(sent()).toMatchObject({ body: '{"name":"n"}', headers: { "content-type": "application/x-amz-json-1.1" } });
    answers(200, "application/jwt", "a.b.c");
    expect(await call("token", {})).toBe("a.b.c");
    answers(200, "application/geo+json-seq", "\u001e{}\n");
    const stream = (await call("features", {})) as ReadableStream<Uint8Array>;
    expect(await new Response(stream).text()).toBe("\u001e{}\n");
  });

  it("that are files, whatever they are", async () => {
    for (const type of ["application/json", "text/csv", "application/x-ndjson", "image/png"]) {
      answers(200, type, "[1]");
      const file = (await call("download", { id: "1" })) as Blob;
      expect([file.type, await file.text()]).toEqual([type, "[1]"]);
    }
    answers(200, "application/json", "[1]");
    expect(await ((await call("report", {})) as Blob).text()).toBe("[1]");
    answers(200, "application/pdf", "");
    expect((await call("report", {})) as Blob).toHaveProperty("size", 0);
    answers(204, undefined);
    expect(await call("report", {})).toBeNull();
    // A description that says two things.
    answers(200, "application/json", '{"a":1}');
    expect(await failureOf("doubtful", {})).toMatchObject({ code: "TB5011" });
  });

  it("without content in the description, by their type", async () => {
    answers(201, "application/json; charset=utf-8", JSON.stringify([NOTE]));
    expect(await call("plain", {})).toEqual([NOTE]);
    answers(201, "text/html", "<p>");
    expect(await call("plain", {})).toBe("<p>");
    answers(201, undefined);
    expect(await call("plain", {})).toBeNull();
    answers(200, undefined);
    expect(await call("remove", {}, "swagger")).toBeNull();
  });

  it("in text, bytes and streams", async () => {
    answers(200, "text/csv", "a,b\n");
    expect(await call("exportNotes", {})).toBe("a,b\n");
    answers(200, "image/png", "PNG");
    const image = (await call("drawNote", {})) as Blob;
    expect([image.type, await image.text()]).toEqual(["image/png", "PNG"]);
    answers(200, "text/event-stream", "data: 1\n\n");
    const stream = (await call("watchNotes", {})) as ReadableStream<Uint8Array>;
    expect(await new Response(stream).text()).toBe("data: 1\n\n");
  });
});

// Expected by "Parameter Object" and "Consumes" of OpenAPI 2.0.
describe("OpenAPI 2.0", () => {
  it.each([
    ["csv", { csv: ["a", "b"] }, "csv=a,b"],
    ["csv by default", { plain: ["a", "b"] }, "plain=a,b"],
    ["ssv", { ssv: ["a", "b"] }, "ssv=a%20b"],
    ["tsv", { tsv: ["a", "b"] }, "tsv=a%09b"],
    ["pipes", { pipes: ["a", "b"] }, "pipes=a%7Cb"],
    ["multi", { multi: ["a", "b"] }, "multi=a&multi=b"],
    ["pipes of csv", { shape: [[1, 2], [3.5, 4], []] }, "shape=1%2C2%7C3.5%2C4%7C"],
    [
      "multi of ssv of csv",
      {
        shapes: [
          [
            [1, 2],
            [3, 4],
          ],
          [[5]],
        ],
      },
      "shapes=1%2C2%203%2C4&shapes=5",
    ],
  ])("a list as %s", async (_, args, query) => {
    await call("lists", args, "swagger");
    expect(sent().url).toBe(`/v1/lists?${query}`);
  });

  it("a list in a path and in a header", async () => {
    await call("listsElsewhere", { ids: ["a", "b|c"], "X-List": ["x", "y"], "X-Path": [[1, 2], [3]] }, "swagger");
    expect(sent()).toMatchObject({ url: "/v1/lists/a%7Cb%7Cc", headers: { "x-list": "x y", "x-path": "1,2|3" } });
  });

  it("form fields, in a form or with files in parts", async () => {
    await call("fields", { name: "a b", tags: ["x", "y"], path: [[1, 2], [3]] }, "swagger");
    expect(sent().headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(sent().body).toBe("name=a+b&tags=x,y&path=1%2C2%203");
    upstream.received.length = 0;
    await call("attach", { note: "n", file: new File(["F"], "f.txt", { type: "text/plain" }) }, "swagger");
    const { headers, body } = upstream.received[0]!;
    expect(headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    expect(body.toString()).toContain('name="file"; filename="f.txt"\r\nContent-Type: text/plain\r\n\r\nF\r\n');
    expect(body.toString()).toContain('name="note"\r\n\r\nn\r\n');
  });

  it("a body that is a file, which Azure describes as an object", async () => {
    await call("putContent", { body: new Blob(["F"], { type: "image/png" }) }, "swagger");
    expect(sent()).toMatchObject({ body: "F", headers: { "content-type": "application/octet-stream" } });
    upstream.answer = (_, response) => response.setHeader("content-type", "application/json").end("[1]");
    expect(await ((await call("getContent", {}, "swagger")) as Blob).text()).toBe("[1]");
  });

  it("a stream of gRPC's gateway, whose type is that of one value", async () => {
    const lines = '{"result":{"id":1}}\n{"result":{"id":2}}\n';
    upstream.answer = (_, response) => response.setHeader("content-type", "application/json").end(lines);
    for (const name of ["watch", "watchAsBefore"]) {
      const stream = (await call(name, {}, "swagger")) as ReadableStream<Uint8Array>;
      expect(await new Response(stream).text()).toBe(lines);
      expect(upstream.received.pop()?.headers["accept"]).toBe("application/json");
    }
    upstream.answer = (_, response) => json(response, { message: "No." }, 404);
    expect(await failureOf("watch", {}, "swagger")).toMatchObject({ data: { message: "No." } });
  });

  it("a body is JSON where nothing is said, and null fits what is nullable", async () => {
    await call("save", { name: null }, "swagger");
    expect(sent()).toMatchObject({ method: "POST", body: '{"name":null}' });
    expect(sent().headers["content-type"]).toBe("application/json");
  });
});
