import type { Command } from "commander";
import { loadProjectConfig } from "../config/project.js";
import type { ResolvedConfig } from "../config/resolve.js";
import { ToolbindError } from "../errors.js";
import { readLock } from "../lock/lockfile.js";
import { displayName } from "../sources/files.js";
import { plain } from "../text/plain.js";
import { createContext, type Context } from "./shared/context.js";
import { PROJECT, type ProjectFlag } from "./shared/project-option.js";
import { EXIT } from "./shared/exit.js";

export interface DiffFlags {
  readonly from?: string;
  readonly to?: string;
  readonly with?: string;
  readonly markdown?: boolean;
  readonly project?: ProjectFlag;
}

const EXAMPLES = `
Compares the pinned with the newest versions, and lists the lines of your code that each change affects. Reading
your code needs ts-morph; \`--no-project\` skips it. Exits 3 when something breaks.

Examples:
  $ toolbind diff
  $ toolbind diff github --from 20250906_01 --to 20251027_00
  $ toolbind diff --markdown > changes.md
  $ toolbind diff acme --with ../acme/openapi.yaml   # before \`toolbind add --force\``;

export function configure(command: Command): void {
  command
    .argument("[toolkits...]", "slugs of toolkits; all that have a newer version by default")
    .option("--from <version>", "compare this version, instead of the pinned one")
    .option("--to <version>", "with this version, instead of the newest")
    .option("--with <dir-or-spec>", "compare a custom app with this description; does not contact the platform")
    .option("--markdown", "print Markdown, for a pull request")
    .option<ProjectFlag>(...PROJECT)
    .option("--no-project", "do not read your code")
    .addHelpText("after", EXAMPLES)
    .action(async (toolkits: readonly string[], flags: DiffFlags) => {
      if (flags.with !== undefined && (flags.from !== undefined || flags.to !== undefined || toolkits.length > 1)) {
        command.error("error: --with compares one app as it is with a description; it takes neither --from nor --to");
      }
      process.exitCode = await run(createContext(command), toolkits, flags);
    });
}

async function run(context: Context, toolkits: readonly string[], flags: DiffFlags): Promise<number> {
  const { cwd, configFile, output } = context;
  const config = await loadProjectConfig(cwd, configFile);
  if (flags.with === undefined) refuseApps(config, toolkits);
  const [{ codeToRead, planAppChange, planUpgrade }, { connect }, { reportJson, reportMarkdown, reportText }] =
    await Promise.all([import("../upgrade/plan.js"), import("../upgrade/releases.js"), import("../upgrade/report.js")]);
  const { project, unseen } = codeToRead(config, flags.project, { isRewritten: false });
  const options = { config, toolkits, project };
  const plan =
    flags.with === undefined
      ? await planUpgrade(connect(config), {
          ...options,
          ...(flags.from !== undefined && { from: flags.from }),
          ...(flags.to !== undefined && { to: flags.to }),
        })
      : await planAppChange(flags.with, options);
  if (unseen !== undefined && plan.diffs.length > 0) output.note(unseen);
  output.result({
    json: () => reportJson(plan),
    text: () => plain(flags.markdown === true ? reportMarkdown(plan) : reportText(plan)),
  });
  return plan.diffs.some((diff) => diff.class === "breaking") ? EXIT.difference : EXIT.done;
}

/** No platform knows of other versions of an app. */
function refuseApps({ cwd, lockFile }: ResolvedConfig, toolkits: readonly string[]): void {
  const known = readLock(lockFile, displayName(lockFile, cwd))?.lock.toolkits;
  const app = toolkits.find((slug) => known?.get(slug)?.operations !== undefined);
  if (app === undefined) return;
  throw new ToolbindError("TB1004", {
    what: `${app} is a custom app, so the platform has no versions of it`,
    fix: `compare it with another description of it, \`toolbind diff ${app} --with FILE\``,
  });
}
