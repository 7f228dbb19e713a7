import { mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { emitSettings, type EmitSettings } from "../../generator/config/resolve.js";
import { generate, type GenerateResult } from "../../generator/run.js";

const NODE_MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));
const require = createRequire(import.meta.url);

/** A temporary folder in which packages resolve as they do here. */
export class TestFolder {
  readonly path: string = realpathSync(mkdtempSync(join(tmpdir(), "toolbind-test-")));

  constructor() {
    symlinkSync(NODE_MODULES, join(this.path, "node_modules"));
    this.write("package.json", '{ "type": "module" }\n');
  }

  write(file: string, text: string): string {
    writeFileSync(join(this.path, file), text);
    return join(this.path, file);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface CatalogueOptions {
  /** Name of the output folder. */
  readonly out?: string;
  readonly settings?: Partial<EmitSettings>;
  readonly schemaMap?: Readonly<Record<string, string>>;
}

/** Writes the tools as a catalogue and generates from it. */
export function generateTools(
  folder: TestFolder,
  tools: readonly object[],
  { out = "generated", settings = {}, schemaMap = {} }: CatalogueOptions = {},
): Promise<GenerateResult> {
  const path = folder.write(`${out}.catalogue.json`, JSON.stringify(tools));
  return generate({
    source: { kind: "catalogue", path, out: join(folder.path, out), settings: emitSettings(settings), schemaMap },
  });
}

interface Verdict {
  readonly success: boolean;
  readonly data?: unknown;
  readonly error?: { readonly issues: readonly unknown[] };
}

export interface Validator {
  safeParse(value: unknown): Verdict;
}

interface LoadedTool {
  readonly slug: string;
  readonly input: Validator;
  readonly output: Validator;
}

export interface LoadedTools {
  readonly tools: ReadonlyMap<string, LoadedTool>;
  /** Zod's own compiler, of the copy of zod that the validators use. */
  readonly compile: (schema: Validator, options: { strict: boolean }) => Validator;
}

/** Loads emitted TypeScript: the tools of every toolkit by slug. */
export async function loadTools(
  folder: TestFolder,
  { out = "generated", zod = "zod/mini" } = {},
): Promise<LoadedTools> {
  const folders = readdirSync(join(folder.path, out), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const toolkits = folders.map(({ name }) => name).filter((name) => name !== "runtime");
  const entry = [
    ...toolkits.map((toolkit, index) => `export * as toolkit${index} from "./${toolkit}/index";`),
    `export { compile } from "${zod}";`,
  ];
  const outfile = join(folder.path, `${out}.bundle.mjs`);
  await build({
    stdin: { contents: entry.join("\n"), resolveDir: join(folder.path, out), loader: "ts" },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    external: ["zod", "zod/*"],
    logLevel: "error",
  });
  // Not `import()`, which vitest would take through its own pipeline.
  const { compile, ...modules } = require(outfile) as { compile: LoadedTools["compile"] } & Record<string, object>;
  const tools = Object.values(modules).flatMap((module) => Object.values(module) as LoadedTool[]);
  return { compile, tools: new Map(tools.map((tool) => [tool.slug, tool])) };
}
