import { isObject } from "../generator/text/json.js";
import { type PlatformRelease, type PlatformTool, versionOf } from "./snapshot.js";

type Json = Readonly<Record<string, unknown>>;

const LIST_KEYS = [
  "slug",
  "name",
  "auth_schemes",
  "composio_managed_auth_schemes",
  "is_local_toolkit",
  "no_auth",
  "auth_guide_url",
];
const DETAIL_KEYS = [
  "slug",
  "name",
  "enabled",
  "composio_managed_auth_schemes",
  "is_local_toolkit",
  "auth_config_details",
  "auth_guide_url",
  "base_url",
  "get_current_user_endpoint",
  "get_current_user_endpoint_method",
];

/** A toolkit as the list of toolkits shows it. */
export function toolkitListItem(release: PlatformRelease): Json {
  const { toolkit } = release;
  const { available_versions: _, ...meta } = metaOf(release, []);
  const id = isObject(toolkit["deprecated"]) ? toolkit["deprecated"]["toolkitId"] : toolkit.slug;
  return {
    ...pick(toolkit, LIST_KEYS),
    name: toolkit["name"] ?? toolkit.slug,
    is_local_toolkit: false,
    deprecated: { toolkitId: id },
    meta: { ...meta, categories: categoriesOf(meta["categories"], ["id", "name"]) },
  };
}

/** A toolkit as it is shown on its own. */
export function toolkitDetail(release: PlatformRelease, versions: readonly string[]): Json {
  const { toolkit } = release;
  const meta = metaOf(release, versions);
  return {
    ...pick(toolkit, DETAIL_KEYS),
    name: toolkit["name"] ?? toolkit.slug,
    enabled: toolkit["enabled"] ?? true,
    is_local_toolkit: false,
    deprecated: { rawProxyInfoByAuthSchemes: [], toolkitId: toolkit.slug, ...objectOf(toolkit["deprecated"]) },
    meta: { ...meta, categories: categoriesOf(meta["categories"], ["name", "slug"]) },
  };
}

/** A tool as lists show it, at the given version. */
export function toolItem(tool: PlatformTool, release: PlatformRelease, version: string): Json {
  const owner = ownerOf(release);
  const name = "name" in tool ? tool.name : tool.slug;
  const availableVersions = tool.available_versions ?? [version];
  const isDeprecated = tool.is_deprecated ?? false;
  return {
    description: "",
    input_parameters: {},
    no_auth: release.toolkit["no_auth"] === true,
    output_parameters: {},
    scopes: [],
    scope_requirements: null,
    tags: [],
    ...tool,
    name,
    version,
    available_versions: availableVersions,
    is_deprecated: isDeprecated,
    toolkit: owner,
    deprecated: {
      available_versions: availableVersions,
      displayName: name,
      is_deprecated: isDeprecated,
      toolkit: { logo: owner.logo },
      version,
    },
  };
}

/** A trigger type as lists show it. */
export function triggerItem(trigger: Json, release: PlatformRelease): Json {
  return {
    name: trigger["slug"],
    description: "",
    instructions: "",
    type: "webhook",
    config: {},
    payload: {},
    version: versionOf(release),
    ...trigger,
    toolkit: ownerOf(release),
  };
}

function ownerOf({ toolkit }: PlatformRelease): { logo: unknown; name: unknown; slug: string } {
  const { slug } = toolkit;
  return { logo: objectOf(toolkit["meta"])["logo"] ?? "", name: toolkit["name"] ?? slug, slug };
}

function metaOf(release: PlatformRelease, versions: readonly string[]): Json {
  return {
    categories: [],
    created_at: "2025-01-01T00:00:00.000Z",
    description: "",
    logo: "",
    updated_at: "2025-01-01T00:00:00.000Z",
    tools_count: release.tools.length,
    triggers_count: release.trigger_types?.length ?? 0,
    ...objectOf(release.toolkit["meta"]),
    version: versionOf(release),
    available_versions: versions,
  };
}

function categoriesOf(categories: unknown, keys: readonly string[]): Json[] {
  return Array.isArray(categories) ? categories.map((each) => pick(objectOf(each), keys)) : [];
}

function pick(from: Json, keys: readonly string[]): Json {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]));
}

function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}
