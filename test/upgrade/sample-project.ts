import { sampleFromSchema } from "../../testing/index.js";

export interface SampleTool {
  readonly slug: string;
  readonly name: string;
  readonly input: unknown;
}

export interface SampleToolkit {
  readonly slug: string;
  readonly folder: string;
  readonly namespace: string;
  readonly tools: readonly SampleTool[];
}

/** A line of the sample that names a tool. */
export interface Site {
  readonly slug: string;
  readonly file: string;
  readonly line: number;
}

export interface Sample {
  readonly files: ReadonlyMap<string, string>;
  readonly sites: readonly Site[];
}

/** The text of a file, and where in it which tool is named. */
class Page {
  readonly #file: string;
  readonly #lines: string[] = [];
  readonly sites: Site[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  add(text: string, ...slugs: readonly string[]): void {
    this.#lines.push(text);
    for (const slug of slugs) this.sites.push({ slug, file: this.#file, line: this.#lines.length });
  }

  get text(): string {
    return `${this.#lines.join("\n")}\n`;
  }
}

type Writer = (page: Page, toolkit: SampleToolkit, tools: readonly SampleTool[]) => void;

const typeOf = (name: string, side: "Input" | "Output"): string =>
  `${name.charAt(0).toUpperCase()}${name.slice(1)}${side}`;

const from = ({ folder }: SampleToolkit): string => `"../../generated/${folder}/index.js"`;

/** Programs as people write them: each uses all of the tools that it is given. */
const WRITERS: Readonly<Record<string, Writer>> = {
  namespaced: (page, toolkit, tools) => {
    page.add(`import * as kit from ${from(toolkit)};`);
    page.add("");
    page.add("// Calls, one after the other.");
    page.add("export async function run(): Promise<unknown[]> {");
    page.add("  const all: unknown[] = [];");
    for (const { slug, name, input } of tools) {
      page.add(`  all.push(await kit.${name}(${argumentsOf(input)})); // kept`, slug);
      page.add(`  all.push(await kit.${name}.safe( ${argumentsOf(input)} ));`, slug);
      page.add(`  all.push((await kit["${name}"].withResponse(${argumentsOf(input)})).data);`, slug);
    }
    page.add("  return all;");
    page.add("}");
  },
  named: (page, toolkit, tools) => {
    page.add("import {");
    for (const [index, { slug, name }] of tools.entries())
      page.add(index % 2 === 0 ? `  ${name},` : `  ${name} as ${name}Aliased,`, slug);
    page.add(`} from ${from(toolkit)};`);
    for (const { slug, name } of tools) {
      page.add(`import type { ${typeOf(name, "Input")} } from ${from(toolkit)};`, slug);
      page.add(`export type Arguments_${name} = ${typeOf(name, "Input")};`, slug);
    }
    for (const [index, { slug, name, input }] of tools.entries()) {
      const local = index % 2 === 0 ? name : `${name}Aliased`;
      const isUse = index % 2 === 0 ? [slug] : [];
      page.add(`const call_${name} = ${local};`, ...isUse);
      page.add(`export const made_${name} = (): Promise<unknown> => call_${name}(${argumentsOf(input)});`);
      page.add(`export const facts_${name} = { ${local}, slug: ${local}.slug };`, ...isUse);
      page.add(`export const again_${name} = (): Promise<unknown> => facts_${name}.${local}(${argumentsOf(input)});`);
    }
  },
  slugs: (page, toolkit, tools) => {
    page.add(`import * as kit from ${from(toolkit)};`);
    page.add(`import { ToolSlug, ToolSlug as Slugs, createClient } from "../../generated/index.js";`);
    page.add(`import { withTools } from "../../generated/runtime/index.js";`);
    page.add(`import type { ToolMap } from "../../generated/tool-map.js";`);
    page.add(`const client = withTools<ToolMap>(createClient({ apiKey: "key" }), kit);`);
    page.add("export const names: Partial<Record<ToolSlug, string>> = {");
    for (const [index, { slug }] of tools.entries())
      page.add(`  ${[slug, `"${slug}"`, `[ToolSlug.${slug}]`][index % 3]}: "x",`, slug);
    page.add("};");
    page.add("export function label(slug: ToolSlug): string {");
    page.add("  switch (slug) {");
    for (const { slug } of tools) page.add(`    case "${slug}": return names.${slug} ?? "${slug}";`, slug);
    page.add("    default: return slug;");
    page.add("  }");
    page.add("}");
    for (const { slug, name, input } of tools) {
      page.add(`export const byText_${name} = () => client.execute("${slug}", ${argumentsOf(input)});`, slug);
      page.add(
        `export const byConstant_${name} = () => client.execute(ToolSlug.${slug}, ${argumentsOf(input)});`,
        slug,
      );
      page.add(`export const byAlias_${name} = () => client.tool(Slugs.${slug})(${argumentsOf(input)});`, slug);
      page.add(`export const byTemplate_${name} = () => client.execute(\`${slug}\`, ${argumentsOf(input)});`, slug);
      page.add(`export const byKey_${name} = () => client.tool(Slugs["${slug}"]).slug;`, slug);
      page.add(`export type Input_${name} = ToolMap["${slug}"]["input"];`, slug);
    }
    page.add("enum Mine {");
    for (const { slug } of tools) page.add(`  ${slug} = "${slug}",`, slug);
    page.add("}");
    page.add("export const mine = [");
    for (const { slug } of tools) page.add(`  Mine.${slug},`, slug);
    page.add("] as const;");
  },
  indirect: (page, toolkit, tools) => {
    page.add(`import { ${toolkit.namespace} } from "../../generated/index.js";`);
    page.add(`import { type Tool } from "../../generated/runtime/index.js";`);
    page.add(`import type * as Kit from ${from(toolkit)};`);
    page.add("const run = <I, O>(tool: Tool<I, O>, args: NoInfer<I>): Promise<O> => tool(args);");
    page.add("export class Service {");
    for (const { slug, name, input } of tools)
      page.add(`  ${name} = () => run(${toolkit.namespace}.${name}, ${argumentsOf(input)});`, slug);
    page.add("}");
    for (const { slug, name, input } of tools) {
      page.add(`const { ${name}: taken_${name} } = ${toolkit.namespace};`, slug);
      page.add(
        `export const args_${name}: Parameters<typeof ${toolkit.namespace}.${name}>[0] = ${argumentsOf(input)};`,
        slug,
      );
      page.add(
        `export const data_${name} = (): Promise<Kit.${typeOf(name, "Output")}> => taken_${name}(args_${name});`,
        slug,
      );
      page.add(`export type Far_${name} = import(${from(toolkit)}).${typeOf(name, "Input")};`, slug);
      page.add(`export async function late_${name}(): Promise<unknown> {`);
      page.add(`  const { ${name} } = await import(${from(toolkit)});`, slug);
      page.add(`  return ${name}(${argumentsOf(input)});`, slug);
      page.add("}");
    }
  },
  exported: (page, toolkit, tools) => {
    for (const [index, { slug, name }] of tools.entries())
      page.add(`export { ${index % 2 === 0 ? name : `${name} as ${name}Exported`} } from ${from(toolkit)};`, slug);
    page.add(`export * as everything from ${from(toolkit)};`);
  },
  importing: (page, _toolkit, tools) => {
    page.add(`import * as mine from "./exported.js";`);
    page.add(`import { everything } from "./exported.js";`);
    for (const [index, { slug, name, input }] of tools.entries()) {
      const local = index % 2 === 0 ? name : `${name}Exported`;
      const isUse = index % 2 === 0 ? [slug] : [];
      page.add(`import { ${local} } from "./exported.js";`, ...isUse);
      page.add(`export const one_${name} = () => ${local}(${argumentsOf(input)});`, ...isUse);
      page.add(`export const two_${name} = () => mine.${local}(${argumentsOf(input)});`, ...isUse);
      page.add(`export const three_${name} = () => everything.${name}(${argumentsOf(input)});`, slug);
    }
  },
};

/** A program that uses some tools of each toolkit in many ways: a folder a toolkit, a file a way. */
export function sampleProject(toolkits: readonly SampleToolkit[], toolsAFile: number): Sample {
  const files = new Map<string, string>();
  const sites: Site[] = [];
  for (const [index, toolkit] of toolkits.entries()) {
    let taken = 0;
    for (const [name, write] of Object.entries(WRITERS)) {
      const folder = `src/${index}`;
      const page = new Page(`${folder}/${name}.ts`);
      // What imports the exported ones imports the same.
      const start = name === "importing" ? taken - toolsAFile : taken;
      const own = toolkit.tools.slice(start, start + toolsAFile);
      taken = start + toolsAFile;
      if (own.length === 0) continue;
      write(page, toolkit, own);
      files.set(`${folder}/${name}.ts`, page.text);
      sites.push(...page.sites);
    }
  }
  return { files, sites };
}

function argumentsOf(schema: unknown): string {
  return JSON.stringify(sampleFromSchema(schema));
}
