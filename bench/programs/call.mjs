// CPU microseconds of one call, and calls a second at a concurrency, for several ways of calling, as JSON.
// node call.mjs "KIND;…" PORT SETTINGS, where SETTINGS is { output, name, slug, arguments, version }, and for an app that
// is called directly { output, name, app, arguments, request: { method, path, body } }
import { pathToFileURL } from "node:url";

const [kinds, port, text] = process.argv.slice(2);
const settings = JSON.parse(text);
const baseUrl = `http://127.0.0.1:${port}`;
const WARM_UP = 1_500;
const BATCH = 250;
const BATCHES = 12;
const CONCURRENCY = 64;
const CONCURRENT_CALLS = 4_000;

const MAKERS = {
  fetch: () => {
    if (settings.app !== undefined) return fetchOfApp();
    const url = `${baseUrl}/api/v3.1/tools/execute/${settings.slug}`;
    const { version, arguments: args } = settings;
    const body = JSON.stringify({ user_id: "user", version, arguments: args });
    const headers = { accept: "application/json", "content-type": "application/json", "x-api-key": "key" };
    return async () => (await fetch(url, { method: "POST", headers, body })).json();
  },
  toolbind: () => emitted({}),
  "toolbind, validation off": () => emitted({ validate: { input: "off", output: "off" } }),
  "@composio/client": async () => {
    const composio = await import("@composio/client");
    const client = new composio.default({ apiKey: "key", baseURL: baseUrl });
    const { slug, version, arguments: args } = settings;
    return () => client.tools.execute(slug, { user_id: "user", version, arguments: args });
  },
};

function fetchOfApp() {
  const { method, path, body } = settings.request;
  const headers = { accept: "application/json", "content-type": "application/json", authorization: "Bearer token" };
  const text = JSON.stringify(body);
  return async () => (await fetch(`${baseUrl}${path}`, { method, headers, body: text })).json();
}

async function emitted(options) {
  const { app } = settings;
  const [toolkit, { createClient }] = await Promise.all([
    import(pathToFileURL(`${settings.output}/${app ?? "github"}/index.js`)),
    import(pathToFileURL(`${settings.output}/index.js`)),
  ]);
  const ofPlatform = { apiKey: "key", baseUrl, userId: "user" };
  const client = createClient(app === undefined ? ofPlatform : { apps: { [app]: { baseUrl, token: "token" } } });
  return () => toolkit[settings.name](settings.arguments, { client, ...options });
}

function spent(since) {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}

async function repeat(call, count) {
  for (let each = 0; each < count; each++) await call();
}

async function concurrently(call) {
  let left = CONCURRENT_CALLS;
  const worker = async () => {
    while (left-- > 0) await call();
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return (CONCURRENT_CALLS * 1000) / (performance.now() - start);
}

function median(numbers) {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1];
}

const calls = [];
for (const kind of kinds.split(";")) calls.push({ kind, call: await MAKERS[kind](), times: [] });
for (const { call } of calls) await repeat(call, WARM_UP);
for (let batch = 0; batch < BATCHES; batch++) {
  for (const { call, times } of calls) {
    const start = process.cpuUsage();
    await repeat(call, BATCH);
    times.push(spent(start) / BATCH);
  }
}
const figures = {};
for (const { kind, call, times } of calls) figures[kind] = { each: median(times), rate: await concurrently(call) };
console.log(JSON.stringify(figures));
