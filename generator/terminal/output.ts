import { styleText } from "node:util";
import { plain, plainJson } from "../text/plain.js";

type Style = Parameters<typeof styleText>[0];

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
}

/** The output of a command: its result on stdout, everything else on stderr. Control sequences are escaped. */
export class Output {
  readonly json: boolean;
  readonly quiet: boolean;

  constructor({ json, quiet }: OutputOptions) {
    this.json = json;
    this.quiet = quiet;
  }

  /** The result, for a person or, with `--json`, for a program. */
  result(value: { readonly text: () => string; readonly json: () => unknown }): void {
    process.stdout.write(`${this.json ? plainJson(value.json()) : value.text()}\n`);
  }

  /** Information for a person; left out with `--quiet`. */
  note(text: string): void {
    if (!this.quiet) process.stderr.write(`${plain(text)}\n`);
  }

  /** Errors; always printed. */
  problem(text: string): void {
    process.stderr.write(`${text}\n`);
  }
}

/** Marks text up where the stream is a terminal that shows colour; the text is made harmless first. */
export function styled(stream: NodeJS.WriteStream, style: Style, text: string): string {
  const safe = plain(text);
  return stream.isTTY && stream.hasColors() ? styleText(style, safe) : safe;
}

/** Rows as harmless columns of one width each, the last one cut where the terminal ends. */
export function columns(cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map((cell) => plain(cell).replaceAll("\n", " ")));
  // A terminal that does not know its width, as many in containers, says 0.
  const width = process.stdout.isTTY && process.stdout.columns > 0 ? process.stdout.columns : Infinity;
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join("  "),
    )
    .map((line) =>
      line.length > width ? `${line.slice(0, width - 1).replace(/[\ud800-\udbff]$/, "")}…` : line.trimEnd(),
    )
    .join("\n");
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
