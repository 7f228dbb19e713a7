import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { isFile, isFolder, isWithin, withSlashes } from "../paths.js";
import { decodePercent } from "../text/json-pointer.js";
import { ToolbindError } from "../errors.js";
import { findIntegration } from "../integration/find.js";
import { displayName, readSourceFile, type SourceFile } from "../sources/files.js";

/** The files that make a custom app. */
export interface AppFiles {
  /** Absolute; references do not lead out of it. */
  readonly folder: string;
  readonly description: SourceFile;
  readonly integration: SourceFile | undefined;
  /** Path of the description below the folder, with forward slashes. */
  readonly path: string;
  /** The toolkit's slug, where it is given rather than read. */
  readonly slug: string | undefined;
}

const require = createRequire(import.meta.url);

/** Loaded only where a pattern has something to match. */
function picomatch(): typeof import("picomatch") {
  return require("picomatch") as typeof import("picomatch");
}

/** Files that may be the description of an app, the likeliest first. */
const DESCRIPTION_NAMES = /^(openapi|swagger)\.(json|ya?ml)$/i;
const SOURCE_NAME = /\.(json|ya?ml)$/i;
const INTEGRATION_NAME = /^integrations?\.ya?ml$/i;

/** The folders that patterns such as `specs/apps/*` name, sorted; folders without a description are skipped. */
export function findApps(patterns: readonly string[], base: string): string[] {
  const folders = patterns.flatMap((pattern) => {
    const exact = resolve(base, pattern);
    if (!/[*?]/.test(pattern)) return [exact];
    const segment = pattern.split("/").at(-1) as string;
    const parent = dirname(exact);
    if (!isFolder(parent)) return [];
    const matches = picomatch()(segment);
    const names = readdirSync(parent).filter((name) => matches(name));
    return names
      .map((name) => join(parent, name))
      .filter((path) => isFolder(path) && descriptionIn(path) !== undefined);
  });
  return [...new Set(folders)].sort();
}

/**
 * Reads the description and the integration file of an app's folder, or the description alone that a path names.
 * Throws a `ToolbindError` where there is no description.
 */
export function readAppFiles(path: string, cwd: string, slug?: string): AppFiles {
  const absolute = resolve(cwd, path);
  if (!isFolder(absolute)) {
    // Descriptions in a folder of their own often share files with the folder above.
    const folder = isWithin(absolute, cwd) ? cwd : dirname(dirname(absolute));
    return filesOf(folder, absolute, undefined, cwd, slug);
  }
  const description = descriptionIn(absolute);
  if (description === undefined) {
    throw new ToolbindError("TB2001", {
      what: "App has no description",
      at: { source: displayName(absolute, cwd) },
      expected:
        "an OpenAPI description: `openapi.yaml`, `openapi.json` or `swagger.json`, or one such file with another name",
      received: "none",
      fix: "add it, or name the file with `--openapi FILE`",
    });
  }
  const { name: integration, diagnostics } = findIntegration(readdirSync(absolute), displayName(absolute, cwd));
  const [misnamed] = diagnostics;
  if (misnamed !== undefined) throw new ToolbindError(misnamed.code, { what: misnamed.message });
  return filesOf(absolute, join(absolute, description), integration && join(absolute, integration), cwd, slug);
}

function filesOf(
  folder: string,
  description: string,
  integration: string | undefined,
  cwd: string,
  slug: string | undefined,
): AppFiles {
  return {
    folder,
    description: readSourceFile(description, cwd, "Description"),
    integration: integration === undefined ? undefined : readSourceFile(integration, cwd, "Integration file"),
    path: withSlashes(relative(folder, description)),
    slug,
  };
}

function descriptionIn(folder: string): string | undefined {
  const names = readdirSync(folder).sort();
  const usual = names.find((name) => DESCRIPTION_NAMES.test(name));
  if (usual !== undefined) return usual;
  const others = names.filter((name) => SOURCE_NAME.test(name) && !INTEGRATION_NAME.test(name));
  return others.find((name) => saysOpenApi(join(folder, name)));
}

/** Whether a file seems to be a description: its identifying key is near the beginning of a line or of the text. */
function saysOpenApi(path: string): boolean {
  return isFile(path) && /(?:^|[{,\n])\s*["']?(?:openapi|swagger)["']?\s*:/.test(readFileSync(path, "utf8"));
}

/** Scheme of the URIs that stand for an app's files in references. */
const SCHEME = "toolbind-app:/";

export function uriOfApp({ path }: AppFiles): string {
  return SCHEME + encodeURI(path);
}

/** The path below the app's folder that a URI stands for; undefined if there is none. */
export function pathBesideApp({ folder }: AppFiles, uri: string): string | undefined {
  if (!uri.startsWith(SCHEME)) return undefined;
  const path = resolve(folder, decodePercent(uri.slice(SCHEME.length)));
  return isWithin(path, folder) && SOURCE_NAME.test(path) ? path : undefined;
}

/** Reads such a file; undefined where there is none, or a link that leads out of the folder. */
export function fileBesideApp({ folder }: AppFiles, path: string, cwd: string): SourceFile | undefined {
  const root = realpathSync(folder);
  if (!isFile(path) || !isWithin(realpathSync(path), root)) return undefined;
  return readSourceFile(path, cwd, "Description file");
}
