import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { API_KEY, CLIENT_ID, CLIENT_SECRET, type Shelf, startShelf } from "../../examples/custom-app/server.js";
import { fileConnections } from "../../runtime/node.js";
import { createProject } from "../config/project.js";
import { parse, type Run, toolbind } from "./run.js";

const API = fileURLToPath(new URL("../../examples/custom-app/api/", import.meta.url));
const KEY = randomBytes(32).toString("base64");
const CLIENT = { SHELF_CLIENT_ID: CLIENT_ID, SHELF_CLIENT_SECRET: CLIENT_SECRET };

let shelf: Shelf;
beforeAll(async () => void (shelf = await startShelf()));
afterAll(() => shelf.close());

interface Project {
  readonly folder: string;
  readonly connections: string;
  readonly kept: ReturnType<typeof fileConnections>;
  run(args: readonly string[], options?: { env?: Record<string, string>; stdin?: string; visit?: Visit }): Promise<Run>;
}

type Visit = (authorizationUrl: URL) => Promise<unknown>;

/** A project with the app Shelf, as it stands in the examples but for its port. */
function project(change: (text: string) => string = (text) => text): Project {
  const files = Object.fromEntries(
    readdirSync(API).map((name) => {
      const text = readFileSync(join(API, name), "utf8").replaceAll("http://127.0.0.1:8787", shelf.url);
      return [`specs/apps/shelf/${name}`, name === "integration.yaml" ? change(text) : text];
    }),
  );
  const { folder } = createProject({ ...files, "toolbind.config.json": "{}" });
  const connections = join(folder, "private", "connections.json");
  return {
    folder,
    connections,
    kept: fileConnections({ path: connections, key: KEY }),
    run: (args, { env = {}, stdin = "", visit } = {}) =>
      toolbind(["connect", ...args], {
        cwd: folder,
        env: { TOOLBIND_CONNECTIONS_KEY: KEY, TOOLBIND_CONNECTIONS_FILE: connections, ...env },
        stdin,
        onStart: (child) => {
          let text = "";
          child.stderr!.on("data", (chunk: Buffer | string) => {
            const isKnown = text.includes("/oauth/authorize?");
            text += chunk.toString();
            const found = /^http\S+\/oauth\/authorize\?\S+$/m.exec(text);
            if (!isKnown && found !== null) void visit?.(new URL(found[0]));
          });
        },
      }),
  };
}

/** Answers the authorization page, and goes where it leads. */
const answering =
  (answer: "allow" | "deny", change: (url: URL) => URL = (url) => url): Visit =>
  async (url) => {
    const page = await (await fetch(url)).text();
    expect(page).toContain("<form");
    const body = new URLSearchParams([...url.searchParams, ["answer", answer]]);
    const response = await fetch(url, { method: "POST", body, redirect: "manual" });
    return fetch(change(new URL(response.headers.get("location")!)));
  };

describe("toolbind connect", () => {
  it("takes an API key from the environment, checks it, and keeps it", async () => {
    const { run, kept, connections } = project();
    const args = ["shelf", "--scheme", "api_key", "--yes", "--json"];
    const { code, stdout, stderr } = await run(args, { env: { SHELF_API_KEY: API_KEY } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(parse(stdout)).toEqual({
      connected: { app: "shelf", userId: "default", scheme: "api_key", checked: true, replaced: false },
    });
    expect(await kept.get("shelf", "default")).toEqual({ scheme: "api_key", fields: { api_key: API_KEY } });
    expect(readFileSync(connections, "utf8")).not.toContain(API_KEY);
  });

  it("takes one from standard input, for one user among others", async () => {
    const { run, kept } = project();
    const args = ["shelf", "--scheme", "api_key", "--user", "ada", "--stdin"];
    const { code, stdout } = await run(args, { stdin: JSON.stringify({ api_key: API_KEY }) });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "Stored the connection to shelf for ada, and the app accepts it.\n",
    });
    expect(await kept.get("shelf", "default")).toBeUndefined();
    expect(await kept.get("shelf", "ada")).toMatchObject({ fields: { api_key: API_KEY } });
  });

  it("stores nothing that the app refuses, unless told to, and shows no secrets", async () => {
    const { run, kept } = project();
    const env = { SHELF_API_KEY: "not-the-key-of-ada" };
    const refused = await run(["shelf", "--scheme", "api_key", "--yes"], { env });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/TB1010.*Shelf rejects these credentials \(401/);
    expect(refused.stderr + refused.stdout).not.toContain("not-the-key-of-ada");
    expect(await kept.list()).toEqual([]);
    const stored = await run(["shelf", "--scheme", "api_key", "--yes", "--no-check", "--json"], { env });
    expect(parse(stored.stdout)).toMatchObject({ connected: { checked: false } });
    expect(await kept.list()).toHaveLength(1);
  });

  it("stores a connection that it could not check, with a note", async () => {
    const { run, kept } = project((text) => text.replace("endpoint: /me", "endpoint: /nowhere"));
    const { code, stdout, stderr } = await run(["shelf", "--scheme", "api_key", "--yes"], {
      env: { SHELF_API_KEY: API_KEY },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "Stored the connection to shelf.\n" });
    expect(stderr).toMatch(/could not be checked/);
    expect(await kept.list()).toHaveLength(1);
  });

  it.each([
    ["an address", (text: string) => text.replace("endpoint: /me", `endpoint: ${shelf.url}/me?verbose=1`), true],
    [
      "one that names no field of the connection",
      (text: string) => text.replace("endpoint: /me", 'endpoint: "/{{library.id}}/me"'),
      false,
    ],
  ])("asks at %s, where the app says so", async (_, change, checked) => {
    const { run } = project(change);
    const { code, stdout } = await run(["shelf", "--scheme", "api_key", "--yes", "--json"], {
      env: { SHELF_API_KEY: API_KEY },
    });
    expect(code).toBe(0);
    expect(parse(stdout)).toMatchObject({ connected: { checked } });
  });

  it("goes through the authorization page, and keeps what that gives but not the client's own secret", async () => {
    const { run, kept } = project();
    const { code, stdout, stderr } = await run(["shelf", "--scheme", "oauth2", "--json"], {
      env: CLIENT,
      visit: answering("allow"),
    });
    expect({ code, stderr: stderr.replace(/^http\S+$/m, "URL") }).toEqual({
      code: 0,
      stderr:
        "Open this address and allow access:\nURL\n" +
        "Not stored, because your program also reads them from the environment: client_id, client_secret\n",
    });
    expect(parse(stdout)).toMatchObject({ connected: { scheme: "oauth2", checked: true } });
    const connection = (await kept.get("shelf", "default"))!;
    expect(Object.keys(connection.fields).sort()).toEqual(
      ["access_token", "expires_in", "library.id", "refresh_token", "scope", "token_type"].sort(),
    );
    expect(connection.expiresAt).toBeGreaterThan(Date.now());
    for (const secret of [...Object.values(connection.fields).filter((each) => each.length > 20), CLIENT_SECRET]) {
      expect(stdout + stderr).not.toContain(secret);
    }
  });

  it.each<[string, Visit, RegExp]>([
    ["says no", answering("deny"), /TB5050.*not granted \(access_denied\).*toolbind connect shelf/],
    [
      "comes back with another's answer",
      answering("allow", (url) => {
        url.searchParams.set("state", "other");
        return url;
      }),
      /TB5050.*state is not the one that was sent/,
    ],
    [
      "comes back with a code that is none",
      answering("allow", (url) => {
        url.searchParams.set("code", "guessed-code-1");
        return url;
      }),
      /TB5050.*invalid_grant/,
    ],
  ])("keeps nothing where the person %s", async (_, visit, message) => {
    const { run, kept } = project();
    const { code, stderr } = await run(["shelf", "--scheme", "oauth2"], { env: CLIENT, visit });
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("guessed-code-1");
    expect(await kept.list()).toEqual([]);
  });

  it("does not wait for a person for ever", async () => {
    const { code, stderr } = await project().run(["shelf", "--scheme", "oauth2", "--timeout", "0.5"], { env: CLIENT });
    expect(code).toBe(1);
    expect(stderr).toMatch(/TB1010.*Nobody returned/);
  });

  it("asks for other scopes, and goes back to the address that is registered", async () => {
    const { run, kept } = project();
    const seen: URL[] = [];
    const { code } = await run(
      ["shelf", "--scheme", "oauth2", "--scope", "books.read", "--callback-url", "http://127.0.0.1:48731/back"],
      {
        env: CLIENT,
        visit: async (url) => {
          seen.push(url);
          await answering("allow")(url);
        },
      },
    );
    expect(code).toBe(0);
    expect(seen[0]!.searchParams.get("redirect_uri")).toBe("http://127.0.0.1:48731/back");
    expect((await kept.get("shelf", "default"))!.fields["scope"]).toBe("books.read");
  });

  it("lists and removes what is kept", async () => {
    const { run, kept } = project();
    await kept.set("shelf", "ada", { scheme: "oauth2", fields: { access_token: "secret-1" }, expiresAt: 0 });
    await kept.set("other", "bob", { scheme: "key", fields: { api_key: "secret-2" } });
    const listed = await run(["--list"]);
    expect(listed).toEqual({
      code: 0,
      stdout: "other  bob  key\nshelf  ada  oauth2  access until 1970-01-01T00:00:00.000Z\n",
      stderr: "",
    });
    expect(parse((await run(["shelf", "--list", "--json"])).stdout)).toEqual({
      connections: [{ app: "shelf", userId: "ada", scheme: "oauth2", expiresAt: 0 }],
    });
    const removed = await run(["shelf", "--remove", "--user", "ada"]);
    expect(removed).toMatchObject({ code: 0, stdout: "Removed the connection to shelf.\n" });
    expect((await run(["shelf", "--remove", "--user", "ada"])).stderr).toMatch(/TB1007.*ada has no connection/);
    expect(await kept.list()).toHaveLength(1);
  });

  it("works on a folder without a configuration", async () => {
    const { run, folder, kept } = project();
    const { code } = await run(["--app", join(folder, "specs/apps/shelf"), "--scheme", "api_key", "--yes"], {
      env: { SHELF_API_KEY: API_KEY },
    });
    expect(code).toBe(0);
    expect(await kept.list()).toHaveLength(1);
  });

  it.each<[string, string[], { env?: Record<string, string>; stdin?: string }, number, RegExp]>([
    ["no app", [], {}, 2, /missing required argument 'app'/],
    ["an app that is not there", ["shelv"], {}, 1, /TB1004.*did you mean `shelf`/],
    ["no scheme among several", ["shelf", "--yes"], {}, 1, /TB1007.*several authentication schemes.*oauth2, api_key/],
    ["a scheme that is not there", ["shelf", "--scheme", "basic"], {}, 1, /TB1007.*oauth2, api_key/],
    ["nothing for a field", ["shelf", "--scheme", "api_key", "--yes"], {}, 1, /TB1007.*needs api_key.*SHELF_API_KEY/],
    [
      "a secret on the command line",
      ["shelf", "--scheme", "api_key", "--field", "api_key=shown-to-all"],
      {},
      1,
      /TB1007.*--field api_key.*SHELF_API_KEY.*--stdin/,
    ],
    [
      "a field that is not there",
      ["shelf", "--scheme", "api_key", "--field", "api_kye=1"],
      {},
      1,
      /TB1007.*did you mean `api_key`/,
    ],
    ["no JSON", ["shelf", "--scheme", "api_key", "--stdin"], { stdin: "shown-to-all" }, 1, /TB1007.*Standard input/],
    [
      "a field of the wrong type",
      ["shelf", "--scheme", "api_key", "--stdin"],
      { stdin: '{"api_key":["shown-to-all"]}' },
      1,
      /TB1007.*api_key on standard input is not of type string.*pass a string/,
    ],
    ["no person to ask", ["shelf", "--scheme", "oauth2", "--yes"], { env: CLIENT }, 1, /TB1007.*without `--yes`/],
    [
      "no key for the file",
      ["shelf", "--scheme", "api_key", "--yes"],
      { env: { SHELF_API_KEY: "x", TOOLBIND_CONNECTIONS_KEY: "" } },
      1,
      /TB5051.*TOOLBIND_CONNECTIONS_KEY.*randomBytes/,
    ],
    ["a port that is none", ["shelf", "--port", "0"], {}, 2, /port/],
    [
      "an address elsewhere to come back to, and nobody to ask",
      ["shelf", "--scheme", "oauth2", "--callback-url", "https://example.com/back"],
      { env: CLIENT },
      1,
      /TB1010.*example\.com.*--callback-url/,
    ],
  ])("says what to do where it is given %s", async (_, args, options, code, message) => {
    const result = await project().run(args, options);
    expect(result.stderr.replaceAll("\n", " ")).toMatch(message);
    expect(result.code).toBe(code);
    expect(result.stderr + result.stdout).not.toContain("shown-to-all");
  });
});

/** A terminal of its own for the command, as `script` of util-linux makes one. */
const hasTerminal = process.platform === "linux" && existsSync("/usr/bin/script");

describe.skipIf(!hasTerminal)("toolbind connect, at a terminal", () => {
  /** Types each answer when its question is on the screen. */
  async function converse(
    { folder, connections }: Project,
    answers: readonly (readonly [question: string, answer: string | ((screen: string) => Promise<string>)])[],
    { args = [], env = {} }: { args?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
  ): Promise<{ readonly code: unknown; readonly screen: string }> {
    const cli = fileURLToPath(new URL("../../generator/cli.ts", import.meta.url));
    const command = [process.execPath, "--import", import.meta.resolve("tsx"), cli, "connect", "shelf", ...args].join(
      " ",
    );
    const { PATH = "", HOME = "" } = process.env;
    const child = spawn("/usr/bin/script", ["-qefc", `stty cols 100 rows 40; ${command}`, "/dev/null"], {
      cwd: folder,
      env: { PATH, HOME, TERM: "xterm", TOOLBIND_CONNECTIONS_KEY: KEY, TOOLBIND_CONNECTIONS_FILE: connections, ...env },
    });
    onTestFinished(() => void child.kill());
    let screen = "";
    let answered = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      screen += chunk.toString();
      const [question, answer] = answers[answered] ?? [];
      if (question === undefined || !screen.includes(question)) return;
      answered += 1;
      if (typeof answer === "string") child.stdin.write(answer);
      else void answer!(screen).then((text) => child.stdin.write(text));
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    return { code, screen };
  }

  it("asks how to connect and for what that needs, and shows no secret", async () => {
    const own = project();
    const { code, screen } = await converse(own, [
      ["How should it be connected?", "\u001b[B\r"],
      ["Found in your Shelf settings", `${API_KEY}\r`],
    ]);
    expect(screen).toMatch(/Stored the connection to shelf, and the app accepts it/);
    expect(code).toBe(0);
    expect(screen).not.toContain(API_KEY);
    expect(await own.kept.get("shelf", "default")).toEqual({ scheme: "api_key", fields: { api_key: API_KEY } });
  });

  it("takes the pasted address where the page sends people elsewhere", async () => {
    const own = project();
    const pasted = async (screen: string): Promise<string> => {
      const url = new URL(/http\S+\/oauth\/authorize\?\S+/.exec(screen)![0]);
      const body = new URLSearchParams([...url.searchParams, ["answer", "allow"]]);
      const response = await fetch(url, { method: "POST", body, redirect: "manual" });
      return `${response.headers.get("location")}\r`;
    };
    const { code, screen } = await converse(own, [["Paste the full address", pasted]], {
      args: ["--scheme", "oauth2", "--callback-url", "https://127.0.0.1/back"],
      env: CLIENT,
    });
    expect(screen).toMatch(/Stored the connection to shelf, and the app accepts it/);
    expect(code).toBe(0);
    expect((await own.kept.get("shelf", "default"))!.fields).toHaveProperty("refresh_token");
  });

  it("stores nothing where the person breaks off", async () => {
    const own = project();
    const { code, screen } = await converse(own, [["How should it be connected?", "\u0003"]]);
    expect(screen).toContain("Nothing was stored.");
    expect(code).toBe(1);
    expect(await own.kept.list()).toEqual([]);
  });
});
