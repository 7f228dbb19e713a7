import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject } from "../generator/text/json.js";

/** A tool in the platform's wire format; other members are listed unchanged. */
export interface PlatformTool {
  readonly slug: string;
  readonly toolkit?: { readonly slug: string };
  readonly version?: string;
  readonly available_versions?: readonly string[];
  readonly input_parameters?: unknown;
  readonly output_parameters?: unknown;
  readonly no_auth?: boolean;
  readonly tags?: readonly string[];
  readonly is_deprecated?: boolean;
}

/** A toolkit at one version, as in a file of a snapshot. */
export interface PlatformRelease {
  readonly toolkit: { readonly slug: string; readonly [key: string]: unknown };
  readonly tools: readonly PlatformTool[];
  readonly trigger_types?: readonly { readonly slug: string; readonly [key: string]: unknown }[];
}

export type PlatformSnapshot = string | readonly (PlatformTool | PlatformRelease)[];

/** The version that means no version at all. */
export const BASE_VERSION = "00000000_00";

/** The releases of a snapshot folder (one JSON file per toolkit), or of a list of releases and single tools. */
export async function loadReleases(snapshot: PlatformSnapshot): Promise<readonly PlatformRelease[]> {
  if (typeof snapshot === "string") return readFolder(snapshot);
  const releases = snapshot.filter(isRelease);
  const single = new Map<string, PlatformTool[]>();
  for (const tool of snapshot) {
    if (isRelease(tool)) continue;
    const slug = tool.toolkit?.slug ?? (tool.slug.split("_")[0] ?? "").toLowerCase();
    const own = single.get(slug);
    if (own === undefined) single.set(slug, [tool]);
    else own.push(tool);
  }
  return [...releases, ...[...single].map(([slug, tools]) => ({ toolkit: { slug }, tools }))];
}

/** The OpenAPI description of a snapshot folder; undefined where there is none. */
export async function loadDescription(snapshot: PlatformSnapshot): Promise<unknown> {
  if (typeof snapshot !== "string") return undefined;
  try {
    return JSON.parse(await readFile(join(snapshot, "openapi.json"), "utf8")) as unknown;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The tools by slug, each from the newest release that has it. */
export function toolsOf(releases: readonly PlatformRelease[]): ReadonlyMap<string, PlatformTool> {
  const tools = new Map<string, PlatformTool>();
  const inOrder = [...releases].sort((a, b) => (versionOf(a) < versionOf(b) ? -1 : 1));
  for (const { toolkit, tools: own } of inOrder) {
    const noAuth = toolkit["no_auth"];
    for (const tool of own) {
      tools.set(tool.slug, typeof noAuth === "boolean" ? { no_auth: noAuth, ...tool } : tool);
    }
  }
  return tools;
}

/** The version of a release: the toolkit's, or else the newest of its tools. */
export function versionOf({ toolkit, tools }: PlatformRelease): string {
  const meta = toolkit["meta"];
  const named = isObject(meta) ? meta["version"] : undefined;
  if (typeof named === "string") return named;
  return tools.reduce((newest, { version = BASE_VERSION }) => (version > newest ? version : newest), BASE_VERSION);
}

function isRelease(given: PlatformTool | PlatformRelease): given is PlatformRelease {
  return "tools" in given;
}

async function readFolder(folder: string): Promise<PlatformRelease[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json")).sort();
  const files = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  const releases = files.flatMap((text) => {
    const file: unknown = JSON.parse(text);
    return isObject(file) && isObject(file["toolkit"]) && Array.isArray(file["tools"])
      ? [file as unknown as PlatformRelease]
      : [];
  });
  if (releases.length > 0) return releases;
  throw new Error(
    `No tools in ${folder}: expected files like {"toolkit": …, "tools": […]}. Fix: pass a snapshot folder.`,
  );
}
