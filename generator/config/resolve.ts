import { dirname, join, resolve } from "node:path";
import { ToolbindError } from "../errors.js";
import { displayName } from "../sources/files.js";
import type { PlatformConfig, ToolbindConfig, ToolkitSelection, ValidationDefaults } from "./types.js";

/** The settings that determine the emitted files, besides the catalogue. */
export interface EmitSettings {
  readonly zod: "mini" | "classic";
  readonly emit: "ts" | "js";
  readonly importExtension: ".js" | ".ts" | "";
  readonly runtime: "copy" | "package";
  readonly validate: Required<ValidationDefaults>;
  readonly formats: "annotate" | "assert";
  readonly patterns: "accept" | "check";
}

/** A configuration with every default filled in and every path absolute. */
export interface ResolvedConfig {
  readonly configFile: string | null;
  /** The folder the command runs in, which paths are shown relative to. */
  readonly cwd: string;
  readonly outDir: string;
  readonly snapshotDir: string;
  /** Folders of custom apps, relative to the lock's; the last segment may hold `*` and `?`. */
  readonly apps: readonly string[];
  readonly lockFile: string;
  /** Null selects every toolkit of the snapshot. */
  readonly toolkits: Readonly<Record<string, ToolkitSelection>> | null;
  readonly templatesDir: string | null;
  /** Folders by the URL that each stands for. */
  readonly schemaMap: Readonly<Record<string, string>>;
  readonly platform: PlatformConfig;
  readonly settings: EmitSettings;
}

export const DEFAULT_OUTPUT = "generated";
export const DEFAULT_SNAPSHOT = "specs/composio";
const DEFAULT_APPS: readonly string[] = ["specs/apps/*"];
const LOCK_FILE = "toolbind.lock.json";

/** Fills in the defaults. Paths in a configuration are relative to its folder. */
export function resolveConfig(
  config: ToolbindConfig,
  place: { configFile: string | null; cwd: string },
): ResolvedConfig {
  const base = place.configFile === null ? place.cwd : dirname(place.configFile);
  const at = (path: string): string => resolve(base, portable(path));
  return {
    configFile: place.configFile,
    cwd: place.cwd,
    outDir: at(config.output ?? DEFAULT_OUTPUT),
    snapshotDir: at(config.snapshot ?? DEFAULT_SNAPSHOT),
    apps: config.apps?.map(portable) ?? DEFAULT_APPS,
    lockFile: join(base, LOCK_FILE),
    toolkits: config.toolkits === undefined ? null : selections(config.toolkits),
    templatesDir: config.templates === undefined ? null : at(config.templates),
    schemaMap: Object.fromEntries(Object.entries(config.schemaMap ?? {}).map(([url, dir]) => [url, at(dir)])),
    platform: config.platform ?? {},
    settings: emitSettings(config),
  };
}

/** A path in a form valid on every system: Windows accepts slashes too. */
function portable(path: string): string {
  return path.replaceAll("\\", "/");
}

/** The settings of a configuration, or of flags, with the defaults filled in. */
export function emitSettings(
  given: Pick<ToolbindConfig, "zod" | "emit" | "importExtension" | "runtime" | "validate" | "formats" | "patterns">,
): EmitSettings {
  refuseContradictions(given);
  return {
    zod: given.zod ?? "mini",
    emit: given.emit ?? "ts",
    importExtension: given.importExtension ?? ".js",
    runtime: given.runtime ?? "copy",
    validate: { input: given.validate?.input ?? "strict", output: given.validate?.output ?? "warn" },
    formats: given.formats ?? "annotate",
    patterns: given.patterns ?? "accept",
  };
}

/** Settings that would be silently ignored together. */
function refuseContradictions({ emit, importExtension, runtime, validate }: ToolbindConfig): void {
  if (emit === "js" && importExtension === ".ts") {
    throw new ToolbindError("TB1003", {
      what: '`importExtension` and `emit` contradict each other: with `emit: "js"` there are no `.ts` files to import',
      fix: 'use ".js" or ""',
    });
  }
  if (runtime === "package" && validate !== undefined) {
    throw new ToolbindError("TB1003", {
      what: '`validate` has no effect with `runtime: "package"`: the defaults are part of the copied runtime',
      fix: "pass `validate` to `configure` or `createClient`, or copy the runtime",
    });
  }
}

function selections(toolkits: NonNullable<ToolbindConfig["toolkits"]>): Record<string, ToolkitSelection> {
  return Object.fromEntries(
    Object.entries(toolkits).map(([slug, selection]) => [slug, selection === true ? {} : selection]),
  );
}

/** What messages call the configuration. */
export function configName({ configFile, cwd }: ResolvedConfig): string {
  return configFile === null ? "configuration" : displayName(configFile, cwd);
}
