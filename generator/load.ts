import type { Catalogue } from "./catalogue/types.js";
import type { Diagnostic } from "./errors.js";
import { lockFromManifest } from "./lock/manifest-names.js";
import { EMPTY_LOCK, readLock, type Lock } from "./lock/lockfile.js";
import { nameToolkits, nameTools, unusedNames, type ToolkitNames } from "./lock/names.js";
import { readInputs, type CatalogueInputs, type InputContext } from "./read.js";
import { resolvePaths, type RunPaths, type Source } from "./source.js";
import { readManifest } from "./write/manifest.js";

export interface NamedCatalogue {
  /** Everything there is. */
  readonly all: Catalogue;
  /** What is selected of it. */
  readonly catalogue: Catalogue;
  readonly toolkitNames: ReadonlyMap<string, ToolkitNames>;
  /** Function names by slug, by toolkit, for all of them. */
  readonly toolNames: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a catalogue and the names its tools are generated under, for commands that only look. */
export async function loadCatalogue(source: Source): Promise<NamedCatalogue> {
  const paths = resolvePaths(source);
  const lock = paths.lockFile === null ? lockFromManifest(readManifest(paths.outDir)) : lockOf(paths);
  const { createLoader } = await import("./schema/load.js");
  return nameCatalogue(paths, readInputs(paths), lock, undefined, {
    load: createLoader(paths.schemaMap),
    mapped: {},
  });
}

/** Reads everything there is, selected or not. */
export async function readAll(source: Source): Promise<{ readonly catalogue: Catalogue }> {
  const paths = resolvePaths(source);
  const [{ readCatalogue }, { createLoader }] = await Promise.all([import("./read.js"), import("./schema/load.js")]);
  const load = createLoader(paths.schemaMap);
  return readCatalogue(readInputs(paths), { cwd: paths.cwd, lock: lockOf(paths), load, mapped: {} });
}

function lockOf({ lockFile, lockName }: RunPaths): Lock {
  return (lockFile === null ? undefined : readLock(lockFile, lockName)?.lock) ?? EMPTY_LOCK;
}

/** Reads the inputs, selects what `only` and the configuration want of them, and names the tools as the lock has it. */
export async function nameCatalogue(
  { cwd, selection, selectedBy }: RunPaths,
  inputs: CatalogueInputs,
  lock: Lock,
  only: readonly string[] | undefined,
  documents: Pick<InputContext, "load" | "mapped">,
): Promise<NamedCatalogue> {
  const [{ readCatalogue }, { select, unmatched, unpinned }] = await Promise.all([
    import("./read.js"),
    import("./select.js"),
  ]);
  const { catalogue: all, diagnostics: found } = await readCatalogue(inputs, { ...documents, lock, cwd });
  const diagnostics = [...found];
  const toolNames = new Map<string, ReadonlyMap<string, string>>();
  for (const { slug, tools } of all.toolkits) {
    const configured = new Map(Object.entries(selection?.[slug]?.names ?? {}));
    const locked = new Map(Object.entries(lock.toolkits.get(slug)?.names ?? {}));
    const slugs = tools.map((tool) => tool.slug);
    diagnostics.push(...unusedNames(slug, slugs, configured, selectedBy));
    toolNames.set(slug, nameTools(slug, slugs, { locked, configured, source: selectedBy }));
  }
  const catalogue = await select(all, { toolkits: selection, only }, selectedBy);
  diagnostics.push(...unpinned(catalogue), ...(await unmatched(all, selection, selectedBy)));
  return { all, catalogue, toolkitNames: nameToolkits(all.toolkits.map(({ slug }) => slug)), toolNames, diagnostics };
}
