import { resolve } from "node:path";
import type { Command } from "commander";
import { loadProjectConfig } from "../../config/project.js";
import { DEFAULT_OUTPUT, emitSettings, type EmitSettings } from "../../config/resolve.js";
import { ToolbindError } from "../../errors.js";
import { displayPath, isFolder } from "../../paths.js";
import type { Source } from "../../source.js";
import { Output } from "../../terminal/output.js";

/** The options that every command has. */
interface GlobalOptions {
  readonly config?: string;
  readonly cwd?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export interface Context {
  /** Absolute. */
  readonly cwd: string;
  readonly configFile: string | undefined;
  readonly output: Output;
}

export function createContext(command: Command): Context {
  const options = command.optsWithGlobals<GlobalOptions>();
  const cwd = resolve(options.cwd ?? ".");
  if (!isFolder(cwd)) {
    throw new ToolbindError("TB1007", { what: "`--cwd` is not a folder", at: { source: options.cwd ?? cwd } });
  }
  process.chdir(cwd);
  return {
    cwd,
    configFile: options.config,
    output: new Output({ json: options.json === true, quiet: options.quiet === true }),
  };
}

/** The input of a command: the catalogue or the app given by a flag, or else the configuration's. */
export async function sourceOf(
  context: Context,
  given: {
    readonly catalogue?: string;
    readonly openapi?: string;
    readonly app?: string;
    /** The toolkit's slug, with `openapi` or `app`. */
    readonly name?: string;
    readonly out?: string;
    readonly settings?: EmitSettings;
    readonly schemaMap?: Readonly<Record<string, string>>;
    /** Examine regular expressions, whatever the configuration says. */
    readonly checkPatterns?: boolean;
  },
): Promise<Source> {
  const { cwd, configFile } = context;
  const app = given.app ?? given.openapi;
  if (given.catalogue !== undefined || app !== undefined) {
    return {
      ...(app === undefined
        ? { kind: "catalogue", path: resolve(cwd, given.catalogue as string) }
        : { kind: "app", path: resolve(cwd, app), ...(given.name !== undefined && { slug: given.name }) }),
      out: resolve(cwd, given.out ?? DEFAULT_OUTPUT),
      settings: given.settings ?? emitSettings({}),
      schemaMap: Object.fromEntries(
        Object.entries(given.schemaMap ?? {}).map(([url, dir]) => [url, resolve(cwd, dir)]),
      ),
    };
  }
  const config = await loadProjectConfig(cwd, configFile);
  const outDir = given.out === undefined ? config.outDir : resolve(cwd, given.out);
  const patterns = given.checkPatterns === true ? "check" : config.settings.patterns;
  return { kind: "config", config: { ...config, outDir, settings: { ...config.settings, patterns } } };
}

/** `src/generated` as an import of a file in `cwd` would write it. */
export function importPath(cwd: string, path: string): string {
  const shown = displayPath(cwd, path);
  return /^\.{1,2}(?:\/|$)/.test(shown) ? shown : `./${shown}`;
}
