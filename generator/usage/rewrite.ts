import { type Node, SyntaxKind } from "ts-morph";
import type { KnownTool, Use } from "./find.js";

/** A tool under its old and its new names. */
export interface RenamedTool {
  readonly from: KnownTool;
  readonly to: KnownTool;
}

export interface Rewrite {
  /** New texts by the absolute path of the file. */
  readonly files: ReadonlyMap<string, string>;
  readonly rewritten: readonly Use[];
  /** Uses that a person has to look at, with the reason. */
  readonly left: readonly { readonly use: Use; readonly reason: string }[];
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Puts new names in place of old ones. Only the names themselves are touched: formatting and comments stay. */
export function rewriteUses(uses: readonly Use[], renamed: readonly RenamedTool[]): Rewrite {
  const bySlug = new Map(renamed.map((tool) => [tool.from.slug, tool]));
  const edits = new Map<string, { source: string; edits: Edit[] }>();
  const rewritten: Use[] = [];
  const left: { use: Use; reason: string }[] = [];
  for (const use of uses) {
    const tool = bySlug.get(use.slug);
    if (tool === undefined) continue;
    const edit = editOf(use, tool);
    if (typeof edit === "string") {
      left.push({ use, reason: edit });
      continue;
    }
    const file = use.node.getSourceFile();
    const path = file.getFilePath();
    let known = edits.get(path);
    if (known === undefined) edits.set(path, (known = { source: file.getFullText(), edits: [] }));
    known.edits.push(edit);
    rewritten.push(use);
  }
  return {
    files: new Map([...edits].map(([path, { source, edits: own }]) => [path, apply(source, own)])),
    rewritten,
    left,
  };
}

/** What to put where, or the reason why nobody but the author can say. */
function editOf({ node, kind }: Use, { from, to }: RenamedTool): Edit | string {
  const start = node.getStart();
  const end = node.getEnd();
  if (kind === "slug") {
    if (node.isKind(SyntaxKind.Identifier)) return { start, end, text: to.slug };
    const quote = node.getText().charAt(0);
    return { start, end, text: `${quote}${to.slug}${quote}` };
  }
  if (from.folder !== to.folder) return "the tool moved to another toolkit";
  const text = kind === "function" ? to.name : typeName(to.name, kind);
  const parent = node.getParent();
  if (parent?.isKind(SyntaxKind.BindingElement) === true) {
    return { start, end, text: parent.getPropertyNameNode() === undefined ? `${text}: ${node.getText()}` : text };
  }
  if (parent?.isKind(SyntaxKind.ShorthandPropertyAssignment) === true)
    return { start, end, text: `${node.getText()}: ${text}` };
  if (isShadowed(node, text)) return `${text} means something else here`;
  return { start, end, text };
}

function typeName(name: string, kind: Use["kind"]): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}${kind === "input type" ? "Input" : "Output"}`;
}

/** The new name, standing alone, is one that the file has given to something else. */
function isShadowed(node: Node, name: string): boolean {
  const access = node.getParent();
  if (access?.isKind(SyntaxKind.PropertyAccessExpression) === true || access?.isKind(SyntaxKind.QualifiedName) === true)
    return false;
  return node
    .getSourceFile()
    .getLocals()
    .some((symbol) => symbol.getName() === name);
}

function apply(source: string, edits: readonly Edit[]): string {
  let text = source;
  for (const { start, end, text: replacement } of [...edits].sort((a, b) => b.start - a.start)) {
    text = text.slice(0, start) + replacement + text.slice(end);
  }
  return text;
}
