import type { Binary } from "../values.js";

/** A body as it is sent. */
export interface Body {
  /** A stream can be sent only once. */
  readonly content: string | Blob | ReadableStream<Uint8Array>;
  readonly type: string;
  /** The same in readable form: bytes are only mentioned. */
  readonly shown: string;
}

export function blobOf(...parts: readonly (string | Exclude<Binary, ReadableStream>)[]): Blob {
  return new Blob(parts as never);
}

/** The placeholder for bytes where a body is shown. */
export function nameBytes(value: Binary): string {
  if (value instanceof ReadableStream) return "(a stream)";
  return `(${value instanceof Blob ? value.size : value.byteLength} bytes)`;
}
