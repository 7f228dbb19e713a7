import { readFileSync } from "node:fs";
import { configName, type ResolvedConfig } from "../config/resolve.js";
import { checkLock } from "../lock/check.js";
import { readLock } from "../lock/lockfile.js";
import { displayPath, withSlashes } from "../paths.js";
import { pull } from "../platform/pull.js";
import { generate } from "../run.js";
import { select } from "../select.js";
import { displayName } from "../sources/files.js";
import type { Aliases } from "../lock/names.js";
import type { RenamedTool } from "../usage/rewrite.js";
import { siteOf, type Use, type UseSite } from "../usage/use.js";
import { replaceFiles } from "../write/write.js";
import type { Complaint } from "./impact.js";
import { configAfter, movedText } from "./pins.js";
import type { Plan } from "./plan.js";

export interface AppliedUpgrade {
  /** How many uses got a new name. */
  readonly rewritten: number;
  /** The user's files that were written. */
  readonly files: readonly string[];
  /** The configuration, where pins in it were moved. */
  readonly configuration: string | null;
  /** Uses that only their author can change. */
  readonly left: readonly { readonly use: UseSite; readonly reason: string }[];
  /** Toolkits that stay at their versions, as the newer ones have no tools. */
  readonly stays: readonly string[];
  /** Compiler errors of the result that did not exist before. */
  readonly complaints: readonly Complaint[];
}

export interface UpgradeOptions {
  /** Keep the old names of renamed tools as deprecated aliases, until the next upgrade. */
  readonly keepAliases?: boolean;
}

/**
 * Moves the pins to the versions of the plan, renames tools in the user's code, and generates. The code is written once
 * everything is fetched, just before the snapshot and the lock: a failure until then changes nothing. If the process is
 * killed later, the next upgrade, or `generate`, completes the work.
 */
export async function applyUpgrade(
  config: ResolvedConfig,
  given: Plan,
  { keepAliases = false }: UpgradeOptions = {},
): Promise<AppliedUpgrade> {
  const { plan, stays } = withoutEmptied(config, given);
  await refuseDisagreement(config, plan);
  const text = await movedText(config, plan.diffs);
  const renamed = await renamedTools(config, plan);
  const aliases = keepAliases ? aliasesOf(renamed) : undefined;
  const code = await rewriteCode(config, plan, { renamed, aliases, text });
  const versions = new Map(plan.diffs.map(({ toolkit, to }) => [toolkit, to]));
  const configuration = text === undefined ? null : config.configFile;
  const texts = new Map([...code.texts].map(([path, own]) => [path, `${byteOrderMarkOf(path)}${own}`]));
  if (configuration !== null && text !== undefined) texts.set(configuration, text);
  const commit = (move: () => void): void => replaceFiles(texts, move);
  if (versions.size > 0)
    await pull({ config: plan.config, toolkits: [...versions.keys()], latest: true, versions, commit });
  await generate({ source: { kind: "config", config: plan.config }, ...(aliases !== undefined && { aliases }) });
  const { rewritten, left, complaints } = code;
  return {
    rewritten,
    files: [...code.texts.keys()].map((path) => displayPath(config.cwd, path)),
    configuration: configuration === null ? null : displayName(configuration, config.cwd),
    left,
    stays,
    complaints,
  };
}

/** The compiler strips it from the text of a file. */
function byteOrderMarkOf(path: string): string {
  return readFileSync(path, "utf8").startsWith("\ufeff") ? "\ufeff" : "";
}

/** The plan without toolkits that no longer have tools, since those cannot be pulled. */
function withoutEmptied(
  config: ResolvedConfig,
  plan: Plan,
): { readonly plan: Plan; readonly stays: readonly string[] } {
  const stays = plan.after.filter(({ tools }) => tools.length === 0).map(({ slug }) => slug);
  if (stays.length === 0) return { plan, stays };
  const diffs = plan.diffs.filter(({ toolkit }) => !stays.includes(toolkit));
  const after = plan.after.map((toolkit) =>
    stays.includes(toolkit.slug) ? (plan.before.find(({ slug }) => slug === toolkit.slug) ?? toolkit) : toolkit,
  );
  return { plan: { ...plan, diffs, after, config: configAfter(config, diffs) }, stays };
}

/** Refuses, before anything moves, what `generate` would refuse of the toolkits that stay. */
async function refuseDisagreement(config: ResolvedConfig, { diffs, before }: Plan): Promise<void> {
  const moving = new Set(diffs.map(({ toolkit }) => toolkit));
  const staying = <T>(entries: Iterable<readonly [string, T]>): [string, T][] =>
    [...entries].flatMap(([slug, entry]): [string, T][] => (moving.has(slug) ? [] : [[slug, entry]]));
  const catalogue = { toolkits: before.filter(({ slug }) => !moving.has(slug)) };
  const toolkits = Object.fromEntries(staying(Object.entries(config.toolkits ?? {})));
  await select(catalogue, { toolkits, only: undefined }, configName(config));
  const lockName = displayName(config.lockFile, config.cwd);
  const lock = readLock(config.lockFile, lockName)?.lock;
  if (lock === undefined) return;
  checkLock(catalogue, { toolkits: new Map(staying(lock.toolkits)) }, lockName, { updateLock: false, frozen: false });
}

interface RewrittenCode extends Pick<AppliedUpgrade, "rewritten" | "left" | "complaints"> {
  readonly texts: ReadonlyMap<string, string>;
}

interface ToolkitTool extends RenamedTool {
  readonly toolkit: string;
}

async function renamedTools(config: ResolvedConfig, plan: Plan): Promise<ToolkitTool[]> {
  const { knownTool, nameAll } = await import("./impact.js");
  const [old, now] = [nameAll(config, plan.before), nameAll(plan.config, plan.after)];
  return plan.diffs.flatMap(({ toolkit, tools }) =>
    tools.flatMap(({ slug, to }) => {
      const from = knownTool(old, toolkit, slug);
      const target = to === undefined ? undefined : knownTool(now, toolkit, to);
      return from === undefined || target === undefined ? [] : [{ toolkit, from, to: target }];
    }),
  );
}

function aliasesOf(renamed: readonly ToolkitTool[]): Map<string, Map<string, string>> {
  const aliases = new Map<string, Map<string, string>>();
  for (const { toolkit, from, to } of renamed) {
    if (from.name === to.name) continue;
    const own = aliases.get(toolkit);
    if (own === undefined) aliases.set(toolkit, new Map([[from.name, to.slug]]));
    else own.set(from.name, to.slug);
  }
  return aliases;
}

interface Rewriting {
  readonly renamed: readonly ToolkitTool[];
  readonly aliases: Aliases | undefined;
  /** The configuration's new text, where it has one. */
  readonly text: string | undefined;
}

async function rewriteCode(
  config: ResolvedConfig,
  plan: Plan,
  { renamed, aliases, text }: Rewriting,
): Promise<RewrittenCode> {
  const { code, uses = new Map<string, readonly Use[]>() } = plan;
  if (code === undefined) return { texts: new Map(), rewritten: 0, left: [], complaints: [] };
  const [{ rewriteUses }, { complaintOf, nameAll }, { renameMissed }] = await Promise.all([
    import("../usage/rewrite.js"),
    import("./impact.js"),
    import("./missed.js"),
  ]);
  // The configuration may be part of the project, but is rewritten separately.
  const configFile = config.configFile === null ? undefined : withSlashes(config.configFile);
  const own = [...uses.values()].flat().filter(({ node }) => node.getSourceFile().fileName !== configFile);
  const rewrite = rewriteUses(own, renamed);
  const removed = new Map(
    plan.diffs.flatMap(({ tools }) =>
      tools
        .filter(({ kind }) => kind === "removed")
        .map(({ slug, moved }) => {
          if (moved === undefined) return [slug, "is gone"];
          return [slug, `${moved.score === undefined ? "is now" : "may now be"} ${moved.slug} of ${moved.toolkit}`];
        }),
    ),
  );
  const gone = own
    .filter(({ slug }) => removed.has(slug))
    .map((use) => ({ use, reason: `${use.slug} ${removed.get(use.slug)}` }));
  const left = [...rewrite.left, ...gone]
    .map(({ use, reason }) => ({ use: siteOf(use), reason }))
    .sort((a, b) => (a.use.file === b.use.file ? a.use.line - b.use.line : a.use.file < b.use.file ? -1 : 1));
  const texts = new Map(rewrite.files);
  if (
    configFile !== undefined &&
    text !== undefined &&
    code.user.files.some((file) => file.getFilePath() === configFile)
  )
    texts.set(configFile, text);
  const now = { ...nameAll(plan.config, plan.after), ...(aliases !== undefined && { aliases }) };
  const found = await code.findingsAfter(plan.config, now, texts);
  const missed = renameMissed(code, found, renamed, (path) => path !== configFile);
  return {
    texts: new Map([...rewrite.files, ...missed.texts]),
    rewritten: rewrite.rewritten.length + missed.rewritten,
    left,
    complaints: missed.findings.map(complaintOf),
  };
}
