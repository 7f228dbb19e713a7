import { readCache, writeCache } from "./cache.js";
import type { Diagnostic } from "./errors.js";
import { areUnchanged, type Consulted } from "./fingerprint.js";
import { outputIsWhole, type Manifest } from "./write/manifest.js";

/** What is remembered of the last run into an output folder, so that a run with nothing to do ends early. */
export interface LastRun {
  /** Fingerprint of all that decided the output. */
  readonly inputs: string;
  /** The content of the folders of the schema map. */
  readonly mapped: Consulted;
  /** SHA-256 of the manifest. */
  readonly manifest: string;
  readonly tools: number;
  readonly toolkits: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** The last run, where the same inputs would make the output that is there. */
export function stillValid(outDir: string, inputs: string, manifest: Manifest | undefined): LastRun | undefined {
  if (manifest === undefined) return undefined;
  const last = readCache("generate", outDir) as LastRun | undefined;
  const isSame = last?.inputs === inputs && areUnchanged(last.mapped) && outputIsWhole(outDir, manifest, last.manifest);
  return isSame ? last : undefined;
}

export function rememberRun(outDir: string, run: LastRun): void {
  writeCache("generate", outDir, run);
}
