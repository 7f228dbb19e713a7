import fc from "../support/fast-check.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { App, AuthScheme } from "../../runtime/direct/app.js";
import type { Parameter, Route } from "../../runtime/direct/route.js";
import { createClient, type Fetch, InputValidationError, isToolbindCallError } from "../../runtime/index.js";
import { type Args, field, startUpstream, toolOf, type Upstream } from "./support.js";

const HOSTILE = [
  "..",
  ".",
  "../..",
  "%2e%2e",
  "%2E%2e/",
  "..;",
  "..;/x",
  "/",
  "//evil.example",
  "\\\\evil.example",
  "@evil.example",
  ":80@evil.example",
  "?a=b",
  "#x",
  "&admin=1",
  "a=b",
  "\r\nx-evil: 1",
  "\n",
  "\0",
  "\ud800",
  "é",
  "😀",
  "%",
  "%zz",
  "%00",
  "a b",
  "+",
  "{id}",
  "{{api_key}}",
  "__proto__",
  "",
];
const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.tuple(fc.constantFrom(...HOSTILE), fc.constantFrom(...HOSTILE)).map((both) => both.join("")),
);
const value = fc.oneof(
  text,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 3 }),
  fc.dictionary(text, text, { maxKeys: 3 }),
);

/** The request that a call would send, or undefined where the arguments are refused. */
async function asked(
  app: App,
  route: Route,
  args: Args,
  apps: object = {},
): Promise<{ url: URL; headers: Headers } | undefined> {
  let seen: { url: URL; headers: Headers } | undefined;
  const fetch: Fetch = async (url, { headers }) => {
    seen = { url: new URL(url), headers };
    return Response.json({});
  };
  try {
    await toolOf(app, route)(args, { client: createClient({ fetch, apps: { acme: apps as never } }) });
  } catch (error) {
    if (!isToolbindCallError(error) || !/^TB5(010|001|006)$/.test(error.code)) throw error;
    expect(seen).toBeUndefined();
  }
  return seen;
}

const app: App = { slug: "acme", name: "Acme", servers: [{ url: "https://api.acme.example/v1" }], schemes: [] };

describe("whatever the arguments hold", () => {
  it("a path argument changes neither the host nor another segment", async () => {
    const parameter = fc.record({
      arg: fc.constant("id"),
      style: fc.constantFrom("simple", "label", "matrix"),
      explode: fc.boolean(),
      allowReserved: fc.boolean(),
    }) as fc.Arbitrary<Parameter>;
    const path = fc.constantFrom("/a/{id}/b", "/a/x{id}y/b", "/a/{id}.json/b", "/a/{id};v=1/b");
    await fc.assert(
      fc.asyncProperty(path, parameter, value, async (template, each, id) => {
        const request = await asked(app, { method: "GET", path: template, pathParams: [each] }, { id });
        if (!request) return;
        const { origin, pathname, search, hash } = request.url;
        expect([origin, search, hash]).toEqual(["https://api.acme.example", "", ""]);
        const segments = pathname.split("/");
        expect([segments.length, segments[1], segments[2], segments[4]]).toEqual([5, "v1", "a", "b"]);
      }),
      { numRuns: 500 },
    );
  });

  it("a path argument that spans segments leads to none before or after it", async () => {
    const spans = { arg: "id", spans: true } as const;
    const part = fc.constantFrom("..", ".", "%2e%2e", "", "a", "a b", "?x", "#x", "\\", "@evil.example", "..;v=1");
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 5 }), async (parts) => {
        const id = parts.join("/");
        const request = await asked(app, { method: "GET", path: "/a/{id}/b", pathParams: [spans] }, { id });
        const isUnsafe = id === "" || parts.some((each) => each === "." || each === "..");
        expect(request === undefined).toBe(isUnsafe);
        if (!request) return;
        const { origin, pathname, search, hash } = request.url;
        expect([origin, search, hash]).toEqual(["https://api.acme.example", "", ""]);
        expect(pathname).toBe(`/v1/a/${parts.map(encodeURIComponent).join("/")}/b`);
      }),
    );
  });

  it("a query argument adds no parameter, header or cookie of another name", async () => {
    const parameter = fc.record({
      arg: fc.constant("q"),
      style: fc.constantFrom("form", "spaceDelimited", "pipeDelimited", "tabDelimited"),
      explode: fc.boolean(),
      allowReserved: fc.boolean(),
    }) as fc.Arbitrary<Parameter>;
    const given = fc.oneof(text, fc.array(text, { maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(parameter, given, async (each, q) => {
        const route = { method: "GET", path: "/x", query: ["first", each, "last"] };
        const request = await asked(app, route, { first: 1, q, last: 2 });
        const { pathname, hash, searchParams } = request!.url;
        expect([pathname, hash]).toEqual(["/v1/x", ""]);
        expect([...searchParams.keys()].filter((name) => name !== "q")).toEqual(["first", "last"]);
        expect([...request!.headers.keys()]).toEqual(["accept"]);
      }),
      { numRuns: 500 },
    );
  });

  it("a field of the connection does not lead to another host than the template's", async () => {
    const scheme: AuthScheme = {
      name: "n",
      mode: "NO_AUTH",
      fields: [field("sub"), field("part")],
      proxy: { baseUrl: "https://{{sub}}.acme.example/{{part}}/v1" },
    };
    const served: App = { ...app, schemes: [scheme] };
    await fc.assert(
      fc.asyncProperty(text, text, async (sub, part) => {
        const request = await asked(served, { method: "GET", path: "/x" }, {}, { sub, part });
        if (!request) return;
        expect(request.url.hostname).toMatch(/\.acme\.example$/);
        expect([request.url.port, request.url.username, request.url.pathname.split("/").length]).toEqual(["", "", 4]);
      }),
      { numRuns: 500 },
    );
  });
});

describe("as a server sees it", () => {
  let upstream: Upstream;
  beforeAll(async () => {
    upstream = await startUpstream();
  });
  afterAll(() => upstream.close());

  it("a header and a cookie arrive as they were given, or are refused", async () => {
    const here: App = { ...app, servers: [{ url: upstream.url }] };
    const tool = toolOf(here, {
      method: "GET",
      path: "/",
      headers: ["x-a"],
      cookies: ["c", { arg: "raw", style: "cookie" }],
    });
    const plain = { "x-a": "1", c: "1", raw: "1" };
    await tool(plain);
    const names = Object.keys(upstream.received.at(-1)!.headers);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("x-a", "c", "raw"), text, async (name, given) => {
        const before = upstream.received.length;
        try {
          await tool({ ...plain, [name]: given });
        } catch (error) {
          expect(error).toBeInstanceOf(InputValidationError);
          expect(upstream.received).toHaveLength(before);
          return;
        }
        const { headers } = upstream.received.at(-1)!;
        expect(Object.keys(headers)).toEqual(names);
        const cookies = (headers.cookie ?? "").split("; ").map((cookie) => cookie.split("=")[0]);
        expect(cookies).toEqual(["c", "raw"]);
        if (name === "x-a") expect(headers["x-a"]).toBe(given.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, ""));
      }),
      { numRuns: 200 },
    );
  });
});
