import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readBlocks, type Block } from "../docs/markdown.js";
import { bunIn } from "../everywhere/runtimes.js";
import { createOddFolder, install, isUnreachable, pack, run, type Finished } from "./packed.js";
import { MISTAKES, writeProject } from "./projects.js";

const folder = createOddFolder();
/** Of the package managers, and nobody's home. */
const tools = join(folder, "tools");
const home = join(folder, "home");
const caches = join(folder, "caches");

interface Manager {
  /** As the docs speak of it. */
  readonly name: "pnpm" | "yarn" | "bun";
  /** What the docs say to type for `npx`. */
  readonly npx: string;
  /** The package that holds it, and the script in there. */
  readonly install: string;
  readonly script?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly typescript?: string;
}

const MANAGERS: Readonly<Record<string, Manager>> = {
  "pnpm 12": { name: "pnpm", npx: "pnpm", install: "pnpm-12@npm:pnpm@12.21.0", script: "pnpm-12/bin/pnpm.mjs" },
  "pnpm 10": { name: "pnpm", npx: "pnpm", install: "pnpm-10@npm:pnpm@10.34.9", script: "pnpm-10/bin/pnpm.cjs" },
  "Yarn 1": { name: "yarn", npx: "yarn", install: "yarn@1.22.22", script: "yarn/bin/yarn.js" },
  "Yarn 4 with node_modules": {
    ...{ name: "yarn", npx: "yarn", install: "@yarnpkg/cli-dist@4.18.1", script: "@yarnpkg/cli-dist/bin/yarn.js" },
    env: { YARN_NODE_LINKER: "node-modules" },
  },
  "Yarn 4 with Plug'n'Play": {
    ...{ name: "yarn", npx: "yarn", install: "@yarnpkg/cli-dist@4.18.1", script: "@yarnpkg/cli-dist/bin/yarn.js" },
    env: { YARN_NODE_LINKER: "pnp" },
    typescript: "5.9.3",
  },
  Bun: { name: "bun", npx: "bunx", install: "bun@1.4.5" },
};

let tarball: string;
let registry: string;
let isInstalled = false;

beforeAll(async () => {
  for (const path of [tools, home, caches]) mkdirSync(path);
  writeProject(tools, { manifest: {}, compilerOptions: {}, files: {} });
  const packages = new Set(Object.values(MANAGERS).map((manager) => manager.install));
  const settings = run("npm", ["config", "get", "registry"], { cwd: folder });
  isInstalled = await install(tools, [...packages]);
  registry = (await settings).stdout.trim();
  tarball = (await pack(folder)).tarball;
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a line of the docs. */
function type(line: string, cwd: string, { name, script, env = {} }: Manager): Promise<Finished> {
  const words = line.replace(/^bunx /, "bun x ").split(" ");
  expect(words.shift()).toBe(name);
  const own = {
    HOME: home,
    USERPROFILE: home,
    ...Object.fromEntries(
      ["CACHE", "CONFIG", "DATA", "STATE"].map((kind) => [`XDG_${kind}_HOME`, join(caches, kind.toLowerCase())]),
    ),
    npm_config_registry: registry,
    YARN_NPM_REGISTRY_SERVER: registry.replace(/\/$/, ""),
    YARN_CACHE_FOLDER: join(caches, `yarn-${script?.length ?? 0}`),
    YARN_GLOBAL_FOLDER: join(caches, "yarn"),
    YARN_ENABLE_TELEMETRY: "0",
    BUN_INSTALL: join(caches, "bun"),
    ...env,
  };
  const program =
    script === undefined
      ? [bunIn(join(tools, "node_modules"))]
      : [process.execPath, join(tools, "node_modules", script)];
  const [command = "", ...args] = [...program, ...words];
  return run(command, args, { cwd, env: own });
}

/** The lines of the docs that install, for these packages. */
function linesOf({ name, typescript = "7.0.2" }: Manager): readonly string[] {
  const versions: Readonly<Record<string, string>> = {
    toolbind: "toolbind@file:./toolbind.tgz",
    typescript: `typescript@${typescript}`,
    "@types/node": "@types/node@20.19.43",
    zod: "zod@4.6.7",
  };
  const block = readBlocks().find(({ info }) => info.join(" ") === `sh ${name}`);
  return linesIn(block).map((line) => line.replaceAll(/(?<= )\S+/g, (word) => versions[word] ?? word));
}

function linesIn(block: Block | undefined): readonly string[] {
  return block?.text.trim().split("\n") ?? [];
}

const startingBlocks = readBlocks().filter(({ page }) => page === "docs/getting-started.md");
const [program] = startingBlocks.filter(({ info }) => info.join(" ") === "ts run");
const starting = startingBlocks.flatMap(linesIn).filter((line) => line.startsWith("npx "));

describe.concurrent.each(Object.entries(MANAGERS))("%s", (title, manager) => {
  test("installs the package, whose commands set up, generate and check, and a program makes a call", async ({
    skip,
  }) => {
    skip(!isInstalled, "npm's registry cannot be reached");
    const cwd = join(folder, title.replace(/\W/g, ""));
    mkdirSync(cwd);
    writeFileSync(join(cwd, "package.json"), JSON.stringify({ name: "project", private: true, type: "module" }));
    if (title.startsWith("Yarn 4")) writeFileSync(join(cwd, "yarn.lock"), "");
    copyFileSync(tarball, join(cwd, "toolbind.tgz"));
    const say = async (line: string): Promise<string> => {
      const done = await type(line, cwd, manager);
      const printed = done.stdout + done.stderr;
      skip(done.code !== 0 && isUnreachable(printed), "npm's registry cannot be reached");
      expect(done.code, `${line}\n${printed}`).toBe(0);
      return done.stdout;
    };
    const lines = linesOf(manager);
    expect(lines).toHaveLength(2);
    for (const line of lines) await say(line);
    await say(`${lines[0]?.slice(0, lines[0].indexOf("toolbind"))}tsx@4.23.15`);

    expect(starting.map((line) => line.split(" ")[1])).toEqual(["tsc", "toolbind", "toolbind"]);
    const [compiler = "", init = "", generate = ""] = starting.map((line) => line.replace("npx", manager.npx));
    await say(compiler);
    expect(await say(init)).toContain(`Next:\n  ${manager.name} run generate-types\n`);
    expect(await say(generate)).toMatch(/^Generated 91 tools/m);
    writeFileSync(join(cwd, "main.ts"), program?.text ?? "");
    writeFileSync(join(cwd, "mistakes.ts"), MISTAKES);
    await say(`${manager.npx} tsc --noEmit`);
    expect(await say(`${manager.npx} tsx main.ts`)).toContain(program?.output);
    expect(await say(`${manager.name} run generate-types`)).toMatch(/^Up to date/m);
    expect(await say(`${manager.npx} toolbind check`)).toMatch(/^Everything agrees/m);
    expect(readdirSync(home)).toEqual([]);
  }, 300_000);
});
