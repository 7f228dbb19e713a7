import type { ErrorCode } from "../errors.js";

/** A fault at a place in a schema. The reader of the schema adds the source. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
  readonly code: ErrorCode;
  readonly pointer: string;
  readonly expected: string;
  readonly received: string;
  side: "input" | "output" = "input";
  /** URI of the resource that the pointer leads into; undefined for the document that was read first. */
  resource: string | undefined = undefined;

  constructor(code: ErrorCode, pointer: string, expected: string, received: string) {
    super(`expected ${expected}, received ${received} at ${pointer}`);
    this.code = code;
    this.pointer = pointer;
    this.expected = expected;
    this.received = received;
  }

  /** Adds which of a tool's two schemas it is in. */
  on(side: "input" | "output"): this {
    this.side = side;
    return this;
  }
}
