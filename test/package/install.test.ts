import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test, type TestContext } from "vitest";
import { COMPILERS, type Compiler } from "../support/compilers.js";
import { createOddFolder, install, pack, run, sizeOf, succeed, type Packed } from "./packed.js";

const MAX_INSTALLED_BYTES = 55_000_000;
const require = createRequire(import.meta.url);
const TYPES = fileURLToPath(new URL("../../node_modules/@types", import.meta.url));
const TSC: Readonly<Record<Compiler, string>> = {
  "TypeScript 5.9": require.resolve("typescript/bin/tsc"),
  "TypeScript 7": join(dirname(require.resolve("typescript-7/package.json")), "bin/tsc"),
};

const PROGRAM = `
import { startPlatform } from "toolbind/testing";
import * as github from "./generated/github/index.js";
import { configure } from "./generated/index.js";

export async function main(): Promise<void> {
  const platform = await startPlatform({ snapshot: "specs/composio" });
  configure({ baseUrl: platform.url, apiKey: platform.apiKey, userId: "test" });
  const repository = await github.getRepository({ owner: "acme", repo: "site" });
  const name: string = repository.full_name;
  const refused = await github.createIssue.safe({ owner: "acme", repo: "site" } as github.CreateIssueInput);
  console.log(typeof name, platform.requests.length, refused.successful ? "" : refused.error.code);
  await platform.close();
}
void main();
`;
const PRINTED = "string 1 TB5010\n";
/** Calls that the types refuse. */
const MISTAKES = `
import * as github from "./generated/github/index.js";
// @ts-expect-error title is missing
void github.createIssue({ owner: "acme", repo: "site" });
// @ts-expect-error there is no such argument
void github.createIssue({ owner: "acme", repo: "site", title: "a", titel: "b" });
`;

const folder = createOddFolder();
/** An ES module project, and a monorepo with workspaces. */
const esm = join(folder, "esm");
const monorepo = join(folder, "monorepo");
let packed: Packed;
let isInstalled = false;

function project(path: string, manifest: object, compilerOptions: object): void {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "package.json"), JSON.stringify({ private: true, ...manifest }, null, 2));
  writeFileSync(join(path, "main.ts"), PROGRAM);
  writeFileSync(join(path, "mistakes.ts"), MISTAKES);
  const given = { target: "es2023", lib: ["es2023"], strict: true, types: ["node"], typeRoots: [TYPES] };
  const all = { ...given, skipLibCheck: false, rootDir: ".", outDir: "dist", ...compilerOptions };
  writeFileSync(join(path, "tsconfig.json"), JSON.stringify({ compilerOptions: all, include: ["*.ts"] }));
}

/** The command that was installed. */
function toolbind(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  return succeed("npx", ["--no-install", "toolbind", ...args], { cwd, env });
}

function tsc(compiler: Compiler, cwd: string, args: readonly string[] = []): ReturnType<typeof run> {
  return run(process.execPath, [TSC[compiler], "--pretty", "false", ...args], { cwd });
}

const CLEAN = { code: 0, stdout: "", stderr: "" };
const NODE_NEXT = { module: "nodenext" };

beforeAll(async () => {
  packed = await pack(folder);
  project(esm, { type: "module" }, NODE_NEXT);
  project(join(monorepo, "packages/service"), { name: "service", type: "commonjs" }, NODE_NEXT);
  project(
    join(monorepo, "packages/site"),
    { name: "site", type: "module" },
    { module: "preserve", lib: ["es2023", "dom"] },
  );
  writeFileSync(join(monorepo, "package.json"), JSON.stringify({ private: true, workspaces: ["packages/*"] }));
  isInstalled = (await install(esm, [packed.tarball, "zod"])) && (await install(monorepo, [packed.tarball, "zod"]));
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function needInstallation({ skip }: TestContext): void {
  skip(!isInstalled, "npm's registry cannot be reached");
}

test("the package holds what it needs and nothing else", () => {
  const places = new Set(packed.files.map((path) => /^(?:(?:dist|specs)\/)?[^/]+/.exec(path)?.[0]));
  expect([...places].sort()).toEqual(
    [
      ...["CHANGELOG.md", "LICENSE", "README.md", "config.schema.json", "package.json"],
      ...["dist/build.json", "dist/generator", "dist/runtime", "dist/testing"],
      ...["docs", "runtime", "specs/composio", "templates"],
    ].sort(),
  );
  const odd = packed.files.filter((path) => !/\.(?:js|d\.ts|cjs|json|md|hbs|ts)$/.test(path) && path !== "LICENSE");
  expect(odd).toEqual([]);
  expect(packed.files.filter((path) => /\.test\.|\.map$|tsbuildinfo/.test(path))).toEqual([]);
  const { exports, bin } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    exports: Record<string, string | Record<string, string>>;
    bin: Record<string, string>;
  };
  const named = [exports, bin].flatMap((of) =>
    Object.values(of).flatMap((to) => (typeof to === "string" ? to : Object.values(to))),
  );
  expect(named.map((path) => path.replace("./", "")).filter((path) => !packed.files.includes(path))).toEqual([]);
});

test("with its dependencies and zod it takes less than 55 MB", (context) => {
  needInstallation(context);
  const modules = join(esm, "node_modules");
  expect(sizeOf(modules)).toBeLessThan(MAX_INSTALLED_BYTES);
  const names = readdirSync(modules).filter((name) => !name.startsWith("."));
  const large = names.filter((name) => name !== "toolbind" && sizeOf(join(modules, name)) > 3_000_000);
  const page = readFileSync(new URL("../../docs/getting-started.md", import.meta.url), "utf8");
  expect(large.filter((name) => !page.includes(`| ${name.replace("@", "")} `))).toEqual([]);
});

describe("an ES module project with nodenext", () => {
  test("is set up, generates with a home that cannot be written, compiles and calls", async (context) => {
    needInstallation(context);
    const home = join(folder, "home");
    mkdirSync(home, { recursive: true });
    chmodSync(home, 0o500);
    await succeed("npx", ["--no-install", "toolbind", "init", "--yes"], { cwd: esm });
    const cli = join(esm, "node_modules/toolbind/dist/generator/cli.js");
    const env = { HOME: home, USERPROFILE: home, XDG_CACHE_HOME: join(home, "cache") };
    expect(await succeed(process.execPath, [cli, "generate"], { cwd: esm, env })).toMatch(/^Generated 91 tools/);
    expect(await succeed("npm", ["run", "--silent", "generate-types"], { cwd: esm })).toMatch(/^Up to date/);
    expect(await toolbind(esm, ["check"])).toMatch(/^All agrees/);
    for (const compiler of COMPILERS) expect(await tsc(compiler, esm), compiler).toEqual(CLEAN);
    expect(await run(process.execPath, ["dist/main.js"], { cwd: esm })).toEqual({ ...CLEAN, stdout: PRINTED });
  });
});

describe("a monorepo with workspaces", () => {
  test("a CommonJS package requires what is generated", async (context) => {
    needInstallation(context);
    const service = join(monorepo, "packages/service");
    expect(await toolbind(service, ["init", "--yes"])).toMatch(/^written {2}generated\/package\.json/m);
    await toolbind(service, ["generate"]);
    expect(await tsc("TypeScript 7", service)).toEqual(CLEAN);
    expect(readFileSync(join(service, "dist/main.js"), "utf8")).toContain("require(");
    copyFileSync(join(service, "generated/package.json"), join(service, "dist/generated/package.json"));
    const { code, stdout } = await run(process.execPath, ["dist/main.js"], { cwd: service });
    expect({ code, stdout }).toEqual({ code: 0, stdout: PRINTED });
  });

  test("a package that is bundled has imports without extension", async (context) => {
    needInstallation(context);
    const site = join(monorepo, "packages/site");
    writeFileSync(join(site, "toolbind.config.json"), JSON.stringify({ importExtension: "" }));
    await toolbind(site, ["init", "--yes"]);
    await toolbind(site, ["generate"]);
    writeFileSync(join(site, "main.ts"), PROGRAM.replaceAll(/(?<=\.\/generated.+)\.js(?=")/g, ""));
    writeFileSync(join(site, "mistakes.ts"), MISTAKES.replaceAll(/(?<=\.\/generated.+)\.js(?=")/g, ""));
    expect(await tsc("TypeScript 7", site)).toEqual(CLEAN);
    const outfile = join(site, "bundle.mjs");
    const external = ["toolbind", "toolbind/testing"];
    await build({
      absWorkingDir: site,
      entryPoints: ["main.ts"],
      bundle: true,
      format: "esm",
      platform: "node",
      outfile,
      external,
      logLevel: "silent",
    });
    expect(await run(process.execPath, [outfile], { cwd: site })).toEqual({ ...CLEAN, stdout: PRINTED });
  });
});
