import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { createProject } from "../config/project.js";
import { parse, toolbind } from "./run.js";

const COMMANDS = [
  "init",
  "pull",
  "outdated",
  "diff",
  "upgrade",
  "generate",
  "check",
  "list",
  "search",
  "show",
  "add",
  "connect",
  "call",
];

describe.concurrent("help", () => {
  it("names every command that exists, and no other", async () => {
    const { code, stdout, stderr } = await toolbind(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const listed = [...stdout.matchAll(/^ {2}([a-z]+)(?=[ |])/gm)].map(([, name]) => name);
    expect(listed).toEqual([...COMMANDS, "help"]);
    expect(stdout).toContain("generate|generate-types");
    expect(stdout).toContain("Example:");
  });

  it.each(COMMANDS)("%s --help has the options of every command and an example", async (name) => {
    const { code, stdout } = await toolbind([name, "--help"]);
    expect(code).toBe(0);
    for (const option of ["--config <file>", "--cwd <dir>", "--json", "--quiet", "--help"]) {
      expect(stdout).toContain(option);
    }
    expect(stdout).toMatch(new RegExp(`Examples?:\\n  \\$ toolbind ${name}`));
  });

  it("generate-types is generate", async () => {
    const { stdout } = await toolbind(["generate-types", "--help"]);
    expect(stdout).toContain("--check");
  });

  it("--version prints the version", async () => {
    expect(await toolbind(["--version"])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  });
});

describe.concurrent("wrong usage exits 2 with a message and nothing on stdout", () => {
  it.each<[string[], string]>([
    [[], "Usage: toolbind"],
    [["genrate"], "Did you mean generate?"],
    [["pul"], "Did you mean pull?"],
    [["pull", "--all", "github"], "--all and names of toolkits cannot be used together"],
    [["generate", "--chek"], "Did you mean --check?"],
    [["generate", "extra"], "too many arguments"],
    [["generate", "--frozen", "--update-lock"], "cannot be used with"],
    [["generate", "--catalogue", "x.json"], "--catalogue needs --out DIR"],
    [["generate", "--catalogue", "x.json", "--out", "y", "--frozen"], "--frozen needs a configuration"],
    [["generate", "--import-extension", ".js"], "--import-extension requires --catalogue"],
    [
      ["generate", "--formats", "assert"],
      "--formats requires --catalogue, --openapi or --app; without one, set `formats`",
    ],
    [
      ["generate", "--schema-map", "https://x.org=y"],
      "--schema-map requires --catalogue, --openapi or --app; without one, set `schemaMap`",
    ],
    [["generate", "--formats", "check"], "Allowed choices are annotate, assert"],
    [["generate", "--zod", "v3"], "Allowed choices are mini, classic"],
    [["generate", "--catalogue", "x", "--out", "y", "--schema-map", "nothing"], "It must be URL=DIR."],
    [["search"], "missing required argument 'words'"],
    [["search", "x", "--limit", "0"], "whole number above 0"],
    [["show"], "missing required argument 'slug'"],
    [["init", "--config", "x.json"], "end --config in .ts"],
  ])("%j", async (args, message) => {
    const { code, stdout, stderr } = await toolbind(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  it.each<[string[], string]>([
    [["generate", "--chek", "--json"], "unknown option '--chek'\n(Did you mean --check?)"],
    [["genrate", "--json"], "unknown command 'genrate'\n(Did you mean generate?)"],
    [["generate", "--catalogue", "x.json", "--json"], "--catalogue needs --out DIR, the folder to write"],
    [["--json"], "no command given"],
  ])("but JSON where that is asked for: %j", async (args, message) => {
    const { code, stdout } = await toolbind(args);
    expect({ code, printed: JSON.parse(stdout) as unknown }).toEqual({
      code: 2,
      printed: { error: { code: "usage", message } },
    });
  });
});

describe("mistakes exit 1 with a message and no stack", () => {
  it("without a configuration names init", async () => {
    const { folder } = createProject({});
    const { code, stdout, stderr } = await toolbind(["generate"], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe(
      `error TB1001: There is no configuration (\`toolbind.config.*\`) at ${folder}. ` +
        "Fix: run `toolbind init`, or name an input with `--catalogue FILE_OR_DIR`.\n",
    );
  });

  it("places a configuration's error, in the file that throws it", async () => {
    const { folder } = createProject({
      "toolbind.config.ts": `import { output } from "./lib/output.js";\nexport default { output };`,
      "lib/output.ts": `interface A {\n  a: string;\n}\nexport const output: string = "x";\nthrow new Error("bad luck");\n`,
    });
    const { code, stderr } = await toolbind(["generate"], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toBe("error TB1002: The configuration fails with `bad luck` at lib/output.ts:5:7.\n");
  });

  it.each([
    ["templates", {}, "The folder of templates cannot be read at templates."],
    ["templates", { "templates/verions.ts.hbs": "" }, "Fix: did you mean `versions.ts.hbs`?"],
  ])("%s that replace no template are refused: %j", async (templates, files, message) => {
    const { folder, write } = createProject({
      "toolbind.config.json": JSON.stringify({ snapshot: "tools.json" }),
      "tools.json": `[{ "slug": "ACME_ONE", "name": "one", "input_parameters": {}, "toolkit": { "slug": "acme" } }]`,
      ...files,
    });
    await toolbind(["generate"], { cwd: folder });
    write("toolbind.config.json", JSON.stringify({ templates, snapshot: "tools.json" }));
    const { code, stderr } = await toolbind(["generate"], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) as string });
    expect(stderr).toContain("TB4004");
  });

  it.runIf(process.platform !== "win32")("a template that cannot be read is named", async () => {
    const { folder } = createProject({
      "toolbind.config.json": JSON.stringify({ templates: "templates", snapshot: "tools.json" }),
      "tools.json": `[{ "slug": "ACME_ONE", "name": "one", "input_parameters": {}, "toolkit": { "slug": "acme" } }]`,
      "templates/slugs.ts.hbs": "",
    });
    rmSync(join(folder, "templates/slugs.ts.hbs"));
    symlinkSync("gone.hbs", join(folder, "templates/slugs.ts.hbs"));
    for (const refused of [await toolbind(["generate"], { cwd: folder }), await toolbind(["check"], { cwd: folder })]) {
      expect(refused).toMatchObject({ code: 1, stdout: "" });
      expect(refused.stderr).toContain(
        "error TB4004: Template cannot be read at templates/slugs.ts.hbs: expected a readable file, received ENOENT.",
      );
    }
  });

  it("what a configuration logs goes to stderr, and leaves the result on stdout alone", async () => {
    const { folder } = createProject({
      "toolbind.config.ts": `console.log("reading");\nexport default { snapshot: "tools.json" };\n`,
      "tools.json": `[{ "slug": "ACME_ONE", "name": "one", "input_parameters": {}, "toolkit": { "slug": "acme" } }]`,
    });
    const { code, stdout, stderr } = await toolbind(["list", "--json"], { cwd: folder });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^reading\n/);
    expect(parse(stdout)).toBeInstanceOf(Object);
  });

  it("--json prints it on stdout too", async () => {
    const { folder } = createProject({ "toolbind.config.json": `{\n  "outputs": "x"\n}` });
    const { code, stdout, stderr } = await toolbind(["generate", "--json"], { cwd: folder });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: "TB1003",
        message: "Unknown key `outputs` at toolbind.config.json:2:3. Fix: did you mean `output`?",
        what: "Unknown key `outputs`",
        at: { source: "toolbind.config.json", line: 2, column: 3 },
        fix: "did you mean `output`?",
      },
    });
    expect(stderr).not.toContain("    at ");
  });

  it("--cwd runs as if there, wherever it stands", async () => {
    const { folder } = createProject({ "a/toolbind.config.json": `{"zods":1}`, "a/package.json": "{}" });
    mkdirSync(join(folder, "b"));
    for (const args of [
      ["generate", "--cwd", "../a"],
      ["--cwd", "../a", "generate"],
    ]) {
      const { stderr } = await toolbind(args, { cwd: join(folder, "b") });
      expect(stderr).toContain("at toolbind.config.json:1:2");
    }
    const { code, stderr } = await toolbind(["generate", "--cwd", "none"], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "error TB1007: `--cwd` is not a folder at none.\n" });
  });
});

describe("a bug of ours", () => {
  it("exits 70 with the stack and how to report it, without what may be secret", async () => {
    const { folder } = createProject({ "bug.mjs": `process.chdir = () => { throw new TypeError("boom"); };` });
    const env = { NODE_OPTIONS: `--import=${pathToFileURL(join(folder, "bug.mjs")).href}` };
    const args = JSON.stringify({ body: "x".repeat(100), token: "sekret" });
    const { code, stdout, stderr } = await toolbind(["call", "X", "--args", args, "--json"], { cwd: folder, env });
    expect(code).toBe(70);
    expect(stderr).toMatch(/TypeError: boom\n {4}at /);
    expect(stderr).toMatch(/This is a bug in toolbind\. .*Please report it/);
    expect(stderr).toMatch(/toolbind \d+\.\d+\.\d+, Node\.js v\d+/);
    expect(stderr).not.toContain("sekret");
    expect(JSON.parse(stdout)).toEqual({ error: { code: "bug", message: "boom" } });
  });
});
