import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../../generator/cli.ts", import.meta.url));
const TSX = import.meta.resolve("tsx");

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Stops reading stdout after its first piece, as `head` does. */
  readonly closeEarly?: boolean;
  /** Gets the process when it has started, as to send it a signal. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs the command line from its source, without a terminal. */
export async function toolbind(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { PATH = "", TMPDIR, HOME } = process.env;
  const child = spawn(process.execPath, ["--import", TSX, CLI, ...args], {
    cwd: options.cwd,
    env: { PATH, ...(TMPDIR !== undefined && { TMPDIR }), ...(HOME !== undefined && { HOME }), ...options.env },
  });
  options.onStart?.(child);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    if (options.closeEarly === true) child.stdout.destroy();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.on("error", () => {});
  child.stdin.end(options.stdin ?? "");
  const code = await new Promise<number | null>((resolve, reject) => child.on("close", resolve).on("error", reject));
  return { code, stdout, stderr };
}

export function parse(text: string): unknown {
  return JSON.parse(text);
}
