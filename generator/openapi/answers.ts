import { isObject } from "../text/json.js";
import { BINARY } from "../schema/node.js";
import type { Description } from "./document.js";
import { chooseAnswer, isBytes, isGatewayStream, mediaKind } from "./media.js";
import type { Content, Operation, OperationResponse } from "./operation.js";
import { followSchema, schemaIn, type At } from "./refs.js";

/** What an operation answers with. */
export interface Answers {
  /** Schema of the data of a successful answer; undefined where the description does not give one. */
  readonly schema: unknown;
  /** Where parts of `schema` and `byStatus` are in the description, by pointer to `output` or `answers`. */
  readonly origins: ReadonlyMap<string, At>;
  /** Media types to accept, the best first; undefined where no answer has a body. */
  readonly accept: readonly string[] | undefined;
  /** A success is always a file, whatever its media type. */
  readonly isBytes: boolean;
  /** A success is a stream, even if its media type does not say so. */
  readonly isStream: boolean;
  /** The schema of each answer, by status as the description writes it. */
  readonly byStatus: readonly { readonly status: string; readonly schema: unknown }[];
}

export function answersOf(description: Description, { responses, method }: Operation): Answers {
  const byStatus = responses.map((response) => {
    const content = chooseAnswer(response.contents);
    const types = acceptable(response.contents, content);
    return { status: response.status, content, types, schema: dataSchema(description, response, content, method) };
  });
  const successful = byStatus.filter(({ status }) => /^2/.test(status));
  const counting = successful.length > 0 ? successful : byStatus.filter(({ status }) => status === "default");
  const accept = [...new Set(counting.flatMap(({ types }) => types))];
  const schemas = distinct(counting.map(({ schema }) => schema));
  // From 3.0 on, a missing `content` leaves the answer open; only in 2.0 does it mean an empty one.
  const isSilent =
    description.edition !== "2.0" &&
    method !== "HEAD" &&
    counting.every(({ content }) => content === undefined) &&
    counting.some(({ status }) => status !== "204" && status !== "205");
  return {
    schema:
      isSilent || schemas.length === 0 || schemas.includes(undefined)
        ? undefined
        : schemas.length === 1
          ? schemas[0]
          : { anyOf: schemas },
    origins: new Map([
      ...counting.flatMap(({ schema, content }) => {
        const index = schemas.length > 1 ? schemas.findIndex((each) => keyOf(each) === keyOf(schema)) : undefined;
        const prefix = index === undefined ? "/output" : `/output/anyOf/${index}`;
        return content?.schema === undefined ? [] : [[prefix, content.schema] as const];
      }),
      ...byStatus.flatMap(({ content }, index) =>
        content?.schema === undefined ? [] : [[`/answers/${index}`, content.schema] as const],
      ),
    ]),
    accept: accept.length === 0 ? undefined : accept,
    isStream:
      schemas.includes(GATEWAY_STREAM) && schemas.every((schema) => schema === NOTHING || schema === GATEWAY_STREAM),
    isBytes: isEveryBytes(schemas) && counting.every(({ content }) => !isStructured(description, content?.schema)),
    byStatus: byStatus.map(({ status, schema }) => ({ status, schema })),
  };
}

/** The types to accept: just one, except for bytes, which are always a `Blob`. */
function acceptable(contents: readonly Content[], chosen: Content | undefined): readonly string[] {
  if (chosen === undefined) return [];
  const others = mediaKind(chosen.type) === "binary" ? contents.filter(({ type }) => mediaKind(type) === "binary") : [];
  return [chosen.type, ...others.map(({ type }) => type)];
}

/** What an answer without a body is. */
const NOTHING = { type: "null" };
const GATEWAY_STREAM = { [BINARY]: "stream" };

function dataSchema(
  description: Description,
  { status, description: said }: OperationResponse,
  content: Content | undefined,
  method: string,
): unknown {
  if (content === undefined) return status === "default" ? undefined : NOTHING;
  if (method === "HEAD" || status === "204" || status === "205") return NOTHING;
  const { schema } = content;
  switch (mediaKind(content.type)) {
    case "json":
      if (/^2/.test(status) && isGatewayStream(description, said, schema)) return GATEWAY_STREAM;
      if (isBytes(description, schema)) return { [BINARY]: "blob" };
      return schema === undefined ? undefined : schemaIn(description, schema);
    case "text":
    case "form":
      return { type: "string" };
    case "stream":
      return { [BINARY]: "stream" };
    case "binary":
    case "multipart":
      return { [BINARY]: "blob" };
  }
}

/** Whether a schema cannot describe a file, so that the media type is doubtful. */
function isStructured(description: Description, schema: At | undefined): boolean {
  const value = schema && followSchema(description, schema).value;
  return isObject(value) && ["type", "properties", "items"].some((key) => key in value) && value["type"] !== "string";
}

function isEveryBytes(schemas: readonly unknown[]): boolean {
  const some = schemas.filter((schema) => schema !== NOTHING);
  const isBlob = (schema: unknown): boolean =>
    (schema as { readonly [BINARY]?: string } | undefined)?.[BINARY] === "blob";
  return some.length > 0 && some.every(isBlob);
}

function distinct(schemas: readonly unknown[]): unknown[] {
  return [...new Map(schemas.map((schema) => [keyOf(schema), schema])).values()];
}

function keyOf(schema: unknown): string {
  const binary = (schema as { readonly [BINARY]?: string } | undefined)?.[BINARY];
  return binary === undefined ? (JSON.stringify(schema) ?? "") : `${binary} bytes`;
}
