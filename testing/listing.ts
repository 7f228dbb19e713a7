import { PlatformHttpError } from "./errors.js";
import { BASE_VERSION, type PlatformRelease, versionOf } from "./snapshot.js";
import { toolItem, toolkitDetail, toolkitListItem, triggerItem } from "./wire.js";

/** A request for a listing. */
export interface ListingRequest {
  /** Without the API's prefix, such as `/tools`. */
  readonly path: string;
  readonly query: URLSearchParams;
}

const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 20;

/** Creates an entry of a page when it is shown. */
type Maker = () => unknown;

/** The releases of a toolkit, the newest last. */
interface Versions {
  readonly releases: readonly PlatformRelease[];
  /** Versions that it claims to have, which may be more than are available. */
  readonly named: readonly string[];
}

/** The platform's endpoints that list toolkits, tools and trigger types. Throws a PlatformHttpError for a request that it rejects. */
export function createListing(releases: readonly PlatformRelease[]): (request: ListingRequest) => unknown {
  const toolkits = versionsBySlug(releases);

  const newestOf = (slug: string): PlatformRelease => toolkits.get(slug)?.releases.at(-1) as PlatformRelease;
  /** The release that a request refers to, and the version to show it as. */
  const chosen = (slug: string, query: URLSearchParams, fallback: string): [PlatformRelease, string] | undefined => {
    const { releases: own = [] } = toolkits.get(slug) ?? {};
    const wanted = query.get(`toolkit_versions[${slug}]`) ?? query.get("toolkit_versions") ?? fallback;
    if (wanted === "latest") return [newestOf(slug), versionOf(newestOf(slug))];
    if (wanted === BASE_VERSION) return [own[0] as PlatformRelease, BASE_VERSION];
    const release = own.find((each) => versionOf(each) === wanted);
    return release === undefined ? undefined : [release, wanted];
  };

  const listTools = (query: URLSearchParams): Maker[] => {
    const slugs = query.get("tool_slugs")?.split(",");
    const only = slugs === undefined ? query.get("toolkit_slug") : null;
    const tags = [...query.getAll("tags"), ...query.getAll("tags[]")];
    return [...toolkits.keys()]
      .filter((slug) => only === null || slug === only)
      .flatMap((slug) => {
        const [release, version] = chosen(slug, query, BASE_VERSION) ?? [];
        if (release === undefined || version === undefined) return [];
        return release.tools
          .filter((tool) =>
            slugs === undefined
              ? (tags.length === 0 || tags.some((tag) => tool.tags?.includes(tag))) &&
                (query.get("important") !== "true" || tool.tags?.includes("important") === true) &&
                (query.get("include_deprecated") !== "false" || tool.is_deprecated !== true)
              : slugs.includes(tool.slug),
          )
          .map((tool) => () => toolItem(tool, release, version));
      });
  };

  const listTriggers = (query: URLSearchParams): Maker[] => {
    const wanted = [...query.getAll("toolkit_slugs"), ...query.getAll("toolkit_slugs[]")];
    return [...toolkits.keys()]
      .filter((slug) => wanted.length === 0 || wanted.includes(slug))
      .flatMap((slug) => {
        const [release] = chosen(slug, query, "latest") ?? [];
        return (release?.trigger_types ?? []).map((each) => () => triggerItem(each, release as PlatformRelease));
      });
  };

  const oneToolkit = (slug: string, query: URLSearchParams): unknown => {
    const own = toolkits.get(slug);
    if (own === undefined) throw refuse(404, "Toolkit_NotFound", `Toolkit ${slug} not found`);
    const version = query.get("version") ?? "latest";
    const [release] = chosen(slug, new URLSearchParams({ toolkit_versions: version }), "latest") ?? [];
    if (release === undefined)
      throw refuse(404, "Toolkit_VersionNotFound", `Toolkit ${slug} has no version ${version}`);
    return toolkitDetail(release, own.named);
  };

  const oneTool = (slug: string, query: URLSearchParams): unknown => {
    for (const toolkit of toolkits.keys()) {
      const given = new URLSearchParams(query);
      const version = query.get("version");
      if (version !== null) given.set("toolkit_versions", version);
      const [release, shown] = chosen(toolkit, given, BASE_VERSION) ?? [];
      const tool = release?.tools.find((each) => each.slug === slug);
      if (tool !== undefined && release !== undefined && shown !== undefined) return toolItem(tool, release, shown);
    }
    throw refuse(404, "Tool_ToolNotFound", `Tool ${slug} not found`);
  };

  return ({ path, query }) => {
    if (path === "/toolkits") {
      return page(
        [...toolkits.keys()].map((slug) => () => toolkitListItem(newestOf(slug))),
        query,
      );
    }
    if (path === "/toolkits/changelog") {
      return { items: [...toolkits].map(([slug, { releases: own }]) => changelogOf(slug, own)) };
    }
    if (path === "/tools") return page(listTools(query), query);
    if (path === "/tools/enum") return [...toolkits.keys()].flatMap((slug) => newestOf(slug).tools.map((t) => t.slug));
    if (path === "/triggers_types") return page(listTriggers(query), query);
    const [, kind, slug = ""] = path.split("/");
    return kind === "toolkits" ? oneToolkit(slug, query) : oneTool(slug, query);
  };
}

function versionsBySlug(releases: readonly PlatformRelease[]): Map<string, Versions> {
  const bySlug = new Map<string, PlatformRelease[]>();
  for (const release of releases) {
    const own = bySlug.get(release.toolkit.slug);
    if (own === undefined) bySlug.set(release.toolkit.slug, [release]);
    else own.push(release);
  }
  const sorted = [...bySlug].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    sorted.map(([slug, own]) => {
      const meta = own.map(({ toolkit }) => toolkit["meta"] as { available_versions?: readonly string[] } | undefined);
      const named = new Set([...own.map(versionOf), ...meta.flatMap((each) => each?.available_versions ?? [])]);
      const inOrder = own.sort((a, b) => (versionOf(a) < versionOf(b) ? -1 : 1));
      return [slug, { releases: inOrder, named: [...named].sort() }];
    }),
  );
}

function changelogOf(slug: string, releases: readonly PlatformRelease[]): unknown {
  const name = releases.at(-1)?.toolkit["name"] ?? slug;
  const versions = releases.slice(-10).reverse();
  return {
    slug,
    name: slug,
    display_name: name,
    versions: versions.map((each) => ({ version: versionOf(each), changelog: `- ${each.tools.length} tools` })),
  };
}

function page(makers: readonly Maker[], query: URLSearchParams): unknown {
  const given = query.get("limit");
  const wanted = given === null ? DEFAULT_LIMIT : Number(given);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > MAX_LIMIT) {
    throw refuse(400, "Request_InvalidQuery", `limit must be between 1 and ${MAX_LIMIT}`);
  }
  const { page: number, limit } = readCursor(query.get("cursor")) ?? { page: 1, limit: wanted };
  const pages = Math.max(1, Math.ceil(makers.length / limit));
  const shown = makers.slice((number - 1) * limit, number * limit);
  return {
    items: shown.map((make) => make()),
    next_cursor: number < pages ? writeCursor(number + 1, limit) : null,
    total_pages: pages,
    current_page: number,
    total_items: makers.length,
  };
}

function writeCursor(page: number, limit: number): string {
  return Buffer.from(JSON.stringify({ page, limit })).toString("base64");
}

function readCursor(cursor: string | null): { page: number; limit: number } | undefined {
  if (cursor === null) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, "base64").toString("utf8")) as { page: number; limit: number };
  } catch {
    throw refuse(400, "Request_InvalidQuery", "cursor cannot be read");
  }
}

function refuse(status: number, slug: string, message: string): PlatformHttpError {
  return new PlatformHttpError(status, { message, code: status, slug });
}
