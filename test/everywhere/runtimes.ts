import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { run as runCommand, type Finished } from "../package/packed.js";
import type { Where } from "./program.js";

const HERE = import.meta.dirname;
const MODULES = join(HERE, "node_modules");
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const CHROMIUM_FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** Nothing may turn a string into code here. */
const PAGE_POLICY = "default-src 'self'";
const PAGE = '<!doctype html><title>toolbind</title><script type="module" src="/page.js"></script>';
const run = promisify(execFile);

/** The part of miniflare that is used here; it is not installed where this is compiled. */
interface MiniflareModule {
  readonly Miniflare: new (options: { modules: true; script: string; compatibilityDate: string }) => {
    dispatchFetch(url: string, init: { method: string; body: string }): Promise<{ text(): Promise<string> }>;
    dispose(): Promise<void>;
  };
}

/** Runs a program of the command line, and gives what it prints. */
export async function runNode(file: string, where: Where): Promise<string> {
  return printed(process.execPath, [file], where);
}

/** Runs TypeScript as it is. */
export async function runBun(file: string, where: Where): Promise<string> {
  return printed(bunIn(MODULES), ["run", file], where);
}

/** Runs a program of the command line in Bun. */
export async function runCommandInBun(file: string, args: readonly string[], cwd: string): Promise<Finished> {
  return runCommand(bunIn(MODULES), ["run", file, ...args], { cwd });
}

/** The command of the package `bun`, which a script of its installation, where that may run, moves into it. */
export function bunIn(modules: string): string {
  const scope = join(modules, "@oven");
  const packages = [join(modules, "bun"), ...readdirSync(scope).map((name) => join(scope, name))];
  const binaries = packages.flatMap((folder) => ["bun", "bun.exe"].map((bin) => join(folder, "bin", bin)));
  // Where the script did not run, a text is there in its place.
  return binaries.find((path) => existsSync(path) && statSync(path).size > 1_000_000)!;
}

/** Runs TypeScript as it is, which may connect to this machine and do nothing else. */
export async function runDeno(file: string, where: Where): Promise<string> {
  const command = [join(MODULES, "deno", "bin.cjs"), "run", "--no-prompt", "--allow-net=127.0.0.1", file];
  return printed(process.execPath, command, where);
}

/** Runs a module in Cloudflare's workerd. */
export async function runWorker(script: string, where: Where): Promise<string> {
  const { Miniflare } = createRequire(import.meta.url)(join(MODULES, "miniflare")) as MiniflareModule;
  const worker = new Miniflare({ modules: true, script, compatibilityDate: "2026-04-01" });
  try {
    const answer = await worker.dispatchFetch("http://worker.test/", { method: "POST", body: JSON.stringify(where) });
    return await answer.text();
  } finally {
    await worker.dispose();
  }
}

/** Where a browser is, if there is one. */
export const chromium: string | undefined = [process.env["CHROMIUM"] ?? "", ...CHROMIUM].find((path) =>
  existsSync(path),
);

/** Runs a module in the page of a path, whose server passes on what it does not serve itself. */
export async function runChromium(script: string, path: string, { baseUrl, apiKey }: Where): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), "toolbind-chromium-"));
  let tell: (outcome: string) => void = () => {};
  const outcome = new Promise<string>((resolve) => (tell = resolve));
  const server = createServer((incoming, answer) => {
    if (incoming.url === "/outcome") void textOf(incoming).then(tell);
    else if (incoming.url === "/page.js") answer.setHeader("content-type", "text/javascript").end(script);
    else if (incoming.url !== path) return forward(incoming, answer, baseUrl);
    else answer.writeHead(200, { "content-type": "text/html", "content-security-policy": PAGE_POLICY }).end(PAGE);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const page = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}#${apiKey}`;
  const args = [...CHROMIUM_FLAGS, `--user-data-dir=${profile}`, page];
  const browser = spawn(chromium!, args, { stdio: "ignore", detached: true });
  try {
    const ended = once(browser, "exit").then(() => "the browser ended by itself");
    return await Promise.race([outcome, ended]);
  } finally {
    if (browser.exitCode === null) {
      // Its helpers, too, as they write to the profile.
      process.kill(-browser.pid!, "SIGKILL");
      await once(browser, "exit");
    }
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function printed(program: string, args: readonly string[], { baseUrl, apiKey }: Where): Promise<string> {
  const { stdout } = await run(program, [...args, baseUrl, apiKey]);
  return stdout.trim();
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks = (await incoming.toArray()) as Buffer[];
  return Buffer.concat(chunks).toString();
}

function forward(incoming: IncomingMessage, answer: ServerResponse, baseUrl: string): void {
  const { method, headers, url } = incoming;
  const onward = request(new URL(url ?? "", baseUrl), { method, headers }, (response) => {
    answer.writeHead(response.statusCode!, response.headers);
    response.pipe(answer);
  });
  onward.on("error", () => answer.destroy());
  answer.on("close", () => onward.destroy());
  incoming.pipe(onward);
}
