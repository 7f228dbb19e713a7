// multipart/form-data (RFC 7578). Written here rather than by FormData, which gives every part with a media type a
// file name.
import { type Binary, isBinary } from "../values.js";
import { blobOf, type Body, nameBytes } from "./bytes.js";
import { encodeForm } from "./encode.js";
import { isJsonType } from "./media.js";
import { described } from "./plan.js";
import type { Encoding } from "./route.js";
import { explodes, formParts, headerText, holdsBytes, joined, jsonOf, Unwritable } from "./serialize.js";
import { pairsOf } from "./pairs.js";
import { withArg } from "./url.js";

interface Part {
  readonly name?: string;
  readonly filename?: string;
  readonly type?: string | undefined;
  /** Header lines other than those with its name and its type. */
  readonly headers?: string;
  readonly content: string | Binary;
}

/**
 * Writes the properties of an object as parts, and the items of an array each as a part of its own.
 * @throws Unwritable for a value without properties, and for a part that its media type cannot hold
 */
export function multipart(
  value: unknown,
  type: string,
  encoding: Readonly<Record<string, Encoding>>,
  args: Readonly<Record<string, unknown>>,
): Body {
  if (typeof value !== "object" || value === null || value instanceof FormData)
    throw new Unwritable("is not an object");
  const parts = Array.isArray(value)
    ? value.map((item) => partOf(undefined, item))
    : Object.entries(value).flatMap(([name, inner]) => {
        const own = Object.hasOwn(encoding, name) ? encoding[name] : undefined;
        const headers = headersOf(own, args);
        return partsOf(name, inner, own).map((part) => (headers ? { ...part, headers } : part));
      });
  const random = crypto.getRandomValues(new Uint8Array(18));
  const boundary = `toolbind-${Array.from(random, (byte) => byte.toString(36).padStart(2, "0")).join("")}`;
  const chunks = parts.flatMap((part) => [`--${boundary}\r\n${headOf(part)}\r\n`, part.content, "\r\n"]);
  chunks.push(`--${boundary}--\r\n`);
  const streamed = chunks.some((chunk) => chunk instanceof ReadableStream);
  return {
    content: streamed ? streamOf(chunks) : blobOf(...(chunks as string[])),
    type: `${type.split(";")[0]!.trim()}; boundary=${boundary}`,
    shown: chunks.map((chunk) => (isBinary(chunk) ? nameBytes(chunk) : chunk)).join(""),
  };
}

function partsOf(name: string, value: unknown, encoding: Encoding = {}): Part[] {
  const { contentType, style, explode } = encoding;
  if (value === undefined || value === null) return [];
  // Bytes have no style, whatever the description says.
  if ((style !== undefined || explode !== undefined) && !holdsBytes(value)) {
    const written = style ?? "form";
    const writing = { name, style: written, explode: explode ?? explodes(written), encode: encodeForm };
    const pairs = pairsOf(formParts(joined(value, encoding.inner), writing).join("&"));
    return pairs.map(([path, content]) => ({ name: path, content }));
  }
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((item) => item !== undefined).map((item) => partOf(name, item, contentType));
}

/** Header lines of a part, for those of its headers that are given. */
function headersOf({ headers = [] }: Encoding = {}, args: Readonly<Record<string, unknown>>): string {
  const lines = headers.map(described).map((each) =>
    withArg(each.arg, () => {
      const text = headerText(Object.hasOwn(args, each.arg) ? args[each.arg] : undefined, each);
      if (text === undefined) return "";
      if (!/^[\t\x20-\x7e]*$/.test(text)) throw new Unwritable("contains characters that a header cannot hold");
      return `${each.name ?? each.arg}: ${text}\r\n`;
    }),
  );
  return lines.join("");
}

function partOf(name: string | undefined, value: unknown, contentType?: string): Part {
  const named = name === undefined ? {} : { name };
  if (isBinary(value)) {
    const { name: filename = name } = value as { readonly name?: string };
    return { ...named, ...(filename !== undefined && { filename }), type: typeOf(value, contentType), content: value };
  }
  const type = contentType?.includes("*") ? undefined : contentType?.split(",")[0]?.trim();
  if (typeof value !== "object") return { ...named, type, content: String(value) };
  if (type !== undefined && !isJsonType(type)) throw new Unwritable(`cannot be written as ${type}`);
  return { ...named, type: type ?? "application/json", content: jsonOf(value) };
}

/** The media type of bytes: their own if the description allows it, else the first that it lists. */
function typeOf(value: Binary, allowed = "*/*"): string {
  const own = value instanceof Blob ? value.type : "";
  const types = allowed.split(",").map((each) => each.trim());
  const fits = types.some((each) => each === own || each === "*/*" || each === own.replace(/\/.*/, "/*"));
  if (own && fits) return own;
  return types.find((each) => !each.includes("*")) ?? (own || "application/octet-stream");
}

function headOf({ name, filename, type, headers = "" }: Part): string {
  const disposition =
    name === undefined ? "" : `Content-Disposition: form-data; name="${quoted(name)}"` + filenameOf(filename) + "\r\n";
  return disposition + (type === undefined ? "" : `Content-Type: ${type.replace(/[^\x20-\x7e]/g, "")}\r\n`) + headers;
}

function filenameOf(filename: string | undefined): string {
  return filename === undefined ? "" : `; filename="${quoted(filename)}"`;
}

/** As browsers do. */
function quoted(text: string): string {
  return text.replace(/["\r\n]/g, encodeURIComponent);
}

/** Joins streams into one; each is read when its turn comes. */
function streamOf(chunks: readonly (string | Binary)[]): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const write = async (): Promise<void> => {
    for (const chunk of chunks) {
      const stream = chunk instanceof ReadableStream ? chunk : blobOf(chunk).stream();
      await stream.pipeTo(writable as never, { preventClose: true });
    }
    await writable.close();
  };
  // A part that fails fails the stream, and its reader gets the error. Those whose turn did not come are let go of.
  write().catch((error: unknown) => {
    for (const chunk of chunks) if (chunk instanceof ReadableStream) chunk.cancel(error).catch(() => {});
  });
  return readable as ReadableStream<Uint8Array>;
}
