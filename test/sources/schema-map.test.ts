import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { emitSettings } from "../../generator/config/resolve.js";
import { emit } from "../../generator/emit/output.js";
import { generate, type GenerateResult } from "../../generator/run.js";
import type { TestFolder } from "../support/generated.js";
import { createFolder, generateProject, put, snapshot, tool } from "../support/project.js";

vi.mock("../../generator/emit/output.js", { spy: true });
vi.mock("../../generator/fingerprint.js", async (importOriginal) => ({
  ...(await importOriginal<typeof import("../../generator/fingerprint.js")>()),
  // There is none where the program runs from its source.
  fingerprintInputs: () => () => "the same",
}));

const URL = "https://example.com/schemas";
const INPUT = { properties: { a: { $ref: `${URL}/name.json` }, b: { $ref: `${URL}/sub/other#/$defs/b` } } };
const toolkit = { slug: "app" };
const TOOLS = [tool("APP_MAPPED", { input_parameters: INPUT, toolkit }), tool("APP_OTHER", { toolkit })];

function createProject(): TestFolder {
  const folder = createFolder();
  put(folder, "specs/app.json", snapshot("app", TOOLS));
  put(folder, "conf/schemas/name.json", { enum: ["one"] });
  put(folder, "conf/schemas/sub/other.json", { $defs: { b: { type: "integer" } } });
  return folder;
}

function run(folder: TestFolder): Promise<GenerateResult> {
  return generateProject(folder, { schemaMap: { [URL]: "conf/schemas" } }, { cwd: join(folder.path, "specs") });
}

function textOf(folder: TestFolder, out: string = "out"): string {
  return readFileSync(join(folder.path, out, "app", "index.ts"), "utf8");
}

beforeEach(() => void vi.mocked(emit).mockClear());

describe("schemaMap", () => {
  it("leads to folders beside the configuration, as --schema-map does to folders", async () => {
    const folder = createProject();
    const { diagnostics } = await run(folder);
    expect(diagnostics).toEqual([]);
    expect(textOf(folder)).toContain('a?: "one";');
    expect(textOf(folder)).toContain("b?: number;");
    await generate({
      source: {
        kind: "catalogue",
        path: join(folder.path, "specs/app.json"),
        out: join(folder.path, "other"),
        settings: emitSettings({ runtime: "package" }),
        schemaMap: { [URL]: join(folder.path, "conf/schemas") },
      },
    });
    expect(textOf(folder, "other")).toBe(textOf(folder));
  });

  it("a document that is not JSON is named with the location", async () => {
    const folder = createProject();
    const file = put(folder, "conf/schemas/name.json", '{\n  "enum": [one]\n}');
    await expect(run(folder)).rejects.toMatchObject({
      code: "TB2002",
      message: expect.stringContaining(`${file}:2:12`),
    });
  });

  it("leads to documents in YAML too", async () => {
    const folder = createFolder();
    const input = { properties: { a: { $ref: `${URL}/name.yaml#/Name` } } };
    put(
      folder,
      "specs/app.json",
      snapshot("app", [tool("APP_MAPPED", { input_parameters: input, toolkit: { slug: "app" } })]),
    );
    const file = put(folder, "conf/schemas/name.yaml", "Name: &name\n  enum: [one]\nOther: *name\n");
    expect((await run(folder)).diagnostics).toEqual([]);
    expect(textOf(folder)).toContain('a?: "one";');
    put(folder, "conf/schemas/name.yaml", "Name:\n  enum: [one\n");
    await expect(run(folder)).rejects.toMatchObject({
      code: "TB2002",
      message: expect.stringContaining(`${file}:3:1`),
    });
  });

  it("an invalid path leads nowhere", async () => {
    const folder = createFolder();
    const input = { properties: { a: { $ref: `${URL}/%zz` }, b: { $ref: `${URL}/..%2f..%2fsecret.json` } } };
    put(folder, "specs/app.json", snapshot("app", [tool("APP_T", { input_parameters: input })]));
    put(folder, "secret.json", {});
    mkdirSync(join(folder.path, "conf/schemas"), { recursive: true });
    const { diagnostics } = await run(folder);
    expect(diagnostics.map(({ code }) => code)).toEqual(["TB3002"]);
  });
});

describe("a run with nothing to do", () => {
  async function emits(folder: TestFolder): Promise<number> {
    vi.mocked(emit).mockClear();
    await run(folder);
    return vi.mocked(emit).mock.calls.length;
  }

  it("ends early as long as the mapped documents are the same", async () => {
    const folder = createProject();
    expect(await emits(folder)).toBe(1);
    expect(await emits(folder)).toBe(0);
    put(folder, "conf/schemas/unused.json", {});
    expect(await emits(folder)).toBe(0);
  });

  it("sees that a mapped document has changed", async () => {
    const folder = createProject();
    await run(folder);
    put(folder, "conf/schemas/sub/other.json", { $defs: { b: { type: "boolean" } } });
    expect(await emits(folder)).toBe(1);
    expect(textOf(folder)).toContain("b?: boolean;");
    expect(await emits(folder)).toBe(0);
  });

  it("sees that a mapped document is gone, is there again, and that another comes before it", async () => {
    const folder = createProject();
    await run(folder);
    rmSync(join(folder.path, "conf/schemas/sub/other.json"));
    expect(await emits(folder)).toBe(1);
    expect(await emits(folder)).toBe(0);
    put(folder, "conf/schemas/sub/other/index.json", { $defs: { b: { type: "string" } } });
    expect(await emits(folder)).toBe(1);
    expect(textOf(folder)).toContain("b?: string;");
    put(folder, "conf/schemas/sub/other.json", { $defs: { b: { type: "boolean" } } });
    expect(await emits(folder)).toBe(1);
    expect(textOf(folder)).toContain("b?: boolean;");
  });
});
