import { request } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type Callback, startCallback } from "../../generator/commands/connect/callback.js";

let callback: Callback;
afterEach(() => callback?.close());

/** Asks with another `Host` than the address has. */
function askAs(host: string, url: string, method = "GET"): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

describe("the server that a person is sent back to", () => {
  it("takes the first request to its path, and no other", async () => {
    callback = await startCallback({ timeoutMs: 60_000 });
    const { redirectUri } = callback;
    expect(redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    const { host, origin } = new URL(redirectUri);
    for (const path of ["/", "/favicon.ico", "/callback/more", "/callbac"]) {
      expect((await fetch(`${origin}${path}?code=wrong`)).status).toBe(404);
    }
    expect(await askAs("evil.example", `${redirectUri}?code=wrong`)).toBe(404);
    expect(await askAs(host, `${redirectUri}?code=wrong`, "POST")).toBe(404);
    const response = await fetch(`${redirectUri}?code=right&state=s`);
    const page = await response.text();
    expect(page).toContain("close this window");
    expect(page).not.toContain("right");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect((await callback.arrival()).search).toBe("?code=right&state=s");
    await fetch(`${redirectUri}?code=late`);
    expect((await callback.arrival()).search).toBe("?code=right&state=s");
  });

  it("stops when closed, even while a client holds a connection", async () => {
    callback = await startCallback({ timeoutMs: 60_000 });
    const { redirectUri } = callback;
    await fetch(redirectUri);
    await callback.close();
    await expect(fetch(redirectUri)).rejects.toThrow();
  });

  it("takes the port and path that are registered", async () => {
    const first = await startCallback({ timeoutMs: 60_000 });
    const { port } = new URL(first.redirectUri);
    await first.close();
    callback = await startCallback({ timeoutMs: 60_000, url: `http://localhost:${port}/auth/back?x=1` });
    expect(callback.redirectUri).toBe(`http://localhost:${port}/auth/back?x=1`);
    await askAs(`localhost:${port}`, `http://127.0.0.1:${port}/auth/back?x=1&code=c`);
    expect((await callback.arrival()).searchParams.get("code")).toBe("c");
    await callback.close();
    callback = await startCallback({ timeoutMs: 60_000, url: `http://127.0.0.1:${port}` });
    expect(callback.redirectUri).toBe(`http://127.0.0.1:${port}`);
    await fetch(`${callback.redirectUri}?code=d`);
    expect((await callback.arrival()).searchParams.get("code")).toBe("d");
  });

  it("reports a port that is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    await expect(startCallback({ timeoutMs: 1000, port })).rejects.toThrow(new RegExp(`${port}.*EADDRINUSE.*--port`));
    await new Promise((resolve) => other.close(resolve));
  });

  it("waits no longer than the timeout", async () => {
    callback = await startCallback({ timeoutMs: 10 });
    await expect(callback.arrival()).rejects.toThrow(/Nobody returned/);
  });
});
