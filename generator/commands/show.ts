import { selfContained } from "../catalogue/self-contained.js";
import type { SchemaDocument } from "../catalogue/types.js";
import type { Command } from "commander";
import { printToolTypes } from "../emit/tool-types.js";
import type { Source } from "../source.js";
import { plain, plainLine } from "../text/plain.js";
import { columns, styled } from "../terminal/output.js";
import { createContext, importPath, sourceOf, type Context } from "./shared/context.js";
import { exampleArguments, sourceOfValue } from "./show/example-value.js";
import { findTool, loadTools, toolFacts } from "./shared/tools.js";
import type { NamedTool } from "./shared/named-tool.js";

const EXAMPLES = `
Examples:
  $ toolbind show GITHUB_CREATE_AN_ISSUE
  $ toolbind show github.createIssue`;

export function configure(command: Command): void {
  command
    .argument("<slug>", "slug of the tool, or its function (`github.createIssue`)")
    .option("--catalogue <file-or-dir>", "look in this file or snapshot folder, without a configuration")
    .addHelpText("after", EXAMPLES)
    .action((slug: string, flags: { readonly catalogue?: string }) => run(createContext(command), slug, flags));
}

async function run(context: Context, slug: string, flags: { readonly catalogue?: string }): Promise<void> {
  const source = await sourceOf(context, flags);
  const found = await findTool(await loadTools(source), slug);
  const types = printToolTypes(found.tool, found.toolkit.app).trim();
  const example = exampleCall(context, source, found);
  context.output.result({
    json: () => ({
      ...toolFacts(found),
      types,
      example,
      ...schemaFacts("input", found.tool.input),
      ...schemaFacts("output", found.tool.output),
    }),
    text: () => description(found, types, example),
  });
}

/** A tool's JSON Schema, and where in it the schema of the arguments or of the data begins. */
function schemaFacts(side: "input" | "output", schema: SchemaDocument | undefined): Record<string, unknown> {
  const whole = schema === undefined ? undefined : selfContained(schema, side);
  const pointer = whole === schema?.document ? schema?.pointer : "";
  return { [side]: whole ?? null, [`${side}Pointer`]: pointer ?? null };
}

function description({ tool, toolkit, namespace, name }: NamedTool, types: string, example: string): string {
  const hints = Object.entries(tool.hints).map(([hint, value]) => (value === true ? hint : `not ${hint}`));
  const rows = [
    ["slug", tool.slug],
    ["toolkit", `${toolkit.slug} (${toolkit.name})`],
    ["version", tool.version ?? "unpinned: a call needs `version`"],
    ["hints", hints.join(", ")],
    ["tags", tool.tags.join(", ")],
    ["scopes", tool.scopes.join(", ")],
    ["account", tool.noAuth ? "none needed" : tool.route ? `a connection to ${toolkit.slug}` : "a connected account"],
    ["request", tool.route === undefined ? "" : `${tool.route.method} ${tool.route.path}`],
  ].filter(([, value]) => value !== "");
  const heading = styled(process.stdout, "bold", plainLine(`${namespace}.${name}`));
  const parts = [
    tool.deprecated ? `${heading} ${styled(process.stdout, "yellow", "(deprecated)")}` : heading,
    plain(tool.description || tool.name),
    columns(rows.map((row) => row.map(plainLine))),
    plain(types),
    plain(example),
  ];
  return parts.join("\n\n");
}

function exampleCall({ cwd }: Context, source: Source, { tool, namespace, folder, name }: NamedTool): string {
  const { outDir, settings } =
    source.kind === "config" ? source.config : { outDir: source.out, settings: source.settings };
  const args = exampleArguments(tool.input);
  const call = Object.keys(args).length === 0 ? "" : sourceOfValue(args);
  const ending = settings.importExtension;
  const module = `${importPath(cwd, outDir)}/${folder}/index${ending}`;
  return `import * as ${namespace} from ${JSON.stringify(module)};\n\nconst result = await ${namespace}.${name}(${call});`;
}
