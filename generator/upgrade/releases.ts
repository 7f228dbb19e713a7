import { asObject } from "../text/json.js";
import type { CatalogueToolkit } from "../catalogue/types.js";
import { isDatedVersion } from "../catalogue/version.js";
import type { ResolvedConfig } from "../config/resolve.js";
import { ToolbindError } from "../errors.js";
import { PlatformClient, type ClientOptions } from "../platform/client.js";
import { eachOfFew } from "../platform/few.js";
import { listAll } from "../platform/lists.js";
import { fetchRelease } from "../platform/release.js";
import { platformSettings } from "../platform/settings.js";
import { parseCatalogue } from "../sources/catalogue.js";
import { readSnapshotFiles } from "../sources/files.js";

/** The toolkits of the snapshot, by slug. */
export function readSnapshot({ snapshotDir, cwd }: ResolvedConfig): Map<string, CatalogueToolkit> {
  const { catalogue } = parseCatalogue(readSnapshotFiles(snapshotDir, cwd));
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
      return [item.slug.toLowerCase(), isDatedVersion(version) ? version : null];
    }),
  );
}

/** Whether a toolkit has come out again since its pin. The newest is older where later versions were withdrawn. */
export function isNewer(newest: string | null | undefined, pinned: string | null): newest is string {
  return typeof newest === "string" && (pinned === null || newest > pinned);
}

/** A toolkit and its version; without one, its newest. */
export interface WantedToolkit {
  readonly slug: string;
  readonly version: string | undefined;
}

export interface FetchedToolkit {
  readonly slug: string;
  readonly version: string | null;
  /** Undefined where it has no tools at this version. */
  readonly toolkit: CatalogueToolkit | undefined;
}

/** Toolkits at some versions, in the order in which they are named. */
export async function fetchToolkits(
  client: PlatformClient,
  wanted: readonly WantedToolkit[],
): Promise<FetchedToolkit[]> {
  const found: FetchedToolkit[] = [];
  const fetchOne = async ({ slug, version }: WantedToolkit, index: number): Promise<void> => {
    found[index] = await fetchToolkit(client, slug, version);
  };
  await eachOfFew(wanted, client.concurrency, fetchOne, (error) => client.end(error));
  return found;
}

async function fetchToolkit(
  client: PlatformClient,
  slug: string,
  version: string | undefined,
): Promise<FetchedToolkit> {
  const release = await fetchRelease(client, {
    slug,
    pin: version,
    pinnedBy: "the command line",
    item: undefined,
    expected: new Set(),
  });
  if (release === undefined) {
    throw new ToolbindError("TB2013", {
      what: `The platform at ${client.origin} has no toolkit ${JSON.stringify(slug)}`,
      fix: "leave it out; its snapshot stays as it is",
    });
  }
  if (release.tools === 0) return { slug, version: release.version, toolkit: undefined };
  const name = `${slug}@${release.version ?? "latest"}`;
  const { catalogue } = parseCatalogue([{ name, json: release.file }]);
  return { slug, version: release.version, toolkit: catalogue.toolkits.find((each) => each.slug === slug) };
}
