// TypeScript modules, taken apart into what merging them needs to know.
import { readdirSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import ts from "typescript";

/** Every module below a folder, by its path there without the ending. */
export function readModules(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".ts"));
  const program = ts.createProgram(
    files.map((file) => join(folder, file)),
    {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2023.d.ts"],
      types: ["node"],
      noEmit: true,
    },
  );
  const checker = program.getTypeChecker();
  const nameOf = (source) => relative(folder, source.fileName).split(sep).join("/").replace(/\.ts$/, "");
  const modules = new Map();
  for (const file of files) {
    const source = program.getSourceFile(join(folder, file));
    modules.set(nameOf(source), parse(source, nameOf, checker));
  }
  return modules;
}

/**
 * What a module imports, exports from others and declares, and where its text names what is declared at the top of a
 * module (`uses`) or outside of all (`globals`). `module` is the module of the runtime that a specifier names.
 */
function parse(source, nameOf, checker) {
  const name = nameOf(source);
  const parsed = { name, text: source.text, imports: [], reexports: [], locals: [], declared: new Map(), cuts: [] };
  const target = (specifier) =>
    specifier.startsWith(".") ? posix.join(posix.dirname(name), specifier).replace(/\.js$/, "") : undefined;
  const rest = [];
  for (const statement of source.statements) {
    const specifier = statement.moduleSpecifier?.text;
    if (ts.isImportDeclaration(statement)) {
      const { importClause } = statement;
      const bindings = importClause?.namedBindings;
      if (bindings === undefined || importClause.name) {
        throw new Error(`runtime/${name}.ts: only named and namespace imports can be merged: ${statement.getText()}`);
      }
      const type = importClause.isTypeOnly;
      const names = ts.isNamespaceImport(bindings)
        ? [{ name: "*", as: bindings.name.text, type }]
        : bindings.elements.map((each) => bindingOf(each, type));
      parsed.imports.push({ specifier, module: target(specifier), names });
      parsed.cuts.push([statement.getStart(), statement.end]);
    } else if (ts.isExportDeclaration(statement)) {
      const type = statement.isTypeOnly;
      const elements = statement.exportClause?.elements;
      const names = elements?.map((each) => bindingOf(each, type)) ?? [{ name: "*", as: "*", type }];
      if (specifier === undefined) parsed.locals.push(...names);
      else parsed.reexports.push({ specifier, module: target(specifier), names });
      parsed.cuts.push([statement.getStart(), statement.end]);
    } else {
      rest.push(statement);
      const modifier = statement.modifiers?.find(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
      for (const each of declaredBy(statement)) parsed.declared.set(each, modifier);
    }
  }
  return { ...parsed, ...referencesOf(rest, nameOf, checker) };
}

const bindingOf = ({ propertyName, name, isTypeOnly }, type) => ({
  name: (propertyName ?? name).text,
  as: name.text,
  type: type || isTypeOnly,
});

function declaredBy(statement) {
  if (!ts.isVariableStatement(statement)) return [statement.name.text];
  const bound = (name) => (ts.isIdentifier(name) ? [name.text] : name.elements.flatMap((each) => bound(each.name)));
  return statement.declarationList.declarations.flatMap(({ name }) => bound(name));
}

const GLOBAL = new Set([
  ts.SyntaxKind.VariableDeclaration,
  ts.SyntaxKind.FunctionDeclaration,
  ts.SyntaxKind.ClassDeclaration,
  ts.SyntaxKind.InterfaceDeclaration,
  ts.SyntaxKind.TypeAliasDeclaration,
  ts.SyntaxKind.ModuleDeclaration,
]);

function referencesOf(statements, nameOf, checker) {
  const uses = [];
  const globals = new Set();
  const visit = (node) => {
    if (ts.isIdentifier(node)) {
      const isShorthand = ts.isShorthandPropertyAssignment(node.parent);
      let symbol = isShorthand
        ? checker.getShorthandAssignmentValueSymbol(node.parent)
        : checker.getSymbolAtLocation(node);
      if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
      const declaration = symbol?.declarations?.[0];
      const module = declaration && nameOf(declaration.getSourceFile());
      if (module?.startsWith("..")) {
        if (GLOBAL.has(declaration.kind) && !isMember(node)) globals.add(node.text);
      } else if (declaration && isAtTop(declaration)) {
        uses.push({ start: node.getStart(), end: node.end, module, name: symbol.name, isShorthand, as: node.text });
      }
    }
    ts.forEachChild(node, visit);
  };
  statements.forEach(visit);
  return { uses, globals };
}

/** Whether an identifier is looked up in what stands before its dot. */
function isMember(node) {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isQualifiedName(parent) && parent.right === node)
  );
}

function isAtTop(declaration) {
  let node = declaration;
  while (ts.isBindingElement(node) || ts.isObjectBindingPattern(node) || ts.isVariableDeclaration(node))
    node = node.parent;
  if (ts.isVariableDeclarationList(node)) node = node.parent;
  return node.parent !== undefined && ts.isSourceFile(node.parent);
}
