import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { makePages, readCommands } from "../../scripts/docs-pages.js";
import { ERROR_CATALOGUE } from "../../generator/errors.js";
import { CALL_ERROR_CATALOGUE } from "../../runtime/error-catalogue.js";
import { readPages, ROOT } from "./markdown.js";

let pages: ReadonlyMap<string, string>;

beforeAll(async () => {
  pages = await makePages();
});

test.each(["docs/commands.md", "docs/errors.md"])("%s is what `npm run docs` writes", (path) => {
  expect(readFileSync(ROOT + path, "utf8")).toBe(pages.get(path));
});

test("every error code has a section", () => {
  const codes = Object.keys({ ...ERROR_CATALOGUE, ...CALL_ERROR_CATALOGUE });
  const headings = [...(pages.get("docs/errors.md") ?? "").matchAll(/^### (.+)$/gm)].map(([, code]) => code);
  expect(headings.toSorted()).toEqual(codes.toSorted());
});

test("no page and no error names a command that is not there", async () => {
  const commands = new Set((await readCommands()).flatMap(({ usage }) => usage.replace(/[ ].*/, "").split("|")));
  const texts = [...readPages().values(), JSON.stringify([ERROR_CATALOGUE, CALL_ERROR_CATALOGUE])];
  const named = texts.flatMap((text) => [...text.matchAll(/(?:[`"]|npx |\$ )toolbind ([a-z][a-z-]*)/g)]);
  expect(named.map(([, command]) => command).filter((command) => !commands.has(command ?? ""))).toEqual([]);
});
