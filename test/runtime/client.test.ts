import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  type ClientOptions,
  ConfigurationError,
  configure,
  createClient,
  defineTool,
  MissingIdentityError,
  type ToolWithOptionalArgs,
  VersionError,
} from "../../runtime/index.js";
import { type Platform, startPlatform } from "../../testing/index.js";
import {
  API_KEY,
  ARGS,
  clientOf,
  createIssue,
  everythingIn,
  failureOf,
  snapshot,
  VERSION,
  weather,
} from "./support.js";

let platform: Platform;
const last = () => platform.requests.at(-1)!;
const sent = () => last().body as Record<string, unknown>;

beforeAll(async () => {
  platform = await startPlatform({ snapshot, apiKey: API_KEY });
});
afterAll(() => platform.close());
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

/** Fails without a request, and returns the error. */
async function refused(call: Promise<unknown>) {
  const before = platform.requests.length;
  const error = await failureOf(call);
  expect(platform.requests.length).toBe(before);
  expect(error.message).toMatch(/^\S+ .+: .+\. Fix: .+\.$/s);
  return error;
}

describe("keys", () => {
  it("come from the options, a function, or the environment", async () => {
    const apiKey = vi.fn(async () => `${API_KEY}\n`);
    await createIssue(ARGS, { client: clientOf(platform.url, { apiKey }) });
    expect(last().headers["x-api-key"]).toBe(API_KEY);
    await createIssue(ARGS, { client: clientOf(platform.url, { apiKey }) });
    expect(apiKey).toHaveBeenCalledTimes(2);
    vi.stubEnv("COMPOSIO_API_KEY", API_KEY);
    await createIssue(ARGS, { client: createClient({ baseUrl: platform.url, userId: "alice" }) });
    expect(last().headers["x-api-key"]).toBe(API_KEY);
  });

  it("of a user go out as x-user-api-key, never two together", async () => {
    vi.stubEnv("COMPOSIO_API_KEY", API_KEY);
    const userApiKey = platform.userApiKey;
    const client = createClient({
      userApiKey,
      baseUrl: platform.url,
      userId: "alice",
      headers: { "X-Api-Key": "mine" },
    });
    await createIssue(ARGS, { client });
    expect(last().headers["x-user-api-key"]).toBe(userApiKey);
    expect(last().headers["x-api-key"]).toBeUndefined();
    expect(() => createClient({ apiKey: API_KEY, userApiKey })).toThrow(ConfigurationError);
  });

  it("are asked for when first used", async () => {
    vi.stubEnv("COMPOSIO_API_KEY", "");
    const client = createClient({ baseUrl: platform.url, userId: "alice" });
    const error = await refused(createIssue(ARGS, { client }));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ code: "TB5002", toolSlug: "GITHUB_CREATE_AN_ISSUE" });
    expect(error.message).toMatch(/COMPOSIO_API_KEY.*createClient\(\{ apiKey \}\)/);
  });

  it("that cannot be sent are refused without being shown", async () => {
    const client = clientOf(platform.url, { apiKey: "ak_Secret\nInjected: 1" });
    const error = await refused(createIssue(ARGS, { client }));
    expect(error.code).toBe("TB5001");
    expect(everythingIn(error)).not.toContain("ak_Secret");
  });

  it("whose function throws, or gives no text, end the call with an error that tells so", async () => {
    const cause = new Error("vault is sealed");
    const throwing = () => {
      throw cause;
    };
    const sources = [() => Promise.reject(cause), throwing, (() => 5) as never];
    for (const apiKey of sources) {
      const error = await refused(createIssue(ARGS, { client: clientOf(platform.url, { apiKey }) }));
      expect(error).toMatchObject({ code: "TB5002", toolSlug: "GITHUB_CREATE_AN_ISSUE" });
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error.message).toMatch(/the key function failed.* see `cause`/);
      expect(error.cause).toBeInstanceOf(Error);
    }
    const own = { client: clientOf(platform.url, { apiKey: throwing }) };
    expect((await refused(createIssue(ARGS, own))).cause).toBe(cause);
  });

  it("do not show on a logged client", () => {
    const client = clientOf(platform.url);
    for (const options of [{}, { showHidden: true }, { showHidden: true, getters: true }]) {
      expect(inspect(client, { depth: 5, ...options })).not.toContain(API_KEY);
    }
    expect(JSON.stringify(client)).not.toContain(API_KEY);
  });

  it("are refused in a browser unless allowed, its workers included", async () => {
    vi.stubGlobal("navigator", { userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0" });
    for (const keys of [{ apiKey: API_KEY }, { apiKey: () => API_KEY }, { userApiKey: API_KEY }]) {
      expect(() => createClient(keys)).toThrow(/browser|visitors/);
    }
    expect(() => createClient({ userId: "alice" })).not.toThrow();
    await createIssue(ARGS, { client: clientOf(platform.url, { dangerouslyAllowBrowser: true }) });
  });

  it("are not taken from what stands for an environment in a browser", async () => {
    vi.stubEnv("COMPOSIO_API_KEY", API_KEY);
    vi.stubGlobal("navigator", { userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0" });
    const client = createClient({ baseUrl: platform.url, userId: "alice" });
    const before = platform.requests.length;
    expect(await failureOf(createIssue(ARGS, { client }))).toMatchObject({ code: "TB5002" });
    expect(platform.requests).toHaveLength(before);
  });

  it.each(["Cloudflare-Workers", "Bun/1.4.5", "Deno/2.9.6", "Node.js/24", undefined])(
    "are taken where the user agent is %s",
    (userAgent) => {
      vi.stubGlobal("navigator", { userAgent });
      expect(() => createClient({ apiKey: API_KEY })).not.toThrow();
    },
  );
});

describe("base URLs", () => {
  it.each(["", "/", "/api/v3", "/api/v3.1", "/api/v3.1/"])("may end in %j", async (ending) => {
    await createIssue(ARGS, { client: clientOf(platform.url + ending) });
    expect(last().path).toBe("/api/v3.1/tools/execute/GITHUB_CREATE_AN_ISSUE");
  });

  it.each([
    "http://localhost:1",
    "http://api.localhost",
    "http://127.8.0.1",
    "http://[::1]:1",
    "https://x.example:8443",
  ])("%s is accepted", (baseUrl) => {
    expect(() => createClient({ baseUrl })).not.toThrow();
  });

  it.each([
    "backend.composio.dev",
    "",
    "http://backend.composio.dev",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "ftp://backend.composio.dev",
    "https://backend.composio.dev/api/v2",
    "https://backend.composio.dev/api/v3/tools",
    "https://backend.composio.dev/?a=1",
    "https://backend.composio.dev/#a",
    "https://bob:hunter22@backend.composio.dev",
  ])("%j is refused", (baseUrl) => {
    expect(() => createClient({ baseUrl })).toThrow(ConfigurationError);
    expect(() => createClient({ baseUrl })).toThrow(/baseUrl.*Fix: /);
    expect(() => createClient({ baseUrl })).not.toThrow(/hunter22/);
  });

  it("with another path are refused with what is accepted", () => {
    expect(() => createClient({ baseUrl: "https://backend.composio.dev/api/v2" })).toThrow(/or one with \/api\/v3\b/);
  });

  it("come from COMPOSIO_BASE_URL, else COMPOSIO_BASE, and are checked there too", async () => {
    const client = createClient({ apiKey: API_KEY, userId: "alice" });
    vi.stubEnv("COMPOSIO_BASE", `${platform.url}/api/v3`);
    await createIssue(ARGS, { client });
    vi.stubEnv("COMPOSIO_BASE_URL", "http://evil.example");
    expect((await refused(createIssue(ARGS, { client }))).code).toBe("TB5001");
    vi.stubEnv("COMPOSIO_BASE_URL", platform.url);
    vi.stubEnv("COMPOSIO_BASE", "http://evil.example");
    await createIssue(ARGS, { client });
  });
});

describe("identity", () => {
  const anonymous = (options: ClientOptions = {}) =>
    createClient({ apiKey: API_KEY, baseUrl: platform.url, ...options });
  const identity = () => [sent()["user_id"], sent()["connected_account_id"]];

  it("must be named, and the error names the ways", async () => {
    vi.stubEnv("COMPOSIO_USER_ID", "");
    const error = await refused(createIssue(ARGS, { client: anonymous() }));
    expect(error).toBeInstanceOf(MissingIdentityError);
    expect(error.code).toBe("TB5003");
    expect(error.message).toMatch(/forUser.*forAccount.*COMPOSIO_USER_ID/);
  });

  it("is not needed by a tool without auth, nor beside custom credentials", async () => {
    await weather({}, { client: anonymous(), dangerouslySkipVersionCheck: true });
    expect(identity()).toEqual([undefined, undefined]);
    await createIssue(ARGS, {
      client: anonymous(),
      customAuthParams: { parameters: [{ name: "a", in: "query", value: 1 }] },
    });
    await createIssue(ARGS, {
      client: anonymous(),
      customConnectionData: { authScheme: "OAUTH2", toolkitSlug: "github", val: { access_token: "t" } },
    });
    expect(identity()).toEqual([undefined, undefined]);
  });

  it("comes from the call, the client, then the environment, as a whole", async () => {
    vi.stubEnv("COMPOSIO_USER_ID", "env-user");
    await createIssue(ARGS, { client: anonymous() });
    expect(identity()).toEqual(["env-user", undefined]);
    await createIssue(ARGS, { client: anonymous({ connectedAccountId: "ca_1" }) });
    expect(identity()).toEqual([undefined, "ca_1"]);
    await createIssue(ARGS, { client: anonymous({ connectedAccountId: "ca_1" }), userId: "bob" });
    expect(identity()).toEqual(["bob", undefined]);
    await createIssue(ARGS, { client: anonymous({ userId: "alice" }), connectedAccountId: "ca_2" });
    expect(identity()).toEqual([undefined, "ca_2"]);
    await createIssue(ARGS, { client: anonymous(), userId: "bob", connectedAccountId: "ca_2" });
    expect(identity()).toEqual(["bob", "ca_2"]);
  });

  it("can be chosen on a derived client, which leaves its origin alone", async () => {
    const client = anonymous({ userId: "alice" });
    const account = client.forUser("bob").forAccount("ca_9");
    await createIssue(ARGS, { client: account });
    expect(identity()).toEqual([undefined, "ca_9"]);
    await createIssue(ARGS, { client: account.forUser("carol") });
    expect(identity()).toEqual(["carol", undefined]);
    await createIssue(ARGS, { client });
    expect(identity()).toEqual(["alice", undefined]);
  });

  it("that got lost does not fall back to the environment's", async () => {
    vi.stubEnv("COMPOSIO_USER_ID", "env-user");
    expect(() => anonymous().forUser(undefined as never)).toThrow(ConfigurationError);
    expect(() => anonymous().forAccount("")).toThrow(ConfigurationError);
    expect((await refused(createIssue(ARGS, { client: anonymous(), userId: "" }))).code).toBe("TB5003");
  });
});

describe("versions", () => {
  const unpinned = defineTool<ToolWithOptionalArgs<object, unknown>>("GITHUB_CREATE_AN_ISSUE", () => ({
    toolkit: "github",
    version: null,
    description: "",
    input: () => weather.input as never,
    output: () => weather.output as never,
  }));

  it("are taken from the call, the client, the environment, then the pin", async () => {
    const pinned = clientOf(platform.url, { toolkitVersions: { github: "20250101_00" } });
    await createIssue(ARGS, { client: clientOf(platform.url) });
    expect(sent()["version"]).toBe(VERSION);
    vi.stubEnv("COMPOSIO_TOOLKIT_VERSION_GITHUB", "20250101_00");
    await createIssue(ARGS, { client: clientOf(platform.url) });
    expect(sent()["version"]).toBe("20250101_00");
    vi.stubEnv("COMPOSIO_TOOLKIT_VERSION_GITHUB", "latest");
    await createIssue(ARGS, { client: pinned });
    expect(sent()["version"]).toBe("20250101_00");
    await createIssue(ARGS, { client: pinned, version: VERSION });
    expect(sent()["version"]).toBe(VERSION);
  });

  it("must be known", async () => {
    const error = await refused(unpinned(ARGS, { client: clientOf(platform.url) }));
    expect(error).toBeInstanceOf(VersionError);
    expect(error.code).toBe("TB5004");
    await unpinned(ARGS, { client: clientOf(platform.url), version: VERSION });
    await unpinned(ARGS, { client: clientOf(platform.url, { toolkitVersions: { github: VERSION } }) });
    expect(sent()["version"]).toBe(VERSION);
  });

  it.each(["latest", "00000000_00", ""])("%j needs the check skipped", async (version) => {
    const error = await refused(createIssue(ARGS, { client: clientOf(platform.url), version }));
    expect(error.code).toBe("TB5004");
    await failureOf(
      createIssue(ARGS, { client: clientOf(platform.url), version, dangerouslySkipVersionCheck: true }),
    ).catch(() => {});
    expect(sent()["version"]).toBe(version || "latest");
  });

  it("without the check and without any go out as latest", async () => {
    await unpinned(ARGS, { client: clientOf(platform.url, { dangerouslySkipVersionCheck: true }) });
    expect(sent()["version"]).toBe("latest");
  });

  it("from the environment are checked too", async () => {
    vi.stubEnv("COMPOSIO_TOOLKIT_VERSION_GITHUB", "latest");
    const error = await refused(createIssue(ARGS, { client: clientOf(platform.url) }));
    expect(error.message).toContain("COMPOSIO_TOOLKIT_VERSION_GITHUB");
  });
});

describe("options", () => {
  it("of the call go before the client's", async () => {
    const client = clientOf(platform.url, {
      headers: { "x-a": "client", "x-b": "client" },
      validate: { input: "off" },
    });
    await createIssue(ARGS, { client, headers: { "X-A": "call" } });
    expect(last().headers).toMatchObject({ "x-a": "call", "x-b": "client" });
    expect((await refused(createIssue({} as never, { client, validate: { input: "strict" } }))).code).toBe("TB5010");
    expect((await failureOf(createIssue({} as never, { client }))).code).toBe("TB5400");
  });

  it.each([{ "x-a": "b\r\nx-c: d" }, { "x a": "b" }])(
    "refuse the headers %j without showing their values",
    async (headers) => {
      const error = await refused(createIssue(ARGS, { client: clientOf(platform.url), headers }));
      expect(error.code).toBe("TB5001");
      expect(everythingIn(error)).not.toContain("x-c: d");
    },
  );

  it.each([0, -1, NaN])("refuse %s as a timeout", async (timeoutMs) => {
    expect((await refused(createIssue(ARGS, { client: clientOf(platform.url), timeoutMs }))).code).toBe("TB5001");
  });

  it("may be undefined, which is as if they were left out", async () => {
    const nothing = undefined as string | undefined;
    const none = undefined as number | undefined;
    const shared = {
      userId: nothing,
      connectedAccountId: nothing,
      timeoutMs: none,
      deadlineMs: none,
      headers: undefined,
      fetch: undefined,
      use: undefined,
      dangerouslySkipVersionCheck: undefined,
      validate: { input: undefined, output: undefined },
      retry: { attempts: none, dangerouslyRepeatWrites: undefined },
    };
    vi.stubEnv("COMPOSIO_API_KEY", API_KEY);
    vi.stubEnv("COMPOSIO_BASE_URL", platform.url);
    vi.stubEnv("COMPOSIO_USER_ID", "env-user");
    const client = createClient({
      ...shared,
      apiKey: nothing,
      userApiKey: nothing,
      baseUrl: nothing,
      clock: undefined,
    });
    const options = { ...shared, client, signal: undefined, version: nothing, idempotencyKey: nothing };
    expect((await createIssue.withResponse(ARGS, options)).version).toBe(VERSION);
    expect(sent()["user_id"]).toBe("env-user");
    expect((await refused(createIssue({} as never, options))).code).toBe("TB5010");
    expect((await createIssue(ARGS, { client: clientOf(platform.url), ...shared })).state).toBe("open");
  });

  it("that are undefined leave what the client says of validation and attempts", async () => {
    const carry = vi.fn(() => Promise.resolve(new Response("{}", { status: 503 })));
    const client = clientOf(platform.url, {
      validate: { input: "off", output: "strict" },
      retry: { attempts: 1, dangerouslyRepeatWrites: true },
    });
    const options = {
      client,
      validate: { input: undefined, output: undefined },
      retry: { attempts: undefined, dangerouslyRepeatWrites: undefined },
    };
    expect((await failureOf(createIssue({} as never, options))).code).toBe("TB5400");
    const odd = () => Promise.resolve(Response.json({ successful: true, data: { state: 1 } }));
    expect((await failureOf(createIssue(ARGS, { ...options, fetch: odd }))).code).toBe("TB5011");
    await createIssue.safe(ARGS, { ...options, fetch: carry });
    expect(carry).toHaveBeenCalledTimes(1);
  });

  it("carry every request over the given fetch, bound to nothing", async () => {
    const carried = vi.fn(function (this: unknown, url: string, init: object) {
      expect(this).toBeUndefined();
      return fetch(url, init as RequestInit);
    });
    await createIssue(ARGS, { client: clientOf(platform.url, { fetch: carried as never }) });
    expect(carried).toHaveBeenCalledTimes(1);
  });

  it("need a client made by createClient", async () => {
    expect((await refused(createIssue(ARGS, { client: { apiKey: "x" } as never }))).code).toBe("TB5001");
  });

  it("set with configure hold for calls without a client; before that the environment makes one", async () => {
    vi.resetModules();
    const fresh = await import("../../runtime/index.js");
    const tool = fresh.defineTool<ToolWithOptionalArgs<object, unknown>>("WEATHER_NOW", () => ({
      toolkit: "weather",
      version: VERSION,
      description: "",
      noAuth: true,
      input: () => weather.input as never,
      output: () => weather.output as never,
    }));
    vi.stubEnv("COMPOSIO_API_KEY", API_KEY);
    vi.stubEnv("COMPOSIO_BASE_URL", platform.url);
    vi.stubEnv("COMPOSIO_USER_ID", "env-user");
    await tool({});
    expect(sent()["user_id"]).toBe("env-user");
    fresh.configure({ apiKey: API_KEY, baseUrl: platform.url, userId: "configured" });
    await tool({});
    expect(sent()["user_id"]).toBe("configured");
  });

  it("of configure are checked at once", () => {
    expect(() => configure({ baseUrl: "nowhere" })).toThrow(ConfigurationError);
  });
});
