import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ResolvedConfig } from "../config/resolve.js";
import { diffDescriptions, type DescriptionDiff } from "../diff/descriptions.js";
import { readDescription, type Description } from "../openapi/document.js";
import { packageRoot } from "../package.js";
import { displayName } from "../sources/files.js";
import { DESCRIPTION_PATH, type PlatformClient } from "./client.js";

const FILE = "openapi.json";

export interface ComparedDescription extends DescriptionDiff {
  /** Display name of the description that the platform's was compared with. */
  readonly known: string;
  /** Where the platform's was fetched from. */
  readonly source: string;
}

/**
 * Fetches the platform's own OpenAPI description and compares it with the one that toolbind goes by: `openapi.json` of
 * the snapshot, or else the bundled one. Writes nothing.
 */
export async function compareDescription(
  client: PlatformClient,
  { snapshotDir, cwd }: Pick<ResolvedConfig, "snapshotDir" | "cwd">,
): Promise<ComparedDescription> {
  const own = join(snapshotDir, FILE);
  const file = existsSync(own) ? own : join(packageRoot(), "specs", "composio", FILE);
  const known = displayName(file, cwd);
  const source = `${client.origin}${DESCRIPTION_PATH}`;
  const before = parse(known, readFileSync(file));
  const after = parse(source, Buffer.from(JSON.stringify(await client.description())));
  return { ...diffDescriptions(before, after), known, source };
}

/** Alone: what it refers to beside it is not there. */
function parse(name: string, content: Buffer): Description {
  return readDescription(
    { name, content },
    "toolbind:platform",
    () => undefined,
    () => undefined,
  );
}
