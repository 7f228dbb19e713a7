import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { AuthScheme } from "../../runtime/direct/app.js";
import type { CatalogueToolkit } from "../catalogue/types.js";
import { configName, type ResolvedConfig } from "../config/resolve.js";
import { ToolbindError, type Diagnostic } from "../errors.js";
import { writeFirstIntegration } from "../integration/index.js";
import { lockOf } from "../lock/check.js";
import { EMPTY_LOCK, isSameLock, printLock, readLock, type Lock } from "../lock/lockfile.js";
import { nameTools } from "../lock/names.js";
import { packageVersion } from "../package.js";
import { isFolder } from "../paths.js";
import { createLoader } from "../schema/load.js";
import { displayName } from "../sources/files.js";
import { recoverWrite } from "../write/recover.js";
import { StagedWrite, type Change } from "../write/stage.js";
import { findApps, type AppFiles } from "./files.js";
import { filesAt, gather, integrationThere, readAsCopied } from "./gather.js";
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
  const files = filesAt(options.path, cwd, options.slug);
  const load = createLoader(config.schemaMap);
  const before = readLock(lockFile, lockName);
  const lock = before?.lock ?? EMPTY_LOCK;

  const contents = new Map<string, string>();
  const { description, read } = gather(files, contents, { cwd, lock, load });
  const { slug } = read.toolkit;
  const { checkDescription } = await import("../openapi-check/check.js");
  const findings = checkDescription(description.root, description.place).map((finding) => finding.diagnostic);
  const diagnostics = [...findings, ...read.diagnostics];
  refuseReserved(contents.keys(), files);
  if (files.integration !== undefined) refuseOtherSlug(options, files, slug);

  const target = targetOf(files, config, slug);
  const path = basename(files.path);
  const source = displayName(join(target.folder, path), cwd);
  refuseTaken(lock, slug, source, config);
  refuseFile(target.folder, cwd);
  recoverWrite(target.folder, lockFile);
  // Completing the integration has changed the input of everything above.
  if (readLock(lockFile, lockName)?.text !== before?.text) return addApp(options);
  if (!target.isThere) refuseSecondDescription(target.folder, path, cwd);
  // People have completed the file since: another description does not replace it.
  const kept = files.integration === undefined ? integrationThere(target.folder, cwd) : undefined;
  const isFirst = files.integration === undefined && kept === undefined;
  if (isFirst) contents.set(INTEGRATION, writeFirstIntegration(description, slug));
  if (kept !== undefined) contents.set(kept.name, kept.text);
  const copied = new Map([...(kept?.beside ?? []), ...contents]);
  const toolkit = { ...readAsCopied(copied, path, { lock, load }), source };
  const text = lockWith(toolkit, lock, config);

  const refused = strict && diagnostics.some(({ severity }) => severity === "error");
  const staged = new StagedWrite(target.folder, lockFile, "The app");
  try {
    const changes = stageFiles(staged, contents, target, cwd);
    const differing = changes.filter(({ change }) => change === "changed");
    if (differing.length > 0 && !force) throw wouldOverwrite(slug, target.folder, differing, cwd);
    const lockChanged = !isSameLock(before?.text ?? "", text);
    if (!refused) staged.commit(lockChanged ? { before: before?.text, text } : null);
    const { schemes = [], servers = [] } = toolkit.app?.description ?? {};
    const isPlaced = schemes.length > 0 && schemes.every(({ proxy }) => proxy?.baseUrl !== undefined);
    return {
      slug: toolkit.slug,
      name: toolkit.name,
      folder: displayName(target.folder, cwd),
      files: changes,
      isFirst,
      tools: toolkit.tools.length,
      schemes: schemes.map(({ name, mode }) => ({ name, mode })),
      hasAddress: isPlaced || /^(?:https?:|\{)/i.test(servers[0]?.url ?? ""),
      lockChanged: lockChanged && !refused,
      isSelected: config.toolkits === null || Object.hasOwn(config.toolkits, toolkit.slug),
      diagnostics,
      refused,
    };
  } finally {
    staged.drop();
  }
}

/** The lock's text with a toolkit added to it, or in place of what it had of that toolkit. */
function lockWith(toolkit: CatalogueToolkit, lock: Lock, config: ResolvedConfig): string {
  const { slug } = toolkit;
  const names = nameTools(
    slug,
    toolkit.tools.map((tool) => tool.slug),
    {
      locked: new Map(Object.entries(lock.toolkits.get(slug)?.names ?? {})),
      configured: new Map(Object.entries(config.toolkits?.[slug]?.names ?? {})),
      source: configName(config),
    },
  );
  const entry = lockOf({ toolkits: [toolkit] }, new Map([[slug, names]]), config).toolkits;
  // Under another name, it is the same app.
  const source = entry.get(slug)?.source;
  const others = [...lock.toolkits].filter(([, locked]) => locked.source !== source);
  return printLock({ toolkits: new Map([...others, ...entry]) }, packageVersion());
}

function stageFiles(
  staged: StagedWrite,
  contents: ReadonlyMap<string, string>,
  target: Target,
  cwd: string,
): { path: string; change: Change }[] {
  const changes: { path: string; change: Change }[] = [];
  for (const [name, content] of [...contents].sort(([a], [b]) => (a < b ? -1 : 1))) {
    // What an app extends may stay beside it.
    if (target.isThere && name !== INTEGRATION && !existsSync(join(target.folder, name))) continue;
    refuseLink(target.folder, name, cwd);
    changes.push({ path: name, change: staged.add(name, content, () => false) });
  }
  return changes;
}

/** Where an app goes. */
interface Target {
  readonly folder: string;
  readonly isThere: boolean;
}

/** Where the app belongs: where it is, if the configuration looks there, else beside the other apps. */
function targetOf(files: AppFiles, config: ResolvedConfig, slug: string): Target {
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
