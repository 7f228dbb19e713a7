// Bodies of requests, by their media type.
import { type Binary, isBinary } from "../values.js";
import { blobOf, type Body, nameBytes } from "./bytes.js";
import { bare, isJsonType, isLinesType, isTextType } from "./media.js";
import { multipart } from "./multipart.js";
import type { RequestBody } from "./route.js";
import { encodeFields, holdsBytes, jsonOf, Unwritable } from "./serialize.js";

/**
 * Writes a body.
 * @param args contains the values of the headers of parts
 * @throws Unwritable for a value that the media type cannot hold
 */
export function encodeBody(value: unknown, body: RequestBody, args: Readonly<Record<string, unknown>>): Body {
  const { type, others, encoding = {} } = body.files && holdsBytes(value) ? body.files : body;
  if (isJsonType(type)) return isBinary(value) ? bytes(value, type) : text(jsonOf(value), type);
  if (/^multipart\//i.test(type)) {
    if (!isBinary(value) && typeof value !== "string") return multipart(value, type, encoding, args);
    const whole = [value instanceof Blob ? value.type : "", type].find((each) => /^multipart\/.+boundary=/i.test(each));
    if (whole === undefined) throw new Unwritable(`cannot be written as ${type}; pass its parts as an object`);
    return isBinary(value) ? bytes(value, whole) : text(value, whole);
  }
  if (isBinary(value)) return bytes(value, type, others);
  if (/^application\/x-www-form-urlencoded\b/i.test(type) && typeof value !== "string") {
    return text(encodeFields(value, encoding), type);
  }
  if (isLinesType(type) && Array.isArray(value)) return text(value.map((line) => `${jsonOf(line)}\n`).join(""), type);
  if (typeof value !== "object") return text(String(value), type.includes("*") ? "text/plain" : type);
  if (type.includes("*")) return text(jsonOf(value), "application/json");
  throw new Unwritable(`cannot be written as ${type}; pass it as text or bytes`);
}

function text(content: string, type: string): Body {
  return { content, type, shown: content };
}

function bytes(value: Binary, type: string, others: readonly string[] = []): Body {
  const own = value instanceof Blob ? value.type : "";
  const sent = type.includes("*") ? own || "application/octet-stream" : typeAmong([type, ...others], own);
  const content = value instanceof ReadableStream || value instanceof Blob ? value : blobOf(value);
  return { content, type: sent, shown: nameBytes(value) };
}

/** The body's own type if it is allowed, else the first that is not text. */
function typeAmong(types: readonly string[], own: string): string {
  if (types.some((type) => bare(type) === bare(own))) return own;
  return types.find((type) => !isTextType(type)) ?? types[0]!;
}
