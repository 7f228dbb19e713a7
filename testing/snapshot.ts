import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A tool in the platform's wire format; what is not named here is ignored. */
export interface PlatformTool {
  readonly slug: string;
  readonly toolkit?: { readonly slug: string };
  readonly version?: string;
  readonly available_versions?: readonly string[];
  readonly input_parameters?: unknown;
  readonly output_parameters?: unknown;
  readonly no_auth?: boolean;
}

/** The tools of a snapshot folder (one JSON file a toolkit) or of a list, by slug. */
export async function loadTools(
  snapshot: string | readonly PlatformTool[],
): Promise<ReadonlyMap<string, PlatformTool>> {
  const tools = typeof snapshot === "string" ? await readFolder(snapshot) : snapshot;
  return new Map(tools.map((tool) => [tool.slug, tool]));
}

async function readFolder(folder: string): Promise<PlatformTool[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
  const files = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  const tools = files.flatMap((text) => toolsOf(JSON.parse(text)));
  if (tools.length === 0) throw new Error(`No tools in ${folder}: expected files like {"toolkit": …, "tools": […]}.`);
  return tools;
}

function toolsOf(file: unknown): PlatformTool[] {
  if (typeof file !== "object" || file === null || !("tools" in file) || !Array.isArray(file.tools)) return [];
  const owner = "toolkit" in file ? (file.toolkit as { readonly no_auth?: boolean } | undefined) : undefined;
  const tools = file.tools as PlatformTool[];
  return tools.map((tool) => (owner?.no_auth === undefined ? tool : { no_auth: owner.no_auth, ...tool }));
}
