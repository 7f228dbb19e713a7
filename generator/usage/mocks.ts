import { Node, type ObjectLiteralExpression, type SourceFile, type Symbol as MorphSymbol, ts } from "ts-morph";

/** `vi.mock("module", () => ({ … }))`, and what other test runners call it. */
const MOCKS: ReadonlySet<string> = new Set(["mock", "doMock", "setMock", "unstable_mockModule", "module"]);

/** What a key of an object that a test has in place of a module stands for: the runners' types do not tell. */
export function memberOfMock(object: ObjectLiteralExpression, name: string): MorphSymbol | undefined {
  const parent = object.getParent();
  if (Node.isPropertyAssignment(parent)) {
    const outer = parent.getParent();
    const own = parent.getName();
    // Node.js gives them to `mock.module()` by this name.
    if (own === "namedExports") return exportOf(moduleOfCall(outer), name);
    if (!Node.isObjectLiteralExpression(outer)) return undefined;
    return memberOfMock(outer, own)?.getTypeAtLocation(object).getProperty(name);
  }
  return exportOf(moduleOfCall(returnedBy(object)), name);
}

function exportOf(file: SourceFile | undefined, name: string): MorphSymbol | undefined {
  return file?.getExportSymbols().find((each) => each.getName() === name);
}

/** The function that makes an object. */
function returnedBy(object: Node): Node | undefined {
  let value = object;
  for (let up = value.getParent(); isAround(up); up = up.getParent()) value = up;
  const parent = value.getParent();
  if (Node.isArrowFunction(parent)) return parent.getBody() === value ? parent : undefined;
  if (!Node.isReturnStatement(parent)) return undefined;
  return parent.getFirstAncestor((each) => Node.isFunctionLikeDeclaration(each) || Node.isFunctionExpression(each));
}

function isAround(node: Node | undefined): node is Node {
  return Node.isParenthesizedExpression(node) || Node.isAsExpression(node) || Node.isSatisfiesExpression(node);
}

/** The module that a call mocks by what is its second argument. */
function moduleOfCall(argument: Node | undefined): SourceFile | undefined {
  const call = argument?.getParent();
  if (!Node.isCallExpression(call)) return undefined;
  const [module, given] = call.getArguments();
  const callee = call.getExpression();
  if (given !== argument || !Node.isStringLiteral(module) || !Node.isPropertyAccessExpression(callee)) return undefined;
  return MOCKS.has(callee.getName()) ? resolved(module.getLiteralText(), module.getSourceFile()) : undefined;
}

function resolved(module: string, from: SourceFile): SourceFile | undefined {
  const project = from.getProject();
  const { resolvedModule } = ts.resolveModuleName(
    module,
    from.getFilePath(),
    project.getCompilerOptions(),
    project.getModuleResolutionHost(),
    undefined,
    undefined,
    from.compilerNode.impliedNodeFormat,
  );
  return resolvedModule && project.getSourceFile(resolvedModule.resolvedFileName);
}
