import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
  printed = "";
  const { PATH = "", HOME = "", TMPDIR = "" } = process.env;
  child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), CLI, "generate", "--watch", ...flags], {
    cwd: folder.path,
    env: { PATH, HOME, ...(TMPDIR !== "" && { TMPDIR }) },
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
