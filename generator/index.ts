import type { ResolvedConfig } from "./config/resolve.js";
import type { GenerateOptions, GenerateResult } from "./run.js";

export { defineConfig } from "./config/types.js";
export type { PlatformConfig, ToolbindConfig, ToolkitSelection, ValidationDefaults } from "./config/types.js";
export type { EmitSettings, ResolvedConfig } from "./config/resolve.js";
export { ToolbindError } from "./errors.js";
export type { Diagnostic, ErrorCode, ErrorDetails, Place } from "./errors.js";
export type { GenerateOptions, GenerateResult } from "./run.js";

// A configuration imports this module for `defineConfig`, so that whatever is heavy waits until it is called.

/** Generates, as `toolbind generate` does. */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const run = await import("./run.js");
  return run.generate(options);
}

/** Reads the configuration that applies in a folder, or the file named; for `generate`. */
export async function loadConfig(cwd: string = process.cwd(), file?: string): Promise<ResolvedConfig> {
  const project = await import("./config/project.js");
  return project.loadProjectConfig(cwd, file);
}
