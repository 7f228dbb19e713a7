import { arch, platform } from "node:os";
import type { ToolbindCallError } from "../../runtime/errors.js";
import type { ToolbindError } from "../errors.js";
import { packageVersion } from "../package.js";
import { plain, plainJson } from "../text/plain.js";
import { styled } from "./output.js";

/** Prints a mistake of the user's: the message and its code, no stack; with `--json` also as JSON on stdout. */
export function printError(error: ToolbindError | ToolbindCallError, json: boolean): void {
  process.stderr.write(
    `${styled(process.stderr, "red", `error ${error.code}`)}: ${plain(error.message).replace(/\n(?! )/g, "\n  ")}\n`,
  );
  if (json) process.stdout.write(`${plainJson({ error: factsOf(error) })}\n`);
}

/** Commander's message about the command line, for a program. */
export function printUsageAsJson({ code, message }: { readonly code: string; readonly message: string }): void {
  const told = code === "commander.help" ? "no command given" : message.replace(/^error: /, "");
  process.stdout.write(`${plainJson({ error: { code: "usage", message: told } })}\n`);
}

function factsOf(error: ToolbindError | ToolbindCallError): Record<string, unknown> {
  const { code, message } = error;
  if (error.name !== "ToolbindError") return { ...error, code, message, cause: undefined };
  const { what, at, expected, received, fix } = (error as ToolbindError).details;
  return { code, message, what, at, expected, received, fix };
}

/** Prints a fault that no input should be able to cause, and how to report it. */
export function printBug(error: unknown, json: boolean): void {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  process.stderr.write(
    `${plain(stack)}\n\n${styled(process.stderr, "red", "This is a bug in toolbind.")} ` +
      "Please report it to the supplier of your copy of toolbind, with the lines above and these:\n" +
      `  toolbind ${packageVersion()}, Node.js ${process.version}, ${platform()} ${arch()}\n` +
      `  command: ${plain(words(process.argv.slice(2)))}\n`,
  );
  if (json) process.stdout.write(`${plainJson({ error: { code: "bug", message } })}\n`);
}

/** The command and its options without their values, which may hold what is not to be posted. */
function words(args: readonly string[]): string {
  return args
    .filter((word, index) => index === 0 || word.startsWith("--"))
    .map((word) => word.replace(/=.*/s, ""))
    .join(" ");
}
