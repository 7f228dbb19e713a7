import * as fs from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { TestFolder } from "../support/generated.js";
import { createFolder, generateProject, put, snapshot, tool, tree } from "../support/project.js";

/** Decides the fate of each call that changes the file system; it throws for one that fails. */
const fate = vi.hoisted(() => ({ before: undefined as ((call: string) => void) | undefined }));

vi.mock("node:fs", async (importOriginal) => {
  const original = await importOriginal<typeof fs>();
  const changing = [
    "writeFileSync",
    "renameSync",
    "mkdirSync",
    "rmSync",
    "rmdirSync",
    "linkSync",
    "copyFileSync",
    "unlinkSync",
  ] as const;
  const wrapped = Object.fromEntries(
    changing.map((name) => [
      name,
      (...args: unknown[]) => {
        fate.before?.(`${name} ${String(args[0])}`);
        return (original[name] as (...all: unknown[]) => unknown)(...args);
      },
    ]),
  );
  return { ...original, ...wrapped };
});

afterEach(() => {
  fate.before = undefined;
});

function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}

const config = { runtime: "package" } as const;

/** A project that has been generated from one snapshot, and then got another one. */
async function upgraded(): Promise<TestFolder> {
  const folder = createFolder();
  put(folder, "specs/github.json", snapshot("github", [tool("GITHUB_GET_USER")]));
  put(folder, "specs/slack.json", snapshot("slack", [tool("SLACK_SEND")]));
  await generateProject(folder, config);
  put(folder, "out/slack/notes.md", "mine");
  put(folder, "out/mine.txt", "mine");
  put(folder, "specs/github.json", snapshot("github", [tool("GITHUB_GET_USER"), tool("GITHUB_GET_REPO")]));
  put(folder, "specs/notion.json", snapshot("notion", [tool("NOTION_GET")]));
  fs.rmSync(join(folder.path, "specs/slack.json"));
  return folder;
}

function whole(folder: TestFolder): Record<string, string> {
  const { ["toolbind.lock.json"]: lock = "", ...rest } = tree(folder.path);
  const output = Object.entries(rest).filter(([path]) => path.startsWith("out/"));
  return Object.fromEntries([...output, ["lock", lock]]);
}

function differences(a: Record<string, string>, b: Record<string, string>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((path) => a[path] !== b[path]);
}

/** What is neither as it was nor as it is to be. */
function mixture(now: Record<string, string>, before: Record<string, string>, after: Record<string, string>): string[] {
  const old = differences(now, before);
  const fresh = differences(now, after);
  return old.length === 0 || fresh.length === 0
    ? []
    : [`unlike before: ${old.join(" ")}`, `unlike after: ${fresh.join(" ")}`];
}

const run = (folder: TestFolder): ReturnType<typeof generateProject> =>
  generateProject(folder, config, { updateLock: true });

/** The output before and after, and how many calls lead from one to the other. */
async function measure(): Promise<{ before: Record<string, string>; after: Record<string, string>; calls: string[] }> {
  const folder = await upgraded();
  const before = whole(folder);
  const calls: string[] = [];
  fate.before = (call) => calls.push(call.replace(folder.path, ""));
  await run(folder);
  fate.before = undefined;
  return { before, after: whole(folder), calls };
}

describe("a run that fails", () => {
  it.each(["ENOSPC"])("at any one call with %s leaves everything as it was, or as it is to be", async (code) => {
    const { before, after, calls } = await measure();
    expect(before).not.toEqual(after);
    expect(calls.length).toBeGreaterThan(20);
    for (const [at, name] of calls.entries()) {
      const folder = await upgraded();
      let count = 0;
      fate.before = () => {
        if (count++ === at) throw failure(code);
      };
      const error = await run(folder).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      fate.before = undefined;
      if (error !== undefined) expect(error).toMatchObject({ code: "TB4001", message: expect.stringContaining(code) });
      // Cleaning up may be what failed.
      const now = Object.entries(whole(folder)).filter(([path]) => !path.startsWith("out/.toolbind-staging"));
      expect(mixture(Object.fromEntries(now), before, error === undefined ? after : before), `${at} ${name}`).toEqual(
        [],
      );
      await run(folder);
      expect(differences(whole(folder), after), `${at} ${name}, next run`).toEqual([]);
    }
  });

  it("leaves no folder behind that was made for it", async () => {
    const folder = createFolder();
    put(folder, "specs/github.json", snapshot("github", [tool("GITHUB_GET_USER")]));
    fate.before = (call) => {
      if (/^writeFileSync .*new-3$/.test(call)) throw failure("ENOSPC");
    };
    await expect(generateProject(folder, { ...config, output: "src/deep/out" })).rejects.toMatchObject({
      code: "TB4001",
      message: expect.stringMatching(
        /^Output cannot be written \(ENOSPC\); it is unchanged at .*src\/deep\/out\. Fix: check/,
      ),
    });
    fate.before = undefined;
    expect(Object.keys(tree(folder.path)).filter((path) => /^src|lock/.test(path))).toEqual([]);
  });

  it("can do without hard links", async () => {
    const { after } = await measure();
    const folder = await upgraded();
    fate.before = (call) => {
      if (call.startsWith("linkSync")) throw failure("EPERM");
      if (/^renameSync .*new-4$/.test(call)) throw failure("EBUSY");
    };
    const before = whole(folder);
    await expect(run(folder)).rejects.toMatchObject({ code: "TB4001" });
    expect(whole(folder)).toEqual(before);
    fate.before = (call) => {
      if (call.startsWith("linkSync")) throw failure("EPERM");
    };
    await run(folder);
    expect(whole(folder)).toEqual(after);
  });
});

describe("a run that is killed", () => {
  it("before any one call is made whole by the next run, and no foreign file is lost", async () => {
    const { before, after, calls } = await measure();
    const reached = new Set<string>();
    for (const [at, name] of calls.entries()) {
      const folder = await upgraded();
      let count = 0;
      // Nothing runs after a kill: no call after it takes effect, cleaning up included.
      fate.before = () => {
        if (count++ >= at) throw failure("KILLED");
      };
      await run(folder).catch(() => undefined);
      fate.before = undefined;
      expect(whole(folder), name).toMatchObject({ "out/mine.txt": "mine", "out/slack/notes.md": "mine" });
      // The next run may be one that has nothing else to do than to recover, as its input is gone.
      const { recoverWrite } = await import("../../generator/write/recover.js");
      recoverWrite(join(folder.path, "out"));
      const { lock: _, ...recovered } = whole(folder);
      const { lock: __, ...old } = before;
      const { lock: ___, ...fresh } = after;
      expect(mixture(recovered, old, fresh), `${at} ${name}`).toEqual([]);
      reached.add(recovered["out/index.ts"] === old["out/index.ts"] ? "old" : "new");
      await run(folder);
      expect(differences(whole(folder), after), `${at} ${name}, next run`).toEqual([]);
    }
    expect([...reached].sort()).toEqual(["new", "old"]);
  });

  it("twice, the second time while the next run recovers, is made whole by the third", async () => {
    const { after, calls } = await measure();
    for (let at = 8; at < calls.length; at += 3) {
      for (const second of [1, 3, 6]) {
        const folder = await upgraded();
        for (const stop of [at, second]) {
          let count = 0;
          fate.before = () => {
            if (count++ >= stop) throw failure("KILLED");
          };
          await run(folder).catch(() => undefined);
          fate.before = undefined;
        }
        await run(folder);
        expect(differences(whole(folder), after), `${calls[at]}, then ${second}`).toEqual([]);
      }
    }
  });

  it("does not overwrite what a user put in a file's place before the next run", async () => {
    const { calls } = await measure();
    for (const at of calls.keys()) {
      const folder = await upgraded();
      let count = 0;
      fate.before = () => {
        if (count++ >= at) throw failure("KILLED");
      };
      await run(folder).catch(() => undefined);
      fate.before = undefined;
      if (fs.existsSync(join(folder.path, "out/notion/index.ts"))) continue;
      put(folder, "out/notion/index.ts", "somebody's");
      await expect(run(folder)).rejects.toMatchObject({ code: "TB4002" });
      expect(tree(folder.path)["out/notion/index.ts"]).toBe("somebody's");
    }
  });
});
