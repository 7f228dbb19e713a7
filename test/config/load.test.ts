import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../../generator/config/load.js";
import { ToolbindError } from "../../generator/errors.js";
import { createProject } from "./project.js";

async function load(files: Readonly<Record<string, string>>, named?: string): Promise<unknown> {
  const { folder } = createProject(files);
  return (await loadConfig(folder, named))?.config;
}

async function failure(files: Readonly<Record<string, string>>, named?: string): Promise<string> {
  const { folder } = createProject(files);
  try {
    await loadConfig(folder, named);
  } catch (error) {
    if (error instanceof ToolbindError) return `${error.code} ${error.message.replaceAll(folder, "<project>")}`;
    throw error;
  }
  throw new Error("it did not fail");
}

describe("formats", () => {
  const expected = { output: "out", toolkits: { github: { version: "20250906_01" }, gmail: true } };
  const literal = `{ output: "out", toolkits: { github: { version: "20250906_01" }, gmail: true } }`;
  const esm = `import { defineConfig } from "toolbind";\nexport default defineConfig(${literal});\n`;

  it.each<[string, string]>([
    ["toolbind.config.ts", `const x: number = 1;\nvoid x;\n${esm}`],
    [
      "toolbind.config.mts",
      `import type { ToolbindConfig } from "toolbind";\nexport default ${literal} satisfies ToolbindConfig;`,
    ],
    ["toolbind.config.js", esm],
    ["toolbind.config.mjs", esm],
    ["toolbind.config.json", JSON.stringify({ $schema: "x", ...expected })],
    ["toolbind.config.yaml", "output: out\ntoolkits:\n  github:\n    version: 20250906_01\n  gmail: true\n"],
    ["toolbind.config.yml", JSON.stringify(expected)],
  ])("%s", async (name, text) => {
    expect(await load({ [name]: text })).toEqual(expected);
  });

  it.each<[string, string]>([
    ["toolbind.config.ts", esm],
    ["toolbind.config.js", esm],
    ["toolbind.config.js", `module.exports = ${literal};`],
    ["toolbind.config.mjs", esm],
    ["toolbind.config.mts", esm],
  ])("%s in a CommonJS project", async (name, text) => {
    expect(await load({ [name]: text, "package.json": "{}" })).toEqual(expected);
  });

  it("takes a byte order mark, and a promise", async () => {
    expect(await load({ "toolbind.config.json": `\ufeff{"output":"out"}` })).toEqual({ output: "out" });
    expect(await load({ "toolbind.config.ts": `export default Promise.resolve({ output: "out" });` })).toEqual({
      output: "out",
    });
  });

  it("may be a YAML file of comments, as every key has a default", async () => {
    expect(await load({ "toolbind.config.yaml": "# nothing yet\n" })).toEqual({});
  });

  it("drops what is undefined", async () => {
    expect(await load({ "toolbind.config.ts": "export default { output: undefined };" })).toEqual({});
  });
});

describe("where it is found", () => {
  it("is undefined where there is none", async () => {
    expect(await load({})).toBeUndefined();
  });

  it("looks up to the package the folder belongs to, and no further", async () => {
    const { folder } = createProject({
      "toolbind.config.json": `{"output":"outer"}`,
      "src/deep/file.ts": "",
      "packages/inner/package.json": "{}",
      "packages/inner/src/file.ts": "",
    });
    expect((await loadConfig(join(folder, "src/deep")))?.config).toEqual({ output: "outer" });
    expect(await loadConfig(join(folder, "packages/inner/src"))).toBeUndefined();
  });

  it("takes the file that is named", async () => {
    const files = { "toolbind.config.json": "{}", "other/some.yaml": "output: other\n" };
    expect(await load(files, "other/some.yaml")).toEqual({ output: "other" });
  });

  it("refuses two in one folder", async () => {
    expect(await failure({ "toolbind.config.json": "{}", "toolbind.config.ts": "export default {};" })).toBe(
      "TB1006 More than one configuration: toolbind.config.ts, toolbind.config.json at <project>. " +
        "Fix: remove all but one, or name one with `--config FILE`.",
    );
  });

  it("reports a given one that is missing or of an unknown kind", async () => {
    expect(await failure({}, "none.ts")).toBe(
      "TB1002 There is no configuration at none.ts. Fix: check the path given with `--config`.",
    );
    expect(await failure({ "some.toml": "" }, "some.toml")).toMatch(
      /^TB1002 .*unknown type of file at some\.toml: expected .*\.ts/,
    );
    expect(await failure({ "dir/x": "" }, "dir")).toMatch(/^TB1002 The configuration is not a file at dir/);
  });
});

describe("files that cannot be read", () => {
  it.each<[string, string, string]>([
    [
      "toolbind.config.json",
      `{\n  "output": "x",\n}`,
      "does not parse as JSON at toolbind.config.json:3:1: expected a key in double quotes, received `}`.",
    ],
    [
      "toolbind.config.json",
      `{\n  "output": "x"\n  "zod": "mini" }`,
      'toolbind.config.json:3:3: expected `,` or `}`, received `"`.',
    ],
    [
      "toolbind.config.json",
      `{\n  // hello\n  "output": "x" }`,
      "toolbind.config.json:2:3: expected a key in double quotes or `}`, received `//`.",
    ],
    [
      "toolbind.config.json",
      `{ "output": `,
      "toolbind.config.json:1:13: expected a value, received the end of the file.",
    ],
    ["toolbind.config.json", `{} {}`, "toolbind.config.json:1:4: expected nothing more, received `{`."],
    [
      "toolbind.config.json",
      `{\n\t"output": "x",\n\t"output": "y" }`,
      "has the key `output` twice at toolbind.config.json:3:2. Fix: remove one of them.",
    ],
    [
      "toolbind.config.yaml",
      `output: x\noutput: y\n`,
      "does not parse as YAML (Map keys must be unique) at toolbind.config.yaml:2:1.",
    ],
    [
      "toolbind.config.json",
      `{\n<<<<<<< HEAD\n  "output": "x"\n=======\n  "output": "y"\n>>>>>>> other\n}`,
      "does not parse at toolbind.config.json:2:1: received merge conflict markers. Fix: resolve the conflict.",
    ],
    [
      "toolbind.config.yaml",
      `zod: mini\n<<<<<<< HEAD\noutput: x\n=======\noutput: y\n>>>>>>> other\n`,
      "does not parse at toolbind.config.yaml:2:1: received merge conflict markers. Fix: resolve the conflict.",
    ],
    ["toolbind.config.yml", `output: [x\n`, "at toolbind.config.yml:"],
    [
      "toolbind.config.ts",
      `const x = 1;\nexport default { output: = };`,
      `does not parse (Unexpected "=") at toolbind.config.ts:2:26.`,
    ],
    [
      "toolbind.config.ts",
      `export const config = {};`,
      "has no default export at toolbind.config.ts. Fix: end it with",
    ],
    [
      "toolbind.config.ts",
      `import { x } from "no-such-package";\nexport default { output: x };`,
      "imports `no-such-package`, which cannot be found at toolbind.config.ts. Fix: run `npm install --save-dev no-such-package`.",
    ],
    [
      "toolbind.config.ts",
      `import { x } from "./nowhere.js";\nexport default { output: x };`,
      "which cannot be found at toolbind.config.ts. Fix: correct the path.",
    ],
  ])("%s: %j", async (name, text, message) => {
    const found = await failure({ [name]: text });
    expect(found).toMatch(/^TB1002 The configuration /);
    expect(found).toContain(message);
  });

  it.each(["toolbind.config.ts", "toolbind.config.js"])("%s of a CommonJS project, without a default", async (name) => {
    const found = await failure({ [name]: `export const config = { output: "out" };`, "package.json": "{}" });
    expect(found).toMatch(/^TB1002 The configuration has no default export at toolbind\.config\../);
  });
});

describe("mistakes", () => {
  it.each<[string, string]>([
    ["toolbind.config.ts", `export default {\n  toolkit: { github: true },\n};`],
    ["toolbind.config.js", `export default {\n  toolkit: { github: true },\n};`],
    ["toolbind.config.json", `{\n  "toolkit": { "github": true }\n}`],
    ["toolbind.config.yaml", `# hello\n  toolkit: { github: true }`],
  ])("finds a misspelt key in %s", async (name, text) => {
    expect(await failure({ [name]: text })).toBe(
      `TB1003 Unknown key \`toolkit\` at ${name}:2:3. Fix: did you mean \`toolkits\`?`,
    );
  });

  it.each<[string, string]>([
    [
      `{ nothingLike: 1 }`,
      "Unknown key `nothingLike` at toolbind.config.ts:1:18. Fix: remove it; the keys here are `output`,",
    ],
    [
      `{ toolkits: { github: { tool: [] } } }`,
      "Unknown key `toolkits.github.tool` at toolbind.config.ts:1:40. Fix: did you mean `toolkits.github.tools`?",
    ],
    [
      `{ toolkits: { "a-b": { version: "latest" } } }`,
      '`toolkits["a-b"].version` at toolbind.config.ts:1:39: expected a dated version such as `20250906_01`, received "latest".',
    ],
    [
      `{ toolkits: { github: { tools: ["A",\n 3] } } }`,
      "Invalid value for `toolkits.github.tools[1]` at toolbind.config.ts:2:2: expected a string, received 3.",
    ],
    [
      `{ toolkits: { github: false } }`,
      "Invalid value for `toolkits.github` at toolbind.config.ts:1:30: expected true or an object, received false.",
    ],
    [
      `{ toolkits: ["github"] }`,
      "Invalid value for `toolkits` at toolbind.config.ts:1:18: expected an object, received a list.",
    ],
    [`{ zod: "minni" }`, 'expected "mini" or "classic", received "minni". Fix: did you mean `"mini"`?'],
    [`{ output: "" }`, 'expected a non-empty string, received "".'],
    [`{ output: () => 1 }`, "expected a string, received a function."],
    [`{ validate: { output: true } }`, 'expected "off" or "warn" or "strict", received true.'],
    [`{ platform: { baseUrl: "ftp://x" } }`, 'expected an `http` or `https` URL, received "ftp://x".'],
    [`{ platform: { headers: { a: 1 } } }`, "expected a string, received 1."],
    [
      `{ platform: { concurrency: 0 } }`,
      "Invalid value for `platform.concurrency` at toolbind.config.ts:1:30: expected a whole number from 1 to 32, received 0.",
    ],
    [`{ apps: [1] }`, "expected a string, received 1."],
    [`{ formats: "asert" }`, 'expected "annotate" or "assert", received "asert". Fix: did you mean `"assert"`?'],
    [`{ patterns: true }`, 'expected "accept" or "check", received true.'],
    [
      `{ schemaMap: { "schemas": "dir" } }`,
      'Invalid key `schemaMap.schemas` at toolbind.config.ts:1:31: expected a URL such as `https://example.com/schemas`, received "schemas".',
    ],
    [`{ schemaMap: { "https://example.com": "" } }`, 'expected a non-empty string, received "".'],
    [`{ $schema: "x" }`, "Unknown key `$schema`"],
    [`null`, "Invalid configuration at toolbind.config.ts: expected an object, received null."],
    [`[]`, "expected an object, received a list."],
    [`() => ({})`, "expected an object, received a function."],
  ])("%s", async (value, message) => {
    const found = await failure({ "toolbind.config.ts": `export default ${value};` });
    expect(found).toMatch(/^TB1003 /);
    expect(found).toContain(message);
  });

  it("names the key path where the text does not spell the key out", async () => {
    const files = {
      "toolbind.config.ts": `import { github } from "./github.js";\nexport default { ["toolkits"]: { github } };`,
      "github.ts": `export const github = { tols: [] };`,
    };
    expect(await failure(files)).toContain(
      "Unknown key `toolkits.github.tols` at toolbind.config.ts#toolkits.github.tols.",
    );
  });

  it("names all of them, in the order of the file", async () => {
    expect(await failure({ "toolbind.config.yaml": "zod: maxi\noutput: 3\nemits: js\n" })).toBe(
      [
        "TB1003 3 mistakes in toolbind.config.yaml:",
        '  - Invalid value for `zod` at toolbind.config.yaml:1:1: expected "mini" or "classic", received "maxi".',
        "  - Invalid value for `output` at toolbind.config.yaml:2:1: expected a string, received 3.",
        "  - Unknown key `emits` at toolbind.config.yaml:3:1. Fix: did you mean `emit`?.",
      ]
        .join("\n")
        .replace("?.", "?"),
    );
  });
});
