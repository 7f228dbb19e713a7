import { isObject, type JsonObject } from "../text/json.js";
import { BINARY } from "../schema/node.js";
import { mediaKind } from "./media.js";
import type { Content, OperationBody, OperationParameter } from "./operation.js";
import { child, DescriptionFault, made, textAt, type At } from "./refs.js";

/** The parts of a 2.0 parameter, header or form field that are the schema of its value. */
const SCHEMA_KEYS: ReadonlySet<string> = new Set(
  "type format items default maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems enum multipleOf x-nullable".split(
    " ",
  ),
);

const STYLES: Readonly<Record<string, string>> = {
  csv: "form",
  ssv: "spaceDelimited",
  tsv: "tabDelimited",
  pipes: "pipeDelimited",
  multi: "form",
};

/** Undefined for a part of the body. */
export function readParameter20(at: At<JsonObject>): OperationParameter | undefined {
  const { name, in: place } = at.value;
  if (place === "body" || place === "formData") return undefined;
  if (place !== "path" && place !== "query" && place !== "header") {
    throw new DescriptionFault(child(at, "in"), "path, query, header, formData or body", JSON.stringify(place));
  }
  const { style, explode, inner } = styleOf(at.value);
  return {
    name: name as string,
    in: place,
    required: at.value["required"] === true || place === "path",
    deprecated: false,
    description: textAt(at, "description"),
    example: at.value["x-example"],
    style: place !== "query" && style === "form" ? undefined : style,
    explode,
    allowReserved: false,
    isRaw: at.value["x-ms-skip-url-encoding"] === true,
    inner,
    content: undefined,
    schema: { ...at, value: schemaOf(at.value) },
  };
}

/** How an array is written out; in 2.0 it is separated by commas unless it says otherwise. */
function styleOf(raw: JsonObject): Pick<OperationParameter, "style" | "explode" | "inner"> {
  if (raw["type"] !== "array") return { style: undefined, explode: undefined, inner: undefined };
  const format = typeof raw["collectionFormat"] === "string" ? raw["collectionFormat"] : "csv";
  const inner = separatorsOf(raw["items"]);
  return {
    style: STYLES[format] ?? "form",
    explode: format === "multi",
    inner: inner.length === 0 ? undefined : inner,
  };
}

const SEPARATORS: Readonly<Record<string, string>> = { csv: ",", ssv: " ", tsv: "\t", pipes: "|" };

/** The separators of lists within a list, level by level. */
function separatorsOf(items: unknown): string[] {
  if (!isObject(items) || items["type"] !== "array") return [];
  return [SEPARATORS[String(items["collectionFormat"])] ?? ",", ...separatorsOf(items["items"])];
}

export function isSeparators(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => Object.values(SEPARATORS).includes(each as string));
}

function schemaOf(raw: JsonObject): JsonObject {
  return made(Object.fromEntries(Object.entries(raw).filter(([key]) => SCHEMA_KEYS.has(key))));
}

export function readBody20(
  root: At<JsonObject>,
  operation: At<JsonObject>,
  parameters: readonly At<JsonObject>[],
): OperationBody | undefined {
  const consumed = mediaTypes(operation, root, "consumes");
  const body = parameters.find(({ value }) => value["in"] === "body");
  if (body !== undefined) {
    const schema = child(body, "schema");
    const types = isFile(schema.value) ? typesOfFile(consumed) : consumed.length === 0 ? [JSON_TYPE] : consumed;
    const found = schema.value === undefined || isFile(schema.value) ? undefined : schema;
    return {
      required: body.value["required"] === true,
      description: textAt(body, "description"),
      contents: types.map((type) => ({ type, schema: found, items: undefined, encoding: undefined })),
    };
  }
  const fields = parameters.filter(({ value }) => value["in"] === "formData");
  return fields.length === 0 ? undefined : formOf(operation, fields, consumed);
}

const JSON_TYPE = "application/json";
const BYTES = "application/octet-stream";

/** The types of a body that is a file, which JSON and forms are not. */
function typesOfFile(types: readonly string[]): string[] {
  const fit = types.filter((type) => type.includes("*") || /^(binary|stream|text)$/.test(mediaKind(type)));
  return fit.length > 0 ? fit : [BYTES];
}

const FORM = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data";

/** Form fields as one object; a file among them needs multipart. */
function formOf(operation: At, fields: readonly At<JsonObject>[], consumed: readonly string[]): OperationBody {
  const hasFile = fields.some(({ value }) => isFile(value) || isFile(value["items"]));
  const type = hasFile || (consumed.includes(MULTIPART) && !consumed.includes(FORM)) ? MULTIPART : FORM;
  const named = fields.map((field) => [field, field.value["name"] as string] as const);
  const properties = named.map(([{ value }, name]) => [name, fieldSchema(value)] as const);
  const styled = named.filter(([{ value }]) => value["type"] === "array");
  const encoding = Object.fromEntries(styled.map(([{ value }, name]) => [name, styleOf(value)]));
  const required = named.filter(([{ value }]) => value["required"] === true).map(([, name]) => name);
  const schema = {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
  };
  const place = fields[0] as At<JsonObject>;
  return {
    required: required.length > 0,
    description: undefined,
    contents: [
      {
        type,
        schema: { ...place, value: made(schema) },
        items: undefined,
        encoding: { ...operation, value: encoding },
      },
    ],
  };
}

function fieldSchema(raw: JsonObject): JsonObject {
  const description = raw["description"] === undefined ? {} : { description: raw["description"] };
  if (isFile(raw)) return made({ [BINARY]: "bytes", ...description });
  const { items } = raw;
  return made({ ...schemaOf(raw), ...(isFile(items) && { items: made({ [BINARY]: "bytes" }) }), ...description });
}

/** NSwag also describes lists of files, which 2.0 does not have; Azure describes files as objects. */
function isFile(schema: unknown): boolean {
  if (!isObject(schema)) return false;
  return schema["type"] === "file" || (schema["type"] === "object" && schema["format"] === "file");
}

export function readResponse20(root: At<JsonObject>, operation: At<JsonObject>, response: At<JsonObject>): Content[] {
  const schema = child(response, "schema");
  if (schema.value === undefined) return [];
  const produced = mediaTypes(operation, root, "produces");
  const isBytes = isFile(schema.value);
  const types = produced.length > 0 ? produced : [isBytes ? BYTES : JSON_TYPE];
  const found = isBytes ? { ...schema, value: made({ type: "string", format: "binary" }) } : schema;
  return types.map((type) => ({ type, schema: found, items: undefined, encoding: undefined }));
}

function mediaTypes(operation: At<JsonObject>, root: At<JsonObject>, key: "consumes" | "produces"): string[] {
  const listed = child(operation, key).value ?? child(root, key).value;
  return Array.isArray(listed) ? listed.filter((type): type is string => typeof type === "string") : [];
}
