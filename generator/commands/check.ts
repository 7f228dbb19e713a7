import type { Command } from "commander";
import { loadProjectConfig } from "../config/project.js";
import { plain, plainLine } from "../text/plain.js";
import { count, styled } from "../terminal/output.js";
import { displayPath } from "../paths.js";
import { createContext } from "./shared/context.js";
import { delayOptimisation } from "./shared/engine.js";
import { EXIT } from "./shared/exit.js";

/** More of a kind than this are counted, not listed. */
const SHOWN_OF_A_KIND = 10;

const EXAMPLES = `
Reads files only: it needs no key and no network, and writes nothing.

Examples:
  $ toolbind check                    # in CI: exits 3 with a list of what disagrees
  $ toolbind check --json`;

export function configure(command: Command): void {
  command.addHelpText("after", EXAMPLES).action(async () => {
    const { cwd, configFile, output } = createContext(command);
    const config = await loadProjectConfig(cwd, configFile);
    delayOptimisation();
    const { check } = await import("../check.js");
    const { differences, tools, toolkits } = await check(config);
    const isSound = differences.length === 0;
    if (output.json) output.result({ text: () => "", json: () => ({ ok: isSound, tools, toolkits, differences }) });
    else if (!isSound) process.stdout.write(`${list(differences)}\n`);
    else if (!output.quiet) {
      const what = `${count(tools, "tool")} of ${count(toolkits, "toolkit")}`;
      process.stdout.write(`Everything agrees: ${what} in ${plain(displayPath(cwd, config.outDir))}\n`);
    }
    process.exitCode = isSound ? EXIT.done : EXIT.difference;
  });
}

function list(differences: readonly { readonly kind: string; readonly message: string }[]): string {
  const lines = [styled(process.stdout, "red", `${count(differences.length, "difference")}:`)];
  for (const kind of new Set(differences.map((each) => each.kind))) {
    const own = differences.filter((each) => each.kind === kind);
    for (const { message } of own.slice(0, SHOWN_OF_A_KIND)) lines.push(`  ${kind}: ${plainLine(message)}`);
    if (own.length > SHOWN_OF_A_KIND)
      lines.push(`  ${kind}: … and ${own.length - SHOWN_OF_A_KIND} more; \`--json\` lists them all`);
  }
  return lines.join("\n");
}
