import type { Command } from "commander";
import type { AddedApp } from "../apps/add.js";
import { loadProjectConfig } from "../config/project.js";
import { plain } from "../text/plain.js";
import { printDiagnostics } from "../terminal/diagnostics.js";
import { columns, count, styled } from "../terminal/output.js";
import { createContext, type Context } from "./shared/context.js";
import { EXIT } from "./shared/exit.js";
import { noteUnlisted } from "./shared/package-manager.js";

interface AddFlags {
  readonly name?: string;
  readonly force?: boolean;
  readonly strict?: boolean;
}

const EXAMPLES = `
An app is an OpenAPI description (2.0 to 3.2, JSON or YAML) and an integration.yaml that says how callers
authenticate. The description is checked and copied with the files that it refers to, unless it is already where the
configuration looks for apps (specs/apps/*). Without an integration.yaml, a first one is made from the description.

Examples:
  $ toolbind add ../petstore/openapi.yaml
  $ toolbind add ../petstore --force             # replace the copy
  $ toolbind add openapi.json --name pets        # use a slug other than its title`;

export function configure(command: Command): void {
  command
    .argument("<dir-or-spec>", "folder of the app, or file of its description")
    .option("--name <toolkit>", "the toolkit's slug, instead of one made from the title")
    .option("--force", "overwrite existing files of the app that differ")
    .option("--strict", "write nothing and exit 1 when an operation is left out or the description has errors")
    .addHelpText("after", EXAMPLES)
    .action(async (path: string, flags: AddFlags) => {
      process.exitCode = await run(createContext(command), path, flags);
    });
}

async function run(context: Context, path: string, { name, force, strict }: AddFlags): Promise<number> {
  const { cwd, configFile, output } = context;
  const config = await loadProjectConfig(cwd, configFile);
  const { addApp } = await import("../apps/add.js");
  const added = await addApp({
    config,
    path,
    ...(name !== undefined && { slug: name }),
    ...(force !== undefined && { force }),
    ...(strict !== undefined && { strict }),
  });
  printDiagnostics(output, added.diagnostics);
  if (output.json) output.result({ text: () => "", json: () => added });
  if (added.refused) {
    output.problem(styled(process.stderr, "red", "Nothing was written: the app has errors, and --strict was given."));
    return EXIT.input;
  }
  if (!output.json && !output.quiet) output.result({ text: () => summary(added), json: () => added });
  const usesOAuth = added.schemes.some(({ mode }) => mode === "OAUTH2");
  const isCopied = added.isSelected && config.settings.runtime === "copy";
  const unlisted = usesOAuth && isCopied ? noteUnlisted(["oauth4webapi"], config.outDir) : undefined;
  if (unlisted !== undefined) output.note(plain(unlisted));
  if (!added.hasAddress && added.tools > 0) {
    output.note(
      "Its description does not name a host. Fix: set `base_url` under `proxy` in its integration.yaml, or pass `baseUrl` to the client.",
    );
  }
  return EXIT.done;
}

function summary({ slug, name, folder, files, isFirst, tools, schemes, lockChanged, isSelected }: AddedApp): string {
  const isNew = lockChanged || files.some(({ change }) => change !== "unchanged");
  const heading = `${isNew ? "Added" : "Up to date:"} ${name} (${slug}) in ${folder}: ${count(tools, "tool")}`;
  const rows = files.map(({ path, change }) => [
    `  ${path}`,
    isFirst && path === "integration.yaml" ? `${change}, made from the description` : change,
  ]);
  const ways = schemes.map((scheme) => `${scheme.name} (${scheme.mode})`).join(", ");
  const needsConnection = schemes.some(({ mode }) => mode !== "NO_AUTH");
  const lines = [
    plain(heading).replace(/\s+/g, " "),
    columns(rows.map((row) => row.map(plain))),
    plain(`Schemes: ${ways === "" ? "none" : ways}`).replace(/\s+/g, " "),
    isSelected ? "" : `The configuration does not select it: add \`${slug}: true\` to \`toolkits\`.`,
    `Next: \`toolbind generate\`${needsConnection ? `, then \`toolbind connect ${slug}\`` : ""}`,
  ];
  return lines.filter((line) => line !== "").join("\n");
}
