import { describe, expect, it } from "vitest";
import { createPatternCheck } from "../../generator/schema/patterns.js";
import { packageRoot } from "../../generator/package.js";
import {
  createFolder,
  exportedNames,
  generateOf,
  generateProject,
  put,
  snapshot,
  tool,
  tree,
} from "../support/project.js";

const ENDLESS = "^(a+)+$";
const QUADRATIC = "^.*\\s+$";

function withInput(slug: string, input: object): Record<string, unknown> {
  return tool(slug, { input_parameters: input });
}

const TOOLS = [
  withInput("APP_SAFE", {
    properties: {
      a: {
        pattern: "^a+$",
        default: { pattern: ENDLESS },
        enum: [{ pattern: ENDLESS }],
        examples: [{ pattern: ENDLESS }],
      },
    },
    patternProperties: { "^x-": {} },
  }),
  withInput("APP_KEYWORD", { properties: { a: { type: "string", pattern: ENDLESS } } }),
  withInput("APP_KEYS", { properties: { a: { patternProperties: { [QUADRATIC]: {} } } } }),
  withInput("APP_REFERRED", { $defs: { b: { pattern: ENDLESS } }, properties: { a: { $ref: "#/$defs/b" } } }),
  tool("APP_ANSWER", { output_parameters: { type: "string", pattern: ENDLESS } }),
];

describe("patterns", () => {
  it("are accepted unless they are to be checked", async () => {
    const { diagnostics, tools } = await generateOf(createFolder(), TOOLS);
    expect({ diagnostics, tools }).toEqual({ diagnostics: [], tools: TOOLS.length });
  });

  it("that may run for ever leave their tools out", async () => {
    const folder = createFolder();
    const { diagnostics } = await generateOf(folder, TOOLS, { settings: { patterns: "check" } });
    expect(exportedNames(tree(`${folder.path}/out/app`)["index.ts"] ?? "")).toEqual(["safe"]);
    expect(diagnostics.map(({ code, severity, at }) => [code, severity, at?.pointer])).toEqual([
      ["TB3005", "error", "/4/output_parameters/pattern"],
      ["TB3005", "error", "/2/input_parameters/properties/a/patternProperties/^.*\\s+$"],
      ["TB3005", "error", "/1/input_parameters/properties/a/pattern"],
      ["TB3005", "error", "/3/input_parameters/$defs/b/pattern"],
    ]);
    const messages = diagnostics.map(({ message }) => message.replaceAll(folder.path, "")).sort();
    expect(messages[2]).toMatch(
      /^APP_KEYWORD left out at .*: expected a regular expression that takes linear time, received `\^\(a\+\)\+\$`, which takes exponential time\. Fix: /,
    );
    expect(messages[1]).toContain("which takes polynomial time");
  });

  it("are checked where the configuration enables it", async () => {
    const folder = createFolder();
    put(folder, "specs/app.json", snapshot("app", TOOLS));
    const { diagnostics, tools } = await generateProject(folder, { patterns: "check" });
    expect({ tools, left: diagnostics.filter(({ code }) => code === "TB3005").length }).toEqual({ tools: 1, left: 4 });
  });
});

describe("the check of patterns", () => {
  it("judges each pattern as it is compiled", () => {
    const faultOf = createPatternCheck([packageRoot()]);
    expect(faultOf(/^\p{L}+$/u)).toBeUndefined();
    expect(faultOf(/^(\w+\s?)*$/)).toBe("`^(\\w+\\s?)*$`, which takes exponential time");
    expect(faultOf(/^(\w+\s?)*$/)).toBe("`^(\\w+\\s?)*$`, which takes exponential time");
  });

  it("finds fault with what it cannot judge", () => {
    const faultOf = createPatternCheck([packageRoot()]);
    expect(faultOf(/^\p{Script=Kawi}$/u)).toMatch(/, which cannot be analysed \(\w+\)$/);
  });

  it("leaves the environment as it is", () => {
    const before = { ...process.env };
    createPatternCheck([packageRoot()])(/a*/);
    expect(process.env).toEqual(before);
  });

  it("names the package that it needs", () => {
    expect(() => createPatternCheck(["/nowhere"])).toThrow(
      "Patterns cannot be checked without the package `recheck`. Fix: run `npm install --save-dev recheck`.",
    );
  });
});
