import type { Catalogue, CatalogueToolkit } from "./catalogue/types.js";
import type { DocumentLoader } from "./schema/documents.js";
import type { Lock } from "./lock/lockfile.js";
import { ToolbindError, type Diagnostic } from "./errors.js";
import { readAppFiles, type AppFiles } from "./apps/files.js";
import { readSnapshotFiles, readSourceFiles, type SourceFile } from "./sources/files.js";
import { sha256 } from "./catalogue/canonical.js";

/** The files that a catalogue is read from. */
export interface CatalogueInputs {
  readonly files: readonly SourceFile[];
  readonly apps: readonly AppFiles[];
}

/** What reading them needs besides the files. */
export interface InputContext {
  readonly cwd: string;
  readonly lock: Lock;
  /** Documents that stand for URLs. */
  readonly load: DocumentLoader;
  /** Receives the digest of each file that references lead to, by path; null if there is none. */
  readonly mapped: Record<string, string | null>;
}

export function readInputs({
  catalogue,
  apps,
  slug,
  lockFile,
  cwd,
}: {
  readonly catalogue: string | null;
  readonly apps: readonly string[];
  readonly slug?: string | undefined;
  /** Null where the catalogue is not that of a project. */
  readonly lockFile: string | null;
  readonly cwd: string;
}): CatalogueInputs {
  const read = lockFile === null ? readSourceFiles : readSnapshotFiles;
  return {
    files: catalogue === null ? [] : read(catalogue, cwd),
    apps: apps.map((path) => readAppFiles(path, cwd, slug)),
  };
}

export function allFiles({ files, apps }: CatalogueInputs): SourceFile[] {
  const ofApps = apps.flatMap(({ description, integration }) =>
    integration === undefined ? [description] : [description, integration],
  );
  return [...files, ...ofApps];
}

/** The catalogue of all inputs: what the platform returned, and the custom apps. */
export async function readCatalogue(
  { files, apps }: CatalogueInputs,
  { cwd, lock, load, mapped }: InputContext,
): Promise<{ readonly catalogue: Catalogue; readonly diagnostics: readonly Diagnostic[] }> {
  const { parseCatalogue } = await import("./sources/catalogue.js");
  const { catalogue, diagnostics } =
    files.length === 0 ? { catalogue: { toolkits: [] }, diagnostics: [] } : parseCatalogue(files);
  if (apps.length === 0) return { catalogue, diagnostics };
  const { readApp } = await import("./apps/toolkit.js");
  const toolkits = new Map(catalogue.toolkits.map((toolkit) => [toolkit.slug, toolkit]));
  const found = [...diagnostics];
  for (const app of apps) {
    const read = readApp(app, {
      cwd,
      given: (slug) => new Map(Object.entries(lock.toolkits.get(slug)?.operations ?? {})),
      mapped: load,
      consulted: (path, content) => {
        mapped[path] = content === undefined ? null : sha256(content.toString("utf8"));
      },
    });
    refuseTwo(toolkits.get(read.toolkit.slug), read.toolkit);
    toolkits.set(read.toolkit.slug, read.toolkit);
    found.push(...read.diagnostics);
  }
  const sorted = [...toolkits.values()].sort((a, b) => (a.slug < b.slug ? -1 : 1));
  return { catalogue: { toolkits: sorted }, diagnostics: found };
}

function refuseTwo(known: CatalogueToolkit | undefined, { slug, source }: CatalogueToolkit): void {
  if (known === undefined) return;
  throw new ToolbindError("TB2005", {
    what: `There are two toolkits ${slug}`,
    at: { source },
    expected: "one toolkit per slug",
    received: `another in ${known.source}`,
    fix: "give the app another `unique_key` in its integration.yaml, or remove one of them",
  });
}
