import { sep } from "node:path";
import type { CatalogueToolkit } from "../catalogue/types.js";
import type { ResolvedConfig } from "../config/resolve.js";
import type { ToolkitDiff } from "../diff/toolkits.js";
import { emit } from "../emit/output.js";
import { readLock } from "../lock/lockfile.js";
import { nameToolkits, nameTools, type Aliases, type ToolkitNames } from "../lock/names.js";
import { createLoader } from "../schema/load.js";
import { displayName } from "../sources/files.js";
import { select } from "../select.js";
import type { KnownTool, Use } from "../usage/find.js";
import type { UserProject } from "../usage/project.js";

/** What the compiler says once the new version is generated, and does not say today. */
export interface Complaint {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface NamedToolkits {
  readonly toolkits: readonly CatalogueToolkit[];
  readonly toolkitNames: ReadonlyMap<string, ToolkitNames>;
  /** Function names by slug, by toolkit. */
  readonly toolNames: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Old names that are kept; none by default. */
  readonly aliases?: Aliases;
}

/** Names toolkits as `generate` would: what the lock and the configuration say stays. */
export function nameAll(config: ResolvedConfig, toolkits: readonly CatalogueToolkit[]): NamedToolkits {
  const lock = readLock(config.lockFile, displayName(config.lockFile, config.cwd))?.lock;
  const toolNames = new Map(
    toolkits.map(({ slug, tools }) => {
      const locked = new Map(Object.entries(lock?.toolkits.get(slug)?.names ?? {}));
      const configured = new Map(Object.entries(config.toolkits?.[slug]?.names ?? {}));
      return [
        slug,
        nameTools(
          slug,
          tools.map((tool) => tool.slug),
          { locked, configured },
        ),
      ];
    }),
  );
  return { toolkits, toolkitNames: nameToolkits(toolkits.map(({ slug }) => slug)), toolNames };
}

/** How code knows a tool. */
export function knownTool(
  { toolkitNames, toolNames }: NamedToolkits,
  toolkit: string,
  slug: string,
): KnownTool | undefined {
  const folder = toolkitNames.get(toolkit)?.folder;
  const name = toolNames.get(toolkit)?.get(slug);
  return folder === undefined || name === undefined ? undefined : { slug, folder, name };
}

/** The tools that changes touch, apart from those that are only new. */
export function touchedTools(named: NamedToolkits, diffs: readonly ToolkitDiff[]): KnownTool[] {
  return diffs.flatMap(({ toolkit, tools }) =>
    tools
      .filter(({ kind }) => kind !== "added")
      .map(({ slug }) => knownTool(named, toolkit, slug))
      .filter((tool) => tool !== undefined),
  );
}

/**
 * Generates the new version in memory, in place of the old one, and asks the compiler about the user's files.
 * `texts` stand in for files that are to be rewritten.
 */
export async function complaints(
  { project, files, isEmitted }: UserProject,
  config: ResolvedConfig,
  named: NamedToolkits,
  texts: ReadonlyMap<string, string>,
): Promise<Complaint[]> {
  const paths = files.map((file) => file.getFilePath());
  const before = new Set(paths.flatMap((path) => diagnosticsOf(project, path, config.cwd).map(keyOf)));
  const selected = await select(
    { toolkits: named.toolkits },
    { toolkits: config.toolkits, only: undefined },
    "configuration",
  );
  const { files: emitted } = emit({
    toolkits: selected.toolkits,
    toolkitNames: named.toolkitNames,
    toolNames: named.toolNames,
    ...(named.aliases !== undefined && { aliases: named.aliases }),
    settings: config.settings,
    templatesDir: config.templatesDir,
    load: createLoader(config.schemaMap),
  });
  const root = config.outDir.split(sep).join("/");
  for (const file of project.getSourceFiles()) {
    if (isEmitted(file.getFilePath()) && !emitted.has(file.getFilePath().slice(root.length + 1)))
      project.removeSourceFile(file);
  }
  for (const [path, text] of emitted)
    if (path.endsWith(".ts")) project.createSourceFile(`${root}/${path}`, text, { overwrite: true });
  for (const [path, text] of texts) project.createSourceFile(path, text, { overwrite: true });
  return paths.flatMap((path) => diagnosticsOf(project, path, config.cwd)).filter((each) => !before.has(keyOf(each)));
}

function diagnosticsOf(project: UserProject["project"], path: string, cwd: string): Complaint[] {
  const file = project.getSourceFile(path);
  return (file?.getPreEmitDiagnostics() ?? []).map((each) => {
    const { line, column } = file?.getLineAndColumnAtPos(each.getStart() ?? 0) ?? { line: 1, column: 1 };
    const text = each.getMessageText();
    const message = `TS${each.getCode()}: ${typeof text === "string" ? text : text.getMessageText()}`;
    return { file: displayName(path, cwd), line, column, message };
  });
}

/** What is wrong where; lines may have moved. */
function keyOf({ file, message }: Complaint): string {
  return `${file}: ${message}`;
}

/** Uses in the order of what they use. */
export function usesBySlug(uses: readonly Use[]): Map<string, Use[]> {
  const bySlug = new Map<string, Use[]>();
  for (const use of uses) {
    const list = bySlug.get(use.slug);
    if (list === undefined) bySlug.set(use.slug, [use]);
    else list.push(use);
  }
  return bySlug;
}
