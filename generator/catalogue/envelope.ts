import { isObject, type JsonObject } from "../text/json.js";
import { pointerOf, valueAt } from "../text/json-pointer.js";

const MOST_STEPS = 10;

/** The schema of the envelope that answers come in, and where it stands; undefined where a schema is of no envelope. */
export function envelopeIn(root: JsonObject): { readonly schema: JsonObject; readonly pointer: string } | undefined {
  const { schema, pointer } = spelledOut(root);
  const { properties } = schema;
  const isEnvelope =
    isObject(properties) && isSchema(properties["data"]) && ("successful" in properties || "successfull" in properties);
  return isEnvelope ? { schema, pointer } : undefined;
}

/** The location of a document's schema, where the root only refers to it, or has it as its single part. */
function spelledOut(root: JsonObject): { readonly schema: JsonObject; readonly pointer: string } {
  let schema = root;
  let pointer = "";
  for (let step = 0; step < MOST_STEPS && schema["properties"] === undefined; step++) {
    const { $ref, allOf } = schema;
    const isPart = Array.isArray(allOf) && allOf.length === 1;
    const next = isPart ? `${pointer}/allOf/0` : pointerOf($ref);
    const found = next === undefined ? undefined : valueAt(root, next);
    if (next === undefined || !isObject(found)) break;
    [schema, pointer] = [found, next];
  }
  return { schema, pointer };
}

/** Whether a value can be a JSON Schema. */
export function isSchema(value: unknown): boolean {
  return isObject(value) || typeof value === "boolean";
}
