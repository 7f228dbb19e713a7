import type { ts } from "ts-morph";

/** A tool whose uses are searched for, with the names that code uses for it. */
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
  /** A `slug template` is a template literal that may produce the slug. */
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
  /** Whether the node is the name that toolbind gave, rather than an alias from the user's code. */
  readonly isGivenName: boolean;
  /** Whether the node is the name of the tool as a member of a module, as a key is. */
  readonly isMember: boolean;
  /** Whether the node is an imported name. In `{ createIssue }` for an object of the module's type, it is both. */
  readonly isValue: boolean;
  /** Whether the file has syntax errors. */
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
