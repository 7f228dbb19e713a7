import { readFileSync } from "node:fs";
import { createServer, request, type IncomingMessage } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect, type AddressInfo, type Server } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ToolbindConfig } from "../../generator/config/types.js";
import { type Platform, startPlatform } from "../../testing/index.js";
import { toolbind, type Run } from "../cli/run.js";
import type { TestFolder } from "../support/generated.js";
import { createFolder, put, tree } from "../support/project.js";
import { KEY, NEW, release } from "./support.js";

const CREDENTIALS = `Basic ${btoa("ada:s3cret/word")}`;
const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.pem`, import.meta.url));

interface Seen {
  /** Requests that name the whole address. */
  readonly forwarded: string[];
  /** Hosts to which a tunnel was asked for. */
  readonly tunnels: string[];
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    if ("closeAllConnections" in server) (server as unknown as { closeAllConnections(): void }).closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

interface ProxyOptions {
  /** The only `Proxy-Authorization` that it takes. */
  readonly credentials?: string;
  /** Where tunnels lead to, whatever host they ask for. */
  readonly tunnelTo?: number;
  /** What it answers in place of opening a tunnel. */
  readonly refusal?: string;
}

/** A proxy that notes what it is asked for. */
async function startProxy({ credentials, tunnelTo, refusal }: ProxyOptions = {}): Promise<{
  port: number;
  seen: Seen;
}> {
  const seen: Seen = { forwarded: [], tunnels: [] };
  const isRefused = ({ headers }: IncomingMessage): boolean =>
    credentials !== undefined && headers["proxy-authorization"] !== credentials;
  const server = createServer((incoming, outgoing) => {
    seen.forwarded.push(incoming.url ?? "");
    if (isRefused(incoming)) return void outgoing.writeHead(407).end();
    const { "proxy-authorization": _credentials, ...headers } = incoming.headers;
    const onward = request(incoming.url ?? "", { method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward.on("error", () => outgoing.destroy()));
  });
  server.on("connect", (incoming, socket) => {
    seen.tunnels.push(incoming.url ?? "");
    socket.on("error", () => {});
    if (isRefused(incoming)) return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    if (refusal !== undefined) return void socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
    const onward = connect(tunnelTo ?? 0, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    }).on("error", () => socket.destroy());
  });
  return { port: await listen(server), seen };
}

interface Project {
  readonly folder: TestFolder;
  readonly platform: Platform;
  readonly pull: (env: Readonly<Record<string, string>>, platform?: ToolbindConfig["platform"]) => Promise<Run>;
}

async function project(): Promise<Project> {
  const folder = createFolder();
  const platform = await startPlatform({ snapshot: [release("acme", NEW, ["GET"])], apiKey: KEY });
  onTestFinished(() => platform.close());
  return {
    folder,
    platform,
    pull: (env, settings = {}) => {
      put(folder, "toolbind.config.json", { runtime: "package", platform: settings });
      const given = { COMPOSIO_API_KEY: KEY, COMPOSIO_BASE_URL: platform.url, ...env };
      return toolbind(["pull", "acme", "--cwd", folder.path], { env: given });
    },
  };
}

/** The platform over TLS, at a name that no resolver knows. */
async function secure(platform: Platform): Promise<number> {
  const options = { key: readFileSync(fixture("key")), cert: readFileSync(fixture("certificate")) };
  const server = createSecureServer(options, (incoming, outgoing) => {
    request(`${platform.url}${incoming.url}`, { headers: { "x-api-key": incoming.headers["x-api-key"] } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    }).end();
  });
  return listen(server);
}

const SECURE = { COMPOSIO_BASE_URL: "https://platform.test", NODE_EXTRA_CA_CERTS: fixture("certificate") };

describe("a pull behind a proxy", () => {
  it("goes through the one of HTTP_PROXY, and not to hosts of NO_PROXY", async () => {
    const { platform, pull } = await project();
    const { port, seen } = await startProxy();
    const proxied = await pull({ HTTP_PROXY: `http://127.0.0.1:${port}` });
    expect(proxied).toMatchObject({ code: 0, stderr: "" });
    expect(seen.forwarded).toHaveLength(platform.requests.length);
    expect(seen.forwarded.every((address) => address.startsWith(`${platform.url}/api/v3.1/`))).toBe(true);

    const before = seen.forwarded.length;
    expect(await pull({ HTTP_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: "127.0.0.1" })).toMatchObject({ code: 0 });
    expect(await pull({ HTTPS_PROXY: `http://127.0.0.1:${port}` })).toMatchObject({ code: 0 });
    expect(seen).toEqual({ forwarded: seen.forwarded.slice(0, before), tunnels: [] });
  });

  it("opens tunnels to an address of https, with the credentials of the proxy", async () => {
    const { platform, pull } = await project();
    const { port, seen } = await startProxy({ credentials: CREDENTIALS, tunnelTo: await secure(platform) });
    const address = `ada:s3cret%2Fword@127.0.0.1:${port}`;
    expect(await pull({ ...SECURE, HTTPS_PROXY: `http://${address}` })).toMatchObject({ code: 0, stderr: "" });
    expect(new Set(seen.tunnels)).toEqual(new Set(["platform.test:443"]));
    expect(platform.requests.length).toBeGreaterThan(3);
    // As curl takes it too.
    expect(await pull({ ...SECURE, https_proxy: address })).toMatchObject({ code: 0, stderr: "" });
  });

  it("goes through the one of the configuration, whose credentials come from the environment and are shown nowhere", async () => {
    const { folder, platform, pull } = await project();
    const { port, seen } = await startProxy({ credentials: CREDENTIALS });
    const proxy = `http://ada:\${PROXY_PASSWORD}@127.0.0.1:${port}`;
    const env = { HTTP_PROXY: "http://127.0.0.1:9", PROXY_PASSWORD: "s3cret%2Fword" };
    expect(await pull(env, { proxy })).toMatchObject({ code: 0, stderr: "" });
    expect(seen.forwarded).toHaveLength(platform.requests.length);

    const wrong = await pull({ PROXY_PASSWORD: "Wr0ngpassword" }, { proxy });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain(
      `error TB2020: The proxy http://127.0.0.1:${port}, of \`platform.proxy\`, refuses to connect to ${platform.url} with 407.`,
    );
    expect(wrong.stderr).toContain("user name and a password");
    const unset = await pull({}, { proxy });
    expect(unset).toMatchObject({ code: 1, stderr: expect.stringContaining("PROXY_PASSWORD is not set") });
    const { "toolbind.config.json": _config, ...written } = tree(folder.path);
    for (const text of [JSON.stringify(written), wrong.stderr, wrong.stdout, unset.stderr])
      for (const secret of ["s3cret", "Wr0ng", CREDENTIALS.slice(6)]) expect(text).not.toContain(secret);
  });

  it.each([
    ["407 Proxy Authentication Required", /refuses to connect to https:\/\/platform\.test with 407\. .*password/],
    ["403 Forbidden", /refuses to connect to https:\/\/platform\.test with 403\. .*NO_PROXY/],
  ])("is told what to do where the proxy refuses the tunnel with %s, and asks once", async (refusal, message) => {
    const { pull } = await project();
    const { port, seen } = await startProxy({ refusal });
    const { code, stderr } = await pull({ ...SECURE, HTTPS_PROXY: `http://ada:s3cret@127.0.0.1:${port}` });
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).toContain(`http://127.0.0.1:${port}, of HTTPS_PROXY,`);
    expect(stderr).not.toContain("s3cret");
    // The first two questions are asked at once.
    expect(seen.tunnels.length).toBeLessThanOrEqual(2);
  });

  it.each(["socks5://ada:s3cret@127.0.0.1:1", "http://ada:s3cret@:x"])(
    "refuses the proxy %s without showing it",
    async (given) => {
      const { pull, platform } = await project();
      const { code, stderr } = await pull({ HTTP_PROXY: given });
      expect({ code, asked: platform.requests.length }).toEqual({ code: 1, asked: 0 });
      expect(stderr).toContain("error TB2020: HTTP_PROXY is not a usable proxy address");
      expect(stderr).not.toContain("s3cret");
    },
  );

  it("loads nothing for it where there is none", async () => {
    const { pull } = await project();
    const { port } = await startProxy();
    const trace = { NODE_DEBUG: "esm" };
    const loads = ({ stderr }: Run): boolean => /undici\/index\.js/.test(stderr);
    expect(loads(await pull({ ...trace, HTTP_PROXY: `http://127.0.0.1:${port}` }))).toBe(true);
    expect(loads(await pull(trace))).toBe(false);
  });
});
