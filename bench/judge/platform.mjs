import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../support/packages.mjs";
import { judgeAnswer } from "./calls.mjs";
import { sampleOf } from "./sample.mjs";

const SNAPSHOT = join(ROOT, "specs", "composio");
const ACCOUNT = "ca_1";
const NOBODY = "nobody";
const BYTES = new Uint8Array([104, 105]);
const SCHEMES = {
  OAUTH2: { access_token: "token", refresh_token: null, expires_in: 3600, scope: ["repo"], token_type: "bearer" },
  DCR_OAUTH: { access_token: "token", client_id: "id", client_secret: "secret" },
  S2S_OAUTH2: { access_token: "token", client_id: "id", client_secret: "secret" },
  API_KEY: { api_key: "key", subdomain: "acme" },
  BEARER_TOKEN: { token: "token" },
  BASIC: { username: "ada", password: "secret" },
  BASIC_WITH_JWT: { username: "ada", password: "secret" },
  OAUTH1: { oauth_token: "token", oauth_token_secret: "secret" },
  SERVICE_ACCOUNT: { application_id: "1", installation_id: "2", private_key: "key" },
  GOOGLE_SERVICE_ACCOUNT: { credentials_json: "{}" },
  NO_AUTH: {},
};
/** Where the platform describes itself; its description leaves that out. */
const NOT_DESCRIBED = "/api/v3.1/openapi.json";

/**
 * Has the runtime and the commands make every request that they can to the stand-in for the platform, and repeats each
 * to Prism. Gives `{ request, verdict }` for each, `verdict` being "accepted" or what Prism finds wrong.
 */
export async function judgePlatform(workspace, prismUrl) {
  const load = (...path) => import(pathToFileURL(join(...path)));
  const { startPlatform, PlatformHttpError } = await load(workspace.built("testing", "index.js"));
  const failing = (status, slug) => (context) => {
    if (context.userId === NOBODY) throw new PlatformHttpError(status, { slug });
    return context.sample();
  };
  const handlers = {
    GITHUB_CREATE_AN_ISSUE: failing(404, "ConnectedAccountNotFound"),
    GITHUB_GET_AN_ISSUE: failing(410, "Tool_ToolGone"),
  };
  const platform = await startPlatform({ snapshot: SNAPSHOT, handlers });
  try {
    const { path, names } = workspace.emit(SNAPSHOT, "platform", "--emit", "js");
    const runtime = await load(path, "runtime", "index.js");
    await callTools(runtime, platform, { path, names, load });
    await callBeside(runtime, platform);
    await callInVain(runtime, await load(path, "github", "index.js"), platform);
    await runCommands(workspace, platform);
  } finally {
    await platform.close();
  }
  const verdicts = [];
  for (const request of platform.requests) {
    if (request.path === NOT_DESCRIBED || request.path.startsWith("/storage/")) continue;
    verdicts.push({ request, verdict: await repeat(request, prismUrl) });
  }
  return verdicts;
}

/** Every tool once, and one tool with every option that changes what is sent. */
async function callTools({ createClient }, platform, { path, names, load }) {
  const { url: baseUrl, apiKey, userApiKey } = platform;
  const client = createClient({ baseUrl, apiKey, userId: "alice" });
  for (const [toolkit, functions] of Object.entries(names)) {
    const [tools, schemas] = await Promise.all(["index", "schemas"].map((file) => load(path, toolkit, `${file}.js`)));
    for (const name of Object.values(functions)) {
      await tools[name](sampleOf(schemas[`${name}InputSchema`], { full: true, choice: 0 }), { client });
    }
  }
  const { createIssue } = await load(path, "github", "index.js");
  const args = { owner: "acme", repo: "site", title: "a", milestone: null };
  const anonymous = createClient({ baseUrl, apiKey });
  const ways = [
    { connectedAccountId: ACCOUNT },
    { userId: "bob", connectedAccountId: ACCOUNT },
    { version: "latest", dangerouslySkipVersionCheck: true },
    { idempotencyKey: "order-7", headers: { "x-trace": "1" } },
    { customAuthParams: { baseUrl: "https://ghe.acme.test", parameters: [{ name: "a", in: "query", value: 1 }] } },
    { customAuthParams: { parameters: [{ name: "a", in: "header", value: "b" }], body: { c: 1 } } },
  ];
  for (const way of ways) await createIssue(args, { client, ...way });
  for (const [authScheme, val] of Object.entries(SCHEMES)) {
    await createIssue(args, { client: anonymous, customConnectionData: { authScheme, toolkitSlug: "github", val } });
  }
  await createIssue.fromText("file the broken link", { client });
  await createIssue(args, { client: createClient({ baseUrl, userApiKey, userId: "alice" }) });
}

/** What is asked for a user without a connection, and for a tool that is gone. */
async function callInVain({ createClient, suggestFixes }, { createIssue, getIssue }, platform) {
  const use = [suggestFixes({ authConfigs: { github: "ac_1" }, callbackUrl: "https://acme.test/done" })];
  const client = createClient({ baseUrl: platform.url, apiKey: platform.apiKey, userId: NOBODY, use });
  const site = { owner: "acme", repo: "site" };
  await createIssue.safe({ ...site, title: "a" }, { client });
  await getIssue.safe({ ...site, issue_number: 1 }, { client });
}

/** Requests to apps, and uploads. */
async function callBeside({ createClient, proxy, uploadFile }, platform) {
  const client = createClient({ baseUrl: platform.url, apiKey: platform.apiKey });
  const requests = [
    ...["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].map((method) => ({ method })),
    { query: { page: 2, all: true, text: "a b" }, headers: { accept: "text/plain" } },
    ...[{ a: [1, null] }, "text", ["a"]].map((body) => ({ method: "POST", body })),
    { method: "PUT", binaryBody: BYTES },
    { method: "PUT", binaryBody: new Blob([BYTES], { type: "text/plain" }) },
    { method: "PUT", binaryBody: { url: "https://files.test/a", contentType: "text/plain" } },
  ];
  for (const request of requests) await proxy(ACCOUNT, { endpoint: "/repos/acme/site", ...request }, { client });
  const tool = { slug: "GOOGLEDRIVE_UPLOAD_FILE", toolkit: "googledrive" };
  const sources = [new File([BYTES], "a b.txt", { type: "text/plain" }), new Blob([BYTES]), BYTES];
  for (const source of sources) await uploadFile(source, { client, tool });
}

/** The commands that ask the platform, in a project of their own. */
async function runCommands(workspace, platform) {
  workspace.write("judged/toolbind.config.json", JSON.stringify({ snapshot: "specs" }));
  const env = { ...process.env, COMPOSIO_API_KEY: platform.apiKey, COMPOSIO_BASE_URL: platform.url };
  for (const args of [
    ["pull", "--all"],
    ["pull", "github"],
    ["pull", "--latest"],
    ["pull", "--openapi"],
  ]) {
    const command = [workspace.built("generator", "cli.js"), ...args, "--quiet"];
    const child = spawn(process.execPath, command, { cwd: workspace.at("judged"), env, stdio: ["ignore", 2, 2] });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`toolbind ${args.join(" ")} exits with ${code}`);
  }
}

async function repeat({ method, path, search, headers, text }, prismUrl) {
  const kept = ["accept", "content-type", "idempotency-key", "x-api-key", "x-trace", "x-user-api-key"];
  const sent = Object.fromEntries(Object.entries(headers).filter(([name]) => kept.includes(name)));
  const init = { method, headers: sent, ...(method !== "GET" && { body: text }) };
  return judgeAnswer(await fetch(`${prismUrl}${path}${search}`, init));
}
