import { ts } from "ts-morph";
import { isKeyOf } from "./named.js";
import type { KnownTool, Use } from "./use.js";

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

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Replaces old names by new ones. Nothing else changes: formatting and comments are kept, and so are the names that the
 * user's files export.
 */
export function rewriteUses(uses: readonly Use[], renamed: readonly RenamedTool[]): Rewrite {
  const bySlug = new Map(renamed.map((tool) => [tool.from.slug, tool]));
  const files = new Map<string, string>();
  const rewritten: Use[] = [];
  const left: { use: Use; reason: string }[] = [];
  for (const [file, own] of usesByFile(uses.filter(({ slug }) => bySlug.has(slug)))) {
    if (own.some(({ isInBrokenFile }) => isInBrokenFile)) {
      // What was parsed may be incomplete and misunderstood.
      left.push(...own.map((use) => ({ use, reason: "the file has syntax errors" })));
      continue;
    }
    const imports = new ImportedNames(file, own, bySlug);
    const edits: Edit[] = [];
    for (const use of own) {
      const tool = bySlug.get(use.slug) as RenamedTool;
      if (use.kind === "slug template")
        left.push({ use, reason: `may produce ${tool.from.slug}, which is now ${tool.to.slug}` });
      else if (use.kind !== "slug" && tool.from.folder !== tool.to.folder)
        left.push({ use, reason: "the tool moved to another toolkit" });
      else if (use.isGivenName) {
        const edit = editOf(use, tool, imports);
        if (edit === undefined) continue;
        edits.push(edit);
        rewritten.push(use);
      }
    }
    if (edits.length > 0) files.set(file.fileName, editText(file.text, edits));
  }
  return { files, rewritten, left };
}

function usesByFile(uses: readonly Use[]): Map<ts.SourceFile, Use[]> {
  const byFile = new Map<ts.SourceFile, Use[]>();
  for (const use of uses) {
    const file = use.node.getSourceFile();
    const own = byFile.get(file);
    if (own === undefined) byFile.set(file, [use]);
    else own.push(use);
  }
  return byFile;
}

/** The edit for a use; undefined if the old name still refers to the tool. */
function editOf(use: Use, { from, to }: RenamedTool, imports: ImportedNames): Edit | undefined {
  const { node, kind, name: old } = use;
  const now = kind === "slug" ? to.slug : newName(old, kind, { from, to });
  if (old === now) return undefined;
  const edit = (text: string): Edit => ({ start: node.getStart(), end: node.getEnd(), text });
  const { parent } = node;
  const isShort = ts.isShorthandPropertyAssignment(parent) && parent.name === node;
  if (isShort && use.isMember && use.isValue && !imports.keeps(old)) return edit(now);
  const isKey = ts.isBindingElement(parent) && isKeyOf(parent, node);
  if (!ts.isIdentifier(node) || isKey || kind === "slug" || use.isMember || isMember(node))
    return edit(renamedKey(node, now));
  if (ts.isImportSpecifier(parent))
    return edit(parent.propertyName === undefined && imports.keeps(old) ? `${now} as ${old}` : now);
  if (ts.isExportSpecifier(parent)) {
    if (parent.parent.parent.moduleSpecifier === undefined && imports.keeps(old)) return undefined;
    return edit(parent.propertyName === undefined ? `${now} as ${old}` : now);
  }
  if (imports.keeps(old)) return undefined;
  return edit(isShort ? `${old}: ${now}` : now);
}

/** The new text of a string, key or member; in `{ key }`, the variable keeps its name. */
export function renamedKey(node: ts.Node, now: string): string {
  if (!ts.isIdentifier(node)) {
    const quote = node.getText().charAt(0);
    return `${quote}${now}${quote}`;
  }
  const { parent } = node;
  const isShort =
    (ts.isShorthandPropertyAssignment(parent) && parent.name === node) ||
    (ts.isBindingElement(parent) && isKeyOf(parent, node) && parent.propertyName === undefined);
  return isShort ? `${now}: ${node.getText()}` : now;
}

/** Whether it follows a dot, so that it cannot clash with other names in the file. */
function isMember(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  return ts.isImportTypeNode(parent) && parent.qualifier === node;
}

/** A name derived from a type of the tool keeps its remaining part. */
function newName(old: string, kind: Use["kind"], { from, to }: RenamedTool): string {
  return nameOf(to, kind) + old.slice(nameOf(from, kind).length);
}

function nameOf({ name }: KnownTool, kind: Use["kind"]): string {
  if (kind === "function") return name;
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}${kind === "input type" ? "Input" : "Output"}`;
}

/** The imported names that a file must keep, because the new name is already used for something else in it. */
class ImportedNames {
  readonly #kept = new Set<string>();

  constructor(file: ts.SourceFile, uses: readonly Use[], renamed: ReadonlyMap<string, RenamedTool>) {
    const taken = new Map<string, string>();
    const wanted = new Map<string, Set<string>>();
    for (const { node, kind, slug, name: old, isGivenName } of uses) {
      if (!isGivenName || !ts.isIdentifier(node) || !ts.isImportSpecifier(node.parent)) continue;
      const now = newName(old, kind, renamed.get(slug) as RenamedTool);
      taken.set(old, now);
      wanted.set(now, new Set([...(wanted.get(now) ?? []), old]));
    }
    if (taken.size === 0) return;
    const present = namesIn(file);
    for (const [old, now] of taken)
      if (old !== now && (present.has(now) || (wanted.get(now)?.size ?? 0) > 1)) this.#kept.add(old);
  }

  keeps(name: string): boolean {
    return this.#kept.has(name);
  }
}

/** Every identifier of a file that does not stand after a dot. */
function namesIn(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !isMember(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

export function editText(source: string, edits: readonly Edit[]): string {
  let text = source;
  for (const { start, end, text: replacement } of [...edits].sort((a, b) => b.start - a.start)) {
    text = text.slice(0, start) + replacement + text.slice(end);
  }
  return text;
}
