/** An object in the sense of JSON: neither null nor an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Bytes, as arguments accept them. An answer's bytes are a Blob, or a ReadableStream where they are streamed. */
export type Binary = Blob | ArrayBuffer | Uint8Array | ReadableStream<Uint8Array>;

/** Whether a value is one of the kinds of {@link Binary}. */
export function isBinary(value: unknown): value is Binary {
  return (
    value instanceof Blob ||
    value instanceof Uint8Array ||
    value instanceof ArrayBuffer ||
    value instanceof ReadableStream
  );
}
