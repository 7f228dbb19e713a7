import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestFolder } from "../support/generated.js";

const CLI = fileURLToPath(new URL("../../generator/cli.ts", import.meta.url));

let folder: TestFolder;
let child: ChildProcess | undefined;
let printed = "";

beforeEach(() => {
  folder = new TestFolder();
  mkdirSync(join(folder.path, "specs/apps/acme"), { recursive: true });
});

afterEach(() => {
  child?.kill("SIGKILL");
  folder.remove();
});

function description(...operations: string[]): string {
  const paths = operations.map((id) => `  /${id}: { get: { operationId: ${id}, responses: {} } }\n`);
  return `openapi: 3.1.0\ninfo: { title: Acme, version: "1" }\npaths:\n${paths.join("")}`;
}

function start(...flags: string[]): void {
  startUnder([], {}, flags);
}

/** Under a command that runs another one. */
function startUnder(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): void {
  printed = "";
  const { PATH = "", HOME = "", TMPDIR = "" } = process.env;
  const toolbind = [process.execPath, "--import", import.meta.resolve("tsx"), CLI, "generate", "--watch", ...flags];
  const [program = "", ...args] = [...command, ...toolbind];
  child = spawn(program, args, {
    cwd: folder.path,
    env: { PATH, HOME, ...(TMPDIR !== "" && { TMPDIR }), ...env },
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text: Buffer) => (printed += String(text)));
}

/** Waits for what is printed next; what was printed before does not count again. */
async function says(text: string): Promise<void> {
  await expect.poll(() => printed, { timeout: 30_000, interval: 20 }).toContain(text);
  printed = printed.slice(printed.indexOf(text) + text.length);
}

const write = (file: string, text: string): void => writeFileSync(join(folder.path, file), text);
const emitted = (): string => readFileSync(join(folder.path, "generated/acme/index.ts"), "utf8");

test("generate --watch follows apps, the configuration and what is broken for a while, until it is interrupted", async () => {
  write("toolbind.config.json", "{}");
  write("specs/apps/acme/openapi.yaml", description("one"));
  start("--update-lock");
  await says("Generated 1 tool");
  await says("Watching for changes");

  write("specs/apps/acme/openapi.yaml", description("one", "two"));
  await says("Generated 2 tools");
  expect(emitted()).toContain("ACME_TWO");

  write("specs/apps/acme/openapi.yaml", "openapi: 3.1.0\ninfo: {");
  await says("TB2030");
  expect(emitted()).toContain("ACME_TWO");
  write("toolbind.config.json", '{ "output": ');
  await says("TB1002");
  write("toolbind.config.json", '{ "output": "other" }');
  write("specs/apps/acme/openapi.yaml", description("three"));
  await says("into other");
  expect(readFileSync(join(folder.path, "other/acme/index.ts"), "utf8")).toContain("ACME_THREE");

  mkdirSync(join(folder.path, "specs/apps/bravo"));
  write("specs/apps/bravo/openapi.yaml", description("one").replace("Acme", "Bravo"));
  await says("of 2 toolkits");
  rmSync(join(folder.path, "specs/apps/bravo"), { recursive: true });
  await says("of 1 toolkit");

  const ended = new Promise((resolve) => child?.on("exit", resolve));
  child?.kill("SIGINT");
  expect(await ended).toBe(0);
});

test("generate --watch --openapi follows the description", async () => {
  write("api.yaml", description("one"));
  start("--openapi", "api.yaml", "--name", "acme", "--out", "generated");
  await says("Watching for changes");
  write("api.yaml", description("one", "two"));
  await says("Generated 2 tools");
  expect(emitted()).toContain("ACME_TWO");
});

test("generate --watch finds what an import of the configuration says once it can be read, there again or by rename", async () => {
  write("specs/apps/acme/openapi.yaml", description("one"));
  write(
    "toolbind.config.mjs",
    'import { output } from "./names.mjs";\nexport default { output: process.env.NONE ?? output };',
  );
  write("names.mjs", "export const output = {");
  start("--update-lock");
  await says("TB1002");
  await says("Watching for changes");
  write("names.mjs", 'export const output = "first";');
  await says("into first");
  rmSync(join(folder.path, "names.mjs"));
  await says("TB1002");
  write("names.mjs.new", 'export const output = "second";');
  renameSync(join(folder.path, "names.mjs.new"), join(folder.path, "names.mjs"));
  await says("into second");
});

test("generate --watch follows folders and a configuration that go and come again, and says when all is right again", async () => {
  write("toolbind.config.json", "{}");
  write("specs/apps/acme/openapi.yaml", description("one"));
  start("--update-lock");
  await says("Watching for changes");

  rmSync(join(folder.path, "specs"), { recursive: true });
  await says("TB2001");
  mkdirSync(join(folder.path, "specs/apps/acme"), { recursive: true });
  write("specs/apps/acme/openapi.yaml", description("one", "two"));
  await says("Generated 2 tools");
  write("specs/apps/acme/openapi.yaml", description("one", "two", "three"));
  await says("Generated 3 tools");

  renameSync(join(folder.path, "specs"), join(folder.path, "away"));
  await says("TB2001");
  renameSync(join(folder.path, "away"), join(folder.path, "specs"));
  await says("Up to date: 3 tools");

  rmSync(join(folder.path, "toolbind.config.json"));
  await says("TB1001");
  write("toolbind.config.yaml", "output: other");
  await says("into other");
});

test("generate --watch tells how an app that is being edited is taken into the lock", async () => {
  write("toolbind.config.json", "{}");
  write("specs/apps/acme/openapi.yaml", description("one"));
  start();
  await says("Watching for changes");
  write("specs/apps/acme/openapi.yaml", description("one", "two"));
  await says("TB2006");
  await says("run `toolbind generate --watch --update-lock`");
});

/** In a namespace of its own, where the system tells of so many files; undefined where there is no such thing. */
function withWatches(most: number): readonly string[] | undefined {
  const script = `echo ${most} > /proc/sys/user/max_inotify_watches && exec "$@"`;
  const command = ["unshare", "--user", "--map-root-user", "sh", "-c", script, "sh"];
  const [program = "", ...args] = command;
  return spawnSync(program, [...args, "true"]).status === 0 ? command : undefined;
}

test("generate --watch ends with advice where the system cannot watch more files", async ({ skip }) => {
  const limited = withWatches(1);
  skip(limited === undefined, "needs namespaces of Linux");
  write("toolbind.config.json", "{}");
  write("specs/apps/acme/openapi.yaml", description("one"));
  startUnder(limited!, {});
  const ended = new Promise((resolve) => child?.on("exit", resolve));
  await says("error TB1011: Files cannot be watched (ENOSPC");
  await says("Fix: raise fs.inotify.max_user_watches, or set CHOKIDAR_USEPOLLING=1");
  expect(await ended).toBe(1);

  startUnder(limited!, { CHOKIDAR_USEPOLLING: "1" });
  await says("Watching for changes");
  write("toolbind.config.json", '{ "output": "other" }');
  await says("into other");
});
