import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createProject, type Project } from "../config/project.js";
import { toolbind } from "./run.js";

const ESCAPE = "\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e";

function tool(slug: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    slug,
    name: slug.toLowerCase().replaceAll("_", " "),
    description: `Does ${slug}.`,
    toolkit: { slug: "acme", name: "Acme" },
    version: "20250906_01",
    tags: [],
    input_parameters: {
      type: "object",
      properties: { owner: { type: "string", examples: ["it's"] }, count: { type: "integer" } },
      required: ["owner"],
    },
    output_parameters: {
      type: "object",
      properties: { data: { type: "object", properties: { id: { type: "string" } } } },
    },
    ...more,
  };
}

const TOOLS = [
  tool("ACME_CREATE_AN_ISSUE", { description: "Opens an issue.", scopes: ["repo"] }),
  tool("ACME_DELETE_A_FILE", { description: `Removes ${ESCAPE}a file.`, tags: ["destructiveHint"] }),
  tool("ACME_PING", { no_auth: true, input_parameters: { type: "object", properties: {} } }),
];

/** A project with a snapshot and a configuration. */
function project(files: Readonly<Record<string, string>> = {}): Project {
  return createProject({
    "toolbind.config.json": "{}",
    "specs/composio/acme.json": JSON.stringify({ items: TOOLS }),
    ...files,
  });
}

interface Generated {
  readonly written: readonly string[];
  readonly upToDate: boolean;
  readonly tools: number;
  readonly diagnostics: readonly { readonly severity: string; readonly code: string }[];
}

describe("generate", () => {
  it("places a name that cannot be given in the configuration's file", async () => {
    const names = { ACME_PING: "default" };
    const { folder, write } = project({ "toolbind.config.json": JSON.stringify({ toolkits: { acme: { names } } }) });
    const refused = await toolbind(["generate"], { cwd: folder });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(" at toolbind.config.json#/toolkits/acme/names/ACME_PING: expected an identifier");
    write("toolbind.config.json", JSON.stringify({ toolkits: { acme: { names: { ACME_PONG: "ping" } } } }));
    const { code, stderr } = await toolbind(["generate"], { cwd: folder });
    expect(code).toBe(0);
    expect(stderr).toContain(" at toolbind.config.json#/toolkits/acme/names/ACME_PONG. Fix: did you mean `ACME_PING`?");
  });

  it("writes nothing where no tool can be read, and keeps what was there", async () => {
    const { folder, write } = project();
    await toolbind(["generate", "--catalogue", "specs/composio", "--out", "out"], { cwd: folder });
    const before = readFileSync(join(folder, "out/acme/index.ts"), "utf8");
    write("specs/composio/acme.json", JSON.stringify({ tools: [{ name: "ping", inputSchema: { type: "object" } }] }));
    const broken = await toolbind(["generate", "--catalogue", "specs/composio", "--out", "out"], { cwd: folder });
    expect(broken).toMatchObject({ code: 1, stdout: "" });
    expect(broken.stderr).toMatch(/^error TB\d+: .*\n[^]*Nothing was written: 1 error, and no tool is left\.\n$/);
    expect(readFileSync(join(folder, "out/acme/index.ts"), "utf8")).toBe(before);
  });

  it("generates, then finds nothing to do; --check exits 3 for a difference and touches nothing", async () => {
    const { folder, write } = project();
    const first = await toolbind(["generate"], { cwd: folder });
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toMatch(/^Generated 3 tools of 1 toolkit into generated \(\d+ files written\)\n$/);

    const second = await toolbind(["generate-types"], { cwd: folder });
    expect(second).toEqual({ code: 0, stderr: "", stdout: "Up to date: 3 tools of 1 toolkit in generated\n" });
    expect(await toolbind(["generate", "--check", "--quiet"], { cwd: folder })).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });

    write("generated/slugs.ts", "// changed\n");
    const check = await toolbind(["generate", "--check"], { cwd: folder });
    expect(check.code).toBe(3);
    expect(check.stdout).toBe(
      "Not up to date: generated\n  would be written: slugs.ts\nFix: run `toolbind generate` and commit the result.\n",
    );
    expect(readFileSync(join(folder, "generated/slugs.ts"), "utf8")).toBe("// changed\n");
    const json = await toolbind(["generate", "--check", "--json"], { cwd: folder });
    expect(json.code).toBe(3);
    expect(JSON.parse(json.stdout)).toMatchObject({ written: ["slugs.ts"], upToDate: false, outDir: "generated" });
  });

  it("--catalogue writes --out and nothing else", async () => {
    const { folder } = createProject({ "tools.json": JSON.stringify(TOOLS) });
    const before = readdirSync(folder);
    const { code, stdout } = await toolbind(
      [
        "generate",
        "--catalogue",
        "tools.json",
        "--out",
        "src/out",
        "--emit",
        "js",
        "--only",
        "*_PING",
        "--only",
        "*_DELETE_*",
        "--json",
      ],
      { cwd: folder },
    );
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Generated).tools).toBe(2);
    expect(readdirSync(folder).sort()).toEqual([...before, "src"].sort());
    expect(existsSync(join(folder, "src/out/acme/index.js"))).toBe(true);
  });

  it("--strict exits 1 when a tool had to be left out, and says which", async () => {
    const tools = [...TOOLS, { slug: "not a slug" }];
    const { folder } = createProject({ "tools.json": JSON.stringify(tools) });
    const args = ["generate", "--catalogue", "tools.json", "--out", "out"];
    const strict = await toolbind([...args, "--strict"], { cwd: folder });
    expect(strict.code).toBe(1);
    expect(strict.stderr).toMatch(/^error TB2004: Tool left out \(1\)\n {2}.*tools\.json#\/3.*\n1 error, 0 warnings\n/);
    expect(existsSync(join(folder, "out"))).toBe(false);
    const lenient = await toolbind(args, { cwd: folder });
    expect(lenient.code).toBe(0);
    expect(lenient.stderr).toContain("TB2004");
    expect(lenient.stdout).toContain("Generated 3 tools");
  });

  it("counts what is missing as the user's, not as ours", async () => {
    const { folder } = createProject({});
    const missing = await toolbind(["generate", "--catalogue", "none.json", "--out", "out"], { cwd: folder });
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/^error TB2001: /);
    for (const flags of [
      ["--openapi", "none.yaml", "--name", "acme"],
      ["--app", "none.yaml"],
    ]) {
      const app = await toolbind(["generate", ...flags, "--out", "out"], { cwd: folder });
      expect(app.stderr).toMatch(/^error TB2001: Description cannot be read.*none\.yaml/);
    }
    const url = await toolbind(["generate", "--openapi", "http://localhost:1/api.json", "--out", "out"], {
      cwd: folder,
    });
    expect(url.stderr).toMatch(/^error TB2001: .*localhost:1\/api\.json.*Fix: nothing is fetched; save it as a file/);
    const unpulled = createProject({ "toolbind.config.json": "{}" });
    const empty = await toolbind(["generate"], { cwd: unpulled.folder });
    expect(empty.stderr).toMatch(
      /^error TB2001: .*specs\/composio.*Fix: fetch toolkits with `toolbind pull`, or .*init/,
    );
    const nothing = await toolbind(["generate", "--only", "NONE_*"], { cwd: project().folder });
    expect(nothing.code).toBe(1);
    expect(nothing.stderr).toMatch(/^error TB1004: /);
  });
});

describe("a selection", () => {
  const selected = (toolkits: object): Project => project({ "toolbind.config.json": JSON.stringify({ toolkits }) });

  it.each([
    [
      { acm: true },
      "at toolbind.config.json#/toolkits/acm. Fix: did you mean `acme`? Otherwise fetch it with `toolbind pull acm`.",
    ],
    [{ Slack: true }, "at toolbind.config.json#/toolkits/Slack. Fix: fetch it with `toolbind pull slack`."],
  ])("of a toolkit that the snapshot does not have says how to get it: %j", async (toolkits, message) => {
    const { code, stderr } = await toolbind(["generate"], { cwd: selected(toolkits).folder });
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });

  it.each([
    [{ tags: ["DestructiveHint"] }, "did you mean `destructiveHint`? Otherwise `toolbind list acme` prints"],
    [{ tools: ["ACME_PIN"] }, "did you mean `ACME_PING`? Otherwise `toolbind list acme` prints"],
    [{ tools: ["acme_ping"], tags: ["other"] }, "correct the selection; `toolbind list acme` prints"],
  ])("of no tool at all says which name is misspelt: %j", async (acme, fix) => {
    const { code, stderr } = await toolbind(["generate"], { cwd: selected({ acme }).folder });
    expect(code).toBe(1);
    expect(stderr).toContain(`No tool of acme is selected at toolbind.config.json#/toolkits/acme. Fix: ${fix}`);
  });

  it("warns of what it names and no tool has, apart from globs that are to leave something out", async () => {
    const acme = {
      tools: ["ACME_*", "acme_create_an_issue", "ACME_PIN", "ACME_LIST_*"],
      exclude: ["ACME_DELETE_FILE", "*_REMOVE_*"],
      tags: ["destructive_hint", "destructiveHint"],
    };
    const { code, stderr } = await toolbind(["generate"], { cwd: selected({ acme }).folder });
    expect(code).toBe(0);
    expect(stderr.split("\n").filter((line) => line.startsWith("  "))).toEqual(
      [
        ["ACME_LIST_*", "tools", "correct it, or remove it."],
        ["ACME_PIN", "tools", "did you mean `ACME_PING`?"],
        ["ACME_DELETE_FILE", "exclude", "did you mean `ACME_DELETE_A_FILE`?"],
        ["destructive_hint", "tags", "did you mean `destructiveHint`?"],
      ].map(
        ([text = "", key = "", fix = ""]) =>
          `  ${JSON.stringify(text)} matches no tool of acme at toolbind.config.json#/toolkits/acme/${key}. Fix: ${fix}`,
      ),
    );
  });
});

describe("list, search and show", () => {
  it("list names toolkits, and the tools of one", async () => {
    const { folder } = project();
    const all = await toolbind(["list"], { cwd: folder });
    expect(all.code).toBe(0);
    expect(all.stdout).toMatch(/^TOOLKIT +TOOLS +VERSION +DESCRIPTION\nacme +3 +20250906_01 +acme\n$/);
    expect(all.stderr).toContain("3 tools of 1 toolkit");

    const one = await toolbind(["list", "acme", "--json"], { cwd: folder });
    expect(JSON.parse(one.stdout)).toMatchObject({
      toolkit: { slug: "acme", version: "20250906_01" },
      tools: [
        { slug: "ACME_CREATE_AN_ISSUE", function: "acme.createIssue", scopes: ["repo"] },
        { function: "acme.deleteFile" },
        { function: "acme.ping", noAuth: true },
      ],
    });
    const unknown = await toolbind(["list", "acmee"], { cwd: folder });
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain("There is no toolkit `acmee` among the 1 selected. Fix: did you mean `acme`?");
  });

  it("lets no escape sequence of a description through", async () => {
    const { folder } = project();
    for (const args of [
      ["list", "acme"],
      ["show", "acme.deleteFile"],
      ["search", "file"],
      ["search", "file", "--json"],
      ["list", "acme", "--json"],
    ]) {
      const { code, stdout, stderr } = await toolbind(args, { cwd: folder });
      expect(code).toBe(0);
      expect(stdout).toContain("file");
      expect(stdout + stderr, args.join(" ")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  it("keeps the selection and the names of the configuration", async () => {
    const config = { toolkits: { acme: { exclude: ["*_PING"], names: { ACME_CREATE_AN_ISSUE: "open" } } } };
    const { folder } = project({ "toolbind.config.json": JSON.stringify(config) });
    const { stdout } = await toolbind(["list", "acme", "--json"], { cwd: folder });
    const { tools } = JSON.parse(stdout) as { tools: { function: string }[] };
    expect(tools.map((each) => each.function)).toEqual(["acme.open", "acme.deleteFile"]);
  });

  it("search finds by words, parts of words and misspelt ones", async () => {
    const { folder } = createProject({ "tools.json": JSON.stringify(TOOLS) });
    const found = async (...words: string[]): Promise<unknown[]> => {
      const { stdout } = await toolbind(["search", ...words, "--catalogue", "tools.json", "--json"], { cwd: folder });
      return (JSON.parse(stdout) as { results: { slug: string }[] }).results.map(({ slug }) => slug);
    };
    expect((await found("create", "issue"))[0]).toBe("ACME_CREATE_AN_ISSUE");
    expect((await found("remov file"))[0]).toBe("ACME_DELETE_A_FILE");
    expect((await found("delite"))[0]).toBe("ACME_DELETE_A_FILE");
    expect(await found("zzzzzz")).toEqual([]);
    const nothing = await toolbind(["search", "zzzzzz", "--catalogue", "tools.json"], { cwd: folder });
    expect(nothing).toEqual({ code: 0, stdout: "", stderr: "No tool matches `zzzzzz`.\n" });
  });

  it.each([["show"], ["call", "--dry-run", "--user", "a"]])(
    "%s refuses a tool whose schema is malformed",
    async (...args) => {
      const input_parameters = { type: "object", properties: { n: { type: "any" } } };
      const { folder } = project({
        "specs/composio/acme.json": JSON.stringify([tool("ACME_ODD", { input_parameters })]),
      });
      const { code, stdout, stderr } = await toolbind([...args, "ACME_ODD"], { cwd: folder });
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toContain(
        "error TB3001: ACME_ODD cannot be used at specs/composio/acme.json#/0/input_parameters/properties/n/type: expected the name of a JSON type",
      );
    },
  );

  it("show prints facts, types and a call to copy", async () => {
    const { folder } = project();
    const { code, stdout } = await toolbind(["show", "acme_create_an_issue"], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^acme\.createIssue\n\nOpens an issue\.\n/);
    expect(stdout).toMatch(/^version +20250906_01$/m);
    expect(stdout).toMatch(/^scopes +repo$/m);
    expect(stdout).toContain("owner: string;");
    expect(stdout).toContain(
      'import * as acme from "./generated/acme/index.js";\n\nconst result = await acme.createIssue({ owner: "it\'s" });\n',
    );
    const unknown = await toolbind(["show", "ACME_CREATE_ISSUE"], { cwd: folder });
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain("did you mean `ACME_CREATE_AN_ISSUE`?");
    const described = await toolbind(["show", "make_issue_now"], { cwd: folder });
    expect(described.stderr).toContain("did you mean `ACME_CREATE_AN_ISSUE`?");
  });

  it.each([
    ["no type", { type: 5 }, "TB3001", "input_parameters/properties/x/type"],
    ["a reference that leads nowhere", { $ref: "#/a%zz" }, "TB3002", "input_parameters/properties/x/$ref"],
  ])("show says where a schema is wrong that has %s", async (_, x, errorCode, place) => {
    const broken = tool("ACME_BROKEN", { input_parameters: { type: "object", required: ["x"], properties: { x } } });
    const { folder } = createProject({ "tools.json": JSON.stringify([broken]) });
    const { code, stderr } = await toolbind(["show", "ACME_BROKEN", "--catalogue", "tools.json"], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(errorCode) as string });
    expect(stderr).toContain(`at tools.json#/0/${place}: expected`);
    expect(stderr).toContain("Fix: ");
  });

  it("survives a reader that leaves early", async () => {
    const tools = Array.from({ length: 3000 }, (_, index) => tool(`ACME_TOOL_${index}`));
    const { folder } = createProject({ "tools.json": JSON.stringify(tools) });
    const { code, stderr } = await toolbind(["list", "acme", "--catalogue", "tools.json", "--json"], {
      cwd: folder,
      closeEarly: true,
    });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).not.toContain("EPIPE");
  });
});

describe("call", () => {
  const ARGS = JSON.stringify({ owner: `it's $HOME \`x\` "q" \\ \n !${ESCAPE}`, extra: "ü" });

  it("--dry-run prints the exact request as curl that a shell takes, and no key", async () => {
    const { folder, write } = project();
    const args = [
      "call",
      "ACME_CREATE_AN_ISSUE",
      "--args",
      ARGS,
      "--account",
      "ca_'1",
      "--tool-version",
      "20250101_00",
      "--dry-run",
    ];
    const { code, stdout, stderr } = await toolbind(args, { cwd: folder, env: { COMPOSIO_API_KEY: "sekret" } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).not.toContain("sekret");
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);

    const bin = join(folder, "bin");
    write("bin/curl", `#!/usr/bin/env node\nprocess.stdout.write(JSON.stringify(process.argv.slice(2)));\n`);
    chmodSync(join(bin, "curl"), 0o755);
    const shell = spawnSync("sh", ["-c", stdout], {
      encoding: "utf8",
      env: { PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`, COMPOSIO_API_KEY: "sekret", HOME: "/home" },
    });
    const words = JSON.parse(shell.stdout) as string[];
    expect(words.slice(0, 3)).toEqual([
      "-X",
      "POST",
      "https://backend.composio.dev/api/v3.1/tools/execute/ACME_CREATE_AN_ISSUE",
    ]);
    expect(words).toContain("x-api-key: sekret");
    expect(JSON.parse(words.at(-1) as string)).toEqual({
      connected_account_id: "ca_'1",
      version: "20250101_00",
      arguments: JSON.parse(ARGS),
    });
  });

  it("calls with the pin, and prints the data", async () => {
    let received: { url: string | undefined; key: unknown; body: unknown } | undefined;
    const server = createServer((request, response) => {
      void readBody(request).then((body) => {
        received = { url: request.url, key: request.headers["x-api-key"], body: JSON.parse(body) };
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ data: { id: `7${ESCAPE}` }, successful: true, error: null, log_id: "log_1" }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const env = {
      COMPOSIO_API_KEY: "sekret",
      COMPOSIO_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    };
    const { folder } = project({ "args.json": ARGS });
    const run = await toolbind(["call", "acme.createIssue", "--args", "@args.json", "--user", "alice"], {
      cwd: folder,
      env,
    });
    expect(run).toMatchObject({ code: 0, stderr: "log log_1\n" });
    expect(JSON.parse(run.stdout)).toEqual({ id: `7${ESCAPE}` });
    expect(run.stdout).not.toContain("\u001b");
    expect(received).toEqual({
      url: "/api/v3.1/tools/execute/ACME_CREATE_AN_ISSUE",
      key: "sekret",
      body: { user_id: "alice", version: "20250906_01", arguments: JSON.parse(ARGS) },
    });
    const piped = await toolbind(["call", "ACME_PING", "--args", "-", "--quiet"], { cwd: folder, env, stdin: "{}" });
    expect(piped).toMatchObject({ code: 0, stderr: "" });
  });

  it.each<[string[], string]>([
    [
      ["ACME_PING", "--args", "{"],
      "TB1007: The arguments are not valid JSON at --args:1:2: expected a key in double quotes or `}`.",
    ],
    [
      ["ACME_PING", "--args", "[]"],
      "TB1007: The arguments cannot be used at --args: expected a JSON object, received an array.",
    ],
    [["ACME_PING", "--args", "@none.json"], "TB1007: The arguments cannot be read (ENOENT"],
    [
      ["ACME_CREATE_AN_ISSUE", "--user", "a"],
      "TB1007: The arguments of ACME_CREATE_AN_ISSUE are not valid: (root) must have required property 'owner'.",
    ],
    [
      ["ACME_CREATE_AN_ISSUE", "--args", '{"owner":"a"}'],
      "TB1007: ACME_CREATE_AN_ISSUE acts on a connected account, but none is named.",
    ],
    [["ACME_PING"], "TB5002: "],
    [["ACME_PONG"], "TB1004: There is no tool `ACME_PONG`"],
    [["ACME_PING", "--tool-version", "latest", "--dry-run"], "TB5004: "],
    [
      ["ACME_CREATE_AN_ISSUE", "--user", "a", "--args", '{"ownr":"a","count":1}'],
      `TB1007: The arguments of ACME_CREATE_AN_ISSUE are not valid: (root) must have required property 'owner' (rename "ownr"?).`,
    ],
  ])("%j exits 1", async (args, message) => {
    const { folder } = project();
    const { code, stdout, stderr } = await toolbind(["call", ...args], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`error ${message}`);
    expect(stderr).not.toContain("    at ");
  });
});

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const piece of request.setEncoding("utf8")) body += piece as string;
  return body;
}
