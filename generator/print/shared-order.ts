import { inPlace, type SchemaNode } from "../schema/node.js";

/** Whether a shared schema, or one written out in it, applies several shared ones to one value. */
export function forks(unit: SchemaNode, shared: ReadonlyMap<SchemaNode, unknown>): boolean {
  const seen = new Set<SchemaNode>([unit]);
  const pending = [unit];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.combines && sharedInPlace(node, shared) > 1) return true;
    for (const child of node.children) {
      if (shared.has(child) || seen.has(child)) continue;
      seen.add(child);
      pending.push(child);
    }
  }
  return false;
}

function sharedInPlace(start: SchemaNode, shared: ReadonlyMap<SchemaNode, unknown>): number {
  let count = 0;
  const seen = new Set<SchemaNode>([start]);
  const pending = [start];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const child of inPlace(node)) {
      if (shared.has(child)) count++;
      else if (!seen.has(child)) {
        seen.add(child);
        pending.push(child);
      }
    }
  }
  return count;
}

/** Shared schemas that are built inside one another at most. */
export const DEEPEST_BUILD = 50;

export interface SharedOrder {
  /** Every cycle of references contains one to a later position. */
  readonly position: number;
  /** How many are built inside it, one in the other, by references to earlier positions. */
  readonly height: number;
}

export function orderOfShared(
  roots: readonly SchemaNode[],
  shared: ReadonlySet<SchemaNode>,
): Map<SchemaNode, SharedOrder> {
  const order = new Map<SchemaNode, SharedOrder>();
  const entered = new Set<SchemaNode>();
  for (const start of [...roots, ...shared]) {
    if (entered.has(start)) continue;
    entered.add(start);
    const stack = [{ node: start, targets: targetsWithin(start), next: 0 }];
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const target = frame.targets[frame.next++];
      if (target === undefined) {
        const below = frame.targets.map((each) => order.get(each)?.height ?? 0);
        const height = 1 + below.reduce((a, b) => Math.max(a, b), 0);
        order.set(frame.node, { position: order.size, height });
        stack.pop();
      } else if (!entered.has(target)) {
        entered.add(target);
        stack.push({ node: target, targets: targetsWithin(target), next: 0 });
      }
    }
  }
  return order;

  /** The shared schemas that are reached without passing through another shared one. */
  function targetsWithin(unit: SchemaNode): SchemaNode[] {
    const targets = new Set<SchemaNode>();
    const seen = new Set<SchemaNode>();
    const pending = [unit];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      for (const child of node.children) {
        if (shared.has(child)) targets.add(child);
        else if (!seen.has(child)) {
          seen.add(child);
          pending.push(child);
        }
      }
    }
    return [...targets];
  }
}
