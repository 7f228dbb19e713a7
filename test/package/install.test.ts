import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, type TestContext } from "vitest";
import { COMPILERS } from "../support/compilers.js";
import { writeMonorepo, type Package } from "./monorepo.js";
import { createOddFolder, install, pack, run, sizeOf, succeed, type Packed } from "./packed.js";
import {
  fromDocs,
  MISTAKES,
  NEXT,
  PAGE_PRINTED,
  PRINTED,
  PROGRAM,
  tsc,
  withTsExtensions,
  writeProject,
} from "./projects.js";

const MAX_INSTALLED_BYTES = 55_000_000;
const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const TYPES = join(REPOSITORY, "node_modules/@types");
const CLEAN = { code: 0, stdout: "", stderr: "" };

const folder = createOddFolder();
/** An ES module project, and a monorepo with workspaces. */
const esm = join(folder, "esm");
const monorepo = join(folder, "monorepo");
let packages: Readonly<Record<Package, string>>;
let packed: Packed;
let isInstalled = false;

/** Runs a command that is installed in a project or the one around it. */
function installed(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const [name = "", ...others] = args;
  const folders = [cwd, monorepo].map((each) => join(each, "node_modules/.bin", name));
  return succeed(folders.find((path) => existsSync(path)) ?? name, others, { cwd, env });
}

/** Git without anybody's settings, as it is set up on Windows. */
function git(cwd: string, args: readonly string[]): Promise<string> {
  const settings = ["core.autocrlf=true", "core.safecrlf=false", "user.name=test", "user.email=test@localhost"];
  const env = { GIT_CONFIG_GLOBAL: join(folder, "none"), GIT_CONFIG_NOSYSTEM: "1" };
  return succeed("git", [...settings.flatMap((setting) => ["-c", setting]), ...args], { cwd, env });
}

/** A Node.js that runs TypeScript: this one, or one that is installed; none where the registry cannot be reached. */
async function newestNode(tools: string): Promise<string | undefined> {
  if ("typescript" in process.features && process.features.typescript !== false) return process.execPath;
  const { platform, arch } = process;
  const name = `node-${platform === "win32" ? "win" : platform === "darwin" && arch === "arm64" ? "bin-darwin" : platform}-${arch}`;
  if (!(await install(tools, [`${name}@24`]))) return undefined;
  return join(tools, "node_modules", name, "bin", platform === "win32" ? "node.exe" : "node");
}

beforeAll(async () => {
  packed = await pack(folder);
  const compilerOptions = { module: "nodenext", skipLibCheck: false, types: ["node"], typeRoots: [TYPES] };
  const files = { "main.ts": PROGRAM, "mistakes.ts": MISTAKES, ".gitignore": "node_modules\ndist\n" };
  writeProject(esm, { manifest: { type: "module" }, compilerOptions, files });
  packages = writeMonorepo(monorepo, packed.tarball);
  await git(folder, ["init", "--quiet", esm]);
  await git(folder, ["init", "--quiet", monorepo]);
  const done = await Promise.all([install(esm, [packed.tarball, "zod"]), install(monorepo, [])]);
  isInstalled = done.every((each) => each);
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
      ...["dist/build.json", "dist/generator", "dist/merged", "dist/runtime", "dist/testing"],
      ...["docs", "specs/composio", "templates"],
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
  const [, megabytes] = /Less than (\d+) MB with all dependencies/.exec(page) ?? [];
  expect(sizeOf(modules)).toBeLessThan(Number(megabytes) * 1e6);
});

describe("an ES module project with nodenext", () => {
  test("is set up, generates with a home that cannot be written, compiles and calls", async (context) => {
    needInstallation(context);
    const home = join(folder, "home");
    mkdirSync(home);
    chmodSync(home, 0o500);
    await succeed("npx", ["--no-install", "toolbind", "init", "--yes"], { cwd: esm });
    const cli = join(esm, "node_modules/toolbind/dist/generator/cli.js");
    const env = { HOME: home, USERPROFILE: home, XDG_CACHE_HOME: join(home, "cache") };
    expect(await succeed(process.execPath, [cli, "generate"], { cwd: esm, env })).toMatch(/^Generated 91 tools/);
    expect(readdirSync(home), "root may write all the same").toEqual([]);
    expect(await succeed("npm", ["run", "--silent", "generate-types"], { cwd: esm })).toMatch(/^Up to date/);
    expect(await installed(esm, ["toolbind", "check"])).toMatch(/^Everything agrees/);
    for (const compiler of COMPILERS) expect(await tsc(compiler, esm), compiler).toEqual(CLEAN);
    expect(await run(process.execPath, ["dist/main.js"], { cwd: esm })).toEqual({ ...CLEAN, stdout: PRINTED });
  });

  test("agrees after a checkout with CRLF", async (context) => {
    needInstallation(context);
    const checkout = join(folder, "checkout");
    await git(esm, ["add", "--all"]);
    await git(esm, ["commit", "--quiet", "--message", "Everything"]);
    await git(folder, ["clone", "--quiet", esm, checkout]);
    const text = (path: string): string => readFileSync(join(checkout, path), "utf8");
    for (const path of ["specs/composio/github.json", "toolbind.lock.json"]) expect(text(path)).toContain("\r\n");
    expect(text("generated/github/index.ts")).not.toContain("\r");
    symlinkSync(join(esm, "node_modules"), join(checkout, "node_modules"), "junction");
    expect(await installed(checkout, ["toolbind", "check"])).toMatch(/^Everything agrees/);
    expect(await installed(checkout, ["toolbind", "generate", "--frozen"])).toMatch(/^Up to date/);
  });
});

test("Node.js runs what is emitted without a build", async (context) => {
  needInstallation(context);
  const tools = join(folder, "node");
  writeProject(tools, { manifest: {}, compilerOptions: {}, files: {} });
  const node = await newestNode(tools);
  context.skip(node === undefined, "npm's registry cannot be reached");
  const cwd = join(folder, "stripped");
  const of = (file: string): string => fromDocs("docs/projects.md", file, "## Node.js without a build");
  const files = {
    "main.ts": withTsExtensions(PROGRAM),
    "mistakes.ts": withTsExtensions(MISTAKES),
    "toolbind.config.ts": of("toolbind.config.ts"),
    "tsconfig.json": of("tsconfig.json"),
  };
  writeProject(cwd, { manifest: { type: "module" }, compilerOptions: {}, files });
  mkdirSync(join(cwd, "node_modules"));
  for (const [name, from] of Object.entries({ toolbind: esm, zod: esm, "@types": REPOSITORY })) {
    symlinkSync(join(from, "node_modules", name), join(cwd, "node_modules", name), "junction");
  }
  const toolbind = "node_modules/toolbind/dist/generator/cli.js";
  await succeed(node!, [toolbind, "init", "--yes"], { cwd });
  expect(await succeed(node!, [toolbind, "generate"], { cwd })).toMatch(/^Generated 91 tools/);
  expect(await run(node!, ["main.ts"], { cwd })).toEqual({ ...CLEAN, stdout: PRINTED });
  for (const compiler of COMPILERS) expect(await tsc(compiler, cwd), compiler).toEqual(CLEAN);
}, 300_000);

test("Next.js builds a page", async (context) => {
  needInstallation(context);
  const cwd = join(folder, "next");
  const compilerOptions = {
    ...{ module: "esnext", moduleResolution: "bundler", lib: ["esnext", "dom"], jsx: "preserve", noEmit: true },
    paths: { "@/*": ["./*"] },
  };
  const files = { ...NEXT, "toolbind.config.ts": fromDocs("docs/projects.md", "toolbind.config.ts", "## webpack") };
  writeProject(cwd, { manifest: {}, compilerOptions, files });
  const packages = ["next@16.4.6", "react@19.3.1", "react-dom@19.3.1", "@types/react@19.3.3", "typescript@5.9.3"];
  const isReached = await install(cwd, [...packages, "@types/node@20.19.43", packed.tarball, "zod"]);
  context.skip(!isReached, "npm's registry cannot be reached");
  await installed(cwd, ["toolbind", "init", "--yes"]);
  await installed(cwd, ["toolbind", "generate"]);
  const env = { HOME: join(folder, "home"), NEXT_TELEMETRY_DISABLED: "1" };
  await succeed(process.execPath, ["build.mjs"], { cwd, env });
  expect(readFileSync(join(cwd, ".next/server/app/index.html"), "utf8")).toContain("<p>string TB5010</p>");
}, 300_000);

describe("a monorepo with workspaces", () => {
  const prepare = async (cwd: string): Promise<string> => {
    const printed = await installed(cwd, ["toolbind", "init", "--yes"]);
    await installed(cwd, ["toolbind", "generate"]);
    return printed;
  };
  const inPage = (cwd: string, bundle: string): ReturnType<typeof run> =>
    run(process.execPath, ["browser.mjs", bundle], { cwd });

  test("a CommonJS package requires what is generated", async (context) => {
    needInstallation(context);
    const { service } = packages;
    expect(await prepare(service)).toMatch(/^written {2}generated\/package\.json/m);
    expect(await tsc("TypeScript 5.9", service)).toEqual(CLEAN);
    expect(readFileSync(join(service, "dist/main.js"), "utf8")).toContain("require(");
    copyFileSync(join(service, "generated/package.json"), join(service, "dist/generated/package.json"));
    const { code, stdout } = await run(process.execPath, ["dist/main.js"], { cwd: service });
    expect({ code, stdout }).toEqual({ code: 0, stdout: PRINTED });
  });

  test("Vite builds a site", async (context) => {
    needInstallation(context);
    const { site } = packages;
    await prepare(site);
    expect(await tsc("TypeScript 7", site, ["--noEmit"])).toEqual(CLEAN);
    await installed(site, ["vite", "build"]);
    const [bundle = "none"] = readdirSync(join(site, "dist/assets"));
    expect(await inPage(site, `dist/assets/${bundle}`)).toEqual({ ...CLEAN, stdout: PAGE_PRINTED });
  });

  test("webpack builds a site whose imports have no extensions", async (context) => {
    needInstallation(context);
    const { web } = packages;
    await prepare(web);
    expect(await tsc("TypeScript 7", web, ["--noEmit"])).toEqual(CLEAN);
    await installed(web, ["webpack"]);
    expect(await inPage(web, "dist/main.js")).toEqual({ ...CLEAN, stdout: PAGE_PRINTED });
  });

  test("Jest tests a package, compiled to CommonJS", async (context) => {
    needInstallation(context);
    await prepare(packages.checks);
    await installed(packages.checks, ["jest"]);
  });

  test("Jest tests a package, as ES modules", async (context) => {
    needInstallation(context);
    await prepare(packages.modules);
    await installed(packages.modules, ["jest"], { NODE_OPTIONS: "--experimental-vm-modules" });
  });

  test("linters and formatters leave what is generated alone, and may format the rest", async (context) => {
    needInstallation(context);
    const { tidy } = packages;
    await prepare(tidy);
    await installed(tidy, ["eslint", "--max-warnings=0", "."]);
    const spec = join(tidy, "specs/composio/github.json");
    const formatters = [
      ["prettier", "--use-tabs", "--write", "."],
      ["biome", "format", "--write", "--indent-style=space", "."],
    ];
    for (const formatter of formatters) {
      const before = readFileSync(spec, "utf8");
      await installed(tidy, formatter);
      expect(readFileSync(spec, "utf8"), formatter[0]).not.toBe(before);
      expect(await installed(tidy, ["toolbind", "check"]), formatter[0]).toMatch(/^Everything agrees/);
    }
  });

  test("Turborepo keeps what is generated until what decides it changes", async (context) => {
    needInstallation(context);
    const { site } = packages;
    await git(monorepo, ["add", "--all"]);
    await git(monorepo, ["commit", "--quiet", "--message", "Everything"]);
    const env = { TURBO_TELEMETRY_DISABLED: "1" };
    const turbo = async (...flags: readonly string[]): Promise<string> =>
      installed(monorepo, ["turbo", "run", "generate-types", "--filter=site", ...flags], env);
    const emitted = join(site, "generated/github/index.ts");
    const first = readFileSync(emitted, "utf8");
    expect(await turbo()).toMatch(/site:generate-types: cache miss/);
    rmSync(join(site, "generated"), { recursive: true });
    expect(await turbo()).toMatch(/site:generate-types: cache hit/);
    expect(readFileSync(emitted, "utf8")).toBe(first);

    const lock = join(site, "toolbind.lock.json");
    writeFileSync(lock, readFileSync(lock, "utf8").replace('"createIssue"', '"openIssue"'));
    expect(await turbo()).toMatch(/site:generate-types: cache miss/);
    expect(readFileSync(emitted, "utf8")).toContain("export const openIssue:");

    const status = async (): Promise<unknown> => {
      const { tasks } = JSON.parse(await turbo("--dry=json")) as { tasks: { cache: { status: string } }[] };
      return tasks.map(({ cache }) => cache.status);
    };
    expect(await status()).toEqual(["HIT"]);
    const versions = join(monorepo, "package-lock.json");
    const version = /("node_modules\/toolbind": \{\s+"version": )"[^"]+"/;
    writeFileSync(versions, readFileSync(versions, "utf8").replace(version, '$1"99.0.0"'));
    expect(await status(), "another version of toolbind").toEqual(["MISS"]);
  });

  test("Nx keeps what is generated until what decides it changes", async (context) => {
    needInstallation(context);
    const { site } = packages;
    const env = { NX_DAEMON: "false", NX_NO_CLOUD: "true", CI: "true" };
    const nx = async (): Promise<boolean> => {
      const printed = await installed(monorepo, ["nx", "run", "site:generate-types"], env);
      expect(printed).toContain("Successfully ran target");
      return printed.includes("[local cache]");
    };
    const lock = join(site, "toolbind.lock.json");
    const emitted = join(site, "generated/github/index.ts");
    expect(await nx()).toBe(false);
    const first = readFileSync(emitted, "utf8");
    rmSync(join(site, "generated"), { recursive: true });
    expect(await nx()).toBe(true);
    expect(readFileSync(emitted, "utf8")).toBe(first);

    writeFileSync(lock, readFileSync(lock, "utf8").replace('"getRepository"', '"readRepository"'));
    expect(await nx()).toBe(false);
    expect(readFileSync(emitted, "utf8")).toContain("export const readRepository:");
    expect(await nx()).toBe(true);

    const versions = join(monorepo, "package-lock.json");
    const integrity = /("node_modules\/toolbind": \{[^}]*?"integrity": )"[^"]+"/;
    writeFileSync(versions, readFileSync(versions, "utf8").replace(integrity, '$1"sha512-other"'));
    expect(await nx(), "another version of toolbind").toBe(false);
  });
});
