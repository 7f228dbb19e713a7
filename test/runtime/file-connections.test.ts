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
import { fileConnections, type Keyring } from "../../runtime/node.js";
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
      expect(error.message).toMatch(/not a connections file/);
      expect(await readFile(path, "utf8")).toBe(text);
    },
  );
});

describe("the system's keyring", () => {
  const ENTRY = "toolbind/connections in secret-service";

  /** A keyring, and what it holds; `fail` may throw what it is asked next. */
  function fakeKeyring(fail: (asked: "get" | "set") => void = () => undefined): {
    readonly held: Map<string, string>;
    readonly load: () => Promise<Keyring>;
  } {
    const held = new Map<string, string>();
    class AsyncEntry {
      readonly #name: string;
      constructor(service: string, account: string, { linux }: { readonly linux: { readonly store: string } }) {
        this.#name = `${service}/${account} in ${linux.store}`;
      }
      async getPassword(): Promise<string | null> {
        fail("get");
        return held.get(this.#name) ?? null;
      }
      async setPassword(password: string): Promise<void> {
        fail("set");
        await new Promise((resolve) => setTimeout(resolve, 5));
        held.set(this.#name, password);
      }
    }
    return { held, load: async () => ({ AsyncEntry }) };
  }

  beforeEach(() => {
    vi.stubEnv("TOOLBIND_CONNECTIONS_KEY", "");
    vi.stubEnv("XDG_DATA_HOME", join(root, "data"));
  });

  it("has the key where no other is given: one of 32 bytes, made when the first connection is kept", async () => {
    const { held, load } = fakeKeyring();
    const kept = (): ManagedConnections => fileConnections({ path, keyring: load });
    expect(await kept().get("acme", "alice")).toBeUndefined();
    expect(await kept().list()).toEqual([]);
    expect(held.size).toBe(0);
    await kept().set("acme", "alice", alice);
    const key = held.get(ENTRY)!;
    expect(Buffer.from(key, "base64")).toHaveLength(32);
    await kept().set("acme", "bob", bob);
    expect([...held]).toEqual([[ENTRY, key]]);
    expect(await kept().get("acme", "alice")).toEqual(alice);
    expect(await store(key).get("acme", "bob")).toEqual(bob);
    expect(await readFile(path, "utf8")).not.toContain(key);
    expect(await readdir(join(path, ".."))).toEqual(["connections.json"]);
  });

  it("has one key, also where several files are begun at once", async () => {
    const { held, load } = fakeKeyring();
    const paths = Array.from({ length: 5 }, (_, index) => join(root, `folder-${index}`, "connections.json"));
    await Promise.all(paths.map((each) => fileConnections({ path: each, keyring: load }).set("acme", "alice", alice)));
    for (const each of paths) {
      expect(await fileConnections({ path: each, key: held.get(ENTRY)! }).get("acme", "alice")).toEqual(alice);
    }
  });

  it("is asked once by a store that goes on being used", async () => {
    let asked = 0;
    const { load } = fakeKeyring((what) => void (asked += what === "get" ? 1 : 0));
    await fileConnections({ path, keyring: load }).set("acme", "alice", alice);
    const kept = fileConnections({ path, keyring: load });
    asked = 0;
    for (let round = 0; round < 3; round++) expect(await kept.get("acme", "alice")).toEqual(alice);
    expect(asked).toBe(1);
  });

  it.each([
    ["the environment", () => vi.stubEnv("TOOLBIND_CONNECTIONS_KEY", KEY), undefined],
    ["the program", () => undefined, KEY],
  ])("is not even loaded where %s gives a key", async (_, before, key) => {
    before();
    const keyring = vi.fn(async () => undefined);
    const kept = fileConnections({ path, keyring, ...(key !== undefined && { key }) });
    await kept.set("acme", "alice", alice);
    expect(await store().get("acme", "alice")).toEqual(alice);
    expect(keyring).not.toHaveBeenCalled();
  });

  it("is named, beside the environment, where there is neither", async () => {
    const error = await failureOf(Promise.resolve(fileConnections({ path }).set("acme", "alice", alice)));
    expect(error).toBeInstanceOf(ConnectionStoreError);
    expect(error.message).toMatch(/there is no key.*TOOLBIND_CONNECTIONS_KEY.*install @napi-rs\/keyring/);
    await expect(stat(path)).rejects.toThrow(/ENOENT/);
  });

  it.each(["get", "set"] as const)("leaves the file as it is where it is locked when asked to %s", async (what) => {
    let isLocked = true;
    const { held, load } = fakeKeyring((asked) => {
      if (isLocked && asked === what) throw new Error("Couldn't access platform storage: prompt was dismissed\nat x");
    });
    const kept = (): ManagedConnections => fileConnections({ path, keyring: load });
    const error = await failureOf(Promise.resolve(kept().set("acme", "alice", alice)));
    expect(error).toBeInstanceOf(ConnectionStoreError);
    expect(error.message).toMatch(
      /keyring cannot be used \(Couldn't access .*dismissed\).*start or unlock it, or set TOOLBIND_/,
    );
    await expect(stat(path)).rejects.toThrow(/ENOENT/);
    expect(held.size).toBe(0);
    isLocked = false;
    await kept().set("acme", "alice", alice);
    const before = await readFile(path);
    isLocked = true;
    if (what === "get") await expect(kept().set("acme", "alice", bob)).rejects.toThrow(/cannot be used/);
    expect(await readFile(path)).toEqual(before);
  });

  it.each<[string, (held: Map<string, string>) => void, RegExp]>([
    ["has lost the key", (held) => held.clear(), /keyring does not have the key of .*connections\.json/],
    ["has another key", (held) => held.set(ENTRY, KEY), /cannot be decrypted/],
    [
      "has something else in its place",
      (held) => held.set(ENTRY, "correct horse battery staple"),
      /is not a valid key/,
    ],
  ])("makes no new key where it %s", async (_, change, message) => {
    const { held, load } = fakeKeyring();
    await fileConnections({ path, keyring: load }).set("acme", "alice", alice);
    const before = await readFile(path);
    change(held);
    const then = [...held];
    for (const use of ["set", "get"] as const) {
      const kept = fileConnections({ path, keyring: load });
      const error = await failureOf(Promise.resolve(kept[use]("acme", "alice", bob)));
      expect(error.message).toMatch(message);
      for (const secret of held.values()) expect(everythingIn(error)).not.toContain(secret);
    }
    expect([...held]).toEqual(then);
    expect(await readFile(path)).toEqual(before);
  });

  it("is not trusted where it does not keep what it takes", async () => {
    const { held, load } = fakeKeyring();
    held.set = () => held;
    const kept = fileConnections({ path, keyring: load });
    await expect(kept.set("acme", "alice", alice)).rejects.toThrow(/does not keep a key/);
    await expect(stat(path)).rejects.toThrow(/ENOENT/);
  });

  it("tells a package that is there and does not load from one that is not", async () => {
    const broken = async (): Promise<Keyring> => Promise.reject(new Error("Cannot find native binding. npm has a bug"));
    const kept = fileConnections({ path, keyring: broken });
    await expect(kept.get("acme", "alice")).rejects.toThrow(
      /Cannot find native binding.*install @napi-rs\/keyring again/,
    );
    const missing = Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
    const absent = fileConnections({ path, keyring: async () => Promise.reject(missing) });
    await expect(absent.get("acme", "alice")).rejects.toThrow(/there is no key/);
  });
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

it("reports a platform without a file system", async () => {
  vi.stubGlobal("process", undefined);
  try {
    const error = await failureOf(Promise.resolve(store().get("acme", "alice")));
    expect(error.message).toMatch(/no file system.*memoryConnections/);
  } finally {
    vi.unstubAllGlobals();
  }
});
