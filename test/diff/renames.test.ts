import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CatalogueTool } from "../../generator/catalogue/types.js";
import { findRenames } from "../../generator/diff/renames.js";
import { parseCatalogue } from "../../generator/sources/catalogue.js";

const corpus = process.env["TOOLBIND_CORPUS"];

interface Wire {
  readonly description?: string;
  readonly keys?: readonly string[];
}

function tools(entries: Readonly<Record<string, Wire>>): readonly CatalogueTool[] {
  const wire = Object.entries(entries).map(([slug, { description = "", keys = [] }]) => ({
    slug,
    description,
    toolkit: { slug: "acme" },
    version: "20250101_00",
    input_parameters: { type: "object", properties: Object.fromEntries(keys.map((key) => [key, { type: "string" }])) },
    output_parameters: {},
  }));
  const content = Buffer.from(JSON.stringify(wire));
  return parseCatalogue([{ name: "tools.json", content }]).catalogue.toolkits[0]?.tools ?? [];
}

const description = "Opens an issue in a repository and returns its number and state.";

describe("renames", () => {
  it("pairs a tool with its new name", () => {
    const before = tools({ ACME_CREATE_AN_ISSUE: { description, keys: ["owner", "repo", "title"] } });
    const after = tools({ ACME_CREATE_ISSUE: { description, keys: ["owner", "repo", "title"] } });
    expect(findRenames(before, after, new Map())).toMatchObject([
      { from: "ACME_CREATE_AN_ISSUE", to: "ACME_CREATE_ISSUE" },
    ]);
  });

  it("pairs no tools that do opposite things, however alike they are", () => {
    const before = tools({ ACME_LOCK_AN_ISSUE: { description, keys: ["owner", "repo", "number"] } });
    const after = tools({ ACME_UNLOCK_AN_ISSUE: { description, keys: ["owner", "repo", "number"] } });
    expect(findRenames(before, after, new Map())).toEqual([]);
  });

  it("pairs none where two would do", () => {
    const before = tools({ ACME_GET_ISSUE: { description, keys: ["id"] } });
    const after = tools({
      ACME_GET_THE_ISSUE: { description, keys: ["id"] },
      ACME_GET_AN_ISSUE: { description, keys: ["id"] },
    });
    expect(findRenames(before, after, new Map())).toEqual([]);
  });

  it("takes the word of a person over its own", () => {
    const before = tools({ ACME_CREATE_AN_ISSUE: { description }, ACME_PING: {} });
    const after = tools({ ACME_CREATE_ISSUE: { description }, ACME_ECHO: {} });
    const confirmed = new Map([
      ["ACME_PING", "ACME_ECHO"],
      ["ACME_CREATE_AN_ISSUE", null],
    ]);
    expect(findRenames(before, after, confirmed)).toEqual([{ from: "ACME_PING", to: "ACME_ECHO", score: 1 }]);
  });

  describe.skipIf(corpus === undefined)("on real tools (needs TOOLBIND_CORPUS)", () => {
    it("is right in 98 of 100 pairs and finds three in four", () => {
      const { right, wrong, missed } = measure(join(corpus as string, "composio", "tools.json"));
      expect(right / (right + wrong)).toBeGreaterThan(0.98);
      expect(right / (right + missed)).toBeGreaterThan(0.75);
    });
  });
});

const OTHER_VERBS: Readonly<Record<string, string>> = {
  GET: "FETCH",
  LIST: "GET_ALL",
  CREATE: "ADD",
  DELETE: "REMOVE",
  UPDATE: "EDIT",
};

/** Renames a tenth of each toolkit, removes some tools, adds others that were held back, and looks what is found. */
function measure(path: string): { right: number; wrong: number; missed: number } {
  const random = numbers(7);
  const { catalogue } = parseCatalogue([{ name: path, content: readFileSync(path) }]);
  let right = 0;
  let wrong = 0;
  let missed = 0;
  for (let round = 0; round < 10; round++) {
    for (const { tools: all } of catalogue.toolkits) {
      const slugs = new Set(all.map(({ slug }) => slug));
      const renamed = new Map<string, string>();
      const removed: CatalogueTool[] = [];
      const added: CatalogueTool[] = [];
      for (const tool of all) {
        const chance = random();
        if (chance < 0.1) added.push(tool);
        else if (chance < 0.18) removed.push(tool);
        else if (chance < 0.28) {
          const slug = otherSlug(tool.slug, random);
          if (slugs.has(slug)) continue;
          slugs.add(slug);
          renamed.set(tool.slug, slug);
          removed.push(tool);
          added.push({ ...tool, slug, description: random() < 0.5 ? tool.description : firstWords(tool.description) });
        }
      }
      const found = findRenames(removed, added, new Map());
      const correct = found.filter(({ from, to }) => renamed.get(from) === to).length;
      right += correct;
      wrong += found.length - correct;
      missed += renamed.size - correct;
    }
  }
  return { right, wrong, missed };
}

function otherSlug(slug: string, random: () => number): string {
  const [toolkit = "", verb = "", ...rest] = slug.split("_");
  const words = [verb, ...rest];
  const ways: (() => string[])[] = [
    () => words.filter((word) => !["A", "AN", "THE"].includes(word)),
    () => [OTHER_VERBS[verb] ?? verb, ...rest],
    () => words.map((word) => (word.endsWith("S") ? word.slice(0, -1) : word)),
    () => words.filter((word) => !["FOR", "OF", "IN", "THE", "A"].includes(word)),
    () => [...rest, verb],
  ];
  const way = ways[Math.floor(random() * ways.length)] as () => string[];
  return [toolkit, ...way()].join("_");
}

function firstWords(text: string): string {
  return text.split(" ").slice(0, 6).join(" ");
}

function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}
