// JSON Schema's keywords as schemas, for what plain zod cannot say exactly. As in JSON Schema, a keyword passes every
// value that it does not apply to. None changes a value.
import { unknown as zodUnknown } from "zod/mini";
import { config } from "zod/v4/core";
import { acceptsOf, EXPLAINING, judged, type Schema } from "./accepts.js";
import { nearestTo } from "../nearest.js";
import { expectation } from "../validation.js";
import { noneFits } from "./alternatives.js";
import { isObject } from "../values.js";

interface Issue {
  code: string;
  path?: PropertyKey[] | undefined;
  [key: string]: unknown;
}
type Verdict = (value: unknown, issues: Issue[]) => void;
interface Payload {
  value: unknown;
  issues: Issue[];
}
type Runnable = {
  readonly _zod: { readonly def: { readonly type: string }; run(payload: Payload, context: object): Payload };
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
  return (zodUnknown() as { check(check: (payload: Payload) => void): Schema }).check((payload) =>
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
