import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { emitSettings } from "../generator/config/resolve.js";
import { generate } from "../generator/run.js";
import type { TestFolder } from "./support/generated.js";
import { isObject, setOwn, type Json, type JsonObject } from "./support/json.js";
import { createFolder, generateFrom, put, tool, tree } from "./support/project.js";
import { Random, REPLAY, SEED } from "./support/random.js";

const root = fileURLToPath(new URL("..", import.meta.url));

const DYNAMIC = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "https://example.com/tree",
  $dynamicAnchor: "node",
  type: "object",
  properties: { children: { type: "array", items: { $dynamicRef: "#node" } } },
};
const RELATIVE = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $dynamicAnchor: "node",
  properties: { next: { $dynamicRef: "#node" }, 10: {}, 9: {}, b: {}, "-1": {} },
  unevaluatedProperties: false,
};

/** Tools from the bundled snapshot, and some whose output could depend on where they were read. */
function catalogue(): JsonObject[] {
  const bundled = ["github", "gmail", "slack"].flatMap((slug) => {
    const text = readFileSync(join(root, `specs/composio/${slug}.json`), "utf8");
    return (JSON.parse(text) as { tools: JsonObject[] }).tools.slice(0, 15);
  });
  const names = ["X_GET_A_B", "X_GET_THE_B", "X_GET_B", "X_GET__B", "X_DELETE"].map((slug) => tool(slug));
  const schemas = [tool("Y_TREE", { input_parameters: DYNAMIC }), tool("Y_NEXT", { input_parameters: RELATIVE })];
  const broken = [
    tool("Z_TWICE"),
    tool("Z_TWICE", { description: "other" }),
    tool("Z_BAD", { input_parameters: { type: 1 } }),
    tool("Z_OK"),
  ];
  return [...bundled, ...names, ...schemas, ...broken] as JsonObject[];
}

const TOOLKITS = [
  { slug: "github", name: "GitHub", meta: { version: "20250909_00", description: "b" } },
  { slug: "github", name: "GitHub", meta: { version: "20250808_00", description: "a" } },
  { slug: "x", name: "X", meta: { version: "20250101_00" } },
];

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  return items
    .map((item) => [random.next(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

/** The same value with the keys of every object in another order. */
function reordered(random: Random, value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => reordered(random, item));
  if (!isObject(value)) return value;
  const copy = {};
  for (const [key, item] of shuffled(random, Object.entries(value))) setOwn(copy, key, reordered(random, item));
  return copy;
}

function output(folder: TestFolder, out: string): Record<string, string> {
  return tree(join(folder.path, out));
}

async function expected(folder: TestFolder): Promise<Record<string, string>> {
  put(folder, "first/tools.json", catalogue());
  put(folder, "first/toolkits.json", TOOLKITS);
  const { diagnostics } = await generateFrom(folder, "first/tools.json", { out: "expected" });
  expect(diagnostics.map(({ code }) => code).sort()).toEqual(["TB2005", "TB3001"]);
  const files = output(folder, "expected");
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining(["github/index.ts", "y/index.ts", "toolbind.manifest.json"]),
  );
  return files;
}

describe("the same tools give the same bytes", () => {
  it("in any order, with the keys of every object in any order, in one file or in many", async () => {
    const folder = createFolder();
    const first = await expected(folder);
    const random = new Random(SEED);
    for (let round = 0; round < 6; round++) {
      const entries = shuffled(random, [...catalogue(), ...TOOLKITS]).map((entry) => reordered(random, entry));
      put(folder, `single${round}.json`, { items: entries });
      await generateFrom(folder, `single${round}.json`, { out: `single${round}` });
      expect(output(folder, `single${round}`), REPLAY).toEqual(first);
      const many = Array.from({ length: 7 }, () => [] as Json[]);
      for (const entry of entries) random.pick(many).push(entry);
      for (const [index, part] of many.filter((part) => part.length > 0).entries()) {
        put(folder, `many${round}/${random.integer(0, 1e9)}-${index}.json`, part);
      }
      await generateFrom(folder, `many${round}`, { out: `many${round}-out` });
      expect(output(folder, `many${round}-out`), REPLAY).toEqual(first);
    }
  });

  it("wherever they lie and however their path is given", async () => {
    const folder = createFolder();
    const first = await expected(folder);
    put(folder, "other place/ü/deep/tools.json", catalogue());
    put(folder, "other place/ü/deep/toolkits.json", TOOLKITS);
    await generateFrom(folder, "other place/ü/deep/tools.json", { out: "elsewhere" });
    expect(output(folder, "elsewhere")).toEqual(first);
    const path = relative(process.cwd(), join(folder.path, "first/tools.json"));
    const settings = emitSettings({ runtime: "package" });
    await generate({
      source: { kind: "catalogue", path, out: relative(process.cwd(), join(folder.path, "relative")), settings },
    });
    expect(output(folder, "relative")).toEqual(first);
    for (const text of Object.values(first)) {
      expect(text).not.toContain(basename(folder.path));
      expect(text).not.toContain("tools.json");
    }
  });

  it("on machines of other places and languages", async () => {
    const folder = createFolder();
    const first = await expected(folder);
    const program = put(
      folder,
      "program.mjs",
      `const { generate } = await import(${JSON.stringify(new URL("../generator/run.ts", import.meta.url).href)});
      const settings = ${JSON.stringify(emitSettings({ runtime: "package" }))};
      await generate({ source: { kind: "catalogue", path: "../first/tools.json", out: process.argv[2], settings } });`,
    );
    put(folder, "cwd/.keep", "");
    const places = [
      { TZ: "Pacific/Kiritimati", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" },
      { TZ: "America/St_Johns", LANG: "C", LC_ALL: "POSIX" },
    ];
    for (const [index, place] of places.entries()) {
      const out = join(folder.path, `place${index}`);
      execFileSync(process.execPath, ["--import", import.meta.resolve("tsx"), program, out], {
        cwd: join(folder.path, "cwd"),
        env: { ...process.env, ...place },
      });
      expect(output(folder, `place${index}`)).toEqual(first);
    }
  });

  it("over an older output, too", async () => {
    const folder = createFolder();
    const first = await expected(folder);
    put(folder, "less.json", catalogue().slice(0, 9));
    await generateFrom(folder, "less.json", { out: "over" });
    await generateFrom(folder, "first/tools.json", { out: "over" });
    expect(output(folder, "over")).toEqual(first);
  });
});
