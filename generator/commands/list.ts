import type { Command } from "commander";
import { ToolbindError } from "../errors.js";
import { plainLine } from "../text/plain.js";
import { printDiagnostics } from "../terminal/diagnostics.js";
import { columns, count } from "../terminal/output.js";
import { createContext, sourceOf, type Context } from "./shared/context.js";
import { loadTools, toolFacts, type Tools } from "./shared/tools.js";

const EXAMPLES = `
Examples:
  $ toolbind list
  $ toolbind list github
  $ toolbind list github --json | jq -r '.tools[].slug'`;

export function configure(command: Command): void {
  command
    .argument("[toolkit]", "slug of a toolkit, to list its tools")
    .option("--catalogue <file-or-dir>", "list this file or snapshot folder, without a configuration")
    .addHelpText("after", EXAMPLES)
    .action((toolkit: string | undefined, flags: { readonly catalogue?: string }) =>
      run(createContext(command), toolkit, flags),
    );
}

async function run(
  context: Context,
  wanted: string | undefined,
  flags: { readonly catalogue?: string },
): Promise<void> {
  const { output } = context;
  const tools = await loadTools(await sourceOf(context, flags));
  printDiagnostics(
    output,
    tools.diagnostics.filter(({ severity }) => severity === "error"),
  );
  if (wanted !== undefined) return listToolkit(context, tools, wanted);
  output.result({
    json: () => ({
      toolkits: tools.toolkits.map(({ slug, name, description, version, tools: { length } }) => {
        return { slug, namespace: tools.namespaceOf(slug), name, description, version, tools: length };
      }),
    }),
    text: () =>
      columns([
        ["TOOLKIT", "TOOLS", "VERSION", "DESCRIPTION"],
        ...tools.toolkits.map(({ slug, tools: { length }, version, name, description }) => [
          plainLine(slug),
          String(length),
          version ?? "unpinned",
          plainLine(description || name),
        ]),
      ]),
  });
  output.note(`\n${count(tools.all.length, "tool")} of ${count(tools.toolkits.length, "toolkit")}`);
}

async function listToolkit({ output }: Context, tools: Tools, wanted: string): Promise<void> {
  const slug = wanted.toLowerCase();
  const toolkit = tools.toolkits.find((each) => each.slug === slug || tools.namespaceOf(each.slug) === wanted);
  if (toolkit === undefined) {
    const { nearest } = await import("../../runtime/nearest.js");
    const meant = nearest(
      slug,
      tools.toolkits.map((each) => each.slug),
    );
    throw new ToolbindError("TB1004", {
      what: `There is no toolkit \`${wanted}\` among the ${tools.toolkits.length} selected`,
      fix: meant === undefined ? "run `toolbind list` to see what is available" : `did you mean \`${meant}\`?`,
    });
  }
  const own = tools.all.filter(({ tool }) => tool.toolkit === toolkit.slug);
  const { name, description, version } = toolkit;
  output.result({
    json: () => ({
      toolkit: { slug: toolkit.slug, namespace: tools.namespaceOf(toolkit.slug), name, description, version },
      tools: own.map(toolFacts),
    }),
    text: () =>
      columns([
        ["FUNCTION", "SLUG", "DESCRIPTION"],
        ...own.map(({ tool, namespace, name: functionName }) => [
          plainLine(`${namespace}.${functionName}`),
          plainLine(tool.slug),
          plainLine(`${tool.deprecated ? "(deprecated) " : ""}${tool.description || tool.name}`),
        ]),
      ]),
  });
  output.note(`\n${count(own.length, "tool")} at version ${version ?? "unpinned"}`);
}
