import { ts } from "ts-morph";
import { mockedBy } from "./mocks.js";
import type { UserProgram } from "./project.js";

/** What an identifier or a text names: something by itself, a member of something, or both at once. */
export interface Named {
  readonly value: ts.Symbol | undefined;
  readonly member: ts.Symbol | undefined;
}

export interface Target {
  readonly target: ts.Symbol;
  /** Where, on the way there, the user's own code gives it a name. */
  readonly given: readonly ts.Node[];
}

/** Text of an identifier, or of a literal that can stand for one. */
export function textOf(node: ts.Node): string | undefined {
  return ts.isIdentifier(node) || ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** The key of `{ key: local }`, and of `{ key }`. */
export function isKeyOf(element: ts.BindingElement, node: ts.Node): boolean {
  return (
    ts.isObjectBindingPattern(element.parent) &&
    element.dotDotDotToken === undefined &&
    (element.propertyName ?? element.name) === node
  );
}

const OF_MEMBERS: ReadonlySet<string> = new Set(["Pick", "Omit"]);
const OF_KEYS: ReadonlySet<string> = new Set(["Exclude", "Extract"]);

/**
 * Resolves the names in the code of one program. Works on the compiler's own nodes, because ts-morph keeps every node
 * that it has wrapped, and a large program has millions.
 */
export class NameReader {
  /** The final target of a symbol. */
  readonly standsFor = memoized((symbol: ts.Symbol) => this.#standsFor(symbol));
  readonly hasSyntaxErrors: (file: ts.SourceFile) => boolean;
  readonly #checker: ts.TypeChecker;
  readonly #exportOf: (module: string, from: ts.SourceFile, name: string) => ts.Symbol | undefined;
  /** The type expected of an object literal, or destructured by it: `({ key: local } = object)`. */
  readonly #typeOfObject = memoized(
    (object: ts.ObjectLiteralExpression) => this.#takenApart(object) ?? this.#checker.getContextualType(object),
  );

  constructor({ project }: Pick<UserProgram, "project">) {
    const program = project.getProgram().compilerObject;
    const host = project.getModuleResolutionHost();
    this.#checker = program.getTypeChecker();
    this.hasSyntaxErrors = memoized((file) => program.getSyntacticDiagnostics(file).length > 0);
    this.#exportOf = (module, from, name) => {
      const { resolvedModule } = ts.resolveModuleName(
        module,
        from.fileName,
        program.getCompilerOptions(),
        host,
        undefined,
        undefined,
        from.impliedNodeFormat,
      );
      const file = resolvedModule && program.getSourceFile(resolvedModule.resolvedFileName);
      const symbol = file && this.#checker.getSymbolAtLocation(file);
      return symbol && this.#checker.tryGetMemberInModuleExports(name, symbol);
    };
  }

  namedBy(node: ts.Node): Named {
    const { parent } = node;
    if (ts.isShorthandPropertyAssignment(parent) && parent.name === node)
      return {
        value: this.#checker.getShorthandAssignmentValueSymbol(parent),
        member: this.#memberOfObject(parent.parent, node),
      };
    const key = keyOf(node);
    const object = objectWrittenWith(key);
    if (object !== undefined) return { value: undefined, member: this.#memberOfObject(object, node) };
    const owner = this.#ownerOf(node);
    if (owner !== undefined) return { value: undefined, member: memberOf(owner, node) };
    return { value: this.#checker.getSymbolAtLocation(node), member: undefined };
  }

  #standsFor(symbol: ts.Symbol): Target {
    const given: ts.Node[] = [];
    const seen = new Set<ts.Symbol>();
    let target = symbol;
    while (!seen.has(target)) {
      seen.add(target);
      given.push(...(target.declarations ?? []).filter(isOfTheUser));
      target = this.#next(target) ?? target;
    }
    return { target, given };
  }

  #next(symbol: ts.Symbol): ts.Symbol | undefined {
    if (isAlias(symbol))
      return this.#checker.getImmediateAliasedSymbol(symbol) ?? this.#checker.getAliasedSymbol(symbol);
    const taken = symbol.declarations?.find(isTakenOut);
    if (taken === undefined) return undefined;
    const key = taken.propertyName ?? taken.name;
    return this.namedBy(ts.isComputedPropertyName(key) ? key.expression : key).member;
  }

  #memberOfObject(object: ts.ObjectLiteralExpression, key: ts.Node): ts.Symbol | undefined {
    return memberOf(this.#typeOfObject(object), key) ?? this.#memberOfMock(object, textOf(key) ?? "");
  }

  #memberOfMock(object: ts.ObjectLiteralExpression, name: string): ts.Symbol | undefined {
    const mocked = mockedBy(object);
    if (mocked === undefined) return undefined;
    const [first = name, ...rest] = [...mocked.path, name];
    let symbol = this.#exportOf(mocked.module, object.getSourceFile(), first);
    for (const each of rest)
      symbol = symbol && this.#checker.getTypeOfSymbolAtLocation(symbol, object).getProperty(each);
    return symbol;
  }

  /** The type whose member a node names, if the symbol of the node itself is not that member. */
  #ownerOf(node: ts.Node): ts.Type | undefined {
    const { parent } = node;
    const key = keyOf(node);
    const holder = key.parent;
    if (ts.isBindingElement(holder))
      return isKeyOf(holder, key) ? this.#checker.getTypeAtLocation(holder.parent) : undefined;
    if (ts.isIdentifier(node)) return undefined;
    if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InKeyword)
      return parent.left === node ? this.#checker.getTypeAtLocation(parent.right) : undefined;
    return ts.isLiteralTypeNode(parent) ? this.#ownerOfTypes(parent) : this.#ownerOfKeys(node);
  }

  #takenApart(object: ts.ObjectLiteralExpression): ts.Type | undefined {
    const { parent } = object;
    if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken)
      return parent.left === object ? this.#checker.getTypeAtLocation(parent.right) : undefined;
    if (!ts.isPropertyAssignment(parent) || parent.initializer !== object) return undefined;
    const member = memberOf(this.#takenApart(parent.parent), parent.name);
    return member && this.#checker.getTypeOfSymbolAtLocation(member, object);
  }

  /** Of `T["key"]`, `Pick<T, "key">` and `Exclude<keyof T, "key">`, and of such with alternatives, T. */
  #ownerOfTypes(literal: ts.Node): ts.Type | undefined {
    let node = literal;
    while (ts.isUnionTypeNode(node.parent) || ts.isParenthesizedTypeNode(node.parent)) node = node.parent;
    const { parent } = node;
    if (ts.isIndexedAccessTypeNode(parent) && parent.indexType === node)
      return this.#checker.getTypeAtLocation(parent.objectType);
    if (!ts.isTypeReferenceNode(parent) && !ts.isExpressionWithTypeArguments(parent)) return undefined;
    const [first, second] = parent.typeArguments ?? [];
    if (first === undefined || second !== node) return undefined;
    const name = (ts.isTypeReferenceNode(parent) ? parent.typeName : parent.expression).getText();
    if (OF_MEMBERS.has(name)) return this.#checker.getTypeAtLocation(first);
    return OF_KEYS.has(name) ? this.#operandOf(first) : undefined;
  }

  /** The type whose `keyof` a text is written for. */
  #ownerOfKeys(text: ts.Node): ts.Type | undefined {
    const { parent } = text;
    if (ts.isSatisfiesExpression(parent) || ts.isAsExpression(parent)) return this.#operandOf(parent.type);
    const declaration = ts.isVariableDeclaration(parent) ? parent : this.#declarationBehind(text, parent);
    const isTyped =
      declaration !== undefined &&
      (ts.isVariableDeclaration(declaration) ||
        ts.isParameter(declaration) ||
        ts.isPropertySignature(declaration) ||
        ts.isPropertyDeclaration(declaration));
    return isTyped ? this.#operandOf(declaration.type) : undefined;
  }

  /** The parameter or member that a value is passed to. */
  #declarationBehind(value: ts.Node, parent: ts.Node): ts.Node | undefined {
    if (ts.isPropertyAssignment(parent))
      return memberOf(this.#typeOfObject(parent.parent), parent.name)?.valueDeclaration;
    if (!ts.isCallExpression(parent)) return undefined;
    const index = parent.arguments.findIndex((each) => each === value);
    return this.#checker.getResolvedSignature(parent)?.parameters[index]?.valueDeclaration;
  }

  /** T, where a type is `keyof T` or a name for it. */
  #operandOf(type: ts.TypeNode | undefined): ts.Type | undefined {
    if (type === undefined) return undefined;
    if (ts.isTypeOperatorNode(type))
      return type.operator === ts.SyntaxKind.KeyOfKeyword ? this.#checker.getTypeAtLocation(type.type) : undefined;
    if (!ts.isTypeReferenceNode(type)) return undefined;
    const symbol = this.#checker.getSymbolAtLocation(type.typeName);
    const target = symbol && isAlias(symbol) ? this.#checker.getAliasedSymbol(symbol) : symbol;
    const [declaration] = target?.declarations ?? [];
    return declaration !== undefined &&
      ts.isTypeAliasDeclaration(declaration) &&
      declaration.typeParameters === undefined
      ? this.#operandOf(declaration.type)
      : undefined;
  }
}

function isAlias(symbol: ts.Symbol): boolean {
  return (symbol.flags & ts.SymbolFlags.Alias) !== 0;
}

/** An export of the user's, or a variable from a pattern. */
function isOfTheUser(declaration: ts.Node): boolean {
  return ts.isExportSpecifier(declaration) || ts.isBindingElement(declaration);
}

/** A variable that a pattern takes out of an object: `const { key: variable } = object`. */
function isTakenOut(declaration: ts.Node): declaration is ts.BindingElement {
  return ts.isBindingElement(declaration) && isKeyOf(declaration, declaration.propertyName ?? declaration.name);
}

/** The whole key, including brackets. */
function keyOf(node: ts.Node): ts.Node {
  return ts.isComputedPropertyName(node.parent) ? node.parent : node;
}

function memberOf(type: ts.Type | undefined, node: ts.Node): ts.Symbol | undefined {
  return type?.getNonNullableType().getProperty(textOf(node) ?? "");
}

/** The object literal that contains a key. */
function objectWrittenWith(key: ts.Node): ts.ObjectLiteralExpression | undefined {
  const { parent } = key;
  const isMember = ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isAccessor(parent);
  return isMember && parent.name === key && ts.isObjectLiteralExpression(parent.parent) ? parent.parent : undefined;
}

export function memoized<K, V>(valueOf: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const value = known.get(key);
    if (value !== undefined || known.has(key)) return value as V;
    const found = valueOf(key);
    known.set(key, found);
    return found;
  };
}
