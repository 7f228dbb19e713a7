import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient } from "../../runtime/index.js";
import type { Tool } from "../../runtime/tool.js";
import { type Platform, sampleFromSchema, startPlatform } from "../../testing/index.js";
import { noCorpus, readListedTools } from "../support/corpus.js";
import { generateTools, loadTools, TestFolder } from "../support/generated.js";

type AnyTool = Tool<unknown, unknown>;

describe.skipIf(noCorpus)("the real tools (skipped unless TOOLBIND_CORPUS names the real data)", () => {
  const folder = new TestFolder();
  let tools: ReadonlyMap<string, AnyTool>;
  let platform: Platform;

  beforeAll(async () => {
    const listed = readListedTools();
    await generateTools(folder, listed);
    ({ tools } = (await loadTools(folder)) as unknown as { tools: ReadonlyMap<string, AnyTool> });
    platform = await startPlatform({ snapshot: listed as never });
  });
  afterAll(async () => {
    await platform.close();
    folder.remove();
  });

  it("refuse missing arguments, and are each called once: the stand-in, by ajv, takes the arguments, and the data fits", async () => {
    const client = createClient({
      apiKey: platform.apiKey,
      baseUrl: platform.url,
      userId: "alice",
      dangerouslySkipVersionCheck: true,
      validate: { output: "strict" },
    });
    const listed = readListedTools();
    const failures: string[] = [];
    const refused = new Set<string>();
    const lacking = listed.filter(({ input_parameters: { required } }) => (required as [] | undefined)?.length);
    for (const { slug } of lacking) {
      const result = await tools.get(slug)!.safe({}, { client });
      if (!result.successful && result.error.code === "TB5010") refused.add(slug);
    }
    expect(refused.size).toBe(lacking.length);
    expect(platform.requests).toHaveLength(0);
    for (const { slug, input_parameters: input } of listed) {
      const args = sampleFromSchema(input);
      const result = await tools.get(slug)!.safe(args, { client });
      if (!result.successful) failures.push(result.error.message);
    }
    expect(failures).toEqual([]);
    expect(platform.requests).toHaveLength(listed.length);
    expect(platform.executions.map(({ slug }) => slug)).toEqual(listed.map(({ slug }) => slug));
  });
});
