import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import type { Project, SourceFile } from "ts-morph";
import { ToolbindError } from "../errors.js";
import { displayName } from "../sources/files.js";

/** The user's TypeScript project, its own files apart from the emitted ones. */
export interface UserProject {
  readonly project: Project;
  readonly files: readonly SourceFile[];
  readonly isEmitted: (path: string) => boolean;
}

/** Opens the project of a `tsconfig.json`. Throws where ts-morph, an optional peer, is missing. */
export async function openProject(tsconfig: string, outDir: string, cwd: string): Promise<UserProject> {
  if (!existsSync(tsconfig)) {
    throw new ToolbindError("TB1008", {
      what: "Your code cannot be looked through",
      at: { source: displayName(tsconfig, cwd) },
      expected: "a tsconfig.json",
      received: "none",
      fix: "name it with `--project FILE`",
    });
  }
  const { Project: ProjectClass, ts } = await loadTsMorph();
  let project = new ProjectClass({ tsConfigFilePath: tsconfig });
  if (project.getSourceFiles().length === 0) {
    // A solution: the files are those of the projects that it refers to.
    const [first, ...others] = referencesOf(ts, tsconfig);
    if (first !== undefined) project = new ProjectClass({ tsConfigFilePath: first });
    for (const other of others) project.addSourceFilesFromTsConfig(other);
  }
  const emitted = outDir.split(sep).join("/") + "/";
  const isEmitted = (path: string): boolean => path.startsWith(emitted);
  const files = project
    .getSourceFiles()
    .filter((file) => !isEmitted(file.getFilePath()) && !file.isDeclarationFile() && !file.isInNodeModules());
  return { project, files, isEmitted };
}

function referencesOf({ readConfigFile }: typeof import("ts-morph").ts, tsconfig: string): string[] {
  const { config } = readConfigFile(tsconfig, (path) => readFileSync(path, "utf8")) as {
    config?: { readonly references?: readonly { readonly path?: unknown }[] };
  };
  return (config?.references ?? []).flatMap(({ path }) => {
    const place = resolve(dirname(tsconfig), String(path));
    return [join(place, "tsconfig.json"), place].filter((file) => existsSync(file)).slice(0, 1);
  });
}

/** Throws where ts-morph, an optional peer, is missing. */
export async function loadTsMorph(): Promise<typeof import("ts-morph")> {
  try {
    return await import("ts-morph");
  } catch (cause) {
    throw new ToolbindError("TB1008", {
      what: "Your code cannot be looked through without ts-morph",
      fix: "run `npm install --save-dev ts-morph`",
      cause,
    });
  }
}

/** The path of an emitted module of a toolkit, as ts-morph spells paths, without its ending. */
export function modulePath(outDir: string, folder: string): string {
  return join(outDir, folder, "index").split(sep).join("/");
}
