/* eslint-disable */
// Copied by toolbind; changes are overwritten.
// Builders for the emitted validators: zod's, under plain signatures, so that the compiler checks a call of one
// without inferring through it. Flavour-neutral: the same emitted text runs over zod/mini and over classic zod.
// Every schema here judges a value and leaves it as it is.
import { isBinary } from "./binary.js";
import * as zod from "./flavour.js";
import { eachOf, type Schema } from "./keywords.js";

export type { Schema };
export * from "./formats.js";
export * from "./keywords.js";

export interface Check {
  readonly _zod: object;
}

export type Shape = { readonly [key: string]: Schema };

export const unknown: () => Schema = zod.unknown as never;
export const never: () => Schema = zod.never as never;
export const string: () => Schema = zod.string as never;
export const number: () => Schema = zod.number as never;
export const boolean: () => Schema = zod.boolean as never;
const _null: () => Schema = zod.null as never;
const _enum: (values: readonly string[]) => Schema = zod.enum as never;
export { _null as null, _enum as enum };
export const literal: (values: readonly (string | number | boolean | null)[]) => Schema = zod.literal as never;
export const array: (item: Schema) => Schema = zod.array as never;
export const tuple: (items: readonly Schema[], rest?: Schema) => Schema = zod.tuple as never;
export const union: (options: readonly Schema[]) => Schema = zod.union as never;
export const optional: (inner: Schema) => Schema = zod.optional as never;
export const nullable: (inner: Schema) => Schema = zod.nullable as never;
export const minLength: (length: number) => Check = zod.minLength as never;
export const maxLength: (length: number) => Check = zod.maxLength as never;
export const gte: (limit: number) => Check = zod.gte as never;
export const lte: (limit: number) => Check = zod.lte as never;
export const gt: (limit: number) => Check = zod.gt as never;
export const lt: (limit: number) => Check = zod.lt as never;
export const regex: (pattern: RegExp) => Check = zod.regex as never;

interface Issue {
  path?: PropertyKey[];
  readonly [fact: string]: unknown;
}
interface Payload {
  value: unknown;
  readonly issues: Issue[];
}
type Checkable = Schema & { check(...checks: readonly (Check | ((payload: Payload) => void))[]): Schema };

interface Parsing {
  parse(payload: Payload, context: object): Payload;
  run: Parsing["parse"];
  readonly optin?: string;
}
type Holder = Readonly<Record<PropertyKey, unknown>>;

function parsing(schema: Schema): Parsing {
  return schema._zod as Parsing;
}

/** Zod copies what it parses. Nothing here changes a value, so its members are judged where they are. */
function inPlace(schema: Schema, shape: Shape): Schema {
  const own = parsing(schema);
  const { parse } = own;
  own.run = (payload, context) => {
    const { value, issues } = payload;
    if (!value || typeof value !== "object" || Array.isArray(value)) return parse(payload, context);
    // Used again while nothing is wrong.
    let member: Payload = { value, issues: [] };
    for (const key in shape) {
      const inner = parsing(shape[key] as Schema);
      const given = (member.value = (value as Holder)[key]);
      if (given === undefined && inner.optin) continue;
      const found = inner.run(member, context).issues;
      if (given === undefined && !found.length && !(key in value)) {
        found.push({ code: "invalid_type", expected: "nonoptional" });
      }
      if (found.length) {
        for (const issue of found) {
          (issue.path ??= []).unshift(key);
          issues.push(issue);
        }
        member = { value, issues: [] };
      }
    }
    return payload;
  };
  return schema;
}

export function check(schema: Schema, ...checks: readonly Check[]): Schema {
  return (schema as Checkable).check(...checks);
}

export function looseObject(shape: Shape): Schema {
  return inPlace(zod.looseObject(shape as never) as never, shape);
}

export function strictObject(shape: Shape): Schema {
  const schema = inPlace(zod.strictObject(shape as never) as never, shape);
  const own = parsing(schema);
  const { run } = own;
  own.run = (payload, context) => {
    const judged = run(payload, context);
    const { value, issues } = judged;
    if (!value || typeof value !== "object" || Array.isArray(value)) return judged;
    const keys = Object.keys(value).filter((key) => !Object.hasOwn(shape, key));
    if (keys.length > 0) issues.push({ code: "unrecognized_keys", keys, input: value });
    return judged;
  };
  return schema;
}

/** A string or number that the predicate of a format accepts. */
export function format(name: string, accepts: ((value: string) => boolean) | ((value: number) => boolean)): Check {
  const isOfFormat = accepts as (value: unknown) => boolean;
  return zod.check(({ value, issues }) => {
    if (isOfFormat(value)) return;
    const params = { keyword: "format", expected: name };
    issues.push({ code: "custom", input: value, message: `Invalid input: expected ${name}`, params });
  });
}

/** A number without a fraction, however large: `1.0` and `1e20` are integers, as in JSON Schema. */
export function integer(): Schema {
  return (number() as Checkable).check(({ value, issues }) => {
    if (!Number.isInteger(value)) issues.push({ code: "invalid_type", expected: "integer", input: value });
  });
}

/** Bytes: a Blob, an ArrayBuffer, a Uint8Array or a ReadableStream. */
export function binary(): Schema {
  return (unknown() as Checkable).check(({ value, issues }) => {
    if (!isBinary(value)) issues.push({ code: "invalid_type", expected: "binary", input: value });
  });
}

/** A record whose every own value is checked. */
export function record(key: Schema, value: Schema): Schema {
  return eachOf(zod.record(key as never, value as never), [], value);
}

/** An object whose undeclared own values are checked. */
export function catchall(shape: Shape, value: Schema): Schema {
  return eachOf(zod.catchall(zod.object(shape as never) as never, value as never), Object.keys(shape), value);
}
