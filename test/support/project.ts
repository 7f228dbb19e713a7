import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { emitSettings, resolveConfig, type EmitSettings } from "../../generator/config/resolve.js";
import type { ToolbindConfig } from "../../generator/config/types.js";
import { generate, type GenerateOptions, type GenerateResult } from "../../generator/run.js";
import { TestFolder } from "./generated.js";

/** A new folder that is gone after the test. */
export function createFolder(): TestFolder {
  const folder = new TestFolder();
  onTestFinished(() => folder.remove());
  return folder;
}

/** Writes a file, its folders included; what is no text is written as JSON. */
export function put(folder: TestFolder, path: string, content: unknown): string {
  const file = join(folder.path, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return file;
}

/** A well-formed tool of version 20250101_00. */
export function tool(slug: unknown, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    slug,
    name: `Name of ${String(slug)}`,
    description: `Description of ${String(slug)}.`,
    version: "20250101_00",
    tags: [],
    input_parameters: { type: "object", properties: { a: { type: "string" } } },
    ...more,
  };
}

/** What a snapshot's file holds. */
export function snapshot(
  slug: string,
  tools: readonly Readonly<Record<string, unknown>>[],
  version: string = "20250101_00",
): Record<string, unknown> {
  return {
    toolkit: { slug, name: slug, meta: { description: "", version } },
    tools: tools.map((each) => ({ ...each, version, toolkit: { slug } })),
  };
}

type Settings = Partial<EmitSettings>;
type Options = Omit<GenerateOptions, "source"> & { readonly settings?: Settings; readonly out?: string };

/** Generates from a file or folder into `out`. The runtime is imported, unless the settings say otherwise. */
export function generateFrom(folder: TestFolder, path: string, options: Options = {}): Promise<GenerateResult> {
  const { settings = {}, out = "out", ...rest } = options;
  const source = {
    kind: "catalogue",
    path: join(folder.path, path),
    out: join(folder.path, out),
    settings: emitSettings({ runtime: "package", ...settings }),
  } as const;
  return generate({ source, ...rest });
}

/** Writes the value as a catalogue and generates from it. */
export function generateOf(folder: TestFolder, catalogue: unknown, options: Options = {}): Promise<GenerateResult> {
  put(folder, "catalogue.json", catalogue);
  return generateFrom(folder, "catalogue.json", options);
}

/** Generates by a configuration that stands in the folder. */
export function generateProject(
  folder: TestFolder,
  config: ToolbindConfig = {},
  { cwd = folder.path, ...rest }: Omit<GenerateOptions, "source"> & { readonly cwd?: string } = {},
): Promise<GenerateResult> {
  const configFile = join(folder.path, "toolbind.config.json");
  const resolved = resolveConfig(
    { snapshot: "specs", output: "out", runtime: "package", ...config },
    { configFile, cwd },
  );
  return generate({ source: { kind: "config", config: resolved }, ...rest });
}

/** Everything below a path: texts of files, `-> target` for links, by path. Empty folders end in `/`. */
export function tree(path: string, below: string = ""): Record<string, string> {
  const found: Record<string, string> = {};
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return found;
  const names = readdirSync(path).sort();
  if (names.length === 0 && below !== "") found[below] = "";
  for (const name of names) {
    const inner = lstatSync(join(path, name));
    if (inner.isDirectory()) Object.assign(found, tree(join(path, name), `${below}${name}/`));
    else if (inner.isSymbolicLink()) found[`${below}${name}`] = "-> link";
    else found[`${below}${name}`] = readFileSync(join(path, name), "utf8");
  }
  return found;
}

/** The names a toolkit's module exports, as its text has them. */
export function exportedNames(text: string): string[] {
  const direct = [...text.matchAll(/^export const (\S+): Tool/gm)].map((match) => match[1] as string);
  const renamed = [...text.matchAll(/^export \{ \S+ as (\S+) \};$/gm)].map((match) => match[1] as string);
  return [...direct, ...renamed].sort();
}
