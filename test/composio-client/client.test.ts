import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as github from "../../generated/github/index.js";
import { type CallOptions, createClient, proxy, uploadFile } from "../../generated/runtime/index.js";
import { resolveConfig } from "../../generator/config/resolve.js";
import { pull } from "../../generator/platform/pull.js";
import { type Platform, type ReceivedRequest, startPlatform } from "../../testing/index.js";
import { TestFolder } from "../support/generated.js";
import { installPinned } from "../support/installed.js";

type Json = Readonly<Record<string, unknown>>;
type Call = (...given: readonly unknown[]) => Promise<Json>;

/** The part of @composio/client that is used here; it is not installed where this is compiled. */
interface Peer {
  readonly tools: { readonly execute: Call; readonly proxy: Call; readonly list: Call; readonly retrieveEnum: Call };
  readonly files: { readonly createPresignedURL: Call };
  readonly toolkits: { readonly list: Call; readonly retrieve: Call };
  readonly triggersTypes: { readonly list: Call };
}

const HERE = import.meta.dirname;
const SPECS = join(HERE, "../../specs/composio");
const TOOLKIT = "github";
const ARGS = { owner: "acme", repo: "site", title: "Broken link", milestone: null, labels: ["bug"] };
const USER = "alice";
const CREDENTIALS = { authScheme: "OAUTH2", toolkitSlug: TOOLKIT, val: { access_token: "token-of-alice" } } as const;
const PARAMETERS = [{ name: "x-a", in: "header", value: "b" }] as const;
const slug = github.createIssue.slug;
const pin = github.createIssue.version;

let platform: Platform;
let peer: Peer;
let isInstalled = false;

beforeAll(async () => {
  isInstalled = await installPinned(HERE);
  platform = await startPlatform({ snapshot: SPECS });
  if (!isInstalled) return;
  const entry = pathToFileURL(join(HERE, "node_modules/@composio/client/dist/index.mjs")).href;
  const { default: Composio } = (await import(entry)) as { default: new (options: object) => Peer };
  peer = new Composio({ apiKey: platform.apiKey, baseURL: platform.url, maxRetries: 0 });
}, 300_000);
afterAll(() => platform.close());
beforeEach(({ skip }) => skip(!isInstalled, "npm's registry cannot be reached"));

/** What a call has sent: the method, the path, the query in whatever order, and the body. */
async function sentBy(call: () => Promise<unknown>): Promise<unknown[]> {
  const before = platform.requests.length;
  await call();
  return platform.requests.slice(before).map(partsOf);
}

function partsOf({ method, path, search, body, headers }: ReceivedRequest): unknown {
  const query = [...new URLSearchParams(search)].sort(([a], [b]) => (a < b ? -1 : 1));
  return { method, path, query, body, key: headers["x-api-key"] };
}

const options = (more: CallOptions = {}): CallOptions => ({
  client: createClient({ apiKey: platform.apiKey, baseUrl: platform.url }),
  ...more,
});

describe("what @composio/client sends, ours sends", () => {
  it.each<[string, CallOptions, Json]>([
    ["for a user", { userId: USER }, { user_id: USER }],
    ["for an account", { connectedAccountId: "ca_1" }, { connected_account_id: "ca_1" }],
    [
      "for a user's account",
      { userId: USER, connectedAccountId: "ca_1" },
      { user_id: USER, connected_account_id: "ca_1" },
    ],
    [
      "with parameters of one's own",
      { userId: USER, customAuthParams: { baseUrl: "https://ghe.acme.test", parameters: PARAMETERS } },
      { user_id: USER, custom_auth_params: { base_url: "https://ghe.acme.test", parameters: PARAMETERS } },
    ],
    ["with credentials of one's own", { customConnectionData: CREDENTIALS }, { custom_connection_data: CREDENTIALS }],
    [
      "at another version",
      { userId: USER, version: "latest", dangerouslySkipVersionCheck: true },
      { user_id: USER, version: "latest" },
    ],
  ])("to execute a tool %s", async (_, ours, theirs) => {
    let data: unknown;
    let answer: Json = {};
    const sent = await sentBy(async () => (data = await github.createIssue(ARGS, options(ours))));
    const asked = { version: pin, arguments: ARGS, ...theirs };
    expect(sent).toEqual(await sentBy(async () => (answer = await peer.tools.execute(slug, asked))));
    expect(answer["data"]).toEqual(data);
  });

  it("to execute a tool by a sentence", async () => {
    const text = "file the broken link";
    const ours = await sentBy(() => github.createIssue.fromText(text, options({ userId: USER })));
    expect(ours).toEqual(await sentBy(() => peer.tools.execute(slug, { user_id: USER, version: pin, text })));
  });

  it.each([
    [{ endpoint: "/a" }, { endpoint: "/a", method: "GET", parameters: [] }],
    [
      { endpoint: "/a", method: "POST", body: { a: 1 }, query: { b: 2 }, headers: { c: "d" } },
      {
        endpoint: "/a",
        method: "POST",
        body: { a: 1 },
        parameters: [
          { name: "c", value: "d", type: "header" },
          { name: "b", value: "2", type: "query" },
        ],
      },
    ],
    [
      { endpoint: "/a", method: "PUT", binaryBody: new Blob(["abc"], { type: "text/plain" }) },
      {
        endpoint: "/a",
        method: "PUT",
        parameters: [],
        binary_body: { base64: "YWJj", content_type: "text/plain" },
      },
    ],
  ] as const)("for an app: %j", async (ours, theirs) => {
    const sent = await sentBy(() => proxy("ca_1", ours, options()));
    expect(sent).toEqual(await sentBy(() => peer.tools.proxy({ connected_account_id: "ca_1", ...theirs })));
  });

  it("to announce a file", async () => {
    const file = new File(["hello"], "a.txt", { type: "text/plain" });
    const [announced] = await sentBy(() => uploadFile(file, { ...options(), tool: github.createIssue }));
    const asked = {
      toolkit_slug: TOOLKIT,
      tool_slug: slug,
      filename: "a.txt",
      mimetype: "text/plain",
      md5: "5d41402abc4b2a76b9719d911017c592",
    };
    expect([announced]).toEqual(await sentBy(() => peer.files.createPresignedURL(asked)));
  });

  it("to pull toolkits", async () => {
    const folder = new TestFolder();
    const config = resolveConfig(
      { snapshot: "specs", platform: { baseUrl: platform.url, headers: {} } },
      { configFile: join(folder.path, "toolbind.config.json"), cwd: folder.path },
    );
    process.env["COMPOSIO_API_KEY"] = platform.apiKey;
    const ours = await sentBy(() => pull({ toolkits: [], all: true, config }));
    delete process.env["COMPOSIO_API_KEY"];
    folder.remove();
    const theirs = await sentBy(async () => {
      for (const { path, query } of ours as { path: string; query: [string, string][] }[]) await ask(path, query);
    });
    expect(new Set(ours.map((each) => (each as { path: string }).path.split("/")[3]))).toEqual(
      new Set(["toolkits", "tools", "triggers_types"]),
    );
    expect(ours).toEqual(theirs);
  });
});

/** Asks the peer for the listing of a path with a query. */
function ask(path: string, query: readonly (readonly [string, string])[]): Promise<unknown> {
  const named: Record<string, unknown> = {};
  for (const [key, value] of query) {
    const [, name, inner] = /^(\w+)\[(.+)\]$/.exec(key) ?? [];
    if (name !== undefined) named[name] = { ...(named[name] as object), [inner!]: value };
    else named[key] = key === "toolkit_slugs" ? [value] : value;
  }
  const [, , , kind, one] = path.split("/");
  if (kind === "triggers_types") return peer.triggersTypes.list(named);
  if (kind === "tools") return one === "enum" ? peer.tools.retrieveEnum() : peer.tools.list(named);
  return one === undefined ? peer.toolkits.list(named) : peer.toolkits.retrieve(one, named);
}
