import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { corpusPath, noCorpus, readCorpus } from "../support/corpus.js";
import { generateTools, loadTools, TestFolder, type LoadedTools, type Validator } from "../support/generated.js";
import { isObject, type Json } from "../support/json.js";

const DRAFTS = {
  draft4: { uri: "http://json-schema.org/draft-04/schema#", optional: 194 },
  draft6: { uri: "http://json-schema.org/draft-06/schema#", optional: 271 },
  draft7: { uri: "http://json-schema.org/draft-07/schema#", optional: 422 },
  "draft2019-09": { uri: "https://json-schema.org/draft/2019-09/schema", optional: 509 },
  "draft2020-12": { uri: "https://json-schema.org/draft/2020-12/schema", optional: 516 },
} as const;
type Draft = keyof typeof DRAFTS;

interface ExpectedFailure {
  readonly draft: string;
  readonly file: string;
  readonly group: string;
  readonly test: string;
  readonly reason: string;
}

interface Group {
  readonly description: string;
  readonly schema: Json;
  readonly tests: readonly { readonly description: string; readonly data: Json; readonly valid: boolean }[];
}

interface Case {
  readonly draft: Draft;
  readonly file: string;
  readonly slug: string;
  readonly group: Group;
}

const expectedFailures = JSON.parse(
  readFileSync(new URL("expected-failures.json", import.meta.url), "utf8"),
) as ExpectedFailure[];

function casesOf(draft: Draft, ...below: readonly string[]): Case[] {
  const folder = ["json-schema-test-suite", "tests", draft, ...below];
  if (!existsSync(corpusPath(...folder))) return [];
  const files = readdirSync(corpusPath(...folder)).filter((name) => name.endsWith(".json"));
  return files.sort().flatMap((file) => {
    const groups = readCorpus(...folder, file) as unknown as Group[];
    const prefix = `SUITE_${file.replace(/\W/g, "_").toUpperCase()}`;
    return groups.map((group, index): Case => ({
      draft,
      file: [...below, file].join("/"),
      slug: `${prefix}_${index}`,
      group,
    }));
  });
}

/** The suite's schemas are of the draft whose folder they stand in, whether they say so or not. */
function schemaOf({ draft, group: { schema } }: Case): Json {
  return isObject(schema) ? { $schema: DRAFTS[draft].uri, ...schema } : schema;
}

/** The verdict, or what was thrown instead of one. */
function verdict(validator: Validator, data: Json): boolean | string {
  try {
    return validator.safeParse(data).success;
  } catch (error) {
    return String(error);
  }
}

class Suite {
  readonly #folder = new TestFolder();
  readonly #loaded = new Map<string, LoadedTools>();

  /** Each of the suite's schemas as the input of a tool. */
  async load(name: string, cases: readonly Case[], zod: "mini" | "classic" = "mini"): Promise<void> {
    const tools = cases.map((entry) => ({
      slug: entry.slug,
      toolkit: { slug: "suite" },
      input_parameters: schemaOf(entry),
    }));
    const schemaMap = { "http://localhost:1234": corpusPath("json-schema-test-suite", "remotes") };
    await generateTools(this.#folder, tools, { out: name, schemaMap, settings: { zod } });
    this.#loaded.set(name, await loadTools(this.#folder, { out: name, zod: zod === "mini" ? "zod/mini" : "zod" }));
  }

  /** Disagreements with the suite, by draft, file, group and test. */
  failures(
    name: string,
    cases: readonly Case[],
  ): { total: number; failures: ExpectedFailure[]; compiledDiffers: string[] } {
    const { tools, compile } = this.#loaded.get(name) as LoadedTools;
    const failures: ExpectedFailure[] = [];
    const compiledDiffers: string[] = [];
    let total = 0;
    for (const { draft, file, slug, group } of cases) {
      const validator = tools.get(slug)?.input;
      const compiled = validator && compile(validator, { strict: true });
      for (const { description, data, valid } of group.tests) {
        total++;
        const got = validator === undefined ? "left out" : verdict(validator, data);
        if (compiled !== undefined && verdict(compiled, data) !== got)
          compiledDiffers.push(`${file}: ${group.description}: ${description}`);
        if (got === valid) continue;
        failures.push({
          draft,
          file,
          group: group.description,
          test: description,
          reason: `expected ${valid}, got ${got}`,
        });
      }
    }
    return { total, failures, compiledDiffers };
  }

  remove(): void {
    this.#folder.remove();
  }
}

describe.skipIf(noCorpus)("JSON Schema Test Suite (needs TOOLBIND_CORPUS)", () => {
  const drafts = Object.keys(DRAFTS) as Draft[];
  const suite = new Suite();
  afterAll(() => suite.remove());

  describe.each(drafts)("%s", (draft) => {
    const required = noCorpus ? [] : casesOf(draft);
    const optional = noCorpus ? [] : [...casesOf(draft, "optional"), ...casesOf(draft, "optional", "format")];
    beforeAll(async () => {
      await suite.load(draft, required);
      await suite.load(`${draft}-optional`, optional);
    });

    it("required tests: every verdict is the suite's", () => {
      const { total, failures, compiledDiffers } = suite.failures(draft, required);
      const isListed = (list: readonly ExpectedFailure[], { file, group, test }: ExpectedFailure): boolean =>
        list.some(
          (other) => other.draft === draft && other.file === file && other.group === group && other.test === test,
        );
      const listed = expectedFailures.filter((entry) => entry.draft === draft);
      console.log(`${draft}: ${total - failures.length} of ${total} required tests`);
      expect(total).toBeGreaterThan(500);
      expect(failures.filter((failure) => !isListed(listed, failure))).toEqual([]);
      expect(
        listed.filter((entry) => !isListed(failures, entry)),
        "listed as failing, but passing",
      ).toEqual([]);
      expect(compiledDiffers, "z.compile gives another verdict").toEqual([]);
    });

    it("over classic zod every verdict is the same", async () => {
      await suite.load(`${draft}-classic`, required, "classic");
      expect(suite.failures(`${draft}-classic`, required)).toEqual(suite.failures(draft, required));
    });

    it("optional tests: no fewer agree than before", () => {
      const { total, failures, compiledDiffers } = suite.failures(`${draft}-optional`, optional);
      console.log(`${draft}: ${total - failures.length} of ${total} optional tests (formats are annotations)`);
      expect(total - failures.length).toBeGreaterThanOrEqual(DRAFTS[draft].optional);
      expect(compiledDiffers, "z.compile gives another verdict").toEqual([]);
    });
  });

  it("the list of expected failures gives a reason for each", () => {
    for (const { reason } of expectedFailures) expect(reason.length).toBeGreaterThan(20);
  });
});
