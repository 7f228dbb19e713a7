import { constants, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { findConfig } from "../../config/find.js";
import { loadConfig } from "../../config/load.js";
import { DEFAULT_SNAPSHOT, resolveConfig, type ResolvedConfig } from "../../config/resolve.js";
import type { ToolbindConfig } from "../../config/types.js";
import { ToolbindError } from "../../errors.js";
import { packageRoot } from "../../package.js";
import { displayPath, upwards } from "../../paths.js";
import { insertInto } from "../../text/insert-json.js";
import { writeFileWhole } from "../../write/write.js";
import { setUpAttributes } from "./git.js";
import type { Step } from "./step.js";

const SCRIPT = "generate-types";
const STARTER = join(packageRoot(), DEFAULT_SNAPSHOT);
/** Describes the platform's endpoints; it is next to the bundled toolkits, but is not a toolkit. */
const PLATFORM_DESCRIPTION = "openapi.json";

/** What a person wants set up. */
export interface Choices {
  readonly output: string;
  readonly zod: "mini" | "classic";
  /** The bundled toolkits to copy where there is no snapshot. */
  readonly starter: "all" | readonly string[];
}

export interface SetUp {
  readonly steps: readonly Step[];
  /** The project's folder. */
  readonly home: string;
}

/** The name of a configuration that is found without `--config`. */
const IS_DEFAULT = /^toolbind\.config\.[^/\\]+$/;

/** Sets a project up. Whatever exists stays as it is, but for the script that is added to `package.json`. */
export async function setUp(cwd: string, configName: string, choices: Choices): Promise<SetUp> {
  const wanted = resolve(cwd, configName);
  const found = existsSync(wanted) ? undefined : findConfig(cwd);
  // A command in a folder of the project is about the project.
  const home = found === undefined ? cwd : dirname(found);
  const manifest = join(home, "package.json");
  const content = readManifest(manifest);
  const { step, config } = await setUpConfig(cwd, { wanted, existing: found }, choices);
  const command =
    found !== undefined || IS_DEFAULT.test(configName)
      ? "toolbind generate"
      : `toolbind generate --config ${configName}`;
  const steps = [
    step,
    setUpScript({ file: manifest, path: displayPath(cwd, manifest) }, command, content),
    ...setUpModuleType(cwd, config.outDir),
    ...setUpAttributes(cwd, dirname(config.lockFile), config.outDir),
    setUpSnapshot(cwd, config.snapshotDir, choices.starter),
  ];
  return { steps, home };
}

/** The bundled toolkits, by slug, where the project has no snapshot. */
export async function starterToolkits(cwd: string): Promise<string[]> {
  const loaded = await loadConfig(cwd);
  const { snapshotDir } = resolveConfig(loaded?.config ?? {}, { configFile: loaded?.file ?? null, cwd });
  return isEmpty(snapshotDir) ? bundledToolkits() : [];
}

async function setUpConfig(
  cwd: string,
  {
    wanted,
    existing = existsSync(wanted) ? wanted : undefined,
  }: { readonly wanted: string; readonly existing: string | undefined },
  choices: Choices,
): Promise<{ step: Step; config: ResolvedConfig }> {
  if (existing !== undefined) {
    const loaded = await loadConfig(cwd, existing);
    return {
      step: { action: "kept", path: displayPath(cwd, existing), note: "a configuration already exists" },
      config: resolved(cwd, existing, loaded?.config ?? {}),
    };
  }
  const config: ToolbindConfig = {
    ...(choices.output !== "generated" && { output: choices.output }),
    ...(choices.zod !== "mini" && { zod: choices.zod }),
  };
  writeNew(wanted, configText(config));
  return { step: { action: "written", path: displayPath(cwd, wanted) }, config: resolved(cwd, wanted, config) };
}

function configText(config: ToolbindConfig): string {
  const settings = Object.entries(config).map(([key, value]) => `  ${key}: ${JSON.stringify(value)},\n`);
  return `import { defineConfig } from "toolbind";

export default defineConfig({
${settings.join("")}  // By default, every toolkit of the snapshot is generated. To choose:
  // toolkits: { github: { tools: ["GITHUB_*_ISSUE*"] }, gmail: true },
});
`;
}

function setUpScript(
  { file, path }: { readonly file: string; readonly path: string },
  command: string,
  manifest: Manifest | undefined,
): Step {
  if (manifest === undefined) return { action: "missing", path, note: "there is no package.json to add the script to" };
  const scripts = manifest.content["scripts"];
  if (typeof scripts === "object" && scripts !== null && Object.hasOwn(scripts, SCRIPT)) {
    return { action: "kept", path, note: `the script \`${SCRIPT}\` already exists` };
  }
  writeFileWhole(file, insertInto(manifest.text, "scripts", SCRIPT, command));
  return { action: "changed", path, note: `added the script \`${SCRIPT}\`` };
}

/** The output consists of ES modules; a CommonJS project must declare that for this one folder. */
function setUpModuleType(cwd: string, outDir: string): Step[] {
  const file = join(outDir, "package.json");
  if (existsSync(file)) return [{ action: "kept", path: displayPath(cwd, file) }];
  if (moduleTypeOf(dirname(outDir)) === "module") return [];
  mkdirSync(outDir, { recursive: true });
  writeNew(file, '{\n  "type": "module"\n}\n');
  const note = "makes the generated files ES modules in this CommonJS project";
  return [{ action: "written", path: displayPath(cwd, file), note }];
}

/** The module type that applies in a folder, which may not exist yet. */
function moduleTypeOf(start: string): unknown {
  for (const folder of upwards(start)) {
    const manifest = readManifest(join(folder, "package.json"));
    if (manifest !== undefined) return manifest.content["type"];
  }
  return undefined;
}

function setUpSnapshot(cwd: string, snapshotDir: string, starter: Choices["starter"]): Step {
  const path = displayPath(cwd, snapshotDir);
  if (!isEmpty(snapshotDir)) return { action: "kept", path, note: "a snapshot already exists" };
  const toolkits = bundledToolkits().filter((toolkit) => starter === "all" || starter.includes(toolkit));
  if (toolkits.length === 0) {
    return { action: "missing", path, note: "fetch toolkits with `toolbind pull` before you generate" };
  }
  mkdirSync(snapshotDir, { recursive: true });
  for (const toolkit of toolkits) {
    const file = `${toolkit}.json`;
    copyFileSync(join(STARTER, file), join(snapshotDir, file), constants.COPYFILE_EXCL);
  }
  const note = `the starter toolkits that come with toolbind: ${toolkits.join(", ")}`;
  return { action: "copied", path, files: toolkits.length, note };
}

function bundledToolkits(): string[] {
  if (isEmpty(STARTER)) return [];
  return readdirSync(STARTER)
    .filter((file) => file.endsWith(".json") && file !== PLATFORM_DESCRIPTION)
    .map((file) => file.slice(0, -".json".length));
}

function isEmpty(folder: string): boolean {
  return !existsSync(folder) || readdirSync(folder).length === 0;
}

function resolved(cwd: string, file: string, config: ToolbindConfig): ResolvedConfig {
  return resolveConfig(config, { configFile: file, cwd });
}

interface Manifest {
  readonly text: string;
  readonly content: Readonly<Record<string, unknown>>;
}

function readManifest(file: string): Manifest | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, "utf8");
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    const what = `The project's manifest does not parse (${cause instanceof Error ? cause.message : String(cause)})`;
    throw new ToolbindError("TB1007", { what, at: { source: file }, cause });
  }
  if (typeof content === "object" && content !== null && !Array.isArray(content)) {
    return { text, content: content as Record<string, unknown> };
  }
  throw new ToolbindError("TB1007", { what: "The project's manifest is not an object", at: { source: file } });
}

function writeNew(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: "wx" });
}
