import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { readCache, writeCache } from "../cache.js";
import { packageVersion } from "../package.js";
import { inputsOf } from "./inputs.js";
import type { ToolbindConfig } from "./types.js";

const KIND = "config";

interface Entry {
  readonly fingerprint: string;
  readonly config: ToolbindConfig;
}

/**
 * Names everything that decides what a configuration file evaluates to; null when that cannot be named,
 * as when it reads the environment. Such a configuration is evaluated each time.
 */
export function fingerprint(configFile: string): string | null {
  try {
    const inputs = inputsOf(configFile);
    if (inputs === null) return null;
    const hash = createHash("sha256");
    const parts = [process.version, packageVersion(), definition(), ...[...inputs].flat()];
    for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
    return hash.digest("hex");
  } catch {
    return null;
  }
}

/** The validated configuration, as it was when the same inputs were last evaluated. */
export function readCached(configFile: string, wanted: string): ToolbindConfig | undefined {
  const entry = readCache(KIND, configFile) as Entry | null | undefined;
  return entry?.fingerprint === wanted ? entry.config : undefined;
}

/** Keeps a validated configuration. */
export function writeCached(configFile: string, entry: Entry): void {
  writeCache(KIND, configFile, entry);
}

/** The text of the module that says what is valid: what an older one let pass is not to be trusted. */
function definition(): string {
  return readFileSync(new URL(`./schema${extname(fileURLToPath(import.meta.url))}`, import.meta.url), "utf8");
}
