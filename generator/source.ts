import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { findApps } from "./apps/files.js";
import { configName, type EmitSettings, type ResolvedConfig } from "./config/resolve.js";
import { ToolbindError } from "./errors.js";
import type { SchemaMap } from "./schema/load.js";
import { displayName } from "./sources/files.js";

/** What to generate from: a configuration, or one input without any. */
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

/** A resolved source: where everything is read and written, and how. */
export interface RunPaths {
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
  /** What messages call the source of the selection. */
  readonly selectedBy: string;
}

export function resolvePaths(source: Source): RunPaths {
  if (source.kind !== "config") {
    const { kind, path, out, settings, schemaMap = {} } = source;
    const isApp = kind === "app";
    const input = { catalogue: isApp ? null : path, apps: isApp ? [path] : [] };
    const slug = kind === "app" ? source.slug : undefined;
    const given = { cwd: process.cwd(), ...input, slug, outDir: out, settings, schemaMap, selectedBy: path };
    return { ...given, lockFile: null, lockName: "", templatesDir: null, selection: null };
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
    selectedBy: configName(source.config),
  };
}

/** Throws if the output would be read as an input of the next run. */
export function refuseInputAsOutput({ catalogue, apps, templatesDir, outDir }: RunPaths): void {
  const inputs = { snapshot: [catalogue], "custom app": apps, templates: [templatesDir] };
  const found = Object.entries(inputs).find(([, folders]) => folders.includes(outDir));
  if (found === undefined) return;
  throw new ToolbindError("TB4001", {
    what: "Output folder cannot be used",
    at: { source: outDir },
    expected: "a separate folder",
    received: `the folder of the ${found[0]}`,
    fix: "choose another folder with `output` or `--out`",
  });
}
