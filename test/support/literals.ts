import { typeCheck, type Compiler } from "./compilers.js";
import type { TestFolder } from "./generated.js";
import { isObject, type Json, type JsonObject } from "./json.js";
import { withoutNullable } from "./corpus.js";
import { rebuildSchema } from "./rebuild-schema.js";

/** A value as TypeScript source. */
export function literal(value: Json): string {
  return JSON.stringify(value).replaceAll('"__proto__":', '["__proto__"]:');
}

export function hasInheritedKey(value: Json): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key in Object.prototype || hasInheritedKey(inner as Json));
}

export interface Assignment {
  readonly slug: string;
  readonly side: "input" | "output";
  readonly value: Json;
  /** The compiler should take it. */
  readonly compiles: boolean;
}

export interface WrongAssignment extends Assignment {
  readonly error: string;
}

/** Assigns each value to its tool's type, in one run of the compiler; the ones that it judges otherwise than it should. */
export async function wrongAssignments(
  folder: TestFolder,
  compiler: Compiler,
  out: string,
  assignments: readonly Assignment[],
): Promise<WrongAssignment[]> {
  const lines = assignments.map(({ slug, side, value }, index) => {
    return `export const v${index}: ToolMap["${slug}"]["${side}"] = ${literal(value)};`;
  });
  const file = `${out}.literals.ts`;
  folder.write(file, `import type { ToolMap } from "./${out}/tool-map.js";\n${lines.join("\n")}\n`);
  const options = {
    strict: true,
    noEmit: true,
    module: "nodenext",
    target: "es2022",
    lib: ["es2023", "dom"],
    types: [],
    skipLibCheck: true,
  };
  const errors = new Map<number, string>();
  for (const error of await typeCheck(folder, compiler, [file], options)) {
    if (error.file === file) errors.set(error.line - 2, error.message);
  }
  return assignments.flatMap((assignment, index) => {
    const error = errors.get(index);
    return (error === undefined) === assignment.compiles ? [] : [{ ...assignment, error: error ?? "none" }];
  });
}

const KEPT = new Set(
  "$ref $defs definitions type enum const properties required additionalProperties items prefixItems anyOf oneOf allOf".split(
    " ",
  ),
);

/**
 * What of a schema a literal is held against by the compiler: no limits and patterns, integers as numbers, and objects
 * that name their properties closed unless they say otherwise, as are arguments of which the list is empty.
 */
export function typeVisible(schema: Json, side: "input" | "output"): Json {
  const visible = rebuildSchema(withoutNullable(schema), (inner) => {
    const kept = Object.fromEntries(Object.entries(inner).filter(([keyword]) => KEPT.has(keyword)));
    if (kept["type"] === "integer") kept["type"] = "number";
    return isClosedToTypes(kept) ? { ...kept, additionalProperties: false } : kept;
  });
  const isEmptyList = side === "input" && isObject(visible) && isObject(visible["properties"]);
  return isEmptyList ? { additionalProperties: false, ...visible } : visible;
}

function isClosedToTypes(schema: JsonObject): boolean {
  const { properties, additionalProperties } = schema;
  return additionalProperties === undefined && isObject(properties) && Object.keys(properties).length > 0;
}
