import { ts } from "ts-morph";
import { displayPath } from "../paths.js";
import { isKeyOf, memoized, NameReader, textOf } from "./named.js";
import { modulePath, type UserProject } from "./project.js";
import type { KnownTool, Use } from "./use.js";

/** Every use of the tools in the user's files, sorted by file and line. */
export function findUses({ programs }: UserProject, tools: readonly KnownTool[], outDir: string, cwd: string): Use[] {
  const emitted = new EmittedNames(tools, outDir);
  const slugs = new Set(tools.map(({ slug }) => slug));
  const patterns = new TemplatePatterns(tools.map(({ slug }) => slug));
  const files = programs.flatMap((program): OwnFile[] => {
    const reader = new NameReader(program);
    return program.files.map((file) => ({ reader, file: file.compilerNode }));
  });
  const names = emitted.namesIn(files);
  const mayName = memoized((text: string) => names.has(text) || mainTypesIn(text).some((type) => names.has(type)));
  const uses: Use[] = [];
  for (const { reader, file } of files) {
    const add = (node: ts.Node, { slug, kind, text: name }: Emitted, spelled: Spelled = AS_GIVEN): void => {
      const isInBrokenFile = reader.hasSyntaxErrors(file);
      uses.push({ slug, kind, ...placeIn(file, node, cwd), node, name, isInBrokenFile, ...spelled });
    };
    eachNode(file, (node) => {
      if (ts.isTemplateExpression(node)) {
        for (const slug of patterns.slugsOf(node)) add(node, { slug, kind: "slug template", text: slug }, NOT_AS_GIVEN);
        return;
      }
      const text = textOf(node);
      if (text === undefined) return;
      if (slugs.has(text) && (!ts.isIdentifier(node) || isPropertyName(node)))
        add(node, { slug: text, kind: "slug", text });
      else if (mayName(text) && !isOwnAlias(node)) {
        const found = emitted.find(node, reader);
        if (found === undefined) return;
        const { isGivenName, isMember, isValue } = found;
        const isSpelled = found.text === text;
        add(node, found, { isGivenName: isGivenName && isSpelled, isMember, isValue: isValue && isSpelled });
      }
    });
  }
  return uses;
}

interface OwnFile {
  readonly reader: NameReader;
  readonly file: ts.SourceFile;
}

/** Visits every node that may name something, including types in the comments of JavaScript. */
function eachNode(file: ts.SourceFile, visit: (node: ts.Node) => void): void {
  const isScript = /\.[cm]?jsx?$/.test(file.fileName);
  const hasComments = file.text.includes("/**");
  const inComment = (node: ts.Node): void => {
    if (isScript || isLinked(node)) visit(node);
    ts.forEachChild(node, inComment);
  };
  const inCode = (node: ts.Node): void => {
    visit(node);
    if (hasComments) commentsOf(node, file).forEach(inComment);
    ts.forEachChild(node, inCode);
  };
  ts.forEachChild(file, inCode);
}

function commentsOf(node: ts.Node, file: ts.SourceFile): readonly ts.Node[] {
  const isCommented = file.text.slice(node.pos, node.getStart(file)).includes("/**");
  return isCommented ? node.getChildren(file).filter(ts.isJSDoc) : [];
}

/** What `{@link name}` and `@see name` are about. */
function isLinked(node: ts.Node): boolean {
  let name = node;
  while (ts.isQualifiedName(name.parent)) name = name.parent;
  const { parent } = name;
  return ts.isJSDocNameReference(parent) || (ts.isJSDocLinkLike(parent) && parent.name === name);
}

function placeIn(file: ts.SourceFile, node: ts.Node, cwd: string): Pick<Use, "file" | "line" | "column" | "code"> {
  const { line, character } = file.getLineAndCharacterOfPosition(node.getStart(file));
  const [start, end] = file.getLineStarts().slice(line, line + 2);
  const code = file.text.slice(start, end).trim();
  return { file: displayPath(cwd, file.fileName), line: line + 1, column: character + 1, code };
}

type Spelled = Pick<Use, "isGivenName" | "isMember" | "isValue">;

const AS_GIVEN: Spelled = { isGivenName: true, isMember: false, isValue: true };
const NOT_AS_GIVEN: Spelled = { isGivenName: false, isMember: false, isValue: false };

interface Emitted {
  readonly slug: string;
  readonly kind: Use["kind"];
  /** The emitted name. */
  readonly text: string;
}

/** The emitted functions and types of the tools, by where they are declared. */
class EmittedNames {
  readonly #byDeclaration = new Map<string, Emitted>();
  readonly #modules = new Set<string>();
  readonly #typesOf = memoized(typesOf);
  readonly #behind = memoized((symbol: ts.Symbol) => this.#declaredBy(symbol));

  constructor(tools: readonly KnownTool[], outDir: string) {
    for (const { slug, folder, name } of tools) {
      this.#modules.add(modulePath(outDir, folder));
      const base = name.charAt(0).toUpperCase() + name.slice(1);
      for (const [text, kind] of [
        [name, "function"],
        [`${base}Input`, "input type"],
        [`${base}Output`, "output type"],
      ] as const)
        this.#byDeclaration.set(`${modulePath(outDir, folder)}#${text}`, { slug, kind, text });
    }
  }

  /** All names used for them in the files: their own, and those given by imports, exports and patterns. */
  namesIn(files: readonly OwnFile[]): ReadonlySet<string> {
    const names = new Set([...this.#byDeclaration.values()].map(({ text }) => text));
    let given = files.flatMap(givenNames);
    // Aliases of aliases may come in any order.
    for (;;) {
      const isKnown = ({ from }: GivenName): boolean => from === undefined || names.has(from);
      const [next, rest] = [given.filter(isKnown), given.filter((each) => !isKnown(each))];
      if (next.length === 0) return names;
      for (const { name, reader } of next)
        if (!names.has(name.text) && this.find(name, reader) !== undefined) names.add(name.text);
      given = rest;
    }
  }

  find(node: ts.Node, reader: NameReader): (Emitted & Spelled) | undefined {
    const { value, member } = reader.namedBy(node);
    const emitted = (symbol: ts.Symbol | undefined): (Emitted & Pick<Use, "isGivenName">) | undefined => {
      if (symbol === undefined) return undefined;
      const { target, given } = reader.standsFor(symbol);
      const found = this.#behind(target);
      return found && { ...found, isGivenName: given.every((declaration) => declaration === node.parent) };
    };
    const [ofMember, ofValue] = [emitted(member), emitted(value)];
    const found = ofMember ?? ofValue;
    return found && { ...found, isMember: ofMember !== undefined, isValue: ofValue?.isGivenName === true };
  }

  #declaredBy(symbol: ts.Symbol): Emitted | undefined {
    for (const declaration of symbol.declarations ?? []) {
      // Arguments and data have keys that are spelled like tools.
      if (ts.isPropertySignature(declaration) || ts.isPropertyAssignment(declaration)) continue;
      const found = this.#declared(declaration.getSourceFile(), symbol.name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #declared(file: ts.SourceFile, name: string): Emitted | undefined {
    const module = file.fileName.replace(/(?:\.d)?\.ts$/, "");
    const known = this.#byDeclaration.get(`${module}#${name}`);
    if (known !== undefined || !this.#modules.has(module)) return known;
    // What a schema of a tool defines is called after the tool's own type.
    const types = this.#typesOf(file);
    const isMain = (type: string): boolean => {
      const [base, side] = [type.replace(/(?:Input|Output)$/, ""), /Output$/.test(type) ? "Input" : "Output"];
      return base !== type && types.has(type) && types.has(base + side);
    };
    if (isMain(name)) return undefined;
    const owner = mainTypesIn(name).find(isMain);
    const found = owner === undefined ? undefined : this.#byDeclaration.get(`${module}#${owner}`);
    return found && { ...found, text: name };
  }
}

function typesOf(file: ts.SourceFile): ReadonlySet<string> {
  const isType = (node: ts.Node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
  return new Set(file.statements.filter(isType).map(({ name }) => name.text));
}

/** The type names that a longer name may be derived from, longest first. */
function mainTypesIn(name: string): string[] {
  return [...name.matchAll(/(?<=Input|Output)(?=[A-Z0-9_])/g)].map(({ index }) => name.slice(0, index)).reverse();
}

/** A name that code gives to something, and the key that it is taken from, if any. */
interface GivenName {
  readonly from: string | undefined;
  readonly name: ts.Identifier;
  readonly reader: NameReader;
}

function givenNames({ file, reader }: OwnFile): GivenName[] {
  const found: GivenName[] = [];
  eachNode(file, (node) => {
    if (!givesName(node) || node.name === undefined || !ts.isIdentifier(node.name)) return;
    const from = ts.isBindingElement(node) ? keyTextOf(node) : undefined;
    if (from === undefined && ts.isBindingElement(node)) return;
    found.push({ from, name: node.name, reader });
  });
  return found;
}

function givesName(
  node: ts.Node,
): node is ts.ImportClause | ts.ImportSpecifier | ts.ExportSpecifier | ts.ImportEqualsDeclaration | ts.BindingElement {
  return (
    ts.isImportClause(node) ||
    ts.isImportSpecifier(node) ||
    ts.isExportSpecifier(node) ||
    ts.isImportEqualsDeclaration(node) ||
    ts.isBindingElement(node)
  );
}

/** The key of `{ key: local }`, where it is another name. */
function keyTextOf({ propertyName: key }: ts.BindingElement): string | undefined {
  return key && textOf(ts.isComputedPropertyName(key) ? key.expression : key);
}

/** The second name of `import { a as b }`, `import b = x.a` or `const { a: b }`, which the first one speaks for. */
function isOwnAlias(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isImportEqualsDeclaration(parent)) return parent.name === node;
  const hasTwo = ts.isBindingElement(parent) || ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent);
  return hasTwo && parent.name === node && parent.propertyName !== undefined;
}

/** A key or a member's name, declared or used: wherever a slug stands, it means the tool. */
function isPropertyName(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent)) return isKeyOf(parent, node);
  const isNamed =
    ts.isPropertyAccessExpression(parent) ||
    ts.isShorthandPropertyAssignment(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isAccessor(parent) ||
    ts.isEnumMember(parent);
  return isNamed && parent.name === node;
}

/** Matches slugs against template literals. */
class TemplatePatterns {
  readonly #slugs: readonly string[];

  constructor(slugs: readonly string[]) {
    this.#slugs = slugs;
  }

  /** The slugs that the template may produce. */
  slugsOf(node: ts.TemplateExpression): readonly string[] {
    const [head = "", ...rest] = node
      .getText()
      .slice(1, -1)
      .split(/\$\{[^}]*\}/);
    // Without a toolkit's name it need not be a slug.
    if (!/^_?[A-Z0-9]+_/.test(head) || rest.some((part) => !/^[A-Z0-9_]*$/.test(part))) return [];
    const pattern = new RegExp(`^${[head, ...rest].join("[A-Z0-9_]*")}$`);
    return this.#slugs.filter((slug) => pattern.test(slug));
  }
}
