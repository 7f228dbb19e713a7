import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import { placeOf, readBlocks, readPages, sectionOf } from "./markdown.js";

const pages = readPages();
const reference = pages.get("docs/commands.md") ?? "";

interface CommandLine {
  readonly text: string;
  readonly name: string;
  readonly options: readonly string[];
}

/** Each `toolbind …` with options that a page shows or speaks of, up to the end of its line or code. */
function commandLinesIn(text: string): readonly CommandLine[] {
  return [...text.matchAll(/\btoolbind ([a-z][a-z-]*)\b([^`\n|&>"]*)/g)].map(([line, name = "", rest = ""]) => ({
    text: line.trim(),
    name,
    options: [...rest.matchAll(/(?<=\s)--[a-z-]+/g)].map(([option]) => option),
  }));
}

const shown = [...pages].filter(([page]) => page !== "docs/commands.md" && page !== "docs/errors.md");
const lines = shown.flatMap(([, text]) => commandLinesIn(text)).filter(({ options }) => options.length > 0);

test("commands have the options that pages show them with", () => {
  const unknown = lines.filter(({ name, options }) => {
    const help = sectionOf(reference, `## toolbind ${name}`);
    return options.some((option) => !new RegExp(`${option}\\b(?!-)`).test(help));
  });
  expect(unknown.map(({ text }) => text)).toEqual([]);
  expect(lines.length).toBeGreaterThan(10);
});

const workflows = readBlocks().filter(({ info: [, file = ""] }) => file.startsWith(".github/workflows/"));

test.each(workflows.map((block) => [block.info[1], block] as const))("%s is a workflow", (_, block) => {
  const document = parseDocument(block.text, { strict: true });
  expect(document.errors, placeOf(block)).toEqual([]);
  const { on, jobs } = document.toJS() as { on: unknown; jobs: Record<string, { "runs-on": string; steps: object[] }> };
  expect(on).toBeTruthy();
  const steps = Object.values(jobs).flatMap((job) => [...job.steps, { uses: job["runs-on"] }]);
  for (const step of steps) expect(Object.keys(step).filter((key) => key === "uses" || key === "run")).toHaveLength(1);
});

const data = readBlocks().filter(({ info: [language = ""] }) => language === "json" || language === "yaml");

test.each(data.map((block) => [placeOf(block), block] as const))("%s parses", (_, { info: [language], text }) => {
  if (language === "json") JSON.parse(text);
  else expect(parseDocument(text, { strict: true }).errors).toEqual([]);
});

test("both workflows are there", () => expect(workflows).toHaveLength(2));
