import { readCache, writeCache } from "./cache.js";
import type { Diagnostic } from "./errors.js";
import { areUnchanged, type Consulted } from "./fingerprint.js";
import type { Digests, Stamps } from "./stamps.js";
import { outputIsWhole, type Manifest } from "./write/manifest.js";

/** What is remembered of the last run into an output folder, so that a run with nothing to do ends early. */
export interface LastRun {
  /** Fingerprint of all that decided the output. */
  readonly inputs: string;
  /** The content of the folders of the schema map. */
  readonly mapped: Consulted;
  /** SHA-256 of the manifest. */
  readonly manifest: string;
  /** Of the inputs and of the output. */
  readonly stamps: Stamps;
  readonly tools: number;
  readonly toolkits: number;
  readonly diagnostics: readonly Diagnostic[];
}

export function readLastRun(outDir: string): LastRun | undefined {
  return readCache("generate", outDir) as LastRun | undefined;
}

/** Whether the last run had the same inputs, and its output is there as it was written. */
export function isStillValid(
  last: LastRun,
  outDir: string,
  inputs: string | undefined,
  manifest: Manifest,
  digests: Digests,
): boolean {
  const isSame = last.inputs === inputs && areUnchanged(last.mapped);
  if (!isSame || !outputIsWhole(outDir, manifest, last.manifest, digests)) return false;
  if (digests.isNews) rememberRun(outDir, { ...last, stamps: digests.stamps });
  return true;
}

export function rememberRun(outDir: string, run: LastRun): void {
  writeCache("generate", outDir, run);
}
