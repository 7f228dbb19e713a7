import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, type Json, type JsonObject } from "./json.js";
import { rebuildSchema } from "./rebuild-schema.js";

/** Folder of real catalogues and test suites that are too large, or not ours, to be in the repository. */
const CORPUS = process.env["TOOLBIND_CORPUS"] ?? "";

/** For `describe.skipIf`: tests on real data need the environment variable TOOLBIND_CORPUS. */
export const noCorpus = CORPUS === "";

export function corpusPath(...path: readonly string[]): string {
  return join(CORPUS, ...path);
}

export function readCorpus(...path: readonly string[]): Json {
  return JSON.parse(readFileSync(corpusPath(...path), "utf8")) as Json;
}

/** One tool of the platform's listings, with its two schemas under the names of today. */
export interface CorpusTool extends JsonObject {
  readonly slug: string;
  readonly input_parameters: JsonObject;
  readonly output_parameters: JsonObject;
}

/** The 930 tools of one listing. */
export function readListedTools(): CorpusTool[] {
  return readCorpus("composio", "tools.json") as unknown as CorpusTool[];
}

/** Tools that came from elsewhere: richer schemas, with `$ref`, `oneOf` and `const`. */
export function readOtherTools(): CorpusTool[] {
  const meta = readCorpus("composio", "meta-tools.json") as readonly JsonObject[];
  const renamed = meta.map(({ inputParameters, responseSchema, ...tool }) => {
    return { ...tool, input_parameters: inputParameters, output_parameters: responseSchema };
  });
  return [...renamed, readCorpus("composio", "tool.notion-append-text-blocks.json")] as unknown as CorpusTool[];
}

/** Each trigger type as a tool that takes the trigger's configuration and returns its payload. */
export function readTriggersAsTools(): CorpusTool[] {
  const triggers = readCorpus("composio", "trigger-types.json") as unknown as {
    slug: string;
    config?: JsonObject;
    payload?: JsonObject;
  }[];
  return triggers.map(({ slug, config = {}, payload = {} }) => {
    return {
      slug: `TRIGGERS_${slug}`,
      toolkit: { slug: "triggers" },
      input_parameters: config,
      output_parameters: payload,
    };
  });
}

/** The schema of `data` in an answer's envelope, with the definitions of the envelope in reach. */
export function dataSchema(output: JsonObject): Json {
  const properties = isObject(output["properties"]) ? output["properties"] : {};
  if (properties["data"] === undefined || !("successful" in properties || "successfull" in properties)) return output;
  const definitions = ["$defs", "definitions"].filter((key) => output[key] !== undefined);
  if (!isObject(properties["data"])) return properties["data"];
  return { ...properties["data"], ...Object.fromEntries(definitions.map((key) => [key, output[key] as Json])) };
}

/** The platform's `nullable: true` in words of JSON Schema: null is accepted beside whatever else is said. */
export function withoutNullable(schema: Json): Json {
  return rebuildSchema(schema, ({ nullable, ...rest }) => {
    if (nullable === undefined) return rest;
    return nullable === true ? { anyOf: [rest, { type: "null" }] } : rest;
  });
}
