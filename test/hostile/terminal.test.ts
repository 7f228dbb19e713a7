import { afterAll, beforeAll, expect, test } from "vitest";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { escapeJson, plain } from "../../generator/text/plain.js";
import { toolbind } from "../cli/run.js";
import { TestFolder } from "../support/generated.js";

/** Steers a terminal, a runner of CI, or who is told of a pull request. */
const TEXT =
  "\r\n::error::x\u2028::error::x\n  ::add-mask::x \u001b[31m\u202e ##[error]x ##vso[task.x]x\r::error::x @acme/all #1 ```";
const ACTIVE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e]|^\s*::|##(?:\[|vso\[)/m;

const tool = {
  slug: "EVIL_ONE",
  name: TEXT,
  description: TEXT,
  toolkit: { slug: "evil", name: TEXT },
  version: "20250906_01",
  tags: [TEXT],
  scopes: [TEXT],
  input_parameters: {
    type: "object",
    properties: { [TEXT]: { type: "string", description: TEXT, default: TEXT, enum: [TEXT], format: TEXT } },
  },
  output_parameters: {},
};
const broken = [
  { ...tool, slug: TEXT },
  { ...tool, slug: "EVIL_TWO", input_parameters: { properties: { [TEXT]: { type: TEXT, $ref: TEXT } } } },
  { ...tool, slug: "EVIL_THREE", input_parameters: { properties: { [TEXT]: { pattern: `(${TEXT}` } } } },
];

function description(version: string): string {
  const parameters = [{ name: "a", in: "query", schema: { enum: [`${version}${TEXT}`] } }];
  return JSON.stringify({
    openapi: "3.1.0",
    info: { title: TEXT, version: `${version}${TEXT}`, description: TEXT },
    servers: [{ url: "https://api.example.com" }],
    paths: {
      "/a": { get: { operationId: "a", summary: TEXT, parameters, responses: {} } },
      [`/b${TEXT}`]: { get: { operationId: TEXT, parameters: [{ name: TEXT, in: TEXT }], [TEXT]: 1 } },
    },
  });
}

let folder: TestFolder;

beforeAll(() => {
  folder = new TestFolder();
  mkdirSync(join(folder.path, "specs/composio"), { recursive: true });
  folder.write("toolbind.config.json", "{}");
  const toolkit = { slug: "evil", name: TEXT, meta: { description: TEXT, version: "20250906_01" } };
  folder.write("specs/composio/evil.json", JSON.stringify({ toolkit, tools: [tool, ...broken] }));
  folder.write("api.json", description("1"));
  folder.write("new.json", description("2"));
});

afterAll(() => folder.remove());

test.each([
  [["add", "api.json", "--name", "app"], 0],
  [["check"], 3],
  [["generate"], 0],
  [["list"], 0],
  [["list", "evil"], 0],
  [["list", "app"], 0],
  [["search", "x"], 0],
  [["show", "EVIL_ONE"], 0],
  [["show", "APP_A"], 0],
  [["diff", "app", "--with", "new.json"], 3],
  [["diff", "app", "--with", "new.json", "--markdown"], 3],
  [["connect", "app", "--scheme", "none"], 1],
  [["generate", "--openapi", "new.json", "--name", "app", "--out", "other"], 0],
])("nothing of a description that %j prints steers a terminal or a runner of CI", async (args, code) => {
  for (const flags of [[], ["--json"]]) {
    const run = await toolbind([...args, ...flags], { cwd: folder.path });
    expect(run.code, run.stderr).toBe(code);
    expect(ACTIVE.exec(run.stdout)).toBeNull();
    expect(ACTIVE.exec(run.stderr)).toBeNull();
  }
});

test("a report for a pull request notifies nobody, and stays one item a line", async () => {
  const { stdout } = await toolbind(["diff", "app", "--with", "new.json", "--markdown"], { cwd: folder.path });
  expect(stdout).toContain("@&#8203;acme/all #&#8203;1 \\`\\`\\`");
  expect(stdout).not.toMatch(/[@#](?=acme|1)/);
  for (const line of stdout.trimEnd().split("\n")) expect(line).toMatch(/^(?:$|### `app` |\d+ \w+|<\/?details| *- )/);
});

test("JSON means the same", () => {
  const json = JSON.stringify({ [TEXT]: TEXT });
  expect(escapeJson(json)).not.toMatch(ACTIVE);
  expect(JSON.parse(escapeJson(json))).toEqual(JSON.parse(json));
  expect(plain("a :: b # c ## d\n## e")).toBe("a :: b # c ## d\n## e");
});
