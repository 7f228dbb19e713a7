import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { TestFolder } from "../support/generated.js";
import { createFolder, put, snapshot, tool, tree } from "../support/project.js";
import { parse, toolbind, type Run } from "./run.js";

const CONFIG = { snapshot: "specs", output: "out", runtime: "package" };

async function project(config: object = CONFIG): Promise<TestFolder> {
  const folder = createFolder();
  put(folder, "toolbind.config.json", config);
  put(folder, "specs/github.json", snapshot("github", [tool("GITHUB_GET_USER")]));
  put(folder, "specs/slack.json", snapshot("slack", [tool("SLACK_SEND")]));
  expect((await toolbind(["generate", "--cwd", folder.path])).code).toBe(0);
  return folder;
}

function check(folder: TestFolder, ...flags: readonly string[]): Promise<Run> {
  return toolbind(["check", "--cwd", folder.path, ...flags]);
}

async function differences(folder: TestFolder): Promise<string[]> {
  const before = tree(folder.path);
  const { code, stdout } = await check(folder, "--json");
  const { ok, differences: found } = parse(stdout) as { ok: boolean; differences: { kind: string; message: string }[] };
  expect(code).toBe(found.length === 0 ? 0 : 3);
  expect(ok).toBe(found.length === 0);
  expect(tree(folder.path)).toEqual(before);
  return found.map(({ kind, message }) => `${kind}: ${message}`);
}

it("is content where everything agrees", async () => {
  const folder = await project();
  expect(await check(folder)).toMatchObject({
    code: 0,
    stdout: "Everything agrees: 2 tools of 2 toolkits in out\n",
    stderr: "",
  });
  expect(await check(folder, "--quiet")).toMatchObject({ code: 0, stdout: "", stderr: "" });
  expect(await differences(folder)).toEqual([]);
});

it("lists everything that disagrees at once, and exits 3", async () => {
  const folder = await project({ ...CONFIG, toolkits: { github: { version: "20250101_00" }, slack: true } });
  put(
    folder,
    "specs/github.json",
    snapshot("github", [tool("GITHUB_GET_USER"), tool("GITHUB_GET_REPO")], "20250202_00"),
  );
  put(folder, "specs/slack.json", snapshot("slack", [tool("SLACK_SEND", { description: "Other." })]));
  const found = await differences(folder);
  expect(found).toEqual([
    expect.stringMatching(/^lock: Snapshot of github disagrees.*20250202_00.*toolbind pull github/),
    expect.stringMatching(/^lock: Snapshot of slack disagrees.*different content.*toolbind pull slack/),
    expect.stringMatching(/^configuration: Snapshot of github has another version than the configuration pins/),
  ]);
  const { code, stdout, stderr } = await check(folder);
  expect({ code, stderr }).toEqual({ code: 3, stderr: "" });
  expect(stdout).toMatch(/^3 differences:\n {2}lock: /);
});

it("tells of output that is stale, changed or missing", async () => {
  const folder = await project();
  put(folder, "out/slack/index.ts", "changed");
  rmSync(join(folder.path, "out/github/schemas.ts"));
  expect(await differences(folder)).toEqual([
    expect.stringMatching(/^output: out\/github\/schemas\.ts is not what would be generated.*toolbind generate/),
    expect.stringMatching(/^output: out\/slack\/index\.ts is not what would be generated/),
  ]);
  put(folder, "specs/github.json", snapshot("github", [tool("GITHUB_GET_REPO")]));
  const found = await differences(folder);
  expect(found[0]).toMatch(/^lock: Snapshot of github/);
  expect(found.some((each) => each.startsWith("output: out/github/index.ts"))).toBe(true);
});

it("tells of a toolkit that is not locked, has gone, or is not there", async () => {
  const folder = await project();
  put(folder, "specs/notion.json", snapshot("notion", [tool("NOTION_GET")]));
  expect(await differences(folder)).toContainEqual(expect.stringMatching(/^lock: toolbind\.lock\.json is not what/));
  rmSync(join(folder.path, "specs/notion.json"));
  rmSync(join(folder.path, "specs/slack.json"));
  expect(await differences(folder)).toContainEqual(
    expect.stringMatching(/^lock: Snapshot of slack.*its snapshot, received none/),
  );
  put(folder, "toolbind.config.json", { ...CONFIG, toolkits: { github: true, zoom: true } });
  expect(await differences(folder)).toContainEqual(expect.stringMatching(/^configuration: There is no toolkit "zoom"/));
});

it("tells of a toolkit that is unpinned, although the output is up to date", async () => {
  const folder = createFolder();
  put(folder, "toolbind.config.json", CONFIG);
  put(folder, "specs/acme.json", { toolkit: { slug: "acme" }, tools: [{ slug: "ACME_GET", input_parameters: {} }] });
  await toolbind(["generate", "--cwd", folder.path]);
  expect(await differences(folder)).toEqual([expect.stringMatching(/^unpinned: Toolkit acme is unpinned/)]);
});

it("says nothing of the pin of a toolkit that is not selected", async () => {
  const folder = await project({ ...CONFIG, toolkits: { github: true } });
  put(folder, "specs/acme.json", { toolkit: { slug: "acme" }, tools: [{ slug: "ACME_GET", input_parameters: {} }] });
  expect(await toolbind(["generate", "--cwd", folder.path])).toMatchObject({ code: 0, stderr: "" });
  expect(await differences(folder)).toEqual([]);
  put(folder, "specs/slack.json", snapshot("slack", [tool("SLACK_SEND", { description: "Other." })]));
  expect(await differences(folder)).toEqual([expect.stringMatching(/^lock: Snapshot of slack/)]);
});

it("tells of a write that was interrupted", async () => {
  const folder = await project();
  mkdirSync(join(folder.path, "specs/.toolbind-staging"));
  put(folder, "specs/.toolbind-staging/journal.json", { moves: [], removals: [] });
  expect(await differences(folder)).toEqual([
    expect.stringMatching(/^interrupted: A write into specs was interrupted/),
  ]);
  expect((await toolbind(["generate", "--cwd", folder.path])).code).toBe(0);
  expect(await differences(folder)).toEqual([]);
});

it("exits 1 where something cannot be read", async () => {
  const folder = await project();
  put(folder, "specs/github.json", "<html>");
  expect(await check(folder)).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("TB2002") });
  expect(await toolbind(["check", "--cwd", createFolder().path])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("TB1001"),
  });
});
