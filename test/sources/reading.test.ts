import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { loadCatalogue } from "../../generator/load.js";
import { emitSettings } from "../../generator/config/resolve.js";
import type { CatalogueTool } from "../../generator/catalogue/types.js";
import type { TestFolder } from "../support/generated.js";
import { createFolder, generateFrom, generateOf, put, snapshot, tool, tree } from "../support/project.js";

async function read(folder: TestFolder, path: string): ReturnType<typeof loadCatalogue> {
  const settings = emitSettings({});
  return loadCatalogue({ kind: "catalogue", path: join(folder.path, path), out: join(folder.path, "out"), settings });
}

async function readOf(content: unknown): ReturnType<typeof loadCatalogue> {
  const folder = createFolder();
  put(folder, "tools.json", content);
  return read(folder, "tools.json");
}

/** The only tool of a catalogue of one. */
async function readTool(entry: object): Promise<CatalogueTool> {
  const { catalogue } = await readOf([entry]);
  return catalogue.toolkits[0]?.tools[0] as CatalogueTool;
}

async function owners(content: unknown): Promise<Record<string, string[]>> {
  const { catalogue } = await readOf(content);
  return Object.fromEntries(catalogue.toolkits.map(({ slug, tools }) => [slug, tools.map((each) => each.slug)]));
}

describe("forms of a catalogue", () => {
  const plain = tool("GITHUB_GET_USER");

  it.each([
    ["an array", [plain]],
    ["{items}", { items: [plain], next_cursor: null, total_items: 1 }],
    ["one tool", plain],
    ["a snapshot", snapshot("github", [plain])],
    ["an array, with a byte order mark and CRLF", `\ufeff${JSON.stringify([plain], null, 2).replaceAll("\n", "\r\n")}`],
  ])("reads %s", async (_, content) => {
    expect(await owners(content)).toEqual({ github: ["GITHUB_GET_USER"] });
  });

  it("warns of a listing whose last page is not there", async () => {
    const page = (slug: string, next: object): object => ({ items: [tool(slug)], total_items: 2, ...next });
    const folder = createFolder();
    put(folder, "specs/a.json", page("GITHUB_A", { next_cursor: "Mg" }));
    const { diagnostics } = await read(folder, "specs");
    expect(diagnostics).toMatchObject([{ code: "TB2016", severity: "warning" }]);
    expect(diagnostics[0]?.message).toMatch(/specs\/a\.json#\/next_cursor: .* Fix: request a higher `limit`/);
    put(folder, "specs/b.json", page("GITHUB_B", { next_cursor: null }));
    put(folder, "specs/toolkits.json", { items: [{ slug: "github", name: "GitHub" }], next_cursor: "Mg" });
    expect(await read(folder, "specs")).toMatchObject({
      diagnostics: [],
      catalogue: { toolkits: [{ slug: "github" }] },
    });
  });

  it("reads every JSON file of a folder, and lets one lie that is something else", async () => {
    const folder = createFolder();
    put(folder, "specs/github.json", snapshot("github", [plain]));
    put(folder, "specs/more.json", [tool("SLACK_SEND")]);
    put(folder, "specs/openapi.json", { openapi: "3.0.0", paths: {} });
    put(folder, "specs/settings.json", { theme: "dark" });
    put(folder, "specs/.hidden.json", "not JSON");
    put(folder, "specs/notes.txt", "not JSON");
    const { catalogue, diagnostics } = await read(folder, "specs");
    expect(catalogue.toolkits.map(({ slug }) => slug)).toEqual(["github", "slack"]);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code: "TB2003", severity: "warning" });
    expect(diagnostics[0]?.message).toMatch(
      /^File left out at .*specs\/settings\.json: expected tools, toolkits or .*, received other JSON\./,
    );
  });

  it("reads the toolkits.json beside a file, be its entries full or minimal", async () => {
    for (const extra of [{}, { meta: { version: "20250202_00" }, auth_schemes: ["OAUTH2"] }]) {
      const folder = createFolder();
      put(folder, "tools.json", [tool("GOOGLE_MAPS_SEARCH", { version: undefined }), tool("GOOGLE_LOGIN")]);
      put(folder, "toolkits.json", { items: [{ slug: "google_maps", name: "Google Maps", ...extra }] });
      const { catalogue, diagnostics } = await read(folder, "tools.json");
      expect(catalogue.toolkits.map(({ slug, name }) => [slug, name])).toEqual([
        ["google", "google"],
        ["google_maps", "Google Maps"],
      ]);
      expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    }
  });
});

describe("the toolkit of a tool", () => {
  const toolkit = (slug: string): object => ({ slug, name: slug, meta: {} });

  it("is the one it names, in lower case", async () => {
    expect(await owners([tool("X_Y", { toolkit: { slug: "GitHub" } })])).toEqual({ github: ["X_Y"] });
    expect(await owners([tool("X_Y", { toolkit_slug: "Slack" })])).toEqual({ slack: ["X_Y"] });
    expect(await owners([tool("X_Y", { toolkitSlug: "slack" })])).toEqual({ slack: ["X_Y"] });
    expect(await owners([tool("X_Y", { appKey: "slack" })])).toEqual({ slack: ["X_Y"] });
  });

  it("is else the longest known slug that is a whole-word prefix", async () => {
    const toolkits = ["google", "google_maps", "goo", "google_map"].map(toolkit);
    expect(await owners([tool("GOOGLE_MAPS_SEARCH"), tool("GOOGLE_MAPSTER"), tool("GOOGLE_X"), ...toolkits])).toEqual({
      google: ["GOOGLE_MAPSTER", "GOOGLE_X"],
      google_maps: ["GOOGLE_MAPS_SEARCH"],
    });
  });

  it("is known too where only another tool names it", async () => {
    expect(await owners([tool("GOOGLE_MAPS_A"), tool("GOOGLE_MAPS_B", { toolkit: { slug: "google_maps" } })])).toEqual({
      google_maps: ["GOOGLE_MAPS_A", "GOOGLE_MAPS_B"],
    });
  });

  it("is found by a slug with hyphens", async () => {
    expect(await owners([tool("MY_KIT_GET"), toolkit("my-kit")])).toEqual({ "my-kit": ["MY_KIT_GET"] });
  });

  it("is else the first word, a leading underscore included", async () => {
    expect(await owners([tool("_21RISK_GET_USER"), tool("SLACK"), tool("SLACK_SEND")])).toEqual({
      _21risk: ["_21RISK_GET_USER"],
      slack: ["SLACK", "SLACK_SEND"],
    });
  });

  it.each([
    ["climbing", "../../etc"],
    ["empty", ""],
    ["a number", 42],
    ["a list", ["github"]],
    ["an object", {}],
  ])("is refused where it is %s", async (_, slug) => {
    const { diagnostics, catalogue } = await readOf([tool("GITHUB_A", { toolkit: { slug } }), tool("GITHUB_B")]);
    expect(catalogue.toolkits.map(({ tools }) => tools.length)).toEqual([1]);
    expect(diagnostics).toMatchObject([{ code: "TB2004", severity: "error" }]);
    expect(diagnostics[0]?.message).toMatch(
      /^GITHUB_A left out at .*tools\.json#\/0\/toolkit\/slug: expected the slug of a toolkit/,
    );
  });
});

describe("the fields of a tool", () => {
  it("are read by their old and their new names", async () => {
    const input = { type: "object", properties: { q: { type: "string" } } };
    for (const key of ["input_parameters", "inputParameters", "parameters", "input_schema"]) {
      const read = await readTool({ slug: "A_B", input_parameters: undefined, output_parameters: {}, [key]: input });
      expect(read.input.document).toEqual(input);
      expect(read.input.location.pointer).toBe(`/0/${key}`);
    }
    for (const key of ["output_parameters", "outputParameters", "responseSchema", "response", "output_schema"]) {
      const read = await readTool({ slug: "A_B", input_parameters: {}, [key]: { type: "string" } });
      expect(read.output?.document).toEqual({ type: "string" });
    }
  });

  it("name the newest of the available versions where they name no dated one", async () => {
    const versions = ["20250101_00", "20250301_00", "20250201_01", "latest"];
    expect((await readTool(tool("A_B", { version: "latest", available_versions: versions }))).version).toBe(
      "20250301_00",
    );
    expect((await readTool(tool("A_B", { version: "20250101_00", available_versions: versions }))).version).toBe(
      "20250101_00",
    );
  });

  it("leave a toolkit unpinned, with one warning, where there is no dated version", async () => {
    const { catalogue, diagnostics } = await readOf([
      tool("A_B", { version: "latest" }),
      tool("A_C", { version: undefined }),
    ]);
    expect(catalogue.toolkits[0]).toMatchObject({ version: null, tools: [{ version: null }, { version: null }] });
    expect(diagnostics).toMatchObject([{ code: "TB2008", severity: "warning" }]);
  });

  it("leave a toolkit unpinned whose version is the one that stands for whatever there is today", async () => {
    const { catalogue, diagnostics } = await readOf([
      tool("A_B", { version: "00000000_00", available_versions: ["00000000_00"] }),
    ]);
    expect(catalogue.toolkits[0]).toMatchObject({ version: null, tools: [{ version: null }] });
    expect(diagnostics).toMatchObject([{ code: "TB2008" }]);
  });

  it("warn of a tool without a version among others that have one", async () => {
    const { catalogue, diagnostics } = await readOf([tool("A_B"), tool("A_C", { version: undefined }), tool("A_D")]);
    expect(catalogue.toolkits[0]?.tools[1]).toMatchObject({ slug: "A_C", version: null });
    expect(diagnostics).toMatchObject([
      {
        code: "TB2008",
        severity: "warning",
        message: expect.stringMatching(/^Toolkit a has a tool without.*#\/1[.:]/),
      },
    ]);
  });

  it("tell hints, scopes, deprecation and authentication", async () => {
    const tags = ["readOnlyHint", "idempotentHint", "repos", 5, null];
    const read = await readTool(tool("A_B", { tags, scopes: ["repo", 7], is_deprecated: true, no_auth: true }));
    expect(read).toMatchObject({
      tags: ["readOnlyHint", "idempotentHint", "repos"],
      hints: { readOnly: true, idempotent: true },
      scopes: ["repo"],
      deprecated: true,
      noAuth: true,
    });
    const bare = await readTool(
      tool("A_B", { tags: "readOnlyHint", scopes: {}, deprecated: { is_deprecated: false } }),
    );
    expect(await readTool(tool("A_B", { deprecated: { is_deprecated: true } }))).toMatchObject({ deprecated: true });
    expect(bare).toMatchObject({ tags: [], hints: {}, scopes: [], deprecated: false, noAuth: false });
  });
});

describe("arguments listed flat, each with a `required` of its own", () => {
  const flat = async (parameters: unknown): Promise<unknown> =>
    (await readTool({ slug: "A_B", parameters })).input.document;

  it("become a schema", async () => {
    expect(await flat({ b: { type: "string", required: true }, a: { type: "number", description: "x" } })).toEqual({
      type: "object",
      properties: { a: { type: "number", description: "x" }, b: { type: "string" } },
      required: ["b"],
    });
  });

  it("may be called like keywords of JSON Schema", async () => {
    const names = [
      "id",
      "items",
      "required",
      "enum",
      "not",
      "const",
      "additionalProperties",
      "if",
      "definitions",
      "allOf",
      "$ref",
    ];
    const parameters = Object.fromEntries(names.map((name) => [name, { type: "string", required: true }]));
    expect(await flat(parameters)).toMatchObject({ type: "object", required: names.sort() });
    expect(await flat({ id: { type: "string" }, properties: { type: "object" } })).toMatchObject({
      properties: { id: { type: "string" }, properties: { type: "object" } },
    });
  });

  it("may be called __proto__", async () => {
    const document = await flat(JSON.parse('{"__proto__": {"type": "string", "required": true}}'));
    expect(JSON.stringify(document)).toBe(
      '{"type":"object","properties":{"__proto__":{"type":"string"}},"required":["__proto__"]}',
    );
  });

  it.each([
    ["a reference", { $ref: "#/$defs/a", $defs: { a: { type: "object" } } }],
    ["a map", { additionalProperties: { type: "string" } }],
    ["a negation", { not: { type: "string" } }],
    ["items", { items: { type: "string" } }],
    ["nothing", {}],
  ])("are not seen in a schema that is %s", async (_, schema) => {
    expect(await flat(schema)).toEqual(schema);
  });
});

describe("the schema of what a tool returns", () => {
  const outputType = async (output: unknown): Promise<string> => {
    const folder = createFolder();
    await generateOf(folder, [tool("A_B", { output_parameters: output })]);
    const text = tree(join(folder.path, "out"))["a/index.ts"] ?? "";
    return (/export (?:type BOutput = .*|interface BOutput \{[^}]*\})/.exec(text)?.[0] ?? "none").replace(/\s+/g, " ");
  };
  const envelope = (data: unknown, more: object = {}): object => ({
    type: "object",
    properties: { data, successful: { type: "boolean" }, error: { type: "string" } },
    ...more,
  });

  it("is that of `data` in an envelope", async () => {
    expect(
      await outputType(envelope({ type: "object", properties: { id: { type: "number" } }, required: ["id"] })),
    ).toBe("export interface BOutput { id: number; }");
    expect(await outputType({ properties: { data: { type: "string" }, successfull: {} } })).toBe(
      "export type BOutput = string;",
    );
    expect(await outputType(envelope(true))).toBe("export type BOutput = unknown;");
  });

  it("keeps the root's definitions in reach", async () => {
    const output = envelope(
      { $ref: "#/$defs/User" },
      { $defs: { User: { type: "object", properties: { id: { type: "number" } } } } },
    );
    expect(await outputType(output)).toBe("export interface BOutput { id?: number; }");
  });

  it("is found where the root refers to the envelope, or has it as its one part", async () => {
    const data = { type: "object", properties: { id: { $ref: "#/$defs/a~1b%20c" } } };
    const $defs = {
      "a/b c": { type: "number" },
      Answer: envelope(data),
      Alias: { allOf: [{ $ref: "#/$defs/Answer" }] },
    };
    for (const root of [{ $ref: "#/$defs/Answer" }, { $ref: "#/$defs/Alias" }, { allOf: [envelope(data)] }])
      expect(await outputType({ ...root, $defs })).toBe("export interface BOutput { id?: number; }");
    const loop = { $ref: "#/$defs/A", $defs: { A: { $ref: "#/$defs/A" } } };
    expect(await outputType(loop)).toBe("none");
  });

  it("is the whole where there is no envelope", async () => {
    expect(await outputType({ type: "array", items: { type: "string" } })).toBe("export type BOutput = string[];");
    expect(await outputType({ type: "object", properties: { data: { type: "string" } } })).toBe(
      "export interface BOutput { data?: string; }",
    );
  });

  it("may be a boolean, empty or absent", async () => {
    expect(await outputType(true)).toBe("export type BOutput = unknown;");
    expect(await outputType(false)).toBe("export type BOutput = never;");
    expect(await outputType({})).toBe("export type BOutput = unknown;");
    expect(await outputType(null)).toBe("export type BOutput = unknown;");
    expect(await outputType(undefined)).toBe("export type BOutput = unknown;");
  });
});

it("a toolkit whose tools are all left out is imported nowhere", async () => {
  const folder = createFolder();
  await generateOf(folder, [tool("A_B", { input_parameters: "none" }), tool("C_D")]);
  expect(tree(join(folder.path, "out"))["tool-map.ts"]).not.toContain("./a/");
});

describe("what is broken", () => {
  it("is reported with source and pointer and left out; the rest is generated", async () => {
    const folder = createFolder();
    const bad = { type: "object", properties: { "a/b~c": { type: "strnig" } } };
    const result = await generateOf(folder, [
      tool("GOOD_ONE"),
      tool("bad slug"),
      tool(42),
      tool(undefined),
      tool("GOOD_BAD_SCHEMA", { input_parameters: bad }),
      tool("GOOD_BAD_OUTPUT", { output_parameters: bad }),
      tool("GOOD_STRING_SCHEMA", { input_parameters: "object" }),
      tool("GOOD_ARRAY_SCHEMA", { output_parameters: [] }),
      tool("GOOD_BAD_REFERENCE", { input_parameters: { $ref: "#/$defs/none" } }),
      null,
      7,
    ]);
    expect(result.tools).toBe(1);
    const messages = result.diagnostics
      .map(({ code, message }) => `${code} ${message.replaceAll(folder.path, "")}`)
      .sort();
    expect(messages.map((message) => message.replace(/: expected.*/s, ""))).toEqual([
      "TB2004 GOOD_ARRAY_SCHEMA left out at /catalogue.json#/7/output_parameters",
      "TB2004 GOOD_STRING_SCHEMA left out at /catalogue.json#/6/input_parameters",
      "TB2004 Tool left out at /catalogue.json#/1/slug",
      "TB2004 Tool left out at /catalogue.json#/10/slug",
      "TB2004 Tool left out at /catalogue.json#/2/slug",
      "TB2004 Tool left out at /catalogue.json#/3/slug",
      "TB2004 Tool left out at /catalogue.json#/9/slug",
      "TB3001 GOOD_BAD_OUTPUT left out at /catalogue.json#/5/output_parameters/properties/a~1b~0c/type",
      "TB3001 GOOD_BAD_SCHEMA left out at /catalogue.json#/4/input_parameters/properties/a~1b~0c/type",
      "TB3002 GOOD_BAD_REFERENCE left out at /catalogue.json#/8/input_parameters/$ref",
    ]);
    expect(messages.every((message) => /: expected .+, received .+\. Fix: .+\.$/s.test(message))).toBe(true);
    expect(Object.keys(tree(join(folder.path, "out")))).toContain("good/index.ts");
  });

  it("fails under `strict`, and nothing is written", async () => {
    const folder = createFolder();
    const result = await generateOf(folder, [tool("A_B"), tool("bad slug")], { strict: true });
    expect(result.diagnostics).toHaveLength(1);
    expect(tree(join(folder.path, "out"))).toEqual({});
  });

  it("is a slug given twice, unless both say the same", async () => {
    const same = tool("A_B");
    const reordered = Object.fromEntries(Object.entries(same).reverse());
    expect((await readOf([same, reordered, same])).diagnostics).toEqual([]);
    const { catalogue, diagnostics } = await readOf([same, tool("A_B", { description: "other" }), tool("A_C")]);
    expect(catalogue.toolkits[0]?.tools.map(({ slug }) => slug)).toEqual(["A_C"]);
    expect(diagnostics).toMatchObject([{ code: "TB2005", severity: "error" }]);
    expect(diagnostics[0]?.message).toMatch(
      /^A_B left out at .*#\/0: expected one entry per slug, received 2 that differ \(.*#\/0, .*#\/1\)\. Fix/,
    );
  });

  it("is a slug of any length, said briefly", async () => {
    const { diagnostics } = await readOf([tool("x".repeat(1_000_000)), tool("A_B"), tool(["x".repeat(1_000_000)])]);
    for (const { message } of diagnostics) expect(message.length).toBeLessThan(500);
    expect(diagnostics).toHaveLength(2);
  });
});

describe("a catalogue that cannot be read", () => {
  const failure = async (content: unknown): Promise<string> => {
    const folder = createFolder();
    put(folder, "tools.json", content);
    const error = await generateFrom(folder, "tools.json").then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(tree(join(folder.path, "out"))).toEqual({});
    const { code, message, name } = error as { code: string; message: string; name: string };
    expect(name).toBe("ToolbindError");
    return `${code} ${message.replaceAll(`${folder.path}/`, "")}`;
  };

  it.each([
    [
      "cut short",
      '[\n  {"slug": "A_B",\n',
      "TB2002 Catalogue is not JSON at tools.json:3:1: expected a key in double quotes, received the end of the file. Fix",
    ],
    [
      "wrong somewhere",
      '[\r\n  {"slug": A}\r\n]',
      'TB2002 Catalogue is not JSON at tools.json:2:12: expected a value, received "A}\\r\\n]". Fix',
    ],
    [
      "wrong after a byte order mark",
      "\ufeff[1,]",
      'TB2002 Catalogue is not JSON at tools.json:1:4: expected a value, received "]". Fix',
    ],
    [
      "HTML",
      "\n<!DOCTYPE html><html></html>",
      "TB2002 Catalogue is not JSON at tools.json:2:1: expected a value, received an HTML page. Fix",
    ],
    [
      "in the middle of a merge",
      '{\n<<<<<<< HEAD\n  "tools": []\n=======\n  "tools": [1]\n>>>>>>> other\n}\n',
      "TB2002 Catalogue is not JSON at tools.json:2:1: expected JSON, received merge conflict markers. Fix: resolve the conflict, or fetch the version that the lock pins with `toolbind pull`",
    ],
    ["empty", "", "TB2002 Catalogue is not JSON at tools.json:1:1: expected a value, received an empty file. Fix"],
    ["an array of numbers", "[1, 2]", "TB2003 No tools found at tools.json: expected an array of tools"],
    ["an empty array", "[]", "TB2003 No tools found at tools.json"],
    ["null", "null", "TB2003 No tools found at tools.json"],
    ["a string", '"tools"', "TB2003 No tools found at tools.json"],
    ["an answer that refuses", '{"error": {"message": "Unauthorized"}}', "TB2003 No tools found at tools.json"],
    [
      "UTF-16 text",
      Buffer.from("\ufeff[]", "utf16le"),
      "TB2002 Catalogue cannot be used at tools.json: expected UTF-8 text, received UTF-16 text. Fix: save it as",
    ],
    [
      "text in Latin-1",
      Buffer.from('[\n  {"slug": "A_B", "name": "Zoë"}\n]', "latin1"),
      "TB2002 Catalogue cannot be used at tools.json:2:30: expected UTF-8 text, received other bytes. Fix: save it as",
    ],
    [
      "packed",
      gzipSync("[]"),
      "TB2002 Catalogue cannot be used at tools.json: expected UTF-8 text, received a gzip archive. Fix: unpack it",
    ],
  ])("is %s", async (_, content, message) => {
    expect(await failure(content)).toContain(message);
  });

  it("is cut short inside a string of 40 MB", async () => {
    expect(await failure(`["${"\\n".repeat(20_000_000)}`)).toContain("TB2002 Catalogue is not JSON at tools.json:1:2");
    expect(await failure(`["${"x".repeat(40_000_000)}", }`)).toContain(
      "TB2002 Catalogue is not JSON at tools.json:1:40000006",
    );
  });

  it("is not a pipe, which may never end", async () => {
    const folder = createFolder();
    put(folder, "specs/github.json", [tool("GITHUB_A")]);
    execFileSync("mkfifo", [join(folder.path, "specs/pipe.json")]);
    expect(await generateFrom(folder, "specs")).toMatchObject({ tools: 1, diagnostics: [] });
  });

  it("is missing, or a folder without JSON", async () => {
    const folder = createFolder();
    put(folder, "empty/readme.md", "");
    put(folder, "odd/folder.json/readme.md", "");
    await expect(generateFrom(folder, "none.json")).rejects.toMatchObject({
      code: "TB2001",
      message: expect.stringContaining("received nothing at that path"),
    });
    await expect(generateFrom(folder, "package.json/none")).rejects.toMatchObject({ code: "TB2001" });
    await expect(generateFrom(folder, "empty")).rejects.toMatchObject({
      code: "TB2003",
      message: expect.stringContaining("a folder with JSON files"),
    });
    await expect(generateFrom(folder, "odd")).rejects.toMatchObject({ code: "TB2001" });
  });
});
