import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** Of its first line of text, counted from 1. */
  readonly line: number;
  /** The words after the fence: the language, and what is to be done with the block. */
  readonly info: readonly string[];
  readonly text: string;
  /** What the block after this one says that it prints. */
  readonly output: string | undefined;
}

/** Every page of the documentation, by path in the repository. */
export function readPages(): ReadonlyMap<string, string> {
  const docs = readdirSync(`${ROOT}docs`, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
  const paths = ["README.md", "CONTRIBUTING.md", ...docs.sort().map((name) => `docs/${name.replaceAll("\\", "/")}`)];
  return new Map(paths.map((path) => [path, readFileSync(ROOT + path, "utf8")]));
}

/** The fenced blocks of all pages. */
export function readBlocks(): readonly Block[] {
  return [...readPages()].flatMap(([page, text]) => {
    const matches = [...text.matchAll(/^```(.+)\n([^]*?)^```$/gm)];
    return matches.map((match, index): Block => {
      const [, info = "", body = ""] = match;
      const next = matches[index + 1];
      return {
        page,
        line: text.slice(0, match.index).split("\n").length + 1,
        info: info.trim().split(/\s+/),
        text: body,
        output: next?.[1] === "text output" ? next[2] : undefined,
      };
    });
  });
}

/** `docs/runtime.md:12`. */
export function placeOf({ page, line }: Block): string {
  return `${page}:${line}`;
}

/** A page without its fenced blocks. */
export function proseOf(text: string): string {
  return text.replace(/^```.*\n[^]*?^```$/gm, "");
}

/** The part of a page below a heading, up to the next heading of its rank or above. */
export function sectionOf(text: string, heading: string): string {
  const start = text.indexOf(`\n${heading}\n`);
  if (start === -1) throw new Error(`There is no heading ${JSON.stringify(heading)}`);
  const body = text.slice(start + heading.length + 2);
  const rank = heading.indexOf(" ");
  const end = body.search(new RegExp(`^#{1,${rank}} `, "m"));
  return end === -1 ? body : body.slice(0, end);
}

/** The rows of the first table of a text, cell by cell, without its head. */
export function rowsOf(text: string): readonly (readonly string[])[] {
  const [table = ""] = /^(?:\|.*\n)+/m.exec(text) ?? [];
  const lines = table.trim().split("\n").slice(2);
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll("\\|", "|")),
  );
}

/** What stands between backticks, each in turn. */
export function codeIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`` (.+?) ``|`([^`]+)`/g)].map(([, double, single]) => double ?? single ?? "");
}
