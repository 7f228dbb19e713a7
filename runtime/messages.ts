import { clip } from "./clip.js";

/** An issue as zod or an emitted validator raises it. */
export interface RawIssue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly input?: unknown;
  readonly expected?: string;
  readonly values?: readonly unknown[];
  readonly origin?: string;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly inclusive?: boolean;
  readonly pattern?: string;
  readonly divisor?: number;
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly RawIssue[])[];
  readonly params?: Readonly<Record<string, unknown>>;
}

const MAX_SHOWN = 40;
const MAX_EXPECTED = 200;
/** Alternatives within alternatives are looked into this deep: each level can hold as much again. */
export const MAX_NESTED = 3;
const NAMES: Readonly<Record<string, string>> = { record: "object", nonoptional: "a value" };

/** What an issue says was expected, as a few words. */
export function expectation(issue: RawIssue, depth: number = 0): string {
  const { expected = "", values, origin, minimum, maximum = minimum, inclusive, pattern, divisor, keys } = issue;
  const list = (all: readonly unknown[]): string => JSON.stringify(all).slice(1, -1);
  const exact = inclusive === false;
  if (maximum !== undefined) {
    const sign = (minimum === undefined ? "<" : ">") + (exact ? "" : "=");
    return `${origin}${origin === "number" ? "" : " of length"} ${sign}${String(maximum)}`;
  }
  const inner = depth < MAX_NESTED ? (issue.errors ?? []).flat() : [];
  const said =
    NAMES[expected] ||
    expected ||
    issue.params?.["expected"] ||
    (values && `one of ${list(values)}`) ||
    (pattern && `to match pattern ${pattern}`) ||
    (divisor && `to be a multiple of ${divisor}`) ||
    (keys && `no key ${list(keys)}`) ||
    (exact && "exactly one alternative to fit") ||
    [...new Set(inner.map((each) => expectation(each, depth + 1)))].join(" or ") ||
    "another value";
  return clip(String(said), MAX_EXPECTED);
}

/** The message of an issue of emitted validators, where zod has no locale. */
export function localeError(raw: object): string {
  const issue = raw as RawIssue;
  return `Invalid input: expected ${expectation(issue)}, received ${describe(issue.input, false)}`;
}

/** What kind of value came, with the value where it may be shown and is short. */
export function describe(value: unknown, showValue: boolean): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (typeof value === "object") return Array.isArray(value) ? `array of ${value.length}` : "object";
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  return showValue && shown.length <= MAX_SHOWN ? `${typeof value} ${shown}` : typeof value;
}
