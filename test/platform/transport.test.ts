import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { straight, TimedOut } from "../../generator/platform/transport.js";

const TEXT = JSON.stringify({ items: ["ü", "x".repeat(10_000)] });
const WAYS: Readonly<Record<string, (text: string) => Buffer>> = {
  identity: (text) => Buffer.from(text),
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
};
const connections = new Set<unknown>();
let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    connections.add(request.socket);
    const [, way = "", more] = (request.url ?? "").split("/");
    if (way === "never") return;
    if (way === "redirect") return void response.writeHead(302, { location: `${origin}/identity` }).end();
    const encoding = WAYS[way]!;
    const body = encoding(TEXT);
    response.writeHead(200, { "content-encoding": way, "content-length": body.length });
    if (more === "cut") response.write(body.subarray(0, 9), () => response.destroy());
    else response.end(body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe("straight to the platform", () => {
  const send = straight();
  const ends = { signal: new AbortController().signal, timeoutMs: 10_000 };

  it.each(Object.keys(WAYS))("a body that is sent as %s is read", async (way) => {
    const { status, headers, text } = await send(`${origin}/${way}`, {}, ends);
    expect([status, headers.get("Content-Encoding"), headers.get("retry-after")]).toEqual([200, way, null]);
    expect(text).toBe(TEXT);
  });

  it("one connection serves one request after the other", async () => {
    const known = new Set(connections);
    for (let each = 0; each < 5; each++) await send(`${origin}/identity`, {}, ends);
    expect([...connections].filter((connection) => !known.has(connection)).length).toBeLessThan(2);
  });

  it("a redirect is not followed", async () => {
    expect(await send(`${origin}/redirect`, {}, ends)).toMatchObject({ status: 302 });
  });

  it("a body that is cut off is an error", async () => {
    await expect(send(`${origin}/identity/cut`, {}, ends)).rejects.toMatchObject({ code: "ECONNRESET" });
    await expect(send(`${origin}/gzip/cut`, {}, ends)).rejects.toThrow();
  });

  it("ends with its time and with its signal", async () => {
    await expect(send(`${origin}/never`, {}, { ...ends, timeoutMs: 20 })).rejects.toThrow(TimedOut);
    const controller = new AbortController();
    const sent = send(`${origin}/never`, {}, { ...ends, signal: controller.signal });
    controller.abort();
    await expect(sent).rejects.toMatchObject({ name: "AbortError" });
  });
});
