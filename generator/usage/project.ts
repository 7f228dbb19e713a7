import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Project, SourceFile } from "ts-morph";
import { ToolbindError } from "../errors.js";
import { isFolder, withSlashes } from "../paths.js";
import { displayName } from "../sources/files.js";

/** A program of the user's, with its own compiler options. */
export interface UserProgram {
  readonly project: Project;
  /** The user's files that belong to this program. */
  readonly files: readonly SourceFile[];
}

/** The user's TypeScript code, apart from the emitted files: the project and those that it refers to. */
export interface UserProject {
  readonly programs: readonly UserProgram[];
  /** The files of all programs, without duplicates. */
  readonly files: readonly SourceFile[];
  readonly isEmitted: (path: string) => boolean;
}

/** Opens the projects of `tsconfig.json` files, or of folders that hold one. Throws where ts-morph, an optional peer, is missing. */
export async function openProject(
  given: string | readonly string[],
  outDir: string,
  cwd: string,
): Promise<UserProject> {
  const tsconfigs = [given].flat().map((path) => (isFolder(path) ? join(path, "tsconfig.json") : path));
  const missing = tsconfigs.find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new ToolbindError("TB1008", {
      what: "Your code cannot be analysed",
      at: { source: displayName(missing, cwd) },
      expected: "a tsconfig.json",
      received: "none",
      fix: "name it with `--project FILE`",
    });
  }
  const { Project: ProjectClass, ts } = await loadTsMorph();
  const emitted = `${withSlashes(outDir)}/`;
  const isEmitted = (path: string): boolean => path.startsWith(emitted);
  const parsed = withReferences(ts, tsconfigs);
  refuseMistakes(ts, parsed, cwd);
  const sources = sourcesOfDeclarations(ts, [...parsed, ...withReferences(ts, nearestConfig(ts, outDir))], isEmitted);
  const projects = [...parsed]
    .filter(([path, { fileNames }]) => fileNames.length > 0 || tsconfigs.includes(path))
    .map(([path, { fileNames }]) => ({ project: new ProjectClass({ tsConfigFilePath: path }), roots: fileNames }));
  for (const { project } of projects) readSourcesOfDeclarations(project, sources);
  // A file belongs to the project that names it, before those that only import it.
  const owners = new Map<string, Project>();
  for (const { project, roots } of projects)
    for (const path of roots) if (!owners.has(path) && project.getSourceFile(path)) owners.set(path, project);
  const programs = projects.map(({ project }): UserProgram => {
    const files = project.getSourceFiles().filter((file) => {
      const path = file.getFilePath();
      if (isEmitted(path) || file.isDeclarationFile() || file.isInNodeModules()) return false;
      if (!owners.has(path)) owners.set(path, project);
      return owners.get(path) === project;
    });
    return { project, files };
  });
  return { programs, files: programs.flatMap(({ files }) => files), isEmitted };
}

type TypeScript = typeof import("ts-morph").ts;
type ParsedConfig = import("ts-morph").ts.ParsedCommandLine;

/** The configurations by path, including those of referenced projects. */
function withReferences(ts: TypeScript, tsconfigs: readonly string[]): ReadonlyMap<string, ParsedConfig> {
  const found = new Map<string, ParsedConfig>();
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (): void => {} };
  const waiting = [...tsconfigs];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (found.has(path)) continue;
    const parsed = ts.getParsedCommandLineOfConfigFile(path, {}, host);
    if (parsed === undefined) continue;
    found.set(path, parsed);
    waiting.push(...(parsed.projectReferences ?? []).map((each) => ts.resolveProjectReferencePath(each)));
  }
  return found;
}

/** Compiler errors: an extended configuration is missing or unreadable. */
const NOT_FOUND: ReadonlySet<number> = new Set([5083, 6053]);
/** Lower codes are syntax errors. */
const FIRST_OTHER_CODE = 2000;

/**
 * Throws for a configuration that cannot be read completely, since it would select other files or options. Options that
 * this version of the compiler does not know are ignored.
 */
function refuseMistakes(ts: TypeScript, configs: Iterable<readonly [string, ParsedConfig]>, cwd: string): void {
  for (const [path, parsed] of configs) {
    const mistake = ts
      .getConfigFileParsingDiagnostics(parsed)
      .find(({ code }) => code < FIRST_OTHER_CODE || NOT_FOUND.has(code));
    if (mistake === undefined) continue;
    const { file, start, messageText } = mistake;
    const at = file === undefined || start === undefined ? undefined : file.getLineAndCharacterOfPosition(start);
    throw new ToolbindError("TB1008", {
      what: `Your code cannot be analysed (TS${mistake.code}: ${ts.flattenDiagnosticMessageText(messageText, " ")})`,
      at: { source: displayName(path, cwd), ...(at && { line: at.line + 1, column: at.character + 1 }) },
      fix: "correct it there",
    });
  }
}

/** The configuration that compiles what is emitted to a folder. */
function nearestConfig(ts: TypeScript, outDir: string): string[] {
  const path = ts.findConfigFile(outDir, ts.sys.fileExists);
  return path === undefined ? [] : [path];
}

/** The emitted files by the declaration files that a build makes of them, which other packages import. */
function sourcesOfDeclarations(
  ts: TypeScript,
  configs: Iterable<readonly [string, ParsedConfig]>,
  isEmitted: (path: string) => boolean,
): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const [, parsed] of configs) {
    const { declaration, composite, outDir, declarationDir } = parsed.options;
    if ((declaration ?? composite) !== true || (outDir ?? declarationDir) === undefined) continue;
    for (const source of parsed.fileNames.filter((path) => isEmitted(path) && /(?<!\.d)\.ts$/.test(path)))
      for (const output of ts.getOutputFileNames(parsed, source, !ts.sys.useCaseSensitiveFileNames))
        if (output.endsWith(".d.ts")) sources.set(output, source);
  }
  return sources;
}

/** Makes a project use the emitted files instead of their declarations, which may be out of date. */
function readSourcesOfDeclarations(project: Project, sources: ReadonlyMap<string, string>): void {
  for (const [declaration, source] of sources) {
    if (project.getSourceFile(declaration) === undefined) continue;
    const path = withSlashes(relative(dirname(declaration), source)).replace(/\.ts$/, ".js");
    project.createSourceFile(declaration, `export * from ${JSON.stringify(path)};\n`, { overwrite: true });
    project.addSourceFileAtPathIfExists(source);
  }
}

/** Throws where ts-morph, an optional peer, is missing. */
export async function loadTsMorph(
  what: string = "Your code cannot be analysed",
  otherwise: string = ", or leave your code alone with `--no-project`",
): Promise<typeof import("ts-morph")> {
  try {
    return await import("ts-morph");
  } catch (cause) {
    throw new ToolbindError("TB1008", {
      what: `${what} without ts-morph`,
      fix: `run \`npm install --save-dev ts-morph\`${otherwise}`,
      cause,
    });
  }
}

/** The path of an emitted module of a toolkit, as ts-morph spells paths, without its ending. */
export function modulePath(outDir: string, folder: string): string {
  return withSlashes(join(outDir, folder, "index"));
}
