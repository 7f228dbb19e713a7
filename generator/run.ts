import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Catalogue } from "./catalogue/types.js";
import { readCache, writeCache } from "./cache.js";
import { sha256 } from "./catalogue/canonical.js";
import { configName, type EmitSettings, type ResolvedConfig } from "./config/resolve.js";
import type { EmitInput } from "./emit/output.js";
import { packagesImportedBy } from "./emit/packages.js";
import { ToolbindError, type Diagnostic } from "./errors.js";
import { areUnchanged, fingerprintInputs, type Consulted } from "./inputs.js";
import { checkLock, lockOf, lockWouldChange } from "./lock/check.js";
import {
  EMPTY_LOCK,
  isSameLock,
  printLock,
  readLock,
  sortNames,
  type Lock,
  type LockedToolkit,
} from "./lock/lockfile.js";
import { nameToolkits, nameTools, unusedNames, usableAliases, type Aliases, type ToolkitNames } from "./lock/names.js";
import { packageRoot, packageVersion } from "./package.js";
import type { SchemaMap } from "./schema/load.js";
import { findApps } from "./apps/files.js";
import { displayName, shownFrom } from "./sources/files.js";
import { allFiles, readInputs, type CatalogueInputs, type InputContext } from "./read.js";
import { outputIsWhole, readManifest, type Manifest } from "./write/manifest.js";
import { recoverWrite } from "./write/recover.js";

export type Source =
  | { readonly kind: "config"; readonly config: ResolvedConfig }
  | {
      readonly kind: "catalogue";
      readonly path: string;
      readonly out: string;
      readonly settings: EmitSettings;
      readonly schemaMap?: SchemaMap;
    }
  | {
      readonly kind: "app";
      /** An app's folder, or a description. */
      readonly path: string;
      /** The toolkit's slug; by default what the app says. */
      readonly slug?: string;
      readonly out: string;
      readonly settings: EmitSettings;
      readonly schemaMap?: SchemaMap;
    };

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

/** What is remembered of the last run into an output folder, so that a run with nothing to do ends early. */
interface LastRun {
  readonly inputs: string;
  /** What stood in the folders of the schema map. */
  readonly mapped: Consulted;
  readonly manifest: string;
  readonly tools: number;
  readonly toolkits: number;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The whole way: sources → catalogue → lock → schema model → printers → templates → write.
 * Reads no clock and no network; the same inputs give the same bytes.
 * Throws a `ToolbindError` for what the user can put right.
 */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const place = placeOf(options.source);
  try {
    refuseInputAsOutput(place);
    return await generateInto(place, options);
  } catch (error) {
    throw error instanceof ToolbindError ? shownFrom(error, place.cwd) : error;
  }
}

async function generateInto(place: Place, options: GenerateOptions): Promise<GenerateResult> {
  const { source, check = false, strict = false } = options;
  if (!check) {
    recoverWrite(place.outDir);
    if (place.lockFile !== null && place.catalogue !== null) recoverWrite(place.catalogue, place.lockFile);
  }

  const files = readInputs(place);
  const lockText = place.lockFile === null ? null : readLock(place.lockFile, place.lockName);
  const lockBefore = lockText?.text ?? "";
  const previous = readManifest(place.outDir);
  const inputs = fingerprintInputs({ files: allFiles(files), place, only: options.only ?? null });
  // Aliases become part of the lock, and of what it is then fingerprinted with.
  const known = options.aliases === undefined ? inputs?.(lockBefore) : undefined;
  const early = nothingToDo(place.outDir, known, previous);
  if (early !== undefined) return early;

  options.onProgress?.("reading", 0, 1);
  const [{ emit }, { planWrite, applyWrite, printManifest, writeFileWhole }, { createLoader }] = await Promise.all([
    import("./emit/output.js"),
    import("./write/write.js"),
    import("./schema/load.js"),
  ]);
  const lock = lockText?.lock ?? lockFromManifest(previous);
  const mapped: Record<string, string | null> = {};
  const load = createLoader(place.schemaMap, (file, content) => {
    mapped[file] = content === null ? null : sha256(content);
  });
  const named = await nameCatalogue(source, files, lock, options.only, { load, mapped });
  const aliases = aliasesOf(lock, named.namesByToolkit, options.aliases);
  if (place.lockFile !== null) {
    const frozen = options.frozen === true;
    const updateLock = options.updateLock === true || (lockText === undefined && !frozen);
    checkLock(named.all, lockText?.lock ?? EMPTY_LOCK, place.lockName, { updateLock, frozen });
  }

  const emitted = emit({
    toolkits: named.catalogue.toolkits,
    toolkitNames: named.toolkitNames,
    toolNames: named.namesByToolkit,
    aliases,
    settings: place.settings,
    templatesDir: place.templatesDir,
    load,
    faultOfPattern: await patternCheck(place),
    onToolkit: (done, total) => options.onProgress?.("generating", done, total),
  });
  const diagnostics = [...named.diagnostics, ...emitted.diagnostics];

  const newLock =
    place.lockFile === null ? "" : printLock(lockOf(named.all, named.namesByToolkit, place, aliases), packageVersion());
  const lockChanged = place.lockFile !== null && !isSameLock(lockBefore, newLock);
  if (lockChanged && options.frozen === true) throw lockWouldChange(place.lockName);
  const manifest: Manifest = {
    toolbind: packageVersion(),
    files: Object.fromEntries([...emitted.files].map(([path, text]) => [path, sha256(text)])),
    ...(place.lockFile === null && namesForManifest(named.all, named.namesByToolkit)),
  };
  const manifestText = printManifest(manifest);
  const plan = planWrite(place.outDir, emitted.files, { files: manifest.files, text: manifestText }, previous);
  const upToDate = plan.writes.length === 0 && plan.removals.length === 0 && !lockChanged;
  // Errors that leave nothing of what there was are no reason to remove it.
  const isLoss = emitted.tools === 0 && plan.removals.length > 0;
  const refused = (strict || isLoss) && diagnostics.some(({ severity }) => severity === "error");
  if (!check && !refused) {
    options.onProgress?.("writing", 0, plan.writes.length);
    applyWrite(plan, () => {
      if (lockChanged && place.lockFile !== null) writeFileWhole(place.lockFile, newLock);
    });
    if (inputs !== undefined) {
      const toolkits = named.catalogue.toolkits.length;
      const last = {
        inputs: inputs(lockChanged ? newLock : lockBefore),
        mapped,
        manifest: sha256(manifestText),
        tools: emitted.tools,
        toolkits,
        diagnostics,
      };
      writeCache("generate", place.outDir, last satisfies LastRun);
    }
  }
  return {
    toolkits: named.catalogue.toolkits.length,
    tools: emitted.tools,
    files: emitted.files.size,
    written: [...(lockChanged ? [place.lockName] : []), ...plan.writes.map(({ path }) => path)],
    removed: plan.removals.map(({ path }) => path),
    unchanged: plan.unchanged,
    refused,
    upToDate,
    diagnostics,
    outDir: place.outDir,
    packages: packagesImportedBy([...emitted.files.keys()]),
  };
}

export interface NamedCatalogue {
  /** What is selected. */
  readonly catalogue: Catalogue;
  readonly toolkitNames: ReadonlyMap<string, ToolkitNames>;
  /** Function names by slug, for all toolkits. */
  readonly toolNames: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a catalogue and the names its tools are generated under, for commands that only look. */
export async function loadCatalogue(source: Source): Promise<NamedCatalogue> {
  const place = placeOf(source);
  const files = readInputs(place);
  const lock =
    place.lockFile === null
      ? lockFromManifest(readManifest(place.outDir))
      : readLock(place.lockFile, place.lockName)?.lock;
  const { createLoader } = await import("./schema/load.js");
  return nameCatalogue(source, files, lock ?? EMPTY_LOCK, undefined, {
    load: createLoader(place.schemaMap),
    mapped: {},
  });
}

/** Reads everything there is, selected or not. */
export async function readAll(source: Source): Promise<{ readonly catalogue: Catalogue }> {
  const place = placeOf(source);
  const lock = place.lockFile === null ? undefined : readLock(place.lockFile, place.lockName)?.lock;
  const [{ readCatalogue }, { createLoader }] = await Promise.all([import("./read.js"), import("./schema/load.js")]);
  const load = createLoader(place.schemaMap);
  return readCatalogue(readInputs(place), { cwd: place.cwd, lock: lock ?? EMPTY_LOCK, load, mapped: {} });
}

interface Place {
  readonly cwd: string;
  /** File or folder of the catalogue; null where there is none. */
  readonly catalogue: string | null;
  /** Folders of custom apps, or descriptions. */
  readonly apps: readonly string[];
  /** The one app's slug, where it is given. */
  readonly slug?: string | undefined;
  readonly outDir: string;
  /** Null where the manifest keeps the names. */
  readonly lockFile: string | null;
  readonly lockName: string;
  readonly templatesDir: string | null;
  readonly settings: EmitSettings;
  readonly schemaMap: SchemaMap;
  readonly selection: ResolvedConfig["toolkits"];
}

function placeOf(source: Source): Place {
  if (source.kind !== "config") {
    const { kind, path, out, settings, schemaMap = {} } = source;
    const isApp = kind === "app";
    const input = { catalogue: isApp ? null : path, apps: isApp ? [path] : [] };
    const slug = kind === "app" ? source.slug : undefined;
    const place = { cwd: process.cwd(), ...input, slug, outDir: out, settings, schemaMap };
    return { ...place, lockFile: null, lockName: "", templatesDir: null, selection: null };
  }
  const { cwd, snapshotDir, outDir, lockFile, templatesDir, schemaMap, settings, toolkits } = source.config;
  const apps = findApps(source.config.apps, dirname(lockFile));
  return {
    cwd,
    // Apps alone need no snapshot.
    catalogue: apps.length > 0 && !existsSync(snapshotDir) ? null : snapshotDir,
    apps,
    outDir,
    lockFile,
    lockName: displayName(lockFile, cwd),
    templatesDir,
    settings,
    schemaMap,
    selection: toolkits,
  };
}

/** What is emitted would be read as an input of the next run. */
function refuseInputAsOutput({ catalogue, apps, templatesDir, outDir }: Place): void {
  const inputs = { snapshot: [catalogue], "custom app": apps, templates: [templatesDir] };
  const found = Object.entries(inputs).find(([, folders]) => folders.includes(outDir));
  if (found === undefined) return;
  throw new ToolbindError("TB4001", {
    what: "Output folder cannot be used",
    at: { source: outDir },
    expected: "a folder of its own",
    received: `the folder of the ${found[0]}`,
    fix: "choose another folder with `output` or `--out`",
  });
}

/** What judges the regular expressions of schemas, where the settings ask for it. */
async function patternCheck({ settings, lockFile, cwd }: Place): Promise<EmitInput["faultOfPattern"]> {
  if (settings.patterns === "accept") return undefined;
  const { createPatternCheck } = await import("./schema/patterns.js");
  return createPatternCheck([lockFile === null ? cwd : dirname(lockFile), packageRoot()]);
}

function nothingToDo(
  outDir: string,
  inputs: string | undefined,
  manifest: Manifest | undefined,
): GenerateResult | undefined {
  if (manifest === undefined || inputs === undefined) return undefined;
  const last = readCache("generate", outDir) as LastRun | undefined;
  if (last?.inputs !== inputs || !areUnchanged(last.mapped) || !outputIsWhole(outDir, manifest, last.manifest))
    return undefined;
  const { tools, toolkits, diagnostics } = last;
  const paths = Object.keys(manifest.files);
  const files = paths.length;
  return {
    toolkits,
    tools,
    files,
    written: [],
    removed: [],
    unchanged: files,
    refused: false,
    upToDate: true,
    diagnostics,
    outDir,
    packages: packagesImportedBy(paths),
  };
}

async function nameCatalogue(
  source: Source,
  inputs: CatalogueInputs,
  lock: Lock,
  only: readonly string[] | undefined,
  documents: Pick<InputContext, "load" | "mapped">,
): Promise<NamedCatalogue & { all: Catalogue; namesByToolkit: Map<string, Map<string, string>> }> {
  const [{ readCatalogue }, { select, unmatched, unpinned }] = await Promise.all([import("./read.js"), import("./select.js")]);
  const { catalogue: all, diagnostics: found } = await readCatalogue(inputs, {
    ...documents,
    lock,
    cwd: placeOf(source).cwd,
  });
  const diagnostics = [...found];
  const place = placeOf(source);
  const configured = (toolkit: string): Map<string, string> =>
    new Map(Object.entries(place.selection?.[toolkit]?.names ?? {}));
  const namesByToolkit = new Map<string, Map<string, string>>();
  for (const { slug, tools } of all.toolkits) {
    const locked = new Map(Object.entries(lock.toolkits.get(slug)?.names ?? {}));
    const slugs = tools.map((tool) => tool.slug);
    diagnostics.push(...unusedNames(slug, slugs, configured(slug)));
    namesByToolkit.set(slug, nameTools(slug, slugs, { locked, configured: configured(slug) }));
  }
  const chosen = { toolkits: place.selection, only };
  const named = source.kind === "config" ? configName(source.config) : source.path;
  const catalogue = await select(all, chosen, named);
  diagnostics.push(...unpinned(catalogue), ...(await unmatched(all, place.selection, named)));
  return {
    all,
    catalogue,
    toolkitNames: nameToolkits(all.toolkits.map(({ slug }) => slug)),
    namesByToolkit,
    toolNames: new Map([...namesByToolkit.values()].flatMap((names) => [...names])),
    diagnostics,
  };
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

function lockFromManifest({ names = {}, operations = {} }: Partial<Manifest> = {}): Lock {
  const toolkits = Object.entries(names).map(([slug, own]): [string, LockedToolkit] => {
    const given = operations[slug];
    return [slug, { version: null, source: "", hash: "", names: own, ...(given && { operations: given }) }];
  });
  return { toolkits: new Map(toolkits) };
}

function namesForManifest(
  { toolkits }: Catalogue,
  names: ReadonlyMap<string, ReadonlyMap<string, string>>,
): Pick<Manifest, "names" | "operations"> {
  const operations = toolkits.flatMap(({ slug, app }) =>
    app === undefined ? [] : [[slug, sortNames(app.operations)]],
  );
  return {
    names: Object.fromEntries([...names].map(([slug, own]) => [slug, sortNames(Object.fromEntries(own))])),
    ...(operations.length > 0 && { operations: Object.fromEntries(operations) as NonNullable<Manifest["operations"]> }),
  };
}
