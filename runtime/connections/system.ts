// What the connections file needs from its system: Node, Bun or Deno.
import { ToolbindCallError } from "../errors.js";

export interface FileHandle {
  readFile(): Promise<Uint8Array>;
  writeFile(text: string): Promise<void>;
  stat(): Promise<Stats>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface Stats {
  readonly mode: number;
  readonly uid: number;
  readonly mtimeMs: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

/** The parts of Node's modules that are used here, so that a project without Node's types compiles. */
interface Modules {
  readonly "node:fs/promises": {
    readonly constants: Readonly<Record<string, number>>;
    open(path: string, flags: number, mode?: number): Promise<FileHandle>;
    lstat(path: string): Promise<Stats>;
    mkdir(path: string, options: { recursive: true; mode: number }): Promise<unknown>;
    readdir(path: string): Promise<string[]>;
    rename(from: string, to: string): Promise<void>;
    rm(path: string, options: { force: true }): Promise<void>;
  };
  readonly "node:path": {
    join(...parts: string[]): string;
    resolve(...parts: string[]): string;
    dirname(path: string): string;
    basename(path: string): string;
    isAbsolute(path: string): boolean;
  };
  readonly "node:os": { homedir(): string; hostname(): string };
  readonly "node:crypto": {
    scrypt(
      password: string,
      salt: Uint8Array,
      length: number,
      options: { N: number; r: number; p: number; maxmem: number },
      done: (error: Error | null, key: Uint8Array) => void,
    ): void;
  };
}

interface Process {
  readonly pid: number;
  readonly platform: string;
  getuid?(): number;
  kill(pid: number, signal: 0): unknown;
  getBuiltinModule?<Name extends keyof Modules>(name: Name): Modules[Name] | undefined;
}

export function refused(cause: string, remedy: string): ToolbindCallError {
  return new ToolbindCallError("TB5051", ["cannot keep connections", cause, remedy]);
}

export function unusable(path: string, error: unknown): unknown {
  if (error instanceof ToolbindCallError) return error;
  const code = codeOf(error);
  if (code === "ELOOP") return refused(`${path} is a link`, "name the file itself");
  return refused(`${path} cannot be used (${code ?? "unknown"})`, "check the path and its permissions");
}

export function codeOf(error: unknown): string | undefined {
  return (error as { readonly code?: string } | null)?.code;
}

export function randomName(): string {
  return hex(crypto.getRandomValues(new Uint8Array(8)));
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function processOf(): Process {
  const { process } = globalThis as { readonly process?: Process };
  if (process) return process;
  throw refused("this platform has no file system", "use memoryConnections, or a store of your own");
}

export function builtin<Name extends keyof Modules>(name: Name): Modules[Name] {
  const module = processOf().getBuiltinModule?.(name);
  if (module) return module;
  throw refused("this platform has no file system", "use memoryConnections, or a store of your own");
}
