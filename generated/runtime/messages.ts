/* eslint-disable */
// Copied by toolbind; changes are overwritten.
interface Issue {
  readonly input?: unknown;
  readonly expected?: string;
  readonly values?: readonly unknown[];
  readonly origin?: string;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly inclusive?: boolean;
  readonly pattern?: string;
  readonly format?: string;
  readonly divisor?: number;
  readonly keys?: readonly string[];
}

/** The English messages of zod for the issues that emitted validators raise, at a quarter of its locale's size. */
export function localeError(raw: object): string {
  const {
    input,
    expected,
    values,
    origin,
    minimum,
    maximum = minimum,
    inclusive,
    pattern,
    divisor,
    keys,
  } = raw as Issue;
  const list = (all: readonly unknown[]): string => all.map((each) => JSON.stringify(each)).join("|");
  if (expected) {
    const received = input === null ? "null" : Array.isArray(input) ? "array" : typeof input;
    return `Invalid input: expected ${expected}, received ${received}`;
  }
  if (values) return `Invalid option: expected one of ${list(values)}`;
  if (maximum !== undefined) {
    const sign = (minimum === undefined ? "<" : ">") + (inclusive === false ? "" : "=");
    const unit = { string: " characters", array: " items" }[origin ?? ""];
    return `Too ${minimum === undefined ? "big" : "small"}: expected ${origin} to ${unit ? "have" : "be"} ${sign}${String(maximum)}${unit ?? ""}`;
  }
  if (pattern) return `Invalid string: must match pattern ${pattern}`;
  if (divisor) return `Invalid number: must be a multiple of ${divisor}`;
  return keys ? `Unrecognized keys: ${list(keys)}` : "Invalid input";
}
