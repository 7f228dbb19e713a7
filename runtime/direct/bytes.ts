import type { Binary } from "../values.js";

/** A body as it is sent. */
export interface Body {
  /** A stream can be sent once. */
  readonly content: string | Blob | ReadableStream<Uint8Array>;
  readonly type: string;
  /** The same for people: bytes are only named. */
  readonly shown: string;
}

export function blobOf(...parts: readonly (string | Exclude<Binary, ReadableStream>)[]): Blob {
  return new Blob(parts as never);
}

/** What stands for bytes where they are shown. */
export function nameBytes(value: Binary): string {
  if (value instanceof ReadableStream) return "(a stream)";
  return `(${value instanceof Blob ? value.size : value.byteLength} bytes)`;
}
