import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createProject } from "../config/project.js";
import { insertInto } from "../../generator/text/insert-json.js";
import { toolbind } from "./run.js";

interface InitResult {
  readonly steps: readonly { readonly action: string; readonly path: string }[];
  readonly next: readonly string[];
}

describe("toolbind init", () => {
  it("sets a CommonJS project up, so that it generates, and lists what it wrote", async () => {
    const { folder } = createProject({ "package.json": '{\n\t"name": "x",\n\t"files": ["a", "b"]\n}\n' });
    const { code, stdout, stderr } = await toolbind(["init", "--yes"], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^written {2}toolbind\.config\.ts$/m);
    expect(stdout).toMatch(/^changed {2}package\.json: added the script `generate-types`$/m);
    expect(stdout).toMatch(/^written {2}generated\/package\.json: .*CommonJS/m);
    expect(stdout).toMatch(/^copied {3}specs\/composio \(\d+ files\): the starter toolkits/m);
    expect(stdout).toContain("Next:\n  npm install --save-dev toolbind\n  npm install zod\n  npm run generate-types\n");

    expect(readFileSync(join(folder, "package.json"), "utf8")).toBe(
      '{\n\t"name": "x",\n\t"files": ["a", "b"],\n\t"scripts": {\n\t\t"generate-types": "toolbind generate"\n\t}\n}\n',
    );
    expect(JSON.parse(readFileSync(join(folder, "generated/package.json"), "utf8"))).toEqual({ type: "module" });
    const copied = readdirSync(join(folder, "specs/composio"));
    expect(copied).toContain("github.json");
    expect(copied).not.toContain("openapi.json");

    const generated = await toolbind(["generate"], { cwd: folder });
    expect(generated.stderr).toBe("");
    expect(generated.code).toBe(0);
    expect(existsSync(join(folder, "generated/github/index.ts"))).toBe(true);
  });

  it("says for pnpm, which fails otherwise, that esbuild's script may run", async () => {
    const { folder } = createProject({ "package.json": "{}", "pnpm-lock.yaml": "" });
    const { stdout } = await toolbind(["init", "--json"], { cwd: folder });
    const add = "pnpm add --save-dev --allow-build=esbuild toolbind";
    expect((JSON.parse(stdout) as InitResult).next).toEqual([add, "pnpm add zod", "pnpm run generate-types"]);
  });

  it("takes the root of a workspace for where toolbind is listed, not for where zod is", async () => {
    const { folder } = createProject({
      "package.json": '{ "workspaces": ["packages/*"], "devDependencies": { "toolbind": "1", "zod": "4" } }',
      "package-lock.json": "{}",
      "packages/package.json": "{ broken",
      "packages/service/package.json": '{ "type": "module" }',
    });
    const { stdout } = await toolbind(["init", "--json"], { cwd: join(folder, "packages/service") });
    const { next } = JSON.parse(stdout) as InitResult;
    expect(next).toEqual(["npm install zod", "npm run generate-types"]);
  });

  it("overwrites nothing, and adds what is missing", async () => {
    const config = `export default { output: "src/out", snapshot: "data" };\n`;
    const { folder, write } = createProject({
      "toolbind.config.ts": config,
      "package.json":
        '{"scripts":{"generate-types":"mine"},"devDependencies":{"toolbind":"1"},"dependencies":{"zod":"4"}}',
      "pnpm-lock.yaml": "",
      "data/github.json": "[]",
    });
    const { stdout } = await toolbind(["init", "--json"], { cwd: folder });
    const first = JSON.parse(stdout) as InitResult;
    expect(first.steps.map(({ action, path }) => [action, path])).toEqual([
      ["kept", "toolbind.config.ts"],
      ["kept", "package.json"],
      ["written", "src/out/package.json"],
      ["kept", "data"],
    ]);
    expect(first.next).toEqual(["pnpm run generate-types"]);
    expect(readFileSync(join(folder, "toolbind.config.ts"), "utf8")).toBe(config);

    write("src/out/package.json", "{}");
    const again = await toolbind(["init", "--yes"], { cwd: folder });
    expect(again.stdout).toMatch(/^kept {5}src\/out\/package\.json$/m);
    expect(readFileSync(join(folder, "src/out/package.json"), "utf8")).toBe("{}");
  });

  it("is about the whole project in each of its folders", async () => {
    const { folder } = createProject({
      "toolbind.config.json": "{}",
      "package.json": '{"type":"module","devDependencies":{"toolbind":"1"},"dependencies":{"zod":"4"}}',
      "data/github.json": "[]",
      "src/deep/main.ts": "",
    });
    const { stdout } = await toolbind(["init", "--json", "--config", "none.ts"], { cwd: join(folder, "src/deep") });
    const { steps, next } = JSON.parse(stdout) as InitResult;
    expect(steps.map(({ action, path }) => [action, path])).toEqual([
      ["kept", "../../toolbind.config.json"],
      ["changed", "../../package.json"],
      ["copied", "../../specs/composio"],
    ]);
    expect(next).toEqual(["npm run generate-types"]);
    expect(readFileSync(join(folder, "package.json"), "utf8")).toContain('"generate-types": "toolbind generate"');
  });

  it("needs no package.json, and leaves a broken one alone", async () => {
    const { folder, write } = createProject({ "sub/x": "" });
    const sub = join(folder, "sub");
    const { stdout } = await toolbind(["init"], { cwd: sub });
    expect(stdout).toMatch(/^missing {2}package\.json: there is no package\.json/m);
    expect(stdout).toContain("npx toolbind generate");
    expect(existsSync(join(sub, "generated")), "an ES module project").toBe(false);

    write("broken/package.json", "{,}");
    const broken = await toolbind(["init"], { cwd: join(folder, "broken") });
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain("manifest does not parse");
    expect(readdirSync(join(folder, "broken"))).toEqual(["package.json"]);
  });

  it("writes the configuration that --config names, and a script that uses it", async () => {
    const { folder } = createProject({ "package.json": '{ "type": "module", "scripts": { "a": "b" } }' });
    await toolbind(["init", "--config", "conf/tools.mts"], { cwd: folder });
    expect(readFileSync(join(folder, "conf/tools.mts"), "utf8")).toContain("defineConfig");
    expect(readFileSync(join(folder, "package.json"), "utf8")).toBe(
      '{ "type": "module", "scripts": { "a": "b", "generate-types": "toolbind generate --config conf/tools.mts" } }',
    );
  });
});

describe("insertInto", () => {
  const insert = (text: string): string => insertInto(text, "scripts", "k", "v");

  it.each<[string, string]>([
    ["{}", '{ "scripts": { "k": "v" } }'],
    ["{\n}\n", '{\n  "scripts": {\n    "k": "v"\n  }\n}\n'],
    ['{"a":1}', '{"a":1, "scripts": { "k": "v" }}'],
    ['{\n    "a": 1\n}', '{\n    "a": 1,\n    "scripts": {\n        "k": "v"\n    }\n}'],
    [
      '{\r\n  "scripts": {\r\n    "a": "b"\r\n  }\r\n}\r\n',
      '{\r\n  "scripts": {\r\n    "a": "b",\r\n    "k": "v"\r\n  }\r\n}\r\n',
    ],
    [
      '{\n  "scripts": {},\n  "x": { "scripts": {} }\n}',
      '{\n  "scripts": {\n    "k": "v"\n  },\n  "x": { "scripts": {} }\n}',
    ],
    ['{\n  "scripts": { "a": "{}" },\n  "b": []\n}', '{\n  "scripts": { "a": "{}", "k": "v" },\n  "b": []\n}'],
  ])("%j", (before, after) => {
    expect(insert(before)).toBe(after);
    expect(JSON.parse(insert(before))).toMatchObject({ scripts: { k: "v" } });
  });
});
