import { ToolbindError } from "../errors.js";
import { loadConfig } from "./load.js";
import { resolveConfig, type ResolvedConfig } from "./resolve.js";

/** The configuration that applies in a folder, or the file named, read and with its defaults filled in. */
export async function loadProjectConfig(cwd: string, named?: string): Promise<ResolvedConfig> {
  const loaded = await loadConfig(cwd, named);
  if (loaded === undefined) {
    throw new ToolbindError("TB1001", {
      what: "There is no configuration (`toolbind.config.*`)",
      at: { source: cwd },
      fix: "run `toolbind init`, or name an input with `--catalogue FILE_OR_DIR`",
    });
  }
  return resolveConfig(loaded.config, { configFile: loaded.file, cwd });
}
