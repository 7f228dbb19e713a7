import { createRequire } from "node:module";
import type { Schema } from "js-yaml";

const require = createRequire(import.meta.url);

const MAX_ALIASES = 10_000;
/** A document that says which edition of YAML it is in, which decides what `yes` is. */
const DIRECTIVE = /^%YAML/m;

let schema: Schema | undefined;

/**
 * The value of the one document of a YAML text, read by a parser that is several times faster than the one which keeps
 * places. Undefined where it takes the text for faulty, or could read it otherwise: that one has the last word, and says
 * what is wrong where.
 */
export function yamlValue(text: string, maxDepth: number): unknown {
  if (DIRECTIVE.test(text)) return undefined;
  const { CORE_SCHEMA, floatCoreTag, load, mergeTag, NOT_RESOLVED } = require("js-yaml") as typeof import("js-yaml");
  schema ??= CORE_SCHEMA.withTags(mergeTag, {
    ...floatCoreTag,
    // Numbers beyond JavaScript's are to be refused, and would be text.
    resolve: (source, isExplicit, tag) => {
      const value = floatCoreTag.resolve(source, isExplicit, tag);
      return value === NOT_RESOLVED && Math.abs(Number(source)) === Infinity ? Number(source) : value;
    },
  });
  try {
    return load(text, { schema, maxDepth, maxAliases: MAX_ALIASES });
  } catch {
    return undefined;
  }
}
