import { InvalidArgumentError, type Command } from "commander";
import { plainLine } from "../text/plain.js";
import { columns } from "../terminal/output.js";
import { createContext, sourceOf, type Context } from "./shared/context.js";
import { loadTools, toolFacts } from "./shared/tools.js";

interface SearchFlags {
  readonly catalogue?: string;
  readonly limit: number;
}

const EXAMPLES = `
Examples:
  $ toolbind search create issue
  $ toolbind search "send an email" --limit 5`;

export function configure(command: Command): void {
  command
    .argument("<words...>", "what the tool does")
    .option("--limit <number>", "maximum number of results", positive, 20)
    .option("--catalogue <file-or-dir>", "search this file or snapshot folder, without a configuration")
    .addHelpText("after", EXAMPLES)
    .action((words: readonly string[], flags: SearchFlags) => run(createContext(command), words.join(" "), flags));
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It must be a whole number above 0.");
  return Number(text);
}

async function run(context: Context, words: string, flags: SearchFlags): Promise<void> {
  const { output } = context;
  const tools = await loadTools(await sourceOf(context, flags));
  const { searchTools } = await import("./shared/search-index.js");
  const hits = searchTools(tools.all, words);
  const shown = hits.slice(0, flags.limit);
  if (hits.length === 0 && !output.json) return output.note(`No tool matches \`${plainLine(words)}\`.`);
  output.result({
    json: () => ({
      query: words,
      total: hits.length,
      results: shown.map(({ found, score }) => ({ ...toolFacts(found), score: Math.round(score * 100) / 100 })),
    }),
    text: () =>
      columns(
        shown.map(({ found: { tool, namespace, name } }) => [
          plainLine(`${namespace}.${name}`),
          plainLine(tool.slug),
          plainLine(tool.description || tool.name),
        ]),
      ),
  });
  if (hits.length > shown.length) output.note(`\n${shown.length} of ${hits.length}; \`--limit\` shows more`);
}
