import { isObject, type JsonObject } from "../text/json.js";
import type { Description } from "./document.js";
import type { Content, OperationBody, OperationParameter } from "./operation.js";
import { child, DescriptionFault, follow, membersAt, objectAt, textAt, type At } from "./refs.js";

const PLACES: ReadonlySet<string> = new Set(["path", "query", "querystring", "header", "cookie"]);

export function readParameter3(description: Description, at: At<JsonObject>): OperationParameter {
  const { name, in: place, style, explode } = at.value;
  if (!PLACES.has(place as string)) {
    throw new DescriptionFault(child(at, "in"), "path, query, header or cookie", JSON.stringify(place));
  }
  const [content] = contentsOf(description, mediaTypesAt(child(at, "content")));
  const examples = at.value["examples"];
  const example = isObject(examples) ? Object.values(examples).find(isObject)?.["value"] : undefined;
  return {
    name: name as string,
    in: place as OperationParameter["in"],
    required: at.value["required"] === true || place === "path",
    deprecated: at.value["deprecated"] === true,
    description: textAt(at, "description"),
    example: at.value["example"] ?? example,
    style: typeof style === "string" ? style : undefined,
    explode: typeof explode === "boolean" ? explode : undefined,
    allowReserved: at.value["allowReserved"] === true,
    isRaw: at.value["x-ms-skip-url-encoding"] === true,
    inner: undefined,
    content: content?.type,
    schema: content === undefined ? present(child(at, "schema")) : content.schema,
  };
}

export function readBody3(description: Description, listed: At): OperationBody | undefined {
  if (listed.value === undefined) return undefined;
  const body = objectAt(follow(description, listed)) as At<JsonObject>;
  const contents = contentsOf(description, mediaTypesAt(child(body, "content")));
  if (contents.length === 0) return undefined;
  return { required: body.value["required"] === true, description: textAt(body, "description"), contents };
}

export function readResponse3(description: Description, response: At<JsonObject>): Content[] {
  const types = mediaTypesAt(child(response, "content"));
  // Elysia writes the schema of an empty answer where the media types belong.
  const isSchema = types.some(([type, { value }]) => !type.includes("/") && !isObject(value));
  return contentsOf(description, isSchema ? types.filter(([type]) => type.includes("/")) : types);
}

function mediaTypesAt(content: At): [string, At][] {
  return membersAt(content).filter(([type]) => !type.startsWith("x-") || type.includes("/"));
}

function contentsOf(description: Description, types: readonly [string, At][]): Content[] {
  return types.map(([type, listed]) => {
    const media = objectAt(follow(description, listed)) ?? { ...listed, value: {} };
    return {
      type,
      schema: present(child(media, "schema")),
      items: description.edition === "3.2" ? present(child(media, "itemSchema")) : undefined,
      encoding: objectAt(child(media, "encoding")),
    };
  });
}

function present(at: At): At | undefined {
  return at.value === undefined ? undefined : at;
}
