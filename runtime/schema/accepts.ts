// A fast path for valid values. Zod creates an object for every value it checks; most values are valid, and
// deciding that needs none.
/** A zod schema of either flavour, without its types. */
export interface Schema {
  readonly _zod: object;
}
/**
 * Whether a schema accepts a value. It may refuse what the schema accepts, since then the schema itself is asked; it never accepts
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

/** The part of zod's `_zod` that is used here. */
export interface Parsing {
  parse(payload: Payload, context: object): Payload;
  run: Parsing["parse"];
  accepts?: Accepts;
  readonly optin?: string;
}

/** The context for finding issues, so that the fast path is not tried again at every level. */
export const EXPLAINING: object = { async: false };

export function parsing(schema: Schema): Parsing {
  return schema._zod as Parsing;
}

/** Gives a schema its fast path. */
export function judged(schema: unknown, accepts: Accepts): Schema {
  parsing(schema as Schema).accepts = accepts;
  return schema as Schema;
}

/** The fast path of a schema; if it has none, the schema itself. */
export function acceptsOf(schema: Schema): Accepts {
  const own = parsing(schema);
  return own.accepts ?? ((value) => !own.run({ value, issues: [] }, EXPLAINING).issues.length);
}
