import { otherSlug } from "../../bench/support/renames.mjs";
import type { PlatformRelease } from "../../testing/index.js";
import { isObject, type Json, type JsonObject } from "../support/json.js";
import type { Random } from "../support/random.js";
import { atVersion } from "../support/releases.js";

type Tool = PlatformRelease["tools"][number];

/** What a script did to the tools between two versions, by the old slug. */
export interface Bump {
  readonly releases: readonly PlatformRelease[];
  readonly renamed: ReadonlyMap<string, string>;
  readonly removed: ReadonlySet<string>;
  /** Tools whose schemas changed, with what was done to them. */
  readonly changed: ReadonlyMap<string, string>;
}

/** Changes of the schema of arguments or data in place; false where there is nothing to change so. */
type Edit = (properties: Record<string, Json>, required: string[], random: Random) => boolean;

const SIDES = ["input", "output"] as const;

const EDITS: Readonly<Record<string, Edit>> = {
  "a new required key": (properties, required) => {
    properties["brand_new"] = { type: "string", description: "New." };
    return required.push("brand_new") > 0;
  },
  "a new optional key": (properties) => {
    properties["extra_new"] = { type: "string", description: "New." };
    return true;
  },
  "a removed key": (properties, required, random) => {
    const keys = Object.keys(properties);
    if (keys.length < 2) return false;
    const gone = random.pick(keys);
    delete properties[gone];
    if (required.includes(gone)) required.splice(required.indexOf(gone), 1);
    return true;
  },
  "another type": (properties, _required, random) => change(properties, random, () => ({ type: "boolean" })),
  "null besides": (properties, _required, random) =>
    change(properties, random, (schema) => ({ ...schema, nullable: true })),
  "a reworded description": (properties, _required, random) =>
    change(properties, random, (schema) => ({ ...schema, description: "In other words." })),
  "another default": (properties, _required, random) =>
    change(properties, random, (schema) => ({ ...schema, default: null })),
  "no longer required": (_properties, required) => required.pop() !== undefined,
};

function change(properties: Record<string, Json>, random: Random, edit: (schema: JsonObject) => JsonObject): boolean {
  const keys = Object.keys(properties).filter((key) => isObject(properties[key] as Json));
  if (keys.length === 0) return false;
  const key = random.pick(keys);
  properties[key] = edit(properties[key] as JsonObject);
  return true;
}

/** The next version of every toolkit: of each hundred tools some are renamed, removed, changed, and some come. */
export function bump(before: readonly PlatformRelease[], version: string, random: Random): Bump {
  const renamed = new Map<string, string>();
  const removed = new Set<string>();
  const changed = new Map<string, string>();
  const taken = new Set(before.flatMap(({ tools }) => tools.map(({ slug }) => slug)));
  const next = (tool: Tool): Tool[] => {
    const fate = random.next();
    if (fate < 0.2) {
      const tries = Array.from({ length: 5 }, () => otherSlug(tool.slug, () => random.next()));
      const slug = tries.find((each) => !taken.has(each));
      if (slug === undefined) return [tool];
      taken.add(slug);
      renamed.set(tool.slug, slug);
      return [{ ...tool, slug }];
    }
    if (fate < 0.25) {
      removed.add(tool.slug);
      return [];
    }
    if (fate > 0.55) return [tool];
    const side = random.pick(SIDES);
    const what = random.pick(Object.keys(EDITS));
    const edited = edit(tool, side, EDITS[what] as Edit, random);
    if (edited === undefined) return [tool];
    changed.set(tool.slug, `${side}: ${what}`);
    return [edited];
  };
  const releases = before.map((release) => {
    const prefix = release.toolkit.slug.toUpperCase();
    const added = release.tools
      .filter(() => random.chance(0.03))
      .map((tool, index) => ({ ...tool, slug: `${prefix}_BRAND_NEW_${index}`, description: "Does something new." }));
    return atVersion({ ...release, tools: [...release.tools.flatMap(next), ...added] }, version);
  });
  return { releases, renamed, removed, changed };
}

function edit(tool: Tool, side: (typeof SIDES)[number], apply: Edit, random: Random): Tool | undefined {
  const field = `${side}_parameters` as const;
  const whole = structuredClone(tool[field]) as JsonObject;
  const envelope = isObject(whole["properties"] ?? null) ? (whole["properties"] as Record<string, Json>) : {};
  const schema = side === "input" ? whole : envelope["data"];
  if (schema === undefined || !isObject(schema) || !isObject(schema["properties"] ?? null)) return undefined;
  const required = [...((schema["required"] as readonly string[] | undefined) ?? [])];
  if (!apply(schema["properties"] as Record<string, Json>, required, random)) return undefined;
  (schema as Record<string, Json>)["required"] = required;
  return { ...tool, [field]: whole };
}
