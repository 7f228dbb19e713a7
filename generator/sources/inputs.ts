import type { Lock } from "../lock/lockfile.js";
import type { DocumentLoader } from "../schema/documents.js";
import { readAppFiles, type AppFiles } from "./apps.js";
import { readSourceFiles, type SourceFile } from "./files.js";

/** The files that a catalogue is read from. */
export interface CatalogueInputs {
  readonly files: readonly SourceFile[];
  readonly apps: readonly AppFiles[];
}

/** What reading them takes beside the files. */
export interface InputContext {
  readonly cwd: string;
  readonly lock: Lock;
  /** Documents that stand for URLs. */
  readonly load: DocumentLoader;
  /** Takes the digest of each file that references lead to, by path; null where there is none. */
  readonly mapped: Record<string, string | null>;
}

export function readInputs({
  catalogue,
  apps,
  slug,
  cwd,
}: {
  readonly catalogue: string | null;
  readonly apps: readonly string[];
  readonly slug?: string | undefined;
  readonly cwd: string;
}): CatalogueInputs {
  return {
    files: catalogue === null ? [] : readSourceFiles(catalogue, cwd),
    apps: apps.map((path) => readAppFiles(path, cwd, slug)),
  };
}

export function allFiles({ files, apps }: CatalogueInputs): SourceFile[] {
  const ofApps = apps.flatMap(({ description, integration }) =>
    integration === undefined ? [description] : [description, integration],
  );
  return [...files, ...ofApps];
}
