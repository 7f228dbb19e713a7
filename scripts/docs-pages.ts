// The pages of docs/ that are made from the code, so that neither can say what the other does not.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { EXIT } from "../generator/commands/shared/exit.js";
import { ERROR_CATALOGUE } from "../generator/errors.js";
import { CALL_ERROR_CATALOGUE } from "../runtime/error-catalogue.js";
import { ToolbindCallError } from "../runtime/errors.js";
import * as runtime from "../runtime/index.js";

const CLI = fileURLToPath(new URL("../generator/cli.ts", import.meta.url));
const NOTE = "<!-- Made by `npm run docs`; changes are overwritten. -->";

interface CommandSummary {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
}

/** The texts of the pages, by path in the repository. */
export async function makePages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ["docs/commands.md", await commandsPage()],
    ["docs/errors.md", errorsPage()],
  ]);
}

/** The commands that the command line has, as its help lists them. */
export async function readCommands(): Promise<readonly CommandSummary[]> {
  const help = await helpOf([]);
  const [, list = ""] = /\nCommands:\n((?: +\S.*\n)+)/.exec(help) ?? [];
  const entries = list.replace(/\n {4,}/g, " ").matchAll(/^ {2}(\S.*?) {2,}(\S.*)$/gm);
  return [...entries]
    .map(([, usage = "", summary = ""]) => ({ name: usage.split(/[ |]/, 1)[0] ?? "", usage, summary }))
    .filter(({ name }) => name !== "help");
}

async function helpOf(command: readonly string[]): Promise<string> {
  const { PATH = "" } = process.env;
  const args = ["--import", import.meta.resolve("tsx"), CLI, ...command, "--help"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { PATH } });
  return stdout;
}

const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: "done",
  input: "the input or the configuration is wrong, or a call failed: a message with a code, no stack",
  usage: "the command line is wrong",
  difference: "a check found a difference",
  bug: "a bug in toolbind: the stack, and how to report it",
};

async function commandsPage(): Promise<string> {
  const commands = await readCommands();
  const helps = await Promise.all(commands.map(({ name }) => helpOf([name])));
  const rows = commands.map(({ name, usage, summary }) => {
    return `| [\`toolbind ${usage.replaceAll("|", "\\|")}\`](#toolbind-${name}) | ${summary} |`;
  });
  const codes = Object.entries(EXIT).map(([name, code]) => `| ${code} | ${EXIT_MEANINGS[name as keyof typeof EXIT]} |`);
  const sections = commands.map(({ name }, index) => `## toolbind ${name}\n\n${fenced(helps[index] ?? "")}`);
  return `${NOTE}

# Commands

| command | does |
| --- | --- |
${rows.join("\n")}

A command prints its result on standard output and everything else (progress, notes, warnings, errors) on standard
error. Progress is shown on a terminal only. With \`--json\` the result is one JSON value; so is an error, as
\`{ "error": { "code", "message", … } }\`.

| exit code | means |
| --- | --- |
${codes.join("\n")}

[errors.md](errors.md) explains every error code, [configuration.md](configuration.md) what the commands go by.

${sections.join("\n")}`;
}

function fenced(text: string): string {
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`;
}

const GROUPS: Readonly<Record<string, string>> = {
  TB1: "Configuration and command line",
  TB2: "Sources and lock",
  TB3: "Schemas",
  TB4: "Writing",
  TB5: "Calls",
};

interface Explanation {
  readonly title: string;
  readonly cause: string;
  readonly fix: string;
}

function errorsPage(): string {
  const entries: readonly [string, Explanation][] = Object.entries({ ...ERROR_CATALOGUE, ...CALL_ERROR_CATALOGUE });
  const sections = Object.entries(GROUPS).map(([prefix, title]) => {
    const own = entries.filter(([code]) => code.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
    return [`## ${title}`, ...own.map(([code, entry]) => errorSection(code, entry))].join("\n\n");
  });
  return `${NOTE}

# Errors

Every error has a code that stays the same from release to release, and a message of one form: what failed, where,
what was expected and received, and what to do. The command line prints the code before the message; in a program it
is the error's \`code\`. [runtime.md](runtime.md#errors) shows how to tell the errors of calls apart.

${sections.join("\n\n")}
`;
}

function errorSection(code: string, { title, cause, fix }: Explanation): string {
  const names = classesOf(code).map((name) => `\`${name}\``);
  const classes = names.length === 0 ? [] : [`Class: ${names.join(", a ")}.`];
  return [`### ${code}`, `**${title}.** ${cause}`, `Fix: ${fix}`, ...classes].join("\n\n");
}

/** The classes of the runtime that stand for a code, the narrowest first. */
function classesOf(code: string): string[] {
  if (!code.startsWith("TB5")) return [];
  return Object.entries(runtime)
    .filter(([, value]) => isErrorClass(value) && value.codes?.test(code) === true)
    .map(([name]) => name)
    .sort((a, b) => Number(a === "StatusError") - Number(b === "StatusError"));
}

function isErrorClass(value: unknown): value is typeof ToolbindCallError {
  return typeof value === "function" && Object.prototype.isPrototypeOf.call(ToolbindCallError, value);
}
