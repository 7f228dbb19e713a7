import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { TestFolder } from "../support/generated.js";

/** 100,000 take a minute and a half of CPU time; `TOOLBIND_SOAK_CALLS=100000` makes them. */
const CALLS = Number(process.env["TOOLBIND_SOAK_CALLS"] ?? 6_000);
const CONCURRENCY = 64;
const MOST_GROWTH_BYTES = 1_000_000;

it(`${CALLS} calls through one client leave no memory, listener or socket behind`, { timeout: 900_000 }, async () => {
  const folder = new TestFolder();
  const outfile = join(folder.path, "program.mjs");
  const entryPoints = [join(import.meta.dirname, "many-calls-program.ts")];
  await build({ entryPoints, outfile, bundle: true, format: "esm", platform: "node", logLevel: "error" });
  let requests = 0;
  let connections = 0;
  const open = new Set<unknown>();
  let mostOpen = 0;
  const refused = new Set<number>();
  const server = createServer((request, response) => {
    requests += 1;
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { id } = (JSON.parse(body) as { arguments: { id: number } }).arguments;
      response.setHeader("content-type", "application/json");
      const isRefused = id % 50 === 0 && !refused.delete(id);
      if (isRefused) {
        refused.add(id);
        response.writeHead(503).end(JSON.stringify({ error: { message: "busy", status: 503 } }));
      } else if (id % 50 === 1) response.end(JSON.stringify({ successful: false, error: "no", data: null }));
      else {
        const text = id % 50 === 2 ? 5 : "x".repeat(2000);
        response.end(JSON.stringify({ successful: true, error: null, log_id: `log_${id}`, data: { id, text } }));
      }
    });
  });
  server.on("connection", (socket) => {
    connections += 1;
    open.add(socket);
    mostOpen = Math.max(mostOpen, open.size);
    socket.on("close", () => open.delete(socket));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const args = ["--expose-gc", outfile, url, String(CALLS), String(CONCURRENCY)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { grownBy, ...told } = JSON.parse(stdout) as { grownBy: number };
    // Of each fifty one is refused at first, one fails, and one drifts.
    const fifties = CALLS / 50;
    expect(told).toEqual({ succeeded: CALLS - 2 * fifties, failed: fifties, drifted: fifties, listeners: 0 });
    expect(requests).toBe(CALLS + fifties);
    expect(grownBy).toBeLessThan(MOST_GROWTH_BYTES);
    // A call that begins as another ends may find that one's socket not free yet.
    expect(mostOpen).toBeLessThanOrEqual(2 * CONCURRENCY);
    expect(connections).toBeLessThanOrEqual(4 * CONCURRENCY);
  } finally {
    server.closeAllConnections();
    server.close();
    folder.remove();
  }
});
