import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { SourceFile, ts } from "ts-morph";
import type { CatalogueToolkit } from "../catalogue/types.js";
import type { ResolvedConfig } from "../config/resolve.js";
import type { ToolkitDiff } from "../diff/toolkits.js";
import { emit } from "../emit/output.js";
import { readLock } from "../lock/lockfile.js";
import { nameToolkits, nameTools, type Aliases, type ToolkitNames } from "../lock/names.js";
import { displayPath, withSlashes } from "../paths.js";
import { createLoader } from "../schema/load.js";
import { displayName } from "../sources/files.js";
import { select } from "../select.js";
import { openProject, type UserProgram, type UserProject } from "../usage/project.js";
import type { KnownTool, Use } from "../usage/use.js";

/** Compiler errors that appear with the new version only. */
export interface Complaint {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A complaint, and the part of the file that it is about. */
export interface Finding extends Complaint {
  readonly path: string;
  readonly start: number;
  readonly length: number;
}

export function complaintOf({ file, line, column, message }: Finding): Complaint {
  return { file, line, column, message };
}

export interface NamedToolkits {
  readonly toolkits: readonly CatalogueToolkit[];
  readonly toolkitNames: ReadonlyMap<string, ToolkitNames>;
  /** Function names by slug, by toolkit. */
  readonly toolNames: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Old names that are kept; none by default. */
  readonly aliases?: Aliases;
}

/** Names toolkits as `generate` would, keeping names from the lock and the configuration. */
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

/** The user's code with the current output, which can be compiled against the output of a new version. */
export class CodeBeside {
  readonly user: UserProject;
  readonly #config: ResolvedConfig;
  /** The user's files of each program. */
  readonly #paths: ReadonlyMap<UserProgram["project"], readonly string[]>;
  /** How often the compiler reports each error now. */
  readonly #today: ReadonlyMap<string, number>;

  private constructor(user: UserProject, config: ResolvedConfig) {
    this.user = user;
    this.#config = config;
    this.#paths = new Map(
      user.programs.map(({ project, files }) => [project, files.map((file) => file.getFilePath())]),
    );
    this.#today = counted(this.#complaints().map(keyOf));
  }

  /** Throws where ts-morph, an optional peer, is missing. */
  static async open(config: ResolvedConfig, tsconfigs: readonly string[]): Promise<CodeBeside> {
    return new CodeBeside(await openProject(tsconfigs, config.outDir, config.cwd), config);
  }

  /**
   * Generates the toolkits in memory in place of the output, and returns the new compiler errors. `texts` replace files
   * that are to be rewritten.
   */
  async findingsAfter(
    config: ResolvedConfig,
    named: NamedToolkits,
    texts: ReadonlyMap<string, string>,
  ): Promise<Finding[]> {
    const { files: emitted } = await emitAfter(config, named);
    for (const program of this.#concerned()) this.#replace(program, emitted);
    this.replaceFiles(texts);
    return this.findings();
  }

  /** Compiler errors in the user's files that did not exist before. */
  findings(): Finding[] {
    const left = new Map(this.#today);
    return this.#complaints().filter((complaint) => {
      const key = keyOf(complaint);
      const known = left.get(key) ?? 0;
      left.set(key, known - 1);
      return known <= 0;
    });
  }

  replaceFiles(texts: ReadonlyMap<string, string>): void {
    for (const { project } of this.#concerned())
      for (const [path, text] of texts)
        if (project.getSourceFile(path) !== undefined) project.createSourceFile(path, text, { overwrite: true });
  }

  textOf(path: string): string {
    return this.#fileAt(path)?.getFullText() ?? "";
  }

  /** What a finding is about; nothing in a file with syntax errors, where it cannot be determined. */
  nodeAt(path: string, start: number, length: number): ts.Node | undefined {
    const file = this.#fileAt(path);
    if (file === undefined || file.getProject().getProgram().getSyntacticDiagnostics(file).length > 0) return undefined;
    return file.getDescendantAtStartWithWidth(start, length)?.compilerNode;
  }

  #fileAt(path: string): SourceFile | undefined {
    const program = this.user.programs.find(({ project }) => this.#paths.get(project)?.includes(path));
    return program?.project.getSourceFile(path);
  }

  #replace({ project }: UserProgram, emitted: ReadonlyMap<string, string>): void {
    const root = withSlashes(this.#config.outDir);
    for (const file of project.getSourceFiles()) {
      const path = file.getFilePath();
      if (this.user.isEmitted(path) && !emitted.has(path.slice(root.length + 1))) project.removeSourceFile(file);
    }
    for (const [path, text] of emitted) {
      // Files that nothing imports need not be parsed; new ones may be imported by existing ones.
      const file = `${root}/${path}`;
      if (path.endsWith(".ts") && (project.getSourceFile(file) !== undefined || !existsSync(file)))
        project.createSourceFile(file, text, { overwrite: true });
    }
  }

  #complaints(): Finding[] {
    return this.#concerned().flatMap(({ project }) => {
      const paths = this.#paths.get(project) ?? [];
      return paths.flatMap((path) => diagnosticsOf(project, path, this.#config.cwd));
    });
  }

  /** The programs that the output is part of. */
  #concerned(): readonly UserProgram[] {
    return this.user.programs.filter(({ project }) =>
      project.getSourceFiles().some((file) => this.user.isEmitted(file.getFilePath())),
    );
  }
}

async function emitAfter(config: ResolvedConfig, named: NamedToolkits): Promise<ReturnType<typeof emit>> {
  // Nothing can be selected of a toolkit that has no tools any more.
  const [full, emptied] = [true, false].map((has) => named.toolkits.filter(({ tools }) => tools.length > 0 === has));
  const gone = new Set(emptied?.map(({ slug }) => slug));
  const selection =
    config.toolkits && Object.fromEntries(Object.entries(config.toolkits).filter(([slug]) => !gone.has(slug)));
  const { toolkits } = await select(
    { toolkits: full ?? [] },
    { toolkits: selection, only: undefined },
    "configuration",
  );
  return emit({
    toolkits: [...toolkits, ...(emptied ?? [])].sort((a, b) => (a.slug < b.slug ? -1 : 1)),
    toolkitNames: named.toolkitNames,
    toolNames: named.toolNames,
    ...(named.aliases !== undefined && { aliases: named.aliases }),
    settings: config.settings,
    templatesDir: config.templatesDir,
    load: createLoader(config.schemaMap),
  });
}

const LONGEST_MESSAGE = 240;

function diagnosticsOf(project: UserProgram["project"], path: string, cwd: string): Finding[] {
  const file = project.getSourceFile(path);
  return (file?.getPreEmitDiagnostics() ?? []).map((each) => {
    const { line, column } = file?.getLineAndColumnAtPos(each.getStart() ?? 0) ?? { line: 1, column: 1 };
    const text = each.getMessageText();
    const full = `TS${each.getCode()}: ${typeof text === "string" ? text : text.getMessageText()}`;
    // Absolute paths mean nothing on other machines, and a type may list every tool.
    const short = full.replaceAll(`${withSlashes(cwd)}/`, "").replace(/(?<=\bimport\()"[^"]+"/g, (quoted) => {
      const path = JSON.parse(quoted) as string;
      return JSON.stringify(isAbsolute(path) ? displayPath(cwd, path) : path);
    });
    const message = short.length > LONGEST_MESSAGE ? `${short.slice(0, LONGEST_MESSAGE)}…` : short;
    const place = { path, start: each.getStart() ?? 0, length: each.getLength() ?? 0 };
    return { file: displayPath(cwd, path), line, column, message, ...place };
  });
}

/** Identifies a complaint without its line, which may have moved. */
function keyOf({ file, message }: Complaint): string {
  return `${file}: ${message}`;
}

function counted(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
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
