import { withSlashes } from "../paths.js";
import { asObject } from "../text/json.js";
import { TOOLKIT_SLUG } from "../catalogue/slug.js";
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { nearest } from "../../runtime/nearest.js";
import { UnfitJson } from "../catalogue/canonical.js";
import type { Catalogue } from "../catalogue/types.js";
import { configName, type ResolvedConfig } from "../config/resolve.js";
import { diagnostic, ToolbindError, type Diagnostic } from "../errors.js";
import { lockOf } from "../lock/check.js";
import { EMPTY_LOCK, isSameLock, printLock, readLock, type Lock, type LockedToolkit } from "../lock/lockfile.js";
import { nameTools, usableAliases } from "../lock/names.js";
import { packageVersion } from "../package.js";
import { parseCatalogue } from "../sources/catalogue.js";
import { displayName, shownFrom } from "../sources/files.js";
import { knownToolkits, ownerOfSlug } from "../sources/owner.js";
import { recoverWrite } from "../write/recover.js";
import { StagedWrite, type Change } from "../write/stage.js";
import type { components } from "./api.js";
import { PlatformClient, type ClientOptions } from "./client.js";
import { eachOfFew } from "./few.js";
import { listAll, type Listed } from "./lists.js";
import { fetchRelease, printCanonical, type Release } from "./release.js";
import { platformSettings } from "./settings.js";

type ToolkitItem = Listed<components["schemas"]["ToolkitListItem"]>;

export interface PullOptions {
  readonly config: ResolvedConfig;
  /** Slugs; none means those that the configuration names, or else those that the lock holds. */
  readonly toolkits: readonly string[];
  /** Every toolkit that the platform has. */
  readonly all?: boolean;
  /** Take the newest versions, whatever the lock pins. What the configuration pins stays. */
  readonly latest?: boolean;
  /** Take these versions, whatever the lock pins; null for a toolkit that has no dated one. */
  readonly versions?: ReadonlyMap<string, string | null>;
  /** Write nothing if a listing does not add up. */
  readonly strict?: boolean;
  readonly signal?: AbortSignal;
  readonly wait?: ClientOptions["wait"];
  readonly onProgress?: (stage: string, done: number, total: number) => void;
  /** Makes the commit part of a greater write, by calling what moves the files into place. */
  readonly commit?: (move: () => void) => void;
}

export interface PulledToolkit {
  readonly slug: string;
  readonly version: string | null;
  /** The version that the lock pinned before; undefined if it had none. */
  readonly previous: string | null | undefined;
  readonly tools: number;
  readonly triggers: number;
  readonly file: string;
  readonly change: Change;
}

export interface PullResult {
  readonly toolkits: readonly PulledToolkit[];
  readonly diagnostics: readonly Diagnostic[];
  /** Slugs of toolkits that were left out because they have no tools. */
  readonly empty: readonly string[];
  readonly lockChanged: boolean;
  /** Whether nothing was written because of `strict`. */
  readonly refused: boolean;
}

/** Names that stand for something else: in the snapshot folder, or on Windows. */
const TAKEN_FILES = /^(?:openapi|toolkits|con|prn|aux|nul|com\d|lpt\d)$/;

/**
 * Fetches toolkits with their tools and trigger types into the snapshot, and records them in the lock: all of them, or
 * nothing.
 */
export async function pull(options: PullOptions): Promise<PullResult> {
  const controller = new AbortController();
  try {
    return await pullUntil(controller, options);
  } catch (error) {
    throw error instanceof ToolbindError ? shownFrom(error, options.config.cwd) : error;
  } finally {
    // Requests and waits that a failure has made pointless would keep the process alive.
    controller.abort();
  }
}

async function pullUntil(controller: AbortController, options: PullOptions): Promise<PullResult> {
  const { config, strict = false, onProgress } = options;
  const { snapshotDir, lockFile, cwd } = config;
  const signal = AbortSignal.any([controller.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const settings = platformSettings(config.platform);
  const client = new PlatformClient({ settings, signal, ...(options.wait !== undefined && { wait: options.wait }) });

  recoverWrite(snapshotDir, lockFile);
  const locked = readLock(lockFile, displayName(lockFile, cwd));
  const lock = locked?.lock ?? EMPTY_LOCK;
  refuseNothing(options, lock);

  onProgress?.("listing toolkits", 0, 0);
  const [listed, enumerated] = await Promise.all([listToolkits(client), enumerate(client)]);
  const slugs = chooseToolkits(options, lock, listed);
  const known = knownToolkits(new Set([...listed.keys(), ...slugs]));
  const expected = groupByOwner(enumerated.slugs, (slug) => ownerOfSlug(slug, known));

  const pulled = new Pulled(config, lock);
  try {
    let done = 0;
    onProgress?.("pulling", 0, slugs.length);
    const fetchOne = async (slug: string): Promise<void> => {
      const { pin, pinnedBy } = pinOf(options, lock, slug);
      const wanted = { slug, pin, pinnedBy, item: listed.get(slug), expected: expected.get(slug) ?? new Set<string>() };
      try {
        const release = await fetchRelease(client, wanted);
        if (release !== undefined) pulled.take(release);
        else pulled.diagnostics.push(goneToolkit(options, { slug, lock, listed, origin: client.origin }));
      } catch (error) {
        pulled.diagnostics.push(goneVersion(error, options, lock, slug));
      }
      onProgress?.("pulling", ++done, slugs.length);
    };
    await eachOfFew(slugs, settings.concurrency, fetchOne, (error) => controller.abort(error));
    signal.throwIfAborted();
    const diagnostics = [...enumerated.diagnostics, ...pulled.diagnostics];
    const empty = pulled.empty.sort();
    // Of all toolkits some always have none.
    for (const slug of options.all === true ? [] : empty) {
      diagnostics.push(diagnostic("TB2016", "warning", { what: `Toolkit ${slug} left out: it has no tools` }));
    }
    const refused = strict && diagnostics.length > 0;
    const text = printLock({ toolkits: new Map([...lock.toolkits, ...pulled.entries]) }, packageVersion());
    const lockChanged = pulled.entries.size > 0 && !isSameLock(locked?.text ?? "", text);
    const move = (): void => pulled.staged.commit(lockChanged ? { before: locked?.text, text } : null);
    if (!refused) (options.commit ?? ((whole) => whole()))(move);
    const toolkits = pulled.toolkits.sort((a, b) => (a.slug < b.slug ? -1 : 1));
    return { toolkits, diagnostics, empty, lockChanged: lockChanged && !refused, refused };
  } finally {
    pulled.staged.drop();
  }
}

/** What has been fetched, staged for the snapshot and for the lock. */
class Pulled {
  readonly staged: StagedWrite;
  readonly toolkits: PulledToolkit[] = [];
  readonly entries = new Map<string, LockedToolkit>();
  readonly diagnostics: Diagnostic[] = [];
  /** Slugs of toolkits without tools. */
  readonly empty: string[] = [];
  readonly #config: ResolvedConfig;
  readonly #lock: Lock;

  constructor(config: ResolvedConfig, lock: Lock) {
    this.#config = config;
    this.#lock = lock;
    this.staged = new StagedWrite(config.snapshotDir, config.lockFile);
  }

  take(release: Release): void {
    const { slug, version, tools, triggers, text } = release;
    const name = fileOf(slug);
    const file = join(this.#config.snapshotDir, name);
    this.diagnostics.push(...release.diagnostics);
    const previous = this.#lock.toolkits.get(slug);
    const entry = lockEntry(release, { file, config: this.#config, previous });
    if (entry === undefined) {
      this.empty.push(slug);
      return;
    }
    refuseSecondFile(slug, previous?.source, entry.source, this.#config);
    const change = this.staged.add(name, text, (existing) => saysTheSame(existing, text, slug, file));
    this.entries.set(slug, entry);
    const shown = displayName(file, this.#config.cwd);
    this.toolkits.push({ slug, version, previous: previous?.version, tools, triggers, file: shown, change });
  }
}

async function listToolkits(client: PlatformClient): Promise<Map<string, ToolkitItem>> {
  const { items } = await listAll<components["schemas"]["ToolkitListItem"], "/api/v3.1/toolkits">(
    client,
    "/api/v3.1/toolkits",
    { include_deprecated: true, managed_by: "all" },
  );
  return new Map(items.map((item) => [item.slug.toLowerCase(), item]));
}

/** The slugs of all tools at their newest versions. Without them a pull can be made, but not held against them. */
async function enumerate(client: PlatformClient): Promise<{ slugs: string[]; diagnostics: Diagnostic[] }> {
  try {
    const body = await client.get("/api/v3.1/tools/enum", {});
    const slugs = typeof body === "string" ? body.split(",").map((slug) => slug.trim()) : body;
    if (Array.isArray(slugs) && slugs.every((slug) => typeof slug === "string")) {
      return { slugs: slugs.filter((slug) => slug !== ""), diagnostics: [] };
    }
    return { slugs: [], diagnostics: [notReconciled("a list of slugs", "other JSON")] };
  } catch (error) {
    const isOfThis = error instanceof ToolbindError && (error.code === "TB2012" || error.code === "TB2018");
    if (!isOfThis) throw error;
    return { slugs: [], diagnostics: [notReconciled("the slugs of all tools", error.message)] };
  }
}

function notReconciled(expected: string, received: string): Diagnostic {
  const what = "Listings cannot be compared with the platform's list of slugs";
  return diagnostic("TB2016", "warning", { what, at: { source: "/api/v3.1/tools/enum" }, expected, received });
}

function groupByOwner(slugs: readonly string[], ownerOf: (slug: string) => string): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const slug of slugs) {
    const owner = ownerOf(slug);
    const group = groups.get(owner);
    if (group === undefined) groups.set(owner, new Set([slug]));
    else group.add(slug);
  }
  return groups;
}

function refuseNothing({ toolkits, all, config }: PullOptions, lock: Lock): void {
  if (all === true || toolkits.length > 0 || config.toolkits !== null || lock.toolkits.size > 0) return;
  throw new ToolbindError("TB1007", {
    what: "There is nothing to pull: neither the command, nor the configuration, nor the lock names a toolkit",
    fix: "name some, as `toolbind pull github gmail`, or run `toolbind pull --all`",
  });
}

function chooseToolkits(
  { toolkits, all, config }: PullOptions,
  lock: Lock,
  listed: ReadonlyMap<string, unknown>,
): string[] {
  const named = toolkits.map((slug) => slug.toLowerCase());
  const configured = Object.keys(config.toolkits ?? Object.fromEntries(lock.toolkits)).filter((slug) => {
    const source = lock.toolkits.get(slug)?.source;
    return source === undefined || isOfSnapshot(source, config);
  });
  const chosen = all === true ? [...listed.keys()] : named.length > 0 ? named : configured;
  const slugs = [...new Set(chosen)].sort();
  const unusable = slugs.find((slug) => !TOOLKIT_SLUG.test(slug));
  if (unusable === undefined) return slugs;
  throw new ToolbindError("TB2013", {
    what: `${JSON.stringify(unusable)} is not a toolkit slug`,
    expected: "a slug such as `google_maps`",
    received: JSON.stringify(unusable),
    ...suggestion(unusable, listed),
  });
}

/** Custom apps are locked too, and are not the platform's. */
function isOfSnapshot(source: string, { lockFile, snapshotDir }: ResolvedConfig): boolean {
  return dirname(join(dirname(lockFile), source)) === snapshotDir;
}

interface GoneToolkit {
  readonly slug: string;
  readonly lock: Lock;
  readonly listed: ReadonlyMap<string, unknown>;
  readonly origin: string;
}

/**
 * What to say of a locked toolkit that is gone from the platform, whose snapshot stays. Throws if there is none, or if
 * the toolkit was asked for by name.
 */
function goneToolkit({ toolkits, config }: PullOptions, { slug, lock, listed, origin }: GoneToolkit): Diagnostic {
  const file = snapshotOf(slug, lock, config);
  if (file === undefined) throw noSuchToolkit(slug, listed, origin);
  const details = {
    what: `The platform at ${origin} no longer has the toolkit ${JSON.stringify(slug)}; its snapshot stays`,
    at: { source: displayName(file, config.cwd) },
    fix: "to give it up, delete that file and run `toolbind generate --update-lock`",
  };
  if (toolkits.length > 0) throw new ToolbindError("TB2013", details);
  return diagnostic("TB2013", "warning", details);
}

/**
 * What to say of a locked version that is gone from the platform, whose snapshot stays. Throws what it is given where
 * that is something else, there is no snapshot, the configuration wants that version, or the toolkit was asked for by
 * name.
 */
function goneVersion(error: unknown, { toolkits, config }: PullOptions, lock: Lock, slug: string): Diagnostic {
  const isGone = error instanceof ToolbindError && error.code === "TB2014";
  const file = snapshotOf(slug, lock, config);
  const isWanted = toolkits.length > 0 || config.toolkits?.[slug]?.version !== undefined;
  if (!isGone || isWanted || file === undefined) throw error;
  const { what, ...details } = error.details;
  const at = { source: displayName(file, config.cwd) };
  return diagnostic("TB2014", "warning", { ...details, what: `${what}; its snapshot stays`, at });
}

/** The file of a locked toolkit, if it is there. */
function snapshotOf(slug: string, lock: Lock, { lockFile }: ResolvedConfig): string | undefined {
  const source = lock.toolkits.get(slug)?.source;
  const file = source === undefined ? undefined : join(dirname(lockFile), source);
  return file !== undefined && existsSync(file) ? file : undefined;
}

function noSuchToolkit(slug: string, listed: ReadonlyMap<string, unknown>, origin: string): ToolbindError {
  const what = `The platform at ${origin} has no toolkit ${JSON.stringify(slug)}`;
  return new ToolbindError("TB2013", { what, ...suggestion(slug, listed) });
}

function suggestion(slug: string, listed: ReadonlyMap<string, unknown>): { fix: string } {
  const meant = nearest(slug, [...listed.keys()]);
  return { fix: meant === undefined ? "correct the slug" : `did you mean \`${meant}\`?` };
}

function pinOf(
  { config, latest, versions }: PullOptions,
  lock: Lock,
  slug: string,
): { pin: string | undefined; pinnedBy: string } {
  const configured = config.toolkits?.[slug]?.version;
  if (configured !== undefined) return { pin: configured, pinnedBy: `\`toolkits.${slug}.version\`` };
  const given = versions?.get(slug);
  if (given !== undefined) return { pin: given ?? undefined, pinnedBy: "the upgrade" };
  const pin = latest === true ? undefined : (lock.toolkits.get(slug)?.version ?? undefined);
  return { pin, pinnedBy: "the lock" };
}

function fileOf(slug: string): string {
  return `${slug}${TAKEN_FILES.test(slug) ? "_" : ""}.json`;
}

/** Whether the file that is there differs in its formatting only. Rejects one that is not a snapshot of the toolkit. */
function saysTheSame(existing: string, text: string, slug: string, file: string): boolean {
  let json: unknown;
  try {
    json = JSON.parse(existing.replace(/^\ufeff/, ""));
  } catch {
    // Conflict markers, or the cut end of another program's write.
    if (existing.includes('"toolkit"')) return false;
  }
  const found = asObject(asObject(json)?.["toolkit"])?.["slug"];
  if (json !== undefined && typeof found === "string" && found.toLowerCase() === slug) return isPrintedAs(json, text);
  throw new ToolbindError("TB4002", {
    what: "A file that toolbind did not write is in the way",
    at: { source: file },
    expected: `nothing, or the snapshot of ${slug}`,
    received: "something else",
    fix: "move it",
  });
}

function isPrintedAs(json: unknown, text: string): boolean {
  try {
    return printCanonical(json) === text;
  } catch (error) {
    if (error instanceof UnfitJson) return false;
    throw error;
  }
}

/** With two files for one toolkit, all its tools would be left out, since it is unclear which ones are right. */
function refuseSecondFile(
  slug: string,
  known: string | undefined,
  next: string,
  { lockFile, cwd }: ResolvedConfig,
): void {
  if (known === undefined || known === next) return;
  const file = join(dirname(lockFile), known);
  if (!existsSync(file)) return;
  throw new ToolbindError("TB4002", {
    what: `${slug} is already in another file`,
    at: { source: displayName(file, cwd) },
    expected: next,
    received: known,
    fix: "move that file out of the snapshot folder, and pull again",
  });
}

interface EntryContext {
  readonly file: string;
  readonly config: ResolvedConfig;
  readonly previous: LockedToolkit | undefined;
}

/** What the lock records of a release; undefined if there is nothing to record. */
function lockEntry({ slug, file: json }: Release, { file, config, previous }: EntryContext): LockedToolkit | undefined {
  const { cwd, lockFile } = config;
  const toolkit = catalogueOf(json, displayName(file, cwd)).toolkits.find((each) => each.slug === slug);
  if (toolkit === undefined) return undefined;
  const names = nameTools(
    slug,
    toolkit.tools.map((tool) => tool.slug),
    {
      locked: new Map(Object.entries(previous?.names ?? {})),
      configured: new Map(Object.entries(config.toolkits?.[slug]?.names ?? {})),
      source: configName(config),
    },
  );
  // They are kept for a cycle: until the version moves.
  const kept = previous?.version === toolkit.version ? Object.entries(previous.aliases ?? {}) : [];
  const aliases = new Map([[slug, usableAliases(kept, names)]]);
  const entry = lockOf({ toolkits: [toolkit] }, new Map([[slug, names]]), { cwd, lockFile }, aliases).toolkits.get(
    slug,
  );
  return entry === undefined ? undefined : { ...entry, source: withSlashes(relative(dirname(lockFile), file)) };
}

function catalogueOf(json: unknown, name: string): Catalogue {
  try {
    return parseCatalogue([{ name, json }]).catalogue;
  } catch (error) {
    if (error instanceof ToolbindError && error.code === "TB2003") return { toolkits: [] };
    throw error;
  }
}
