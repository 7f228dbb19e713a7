import { createHash } from "node:crypto";

/** The same JSON value with the keys of every object in code-unit order; the value itself if they are already. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) {
    let changed = false;
    const items = value.map((item: unknown) => {
      const sorted = sortKeys(item);
      changed ||= sorted !== item;
      return sorted;
    });
    return changed ? items : value;
  }
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  const keys = Object.keys(object);
  let changed = false;
  for (let index = 1; index < keys.length && !changed; index++) {
    changed = (keys[index - 1] as string) > (keys[index] as string);
  }
  if (changed) keys.sort();
  const entries = keys.map((key): [string, unknown] => {
    const sorted = sortKeys(object[key]);
    changed ||= sorted !== object[key];
    return [key, sorted];
  });
  return changed ? Object.fromEntries(entries) : value;
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Whether a value nests deeper than the limit, found without recursion. */
export function nestsDeeper(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== "object" || item === null) continue;
      for (const child of Object.values(item)) if (typeof child === "object" && child !== null) next.push(child);
    }
    level = next;
  }
  return false;
}
