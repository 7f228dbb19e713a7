import type { Catalogue } from "../catalogue/types.js";
import type { Manifest } from "../write/manifest.js";
import { sortNames, type Lock, type LockedToolkit } from "./lockfile.js";

/** The names kept in an output's manifest when there is no lock, in the form of a lock. */
export function lockFromManifest({ names = {}, operations = {} }: Partial<Manifest> = {}): Lock {
  const toolkits = Object.entries(names).map(([slug, own]): [string, LockedToolkit] => {
    const given = operations[slug];
    return [slug, { version: null, source: "", hash: "", names: own, ...(given && { operations: given }) }];
  });
  return { toolkits: new Map(toolkits) };
}

/** The names that go into the manifest of such an output. */
export function namesForManifest(
  { toolkits }: Catalogue,
  names: ReadonlyMap<string, ReadonlyMap<string, string>>,
): Pick<Manifest, "names" | "operations"> {
  const operations = toolkits.flatMap(({ slug, app }) =>
    app === undefined ? [] : [[slug, sortNames(app.operations)]],
  );
  return {
    names: Object.fromEntries([...names].map(([slug, own]) => [slug, sortNames(Object.fromEntries(own))])),
    ...(operations.length > 0 && { operations: Object.fromEntries(operations) as NonNullable<Manifest["operations"]> }),
  };
}
