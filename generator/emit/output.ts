import type { App, AuthScheme } from "../../runtime/direct/app.js";
import type { CatalogueToolkit } from "../catalogue/types.js";
import type { EmitSettings } from "../config/resolve.js";
import type { Diagnostic } from "../errors.js";
import type { Aliases, ToolkitNames } from "../lock/names.js";
import { blockLiteral, objectKey, stringLiteral, typeKey, valueLiteral } from "../print/encode.js";
import type { Reading } from "../schema/build.js";
import type { DocumentLoader } from "../schema/documents.js";
import { runtimeFiles } from "./runtime.js";
import { loadTemplates, type Render } from "./templates.js";
import { printToolkit, type ToolkitView } from "./toolkit.js";

export interface EmitInput {
  readonly toolkits: readonly CatalogueToolkit[];
  readonly toolkitNames: ReadonlyMap<string, ToolkitNames>;
  /** Function names by slug, by toolkit. */
  readonly toolNames: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Old function names to keep as deprecated aliases. */
  readonly aliases?: Aliases;
  readonly settings: EmitSettings;
  readonly templatesDir: string | null;
  readonly load: DocumentLoader;
  readonly faultOfPattern?: Reading["faultOfPattern"];
  readonly onToolkit?: (done: number, total: number) => void;
}

export interface Emitted {
  /** Texts by path in the output folder. */
  readonly files: ReadonlyMap<string, string>;
  readonly tools: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Prints every file of the output. */
export function emit(input: EmitInput): Emitted {
  const { settings, toolkitNames, load, faultOfPattern } = input;
  const reading: Reading = { assertFormats: settings.formats === "assert", faultOfPattern };
  const render = loadTemplates(input.templatesDir);
  const files = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  const views: (ToolkitView & ToolkitNames & { local: string })[] = [];
  const apps: App[] = [];
  let tools = 0;
  for (const [done, toolkit] of input.toolkits.entries()) {
    const names = input.toolNames.get(toolkit.slug) as ReadonlyMap<string, string>;
    const printed = printToolkit(
      toolkit,
      names,
      { load, reading, language: settings.emit },
      input.aliases?.get(toolkit.slug),
    );
    const own = toolkitNames.get(toolkit.slug) as ToolkitNames;
    for (const found of printed.diagnostics) diagnostics.push(found);
    tools += printed.view.tools.length;
    views.push({ ...printed.view, ...own, local: `t_${own.namespace}` });
    const imports = importsOf(settings, "../");
    const extension = settings.importExtension;
    const frame = { ...printed.view, imports, extension };
    add(files, render, settings, `${own.folder}/index`, "toolkit", frame);
    if (toolkit.app !== undefined) {
      const { description } = toolkit.app;
      apps.push(description);
      add(files, render, settings, `${own.folder}/app`, "app", { ...frame, ...appView(description, settings) });
    }
    add(files, render, settings, `${own.folder}/schemas`, "schemas", printed.view);
    input.onToolkit?.(done + 1, input.toolkits.length);
  }
  for (const [file, view] of indexViews(views, settings)) add(files, render, settings, file, file, view);
  if (settings.runtime === "copy") addRuntime(files, render, settings, apps);
  return { files, tools, diagnostics };
}

/** Module specifiers of the runtime, as seen from a file of the output. */
function importsOf(
  { runtime, zod, importExtension }: EmitSettings,
  up: "./" | "../",
): Readonly<Record<string, string>> {
  if (runtime === "package") {
    const entry = zod === "classic" ? "toolbind/runtime/classic" : "toolbind/runtime";
    return { runtime: entry, index: entry, z: `${entry}/z`, direct: `${entry}/direct` };
  }
  return {
    runtime: `${up}runtime/tool${importExtension}`,
    index: `${up}runtime/index${importExtension}`,
    z: `${up}runtime/z${importExtension}`,
    direct: `${up}runtime/direct/executor${importExtension}`,
  };
}

function add(
  files: Map<string, string>,
  render: Render,
  { emit: language }: EmitSettings,
  path: string,
  template: string,
  view: object,
): void {
  if (language === "ts") files.set(`${path}.ts`, render(`${template}.ts`, view));
  else {
    if (template !== "tool-map") files.set(`${path}.js`, render(`${template}.js`, view));
    files.set(`${path}.d.ts`, render(`${template}.d.ts`, view));
  }
}

function indexViews(
  toolkits: readonly (ToolkitView & ToolkitNames & { local: string })[],
  settings: EmitSettings,
): [string, object][] {
  const extension = settings.importExtension;
  const slugs = toolkits.flatMap(({ tools }) => tools.map(({ slug }) => slug)).sort();
  const list = stringLiteral(slugs.map((slug) => JSON.parse(slug) as string).join(" "));
  const versions = toolkits.map(({ slug, version }) => ({ key: objectKey(slug), version }));
  // One whose tools are all left out has nothing to import.
  const filled = toolkits.filter(({ tools }) => tools.length > 0);
  const map = filled.map((toolkit) => ({
    ...toolkit,
    tools: toolkit.tools.map((tool) => ({ ...tool, key: typeKey(JSON.parse(tool.slug) as string) })),
  }));
  return [
    ["index", { toolkits, extension, imports: importsOf(settings, "./") }],
    ["slugs", { slugs, list, example: slugs.length === 0 ? "" : JSON.parse(slugs[0] as string) }],
    ["versions", { toolkits: versions }],
    ["tool-map", { toolkits: map, extension }],
  ];
}

/** Modules that bring what a scheme needs beyond placing its fields, by mode. */
const AUTHORISERS: Readonly<Partial<Record<AuthScheme["mode"], { readonly name: string; readonly module: string }>>> = {
  OAUTH2: { name: "oauth2", module: "oauth" },
  OAUTH1: { name: "oauth1", module: "oauth1" },
};

function appView(app: App, settings: EmitSettings): object {
  const modes = [...new Set(app.schemes.map(({ mode }) => mode))].filter((mode) => AUTHORISERS[mode] !== undefined);
  const { runtime, importExtension, zod } = settings;
  const folder =
    runtime === "package" ? `toolbind/runtime/${zod === "classic" ? "classic/" : ""}direct/` : "../runtime/direct/";
  const authorisers = modes.sort().map((mode) => {
    const { name, module } = AUTHORISERS[mode] as { name: string; module: string };
    return { mode, name, module: folder + module + (runtime === "package" ? "" : importExtension) };
  });
  const lines = Object.entries(app).map(([key, value]) => `  ${key}: ${blockLiteral(value, "  ")},\n`);
  if (authorisers.length > 0) {
    lines.push(`  authorisers: { ${authorisers.map(({ mode, name }) => `${mode}: ${name}`).join(", ")} },\n`);
  }
  return { authorisers, literal: `{\n${lines.join("")}}` };
}

function addRuntime(files: Map<string, string>, render: Render, settings: EmitSettings, apps: readonly App[]): void {
  const modes = new Set(apps.flatMap(({ schemes }) => schemes.map(({ mode }) => mode)));
  const authorisers = [...modes].flatMap((mode) => AUTHORISERS[mode]?.module ?? []);
  const direct =
    apps.length === 0 ? [] : ["direct/executor", "direct/index", ...authorisers.map((module) => `direct/${module}`)];
  for (const [path, text] of runtimeFiles(settings, direct)) files.set(path, text);
  const view = {
    extension: settings.importExtension,
    baseUrl: stringLiteral("https://backend.composio.dev"),
    timeoutMs: 60_000,
    validateInput: valueLiteral(settings.validate.input),
    validateOutput: valueLiteral(settings.validate.output),
  };
  const suffix = settings.emit === "ts" ? "ts" : "js";
  files.set(`runtime/defaults.${suffix}`, render(`runtime-defaults.${suffix}`, view));
}
