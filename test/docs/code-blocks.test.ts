import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emitSettings } from "../../generator/config/resolve.js";
import { generate } from "../../generator/run.js";
import { startPlatform, type Platform } from "../../testing/index.js";
import { STRICTEST, typeCheck } from "../support/compilers.js";
import { TestFolder } from "../support/generated.js";
import { type Block, placeOf, readBlocks, ROOT } from "./markdown.js";

/** Which a project of the reader's has too, as another file than the one here. */
const CONFIGURATIONS = /^(?:toolbind\.config\.\w+|tsconfig\.json|\.prettierignore)$/;

const isExcerpt = ({ info: [, word = ""] }: Block): boolean =>
  word !== "" && !CONFIGURATIONS.test(word) && existsSync(ROOT + word);
const all = readBlocks();
const blocks = all.filter(({ info: [language] }) => language === "ts");
const programs = blocks.filter((block) => !isExcerpt(block));
const runnable = programs.filter(({ info: [, word] }) => word === "run");

const folder = new TestFolder();
let platform: Platform;

/** Folder of the project with a custom app, for blocks that call one. */
const APP = "app";

/** Each block is a module of its own in a project that was generated into `generated`. */
const fileOf = (block: Block): string => {
  const file = `${placeOf(block).replace(/[^a-z0-9]+/gi, "-")}.ts`;
  return block.text.includes('"./generated/acme/') ? `${APP}/${file}` : file;
};

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
  await generateApp();
  folder.write("tsconfig.json", JSON.stringify({ compilerOptions }));
  for (const block of programs) folder.write(fileOf(block), block.text);
  platform = await startPlatform({ snapshot: `${ROOT}specs/composio` });
});

/** An app of which pages speak: called with a key, or with OAuth 2.0. */
async function generateApp(): Promise<void> {
  const order = { type: "object", required: ["total"], properties: { total: { type: "number" } } };
  const flow = { authorizationUrl: "https://acme.test/authorize", tokenUrl: "https://acme.test/token", scopes: {} };
  const description = {
    openapi: "3.1.0",
    info: { title: "Acme", version: "1" },
    servers: [{ url: "https://api.acme.test" }],
    security: [{ key: [] }, { oauth2: [] }],
    paths: {
      "/orders/{order_id}": {
        get: {
          operationId: "getOrder",
          parameters: [{ name: "order_id", in: "path", required: true, schema: { type: "string" } }],
          responses: { 200: { description: "One", content: { "application/json": { schema: order } } } },
        },
      },
    },
    components: {
      securitySchemes: {
        key: { type: "apiKey", in: "header", name: "x-key" },
        oauth2: { type: "oauth2", flows: { authorizationCode: flow } },
      },
    },
  };
  mkdirSync(join(folder.path, APP));
  const path = folder.write("acme.json", JSON.stringify(description));
  const out = join(folder.path, APP, "generated");
  const settings = emitSettings({});
  await generate({ source: { kind: "app", path, slug: "acme", out, settings, schemaMap: {} } });
}

afterAll(async () => {
  await platform.close();
  folder.remove();
});

test("every ts block compiles", async () => {
  const errors = await typeCheck(folder, "TypeScript 7", programs.map(fileOf), compilerOptions);
  const own = errors.filter(({ file }) => /^(?:app\/)?(?:README|docs|CONTRIBUTING)/.test(file));
  expect(own).toEqual([]);
  expect(programs.length).toBeGreaterThan(10);
});

test("every block of JavaScript is TypeScript, or a file that the package is tested with", () => {
  const known = [
    "eslint.config.js",
    "webpack.config.js",
    "jest.config.mjs",
    "jest.config.cjs",
    "jest.start.mjs",
    "jest.stop.mjs",
  ];
  const others = all.filter(({ info: [language, file = ""] }) => language === "js" && !known.includes(file));
  expect(others.map(placeOf)).toEqual([]);
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
