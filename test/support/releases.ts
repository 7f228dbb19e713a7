import { fileURLToPath } from "node:url";
import { knownToolkits, ownerOfSlug } from "../../generator/sources/owner.js";
import type { PlatformRelease } from "../../testing/index.js";
import { loadReleases } from "../../testing/snapshot.js";
import { readCorpus, readListedTools } from "./corpus.js";

const STARTERS = fileURLToPath(new URL("../../specs/composio", import.meta.url));

/** Every real slug under its toolkit at one version: with its own schemas where they are known, else with another tool's. */
export function wholePlatform(version: string): PlatformRelease[] {
  const toolkits = readCorpus("composio", "toolkits.json") as unknown as { slug: string; meta: object }[];
  const slugs = readCorpus("composio", "tools-as-enums.json") as unknown as string[];
  const listed = readListedTools();
  const bySlug = new Map(listed.map((tool) => [tool.slug, tool]));
  const known = knownToolkits(toolkits.map(({ slug }) => slug));
  const tools = new Map<string, PlatformRelease["tools"][number][]>();
  for (const [index, slug] of [...new Set(slugs)].entries()) {
    const { input_parameters, output_parameters } = bySlug.get(slug) ?? (listed[index % listed.length] as never);
    const owner = ownerOfSlug(slug, known);
    const tool = { slug, description: descriptionOf(slug), version, input_parameters, output_parameters };
    tools.set(owner, [...(tools.get(owner) ?? []), tool]);
  }
  const described = new Map(toolkits.map((toolkit) => [toolkit.slug, toolkit]));
  return [...new Set([...described.keys(), ...tools.keys()])].map((slug) => {
    const toolkit = described.get(slug) ?? { slug, meta: {} };
    return { toolkit: { ...toolkit, meta: { ...toolkit.meta, version } }, tools: tools.get(slug) ?? [] };
  });
}

/** The bundled toolkits at one version. */
export async function starterPlatform(version: string): Promise<PlatformRelease[]> {
  return (await loadReleases(STARTERS)).map((release) => atVersion(release, version));
}

export function atVersion({ toolkit, tools }: PlatformRelease, version: string): PlatformRelease {
  return {
    toolkit: { ...toolkit, meta: { ...(toolkit["meta"] as object), version, available_versions: [version] } },
    tools: tools.map((tool) => ({ ...tool, version, available_versions: [version] })),
  };
}

function descriptionOf(slug: string): string {
  const [toolkit = "", ...words] = slug.toLowerCase().split("_");
  return `Will ${words.join(" ")} in ${toolkit}.`;
}
