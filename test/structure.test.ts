import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

interface Import {
  readonly file: string;
  /** A file of the repository, or the name of a package. */
  readonly target: string;
  readonly typeOnly: boolean;
}

const imports = ["generator", "runtime", "testing", "generated"].flatMap(sourcesIn).flatMap(importsOf);

function sourcesIn(folder: string): string[] {
  const names = readdirSync(ROOT + folder, { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".ts")).map((name) => `${folder}/${name.replaceAll("\\", "/")}`);
}

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(file, readFileSync(ROOT + file, "utf8"), ts.ScriptTarget.Latest);
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier !== undefined && ts.isStringLiteral(specifier)) {
      found.push({ file, target: resolve(specifier.text, file), typeOnly });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.isTypeOnly === true);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function resolve(specifier: string, from: string): string {
  if (!specifier.startsWith(".")) return specifier;
  const path = posix.join(posix.dirname(from), specifier).replace(/\.js$/, ".ts");
  if (!existsSync(ROOT + path)) throw new Error(`${from} imports ${specifier}, which cannot be found`);
  return path;
}

const from = (prefix: string): Import[] => imports.filter(({ file }) => file.startsWith(prefix));
const show = ({ file, target }: Import): string => `${file} -> ${target}`;
const isPackage = ({ target }: Import): boolean => !target.includes(".ts");

/** What `generator/emit/output.ts` is in, and what `generator/run.ts` is. */
const stageOf = (file: string): string => /^generator\/([^/]+)\//.exec(file)?.[1] ?? file;

describe("the runtime", () => {
  test("has no `declare`d fields, which Babel refuses in the code of programs that do not allow them", () => {
    const found: string[] = [];
    for (const file of sourcesIn("runtime")) {
      const source = ts.createSourceFile(file, readFileSync(ROOT + file, "utf8"), ts.ScriptTarget.Latest);
      const visit = (node: ts.Node): void => {
        const modifiers = ts.isPropertyDeclaration(node) ? ts.getModifiers(node) : undefined;
        if (modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true) found.push(file);
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
    expect(found).toEqual([]);
  });

  test("imports zod and itself, and nothing else but OAuth's library in one place", () => {
    const allowed = ({ file, target }: Import): boolean =>
      /^zod(\/|$)/.test(target) ||
      target.startsWith("runtime/") ||
      (file === "runtime/direct/oauth.ts" && target === "oauth4webapi");
    expect(
      from("runtime/")
        .filter((each) => !allowed(each))
        .map(show),
    ).toEqual([]);
  });

  test("has no cycle of files, types included", () => {
    expect(cycleIn(graphOf(from("runtime/"), (file) => file))).toEqual([]);
  });

  test("is copied as it stands", () => {
    const allowed = ({ target }: Import): boolean =>
      /^zod(\/|$)/.test(target) || target.startsWith("generated/runtime/");
    expect(
      from("generated/runtime/")
        .filter((each) => !allowed(each))
        .map(show),
    ).toEqual([]);
  });
});

describe("an emitted file", () => {
  const emitted = imports.filter(({ file }) => file.startsWith("generated/") && !file.startsWith("generated/runtime/"));
  const ofToolkits = emitted.filter(({ file }) => file.split("/").length === 3);

  test("of a toolkit imports the runtime and nothing else", () => {
    expect([...new Set(ofToolkits.map(({ target }) => target))].sort()).toEqual([
      "generated/runtime/tool.ts",
      "generated/runtime/z.ts",
    ]);
  });

  test("beside the toolkits imports what is emitted, and the map of tools only types", () => {
    const others = emitted.filter((each) => !ofToolkits.includes(each));
    expect(others.filter(({ target }) => !target.startsWith("generated/")).map(show)).toEqual([]);
    expect(
      from("generated/tool-map.ts")
        .filter(({ typeOnly }) => !typeOnly)
        .map(show),
    ).toEqual([]);
    expect(imports.filter(({ target }) => /\/(tool-map|schemas)\.ts$/.test(target)).map(show)).not.toContainEqual(
      expect.stringMatching(/^generated\//),
    );
  });
});

describe("the generator", () => {
  const own = from("generator/").filter((each) => !isPackage(each));

  test("has no cycle of files when it runs", () => {
    const run = own.filter(({ typeOnly }) => !typeOnly);
    expect(cycleIn(graphOf(run, (file) => file))).toEqual([]);
  });

  test("has no cycle of stages", () => {
    expect(cycleIn(graphOf(own, stageOf))).toEqual([]);
  });

  test("has stages that know little of the runtime", () => {
    const common = ["runtime/nearest.ts", "runtime/errors.ts"];
    // What an address is, and where it comes from, is the same for a program and for the command line.
    const ofPlatform = ["runtime/defaults.ts", "runtime/client.ts"];
    // Custom apps are data whose types the runtime has; what a media type stands for, and what may be asked without
    // https, is the same when it is read and when it is sent.
    const ofApps = (each: Import): boolean =>
      (each.typeOnly && each.target.startsWith("runtime/direct/")) ||
      (stageOf(each.file) === "openapi" && each.target === "runtime/direct/media.ts") ||
      each.target === "runtime/direct/loopback.ts";
    const stages = own.filter(({ file }) => stageOf(file) !== "commands" && file !== "generator/cli.ts");
    const used = stages.filter(({ target }) => target.startsWith("runtime/"));
    const allowed = (each: Import): boolean =>
      common.includes(each.target) ||
      (stageOf(each.file) === "platform" && ofPlatform.includes(each.target)) ||
      ofApps(each);
    expect(used.filter((each) => !allowed(each)).map(show)).toEqual([]);
  });

  test("has one file for each command, which only the command line imports, and a folder for what only it needs", () => {
    const ofCommands = own.filter(({ target }) => /^generator\/commands\/[^/]+\.ts$/.test(target));
    expect(ofCommands.filter(({ file }) => file !== "generator/cli.ts").map(show)).toEqual([]);
    const commands = new Set(ofCommands.map(({ target }) => target));
    const files = sourcesIn("generator/commands");
    expect(files.filter((file) => file.split("/").length === 3 && !commands.has(file))).toEqual([]);
    const ownerOf = (file: string): string | undefined =>
      /^(generator\/commands\/(?!shared\/)[^/]+)\/[^/]+$/.exec(file)?.[1];
    const strangers = own.filter(({ file, target }) => {
      const owner = ownerOf(target);
      return owner !== undefined && owner !== ownerOf(file) && file !== `${owner}.ts`;
    });
    expect(strangers.map(show)).toEqual([]);
  });

  test("knows neither its own output nor the stand-in for the platform", () => {
    expect(own.filter(({ target }) => /^(generated|testing)\//.test(target)).map(show)).toEqual([]);
  });
});

test("the stand-in for the platform knows of the generator only how schemas are read, and of the runtime only types and what is near", () => {
  // What a schema of the platform accepts, and where the schema of `data` is, is said once.
  const ofSchemas = ["generator/catalogue/envelope.ts", "generator/schema/ajv.ts", "generator/text/json.ts"];
  const allowed = (each: Import): boolean => {
    const ofRuntime = each.target.startsWith("runtime/") && (each.typeOnly || each.target === "runtime/nearest.ts");
    return isPackage(each) || each.target.startsWith("testing/") || ofSchemas.includes(each.target) || ofRuntime;
  };
  // The mock client stands in for the runtime's own, so it is made of the runtime.
  const isMock = ({ file }: Import): boolean => file.startsWith("testing/mock");
  expect(
    from("testing/")
      .filter((each) => !isMock(each) && !allowed(each))
      .map(show),
  ).toEqual([]);
});

test("CONTRIBUTING.md has a line for each folder of the generator, and names the files beside them", () => {
  const text = readFileSync(`${ROOT}CONTRIBUTING.md`, "utf8");
  const files = readdirSync(`${ROOT}generator`).filter((name) => name.endsWith(".ts"));
  expect(files.filter((name) => !text.includes(`\`${name}\``) && !text.includes(`\`generator/${name}\``))).toEqual([]);
  const folders = readdirSync(`${ROOT}generator`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => `generator/${name}/`).filter((folder) => !text.includes(`\`${folder}\``))).toEqual(
    [],
  );
});

/** Which nodes each node imports. */
function graphOf(edges: readonly Import[], nodeOf: (file: string) => string): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  for (const { file, target } of edges) {
    const [node, other] = [nodeOf(file), nodeOf(target)];
    if (node === other) continue;
    graph.set(node, (graph.get(node) ?? new Set()).add(other));
  }
  return graph;
}

/** The first cycle found, from a node back to itself; empty if there is none. */
function cycleIn(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const finished = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (finished.has(node)) return [];
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next);
      if (cycle.length > 0) return cycle;
    }
    path.pop();
    finished.add(node);
    return [];
  };
  for (const node of graph.keys()) {
    const cycle = visit(node);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

/** What programs import from the package, and from the runtime that is copied into them. */
const PUBLIC: ReadonlySet<string> = new Set(["generator/index.ts", "runtime/z.ts"]);

test("the functions, classes and constants that a file exports are imported by another one", () => {
  const folders = ["generator", "runtime", "testing", "test", "scripts", "bench", "examples"];
  const files = folders.flatMap((folder) => {
    const names = readdirSync(ROOT + folder, { recursive: true, encoding: "utf8" });
    const own = names.filter((name) => /\.(ts|mjs)$/.test(name) && !/node_modules|\/build\//.test(name));
    return own.map((name) => `${folder}/${name.replaceAll("\\", "/")}`);
  });
  const imported = new Set<string>();
  // Of what is imported as a whole, or re-exported so, whatever name stands in the file.
  const whole: { readonly target: string; readonly words: ReadonlySet<string> | undefined }[] = [];
  for (const file of files) {
    const source = ts.createSourceFile(file, readFileSync(ROOT + file, "utf8"), ts.ScriptTarget.Latest);
    const wordsOf = (): ReadonlySet<string> => new Set(source.text.match(/[\w$]+/g));
    const visit = (node: ts.Node): void => {
      const specifier =
        ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : importedBy(node);
      const target = specifier && ts.isStringLiteralLike(specifier) ? near(specifier.text, file) : undefined;
      if (target !== undefined) {
        const bindings = ts.isImportDeclaration(node)
          ? node.importClause?.namedBindings
          : ts.isExportDeclaration(node)
            ? node.exportClause
            : undefined;
        if (bindings && (ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) {
          for (const { propertyName, name } of bindings.elements)
            imported.add(`${target}: ${(propertyName ?? name).text}`);
        } else if (ts.isExportDeclaration(node)) whole.push({ target, words: undefined });
        else whole.push({ target, words: wordsOf() });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  // Templates, and the build, which imports what it has built.
  const others = ["templates", "scripts"].flatMap((folder) =>
    readdirSync(ROOT + folder).map((name) => `${folder}/${name}`),
  );
  const words = new Set(
    others
      .map((file) => readFileSync(ROOT + file, "utf8"))
      .join(" ")
      .match(/[\w$]+/g),
  );
  const unused: string[] = [];
  for (const file of files) {
    if (!/^(generator|runtime|testing)\//.test(file) || PUBLIC.has(file)) continue;
    const text = readFileSync(ROOT + file, "utf8");
    for (const [, name = ""] of text.matchAll(/^export (?:async )?(?:const|function\*?|class) ([\w$]+)/gm)) {
      const isImported =
        imported.has(`${file}: ${name}`) ||
        whole.some((each) => each.target === file && each.words?.has(name) !== false);
      if (!isImported && !words.has(name)) unused.push(`${file}: ${name}`);
    }
  }
  expect(unused).toEqual([]);
});

/** The module that a dynamic import, or a type that is imported in place, names. */
function importedBy(node: ts.Node): ts.Node | undefined {
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  const isImport = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isImport ? node.arguments[0] : undefined;
}

/** The file of the repository that an import names, if there is one. */
function near(specifier: string, from: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const path = posix.join(posix.dirname(from), specifier);
  return [path.replace(/\.js$/, ".ts"), path].find((each) => existsSync(ROOT + each));
}
