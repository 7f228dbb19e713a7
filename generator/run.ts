import { dirname, join } from "node:path";
import { sha256 } from "./catalogue/canonical.js";
import type { Emitted, EmitInput } from "./emit/output.js";
import { packagesImportedBy } from "./emit/packages.js";
import { diagnostic, ToolbindError, type Diagnostic } from "./errors.js";
import { fingerprintInputs } from "./fingerprint.js";
import { isStillValid, readLastRun, rememberRun, type LastRun } from "./last-run.js";
import { nameCatalogue, type NamedCatalogue } from "./load.js";
import { checkLock, lockOf, lockWouldChange } from "./lock/check.js";
import { EMPTY_LOCK, isSameLock, printLock, readLock, type Lock } from "./lock/lockfile.js";
import { lockFromManifest, namesForManifest } from "./lock/manifest-names.js";
import { usableAliases, type Aliases } from "./lock/names.js";
import { packageRoot, packageVersion } from "./package.js";
import { allFiles, readInputs } from "./read.js";
import { refuseInputAsOutput, resolvePaths, type RunPaths, type Source } from "./source.js";
import { displayName, shownFrom } from "./sources/files.js";
import { Digests } from "./stamps.js";
import { readManifest, type Manifest } from "./write/manifest.js";
import { recoverWrite } from "./write/recover.js";
import type { WritePlan } from "./write/write.js";

export type { Source } from "./source.js";

export interface GenerateOptions {
  readonly source: Source;
  /** Globs over slugs: only these tools. */
  readonly only?: readonly string[];
  /** Write nothing; say what would be. */
  readonly check?: boolean;
  /** Write nothing if anything had to be left out. */
  readonly strict?: boolean;
  /** Accept a snapshot that differs from the lock. */
  readonly updateLock?: boolean;
  /** Old names of tools to keep beside the new ones, from now on; without it, those of the lock stay. */
  readonly aliases?: Aliases;
  /** Refuse to add to the lock. */
  readonly frozen?: boolean;
  readonly onProgress?: (stage: string, done: number, total: number) => void;
}

export interface GenerateResult {
  readonly toolkits: number;
  readonly tools: number;
  /** Files of the output, its manifest aside. */
  readonly files: number;
  /** Paths in the output folder; with `check`, what would be written and removed. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  /** Nothing was written, since there were errors and either `strict`, or no tool was left of an earlier output. */
  readonly refused: boolean;
  /** The output was what it should be before anything was written. */
  readonly upToDate: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly outDir: string;
  /** Packages that the output imports, zod aside. */
  readonly packages: readonly string[];
}

/**
 * The whole way: sources → catalogue → lock → schema model → printers → templates → write.
 * Uses no network; the same inputs give the same bytes, whatever the clock says.
 * Throws a `ToolbindError` for what the user can put right.
 */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const paths = resolvePaths(options.source);
  try {
    refuseInputAsOutput(paths);
    return await generateInto(paths, options);
  } catch (error) {
    throw error instanceof ToolbindError ? shownFrom(error, paths.cwd) : error;
  }
}

async function generateInto(paths: RunPaths, options: GenerateOptions): Promise<GenerateResult> {
  const { outDir, lockFile, lockName } = paths;
  if (options.check !== true) recoverWrites(paths);

  const sources = readInputs(paths);
  const locked = lockFile === null ? undefined : readLock(lockFile, lockName);
  const previous = readManifest(outDir);
  const last = readLastRun(outDir);
  // A check reads everything.
  const digests = new Digests(options.check === true ? {} : last?.stamps);
  const inputs = { files: allFiles(sources), paths, only: options.only ?? null, digests };
  // Aliases become part of the lock, and of what it is then fingerprinted with.
  if (last !== undefined && previous !== undefined && options.aliases === undefined) {
    const now = fingerprintInputs(inputs)?.(locked?.text ?? "");
    if (isStillValid(last, outDir, now, previous, digests)) return resultOf(last, outDir, Object.keys(previous.files));
  }
  digests.distrust();
  const fingerprint = fingerprintInputs(inputs);

  options.onProgress?.("reading", 0, 1);
  const [{ emit }, { planWrite, applyWrite, printManifest, writeFileWhole }, { createLoader }] = await Promise.all([
    import("./emit/output.js"),
    import("./write/write.js"),
    import("./schema/load.js"),
  ]);
  const mapped: Record<string, string | null> = {};
  const load = createLoader(paths.schemaMap, (file, content) => {
    mapped[file] = content === null ? null : sha256(content);
  });
  const lock = locked?.lock ?? lockFromManifest(previous);
  const named = await nameCatalogue(paths, sources, lock, options.only, { load, mapped });
  const aliases = aliasesOf(lock, named.toolNames, options.aliases);
  if (lockFile !== null) checkLockOf(named, locked?.lock, lockName, options);

  const emitted = emit({
    toolkits: named.catalogue.toolkits,
    toolkitNames: named.toolkitNames,
    toolNames: named.toolNames,
    aliases,
    settings: paths.settings,
    templatesDir: paths.templatesDir,
    load,
    faultOfPattern: await patternCheck(paths),
    onToolkit: (done, total) => options.onProgress?.("generating", done, total),
  });
  const diagnostics = [...named.diagnostics, ...emitted.diagnostics];

  const newLock =
    lockFile === null ? "" : printLock(lockOf(named.all, named.toolNames, paths, aliases), packageVersion());
  const lockChanged = lockFile !== null && !isSameLock(locked?.text ?? "", newLock);
  if (lockChanged && options.frozen === true) throw lockWouldChange(lockName);
  const manifest = manifestOf(emitted, named, paths);
  const manifestText = printManifest(manifest);
  const plan = planWrite(outDir, emitted.files, { files: manifest.files, text: manifestText }, previous);
  // Errors that leave nothing to generate are not a reason to remove the previous output.
  const isLoss = emitted.tools === 0 && plan.removals.length > 0;
  const refused = (options.strict === true || isLoss) && diagnostics.some(({ severity }) => severity === "error");
  const run = { mapped, tools: emitted.tools, toolkits: named.catalogue.toolkits.length, diagnostics };
  if (options.check !== true && !refused) {
    options.onProgress?.("writing", 0, plan.writes.length);
    applyWrite(plan, () => {
      if (lockChanged) writeFileWhole(lockFile, newLock);
    });
    const made = fingerprint?.(lockChanged ? newLock : (locked?.text ?? ""));
    const stamps = { ...last?.stamps, ...digests.stamps };
    if (made !== undefined) rememberRun(outDir, { ...run, inputs: made, manifest: sha256(manifestText), stamps });
  }
  return {
    // A later run does not know of the files that stay.
    ...resultOf({ ...run, diagnostics: [...diagnostics, ...editedFiles(plan, paths)] }, outDir, [
      ...emitted.files.keys(),
    ]),
    written: [...(lockChanged ? [lockName] : []), ...plan.writes.map(({ path }) => path)],
    removed: plan.removals.map(({ path }) => path),
    unchanged: plan.unchanged,
    refused,
    upToDate: plan.writes.length === 0 && plan.removals.length === 0 && !lockChanged,
  };
}

function editedFiles({ kept }: WritePlan, { outDir, cwd }: RunPaths): Diagnostic[] {
  return kept.map((path) =>
    diagnostic("TB4005", "warning", {
      what: "A file that is no longer generated was edited since, and stays",
      at: { source: displayName(join(outDir, path), cwd) },
      fix: "delete it once you have taken from it what you need",
    }),
  );
}

/** Completes or undoes what an earlier run was killed at. */
function recoverWrites({ outDir, lockFile, catalogue }: RunPaths): void {
  recoverWrite(outDir);
  if (lockFile !== null && catalogue !== null) recoverWrite(catalogue, lockFile);
}

function resultOf(
  { toolkits, tools, diagnostics }: Pick<LastRun, "toolkits" | "tools" | "diagnostics">,
  outDir: string,
  files: readonly string[],
): GenerateResult {
  return {
    toolkits,
    tools,
    files: files.length,
    written: [],
    removed: [],
    unchanged: files.length,
    refused: false,
    upToDate: true,
    diagnostics,
    outDir,
    packages: packagesImportedBy(files),
  };
}

function checkLockOf(
  { all }: NamedCatalogue,
  lock: Lock | undefined,
  lockName: string,
  { updateLock = false, frozen = false }: GenerateOptions,
): void {
  // The first run writes the lock.
  const isFirst = lock === undefined && !frozen;
  checkLock(all, lock ?? EMPTY_LOCK, lockName, { updateLock: updateLock || isFirst, frozen });
}

/** The old names that are kept: of a toolkit that `given` names, those; of others, what the lock says. */
function aliasesOf(lock: Lock, names: ReadonlyMap<string, ReadonlyMap<string, string>>, given?: Aliases): Aliases {
  return new Map(
    [...names].map(([slug, own]) => [
      slug,
      usableAliases(given?.get(slug) ?? Object.entries(lock.toolkits.get(slug)?.aliases ?? {}), own),
    ]),
  );
}

function manifestOf({ files }: Emitted, { all, toolNames }: NamedCatalogue, { lockFile }: RunPaths): Manifest {
  return {
    toolbind: packageVersion(),
    files: Object.fromEntries([...files].map(([path, text]) => [path, sha256(text)])),
    ...(lockFile === null && namesForManifest(all, toolNames)),
  };
}

/** Checks the regular expressions of schemas, if the settings require it. */
async function patternCheck({ settings, lockFile, cwd }: RunPaths): Promise<EmitInput["faultOfPattern"]> {
  if (settings.patterns === "accept") return undefined;
  const { createPatternCheck } = await import("./schema/patterns.js");
  return createPatternCheck([lockFile === null ? cwd : dirname(lockFile), packageRoot()]);
}
