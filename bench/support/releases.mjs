import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CORPUS, listedTools, repeatedTools } from "./corpus.mjs";
import { numbers, otherSlug } from "./renames.mjs";

export const OLD = "20260101_00";
export const NEW = "20260201_00";

/** Toolkits with their tools: every real slug with the schemas of real tools, or else the bundled tools repeated. */
function toolkitsOfAll() {
  if (CORPUS === "") return groupBy(repeatedTools(12_000), ({ slug }) => slug.split("_", 1)[0].toLowerCase());
  const read = (name) => JSON.parse(readFileSync(join(CORPUS, "composio", name), "utf8"));
  const known = read("toolkits.json").map(({ slug }) => slug);
  const listed = listedTools();
  const bySlug = new Map(listed.map((tool) => [tool.slug, tool]));
  const tools = [...new Set(read("tools-as-enums.json"))].map((slug, index) => {
    const { toolkit: _toolkit, ...tool } = bySlug.get(slug) ?? listed[index % listed.length];
    return { ...tool, slug };
  });
  const empty = known.map((slug) => [slug, []]);
  return new Map([...empty, ...groupBy(tools, ({ slug }) => ownerOf(slug.toLowerCase(), known))]);
}

/** The toolkit whose name is the longest that the slug begins with; else the slug's first word. */
function ownerOf(slug, known) {
  const owners = known.filter((name) => slug.startsWith(`${name}_`));
  return owners.sort((a, b) => b.length - a.length)[0] ?? slug.replace(/^(_?[^_]+)_.*/, "$1");
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const own = groups.get(keyOf(item));
    if (own === undefined) groups.set(keyOf(item), [item]);
    else own.push(item);
  }
  return groups;
}

/** Writes folders for the stand-in of the platform: `old` holds one version of everything, `both` the next one too. */
export function writeReleases(workspace) {
  const toolkits = toolkitsOfAll();
  const random = numbers(11);
  for (const folder of ["old", "both"]) mkdirSync(workspace.at("releases", folder), { recursive: true });
  let count = 0;
  for (const [slug, tools] of toolkits) {
    count += tools.length;
    const old = releaseOf(slug, tools, OLD);
    workspace.write(`releases/old/${slug}.json`, old);
    workspace.write(`releases/both/${slug}.json`, old);
    workspace.write(`releases/both/${slug}@${NEW}.json`, releaseOf(slug, changed(tools, random), NEW));
  }
  return {
    old: workspace.at("releases/old"),
    both: workspace.at("releases/both"),
    toolkits: toolkits.size,
    tools: count,
  };
}

function releaseOf(slug, tools, version) {
  const toolkit = { slug, name: slug, meta: { version, description: "" } };
  return JSON.stringify({ toolkit, tools: tools.map((tool) => ({ ...tool, toolkit: { slug }, version })) });
}

/** Of a hundred tools, some are renamed, some go, and the arguments of some change. */
function changed(tools, random) {
  const taken = new Set(tools.map(({ slug }) => slug));
  return tools.flatMap((tool) => {
    const fate = random();
    if (fate < 0.05) {
      const slug = otherSlug(tool.slug, random);
      if (taken.has(slug)) return [tool];
      taken.add(slug);
      return [{ ...tool, slug }];
    }
    if (fate < 0.08 && tools.length > 1) return [];
    if (fate > 0.3) return [tool];
    const { properties = {}, ...rest } = tool.input_parameters;
    return [{ ...tool, input_parameters: { ...rest, properties: { ...properties, brand_new: { type: "string" } } } }];
  });
}
