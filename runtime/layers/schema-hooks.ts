// Descriptions of tools for a model, and hooks that change them. The JSON Schemas come from the toolkit's `schemas.ts`, so that
// a program that does not use them does not carry them.
import { misconfigured, ToolbindCallError } from "../errors.js";
import { guarded, isNamed, type MaybePromise, type Scope, type Typed, type Untyped, within } from "./hooks.js";
import { nearest } from "../nearest.js";
import { standingAlone } from "./model-schema.js";
import type { Middleware, ToolFacts } from "../types.js";

type Json = Readonly<Record<string, unknown>>;

/** JSON Schema of a tool's arguments, in the form that model SDKs and MCP accept. */
export interface ArgumentsSchema<Input> {
  readonly type: "object";
  readonly properties?: string extends keyof Input
    ? { readonly [name: string]: object }
    : { readonly [Key in keyof Input]?: object };
  readonly required?: (keyof Input & string)[];
  readonly [keyword: string]: unknown;
}

/** A tool as described to a model. */
export interface ToolDescription<Input = Json, Slug extends string = string> {
  readonly slug: Slug;
  readonly toolkit: string;
  readonly description: string;
  readonly arguments: ArgumentsSchema<Input>;
}

/** Changes the description of a tool for a model. */
export type SchemaHook = (tool: ToolDescription) => Promise<ToolDescription>;

/** Arguments that the program sets instead of the model. */
export interface Preset {
  /** Hides them from the model. */
  readonly schema: SchemaHook;
  /** Fills them in when the tool is called, whatever the model passed. */
  readonly call: Middleware;
}

/** The hooks that change schemas, typed for the slugs in their scope. */
export interface SchemaHooks<M> {
  /** Runs when a tool is described; what it returns, unless undefined, replaces the description. */
  onSchema<Slug extends keyof M & string>(
    scope: { readonly tools: readonly Slug[] },
    hook: (
      tool: ToolDescription<Typed<M, Slug, "input">>,
    ) => MaybePromise<Partial<ToolDescription<Typed<M, Slug, "input">>> | void>,
  ): SchemaHook;
  onSchema(scope: Untyped, hook: (tool: ToolDescription) => MaybePromise<Partial<ToolDescription> | void>): SchemaHook;
  /** Sets arguments instead of the model. */
  preset<Slug extends keyof M & string>(
    scope: { readonly tools: readonly Slug[] },
    values: Partial<Typed<M, Slug, "input">>,
  ): Preset;
  preset(scope: Untyped, values: Json): Preset;
}

/** The hooks typed by slug: `schemaHooksOf<ToolMap>().preset({ tools: ["GITHUB_CREATE_AN_ISSUE"] }, { owner: "acme" })`. */
export function schemaHooksOf<M>(): SchemaHooks<M> {
  return { onSchema, preset } as unknown as SchemaHooks<M>;
}

export interface DescribeOptions<Slug extends string = string> extends Scope<Slug> {
  /** Run in order, each on the result of the one before. */
  readonly hooks?: readonly SchemaHook[] | undefined;
}

/**
 * Describes the tools of a toolkit, or those in the scope, for a model. Given the emitted `ToolMap`
 * (`describeTools<ToolMap>(…)`), the slugs in the scope and in the result are typed.
 * @param toolkit what it exports (`import * as github …`)
 * @param schemas what its `schemas.ts` exports
 * @throws ConfigurationError where a tool has no schema there, UnknownToolError for a slug of the toolkit that it does not
 *   have (those of other toolkits are skipped), HookError where a hook throws
 */
export async function describeTools<M = Json>(
  toolkit: object,
  schemas: object,
  { hooks = [], ...scope }: DescribeOptions<keyof M & string> = {},
): Promise<ToolDescription<Json, keyof M & string>[]> {
  // A kept old name is an alias of the same tool, and has no schema.
  const found = new Map<ToolFacts, unknown>();
  const owners = new Map<string, string>();
  for (const [name, tool] of Object.entries(toolkit) as [string, ToolFacts][]) {
    if (typeof (tool as unknown) !== "function" || !("slug" in tool)) continue;
    owners.set(tool.slug, tool.toolkit);
    if (isNamed(scope, tool)) found.set(tool, (schemas as Json)[`${name}InputSchema`] ?? found.get(tool));
  }
  for (const slug of scope.tools ?? []) checkSlug(slug, owners);
  const described = [...found].map(([{ slug, toolkit: own, description }, schema]) => {
    if (schema === undefined) throw misconfigured(`there is no schema for ${slug}`, "pass its toolkit's schemas.ts");
    // `true` and `false` are schemas too, and others lack a type, but no model accepts them.
    const args: ToolDescription["arguments"] = standingAlone({ ...(schema as object), type: "object" });
    const given = { slug, toolkit: own, description, arguments: args };
    return hooks.reduce<Promise<ToolDescription>>((told, hook) => told.then(hook), Promise.resolve(given));
  });
  return Promise.all(described) as Promise<ToolDescription<Json, keyof M & string>[]>;
}

/** A slug that begins with a toolkit's name is meant for that toolkit: an unknown one must not be skipped silently. */
function checkSlug(slug: string, owners: ReadonlyMap<string, string>): void {
  if (owners.has(slug)) return;
  const isOf = (toolkit: string): boolean => slug.startsWith(`${toolkit.toUpperCase().replace(/\W/g, "_")}_`);
  const owner = [...owners.values()].find(isOf);
  if (owner === undefined) return;
  const near = nearest(slug, owners.keys());
  const text = ["is unknown", `${owner} has no tool of this slug`, near ? `name ${near}` : "leave it out"] as const;
  throw new ToolbindCallError("TB5005", text, { toolSlug: slug });
}

function onSchema(
  scope: Scope,
  hook: (tool: ToolDescription) => MaybePromise<Partial<ToolDescription> | void>,
): SchemaHook {
  return async (tool) => {
    if (!isNamed(scope, tool)) return tool;
    return { ...tool, ...(await guarded({ tool }, () => hook(tool))) };
  };
}

function preset(scope: Scope, values: Json): Preset {
  const isLeft = (key: string): boolean => !Object.hasOwn(values, key);
  return {
    schema: onSchema(scope, ({ arguments: { properties, required = [], ...rest } }) => {
      const left = properties && Object.fromEntries(Object.entries(properties).filter(([key]) => isLeft(key)));
      const needed = required.filter(isLeft);
      return {
        arguments: standingAlone({
          ...rest,
          ...(left && { properties: left }),
          ...(needed.length > 0 && { required: needed }),
        }),
      };
    }),
    call: within(scope, (call, next) => {
      if (!("arguments" in call.body)) return next(call);
      return next({ ...call, body: { arguments: { ...(call.body.arguments as object), ...values } } });
    }),
  };
}
