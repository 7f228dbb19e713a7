import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../generator/catalogue/canonical.js";
import type { TestFolder } from "../support/generated.js";
import {
  createFolder,
  generateFrom,
  generateOf,
  generateProject,
  put,
  snapshot,
  tool,
  tree,
} from "../support/project.js";

const BOTH = [tool("GITHUB_GET_USER"), tool("SLACK_SEND")];
const ONE = [tool("GITHUB_GET_USER")];

function output(folder: TestFolder): Record<string, string> {
  return tree(join(folder.path, "out"));
}

describe("an output folder", () => {
  it("holds what its manifest lists, and nothing else", async () => {
    const folder = createFolder();
    const result = await generateOf(folder, BOTH, { settings: { runtime: "copy" } });
    const files = output(folder);
    const manifest = JSON.parse(files["toolbind.manifest.json"] ?? "") as { files: Record<string, string> };
    delete files["toolbind.manifest.json"];
    expect(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, sha256(text)]))).toEqual(
      manifest.files,
    );
    expect(result.files).toBe(Object.keys(files).length);
    expect([...result.written].sort()).toEqual([...Object.keys(files), "toolbind.manifest.json"].sort());
    expect(Object.values(files).some((text) => text.includes("\r"))).toBe(false);
  });

  it("loses stale files with their folders, and keeps what is not toolbind's", async () => {
    const folder = createFolder();
    await generateOf(folder, BOTH);
    put(folder, "out/github/notes.md", "mine");
    const without = output(folder);
    const result = await generateOf(folder, [tool("NOTION_GET")]);
    const files = output(folder);
    expect([...result.removed].sort()).toEqual([
      "github/index.ts",
      "github/schemas.ts",
      "slack/index.ts",
      "slack/schemas.ts",
    ]);
    expect(Object.keys(files).filter((path) => /^(?:github|slack)/.test(path))).toEqual(["github/notes.md"]);
    expect(files["github/notes.md"]).toBe("mine");
    await generateOf(folder, BOTH);
    expect(output(folder)).toEqual(without);
  });

  it("keeps a stale file that a user changed, and later leaves it alone", async () => {
    const folder = createFolder();
    await generateOf(folder, BOTH);
    put(folder, "out/slack/index.ts", "changed");
    const { removed, diagnostics } = await generateOf(folder, ONE);
    expect(removed).toEqual(["slack/schemas.ts"]);
    expect(diagnostics).toMatchObject([
      {
        code: "TB4005",
        severity: "warning",
        message: expect.stringContaining("out/slack/index.ts. Fix: delete it") as string,
      },
    ]);
    expect(output(folder)["slack/index.ts"]).toBe("changed");
    expect(await generateOf(folder, ONE)).toMatchObject({ upToDate: true, diagnostics: [] });
    await expect(generateOf(folder, BOTH)).rejects.toMatchObject({ code: "TB4002" });
    expect(output(folder)["slack/index.ts"]).toBe("changed");
  });

  it("gets its changed files back, and unchanged ones are not written again", async () => {
    const folder = createFolder();
    await generateOf(folder, BOTH);
    const before = output(folder);
    const stamp = new Date("2001-02-03");
    for (const path of Object.keys(before)) utimesSync(join(folder.path, "out", path), stamp, stamp);
    const facts = (path: string): unknown => {
      const { ino, mtimeMs } = statSync(join(folder.path, "out", path));
      return { ino, mtimeMs };
    };
    const unchanged = Object.keys(before).map((path) => [path, facts(path)]);
    expect(await generateOf(folder, BOTH)).toMatchObject({
      upToDate: true,
      written: [],
      removed: [],
      unchanged: Object.keys(before).length - 1,
    });
    expect(Object.keys(before).map((path) => [path, facts(path)])).toEqual(unchanged);

    put(folder, "out/slack/index.ts", "changed");
    rmSync(join(folder.path, "out/slugs.ts"));
    const result = await generateOf(folder, BOTH);
    expect([...result.written].sort()).toEqual(["slack/index.ts", "slugs.ts"]);
    expect(output(folder)).toEqual(before);
    const rest = unchanged.filter(([path]) => path !== "slack/index.ts" && path !== "slugs.ts");
    expect(rest.map(([path]) => [path, facts(path as string)])).toEqual(rest);
  });

  it.each([
    ["a file of the same name", "out/github/index.ts", "mine"],
    ["a folder where a file must go", "out/github/index.ts/mine.txt", "mine"],
    ["a file where a folder must go", "out/github", "mine"],
    ["a manifest that is none", "out/toolbind.manifest.json", '{"mine": true}'],
  ])("is refused before anything is written where it holds %s", async (_, path, content) => {
    const folder = createFolder();
    put(folder, path, content);
    const before = output(folder);
    await expect(generateOf(folder, BOTH)).rejects.toMatchObject({
      code: "TB4002",
      message: expect.stringMatching(
        /^A file that toolbind did not write is in the way at .*out.*: expected nothing, or a file that toolbind wrote, received/,
      ),
    });
    expect(output(folder)).toEqual(before);
  });

  it("takes over a file that has the very text it would get", async () => {
    const folder = createFolder();
    await generateOf(folder, BOTH);
    unlinkSync(join(folder.path, "out/toolbind.manifest.json"));
    expect((await generateOf(folder, BOTH)).written).toEqual(["toolbind.manifest.json"]);
  });

  it("is not considered unchanged if only bytes that are not text differ", async () => {
    const folder = createFolder();
    const described = [tool("A_B", { description: "\ufffd" })];
    await generateOf(folder, described);
    const file = join(folder.path, "out/a/index.ts");
    const whole = readFileSync(file);
    writeFileSync(file, Buffer.from(whole.toString("latin1").replaceAll("\u00ef\u00bf\u00bd", "\u00ff"), "latin1"));
    expect((await generateOf(folder, described)).written).toEqual(["a/index.ts"]);
    expect(readFileSync(file).equals(whole)).toBe(true);
  });

  it("survives a merge that leaves its manifest in conflict", async () => {
    const folder = createFolder();
    await generateOf(folder, [tool("X_GET_A_USER"), tool("SLACK_SEND")]);
    const ours = output(folder)["toolbind.manifest.json"] ?? "";
    await generateOf(folder, [tool("X_GET_A_USER"), tool("NOTION_GET")]);
    const theirs = output(folder)["toolbind.manifest.json"] ?? "";
    put(folder, "out/toolbind.manifest.json", `<<<<<<< HEAD\n${ours}=======\n${theirs}>>>>>>> branch\n`);
    put(folder, "out/index.ts", "<<<<<<< HEAD\n=======\n>>>>>>> branch\n");
    const result = await generateOf(folder, [tool("X_GET_A_USER"), tool("X_GET_USER"), tool("SLACK_SEND")]);
    expect(result.removed).toEqual(["notion/index.ts", "notion/schemas.ts"]);
    expect(output(folder)["x/index.ts"]).toMatch(/export const getUser: [^;]*"X_GET_A_USER"/);
    expect((await generateOf(folder, [tool("X_GET_A_USER"), tool("X_GET_USER"), tool("SLACK_SEND")])).upToDate).toBe(
      true,
    );
  });

  it.each([
    ["names files outside", { files: { "../precious.txt": sha256("precious"), "/etc/hostname": sha256("x") } }],
    ["is of other types", { files: { a: 5 }, names: 7 }],
    ["has names that are none", { files: {}, names: { github: null, x: "y", z: { A_B: 3 } } }],
    ["is a list", []],
    ["is of a later version", { manifestVersion: 99, files: {} }],
    ["would set prototypes", JSON.parse('{"files": {"__proto__": "x"}, "names": {"__proto__": {"a": "b"}}}')],
  ])("does no harm where its manifest %s", async (_, manifest) => {
    const folder = createFolder();
    put(folder, "precious.txt", "precious");
    put(folder, "out/toolbind.manifest.json", { manifestVersion: 1, toolbind: "0", ...manifest });
    await generateOf(folder, ONE);
    expect(tree(folder.path)["precious.txt"]).toBe("precious");
    expect((await generateOf(folder, ONE)).upToDate).toBe(true);
  });
});

describe("where the output goes", () => {
  it.each([
    ["a file", "out", "a file"],
    ["inside a file", "out/below", "a path below a file"],
    ["deep inside a file", "out/below/further", "a path below a file"],
  ])("may not be %s", async (_, out, received) => {
    const folder = createFolder();
    put(folder, "out", "precious");
    await expect(generateOf(folder, ONE, { out })).rejects.toMatchObject({
      code: "TB4001",
      message: expect.stringContaining(`expected a folder, or nothing at that path, received ${received}. Fix`),
    });
    expect(tree(folder.path)["out"]).toBe("precious");
  });

  it("may not be a folder that is generated from, and is called as in the folder of the command", async () => {
    const folder = createFolder();
    put(folder, "specs/acme.json", ONE);
    put(folder, "templates/slugs.ts.hbs", "");
    put(folder, "specs/apps/pets/openapi.json", { openapi: "3.1.0", info: { title: "Pets", version: "1" }, paths: {} });
    for (const [output, input] of [
      ["specs", "snapshot"],
      ["specs/apps/pets", "custom app"],
      ["templates", "templates"],
    ] as const) {
      await expect(generateProject(folder, { output: `./${output}/`, templates: "templates" })).rejects.toThrow(
        `Output folder cannot be used at ${output}: expected a separate folder, received the folder of the ${input}. Fix`,
      );
    }
    expect(existsSync(join(folder.path, "specs/index.ts"))).toBe(false);
    put(folder, "src", "a file");
    await expect(generateProject(folder, { output: "src", templates: "templates" })).rejects.toThrow(
      "Output folder cannot be used at src: expected a folder, or nothing at that path",
    );
  });

  it("may not be a link to a file or to nothing", async () => {
    const folder = createFolder();
    put(folder, "precious.txt", "precious");
    symlinkSync("precious.txt", join(folder.path, "out"));
    await expect(generateOf(folder, ONE)).rejects.toMatchObject({
      code: "TB4001",
      message: expect.stringContaining("received a file. Fix"),
    });
    symlinkSync("nowhere", join(folder.path, "out2"));
    await expect(generateOf(folder, ONE, { out: "out2" })).rejects.toMatchObject({
      code: "TB4001",
      message: expect.stringContaining("received a link to nothing. Fix"),
    });
    expect(tree(folder.path)["precious.txt"]).toBe("precious");
  });

  it("may be a link to a folder, or lie below one", async () => {
    const folder = createFolder();
    mkdirSync(join(folder.path, "real"));
    symlinkSync("real", join(folder.path, "link"));
    await generateOf(folder, BOTH, { out: "link" });
    await generateOf(folder, BOTH, { out: "link/deep/er" });
    expect(lstatSync(join(folder.path, "link")).isSymbolicLink()).toBe(true);
    await generateOf(folder, BOTH, { out: "plain" });
    const plain = tree(join(folder.path, "plain"));
    expect(tree(join(folder.path, "real/deep/er"))).toEqual(plain);
    await generateOf(folder, ONE, { out: "link" });
    expect(Object.keys(tree(join(folder.path, "real")))).not.toContain("slack/index.ts");
  });

  it("may be a path that is long, odd or not there yet", async () => {
    const folder = createFolder();
    for (const out of ["ö ü/a b/$(x)/'\"", "x/".repeat(50), "-rf", "{{out}}"]) {
      await generateOf(folder, ONE, { out });
      expect(Object.keys(tree(join(folder.path, out)))).toContain("github/index.ts");
    }
    await expect(generateOf(folder, ONE, { out: "n".repeat(300) })).rejects.toMatchObject({ code: "TB4001" });
  });
});

describe("links inside the output", () => {
  it("to folders are not followed when files are written", async () => {
    const folder = createFolder();
    put(folder, "elsewhere/readme.md", "mine");
    mkdirSync(join(folder.path, "out"));
    symlinkSync("../elsewhere", join(folder.path, "out/github"));
    await expect(generateOf(folder, ONE)).rejects.toMatchObject({
      code: "TB4002",
      message: expect.stringContaining("received a link to another folder. Fix"),
    });
    expect(tree(join(folder.path, "elsewhere"))).toEqual({ "readme.md": "mine" });
  });

  it("to folders are not followed when files are rewritten or removed", async () => {
    const folder = createFolder();
    await generateOf(folder, BOTH);
    await generateOf(folder, BOTH, { out: "other" });
    rmSync(join(folder.path, "out/slack"), { recursive: true });
    symlinkSync("../other/slack", join(folder.path, "out/slack"));
    const other = tree(join(folder.path, "other"));
    await generateOf(folder, ONE);
    expect(tree(join(folder.path, "other"))).toEqual(other);
    expect(lstatSync(join(folder.path, "out/slack")).isSymbolicLink()).toBe(true);
    await expect(generateOf(folder, BOTH)).rejects.toMatchObject({ code: "TB4002" });
  });

  it("to files are left alone, even where they lead nowhere", async () => {
    for (const target of ["../precious.txt", "nowhere"]) {
      const folder = createFolder();
      put(folder, "precious.txt", "precious");
      mkdirSync(join(folder.path, "out"));
      symlinkSync(target, join(folder.path, "out/slugs.ts"));
      await expect(generateOf(folder, ONE)).rejects.toMatchObject({ code: "TB4002" });
      expect(lstatSync(join(folder.path, "out/slugs.ts")).isSymbolicLink()).toBe(true);
      expect(tree(folder.path)["precious.txt"]).toBe("precious");
    }
  });

  it("in place of a file of ours are replaced, and their targets are left alone", async () => {
    const folder = createFolder();
    await generateOf(folder, ONE);
    const before = output(folder);
    put(folder, "precious.txt", "precious");
    unlinkSync(join(folder.path, "out/slugs.ts"));
    symlinkSync("../precious.txt", join(folder.path, "out/slugs.ts"));
    await generateOf(folder, ONE);
    expect(output(folder)).toEqual(before);
    expect(tree(folder.path)["precious.txt"]).toBe("precious");
  });

  it("in place of the staging folder are not followed", async () => {
    const folder = createFolder();
    put(folder, "elsewhere/journal.json", { moves: [{ path: "x", before: null, after: "" }], removals: [] });
    put(folder, "elsewhere/new-0", "planted");
    mkdirSync(join(folder.path, "out"));
    symlinkSync("../elsewhere", join(folder.path, "out/.toolbind-staging"));
    await generateOf(folder, ONE);
    expect(Object.keys(tree(join(folder.path, "elsewhere")))).toEqual(["journal.json", "new-0"]);
    expect(Object.keys(output(folder)).filter((path) => path === "x" || path.startsWith(".toolbind"))).toEqual([]);
  });
});

describe("`check`", () => {
  it("says what would be written and removed, and touches nothing", async () => {
    const folder = createFolder();
    put(folder, "specs/github.json", snapshot("github", [tool("GITHUB_GET_USER")]));
    expect(await generateProject(folder, {}, { check: true })).toMatchObject({
      upToDate: false,
      written: expect.arrayContaining(["toolbind.lock.json", "github/index.ts"]),
    });
    expect(Object.keys(tree(folder.path)).filter((path) => /^out|lock/.test(path))).toEqual([]);
    await generateProject(folder);
    expect(await generateProject(folder, {}, { check: true })).toMatchObject({
      upToDate: true,
      written: [],
      removed: [],
    });
    put(folder, "specs/slack.json", snapshot("slack", [tool("SLACK_SEND")]));
    put(folder, "out/.toolbind-staging/new-0", "left over");
    put(folder, "out/github/index.ts", "changed");
    const before = tree(folder.path);
    const result = await generateProject(folder, {}, { check: true });
    expect(result).toMatchObject({ upToDate: false });
    expect(result.written).toEqual(expect.arrayContaining(["toolbind.lock.json", "slack/index.ts", "github/index.ts"]));
    expect(tree(folder.path)).toEqual(before);
  });
});

describe("what an earlier run left", () => {
  it("is dropped where the run had not got as far as its journal", async () => {
    const folder = createFolder();
    await generateOf(folder, ONE);
    const before = output(folder);
    put(folder, "out/.toolbind-staging/new-0", "half");
    put(folder, "out/.toolbind-staging/journal.json.part", '{"moves": [');
    expect((await generateOf(folder, ONE)).upToDate).toBe(true);
    expect(output(folder)).toEqual(before);
  });

  it.each([
    ["is not valid JSON", "half"],
    ["is of another form", "[]"],
    [
      "leads outside",
      JSON.stringify({
        moves: [{ path: "../precious.txt", before: sha256("precious"), after: sha256("x") }],
        removals: [],
      }),
    ],
    [
      "removes outside",
      JSON.stringify({ moves: [], removals: [{ path: "../precious.txt", before: sha256("precious") }] }),
    ],
    [
      "removes what has changed since",
      JSON.stringify({ moves: [], removals: [{ path: "mine.txt", before: sha256("other") }] }),
    ],
    [
      "overwrites what has changed since",
      JSON.stringify({ moves: [{ path: "mine.txt", before: null, after: sha256("x") }], removals: [] }),
    ],
  ])("does no harm where its journal %s", async (_, journal) => {
    const folder = createFolder();
    put(folder, "precious.txt", "precious");
    put(folder, "out/mine.txt", "mine");
    put(folder, "out/.toolbind-staging/new-0", "x");
    put(folder, "out/.toolbind-staging/journal.json", journal);
    await generateOf(folder, ONE).catch((error: unknown) => {
      expect(error).toMatchObject({ code: "TB4001", message: expect.stringContaining("delete that folder") });
    });
    expect(tree(folder.path)).toMatchObject({ "precious.txt": "precious", "out/mine.txt": "mine" });
  });

  it("does not hinder generating from the snapshot folder it lies in", async () => {
    const folder = createFolder();
    put(folder, "specs/github.json", snapshot("github", [tool("GITHUB_GET_USER")]));
    await generateFrom(folder, "specs");
    put(folder, "specs/toolbind.manifest.json", output(folder)["toolbind.manifest.json"]);
    await generateFrom(folder, "specs");
    expect((await generateFrom(folder, "specs")).upToDate).toBe(true);
  });
});
