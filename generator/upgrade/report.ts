import type { ChangeClass } from "../diff/change.js";
import type { ToolChange, ToolkitDiff } from "../diff/toolkits.js";
import type { ComparedDescription } from "../platform/description.js";
import { siteOf, type Use } from "../usage/use.js";
import { plainLine } from "../text/plain.js";
import type { Complaint } from "./impact.js";

export interface Report {
  readonly diffs: readonly ToolkitDiff[];
  /** Uses of what changed in the user's code, by slug; undefined if it was not read. */
  readonly uses: ReadonlyMap<string, readonly Use[]> | undefined;
  readonly complaints: readonly Complaint[];
}

const CLASSES: readonly ChangeClass[] = ["breaking", "risky", "safe"];

/** The report as JSON, without syntax tree nodes. */
export function reportJson({ diffs, uses, complaints }: Report): object {
  const plain = [...(uses ?? [])].map(([slug, own]) => [slug, own.map(siteOf)]);
  return { toolkits: diffs, ...(uses !== undefined && { uses: Object.fromEntries(plain), compiler: complaints }) };
}

/** For a terminal; `isDone` once what was planned is done. */
export function reportText(report: Report, { isDone = false }: { readonly isDone?: boolean } = {}): string {
  const parts: string[] = [];
  for (const diff of report.diffs) {
    parts.push(`${diff.toolkit} ${versions(diff)}: ${summary(diff)}`);
    for (const tool of shown(diff)) {
      parts.push(`  ${tool.class.padEnd(8)} ${headline(tool)}`);
      for (const change of tool.changes)
        if (change.class !== "safe") parts.push(`           ${change.class}: ${plainLine(sentence(change))}`);
      for (const use of report.uses?.get(tool.slug) ?? [])
        parts.push(`           → ${use.file}:${use.line}:${use.column} ${use.code}`);
    }
  }
  if (report.complaints.length > 0) {
    parts.push("", isDone ? "The compiler says:" : "The compiler will say:");
    for (const { file, line, column, message } of report.complaints)
      parts.push(`  ${file}:${line}:${column} ${message}`);
  }
  return parts.length === 0 ? "Nothing changed." : parts.join("\n");
}

/** The differences between the platform's own description and the one that toolbind was built for. */
export function descriptionText({ source, known, operations, others }: ComparedDescription): string {
  const beside = `${source} beside ${known}`;
  const rest = others === 0 ? [] : [`There are ${others} more operations on other paths, which toolbind does not use.`];
  if (operations.length === 0) return [`Nothing moved: ${beside}`, ...rest].join("\n");
  const counts = CLASSES.map((kind) => ({ kind, found: operations.filter((each) => each.class === kind).length }));
  const parts = [
    `${beside}: ${counts
      .filter(({ found }) => found > 0)
      .map(({ kind, found }) => `${found} ${kind}`)
      .join(", ")}`,
  ];
  for (const operation of operations) {
    parts.push(`  ${operation.class.padEnd(8)} ${operation.kind} ${operation.operation}`);
    for (const { class: own, path, text } of operation.changes)
      parts.push(`           ${own}: ${plainLine(`${path} ${text}`)}`);
  }
  return [...parts, ...rest].join("\n");
}

/** For a pull request. */
export function reportMarkdown(report: Report): string {
  const parts: string[] = [];
  for (const diff of report.diffs) {
    parts.push(`### ${code(diff.toolkit)} ${escape(versions(diff))}`, "", `${summary(diff)}.`, "");
    for (const kind of CLASSES) {
      const tools = diff.tools.filter((tool) => tool.class === kind);
      if (tools.length === 0) continue;
      parts.push(`<details${kind === "breaking" ? " open" : ""}><summary>${tools.length} ${kind}</summary>`, "");
      for (const tool of tools) {
        parts.push(`- ${headline(tool, code)}`);
        for (const change of tool.changes) parts.push(`  - ${change.class}: ${escape(sentence(change))}`);
        for (const use of report.uses?.get(tool.slug) ?? [])
          parts.push(`  - used at ${code(`${use.file}:${use.line}`)}`);
      }
      parts.push("", "</details>", "");
    }
  }
  if (report.complaints.length > 0) {
    parts.push("### The compiler will say", "");
    for (const { file, line, message } of report.complaints)
      parts.push(`- ${code(`${file}:${line}`)} ${escape(message)}`);
  }
  return parts.length === 0 ? "Nothing changed." : parts.join("\n").trimEnd();
}

function versions({ from, to }: ToolkitDiff): string {
  return plainLine(`${from ?? "unpinned"} → ${to ?? "unpinned"}`);
}

function summary({ tools }: ToolkitDiff): string {
  const counts = CLASSES.map((kind) => [kind, tools.filter((tool) => tool.class === kind).length] as const);
  const said = counts.filter(([, count]) => count > 0).map(([kind, count]) => `${count} ${kind}`);
  return said.length === 0 ? "nothing that affects calls" : said.join(", ");
}

/** In a terminal, safe changes are counted rather than listed. */
function shown({ tools }: ToolkitDiff): readonly ToolChange[] {
  const ranked = tools.filter((tool) => tool.class !== "safe");
  return ranked.toSorted((a, b) => CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class));
}

function headline({ kind, slug, to, score }: ToolChange, mark: (text: string) => string = (text) => text): string {
  if (kind !== "renamed") return `${kind} ${mark(slug)}`;
  return `renamed ${mark(slug)} → ${mark(to ?? "")}${score === 1 ? "" : ` (${Math.round((score ?? 0) * 100)}% sure)`}`;
}

function sentence({ side, path, text }: ToolChange["changes"][number]): string {
  return side === "tool" ? text : `${side} ${path === "" ? "(all)" : path} ${text}`;
}

function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([{ length }]) => length));
  const fence = "`".repeat(longest + 1);
  const blank = longest > 0 ? " " : "";
  return `${fence}${blank}${plainLine(text)}${blank}${fence}`;
}

/**
 * Makes text from a description inert in Markdown. GitHub looks for mentions in the rendered text, where backslashes
 * are gone, so a zero-width space separates `@` and `#` from what follows.
 */
function escape(text: string): string {
  return plainLine(text)
    .replace(/[\\`*_~&{}[\]<>()+!|]/g, "\\$&")
    .replace(/[@#]/g, "$&&#8203;");
}
