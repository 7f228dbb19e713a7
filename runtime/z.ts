// Builders for the emitted validators: zod's, under plain signatures, so that the compiler checks a call of one
// without inferring through it. Only what zod/mini and classic zod both have is used: the build makes a copy over each.
// Every schema here checks a value without changing it.
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
import { clone } from "zod/v4/core";
import { acceptsOf, EXPLAINING, judged, parsing, type Payload, type Schema } from "./schema/accepts.js";
import { nearestTo } from "./nearest.js";
import { isBinary, isObject } from "./values.js";
import { eachOf } from "./schema/keywords.js";
import { noneFits } from "./schema/alternatives.js";
import type { RawIssue } from "./validation.js";

export type { Schema };
export * from "./schema/formats.js";
export * from "./schema/keywords.js";

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
export { _null as null, _enum as enum };
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
