import { type BindingElement, Node, type SourceFile, type Symbol as MorphSymbol, SyntaxKind } from "ts-morph";
import { displayName } from "../sources/files.js";
import { isKeyOf, namedBy, textOf } from "./named.js";
import { modulePath, type UserProject } from "./project.js";
import type { KnownTool, Use } from "./use.js";

/** Every use of the tools in the user's own files, in the order of files and lines. */
export function findUses({ files }: UserProject, tools: readonly KnownTool[], outDir: string, cwd: string): Use[] {
  const emitted = new EmittedNames(tools, outDir);
  const slugs = new Set(tools.map(({ slug }) => slug));
  const patterns = new TemplatePatterns(tools.map(({ slug }) => slug));
  const names = emitted.namesIn(files);
  const uses: Use[] = [];
  for (const file of files) {
    const lines = file.getFullText().split(/\r?\n/);
    const add = (node: Node, { slug, kind, text: name }: Emitted, spelled: Spelled = AS_GIVEN): void => {
      const { line, column } = file.getLineAndColumnAtPos(node.getStart());
      const code = (lines[line - 1] ?? "").trim();
      uses.push({
        slug,
        kind,
        file: displayName(file.getFilePath(), cwd),
        line,
        column,
        code,
        node,
        name,
        ...spelled,
      });
    };
    eachNode(file, (node) => {
      if (Node.isTemplateExpression(node)) {
        for (const slug of patterns.slugsOf(node)) add(node, { slug, kind: "slug template", text: slug }, NOT_AS_GIVEN);
        return;
      }
      const text = textOf(node);
      if (text === undefined) return;
      if (slugs.has(text) && (!Node.isIdentifier(node) || isPropertyName(node)))
        add(node, { slug: text, kind: "slug", text });
      else if ((names.has(text) || mainTypesIn(text).some((type) => names.has(type))) && !isOwnAlias(node)) {
        const found = emitted.find(node);
        if (found === undefined) return;
        const { isGivenName, isMember, isValue } = found;
        const isSpelled = found.text === text;
        add(node, found, { isGivenName: isGivenName && isSpelled, isMember, isValue: isValue && isSpelled });
      }
    });
  }
  return uses;
}

/** Every node of a file. In JavaScript, the types stand in comments. */
function eachNode(file: SourceFile, visit: (node: Node) => void): void {
  if (/\.[cm]?jsx?$/.test(file.getFilePath())) file.getDescendants().forEach(visit);
  else file.forEachDescendant(visit);
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
  readonly #types = new Map<SourceFile, ReadonlySet<string>>();

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

  /** The names by which the files know them: their own, and those that imports, exports and patterns give. */
  namesIn(files: readonly SourceFile[]): ReadonlySet<string> {
    const names = new Set([...this.#byDeclaration.values()].map(({ text }) => text));
    let given = files.flatMap(givenNames);
    // What gives a name may stand before what gave the one that it begins with.
    for (let size = -1; size !== names.size;) {
      size = names.size;
      given = given.filter(({ from, name }) => {
        if (names.has(name.getText())) return false;
        const isOne = (from === undefined || names.has(from)) && this.find(name) !== undefined;
        if (isOne) names.add(name.getText());
        return !isOne;
      });
    }
    return names;
  }

  find(node: Node): (Emitted & Spelled) | undefined {
    const { value, member } = namedBy(node);
    const [ofMember, ofValue] = [this.#emitted(member, node), this.#emitted(value, node)];
    const found = ofMember ?? ofValue;
    return found && { ...found, isMember: ofMember !== undefined, isValue: ofValue?.isGivenName === true };
  }

  #emitted(symbol: MorphSymbol | undefined, node: Node): (Emitted & Pick<Use, "isGivenName">) | undefined {
    const { target, isRenamed } = declaredAs(symbol, node);
    for (const declaration of target?.getDeclarations() ?? []) {
      // Arguments and data have keys that are spelled like tools.
      if (Node.isPropertySignature(declaration) || Node.isPropertyAssignment(declaration)) continue;
      const found = this.#declared(declaration.getSourceFile(), target?.getName() ?? "");
      if (found !== undefined) return { ...found, isGivenName: !isRenamed };
    }
    return undefined;
  }

  #declared(file: SourceFile, name: string): Emitted | undefined {
    const module = file.getFilePath().replace(/(?:\.d)?\.ts$/, "");
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

  #typesOf(file: SourceFile): ReadonlySet<string> {
    let types = this.#types.get(file);
    if (types === undefined) {
      types = new Set([...file.getInterfaces(), ...file.getTypeAliases()].map((type) => type.getName()));
      this.#types.set(file, types);
    }
    return types;
  }
}

/** The names of tools' own types that a longer name may be called after, the longest first. */
function mainTypesIn(name: string): string[] {
  return [...name.matchAll(/(?<=Input|Output)(?=[A-Z0-9_])/g)].map(({ index }) => name.slice(0, index)).reverse();
}

/** A name that code gives to something, and the key that it takes that from, if any. */
interface GivenName {
  readonly from?: string | undefined;
  readonly name: Node;
}

function givenNames(file: SourceFile): GivenName[] {
  const imports = file.getImportDeclarations();
  const specifiers = [
    ...imports.flatMap((each) => each.getNamedImports()),
    ...file.getExportDeclarations().flatMap((each) => each.getNamedExports()),
  ];
  const names = [
    ...imports.map((each) => each.getDefaultImport()),
    ...specifiers.map((each) => each.getAliasNode() ?? each.getNameNode()),
    ...file.getDescendantsOfKind(SyntaxKind.ImportEqualsDeclaration).map((each) => each.getNameNode()),
  ];
  const elements = file.getDescendantsOfKind(SyntaxKind.BindingElement).map((each): Partial<GivenName> => {
    const key = each.getPropertyNameNode();
    const from = Node.isComputedPropertyName(key) ? textOf(key.getExpression()) : key && textOf(key);
    return from === undefined ? {} : { from, name: each.getNameNode() };
  });
  return [...names.map((name) => ({ name })), ...elements].filter((each): each is GivenName =>
    Node.isIdentifier(each.name),
  );
}

/** What a symbol stands for in the end, and whether a name of the user's own is on the way there. */
function declaredAs(
  symbol: MorphSymbol | undefined,
  node: Node,
): { readonly target: MorphSymbol | undefined; readonly isRenamed: boolean } {
  let target = symbol;
  let isRenamed = false;
  for (const seen = new Set<MorphSymbol>(); target !== undefined && !seen.has(target);) {
    seen.add(target);
    const taken = target.getDeclarations().find(isTakenOut);
    isRenamed ||= target
      .getDeclarations()
      .some((declaration) => isOfTheUser(declaration) && declaration !== node.getParent());
    const next: MorphSymbol | undefined = target.isAlias()
      ? (target.getImmediatelyAliasedSymbol() ?? target.getAliasedSymbol())
      : taken && keySymbol(taken);
    if (next === undefined) break;
    target = next;
  }
  return { target, isRenamed };
}

/** An export of the user's own, or a variable that a pattern gives. */
function isOfTheUser(declaration: Node): boolean {
  return Node.isExportSpecifier(declaration) || Node.isBindingElement(declaration);
}

/** A variable that a pattern takes out of an object: `const { key: variable } = object`. */
function isTakenOut(declaration: Node): declaration is BindingElement {
  return (
    Node.isBindingElement(declaration) &&
    isKeyOf(declaration, declaration.getPropertyNameNode() ?? declaration.getNameNode())
  );
}

function keySymbol(element: BindingElement): MorphSymbol | undefined {
  const key = element.getPropertyNameNode() ?? element.getNameNode();
  return namedBy(Node.isComputedPropertyName(key) ? key.getExpression() : key).member;
}

/** The second name of `import { a as b }`, `import b = x.a` or `const { a: b }`, which the first one speaks for. */
function isOwnAlias(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isBindingElement(parent)) return parent.getNameNode() === node && parent.getPropertyNameNode() !== undefined;
  if (Node.isImportEqualsDeclaration(parent)) return parent.getNameNode() === node;
  return (Node.isImportSpecifier(parent) || Node.isExportSpecifier(parent)) && parent.getAliasNode() === node;
}

const MEMBERS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.PropertyAssignment,
  SyntaxKind.PropertySignature,
  SyntaxKind.PropertyDeclaration,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.MethodSignature,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
  SyntaxKind.EnumMember,
]);

/** A key or a member's name, declared or used: wherever a slug stands, it means the tool. */
function isPropertyName(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isPropertyAccessExpression(parent)) return parent.getNameNode() === node;
  if (Node.isQualifiedName(parent)) return parent.getRight() === node;
  if (Node.isBindingElement(parent)) return isKeyOf(parent, node);
  if (Node.isShorthandPropertyAssignment(parent)) return parent.getNameNode() === node;
  return (
    parent !== undefined &&
    MEMBERS.has(parent.getKind()) &&
    (parent as { getNameNode?(): Node }).getNameNode?.() === node
  );
}

/** Slugs that templates with something to be filled in may make. */
class TemplatePatterns {
  readonly #slugs: readonly string[];

  constructor(slugs: readonly string[]) {
    this.#slugs = slugs;
  }

  /** Those that begin with the template's own text and fit the rest of it. */
  slugsOf(node: Node & { getHead(): Node; getTemplateSpans(): Node[] }): readonly string[] {
    const [head = "", ...rest] = node
      .getText()
      .slice(1, -1)
      .split(/\$\{[^}]*\}/);
    // A toolkit's name is the least that says that it is a slug.
    if (!/^_?[A-Z0-9]+_/.test(head) || rest.some((part) => !/^[A-Z0-9_]*$/.test(part))) return [];
    const pattern = new RegExp(`^${[head, ...rest].join("[A-Z0-9_]*")}$`);
    return this.#slugs.filter((slug) => pattern.test(slug));
  }
}
