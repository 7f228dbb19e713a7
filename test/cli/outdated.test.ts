import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type PlatformRelease, startPlatform } from "../../testing/index.js";
import { KEY, NEW, OLD, release } from "../platform/support.js";
import { createFolder, put } from "../support/project.js";
import { parse, toolbind, type Run } from "./run.js";

it("reports newer versions, and toolkits that the platform no longer has", async () => {
  const folder = createFolder();
  put(folder, "toolbind.config.json", { snapshot: "specs", output: "out", runtime: "package" });
  const run = async (snapshot: readonly PlatformRelease[], args: readonly string[]): Promise<Run> => {
    const platform = await startPlatform({ snapshot, apiKey: KEY });
    onTestFinished(() => platform.close());
    const env = { COMPOSIO_API_KEY: KEY, COMPOSIO_BASE_URL: platform.url };
    return toolbind([...args, "--cwd", folder.path], { env });
  };
  const before = [release("acme", OLD, ["GET"]), release("bear", OLD, ["ROAR"]), release("zoo", OLD, ["FEED"])];
  const after = [...before.slice(0, 2), release("acme", NEW, ["GET"])];
  expect(await run(before, ["pull", "--all"])).toMatchObject({ code: 0 });
  expect(await run(before, ["outdated"])).toEqual({
    code: 0,
    stderr: "",
    stdout: "All 3 toolkits are at their newest versions.\n",
  });
  expect((await run(after, ["outdated"])).stdout.split("\n").map((line) => line.trimEnd())).toEqual([
    "TOOLKIT  PINNED       NEWEST                     BEHIND    USES",
    `acme     ${OLD}  ${NEW}                248 days`,
    `zoo      ${OLD}  no longer on the platform`,
    "",
  ]);
  const { code, stdout } = await run(after, ["outdated", "--json"]);
  expect({ code, rows: parse(stdout) }).toEqual({
    code: 0,
    rows: [
      { toolkit: "acme", pinned: OLD, newest: NEW, isGone: false, behindDays: 248, uses: null },
      { toolkit: "zoo", pinned: OLD, newest: null, isGone: true, behindDays: null, uses: null },
    ],
  });
  // What is gone there stays here, and stops nobody from upgrading the rest.
  expect(await run(after, ["upgrade", "--write"])).toMatchObject({ code: 0 });
});

it("takes no version that means whatever is there today for a newer one", async () => {
  const folder = createFolder();
  put(folder, "toolbind.config.json", { snapshot: "specs", output: "out", runtime: "package" });
  const start = (...snapshot: readonly PlatformRelease[]): ReturnType<typeof startPlatform> =>
    startPlatform({ snapshot, apiKey: KEY });
  const dated = await start(release("acme", OLD, ["GET"]));
  onTestFinished(() => dated.close());
  const undated = await start(release("acme", "00000000_00", ["GET"]));
  onTestFinished(() => undated.close());
  const run = async (platform: { readonly url: string }, ...args: readonly string[]): Promise<Run> =>
    toolbind([...args, "--cwd", folder.path], { env: { COMPOSIO_API_KEY: KEY, COMPOSIO_BASE_URL: platform.url } });
  expect(await run(dated, "pull", "acme")).toMatchObject({ code: 0 });
  const { code, stdout } = await run(undated, "outdated", "--json");
  expect({ code, rows: parse(stdout) }).toEqual({ code: 0, rows: [] });
});

it("does not take an older version, left when a newer one was withdrawn, for an upgrade", async () => {
  const folder = createFolder();
  put(folder, "toolbind.config.json", { snapshot: "specs", output: "out", runtime: "package" });
  const start = async (...snapshot: readonly PlatformRelease[]): Promise<{ readonly url: string }> => {
    const platform = await startPlatform({ snapshot, apiKey: KEY });
    onTestFinished(() => platform.close());
    return platform;
  };
  const both = await start(release("acme", OLD, ["GET"]), release("acme", NEW, ["GET"]));
  const withdrawn = await start(release("acme", OLD, ["GET"]));
  const run = async (platform: { readonly url: string }, ...args: readonly string[]): Promise<Run> =>
    toolbind([...args, "--cwd", folder.path], { env: { COMPOSIO_API_KEY: KEY, COMPOSIO_BASE_URL: platform.url } });
  expect(await run(both, "pull", "acme")).toMatchObject({ code: 0 });
  const { stdout } = await run(withdrawn, "outdated", "--json");
  expect(parse(stdout)).toEqual([
    { toolkit: "acme", pinned: NEW, newest: OLD, isGone: false, behindDays: null, uses: null },
  ]);
  expect((await run(withdrawn, "outdated")).stdout).toContain(`${NEW}  ${OLD}, older`);
  for (const args of [["diff"], ["upgrade"], ["upgrade", "--write"]])
    expect(parse((await run(withdrawn, ...args, "--json", "--no-project")).stdout)).toMatchObject({ toolkits: [] });
  const back = await run(withdrawn, "upgrade", "acme", "--write", "--json", "--no-project");
  expect(parse(back.stdout)).toMatchObject({ toolkits: [{ toolkit: "acme", from: NEW, to: OLD }] });
});

it("says that code is not read without a project, unless that was requested", async () => {
  const folder = createFolder();
  put(folder, "toolbind.config.json", { snapshot: "specs", output: "out", runtime: "package" });
  const platform = await startPlatform({
    snapshot: [release("acme", OLD, ["GET"]), release("acme", NEW, ["GET", "SET"])],
    apiKey: KEY,
  });
  onTestFinished(() => platform.close());
  put(folder, "toolbind.config.json", { snapshot: "specs", output: "out", toolkits: { acme: { version: OLD } } });
  const env = { COMPOSIO_API_KEY: KEY, COMPOSIO_BASE_URL: platform.url };
  const run = (...args: string[]): Promise<Run> => toolbind([...args, "--cwd", folder.path], { env });
  expect(await run("pull")).toMatchObject({ code: 0 });
  const unseen = /^Your code is not analysed: there is no tsconfig\.json beside the configuration\..*--project FILE/;
  for (const command of ["outdated", "diff", "upgrade"]) {
    expect((await run(command)).stderr, command).toMatch(unseen);
    expect(await run(command, "--no-project"), command).toMatchObject({ stderr: "" });
  }
  put(folder, "jsconfig.json", { include: ["*.js"] });
  expect(await run("diff")).toMatchObject({ stderr: "" });
  rmSync(join(folder.path, "jsconfig.json"));
  expect((await run("upgrade", "--write")).stderr).toMatch(unseen);
});

it("skips code that it cannot read without ts-morph, with a note", async () => {
  const folder = createFolder();
  const platform = await startPlatform({
    snapshot: [release("acme", OLD, ["GET"]), release("acme", NEW, ["GET", "SET"])],
    apiKey: KEY,
  });
  onTestFinished(() => platform.close());
  put(folder, "toolbind.config.json", { snapshot: "specs", output: "out", toolkits: { acme: { version: OLD } } });
  put(folder, "tsconfig.json", { include: ["*.ts"] });
  const hiding = put(
    folder,
    "hide.cjs",
    `const Module = require("node:module");
    const resolve = Module._resolveFilename;
    Module._resolveFilename = function (name, ...rest) {
      if (name.startsWith("ts-morph")) throw new Error("Cannot find module");
      return resolve.call(this, name, ...rest);
    };`,
  );
  const env = { COMPOSIO_API_KEY: KEY, COMPOSIO_BASE_URL: platform.url };
  const run = (...args: string[]): Promise<Run> =>
    toolbind([...args, "--cwd", folder.path], { env: { ...env, NODE_OPTIONS: `--require ${JSON.stringify(hiding)}` } });
  expect(await run("pull")).toMatchObject({ code: 0 });
  for (const command of ["outdated", "diff", "upgrade"]) {
    const { code, stdout, stderr } = await run(command);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("acme");
    expect(stderr).toMatch(/^Your code is not analysed: that needs ts-morph\. Run `npm install --save-dev ts-morph`/);
    expect(await run(command, "--no-project"), command).toMatchObject({ stderr: "" });
  }
});
