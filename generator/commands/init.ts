import type { Command } from "commander";
import { DEFAULT_OUTPUT } from "../config/resolve.js";
import { plain } from "../text/plain.js";
import { count } from "../terminal/output.js";
import { createContext, type Context } from "./shared/context.js";
import { EXIT } from "./shared/exit.js";
import { setUp, type Choices } from "./init/steps.js";
import type { Step } from "./init/step.js";
import { nextSteps } from "./shared/package-manager.js";

interface InitFlags {
  readonly yes?: boolean;
}

const DEFAULT_CHOICES: Choices = { output: DEFAULT_OUTPUT, zod: "mini", starter: "all" };
const CONFIG_NAME = "toolbind.config.ts";

const EXAMPLES = `
Existing files are not overwritten; running it again adds what is missing. In a Git
repository, a line in .gitattributes marks the output as generated.

Examples:
  $ toolbind init
  $ toolbind init --yes`;

export function configure(command: Command): void {
  command
    .option("-y, --yes", "accept the defaults without asking, as happens without a terminal")
    .addHelpText("after", EXAMPLES)
    .action(async (flags: InitFlags) => {
      const context = createContext(command);
      if (context.configFile !== undefined && !/\.m?[jt]s$/.test(context.configFile)) {
        command.error(
          "error: init writes a TypeScript or JavaScript configuration; end --config in .ts, .mts, .js or .mjs",
        );
      }
      process.exitCode = await run(context, flags);
    });
}

async function run(context: Context, flags: InitFlags): Promise<number> {
  const { cwd, output } = context;
  const isAsking = flags.yes !== true && !output.json && !output.quiet && process.stdin.isTTY && process.stdout.isTTY;
  let choices = DEFAULT_CHOICES;
  if (isAsking) {
    const { ask } = await import("./init/prompts.js");
    const given = await ask(cwd, DEFAULT_CHOICES);
    if (given === undefined) return EXIT.input;
    choices = given;
  }
  const { steps, home } = await setUp(cwd, context.configFile ?? CONFIG_NAME, choices);
  const next = nextSteps(home);
  output.result({
    json: () => ({ steps, next }),
    text: () => [...steps.map(describe), "", "Next:", ...next.map((command) => `  ${command}`)].join("\n"),
  });
  return EXIT.done;
}

function describe({ action, path, files, note }: Step): string {
  const what = files === undefined ? path : `${path} (${count(files, "file")})`;
  return plain(`${action.padEnd(8)} ${what}${note === undefined ? "" : `: ${note}`}`);
}
