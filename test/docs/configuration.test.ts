import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../generator/config/load.js";
import { resolveConfig } from "../../generator/config/resolve.js";
import { configJsonSchema } from "../../generator/config/schema.js";
import { generate } from "../../generator/run.js";
import { createProject } from "../config/project.js";
import { codeIn, placeOf, readBlocks, readPages, ROOT, rowsOf, sectionOf } from "./markdown.js";

const page = readPages().get("docs/configuration.md") ?? "";
const examples = readBlocks().filter(({ info: [, file = ""] }) => /^toolbind\.config\.\w+$/.test(file));

describe("a configuration that a page shows is valid", () => {
  test.each(examples.map((block) => [placeOf(block), block] as const))("%s", async (_, { info, text }) => {
    const project = createProject({ [info[1] as string]: text });
    const loaded = await loadConfig(project.folder);
    const source = { kind: "config", config: resolveConfig(loaded?.config ?? {}, place(project.folder)) } as const;
    const config = { ...source.config, snapshotDir: `${ROOT}specs/composio` };
    const { tools } = await generate({ source: { kind: "config", config }, check: true });
    expect(tools).toBeGreaterThan(0);
  });
});

test("every block that looks like a configuration is checked as one", () => {
  const unchecked = readBlocks().filter(({ info: [language = "", file], text }) => {
    return (language === "json" || language === "yaml" || text.includes("defineConfig(")) && file === undefined;
  });
  expect(unchecked.map(placeOf)).toEqual([]);
});

test("the page has every key, with its default", () => {
  const { properties } = configJsonSchema() as { properties: object };
  const rows = rowsOf(sectionOf(page, "## Keys"));
  const keys = Object.keys(properties).filter((key) => key !== "$schema");
  expect(rows.map(([key = ""]) => codeIn(key)[0])).toEqual(keys);

  const { settings, outDir, snapshotDir, apps } = resolveConfig({}, place("/project"));
  const resolved: Readonly<Record<string, unknown>> = {
    ...settings,
    output: outDir.slice(9),
    snapshot: snapshotDir.slice(9),
    apps,
  };
  for (const [key = "", shown = ""] of rows) {
    const [name = ""] = codeIn(key);
    const [value] = codeIn(shown);
    if (value === undefined) expect(resolved, name).not.toHaveProperty(name);
    else expect(JSON.parse(value.replace(/(\w+):/g, '"$1":')), name).toEqual(resolved[name]);
  }
});

test("the page has every key of a toolkit's selection", () => {
  type Selections = { properties: { toolkits: { additionalProperties: { anyOf: { properties?: object }[] } } } };
  const { properties } = configJsonSchema() as Selections;
  const keys = properties.toolkits.additionalProperties.anyOf.flatMap((each) => Object.keys(each.properties ?? {}));
  expect(rowsOf(sectionOf(page, "### toolkits")).map(([key = ""]) => codeIn(key)[0])).toEqual(keys);
});

test("the page has every template", () => {
  const [, tables = ""] = sectionOf(page, "## Custom templates").split("| renders |");
  const rows = rowsOf(`| template | renders |${tables}`);
  const templates = readdirSync(`${ROOT}templates`).filter((name) => name.endsWith(".hbs"));
  expect(rows.flatMap(([names = ""]) => codeIn(names)).sort()).toEqual(templates.sort());
});

test("the template that the page shows renders", async () => {
  const [template] = readBlocks().filter(({ info: [language] }) => language === "hbs");
  const project = createProject({});
  mkdirSync(join(project.folder, "templates"));
  project.write(`templates/${template?.info[1]}`, template?.text ?? "");
  const config = resolveConfig({ templates: "templates", snapshot: `${ROOT}specs/composio` }, place(project.folder));
  const { written } = await generate({ source: { kind: "config", config } });
  expect(written).toContain("index.ts");
});

function place(folder: string): { configFile: string; cwd: string } {
  return { configFile: join(folder, "toolbind.config.ts"), cwd: folder };
}
