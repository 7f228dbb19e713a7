import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./packages.mjs";

/** Folder of real catalogues that are too large, or not ours, to be in the repository. */
export const CORPUS = process.env["TOOLBIND_CORPUS"] ?? "";
const LISTED = 930;
const LISTED_OF_GITHUB = 823;
const TOOLS_OF_A_TOOLKIT = 24;
const MOST_TOOLKITS = 500;
const VERSION = "20260101_00";

export const CORPUS_NAME =
  CORPUS === "" ? "the bundled toolkits, repeated (TOOLBIND_CORPUS is not set)" : "the corpus's 930 real tools";

/** The tools of one listing, as the platform returns them: real ones, or else the bundled ones repeated. */
export function listedTools() {
  if (CORPUS !== "") return JSON.parse(readFileSync(join(CORPUS, "composio", "tools.json"), "utf8"));
  return repeat(bundledTools(), LISTED, (index) => (index < LISTED_OF_GITHUB ? "GITHUB" : "GMAIL"));
}

function bundledTools() {
  const folder = join(ROOT, "specs", "composio");
  const files = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")));
  return files.flatMap(({ tools = [] }) => tools);
}

/** As many tools as wanted; repeated ones get slugs of their own. */
function repeat(tools, count, toolkitOf) {
  const taken = new Set();
  return Array.from({ length: count }, (_, index) => {
    const { toolkit: _toolkit, ...tool } = tools[index % tools.length];
    const action = tool.slug.replace(/^_?[A-Z0-9]+_/, "");
    const first = `${toolkitOf(index)}_${action}`;
    let slug = first;
    for (let number = 2; taken.has(slug); number++) slug = `${first}_${number}`;
    taken.add(slug);
    return { ...tool, slug };
  });
}

/** The listed tools as tools of 500 toolkits. */
export function repeatedTools(count) {
  return repeat(listedTools(), count, (index) => `APP${index % MOST_TOOLKITS}`);
}

/** A catalogue of up to 500 toolkits: one file for each, as `toolbind pull` writes them. Gives its folder. */
export function writeSnapshot(workspace, count) {
  const folder = `catalogues/${count}`;
  mkdirSync(workspace.at(folder), { recursive: true });
  const toolkits = Math.min(MOST_TOOLKITS, Math.ceil(count / TOOLS_OF_A_TOOLKIT));
  const tools = repeat(listedTools(), count, (index) => `APP${index % toolkits}`);
  for (let number = 0; number < toolkits; number++) {
    const own = tools.filter((_, index) => index % toolkits === number);
    workspace.write(`${folder}/app${number}.json`, JSON.stringify(snapshotOf(`app${number}`, own)));
  }
  return workspace.at(folder);
}

function snapshotOf(slug, tools) {
  const toolkit = { slug, name: slug, meta: { version: VERSION, description: "" } };
  return { toolkit, tools: tools.map((tool) => ({ ...tool, toolkit: { slug }, version: VERSION })) };
}

/** The listing as one catalogue file. */
export function writeListing(workspace) {
  return workspace.write("catalogues/tools.json", JSON.stringify(listedTools()));
}

/** The listing's largest toolkit as one catalogue file: `{ path, tools }`. */
export function writeLargestToolkit(workspace) {
  const tools = listedTools().filter(({ slug }) => slug.startsWith("GITHUB_"));
  const path = workspace.write("catalogues/github.json", JSON.stringify(snapshotOf("github", tools)));
  return { path, tools };
}

/** What a tool's output schema says of `data`. */
export function dataSchema({ output_parameters: output }) {
  const { $defs, properties } = output;
  return properties?.data === undefined ? output : { ...properties.data, ...($defs !== undefined && { $defs }) };
}

/** The tool that the topics call. */
export const CALLED_TOOL = "GITHUB_CREATE_AN_ISSUE";
