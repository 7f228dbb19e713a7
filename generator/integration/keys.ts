import { nearest } from "../../runtime/nearest.js";
import type { Problems } from "./problems.js";
import { fold, quoteAll } from "./templates.js";
import { type Entry, type MapTree } from "./tree.js";
import { clip } from "../text/shown.js";

/** The keys of one kind of map, and other accepted spellings of them. */
export interface Keys<Key extends string> {
  readonly known: readonly Key[];
  readonly also: Readonly<Record<string, Key>>;
  /** Keys that belong elsewhere, and where. */
  readonly elsewhere?: { readonly keys: readonly string[]; readonly place: string };
}

const TOP_KEYS = [
  "name",
  "unique_key",
  "description",
  "logo",
  "categories",
  "docs",
  "auth_schemes",
  "callback_url",
  "get_current_user_endpoint",
  "extends",
  "status",
  "documentation_doc_text",
  "configuration_docs_text",
] as const;

const SCHEME_KEYS = [
  "name",
  "auth_mode",
  "grant_type",
  "authorization_url",
  "request_url",
  "token_url",
  "refresh_url",
  "default_scopes",
  "available_scopes",
  "scope_separator",
  "authorization_params",
  "token_params",
  "refresh_params",
  "token_request_auth_method",
  "token_response_metadata",
  "disable_pkce",
  "signature_method",
  "base_url",
  "callback_url",
  "fields",
  "proxy",
] as const;

const FIELD_KEYS = [
  "name",
  "display_name",
  "description",
  "type",
  "required",
  "expected_from_customer",
  "default",
  "is_secret",
] as const;

const PROXY_KEYS = ["base_url", "headers", "query_params", "path_params", "cookies"] as const;

export const TOP: Keys<(typeof TOP_KEYS)[number]> = {
  known: TOP_KEYS,
  also: {},
  elsewhere: { keys: SCHEME_KEYS, place: "an item of `auth_schemes`" },
};
export const SCHEME: Keys<(typeof SCHEME_KEYS)[number]> = { known: SCHEME_KEYS, also: { scheme_name: "name" } };
export const FIELD: Keys<(typeof FIELD_KEYS)[number]> = {
  known: FIELD_KEYS,
  also: { displayName: "display_name", secret: "is_secret", isSecret: "is_secret" },
};
export const PROXY: Keys<(typeof PROXY_KEYS)[number]> = { known: PROXY_KEYS, also: {} };

const MAX_KEYS = 100;

/** A map's entries by key. Keys without a value are left out. */
export type Values<Key extends string> = Partial<Record<Key, Entry>>;

/**
 * Reads the keys of a map. A key that differs from a known one only in case and punctuation is accepted with a warning.
 * A likely misspelling is an error, since its value would be lost. Any other unknown key is ignored with a warning.
 */
export function readKeys<Key extends string>(map: MapTree, keys: Keys<Key>, problems: Problems): Values<Key> {
  const values: Values<Key> = {};
  const surplus = map.entries[MAX_KEYS];
  if (surplus !== undefined) {
    const details = {
      what: `There are more than ${MAX_KEYS} keys here`,
      fix: `the keys here are ${quoteAll(keys.known)}`,
    };
    problems.error("TB2051", surplus.spot, details);
  }
  for (const entry of map.entries.slice(0, MAX_KEYS)) {
    const key = keyOf(entry, keys, problems);
    if (key === undefined || entry.value.kind === "nothing") continue;
    const earlier = values[key];
    if (earlier === undefined) values[key] = entry;
    else if (!(
      earlier.value.kind === "text" &&
      entry.value.kind === "text" &&
      earlier.value.text === entry.value.text
    )) {
      problems.error("TB2051", entry.spot, {
        what: `\`${clip(entry.key)}\` and \`${clip(earlier.key)}\` are the same key`,
        fix: "remove one of them",
      });
    }
  }
  return values;
}

function keyOf<Key extends string>(
  { key, spot }: Entry,
  { known, also, elsewhere }: Keys<Key>,
  problems: Problems,
): Key | undefined {
  const exact = known.find((each) => each === key) ?? (Object.hasOwn(also, key) ? also[key] : undefined);
  if (exact !== undefined) return exact;
  if (/^x-/i.test(key)) return undefined;
  const what = `Unknown key \`${clip(key)}\``;
  const folded =
    known.find((each) => fold(each) === fold(key)) ??
    Object.entries(also).find(([each]) => fold(each) === fold(key))?.[1];
  if (folded !== undefined) {
    problems.warning("TB2051", spot, { what: `${what}, read as \`${folded}\``, fix: `write \`${folded}\`` });
    return folded;
  }
  if (elsewhere?.keys.includes(key) === true) {
    problems.error("TB2051", spot, { what: `\`${key}\` has no effect here`, fix: `move it into ${elsewhere.place}` });
    return undefined;
  }
  const meant = nearest(key, [...known, ...Object.keys(also)]);
  if (meant === undefined) {
    problems.warning("TB2051", spot, {
      what: `Unknown key \`${clip(key)}\` has no effect`,
      fix: `remove it; the keys here are ${quoteAll(known)}`,
    });
    return undefined;
  }
  problems.error("TB2051", spot, { what, fix: `did you mean \`${meant}\`?` });
  // Its value is read anyway, so that no follow-up errors are reported.
  return known.find((each) => each === meant) ?? also[meant];
}
