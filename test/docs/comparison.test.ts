import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readPages, ROOT, rowsOf, sectionOf } from "./markdown.js";

const page = readPages().get("docs/comparison.md") ?? "";
const measured = sectionOf(page, "## What is measured");

test("the bytes that the comparison names are the budgets of the bench", () => {
  const { budgets } = JSON.parse(readFileSync(`${ROOT}bench/budgets.json`, "utf8")) as {
    budgets: Record<string, number>;
  };
  const rows = rowsOf(measured.slice(measured.indexOf("| bundler ")));
  expect(rows).toHaveLength(6);
  for (const [bundler, zod, minified, gzipped] of rows) {
    const name = `${bundler}, one tool of github, ${zod}: bytes`;
    expect({ name, minified: Number(minified), gzipped: Number(gzipped) }).toEqual({
      name,
      minified: budgets[name],
      gzipped: budgets[`${name} gzipped`],
    });
  }
});

test("the topics that it names are those of the bench", () => {
  const run = readFileSync(`${ROOT}bench/run.mjs`, "utf8");
  const topics = [...measured.matchAll(/--topic ([a-z]+)/g)].map(([, topic = ""]) => topic);
  expect(topics.length).toBeGreaterThan(5);
  expect(topics.filter((topic) => !run.includes(`"${topic}"`))).toEqual([]);
});
