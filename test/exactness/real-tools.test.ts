import { isDeepStrictEqual } from "node:util";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  dataSchema,
  noCorpus,
  readListedTools,
  readOtherTools,
  readTriggersAsTools,
  withoutNullable,
  type CorpusTool,
} from "../support/corpus.js";
import { generateTools, loadTools, TestFolder, type LoadedTools } from "../support/generated.js";
import { Instances } from "../support/instances.js";
import { withoutProto, type Json } from "../support/json.js";
import { Random, REPLAY, SEED } from "../support/random.js";

const WANTED = 10;
const MAX_DRAWS = 60;

interface Disagreement {
  readonly slug: string;
  readonly side: string;
  readonly value: string;
  readonly ajv: boolean;
  readonly emitted: boolean | string;
}

/** What came of holding one tool's validators against ajv's. */
class Comparison {
  valid = 0;
  broken = 0;
  /** Schemas of which fewer than the wanted number of valid or of broken values were found. */
  readonly poor: string[] = [];
  readonly disagreements: Disagreement[] = [];
  readonly changed: string[] = [];
  readonly #ajv = new Ajv({
    strict: false,
    validateFormats: false,
    ownProperties: true,
    addUsedSchema: false,
    // Some real schemas list a key twice under `required`.
    validateSchema: false,
  });

  add({ slug, input_parameters, output_parameters }: CorpusTool, { tools, compile }: LoadedTools): void {
    const tool = tools.get(slug);
    if (tool === undefined) throw new Error(`${slug} was not generated`);
    this.#side(slug, "input", input_parameters, [tool.input, compile(tool.input, { strict: true })]);
    this.#side(slug, "output", dataSchema(output_parameters), [tool.output, compile(tool.output, { strict: true })]);
  }

  #side(slug: string, side: string, schema: Json, validators: readonly LoadedTool["input"][]): void {
    const check = this.#ajv.compile(withoutNullable(schema) as boolean | object);
    const instances = new Instances(new Random(SEED ^ hash(slug + side)), schema);
    let valid = 0;
    let broken = 0;
    for (let draw = 0; draw < MAX_DRAWS && (valid < WANTED || broken < WANTED); draw++) {
      const value = valid < WANTED && (broken >= WANTED || draw % 2 === 0) ? instances.valid() : instances.broken();
      const accepted = check(value);
      if (accepted ? valid >= WANTED : broken >= WANTED) continue;
      if (accepted) valid++;
      else broken++;
      for (const validator of validators) {
        const { success, data } = validator.safeParse(value);
        if (success !== accepted) {
          this.disagreements.push({
            slug,
            side,
            value: JSON.stringify(value).slice(0, 400),
            ajv: accepted,
            emitted: success,
          });
        } else if (success && !isDeepStrictEqual(withoutProto(data as Json), withoutProto(value))) {
          this.changed.push(
            `${slug} ${side}: ${JSON.stringify(value).slice(0, 200)} → ${JSON.stringify(data).slice(0, 200)}`,
          );
        }
      }
    }
    this.valid += valid;
    this.broken += broken;
    if (valid < WANTED / 2 || broken < WANTED / 2) this.poor.push(`${slug} ${side}: ${valid} valid, ${broken} broken`);
  }
}

type LoadedTool = NonNullable<ReturnType<LoadedTools["tools"]["get"]>>;

function hash(text: string): number {
  let value = 0;
  for (let index = 0; index < text.length; index++) value = (Math.imul(value, 31) + text.charCodeAt(index)) | 0;
  return value;
}

describe.skipIf(noCorpus)("Validators of real tools (needs TOOLBIND_CORPUS)", () => {
  const folder = new TestFolder();
  afterAll(() => folder.remove());

  describe.each([
    ["listed", "mini", readListedTools],
    ["others", "mini", readOtherTools],
    ["triggers", "mini", readTriggersAsTools],
    ["some", "classic", () => [...readOtherTools(), ...readListedTools().filter((_, index) => index % 10 === 0)]],
  ] as const)("%s tools over zod %s", (name, zod, read) => {
    let loaded: LoadedTools;
    let corpus: readonly CorpusTool[];
    beforeAll(async () => {
      corpus = read();
      const { diagnostics } = await generateTools(folder, corpus, { out: name, settings: { zod } });
      expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      loaded = await loadTools(folder, { out: name, zod: zod === "mini" ? "zod/mini" : "zod" });
    });

    it("agree with ajv on random values", () => {
      const comparison = new Comparison();
      for (const tool of corpus) comparison.add(tool, loaded);
      const { valid, broken, poor, disagreements, changed } = comparison;
      console.log(`${name}: ${corpus.length * 2} schemas, ${valid} valid and ${broken} broken values; ${REPLAY}`);
      expect(disagreements.slice(0, 10), `${disagreements.length} disagreements; ${REPLAY}`).toEqual([]);
      expect(changed.slice(0, 10), `${changed.length} values changed; ${REPLAY}`).toEqual([]);
      // A schema that accepts anything, or any object, leaves little to break.
      expect(poor.length, poor.slice(0, 20).join("\n")).toBeLessThan(corpus.length * 0.4);
    });
  });
});
