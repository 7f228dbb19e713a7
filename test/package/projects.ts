import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readBlocks, readPages, sectionOf } from "../docs/markdown.js";
import type { Compiler } from "../support/compilers.js";
import { run, type Finished } from "./packed.js";

const require = createRequire(import.meta.url);
const TSC: Readonly<Record<Compiler, string>> = {
  "TypeScript 5.9": require.resolve("typescript/bin/tsc"),
  "TypeScript 7": join(dirname(require.resolve("typescript-7/package.json")), "bin/tsc"),
};

/** A call that is answered and one that is refused, against the stand-in. */
export const PROGRAM = `
import { startPlatform } from "toolbind/testing";
import * as github from "./generated/github/index.js";
import { configure } from "./generated/index.js";

export async function main(): Promise<void> {
  const platform = await startPlatform({ snapshot: "specs/composio" });
  configure({ baseUrl: platform.url, apiKey: platform.apiKey, userId: "test" });
  const repository = await github.getRepository({ owner: "acme", repo: "site" });
  const name: string = repository.full_name;
  const refused = await github.createIssue.safe({ owner: "acme", repo: "site" } as github.CreateIssueInput);
  console.log(typeof name, platform.requests.length, refused.successful ? "" : refused.error.code);
  await platform.close();
}
void main();
`;
export const PRINTED = "string 1 TB5010\n";

/** The same in a page, which is told where the stand-in is. */
export const PAGE = `
import * as github from "./generated/github/index.js";
import { configure } from "./generated/index.js";

declare global {
  var platformUrl: string;
  var page: Promise<void>;
}

async function main(): Promise<void> {
  configure({ baseUrl: globalThis.platformUrl, apiKey: "test-api-key", userId: "test" });
  const { full_name: name } = await github.getRepository({ owner: "acme", repo: "site" });
  const refused = await github.createIssue.safe({ owner: "acme", repo: "site" } as github.CreateIssueInput);
  console.log(typeof name, refused.successful ? "" : refused.error.code);
}
globalThis.page = main();
`;
export const PAGE_PRINTED = "string TB5010\n";

/** Runs a bundle as a page does, as far as it needs one. */
export const BROWSER = `
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { startPlatform } from "toolbind/testing";

const platform = await startPlatform({ snapshot: "specs/composio" });
globalThis.platformUrl = platform.url;
globalThis.document = { createElement: () => ({ relList: { supports: () => true } }) };
await import(pathToFileURL(resolve(process.argv[2])));
await globalThis.page;
await platform.close();
`;

/** The same as a test, in Jest, which starts the stand-in itself or finds it in the environment. */
export function jestTest({ isStarting }: { readonly isStarting: boolean }): string {
  const program = `
import * as github from "./generated/github/index.js";

test("calls", async () => {
  const { full_name: name } = await github.getRepository({ owner: "acme", repo: "site" });
  expect(typeof name).toBe("string");
  const refused = await github.createIssue.safe({ owner: "acme", repo: "site" } as github.CreateIssueInput);
  expect(refused.successful ? "" : refused.error.code).toBe("TB5010");
});
`;
  return isStarting ? STARTING + program : program;
}

const STARTING = `
import { startPlatform, type Platform } from "toolbind/testing";
import { configure } from "./generated/index.js";

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform({ snapshot: "specs/composio" });
  configure({ baseUrl: platform.url, apiKey: platform.apiKey, userId: "test" });
});
afterAll(() => platform.close());
`;

/** Calls that the types refuse. */
export const MISTAKES = `
import * as github from "./generated/github/index.js";
// @ts-expect-error title is missing
void github.createIssue({ owner: "acme", repo: "site" });
// @ts-expect-error there is no such argument
void github.createIssue({ owner: "acme", repo: "site", title: "a", titel: "b" });
`;

export function withoutExtensions(program: string): string {
  return program.replaceAll(/"(\.\/generated.*?)(?:\/index)?\.js"/g, '"$1"');
}

/** The same, of files that are imported by the names that they have. */
export function withTsExtensions(program: string): string {
  return program.replaceAll(/"(\.\/generated.*?)\.js"/g, '"$1.ts"');
}

/** A page of Next.js, made by the build, and the build with the stand-in running. */
export const NEXT: Readonly<Record<string, string>> = {
  "app/layout.tsx": `
import type { ReactNode } from "react";

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html>
      <body>{children}</body>
    </html>
  );
}
`,
  "app/page.tsx": `
import * as github from "@/generated/github";

export default async function Page() {
  const { full_name: name } = await github.getRepository({ owner: "acme", repo: "site" });
  const refused = await github.createIssue.safe({ owner: "acme", repo: "site" } as github.CreateIssueInput);
  return <p>{[typeof name, refused.successful ? "" : refused.error.code].join(" ")}</p>;
}
`,
  "build.mjs": `
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { startPlatform } from "toolbind/testing";

const platform = await startPlatform({ snapshot: "specs/composio" });
const settings = { BASE_URL: platform.url, API_KEY: platform.apiKey, USER_ID: "test" };
writeFileSync(".env.local", Object.entries(settings).map(([name, value]) => "COMPOSIO_" + name + "=" + value).join("\\n"));
await promisify(execFile)(process.execPath, ["node_modules/next/dist/bin/next", "build"]);
await platform.close();
`,
};

export interface Project {
  readonly manifest: object;
  readonly compilerOptions: object;
  readonly files: Readonly<Record<string, string>>;
}

/** Writes a project down, as its people have it before they install anything. */
export function writeProject(folder: string, { manifest, compilerOptions, files }: Project): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write("package.json", `${JSON.stringify({ private: true, ...manifest }, null, 2)}\n`);
  const given = { target: "es2023", lib: ["es2023"], strict: true, skipLibCheck: true, rootDir: ".", outDir: "dist" };
  write("tsconfig.json", JSON.stringify({ compilerOptions: { ...given, ...compilerOptions }, include: ["*.ts"] }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    write(name, text);
  }
}

/** A file as a page of the documentation shows it, below a heading where that is said. */
export function fromDocs(page: string, file: string, heading?: string): string {
  const shown = readBlocks().filter((block) => block.page === page && block.info[1] === file);
  const below = heading === undefined ? undefined : sectionOf(readPages().get(page) ?? "", heading);
  const blocks = shown.filter(({ text }) => below === undefined || below.includes(text));
  if (blocks.length !== 1) throw new Error(`${page} shows ${file} ${blocks.length} times`);
  return blocks[0]?.text ?? "";
}

export function tsc(compiler: Compiler, cwd: string, args: readonly string[] = []): Promise<Finished> {
  return run(process.execPath, [TSC[compiler], "--pretty", "false", ...args], { cwd });
}
