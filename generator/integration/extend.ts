import type { Problems } from "./problems.js";
import { fold } from "./templates.js";
import { readTree, type Entry, type ListTree, type MapTree, type Tree } from "./tree.js";
import type { IntegrationContext } from "./types.js";
import { isPathBelow } from "./urls.js";
import { clip } from "../text/shown.js";

const MOST = 8;

/**
 * Merges a file's tree with those of the files that it extends. Its own values win. Schemes and fields are matched by
 * name.
 */
export function withExtended(
  tree: MapTree,
  context: IntegrationContext,
  problems: Problems,
  passed: readonly string[] = [tree.spot.file.name],
): MapTree {
  const entry = tree.entries.find(({ key }) => fold(key) === "extends");
  if (entry === undefined || entry.value.kind === "nothing") return tree;
  const base = readBase(entry, context, problems, passed);
  if (base === undefined) return tree;
  return mergeMaps(withExtended(base, context, problems, [...passed, base.spot.file.name]), tree);
}

function readBase(
  { value }: Entry,
  { readBeside }: IntegrationContext,
  problems: Problems,
  passed: readonly string[],
): MapTree | undefined {
  const refuse = (expected: string, received: string, fix: string): undefined => {
    problems.error("TB2053", value.spot, { what: "`extends` cannot be followed", expected, received, fix });
  };
  const expected = "the path of a YAML file in the app's folder or beside it, such as `base/crm/integration.yaml`";
  if (value.kind !== "text") return refuse(expected, `a ${value.kind}`, "write one path");
  const path = value.text.trim().replace(/^(?:\.\/)+/, "");
  const shown = `\`${clip(path)}\``;
  const own = "put the keys of that file here and remove `extends`";
  if (/^[a-z][a-z0-9+.-]*:/i.test(path)) return refuse(expected, `the URL ${shown}; nothing is fetched`, own);
  if (!isPathBelow(path)) return refuse(expected, `${shown}, which may lead outside`, own);
  if (!/\.ya?ml$/i.test(path)) return refuse(expected, shown, "name a file that ends in `.yaml`");
  const file = readBeside(path);
  if (file === undefined)
    return refuse("an existing file", shown, `copy it to \`${clip(path)}\` in the app's folder, or ${own}`);
  if (passed.includes(file.name))
    return refuse("a file that does not extend this one in turn", shown, "remove `extends` from one of them");
  if (passed.length >= MOST) return refuse(`at most ${MOST} files that extend each other`, "more", own);
  return readTree(file, problems);
}

function mergeMaps(base: MapTree, over: MapTree): MapTree {
  const entries = new Map<string, Entry>();
  const kept: Entry[] = [];
  const add = (entry: Entry): void => {
    const identity = fold(entry.key);
    const below = entries.get(identity);
    entries.set(identity, below === undefined ? entry : { ...entry, value: merge(below.value, entry.value, identity) });
  };
  for (const entry of base.entries) {
    // Already resolved.
    if (fold(entry.key) === "extends") continue;
    if (entries.has(fold(entry.key))) kept.push(entry);
    else add(entry);
  }
  const own = new Set<string>();
  for (const entry of over.entries) {
    if (own.has(fold(entry.key))) kept.push(entry);
    else add(entry);
    own.add(fold(entry.key));
  }
  return { kind: "map", entries: [...entries.values(), ...kept], spot: over.spot };
}

function merge(base: Tree, over: Tree, key: string): Tree {
  if (over.kind === "nothing") return base;
  if (key === "authschemes" || key === "fields") {
    const [lower, upper] = [byName(base), byName(over)];
    if (lower !== undefined && upper !== undefined) return mergeLists(lower, upper);
  }
  return base.kind === "map" && over.kind === "map" ? mergeMaps(base, over) : over;
}

/** A list of maps with names, or a map of maps, as a list; undefined for anything else. */
function byName(tree: Tree): ListTree | undefined {
  if (tree.kind === "list") return tree;
  if (tree.kind !== "map") return undefined;
  const items = tree.entries.map(({ key, spot, value }): Tree => {
    if (value.kind !== "map" || nameOf(value) !== undefined) return value;
    const name: Entry = {
      key: "name",
      spot,
      value: { kind: "text", text: key, type: "string", spot, end: spot.offset },
    };
    return { ...value, entries: [name, ...value.entries] };
  });
  return { kind: "list", items, spot: tree.spot };
}

function mergeLists(base: ListTree, over: ListTree): ListTree {
  const rest = [...over.items];
  const items = base.items.map((item) => {
    const name = nameOf(item);
    const index = name === undefined ? -1 : rest.findIndex((each) => nameOf(each) === name);
    if (index === -1) return item;
    const [found] = rest.splice(index, 1);
    return merge(item, found!, "");
  });
  return { kind: "list", items: [...items, ...rest], spot: over.spot };
}

function nameOf(tree: Tree): string | undefined {
  if (tree.kind !== "map") return undefined;
  const entry = tree.entries.find(({ key }) => /^(?:scheme)?name$/.test(fold(key)));
  return entry?.value.kind === "text" ? entry.value.text.trim() : undefined;
}
