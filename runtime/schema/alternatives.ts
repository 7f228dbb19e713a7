// What is said about a value that fits no alternative. A program whose tools have no alternatives carries none of this.
import { expectation, type RawIssue } from "../validation.js";

type Alternatives = readonly (readonly RawIssue[])[];

const WRONG_KIND = 1000;

/**
 * The issue for a value that fits none of the alternatives: the issues of each, which came closest, and
 * what all of them expect.
 */
export function noneFits(errors: Alternatives): Pick<RawIssue, "errors" | "closest" | "expected"> {
  const wanted = (issue: RawIssue): string =>
    expectation(issue) + (issue.path.length > 0 ? ` at ${issue.path.join(".")}` : "");
  const expected = [...new Set(errors.flat().map(wanted))].join(" or ");
  const tag = tagOf(errors);
  if (tag) return { errors: [[tag]], closest: 0, expected };
  const costs = errors.map((branch) => branch.reduce((sum, inner) => sum + cost(inner), 0));
  const closest = costs.reduce((best, each, at) => (each < costs[best]! ? at : best), 0);
  return { errors, expected, ...(costs[closest]! < WRONG_KIND && { closest }) };
}

/** If all alternatives want a different value in one place: the issue there, with all values that would do. */
function tagOf(errors: Alternatives): RawIssue | undefined {
  for (const issue of errors[0] ?? []) {
    const values = new Set<unknown>();
    const wants = (other: RawIssue): boolean => {
      const isHere = other.values && `${other.path}` === `${issue.path}`;
      if (isHere) for (const each of other.values) values.add(each);
      return !!isHere;
    };
    if (errors.every((branch) => branch.some(wants))) return { ...issue, values: [...values] };
  }
  return undefined;
}

/**
 * How far an alternative is off by one of its issues: the wrong kind of value is worst, then a wrong literal; a key that
 * is only misspelt speaks for the alternative.
 */
function cost({ path, code, near }: RawIssue): number {
  if (path.length === 0 && code !== "unrecognized_keys") return WRONG_KIND;
  return code === "invalid_value" ? 3 : near?.size ? 0.5 : 1;
}
