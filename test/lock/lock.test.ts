import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ToolbindError } from "../../generator/errors.js";
import type { TestFolder } from "../support/generated.js";
import { createFolder, generateProject, put, snapshot, tool, tree } from "../support/project.js";

const LOCK = "toolbind.lock.json";

interface LockText {
  readonly lockVersion: number;
  readonly toolkits: Record<
    string,
    { version: string | null; source: string; hash: string; names: Record<string, string> }
  >;
}

function lockText(folder: TestFolder): string {
  return tree(folder.path)[LOCK] ?? "";
}

function lockOf(folder: TestFolder): LockText {
  return JSON.parse(lockText(folder)) as LockText;
}

function project(...toolkits: readonly string[]): TestFolder {
  const folder = createFolder();
  for (const slug of toolkits) add(folder, slug);
  return folder;
}

function add(
  folder: TestFolder,
  slug: string,
  tools: readonly string[] = ["GET"],
  version: string = "20250101_00",
): void {
  const entries = tools.map((name) => tool(`${slug.toUpperCase()}_${name}`));
  put(folder, `specs/${slug}.json`, `${JSON.stringify(snapshot(slug, entries, version), null, 2)}\n`);
}

async function refusal(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ToolbindError);
  return `${(error as ToolbindError).code} ${(error as ToolbindError).message}`;
}

describe("the lock", () => {
  it("is made by the first run: pins, sources, hashes and names, sorted", async () => {
    const folder = project("slack", "github");
    add(folder, "github", ["GET_A_USER", "DELETE"]);
    const { written } = await generateProject(folder);
    expect(written).toContain(LOCK);
    const lock = lockOf(folder);
    expect(Object.keys(lock.toolkits)).toEqual(["github", "slack"]);
    expect(lock.toolkits["github"]).toEqual({
      version: "20250101_00",
      source: "specs/github.json",
      hash: expect.stringMatching(/^sha256-[0-9a-f]{64}$/),
      names: { GITHUB_DELETE: "delete", GITHUB_GET_A_USER: "getUser" },
    });
    expect(lockText(folder)).toBe(`${JSON.stringify(lock, null, 2)}\n`);
  });

  it("keeps its bytes and its place on disk while nothing changes", async () => {
    const folder = project("github");
    await generateProject(folder);
    const text = lockText(folder);
    const { ino, mtimeMs } = statSync(join(folder.path, LOCK));
    expect(await generateProject(folder)).toMatchObject({ upToDate: true, written: [] });
    expect(lockText(folder)).toBe(text);
    expect(statSync(join(folder.path, LOCK))).toMatchObject({ ino, mtimeMs });
  });

  it("is the same whatever folder the command runs in", async () => {
    const folder = project("github");
    await generateProject(folder);
    const text = lockText(folder);
    for (const cwd of ["specs", "out/github", "node_modules"]) {
      expect(await generateProject(folder, {}, { cwd: join(folder.path, cwd) })).toMatchObject({ upToDate: true });
      expect(lockText(folder)).toBe(text);
    }
    rmSync(join(folder.path, LOCK));
    await generateProject(folder, {}, { cwd: "/" });
    expect(lockText(folder)).toBe(text);
    rmSync(join(folder.path, LOCK));
    mkdirSync(join(folder.path, "inner"));
    await generateProject(folder, {}, { cwd: join(folder.path, "inner") });
    expect(lockText(folder)).toBe(text);
  });

  it("does not change with the order of tools and keys in a snapshot", async () => {
    const folder = project("github");
    add(folder, "github", ["B", "A"]);
    await generateProject(folder);
    const text = lockText(folder);
    const reordered = snapshot(
      "github",
      [tool("GITHUB_A"), tool("GITHUB_B")].map((each) => Object.fromEntries(Object.entries(each).reverse())),
    );
    put(folder, "specs/github.json", JSON.stringify(Object.fromEntries(Object.entries(reordered).reverse())));
    expect(await generateProject(folder)).toMatchObject({ upToDate: true });
    expect(lockText(folder)).toBe(text);
  });

  it("takes in toolkits that are added, and keeps the rest", async () => {
    const folder = project("github");
    await generateProject(folder);
    const before = lockOf(folder).toolkits["github"];
    add(folder, "slack");
    await generateProject(folder);
    expect(lockOf(folder).toolkits).toEqual({ github: before, slack: expect.anything() });
  });

  it("refuses a snapshot that differs, unless told to take it", async () => {
    const folder = project("github", "slack");
    await generateProject(folder);
    const before = { ...tree(join(folder.path, "out")), lock: lockText(folder) };

    add(folder, "github", ["GET"], "20250202_00");
    expect(await refusal(generateProject(folder))).toBe(
      "TB2006 Snapshot of github disagrees with the lock at specs/github.json: expected version 20250101_00, as locked, received 20250202_00. Fix: restore the snapshot with `toolbind pull github`, or accept it with `toolbind generate --update-lock`.",
    );
    add(folder, "github", ["GET", "LIST"]);
    expect(await refusal(generateProject(folder))).toContain(
      "expected the locked content, received different content for that version.",
    );
    expect(await refusal(generateProject(folder, {}, { check: true }))).toContain("TB2006");
    rmSync(join(folder.path, "specs/github.json"));
    expect(await refusal(generateProject(folder))).toContain(
      "at toolbind.lock.json: expected its snapshot, received none.",
    );
    expect({ ...tree(join(folder.path, "out")), lock: lockText(folder) }).toEqual(before);

    add(folder, "github", ["GET", "LIST"], "20250202_00");
    await generateProject(folder, {}, { updateLock: true });
    expect(lockOf(folder).toolkits["github"]).toMatchObject({
      version: "20250202_00",
      names: { GITHUB_GET: "get", GITHUB_LIST: "list" },
    });
    rmSync(join(folder.path, "specs/github.json"));
    await generateProject(folder, {}, { updateLock: true });
    expect(Object.keys(lockOf(folder).toolkits)).toEqual(["slack"]);
  });

  it("when frozen, may not change at all", async () => {
    const folder = project("github");
    expect(await refusal(generateProject(folder, {}, { frozen: true }))).toContain(
      "TB2006 Snapshot of github disagrees with the lock",
    );
    expect(lockText(folder)).toBe("");
    await generateProject(folder);
    expect(await generateProject(folder, {}, { frozen: true })).toMatchObject({ upToDate: true });
    const text = lockText(folder);
    add(folder, "slack");
    expect(await refusal(generateProject(folder, {}, { frozen: true }))).toContain(
      "at toolbind.lock.json: expected an entry, received none.",
    );
    rmSync(join(folder.path, "specs/slack.json"));
    const renamed = { toolkits: { github: { names: { GITHUB_GET: "fetch" } } } };
    expect(await refusal(generateProject(folder, renamed, { frozen: true }))).toContain(
      "TB2006 Lock is frozen and would change at toolbind.lock.json",
    );
    expect(lockText(folder)).toBe(text);
  });

  it("keeps a name when a tool comes that would collide, and records a configured one", async () => {
    const folder = project();
    add(folder, "github", ["GET_A_USER"]);
    await generateProject(folder);
    add(folder, "github", ["GET_A_USER", "GET_THE_USER"]);
    await generateProject(folder, {}, { updateLock: true });
    const names = lockOf(folder).toolkits["github"]?.names;
    expect(names).toMatchObject({ GITHUB_GET_A_USER: "getUser" });
    expect(names?.["GITHUB_GET_THE_USER"]).toBe("getTheUser");
    await generateProject(folder, { toolkits: { github: { names: { GITHUB_GET_A_USER: "mine" } } } });
    await generateProject(folder);
    expect(lockOf(folder).toolkits["github"]?.names).toMatchObject({ GITHUB_GET_A_USER: "mine" });
  });

  it("holds all of the snapshot, whatever is selected of it", async () => {
    const folder = project("github", "slack");
    add(folder, "github", ["GET", "LIST"]);
    await generateProject(folder);
    const text = lockText(folder);
    await generateProject(folder, { toolkits: { github: { tools: ["*_GET"] } } });
    expect(lockText(folder)).toBe(text);
    await generateProject(folder, {}, { only: ["SLACK_*"] });
    expect(lockText(folder)).toBe(text);
  });

  it.each([
    [
      "has conflict markers",
      "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> b\n",
      "expected JSON, received merge conflict markers",
    ],
    [
      "has them inside",
      '{\n  "lockVersion": 1,\n<<<<<<< HEAD\n=======\n>>>>>>> b\n}',
      "expected JSON, received merge conflict markers",
    ],
    ["is empty", "", "expected JSON, received something else"],
    ["is cut short", '{"lockVersion": 1,', "expected JSON, received something else"],
    ["is a list", "[]", "expected a lock, received other JSON"],
    ["is null", "null", "expected a lock, received other JSON"],
    [
      "is later than this program",
      '{"lockVersion": 2, "toolbind": "3.1.0", "toolkits": {}}',
      "expected lockVersion 1, received 2. Fix: install toolbind 3.1.0, which wrote it, or a later one",
    ],
    [
      "is later, and says not of which toolbind",
      '{"lockVersion": 2, "toolkits": {}}',
      "expected lockVersion 1, received 2. Fix: install the toolbind that wrote it.",
    ],
    ["has no toolkits", '{"lockVersion": 1}', "expected toolkits"],
    ["has toolkits that are none", '{"lockVersion": 1, "toolkits": []}', "expected toolkits"],
    [
      "has an entry that is none",
      '{"lockVersion": 1, "toolkits": {"github": null}}',
      "expected version, source, hash and names of github",
    ],
    [
      "has names that are none",
      '{"lockVersion": 1, "toolkits": {"github": {"version": null, "source": "", "hash": "", "names": {"A": 1}}}}',
      "expected version, source, hash and names of github",
    ],
  ])("is refused where it %s", async (_, text, message) => {
    const folder = project("github");
    put(folder, LOCK, text);
    const before = tree(folder.path);
    const refused = await refusal(generateProject(folder));
    expect(refused).toContain(`TB2007 Lock cannot be read at ${LOCK}: ${message}`);
    expect(refused).toMatch(/Fix: /);
    expect(tree(folder.path)).toEqual(before);
  });

  it("names every toolkit that disagrees with it", async () => {
    const folder = project("github", "slack", "gmail");
    await generateProject(folder);
    for (const slug of ["github", "slack"]) rmSync(join(folder.path, `specs/${slug}.json`));
    const refused = await refusal(generateProject(folder));
    expect(refused.split("\n")).toEqual([
      "TB2006 2 toolkits disagree with the lock:",
      expect.stringMatching(
        /^ {2}- Snapshot of github disagrees .*Fix: restore the snapshot with `toolbind pull github`/,
      ),
      expect.stringMatching(
        /^ {2}- Snapshot of slack disagrees .*Fix: restore the snapshot with `toolbind pull slack`/,
      ),
    ]);
  });

  it("may begin with a byte order mark", async () => {
    const folder = project("github");
    await generateProject(folder);
    put(folder, LOCK, `\ufeff${lockText(folder)}`);
    await generateProject(folder, {}, { frozen: true });
  });

  it("may be written as a formatter likes it, until it has to change", async () => {
    const folder = project("github");
    await generateProject(folder);
    const formatted = JSON.stringify(lockOf(folder), null, "\t").replaceAll("\n", "\r\n");
    put(folder, LOCK, formatted);
    expect(await generateProject(folder, {}, { check: true })).toMatchObject({ upToDate: true });
    expect(await generateProject(folder, {}, { frozen: true })).toMatchObject({ upToDate: true, written: [] });
    expect(lockText(folder)).toBe(formatted);

    add(folder, "slack");
    await generateProject(folder);
    expect(lockText(folder)).toBe(`${JSON.stringify(lockOf(folder), null, 2)}\n`);
    expect(Object.keys(lockOf(folder).toolkits)).toEqual(["github", "slack"]);
  });

  it("is refused where it is a folder", async () => {
    const folder = project("github");
    put(folder, `${LOCK}/x`, "");
    expect(await refusal(generateProject(folder))).toContain(
      "TB2007 Lock cannot be read at toolbind.lock.json: expected a readable file, received EISDIR",
    );
  });

  it("does not take prototypes for entries", async () => {
    const folder = project("constructor");
    put(
      folder,
      LOCK,
      '{"lockVersion": 1, "toolkits": {"__proto__": {"version": null, "source": "", "hash": "", "names": {}}}}',
    );
    expect(await refusal(generateProject(folder))).toContain("Snapshot of __proto__ disagrees");
    await generateProject(folder, {}, { updateLock: true });
    expect(Object.keys(lockOf(folder).toolkits)).toEqual(["constructor"]);
  });
});

describe("two branches of a repository", () => {
  const git = (folder: TestFolder, ...args: readonly string[]): string => {
    const identity = {
      GIT_AUTHOR_NAME: "a",
      GIT_AUTHOR_EMAIL: "a@b.c",
      GIT_COMMITTER_NAME: "a",
      GIT_COMMITTER_EMAIL: "a@b.c",
    };
    const env = { ...process.env, ...identity, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
    return execFileSync("git", [...args], {
      cwd: folder.path,
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  };
  const commit = (folder: TestFolder, message: string): void => {
    git(folder, "add", "-A");
    git(folder, "commit", "-qm", message);
  };

  /** Branches off, adds one toolkit on each side, and merges them. */
  async function merged(
    base: readonly string[],
    ours: string,
    theirs: string,
  ): Promise<{ folder: TestFolder; conflict: boolean }> {
    const folder = project(...base);
    put(folder, ".gitignore", "node_modules\nout\n");
    git(folder, "init", "-qb", "main");
    await generateProject(folder);
    commit(folder, "base");
    git(folder, "checkout", "-qb", "theirs");
    add(folder, theirs);
    await generateProject(folder);
    commit(folder, "theirs");
    git(folder, "checkout", "-q", "main");
    add(folder, ours);
    await generateProject(folder);
    commit(folder, "ours");
    try {
      git(folder, "merge", "-q", "-m", "merge", "theirs");
      return { folder, conflict: false };
    } catch {
      return { folder, conflict: true };
    }
  }

  it("that add different toolkits merge their locks", async () => {
    for (const [ours, theirs] of [
      ["asana", "zoom"],
      ["zoom", "asana"],
      ["hubspot", "airtable"],
      ["jira", "zoom"],
    ] as const) {
      const { folder, conflict } = await merged(["github", "linear", "slack"], ours, theirs);
      expect(conflict).toBe(false);
      const { written } = await generateProject(folder);
      expect(written).not.toContain(LOCK);
      expect(Object.keys(lockOf(folder).toolkits)).toEqual(["github", "linear", "slack", ours, theirs].sort());
      await generateProject(folder, {}, { frozen: true });
    }
  });

  it("that add neighbours conflict as in every sorted file, and the next run keeps both", async () => {
    const { folder, conflict } = await merged(["github"], "hubspot", "intercom");
    expect(conflict).toBe(true);
    expect(lockText(folder)).toContain("<<<<<<<");
    await expect(generateProject(folder, {}, { frozen: true })).rejects.toThrow("Lock is frozen and would change");
    await generateProject(folder);
    expect(lockText(folder)).not.toContain("<<<<<<<");
    expect(Object.keys(lockOf(folder).toolkits)).toEqual(["github", "hubspot", "intercom"]);
    await generateProject(folder, {}, { frozen: true });
  });

  it("that lock a toolkit differently leave the choice to a person", async () => {
    const folder = project("github", "slack");
    await generateProject(folder);
    const text = lockText(folder);
    const version = /^ +"version": .*\n/m.exec(text)?.[0] as string;
    const other = '      "version": "20260101_00",\n';
    put(folder, LOCK, text.replace(version, `<<<<<<< HEAD\n${version}||||||| base\n=======\n${other}>>>>>>> theirs\n`));
    expect(await refusal(generateProject(folder))).toMatch(
      /TB2007 .*expected one entry for github, received two between merge markers, of .* and 20260101_00\. Fix: keep/,
    );
  });
});
