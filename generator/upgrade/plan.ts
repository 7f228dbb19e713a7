import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { CatalogueToolkit } from "../catalogue/types.js";
import type { ResolvedConfig } from "../config/resolve.js";
import { diffToolkit, type ToolkitDiff } from "../diff/toolkits.js";
import { ToolbindError } from "../errors.js";
import type { PlatformClient } from "../platform/client.js";
import { readAppFiles } from "../apps/files.js";
import { readApp } from "../apps/toolkit.js";
import { readAll } from "../run.js";
import { createLoader } from "../schema/load.js";
import { readConfirmedRenames } from "./confirmed.js";
import type { Report } from "./report.js";
import { fetchToolkit, newestVersions, readSnapshot } from "./releases.js";

export interface PlanOptions {
  readonly config: ResolvedConfig;
  /** Slugs; none means those of the snapshot that have a newer version. */
  readonly toolkits: readonly string[];
  readonly from?: string;
  readonly to?: string;
  /** The user's `tsconfig.json`; undefined takes the one beside the configuration, null looks at no code. */
  readonly project: string | null | undefined;
}

export interface Plan extends Report {
  /** The snapshot as it is, and as it would be. */
  readonly before: readonly CatalogueToolkit[];
  readonly after: readonly CatalogueToolkit[];
  readonly tsconfig: string | undefined;
}

/** Compares a custom app with another description of it. Writes nothing, and asks nobody. */
export async function planAppChange(
  path: string,
  { config, toolkits, project }: Pick<PlanOptions, "config" | "toolkits" | "project">,
): Promise<Plan> {
  const { catalogue } = await readAll({ kind: "config", config });
  const apps = catalogue.toolkits.filter((toolkit) => toolkit.app !== undefined);
  const [slug] = toolkits;
  const mapped = createLoader(config.schemaMap);
  const read = (given: CatalogueToolkit | undefined): CatalogueToolkit =>
    readApp(readAppFiles(path, config.cwd, slug ?? given?.slug), {
      cwd: config.cwd,
      given: () => new Map(Object.entries(given?.app?.operations ?? {})),
      mapped,
      consulted: () => {},
    }).toolkit;
  const old = apps.find((app) => app.slug === (slug ?? read(undefined).slug));
  if (old === undefined) {
    throw new ToolbindError("TB1004", {
      what: `There is no custom app ${JSON.stringify(slug ?? read(undefined).slug)} to compare with`,
      expected: apps.length === 0 ? "an app under `apps`" : apps.map((app) => app.slug).join(" or "),
      fix: "name the app (`toolbind diff APP --with FILE`), or add it with `toolbind add`",
    });
  }
  const now = read(old);
  const diffs = [diffToolkit(old, now, readConfirmedRenames(config), mapped)];
  const after = catalogue.toolkits.map((toolkit) => (toolkit === old ? now : toolkit));
  const tsconfig = projectOf(config, project);
  const plan = { before: catalogue.toolkits, after, tsconfig, diffs };
  if (tsconfig === undefined || diffs.every(({ tools }) => tools.length === 0))
    return { ...plan, uses: undefined, complaints: [] };
  return { ...plan, ...(await impact(config, tsconfig, plan)) };
}

/** Compares the snapshot with other versions, and looks who uses what changed. Writes nothing. */
export async function planUpgrade(client: PlatformClient, options: PlanOptions): Promise<Plan> {
  const { config } = options;
  const snapshot = readSnapshot(config);
  const slugs = await chosen(client, options, snapshot);
  const load = createLoader(config.schemaMap);
  const confirmed = readConfirmedRenames(config);
  const diffs: ToolkitDiff[] = [];
  const after = new Map(snapshot);
  for (const slug of slugs) {
    const present = snapshot.get(slug) as CatalogueToolkit;
    const old =
      options.from === undefined || options.from === present.version
        ? present
        : await fetchToolkit(client, slug, options.from);
    const now = options.to === present.version ? present : await fetchToolkit(client, slug, options.to);
    after.set(slug, now);
    diffs.push(diffToolkit(old, now, confirmed, load));
  }
  const tsconfig = projectOf(config, options.project);
  const plan = { before: [...snapshot.values()], after: [...after.values()], tsconfig, diffs };
  if (tsconfig === undefined || diffs.every(({ tools }) => tools.length === 0))
    return { ...plan, uses: undefined, complaints: [] };
  return { ...plan, ...(await impact(config, tsconfig, plan)) };
}

async function impact(
  config: ResolvedConfig,
  tsconfig: string,
  { before, after, diffs }: Pick<Plan, "before" | "after" | "diffs">,
): Promise<Pick<Plan, "uses" | "complaints">> {
  const { openProject } = await import("../usage/project.js");
  const project = await openProject(tsconfig, config.outDir, config.cwd);
  const [{ findUses }, { complaints, nameAll, touchedTools, usesBySlug }] = await Promise.all([
    import("../usage/find.js"),
    import("./impact.js"),
  ]);
  const uses = findUses(project, touchedTools(nameAll(config, before), diffs), config.outDir, config.cwd);
  return { uses: usesBySlug(uses), complaints: await complaints(project, config, nameAll(config, after), new Map()) };
}

async function chosen(
  client: PlatformClient,
  { toolkits }: PlanOptions,
  snapshot: ReadonlyMap<string, CatalogueToolkit>,
): Promise<string[]> {
  if (toolkits.length > 0) {
    const slugs = toolkits.map((slug) => slug.toLowerCase());
    const unknown = slugs.find((slug) => !snapshot.has(slug));
    if (unknown === undefined) return [...new Set(slugs)].sort();
    throw new ToolbindError("TB1004", {
      what: `There is no toolkit ${JSON.stringify(unknown)} in the snapshot`,
      fix: `fetch it with \`toolbind pull ${unknown}\``,
    });
  }
  const newest = await newestVersions(client);
  return [...snapshot.values()]
    .filter(({ slug, version }) => (newest.get(slug) ?? version) !== version)
    .map(({ slug }) => slug);
}

/** The user's `tsconfig.json`: the one that is named, or else the one beside the configuration, if it is there. */
export function projectOf(config: ResolvedConfig, project: string | null | undefined): string | undefined {
  if (project === null) return undefined;
  if (project !== undefined) return resolve(config.cwd, project);
  const beside = join(dirname(config.lockFile), "tsconfig.json");
  return existsSync(beside) ? beside : undefined;
}

/** How often the user's code uses the tools of each toolkit. */
export async function countUses(
  config: ResolvedConfig,
  tsconfig: string,
  toolkits: readonly CatalogueToolkit[],
): Promise<Map<string, number>> {
  const { openProject } = await import("../usage/project.js");
  const project = await openProject(tsconfig, config.outDir, config.cwd);
  const [{ findUses }, { knownTool, nameAll }] = await Promise.all([import("../usage/find.js"), import("./impact.js")]);
  const named = nameAll(config, toolkits);
  const owners = new Map(
    toolkits.flatMap(({ slug, tools }) => tools.map((tool): [string, string] => [tool.slug, slug])),
  );
  const known = [...owners]
    .map(([slug, toolkit]) => knownTool(named, toolkit, slug))
    .filter((tool) => tool !== undefined);
  const counts = new Map<string, number>();
  for (const { slug } of findUses(project, known, config.outDir, config.cwd)) {
    const owner = owners.get(slug) as string;
    counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  return counts;
}
