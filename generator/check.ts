import { join } from "node:path";
import type { Catalogue } from "./catalogue/types.js";
import { configName, type ResolvedConfig } from "./config/resolve.js";
import { ToolbindError, type Diagnostic, type ErrorCode } from "./errors.js";
import { lockDifferences } from "./lock/check.js";
import { EMPTY_LOCK, readLock } from "./lock/lockfile.js";
import { readAll } from "./load.js";
import { generate, type GenerateResult } from "./run.js";
import { displayName } from "./sources/files.js";
import { isHalfWritten } from "./write/recover.js";

/** One thing that disagrees with another. */
interface Difference {
  readonly kind: "interrupted" | "lock" | "configuration" | "unpinned" | "output";
  readonly message: string;
}

export interface CheckResult {
  readonly tools: number;
  readonly toolkits: number;
  readonly differences: readonly Difference[];
}

/** Faults that say that two of the parts disagree, rather than that one cannot be read. */
const DISAGREEMENTS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["TB1004", "TB2006", "TB4002"]);

/** Compares lock, snapshot, configuration and output, and lists where they disagree. Reads files only. */
export async function check(config: ResolvedConfig): Promise<CheckResult> {
  const interrupted = interruptedWrites(config);
  try {
    const result = await generate({ source: { kind: "config", config }, check: true });
    return {
      ...sizeOf(result),
      differences: [...interrupted, ...withoutPin(result.diagnostics), ...outdated(result, config)],
    };
  } catch (error) {
    const first = disagreement(error);
    const { catalogue } = await readAll({ kind: "config", config });
    const found = [
      ...interrupted,
      ...lockFindings(catalogue, config),
      ...(await configurationFindings(catalogue, config)),
      ...withoutPin(await unpinnedOf(catalogue, config)),
      ...(await outputFindings(config)),
    ];
    const tools = catalogue.toolkits.reduce((sum, toolkit) => sum + toolkit.tools.length, 0);
    const differences = found.some(({ message }) => message === first.message) ? found : [...found, first];
    return { tools, toolkits: catalogue.toolkits.length, differences };
  }
}

function sizeOf({ tools, toolkits }: GenerateResult): { tools: number; toolkits: number } {
  return { tools, toolkits };
}

/** The message of a fault that is a disagreement; throws any other fault. */
function disagreement(error: unknown): Difference {
  if (!(error instanceof ToolbindError) || !DISAGREEMENTS.has(error.code)) throw error;
  const kind = error.code === "TB2006" ? "lock" : error.code === "TB1004" ? "configuration" : "output";
  return { kind, message: error.message };
}

function interruptedWrites({ outDir, snapshotDir, cwd }: ResolvedConfig): Difference[] {
  return [snapshotDir, outDir].filter(isHalfWritten).map((dir) => {
    const message = `A write into ${displayName(dir, cwd)} was interrupted. Fix: run \`toolbind generate\`, which completes it.`;
    return { kind: "interrupted", message };
  });
}

function withoutPin(diagnostics: readonly Diagnostic[]): Difference[] {
  return diagnostics.filter(({ code }) => code === "TB2008").map(({ message }) => ({ kind: "unpinned", message }));
}

/** What to report about the toolkits in the configuration, whatever it selects of them. */
async function unpinnedOf({ toolkits }: Catalogue, config: ResolvedConfig): Promise<Diagnostic[]> {
  const { unpinned } = await import("./select.js");
  return unpinned({
    toolkits: toolkits.filter(({ slug }) => Object.hasOwn(config.toolkits ?? { [slug]: true }, slug)),
  });
}

function outdated(
  { upToDate, written, removed }: GenerateResult,
  { lockFile, outDir, cwd }: ResolvedConfig,
): Difference[] {
  if (upToDate) return [];
  const lockName = displayName(lockFile, cwd);
  const shown = (file: string): string => (file === lockName ? file : displayName(join(outDir, file), cwd));
  const fix = "Fix: run `toolbind generate` and commit the result.";
  return [
    ...written.map((file): Difference => {
      const kind = file === lockName ? "lock" : "output";
      return { kind, message: `${shown(file)} is not what would be generated. ${fix}` };
    }),
    ...removed.map((file): Difference => ({
      kind: "output",
      message: `${shown(file)} is no longer generated. ${fix}`,
    })),
  ];
}

function lockFindings(catalogue: Catalogue, { lockFile, cwd }: ResolvedConfig): Difference[] {
  const name = displayName(lockFile, cwd);
  const lock = readLock(lockFile, name)?.lock ?? EMPTY_LOCK;
  return [...lockDifferences(catalogue, lock, name, true)].map(disagreement);
}

/** What the configuration selects but the snapshot does not have, by toolkit. */
async function configurationFindings(catalogue: Catalogue, config: ResolvedConfig): Promise<Difference[]> {
  const { select } = await import("./select.js");
  const found: Difference[] = [];
  for (const [slug, wanted] of Object.entries(config.toolkits ?? {})) {
    try {
      await select(catalogue, { toolkits: { [slug]: wanted }, only: undefined }, configName(config));
    } catch (error) {
      found.push({ kind: "configuration", message: disagreement(error).message });
    }
  }
  return found;
}

/** Where the output differs from what the current snapshot would give; empty if that cannot be determined. */
async function outputFindings(config: ResolvedConfig): Promise<Difference[]> {
  try {
    const result = await generate({ source: { kind: "config", config }, check: true, updateLock: true });
    return outdated(result, config).filter(({ kind }) => kind === "output");
  } catch (error) {
    disagreement(error);
    return [];
  }
}
