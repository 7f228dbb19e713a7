import { describe, expect, test } from "vitest";
import type { DialectName } from "../../generator/catalogue/types.js";
import { nameToolkits, nameTools } from "../../generator/lock/names.js";
import { printTypes } from "../../generator/print/types.js";
import { printValidator } from "../../generator/print/validators.js";
import { buildSchemaNode } from "../../generator/schema/build.js";
import { findDefinitions } from "../../generator/schema/definitions.js";
import { createLoader } from "../../generator/schema/load.js";
import { codeIn, readPages, rowsOf, sectionOf } from "./markdown.js";

const page = readPages().get("docs/emitted-code.md") ?? "";
const cellsOf = (text: string): string[][] => rowsOf(text).map((row) => row.map((cell) => codeIn(cell).join(" ")));

const [plain = "", modern = ""] = sectionOf(page, "## Schemas").split("\nAnd with ");

describe("the page says what a schema becomes", () => {
  test.each(cellsOf(plain))("%s", (schema, type, validator) => {
    expect(printed(schema, "platform")).toEqual([type, validator]);
  });

  test.each(cellsOf(modern))("in draft 2020-12: %s", (schema, type, validator) => {
    expect(printed(schema, "2020-12")).toEqual([type, validator]);
  });
});

/** What the schema becomes as the type and the validator of a required key. */
function printed(schema: string, dialect: DialectName): [string, string] {
  const document = { properties: { key: JSON.parse(schema) as unknown }, required: ["key"], type: "object" };
  const location = { source: "docs", pointer: "" };
  const built = buildSchemaNode({ document, pointer: "", location, dialect }, createLoader());
  const definitions = findDefinitions(built);
  const types = printTypes(definitions, { root: "Input", of: () => undefined }, "input").text;
  const validator = printValidator(definitions, built.dynamic, "ts", "");
  return [keyIn(types.replace(/\/\*\*[^]*?\*\//g, "")), keyIn(validator)];
}

/** What stands after `key:`, on one line. */
function keyIn(text: string): string {
  const [, value = ""] = /\bkey: ([^]*?)[;,]\s*\}\)?\s*$/.exec(text) ?? [];
  return value
    .replace(/\s+/g, " ")
    .replace(/[;,] (?=[\])}])/g, " ")
    .replace(/\[ | (?=\])/g, (gap) => gap.trim());
}

const names = sectionOf(page, "## Names");

describe("the page says what functions and toolkits are called", () => {
  test.each(rowsOf(names).map((row) => row.map(codeIn)))("%s %s", ([toolkit = ""] = [], slugs = [], functions = []) => {
    const none: ReadonlyMap<string, string> = new Map();
    const given = nameTools(toolkit, slugs, { locked: none, configured: none });
    expect(slugs.map((slug) => given.get(slug))).toEqual(functions);
  });

  test.each(cellsOf(names.slice(names.indexOf("\nA toolkit's namespace"))))("%s", (slug = "", namespace, folder) => {
    expect(nameToolkits([slug]).get(slug)).toEqual({ namespace, folder });
  });
});
