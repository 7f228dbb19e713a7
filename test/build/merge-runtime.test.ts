import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { mergeModules } from "../../scripts/merge-runtime.mjs";
import { LIBRARIES, listErrors, MODULES, STRICTEST, typeCheck } from "../support/compilers.js";
import type { TestFolder } from "../support/generated.js";
import { createFolder, put } from "../support/project.js";

const SOURCES = {
  "main.ts": `
import { sum } from "./sum.js";
import { double as twice, type Kind } from "./inner/passed.js";
import type { Shared } from "./shared.js";

export { describe } from "./sum.js";
export type { Kind };

const LIMIT = 3;
interface Local { readonly own: number }

/** Kept with its comment. */
export function main(value: Shared & Local): { readonly sum: number; readonly twice: number; readonly LIMIT: number } {
  return { sum: sum(value.own), twice: twice(value.value), LIMIT };
}
`,
  "sum.ts": `
import { LIMIT } from "./inner/limit.js";

interface Local { readonly sum: number }
export interface Date { readonly day: number }
const describe_ = (local: Local): string => \`sum of \${local.sum}\`;
export const sum = (value: number): number => value + LIMIT;
export function describe(value: number, LIMIT: Date = { day: 1 }): string {
  return describe_({ sum: value }) + LIMIT.day;
}
`,
  "inner/limit.ts": "export const LIMIT = 10;\nexport const year = (): number => new Date(0).getUTCFullYear();\n",
  "inner/passed.ts": 'export { double } from "../shared.js";\nexport type { Kind } from "../shared.js";\n',
  "shared.ts": `
export type Kind = "a" | "b";
export interface Shared { readonly value: number }
const helper = (value: number): number => value * 2;
export const double = (value: number): number => helper(value);
export const unused = 1;
`,
  "late.ts": `
import { year } from "./inner/limit.js";
import { double } from "./shared.js";

const helper = (value: number): number => value + 1;
export const late = (value: number): number => double(helper(value)) + year();
`,
};
const MERGING = { shared: ["shared"], main: ["main"], late: ["late"] };

function merged(sources: Readonly<Record<string, string>> = SOURCES): {
  folder: TestFolder;
  files: Map<string, string>;
} {
  const folder = createFolder();
  for (const [path, text] of Object.entries(sources)) put(folder, `modules/${path}`, text);
  const files = mergeModules(join(folder.path, "modules"), MERGING);
  for (const [path, text] of files) put(folder, `merged/${path}`, text);
  return { folder, files };
}

test("modules that are merged compile and do what they did apart, names that they share included", async () => {
  const { folder, files } = merged();
  expect([...files.keys()]).toEqual(["shared.ts", "main.ts", "late.ts"]);
  const options = { ...STRICTEST, ...MODULES.bundler, ...LIBRARIES["es2023 and dom"] };
  expect(listErrors(await typeCheck(folder, "TypeScript 5.9", ["merged/*.ts"], options))).toEqual([]);
  for (const of of ["modules", "merged"]) {
    const { main, describe } = (await import(pathToFileURL(join(folder.path, of, "main.ts")).href)) as {
      main: (value: object) => unknown;
      describe: (value: number) => string;
    };
    const { late } = (await import(pathToFileURL(join(folder.path, of, "late.ts")).href)) as {
      late: (value: number) => number;
    };
    expect(main({ own: 1, value: 2 }), of).toEqual({ sum: 11, twice: 4, LIMIT: 3 });
    expect(describe(5), of).toBe("sum of 51");
    expect(late(1), of).toBe(1974);
  }
});

test("a merged module exports what its entries do and what others need, and no more", () => {
  const { files } = merged();
  const exported = (path: string): string[] =>
    [...(files.get(path) ?? "").matchAll(/^export (?:const|function|interface|type) (\w+)/gm)].map(([, name]) =>
      String(name),
    );
  expect(exported("main.ts").sort()).toEqual(["describe", "main", "year"]);
  expect(exported("late.ts")).toEqual(["late"]);
  expect(files.get("main.ts")).toContain("/** Kept with its comment. */\nexport function main(");
});
