/* eslint-disable */
// Copied by toolbind; changes are overwritten.
// A short way to say yes. Zod makes an object for every value it looks at; most values are what they should be, and
// deciding that takes none.
/** A zod schema of either flavour, without its types. */
export interface Schema {
  readonly _zod: object;
}
/**
 * Whether a schema accepts a value. It may refuse what the schema accepts, as the schema is asked then; it never accepts
 * what the schema refuses.
 */
export type Accepts = (value: unknown) => boolean;

export interface Payload {
  value: unknown;
  readonly issues: Issue[];
}
export interface Issue {
  path?: PropertyKey[];
  readonly [fact: string]: unknown;
}

/** What zod keeps under `_zod`, as far as it is used here. */
export interface Parsing {
  parse(payload: Payload, context: object): Payload;
  run: Parsing["parse"];
  accepts?: Accepts;
  readonly optin?: string;
}

/** The context in which issues are sought, so that no short way is tried again at every level. */
export const EXPLAINING: object = { async: false };

export function parsing(schema: Schema): Parsing {
  return schema._zod as Parsing;
}

/** Gives a schema its short way. */
export function judged(schema: unknown, accepts: Accepts): Schema {
  parsing(schema as Schema).accepts = accepts;
  return schema as Schema;
}

/** The short way of a schema; without one of its own, the schema itself. */
export function acceptsOf(schema: Schema): Accepts {
  const own = parsing(schema);
  return own.accepts ?? ((value) => !own.run({ value, issues: [] }, EXPLAINING).issues.length);
}
