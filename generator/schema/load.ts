import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve, sep } from "node:path";
import type { DocumentLoader } from "./documents.js";

/** Folders that stand for URLs, by URL prefix. Nothing is ever fetched. */
export type SchemaMap = Readonly<Record<string, string>>;

const require = createRequire(import.meta.url);

/** Finds documents that references lead to outside their own: the published metaschemas, and what the map names. */
export function createLoader(map: SchemaMap = {}): DocumentLoader {
  const known = new Map<string, unknown>();
  const prefixes = Object.keys(map).sort((a, b) => b.length - a.length);
  return (uri) => {
    if (!known.has(uri)) known.set(uri, metaschema(uri) ?? mapped(uri, prefixes, map));
    return known.get(uri);
  };
}

function metaschema(uri: string): unknown {
  const draft4 = /^http:\/\/json-schema\.org\/draft-04\/schema$/.test(uri);
  if (draft4) return require("ajv-draft-04/dist/refs/json-schema-draft-04.json");
  const match = /^https?:\/\/json-schema\.org\/(draft-0[67]\/schema|draft\/(?:2019-09|2020-12)\/(?:schema|meta\/[a-z-]+))$/.exec(uri);
  if (match?.[1] === undefined) return undefined;
  const file = match[1]
    .replace(/^draft-(0\d)\/schema$/, "json-schema-draft-$1")
    .replace(/^draft\//, "json-schema-");
  try {
    return require(`ajv/dist/refs/${file}.json`);
  } catch {
    return undefined;
  }
}

function mapped(uri: string, prefixes: readonly string[], map: SchemaMap): unknown {
  for (const prefix of prefixes) {
    const below = uri === prefix ? "" : uri.startsWith(withSlash(prefix)) ? uri.slice(withSlash(prefix).length) : undefined;
    if (below === undefined) continue;
    const root = resolve(map[prefix] as string);
    const file = below === "" ? root : resolve(root, decodeURIComponent(below));
    if (file !== root && !file.startsWith(root + sep)) continue;
    for (const candidate of [file, `${file}.json`, join(file, "index.json")]) {
      if (statSync(candidate, { throwIfNoEntry: false })?.isFile() === true) return JSON.parse(readFileSync(candidate, "utf8"));
    }
  }
  return undefined;
}

function withSlash(prefix: string): string {
  return prefix.endsWith("/") ? prefix : `${prefix}/`;
}
