import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findUses, type KnownTool } from "../../generator/usage/find.js";
import { openProject } from "../../generator/usage/project.js";
import { rewriteUses } from "../../generator/usage/rewrite.js";
import { MODULES, typeCheck } from "../support/compilers.js";
import { generateTools, TestFolder } from "../support/generated.js";

const input = { type: "object", properties: { title: { type: "string" } }, required: ["title"] };
const tool = (slug: string): object => ({
  slug,
  name: slug,
  description: slug,
  toolkit: { slug: "acme" },
  version: "20250101_00",
  input_parameters: input,
  output_parameters: {},
});

const CODE = `import * as acme from "./generated/acme/index.js";
import { createIssue, type CreateIssueInput } from "./generated/acme/index.js";
import { ToolSlug, acme as fromIndex } from "./generated/index.js";

// createIssue in a comment stays, and so does "ACME_CREATE_ISSUE" here.
export async function open(args: CreateIssueInput):   Promise<unknown> {
  await acme.createIssue(args); // odd   spacing stays
  await fromIndex.createIssue.safe(args);
  const tools = { createIssue, other: acme.ping };
  const slug = "ACME_CREATE_ISSUE";
  const createIssueLater = 1;
  return [createIssue(args), tools, slug, ToolSlug.ACME_CREATE_ISSUE, createIssueLater, createIssue.slug];
}

export type Arguments = acme.CreateIssueInput;
export const { createIssue: taken } = acme;
`;

const from: KnownTool = { slug: "ACME_CREATE_ISSUE", folder: "acme", name: "createIssue" };
const to: KnownTool = { slug: "ACME_OPEN_ISSUE", folder: "acme", name: "openIssue" };

describe("uses of tools in somebody's code", () => {
  const folder = new TestFolder();
  const options = {
    strict: true,
    noEmit: true,
    types: [],
    lib: ["es2023", "dom"],
    target: "es2022",
    ...MODULES.nodenext,
  };
  let tsconfig: string;

  beforeAll(async () => {
    mkdirSync(join(folder.path, "generated"));
    await generateTools(folder, [tool("ACME_CREATE_ISSUE"), tool("ACME_PING")]);
    folder.write("main.ts", CODE);
    tsconfig = folder.write("tsconfig.json", JSON.stringify({ compilerOptions: options, include: ["main.ts"] }));
  });
  afterAll(() => folder.remove());

  it("are found with file and line, and nothing else is", async () => {
    const outDir = join(folder.path, "generated");
    const project = await openProject(tsconfig, outDir, folder.path);
    const uses = findUses(project, [from], outDir, folder.path);
    expect(uses.map(({ file, line, column, kind }) => `${file}:${line}:${column} ${kind}`)).toEqual([
      "main.ts:2:10 function",
      "main.ts:2:28 input type",
      "main.ts:6:34 input type",
      "main.ts:7:14 function",
      "main.ts:8:19 function",
      "main.ts:9:19 function",
      "main.ts:10:16 slug",
      "main.ts:12:11 function",
      "main.ts:12:52 slug",
      "main.ts:12:89 function",
      "main.ts:15:30 input type",
      "main.ts:16:16 function",
    ]);
  });

  it("are rewritten to the new names, formatting and comments kept, and the code compiles on", async () => {
    const outDir = join(folder.path, "generated");
    const project = await openProject(tsconfig, outDir, folder.path);
    const { files, left } = rewriteUses(findUses(project, [from], outDir, folder.path), [{ from, to }]);
    const [text] = [...files.values()];
    expect(text).toBe(`import * as acme from "./generated/acme/index.js";
import { openIssue, type OpenIssueInput } from "./generated/acme/index.js";
import { ToolSlug, acme as fromIndex } from "./generated/index.js";

// createIssue in a comment stays, and so does "ACME_CREATE_ISSUE" here.
export async function open(args: OpenIssueInput):   Promise<unknown> {
  await acme.openIssue(args); // odd   spacing stays
  await fromIndex.openIssue.safe(args);
  const tools = { createIssue: openIssue, other: acme.ping };
  const slug = "ACME_OPEN_ISSUE";
  const createIssueLater = 1;
  return [openIssue(args), tools, slug, ToolSlug.ACME_OPEN_ISSUE, createIssueLater, openIssue.slug];
}

export type Arguments = acme.OpenIssueInput;
export const { openIssue: taken } = acme;
`);
    expect(left).toEqual([]);
    await generateTools(folder, [tool("ACME_OPEN_ISSUE"), tool("ACME_PING")]);
    folder.write("main.ts", text as string);
    expect(await typeCheck(folder, "TypeScript 7", ["main.ts"], options)).toEqual([]);
  });

  it("that nobody can rewrite for the author are listed with the reason", async () => {
    await generateTools(folder, [tool("ACME_CREATE_ISSUE"), tool("ACME_PING")]);
    folder.write(
      "main.ts",
      `import { createIssue } from "./generated/acme/index.js";\nconst openIssue = 1;\nexport default [createIssue, openIssue];\n`,
    );
    const outDir = join(folder.path, "generated");
    const project = await openProject(tsconfig, outDir, folder.path);
    const { left, rewritten } = rewriteUses(findUses(project, [from], outDir, folder.path), [{ from, to }]);
    expect(rewritten).toEqual([]);
    expect(left.map(({ use, reason }) => `${use.line}: ${reason}`)).toEqual([
      "1: openIssue means something else here",
      "3: openIssue means something else here",
    ]);
  });
});
