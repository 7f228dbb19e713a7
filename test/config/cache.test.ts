import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { fingerprint } from "../../generator/config/cache.js";
import { evaluateConfig } from "../../generator/config/evaluate.js";
import { relativeImports } from "../../generator/config/inputs.js";
import { loadConfig } from "../../generator/config/load.js";
import { createProject, type Project } from "./project.js";

vi.mock("../../generator/config/evaluate.js", { spy: true });

const NAME = "toolbind.config.ts";

async function output({ folder }: Project): Promise<unknown> {
  return (await loadConfig(folder))?.config.output;
}

/** How often the configuration was run. */
function runs({ folder }: Project): number {
  return vi.mocked(evaluateConfig).mock.calls.filter(([file]) => file.startsWith(folder)).length;
}

function cacheFiles(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}

const cacheOf = ({ folder }: Project): string => join(folder, "node_modules/.cache/toolbind");

describe("a configuration that did not change", () => {
  it("is run once", async () => {
    const project = createProject({
      [NAME]: `import { defineConfig } from "toolbind";\nimport { output } from "./lib/a.js";\nexport default defineConfig({ output });`,
      "lib/a.ts": `export { output } from "../b";`,
      "b.mts": "",
      "b.ts": `import data from "./data.json" with { type: "json" };\nexport const output: string = data.output;`,
      "data.json": `{"output":"one"}`,
    });
    expect(await output(project)).toBe("one");
    expect(await output(project)).toBe("one");
    expect(runs(project)).toBe(1);
    const files = cacheFiles(cacheOf(project));
    expect(files).toHaveLength(1);
    expect(JSON.parse(readFileSync(files[0] as string, "utf8").split("\n")[1] as string)).toMatchObject({
      config: { output: "one" },
    });
  });

  it("is run again when what it imports changes, however far away", async () => {
    const project = createProject({
      [NAME]: `import { output } from "./lib/a.js";\nexport default { output };`,
      "lib/a.ts": `export { output } from "../b";`,
      "b.ts": `import data from "./data.json" with { type: "json" };\nexport const output: string = data.output;`,
      "data.json": `{"output":"one"}`,
    });
    expect(await output(project)).toBe("one");
    project.write("data.json", `{"output":"two"}`);
    expect(await output(project)).toBe("two");
    project.write("b.ts", `export const output: string = "three";`);
    expect(await output(project)).toBe("three");
    project.write(NAME, `export default { output: "four" };`);
    expect(await output(project)).toBe("four");
    project.write(NAME, `export default { output: 5 };`);
    await expect(output(project)).rejects.toThrow("expected a string, received 5");
  });

  it("is run again when a file appears that the import may mean", async () => {
    const project = createProject({
      [NAME]: `import { output } from "./a.js";\nexport default { output };`,
      "a.js": `export const output = "js";`,
    });
    const file = join(project.folder, NAME);
    expect(await output(project)).toBe("js");
    const before = fingerprint(file);
    project.write("a.ts", `export const output: string = "ts";`);
    expect(fingerprint(file)).not.toBe(before);
    expect(await output(project)).toBe("ts");
  });

  it("is not parsed again in JSON and YAML", async () => {
    const project = createProject({ "toolbind.config.yaml": "output: one\n" });
    expect(await output(project)).toBe("one");
    expect(cacheFiles(cacheOf(project))).toHaveLength(1);
    project.write("toolbind.config.yaml", "output: two\n");
    expect(await output(project)).toBe("two");
    expect(cacheFiles(cacheOf(project))).toHaveLength(1);
  });
});

describe("what may depend on more than files", () => {
  it("follows the environment", async () => {
    const project = createProject({ [NAME]: `export default { output: process.env.TOOLBIND_TEST_OUTPUT };` });
    vi.stubEnv("TOOLBIND_TEST_OUTPUT", "one");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await output(project)).toBe("one");
    vi.stubEnv("TOOLBIND_TEST_OUTPUT", "two");
    expect(await output(project)).toBe("two");
  });

  it("follows the environment through an import", () => {
    const { folder } = createProject({
      [NAME]: `import { output } from "./a.js";\nexport default { output };`,
      "a.ts": `export const output = import.meta.env?.X;`,
    });
    expect(fingerprint(join(folder, NAME))).toBeNull();
  });

  it.each([
    `export default { output: process.env.X };`,
    `export default { output: import.meta.env.X };`,
    `export default { output: (await import("./x.js")).x };`,
    `const x = require("./x");`,
    `import fs = require("fs");`,
    `import { readFileSync } from "node:fs";`,
    `import { x } from "some-package";`,
    `import { x } from "#x";`,
    `import { x } from "/x.js";`,
    `import { x } from "./x.js?raw";`,
    `export * from "fs";`,
    `const x = globalThis["pro" + "cess"];`,
    `const x = \\u0070rocess.env.X;`,
    "const x = `${process.env.X}`;",
    `const x = Date.now();`,
    `const x = Math.random();`,
    `const x = [].constructor.constructor("return 1")();`,
    `const x = a / b;`,
    `const x = /"/; process.env.X; /"/;`,
    `const x = __dirname;`,
  ])("is never cached: %s", (text) => {
    expect(relativeImports(text)).toBeNull();
  });

  it.each<[string, string[]]>([
    [`import { defineConfig } from "toolbind"; export default {};`, []],
    [
      `import a, { b } from "./a.js"; import * as c from '../c'; import "./d.ts"; export * from "./e"; export { f } from "./f";`,
      ["./a.js", "../c", "./d.ts", "./e", "./f"],
    ],
    [`import/* x */{a}from/**/"./a"`, ["./a"]],
    [`// process.env\n/* require("x") */ export default { output: "process.env", from: "./x" };`, []],
    ["export default { output: `plain` };", []],
  ])("%s may be", (text, imports) => {
    expect(relativeImports(text)).toEqual(imports);
  });
});

describe("the cache's files", () => {
  const project = (): Project => createProject({ [NAME]: `export default { output: "one" };` });

  function tamper(file: string, change: (entry: { config: { output: string } }) => void, sign: boolean): void {
    const [digest = "", text = ""] = readFileSync(file, "utf8").split("\n");
    const entry = JSON.parse(text) as { config: { output: string } };
    change(entry);
    const changed = JSON.stringify(entry);
    writeFileSync(file, `${sign ? createHash("sha256").update(changed).digest("hex") : digest}\n${changed}`);
  }

  it("are what a second run reads", async () => {
    const own = project();
    await output(own);
    tamper(cacheFiles(cacheOf(own))[0] as string, (entry) => (entry.config.output = "planted"), true);
    expect(await output(own)).toBe("planted");
  });

  it("count for nothing when they are damaged", async () => {
    const own = project();
    await output(own);
    const file = cacheFiles(cacheOf(own))[0] as string;
    tamper(file, (entry) => (entry.config.output = "damaged"), false);
    expect(await output(own)).toBe("one");
    for (const text of ["", "{", "null", "\n", "x\nnull"]) {
      writeFileSync(file, text);
      expect(await output(own)).toBe("one");
    }
  });

  it("lie in a private temporary folder where there is no node_modules", async () => {
    const own = project();
    rmSync(join(own.folder, "node_modules"), { recursive: true });
    const temporary = join(own.folder, "tmp");
    mkdirSync(temporary);
    vi.stubEnv("TMPDIR", temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await output(own)).toBe("one");
    const [folder] = cacheFiles(temporary);
    expect(statSync(folder as string).mode & 0o777).toBe(0o700);
    expect(cacheFiles(folder as string)).toHaveLength(1);

    tamper(cacheFiles(folder as string)[0] as string, (entry) => (entry.config.output = "planted"), true);
    expect(await output(own)).toBe("planted");
    chmodSync(folder as string, 0o777);
    expect(await output(own), "a folder that others may write to").toBe("one");
  });
});
