import { readCache, writeCache } from "./cache.js";
import type { Diagnostic } from "./errors.js";
import { areUnchanged, type Consulted } from "./fingerprint.js";
import { stampsOfWhole, type Manifest } from "./write/manifest.js";
import type { Stamps } from "./write/stamps.js";

/** What is remembered of the last run into an output folder, so that a run with nothing to do ends early. */
export interface LastRun {
  /** Fingerprint of all that decided the output. */
  readonly inputs: string;
  /** The content of the folders of the schema map. */
  readonly mapped: Consulted;
  /** SHA-256 of the manifest. */
  readonly manifest: string;
  /** Of files of the output, when they were last found to be as they were written. */
  readonly stamps: Stamps;
  readonly tools: number;
  readonly toolkits: number;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The last run, where the same inputs would make the output that is there. `rereads` reads all of the output, instead
 * of only what has been written to since.
 */
export function stillValid(
  outDir: string,
  inputs: string,
  manifest: Manifest | undefined,
  rereads: boolean,
): LastRun | undefined {
  if (manifest === undefined) return undefined;
  const last = readCache("generate", outDir) as LastRun | undefined;
  if (last?.inputs !== inputs || !areUnchanged(last.mapped)) return undefined;
  const stamps = stampsOfWhole(outDir, manifest, last.manifest, rereads ? {} : last.stamps);
  if (stamps === undefined) return undefined;
  const isNews = Object.entries(stamps).some(([path, stamp]) => last.stamps[path] !== stamp);
  if (isNews) writeCache("generate", outDir, { ...last, stamps });
  return last;
}

/** Files that the run has written are read once more by the next one, which takes their stamps. */
export function rememberRun(outDir: string, run: Omit<LastRun, "stamps">): void {
  const { stamps = {} } = (readCache("generate", outDir) ?? {}) as Partial<LastRun>;
  writeCache("generate", outDir, { ...run, stamps });
}
