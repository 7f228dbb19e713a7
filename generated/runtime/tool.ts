/* eslint-disable */
// Copied by toolbind; changes are overwritten.
import { call, type CallOptions, type ResponseEnvelope, type SafeResult } from "./call.js";
import type { Executor } from "./executor.js";
import type { ToolSchema } from "./flavour.js";
import { buildSchema } from "./schema.js";
import type { Schema } from "./z.js";

/** What a tool says of its own effects; a hint that is absent is unknown. */
export interface ToolHints {
  readonly readOnly?: boolean;
  readonly destructive?: boolean;
  readonly idempotent?: boolean;
  readonly openWorld?: boolean;
}

/** The facts a tool is defined by; the two schemas are built on first use. */
export interface ToolDefinition {
  readonly slug: string;
  readonly toolkit: string;
  /** The toolkit version every call is pinned to; null when the catalogue named none. */
  readonly version: string | null;
  readonly description: string;
  readonly tags?: readonly string[];
  readonly hints?: ToolHints;
  readonly scopes?: readonly string[];
  readonly deprecated?: boolean;
  /** The tool runs without a connected account. */
  readonly noAuth?: boolean;
  /** What carries its calls out. Default: the platform. */
  readonly executor?: () => Executor;
  readonly input: () => Schema;
  readonly output: () => Schema;
}

/** What every tool carries beside its call signatures. */
export interface ToolFacts {
  readonly slug: string;
  readonly toolkit: string;
  /** The toolkit version every call is pinned to; null when the catalogue named none. */
  readonly version: string | null;
  readonly description: string;
  readonly tags: readonly string[];
  readonly hints: ToolHints;
  readonly scopes: readonly string[];
  readonly deprecated: boolean;
  /** The tool runs without a connected account. */
  readonly noAuth: boolean;
}

/**
 * One tool: a function from arguments to typed data.
 * It throws a {@link ToolbindCallError} of the class that fits, and sends one request for each attempt.
 */
export interface Tool<Input, Output> extends ToolFacts {
  (args: Input, options?: CallOptions): Promise<Output>;
  /** Like the call itself, but a failed call resolves to `{ successful: false, error }`. */
  safe(args: Input, options?: CallOptions): Promise<SafeResult<Output>>;
  /** Like the call itself, with what came beside the data: log id, request id, status, headers, duration. */
  withResponse(args: Input, options?: CallOptions): Promise<ResponseEnvelope<Output>>;
  /** Lets the platform derive the arguments from a description in natural language. */
  fromText(text: string, options?: CallOptions): Promise<Output>;
  readonly input: ToolSchema<Input>;
  readonly output: ToolSchema<Output>;
}

/** A tool none of whose arguments is required. */
export interface ToolWithOptionalArgs<Input, Output> extends Tool<Input, Output> {
  (args?: Input, options?: CallOptions): Promise<Output>;
  safe(args?: Input, options?: CallOptions): Promise<SafeResult<Output>>;
  withResponse(args?: Input, options?: CallOptions): Promise<ResponseEnvelope<Output>>;
}

/** A tool whatever its arguments and data, as the rest of the runtime sees it. */
export interface AnyTool extends ToolFacts {
  /** Absent or null where the platform carries its calls out. */
  readonly executor?: (() => Executor) | null;
  readonly input: ToolSchema<unknown>;
  readonly output: ToolSchema<unknown>;
}

interface Self extends AnyTool {
  readonly definition: ToolDefinition;
}

/** Facts that a definition may leave out, as they are then. */
const ABSENT = {
  slug: null,
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

/** What all tools share, so that defining one costs an object and no more. */
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

/** Makes a tool of its definition. The emitted code calls it; users need not. */
export function defineTool<Input, Output>(definition: ToolDefinition): ToolWithOptionalArgs<Input, Output> {
  const tool = (args: unknown, options?: CallOptions): Promise<unknown> =>
    call(tool as unknown as AnyTool, { arguments: args }, options).then((response) => response.data);
  Object.defineProperty(tool, "definition", { value: definition });
  return Object.setPrototypeOf(tool, prototype) as ToolWithOptionalArgs<Input, Output>;
}
