import { chmodSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { generate } from "../../generator/run.js";
import { applyUpgrade } from "../../generator/upgrade/apply.js";
import { planUpgrade } from "../../generator/upgrade/plan.js";
import { connect, newestVersions } from "../../generator/upgrade/releases.js";
import { reportMarkdown, reportText } from "../../generator/upgrade/report.js";
import type { PlatformRelease } from "../../testing/index.js";
import type { ToolbindConfig } from "../../generator/config/types.js";
import { put } from "../support/project.js";
import { MODULES, typeCheck } from "../support/compilers.js";
import { TestFolder } from "../support/generated.js";
import { NEW, OLD, release, stage } from "../platform/support.js";

const OPTIONS = {
  strict: true,
  noEmit: true,
  types: [],
  lib: ["es2023", "dom"],
  target: "es2022",
  ...MODULES.nodenext,
};

const text = { type: "string" };

function tool(slug: string, version: string, description: string, input: object, output: object): object {
  return {
    slug,
    name: slug,
    description,
    version,
    input_parameters: { type: "object", ...input },
    output_parameters: {
      type: "object",
      properties: { data: { type: "object", ...output }, successful: { type: "boolean" } },
    },
  };
}

const issue = { properties: { title: text, number: { type: "integer" } }, required: ["title", "number"] };
const OPEN = "Opens an issue in a repository and returns it with its number.";

const RELEASES = [
  {
    toolkit: { slug: "acme", name: "Acme", meta: { version: OLD } },
    tools: [
      tool(
        "ACME_CREATE_AN_ISSUE_ENTRY",
        OLD,
        OPEN,
        { properties: { repo: text, title: text }, required: ["repo", "title"] },
        issue,
      ),
      tool(
        "ACME_GET_ISSUE",
        OLD,
        "Reads an issue.",
        { properties: { number: { type: "integer" } }, required: ["number"] },
        issue,
      ),
      tool("ACME_PING", OLD, "Answers.", {}, {}),
    ],
    trigger_types: [],
  },
  {
    toolkit: { slug: "acme", name: "Acme", meta: { version: NEW } },
    tools: [
      tool(
        "ACME_CREATE_ISSUE",
        NEW,
        OPEN,
        { properties: { repo: text, title: text }, required: ["repo", "title"] },
        issue,
      ),
      tool(
        "ACME_GET_ISSUE",
        NEW,
        "Reads an issue.",
        { properties: { number: { type: "integer" } }, required: ["number"] },
        {
          properties: { title: { ...text, nullable: true }, number: { type: "integer" } },
          required: ["title", "number"],
        },
      ),
      tool("ACME_PING", NEW, "Answers.", {}, {}),
    ],
    trigger_types: [],
  },
] as unknown as readonly PlatformRelease[];

const OUTPUT = { output: "generated", runtime: "copy" } as const;
const PINNED = { ...OUTPUT, toolkits: { acme: { version: OLD } } };

const CODE = `import * as acme from "./generated/acme/index.js";
import { ToolSlug } from "./generated/index.js";

// Opened by a person.
export async function open(title: string): Promise<number> {
  const issue = await acme.createIssueEntry({ repo: "site",   title });
  return issue.number;
}

export async function titleOf(number: number): Promise<string> {
  const { title } = await acme.getIssue({ number });
  return title;
}

export const slug = ToolSlug.ACME_CREATE_AN_ISSUE_ENTRY;
export const ping = acme.ping;
`;

describe("an upgrade", () => {
  const folder = new TestFolder();
  afterAll(() => folder.remove());

  it("names the lines that break, rewrites what was renamed, and leaves the rest to the compiler", async () => {
    const { config: configOf, pull } = await stage(folder, RELEASES);
    const config = configOf(PINNED);
    await pull({ settings: PINNED, toolkits: ["acme"] });
    await generate({ source: { kind: "config", config } });
    folder.write("main.ts", CODE);
    const tsconfig = folder.write("tsconfig.json", JSON.stringify({ compilerOptions: OPTIONS, include: ["main.ts"] }));
    expect(await typeCheck(folder, "TypeScript 7", ["main.ts"], OPTIONS)).toEqual([]);

    const free = configOf(OUTPUT);
    const client = connect(free);
    expect((await newestVersions(client)).get("acme")).toBe(NEW);
    const plan = await planUpgrade(client, { config: free, toolkits: [], project: tsconfig });
    const report = reportText(plan);
    expect(report).toContain(`acme ${OLD} → ${NEW}: 2 breaking`);
    expect(report).toMatch(/renamed ACME_CREATE_AN_ISSUE_ENTRY → ACME_CREATE_ISSUE \(\d+% sure\)/);
    expect(report).toContain("output /title can now be null");
    expect(report).toContain("→ main.ts:11:32 const { title } = await acme.getIssue({ number });");
    expect(report).toContain("The compiler will say:");
    expect(report).toMatch(/main\.ts:6:28 TS2551/);
    expect(report).not.toContain(folder.path);
    expect(reportMarkdown(plan)).toContain("- used at `main.ts:11`");

    const applied = await applyUpgrade(free, plan);
    expect(applied).toMatchObject({ rewritten: 2, files: ["main.ts"], left: [] });
    expect(applied.complaints.map(({ line, message }) => `${line} ${message.slice(0, 6)}`)).toEqual(["12 TS2322"]);
    expect(readFileSync(join(folder.path, "main.ts"), "utf8")).toBe(
      CODE.replace("createIssueEntry", "createIssue").replace("ACME_CREATE_AN_ISSUE_ENTRY", "ACME_CREATE_ISSUE"),
    );
    const errors = await typeCheck(folder, "TypeScript 7", ["main.ts"], OPTIONS);
    expect(errors.map(({ line, message }) => `${line} ${message.slice(0, 6)}`)).toEqual(["12 TS2322"]);

    const again = await planUpgrade(connect(free), { config: free, toolkits: [], project: tsconfig });
    expect(again.diffs).toEqual([]);
  });

  it("keeps the old name of a renamed tool for a cycle, deprecated, where it is asked to", async () => {
    const own = new TestFolder();
    onTestFinished(() => own.remove());
    const LATER = "20260101_00";
    const later = JSON.parse(JSON.stringify(RELEASES[1]).replaceAll(NEW, LATER)) as PlatformRelease;
    const { config: configOf, pull } = await stage(own, RELEASES);
    const config = configOf(OUTPUT);
    const use = `import * as acme from "./generated/acme/index.js";
export const args: acme.CreateIssueEntryInput = { repo: "site", title: "x" };
export const open: Promise<acme.CreateIssueEntryOutput> = acme.createIssueEntry(args);
// @ts-expect-error: it takes what the tool takes
void acme.createIssueEntry({ repo: "site" });
`;
    const indexOf = (): string => readFileSync(join(own.path, "generated/acme/index.ts"), "utf8");
    const lockOf = (): string => readFileSync(join(own.path, "toolbind.lock.json"), "utf8");
    await pull({ settings: PINNED, toolkits: ["acme"] });
    await generate({ source: { kind: "config", config } });
    own.write("main.ts", use);
    const plan = await planUpgrade(connect(config), { config, toolkits: [], project: null });
    await applyUpgrade(config, plan, { keepAliases: true });

    expect(indexOf()).toContain("@deprecated Use {@link createIssue}.");
    expect(
      await typeCheck(own, "TypeScript 7", ["main.ts"], { ...OPTIONS, isolatedDeclarations: true, declaration: true }),
    ).toEqual([]);
    const emitted = (await import(join(own.path, "generated/acme/index.ts"))) as Record<string, unknown>;
    expect(emitted["createIssueEntry"]).toBe(emitted["createIssue"]);

    const [index, lock] = [indexOf(), lockOf()];
    expect(lock).toContain('"createIssueEntry": "ACME_CREATE_ISSUE"');
    expect(await generate({ source: { kind: "config", config }, check: true })).toMatchObject({ upToDate: true });
    rmSync(join(own.path, "generated"), { recursive: true });
    await generate({ source: { kind: "config", config }, frozen: true });
    await pull({ settings: OUTPUT, toolkits: ["acme"] });
    expect([indexOf(), lockOf()]).toEqual([index, lock]);

    const next = await stage(own, [...RELEASES, later]);
    const following = next.config(OUTPUT);
    await applyUpgrade(
      following,
      await planUpgrade(connect(following), { config: following, toolkits: [], project: null }),
    );
    expect(indexOf()).not.toContain("createIssueEntry");
    expect(lockOf()).not.toContain("createIssueEntry");
  });

  it("keeps the old names of the types that a schema of a renamed tool defines, too", async () => {
    const own = new TestFolder();
    onTestFinished(() => own.remove());
    const nested = RELEASES.map((each): PlatformRelease => {
      const next = { properties: { next: { $ref: "#/$defs/Node" } }, type: "object" };
      const tools = each.tools.map((one) => {
        const { properties, ...input } = one["input_parameters"] as { properties?: object };
        return { ...one, input_parameters: { ...input, properties: { ...properties, next }, $defs: { Node: next } } };
      });
      return { ...each, tools };
    });
    const { config: configOf, pull } = await stage(own, nested);
    const config = configOf(OUTPUT);
    await pull({ settings: PINNED, toolkits: ["acme"] });
    await generate({ source: { kind: "config", config } });
    own.write(
      "main.ts",
      `import type { CreateIssueEntryInput, CreateIssueEntryInputNode } from "./generated/acme/index.js";
export const node: CreateIssueEntryInputNode = { next: {} };
export const args: CreateIssueEntryInput = { repo: "site", title: "x", next: node };
`,
    );
    expect(await typeCheck(own, "TypeScript 7", ["main.ts"], OPTIONS)).toEqual([]);
    const plan = await planUpgrade(connect(config), { config, toolkits: [], project: null });
    await applyUpgrade(config, plan, { keepAliases: true });
    expect(await typeCheck(own, "TypeScript 7", ["main.ts"], OPTIONS)).toEqual([]);
  });

  it("keeps no old name that means something else, but old names that are not identifiers, in JavaScript too", async () => {
    const own = new TestFolder();
    onTestFinished(() => own.remove());
    const { config: configOf, pull } = await stage(own, RELEASES);
    const settings = { ...OUTPUT, emit: "js" } as const;
    const config = configOf(settings);
    await pull({ settings, toolkits: ["acme"] });
    const given = {
      delete: "ACME_PING",
      _delete: "ACME_PING",
      getIssue: "ACME_PING",
      then: "ACME_PING",
      gone: "ACME_GONE",
    };
    const aliases = new Map([["acme", new Map(Object.entries(given))]]);
    await generate({ source: { kind: "config", config }, aliases });
    const emitted = (await import(join(own.path, "generated/acme/index.js"))) as Record<string, unknown>;
    expect(Object.keys(emitted).sort()).toEqual(["_delete", "createIssue", "delete", "getIssue", "ping"]);
    expect(emitted["delete"]).toBe(emitted["ping"]);
    expect(emitted["getIssue"]).not.toBe(emitted["ping"]);
    own.write(
      "main.ts",
      `import * as acme from "./generated/acme/index.js";
export const input: acme.DeleteInput = {};
void acme.delete(input);
void acme._delete(input);
`,
    );
    expect(await typeCheck(own, "TypeScript 5.9", ["main.ts"], OPTIONS)).toEqual([]);
  });

  it.each<readonly [string, (config: object) => string]>([
    ["ts", (config) => `// Ours.\nexport default ${JSON.stringify(config)};\n`],
    ["json", (config) => JSON.stringify(config)],
  ])(
    "puts new slugs into a configuration (.%s) that selects or names tools, part of the project or not",
    async (kind, print) => {
      const own = new TestFolder();
      onTestFinished(() => own.remove());
      const { config: configOf, pull } = await stage(own, RELEASES);
      const settings = (version: string, slug: string): ToolbindConfig => ({
        ...OUTPUT,
        toolkits: { acme: { version, tools: [slug, "ACME_GET_*"], exclude: ["ACME_PING"], names: { [slug]: "open" } } },
      });
      const [before, after] = [settings(OLD, "ACME_CREATE_AN_ISSUE_ENTRY"), settings(NEW, "ACME_CREATE_ISSUE")];
      const config = { ...configOf(before), configFile: own.write(`toolbind.config.${kind}`, print(before)) };
      await pull({ settings: before, toolkits: ["acme"] });
      await generate({ source: { kind: "config", config } });
      const code = `import { open } from "./generated/acme/index.js";\nexport default () => open({ repo: "site", title: "x" });\n`;
      own.write("main.ts", code);
      const tsconfig = own.write("tsconfig.json", JSON.stringify({ compilerOptions: OPTIONS }));
      const plan = await planUpgrade(connect(config), { config, toolkits: [], project: tsconfig });
      expect(plan.complaints).toEqual([]);
      expect(await applyUpgrade(config, plan)).toMatchObject({ complaints: [], left: [], files: [] });
      expect(readFileSync(config.configFile, "utf8")).toBe(print(after));
      expect(readFileSync(join(own.path, "main.ts"), "utf8")).toBe(code);
      const now = { ...configOf(after), configFile: config.configFile };
      expect(await generate({ source: { kind: "config", config: now }, check: true })).toMatchObject({
        upToDate: true,
      });
    },
  );

  it("refuses to move a slug that the configuration computes, before anything is written", async () => {
    const own = new TestFolder();
    onTestFinished(() => own.remove());
    const { config: configOf, pull } = await stage(own, RELEASES);
    const settings = { ...OUTPUT, toolkits: { acme: { tools: ["ACME_CREATE_AN_ISSUE_ENTRY"] } } };
    const configFile = own.write("toolbind.config.ts", "export default { toolkits: { acme: { tools: make() } } };\n");
    const config = { ...configOf(settings), configFile };
    await pull({ settings: PINNED, toolkits: ["acme"] });
    const plan = await planUpgrade(connect(config), { config, toolkits: [], project: null });
    const lock = readFileSync(config.lockFile, "utf8");
    await expect(applyUpgrade(config, plan)).rejects.toMatchObject({
      code: "TB1003",
      message: expect.stringContaining("ACME_CREATE_AN_ISSUE_ENTRY"),
    });
    expect(readFileSync(config.lockFile, "utf8")).toBe(lock);
  });

  it("gives new names to keys and texts that the compiler misses, and to no others", async () => {
    const own = new TestFolder();
    onTestFinished(() => own.remove());
    const { config: configOf, pull } = await stage(own, RELEASES);
    const config = configOf(OUTPUT);
    await pull({ settings: PINNED, toolkits: ["acme"] });
    await generate({ source: { kind: "config", config } });
    const code = `import * as acme from "./generated/acme/index.js";
type Name = keyof typeof acme;
const first = <T, K extends keyof T>(of: T, name: K) => of[name];
export const labels: Partial<Record<Name, string>> = { createIssueEntry: "x" };
export const label = [labels.createIssueEntry, labels["createIssueEntry"]];
export const names = ["createIssueEntry", 'ping'] as const satisfies readonly Name[];
export const tools = [...names.map((name) => acme[name]), first(acme, "createIssueEntry")];
export function open(name: Name): boolean {
  switch (name) {
    case "createIssueEntry":
      return true;
    default:
      return false;
  }
}
export const isOpen = (name: Name): boolean => name === "createIssueEntry"; // "createIssueEntry" stays
export const mine: { createIssueEntry: "createIssueEntry" } = { createIssueEntry: "createIssueEntry" };
const loose = ["createIssueEntry", "ping"] as const;
export const late = loose.map((name) => acme[name]);
`;
    own.write("main.ts", code);
    const broken = `${code.slice(0, code.indexOf("export const label "))}const more = ;\n`;
    own.write("broken.ts", broken);
    const include = ["main.ts", "broken.ts"];
    const tsconfig = own.write("tsconfig.json", JSON.stringify({ compilerOptions: OPTIONS, include }));
    expect(await typeCheck(own, "TypeScript 7", ["main.ts"], OPTIONS)).toEqual([]);
    const plan = await planUpgrade(connect(config), { config, toolkits: [], project: tsconfig });
    const ofMain = ({ file }: { readonly file: string }): boolean => file === "main.ts";
    expect(plan.complaints.filter(ofMain).map(({ line }) => line)).toEqual(
      expect.arrayContaining([4, 5, 6, 7, 10, 16, 19]),
    );
    const applied = await applyUpgrade(config, plan);
    const lines = code.split("\n").map((line, index) => {
      if (index > 15) return line;
      return index === 15
        ? line.replace("createIssueEntry", "createIssue")
        : line.replaceAll("createIssueEntry", "createIssue");
    });
    expect(readFileSync(join(own.path, "main.ts"), "utf8")).toBe(lines.join("\n"));
    expect(applied).toMatchObject({ rewritten: 7, files: ["main.ts"], left: [] });
    const errors = await typeCheck(own, "TypeScript 7", ["main.ts"], OPTIONS);
    expect(errors.map(({ line }) => line)).toEqual([19]);
    expect(applied.complaints.filter(ofMain).map(({ line }) => line)).toEqual([19]);
    expect(readFileSync(join(own.path, "broken.ts"), "utf8")).toBe(broken);
  });

  it("keeps line ends and a byte order mark", async () => {
    const own = new TestFolder();
    onTestFinished(() => own.remove());
    const { config: configOf, pull } = await stage(own, RELEASES);
    const config = configOf(OUTPUT);
    await pull({ settings: PINNED, toolkits: ["acme"] });
    await generate({ source: { kind: "config", config } });
    const code = `\ufeffimport { ToolSlug } from "./generated/slugs.js";\r\n\r\nexport default ToolSlug.ACME_CREATE_AN_ISSUE_ENTRY;\r\n`;
    own.write("main.ts", code);
    const tsconfig = own.write("tsconfig.json", JSON.stringify({ compilerOptions: OPTIONS, include: ["main.ts"] }));
    const plan = await planUpgrade(connect(config), { config, toolkits: [], project: tsconfig });
    expect(await applyUpgrade(config, plan)).toMatchObject({ rewritten: 1, complaints: [] });
    expect(readFileSync(join(own.path, "main.ts"), "utf8")).toBe(
      code.replace("ACME_CREATE_AN_ISSUE_ENTRY", "ACME_CREATE_ISSUE"),
    );
  });

  /** A project at the old version, and everything of it that an upgrade writes. */
  async function project(): Promise<{ own: TestFolder; upgrade: () => Promise<unknown>; state: () => string[] }> {
    const own = new TestFolder();
    onTestFinished(() => own.remove());
    const { config: configOf, pull } = await stage(own, RELEASES);
    own.write("toolbind.config.json", JSON.stringify(PINNED));
    await pull({ settings: PINNED, toolkits: ["acme"] });
    await generate({ source: { kind: "config", config: configOf(PINNED) } });
    own.write("main.ts", CODE);
    own.write("other.ts", CODE);
    const tsconfig = own.write("tsconfig.json", JSON.stringify({ compilerOptions: OPTIONS, include: ["*.ts"] }));
    const files = ["main.ts", "other.ts", "toolbind.config.json", "toolbind.lock.json", "specs/acme.json"];
    return {
      own,
      upgrade: async () => {
        const config = configOf(JSON.parse(readFileSync(join(own.path, "toolbind.config.json"), "utf8")) as object);
        return applyUpgrade(config, await planUpgrade(connect(config), { config, toolkits: [], project: tsconfig }));
      },
      state: () => [...files, "generated/acme/index.ts"].map((file) => readFileSync(join(own.path, file), "utf8")),
    };
  }

  it("that cannot write one of your files leaves all of them, the snapshot and the lock as they were", async () => {
    const { own, upgrade, state } = await project();
    const before = state();
    mkdirSync(join(own.path, "other.ts.part"));
    await expect(upgrade()).rejects.toMatchObject({ code: "TB4001", message: expect.stringContaining("other.ts") });
    expect(state()).toEqual(before);
  });

  it("that could not be generated, because another toolkit disagrees, changes nothing", async () => {
    const own = new TestFolder();
    onTestFinished(() => own.remove());
    const zoo = [release("zoo", OLD, ["FEED"])];
    const { config: configOf, pull } = await stage(own, [...RELEASES, ...zoo]);
    await pull({ settings: { ...OUTPUT, toolkits: { acme: { version: OLD }, zoo: true } } });
    const config = configOf(OUTPUT);
    await generate({ source: { kind: "config", config } });
    const state = (): string[] =>
      ["acme.json", "zoo.json"].map((file) => readFileSync(join(own.path, "specs", file), "utf8"));
    const upgrade = async (now: typeof config): Promise<unknown> =>
      applyUpgrade(now, await planUpgrade(connect(now), { config: now, toolkits: ["acme"], project: null }));
    const pinned = configOf({ ...OUTPUT, toolkits: { acme: true, zoo: { version: NEW } } });
    const before = state();
    await expect(upgrade(pinned)).rejects.toMatchObject({ code: "TB2006", message: expect.stringContaining("of zoo") });
    own.write("specs/zoo.json", JSON.stringify(release("zoo", OLD, ["FEED", "WASH"])));
    await expect(upgrade(config)).rejects.toMatchObject({ code: "TB2006", message: expect.stringContaining("of zoo") });
    own.write("specs/zoo.json", before[1] as string);
    expect(state()).toEqual(before);
    expect(await upgrade(config)).toMatchObject({ stays: [] });
    expect(state()[0]).toContain(NEW);
  });

  it("that was killed after some of your code was written is completed by the next one", async () => {
    const whole = await project();
    await whole.upgrade();
    const { own, upgrade, state } = await project();
    const [main = "", , configuration = ""] = whole.state();
    own.write("main.ts", main);
    own.write("toolbind.config.json", configuration);
    expect(await upgrade()).toMatchObject({ files: ["other.ts"] });
    expect(state()).toEqual(whole.state());
  });

  it("keeps the permissions of your files, and links to them", async () => {
    const { own, upgrade } = await project();
    const [main, other] = ["main.ts", "other.ts"].map((name) => join(own.path, name)) as [string, string];
    chmodSync(main, 0o755);
    mkdirSync(join(own.path, "elsewhere"));
    renameSync(other, join(own.path, "elsewhere", "other.ts"));
    symlinkSync(join("elsewhere", "other.ts"), other);
    await upgrade();
    expect(statSync(main).mode & 0o777).toBe(0o755);
    expect(lstatSync(other).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(own.path, "elsewhere", "other.ts"), "utf8")).toContain("acme.createIssue(");
  });

  it("takes the versions that were planned, whatever has come out since", async () => {
    const own = new TestFolder();
    onTestFinished(() => own.remove());
    const { config: configOf, pull } = await stage(own, RELEASES);
    const config = configOf(OUTPUT);
    await pull({ settings: PINNED, toolkits: ["acme"] });
    const plan = await planUpgrade(connect(config), { config, toolkits: [], project: null });
    const LATER = "20260101_00";
    const later = JSON.parse(JSON.stringify(RELEASES[1]).replaceAll(NEW, LATER)) as PlatformRelease;
    const { config: configLater } = await stage(own, [...RELEASES, later]);
    await applyUpgrade(configLater(OUTPUT), plan);
    expect(readFileSync(config.lockFile, "utf8")).toContain(`"version": "${NEW}"`);
  });

  it("leaves a toolkit alone that has no tools any more, and upgrades the others", async () => {
    const own = new TestFolder();
    onTestFinished(() => own.remove());
    const bare = { toolkit: { slug: "bare", name: "Bare", meta: { version: NEW } }, tools: [] };
    const { config: configOf, pull } = await stage(own, [...RELEASES, release("bare", OLD, ["GET"]), bare]);
    const pins = { acme: { version: OLD }, bare: { version: OLD } };
    await pull({ settings: { ...OUTPUT, toolkits: pins } });
    const config = configOf(OUTPUT);
    const plan = await planUpgrade(connect(config), { config, toolkits: [], project: null });
    expect(plan.diffs.map(({ toolkit, class: kind, to }) => [toolkit, kind, to])).toEqual([
      ["acme", "breaking", NEW],
      ["bare", "breaking", NEW],
    ]);
    expect(await applyUpgrade(config, plan)).toMatchObject({ stays: ["bare"] });
    expect(JSON.parse(readFileSync(config.lockFile, "utf8"))).toMatchObject({
      toolkits: { acme: { version: NEW }, bare: { version: OLD } },
    });
  });

  it("says nothing of code that uses a custom app, and what it says twice counts twice", async () => {
    const own = new TestFolder();
    onTestFinished(() => own.remove());
    const { config: configOf, pull } = await stage(own, RELEASES);
    const settings = { ...OUTPUT, apps: ["tracker"] };
    const config = configOf(settings);
    await pull({ settings: PINNED, toolkits: ["acme"] });
    put(own, "tracker/openapi.json", {
      openapi: "3.0.3",
      info: { title: "Tracker", version: "1" },
      servers: [{ url: "https://tracker.example" }],
      paths: { "/ping": { get: { operationId: "ping", responses: { 200: { description: "Pong." } } } } },
    });
    await generate({ source: { kind: "config", config } });
    own.write(
      "main.ts",
      `import { acme, tracker } from "./generated/index.js";
import * as direct from "./generated/tracker/index.js";
export const all = [tracker.ping({}), direct.ping({}), acme.ping({})];
export async function titles(): Promise<string[]> {
  const first: string = (await acme.getIssue({ number: 1 })).title;
  const second: string = (await acme.getIssue({ number: 2 })).title;
  return [first, second];
}
`,
    );
    const tsconfig = own.write("tsconfig.json", JSON.stringify({ compilerOptions: OPTIONS, include: ["main.ts"] }));
    expect(await typeCheck(own, "TypeScript 7", ["main.ts"], OPTIONS)).toEqual([]);
    const plan = await planUpgrade(connect(config), { config, toolkits: [], project: tsconfig });
    expect(plan.complaints.map(({ line, message }) => `${line} ${message.slice(0, 6)}`)).toEqual([
      "5 TS2322",
      "6 TS2322",
    ]);
  });

  it("names files of other folders as seen from where it runs, whatever letters they have", async () => {
    const own = new TestFolder();
    onTestFinished(() => own.remove());
    const { config: configOf, pull } = await stage(own, RELEASES);
    const config = { ...configOf({ ...OUTPUT, output: "s\u00efte/generated" }), cwd: join(own.path, "cli") };
    await pull({ settings: PINNED, toolkits: ["acme"] });
    await generate({ source: { kind: "config", config } });
    own.write("s\u00efte/main.ts", CODE);
    const tsconfig = own.write("tsconfig.json", JSON.stringify({ compilerOptions: OPTIONS, include: ["s\u00efte"] }));
    const plan = await planUpgrade(connect(config), { config, toolkits: [], project: tsconfig });
    expect(reportText(plan)).toContain("\u2192 ../s\u00efte/main.ts:11:32 const { title }");
    expect(plan.complaints[0]).toMatchObject({
      file: "../s\u00efte/main.ts",
      message: expect.stringContaining('import("../s\u00efte/generated/acme/index")') as string,
    });
  });

  const TEXTS: readonly (readonly [string, string])[] = [
    ["json", `{ "toolkits": {\n  "acme": {"version":"${OLD}", "tools": ["${OLD}"]} } }`],
    ["yaml", `# Ours.\ntoolkits:\n  acme:\n    version: ${OLD} # since spring\n    tools: ["*"]\n`],
    [
      "ts",
      `import { defineConfig } from "toolbind";\n// ${OLD}\nexport default defineConfig({ toolkits: { "acme": {\n  /* kept */ version: '${OLD}' } } });\n`,
    ],
    [
      "mjs",
      `const toolkits = { acme: { version: \`${OLD}\` } };\nconst config = { toolkits };\nexport default config;\n`,
    ],
  ];

  it.each(TEXTS)("moves a pin that the configuration holds, in .%s, and nothing else of it", async (kind, source) => {
    const own = new TestFolder();
    onTestFinished(() => own.remove());
    const { config: configOf, pull } = await stage(own, RELEASES);
    const configFile = own.write(`toolbind.config.${kind}`, source);
    await pull({ settings: PINNED, toolkits: ["acme"] });
    const config = { ...configOf(PINNED), configFile };
    const plan = await planUpgrade(connect(config), { config, toolkits: ["acme"], project: null });
    expect(await applyUpgrade(config, plan)).toMatchObject({ configuration: `toolbind.config.${kind}` });
    const at = source.search(new RegExp(`(?<=version\\W{1,5})${OLD}`));
    expect(readFileSync(configFile, "utf8")).toBe(source.slice(0, at) + NEW + source.slice(at + OLD.length));
    expect(JSON.parse(readFileSync(config.lockFile, "utf8"))).toMatchObject({ toolkits: { acme: { version: NEW } } });
  });

  it.each([
    `const version = process.env["PIN"] ?? "${OLD}";\nexport default { toolkits: { acme: { version } } };\n`,
    `const more = { version: "${OLD}" };\nexport default { toolkits: { acme: { version: "${OLD}", ...more } } };\n`,
  ])("refuses to move a pin that is computed, before anything is written: %j", async (source) => {
    const own = new TestFolder();
    onTestFinished(() => own.remove());
    const { config: configOf, pull } = await stage(own, RELEASES);
    const configFile = own.write("toolbind.config.ts", source);
    await pull({ settings: PINNED, toolkits: ["acme"] });
    const config = { ...configOf(PINNED), configFile };
    const plan = await planUpgrade(connect(config), { config, toolkits: ["acme"], project: null });
    const lock = readFileSync(config.lockFile, "utf8");
    await expect(applyUpgrade(config, plan)).rejects.toMatchObject({ code: "TB1003" });
    expect([readFileSync(configFile, "utf8"), readFileSync(config.lockFile, "utf8")]).toEqual([source, lock]);
  });
});
