import type { CatalogueTool } from "../catalogue/types.js";
import { isObject } from "../text/json.js";

/** A tool that went and one that came, taken for the same. */
export interface Rename {
  readonly from: string;
  readonly to: string;
  /** From 0 to 1; 1 for a confirmed rename. */
  readonly score: number;
}

/** Renames that were confirmed or ruled out: the new slug by the old one, or null. */
export type ConfirmedRenames = ReadonlyMap<string, string | null>;

/** Below this, a tool went and another came. */
const THRESHOLD = 0.72;

/** By how much a pair must beat the next best: if two are plausible, neither is chosen. */
const MARGIN = 0.06;

/**
 * Pairs removed tools with added ones, by their names, arguments, data and descriptions.
 * Prefers to miss a rename rather than invent one. A confirmed rename may also lead to one of several old slugs, or to a
 * tool that was there before: `present` are the slugs of all tools that are there now.
 */
export function findRenames(
  removed: readonly CatalogueTool[],
  added: readonly CatalogueTool[],
  confirmed: ConfirmedRenames,
  present: ReadonlySet<string> = new Set(added.map(({ slug }) => slug)),
): Rename[] {
  const renames: Rename[] = [];
  const open = new Map(added.map((tool) => [tool.slug, tool]));
  const undecided: CatalogueTool[] = [];
  for (const tool of removed) {
    const to = confirmedSlug(tool.slug, confirmed, present);
    if (to === undefined) undecided.push(tool);
    else if (to !== null && present.has(to)) {
      open.delete(to);
      renames.push({ from: tool.slug, to, score: 1 });
    }
  }
  const old = undecided.map(profileOf);
  const now = [...open.values()].map(profileOf);
  const scores = old.map((before) => now.map((after) => similarity(before, after)));
  for (const [row, before] of old.entries()) {
    const best = bestOf(scores[row] ?? []);
    if (best === undefined || best.score < THRESHOLD || best.lead < MARGIN) continue;
    const rival = bestOf(scores.map((line) => line[best.index] as number));
    if (rival?.index !== row || rival.lead < MARGIN) continue;
    const after = now[best.index] as Profile;
    renames.push({ from: before.slug, to: after.slug, score: Math.round(best.score * 100) / 100 });
  }
  return renames.sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** How much of the description, the arguments and the data of a tool has to be the same in another toolkit. */
const SAME = 0.85;

/**
 * Pairs removed tools with tools added to other toolkits. Toolkits have much in common that is not the same: both
 * list users. So it takes more than within one toolkit.
 */
export function findMoves(
  removed: readonly CatalogueTool[],
  added: readonly CatalogueTool[],
  confirmed: ConfirmedRenames,
): Rename[] {
  const [old, now] = [removed, added].map((tools) => new Map(tools.map((tool) => [tool.slug, tool])));
  return findRenames(removed, added, confirmed).filter(({ from, to }) => {
    const [before, after] = [old?.get(from), now?.get(to)];
    if (before === undefined || after === undefined || before.toolkit === after.toolkit) return false;
    const [a, b] = [profileOf(before), profileOf(after)];
    const isAlike = [overlap(a.description, b.description), overlap(a.input, b.input), overlap(a.output, b.output)];
    return a.description.size > 0 && isAlike.every((share) => share >= SAME);
  });
}

/** The confirmed current name of a tool, via its intermediate names. */
export function confirmedSlug(
  slug: string,
  confirmed: ConfirmedRenames,
  present: Pick<ReadonlySet<string>, "has">,
): string | null | undefined {
  let to = confirmed.get(slug);
  for (const seen = new Set<string>(); typeof to === "string" && !present.has(to) && !seen.has(to);) {
    seen.add(to);
    const next = confirmed.get(to);
    if (next === undefined) break;
    to = next;
  }
  return to;
}

interface Profile {
  readonly slug: string;
  readonly name: ReadonlySet<string>;
  readonly verbs: ReadonlySet<string>;
  readonly description: ReadonlySet<string>;
  readonly input: ReadonlySet<string>;
  /** The words of the arguments that have to be given. */
  readonly asked: ReadonlySet<string>;
  readonly output: ReadonlySet<string>;
}

const FILLERS: ReadonlySet<string> = new Set([
  "a",
  "an",
  "the",
  "of",
  "for",
  "to",
  "in",
  "on",
  "by",
  "with",
  "and",
  "from",
  "s",
]);

/** Words that say what is done; two tools that do different things are never the same. */
const VERBS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    create: "create add new insert post",
    read: "get fetch retrieve read show find lookup",
    list: "list all",
    search: "search query",
    update: "update edit modify patch change",
    replace: "set replace put",
    delete: "delete remove destroy",
    send: "send",
    enable: "enable activate",
    disable: "disable deactivate",
    lock: "lock",
    unlock: "unlock",
    star: "star",
    unstar: "unstar",
    follow: "follow",
    unfollow: "unfollow",
    check: "check",
    cancel: "cancel",
    rerun: "rerun re",
    download: "download",
    upload: "upload",
  }).flatMap(([verb, words]) => words.split(" ").map((word): [string, string] => [word, verb])),
);

function profileOf(tool: CatalogueTool): Profile {
  const prefix = `${tool.toolkit.toUpperCase()}_`;
  const words = wordsOf(tool.slug.startsWith(prefix) ? tool.slug.slice(prefix.length) : tool.slug);
  return {
    slug: tool.slug,
    name: new Set(words.map(stem)),
    verbs: new Set(words.map((word) => VERBS.get(word)).filter((verb) => verb !== undefined)),
    description: new Set(wordsOf(tool.description).map(stem)),
    input: keysOf(tool.input.document),
    asked: new Set(requiredOf(tool.input.document).flatMap(wordsOf).map(stem)),
    output: tool.output === undefined ? new Set() : keysOf(tool.output.document),
  };
}

function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).filter((word) => !FILLERS.has(word));
}

/** Plurals and the like, cut to what they share. */
function stem(word: string): string {
  return word.length > 4 ? word.replace(/(?:ies|es|s|ed|ing)$/, "") : word;
}

function requiredOf(schema: unknown): string[] {
  const required = isObject(schema) ? schema["required"] : undefined;
  return Array.isArray(required) ? required.filter((key) => typeof key === "string") : [];
}

/** The keys of the arguments or data with their types, two levels deep. */
function keysOf(schema: unknown, prefix: string = "", depth: number = 0): Set<string> {
  const keys = new Set<string>();
  if (!isObject(schema)) return keys;
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  for (const [key, value] of Object.entries(properties)) {
    keys.add(`${prefix}${key}:${isObject(value) ? JSON.stringify(value["type"]) : ""}`);
    if (depth < 2) for (const inner of keysOf(value, `${prefix}${key}.`, depth + 1)) keys.add(inner);
  }
  return keys;
}

function similarity(a: Profile, b: Profile): number {
  const contrary = a.verbs.size > 0 && b.verbs.size > 0 && ![...a.verbs].some((verb) => b.verbs.has(verb));
  if (contrary) return 0;
  const name = overlap(a.name, b.name);
  // Without a word in common, equal arguments say little: half the tools of a toolkit take `owner` and `repo`.
  if (name === 0) return 0;
  const input = overlap(a.input, b.input);
  const output = overlap(a.output, b.output);
  const description = overlap(a.description, b.description);
  // What one is named after and asks for, and the other neither: a comment of a discussion is not the discussion.
  const isOfOneOnly = (one: Profile, other: Profile): boolean =>
    [...one.name].some((word) => !other.name.has(word) && one.asked.has(word) && !other.asked.has(word));
  if (isOfOneOnly(a, b) || isOfOneOnly(b, a)) return 0;
  // Where the descriptions change a word just as the names do, it is another thing: users are not teams.
  const tells = (one: Profile, other: Profile): boolean =>
    [...one.name].some((word) => !other.name.has(word) && one.description.has(word) && !other.description.has(word));
  if (tells(a, b) && tells(b, a)) return 0;
  // A word more or less may be what tells two tools apart, so the descriptions have to speak of the same thing.
  const onlyOld = [...a.name].some((word) => !b.name.has(word) && !VERBS.has(word));
  const onlyNew = [...b.name].some((word) => !a.name.has(word) && !VERBS.has(word));
  if ((onlyOld || onlyNew) && description < (onlyOld && onlyNew ? 0.6 : 0.45)) return 0;
  return 0.4 * name + 0.3 * input + 0.1 * output + 0.2 * description;
}

/** Jaccard's index; two empty sets are alike. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 && b.size === 0) return 1;
  let shared = 0;
  for (const item of a) if (b.has(item)) shared++;
  return shared / (a.size + b.size - shared);
}

function bestOf(
  scores: readonly number[],
): { readonly index: number; readonly score: number; readonly lead: number } | undefined {
  let index = -1;
  let score = -1;
  let second = 0;
  for (const [at, value] of scores.entries()) {
    if (value > score) {
      second = Math.max(second, score);
      score = value;
      index = at;
    } else if (value > second) {
      second = value;
    }
  }
  return index === -1 ? undefined : { index, score, lead: score - second };
}
