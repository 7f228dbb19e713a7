import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { knownToolkits, ownerOfSlug } from "../../generator/sources/owner.js";
import { type PlatformRelease, startPlatform } from "../../testing/index.js";
import { parse, toolbind, type Run } from "../cli/run.js";
import { noCorpus, readCorpus, readListedTools } from "../support/corpus.js";
import { createFolder, put, tree } from "../support/project.js";
import { KEY, NEW } from "./support.js";

interface Pulled {
  readonly toolkits: readonly { readonly slug: string; readonly tools: number; readonly change: string }[];
  readonly diagnostics: readonly unknown[];
}

/** Every real slug, under its toolkit, with the schemas of real tools. */
function wholePlatform(): PlatformRelease[] {
  const toolkits = readCorpus("composio", "toolkits.json") as unknown as { slug: string; meta: object }[];
  const slugs = readCorpus("composio", "tools-as-enums.json") as unknown as string[];
  const schemas = readListedTools();
  const known = knownToolkits(toolkits.map(({ slug }) => slug));
  const tools = new Map<string, PlatformRelease["tools"][number][]>();
  for (const [index, slug] of [...new Set(slugs)].entries()) {
    const { input_parameters, output_parameters } = schemas[index % schemas.length] as (typeof schemas)[number];
    const owner = ownerOfSlug(slug, known);
    const tool = { slug, description: `Stands for ${slug}.`, version: NEW, input_parameters, output_parameters };
    tools.set(owner, [...(tools.get(owner) ?? []), tool]);
  }
  const described = new Map(toolkits.map((toolkit) => [toolkit.slug, toolkit]));
  return [...new Set([...described.keys(), ...tools.keys()])].map((slug) => {
    const toolkit = described.get(slug) ?? { slug, meta: {} };
    return { toolkit: { ...toolkit, meta: { ...toolkit.meta, version: NEW } }, tools: tools.get(slug) ?? [] };
  });
}

const label = noCorpus ? "the whole platform (skipped: TOOLBIND_CORPUS is not set)" : "the whole platform";

describe.skipIf(noCorpus)(label, () => {
  it("is pulled in little memory, generated from, and pulled again without a write", async () => {
    const releases = wholePlatform();
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
