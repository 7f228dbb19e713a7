import { gzipSync } from "node:zlib";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

const RUNTIME = join(import.meta.dirname, "../../runtime");
/** Bytes, minified and gzipped, of a program that calls one small tool: zod/mini, the runtime and the tool. */
const MOST = 11_950;
const PROGRAM = `
  import { defineTool } from "./tool.js";
  import * as z from "./z.js";
  const tool = /*#__PURE__*/ defineTool({ slug: "A_B", toolkit: "a", version: "20250906_01", description: "",
    input: () => z.looseObject({ a: z.string(), b: z.optional(z.array(z.string())) }), output: () => z.unknown() });
  await tool({ a: "b" });
`;
/** A word that is in a program only if the feature is. */
const FEATURES = {
  batch: "concurrency is",
  "by-slug": "withTools",
  files: "new_presigned_url",
  hooks: "TB5012",
  logging: "is tried again",
  paginate: "TB5024",
  proxy: "binary_body",
} as const;

async function bundle(contents: string, external: string[] = ["zod", "zod/*"]): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: RUNTIME, loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    logLevel: "error",
    external,
  });
  return outputFiles[0]!.text;
}

describe("a program that calls one tool", () => {
  it(`has at most ${MOST} bytes`, async () => {
    expect(gzipSync(await bundle(PROGRAM, [])).length).toBeLessThan(MOST);
  });

  it("carries no feature that it does not use", async () => {
    const text = await bundle(PROGRAM);
    for (const [feature, word] of Object.entries(FEATURES)) expect(text.includes(word), feature).toBe(false);
    const all = await bundle(`export * from "./index.js";`);
    for (const [feature, word] of Object.entries(FEATURES)) expect(all.includes(word), feature).toBe(true);
  });
});

describe("the runtime", () => {
  it("needs no module of Node's", async () => {
    const { metafile } = await build({
      entryPoints: [join(RUNTIME, "index.ts"), join(RUNTIME, "node.ts"), join(RUNTIME, "z.ts")],
      bundle: true,
      write: false,
      outdir: RUNTIME,
      format: "esm",
      metafile: true,
      external: ["zod", "zod/*"],
    });
    const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
    const packages = imports.filter(({ external }) => external).map(({ path }) => path);
    expect([...new Set(packages)].every((path) => path === "zod" || path.startsWith("zod/"))).toBe(true);
  });
});
