import { gzipSync } from "node:zlib";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

const RUNTIME = join(import.meta.dirname, "../../runtime");
/** Bytes, minified and gzipped, of a program that calls one small tool: zod/mini, the runtime and the tool. */
const MOST = 12_000;
/** The same of one that also calls an app directly. */
const MOST_DIRECT = 25_000;
const PROGRAM = `
  import { defineTool } from "./tool.js";
  import * as z from "./z.js";
  const tool = /*#__PURE__*/ defineTool("A_B", () => ({ toolkit: "a", version: "20250906_01", description: "",
    input: () => z.looseObject({ a: z.string(), b: z.optional(z.array(z.string())) }), output: () => z.unknown() }));
  await tool({ a: "b" });
`;
/** A word that is in a program only if the feature is. */
const FEATURES = {
  apps: "toolbind connect",
  batch: "concurrency is",
  "by-slug": "withTools",
  files: "new_presigned_url",
  fixes: "connected_accounts/link",
  hooks: "TB5012",
  logging: "is retried, attempt",
  paginate: "TB5024",
  proxy: "binary_body",
  "schema-hooks": "InputSchema",
} as const;

/** A program that calls an app directly: with an API key, and with OAuth. */
const DIRECT = `
  import { direct } from "./direct/executor.js";
  const app = { slug: "a", name: "A", servers: [{ url: "https://a.example" }], schemes: [] };
  export const executor = direct(app, () => ({ method: "GET", path: "/" }));
`;

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

  it("pays little for alternatives", async () => {
    const plain = gzipSync(await bundle(PROGRAM, [])).length;
    const alternatives = PROGRAM.replace("z.unknown()", "z.anyOf([z.string(), z.array(z.string())])");
    expect(gzipSync(await bundle(alternatives, [])).length - plain).toBeLessThan(600);
  });

  it("carries no feature that it does not use", async () => {
    const text = await bundle(PROGRAM);
    for (const [feature, word] of Object.entries(FEATURES)) expect(text.includes(word), feature).toBe(false);
    const all = await bundle(`export * from "./index.js"; export * from "./direct/index.js";`);
    for (const [feature, word] of Object.entries(FEATURES)) expect(all.includes(word), feature).toBe(true);
  });
});

describe("a program that calls an app directly", () => {
  it("carries OAuth only where its app has it", async () => {
    const external = ["zod", "zod/*", "oauth4webapi"];
    expect((await bundle(DIRECT, external)).includes("oauth4webapi")).toBe(false);
    const withOAuth = `import { oauth2 } from "./direct/oauth.js"; ${DIRECT.replace("schemes: []", "schemes: [], authorisers: { OAUTH2: oauth2 }")}`;
    expect((await bundle(withOAuth, external)).includes("oauth4webapi")).toBe(true);
  });

  it(`has at most ${MOST_DIRECT} bytes`, async () => {
    expect(gzipSync(await bundle(PROGRAM + DIRECT, [])).length).toBeLessThan(MOST_DIRECT);
  });
});

describe("the runtime", () => {
  it("needs no module of Node's", async () => {
    const { metafile } = await build({
      entryPoints: ["index.ts", "node.ts", "z.ts", "direct/index.ts"].map((file) => join(RUNTIME, file)),
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
