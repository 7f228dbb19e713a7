import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { TestFolder } from "./generated.js";

export type Compiler = "TypeScript 5.9" | "TypeScript 7";
export const COMPILERS: readonly Compiler[] = ["TypeScript 5.9", "TypeScript 7"];

const PROGRAMS: Readonly<Record<Compiler, string>> = {
  "TypeScript 5.9": fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url)),
  "TypeScript 7": fileURLToPath(new URL("../../node_modules/typescript-7/bin/tsc", import.meta.url)),
};

/** What emitted code has to be clean under. */
export const STRICTEST = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  isolatedDeclarations: true,
  declaration: true,
  erasableSyntaxOnly: true,
  noUnusedLocals: true,
  noEmit: true,
} as const;

export const MODULES = {
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
  bundler: { module: "preserve", moduleResolution: "bundler" },
} as const;

export const LIBRARIES = {
  "es2023 and dom": { lib: ["es2023", "dom"], target: "es2022", types: [], skipLibCheck: false },
  "es2022 and @types/node, no dom": { lib: ["es2022"], target: "es2022", types: ["node"], skipLibCheck: true },
  // As Next.js sets projects up.
  "esnext and dom, compiled for es2017": { lib: ["esnext", "dom"], target: "es2017", types: [], skipLibCheck: true },
} as const;

export interface CompilerError {
  readonly file: string;
  readonly line: number;
  /** Such as `TS2322: Type 'string' is not …`. */
  readonly message: string;
}

let runs = 0;

/** Type-checks files of a folder. */
export async function typeCheck(
  folder: TestFolder,
  compiler: Compiler,
  include: readonly string[],
  compilerOptions: object,
): Promise<CompilerError[]> {
  const project = folder.write(`tsconfig.${++runs}.json`, JSON.stringify({ compilerOptions, include }));
  const output = await run(PROGRAMS[compiler], ["-p", project, "--pretty", "false"], folder.path);
  return output.split("\n").flatMap((line) => {
    if (line === "" || line.startsWith(" ")) return [];
    const [, file = "", at = "0", message = line] = /^(.+?)\((\d+),\d+\): error (TS.*)$/.exec(line) ?? [];
    return [{ file, line: Number(at), message }];
  });
}

function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, ...args], { cwd, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      // A compiler that finds errors exits with 1 or 2.
      if (error !== null && (typeof error.code !== "number" || stderr !== ""))
        reject(new Error(stderr, { cause: error }));
      else resolve(stdout);
    });
  });
}

/** The first errors, for an assertion's message. */
export function listErrors(errors: readonly CompilerError[]): string[] {
  return errors.slice(0, 20).map(({ file, line, message }) => `${file}:${line} ${message}`);
}
