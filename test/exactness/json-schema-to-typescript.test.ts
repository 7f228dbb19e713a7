import { readFileSync } from "node:fs";
import { compile, type JSONSchema } from "json-schema-to-typescript";
import { afterAll, describe, expect, it } from "vitest";
import { typeCheck } from "../support/compilers.js";
import { dataSchema, noCorpus, readListedTools, withoutNullable } from "../support/corpus.js";
import { generateTools, TestFolder } from "../support/generated.js";
import { isObject, type Json } from "../support/json.js";
import { rebuildSchema, without } from "../support/rebuild-schema.js";

/** Why the types of some schemas differ, each time by a fault of json-schema-to-typescript. */
interface Difference {
  readonly cause: string;
  /** Such as `GITHUB_GET_A_GIST output`. */
  readonly types: readonly string[];
}

const known = JSON.parse(readFileSync(new URL("jstt-differences.json", import.meta.url), "utf8")) as Difference[];

const SIDES = ["input", "output"] as const;

/** Without titles, which name types, and annotations, which make comments. */
function bare(schema: Json): Json {
  return rebuildSchema(withoutNullable(schema), (inner) =>
    without(inner, "title", "description", "examples", "default"),
  );
}

describe.skipIf(noCorpus)("json-schema-to-typescript as an oracle (needs TOOLBIND_CORPUS)", () => {
  const folder = new TestFolder();
  afterAll(() => folder.remove());

  it("its type of each real schema and ours are assignable to each other", async () => {
    const tools = readListedTools();
    await generateTools(folder, tools);
    let theirs = "";
    let assertions =
      'import type { ToolMap } from "./generated/tool-map.js";\nimport type * as theirs from "./theirs.js";\n';
    const asserted: string[] = [];
    for (const { slug, input_parameters, output_parameters } of tools) {
      for (const side of SIDES) {
        const schema = bare(side === "input" ? input_parameters : dataSchema(output_parameters));
        const name = `T${asserted.length / 2}`;
        const options = { additionalProperties: false, format: false, bannerComment: "" };
        const text = await compile((isObject(schema) ? schema : {}) as JSONSchema, "Root", options);
        theirs += `export namespace ${name} {\n${text}}\n`;
        const [a, b] = [`ToolMap["${slug}"]["${side}"]`, `theirs.${name}.Root`];
        assertions += `export const a${name} = (value: ${a}): ${b} => value;\nexport const b${name} = (value: ${b}): ${a} => value;\n`;
        asserted.push(
          `${slug} ${side}: ours is not assignable to theirs`,
          `${slug} ${side}: theirs is not assignable to ours`,
        );
      }
    }
    folder.write("theirs.ts", theirs);
    folder.write("assertions.ts", assertions);
    const options = {
      strict: true,
      noEmit: true,
      module: "nodenext",
      target: "es2022",
      lib: ["es2023", "dom"],
      types: [],
      skipLibCheck: true,
    };
    const errors = await typeCheck(folder, "TypeScript 7", ["assertions.ts"], options);
    const failed = errors.filter(({ file }) => file === "assertions.ts");
    const wrong = new Map(failed.map(({ line, message }) => [asserted[line - 3] as string, message]));

    const differing = new Set([...wrong.keys()].map((text) => text.split(":")[0] as string));
    const explained = new Set(known.flatMap(({ types }) => types));
    console.log(`${asserted.length} assertions, ${wrong.size} do not hold, in ${differing.size} types`);
    expect(asserted.length).toBe(tools.length * 4);
    const unexplained = [...wrong].filter(([text]) => !explained.has(text.split(":")[0] as string));
    expect(
      unexplained.slice(0, 20).map(([text, message]) => `${text}: ${message}`),
      `${unexplained.length} differences`,
    ).toEqual([]);
    expect(
      [...explained].filter((type) => !differing.has(type)),
      "listed as differing, but equal",
    ).toEqual([]);
  });

  it("the list of differences gives a cause for each", () => {
    for (const { cause, types } of known) {
      expect(cause.length).toBeGreaterThan(20);
      expect(types.length).toBeGreaterThan(0);
    }
  });
});
