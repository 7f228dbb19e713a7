import type { CatalogueToolkit } from "../catalogue/types.js";
import type { ResolvedConfig } from "../config/resolve.js";
import { ToolbindError } from "../errors.js";
import { PlatformClient, type ClientOptions } from "../platform/client.js";
import { asObject, listAll } from "../platform/lists.js";
import { fetchRelease } from "../platform/release.js";
import { platformSettings } from "../platform/settings.js";
import { parseCatalogue } from "../sources/catalogue.js";
import { readSourceFiles } from "../sources/files.js";

/** The toolkits of the snapshot, by slug. */
export function readSnapshot({ snapshotDir, cwd }: ResolvedConfig): Map<string, CatalogueToolkit> {
  const { catalogue } = parseCatalogue(readSourceFiles(snapshotDir, cwd));
  return new Map(catalogue.toolkits.map((toolkit) => [toolkit.slug, toolkit]));
}

export function connect(config: ResolvedConfig, wait?: ClientOptions["wait"]): PlatformClient {
  const signal = new AbortController().signal;
  return new PlatformClient({
    settings: platformSettings(config.platform),
    signal,
    ...(wait !== undefined && { wait }),
  });
}

/** The newest version of each toolkit of the platform; null for one without a dated version. */
export async function newestVersions(client: PlatformClient): Promise<Map<string, string | null>> {
  const { items } = await listAll<{ meta: unknown }, "/api/v3.1/toolkits">(client, "/api/v3.1/toolkits", {
    include_deprecated: true,
    managed_by: "all",
  });
  return new Map(
    items.map((item) => {
      const version = asObject(item.meta)?.["version"];
      return [item.slug.toLowerCase(), typeof version === "string" && /^\d{8}_\d{2}$/.test(version) ? version : null];
    }),
  );
}

/** A toolkit at a version, or at its newest. */
export async function fetchToolkit(
  client: PlatformClient,
  slug: string,
  version: string | undefined,
): Promise<CatalogueToolkit> {
  const release = await fetchRelease(client, {
    slug,
    pin: version,
    pinnedBy: "the command line",
    item: undefined,
    expected: new Set(),
  });
  const parsed =
    release && parseCatalogue([{ name: `${slug}@${release.version ?? "latest"}`, content: Buffer.from(release.text) }]);
  const toolkit = parsed?.catalogue.toolkits.find((each) => each.slug === slug);
  if (toolkit !== undefined) return toolkit;
  throw new ToolbindError("TB2013", {
    what: `The platform at ${client.origin} has no toolkit ${JSON.stringify(slug)} with tools`,
    fix: "correct the slug; `toolbind list` shows those of the snapshot",
  });
}
