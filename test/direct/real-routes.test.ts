import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { selfContained } from "../../generator/catalogue/self-contained.js";
import { loadCatalogue } from "../../generator/load.js";
import { direct } from "../../runtime/direct/executor.js";
import { createClient, defineTool, type ToolWithOptionalArgs } from "../../runtime/index.js";
import * as z from "../../runtime/z.js";
import { sampleFromSchema } from "../../testing/index.js";
import { corpusPath, noCorpus } from "../support/corpus.js";

const SERVER = "https://api.acme.example/base";
const LARGEST = 500_000;
const TOOLS_OF_EACH = 20;

const folder = corpusPath("openapi");
const files = noCorpus ? [] : readdirSync(folder).filter((file) => statSync(join(folder, file)).size < LARGEST);

/** Whether an address is a route's, with something in place of each parameter. */
function isOf(address: string, path: string): boolean {
  const template = SERVER + path.split(/[?#]/)[0]!.replace(/\{[^{}]+\}/g, "PARAMETER");
  const [wanted, found] = [template, address].map((each) => new URL(each).pathname.split("/")) as [string[], string[]];
  return (
    wanted.length === found.length &&
    wanted.every((segment, index) => segment.includes("PARAMETER") || segment === found[index])
  );
}

/** Arguments for a tool; none where its schema is one that no sample is found for. */
function sampleOf(schema: unknown): object {
  try {
    return (sampleFromSchema(schema) ?? {}) as object;
  } catch {
    return {};
  }
}

describe.skipIf(noCorpus)("routes of real descriptions (skipped without TOOLBIND_CORPUS)", () => {
  it.each(files)("of %s are asked at their addresses", async (file) => {
    const settings = { formats: "annotate", patterns: "annotate" } as never;
    const source = { kind: "app", path: join(folder, file), slug: "acme", out: "none", settings } as const;
    const loaded = await loadCatalogue(source).catch(() => undefined);
    // What is no description is for the tests of the reader.
    for (const toolkit of loaded?.catalogue.toolkits ?? []) {
      const app = { ...toolkit.app!.description, schemes: [] };
      for (const { route, ...tool } of toolkit.tools.slice(0, TOOLS_OF_EACH)) {
        const here = { ...route!, servers: [{ url: SERVER }] };
        const any = (): z.Schema => z.unknown();
        const callable = defineTool<ToolWithOptionalArgs<object, unknown>>(tool.slug, () => ({
          ...tool,
          executor: direct(app, () => here),
          input: any,
          output: any,
        }));
        const seen: string[] = [];
        const client = createClient({
          fetch: async (url, { method }) => {
            seen.push(`${method} ${url}`);
            return new Response(null, { status: 204 });
          },
        });
        const args = sampleOf(selfContained(tool.input, "input"));
        const result = await callable.safe(args, { client });
        if (result.successful) {
          const [method, address] = seen[0]!.split(" ") as [string, string];
          expect([tool.slug, method, isOf(address, here.path)]).toEqual([tool.slug, here.method, true]);
        } else {
          // A sample may hold an empty text for a part of the path.
          expect(result.error.message).toMatch(/is missing or empty, and part of the path/);
        }
      }
    }
  });
});
