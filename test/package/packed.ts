import { execFile } from "node:child_process";
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Of the repository, what the package and its build have nothing to do with. */
const NOT_COPIED: ReadonlySet<string> = new Set([".git", "node_modules", "dist", "generated", "test", "bench"]);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. The environment is PATH, the folders for temporary files and of npm, and `env`. */
export function run(
  program: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Finished> {
  const kept = Object.entries(process.env).filter(([name]) => KEPT_VARIABLES.test(name));
  return new Promise((resolve) => {
    execFile(
      program,
      args,
      { cwd, env: { ...Object.fromEntries(kept), ...env }, maxBuffer: MAX_OUTPUT_BYTES },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ code, stdout, stderr });
      },
    );
  });
}

/** Without `npm_…`, by which one npm tells another, started below it, what to do. */
const KEPT_VARIABLES =
  /^(?:PATH|HOME|TMPDIR|TEMP|TMP|SYSTEMROOT|APPDATA|LOCALAPPDATA|npm_config_(?:registry|cache)|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS)$/i;

/** Like `run`, for a program that has to succeed; gives what it prints. */
export async function succeed(...given: Parameters<typeof run>): Promise<string> {
  const { code, stdout, stderr } = await run(...given);
  if (code !== 0) throw new Error(`${given[0]} ${given[1].join(" ")} exited with ${code}:\n${stdout}${stderr}`);
  return stdout;
}

/** A new temporary folder whose name holds a space and letters that are not of ASCII. */
export function createOddFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "toolbind größe 試 ")));
}

export interface Packed {
  readonly tarball: string;
  /** Paths in the package. */
  readonly files: readonly string[];
}

/** Builds and packs the sources as they are now, in a copy, as others may be using `dist/`. */
export async function pack(folder: string): Promise<Packed> {
  const copy = join(folder, "source");
  cpSync(ROOT, copy, {
    recursive: true,
    filter: (path) => !NOT_COPIED.has(relative(ROOT, path).split(/[/\\]/)[0] ?? ""),
  });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  // What does not belong into the package has to be there, so that leaving it out is the package's doing.
  for (const extra of ["test", "generated", "bench"]) {
    mkdirSync(join(copy, extra), { recursive: true });
    cpSync(join(ROOT, "LICENSE"), join(copy, extra, "extra.ts"));
  }
  await succeed("npm", ["run", "--silent", "build"], { cwd: copy });
  const printed = await succeed("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: copy,
  });
  const [made] = JSON.parse(printed) as { filename: string; files: { path: string }[] }[];
  rmSync(copy, { recursive: true, force: true });
  if (made === undefined) throw new Error("npm packed nothing");
  return { tarball: join(folder, made.filename), files: made.files.map(({ path }) => path) };
}

const UNREACHABLE =
  /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ENOTCACHED|ConnectionRefused|DNSResolveFailed)\b/;

/** Whether a command that failed says that it could not reach the registry. */
export function isUnreachable(printed: string): boolean {
  return UNREACHABLE.test(printed);
}

/** Installs packages in a folder; false where the registry cannot be reached. */
export async function install(cwd: string, packages: readonly string[]): Promise<boolean> {
  // At this level npm tells of requests that failed, which it may take for versions that are at odds in the end.
  const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--fetch-retries=0", "--loglevel=http"];
  const { code, stdout, stderr } = await run("npm", ["install", ...flags, ...packages], { cwd });
  if (code === 0) return true;
  if (isUnreachable(stderr)) return false;
  throw new Error(`npm install ${packages.join(" ")} exited with ${code}:\n${stdout}${stderr}`);
}

/** The bytes of all files below a folder. */
export function sizeOf(folder: string): number {
  let size = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) size += sizeOf(path);
    else if (entry.isFile()) size += lstatSync(path).size;
  }
  return size;
}
