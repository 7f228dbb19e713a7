import { sha256 } from "../catalogue/canonical.js";
import type { Catalogue, CatalogueToolkit } from "../catalogue/types.js";
import { ToolbindError, type Diagnostic } from "../errors.js";
import { parseCatalogue } from "./catalogue.js";
import type { CatalogueInputs, InputContext } from "./inputs.js";

/** The catalogue of all inputs: what the platform returned, and the custom apps. */
export async function readCatalogue(
  { files, apps }: CatalogueInputs,
  { cwd, lock, load, mapped }: InputContext,
): Promise<{ readonly catalogue: Catalogue; readonly diagnostics: readonly Diagnostic[] }> {
  const { catalogue, diagnostics } =
    files.length === 0 ? { catalogue: { toolkits: [] }, diagnostics: [] } : parseCatalogue(files);
  if (apps.length === 0) return { catalogue, diagnostics };
  const { readApp } = await import("./app-toolkit.js");
  const toolkits = new Map(catalogue.toolkits.map((toolkit) => [toolkit.slug, toolkit]));
  const found = [...diagnostics];
  for (const app of apps) {
    const read = readApp(app, {
      cwd,
      given: (slug) => new Map(Object.entries(lock.toolkits.get(slug)?.operations ?? {})),
      mapped: load,
      consulted: (path, content) => {
        mapped[path] = content === undefined ? null : sha256(content.toString("utf8"));
      },
    });
    refuseTwo(toolkits.get(read.toolkit.slug), read.toolkit);
    toolkits.set(read.toolkit.slug, read.toolkit);
    found.push(...read.diagnostics);
  }
  const sorted = [...toolkits.values()].sort((a, b) => (a.slug < b.slug ? -1 : 1));
  return { catalogue: { toolkits: sorted }, diagnostics: found };
}

function refuseTwo(known: CatalogueToolkit | undefined, { slug, source }: CatalogueToolkit): void {
  if (known === undefined) return;
  throw new ToolbindError("TB2005", {
    what: `There are two toolkits ${slug}`,
    at: { source },
    expected: "one toolkit of a slug",
    received: `another in ${known.source}`,
    fix: "give the app another `unique_key` in its integration.yaml, or remove one of them",
  });
}
