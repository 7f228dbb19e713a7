/* eslint-disable */
// Copied by toolbind; changes are overwritten.
import {
  EXPLAINING,
  type Payload,
  type RawIssue,
  type Schema,
  acceptsOf,
  expectation,
  isBinary,
  isObject,
  judged,
  nearestTo,
  parsing,
} from "./tool.js";
import {
  array as zodArray,
  boolean as zodBoolean,
  check as zodCheck,
  enum as zodEnum,
  gt as zodGt,
  gte as zodGte,
  literal as zodLiteral,
  looseObject as zodLooseObject,
  lt as zodLt,
  lte as zodLte,
  maxLength as zodMaxLength,
  minLength as zodMinLength,
  never as zodNever,
  null as zodNull,
  nullable as zodNullable,
  number as zodNumber,
  object as zodObject,
  optional as zodOptional,
  record as zodRecord,
  regex as zodRegex,
  strictObject as zodStrictObject,
  string as zodString,
  tuple as zodTuple,
  union as zodUnion,
  unknown as zodUnknown,
} from "zod/mini";
import { clone, config } from "zod/v4/core";

// From schema/alternatives.ts
// What is said about a value that fits no alternative. A program whose tools have no alternatives carries none of this.

type Alternatives = readonly (readonly RawIssue[])[];

const WRONG_KIND = 1000;

/**
 * The issue for a value that fits none of the alternatives: the issues of each, which came closest, and
 * what all of them expect.
 */
function noneFits(errors: Alternatives): Pick<RawIssue, "errors" | "closest" | "expected"> {
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

// From schema/keywords.ts
// JSON Schema's keywords as schemas, for what plain zod cannot say exactly. As in JSON Schema, a keyword passes every
// value that it does not apply to. None changes a value.

interface Issue {
  code: string;
  path?: PropertyKey[] | undefined;
  [key: string]: unknown;
}
type Verdict = (value: unknown, issues: Issue[]) => void;
interface Payload_keywords {
  value: unknown;
  issues: Issue[];
}
type Runnable = {
  readonly _zod: { readonly def: { readonly type: string }; run(payload: Payload_keywords, context: object): Payload_keywords };
};
type JsonObject = { readonly [key: string]: unknown };

/** Keys and items of one value that a schema has evaluated, for `unevaluatedProperties` and `unevaluatedItems`. */
interface Evaluated {
  readonly keys: Set<string>;
  readonly items: Set<number>;
  /** Keys that the schemas name, whether the value has them or not. */
  readonly named: Set<string>;
}

function nothingYet(): Evaluated {
  return { keys: new Set(), items: new Set(), named: new Set() };
}

// Validation is synchronous, so what JSON Schema passes down a tree (who collects evaluated keys, which schema
// resources were entered) can be held here while one runs.
let collector: Evaluated | undefined;
let resources: readonly string[] = [];

function schema(verdict: Verdict): Schema {
  return (zodUnknown() as { check(check: (payload: Payload_keywords) => void): Schema }).check((payload) =>
    verdict(payload.value, payload.issues),
  );
}

function issuesOf(inner: Schema, value: unknown): Issue[] {
  return (inner as Runnable)._zod.run({ value, issues: [] }, EXPLAINING).issues;
}

function collecting(into: Evaluated | undefined, inner: Schema, value: unknown): Issue[] {
  const outer = collector;
  collector = into;
  try {
    return issuesOf(inner, value);
  } finally {
    collector = outer;
  }
}

/** Runs a schema on a member of a value; what it evaluates there is not the parent's. */
function member(inner: Schema, value: unknown, key: PropertyKey, issues: Issue[]): boolean {
  const found = collecting(undefined, inner, value);
  for (const issue of found) {
    issue.path = [key, ...(issue.path ?? [])];
    issues.push(issue);
  }
  return found.length === 0;
}

/** Runs a schema in place; what it evaluates counts only if it accepts. */
function branch(inner: Schema, value: unknown): Issue[] {
  if (collector === undefined) return issuesOf(inner, value);
  const own = nothingYet();
  const issues = collecting(own, inner, value);
  if (issues.length === 0) merge(own);
  return issues;
}

function merge(from: Evaluated): void {
  for (const key of from.keys) collector?.keys.add(key);
  for (const item of from.items) collector?.items.add(item);
  for (const name of from.named) collector?.named.add(name);
}

function has(object: JsonObject, key: string): boolean {
  return Object.hasOwn(object, key) && object[key] !== undefined;
}

function keysOf(object: JsonObject): string[] {
  return Object.keys(object).filter((key) => object[key] !== undefined);
}

function fail(issues: Issue[], input: unknown, keyword: string, expected: string, more: object = {}): void {
  const params = { keyword, expected };
  issues.push({ code: "custom", input, message: `Invalid input: expected ${expected}`, params, ...more });
}

export type JsonType = "null" | "boolean" | "number" | "integer" | "string" | "array" | "object";

function isOf(name: JsonType, value: unknown): boolean {
  switch (name) {
    case "null":
      return value === null;
    case "integer":
      return Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    default:
      return typeof value === name;
  }
}

/** A value of one of these JSON types. */
export function type(...types: readonly JsonType[]): Schema {
  return schema((value, issues) => {
    if (!types.some((name) => isOf(name, value))) fail(issues, value, "type", types.join(" or "));
  });
}

/** Applies a schema to values of one JSON type, and passes all others. */
export function when(name: JsonType, inner: Schema): Schema {
  return schema((value, issues) => {
    if (isOf(name, value)) addAll(issues, issuesOf(inner, value));
  });
}

interface Finding {
  readonly issues: readonly Issue[];
  readonly evaluated: Evaluated | undefined;
}

/** What schemas that are looked up have found in values, kept while the outermost of them runs. */
let findings: Map<object, Map<unknown, Finding>> | undefined;
/** Limits how many repeated issues are kept. */
const MOST_REPEATED = 10;

/** The caller that holds the value prepends its key to the path. */
function copied(issue: Issue): Issue {
  return { ...issue, path: [...(issue.path ?? [])] };
}

/**
 * A schema that is looked up when it is first needed, so that it can contain itself. It checks each value once: one
 * that contains itself twice would take twice the time at every level.
 */
export function lazy(get: () => Schema): Schema {
  let inner: Schema | undefined;
  const find = (value: unknown): Finding => {
    const evaluated = collector && nothingYet();
    return { issues: collecting(evaluated, (inner ??= get()), value), evaluated };
  };
  return schema((value, issues) => {
    const isOutermost = findings === undefined;
    findings ??= new Map();
    let own = findings.get(find);
    if (own === undefined) findings.set(find, (own = new Map()));
    try {
      let found = own.get(value);
      // What a schema says can depend on the resources that were entered before.
      if (found === undefined || resources.length > 0 || (collector !== undefined && found.evaluated === undefined)) {
        found = find(value);
        own.set(value, { ...found, issues: found.issues.slice(0, MOST_REPEATED).map(copied) });
      }
      for (const issue of found.issues) issues.push(copied(issue));
      if (found.evaluated !== undefined) merge(found.evaluated);
    } finally {
      if (isOutermost) findings = undefined;
    }
  });
}

/** Not by spreading: there may be more issues than a call can have arguments. */
function addAll(issues: Issue[], found: readonly Issue[]): void {
  for (const issue of found) issues.push(issue);
}

/** Gives a schema that several others share; it is built on first use. */
export type Shared = () => Schema;

export function shared(build: () => Schema): Shared {
  let built: Schema | undefined;
  return () => (built ??= build());
}

/** Deep equality in the sense of JSON: key order is free, `1` and `1.0` are one number. */
function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = keysOf(a);
  return keys.length === keysOf(b).length && keys.every((key) => has(b, key) && equal(a[key], b[key]));
}

/** One of these values, objects and arrays compared by content. */
export function equals(values: readonly unknown[]): Schema {
  return schema((value, issues) => {
    if (!values.some((candidate) => equal(candidate, value))) {
      fail(issues, value, "enum", values.map((candidate) => JSON.stringify(candidate)).join(" or "));
    }
  });
}

/** Every schema accepts the value. */
export function allOf(schemas: readonly Schema[]): Schema {
  const all = schemas.map(acceptsOf);
  const judge = schema((value, issues) => {
    for (const inner of schemas) addAll(issues, issuesOf(inner, value));
  });
  return judged(judge, (value) => all.every((accepts) => accepts(value)));
}

/** An issue in its final form, which zod produces for those that are not within another. */
function shown({ inst: _, input, continue: __, path = [], ...facts }: Issue): Issue {
  const issue = { ...facts, input, path } as never;
  const said = facts["message"] ?? config().customError?.(issue) ?? config().localeError?.(issue) ?? "Invalid input";
  return { ...facts, path, message: (said as { readonly message?: string }).message ?? said };
}

function mismatch(value: unknown, tried: readonly Issue[][]): Issue {
  const errors = tried.map((issues) => issues.map(shown)) as never;
  return { code: "invalid_union", input: value, ...noneFits(errors), inclusive: true };
}

/** At least one schema accepts the value; all are tried where their evaluated keys count. */
export function anyOf(schemas: readonly Schema[]): Schema {
  const all = schemas.map(acceptsOf);
  const judge = schema((value, issues) => {
    const tried = [];
    let accepted = false;
    for (const inner of schemas) {
      const found = branch(inner, value);
      accepted ||= found.length === 0;
      if (accepted && collector === undefined) return;
      tried.push(found);
    }
    if (!accepted) issues.push(mismatch(value, tried));
  });
  return judged(judge, (value) => all.some((accepts) => accepts(value)));
}

/** Exactly one schema accepts the value. */
export function oneOf(schemas: readonly Schema[]): Schema {
  return schema((value, issues) => {
    const tried = schemas.map((inner) => branch(inner, value));
    const accepted = tried.filter((found) => found.length === 0).length;
    if (accepted === 0) issues.push(mismatch(value, tried));
    if (accepted > 1) {
      const expected = "exactly one alternative to fit";
      issues.push({ code: "invalid_union", input: value, errors: [], inclusive: false, expected });
    }
  });
}

/** The schema refuses the value. */
export function not(inner: Schema): Schema {
  return schema((value, issues) => {
    const own = collector && nothingYet();
    if (collecting(own, inner, value).length === 0)
      fail(issues, value, "not", "a value that the schema under `not` refuses");
  });
}

/** `then` applies to what `condition` accepts, `otherwise` to the rest. */
export function ifThenElse(condition: Schema, then?: Schema, otherwise?: Schema): Schema {
  return schema((value, issues) => {
    const inner = branch(condition, value).length === 0 ? then : otherwise;
    if (inner !== undefined) addAll(issues, branch(inner, value));
  });
}

export interface Fields {
  readonly properties?: { readonly [key: string]: Schema };
  readonly patterns?: readonly (readonly [RegExp, Schema])[];
  /** For the keys that neither `properties` nor `patterns` names. */
  readonly rest?: Schema;
}

/** Runs a schema on the members of an object that have none of the names. */
function membersOf(
  inner: Schema,
  value: JsonObject,
  keys: readonly string[],
  names: readonly string[],
  issues: Issue[],
): void {
  if ((inner as Runnable)._zod.def.type !== "never") for (const key of keys) member(inner, value[key], key, issues);
  else if (keys.length > 0) issues.push({ code: "unrecognized_keys", keys, input: value, ...nearestTo(keys, names) });
}

/** Checks an object's own values by their keys: `properties`, `patternProperties` and `additionalProperties`. */
export function fields({ properties = {}, patterns = [], rest }: Fields): Schema {
  return schema((value, issues) => {
    if (!isObject(value)) return;
    for (const key of Object.keys(properties)) collector?.named.add(key);
    const others: string[] = [];
    for (const key of keysOf(value)) {
      let named = false;
      if (Object.hasOwn(properties, key)) {
        named = true;
        member(properties[key] as Schema, value[key], key, issues);
      }
      for (const [pattern, inner] of patterns) {
        if (!pattern.test(key)) continue;
        named = true;
        member(inner, value[key], key, issues);
      }
      if (!named && rest !== undefined) {
        named = true;
        others.push(key);
      }
      if (named) collector?.keys.add(key);
    }
    if (rest !== undefined) membersOf(rest, value, others, Object.keys(properties), issues);
  });
}

/** Completes a zod object whose undeclared values `inner` checks: zod itself ignores a key `__proto__`. */
export function eachOf(object: unknown, declared: readonly string[], inner: Schema): Schema {
  return schema((value, issues) => {
    const kept = isObject(value) ? Object.fromEntries(keysOf(value).map((key) => [key, value[key]])) : value;
    addAll(issues, issuesOf(object as Schema, kept));
    if (isObject(value) && has(value, "__proto__") && !declared.includes("__proto__")) {
      member(inner, value["__proto__"], "__proto__", issues);
    }
  });
}

/** The object has these keys. */
export function required(keys: readonly string[]): Schema {
  return schema((value, issues) => {
    if (!isObject(value)) return;
    for (const key of keys) {
      if (!has(value, key))
        issues.push({ code: "invalid_type", expected: "nonoptional", path: [key], ...nearestTo([key], keysOf(value)) });
    }
  });
}

export function minProperties(count: number): Schema {
  return schema((value, issues) => {
    if (isObject(value) && keysOf(value).length < count)
      fail(issues, value, "minProperties", `at least ${count} properties`);
  });
}

export function maxProperties(count: number): Schema {
  return schema((value, issues) => {
    if (isObject(value) && keysOf(value).length > count)
      fail(issues, value, "maxProperties", `at most ${count} properties`);
  });
}

/** The schema accepts every key of the object. */
export function propertyNames(inner: Schema): Schema {
  return schema((value, issues) => {
    if (!isObject(value)) return;
    for (const key of keysOf(value)) {
      const found = collecting(undefined, inner, key);
      if (found.length === 0) continue;
      const values = (found[0]?.["values"] ?? []) as readonly unknown[];
      const names = values.filter((name): name is string => typeof name === "string");
      const expected = `a key that is ${found.map((issue) => expectation(issue as never)).join(" and ")}`;
      const more = { path: [key], isKey: true, ...nearestTo([key], names) };
      fail(issues, key, "propertyNames", expected, more);
    }
  });
}

/** Where the object has the first key, it has the others too. */
export function dependentRequired(dependencies: readonly (readonly [string, readonly string[]])[]): Schema {
  return schema((value, issues) => {
    if (!isObject(value)) return;
    for (const [key, others] of dependencies) {
      if (!has(value, key)) continue;
      for (const other of others) {
        if (has(value, other)) continue;
        const [expected, near] = [`a value beside ${key}`, nearestTo([other], keysOf(value))];
        fail(issues, undefined, "dependentRequired", expected, { path: [other], ...near });
      }
    }
  });
}

/** Where the object has the key, the schema accepts the object. */
export function dependentSchemas(dependencies: readonly (readonly [string, Schema])[]): Schema {
  return schema((value, issues) => {
    if (!isObject(value)) return;
    for (const [key, inner] of dependencies) if (has(value, key)) addAll(issues, branch(inner, value));
  });
}

/** Checks an array's items by position: `prefixItems`, and `items` for the rest. */
export function elements(prefix: readonly Schema[], rest?: Schema): Schema {
  return schema((value, issues) => {
    if (!Array.isArray(value)) return;
    for (const [index, item] of value.entries()) {
      const inner = prefix[index] ?? rest;
      if (inner === undefined) break;
      member(inner, item, index, issues);
      collector?.items.add(index);
    }
  });
}

/** Between `min` and `max` items are accepted by the schema. With `marks`, those count as evaluated. */
export function contains(inner: Schema, min: number, max: number = Infinity, marks: boolean = false): Schema {
  return schema((value, issues) => {
    if (!Array.isArray(value)) return;
    let count = 0;
    for (const [index, item] of value.entries()) {
      if (collecting(undefined, inner, item).length > 0) continue;
      count++;
      if (marks) collector?.items.add(index);
    }
    if (count < min) fail(issues, value, "contains", `at least ${min} matching items`);
    if (count > max) fail(issues, value, "contains", `at most ${max} matching items`);
  });
}

export function minItems(count: number): Schema {
  return schema((value, issues) => {
    if (Array.isArray(value) && value.length < count) fail(issues, value, "minItems", `at least ${count} items`);
  });
}

export function maxItems(count: number): Schema {
  return schema((value, issues) => {
    if (Array.isArray(value) && value.length > count) fail(issues, value, "maxItems", `at most ${count} items`);
  });
}

/** No two items of the array are equal. */
export function uniqueItems(): Schema {
  return schema((value, issues) => {
    if (!Array.isArray(value)) return;
    const seen = new Set<unknown>();
    const compound: unknown[] = [];
    for (const item of value) {
      const repeated =
        typeof item === "object" && item !== null ? compound.some((other) => equal(other, item)) : seen.has(item);
      if (repeated) return fail(issues, value, "uniqueItems", "items that all differ");
      if (typeof item === "object" && item !== null) compound.push(item);
      else seen.add(item);
    }
  });
}

/** The digits of a number and the power of ten that they are multiplied by. */
function decimal(value: number): readonly [bigint, number] {
  const [digits = "0", exponent = "0"] = value.toExponential().split("e");
  const [whole = "0", fraction = ""] = digits.split(".");
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}

/** Decimal arithmetic, in which `19.99` is a multiple of `0.01`. */
function isMultiple(value: number, divisor: number): boolean {
  if (!Number.isFinite(value)) return false;
  if (Number.isInteger(value / divisor)) return true;
  const [a, aPower] = decimal(value);
  const [b, bPower] = decimal(divisor);
  const power = Math.min(aPower, bPower);
  return (a * tenTo(aPower - power)) % (b * tenTo(bPower - power)) === BigInt(0);
}

/** Without literals or powers of `bigint`, which programs compiled for ES2017 cannot have. */
function tenTo(power: number): bigint {
  return BigInt(`1${"0".repeat(power)}`);
}

export function multipleOf(divisor: number): Schema {
  return schema((value, issues) => {
    if (typeof value === "number" && !isMultiple(value, divisor)) {
      const expected = `to be a multiple of ${divisor}`;
      issues.push({ code: "not_multiple_of", origin: "number", divisor, expected, input: value });
    }
  });
}

export interface Unevaluated {
  readonly properties?: Schema;
  readonly items?: Schema;
}

/** Applies schemas to the keys and items that `inner`, with everything it refers to, has not evaluated. */
export function unevaluated({ properties, items }: Unevaluated, inner: Schema): Schema {
  return schema((value, issues) => {
    const own = nothingYet();
    addAll(issues, collecting(own, inner, value));
    if (properties !== undefined && isObject(value)) {
      const others = keysOf(value).filter((key) => !own.keys.has(key));
      membersOf(properties, value, others, [...own.named], issues);
      for (const key of others) own.keys.add(key);
    }
    if (items !== undefined && Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        if (!own.items.has(index)) member(items, item, index, issues);
        own.items.add(index);
      }
    }
    merge(own);
  });
}

/** Records the schema resource that validation enters here, for `dynamicRef`. */
export function resource(id: string, inner: Schema): Schema {
  return schema((value, issues) => {
    const outer = resources;
    resources = [...outer, id];
    try {
      addAll(issues, issuesOf(inner, value));
    } finally {
      resources = outer;
    }
  });
}

/** The schema that the outermost resource entered so far has for an anchor, else `fallback`. */
export function dynamicRef(anchored: readonly (readonly [string, () => Schema])[], fallback: () => Schema): Schema {
  return schema((value, issues) => {
    const id = resources.find((entered) => anchored.some(([candidate]) => candidate === entered));
    const target = anchored.find(([candidate]) => candidate === id)?.[1] ?? fallback;
    addAll(issues, issuesOf(target(), value));
  });
}

// From schema/formats.ts
// The formats that are checked: one function per format, each following the RFC it names and, where that leaves a
// choice or is commonly read more generously, with ajv-formats' verdict. All take linear time.

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** A date of the calendar, such as `2025-09-06` (RFC 3339). */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8));
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(Number(text.slice(0, 4)), month);
}

function isTimeOfDay(text: string, zoneRequired: boolean): boolean {
  const match = /^(\d\d):(\d\d):(\d\d(?:\.\d+)?)(z|([+-])(\d\d)(?::?(\d\d))?)?$/i.exec(text);
  if (match === null || (zoneRequired && match[4] === undefined)) return false;
  const part = (group: number): number => Number(match[group] ?? 0);
  const [hour, minute, second, zoneHours, zoneMinutes] = [part(1), part(2), part(3), part(6), part(7)];
  if (zoneHours > 23 || zoneMinutes > 59) return false;
  if (hour <= 23 && minute <= 59 && second < 60) return true;
  // A leap second is the last one of a day of UTC.
  const sign = match[5] === "-" ? -1 : 1;
  const utcHour = hour - sign * zoneHours;
  const utcMinute = minute - sign * zoneMinutes;
  const endsDay = utcMinute === 59 ? utcHour === 23 || utcHour === -1 : utcHour === 24 || utcHour === 0;
  return second < 61 && (utcMinute === 59 || utcMinute === -1) && endsDay;
}

/** A time of day with its offset from UTC, such as `12:30:00Z` (RFC 3339). */
export function isTime(text: string): boolean {
  return isTimeOfDay(text, true);
}

/** A time of day with or without an offset. */
export function isIsoTime(text: string): boolean {
  return isTimeOfDay(text, false);
}

function isMoment(text: string, zoneRequired: boolean): boolean {
  return /[t\s]/i.test(text.charAt(10)) && isDate(text.slice(0, 10)) && isTimeOfDay(text.slice(11), zoneRequired);
}

/** A date and a time with its offset from UTC, such as `2025-09-06T12:30:00Z` (RFC 3339). */
export function isDateTime(text: string): boolean {
  return isMoment(text, true);
}

/** A date and a time with or without an offset. */
export function isIsoDateTime(text: string): boolean {
  return isMoment(text, false);
}

/** Such as `P1Y2M3DT4H5M6S` or `P7W` (RFC 3339, appendix A); any unit may be left out. */
export function isDuration(text: string): boolean {
  return /^P(?!$)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?!$)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/.test(text);
}

function isLabel(text: string): boolean {
  return /^[a-z\d-]+$/i.test(text) && !text.startsWith("-") && !text.endsWith("-");
}

/** A dot-atom at a domain of two labels or more (RFC 5321). */
export function isEmail(text: string): boolean {
  const [local = "", domain = "", ...more] = text.split("@");
  const labels = domain.split(".");
  if (more.length > 0 || labels.length < 2 || !labels.every(isLabel)) return false;
  return local.split(".").every((atom) => /^[\w!#$%&'*+/=?^`{|}~-]+$/.test(atom));
}

/** A host name (RFC 1123); it may end with a dot. */
export function isHostname(text: string): boolean {
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  return name.length <= 253 && name.split(".").every((label) => label.length <= 63 && isLabel(label));
}

/** Four decimal octets without leading zeros. */
export function isIpv4(text: string): boolean {
  const octets = text.split(".");
  return octets.length === 4 && octets.every((octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255);
}

/** Eight groups, some of which `::` may stand for, the last two of them perhaps an IPv4 address (RFC 4291). */
function isIpv6With(text: string, isLast: (address: string) => boolean): boolean {
  const halves = text.split("::");
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  let count = groups.length;
  if (text.includes(".")) {
    if (text.endsWith("::") || !isLast(groups.pop() ?? "")) return false;
    count++;
  }
  const complete = halves.length === 1 ? count === 8 : halves.length === 2 && count < 8;
  return complete && groups.every((group) => /^[\da-f]{1,4}$/i.test(group));
}

export function isIpv6(text: string): boolean {
  return isIpv6With(text, isIpv4);
}

function isIpv4InUri(text: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) && text.split(".").every((octet) => Number(octet) <= 255);
}

function isIpLiteral(text: string): boolean {
  return /^v[\da-f]+\.[\w.~!$&'()*+,;=:-]+$/i.test(text) || isIpv6With(text, isIpv4InUri);
}

/** RFC 3986 by what it does not allow: brackets around anything but a host, a second `#`, the characters of `bad`. */
function isUriWithout(bad: RegExp, text: string): boolean {
  const bracketed =
    /^(?:[a-z][a-z\d+.-]*:)?\/\/?(?:(?:[\w.~!$&'()*+,;=:-]|%[\da-f]{2})*@)?\[([^\]]*)\](?::\d*)?(?![^/?#])/i.exec(text);
  if (bracketed !== null && !isIpLiteral(bracketed[1] ?? "")) return false;
  const rest = text.slice(bracketed?.[0].length ?? 0);
  return rest.indexOf("#") === rest.lastIndexOf("#") && !bad.test(rest);
}

/** A URI (RFC 3986) with something after its scheme. */
export function isUri(text: string): boolean {
  return /^[a-z][a-z\d+.-]*:[^?#]/i.test(text) && isUriWithout(/[^\w.~!$&'()*+,;=:@/?#%-]|%(?![\da-f]{2})/i, text);
}

/** A URI or a relative reference (RFC 3986). */
export function isUriReference(text: string): boolean {
  return isUriWithout(/[^\w.~!$&'()*+,;=:@/?#%"-]|%(?![\da-f]{2})/i, text);
}

/** Text with expressions in braces (RFC 6570), with variable names without dots. */
export function isUriTemplate(text: string): boolean {
  const expression =
    /\{[+#./;?&=,!@|]?(?:\w|%[\da-f]{2})+(?::[1-9]\d{0,3}|\*)?(?:,(?:\w|%[\da-f]{2})+(?::[1-9]\d{0,3}|\*)?)*\}/gi;
  return !/[\0- "'<>\\^`{|}]|%(?![\da-f]{2})/i.test(text.replace(expression, "x"));
}

function isPublicIpv4(text: string): boolean {
  if (!/^[1-9]\d{0,2}\.(?:\d\d?|[12]\d\d)\.(?:\d\d?|[12]\d\d)\.[1-9]\d{0,2}$/.test(text)) return false;
  const [a = 0, b = 0, c = 0, d = 0] = text.split(".").map(Number);
  if (a > 223 || b > 255 || c > 255 || d > 254 || a === 10 || a === 127) return false;
  return !((a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || (a === 169 && b === 254));
}

function isPublicName(text: string): boolean {
  const labels = text.split(".");
  const last = labels.pop() ?? "";
  const letters = /^[a-z\u{a1}-\u{ffff}]{2,}$/iu;
  return (
    labels.length > 0 &&
    letters.test(last) &&
    labels.every((label) => label.split("-").every((part) => /^[a-z\d\u{a1}-\u{ffff}]+$/iu.test(part)))
  );
}

/** An `http`, `https` or `ftp` address at a host that may exist on the public internet. */
export function isUrl(text: string): boolean {
  const [scheme] = /^(?:https?|ftp):\/\//iu.exec(text) ?? [];
  if (scheme === undefined) return false;
  const rest = text.slice(scheme.length);
  const firstSpace = rest.search(/\s/);
  const lastSpace = rest.search(/\s\S*$/);
  // A user's name may hold anything but space, so each `@` may be the one before the host.
  for (const { 0: whole, 1: host = "", 2: port, index } of rest.matchAll(/(?:^|(?!^)@)([^/@:]+)(:\d{2,5})?(?![^/])/g)) {
    const start = index + whole.length - host.length - (port ?? "").length;
    if (firstSpace >= 0 && (firstSpace < start || lastSpace >= index + whole.length)) continue;
    if (isPublicIpv4(host) || isPublicName(host)) return true;
  }
  return false;
}

/** A regular expression without Perl's `\Z`. */
export function isRegex(text: string): boolean {
  for (let at = text.indexOf("\\Z", 1); at > 0; at = text.indexOf("\\Z", at + 1)) {
    if (text.charAt(at - 1) !== "\\") return false;
  }
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

/** A UUID (RFC 4122), as a URN or bare. */
export function isUuid(text: string): boolean {
  return /^(?:urn:uuid:)?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
}

/** RFC 6901. */
export function isJsonPointer(text: string): boolean {
  return text === "" || (text.startsWith("/") && !/~(?![01])/.test(text));
}

/** A JSON pointer as a URI fragment (RFC 6901, section 6). */
export function isJsonPointerUriFragment(text: string): boolean {
  return /^#(?:\/|$)/.test(text) && !/[^\w.!$&'()*+,;=:@/~%-]|~(?![01])|%(?![\da-f]{2})/i.test(text.slice(1));
}

/** How many levels to go up, and a JSON pointer from there or `#`. */
export function isRelativeJsonPointer(text: string): boolean {
  const [up] = /^(?:0|[1-9]\d*)/.exec(text) ?? [];
  if (up === undefined) return false;
  const rest = text.slice(up.length);
  return rest === "#" || isJsonPointer(rest);
}

/** Text of which some line is base64. */
export function isByte(text: string): boolean {
  return text.split(/[\n\r\u2028\u2029]/).some((line) => line.length % 4 === 0 && /^[a-z\d+/]*={0,2}$/i.test(line));
}

export function isInt32(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value + 0.5) < 2 ** 31;
}

/** Any integer: a JavaScript number cannot tell which ones fit in 64 bits. */
export function isInt64(value: number): boolean {
  return Number.isInteger(value);
}

// From z.ts
// Builders for the emitted validators: zod's, under plain signatures, so that the compiler checks a call of one
// without inferring through it. Only what zod/mini and classic zod both have is used: the build makes a copy over each.
// Every schema here checks a value without changing it.

export interface Check {
  readonly _zod: object;
}

export type Shape = { readonly [key: string]: Schema };

const isString = (value: unknown): boolean => typeof value === "string";
const isBoolean = (value: unknown): boolean => typeof value === "boolean";
export const unknown = (): Schema => judged(zodUnknown(), () => true);
export const never: () => Schema = zodNever as never;
export const string = (): Schema => judged(zodString(), isString);
export const number: () => Schema = zodNumber as never;
export const boolean = (): Schema => judged(zodBoolean(), isBoolean);
const _null: () => Schema = zodNull as never;
const _enum = (values: readonly string[]): Schema =>
  judged(zodEnum(values as never), (value) => values.includes(value as never));

export const literal: (values: readonly (string | number | boolean | null)[]) => Schema = zodLiteral as never;
export const array = (item: Schema): Schema => {
  const accepts = acceptsOf(item);
  return judged(
    zodArray(item as never),
    // Unlike `every`, it visits the holes of a sparse array.
    (value) => Array.isArray(value) && value.findIndex((each) => !accepts(each)) < 0,
  );
};
export const tuple = (items: readonly Schema[], rest?: Schema): Schema => {
  const all = items.map(acceptsOf);
  // An item that may be left out at the end must not be undefined: it would be sent as null.
  return (zodTuple(items as never, rest as never) as unknown as Checkable).check(({ value, issues }) => {
    all.slice(0, (value as unknown[]).length).forEach((accepts, index) => {
      if ((value as unknown[])[index] !== undefined || accepts(undefined)) return;
      issues.push({ code: "invalid_type", expected: "nonoptional", path: [index] });
    });
  });
};
export const union = (options: readonly Schema[]): Schema => {
  const all = options.map(acceptsOf);
  const schema = judged(zodUnion(options as never), (value) => all.some((accepts) => accepts(value)));
  const own = parsing(schema);
  const { run } = own;
  own.run = (payload, context) => {
    const judged = run(payload, context);
    for (const issue of judged.issues) {
      const { code, errors, path = [] } = issue as Partial<RawIssue>;
      if (code === "invalid_union" && errors && path.length === 0) Object.assign(issue, noneFits(errors));
    }
    return judged;
  };
  return schema;
};
export const optional = (inner: Schema): Schema => judged(zodOptional(inner as never), acceptsOf(inner));
export const nullable = (inner: Schema): Schema => {
  const accepts = acceptsOf(inner);
  return judged(zodNullable(inner as never), (value) => value === null || accepts(value));
};
/** Zod measures whatever has a `length`, and an object may have a member of that name, with anything in it. */
const measuring = (check: {
  readonly _zod: { readonly def: { when?: ((payload: never) => boolean) | undefined } };
}): Check => {
  check._zod.def.when = ({ value }: Payload) => isString(value) || Array.isArray(value);
  return check;
};
export const minLength = (length: number): Check => measuring(zodMinLength(length));
export const maxLength = (length: number): Check => measuring(zodMaxLength(length));
export const gte: (limit: number) => Check = zodGte as never;
export const lte: (limit: number) => Check = zodLte as never;
export const gt: (limit: number) => Check = zodGt as never;
export const lt: (limit: number) => Check = zodLt as never;
export const regex: (pattern: RegExp) => Check = zodRegex as never;

type Checkable = Schema & { check(...checks: readonly (Check | ((payload: Payload) => void))[]): Schema };

function undeclared(value: object, shape: Shape): string[] {
  return Object.entries(value).flatMap(([key, member]) =>
    member === undefined || Object.hasOwn(shape, key) ? [] : key,
  );
}

/** Zod copies what it parses. Nothing here changes a value, so its members are judged where they are. */
function inPlace(schema: Schema, shape: Shape): Schema {
  const own = parsing(schema);
  const { parse } = own;
  const members = Object.entries(shape).map(([key, inner]) => ({
    key,
    inner: parsing(inner),
    accepts: acceptsOf(inner),
    optional: !!parsing(inner).optin,
  }));
  const accepts = (value: unknown): boolean => {
    if (!isObject(value)) return false;
    for (const { key, accepts, optional } of members) {
      const member = value[key];
      if (member === undefined ? !optional : !accepts(member)) return false;
    }
    return true;
  };
  own.run = (payload, context) => {
    const { value, issues } = payload;
    if (context !== EXPLAINING && accepts(value)) return payload;
    if (!isObject(value)) return parse(payload, context);
    const others = undeclared(value, shape);
    for (const { key, inner, optional } of members) {
      const given = value[key];
      if (given === undefined && optional) continue;
      const found = inner.run({ value: given, issues: [] }, EXPLAINING).issues;
      if (given === undefined && !found.length) found.push({ code: "invalid_type", expected: "nonoptional" });
      for (const issue of found) {
        if (given === undefined) Object.assign(issue, nearestTo([key], others));
        (issue.path ??= []).unshift(key);
        issues.push(issue);
      }
    }
    return payload;
  };
  return judged(schema, accepts);
}

export function check(schema: Schema, ...checks: readonly Check[]): Schema {
  return (schema as Checkable).check(...checks);
}

export function looseObject(shape: Shape): Schema {
  return inPlace(zodLooseObject(shape as never) as never, shape);
}

export function strictObject(shape: Shape): Schema {
  const schema = inPlace(zodStrictObject(shape as never) as never, shape);
  const own = parsing(schema);
  const { run } = own;
  const accepts = acceptsOf(schema);
  own.run = (payload, context) => {
    const judged = run(payload, context);
    const { value, issues } = judged;
    const keys = isObject(value) ? undeclared(value, shape) : [];
    const near = nearestTo(keys, Object.keys(shape));
    const expected = `no key ${JSON.stringify(keys).slice(1, -1)}`;
    if (keys.length > 0) issues.push({ code: "unrecognized_keys", keys, expected, input: value, ...near });
    return judged;
  };
  return judged(schema, (value) => accepts(value) && !undeclared(value as object, shape).length);
}

/** A string or number that the predicate of a format accepts. */
export function format(name: string, accepts: ((value: string) => boolean) | ((value: number) => boolean)): Check {
  const isOfFormat = accepts as (value: unknown) => boolean;
  return zodCheck(({ value, issues }) => {
    if (isOfFormat(value)) return;
    const params = { keyword: "format", expected: name };
    issues.push({ code: "custom", input: value, message: `Invalid input: expected ${name}`, params });
  });
}

/** A number without a fraction, however large: `1.0` and `1e20` are integers, as in JSON Schema. */
export function integer(): Schema {
  const check = ({ value, issues }: Payload): void => {
    if (!Number.isInteger(value)) issues.push({ code: "invalid_type", expected: "integer", input: value });
  };
  // With this, zod's own JSON Schema of it says `integer`.
  const onattach = [({ _zod }: { _zod: { bag: { format: string } } }) => (_zod.bag.format = "int")];
  const schema = (number() as Checkable).check({ _zod: { check, def: { check: "custom" }, onattach } } as Check);
  return judged(schema, Number.isInteger);
}

/** Bytes: a Blob, an ArrayBuffer, a Uint8Array or a ReadableStream. */
export function binary(): Schema {
  return (unknown() as Checkable).check(({ value, issues }) => {
    if (!isBinary(value)) issues.push({ code: "invalid_type", expected: "binary", input: value });
  });
}

/** A record whose every own value is checked. */
export function record(key: Schema, value: Schema): Schema {
  return eachOf(zodRecord(key as never, value as never), [], value);
}

/** An object whose undeclared own values are checked. */
export function catchall(shape: Shape, value: Schema): Schema {
  const object = zodObject(shape as never) as unknown as { readonly _zod: { readonly def: object } };
  const open = clone(object as never, { ...object._zod.def, catchall: value } as never);
  return eachOf(open, Object.keys(shape), value);
}

export { type Schema, _enum as enum, _null as null };
