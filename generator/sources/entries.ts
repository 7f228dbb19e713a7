import { posix } from "node:path";
import { sortKeys, UnfitJson } from "../catalogue/canonical.js";
import { isObject } from "../text/json.js";
import { TOOLKITS_FILE } from "./files.js";

/** One tool, toolkit or trigger type as it was read, its keys sorted. */
export class Entry {
  readonly kind: "tool" | "toolkit" | "trigger";
  readonly raw: Readonly<Record<string, unknown>>;
  readonly source: string;
  readonly pointer: string;
  /** The toolkit of the snapshot file it stands in. */
  readonly toolkit: string | undefined;
  /** Why it can be neither read nor compared. */
  readonly fault: UnfitJson | undefined;
  #text: string | undefined;

  constructor(
    kind: Entry["kind"],
    item: Readonly<Record<string, unknown>>,
    source: string,
    pointer: string,
    toolkit: string | undefined,
  ) {
    this.kind = kind;
    this.source = source;
    this.pointer = pointer;
    this.toolkit = toolkit;
    const sorted = sortedOrFault(item);
    this.fault = sorted instanceof UnfitJson ? sorted : undefined;
    this.raw = sorted instanceof UnfitJson ? item : sorted;
  }

  /** Canonical JSON: equal for entries that say the same. */
  get text(): string {
    return (this.#text ??= this.fault !== undefined ? `${this.source}#${this.pointer}` : JSON.stringify(this.raw));
  }
}

function sortedOrFault(item: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | UnfitJson {
  try {
    return sortKeys(item) as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (error instanceof UnfitJson) return error;
    throw error;
  }
}

/** What a file of a catalogue holds; undefined for JSON of another kind. */
export function readEntries(json: unknown, source: string): Entry[] | undefined {
  if (Array.isArray(json)) return listed(json, source, "");
  if (!isObject(json)) return undefined;
  // A snapshot folder may hold the description of the platform's own API beside the toolkits.
  if ("openapi" in json || "swagger" in json) return [];
  if (Array.isArray(json["items"])) return listed(json["items"], source, "/items");
  if (Array.isArray(json["tools"])) return snapshot(json, source);
  const kind = kindOf(json);
  return kind === undefined ? undefined : [new Entry(kind, json, source, "", undefined)];
}

function snapshot(json: Readonly<Record<string, unknown>>, source: string): Entry[] {
  const toolkit = isObject(json["toolkit"]) ? json["toolkit"] : undefined;
  const slug = typeof toolkit?.["slug"] === "string" ? toolkit["slug"] : undefined;
  const entries: Entry[] = [];
  if (toolkit !== undefined) entries.push(new Entry("toolkit", toolkit, source, "/toolkit", slug));
  for (const [kind, key] of [
    ["tool", "tools"],
    ["trigger", "trigger_types"],
  ] as const) {
    const list = json[key];
    if (!Array.isArray(list)) continue;
    for (const [index, item] of list.entries()) {
      entries.push(new Entry(kind, isObject(item) ? item : {}, source, `/${key}/${index}`, slug));
    }
  }
  return entries;
}

/** A list is one of tools unless all that it holds is something else; entries without a slug are reported later. */
function listed(items: readonly unknown[], source: string, pointer: string): Entry[] | undefined {
  const ofToolkits = posix.basename(source) === TOOLKITS_FILE;
  const kinds = items.map((item) => (!isObject(item) ? undefined : ofToolkits ? "toolkit" : kindOf(item)));
  if (items.length > 0 && kinds.every((kind) => kind === undefined)) return undefined;
  return items.map((item, index) => {
    return new Entry(kinds[index] ?? "tool", isObject(item) ? item : {}, source, `${pointer}/${index}`, undefined);
  });
}

function kindOf(item: Readonly<Record<string, unknown>>): Entry["kind"] | undefined {
  const has = (...keys: readonly string[]): boolean => keys.some((key) => key in item);
  if (has("input_parameters", "inputParameters", "output_parameters", "outputParameters", "responseSchema"))
    return "tool";
  if (typeof item["slug"] !== "string") return undefined;
  if (has("payload", "config")) return "trigger";
  if (has("auth_schemes", "meta", "is_local_toolkit", "composio_managed_auth_schemes", "toolCount")) return "toolkit";
  return /^[A-Z0-9_]+$/.test(item["slug"]) ? "tool" : undefined;
}
