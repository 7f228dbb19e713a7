import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startPlatform } from "../../testing/index.js";
import { parse, toolbind, type Run } from "../cli/run.js";
import { noCorpus } from "../support/corpus.js";
import { createFolder, put, tree } from "../support/project.js";
import { wholePlatform } from "../support/releases.js";
import { KEY, NEW } from "./support.js";

interface Pulled {
  readonly toolkits: readonly { readonly slug: string; readonly tools: number; readonly change: string }[];
  readonly diagnostics: readonly unknown[];
}

const label = noCorpus ? "the whole platform (skipped: TOOLBIND_CORPUS is not set)" : "the whole platform";

describe.skipIf(noCorpus)(label, () => {
  it("is pulled in little memory, generated from, and pulled again without a write", async () => {
    const releases = wholePlatform(NEW);
    const total = releases.reduce((sum, { tools }) => sum + tools.length, 0);
    const full = releases.filter(({ tools }) => tools.length > 0);
    expect(total).toBeGreaterThan(12_000);
    expect(full.length).toBeGreaterThan(400);

    const platform = await startPlatform({ snapshot: releases, apiKey: KEY });
    onTestFinished(() => platform.close());
    const folder = createFolder();
    put(folder, "toolbind.config.json", { snapshot: "specs", output: "out", runtime: "package" });
    const run = (args: readonly string[], megabytes: number): Promise<Run> =>
      toolbind([...args, "--cwd", folder.path], {
        env: {
          COMPOSIO_API_KEY: KEY,
          COMPOSIO_BASE_URL: platform.url,
          NODE_OPTIONS: `--max-old-space-size=${megabytes}`,
        },
      });

    const first = await run(["pull", "--all", "--json"], 256);
    expect(first.code, first.stderr).toBe(0);
    const { toolkits } = parse(first.stdout) as Pulled;
    expect(toolkits.reduce((sum, { tools }) => sum + tools, 0)).toBe(total);
    expect(toolkits).toHaveLength(full.length);

    const generated = await run(["generate", "--quiet", "--frozen"], 1024);
    expect(generated.code, generated.stderr).toBe(0);

    const files = Object.keys(tree(folder.path)).filter((path) => /^specs|lock/.test(path));
    const facts = (): unknown[] =>
      files.map((path) => {
        const { ino, mtimeMs, size } = statSync(join(folder.path, path));
        return { path, ino, mtimeMs, size };
      });
    const before = facts();
    const second = await run(["pull", "--all", "--json"], 256);
    expect(second.code, second.stderr).toBe(0);
    expect((parse(second.stdout) as Pulled).toolkits.filter(({ change }) => change !== "unchanged")).toEqual([]);
    expect(facts()).toEqual(before);
    expect(await run(["check", "--quiet"], 1024)).toMatchObject({ code: 0, stdout: "", stderr: "" });
  }, 600_000);
});
