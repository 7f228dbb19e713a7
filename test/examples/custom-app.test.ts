import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { API_KEY, CLIENT_ID, CLIENT_SECRET, type Shelf, startShelf } from "../../examples/custom-app/server.js";
import { fileConnections } from "../../runtime/node.js";
import { type Run, toolbind } from "../cli/run.js";
import { STRICTEST, typeCheck } from "../support/compilers.js";
import { TestFolder } from "../support/generated.js";
import { put } from "../support/project.js";

const EXAMPLE = fileURLToPath(new URL("../../examples/custom-app/", import.meta.url));
const KEY = randomBytes(32).toString("base64");
const folder = new TestFolder();
const connections = join(folder.path, "private", "connections.json");
const env = {
  TOOLBIND_CONNECTIONS_KEY: KEY,
  TOOLBIND_CONNECTIONS_FILE: connections,
  SHELF_CLIENT_ID: CLIENT_ID,
  SHELF_CLIENT_SECRET: CLIENT_SECRET,
};
const kept = fileConnections({ path: connections, key: KEY });
let shelf: Shelf;

beforeAll(async () => {
  shelf = await startShelf();
  mkdirSync(join(folder.path, "api"));
  for (const name of readdirSync(join(EXAMPLE, "api"))) {
    const text = readFileSync(join(EXAMPLE, "api", name), "utf8");
    put(folder, `api/${name}`, text.replaceAll("http://127.0.0.1:8787", shelf.url));
  }
  cpSync(join(EXAMPLE, "main.ts"), join(folder.path, "main.ts"));
  put(folder, "package.json", '{ "type": "module", "dependencies": { "oauth4webapi": "*" } }\n');
  const { code, stderr } = await toolbind(["generate", "--app", "api", "--out", "generated"], { cwd: folder.path });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});
afterAll(async () => {
  await shelf.close();
  folder.remove();
});

/** Runs the example's program. */
function main(): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ["--import", import.meta.resolve("tsx"), "main.ts"],
      { cwd: folder.path, env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env } },
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

/** Connects, and allows the access on the authorization page. */
function connect(scheme: string, more: Readonly<Record<string, string>> = {}): Promise<Run> {
  return toolbind(["connect", "--app", "api", "--scheme", scheme], {
    cwd: folder.path,
    env: { ...env, ...more },
    onStart: (child) => {
      let text = "";
      let isOpen = false;
      child.stderr!.on("data", async (chunk: Buffer | string) => {
        text += chunk.toString();
        const [url] = /^http\S+\/oauth\/authorize\?\S+$/m.exec(text) ?? [];
        if (isOpen || url === undefined) return;
        isOpen = true;
        const body = new URLSearchParams([...new URL(url).searchParams, ["answer", "allow"]]);
        await fetch(url, { method: "POST", body });
      });
    },
  });
}

const stored = async (): Promise<Readonly<Record<string, string>>> => (await kept.get("shelf", "default"))!.fields;

describe("the example", () => {
  it("compiles", async () => {
    const options = {
      ...STRICTEST,
      module: "nodenext",
      target: "es2022",
      lib: ["es2023"],
      types: ["node"],
      skipLibCheck: true,
    };
    expect(await typeCheck(folder, "TypeScript 7", ["main.ts", "generated"], options)).toEqual([]);
  });

  it("says how to connect before it is connected", async () => {
    expect(await main()).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^TB5006: .*toolbind connect shelf/) as string,
    });
  });

  it("calls with what OAuth gave, once a person has allowed it", async () => {
    const { code, stderr } = await connect("oauth2");
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(await main()).toEqual({
      code: 0,
      stdout: "Ada calls through oauth2, library lib-1\n2. Notes on the Analytical Engine\nadded as 3\n",
      stderr: "",
    });
    expect(shelf.grants).toEqual(["authorization_code"]);
  });

  it("refreshes once for calls at the same time, and keeps what came", async () => {
    const before = await stored();
    shelf.endAccess();
    expect(await main()).toMatchObject({ code: 0, stdout: expect.stringContaining("added as 4") as string });
    expect(shelf.grants).toEqual(["authorization_code", "refresh_token"]);
    const after = await stored();
    expect(after["access_token"]).not.toBe(before["access_token"]);
    expect(after["refresh_token"]).not.toBe(before["refresh_token"]);
    expect(after).not.toHaveProperty("client_secret");
    expect(await main()).toMatchObject({ code: 0 });
    expect(shelf.grants).toHaveLength(2);
  });

  it("refreshes once for programs at the same time", async () => {
    shelf.endAccess();
    const runs = await Promise.all([main(), main(), main()]);
    expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(Array(3).fill({ code: 0, stderr: "" }));
    expect(shelf.grants.slice(2)).toEqual(["refresh_token"]);
  });

  it("refreshes before access runs out", async () => {
    const { expiresAt: _, ...connection } = (await kept.get("shelf", "default"))!;
    await kept.set("shelf", "default", { ...connection, expiresAt: Date.now() + 1000 });
    expect(await main()).toMatchObject({ code: 0 });
    expect(shelf.grants.slice(3)).toEqual(["refresh_token"]);
    expect((await kept.get("shelf", "default"))!.expiresAt).toBeGreaterThan(Date.now() + 60_000);
  });

  it("says to connect again where nothing can be refreshed any more, and shows no secret", async () => {
    shelf.endEverything();
    const { code, stdout, stderr } = await main();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^TB5050: .*invalid_grant.*toolbind connect shelf/);
    const { access_token, refresh_token } = await stored();
    for (const secret of [access_token!, refresh_token!, CLIENT_SECRET, KEY]) expect(stderr).not.toContain(secret);
  });

  it("calls with an API key", async () => {
    expect(await connect("api_key", { SHELF_API_KEY: API_KEY })).toMatchObject({
      code: 0,
      stdout: "Replaced the connection to shelf, and the app accepts it.\n",
    });
    const { code, stdout } = await main();
    expect({ code, first: stdout.split("\n")[0] }).toEqual({
      code: 0,
      first: "Ada calls through api_key, library undefined",
    });
  });
});
