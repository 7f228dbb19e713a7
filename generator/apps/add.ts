import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { AuthScheme } from "../../runtime/direct/app.js";
import type { CatalogueToolkit } from "../catalogue/types.js";
import { configName, type ResolvedConfig } from "../config/resolve.js";
import { ToolbindError, type Diagnostic } from "../errors.js";
import { filesBeside, readIntegration, writeFirstIntegration } from "../integration/index.js";
import { lockOf } from "../lock/check.js";
import { EMPTY_LOCK, isSameLock, printLock, readLock, type Lock } from "../lock/lockfile.js";
import { nameTools } from "../lock/names.js";
import { readDescription, type Description } from "../openapi/document.js";
import { packageVersion } from "../package.js";
import { isFolder, isWithin, withSlashes } from "../paths.js";
import type { DocumentLoader } from "../schema/documents.js";
import { createLoader } from "../schema/load.js";
import { displayName } from "../sources/files.js";
import { recoverWrite } from "../write/recover.js";
import { StagedWrite, type Change } from "../write/stage.js";
import { fileBesideApp, findApps, pathBesideApp, readAppFiles, uriOfApp, type AppFiles } from "./files.js";
import {
  refuseFile,
  refuseLink,
  refuseReserved,
  refuseSecondDescription,
  refuseTaken,
  wouldOverwrite,
} from "./refusals.js";
import { readApp } from "./toolkit.js";

export interface AddOptions {
  readonly config: ResolvedConfig;
  /** An app's folder, or its description. */
  readonly path: string;
  /** Of the toolkit; only for an app without `integration.yaml`. */
  readonly slug?: string;
  /** Overwrite what differs. */
  readonly force?: boolean;
  /** Write nothing if anything is left out. */
  readonly strict?: boolean;
}

export interface AddedApp {
  readonly slug: string;
  readonly name: string;
  /** Where it is now, as messages show it. */
  readonly folder: string;
  readonly files: readonly { readonly path: string; readonly change: Change }[];
  /** Whether `integration.yaml` was made from the description. */
  readonly isFirst: boolean;
  readonly tools: number;
  readonly schemes: readonly { readonly name: string; readonly mode: AuthScheme["mode"] }[];
  /** Whether description or integration say which host is called. */
  readonly hasAddress: boolean;
  readonly lockChanged: boolean;
  /** Whether the configuration selects it for generating. */
  readonly isSelected: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** Whether nothing was written because of `strict`. */
  readonly refused: boolean;
}

const INTEGRATION = "integration.yaml";

/**
 * Checks a custom app, copies it to where the configuration looks for apps unless it is there, writes its first
 * `integration.yaml` if it has none, and records it in the lock: all of that, or nothing.
 * Throws a `ToolbindError` for what the user can correct.
 */
export async function addApp(options: AddOptions): Promise<AddedApp> {
  const { config, force = false, strict = false } = options;
  const { cwd, lockFile } = config;
  const lockName = displayName(lockFile, cwd);
  const files = filesOf(options);
  const load = createLoader(config.schemaMap);
  const before = readLock(lockFile, lockName);
  const lock = before?.lock ?? EMPTY_LOCK;

  const contents = new Map<string, string>();
  const { description, read } = gather(files, contents, { cwd, lock, load });
  const { slug } = read.toolkit;
  const { checkDescription } = await import("../openapi-check/check.js");
  const findings = checkDescription(description.root, description.place).map((finding) => finding.diagnostic);
  const diagnostics = [...findings, ...read.diagnostics];
  const isFirst = files.integration === undefined;
  refuseReserved(contents.keys(), files);
  if (isFirst) contents.set(INTEGRATION, writeFirstIntegration(description, slug));
  else refuseOtherSlug(options, files, slug);

  const target = placeFor(files, config, slug);
  const path = basename(files.path);
  const source = displayName(join(target.folder, path), cwd);
  refuseTaken(lock, slug, source, config);
  refuseFile(target.folder, cwd);
  recoverWrite(target.folder, lockFile);
  // Completing the integration has changed the input of everything above.
  if (readLock(lockFile, lockName)?.text !== before?.text) return addApp(options);
  if (!target.isThere) refuseSecondDescription(target.folder, path, cwd);
  const toolkit = { ...readAsCopied(contents, path, { lock, load }), source };
  const names = nameTools(
    slug,
    toolkit.tools.map((tool) => tool.slug),
    {
      locked: new Map(Object.entries(lock.toolkits.get(slug)?.names ?? {})),
      configured: new Map(Object.entries(config.toolkits?.[slug]?.names ?? {})),
      source: configName(config),
    },
  );
  const entry = lockOf({ toolkits: [toolkit] }, new Map([[slug, names]]), { cwd, lockFile }).toolkits;
  const text = printLock({ toolkits: new Map([...lock.toolkits, ...entry]) }, packageVersion());

  const refused = strict && diagnostics.some(({ severity }) => severity === "error");
  const staged = new StagedWrite(target.folder, lockFile, "The app");
  try {
    const changes: { path: string; change: Change }[] = [];
    for (const [name, content] of [...contents].sort(([a], [b]) => (a < b ? -1 : 1))) {
      // What an app extends may stay beside it.
      if (target.isThere && name !== INTEGRATION && !existsSync(join(target.folder, name))) continue;
      refuseLink(target.folder, name, cwd);
      changes.push({ path: name, change: staged.add(name, content, () => false) });
    }
    const differing = changes.filter(({ change }) => change === "changed");
    if (differing.length > 0 && !force) throw wouldOverwrite(slug, target.folder, differing, cwd);
    const lockChanged = !isSameLock(before?.text ?? "", text);
    if (!refused) staged.commit(lockChanged ? { before: before?.text, text } : null);
    const { schemes = [], servers = [] } = toolkit.app?.description ?? {};
    const isPlaced = schemes.length > 0 && schemes.every(({ proxy }) => proxy?.baseUrl !== undefined);
    return {
      slug,
      name: toolkit.name,
      folder: displayName(target.folder, cwd),
      files: changes,
      isFirst,
      tools: toolkit.tools.length,
      schemes: schemes.map(({ name, mode }) => ({ name, mode })),
      hasAddress: isPlaced || /^(?:https?:|\{)/i.test(servers[0]?.url ?? ""),
      lockChanged: lockChanged && !refused,
      isSelected: config.toolkits === null || Object.hasOwn(config.toolkits, slug),
      diagnostics,
      refused,
    };
  } finally {
    staged.drop();
  }
}

/** The files of the app; a description in an app's folder stands for that folder. */
function filesOf({ config: { cwd }, path, slug }: AddOptions): AppFiles {
  const absolute = resolve(cwd, path);
  if (!existsSync(absolute)) {
    throw new ToolbindError("TB2057", {
      what: "There is no app",
      at: { source: displayName(absolute, cwd) },
      expected: "a folder with an OpenAPI description, or a description file",
      received: "nothing at that path",
      fix: "check the path",
    });
  }
  if (isFolder(absolute)) return readAppFiles(absolute, cwd, slug);
  const alone = readAppFiles(absolute, cwd, slug);
  const folder = dirname(absolute);
  try {
    const whole = readAppFiles(folder, cwd, slug);
    return whole.integration !== undefined && whole.path === basename(absolute) ? whole : alone;
  } catch {
    return alone;
  }
}

/**
 * Puts every file that makes the app into `contents`, by path in the folder of the description. What the integration
 * file extends is put where that file looks first.
 */
function gather(
  files: AppFiles,
  contents: Map<string, string>,
  { cwd, lock, load }: { readonly cwd: string; readonly lock: Lock; readonly load: DocumentLoader },
): { description: Description; read: ReturnType<typeof readApp> } {
  const home = dirname(join(files.folder, files.path));
  const take = (path: string, content: Buffer): void => {
    const name = withSlashes(relative(home, path));
    if (!isWithin(path, home)) {
      throw new ToolbindError("TB2057", {
        what: "The description refers to a file outside its folder",
        at: { source: displayName(path, cwd) },
        expected: "files in the description's folder or below it",
        received: `\`${name}\``,
        fix: "move the description to the top folder of its files, or bundle them into one",
      });
    }
    contents.set(name, textOf(content, displayName(path, cwd)));
  };
  if (!/\.(?:json|ya?ml)$/i.test(files.path)) {
    throw new ToolbindError("TB2057", {
      what: "The description would not be found by its file name",
      at: { source: files.description.name },
      expected: "a name that ends in `.yaml` or `.json`",
      received: `\`${basename(files.path)}\``,
      fix: "rename it to `openapi.yaml` or `openapi.json`",
    });
  }
  take(join(files.folder, files.path), files.description.content);
  const description = readDescription(files.description, uriOfApp(files), load, (uri) => {
    const path = pathBesideApp(files, uri);
    const file = path === undefined ? undefined : fileBesideApp(files, path, cwd);
    if (path !== undefined && file !== undefined) take(path, file.content);
    return file;
  });
  const extended = new Set<string>();
  if (files.integration !== undefined) {
    const text = textOf(files.integration.content, files.integration.name);
    contents.set(basename(files.integration.name), text);
    const { readBeside } = filesBeside(
      files.folder,
      (path) => displayName(path, cwd),
      (path) => extended.add(path),
    );
    readIntegration(
      { name: files.integration.name, text },
      {
        readBeside: (path) => {
          const found = readBeside(path);
          if (found !== undefined) contents.set(path, found.text);
          return found;
        },
      },
    );
  }
  const read = readApp(files, {
    cwd,
    given: (slug) => operationsOf(lock, slug),
    mapped: load,
    consulted: (path, content) => {
      if (content !== undefined && !extended.has(path)) take(path, content);
    },
  });
  return { description, read };
}

function textOf(content: Buffer, source: string): string {
  const text = content.toString("utf8");
  if (Buffer.from(text).equals(content)) return text;
  throw new ToolbindError("TB2057", {
    what: "A file of the app is not UTF-8 text",
    at: { source },
    fix: "save it as UTF-8",
  });
}

/** Reads the files as they will lie, so that what is recorded is what generating will find. */
function readAsCopied(
  contents: ReadonlyMap<string, string>,
  path: string,
  { lock, load }: { readonly lock: Lock; readonly load: DocumentLoader },
): CatalogueToolkit {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "toolbind-add-")));
  try {
    for (const [name, text] of contents) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const copied = readAppFiles(folder, folder);
    if (copied.path !== path) {
      throw new ToolbindError("TB2057", {
        what: "The description would not be found among the files that it refers to",
        at: { source: path },
        expected: "a name that identifies the description",
        received: `\`${copied.path}\` beside it`,
        fix: "rename it to `openapi.yaml` or `openapi.json`",
      });
    }
    const context = {
      cwd: folder,
      given: (slug: string) => operationsOf(lock, slug),
      mapped: load,
      consulted: () => {},
    };
    return readApp(copied, context).toolkit;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function operationsOf(lock: Lock, slug: string): ReadonlyMap<string, string> {
  return new Map(Object.entries(lock.toolkits.get(slug)?.operations ?? {}));
}

/** Where the app belongs: where it is, if the configuration looks there, else beside the other apps. */
function placeFor(files: AppFiles, config: ResolvedConfig, slug: string): { folder: string; isThere: boolean } {
  const base = dirname(config.lockFile);
  const home = realpathSync(dirname(join(files.folder, files.path)));
  const registered = findApps(config.apps, base).find((folder) => {
    return isFolder(folder) && realpathSync(folder) === home;
  });
  if (registered !== undefined) return { folder: registered, isThere: true };
  for (const pattern of config.apps) {
    const folder = resolve(base, pattern.replace(/[^/]*$/, slug));
    if (pattern.endsWith("/*")) return { folder, isThere: false };
  }
  throw new ToolbindError("TB2057", {
    what: "The configuration names no folder to copy apps to",
    at: { source: config.configFile === null ? "configuration" : displayName(config.configFile, config.cwd) },
    expected: "a pattern such as `specs/apps/*` under `apps`",
    received: config.apps.length === 0 ? "none" : config.apps.map((pattern) => `\`${pattern}\``).join(", "),
    fix: `add \`specs/apps/*\`, or \`${displayName(home, base)}\` itself`,
  });
}

/** The name in an integration file is the one that `generate` will use. */
function refuseOtherSlug({ slug: given }: AddOptions, files: AppFiles, slug: string): void {
  if (given === undefined || files.integration === undefined) return;
  const named = readApp(
    { ...files, slug: undefined },
    {
      cwd: files.folder,
      given: () => new Map(),
      mapped: () => undefined,
      consulted: () => {},
    },
  ).toolkit.slug;
  if (named === slug) return;
  throw new ToolbindError("TB2057", {
    what: "`--name` and the integration file disagree",
    at: { source: files.integration.name },
    expected: `\`unique_key: ${slug}\``,
    received: `an app called \`${named}\``,
    fix: `write \`unique_key: ${slug}\` there, or leave \`--name\` out`,
  });
}
