import type { Command } from "commander";
import { loadProjectConfig } from "../config/project.js";
import type { PulledToolkit, PullResult } from "../platform/pull.js";
import { plain } from "../text/plain.js";
import { printDiagnostics } from "../terminal/diagnostics.js";
import { columns, count, styled } from "../terminal/output.js";
import { createProgress } from "../terminal/progress.js";
import { displayPath } from "../paths.js";
import { createContext, type Context } from "./shared/context.js";
import { EXIT } from "./shared/exit.js";

interface PullFlags {
  readonly all?: boolean;
  readonly latest?: boolean;
  readonly strict?: boolean;
  readonly openapi?: boolean;
}

/** As shells count Ctrl+C. */
const INTERRUPTED = 130;
/** Of more toolkits than this, only those that changed are shown one by one. */
const SHOWN_UNCHANGED = 20;

const EXAMPLES = `
The API key comes from COMPOSIO_API_KEY. A toolkit stays at the version that the configuration or the lock pins.
If neither pins one, the newest is pulled, and the lock then pins it.

With --openapi it writes nothing: it compares the platform's own OpenAPI description with the one that toolbind uses,
\`openapi.json\` in the snapshot or else a built-in one, lists the changes, and exits 3 when something breaks.

Examples:
  $ toolbind pull                     # toolkits in the configuration, else in the lock
  $ toolbind pull github gmail
  $ toolbind pull github --latest     # move the pin to the newest version
  $ toolbind pull --openapi           # has the platform's API changed?`;

export function configure(command: Command): void {
  command
    .argument("[toolkits...]", "slugs of toolkits")
    .option("--all", "every toolkit that the platform has")
    .option("--latest", "use the newest versions, regardless of the lock")
    .option("--strict", "write nothing and exit 1 if a listing is incomplete or inconsistent")
    .option("--openapi", "fetch no toolkits; show changes in the platform's own description")
    .addHelpText("after", EXAMPLES)
    .action(async (toolkits: readonly string[], flags: PullFlags) => {
      if (flags.openapi === true && (toolkits.length > 0 || Object.keys(flags).length > 1))
        command.error("error: --openapi cannot be used with toolkits, --all, --latest or --strict");
      if (flags.all === true && toolkits.length > 0)
        command.error("error: --all and names of toolkits cannot be used together");
      const context = createContext(command);
      process.exitCode = flags.openapi === true ? await compare(context) : await run(context, toolkits, flags);
    });
}

async function compare({ cwd, configFile, output }: Context): Promise<number> {
  const config = await loadProjectConfig(cwd, configFile);
  const [{ compareDescription }, { connect }, { descriptionText }] = await Promise.all([
    import("../platform/description.js"),
    import("../upgrade/releases.js"),
    import("../upgrade/report.js"),
  ]);
  const compared = await compareDescription(connect(config), config);
  output.result({ json: () => compared, text: () => plain(descriptionText(compared)) });
  return compared.class === "breaking" ? EXIT.difference : EXIT.done;
}

class Interrupted extends Error {}

async function run(context: Context, toolkits: readonly string[], flags: PullFlags): Promise<number> {
  const { cwd, configFile, output } = context;
  const config = await loadProjectConfig(cwd, configFile);
  const { pull } = await import("../platform/pull.js");
  const controller = new AbortController();
  const interrupt = (): void => controller.abort(new Interrupted());
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, interrupt);
  const progress = createProgress(output);
  let result: PullResult;
  try {
    result = await pull({ config, toolkits, ...flags, signal: controller.signal, onProgress: progress.report });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    progress.stop();
    output.problem("Interrupted; nothing was written.");
    return INTERRUPTED;
  } finally {
    for (const signal of signals) process.removeListener(signal, interrupt);
    progress.stop();
  }

  printDiagnostics(output, result.diagnostics);
  if (output.json) output.result({ text: () => "", json: () => result });
  if (result.refused) {
    output.problem(
      styled(
        process.stderr,
        "red",
        "Nothing was written: a listing is incomplete or inconsistent, and --strict was given.",
      ),
    );
    return EXIT.input;
  }
  if (!output.json && !output.quiet) process.stdout.write(`${summary(result, displayPath(cwd, config.snapshotDir))}\n`);
  const unselected = result.toolkits.map(({ slug }) => slug).filter((slug) => config.toolkits?.[slug] === undefined);
  if (config.toolkits !== null && unselected.length > 0)
    output.note(plain(`Not generated until \`toolkits\` in the configuration names them: ${few(unselected)}`));
  return EXIT.done;
}

function summary({ toolkits, empty, lockChanged }: PullResult, snapshot: string): string {
  const changed = toolkits.filter(({ change }) => change !== "unchanged");
  const shown = toolkits.length > SHOWN_UNCHANGED ? changed : toolkits;
  const rows = shown.map((toolkit) => [
    `  ${plain(toolkit.slug)}`,
    versions(toolkit),
    count(toolkit.tools, "tool"),
    toolkit.change,
  ]);
  const without = empty.length === 0 ? "" : `; ${count(empty.length, "toolkit")} without tools left out`;
  const tools = toolkits.reduce((sum, toolkit) => sum + toolkit.tools, 0);
  const what = `${count(tools, "tool")} of ${count(toolkits.length, "toolkit")}`;
  if (changed.length === 0 && !lockChanged)
    return [`Up to date: ${what} in ${plain(snapshot)}${without}`, columns(rows)].join("\n").trimEnd();
  const written = `${count(changed.length, "file")} written, ${toolkits.length - changed.length} unchanged`;
  const heading = `Pulled ${what} into ${plain(snapshot)} (${written}${lockChanged ? ", lock updated" : ""})${without}`;
  return [heading, columns(rows), "Next: `toolbind generate`"].filter((line) => line !== "").join("\n");
}

function few(slugs: readonly string[]): string {
  const more = slugs.length > SHOWN_UNCHANGED ? ` and ${slugs.length - SHOWN_UNCHANGED} more` : "";
  return `${slugs.slice(0, SHOWN_UNCHANGED).join(", ")}${more}`;
}

function versions({ version, previous }: PulledToolkit): string {
  const now = version ?? "unpinned";
  return previous === undefined || previous === version ? now : `${previous ?? "unpinned"} → ${now}`;
}
