import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { readCommands } from "../../scripts/docs-pages.js";
import { proseOf, readBlocks, readPages, ROOT } from "./markdown.js";

const pages = readPages();
const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8")) as { scripts: Record<string, string> };
const shell = readBlocks().filter(({ info: [language] }) => language === "sh");

/** The anchors that GitHub gives to a page's headings. */
function anchorsOf(page: string): readonly string[] {
  return [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe("links lead somewhere", () => {
  test.each([...pages.keys()])("%s", (path) => {
    const targets = [...proseOf(pages.get(path) ?? "").matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
    const broken = targets.filter((target) => {
      if (target.startsWith("https://")) return false;
      const [file = "", anchor] = target.split("#");
      const linked = file === "" ? path : posix.join(posix.dirname(path), file);
      if (!existsSync(ROOT + linked)) return true;
      return anchor !== undefined && !anchorsOf(pages.get(linked) ?? "").includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

test("every page of docs/ is reached from the README", () => {
  const readme = pages.get("README.md") ?? "";
  expect([...pages.keys()].filter((path) => path.startsWith("docs/") && !readme.includes(`](${path})`))).toEqual([]);
});

test("the README begins with a line that shows it and one that tests it", () => {
  const [first, second] = shell.filter(({ page }) => page === "README.md");
  expect(first?.text).toBe("npm ci && npm run quickstart\n");
  expect(second?.text).toBe("npm ci && npm run check\n");
});

test("shell commands name scripts and commands that are there", async () => {
  const commands = new Set((await readCommands()).map(({ name }) => name));
  const texts = [...shell.map(({ text }) => text), ...[...pages.values()].map(proseOf)];
  const named = texts.flatMap((text) => [...text.matchAll(/\bnpm run (?:--silent )?([a-z:-]+)/g)]);
  const missing = named.map(([, script = ""]) => script).filter((script) => !Object.hasOwn(scripts, script));
  const ours = shell.flatMap(({ text }) => [...text.matchAll(/^(?:npx )?toolbind ([a-z-]+)/gm)]);
  const unknown = ours.map(([, command = ""]) => command).filter((command) => !commands.has(command));
  expect([...missing, ...unknown]).toEqual([]);
});
