import {
  Node,
  type ObjectLiteralExpression,
  SyntaxKind,
  type Symbol as MorphSymbol,
  type Type,
  type TypeNode,
} from "ts-morph";
import { memberOfMock } from "./mocks.js";

/** What an identifier or a text names: something by itself, a member of something, or both at once. */
export interface Named {
  readonly value: MorphSymbol | undefined;
  readonly member: MorphSymbol | undefined;
}

export function namedBy(node: Node): Named {
  const parent = node.getParent();
  if (Node.isShorthandPropertyAssignment(parent) && parent.getNameNode() === node)
    return { value: parent.getValueSymbol(), member: memberOfObject(parent.getParent(), node) };
  const key = keyOf(node);
  const holder = key.getParent();
  if (nameOfWritten(holder) === key) return { value: undefined, member: memberOfObject(holder?.getParent(), node) };
  const owner = ownerOf(node);
  if (owner !== undefined) return { value: undefined, member: memberOf(owner, node) };
  return { value: node.getSymbol(), member: undefined };
}

/** Text of an identifier, or of a literal that can stand for one. */
export function textOf(node: Node): string | undefined {
  if (Node.isIdentifier(node)) return node.getText();
  return Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node) ? node.getLiteralText() : undefined;
}

/** What is written in brackets is the key with them. */
function keyOf(node: Node): Node {
  const parent = node.getParent();
  return Node.isComputedPropertyName(parent) ? parent : node;
}

function memberOfObject(object: Node | undefined, key: Node): MorphSymbol | undefined {
  if (!Node.isObjectLiteralExpression(object)) return undefined;
  return memberOf(typeOfObject(object), key) ?? memberOfMock(object, textOf(key) ?? "");
}

function memberOf(type: Type | undefined, node: Node): MorphSymbol | undefined {
  return type?.getNonNullableType().getProperty(textOf(node) ?? "");
}

/** The type that a node names a member of, where the syntax tree's own symbol of the node is not that member. */
function ownerOf(node: Node): Type | undefined {
  const parent = node.getParent();
  const key = keyOf(node);
  const holder = key.getParent();
  if (Node.isBindingElement(holder)) return isKeyOf(holder, key) ? holder.getParent().getType() : undefined;
  if (Node.isIdentifier(node)) return undefined;
  if (Node.isBinaryExpression(parent) && parent.getOperatorToken().getKind() === SyntaxKind.InKeyword)
    return parent.getLeft() === node ? parent.getRight().getType() : undefined;
  return Node.isLiteralTypeNode(parent) ? ownerOfTypes(parent) : ownerOfKeys(node);
}

/** The key of `{ key: local }`, and of `{ key }`. */
export function isKeyOf(element: Node, node: Node): boolean {
  return (
    Node.isBindingElement(element) &&
    Node.isObjectBindingPattern(element.getParent()) &&
    element.getDotDotDotToken() === undefined &&
    (element.getPropertyNameNode() ?? element.getNameNode()) === node
  );
}

/** The name of what an object in braces is written with. */
function nameOfWritten(node: Node | undefined): Node | undefined {
  const isMember =
    Node.isPropertyAssignment(node) ||
    Node.isMethodDeclaration(node) ||
    Node.isGetAccessorDeclaration(node) ||
    Node.isSetAccessorDeclaration(node);
  return isMember && Node.isObjectLiteralExpression(node.getParent()) ? node.getNameNode() : undefined;
}

/** What an object in braces is to be, or is taken apart from: `({ key: local } = object)`. */
function typeOfObject(object: Node | undefined): Type | undefined {
  if (!Node.isObjectLiteralExpression(object)) return undefined;
  return takenApart(object) ?? object.getContextualType();
}

function takenApart(object: ObjectLiteralExpression): Type | undefined {
  const parent = object.getParent();
  if (Node.isBinaryExpression(parent) && parent.getOperatorToken().getKind() === SyntaxKind.EqualsToken)
    return parent.getLeft() === object ? parent.getRight().getType() : undefined;
  if (!Node.isPropertyAssignment(parent) || parent.getInitializer() !== object) return undefined;
  const outer = parent.getParent();
  const type = Node.isObjectLiteralExpression(outer) ? takenApart(outer) : undefined;
  return type?.getProperty(parent.getName())?.getTypeAtLocation(object);
}

const OF_MEMBERS: ReadonlySet<string> = new Set(["Pick", "Omit"]);
const OF_KEYS: ReadonlySet<string> = new Set(["Exclude", "Extract"]);

/** Of `T["key"]`, `Pick<T, "key">` and `Exclude<keyof T, "key">`, and of such with alternatives, T. */
function ownerOfTypes(literal: Node): Type | undefined {
  let node = literal;
  for (let up = node.getParent(); Node.isUnionTypeNode(up) || Node.isParenthesizedTypeNode(up); up = node.getParent())
    node = up;
  const parent = node.getParent();
  if (Node.isIndexedAccessTypeNode(parent) && parent.getIndexTypeNode() === node)
    return parent.getObjectTypeNode().getType();
  if (!Node.isTypeReference(parent) && !Node.isExpressionWithTypeArguments(parent)) return undefined;
  const [first, second] = parent.getTypeArguments();
  if (first === undefined || second !== node) return undefined;
  const name = (Node.isTypeReference(parent) ? parent.getTypeName() : parent.getExpression()).getText();
  if (OF_MEMBERS.has(name)) return first.getType();
  return OF_KEYS.has(name) ? operandOf(first) : undefined;
}

/** The type whose `keyof` a text is written for. */
function ownerOfKeys(text: Node): Type | undefined {
  const parent = text.getParent();
  if (Node.isSatisfiesExpression(parent) || Node.isAsExpression(parent)) return operandOf(parent.getTypeNode());
  const declaration = Node.isVariableDeclaration(parent) ? parent : declarationBehind(text, parent);
  const isTyped =
    Node.isVariableDeclaration(declaration) ||
    Node.isParameterDeclaration(declaration) ||
    Node.isPropertySignature(declaration) ||
    Node.isPropertyDeclaration(declaration);
  return isTyped ? operandOf(declaration.getTypeNode()) : undefined;
}

/** The parameter or the member that a value is given for. */
function declarationBehind(value: Node, parent: Node | undefined): Node | undefined {
  if (Node.isPropertyAssignment(parent))
    return memberOf(typeOfObject(parent.getParent()), parent.getNameNode())?.getValueDeclaration();
  if (!Node.isCallExpression(parent)) return undefined;
  const signature = value.getProject().getTypeChecker().getResolvedSignature(parent);
  return signature?.getParameters()[parent.getArguments().indexOf(value)]?.getValueDeclaration();
}

/** T, where a type is `keyof T` or a name for it. */
function operandOf(type: TypeNode | undefined): Type | undefined {
  if (Node.isTypeOperatorTypeNode(type))
    return type.getOperator() === SyntaxKind.KeyOfKeyword ? type.getTypeNode().getType() : undefined;
  if (!Node.isTypeReference(type)) return undefined;
  const symbol = type.getTypeName().getSymbol();
  const [declaration] = (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? [];
  return Node.isTypeAliasDeclaration(declaration) && declaration.getTypeParameters().length === 0
    ? operandOf(declaration.getTypeNode())
    : undefined;
}
