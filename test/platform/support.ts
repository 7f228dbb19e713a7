import { join } from "node:path";
import { onTestFinished } from "vitest";
import { resolveConfig, type ResolvedConfig } from "../../generator/config/resolve.js";
import type { ToolbindConfig } from "../../generator/config/types.js";
import { pull, type PullOptions, type PullResult } from "../../generator/platform/pull.js";
import { type FaultSource, type Platform, type PlatformRelease, startPlatform } from "../../testing/index.js";
import type { TestFolder } from "../support/generated.js";

export const KEY = "ak_Secret0123456789";
export const OLD = "20250101_00";
export const NEW = "20250906_01";

/** A toolkit at a version, with tools by the given names. */
export function release(slug: string, version: string, names: readonly string[], more: object = {}): PlatformRelease {
  return {
    toolkit: { slug, name: slug, meta: { version } },
    tools: names.map((name) => ({
      slug: `${slug.toUpperCase()}_${name}`,
      name,
      description: `Does ${name}.`,
      version,
      input_parameters: { type: "object", properties: { z: { type: "string" }, a: { type: "integer" } } },
      output_parameters: { type: "object" },
    })),
    trigger_types: [],
    ...more,
  };
}

export interface Stage {
  readonly platform: Platform;
  readonly folder: TestFolder;
  readonly waits: number[];
  readonly pull: (options?: Partial<PullOptions> & { readonly settings?: ToolbindConfig }) => Promise<PullResult>;
  readonly config: (settings?: ToolbindConfig) => ResolvedConfig;
  /** The queries that were sent to a path, decoded. */
  readonly asked: (path: string) => string[];
}

/** A stand-in of the platform and a project that pulls from it, without waiting between attempts. */
export async function stage(
  folder: TestFolder,
  snapshot: readonly PlatformRelease[],
  fault?: FaultSource,
): Promise<Stage> {
  const platform = await startPlatform({ snapshot, apiKey: KEY, ...(fault !== undefined && { fault }) });
  onTestFinished(() => platform.close());
  process.env["COMPOSIO_API_KEY"] = KEY;
  onTestFinished(() => {
    delete process.env["COMPOSIO_API_KEY"];
  });
  const waits: number[] = [];
  const wait = (ms: number): Promise<void> => {
    waits.push(ms);
    return Promise.resolve();
  };
  const config = (settings: ToolbindConfig = {}): ResolvedConfig =>
    resolveConfig(
      {
        snapshot: "specs",
        output: "out",
        runtime: "package",
        ...settings,
        platform: { baseUrl: platform.url, ...settings.platform },
      },
      { configFile: join(folder.path, "toolbind.config.json"), cwd: folder.path },
    );
  return {
    platform,
    folder,
    waits,
    config,
    pull: ({ settings, ...options } = {}) => pull({ toolkits: [], wait, ...options, config: config(settings) }),
    asked: (path) =>
      platform.requests
        .filter((request) => request.path === `/api/v3.1${path}`)
        .map(({ search }) => decodeURIComponent(search)),
  };
}
