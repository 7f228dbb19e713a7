import { config } from "zod/v4/core";
import { acceptsOf, type Schema } from "./schema/accepts.js";
import { clip, isSecretName, ToolbindCallError, type ValidationIssue } from "./errors.js";
import type { ToolSchema } from "./tool-schema.js";
import type { CallSettings } from "./settings.js";
import type { AnyTool, ResponseEnvelope } from "./types.js";

/** Builds a schema on first use. A locale that the program has set stays; zod/mini, which has none, gets a small one. */
export function buildSchema(build: () => Schema): ToolSchema<unknown> {
  if (config().localeError === undefined) config({ localeError: localeError as never });
  const schema = build();
  const judge = schema as unknown as ToolSchema<unknown>;
  // Tools of an app share schemas, which the first of them has set up.
  if (Object.hasOwn(schema, "safeParse")) return judge;
  const accepts = acceptsOf(schema);
  const { safeParse } = judge;
  judge.safeParse = (data, params) => (accepts(data) ? { success: true, data } : safeParse(data, params));
  return judge;
}

type Path = readonly PropertyKey[];

interface Context {
  readonly value: unknown;
  readonly showValues: boolean;
}

const MAX_LISTED = 10;

/**
 * Checks a value against a tool's schema.
 * @param showValues whether messages may show short values
 * @returns the places where it does not fit, none when it does
 */
export function validate(schema: ToolSchema<unknown>, value: unknown, showValues: boolean): readonly ValidationIssue[] {
  const { error } = schema.safeParse(value);
  const issues = (error?.issues ?? []) as readonly RawIssue[];
  return issues.flatMap((issue) => explain(issue, [], { value, showValues }, 0));
}

/** Issues as part of a sentence: one inline, several as a list of at most ten. */
export function listIssues(issues: readonly ValidationIssue[]): string {
  // Schemas that apply to one value can find the same fault.
  const all = [...new Set(issues.map(({ message }) => message))];
  const lines = all.slice(0, MAX_LISTED);
  if (all.length > MAX_LISTED) lines.push(`and ${all.length - MAX_LISTED} more`);
  return (lines.length > 1 ? "\n  " : "") + lines.join("\n  ");
}

function explain(issue: RawIssue, base: Path, context: Context, depth: number): ValidationIssue[] {
  const path = [...base, ...issue.path];
  const { keys, errors = [], closest = -1 } = issue;
  if (keys) return keys.map((key) => report([...path, key], "no such key", context, issue));
  const best = errors[closest];
  if (!best || depth > MAX_NESTED) return [report(path, expectation(issue), context, issue)];
  const note = errors[1] ? ` (closest of ${errors.length} alternatives: number ${closest + 1})` : "";
  return best
    .flatMap((inner) => explain(inner, path, context, depth + 1))
    .map((found) => ({ ...found, message: found.message + note }));
}

function report(
  path: Path,
  expected: string,
  { value, showValues }: Context,
  { isKey, near: nearest }: RawIssue,
): ValidationIssue {
  const steps = path as ValidationIssue["path"];
  const last = steps.at(-1) as string;
  const near = nearest?.get(last);
  const pointer = steps.map((step) => `/${`${step}`.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  const received = describe(isKey ? last : valueAt(value, path), showValues && !isSecretName(pointer));
  const suggestion = near && (received === "missing" ? `rename "${near}"` : `use "${near}"`);
  return {
    path: steps,
    pointer,
    message: `${pointer || "(root)"}: expected ${expected}, received ${received}${suggestion ? ` (${suggestion}?)` : ""}`,
    expected,
    received,
    ...(suggestion && { suggestion }),
  };
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((inner, step) => {
    const holder = (inner ?? {}) as Record<PropertyKey, unknown>;
    return Object.hasOwn(holder, step) ? holder[step] : undefined;
  }, value);
}

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
  readonly keys?: readonly string[];
  /** By key that is missing or not declared: the one that was probably meant. */
  readonly near?: ReadonlyMap<string, string>;
  /** The issues of each alternative; just one alternative's where that says everything. */
  readonly errors?: readonly (readonly RawIssue[])[];
  /** The alternative closest to the value; undefined where it is of no alternative's type. */
  readonly closest?: number;
  /** It is about the key that the path ends in, not about the value there. */
  readonly isKey?: boolean;
  readonly params?: Readonly<Record<string, unknown>>;
}

const MAX_SHOWN = 40;
const MAX_EXPECTED = 200;
/** How deep alternatives within alternatives are followed: each level can multiply them. */
const MAX_NESTED = 3;
const NAMES: Readonly<Record<string, string>> = { record: "object", nonoptional: "a value", never: "nothing" };

/** What an issue says was expected, as a few words. */
export function expectation(issue: RawIssue): string {
  const { expected = "", values, origin, minimum, maximum = minimum, inclusive, pattern } = issue;
  if (maximum !== undefined) {
    const sign = (minimum === undefined ? "<" : ">") + (inclusive === false ? "" : "=");
    return `${origin}${origin === "number" ? "" : " of length"} ${sign}${String(maximum)}`;
  }
  const said =
    NAMES[expected] ||
    expected ||
    issue.params?.["expected"] ||
    (values && `one of ${JSON.stringify(values).slice(1, -1)}`) ||
    (pattern && `to match pattern ${pattern}`) ||
    "another value";
  return clip(String(said), MAX_EXPECTED);
}

/** The message of an issue of emitted validators, where zod has no locale. */
export function localeError(raw: object): string {
  const issue = raw as RawIssue;
  return `Invalid input: expected ${expectation(issue)}, received ${describe(issue.input, false)}`;
}

/** The kind of value received, with the value where it may be shown and is short. */
function describe(value: unknown, showValue: boolean): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (typeof value === "object") return Array.isArray(value) ? `array of ${value.length}` : "object";
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  return showValue && shown.length <= MAX_SHOWN ? `${typeof value} ${shown}` : typeof value;
}

const MAX_REMEMBERED = 10_000;

/** @throws InputValidationError for arguments that do not fit the tool's input schema */
export function checkArguments(tool: AnyTool, settings: CallSettings, args: unknown): void {
  const issues = settings.validate.input === "off" ? [] : validate(tool.input, args, true);
  if (issues.length > 0) throw invalid(settings.facts, listIssues(issues), issues);
}

export function invalid(
  facts: CallSettings["facts"],
  why: string,
  issues: readonly ValidationIssue[] = [],
  cause?: unknown,
): ToolbindCallError {
  const remedy = why.includes("/s3key") ? "use fileUploads()" : "correct them";
  const text = ["was given invalid arguments", why, `${remedy}; nothing was sent`] as const;
  return new ToolbindCallError("TB5010", text, { ...facts, issues, cause });
}

/**
 * Checks data against the tool's output schema.
 * @returns the answer, with what does not fit under `drift`
 * @throws OutputValidationError when validation is strict
 */
export function checkData(
  tool: AnyTool,
  { facts, client, validate: mode }: CallSettings,
  answer: ResponseEnvelope<unknown>,
): ResponseEnvelope<unknown> {
  const drift = mode.output === "off" ? [] : validate(tool.output, answer.data, false);
  if (drift.length === 0) return answer;
  if (mode.output === "strict") {
    const remedy = 'it ran; set validate: { output: "warn" } to accept it';
    const details = { ...facts, ...answer, drift: undefined, issues: drift };
    throw new ToolbindCallError("TB5011", ["gave unexpected data", listIssues(drift), remedy], details);
  }
  const { reported, options } = client;
  if (reported.size > MAX_REMEMBERED) reported.clear();
  const issues = drift.filter(({ pointer }) => {
    const place = `${facts.toolSlug}@${facts.version}${pointer.replace(/\/\d+(?=\/|$)/g, "/0")}`;
    return !reported.has(place) && reported.add(place);
  });
  if (issues.length > 0) {
    (async () => options.onDrift?.({ slug: facts.toolSlug, version: facts.version, issues }))().catch(() => {});
  }
  return { ...answer, drift };
}
