import { type Node, type Symbol as MorphSymbol, SyntaxKind } from "ts-morph";
import { displayName } from "../sources/files.js";
import { modulePath, type UserProject } from "./project.js";

/** A tool whose uses are looked for, by the names that code knows it under. */
export interface KnownTool {
  readonly slug: string;
  /** Folder of its toolkit in the output. */
  readonly folder: string;
  /** Its function; the types are named after it. */
  readonly name: string;
}

/** A place in the user's code that names a tool. */
export interface Use {
  readonly slug: string;
  readonly kind: "function" | "input type" | "output type" | "slug";
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** The line of code, trimmed. */
  readonly code: string;
  readonly node: Node;
}

/** Every use of the tools in the user's own files, in the order of files and lines. */
export function findUses({ files }: UserProject, tools: readonly KnownTool[], outDir: string, cwd: string): Use[] {
  const bySymbol = new Map<string, { slug: string; kind: Use["kind"] }>();
  const identifiers = new Set<string>();
  const slugs = new Set(tools.map(({ slug }) => slug));
  for (const { slug, folder, name } of tools) {
    const base = name.charAt(0).toUpperCase() + name.slice(1);
    for (const [text, kind] of [
      [name, "function"],
      [`${base}Input`, "input type"],
      [`${base}Output`, "output type"],
    ] as const) {
      identifiers.add(text);
      bySymbol.set(`${modulePath(outDir, folder)}#${text}`, { slug, kind });
    }
  }
  const uses: Use[] = [];
  for (const file of files) {
    const add = (node: Node, slug: string, kind: Use["kind"]): void => {
      const { line, column } = file.getLineAndColumnAtPos(node.getStart());
      const code = (file.getFullText().split(/\r?\n/)[line - 1] ?? "").trim();
      uses.push({ slug, kind, file: displayName(file.getFilePath(), cwd), line, column, code, node });
    };
    file.forEachDescendant((node) => {
      const isName = node.isKind(SyntaxKind.Identifier);
      if (isName && slugs.has(node.getText())) {
        if (isSlugConstant(node)) add(node, node.getText(), "slug");
      } else if (isName && identifiers.has(node.getText())) {
        const found = declarationKeys(node)
          .map((key) => bySymbol.get(key))
          .find((known) => known !== undefined);
        if (found !== undefined) add(node, found.slug, found.kind);
      } else if (isText(node) && slugs.has(node.getLiteralText())) {
        add(node, node.getLiteralText(), "slug");
      }
    });
  }
  return uses;
}

function isText(node: Node): node is Node & { getLiteralText(): string } {
  return node.isKind(SyntaxKind.StringLiteral) || node.isKind(SyntaxKind.NoSubstitutionTemplateLiteral);
}

/** `ToolSlug.GITHUB_CREATE_AN_ISSUE` */
function isSlugConstant(node: Node): boolean {
  const access = node.getParentIfKind(SyntaxKind.PropertyAccessExpression);
  return access?.getNameNode() === node && access.getExpression().getText().endsWith("ToolSlug");
}

/** Where what an identifier names is declared: `<file>#<name>`, the file without its ending. */
function declarationKeys(node: Node): string[] {
  const symbol = symbolOf(node);
  const target = symbol?.isAlias() === true ? (symbol.getAliasedSymbol() ?? symbol) : symbol;
  return (target?.getDeclarations() ?? []).map((declaration) => {
    const name = target?.getName() ?? "";
    return `${declaration
      .getSourceFile()
      .getFilePath()
      .replace(/(?:\.d)?\.ts$/, "")}#${name}`;
  });
}

/** What an identifier takes its value from, where it is shorthand for something of the same name. */
function symbolOf(node: Node): MorphSymbol | undefined {
  const parent = node.getParent();
  if (parent?.isKind(SyntaxKind.ShorthandPropertyAssignment) === true) return parent.getValueSymbol();
  if (
    parent?.isKind(SyntaxKind.BindingElement) === true &&
    (parent.getPropertyNameNode() ?? parent.getNameNode()) === node
  ) {
    return parent.getParent().getType().getProperty(node.getText());
  }
  return node.getSymbol();
}
