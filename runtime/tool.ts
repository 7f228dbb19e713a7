import type { Schema } from "./schema/accepts.js";
import { call } from "./call.js";
import type { ToolSchema } from "./tool-schema.js";
import type { AnyTool, CallOptions, Executor, ResponseEnvelope, SafeResult, ToolFacts, ToolHints } from "./types.js";
import { buildSchema } from "./validation.js";

/** The facts that define a tool, besides its slug; the two schemas are built on first use. */
export interface ToolDefinition {
  readonly toolkit: string;
  /** The toolkit version every call is pinned to; null when the catalogue gave none. */
  readonly version: string | null;
  readonly description: string;
  readonly tags?: readonly string[];
  readonly hints?: ToolHints;
  readonly scopes?: readonly string[];
  readonly deprecated?: boolean;
  /** The tool runs without a connected account. */
  readonly noAuth?: boolean;
  /** Carries out its calls. Default: the platform. */
  readonly executor?: () => Executor;
  readonly input: () => Schema;
  readonly output: () => Schema;
}

/**
 * One tool: a function from arguments to typed data.
 * It throws a {@link ToolbindCallError} of the matching class, and sends one request per attempt.
 */
export interface Tool<Input, Output> extends ToolFacts {
  (args: Input, options?: CallOptions): Promise<Output>;
  /** Like the call itself, but a failed call resolves to `{ successful: false, error }`. */
  safe(args: Input, options?: CallOptions): Promise<SafeResult<Output>>;
  /** Like the call itself, with what came besides the data: log id, request id, status, headers, duration. */
  withResponse(args: Input, options?: CallOptions): Promise<ResponseEnvelope<Output>>;
  /** Lets the platform derive the arguments from a description in natural language. */
  fromText(text: string, options?: CallOptions): Promise<Output>;
  readonly input: ToolSchema<Input>;
  readonly output: ToolSchema<Output>;
}

/** A tool without required arguments. */
export interface ToolWithOptionalArgs<Input, Output> extends Tool<Input, Output> {
  (args?: Input, options?: CallOptions): Promise<Output>;
  safe(args?: Input, options?: CallOptions): Promise<SafeResult<Output>>;
  withResponse(args?: Input, options?: CallOptions): Promise<ResponseEnvelope<Output>>;
}

interface Self extends AnyTool {
  readonly definition: ToolDefinition;
}

/** Defaults of the facts that a definition may leave out. */
const ABSENT = {
  toolkit: null,
  version: null,
  description: null,
  tags: [],
  hints: {},
  scopes: [],
  deprecated: false,
  noAuth: false,
  executor: null,
};

/** What all tools share, so that defining one costs only an object. */
const prototype: object = /*#__PURE__*/ createPrototype();

function createPrototype(): object {
  const properties: PropertyDescriptorMap = {
    safe: {
      value(this: Self, args: unknown, options?: CallOptions): Promise<SafeResult<unknown>> {
        return call(this, { arguments: args }, options).then(
          (response) => ({ successful: true, ...response }),
          (error: unknown) => ({ successful: false, error: error as never }),
        );
      },
    },
    withResponse: {
      value(this: Self, args: unknown, options?: CallOptions): Promise<ResponseEnvelope<unknown>> {
        return call(this, { arguments: args }, options);
      },
    },
    fromText: {
      value(this: Self, text: string, options?: CallOptions): Promise<unknown> {
        return call(this, { text }, options).then(({ data }) => data);
      },
    },
  };
  for (const fact of Object.keys(ABSENT) as (keyof typeof ABSENT)[]) {
    properties[fact] = {
      get(this: Self): unknown {
        return this.definition[fact] ?? ABSENT[fact];
      },
    };
  }
  for (const side of ["input", "output"] as const) {
    properties[side] = {
      get(this: Self): unknown {
        const value = buildSchema(this.definition[side]);
        Object.defineProperty(this, side, { value, enumerable: true });
        return value;
      },
    };
  }
  return Object.create(Function.prototype, properties) as object;
}

/**
 * Makes a tool of the type `T`, {@link Tool} or {@link ToolWithOptionalArgs}; passed as a whole, since a compiler accepts a type
 * by name without looking into it. The emitted code calls this; users need not.
 * @param define asked for the rest of the facts on their first use, so that importing a toolkit costs little however
 *   many tools it has. V8 skims the body of a `function` until it runs, which it does not do with an arrow function's.
 */
export function defineTool<T>(slug: string, define: () => ToolDefinition): T {
  let definition: ToolDefinition | undefined;
  const tool = (args: unknown, options?: CallOptions): Promise<unknown> =>
    call(tool as unknown as AnyTool, { arguments: args }, options).then((response) => response.data);
  Object.defineProperties(tool, {
    slug: { value: slug, enumerable: true },
    definition: { get: () => (definition ??= define()) },
  });
  return Object.setPrototypeOf(tool, prototype) as T;
}
