import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMPILERS } from "../support/compilers.js";
import {
  dataSchema,
  noCorpus,
  readListedTools,
  readOtherTools,
  readTriggersAsTools,
  type CorpusTool,
} from "../support/corpus.js";
import { generateTools, loadTools, TestFolder } from "../support/generated.js";
import { Instances } from "../support/instances.js";
import type { Json } from "../support/json.js";
import {
  hasInheritedKey,
  typeVisible,
  wrongAssignments,
  type Assignment,
  type WrongAssignment,
} from "../support/literals.js";
import { Random, REPLAY, SEED } from "../support/random.js";
import { FEATURES } from "./type-features.js";

function described({ slug, side, value, compiles, error }: WrongAssignment): string {
  const found = compiles ? `does not compile: ${error}` : "compiles, but should not";
  return `${slug} ${side}: ${JSON.stringify(value).slice(0, 400)} ${found}`;
}

describe("Types of each feature of JSON Schema", () => {
  const folder = new TestFolder();
  const slugs = Object.keys(FEATURES).map((name, index) => [name, `FEATURE_T${index}`] as const);
  beforeAll(async () => {
    const tools = slugs.map(([name, slug]) => ({ slug, input_parameters: FEATURES[name]?.schema }));
    const { diagnostics } = await generateTools(folder, tools);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  });
  afterAll(() => folder.remove());

  it.each(COMPILERS)("%s takes what fits, and refuses what does not", async (compiler) => {
    const assignments = slugs.flatMap(([name, slug]): Assignment[] => {
      const { fits, refused, onlyTypes = [] } = FEATURES[name] as (typeof FEATURES)[string];
      const all = [fits, [...refused, ...onlyTypes]] as const;
      return all.flatMap((values, index) =>
        values.map((value) => ({ slug, side: "input", value, compiles: index === 0 })),
      );
    });
    const names = new Map<string, string>(slugs.map(([name, slug]) => [slug, name]));
    const wrong = await wrongAssignments(folder, compiler, "generated", assignments);
    expect(wrong.map((assignment) => `${names.get(assignment.slug)}: ${described(assignment)}`)).toEqual([]);
  });

  it("the validators agree", async () => {
    const { tools } = await loadTools(folder);
    const wrong: string[] = [];
    for (const [name, slug] of slugs) {
      const { fits, refused, onlyTypes = [] } = FEATURES[name] as (typeof FEATURES)[string];
      const verdict = (value: Json): boolean | undefined => tools.get(slug)?.input.safeParse(value).success;
      for (const value of [...fits, ...onlyTypes])
        if (verdict(value) !== true) wrong.push(`${name}: ${JSON.stringify(value)} refused`);
      for (const value of refused)
        if (verdict(value) !== false) wrong.push(`${name}: ${JSON.stringify(value)} accepted`);
    }
    expect(wrong).toEqual([]);
  });
});

const LITERALS = 4;
const MAX_DRAWS = 30;

/** Literals for both sides of a tool, with what an independent validator says of each. */
function assignmentsOf(tool: CorpusTool): Assignment[] {
  return [
    ...assignmentsTo(tool.slug, "input", tool.input_parameters),
    ...assignmentsTo(tool.slug, "output", dataSchema(tool.output_parameters)),
  ];
}

function assignmentsTo(slug: string, side: "input" | "output", schema: Json): Assignment[] {
  const ajv = new Ajv({ strict: false, validateFormats: false, validateSchema: false, ownProperties: true });
  const check = ajv.compile(typeVisible(schema, side) as boolean | object);
  const instances = new Instances(new Random(SEED ^ (slug.length * 7919)), schema);
  const found: Assignment[] = [];
  const count = { fits: 0, refused: 0 };
  for (let draw = 0; draw < MAX_DRAWS && (count.fits < LITERALS || count.refused < LITERALS); draw++) {
    const value = draw % 2 === 0 ? instances.valid() : instances.broken();
    // Under a key such as `toString` the compiler goes by the method, and takes the literals there for any string.
    if (hasInheritedKey(value)) continue;
    const compiles = check(value);
    const kind = compiles ? "fits" : "refused";
    if (count[kind]++ < LITERALS) found.push({ slug, side, value, compiles });
  }
  return found;
}

describe.skipIf(noCorpus)("Types of real tools (needs TOOLBIND_CORPUS)", () => {
  const folder = new TestFolder();
  afterAll(() => folder.remove());

  it.each([
    ["TypeScript 7", "listed", readListedTools, 10_000],
    ["TypeScript 5.9", "listed", () => readListedTools().filter((_, index) => index % 8 === 0), 1_000],
    ["TypeScript 7", "others", readOtherTools, 80],
    ["TypeScript 7", "triggers", readTriggersAsTools, 1_000],
  ] as const)("%s takes what fits the %s tools, and refuses what does not", async (compiler, name, read, least) => {
    const tools = read();
    const out = `${name}-${compiler.replace(/\W/g, "")}`;
    await generateTools(folder, tools, { out });
    const assignments = tools.flatMap(assignmentsOf);
    const wrong = await wrongAssignments(folder, compiler, out, assignments);
    console.log(`${compiler}, ${name}: ${assignments.length} literals; ${REPLAY}`);
    expect(wrong.slice(0, 20).map(described), `${wrong.length} of ${assignments.length}; ${REPLAY}`).toEqual([]);
    expect(assignments.length).toBeGreaterThan(least);
  });
});
