import { statSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { watch as watchFiles } from "chokidar";
import { CONFIG_NAMES, findConfig } from "../config/find.js";
import { inputsOf } from "../config/inputs.js";
import { ToolbindError } from "../errors.js";
import type { Source } from "../run.js";
import { printError } from "../terminal/failure.js";
import type { Context } from "./context.js";

/** Milliseconds without a further change that a run waits for: editors write files in several steps. */
const PAUSE_MS = 50;

export interface Watched {
  /** False where flags name all there is. */
  readonly usesConfig: boolean;
  /** Reads the configuration anew, or what the flags name. */
  readonly source: () => Promise<Source>;
  /** Generates once; throws a `ToolbindError` for what the user can put right. */
  readonly generate: (isRepeated: boolean) => Promise<unknown>;
}

/**
 * Generates, and again whenever something changes that decides the output, until the process is interrupted. What
 * cannot be generated is reported, and the output stays as it was until it can.
 */
export async function watch(
  { cwd, configFile, output }: Context,
  { usesConfig, source, generate }: Watched,
): Promise<void> {
  const watcher = watchFiles([], { ignoreInitial: true, ignored: isNoInput, awaitWriteFinish: false });
  let outDir: string | undefined;
  let pending: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isRepeated = false;
  const attempt = async (): Promise<void> => {
    try {
      // What broke may be what says where to look, so that is looked at first.
      const known = await source();
      outDir = known.kind === "config" ? known.config.outDir : known.out;
      watcher.add(pathsOf(known));
      await generate(isRepeated);
      isRepeated = true;
    } catch (error) {
      if (!(error instanceof ToolbindError)) throw error;
      printError(error, output.json);
    }
  };
  const failed = new Promise<never>((_, reject) => {
    watcher.on("error", reject);
    watcher.on("all", (_event, path) => {
      if (outDir !== undefined && (path === outDir || path.startsWith(outDir + sep))) return;
      clearTimeout(pending);
      pending = setTimeout(() => {
        running = running.then(attempt);
        running.catch(reject);
      }, PAUSE_MS);
    });
  });
  const interrupted = new Promise<void>((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done());
  });
  if (usesConfig) watcher.add(configFile ?? findConfigIn(cwd));
  await attempt();
  output.note("Watching for changes; press Ctrl+C to end.");
  try {
    await Promise.race([interrupted, failed]);
  } finally {
    clearTimeout(pending);
    await watcher.close();
    // A run that has begun is not cut off.
    await running.catch(() => {});
  }
}

/** The configuration, or, where there is none or more than one, every file that may be it. */
function findConfigIn(cwd: string): string | string[] {
  const candidates = CONFIG_NAMES.map((name) => resolve(cwd, name));
  try {
    return findConfig(cwd) ?? candidates;
  } catch {
    return candidates;
  }
}

/** Files and folders that decide what is generated; some of them may not be there yet. */
function pathsOf(source: Source): string[] {
  if (source.kind !== "config") {
    // The files that a description refers to lie beside it.
    const isFile = statSync(source.path, { throwIfNoEntry: false })?.isFile() === true;
    return [isFile ? dirname(source.path) : source.path, ...Object.values(source.schemaMap ?? {})];
  }
  const { configFile, snapshotDir, lockFile, apps, templatesDir, schemaMap } = source.config;
  const base = dirname(lockFile);
  return [
    ...(configFile === null ? [] : [configFile, ...(inputsOf(configFile)?.keys() ?? [])]),
    snapshotDir,
    lockFile,
    ...apps.map((pattern) => resolve(base, /[*?]/.test(pattern) ? dirname(pattern) : pattern)),
    ...(templatesDir === null ? [] : [templatesDir]),
    ...Object.values(schemaMap),
  ];
}

function isNoInput(path: string): boolean {
  return /(?:^|[\\/])(?:node_modules|\.git)(?:[\\/]|$)/.test(path);
}
