import type { ResolvedConfig } from "../config/resolve.js";
import { pull } from "../platform/pull.js";
import { generate } from "../run.js";
import { displayName } from "../sources/files.js";
import type { Aliases } from "../lock/names.js";
import type { RenamedTool } from "../usage/rewrite.js";
import type { Use } from "../usage/find.js";
import { writeFileWhole } from "../write/write.js";
import type { Complaint } from "./impact.js";
import { movePins } from "./pins.js";
import type { Plan } from "./plan.js";

export interface AppliedUpgrade {
  /** How many uses got a new name. */
  readonly rewritten: number;
  /** The user's files that were written. */
  readonly files: readonly string[];
  /** The configuration, where pins in it were moved. */
  readonly configuration: string | null;
  /** Uses that only their author can change. */
  readonly left: readonly { readonly use: Omit<Use, "node">; readonly reason: string }[];
  /** What the compiler says of the result, and did not say before. */
  readonly complaints: readonly Complaint[];
}

export interface UpgradeOptions {
  /** Keep the old names of renamed tools as deprecated aliases, until the next upgrade. */
  readonly keepAliases?: boolean;
}

/**
 * Moves the pins to the versions of the plan, generates, and gives renamed tools their new names in the user's code.
 * The code is written last, each file whole, so that a failure before that leaves it as it was.
 */
export async function applyUpgrade(
  config: ResolvedConfig,
  plan: Plan,
  { keepAliases = false }: UpgradeOptions = {},
): Promise<AppliedUpgrade> {
  const moved = await movePins(config, new Map(plan.diffs.map(({ toolkit, to }) => [toolkit, to])));
  const renamed = await renamedTools(config, plan);
  const aliases = keepAliases ? aliasesOf(renamed) : undefined;
  const code = await rewriteCode(config, plan, renamed, aliases);
  const toolkits = plan.diffs.map(({ toolkit }) => toolkit);
  await pull({ config: moved.config, toolkits, latest: true });
  const { configFile } = config;
  const configuration = moved.text === undefined ? null : configFile;
  if (configuration !== null && moved.text !== undefined) writeFileWhole(configuration, moved.text);
  await generate({ source: { kind: "config", config: moved.config }, ...(aliases !== undefined && { aliases }) });
  for (const [path, text] of code.texts) writeFileWhole(path, text);
  const { rewritten, left, complaints } = code;
  return {
    rewritten,
    files: [...code.texts.keys()].map((path) => displayName(path, config.cwd)),
    configuration: configuration === null ? null : displayName(configuration, config.cwd),
    left,
    complaints,
  };
}

interface RewrittenCode extends Pick<AppliedUpgrade, "rewritten" | "left" | "complaints"> {
  readonly texts: ReadonlyMap<string, string>;
}

interface ToolkitTool extends RenamedTool {
  readonly toolkit: string;
}

async function renamedTools(config: ResolvedConfig, { before, after, diffs }: Plan): Promise<ToolkitTool[]> {
  const { knownTool, nameAll } = await import("./impact.js");
  const [old, now] = [nameAll(config, before), nameAll(config, after)];
  return diffs.flatMap(({ toolkit, tools }) =>
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

async function rewriteCode(
  config: ResolvedConfig,
  { after, tsconfig }: Plan,
  renamed: readonly ToolkitTool[],
  aliases: Aliases | undefined,
): Promise<RewrittenCode> {
  if (tsconfig === undefined) return { texts: new Map(), rewritten: 0, left: [], complaints: [] };
  const { openProject } = await import("../usage/project.js");
  const project = await openProject(tsconfig, config.outDir, config.cwd);
  const [{ findUses }, { rewriteUses }, { complaints, nameAll }] = await Promise.all([
    import("../usage/find.js"),
    import("../usage/rewrite.js"),
    import("./impact.js"),
  ]);
  const now = { ...nameAll(config, after), ...(aliases !== undefined && { aliases }) };
  const uses = findUses(
    project,
    renamed.map(({ from }) => from),
    config.outDir,
    config.cwd,
  );
  const { files: texts, rewritten, left } = rewriteUses(uses, renamed);
  return {
    texts,
    rewritten: rewritten.length,
    left: left.map(({ use: { node: _node, ...use }, reason }) => ({ use, reason })),
    complaints: await complaints(project, config, now, texts),
  };
}
