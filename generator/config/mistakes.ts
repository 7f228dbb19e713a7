import type { ErrorDetails } from "../errors.js";
import { nearest } from "../../runtime/nearest.js";
import type { KeyPath } from "../text/locate.js";
import { configIssues, keysAt, type ConfigIssue } from "./schema.js";
import { showValue, withArticle } from "../text/shown.js";

/** One thing wrong with a configuration, at a key path. */
export interface Mistake {
  readonly path: KeyPath;
  readonly details: Pick<ErrorDetails, "what" | "expected" | "received" | "fix">;
}

export function mistakesIn(config: unknown): Mistake[] {
  const mistakes = configIssues(config).flatMap((issue) => fromIssue(issue, [], config));
  const seen = new Set<string>();
  return mistakes.filter(({ path }) => {
    const key = JSON.stringify(path);
    return !seen.has(key) && seen.add(key);
  });
}

/** A key path as one writes it in code: `toolkits.github.tools[0]`. */
export function showPath(path: KeyPath): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(part)) text += text === "" ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

function fromIssue(issue: ConfigIssue, above: KeyPath, config: unknown): Mistake[] {
  const path = [...above, ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))];
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey([...path, key]));
  if (issue.code === "invalid_union") {
    const meant = issue.errors.find((errors) => errors.some((error) => error.path.length > 0 || isInside(error)));
    if (meant !== undefined) return meant.flatMap((error) => fromIssue(error, path, config));
  }
  return [wrongValue(issue, path, config)];
}

function isInside(issue: ConfigIssue): boolean {
  return issue.code === "unrecognized_keys";
}

function unknownKey(path: KeyPath): Mistake {
  const shown = showPath(path);
  const known = keysAt(path.slice(0, -1)) ?? [];
  const meant = nearest(String(path.at(-1)), known);
  const details =
    meant === undefined
      ? { what: `Unknown key \`${shown}\``, fix: `remove it; the keys here are ${quoteAll(known)}` }
      : {
          what: `Unknown key \`${shown}\``,
          fix: `did you mean \`${showPath([...path.slice(0, -1), meant])}\`?`,
        };
  return { path, details };
}

function wrongValue(issue: ConfigIssue, path: KeyPath, config: unknown): Mistake {
  if (issue.code === "invalid_key") {
    const expected = issue.issues.map(({ message }) => message).join(" and ");
    return {
      path,
      details: { what: `Invalid key \`${showPath(path)}\``, expected, received: show(path.at(-1)) },
    };
  }
  const value = path.reduce<unknown>(childOf, config);
  const what = path.length === 0 ? "Invalid configuration" : `Invalid value for \`${showPath(path)}\``;
  const details = { what, expected: expectationOf(issue), received: show(value) };
  const meant =
    issue.code === "invalid_value" && typeof value === "string"
      ? nearest(
          value,
          issue.values.filter((each) => typeof each === "string"),
        )
      : undefined;
  return { path, details: meant === undefined ? details : { ...details, fix: `did you mean \`"${meant}"\`?` } };
}

function expectationOf(issue: ConfigIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected === "array"
        ? "a list"
        : withArticle(issue.expected === "record" ? "object" : issue.expected);
    case "invalid_value":
      return issue.values.map((value) => JSON.stringify(value)).join(" or ");
    case "invalid_union":
      return [...new Set(issue.errors.flatMap((errors) => errors.slice(0, 1).map(expectationOf)))].join(" or ");
    case "too_small":
      return "a non-empty string";
    default:
      return issue.message;
  }
}

function childOf(value: unknown, key: string | number): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string | number, unknown>)[key]
    : undefined;
}

/** A value of a configuration, whose arrays may be lists of YAML. */
function show(value: unknown): string {
  if (value instanceof Promise) return "a promise";
  return Array.isArray(value) ? "a list" : showValue(value);
}

function quoteAll(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
