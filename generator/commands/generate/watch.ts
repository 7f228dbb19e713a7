import { dirname, relative, resolve } from "node:path";
import { watch as watchFiles, type FSWatcher } from "chokidar";
import { CONFIG_NAMES, findConfig } from "../../config/find.js";
import { filesNamedBy } from "../../config/imports.js";
import { ToolbindError } from "../../errors.js";
import { isFile, isFolder, isWithin, upwards } from "../../paths.js";
import type { Source } from "../../source.js";
import { printError } from "../../terminal/failure.js";
import type { Context } from "../shared/context.js";

/** Milliseconds without a further change that a run waits for: editors write files in several steps. */
const PAUSE_MS = 50;

/** Said with a description that disagrees with the lock. */
const HOW_TO_ACCEPT =
  "While you edit descriptions, run `toolbind generate --watch --update-lock`: it updates the lock with each change.";

export interface Watched {
  /** False where flags name all there is. */
  readonly usesConfig: boolean;
  /** Reads the configuration anew, or what the flags name. */
  readonly source: () => Promise<Source>;
  /** Generates once; throws a `ToolbindError` for what the user can put right. */
  readonly generate: (isRepeated: boolean) => Promise<unknown>;
}

/**
 * Generates, and again whenever an input changes, until the process is interrupted. What
 * cannot be generated is reported, and the output stays as it was until it can.
 */
export async function watch(
  { cwd, configFile, output }: Context,
  { usesConfig, source, generate }: Watched,
): Promise<void> {
  let pending: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isRepeated = false;
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => (fail = reject));
  const watcher = new InputWatcher(
    cwd,
    () => {
      clearTimeout(pending);
      pending = setTimeout(() => {
        running = running.then(attempt);
        running.catch(fail);
      }, PAUSE_MS);
    },
    (error) => fail(error),
  );
  let known: Source | undefined;
  const attempt = async (): Promise<void> => {
    const configuration = usesConfig ? configurationIn(cwd, configFile) : [];
    try {
      try {
        known = await source();
      } finally {
        // The broken file may be the one that says what to watch, so what was watched before is kept.
        await watcher.follow(
          [...configuration, ...(known === undefined ? [] : pathsOf(known))],
          known?.kind === "config" ? known.config.outDir : known?.out,
        );
      }
      await generate(isRepeated);
      isRepeated = true;
    } catch (error) {
      if (!(error instanceof ToolbindError)) throw error;
      // That it is right again is worth a word, even where the output never changed.
      isRepeated = false;
      printError(error, output.json);
      if (error.code === "TB2006" && usesConfig) output.note(HOW_TO_ACCEPT);
    }
  };
  const interrupted = new Promise<void>((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done());
  });
  try {
    await Promise.race([attempt(), failed]);
    output.note("Watching for changes; press Ctrl+C to stop.");
    await Promise.race([interrupted, failed]);
  } finally {
    clearTimeout(pending);
    await watcher.close();
    // A run that has begun is not cut off.
    await running.catch(() => {});
  }
}

/** Watches paths that may not be there yet, or may go and come again with the folders that they lie in. */
class InputWatcher {
  readonly #base: string;
  readonly #onChange: () => void;
  readonly #onError: (error: unknown) => void;
  #current: FSWatcher | undefined;
  #followed = "";

  constructor(base: string, onChange: () => void, onError: (error: unknown) => void) {
    this.#base = base;
    this.#onChange = onChange;
    this.#onError = onError;
  }

  /** Watches these files and folders, in place of those before; of the output only what is named itself. */
  async follow(inputs: readonly string[], outDir: string | undefined): Promise<void> {
    const paths = [...new Set(inputs)].sort();
    const followed = JSON.stringify([paths, outDir]);
    if (followed === this.#followed) return;
    const next = watchFiles(this.#anchorsOf(paths), {
      ignoreInitial: true,
      // What cannot be read is reported where it is needed.
      ignorePermissionErrors: true,
      ignored: (path) => !this.#mayDecide(resolve(path), paths, outDir),
    });
    next.on("all", this.#onChange);
    await new Promise<void>((done) => {
      next.once("ready", () => done());
      next.on("error", (error) => {
        void next.close();
        this.#onError(isFromSystem(error) ? notWatched(error) : error);
        done();
      });
    });
    await this.close();
    this.#current = next;
    this.#followed = followed;
  }

  async close(): Promise<void> {
    await this.#current?.close();
  }

  /** Folders that exist, to notice when missing files in them come back. */
  #anchorsOf(paths: readonly string[]): string[] {
    const anchors = paths.map((path) => {
      if (isWithin(path, this.#base)) return this.#base;
      return upwards(dirname(path)).find(isFolder) ?? dirname(path);
    });
    return [...new Set(anchors)];
  }

  #mayDecide(path: string, paths: readonly string[], outDir: string | undefined): boolean {
    if (paths.some((input) => isWithin(input, path))) return true;
    if (outDir !== undefined && isWithin(path, outDir)) return false;
    return paths.some((input) => isWithin(path, input) && !hasNoInputs(relative(input, path)));
  }
}

function isFromSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

function notWatched(cause: NodeJS.ErrnoException): ToolbindError {
  const isLimit = cause.code === "ENOSPC" || cause.code === "EMFILE";
  const raise = `raise ${cause.code === "ENOSPC" ? "fs.inotify.max_user_watches" : "fs.inotify.max_user_instances"}`;
  return new ToolbindError("TB1011", {
    what: `Files cannot be watched (${cause.message})`,
    fix: `${isLimit && process.platform === "linux" ? `${raise}, or ` : ""}set CHOKIDAR_USEPOLLING=1 to poll files for changes`,
    cause,
  });
}

/** The files that the configuration is, or could be, read from. */
function configurationIn(cwd: string, named: string | undefined): string[] {
  if (named !== undefined) return [...filesNamedBy(resolve(cwd, named))];
  const candidates = (folder: string): string[] => CONFIG_NAMES.map((name) => resolve(folder, name));
  try {
    const found = findConfig(cwd);
    if (found !== undefined) return [...candidates(cwd), ...candidates(dirname(found)), ...filesNamedBy(found)];
  } catch {
    // More than one: either may go.
  }
  return candidates(cwd);
}

/** Files and folders beside the configuration that decide what is generated; some of them may not be there yet. */
function pathsOf(source: Source): string[] {
  if (source.kind !== "config") {
    // The files that a description refers to lie beside it.
    return [
      source.path,
      ...(isFile(source.path) ? [dirname(source.path)] : []),
      ...Object.values(source.schemaMap ?? {}),
    ];
  }
  const { snapshotDir, lockFile, apps, templatesDir, schemaMap } = source.config;
  const base = dirname(lockFile);
  return [
    snapshotDir,
    lockFile,
    ...apps.map((pattern) => resolve(base, /[*?]/.test(pattern) ? dirname(pattern) : pattern)),
    ...(templatesDir === null ? [] : [templatesDir]),
    ...Object.values(schemaMap),
  ];
}

function hasNoInputs(path: string): boolean {
  return /(?:^|[\\/])(?:node_modules|\.git)(?:[\\/]|$)/.test(path);
}
