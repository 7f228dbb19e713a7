import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { nameToolkits } from "../../generator/lock/names.js";
import { type PlatformRelease, startPlatform } from "../../testing/index.js";
import { parse, toolbind, type Run } from "../cli/run.js";
import { KEY, NEW, OLD } from "../platform/support.js";
import { MODULES, typeCheck, type CompilerError } from "../support/compilers.js";
import { noCorpus } from "../support/corpus.js";
import { createFolder, put } from "../support/project.js";
import { Random } from "../support/random.js";
import { starterPlatform, wholePlatform } from "../support/releases.js";
import { bump } from "./bump.js";
import { sampleProject } from "./sample-project.js";

const SEED = 20251121;
const OPTIONS = {
  strict: true,
  noEmit: true,
  types: [],
  lib: ["es2023", "dom"],
  target: "es2022",
  skipLibCheck: true,
  ...MODULES.nodenext,
};

interface Place {
  readonly file: string;
  readonly line: number;
}

interface Upgraded {
  readonly toolkits: readonly {
    readonly toolkit: string;
    readonly class: string;
    readonly tools: readonly { readonly kind: string; readonly slug: string; readonly to?: string }[];
  }[];
  readonly uses: Readonly<Record<string, readonly Place[]>>;
  readonly compiler: readonly Place[];
  readonly complaints: readonly Place[];
  readonly left: readonly { readonly use: Place }[];
  readonly rewritten: number;
  readonly stays: readonly string[];
}

interface Scale {
  /** How many toolkits the program generates and uses. */
  readonly used: number;
  /** Of the toolkits by size, every how manieth. */
  readonly apart?: number;
  readonly toolsAFile: number;
}

async function prove(before: readonly PlatformRelease[], { used, apart = 1, toolsAFile }: Scale): Promise<void> {
  const random = new Random(SEED);
  const { releases: after, renamed, removed } = bump(before, NEW, random);
  const folder = createFolder();
  const bySize = [...before].sort((a, b) => b.tools.length - a.tools.length);
  const chosen = bySize.filter((_, index) => index % apart === 0).slice(0, used);
  const toolkits = Object.fromEntries(chosen.map(({ toolkit }) => [toolkit.slug, true]));
  put(folder, "toolbind.config.json", { toolkits });
  put(folder, "tsconfig.json", { compilerOptions: OPTIONS, include: ["src"] });
  const at = async (releases: readonly PlatformRelease[]): Promise<(args: readonly string[]) => Promise<Run>> => {
    const platform = await startPlatform({ snapshot: releases, apiKey: KEY });
    onTestFinished(() => platform.close());
    const env = { COMPOSIO_API_KEY: KEY, COMPOSIO_BASE_URL: platform.url };
    return (args) => toolbind([...args, "--cwd", folder.path], { env });
  };

  const old = await at(before);
  expect(await old(["pull", "--all", "--quiet"])).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(await old(["generate", "--quiet", "--frozen"])).toEqual({ code: 0, stdout: "", stderr: "" });
  const lock = parse(readFileSync(join(folder.path, "toolbind.lock.json"), "utf8")) as {
    toolkits: Record<string, { names: Record<string, string> }>;
  };
  const names = nameToolkits(Object.keys(toolkits));
  const sample = sampleProject(
    chosen.map(({ toolkit: { slug }, tools }) => ({
      slug,
      ...(names.get(slug) as { folder: string; namespace: string }),
      tools: interleaved(tools, ({ slug: own }) => renamed.has(own)).map((tool) => ({
        slug: tool.slug,
        name: lock.toolkits[slug]?.names[tool.slug] as string,
        input: tool.input_parameters,
      })),
    })),
    toolsAFile,
  );
  for (const [file, text] of sample.files) {
    mkdirSync(dirname(join(folder.path, file)), { recursive: true });
    folder.write(file, text);
  }
  const compile = (): Promise<CompilerError[]> => typeCheck(folder, "TypeScript 7", ["src"], OPTIONS);
  expect(await compile()).toEqual([]);

  const now = await at([...before, ...after]);
  const outdated = await now(["outdated", "--json"]);
  expect(outdated).toMatchObject({ code: 0, stderr: "" });
  const rows = parse(outdated.stdout) as { toolkit: string; uses: number }[];
  const filled = before.filter(({ tools }) => tools.length > 0);
  expect(rows).toHaveLength(filled.length);

  const diffed = await now(["diff", "--json"]);
  expect(diffed).toMatchObject({ code: 3, stderr: "" });
  const plan = parse(diffed.stdout) as Upgraded;
  const touched = new Map(plan.toolkits.flatMap(({ tools }) => tools).map((tool) => [tool.slug, tool]));
  const placeOf = ({ file, line }: Place): string => `${file}:${line}`;
  for (const { slug, ...place } of sample.sites) {
    if (!touched.has(slug)) continue;
    const listed = (plan.uses[slug] ?? []).map(placeOf);
    expect(listed, `${slug} (${touched.get(slug)?.kind})`).toContain(placeOf(place));
  }

  const upgraded = await now(["upgrade", "--write", "--json"]);
  expect(upgraded.stderr).toBe("");
  const result = parse(upgraded.stdout) as Upgraded;
  const listed = new Set([...result.complaints, ...result.left.map(({ use }) => use)].map(placeOf));
  const errors = await compile();
  expect(errors.filter((error) => !listed.has(placeOf(error)))).toEqual([]);

  // No call left behind.
  const isLeft = new Set(result.left.map(({ use }) => placeOf(use)));
  const found = [...touched.values()].filter(({ kind }) => kind === "renamed");
  for (const { slug } of found) {
    for (const file of sample.files.keys()) {
      for (const [index, text] of readFileSync(join(folder.path, file), "utf8").split("\n").entries()) {
        if (isLeft.has(`${file}:${index + 1}`)) continue;
        expect(new RegExp(`\\b${slug}\\b`).test(text), `${file}:${index + 1} ${text}`).toBe(false);
      }
    }
  }
  // The script's renames and removals are what the diff says they are.
  const right = found.filter(({ slug, to }) => renamed.get(slug) === to);
  expect(right.length / found.length).toBeGreaterThan(0.98);
  for (const slug of removed) expect(touched.get(slug)?.kind, slug).toMatch(/removed|renamed/);
  // The program is one that the version concerns.
  expect(sample.sites.length).toBeGreaterThan(300);
  expect(result.rewritten).toBeGreaterThan(60);
  expect(errors.length).toBeGreaterThan(10);

  expect(await now(["check", "--quiet"])).toEqual({ code: 0, stdout: "", stderr: "" });
  const emptied = after.filter(({ tools }, index) => tools.length === 0 && before[index]?.tools.length !== 0);
  expect(result.stays).toEqual(emptied.map(({ toolkit }) => toolkit.slug).sort());
  const still = parse((await now(["outdated", "--json"])).stdout) as { toolkit: string }[];
  expect(still.map(({ toolkit }) => toolkit)).toEqual(result.stays);
}

/** Those that fit, each followed by one that does not, as long as there are both. */
function interleaved<T>(items: readonly T[], fits: (item: T) => boolean): T[] {
  const [first, second] = [items.filter(fits), items.filter((item) => !fits(item))];
  return Array.from({ length: Math.max(first.length, second.length) }, (_, index) => [first[index], second[index]])
    .flat()
    .filter((item) => item !== undefined);
}

describe("an upgrade of a whole program", () => {
  it("of the bundled toolkits leaves no call behind", async () => {
    await prove(await starterPlatform(OLD), { used: 5, toolsAFile: 4 });
  }, 600_000);

  it.skipIf(noCorpus)(
    "of every toolkit of the platform leaves no call behind",
    async () => {
      await prove(wholePlatform(OLD), { used: 4, apart: 40, toolsAFile: 4 });
    },
    600_000,
  );
});
