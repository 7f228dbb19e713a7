import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { isFile, isWithin } from "../paths.js";
import { decodePercent } from "../text/json-pointer.js";
import { ToolbindError } from "../errors.js";
import { jsonSyntaxError } from "../text/json-syntax.js";
import { parseYaml } from "../text/parse-yaml.js";
import { positionOf } from "../text/position.js";
import type { DocumentLoader } from "./documents.js";

/** Folders to read instead of URLs, by URL prefix. Nothing is ever fetched. */
export type SchemaMap = Readonly<Record<string, string>>;

const require = createRequire(import.meta.url);

/** Called for each file of the map that was looked up; the content is null if there is none. */
type Consulted = (file: string, content: string | null) => void;

/** Finds documents that references lead to outside their own: the published metaschemas, and those in the map. */
export function createLoader(map: SchemaMap = {}, consulted: Consulted = () => {}): DocumentLoader {
  const known = new Map<string, unknown>();
  const prefixes = Object.keys(map).sort((a, b) => b.length - a.length);
  return (uri) => {
    if (!known.has(uri)) known.set(uri, metaschema(uri) ?? mapped(uri, prefixes, map, consulted));
    return known.get(uri);
  };
}

function metaschema(uri: string): unknown {
  const draft4 = /^http:\/\/json-schema\.org\/draft-04\/schema$/.test(uri);
  if (draft4) return require("ajv-draft-04/dist/refs/json-schema-draft-04.json");
  const match =
    /^https?:\/\/json-schema\.org\/(draft-0[67]\/schema|draft\/(?:2019-09|2020-12)\/(?:schema|meta\/[a-z-]+))$/.exec(
      uri,
    );
  if (match?.[1] === undefined) return undefined;
  const file = match[1].replace(/^draft-(0\d)\/schema$/, "json-schema-draft-$1").replace(/^draft\//, "json-schema-");
  try {
    return require(`ajv/dist/refs/${file}.json`);
  } catch {
    return undefined;
  }
}

function mapped(uri: string, prefixes: readonly string[], map: SchemaMap, consulted: Consulted): unknown {
  for (const prefix of prefixes) {
    const below =
      uri === prefix ? "" : uri.startsWith(withSlash(prefix)) ? uri.slice(withSlash(prefix).length) : undefined;
    if (below === undefined) continue;
    const root = resolve(map[prefix] as string);
    const file = below === "" ? root : resolve(root, decodePercent(below));
    if (!isWithin(file, root)) continue;
    for (const candidate of [file, `${file}.json`, join(file, "index.json")]) {
      const content = readIfFile(candidate);
      consulted(candidate, content);
      if (content !== null) return parseMapped(candidate, content);
    }
  }
  return undefined;
}

function readIfFile(path: string): string | null {
  return isFile(path) ? readFileSync(path, "utf8") : null;
}

function parseMapped(file: string, text: string): unknown {
  if (/\.ya?ml$/i.test(file)) return fromYaml(file, text.replace(/^\ufeff/, ""));
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (cause) {
    throw new ToolbindError("TB2002", {
      what: "A document that the schema map refers to is not JSON",
      at: { source: file, ...positionOf(text, jsonSyntaxError(text)?.offset ?? 0) },
      fix: "correct the file, or the folder that `schemaMap` or `--schema-map` names",
      cause,
    });
  }
}

const MAX_STACK = 600;
const MAX_ALIASES = 10_000;

function fromYaml(file: string, text: string): unknown {
  const refuse = (offset: number, cause?: unknown): ToolbindError =>
    new ToolbindError("TB2002", {
      what: "A document that the schema map refers to is not YAML",
      at: { source: file, ...positionOf(text, offset) },
      fix: "correct the file, or the folder that `schemaMap` or `--schema-map` names",
      cause,
    });
  const parsed = parseYaml(text, MAX_STACK, { merge: true });
  if (!("document" in parsed)) throw refuse(parsed.tooDeepAt);
  const { document, nextAt } = parsed;
  const [error] = document.errors;
  if (error !== undefined || nextAt !== undefined) throw refuse(error?.pos[0] ?? nextAt ?? 0, error);
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    throw refuse(0, cause);
  }
}

function withSlash(prefix: string): string {
  return prefix.endsWith("/") ? prefix : `${prefix}/`;
}
