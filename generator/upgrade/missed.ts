import { ts } from "ts-morph";
import { textOf } from "../usage/named.js";
import { type Edit, editText, type RenamedTool, renamedKey } from "../usage/rewrite.js";
import type { CodeBeside, Finding } from "./impact.js";

export interface MissedNames {
  /** New texts of the files in which the compiler misses old names, by path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly rewritten: number;
  /** What the compiler finds after that. */
  readonly findings: readonly Finding[];
}

interface NewName extends Edit {
  readonly path: string;
}

/**
 * Renames the keys and texts that only the compiler can recognise as names of tools: it reports an error for the old
 * name, and none for the new one.
 */
export function renameMissed(
  code: CodeBeside,
  found: readonly Finding[],
  renamed: readonly RenamedTool[],
  isWritten: (path: string) => boolean,
): MissedNames {
  const names = newNames(renamed);
  const texts = new Map<string, string>();
  let findings = found;
  let rewritten = 0;
  for (;;) {
    const wanted = findings.filter(({ path }) => isWritten(path)).flatMap((finding) => editsFor(code, finding, names));
    const edits = [...new Map(wanted.map((edit) => [`${edit.path}:${edit.start}`, edit])).values()];
    if (edits.length === 0) break;
    const before = new Map(edits.map(({ path }) => [path, code.textOf(path)]));
    code.replaceFiles(edited(before, edits));
    let after = code.findings();
    const right = edits.filter((edit) => !after.some((finding) => isAt(finding, edit, edits)));
    const kept = edited(before, right);
    if (right.length < edits.length) {
      code.replaceFiles(kept);
      after = code.findings();
    }
    findings = after;
    if (right.length === 0) break;
    rewritten += right.length;
    for (const [path, text] of kept) if (text !== before.get(path)) texts.set(path, text);
  }
  return { texts, rewritten, findings };
}

/** The new names of functions by old name, without old names that have several new ones. */
function newNames(renamed: readonly RenamedTool[]): ReadonlyMap<string, string> {
  const names = new Map<string, Set<string>>();
  for (const { from, to } of renamed) {
    if (from.folder !== to.folder) continue;
    names.set(from.name, new Set([...(names.get(from.name) ?? []), to.name]));
  }
  return new Map(
    [...names].flatMap(([old, now]) => {
      const [name] = now;
      return now.size === 1 && name !== undefined && name !== old ? [[old, name] as const] : [];
    }),
  );
}

/** New names for the text or key that a finding is about, and for those that it compares. */
function editsFor(
  code: CodeBeside,
  { path, start, length }: Finding,
  names: ReadonlyMap<string, string>,
): readonly NewName[] {
  const node = code.nodeAt(path, start, length);
  if (node === undefined) return [];
  const named = [node, ...(isOnlyAround(node) ? node.getChildren() : [])].filter(isText);
  return named.flatMap((each) => {
    const now = names.get(textOf(each) ?? "");
    if (now === undefined) return [];
    return [{ path, start: each.getStart(), end: each.getEnd(), text: renamedKey(each, now) }];
  });
}

function isOnlyAround(node: ts.Node): boolean {
  return ts.isBinaryExpression(node) || ts.isLiteralTypeNode(node) || ts.isComputedPropertyName(node);
}

/** A text, or a name that is not that of a variable. */
function isText(node: ts.Node): boolean {
  if (!ts.isIdentifier(node)) return true;
  const { parent } = node;
  if (ts.isBindingElement(parent)) return (parent.propertyName ?? parent.name) === node;
  const isNamed =
    ts.isPropertyAccessExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isShorthandPropertyAssignment(parent);
  return isNamed && parent.name === node;
}

function edited(before: ReadonlyMap<string, string>, edits: readonly NewName[]): Map<string, string> {
  return new Map(
    [...before].map(([path, text]) => [
      path,
      editText(
        text,
        edits.filter((edit) => edit.path === path),
      ),
    ]),
  );
}

/** Whether a finding is about what an edit has put there. */
function isAt({ path, start, length }: Finding, edit: NewName, edits: readonly NewName[]): boolean {
  const earlier = edits.filter((each) => each.path === edit.path && each.start < edit.start);
  const at = earlier.reduce((sum, each) => sum + each.text.length - (each.end - each.start), edit.start);
  return path === edit.path && start < at + edit.text.length && at < start + length;
}
