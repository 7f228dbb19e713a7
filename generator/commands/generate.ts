import { InvalidArgumentError, Option, type Command } from "commander";
import { emitSettings, type EmitSettings } from "../config/resolve.js";
import { ToolbindError, type ErrorCode } from "../errors.js";
import type { GenerateResult } from "../run.js";
import type { Source } from "../source.js";
import { plain } from "../text/plain.js";
import { printDiagnostics } from "../terminal/diagnostics.js";
import { printError } from "../terminal/failure.js";
import { count, styled } from "../terminal/output.js";
import { createProgress } from "../terminal/progress.js";
import { displayPath } from "../paths.js";
import { createContext, sourceOf, type Context } from "./shared/context.js";
import { delayOptimisation } from "./shared/engine.js";
import { EXIT } from "./shared/exit.js";
import { noteUnlisted } from "./shared/package-manager.js";

interface GenerateFlags {
  readonly check?: boolean;
  readonly watch?: boolean;
  readonly strict?: boolean;
  readonly only?: readonly string[];
  readonly out?: string;
  readonly catalogue?: string;
  readonly openapi?: string;
  readonly app?: string;
  readonly name?: string;
  readonly updateLock?: boolean;
  readonly frozen?: boolean;
  readonly zod?: EmitSettings["zod"];
  readonly emit?: EmitSettings["emit"];
  readonly importExtension?: ".js" | ".ts" | "none";
  readonly runtime?: EmitSettings["runtime"];
  readonly formats?: EmitSettings["formats"];
  readonly checkPatterns?: boolean;
  readonly schemaMap?: Readonly<Record<string, string>>;
}

/** Errors that `--check` reports as differences, found before any output is generated. */
const DIFFERENCES: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["TB2006", "TB4003"]);

/** Options that replace a configuration. */
const MODE_FLAGS = ["zod", "emit", "importExtension", "runtime", "formats", "schemaMap"] as const;

const EXAMPLES = `
Examples:
  $ toolbind generate
  $ toolbind generate --watch                      # until you press Ctrl+C
  $ toolbind generate --watch --update-lock        # while you edit a description
  $ toolbind generate --check                      # in CI: exits 3 if the output is not up to date
  $ toolbind generate --only 'GITHUB_*_ISSUE*'
  $ toolbind generate --catalogue tools.json --out src/generated
  $ toolbind generate --openapi openapi.yaml --name acme --out src/generated`;

export function configure(command: Command): void {
  command
    .option("--check", "write nothing; exit 3 if the output is not up to date")
    .addOption(new Option("--watch", "regenerate on every change to the inputs").conflicts("check"))
    .option("--strict", "exit 1 if anything had to be left out")
    .option("--only <glob>", "generate only the tools whose slug matches; may be repeated", collect)
    .option("--out <dir>", "the output folder, instead of the configuration's")
    .option("--catalogue <file-or-dir>", "generate from this file or snapshot folder, without a configuration")
    .option("--openapi <file>", "generate from this OpenAPI description alone, without a configuration")
    .option("--app <dir>", "generate from this custom app's folder, without a configuration")
    .option("--name <toolkit>", "with --openapi or --app: the toolkit's slug, instead of the app's own")
    .addOption(new Option("--update-lock", "accept a snapshot that differs from the lock").conflicts("frozen"))
    .option("--frozen", "fail if the lock would change")
    .option("--check-patterns", "leave out tools with a regular expression that may run forever (needs recheck)")
    .addOption(
      new Option("--zod <flavour>", "with --catalogue, --openapi or --app: flavour of zod").choices([
        "mini",
        "classic",
      ]),
    )
    .addOption(
      new Option("--emit <kind>", "with --catalogue, --openapi or --app: TypeScript or JavaScript").choices([
        "ts",
        "js",
      ]),
    )
    .addOption(
      new Option(
        "--import-extension <ending>",
        "with --catalogue, --openapi or --app: how files import each other",
      ).choices([".js", ".ts", "none"]),
    )
    .addOption(
      new Option(
        "--runtime <how>",
        "with --catalogue, --openapi or --app: copy the runtime, or import it from toolbind/runtime",
      ).choices(["copy", "package"]),
    )
    .addOption(
      new Option("--formats <how>", "with --catalogue, --openapi or --app: whether `format` is checked").choices([
        "annotate",
        "assert",
      ]),
    )
    .option(
      "--schema-map <url=dir>",
      "with --catalogue, --openapi or --app: a folder mapped to a URL; may be repeated",
      collectMap,
    )
    .addHelpText("after", EXAMPLES)
    .action(async (flags: GenerateFlags) => {
      checkUsage(command, flags);
      const context = createContext(command);
      if (flags.watch !== true) {
        process.exitCode = await run(context, flags);
        return;
      }
      const { watch } = await import("./generate/watch.js");
      const usesConfig = INPUTS.every((key) => flags[key] === undefined);
      await watch(context, {
        usesConfig,
        source: () => sourceFrom(context, flags),
        generate: (isRepeated) => run(context, flags, isRepeated),
      });
    });
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function collectMap(value: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const split = value.indexOf("=");
  const url = value.slice(0, split);
  if (split < 1 || !URL.canParse(url)) throw new InvalidArgumentError("It must be URL=DIR.");
  return { ...before, [url]: value.slice(split + 1) };
}

/** Flags that name what to generate from, in place of a configuration. */
const INPUTS = ["catalogue", "openapi", "app"] as const;

function checkUsage(command: Command, flags: GenerateFlags): void {
  const given = INPUTS.filter((key) => flags[key] !== undefined);
  const [input] = given;
  if (flags.name !== undefined && flags.openapi === undefined && flags.app === undefined) {
    command.error("error: --name requires --openapi or --app");
  }
  if (input === undefined) {
    const misplaced = MODE_FLAGS.find((key) => flags[key] !== undefined);
    if (misplaced === undefined) return;
    const flag = `--${misplaced.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    command.error(
      `error: ${flag} requires --catalogue, --openapi or --app; without one, set \`${misplaced}\` in the configuration`,
    );
  }
  if (given.length > 1) command.error(`error: --${given[0]} and --${given[1]} cannot be used together`);
  if (flags.out === undefined) command.error(`error: --${input} needs --out DIR, the folder to write`);
  if (flags.updateLock === true) command.error(`error: --update-lock needs a configuration; --${input} has no lock`);
  if (flags.frozen === true) command.error(`error: --frozen needs a configuration; --${input} has no lock`);
}

function sourceFrom(context: Context, flags: GenerateFlags): Promise<Source> {
  const { zod, emit, importExtension, runtime, formats, checkPatterns } = flags;
  const settings = emitSettings({
    ...(zod !== undefined && { zod }),
    ...(emit !== undefined && { emit }),
    ...(importExtension !== undefined && { importExtension: importExtension === "none" ? "" : importExtension }),
    ...(runtime !== undefined && { runtime }),
    ...(formats !== undefined && { formats }),
    ...(checkPatterns === true && { patterns: "check" }),
  });
  return sourceOf(context, { ...flags, settings });
}

/** `isRepeated`: something may have changed since the last time, which is worth no word if it has not. */
async function run(context: Context, flags: GenerateFlags, isRepeated = false): Promise<number> {
  const { cwd, output } = context;
  const source = await sourceFrom(context, flags);
  const check = flags.check === true;
  const strict = flags.strict === true;
  delayOptimisation();
  const { generate } = await import("../run.js");
  const progress = createProgress(output);
  let result: GenerateResult;
  try {
    result = await generate({
      source,
      check,
      strict,
      updateLock: flags.updateLock === true,
      frozen: flags.frozen === true,
      onProgress: progress.report,
      ...(flags.only !== undefined && { only: flags.only }),
    });
  } catch (error) {
    if (!check || !(error instanceof ToolbindError) || !DIFFERENCES.has(error.code)) throw error;
    printError(error, output.json);
    return EXIT.difference;
  } finally {
    progress.stop();
  }

  // What this process wrote itself, such as the lock, is seen as a change too.
  if (isRepeated && result.upToDate) return EXIT.done;
  printDiagnostics(output, result.diagnostics);
  const unlisted = noteUnlisted(result.packages, result.outDir);
  if (unlisted !== undefined) output.note(plain(unlisted));
  const errors = result.diagnostics.filter(({ severity }) => severity === "error").length;
  const outDir = displayPath(cwd, result.outDir);
  if (output.json) output.result({ text: () => "", json: () => ({ ...result, outDir }) });
  if (result.refused) {
    const why = strict ? `${count(errors, "error")} under --strict` : `${count(errors, "error")}, and no tool is left`;
    output.problem(styled(process.stderr, "red", `Nothing was written: ${why}.`));
    return EXIT.input;
  }
  if (!output.json && !output.quiet) process.stdout.write(`${summary(result, outDir, check)}\n`);
  return check && !result.upToDate ? EXIT.difference : EXIT.done;
}

function summary(result: GenerateResult, outDir: string, check: boolean): string {
  const what = `${count(result.tools, "tool")} of ${count(result.toolkits, "toolkit")}`;
  if (result.upToDate) return `Up to date: ${what} in ${plain(outDir)}`;
  const { written, removed, unchanged } = result;
  if (!check) {
    const parts = [`${count(written.length, "file")} written`];
    if (removed.length > 0) parts.push(`${removed.length} removed`);
    if (unchanged > 0) parts.push(`${unchanged} unchanged`);
    return `Generated ${what} into ${plain(outDir)} (${parts.join(", ")})`;
  }
  const changes = [
    ...written.map((file) => `  would be written: ${plain(file)}`),
    ...removed.map((file) => `  would be removed: ${plain(file)}`),
  ];
  const heading = styled(process.stdout, "red", `Not up to date: ${outDir}`);
  return [heading, ...changes, "Fix: run `toolbind generate` and commit the result."].join("\n");
}
