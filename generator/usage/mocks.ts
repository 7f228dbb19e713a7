import { ts } from "ts-morph";

/** `vi.mock("module", () => ({ … }))`, and what other test runners call it. */
const MOCKS: ReadonlySet<string> = new Set(["mock", "doMock", "setMock", "unstable_mockModule", "module"]);

/** What an object replaces in a test. */
export interface Mocked {
  readonly module: string;
  /** The keys that lead from the module to it. */
  readonly path: readonly string[];
}

/** The module, or the part of it, that an object replaces in a test. The types of test runners do not say. */
export function mockedBy(object: ts.ObjectLiteralExpression): Mocked | undefined {
  const { parent } = object;
  if (!ts.isPropertyAssignment(parent)) return moduleOfCall(returnedBy(object));
  const outer = parent.parent;
  const own = ts.isComputedPropertyName(parent.name) ? undefined : parent.name.text;
  // Node.js gives them to `mock.module()` by this name.
  if (own === "namedExports") return moduleOfCall(outer);
  const mocked = mockedBy(outer);
  return mocked && own !== undefined ? { ...mocked, path: [...mocked.path, own] } : undefined;
}

/** The function that makes an object. */
function returnedBy(object: ts.Node): ts.Node | undefined {
  let value = object;
  while (isAround(value.parent)) value = value.parent;
  const { parent } = value;
  if (ts.isArrowFunction(parent)) return parent.body === value ? parent : undefined;
  return ts.isReturnStatement(parent) ? ts.findAncestor(parent, ts.isFunctionLike) : undefined;
}

function isAround(node: ts.Node): boolean {
  return ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node);
}

/** The module that a call mocks with its second argument. */
function moduleOfCall(argument: ts.Node | undefined): Mocked | undefined {
  const call = argument?.parent;
  if (call === undefined || !ts.isCallExpression(call)) return undefined;
  const [module, given] = call.arguments;
  const callee = call.expression;
  if (given !== argument || module === undefined || !ts.isStringLiteral(module)) return undefined;
  if (!ts.isPropertyAccessExpression(callee) || !MOCKS.has(callee.name.text)) return undefined;
  return { module: module.text, path: [] };
}
