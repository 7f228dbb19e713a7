import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type Connection,
  ConnectionStoreError,
  type ManagedConnections,
  memoryConnections,
} from "../../runtime/index.js";
import { fileConnections } from "../../runtime/node.js";
import { everythingIn, failureOf } from "./support.js";

const KEY = randomBytes(32).toString("base64");
const WRITER = fileURLToPath(new URL("file-connections-writer.ts", import.meta.url));
const alice: Connection = {
  scheme: "oauth2",
  fields: { access_token: "at-Secret-1", "team.id": "team-of-alice" },
  expiresAt: 99,
};
const bob: Connection = { scheme: "key", fields: { api_key: "ak-Secret-2" } };

let root = "";
let path = "";

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "toolbind-connections-")));
  path = join(root, "data", "toolbind", "connections.json");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

const store = (key: string = KEY): ManagedConnections => fileConnections({ path, key });

describe.each<[string, () => ManagedConnections]>([
  ["fileConnections", store],
  ["memoryConnections", memoryConnections],
])("%s", (_, make) => {
  it("gives what was set, for each app and user apart", async () => {
    const connections = make();
    expect(await connections.get("acme", "alice")).toBeUndefined();
    await connections.set("acme", "alice", bob);
    await connections.set("acme", "alice", alice);
    await connections.set("acme", "bob", bob);
    await connections.set("other", "alice", bob);
    expect(await connections.get("acme", "alice")).toEqual(alice);
    expect(await connections.get("acme", "bob")).toEqual(bob);
    expect(await connections.get("acme", "default")).toBeUndefined();
  });

  it("lists without credentials, and removes", async () => {
    const connections = make();
    await connections.set("b", "u", bob);
    await connections.set("a", "v", alice);
    await connections.set("a", "u", bob);
    expect(await connections.list()).toEqual([
      { app: "a", userId: "u", scheme: "key" },
      { app: "a", userId: "v", scheme: "oauth2", expiresAt: 99 },
      { app: "b", userId: "u", scheme: "key" },
    ]);
    expect(await connections.remove("a", "u")).toBe(true);
    expect(await connections.remove("a", "u")).toBe(false);
    expect(await connections.get("a", "u")).toBeUndefined();
    expect(await connections.list()).toHaveLength(2);
  });

  it("lets one renewal of a connection run at a time, also after one that failed", async () => {
    const connections = make();
    const events: string[] = [];
    const run = (name: string, fail = false) =>
      connections.exclusive!("acme", "alice", async () => {
        events.push(`${name} begins`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        events.push(`${name} ends`);
        if (fail) throw new Error(name);
        return name;
      });
    const [first, second] = await Promise.allSettled([run("one", true), run("two")]);
    expect(first).toMatchObject({ status: "rejected" });
    expect(second).toMatchObject({ status: "fulfilled", value: "two" });
    expect(events).toEqual(["one begins", "one ends", "two begins", "two ends"]);
  });
});

describe("the file", () => {
  it("is its owner's alone and shows nothing", async () => {
    await store().set("acme", "alice", alice);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(path, ".."))).mode & 0o777).toBe(0o700);
    const text = await readFile(path, "utf8");
    for (const word of ["acme", "alice", "Secret", "oauth2", "team"]) expect(text).not.toContain(word);
    expect(await readdir(join(path, ".."))).toEqual(["connections.json"]);
  });

  it("is never the same twice", async () => {
    await store().set("acme", "alice", alice);
    const before = await readFile(path, "utf8");
    await store().set("acme", "alice", alice);
    expect(await readFile(path, "utf8")).not.toBe(before);
  });

  it.each([
    ["in base64", KEY],
    ["in the other base64", KEY.replaceAll("+", "-").replaceAll("/", "_").replace("=", "")],
    ["as a passphrase", "correct horse battery staple"],
  ])("is read again with its key %s", async (_, key) => {
    await store(key).set("acme", "alice", alice);
    await store(key).set("acme", "bob", bob);
    expect(await store(key).get("acme", "alice")).toEqual(alice);
  });

  it("is found where the environment says, with the key it gives", async () => {
    vi.stubEnv("TOOLBIND_CONNECTIONS_KEY", KEY);
    vi.stubEnv("XDG_DATA_HOME", join(root, "data"));
    vi.stubEnv("TOOLBIND_CONNECTIONS_FILE", "");
    await fileConnections().set("acme", "alice", alice);
    expect(await store().get("acme", "alice")).toEqual(alice);
    vi.stubEnv("TOOLBIND_CONNECTIONS_FILE", join(root, "mine.json"));
    expect(await fileConnections().get("acme", "alice")).toBeUndefined();
    await fileConnections({ key: async () => KEY }).set("acme", "bob", bob);
    expect(await readdir(root)).toContain("mine.json");
  });

  it.each<[string, string, RegExp]>([
    ["without a key", "", /TOOLBIND_CONNECTIONS_KEY.*randomBytes/],
    ["with a short passphrase", "short", /too short.*randomBytes/],
  ])("is not used %s, and the message has the command that makes one", async (_, key, message) => {
    vi.stubEnv("TOOLBIND_CONNECTIONS_KEY", "");
    for (const use of ["get", "set", "list"] as const) {
      const error = await failureOf(Promise.resolve(store(key)[use]("acme", "alice", alice)));
      expect(error).toBeInstanceOf(ConnectionStoreError);
      expect(error.message).toMatch(message);
    }
    await expect(stat(path)).rejects.toThrow(/ENOENT/);
  });

  it("is not read with another key, and stays as it is", async () => {
    await store().set("acme", "alice", alice);
    const before = await readFile(path);
    for (const key of [randomBytes(32).toString("base64"), "correct horse battery staple"]) {
      const error = await failureOf(Promise.resolve(store(key).set("acme", "alice", bob)));
      expect(error.message).toMatch(/cannot be decrypted.*another key/);
      expect(everythingIn(error)).not.toContain(key);
    }
    expect(await readFile(path)).toEqual(before);
  });

  it("is not read where any part of it was changed", async () => {
    await store("correct horse battery staple").set("acme", "alice", alice);
    const sealed = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
    for (const member of ["salt", "iv", "data"]) {
      const text = sealed[member] as string;
      const changed = (text.startsWith("A") ? "B" : "A") + text.slice(1);
      await writeFile(path, JSON.stringify({ ...sealed, [member]: changed }));
      const error = await failureOf(store("correct horse battery staple").list());
      expect(error.message).toMatch(/cannot be decrypted/);
    }
  });

  it.each(["", "{", "[]", "null", '{"toolbind":"connections","version":2}', '{"toolbind":"connections","version":1}'])(
    "is not taken for one of connections when it holds %j",
    async (text) => {
      await mkdir(join(path, ".."), { recursive: true });
      await writeFile(path, text, { mode: 0o600 });
      const error = await failureOf(Promise.resolve(store().set("acme", "alice", alice)));
      expect(error.message).toMatch(/no file of connections/);
      expect(await readFile(path, "utf8")).toBe(text);
    },
  );
});

describe.skipIf(process.platform === "win32")("what others can reach is refused:", () => {
  it("a file that they may read", async () => {
    await store().set("acme", "alice", alice);
    for (const mode of [0o640, 0o604, 0o620]) {
      await chmod(path, mode);
      const error = await failureOf(Promise.resolve(store().get("acme", "alice")));
      expect(error.message).toContain(`chmod 600 ${path}`);
      await expect(store().set("acme", "alice", bob)).rejects.toThrow(/chmod 600/);
    }
  });

  it("a folder that they may write to", async () => {
    await store().set("acme", "alice", alice);
    await chmod(join(path, ".."), 0o777);
    await expect(store().set("acme", "alice", bob)).rejects.toThrow(/chmod 700/);
  });

  it("a link in place of the file or its folder", async () => {
    await store().set("acme", "alice", alice);
    const link = join(root, "data", "toolbind", "link.json");
    await symlink(path, link);
    const linked = fileConnections({ path: link, key: KEY });
    await expect(linked.get("acme", "alice")).rejects.toThrow(/is a link/);
    await expect(linked.set("acme", "alice", bob)).rejects.toThrow(/is a link/);
    await symlink(join(path, ".."), join(root, "folder"));
    const behind = fileConnections({ path: join(root, "folder", "connections.json"), key: KEY });
    await expect(behind.set("acme", "alice", bob)).rejects.toThrow(/is a link/);
    expect(await store().get("acme", "alice")).toEqual(alice);
  });

  it("a folder in place of the file", async () => {
    await mkdir(path, { recursive: true });
    await expect(store().get("acme", "alice")).rejects.toBeInstanceOf(ConnectionStoreError);
  });
});

describe("processes that share it", () => {
  it("lose nothing of each other's", async () => {
    const names = ["p", "q", "r"];
    const run = promisify(execFile);
    const options = { env: { ...process.env, TOOLBIND_CONNECTIONS_KEY: KEY, TOOLBIND_CONNECTIONS_FILE: path } };
    await Promise.all(
      names.map((name) => run(process.execPath, ["--import", import.meta.resolve("tsx"), WRITER, name, "10"], options)),
    );
    expect((await store().list()).map(({ app, userId }) => `${app} ${userId}`)).toEqual(
      names.flatMap((name) => Array.from({ length: 10 }, (_, index) => `${name} user${index}`)),
    );
    expect(await readdir(join(path, ".."))).toEqual(["connections.json"]);
  });

  it("wait for one that writes", async () => {
    await store().set("acme", "alice", alice);
    await writeFile(`${path}.lock`, JSON.stringify({ pid: process.pid, host: hostname(), name: "another" }));
    let isFree = false;
    setTimeout(() => {
      isFree = true;
      void rm(`${path}.lock`);
    }, 60);
    await store().set("acme", "bob", bob);
    expect(isFree).toBe(true);
    expect(await store().list()).toHaveLength(2);
  });

  it.each([
    ["of another machine", JSON.stringify({ pid: 1, host: "elsewhere", name: "x" })],
    ["half written", '{"pid":'],
  ])("take over a lock %s that is old", async (_, mark) => {
    await store().set("acme", "alice", alice);
    await writeFile(`${path}.lock`, mark);
    await utimes(`${path}.lock`, 0, 0);
    await store().set("acme", "bob", bob);
    expect(await store().list()).toHaveLength(2);
    expect(await readdir(join(path, ".."))).toEqual(["connections.json"]);
  });

  it("are not stopped by a lock and files that a killed one left", async () => {
    await store().set("acme", "alice", alice);
    const gone = await promisify(execFile)(process.execPath, ["-p", "process.pid"]);
    const mark = { pid: Number(gone.stdout), host: hostname(), name: "x" };
    await writeFile(`${path}.lock`, JSON.stringify(mark));
    await writeFile(`${path}.half.tmp`, "half");
    await store().set("acme", "bob", bob);
    expect(await store().list()).toHaveLength(2);
    expect(await readdir(join(path, ".."))).toEqual(["connections.json"]);
  });
});

it("says so where there are no files", async () => {
  vi.stubGlobal("process", undefined);
  try {
    const error = await failureOf(Promise.resolve(store().get("acme", "alice")));
    expect(error.message).toMatch(/no files.*memoryConnections/);
  } finally {
    vi.unstubAllGlobals();
  }
});
