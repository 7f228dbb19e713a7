import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proxy, StatusError, withTools } from "../../runtime/index.js";
import { type Platform, type ProxyHandler, type ProxyAnswer, startPlatform } from "../../testing/index.js";
import { scripted, status } from "./fake.js";
import { API_KEY, clientOf, failureOf, snapshot } from "./support.js";

let answer: ProxyHandler = (request) => ({ data: { ...request } });
let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform({ snapshot, apiKey: API_KEY, proxy: (request) => answer(request) });
});
afterAll(() => platform.close());
const answers = (each: ProxyAnswer): void => void (answer = () => each);

describe("proxy", () => {
  it("sends the request to the account's app, with one request of its own", async () => {
    answer = (request) => ({ data: { ...request }, headers: { etag: "7" }, status: 201 });
    const response = await proxy(
      "ca_1",
      {
        method: "POST",
        endpoint: "/repos",
        query: { per_page: 5, all: true, none: undefined },
        headers: { accept: "text/plain" },
        body: { name: "site" },
      },
      { client: clientOf(platform.url) },
    );
    expect(response).toMatchObject({ status: 201, ok: true, attempts: 1, file: undefined });
    expect(response.headers.get("etag")).toBe("7");
    expect(response.requestId).toMatch(/^req_/);
    expect(response.data).toEqual({
      connectedAccountId: "ca_1",
      method: "POST",
      endpoint: "/repos",
      query: { per_page: "5", all: "true" },
      headers: { accept: "text/plain" },
      body: { name: "site" },
    });
    expect(platform.requests).toHaveLength(1);
  });

  it("is a method of a client that calls by slug", async () => {
    answer = (request) => ({ data: { ...request } });
    const client = withTools(clientOf(platform.url));
    const { data } = await client.forUser("u_1").proxy("ca_1", { endpoint: "/repos" });
    expect(data).toMatchObject({ connectedAccountId: "ca_1", method: "GET", endpoint: "/repos" });
    const other = scripted([() => status(500)]);
    const { status: said } = await failureOf(client.proxy("ca_1", { endpoint: "/repos", method: "POST" }, other));
    expect(said).toBe(500);
    expect((await failureOf(client.proxy("", { endpoint: "/repos" }))).message).toContain("is empty");
  });

  it("sends binary bodies as they are", async () => {
    const bytes = new Uint8Array(70_000).map((_, index) => index % 256);
    for (const binaryBody of [bytes, new Blob([bytes], { type: "image/png" })]) {
      let got: Uint8Array | undefined;
      answer = (request) => {
        got = request.bytes;
        return {};
      };
      await proxy("ca_1", { method: "PUT", endpoint: "/file", binaryBody }, { client: clientOf(platform.url) });
      expect(got).toEqual(bytes);
    }
    const sent = platform.requests.at(-1)!.body as { binary_body: object };
    expect(sent.binary_body).toMatchObject({ content_type: "image/png" });
    const binaryBody = { url: "https://files.example/a.png", contentType: "image/png" };
    await proxy("ca_1", { method: "PUT", endpoint: "/file", binaryBody }, { client: clientOf(platform.url) });
    const last = platform.requests.at(-1)!.body as { binary_body: object };
    expect(last.binary_body).toEqual({ url: "https://files.example/a.png", content_type: "image/png" });
    const empty = proxy(
      "ca_1",
      { endpoint: "/file", binaryBody: new Uint8Array() },
      { client: clientOf(platform.url) },
    );
    expect((await failureOf(empty)).code).toBe("TB5010");
  });

  it("takes one body, not two", async () => {
    const sent = platform.requests.length;
    const request = { method: "PUT", endpoint: "/file", body: {}, binaryBody: new Uint8Array([1]) } as const;
    const error = await failureOf(proxy("ca_1", request, { client: clientOf(platform.url) }));
    expect(error).toMatchObject({ code: "TB5010", toolSlug: "proxy" });
    expect(platform.requests).toHaveLength(sent);
  });

  it("gives the app's status as it is, and throws it only when asked", async () => {
    answers({ status: 404, data: { message: "no" } });
    const client = clientOf(platform.url);
    expect(await proxy("ca_1", { endpoint: "/x" }, { client })).toMatchObject({ status: 404, ok: false });
    const error = await failureOf(proxy("ca_1", { endpoint: "/x" }, { client, throwOnStatus: true }));
    expect(error).toBeInstanceOf(StatusError);
    expect(error).toMatchObject({ code: "TB5404", status: 404, data: { message: "no" } });
    answers({ status: 418 });
    expect((await failureOf(proxy("ca_1", { endpoint: "/x" }, { client, throwOnStatus: true }))).code).toBe("TB5599");
  });

  it("says of an app's failure whether it may pass, and when", async () => {
    answers({ status: 429, headers: { "Retry-After": "7", "x-ratelimit-remaining": "0" } });
    const client = clientOf(platform.url);
    const error = await failureOf(proxy("ca_1", { endpoint: "/x" }, { client, throwOnStatus: true }));
    expect(error).toMatchObject({ code: "TB5429", retryable: true, retryAfterMs: 7000 });
    expect(error.headers?.get("x-ratelimit-remaining")).toBe("0");
    answers({ status: 404 });
    const absent = await failureOf(proxy("ca_1", { endpoint: "/x" }, { client, throwOnStatus: true }));
    expect([absent.retryable, absent.retryAfterMs]).toEqual([false, undefined]);
  });

  it("throws what the platform itself refuses", async () => {
    const error = await failureOf(
      proxy("ca_1", { endpoint: "/x" }, { client: clientOf(platform.url, { apiKey: "no" }) }),
    );
    expect(error).toMatchObject({ code: "TB5401", toolSlug: "proxy" });
    const odd = scripted([() => new Response("<html>", { headers: { "content-type": "text/html" } })]);
    expect((await failureOf(proxy("ca_1", { endpoint: "/x" }, { client: odd.client }))).code).toBe("TB5023");
  });

  it("throws nothing but errors of calls", async () => {
    const vault = new Error("vault");
    const apiKey = () => Promise.reject(vault);
    const request = { method: "POST", endpoint: "/x" } as const;
    const client = clientOf(platform.url);
    const before = platform.requests.length;
    expect(await failureOf(proxy("ca_1", request, { client: clientOf(platform.url, { apiKey }) }))).toMatchObject({
      code: "TB5002",
      toolSlug: "proxy",
      cause: vault,
    });
    expect((await failureOf(proxy("ca_1", { ...request, body: { a: 1n } }, { client }))).code).toBe("TB5010");
    expect((await failureOf(proxy("", request, { client }))).code).toBe("TB5001");
    expect(platform.requests).toHaveLength(before);
  });

  it("leaves out headers that no answer can have", async () => {
    const headers = { "x-name": "名前", "bad name": "x", "set-cookie": ["a=1", "b=2"], etag: "7" };
    const fetch = async () => Response.json({ data: 1, status: 200, headers });
    const response = await proxy("ca_1", { endpoint: "/x" }, { client: clientOf(platform.url, { fetch }) });
    expect([...response.headers]).toEqual([
      ["etag", "7"],
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ]);
  });

  it.each([{}, { successful: false, error: "no" }, { status: "none" }])(
    "takes %j, which has no status, for no answer",
    async (body) => {
      const client = clientOf(platform.url, { fetch: async () => Response.json(body) });
      const failure = await failureOf(proxy("ca_1", { method: "POST", endpoint: "/x" }, { client }));
      expect(failure).toMatchObject({ code: "TB5023", toolSlug: "proxy", retryable: false });
    },
  );

  it("repeats only what reads", async () => {
    for (const [method, times] of [
      ["GET", 3],
      ["HEAD", 3],
      ["POST", 1],
      ["PUT", 1],
      ["DELETE", 1],
      ["PATCH", 1],
    ] as const) {
      const { client, clock, requests } = scripted([() => status(503)]);
      await clock.settle(failureOf(proxy("ca_1", { method, endpoint: "/x" }, { client })));
      expect(requests, method).toHaveLength(times);
    }
  });

  it("returns binary answers as files", async () => {
    const url = `${platform.url}/storage/none`;
    answers({ binary: { url, contentType: "image/png", size: 3 } });
    const { file } = await proxy("ca_1", { endpoint: "/x" }, { client: clientOf(platform.url) });
    expect(file).toMatchObject({ name: "none", mimetype: "image/png" });
    await expect(file!.blob()).rejects.toMatchObject({ code: "TB5040" });
    answers({ binary: { url: "http://169.254.169.254/latest", contentType: "image/png", size: 3 } });
    const stolen = await proxy("ca_1", { endpoint: "/x" }, { client: clientOf(platform.url) });
    await expect(stolen.file!.blob()).rejects.toMatchObject({ code: "TB5040" });
  });
});
