#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { EXIT } from "./commands/shared/exit.js";
import { packageVersion } from "./package.js";

interface CommandEntry {
  readonly name: string;
  readonly usage: string;
  readonly alias?: string;
  readonly summary: string;
  readonly load: () => Promise<{ configure: (command: Command) => void }>;
}

const COMMANDS: readonly CommandEntry[] = [
  {
    name: "init",
    usage: "init",
    summary: "set up a project: configuration, script, starter toolkits",
    load: () => import("./commands/init.js"),
  },
  {
    name: "pull",
    usage: "pull [toolkits...]",
    summary: "fetch toolkits from the platform into the snapshot",
    load: () => import("./commands/pull.js"),
  },
  {
    name: "outdated",
    usage: "outdated",
    summary: "list the toolkits that have a newer version",
    load: () => import("./commands/outdated.js"),
  },
  {
    name: "diff",
    usage: "diff [toolkits...]",
    summary: "show what a newer version changes, and which of your lines it affects",
    load: () => import("./commands/diff.js"),
  },
  {
    name: "upgrade",
    usage: "upgrade [toolkits...]",
    summary: "move to newer versions, and rewrite renamed tools in your code",
    load: () => import("./commands/upgrade.js"),
  },
  {
    name: "generate",
    usage: "generate",
    alias: "generate-types",
    summary: "generate the functions, offline",
    load: () => import("./commands/generate.js"),
  },
  {
    name: "check",
    usage: "check",
    summary: "for CI: report where lock, snapshot, configuration and output disagree",
    load: () => import("./commands/check.js"),
  },
  {
    name: "list",
    usage: "list [toolkit]",
    summary: "list the toolkits, or the tools of one",
    load: () => import("./commands/list.js"),
  },
  {
    name: "search",
    usage: "search <words...>",
    summary: "find tools by what they do",
    load: () => import("./commands/search.js"),
  },
  {
    name: "show",
    usage: "show <slug>",
    summary: "show a tool: metadata, types, an example call",
    load: () => import("./commands/show.js"),
  },
  {
    name: "add",
    usage: "add <dir-or-spec>",
    summary: "check a custom app and copy it to where `generate` finds it",
    load: () => import("./commands/add.js"),
  },
  {
    name: "connect",
    usage: "connect [app]",
    summary: "store credentials for a custom app: a key, or tokens from its authorization page",
    load: () => import("./commands/connect.js"),
  },
  {
    name: "call",
    usage: "call <slug>",
    summary: "call a tool once, or print the request as curl",
    load: () => import("./commands/call.js"),
  },
];

/** Only the chosen command is loaded; the help shows just the summaries of the others. */
async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command("toolbind")
    .description("Typed, validated, version-pinned TypeScript functions for every tool of a tool platform.")
    .version(packageVersion(), "-V, --version")
    .option(
      "--config <file>",
      "configuration file (default: toolbind.config.* here or in a parent folder of this package)",
    )
    .option("--cwd <dir>", "run as if in this folder")
    .option("--json", "print the result as JSON")
    .option("--quiet", "print no progress, notes or warnings")
    .helpOption("-h, --help", "show help")
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("(add --help for usage)")
    .exitOverride()
    .addHelpText("after", "\nExample:\n  $ toolbind init --yes && toolbind generate");
  for (const { name, usage, alias, summary, load } of COMMANDS) {
    const isMeant = args.includes(name) || (alias !== undefined && args.includes(alias));
    const command = program.command(isMeant ? name : usage).description(summary);
    if (alias !== undefined) command.alias(alias);
    if (isMeant) (await load()).configure(command);
  }
  return program;
}

async function main(args: readonly string[]): Promise<void> {
  try {
    const program = await createProgram(args);
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = await report(error, args.includes("--json"));
  }
}

async function report(error: unknown, json: boolean): Promise<number> {
  if (error instanceof CommanderError) {
    // Commander has printed its message; for help and the version that were asked for, its code is 0.
    if (error.exitCode === 0) return EXIT.done;
    if (json) (await import("./terminal/failure.js")).printUsageAsJson(error);
    return EXIT.usage;
  }
  const [{ ToolbindError }, { isToolbindCallError }, { printBug, printError }] = await Promise.all([
    import("./errors.js"),
    import("../runtime/errors.js"),
    import("./terminal/failure.js"),
  ]);
  // TB5000 is a call's word for a bug.
  if (error instanceof ToolbindError || (isToolbindCallError(error) && error.code !== "TB5000")) {
    printError(error, json);
    return EXIT.input;
  }
  printBug(error, json);
  return EXIT.bug;
}

/** The reader of a pipe may leave early, as `head` does; that is not a failure, and a full disk is not toolbind's fault. */
function stopPrinting(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit();
  process.stderr.write(`error: the result cannot be written (${error.message})\n`, () => process.exit(EXIT.input));
}

// Stdout is for results, and a configuration may log.
console.log = console.info = console.debug = console.error;
process.stdout.on("error", stopPrinting);
process.stderr.on("error", stopPrinting);
await main(process.argv.slice(2));
