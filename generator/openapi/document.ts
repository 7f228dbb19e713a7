import type { DialectName } from "../catalogue/types.js";
import { ToolbindError, type Place } from "../errors.js";
import type { DocumentLoader } from "../schema/documents.js";
import { isObject, type JsonObject } from "../text/json.js";
import { dialectOfUri } from "../schema/dialect.js";
import { discriminate } from "./discriminate.js";
import type { SourceFile } from "../sources/files.js";
import { parseSource } from "./parse.js";
import { typeName } from "../text/shown.js";

/** The edition of the specification that a description follows, as far as it matters. */
export type Edition = "2.0" | "3.0" | "3.1" | "3.2";

/** An OpenAPI description, and access to the documents that it is split into. */
export interface Description {
  readonly root: JsonObject;
  readonly edition: Edition;
  /** Of schemas that name none. */
  readonly dialect: DialectName;
  /** Stands for the file in references; relative ones are resolved against it. */
  readonly uri: string;
  /** Display name of the file. */
  readonly source: string;
  /** Other documents, by URI. */
  readonly load: DocumentLoader;
  /** Line and column of what a pointer names. */
  readonly place: (pointer: string, uri?: string) => Place;
}

/** Returns the file for a URI below the description's; undefined if there is none. */
export type FileOfUri = (uri: string) => SourceFile | undefined;

const EDITIONS: readonly (readonly [RegExp, Edition])[] = [
  [/^3\.0(\.|-|$)/, "3.0"],
  [/^3\.1(\.|-|$)/, "3.1"],
  [/^3\.2(\.|-|$)/, "3.2"],
];

/**
 * Reads a description from its file. `mapped` returns the document for a URL, `fileOf` a neighbouring file.
 * Throws a `ToolbindError` for anything that is not an OpenAPI description, or lacks `info.version`.
 */
export function readDescription(file: SourceFile, uri: string, mapped: DocumentLoader, fileOf: FileOfUri): Description {
  const files = new Map<string, SourceFile>([[uri, file]]);
  const root = parseSource(file);
  const place = (pointer: string, of: string = uri): Place => {
    const found = files.get(of);
    return found === undefined ? { source: of, pointer } : parseSource.place(found, pointer);
  };
  const refuse = (what: string, pointer: string, expected: string, received: string, fix: string): ToolbindError =>
    new ToolbindError("TB2030", { what, at: place(pointer), expected, received, fix });
  if (!isObject(root)) {
    throw refuse("Not an OpenAPI description", "", "an object with `openapi` or `swagger`", typeName(root), FIX_FILE);
  }
  const edition = editionOf(root);
  if (edition === undefined) {
    const key = "openapi" in root ? "openapi" : "swagger";
    const received = key in root ? JSON.stringify(root[key]) : "neither `openapi` nor `swagger`";
    const expected = 'swagger "2.0", or openapi 3.0 to 3.2';
    throw refuse(
      "Not an OpenAPI description that can be read",
      key in root ? `/${key}` : "",
      expected,
      received,
      FIX_FILE,
    );
  }
  const self = edition === "3.2" ? selfOf(root, uri) : undefined;
  if (self !== undefined) bringHome(root, self, uri, uri);
  if (edition !== "2.0" && hasDiscriminator(file)) discriminate(root);
  const documents = new Map<string, unknown>();
  const load: DocumentLoader = (wanted) => {
    if (!documents.has(wanted)) {
      const found = fileOf(wanted);
      if (found !== undefined) files.set(wanted, found);
      const document = found === undefined ? mapped(wanted) : parseSource(found);
      if (found !== undefined && self !== undefined) bringHome(document, self, uri, wanted);
      if (found !== undefined && edition !== "2.0" && hasDiscriminator(found)) discriminate(document);
      documents.set(wanted, document);
    }
    return documents.get(wanted);
  };
  return { root, edition, dialect: dialectOf(root, edition), uri, source: file.name, load, place };
}

/** The address that an OpenAPI 3.2 description gives itself, if it differs from its file's. */
function selfOf(root: JsonObject, uri: string): string | undefined {
  const self = root["$self"];
  if (typeof self !== "string" || !URL.canParse(self, uri)) return undefined;
  const { href } = new URL(self.replace(/#.*/s, ""), uri);
  return href === uri ? undefined : href;
}

/** Lets references to the addresses that `$self` gives to a description and the files below it lead to the files. */
function bringHome(document: unknown, self: string, uri: string, of: string): void {
  const above = new URL(".", self).href;
  const pending: unknown[] = typeof document === "object" && document !== null ? [document] : [];
  const passed = new Set<unknown>();
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (passed.has(value)) continue;
    passed.add(value);
    for (const [key, inner] of Object.entries(value as object) as [string, unknown][]) {
      if (typeof inner === "object" && inner !== null) pending.push(inner);
      if (key !== "$ref" || typeof inner !== "string" || !inner.startsWith(above)) continue;
      const [address = "", fragment] = inner.split(/#(.*)/s);
      const home = address === self ? uri : new URL(address.slice(above.length), uri).href;
      const local = home === of ? "" : home;
      (value as Record<string, unknown>)[key] = fragment === undefined ? local || home : `${local}#${fragment}`;
    }
  }
}

function hasDiscriminator({ content }: SourceFile): boolean {
  return content.includes("discriminator");
}

const FIX_FILE = "name the file of an OpenAPI description";

function editionOf(root: JsonObject): Edition | undefined {
  // Unquoted in YAML, the version is a number.
  if (root["swagger"] !== undefined) return /^2(\.0)?$/.test(String(root["swagger"])) ? "2.0" : undefined;
  const version = String(root["openapi"]);
  return EDITIONS.find(([pattern]) => pattern.test(version))?.[1] ?? (version === "3" ? "3.0" : undefined);
}

function dialectOf(root: JsonObject, edition: Edition): DialectName {
  if (edition === "2.0") return "openapi-2.0";
  if (edition === "3.0") return "openapi-3.0";
  const named = root["jsonSchemaDialect"];
  return (typeof named === "string" ? dialectOfUri(named)?.name : undefined) ?? "openapi-3.1";
}
