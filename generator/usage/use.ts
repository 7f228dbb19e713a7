import type { ts } from "ts-morph";

/** A tool whose uses are looked for, by the names that code knows it under. */
export interface KnownTool {
  readonly slug: string;
  /** Folder of its toolkit in the output. */
  readonly folder: string;
  /** Its function; the types are named after it. */
  readonly name: string;
}

/** A place in the user's code that names a tool. */
export interface UseSite {
  readonly slug: string;
  /** A `slug template` puts text together that may be the slug. */
  readonly kind: "function" | "input type" | "output type" | "slug" | "slug template";
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** The line of code, trimmed. */
  readonly code: string;
}

export interface Use extends UseSite {
  readonly node: ts.Node;
  /** The emitted name of what is used, or the slug. */
  readonly name: string;
  /** The node spells the name that toolbind gave, not one that the user's code gave to it. */
  readonly isGivenName: boolean;
  /** The node says under which name a module has the tool, as a key does. */
  readonly isMember: boolean;
  /** It spells the imported name of the tool; both in `{ createIssue }` for an object of the module's type. */
  readonly isValue: boolean;
  /** The file has syntax errors. */
  readonly isInBrokenFile: boolean;
}

export function siteOf({
  node: _node,
  name: _name,
  isGivenName: _isGivenName,
  isMember: _isMember,
  isValue: _isValue,
  isInBrokenFile: _isInBrokenFile,
  ...site
}: Use): UseSite {
  return site;
}
