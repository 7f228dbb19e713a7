import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  AbortError,
  AuthenticationError,
  BadGatewayError,
  BadRequestError,
  ConnectionError,
  GoneError,
  InternalServerError,
  NotFoundError,
  NotImplementedError,
  PayloadTooLargeError,
  PermissionDeniedError,
  RateLimitError,
  RequestTimeoutError,
  ServiceUnavailableError,
  StatusError,
  TimeoutError,
  ToolbindCallError,
  ToolExecutionError,
  UnexpectedResponseError,
  UnprocessableEntityError,
} from "../../runtime/index.js";
import { done, scripted } from "./fake.js";
import {
  API_KEY,
  ARGS,
  clientOf,
  createIssue,
  everythingIn,
  failureOf,
  type RawServer,
  startRaw,
  VERSION,
} from "./support.js";

const STATUSES = [
  [400, BadRequestError, false],
  [401, AuthenticationError, false],
  [403, PermissionDeniedError, false],
  [404, NotFoundError, false],
  [408, RequestTimeoutError, true],
  [410, GoneError, false],
  [413, PayloadTooLargeError, false],
  [422, UnprocessableEntityError, false],
  [429, RateLimitError, true],
  [500, InternalServerError, true],
  [501, NotImplementedError, false],
  [502, BadGatewayError, true],
  [503, ServiceUnavailableError, true],
] as const;
const HTML = "<!doctype html><title>Sorry</title>";

let server: RawServer | undefined;

async function serve(answer: Parameters<typeof startRaw>[0]): Promise<RawServer> {
  return (server = await startRaw(answer));
}
async function answering(status: number, body: string, headers: Record<string, string> = {}): Promise<RawServer> {
  return serve((_, response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body),
  );
}

afterEach(async () => {
  await server?.close();
  server = undefined;
});

describe.each(STATUSES)("%i", (status, Class, retryable) => {
  const common = { code: `TB5${status}`, status, toolSlug: "GITHUB_CREATE_AN_ISSUE", version: VERSION, retryable };

  it("with the documented body carries all of it, after one request", async () => {
    const error = {
      message: "It went wrong",
      code: 1803,
      slug: "Some_Slug",
      status,
      request_id: "req_9",
      suggested_fix: "Do it right",
      errors: ["a is wrong", "b is wrong"],
    };
    const { url, received } = await answering(status, JSON.stringify({ error }));
    const failure = await failureOf(createIssue(ARGS, { client: clientOf(url) }));
    expect(failure).toBeInstanceOf(Class);
    expect(failure).toBeInstanceOf(StatusError);
    expect(failure).toBeInstanceOf(ToolbindCallError);
    for (const [, Other] of STATUSES) expect(failure instanceof Other).toBe(Other === Class);
    expect(failure).toMatchObject({
      ...common,
      apiCode: 1803,
      slug: "Some_Slug",
      requestId: "req_9",
      suggestedFix: "Do it right",
      errors: ["a is wrong", "b is wrong"],
    });
    expect(failure.message).toBe(
      `GITHUB_CREATE_AN_ISSUE failed with ${status}: It went wrong; a is wrong; b is wrong. Fix: Do it right.`,
    );
    expect(received).toHaveLength(1);
  });

  it("with a page of HTML or nothing still says what to do", async () => {
    for (const [body, type] of [
      [HTML, "text/html"],
      ["", "text/plain"],
    ] as const) {
      const { url, received } = await answering(status, body, { "content-type": type, "x-request-id": "req_8" });
      const failure = await failureOf(createIssue(ARGS, { client: clientOf(url) }));
      expect(failure).toBeInstanceOf(Class);
      expect(failure).toMatchObject({ ...common, requestId: "req_8" });
      expect(failure.message).toContain(`${body.length} characters of ${type}`);
      expect(failure.message).toMatch(/Fix: .+\.$/);
      expect(failure.message).not.toContain("<");
      expect(received).toHaveLength(1);
      await server?.close();
    }
  });

  it("with less than documented is taken as it is", async () => {
    for (const body of [
      '{"error":"It went wrong"}',
      '{"message":"It went wrong"}',
      '{"error":{"message":"It went wrong","code":"x","errors":[{"a":1}],"suggested_fix":""}}',
    ]) {
      const { url } = await answering(status, body);
      const failure = await failureOf(createIssue(ARGS, { client: clientOf(url) }));
      expect(failure).toMatchObject(common);
      expect(failure.message).toMatch(/^GITHUB_CREATE_AN_ISSUE failed with \d+: It went wrong/);
      expect(failure.apiCode).toBeUndefined();
      await server?.close();
    }
  });
});

describe("other answers", () => {
  it.each([409, 418, 504, 529])("%i is a StatusError of its own", async (status) => {
    const { url } = await answering(status, "{}");
    const failure = await failureOf(createIssue(ARGS, { client: clientOf(url) }));
    expect(failure).toBeInstanceOf(StatusError);
    expect(failure).toMatchObject({ code: "TB5599", status, retryable: status > 499 });
    expect(failure.message).toMatch(
      status > 499 ? /Fix: try later; check whether it ran/ : /Fix: check the arguments and/,
    );
  });

  it.each([200, 400])(
    "%i that nests too deeply to be told is what its status and its `successful` say",
    async (status) => {
      const deep = '{"error":' + '{"message":'.repeat(20_000) + "1" + "}".repeat(20_000) + ',"successful":false}';
      const { url } = await answering(status, deep);
      const failure = await failureOf(createIssue(ARGS, { client: clientOf(url) }));
      expect(failure).toMatchObject({ code: status === 200 ? "TB5030" : "TB5400", status });
    },
  );

  it.each([
    ["HTML", HTML],
    ["nothing", ""],
    ["broken JSON", '{"data":'],
    ["an array", "[]"],
    ["a string", '"ok"'],
    ["null", "null"],
    ["no successful", '{"data":{},"error":null}'],
    ["a misspelt successful", '{"data":{},"successfull":true}'],
    ["a successful that is not a boolean", '{"data":{},"successful":"true"}'],
  ])("200 with %s is an UnexpectedResponseError", async (_, body) => {
    const { url, received } = await answering(200, body);
    const failure = await failureOf(createIssue(ARGS, { client: clientOf(url) }));
    expect(failure).toBeInstanceOf(UnexpectedResponseError);
    expect(failure).toMatchObject({ code: "TB5023", status: 200, retryable: false });
    expect(failure.message).toMatch(/may|whether it ran/);
    expect(received).toHaveLength(1);
  });

  it("200 that only says successful is a success, and its missing data drifts", async () => {
    const { url } = await answering(200, '{"successful":true}');
    const response = await createIssue.withResponse(ARGS, { client: clientOf(url) });
    expect(response).toMatchObject({
      data: undefined,
      logId: undefined,
      requestId: undefined,
      drift: [{ received: "missing" }],
    });
  });

  it("200 that only says it failed is a ToolExecutionError", async () => {
    const { url } = await answering(200, '{"successful":false}');
    const failure = await failureOf(createIssue(ARGS, { client: clientOf(url) }));
    expect(failure).toBeInstanceOf(ToolExecutionError);
    expect(failure).toMatchObject({ error: null, status: 200 });
    expect((failure as ToolExecutionError).data).toBeUndefined();
    expect(failure.message).toMatch(/Fix: see `data`\.$/);
  });

  it("keeps a long reason whole beside a cut message", async () => {
    const { url } = await answering(200, JSON.stringify({ successful: false, error: "e".repeat(5000) }));
    const failure = (await failureOf(createIssue(ARGS, { client: clientOf(url) }))) as ToolExecutionError;
    expect(failure.error).toHaveLength(5000);
    expect(failure.message.length).toBeLessThan(1200);
  });

  it.each([
    [429, "{}"],
    [200, JSON.stringify({ successful: false, error: "no" })],
    [200, "<html>"],
  ])("has the headers of an answer with %s %s, and shows them nowhere by itself", async (status, body) => {
    const { url } = await answering(status, body, { "x-ratelimit-remaining": "17", "set-cookie": "session=s3cret" });
    const failure = await failureOf(createIssue(ARGS, { client: clientOf(url) }));
    expect(failure.headers?.get("x-ratelimit-remaining")).toBe("17");
    expect(inspect(failure) + JSON.stringify(failure)).not.toMatch(/ratelimit|s3cret/);
    expect(Object.keys(failure)).not.toContain("headers");
  });

  it.each([
    [{ "retry-after": "2" }, 2000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after": "1893456000" }, 1893456000000],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "0" }, undefined],
    [{ "retry-after": "-2" }, undefined],
    [{ "retry-after": "1e3" }, undefined],
    [{ "retry-after": "0x10" }, undefined],
    [{ "retry-after": "Infinity" }, undefined],
    [{ "retry-after": "9".repeat(400) }, undefined],
    [{ "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" }, undefined],
    [{}, undefined],
  ] as const)("%j asks to wait %s ms", async (headers, retryAfterMs) => {
    const { url } = await answering(429, "{}", headers);
    expect((await failureOf(createIssue(ARGS, { client: clientOf(url) }))).retryAfterMs).toBe(retryAfterMs);
  });

  it("reads a date to wait for", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 1) });
    try {
      const { url } = await answering(503, "{}", { "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" });
      expect((await failureOf(createIssue(ARGS, { client: clientOf(url) }))).retryAfterMs).toBe(30_000);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a connection", () => {
  it("that is refused is a ConnectionError with the system's code", async () => {
    const { url, close } = await answering(200, "{}");
    await close();
    const failure = await failureOf(createIssue(ARGS, { client: clientOf(url) }));
    expect(failure).toBeInstanceOf(ConnectionError);
    expect(failure).toMatchObject({ code: "TB5020", retryable: true });
    expect(failure.message).toContain(`ECONNREFUSED at ${url}`);
    expect(failure.cause).toBeInstanceOf(Error);
  });

  it("that breaks before or within the answer is a ConnectionError, after one request", async () => {
    for (const head of [false, true]) {
      const { url, received } = await serve((_, response) => {
        if (head) response.writeHead(200, { "content-length": "100" }).write("{");
        setTimeout(() => response.destroy(), 10);
      });
      const failure = await failureOf(createIssue(ARGS, { client: clientOf(url) }));
      expect(failure).toBeInstanceOf(ConnectionError);
      expect(failure.message).toContain("check whether it ran");
      expect(received).toHaveLength(1);
      await server?.close();
    }
  });

  it("whose fetch throws anything is a ConnectionError", async () => {
    for (const thrown of [undefined, null, "nope", new Error("nope"), { code: 5 }, { cause: null }]) {
      const client = clientOf("http://127.0.0.1:1", { fetch: () => Promise.reject(thrown) });
      expect((await failureOf(createIssue(ARGS, { client }))).code).toBe("TB5020");
    }
  });

  it.each([
    [new DOMException("too late", "TimeoutError"), "TimeoutError"],
    [new DOMException("no", "NotAllowedError"), "NotAllowedError"],
    [Object.assign(new Error("no"), { code: "ERR_NO" }), "ERR_NO"],
    [Object.assign(new Error("no"), { name: "FetchError" }), "FetchError"],
    [Object.assign(new Error("no"), { code: 7 }), "the connection failed"],
    [Object.assign(new Error("no"), { code: { a: 1 } }), "the connection failed"],
    [Object.assign(new Error("no"), { code: "see https://app.example/?k=v" }), "the connection failed"],
    [new TypeError("fetch failed"), "the connection failed"],
  ])("that ends with %o is told of in words", async (thrown, told) => {
    const client = clientOf("http://127.0.0.1:1", { fetch: () => Promise.reject(thrown) });
    const { message } = await failureOf(createIssue(ARGS, { client }));
    expect(message).toContain(`gave no answer: ${told} at http://127.0.0.1:1.`);
  });

  it.each([301, 302, 303, 307, 308])("that is redirected with %i goes nowhere else", async (status) => {
    const elsewhere = await startRaw((_, response) => response.end("{}"));
    try {
      const { url, received } = await answering(status, "", { location: `${elsewhere.url}/steal` });
      const failure = await failureOf(createIssue(ARGS, { client: clientOf(url) }));
      expect(failure).toBeInstanceOf(ConnectionError);
      expect(failure.message).toContain("redirect");
      expect(failure.retryable).toBe(false);
      expect(received).toHaveLength(1);
      expect(elsewhere.received).toHaveLength(0);
    } finally {
      await elsewhere.close();
    }
  });
});

describe("waiting", () => {
  it("ends with a TimeoutError, also within the body", async () => {
    for (const head of [false, true]) {
      const { url, received } = await serve((_, response) => {
        if (head) response.writeHead(200).write("{");
      });
      const failure = await failureOf(createIssue(ARGS, { client: clientOf(url, { timeoutMs: 50 }) }));
      expect(failure).toBeInstanceOf(TimeoutError);
      expect(failure).toMatchObject({ code: "TB5021", retryable: true });
      expect(failure.message).toContain("raise timeoutMs or deadlineMs");
      expect(received.length).toBeLessThanOrEqual(1);
      await server?.close();
    }
  });

  it("has no end with Infinity", async () => {
    const { url } = await answering(200, '{"successful":true,"data":{"number":1,"state":"open"}}');
    await expect(createIssue(ARGS, { client: clientOf(url), timeoutMs: Infinity })).resolves.toMatchObject({
      number: 1,
    });
  });

  it("ends for a key that does not come, and nothing is sent when it does", async () => {
    const { url, received } = await answering(200, '{"successful":true}');
    let give: (key: string) => void = () => {};
    const apiKey = () => new Promise<string>((resolve) => (give = resolve));
    const failure = await failureOf(createIssue(ARGS, { client: clientOf(url, { apiKey, timeoutMs: 20 }) }));
    expect(failure.code).toBe("TB5021");
    give(API_KEY);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(received).toHaveLength(0);
  });

  it("ends at once on abort, and the reason is the cause", async () => {
    const controller = new AbortController();
    const { url, received } = await serve(() => controller.abort("enough"));
    const failure = await failureOf(createIssue(ARGS, { client: clientOf(url), signal: controller.signal }));
    expect(failure).toBeInstanceOf(AbortError);
    expect(failure).toMatchObject({ code: "TB5022", cause: "enough", retryable: false });
    expect(received).toHaveLength(1);
  });

  it("ends on abort even where fetch does not listen", async () => {
    const controller = new AbortController();
    const client = clientOf("http://127.0.0.1:1", {
      fetch: () => {
        controller.abort();
        return new Promise(() => {});
      },
    });
    expect((await failureOf(createIssue(ARGS, { client, signal: controller.signal }))).code).toBe("TB5022");
  });

  it("does not begin after an abort", async () => {
    const { url, received } = await answering(200, "{}");
    const failure = await failureOf(createIssue(ARGS, { client: clientOf(url), signal: AbortSignal.abort() }));
    expect(failure).toBeInstanceOf(AbortError);
    expect(received).toHaveLength(0);
  });

  it("listens once to a signal that many calls share, which all end with it", async () => {
    const controller = new AbortController();
    const added = vi.spyOn(controller.signal, "addEventListener");
    const client = clientOf("http://127.0.0.1:1", { fetch: () => new Promise(() => {}) });
    const calls = Array.from({ length: 20 }, () => failureOf(createIssue(ARGS, { client, signal: controller.signal })));
    await new Promise((done) => setTimeout(done));
    expect(added).toHaveBeenCalledTimes(1);
    controller.abort();
    expect(new Set((await Promise.all(calls)).map(({ code }) => code))).toEqual(new Set(["TB5022"]));
    vi.restoreAllMocks();
  });

  it("leaves nothing behind where the given signal is not one", async () => {
    const { client, clock } = scripted([done]);
    const signal = new AbortController() as unknown as AbortSignal;
    expect((await failureOf(createIssue(ARGS, { client, signal }))).code).toBe("TB5000");
    expect(clock.pending).toBe(0);
  });

  it("leaves no listener and no timer behind", async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    const set = vi.spyOn(globalThis, "setTimeout");
    const cleared = vi.spyOn(globalThis, "clearTimeout");
    const timer = (at: number) => set.mock.results[at]?.value as unknown;
    const client = clientOf("http://127.0.0.1:1", { timeoutMs: 12_345, fetch: () => Promise.reject(new Error("no")) });
    await failureOf(createIssue(ARGS, { client, signal }));
    expect(removed.mock.calls.map((call) => call.slice(0, 2))).toEqual(
      added.mock.calls.map((call) => call.slice(0, 2)),
    );
    const ours = set.mock.calls.findIndex(([, ms]) => ms === 12_345);
    expect(cleared.mock.calls.flat()).toContain(timer(ours));
    vi.restoreAllMocks();
  });
});

describe("secrets", () => {
  it("that the platform repeats stay out of errors", async () => {
    const token = `tok_${createHash("sha256").update("a").digest("hex")}`;
    const key = `-----BEGIN KEY-----\n${token}\n-----END KEY-----`;
    const echo = `the key ${API_KEY}, the token ${token} and ${key} are wrong`;
    const error = {
      message: echo,
      suggested_fix: echo,
      errors: [echo],
      slug: echo,
      request_id: echo,
      code: 1,
      status: 400,
    };
    const bodies = [
      [401, { error }],
      [403, { error: echo }],
      [200, { successful: false, error: echo, data: { echo }, log_id: echo }],
      [200, { echo }],
    ] as const;
    for (const [status, body] of bodies) {
      const { url } = await answering(status, JSON.stringify(body));
      const failure = await failureOf(
        createIssue(ARGS, {
          client: clientOf(url),
          customAuthParams: { parameters: [{ name: "x-token", in: "header", value: token }] },
          customConnectionData: { authScheme: "OAUTH2", toolkitSlug: "github", val: { access_token: key } },
        }),
      );
      const shown = everythingIn(failure);
      expect(shown).not.toContain(API_KEY);
      expect(shown).not.toContain(token);
      await server?.close();
    }
  });

  it("are known in a URL, where one holds another, and among the headers; no other word is taken out", async () => {
    const message =
      "Invalid Authorization header: https://app.example/?k=ab%2Fcd%2Bef%3D%3D for acme-api / acme-api-2024!, Bearer gateway-token";
    const { url } = await answering(401, JSON.stringify({ error: { message, slug: "No", code: 1, status: 401 } }));
    const failure = await failureOf(
      createIssue(ARGS, {
        client: clientOf(url, { headers: { authorization: "Bearer gateway-token" } }),
        customAuthParams: {
          baseUrl: "https://app.example",
          parameters: [{ name: "Authorization", in: "header", value: "ab/cd+ef==" }],
        },
        customConnectionData: {
          authScheme: "BASIC",
          toolkitSlug: "github",
          val: { username: "acme-api", password: "acme-api-2024!" },
        },
      }),
    );
    expect(failure.message).toContain(
      "401: Invalid Authorization header: https://app.example/?k=[redacted] for [redacted] / [redacted], Bearer [redacted]. Fix:",
    );
  });

  it("are known without their scheme, as numbers, in lists and as names", async () => {
    const token = "ghp_token0123456789";
    const pin = 73_519_264;
    const listed = "listed-credential";
    const echo = { message: `${token} and ${pin}, ${listed}`, total: 8, [token]: [listed] };
    for (const [status, body] of [
      [401, { error: echo }],
      [200, { successful: false, error: echo, data: echo }],
      [401, { error: { ...echo, pin } }],
    ] as const) {
      const { url } = await answering(status, JSON.stringify(body));
      const failure = await failureOf(
        createIssue(ARGS, {
          client: clientOf(url),
          customAuthParams: {
            parameters: [
              { name: "Authorization", in: "header", value: `Bearer ${token}` },
              { name: "pin", in: "query", value: pin },
            ],
            body: { keys: [listed], absent: undefined },
          },
        }),
      );
      expect(failure.status).toBe(status);
      expect(everythingIn(failure)).not.toMatch(/ghp_|73519264|listed/);
      const shown = { message: "[redacted] and [redacted], [redacted]", total: 8, "[redacted]": ["[redacted]"] };
      if (status === 200) expect((failure as ToolExecutionError).data).toEqual(shown);
      await server?.close();
    }
  });

  it("stay out of connection errors, timeouts and aborts", async () => {
    const options = [{ timeoutMs: 20 }, { signal: AbortSignal.abort() }, {}];
    const { url, close } = await serve(() => {});
    for (const each of options) {
      if (Object.keys(each).length === 0) await close();
      expect(everythingIn(await failureOf(createIssue(ARGS, { client: clientOf(url), ...each })))).not.toContain(
        API_KEY,
      );
    }
  });
});
