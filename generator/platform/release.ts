import { asObject } from "../text/json.js";
import { sortKeys, UnfitJson } from "../catalogue/canonical.js";
import { isDatedVersion } from "../catalogue/version.js";
import { diagnostic, ToolbindError, type Diagnostic } from "../errors.js";
import type { components } from "./api.js";
import type { PlatformClient } from "./client.js";
import { listAll, type Listed } from "./lists.js";

type Schemas = components["schemas"];
type Tool = Listed<Schemas["Tool"]>;
type Json = Readonly<Record<string, unknown>>;

/** A toolkit at one version, as its file of the snapshot holds it. */
export interface Release {
  readonly slug: string;
  /** Null where the platform names no dated version. */
  readonly version: string | null;
  readonly text: string;
  /** What the text says. */
  readonly file: { readonly toolkit: Json; readonly tools: readonly Json[]; readonly trigger_types: readonly Json[] };
  readonly tools: number;
  readonly triggers: number;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Wanted {
  readonly slug: string;
  /** The version to take; undefined resolves the newest, once. */
  readonly pin: string | undefined;
  /** Where the pin comes from, for people. */
  readonly pinnedBy: string;
  /** What the list of toolkits says of it. */
  readonly item: Listed<Schemas["ToolkitListItem"]> | undefined;
  /** Slugs that its newest version should list. */
  readonly expected: ReadonlySet<string>;
}

const SLUGS_A_REQUEST = 50;
/** How deep the entries of a file of the snapshot stand. */
const ITEM_DEPTH = 2;

/** Reads a toolkit at one version, and compares what was listed with the expected counts. Undefined: there is no such toolkit. */
export async function fetchRelease(client: PlatformClient, wanted: Wanted): Promise<Release | undefined> {
  const { slug } = wanted;
  const found = await findVersion(client, wanted);
  if (found === undefined) return undefined;
  const { version, detail, isNewest } = found;
  const toolkit_versions = version === null ? "latest" : { [slug]: version };
  const [listedTools, listedTriggers] = await Promise.all([
    listAll<Schemas["Tool"], "/api/v3.1/tools">(client, "/api/v3.1/tools", {
      toolkit_slug: slug,
      toolkit_versions,
      include_deprecated: true,
      // Some clients of the platform cut lists of a toolkit down to these.
      important: "false",
    }),
    listAll<Schemas["TriggerType"], "/api/v3.1/triggers_types">(client, "/api/v3.1/triggers_types", {
      toolkit_slugs: [slug],
      toolkit_versions,
    }),
  ]);
  const tools = new Map(listedTools.items.filter((item) => belongsTo(item, slug)).map((item) => [item.slug, item]));
  const missing = isNewest ? await addMissing(client, wanted, version, tools) : [];
  const triggers = listedTriggers.items.filter((item) => belongsTo(item, slug));

  const toolkit = mergeToolkit(wanted.item ?? {}, detail, version);
  const unfit: Diagnostic[] = [];
  const file = {
    toolkit: sortKeys(toolkit) as Json,
    tools: fitting(
      [...tools.values()].map((tool) => pinTool(tool, version)),
      unfit,
    ),
    trigger_types: fitting(triggers, unfit),
  };
  return {
    slug,
    version,
    text: print(file),
    file,
    tools: file.tools.length,
    triggers: file.trigger_types.length,
    diagnostics: [...unfit, ...reconcile(slug, { version, detail, tools, missing, total: listedTools.total })],
  };
}

/** The entries that can be kept, by slug, their keys sorted; the others are reported. */
function fitting(items: readonly Json[], found: Diagnostic[]): Json[] {
  const kept = items.flatMap((item) => {
    try {
      return [sortKeys(item, ITEM_DEPTH) as Json];
    } catch (error) {
      if (!(error instanceof UnfitJson)) throw error;
      const { expected, received } = error;
      found.push(diagnostic("TB3004", "error", { what: `${String(item["slug"])} left out`, expected, received }));
      return [];
    }
  });
  return kept.sort(bySlug);
}

/** Pretty, and the same for the same content, so that what did not change never moves a line. */
export function printCanonical(value: unknown): string {
  return print(sortKeys(value));
}

function print(sorted: unknown): string {
  return `${JSON.stringify(sorted, null, 2)}\n`;
}

interface FoundVersion {
  readonly version: string | null;
  readonly detail: Json;
  readonly isNewest: boolean;
}

async function findVersion(client: PlatformClient, { slug, pin, pinnedBy }: Wanted): Promise<FoundVersion | undefined> {
  const read = async (version: string): Promise<Json | undefined> =>
    asObject(await client.get("/api/v3.1/toolkits/{slug}", { version }, slug));

  if (pin !== undefined) {
    const detail = await read(pin);
    const versions = versionsOf(detail);
    const isDenied = versions.length > 0 && !versions.includes(pin);
    if (detail !== undefined && !isDenied) return { version: pin, detail, isNewest: versions.at(-1) === pin };
    const newest = detail ?? (await read("latest"));
    if (newest === undefined) return undefined;
    throw noSuchVersion(slug, pin, pinnedBy, versionsOf(newest));
  }
  const newest = await read("latest");
  if (newest === undefined) return undefined;
  const named = asObject(newest["meta"])?.["version"];
  const version = isDatedVersion(named) ? named : (versionsOf(newest).at(-1) ?? null);
  const detail = version === null || version === named ? newest : await read(version);
  return detail === undefined ? undefined : { version, detail, isNewest: true };
}

function noSuchVersion(slug: string, pin: string, pinnedBy: string, versions: readonly string[]): ToolbindError {
  const known = versions.slice(-5).reverse();
  return new ToolbindError("TB2014", {
    what: `${slug} has no version ${pin}, which ${pinnedBy} pins`,
    expected: known.length === 0 ? "a version that the platform lists" : `one of ${known.join(", ")}`,
    received: pin,
    fix: pinnedBy === "the lock" ? `take the newest with \`toolbind pull ${slug} --latest\`` : `correct ${pinnedBy}`,
  });
}

/** The dated versions that an entry names, oldest first. */
function versionsOf(detail: Json | undefined): string[] {
  const versions = asObject(detail?.["meta"])?.["available_versions"];
  return Array.isArray(versions) ? versions.filter(isDatedVersion).sort() : [];
}

function belongsTo(item: Json, slug: string): boolean {
  const owner = asObject(item["toolkit"])?.["slug"];
  return typeof owner !== "string" || owner.toLowerCase() === slug;
}

/** Asks by name for the tools that the newest version has and did not list. Returns those that did not come either. */
async function addMissing(
  client: PlatformClient,
  { slug, expected }: Wanted,
  version: string | null,
  tools: Map<string, Tool>,
): Promise<string[]> {
  const missing = new Set([...expected].filter((each) => !tools.has(each)).sort());
  const asked = [...missing];
  for (let start = 0; start < asked.length; start += SLUGS_A_REQUEST) {
    const { items } = await listAll<Schemas["Tool"], "/api/v3.1/tools">(client, "/api/v3.1/tools", {
      tool_slugs: asked.slice(start, start + SLUGS_A_REQUEST).join(","),
      toolkit_versions: "latest",
      include_deprecated: true,
    });
    for (const item of items) {
      const isOurs = belongsTo(item, slug);
      if (isOurs && version !== null && item.version !== version) continue;
      if (isOurs && missing.has(item.slug)) tools.set(item.slug, item);
      missing.delete(item.slug);
    }
  }
  return [...missing];
}

/** The list and the toolkit's own page each have a part. */
function mergeToolkit(item: Json, detail: Json, version: string | null): Json {
  const meta = { ...asObject(item["meta"]), ...asObject(detail["meta"]) };
  return {
    ...item,
    ...detail,
    deprecated: { ...asObject(item["deprecated"]), ...asObject(detail["deprecated"]) },
    meta: {
      ...meta,
      categories: mergeCategories(asObject(item["meta"])?.["categories"], asObject(detail["meta"])?.["categories"]),
      ...(version !== null && { version, ...upTo(meta, version) }),
    },
  };
}

function mergeCategories(listed: unknown, detailed: unknown): unknown[] {
  const byName = new Map<unknown, Json>();
  for (const category of [listed, detailed].flatMap((each) => (Array.isArray(each) ? (each as unknown[]) : []))) {
    const facts = asObject(category);
    if (facts !== undefined) byName.set(facts["name"], { ...byName.get(facts["name"]), ...facts });
  }
  return [...byName.values()];
}

/** A version that comes out later changes nothing of this one. */
function pinTool(tool: Tool, version: string | null): Json {
  if (version === null) return tool;
  const older = asObject(tool.deprecated);
  return {
    ...tool,
    ...upTo(tool, version),
    ...(older !== undefined && { deprecated: { ...older, ...upTo(older, version) } }),
  };
}

function upTo({ available_versions: versions }: Json, version: string): { available_versions?: unknown[] } {
  if (!Array.isArray(versions)) return {};
  return { available_versions: versions.filter((each) => !isDatedVersion(each) || each <= version).sort() };
}

interface Found {
  readonly version: string | null;
  readonly detail: Json;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly missing: readonly string[];
  readonly total: number | undefined;
}

function reconcile(slug: string, { version, detail, tools, missing, total }: Found): Diagnostic[] {
  const found: Diagnostic[] = [];
  const at = { source: version === null ? slug : `${slug}@${version}` };
  const advertised = asObject(detail["meta"])?.["tools_count"];
  const promised = Math.max(typeof advertised === "number" ? advertised : 0, total ?? 0, tools.size + missing.length);
  if (promised > tools.size) {
    const named = missing.slice(0, 5).join(", ") + (missing.length > 5 ? ` and ${missing.length - 5} more` : "");
    found.push(
      diagnostic("TB2016", "warning", {
        what: `Listed ${tools.size} of ${promised} tools of ${slug}${named === "" ? "" : `; missing: ${named}`}`,
        at,
        fix: `run \`toolbind pull ${slug}\` again`,
      }),
    );
  }
  const others = [...tools.values()].filter((tool) => version !== null && tool.version !== version);
  if (others.length > 0) {
    found.push(
      diagnostic("TB2016", "warning", {
        what: `${others.length} of ${tools.size} tools of ${slug} came at another version, ${others[0]?.slug} among them`,
        at,
        expected: version ?? "",
        received: String(others[0]?.version ?? "none"),
      }),
    );
  }
  return found;
}

function bySlug(a: Json, b: Json): number {
  return String(a["slug"]) < String(b["slug"]) ? -1 : 1;
}
