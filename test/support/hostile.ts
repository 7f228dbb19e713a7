import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import ts from "typescript";
import type { TestFolder, Validator } from "./generated.js";
import { tree } from "./project.js";

const require = createRequire(import.meta.url);

/** Code that leaves a trace if it ever runs. */
const CANARY = "globalThis.__pwned=(globalThis.__pwned||0)+1";

/** Texts that try to get out of every kind of place that text is put into. */
export const PAYLOADS: readonly string[] = [
  `"+(${CANARY})+"`,
  `'+(${CANARY})+'`,
  `\\"+(${CANARY})+\\"`,
  `\\`,
  `\\\\"; ${CANARY}; //`,
  `\`;${CANARY};\``,
  "${" + CANARY + "}",
  "`${" + CANARY + "}`",
  `*/ ${CANARY}; /*`,
  `**/${CANARY};/**`,
  `*\u0000/ ${CANARY}; /*`,
  `*\\/ ${CANARY}; /*`,
  `// ${CANARY}`,
  `\n${CANARY}\n`,
  `\r${CANARY}\r\n${CANARY}`,
  `\u2028${CANARY}\u2029${CANARY}\u0085`,
  `</script><script>${CANARY}</script>`,
  `<!-- ${CANARY} -->`,
  `]]>${CANARY}`,
  `{{${CANARY}}}`,
  `{{{constructor.constructor "${CANARY}"}}}`,
  "{{#with this}}{{lookup this 'constructor'}}{{/with}}{{> evil}}{{!-- --}}",
  `}); ${CANARY}; ({`,
  `}, get x() { ${CANARY} }, y: {`,
  `/u); ${CANARY}; (/`,
  `[(${CANARY})]`,
  `a"__proto__`,
  `a"__proto__":`,
  `","__proto__":{"x":"`,
  `\\","__proto__":`,
  "\u0000\u0001\u001b[31m\u0007\u007f\u0080\u009b",
  "\u202e\u2066\u2069\u202c\u200e\u200f\u061c\ufeff reversed",
  "\ud800",
  "\udc00\ud800 lone \udfff",
  "@deprecated @ts-ignore @internal",
  "text @deprecated in the middle",
  "* @deprecated after an asterisk",
  "@",
  "@ ",
  "a\n@\n@ b\n@",
  "a @ b",
  "\n@deprecated\n * @internal\n",
  "{@link javascript:alert(1)} {@inheritDoc}",
  "//# sourceMappingURL=data:application/json;base64,e30=",
  "#!/usr/bin/env node",
  '/// <reference path="/etc/passwd" />',
  "__proto__",
  "constructor",
  "prototype",
  "hasOwnProperty",
  "toString",
  "+1",
  "-1",
  "1e999",
  "",
  " ",
  "default",
  "Infinity",
  "x".repeat(1000),
  "\ud83d\udc69\u200d\ud83d\udcbb é ß 漢字",
  'import("node:fs")',
  `require("child_process").execSync("touch /tmp/pwned")`,
];

/** Characters that no emitted file may hold as they are: they hide, reorder or split text, or are no text at all. */
const FORBIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|<\/script|<!--|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/i;

const MODULE_STATEMENTS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.ImportDeclaration,
  ts.SyntaxKind.ExportDeclaration,
  ts.SyntaxKind.InterfaceDeclaration,
  ts.SyntaxKind.TypeAliasDeclaration,
  ts.SyntaxKind.VariableStatement,
]);
/** What the expressions of a toolkit's module are made of. */
const EXPRESSIONS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.ArrayLiteralExpression,
  ts.SyntaxKind.ArrowFunction,
  ts.SyntaxKind.CallExpression,
  ts.SyntaxKind.FalseKeyword,
  ts.SyntaxKind.FunctionExpression,
  ts.SyntaxKind.Identifier,
  ts.SyntaxKind.NewExpression,
  ts.SyntaxKind.NullKeyword,
  ts.SyntaxKind.NumericLiteral,
  ts.SyntaxKind.ObjectLiteralExpression,
  ts.SyntaxKind.PrefixUnaryExpression,
  ts.SyntaxKind.PropertyAccessExpression,
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.TrueKeyword,
]);
const MEMBERS: ReadonlySet<ts.SyntaxKind> = new Set([ts.SyntaxKind.PropertyAssignment]);

/** What stands in the emitted files that should not: by file, a complaint each. */
export function findCode(files: Readonly<Record<string, string>>): string[] {
  const complaints: string[] = [];
  for (const [path, text] of Object.entries(files)) {
    const forbidden = FORBIDDEN.exec(text);
    if (forbidden !== null) complaints.push(`${path}: holds ${JSON.stringify(forbidden[0])}`);
    if (!/\.[jt]s$/.test(path) || path.startsWith("runtime/")) continue;
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const { parseDiagnostics } = source as unknown as { parseDiagnostics: readonly ts.Diagnostic[] };
    for (const { messageText, start = 0 } of parseDiagnostics) {
      complaints.push(`${path}: ${String(messageText)} at ${JSON.stringify(text.slice(start - 30, start + 30))}`);
    }
    if (/(?:^|\/)(?:index|schemas|versions|tool-map)\.[jt]s$/.test(path))
      complaints.push(...strangeNodes(source, path));
  }
  return complaints;
}

/** How long lists of objects are written. */
function isParsedText(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || node.expression.getText() !== "JSON.parse") return false;
  return node.arguments.length === 1 && ts.isStringLiteral(node.arguments[0] as ts.Node);
}

function strangeNodes(source: ts.SourceFile, path: string): string[] {
  const complaints: string[] = [];
  const complain = (node: ts.Node, what: string): void => {
    complaints.push(`${path}: ${what} ${node.getText().slice(0, 80)}`);
  };
  const isExported = new Set<string>();
  const visit = (node: ts.Node, locals: ReadonlySet<string>): void => {
    let inner = locals;
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (isParsedText(node)) return;
    if (ts.isBlock(node)) {
      const declared = node.statements
        .filter(ts.isVariableStatement)
        .flatMap((statement) => statement.declarationList.declarations);
      inner = new Set([...locals, ...declared.map(({ name }) => name.getText())]);
    } else if (ts.isExpression(node)) {
      if (!EXPRESSIONS.has(node.kind)) complain(node, ts.SyntaxKind[node.kind]);
      if (ts.isCallExpression(node) && !/^(?:z\.[A-Za-z]+|defineTool)$/.test(node.expression.getText()))
        complain(node, "call");
      if (
        ts.isNewExpression(node) &&
        (node.expression.getText() !== "RegExp" || !node.arguments?.every(ts.isStringLiteral))
      ) {
        complain(node, "new");
      }
      if ((ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && node.parameters.length > 0)
        complain(node, "parameters");
      if (ts.isPropertyAccessExpression(node) && node.expression.getText() !== "z") complain(node, "access");
      if (ts.isPrefixUnaryExpression(node) && !ts.isNumericLiteral(node.operand)) complain(node, "operator");
      const isName = ts.isPropertyAccessExpression(node.parent) || ts.isPropertyAssignment(node.parent);
      if (ts.isIdentifier(node) && !isName && !inner.has(node.text) && !isExported.has(node.text)) {
        if (!["z", "defineTool", "undefined", "RegExp"].includes(node.text)) complain(node, "identifier");
      }
      if (ts.isObjectLiteralExpression(node)) {
        for (const property of node.properties) if (!MEMBERS.has(property.kind)) complain(property, "member");
      }
    }
    ts.forEachChild(node, (child) => {
      if (
        !ts.isPropertyName(child) ||
        child.parent.kind !== ts.SyntaxKind.PropertyAssignment ||
        (child.parent as ts.PropertyAssignment).initializer === child
      )
        visit(child, inner);
    });
  };
  for (const statement of source.statements) {
    if (!MODULE_STATEMENTS.has(statement.kind)) complain(statement, "statement");
    if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) {
      const from = statement.moduleSpecifier?.getText() ?? '"./"';
      if (!/^"(?:\.{1,2}\/|toolbind\/)[\w./-]*"$/.test(from)) complain(statement, "import");
      continue;
    }
    const tags = ts.getJSDocTags(statement).map(({ tagName }) => tagName.text);
    for (const tag of tags) if (!KNOWN_TAGS.has(tag)) complain(statement, `@${tag}`);
    if (ts.isVariableStatement(statement)) {
      for (const { initializer } of statement.declarationList.declarations)
        if (initializer !== undefined) visit(initializer, new Set());
    }
  }
  return complaints;
}

/** Tags of our own; none of the tools in these tests is deprecated. */
const KNOWN_TAGS: ReadonlySet<string> = new Set(
  "default example minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems minProperties maxProperties uniqueItems pattern format".split(
    " ",
  ),
);

interface HostileTool {
  readonly slug: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly scopes: readonly string[];
  readonly input: Validator;
  readonly output: Validator;
}

export interface LoadedOutput {
  readonly tools: ReadonlyMap<string, HostileTool>;
  /** The constants of all `schemas` files, by name. */
  readonly schemas: Readonly<Record<string, unknown>>;
}

/** Bundles an output, its index included, and runs it. */
export async function loadOutput(
  folder: TestFolder,
  toolkits: readonly string[],
  out: string = "out",
): Promise<LoadedOutput> {
  const lines = toolkits.flatMap((toolkit, index) => [
    `export * as tools${index} from "./${toolkit}/index";`,
    `export * as schemas${index} from "./${toolkit}/schemas";`,
  ]);
  const outfile = join(folder.path, `${out}.mjs`);
  await build({
    stdin: {
      contents: [...lines, 'export * as all from "./index";'].join("\n"),
      resolveDir: join(folder.path, out),
      loader: "ts",
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    external: ["zod", "zod/*"],
    logLevel: "error",
  });
  const modules = require(outfile) as Record<string, object>;
  const tools = toolkits.flatMap((_, index) => Object.values(modules[`tools${index}`] ?? {}) as HostileTool[]);
  const schemas = Object.assign({}, ...toolkits.map((_, index) => modules[`schemas${index}`])) as Record<
    string,
    unknown
  >;
  return { tools: new Map(tools.map((tool) => [tool.slug, tool])), schemas };
}

/** How often a payload's code has run. */
export function traces(): unknown {
  return (globalThis as { __pwned?: unknown }).__pwned;
}

export function emitted(folder: TestFolder, out: string = "out"): Record<string, string> {
  return tree(join(folder.path, out));
}
