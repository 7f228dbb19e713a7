import type { App } from "../../runtime/direct/app.js";
import type { Route } from "../../runtime/direct/route.js";
import type { Place } from "../errors.js";

/** Where something was read: a display name of the source (a path, as a rule) and a JSON pointer into it. */
interface Location {
  readonly source: string;
  readonly pointer: string;
}

/**
 * A JSON Schema inside a document: `#` references resolve against `document`,
 * the schema itself is what `pointer` names in it.
 */
export interface SchemaDocument {
  readonly document: unknown;
  readonly pointer: string;
  readonly location: Location;
  /** What applies where the document names no `$schema`. */
  readonly dialect: DialectName;
  /** URI of the document, where references lead from it to others. */
  readonly base?: string;
}

export type DialectName =
  "platform" | "draft4" | "draft6" | "draft7" | "2019-09" | "2020-12" | "openapi-2.0" | "openapi-3.0" | "openapi-3.1";

/** What a tool says about its own effects; an absent hint means unknown. */
export interface ToolHints {
  readonly readOnly?: boolean;
  readonly destructive?: boolean;
  readonly idempotent?: boolean;
  readonly openWorld?: boolean;
}

export interface CatalogueTool {
  readonly slug: string;
  /** Slug of the toolkit that owns the tool. */
  readonly toolkit: string;
  readonly name: string;
  readonly description: string;
  /** The dated version it is called with; null when the catalogue gives none. */
  readonly version: string | null;
  readonly tags: readonly string[];
  readonly hints: ToolHints;
  readonly scopes: readonly string[];
  readonly noAuth: boolean;
  readonly deprecated: boolean;
  readonly input: SchemaDocument;
  /** The schema of `data`; undefined when the catalogue gives none. */
  readonly output: SchemaDocument | undefined;
  readonly location: Location;
  /** How a tool of a custom app is called; absent where the platform calls it. */
  readonly route?: Route;
  /** What a tool of a custom app answers with, by status as its description writes it. */
  readonly answers?: readonly { readonly status: string; readonly schema: SchemaDocument | undefined }[];
}

/** A toolkit whose tools are called directly; the schemas of all of them are parts of one document. */
export interface CatalogueApp {
  readonly description: App;
  /** Slugs by method and path. */
  readonly operations: Readonly<Record<string, string>>;
  /** Returns the document for a URI that a reference leads to, or undefined. */
  readonly load: (uri: string) => unknown;
  /** The location in the files of a part of the document, or of another one that references lead to. */
  readonly place: (pointer: string, uri: string) => Place;
  /** URI of the document. */
  readonly uri: string;
}

export interface CatalogueTrigger {
  readonly slug: string;
  readonly toolkit: string;
  readonly name: string;
  readonly description: string;
  readonly type: string;
  readonly config: SchemaDocument | undefined;
  readonly payload: SchemaDocument | undefined;
  readonly location: Location;
}

export interface CatalogueToolkit {
  /** Lower case. */
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** The pin; null when neither the toolkit nor its tools name a dated version. */
  readonly version: string | null;
  readonly availableVersions: readonly string[];
  readonly noAuth: boolean;
  readonly authSchemes: readonly string[];
  /** Sorted by slug. */
  readonly tools: readonly CatalogueTool[];
  /** Sorted by slug. */
  readonly triggers: readonly CatalogueTrigger[];
  /** Display name of where it was read. */
  readonly source: string;
  /** SHA-256, in hexadecimal, of the canonical JSON of what was read for this toolkit. */
  readonly contentHash: string;
  /** Present for a custom app. */
  readonly app?: CatalogueApp;
}

/** The normalised toolkits, sorted by slug, whatever they came from. */
export interface Catalogue {
  readonly toolkits: readonly CatalogueToolkit[];
}
