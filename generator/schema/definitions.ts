import type { BuiltSchema } from "./build.js";
import { SchemaError } from "./error.js";
import { dynamicTargets, inPlace, type SchemaNode } from "./node.js";

/**
 * The referenced schemas that are printed once under a name, in the order met.
 * All others are printed where they are used.
 */
export interface Definitions {
  readonly root: SchemaNode;
  /** Short names, unique among themselves; the root, where something refers to it, has none here. */
  readonly names: ReadonlyMap<SchemaNode, string>;
}

const NO_NAMES: ReadonlyMap<SchemaNode, string> = new Map();

/** Throws a {@link SchemaError} for references that lead back to the same value endlessly. */
export function findDefinitions({ root, hasReferences }: BuiltSchema): Definitions {
  if (!hasReferences) return { root, names: NO_NAMES };
  const finished = new Map<SchemaNode, number>();
  for (const node of reachable([root])) walkInPlace(node, finished);
  const { uses, refers } = usesWithin([root]);
  const names = new Map<SchemaNode, string>();
  const distinct = new DistinctNames();
  for (const [node, { text, count }] of uses) {
    if (node === root || !(refers.has(node) || (count > 1 && !isTrivial(node)))) continue;
    names.set(node, distinct.name(nameOf(text)));
  }
  return { root, names };
}

/**
 * The schemas that several schemas of one document share, in the order met. Every target of a reference has a name,
 * used once or often, unless it is trivial.
 */
export function findShared(roots: readonly SchemaNode[]): ReadonlyMap<SchemaNode, string> {
  const { uses, refers } = usesWithin(roots);
  const isRoot = new Set(roots);
  const names = new Map<SchemaNode, string>();
  for (const [node, { text }] of uses) {
    if (refers.has(node) || isRoot.has(node) || !isTrivial(node)) names.set(node, nameOf(text));
  }
  return names;
}

/** The schemas that lead back to the same value endlessly, or through too many others. */
export function findEndless(roots: readonly SchemaNode[]): Map<SchemaNode, SchemaError> {
  const endless = new Map<SchemaNode, SchemaError>();
  const finished = new Map<SchemaNode, number>();
  for (const node of reachable(roots)) {
    if (!endless.has(node))
      walkInPlace(node, finished, (open, error) => open.forEach((each) => endless.set(each, error)));
  }
  return endless;
}

interface Uses {
  /** How often each schema is referred to, and by what. */
  readonly uses: ReadonlyMap<SchemaNode, { readonly text: string; readonly count: number }>;
  /** The schemas that refer to some schema. */
  readonly refers: ReadonlySet<SchemaNode>;
}

function usesWithin(roots: readonly SchemaNode[]): Uses {
  const uses = new Map<SchemaNode, { text: string; count: number }>();
  const refers = new Set<SchemaNode>();
  const units: SchemaNode[] = [...roots].reverse();
  const seen = new Set<SchemaNode>(units);
  for (let unit = units.pop(); unit !== undefined; unit = units.pop()) {
    for (const [target, text] of referencesWithin(unit)) {
      refers.add(unit);
      const use = uses.get(target);
      if (use !== undefined) use.count++;
      else uses.set(target, { text, count: 1 });
      if (!seen.has(target)) {
        seen.add(target);
        units.push(target);
      }
    }
  }
  return { uses, refers };
}

/** Gives out names that differ even if case is ignored. */
class DistinctNames {
  readonly #taken = new Set<string>();
  readonly #next = new Map<string, number>();

  name(wanted: string): string {
    const key = wanted.toLowerCase();
    let name = wanted;
    let number = this.#next.get(key) ?? 1;
    while (this.#taken.has(name.toLowerCase())) name = `${wanted}${++number}`;
    this.#next.set(key, number);
    this.#taken.add(name.toLowerCase());
    return name;
  }
}

/** The references in a schema that are reached without following one. */
function* referencesWithin(unit: SchemaNode): Generator<readonly [SchemaNode, string]> {
  const pending = [unit];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const target = node.ref?.target;
    if (node.ref !== undefined) yield [node.ref.target, node.ref.text];
    for (const anchored of dynamicTargets(node)) {
      // Twice, so that each has a name to be looked up by.
      yield [anchored, anchored.pointer];
      yield [anchored, anchored.pointer];
    }
    const { children } = node;
    const own = children.length - dynamicTargets(node).length;
    for (let index = own - 1; index >= 0; index--) {
      const child = children[index] as SchemaNode;
      if (child !== target) pending.push(child);
    }
  }
}

const LONGEST_REPEATED = 100;

/** Short enough to be repeated rather than named. */
function isTrivial(node: SchemaNode): boolean {
  if (typeof node.raw === "boolean") return true;
  const texts = [node.pattern?.source, node.const?.value, ...(node.enum ?? [])];
  return (
    (node.enum?.length ?? 0) <= 1 &&
    texts.every((text) => typeof text !== "object" && (typeof text !== "string" || text.length <= LONGEST_REPEATED)) &&
    node.types !== undefined &&
    node.types.every((type) => type !== "object" && type !== "array") &&
    inPlace(node).length === 0
  );
}

function nameOf(reference: string): string {
  const path = reference.replace(/[#/]+$/, "");
  const segment = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("#")) + 1);
  const words = segment.match(/[A-Za-z0-9]+/g) ?? [];
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return /^[A-Za-z]/.test(name) ? name.slice(0, 60) : `Schema${name.slice(0, 60)}`;
}

/** More schemas than this, each of which applies the next one to the same value, are refused: validation recurses. */
const MAX_IN_PLACE = 200;

/** Every schema that these lead to, themselves included. */
export function* reachable(roots: readonly SchemaNode[]): Generator<SchemaNode> {
  const reached = new Set<SchemaNode>(roots);
  const pending = [...roots];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    yield node;
    for (const child of node.children) {
      if (!reached.has(child)) {
        reached.add(child);
        pending.push(child);
      }
    }
  }
}

/** Every schema that these lead to, where a dynamic reference leads only to resources that are entered on the way. */
export function entered(roots: readonly SchemaNode[]): ReadonlySet<SchemaNode> {
  const reached = new Set<SchemaNode>(roots);
  const pending = [...roots];
  const resources = new Set<string>();
  const waiting = new Map<string, SchemaNode[]>();
  const take = (node: SchemaNode): void => {
    if (reached.has(node)) return;
    reached.add(node);
    pending.push(node);
  };
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const { resource, children, dynamicRef } = node;
    if (!resources.has(resource)) {
      resources.add(resource);
      waiting.get(resource)?.forEach(take);
    }
    children.slice(0, children.length - dynamicTargets(node).length).forEach(take);
    if (dynamicRef === undefined) continue;
    take(dynamicRef.target);
    for (const [uri, anchored] of dynamicRef.anchored) {
      const others = waiting.get(uri);
      if (resources.has(uri)) take(anchored);
      else if (others === undefined) waiting.set(uri, [anchored]);
      else others.push(anchored);
    }
  }
  return reached;
}

/**
 * Walks what applies to one value, and notes for each schema how many it leads through.
 * `onFault` takes the schemas that lead to a fault; without it the fault is thrown.
 */
function walkInPlace(
  start: SchemaNode,
  finished: Map<SchemaNode, number>,
  onFault: (open: ReadonlySet<SchemaNode>, error: SchemaError) => void = (_, error) => {
    throw error;
  },
): void {
  if (finished.has(start)) return;
  if (!start.combines) {
    finished.set(start, 0);
    return;
  }
  const open = new Set<SchemaNode>([start]);
  const stack = [{ node: start, children: inPlace(start), next: 0, height: 0 }];
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const child = frame.children[frame.next];
    const height = child === undefined ? undefined : finished.get(child);
    if (child === undefined) {
      if (frame.height > MAX_IN_PLACE) {
        const expected = `at most ${MAX_IN_PLACE} schemas in a row for one value`;
        return onFault(open, new SchemaError("TB3004", frame.node.pointer, expected, String(frame.height)));
      }
      finished.set(frame.node, frame.height);
      open.delete(frame.node);
      stack.pop();
    } else if (height !== undefined) {
      frame.height = Math.max(frame.height, height + 1);
      frame.next++;
    } else if (open.has(child)) {
      const [expected, received] = ["references that do not form a loop", "a loop of references to the same value"];
      return onFault(open, new SchemaError("TB3002", child.pointer, expected, received));
    } else {
      open.add(child);
      stack.push({ node: child, children: inPlace(child), next: 0, height: 0 });
    }
  }
}
