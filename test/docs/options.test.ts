import { readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import * as runtime from "../../runtime/index.js";
import { codeIn, readPages, ROOT, rowsOf, sectionOf } from "./markdown.js";

const pages = readPages();
const runtimePage = pages.get("docs/runtime.md") ?? "";
const testingPage = pages.get("docs/testing.md") ?? "";

/** The members of an interface, those that it extends included. */
function membersOf(file: string, name: string): string[] {
  const { statements } = ts.createSourceFile(file, readFileSync(ROOT + file, "utf8"), ts.ScriptTarget.Latest);
  const declared = statements.filter(ts.isInterfaceDeclaration).find((statement) => statement.name.text === name);
  const bases = declared?.heritageClauses?.flatMap(({ types }) => types.map(({ expression }) => expression)) ?? [];
  const own = declared?.members.map((member) => (member.name as ts.Identifier).text) ?? [];
  return [...bases.filter(ts.isIdentifier).flatMap((base) => membersOf(file, base.text)), ...own];
}

const namesIn = (section: string): string[] => rowsOf(section).flatMap(([cell = ""]) => codeIn(cell));

describe("a page has every option", () => {
  test.each([
    ["a client's", "runtime/types.ts", "ClientOptions", sectionOf(runtimePage, "## Clients")],
    ["a call's", "runtime/types.ts", "CallOptions", sectionOf(runtimePage, "## Options of a call")],
    ["the stand-in's", "testing/platform.ts", "PlatformOptions", sectionOf(testingPage, "## Options")],
  ])("%s", (_, file, name, section) => {
    expect(namesIn(section).sort()).toEqual(membersOf(file, name).sort());
  });
});

test("a page has every class of errors", () => {
  const classes = Object.keys(runtime).filter((name) => /^[A-Z].*Error$/.test(name) && name !== "ToolbindCallError");
  const ofStatus = classes.filter((name) => isOfStatus(runtime[name as keyof typeof runtime]));
  const others = classes.filter((name) => !ofStatus.includes(name));
  const shown = namesIn(sectionOf(runtimePage, "## Errors"));
  expect(shown.filter((name) => !ofStatus.includes(name)).sort()).toEqual(others.sort());
});

function isOfStatus(value: unknown): boolean {
  return Object.prototype.isPrototypeOf.call(runtime.StatusError, value as object);
}
