import { execFile } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPlatform, type Platform } from "../../testing/index.js";
import { STRICTEST, typeCheck } from "../support/compilers.js";
import { TestFolder } from "../support/generated.js";
import { type Block, placeOf, readBlocks, ROOT } from "./markdown.js";

const CONFIGURATIONS = /^toolbind\.config\.\w+$/;

const isExcerpt = ({ info: [, word = ""] }: Block): boolean =>
  word !== "" && !CONFIGURATIONS.test(word) && existsSync(ROOT + word);
const all = readBlocks();
const blocks = all.filter(({ info: [language] }) => language === "ts");
const programs = blocks.filter((block) => !isExcerpt(block));
const runnable = programs.filter(({ info: [, word] }) => word === "run");

const folder = new TestFolder();
let platform: Platform;

/** Each block is a module of its own in a project that was generated into `generated`. */
const fileOf = (block: Block): string => `${placeOf(block).replace(/[^a-z0-9]+/gi, "-")}.ts`;

const PACKAGES = { toolbind: "generator", "toolbind/testing": "testing", "toolbind/runtime": "runtime" };

const compilerOptions = {
  ...STRICTEST,
  isolatedDeclarations: false,
  declaration: false,
  noUnusedLocals: false,
  target: "es2022",
  lib: ["es2023"],
  types: ["node"],
  module: "nodenext",
  moduleDetection: "force",
  skipLibCheck: true,
  paths: Object.fromEntries(Object.entries(PACKAGES).map(([name, place]) => [name, [`${ROOT}${place}/index.ts`]])),
};

beforeAll(async () => {
  symlinkSync(`${ROOT}generated`, join(folder.path, "generated"));
  symlinkSync(`${ROOT}specs`, join(folder.path, "specs"));
  folder.write("tsconfig.json", JSON.stringify({ compilerOptions }));
  for (const block of programs) folder.write(fileOf(block), block.text);
  platform = await startPlatform({ snapshot: `${ROOT}specs/composio` });
});

afterAll(async () => {
  await platform.close();
  folder.remove();
});

test("every ts block compiles", async () => {
  const errors = await typeCheck(folder, "TypeScript 7", programs.map(fileOf), compilerOptions);
  const own = errors.filter(
    ({ file }) => file.startsWith("README") || file.startsWith("docs") || file.startsWith("CONTR"),
  );
  expect(own).toEqual([]);
  expect(programs.length).toBeGreaterThan(10);
});

test("every ts block says what it is", () => {
  const known = ({ info: [, word, ...more] }: Block): boolean =>
    more.length === 0 && (word === undefined || word === "run" || CONFIGURATIONS.test(word));
  expect(programs.filter((block) => !known(block)).map(placeOf)).toEqual([]);
});

describe("a block that can be run prints what the page says", () => {
  test.each(runnable.map((block) => [placeOf(block), block] as const))("%s", async (_, block) => {
    const { code, stdout, stderr } = await run(fileOf(block));
    expect(stderr).toBe("");
    if (block.output !== undefined) expect(stdout).toBe(block.output);
    expect(code).toBe(0);
  });
});

describe("an excerpt stands in its file", () => {
  test.each(all.filter(isExcerpt).map((block) => [placeOf(block), block] as const))("%s", (_, { info, text }) => {
    const file = readFileSync(ROOT + (info[1] as string), "utf8");
    for (const piece of text.split(/^\s*\/\/ …\n/m)) expect(file).toContain(piece);
  });
});

async function run(file: string): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const outfile = join(folder.path, file.replace(/ts$/, "mjs"));
  await build({
    entryPoints: [join(folder.path, file)],
    outfile,
    tsconfig: join(folder.path, "tsconfig.json"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "silent",
  });
  const { PATH = "" } = process.env;
  const env = {
    PATH,
    COMPOSIO_API_KEY: platform.apiKey,
    COMPOSIO_BASE_URL: platform.url,
    COMPOSIO_USER_ID: "user_123",
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [outfile], { cwd: folder.path, env }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
}
