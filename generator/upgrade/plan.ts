import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { CatalogueToolkit } from "../catalogue/types.js";
import type { ResolvedConfig } from "../config/resolve.js";
import { suggestMoves } from "../diff/moves.js";
import { diffToolkit } from "../diff/toolkits.js";
import { ToolbindError } from "../errors.js";
import type { PlatformClient } from "../platform/client.js";
import { readAppFiles } from "../apps/files.js";
import { readApp } from "../apps/toolkit.js";
import { readAll } from "../load.js";
import { createLoader } from "../schema/load.js";
import { readConfirmedRenames } from "./confirmed.js";
import type { CodeBeside } from "./impact.js";
import { configAfter } from "./pins.js";
import type { Report } from "./report.js";
import { fetchToolkits, isNewer, newestVersions, type FetchedToolkit } from "./releases.js";

type Projects = string | readonly string[] | null | undefined;

export interface PlanOptions {
  readonly config: ResolvedConfig;
  /** Slugs; none means those of the snapshot that have a newer version. */
  readonly toolkits: readonly string[];
  readonly from?: string;
  readonly to?: string;
  /** The user's `tsconfig.json`, or several; undefined takes the one beside the configuration, null looks at no code. */
  readonly project: Projects;
  /** Do not compile the code; `applyUpgrade` will. */
  readonly uncompiled?: boolean;
}

export interface Plan extends Report {
  /** All toolkits as they are, and as they would be. */
  readonly before: readonly CatalogueToolkit[];
  readonly after: readonly CatalogueToolkit[];
  /** The configuration as it would be. */
  readonly config: ResolvedConfig;
  /** The user's code; undefined if it was not read. */
  readonly code: CodeBeside | undefined;
}

/** Compares a custom app with another description of it. Writes nothing, and sends nothing. */
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
  return look(
    config,
    { project },
    {
      before: catalogue.toolkits,
      after: catalogue.toolkits.map((toolkit) => (toolkit === old ? now : toolkit)),
      diffs: [diffToolkit(old, now, readConfirmedRenames(config), mapped)],
    },
  );
}

/** Compares the snapshot with other versions, and finds the uses of what changed. Writes nothing. */
export async function planUpgrade(client: PlatformClient, options: PlanOptions): Promise<Plan> {
  const { config, from, to } = options;
  const { catalogue } = await readAll({ kind: "config", config });
  const snapshot = new Map(catalogue.toolkits.filter(({ app }) => app === undefined).map((each) => [each.slug, each]));
  const slugs = await chosen(client, options, snapshot);
  const at = (version: string | undefined): readonly { slug: string; version: string | undefined }[] =>
    slugs
      .filter((slug) => version === undefined || version !== snapshot.get(slug)?.version)
      .map((slug) => ({ slug, version }));
  const [old, now] = await Promise.all([
    from === undefined ? [] : fetchToolkits(client, at(from)),
    fetchToolkits(client, at(to)),
  ]);
  const [before, after] = [old, now].map((toolkits) => {
    const emptied = ({ slug, version }: FetchedToolkit): CatalogueToolkit => {
      return { ...(snapshot.get(slug) as CatalogueToolkit), version, tools: [] };
    };
    return new Map(toolkits.map((each) => [each.slug, each.toolkit ?? emptied(each)]));
  });
  const load = createLoader(config.schemaMap);
  const confirmed = readConfirmedRenames(config);
  const all = catalogue.toolkits.map((toolkit) => after?.get(toolkit.slug) ?? toolkit);
  const owners = new Map(all.flatMap(({ slug, tools }) => tools.map((tool) => [tool.slug, slug])));
  const compared = slugs.map((slug) => {
    const present = snapshot.get(slug) as CatalogueToolkit;
    return [before?.get(slug) ?? present, after?.get(slug) ?? present] as const;
  });
  const diffs = suggestMoves(
    compared.map(([then, now]) => diffToolkit(then, now, confirmed, load, owners)),
    compared.map(([then]) => then),
    compared.map(([, now]) => now),
    confirmed,
  );
  return look(config, options, { before: catalogue.toolkits, after: all, diffs });
}

/** Adds to a plan what it means for the user's code, if there is any. */
async function look(
  config: ResolvedConfig,
  { project, uncompiled = false }: Pick<PlanOptions, "project" | "uncompiled">,
  { before, after, diffs }: Pick<Plan, "before" | "after" | "diffs">,
): Promise<Plan> {
  const tsconfigs = projectOf(config, project);
  const plan = { before, after, diffs, config: configAfter(config, diffs) };
  if (tsconfigs === undefined || diffs.every(({ tools }) => tools.length === 0))
    return { ...plan, code: undefined, uses: undefined, complaints: [] };
  const { CodeBeside, complaintOf, nameAll, touchedTools, usesBySlug } = await import("./impact.js");
  const code = await CodeBeside.open(config, tsconfigs);
  const { findUses } = await import("../usage/find.js");
  const uses = findUses(code.user, touchedTools(nameAll(config, before), diffs), config.outDir, config.cwd);
  const findings = uncompiled ? [] : await code.findingsAfter(plan.config, nameAll(plan.config, after), new Map());
  return { ...plan, code, uses: usesBySlug(uses), complaints: findings.map(complaintOf) };
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
    .filter(({ slug, version }) => isNewer(newest.get(slug), version))
    .map(({ slug }) => slug);
}

/** The given projects, or else the `tsconfig.json` or `jsconfig.json` next to the configuration. */
function projectOf(config: ResolvedConfig, project: Projects): readonly string[] | undefined {
  if (project === null) return undefined;
  if (project !== undefined) return [project].flat().map((file) => resolve(config.cwd, file));
  const beside = ["tsconfig.json", "jsconfig.json"].map((name) => join(dirname(config.lockFile), name));
  const found = beside.find((file) => existsSync(file));
  return found === undefined ? undefined : [found];
}

/**
 * The projects to read, null for none, and a note for users whose code is not read although they did not opt out.
 * Without ts-morph, code that would not be rewritten is skipped.
 */
export function codeToRead(
  config: ResolvedConfig,
  flag: readonly string[] | false | undefined,
  { isRewritten }: { readonly isRewritten: boolean },
): { readonly project: readonly string[] | null; readonly unseen?: string } {
  if (flag === false) return { project: null };
  const project = projectOf(config, flag);
  if (project === undefined) {
    const unseen =
      "Your code is not analysed: there is no tsconfig.json beside the configuration. Name one with `--project FILE`, or pass `--no-project`.";
    return { project: null, unseen };
  }
  if (flag !== undefined || isRewritten || hasTsMorph()) return { project };
  const unseen =
    "Your code is not analysed: that needs ts-morph. Run `npm install --save-dev ts-morph`, or pass `--no-project`.";
  return { project: null, unseen };
}

function hasTsMorph(): boolean {
  try {
    createRequire(import.meta.url).resolve("ts-morph");
    return true;
  } catch {
    return false;
  }
}

/** How often the user's code uses the tools of each toolkit. */
export async function countUses(
  config: ResolvedConfig,
  tsconfigs: readonly string[],
  toolkits: readonly CatalogueToolkit[],
): Promise<Map<string, number>> {
  const { openProject } = await import("../usage/project.js");
  const project = await openProject(tsconfigs, config.outDir, config.cwd);
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
