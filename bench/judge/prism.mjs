import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { BENCH } from "../support/packages.mjs";

const CLI = join(BENCH, "node_modules", "@stoplight", "prism-cli", "dist", "index.js");
const MOST_SECONDS = 180;

/** Starts `prism mock --errors` on a description and waits until it listens: `{ url, stop }`. */
export async function startPrism(file) {
  const port = await freePort();
  const command = [CLI, "mock", "--errors", "--host", "127.0.0.1", "--port", String(port), file];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"] });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const stop = async () => {
    process.off("exit", end);
    if (child.exitCode !== null || child.signalCode !== null) return;
    end();
    await once(child, "exit");
  };
  let said = "";
  const listening = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not listening after ${MOST_SECONDS} s`)), MOST_SECONDS * 1000);
    timer.unref();
    const hear = (chunk) => {
      if (said.includes("Prism is listening")) return;
      said = (said + chunk.toString()).slice(-10_000);
      if (said.includes("Prism is listening")) resolve();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", () => reject(new Error(said.trim().split("\n").at(-1) || "ended at once")));
  });
  try {
    await listening;
  } catch (error) {
    await stop();
    throw new Error(`Prism does not start: ${error.message}`, { cause: error });
  }
  return { url: `http://127.0.0.1:${port}`, stop };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
