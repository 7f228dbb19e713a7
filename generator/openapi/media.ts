import { bare, isJsonType, isStreamType, isTextType } from "../../runtime/direct/media.js";
import { isObject } from "../text/json.js";
import type { Description } from "./document.js";
import type { Content } from "./operation.js";
import { followSchema, type At } from "./refs.js";

/** The kind of body that a media type means to a client. */
export type MediaKind = "json" | "form" | "multipart" | "text" | "stream" | "binary";

export function mediaKind(type: string): MediaKind {
  const name = bare(type);
  if (isStreamType(type)) return "stream";
  if (isJsonType(name) || name === "*/*" || name === "application/*") return "json";
  if (name === "application/x-www-form-urlencoded") return "form";
  if (name.startsWith("multipart/")) return "multipart";
  return isTextType(name) ? "text" : "binary";
}

/** Whether a body described as JSON is a file. */
export function isBytes(description: Description, schema: At | undefined): boolean {
  const value = schema && followSchema(description, schema).value;
  return isObject(value) && value["type"] === "string" && value["format"] === "binary";
}

/** Whether a body described as one JSON value is a sequence of them, as gRPC's gateway sends streams. */
export function isGatewayStream(description: Description, said: string | undefined, schema: At | undefined): boolean {
  if (/\(streaming responses\)\s*$/.test(said ?? "")) return true;
  if (!isObject(schema?.value)) return false;
  if (String(schema.value["$ref"]).startsWith("#/x-stream-definitions/")) return true;
  const { value } = followSchema(description, schema as At);
  return isObject(value) && /^Stream result of ./.test(String(value["title"])) && isObject(value["properties"]);
}

const REQUEST_ORDER: readonly MediaKind[] = ["json", "form", "multipart", "text", "stream", "binary"];
const ANSWER_ORDER: readonly MediaKind[] = ["json", "text", "binary", "stream", "form", "multipart"];

/** The media type that a client sends where it may choose: JSON, unless files have to be included. */
export function chooseRequest(contents: readonly Content[]): Content | undefined {
  return choose(contents, REQUEST_ORDER);
}

export function chooseAnswer(contents: readonly Content[]): Content | undefined {
  return choose(contents, ANSWER_ORDER);
}

function choose(contents: readonly Content[], order: readonly MediaKind[]): Content | undefined {
  // Plain JSON comes before JSON variants, and types with a schema before those without.
  const rank = ({ type, schema, items }: Content): number =>
    order.indexOf(mediaKind(type)) * 4 +
    (bare(type) === "application/json" ? 0 : 2) +
    (schema === undefined && items === undefined ? 1 : 0);
  return [...contents].sort((a, b) => rank(a) - rank(b))[0];
}

/** A media type that can be sent: ranges that take JSON stand for JSON; others leave the choice to what is sent. */
export function sendable(type: string): string {
  if (!type.includes("*")) return type;
  const kind = mediaKind(type);
  return kind === "json" ? "application/json" : kind === "multipart" ? "multipart/form-data" : type;
}
