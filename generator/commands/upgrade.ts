import type { Command } from "commander";
import { loadProjectConfig } from "../config/project.js";
import { plain } from "../text/plain.js";
import { count } from "../terminal/output.js";
import { createContext, type Context } from "./shared/context.js";
import { PROJECT, type ProjectFlag } from "./shared/project-option.js";
import { EXIT } from "./shared/exit.js";

interface UpgradeFlags {
  readonly write?: boolean;
  readonly keepAliases?: boolean;
  readonly project?: ProjectFlag;
}

const EXAMPLES = `
Without --write it shows what \`toolbind diff\` shows. With it, the pins move to the newest versions, the output is
regenerated, and renamed tools get their new names in your code; what cannot be rewritten safely is listed.

Examples:
  $ toolbind upgrade
  $ toolbind upgrade github --write
  $ toolbind upgrade --write --keep-aliases   # for code outside this project`;

export function configure(command: Command): void {
  command
    .argument("[toolkits...]", "slugs of toolkits; all that have a newer version by default")
    .option("--write", "move the pins, generate, and rewrite renamed tools in your code")
    .option("--keep-aliases", "with --write: keep the old names of renamed tools, deprecated, until the next upgrade")
    .option<ProjectFlag>(...PROJECT)
    .option("--no-project", "leave your code alone")
    .addHelpText("after", EXAMPLES)
    .action(async (toolkits: readonly string[], flags: UpgradeFlags) => {
      if (flags.keepAliases === true && flags.write !== true)
        command.error("error: --keep-aliases requires --write: without it, nothing is generated");
      process.exitCode = await run(createContext(command), toolkits, flags);
    });
}

async function run(context: Context, toolkits: readonly string[], flags: UpgradeFlags): Promise<number> {
  const { cwd, configFile, output } = context;
  const config = await loadProjectConfig(cwd, configFile);
  const [{ codeToRead, planUpgrade }, { connect }, { reportJson, reportText }] = await Promise.all([
    import("../upgrade/plan.js"),
    import("../upgrade/releases.js"),
    import("../upgrade/report.js"),
  ]);
  const { project, unseen } = codeToRead(config, flags.project, { isRewritten: flags.write === true });
  const plan = await planUpgrade(connect(config), { config, toolkits, project, uncompiled: flags.write === true });
  if (unseen !== undefined && plan.diffs.length > 0) output.note(unseen);
  const breaks = plan.diffs.some((diff) => diff.class === "breaking");
  if (flags.write !== true || plan.diffs.length === 0) {
    output.result({ json: () => reportJson(plan), text: () => plain(reportText(plan)) });
    return breaks ? EXIT.difference : EXIT.done;
  }
  const { applyUpgrade } = await import("../upgrade/apply.js");
  const applied = await applyUpgrade(config, plan, { keepAliases: flags.keepAliases === true });
  output.result({
    json: () => ({ ...reportJson(plan), ...applied }),
    text: () =>
      plain(
        `${reportText({ ...plan, complaints: applied.complaints }, { isDone: true })}\n\n${summary(applied, plan)}`,
      ),
  });
  const isDone = applied.complaints.length === 0 && applied.left.length === 0 && applied.stays.length === 0;
  return isDone ? EXIT.done : EXIT.difference;
}

type Plan = Awaited<ReturnType<typeof import("../upgrade/plan.js").planUpgrade>>;
type Applied = Awaited<ReturnType<typeof import("../upgrade/apply.js").applyUpgrade>>;

function summary({ rewritten, files, configuration, left, stays }: Applied, { diffs }: Plan): string {
  const lines = [
    `Upgraded ${count(diffs.length - stays.length, "toolkit")}; ${count(rewritten, "use")} rewritten in ${count(files.length, "file")}.`,
  ];
  if (configuration !== null) lines.push(`Pins moved in ${configuration}.`);
  for (const { toolkit, from, to } of diffs.filter((diff) => stays.includes(diff.toolkit)))
    lines.push(`${toolkit} stays at ${from ?? "no version"}: ${to ?? "the newest"} has no tools.`);
  if (left.length > 0) lines.push("Left for you:");
  for (const { use, reason } of left) lines.push(`  ${use.file}:${use.line}:${use.column} ${use.code} (${reason})`);
  return lines.join("\n");
}
