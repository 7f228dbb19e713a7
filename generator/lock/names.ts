import { nearest } from "../../runtime/nearest.js";
import { sha256 } from "../catalogue/canonical.js";
import { diagnostic, ToolbindError, type Diagnostic, type Place } from "../errors.js";

const ARTICLES: ReadonlySet<string> = new Set(["a", "an", "the"]);

const NAME = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** Functions by these names would be mistaken for something else: a default export, a thenable module. */
const UNUSABLE: ReadonlySet<string> = new Set(["default", "then"]);

export interface NameSources {
  /** Names given earlier. */
  readonly locked: ReadonlyMap<string, string>;
  /** Names from the configuration, which take precedence over all others. */
  readonly configured: ReadonlyMap<string, string>;
  /** Display name of the configuration. */
  readonly source?: string;
}

/**
 * Names a toolkit's tools: the slug without its toolkit, in camelCase, without articles. Earlier names are kept, and
 * the order of the slugs has no effect.
 */
export function nameTools(
  toolkit: string,
  slugs: readonly string[],
  { locked, configured, source = "configuration" }: NameSources,
): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Map<string, string>();
  const give = (slug: string, name: string): void => {
    names.set(slug, name);
    taken.set(name, slug);
  };
  const present = [...slugs].sort();
  for (const slug of present) {
    const name = configured.get(slug);
    if (name === undefined) continue;
    refuseUnusable({ source, pointer: pointerOfName(toolkit, slug) }, slug, name, taken.get(name));
    give(slug, name);
  }
  for (const slug of present) {
    const name = locked.get(slug);
    if (name !== undefined && !names.has(slug) && isUsable(name) && !taken.has(name)) give(slug, name);
  }
  const unnamed = present.filter((slug) => !names.has(slug));
  const short = groupBy(unnamed, (slug) => toolkitlessName(toolkit, slug, true));
  const colliding: string[] = [];
  for (const [name, group] of short) {
    if (group.length === 1 && !taken.has(name)) give(group[0] as string, name);
    else for (const slug of group) colliding.push(slug);
  }
  for (const [name, group] of groupBy(colliding, (slug) => toolkitlessName(toolkit, slug, false))) {
    for (const slug of group) give(slug, group.length === 1 && !taken.has(name) ? name : suffixed(name, slug, taken));
  }
  return names;
}

/** Old names by toolkit, each with the slug of the tool that it stands for. */
export type Aliases = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The old names that can be kept as aliases: those of existing tools that no other tool uses now. */
export function usableAliases(
  aliases: Iterable<readonly [string, string]>,
  names: ReadonlyMap<string, string>,
): Map<string, string> {
  const taken = new Set(names.values());
  const usable = [...aliases].filter(([name, slug]) => isUsable(name) && !taken.has(name) && names.has(slug));
  return new Map(usable.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The name with a suffix from the slug's hash: six digits, or as many as make it unique. */
function suffixed(name: string, slug: string, taken: { has(name: string): boolean }): string {
  const hash = sha256(slug);
  let length = 6;
  while (taken.has(`${name}_${hash.slice(0, length)}`)) length++;
  return `${name}_${hash.slice(0, length)}`;
}

function isUsable(name: string): boolean {
  return NAME.test(name) && !UNUSABLE.has(name);
}

/** Names that the configuration gives to tools that do not exist (any more). */
export function unusedNames(
  toolkit: string,
  slugs: readonly string[],
  configured: ReadonlyMap<string, string>,
  source: string,
): Diagnostic[] {
  const unknown = [...configured.keys()].filter((slug) => !slugs.includes(slug));
  return unknown.map((slug) => {
    const meant = nearest(slug, slugs);
    return diagnostic("TB1005", "warning", {
      what: `A name is given to ${JSON.stringify(slug)}, which is not a tool of ${toolkit}`,
      at: { source, pointer: pointerOfName(toolkit, slug) },
      fix: meant === undefined ? "remove the name" : `did you mean \`${meant}\`?`,
    });
  });
}

function pointerOfName(toolkit: string, slug: string): string {
  return `/toolkits/${toolkit}/names/${slug}`;
}

function refuseUnusable(at: Place, slug: string, name: string, other: string | undefined): void {
  const usable = isUsable(name);
  if (usable && other === undefined) return;
  throw new ToolbindError("TB1005", {
    what: `${slug} cannot be called ${JSON.stringify(name)}`,
    at,
    expected: usable ? "a unique name" : "an identifier other than `default` and `then`",
    received: usable ? `a name that ${other} also has` : JSON.stringify(name),
    fix: "choose another name",
  });
}

function toolkitlessName(toolkit: string, slug: string, withoutArticles: boolean): string {
  const prefix = `${toolkit.replaceAll("-", "_").toUpperCase()}_`;
  const rest = slug.startsWith(prefix) ? wordsOf(slug.slice(prefix.length)) : [];
  const words = rest.length > 0 ? rest : wordsOf(slug);
  const telling = withoutArticles ? words.filter((word) => !ARTICLES.has(word)) : words;
  return identifier(camelCase(telling.length === 0 ? words : telling));
}

function wordsOf(slug: string): string[] {
  return slug.toLowerCase().split("_").filter(Boolean);
}

/** The namespace of a toolkit: its slug in camelCase; a leading underscore stays. */
function namespaceName(toolkit: string): string {
  const name = camelCase(toolkit.split(/[_-]/).filter(Boolean));
  return identifier(toolkit.startsWith("_") ? `_${name}` : name);
}

function identifier(name: string): string {
  return UNUSABLE.has(name) || /^\d/.test(name) ? `_${name}` : name;
}

function camelCase(words: readonly string[]): string {
  return words.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join("");
}

function groupBy(slugs: readonly string[], key: (slug: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const slug of slugs) {
    const name = key(slug);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [slug]);
    else group.push(slug);
  }
  return groups;
}

/** Names that the output's index exports itself, and files next to the toolkits' folders. */
const TAKEN_BY_INDEX: ReadonlySet<string> = new Set([
  "ToolSlug",
  "ToolkitSlug",
  "isToolSlug",
  "TOOLKIT_VERSIONS",
  "configure",
  "createClient",
]);
/** Words that TypeScript rejects after `export * as`, unlike JavaScript. */
const REFUSED_AS_NAMESPACE: ReadonlySet<string> = new Set(
  "await implements interface let package private protected public static yield".split(" "),
);
const TAKEN_BY_FILES: ReadonlySet<string> = new Set([
  "runtime",
  "slugs",
  "versions",
  "index",
  "tool-map",
  "node_modules",
]);
const RESERVED_ON_WINDOWS = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

export interface ToolkitNames {
  /** What the index exports the toolkit as. */
  readonly namespace: string;
  /** Its folder in the output. */
  readonly folder: string;
}

/** Names toolkits without collisions among them or with files of the output. */
export function nameToolkits(slugs: readonly string[]): Map<string, ToolkitNames> {
  const groups = groupBy([...slugs].sort(), namespaceName);
  const folders = new Set(slugs);
  const names = new Map<string, ToolkitNames>();
  for (const [name, group] of groups) {
    for (const slug of group) {
      const apart = TAKEN_BY_FILES.has(slug) || RESERVED_ON_WINDOWS.test(slug);
      const distinct = group.length === 1 ? name : suffixed(name, slug, groups);
      const namespace =
        TAKEN_BY_INDEX.has(distinct) || REFUSED_AS_NAMESPACE.has(distinct) || apart ? `${distinct}_` : distinct;
      let folder = apart ? `${slug}_` : slug;
      while (folder !== slug && folders.has(folder)) folder += "_";
      folders.add(folder);
      names.set(slug, { namespace, folder });
    }
  }
  return names;
}
