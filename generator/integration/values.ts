import type { Problems } from "./problems.js";
import { type Entry, type Tree } from "./tree.js";
import { clip } from "../text/shown.js";

/** Reports a value of the wrong type for its key. */
export function wrong(entry: Entry | Labelled, expected: string, problems: Problems, fix?: string): void {
  const { key, value } = entry;
  problems.error("TB2051", value.spot, {
    what: `Invalid value for \`${clip(key)}\``,
    expected,
    received: show(key, value),
    ...(fix !== undefined && { fix }),
  });
}

/** A value and what messages call it. */
export interface Labelled {
  readonly key: string;
  readonly value: Tree;
}

/** Potential secrets are not shown: the values of headers and parameters, and defaults of fields. */
const SHOWN =
  /^(?:name|\w*_url|url|docs|logo|unique_key|auth_mode|\w*_endpoint|\w*_method|\w*_separator|type|required|is_secret|expected_from_customer|disable_pkce|grant_type|extends)$/;

function show(key: string, value: Tree): string {
  if (value.kind === "nothing") return "nothing";
  if (value.kind === "map") return "keys and values";
  if (value.kind === "list") return "a list";
  const text = value.text.replace(/\/\/[^@/]*@/, "//…@");
  return SHOWN.test(key) ? `\`${clip(text)}\`` : "other text";
}

/** Text, which may contain line breaks. Numbers and booleans are read as written. */
export function readText(entry: Entry | undefined, problems: Problems): string | undefined {
  if (entry === undefined) return undefined;
  if (entry.value.kind === "text" && entry.value.text.trim() !== "") return entry.value.text;
  wrong(entry, "text", problems);
  return undefined;
}

/** One of a set of words, ignoring case and punctuation. */
export function readWord<Value>(
  entry: Entry | undefined,
  words: Readonly<Record<string, Value>>,
  expected: string,
  problems: Problems,
): Value | undefined {
  if (entry === undefined) return undefined;
  if (entry.value.kind === "text") {
    const word = entry.value.text.toLowerCase().replace(/[^a-z0-9]/g, "");
    if (Object.hasOwn(words, word)) return words[word];
  }
  wrong(entry, expected, problems);
  return undefined;
}

export function readFlag(entry: Entry | undefined, problems: Problems): boolean | undefined {
  const word = readWord(entry, { true: "true", yes: "true", false: "false", no: "false" }, "true or false", problems);
  return word === undefined ? undefined : word === "true";
}

/** The items of a list; a single value counts as a list of one. */
export function readItems(entry: Entry | undefined): readonly Tree[] {
  if (entry === undefined) return [];
  return entry.value.kind === "list" ? entry.value.items : [entry.value];
}

/** The texts of a list; a single text is split by `split`. */
export function readTexts(
  entry: Entry | undefined,
  split: (text: string) => string[],
  problems: Problems,
): string[] | undefined {
  if (entry === undefined) return undefined;
  if (entry.value.kind === "text") return split(entry.value.text);
  if (entry.value.kind === "map") {
    wrong(entry, "a list of strings", problems);
    return undefined;
  }
  return readItems(entry).flatMap((value) => {
    if (value.kind === "text") return value.text.trim() === "" ? [] : [value.text.trim()];
    if (value.kind !== "nothing") wrong({ key: entry.key, value }, "a list of strings", problems);
    return [];
  });
}
