import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emitSettings, type EmitSettings } from "../../generator/config/resolve.js";
import { generate } from "../../generator/run.js";
import { COMPILERS, LIBRARIES, listErrors, MODULES, STRICTEST, typeCheck } from "../support/compilers.js";
import { dataSchema, noCorpus, readListedTools, readOtherTools, type CorpusTool } from "../support/corpus.js";
import { generateTools, loadTools, TestFolder } from "../support/generated.js";
import { isObject, type Json } from "../support/json.js";
import { FEATURES } from "./type-features.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const hasBuild = existsSync(join(ROOT, "dist", "runtime", "index.js"));

const COMBINATIONS = COMPILERS.flatMap((compiler) =>
  (Object.keys(MODULES) as (keyof typeof MODULES)[]).flatMap((module) =>
    (Object.keys(LIBRARIES) as (keyof typeof LIBRARIES)[]).map((library) => [compiler, module, library] as const),
  ),
);

describe.skipIf(noCorpus)("The output of 930 real tools (needs TOOLBIND_CORPUS)", () => {
  const folder = new TestFolder();
  let tools: CorpusTool[] = [];
  beforeAll(async () => {
    tools = [...readListedTools(), ...readOtherTools()];
    const result = await generateTools(folder, tools);
    expect(result.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(result.tools).toBe(tools.length);
  });
  afterAll(() => folder.remove());

  it.each(COMBINATIONS)("is clean: %s, %s, %s", async (compiler, module, library) => {
    const options = { ...STRICTEST, ...MODULES[module], ...LIBRARIES[library] };
    expect(listErrors(await typeCheck(folder, compiler, ["generated"], options))).toEqual([]);
  });

  it("types mark exactly the keys under `required` as required", () => {
    const wrong: string[] = [];
    const interfaces = new Map(toolkitFiles(folder).flatMap((file) => [...interfacesOf(file)]));
    const map = toolTypes(join(folder.path, "generated", "tool-map.ts"));
    for (const { slug, input_parameters, output_parameters } of tools) {
      for (const [side, schema] of [
        ["input", input_parameters],
        ["output", dataSchema(output_parameters)],
      ] as const) {
        if (!isObject(schema) || !isObject(schema["properties"]) || Object.keys(schema["properties"]).length === 0)
          continue;
        const name = map.get(`${slug} ${side}`) ?? "";
        const found = interfaces.get(name);
        const expected = requirednessOf(schema);
        if (JSON.stringify(found) !== JSON.stringify(expected))
          wrong.push(`${slug} ${side}: ${JSON.stringify({ found, expected })}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(map.size).toBe(tools.length * 2);
  });
});

type Requiredness = readonly (readonly [key: string, required: boolean])[];

function requirednessOf(schema: { readonly [keyword: string]: Json }): Requiredness {
  const required = new Set((schema["required"] ?? []) as string[]);
  const keys = new Set([...Object.keys(schema["properties"] as object), ...required]);
  return [...keys].sort().map((key) => [key, required.has(key)]);
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022);
}

function toolkitFiles(folder: TestFolder): ts.SourceFile[] {
  const index = parse(join(folder.path, "generated", "index.ts"));
  return index.statements
    .flatMap((statement) =>
      ts.isExportDeclaration(statement) && statement.moduleSpecifier ? [statement.moduleSpecifier] : [],
    )
    .map((specifier) => (specifier as ts.StringLiteral).text)
    .filter((specifier) => /^\.\/[^/]+\/index\.js$/.test(specifier) && !specifier.startsWith("./runtime/"))
    .map((specifier) => parse(join(folder.path, "generated", specifier.replace(/\.js$/, ".ts"))));
}

/** The keys of each interface of a module, by the names of the toolkit and of the interface. */
function* interfacesOf(file: ts.SourceFile): Generator<readonly [string, Requiredness]> {
  const toolkit = file.fileName.split("/").at(-2);
  for (const statement of file.statements) {
    if (!ts.isInterfaceDeclaration(statement)) continue;
    const keys = statement.members.filter(ts.isPropertySignature).map((member): [string, boolean] => {
      return [(member.name as ts.Identifier | ts.StringLiteral).text, member.questionToken === undefined];
    });
    yield [`${toolkit}.${statement.name.text}`, keys.sort(([a], [b]) => (a < b ? -1 : 1))];
  }
}

/** Names of toolkit and type, such as `github.CreateIssueInput`, by slug and side. */
function toolTypes(path: string): Map<string, string> {
  const folders = new Map<string, string>();
  const types = new Map<string, string>();
  const nameOf = (name: ts.Node): string => (name as ts.Identifier | ts.StringLiteral).text;
  for (const statement of parse(path).statements) {
    if (ts.isImportDeclaration(statement)) {
      const binding = statement.importClause?.namedBindings as ts.NamespaceImport;
      folders.set(binding.name.text, nameOf(statement.moduleSpecifier).split("/")[1] ?? "");
    }
    if (!ts.isInterfaceDeclaration(statement)) continue;
    for (const tool of statement.members as unknown as readonly ts.PropertySignature[]) {
      for (const side of (tool.type as ts.TypeLiteralNode).members as unknown as readonly ts.PropertySignature[]) {
        const { left, right } = (side.type as ts.TypeReferenceNode).typeName as ts.QualifiedName;
        types.set(
          `${nameOf(tool.name)} ${nameOf(side.name)}`,
          `${folders.get((left as ts.Identifier).text)}.${right.text}`,
        );
      }
    }
  }
  return types;
}

/** Each setting that changes the text of the output, and the kinds of module resolution that it is made for. */
const SETTINGS: readonly {
  readonly settings: Partial<EmitSettings>;
  readonly modules: readonly (keyof typeof MODULES)[];
}[] = [
  { settings: {}, modules: ["nodenext", "bundler"] },
  { settings: { zod: "classic" }, modules: ["nodenext"] },
  { settings: { importExtension: ".ts" }, modules: ["nodenext"] },
  { settings: { importExtension: ".ts", zod: "classic" }, modules: ["bundler"] },
  { settings: { importExtension: "" }, modules: ["bundler"] },
];
const BUILT_SETTINGS: typeof SETTINGS = [
  { settings: { emit: "js" }, modules: ["nodenext"] },
  { settings: { emit: "js", zod: "classic" }, modules: ["bundler"] },
];

describe("The output of the bundled snapshot, and of each feature of JSON Schema", () => {
  const folder = new TestFolder();
  const outputs: { readonly out: string; readonly modules: readonly (keyof typeof MODULES)[] }[] = [];
  const runs = COMPILERS.flatMap((compiler) =>
    (["nodenext", "bundler"] as const).map((module) => [compiler, module] as const),
  );
  beforeAll(async () => {
    const features = Object.values(FEATURES).map(({ schema }, index) => {
      return { slug: `FEATURE_T${index}`, input_parameters: schema, output_parameters: schema };
    });
    for (const { settings, modules } of [...SETTINGS, ...(hasBuild ? BUILT_SETTINGS : [])]) {
      const out = `snapshot${JSON.stringify(settings).replace(/\W+/g, "-")}`;
      const path = join(ROOT, "specs", "composio");
      const source = {
        kind: "catalogue",
        path,
        out: join(folder.path, out),
        settings: emitSettings(settings),
      } as const;
      const { diagnostics, tools } = await generate({ source });
      expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(tools).toBeGreaterThan(50);
      await generateTools(folder, features, { out: `features${out}`, settings });
      outputs.push({ out, modules }, { out: `features${out}`, modules });
    }
  });
  afterAll(() => folder.remove());

  it.each(runs)("is clean in every setting: %s, %s", async (compiler, module) => {
    const include = outputs.filter(({ modules }) => modules.includes(module)).map(({ out }) => out);
    const options = {
      ...STRICTEST,
      ...MODULES[module],
      ...LIBRARIES["es2023 and dom"],
      allowImportingTsExtensions: true,
    };
    expect(listErrors(await typeCheck(folder, compiler, include, options))).toEqual([]);
  });

  it.runIf(hasBuild).each(COMPILERS)("is clean as JavaScript in a project with checkJs: %s", async (compiler) => {
    const include = outputs.map(({ out }) => out).filter((out) => out.includes("emit-js"));
    expect(include).not.toEqual([]);
    const { isolatedDeclarations: _, ...strict } = STRICTEST;
    // TypeScript leaves JavaScript alone that lies beside its declarations, unless a pattern names it.
    const patterns = include.map((out) => `${out}/**/*.js`);
    const options = { ...strict, ...MODULES.nodenext, ...LIBRARIES["es2023 and dom"], allowJs: true, checkJs: true };
    expect(listErrors(await typeCheck(folder, compiler, patterns, options))).toEqual([]);
  });

  it("loads in every setting", async () => {
    for (const { out } of outputs.filter(({ out: name }) => !name.startsWith("features"))) {
      const { tools } = await loadTools(folder, { out, zod: out.includes("classic") ? "zod" : "zod/mini" });
      expect(tools.size, out).toBeGreaterThan(50);
      for (const { slug, input } of tools.values())
        expect(input.safeParse("text").success, `${out} ${slug}`).toBe(false);
    }
  });
});
