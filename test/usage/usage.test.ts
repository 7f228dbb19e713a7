import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { findUses } from "../../generator/usage/find.js";
import { openProject } from "../../generator/usage/project.js";
import { rewriteUses } from "../../generator/usage/rewrite.js";
import type { KnownTool } from "../../generator/usage/use.js";
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

describe("uses of tools in a user's code", () => {
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

  const rewritten = async (code: string): Promise<{ text: string; left: string[] }> => {
    await generateTools(folder, [tool("ACME_CREATE_ISSUE"), tool("ACME_PING")]);
    folder.write("main.ts", code);
    const outDir = join(folder.path, "generated");
    const project = await openProject(tsconfig, outDir, folder.path);
    const { files, left } = rewriteUses(findUses(project, [from], outDir, folder.path), [{ from, to }]);
    return {
      text: [...files.values()][0] ?? code,
      left: left.map(({ use, reason }) => `${use.line}: ${reason}`),
    };
  };

  it.each([
    [
      "an imported name that is taken in some place of the file is imported under the old one",
      `import { createIssue } from "./generated/acme/index.js";
export const open = (openIssue: string) => createIssue({ title: openIssue });
export const slugs = { createIssue };
`,
      `import { openIssue as createIssue } from "./generated/acme/index.js";
export const open = (openIssue: string) => createIssue({ title: openIssue });
export const slugs = { createIssue };
`,
    ],
    [
      "what the code itself exports keeps its name, and whoever imports it",
      `import { createIssue } from "./generated/acme/index.js";
export { createIssue };
export { createIssue as open } from "./generated/acme/index.js";
export type { CreateIssueInput } from "./generated/acme/index.js";
import { createIssue as mine } from "./main.js";
import * as main from "./main.js";
export const all = [mine({ title: "x" }), main.createIssue({ title: "y" }), main.open({ title: "z" })];
`,
      `import { openIssue } from "./generated/acme/index.js";
export { openIssue as createIssue };
export { openIssue as open } from "./generated/acme/index.js";
export type { OpenIssueInput as CreateIssueInput } from "./generated/acme/index.js";
import { createIssue as mine } from "./main.js";
import * as main from "./main.js";
export const all = [mine({ title: "x" }), main.createIssue({ title: "y" }), main.open({ title: "z" })];
`,
    ],
    [
      "keys and members that are slugs, under whatever name the constants came",
      `import { ToolSlug as Slugs } from "./generated/index.js";
enum Mine { ACME_CREATE_ISSUE = "ACME_CREATE_ISSUE" }
const { ACME_CREATE_ISSUE } = Slugs;
export const names: Partial<Record<Slugs, unknown>> = { ACME_CREATE_ISSUE };
export const more = { [Mine.ACME_CREATE_ISSUE]: 1 };
export const name = [names.ACME_CREATE_ISSUE, names["ACME_CREATE_ISSUE"], Slugs.ACME_CREATE_ISSUE];
`,
      `import { ToolSlug as Slugs } from "./generated/index.js";
enum Mine { ACME_OPEN_ISSUE = "ACME_OPEN_ISSUE" }
const { ACME_OPEN_ISSUE: ACME_CREATE_ISSUE } = Slugs;
export const names: Partial<Record<Slugs, unknown>> = { ACME_OPEN_ISSUE: ACME_CREATE_ISSUE };
export const more = { [Mine.ACME_OPEN_ISSUE]: 1 };
export const name = [names.ACME_OPEN_ISSUE, names["ACME_OPEN_ISSUE"], Slugs.ACME_OPEN_ISSUE];
`,
    ],
    [
      "names in brackets, in types and behind a dynamic import",
      `import * as acme from "./generated/acme/index.js";
export type Input = import("./generated/acme/index.js").CreateIssueInput;
export type Same = Parameters<(typeof acme)["createIssue"]>[0];
export const open = (args: Input | Same): unknown => acme["createIssue"](args);
export const late = async (): Promise<unknown> => (await import("./generated/acme/index.js")).createIssue.slug;
`,
      `import * as acme from "./generated/acme/index.js";
export type Input = import("./generated/acme/index.js").OpenIssueInput;
export type Same = Parameters<(typeof acme)["openIssue"]>[0];
export const open = (args: Input | Same): unknown => acme["openIssue"](args);
export const late = async (): Promise<unknown> => (await import("./generated/acme/index.js")).openIssue.slug;
`,
    ],
    [
      "keys of patterns, whatever they take the module from",
      `import * as acme from "./generated/acme/index.js";
import * as all from "./generated/index.js";
const { ["createIssue"]: first } = acme;
const { acme: { createIssue } } = all;
export const run = ({ createIssue: given }: typeof acme, { more = createIssue } = {}) => [given, more, first];
let last: typeof acme.createIssue;
({ createIssue: last } = acme);
export const call = () => run(acme).map((each) => [each({ title: "x" }), last]);
`,
      `import * as acme from "./generated/acme/index.js";
import * as all from "./generated/index.js";
const { ["openIssue"]: first } = acme;
const { acme: { openIssue: createIssue } } = all;
export const run = ({ openIssue: given }: typeof acme, { more = createIssue } = {}) => [given, more, first];
let last: typeof acme.openIssue;
({ openIssue: last } = acme);
export const call = () => run(acme).map((each) => [each({ title: "x" }), last]);
`,
    ],
    [
      "a tool that a pattern falls back on",
      `import { createIssue } from "./generated/acme/index.js";
export const run = ({ open = createIssue } = {}) => open({ title: "x" });
`,
      `import { openIssue } from "./generated/acme/index.js";
export const run = ({ open = openIssue } = {}) => open({ title: "x" });
`,
    ],
    [
      "keys of what stands in for the module",
      `import * as acme from "./generated/acme/index.js";
import { createIssue } from "./generated/acme/index.js";
export const some: Partial<typeof acme> = { createIssue };
export const other: Partial<typeof acme> = { createIssue: acme.createIssue };
export const named: { [Name in keyof typeof acme]?: string } = { ["createIssue"]: "y" };
export const own = (createIssue: typeof acme.createIssue): Pick<typeof acme, "createIssue"> => ({ createIssue });
`,
      `import * as acme from "./generated/acme/index.js";
import { openIssue } from "./generated/acme/index.js";
export const some: Partial<typeof acme> = { openIssue };
export const other: Partial<typeof acme> = { openIssue: acme.openIssue };
export const named: { [Name in keyof typeof acme]?: string } = { ["openIssue"]: "y" };
export const own = (createIssue: typeof acme.openIssue): Pick<typeof acme, "openIssue"> => ({ openIssue: createIssue });
`,
    ],
    [
      "names as text, where they are written for the module's",
      `import * as acme from "./generated/acme/index.js";
type Name = keyof typeof acme;
export type Some = Pick<typeof acme, "createIssue"> | Omit<typeof acme, "ping" | "createIssue">;
export type Rest = Exclude<Name, "createIssue"> | (typeof acme)["createIssue" | "ping"];
export interface More extends Pick<typeof acme, "createIssue"> { more: number }
export const name: Name = "createIssue";
export const same = "createIssue" satisfies keyof typeof acme;
const of = (first: keyof typeof acme, other: { name: Name }) => [acme[first], acme[other.name], "createIssue" in acme];
export const all = [of("createIssue", { name: "createIssue" }), "createIssue", { createIssue: "createIssue" }];
`,
      `import * as acme from "./generated/acme/index.js";
type Name = keyof typeof acme;
export type Some = Pick<typeof acme, "openIssue"> | Omit<typeof acme, "ping" | "openIssue">;
export type Rest = Exclude<Name, "openIssue"> | (typeof acme)["openIssue" | "ping"];
export interface More extends Pick<typeof acme, "openIssue"> { more: number }
export const name: Name = "openIssue";
export const same = "openIssue" satisfies keyof typeof acme;
const of = (first: keyof typeof acme, other: { name: Name }) => [acme[first], acme[other.name], "openIssue" in acme];
export const all = [of("openIssue", { name: "openIssue" }), "createIssue", { createIssue: "createIssue" }];
`,
    ],
  ])("%s", async (_what, before, after) => {
    await generateTools(folder, [tool("ACME_CREATE_ISSUE"), tool("ACME_PING")]);
    folder.write("main.ts", before);
    expect(await typeCheck(folder, "TypeScript 7", ["main.ts"], options)).toEqual([]);
    expect(await rewritten(before)).toEqual({ text: after, left: [] });
    await generateTools(folder, [tool("ACME_OPEN_ISSUE"), tool("ACME_PING")]);
    folder.write("main.ts", after);
    expect(await typeCheck(folder, "TypeScript 7", ["main.ts"], options)).toEqual([]);
  });

  it("are found in what tests have in place of a module, whose types do not tell", async () => {
    const code = `declare const vi: { mock(path: string, make?: (original: () => Promise<object>) => unknown): void; fn(): unknown };
declare const mock: { module(path: string, options: { namedExports: object }): void };
const createIssue = vi.fn();
vi.mock("./generated/acme/index.js", () => ({ createIssue: vi.fn(), ping: vi.fn() }));
vi.mock("./generated/acme/index.js", async (original) => {
  return { ...(await original()), createIssue };
});
vi.mock("./generated/index.js", () => ({ acme: { createIssue: vi.fn() }, createIssue: 1 }));
mock.module("./generated/acme/index.js", { namedExports: { "createIssue": vi.fn() } });
vi.mock("./other.js", () => ({ createIssue: vi.fn() }));
export const other = { createIssue, make: () => ({ createIssue: 1 }) };
`;
    folder.write("other.ts", `import "./generated/index.js";\nexport const createIssue = 1;\n`);
    const { text, left } = await rewritten(`import "./other.js";\n${code}`);
    expect(left).toEqual([]);
    expect(text).toBe(
      `import "./other.js";\n${code
        .replaceAll("({ createIssue: vi.fn(), ping", "({ openIssue: vi.fn(), ping")
        .replace("original()), createIssue", "original()), openIssue: createIssue")
        .replace("acme: { createIssue", "acme: { openIssue")
        .replace('"createIssue"', '"openIssue"')}`,
    );
  });

  it("are listed under the names that patterns and default exports give, too", async () => {
    await generateTools(folder, [tool("ACME_CREATE_ISSUE"), tool("ACME_PING")]);
    folder.write(
      "main.ts",
      `import * as acme from "./generated/acme/index.js";
import make from "./default.js";
import { taken as mine } from "./default.js";
const { createIssue: open } = acme;
const run = ({ createIssue }: typeof acme) => createIssue({ title: "x" });
export const all = [make, mine, open({ title: "y" }), run];
`,
    );
    folder.write(
      "default.ts",
      `import * as acme from "./generated/acme/index.js";
import { createIssue } from "./generated/acme/index.js";
export const { createIssue: taken } = acme;
export default createIssue;
`,
    );
    const outDir = join(folder.path, "generated");
    const uses = findUses(await openProject(tsconfig, outDir, folder.path), [from], outDir, folder.path);
    expect(uses.map(({ file, line, column }) => `${file}:${line}:${column}`).sort()).toEqual([
      "default.ts:2:10",
      "default.ts:3:16",
      "default.ts:4:16",
      "main.ts:2:8",
      "main.ts:3:10",
      "main.ts:4:9",
      "main.ts:5:16",
      "main.ts:5:47",
      "main.ts:6:21",
      "main.ts:6:27",
      "main.ts:6:33",
    ]);
  });

  it("in CommonJS keep the names of what is taken out of a module", async () => {
    await generateTools(folder, [tool("ACME_CREATE_ISSUE"), tool("ACME_PING")]);
    folder.write(
      "script.cjs",
      `const acme = require("./generated/acme/index.js");
const { createIssue, ping: answer } = require("./generated/acme/index.js");
module.exports = { createIssue, all: [createIssue, answer, acme.createIssue] };
`,
    );
    const compilerOptions = { ...options, allowJs: true, checkJs: true };
    const config = folder.write("jsconfig.json", JSON.stringify({ compilerOptions, include: ["script.cjs"] }));
    const outDir = join(folder.path, "generated");
    const uses = findUses(await openProject(config, outDir, folder.path), [from], outDir, folder.path);
    expect(uses.map(({ line, column }) => `${line}:${column}`)).toEqual(["2:9", "3:20", "3:39", "3:65"]);
    expect([...rewriteUses(uses, [{ from, to }]).files.values()]).toEqual([
      `const acme = require("./generated/acme/index.js");
const { openIssue: createIssue, ping: answer } = require("./generated/acme/index.js");
module.exports = { createIssue, all: [createIssue, answer, acme.openIssue] };
`,
    ]);
  });

  it("in JavaScript are found in the types that comments hold, too", async () => {
    await generateTools(folder, [tool("ACME_CREATE_ISSUE"), tool("ACME_PING")]);
    const code = `import * as acme from "./generated/acme/index.js";
/** Calls createIssue. @typedef {acme.CreateIssueInput} Arguments */
/**
 * @param {import("./generated/acme/index.js").CreateIssueInput} args
 * @returns {Promise<[acme.CreateIssueOutput, "ACME_CREATE_ISSUE"]>}
 */
export const open = async (args) => [await acme.createIssue(args), "ACME_CREATE_ISSUE"];
export const last = /** @type {acme.CreateIssueOutput | undefined} */ (undefined);
`;
    folder.write("script.js", code);
    const compilerOptions = { ...options, allowJs: true, checkJs: true };
    const config = folder.write("tsconfig.js.json", JSON.stringify({ compilerOptions, include: ["script.js"] }));
    const outDir = join(folder.path, "generated");
    const uses = findUses(await openProject(config, outDir, folder.path), [from], outDir, folder.path);
    const { files, left } = rewriteUses(uses, [{ from, to }]);
    expect([...files.values()]).toEqual([
      code
        .replace(/(acme\.|\.js"\)\.)CreateIssue/g, "$1OpenIssue")
        .replaceAll("ACME_CREATE_ISSUE", "ACME_OPEN_ISSUE")
        .replace("acme.createIssue", "acme.openIssue"),
    ]);
    expect(left).toEqual([]);
  });

  it("in the links of comments get the new names, and other words of comments stay", async () => {
    const code = `import * as acme from "./generated/acme/index.js";
import { createIssue, type CreateIssueInput } from "./generated/acme/index.js";
/**
 * As createIssue does, see {@link createIssue}, {@linkcode acme.createIssue | createIssue} and {@link CreateIssueInput.title}.
 *
 * @see acme.createIssue
 * @param other - {@link other.createIssue} stays, and {@link https://acme.example/createIssue}.
 */
export const open = (args: CreateIssueInput, other: unknown): unknown => [acme.createIssue(args), other];
/** {@link createIssue} */
export interface Options {
  /** What {@link acme.createIssue} takes. */
  args: CreateIssueInput;
}
export const call = createIssue({ title: "x" });
`;
    expect(await rewritten(code)).toEqual({
      text: code
        .replace("see {@link createIssue}", "see {@link openIssue}")
        .replaceAll("acme.createIssue", "acme.openIssue")
        .replaceAll("CreateIssueInput", "OpenIssueInput")
        .replace("{ createIssue, type", "{ openIssue, type")
        .replace("/** {@link createIssue}", "/** {@link openIssue}")
        .replace("call = createIssue", "call = openIssue"),
      left: [],
    });
  });

  it("are those of types too that a schema defines, as far as they are of the tool", async () => {
    const $defs = { Node: { type: "object", properties: { next: { $ref: "#/$defs/Node" } } } };
    const nested = (slug: string): object => ({
      ...tool(slug),
      input_parameters: { type: "object", properties: { first: { $ref: "#/$defs/Node" } }, $defs },
    });
    const tools = [nested("ACME_CREATE_ISSUE"), nested("ACME_CREATE_ISSUE_INPUT"), nested("ACME_CREATE")];
    await generateTools(folder, tools);
    const code = `import type { CreateInputNode, CreateIssueInputInputNode } from "./generated/acme/index.js";
import type { CreateIssueInputNode } from "./generated/acme/index.js";
import type * as acme from "./generated/acme/index.js";
export type All = [CreateIssueInputNode, acme.CreateIssueInputNode, CreateInputNode, CreateIssueInputInputNode];
`;
    folder.write("main.ts", code);
    expect(await typeCheck(folder, "TypeScript 7", ["main.ts"], options)).toEqual([]);
    const outDir = join(folder.path, "generated");
    const uses = findUses(await openProject(tsconfig, outDir, folder.path), [from], outDir, folder.path);
    const [text = ""] = [...rewriteUses(uses, [{ from, to }]).files.values()];
    expect(text).toBe(code.replaceAll("CreateIssueInputNode", "OpenIssueInputNode"));
    folder.write("main.ts", text);
    await generateTools(folder, [nested("ACME_OPEN_ISSUE"), ...tools.slice(1)]);
    expect(await typeCheck(folder, "TypeScript 7", ["main.ts"], options)).toEqual([]);
  });

  it("are found in the projects that a solution refers to", async () => {
    await generateTools(folder, [tool("ACME_CREATE_ISSUE"), tool("ACME_PING")]);
    mkdirSync(join(folder.path, "server"), { recursive: true });
    const code = `import * as acme from "../generated/acme/index.js";\nexport default acme.createIssue;\n`;
    folder.write("server/api.ts", code);
    folder.write("page.ts", code.replace("..", "."));
    folder.write("server/tsconfig.json", JSON.stringify({ compilerOptions: options, include: ["*.ts"] }));
    folder.write("tsconfig.app.json", JSON.stringify({ compilerOptions: options, include: ["page.ts"] }));
    const references = [{ path: "./tsconfig.app.json" }, { path: "./server" }];
    const solution = folder.write("tsconfig.solution.json", JSON.stringify({ files: [], references }));
    const outDir = join(folder.path, "generated");
    const uses = findUses(await openProject(solution, outDir, folder.path), [from], outDir, folder.path);
    expect(uses.map(({ file, line }) => `${file}:${line}`)).toEqual(["page.ts:2", "server/api.ts:2"]);
    const cwd = join(folder.path, "server");
    const beside = findUses(await openProject(solution, outDir, cwd), [from], outDir, cwd);
    expect(beside.map(({ file }) => file)).toEqual(["../page.ts", "api.ts"]);
  });

  it("are found in each of several projects, once", async () => {
    await generateTools(folder, [tool("ACME_CREATE_ISSUE"), tool("ACME_PING")]);
    mkdirSync(join(folder.path, "tests"), { recursive: true });
    folder.write("main.ts", `export const slug = "ACME_CREATE_ISSUE";\n`);
    folder.write("tests/main.test.ts", `import { slug } from "../main.js";\nslug === "ACME_CREATE_ISSUE";\n`);
    folder.write("tests/tsconfig.json", JSON.stringify({ compilerOptions: options }));
    const outDir = join(folder.path, "generated");
    const both = [join(folder.path, "tests"), tsconfig];
    const uses = findUses(await openProject(both, outDir, folder.path), [from], outDir, folder.path);
    expect(uses.map(({ file, line }) => `${file}:${line}`).sort()).toEqual(["main.ts:1", "tests/main.test.ts:2"]);
  });

  it("are found under each project's own options, and behind the declarations that a build made", async () => {
    await generateTools(folder, [tool("ACME_CREATE_ISSUE"), tool("ACME_PING")]);
    for (const place of ["mono/api", "mono/web", "dist/generated/acme"])
      mkdirSync(join(folder.path, place), { recursive: true });
    const own = (place: string, config: object): string => {
      const { compilerOptions = {}, ...rest } = config as { compilerOptions?: object };
      return folder.write(place, JSON.stringify({ compilerOptions: { ...options, ...compilerOptions }, ...rest }));
    };
    const code = `import { createIssue } from "~/acme/index.js";\nexport default createIssue;\n`;
    folder.write("mono/api/main.ts", code);
    folder.write("mono/web/main.ts", code);
    folder.write("dist/generated/acme/index.d.ts", "export declare const createIssue: () => unknown;\n");
    own("tsconfig.tools.json", {
      compilerOptions: { noEmit: false, composite: true, rootDir: ".", outDir: "dist" },
      include: ["generated"],
    });
    own("mono/api/tsconfig.json", { compilerOptions: { paths: { "~/*": ["../../generated/*"] } } });
    own("mono/web/tsconfig.json", {
      compilerOptions: { paths: { "~/*": ["../../dist/generated/*"] } },
      references: [{ path: "../../tsconfig.tools.json" }],
    });
    own("mono/tsconfig.json", { files: [], references: [{ path: "api" }, { path: "web" }] });
    const solution = own("tsconfig.solution.json", { files: [], references: [{ path: "mono" }] });
    const outDir = join(folder.path, "generated");
    const uses = findUses(await openProject(solution, outDir, folder.path), [from], outDir, folder.path);
    const found = ["mono/api/main.ts:1", "mono/api/main.ts:2", "mono/web/main.ts:1", "mono/web/main.ts:2"];
    expect(uses.map(({ file, line }) => `${file}:${line}`)).toEqual(found);
    const [, web] = [...rewriteUses(uses, [{ from, to }]).files.values()];
    expect(web).toBe(code.replaceAll("createIssue", "openIssue"));
  });

  it.each([
    ['{ "include": ["main.ts"', /\(TS1005: .*\) at tsconfig\.bad\.json:1:/],
    ['{ "extends": "./none.json", "include": ["main.ts"] }', /\(TS5083: .*\) at tsconfig\.bad\.json/],
  ])("are not looked for by a tsconfig.json that cannot be read: %s", async (text, message) => {
    const config = folder.write("tsconfig.bad.json", text);
    await expect(openProject(config, join(folder.path, "generated"), folder.path)).rejects.toMatchObject({
      code: "TB1008",
      message: expect.stringMatching(message),
    });
  });

  it("are not looked for without ts-morph, and it is said how to go on with it or without", async () => {
    vi.doMock("ts-morph", () => {
      throw new Error("Cannot find package");
    });
    try {
      await expect(openProject([], folder.path, folder.path)).rejects.toThrow(
        "Your code cannot be analysed without ts-morph. Fix: run `npm install --save-dev ts-morph`, or leave your code alone with `--no-project`.",
      );
    } finally {
      vi.doUnmock("ts-morph");
    }
  });

  it("are not keys of arguments and data that are spelled like a tool", async () => {
    await generateTools(folder, [
      { ...tool("ACME_TITLE"), output_parameters: { properties: { data: input, successful: { type: "boolean" } } } },
    ]);
    const code = `import * as acme from "./generated/acme/index.js";
export const read = async (given: acme.TitleInput): Promise<unknown> => {
  const { title } = await acme.title({ title: given.title });
  return [title, (await acme.title({ ["title"]: title }))["title"], "title" in given] satisfies [string, string, boolean];
};
`;
    folder.write("main.ts", code);
    expect(await typeCheck(folder, "TypeScript 7", ["main.ts"], options)).toEqual([]);
    const outDir = join(folder.path, "generated");
    const title = { slug: "ACME_TITLE", folder: "acme", name: "title" };
    const uses = findUses(await openProject(tsconfig, outDir, folder.path), [title], outDir, folder.path);
    expect(uses.map(({ line, column }) => `${line}:${column}`)).toEqual(["2:40", "3:32", "4:30"]);
  });

  it("in a file with syntax errors are listed, and left as they are", async () => {
    const code = `import * as acme from "./generated/acme/index.js";
export const all = [acme.createIssue({ title: "x" ;
acme.createIssue({ title: "y" });
`;
    const { text, left } = await rewritten(code);
    expect(text).toBe(code);
    expect(left).toContain("2: the file has syntax errors");
  });

  it("that cannot be rewritten are listed with the reason", async () => {
    const code =
      "export const slug = (what: string): string[] => [`ACME_${what}_ISSUE`, `ACME_${what}`, `${what}_ISSUE`];\n";
    expect(await rewritten(code)).toEqual({
      text: code,
      left: ["1", "1"].map((line) => `${line}: may produce ACME_CREATE_ISSUE, which is now ACME_OPEN_ISSUE`),
    });
  });
});
