// JSON Schemas in the form that model providers accept: one that stands alone, in today's dialect.
import { isObject } from "../values.js";

type Json = Readonly<Record<string, unknown>>;

/** Where schemas keep what they refer to. */
const PLACES = ["components/schemas", "definitions", "$defs"];
const REFERENCE = new RegExp(`^#/(${PLACES.map((place) => place.replace("$", "\\$")).join("|")})/([^/]+)(.*)$`);
/** Keywords whose members are schemas, by any name. */
const BY_NAME = new Set([
  "properties",
  "patternProperties",
  "dependentSchemas",
  "dependencies",
  "$defs",
  "definitions",
]);
/** Keywords whose values are no schemas. */
const VALUES = new Set(["const", "default", "enum", "example", "examples"]);
const REFERENCES = new Set(["$ref", "$dynamicRef", "$recursiveRef"]);
/** A reference to a name that a schema gives itself, wherever it is. */
const ANCHOR = /^#[^/]/;
const LIMITS = [
  ["minimum", "exclusiveMinimum"],
  ["maximum", "exclusiveMaximum"],
] as const;

/** The same schema, with what it refers to in `$defs` and without what it does not refer to. */
export function standingAlone<Schema extends Json>(root: Schema): Schema {
  const { components, definitions, $defs, ...rest } = root;
  const sources: Json = {
    "components/schemas": isObject(components) ? components["schemas"] : undefined,
    definitions,
    $defs,
  };
  const names = new Map<string, string>();
  const found = new Map<string, unknown>();
  let anchored = false;

  const renamed = (reference: string): string => {
    const [, place = "", segment = "", inside = ""] = REFERENCE.exec(reference) ?? [];
    const source = sources[place];
    const name = unescaped(segment);
    if (!isObject(source) || !Object.hasOwn(source, name)) return reference;
    let now = names.get(`${place}/${name}`);
    if (now === undefined) {
      now = name;
      for (let count = 2; found.has(now); count++) now = `${name}_${count}`;
      names.set(`${place}/${name}`, now);
      found.set(now, source[name]);
    }
    return `#/$defs/${now === name ? segment : escaped(now)}${inside}`;
  };

  const takeAll = (): void => {
    for (const [place, source] of Object.entries(sources)) {
      if (isObject(source)) for (const name of Object.keys(source)) renamed(`#/${place}/${escaped(name)}`);
    }
  };

  const within = (schema: unknown): unknown => {
    if (Array.isArray(schema)) return schema.map(within);
    if (!isObject(schema)) return schema;
    return Object.fromEntries(
      Object.entries(limited(schema)).map(([keyword, value]) => {
        if (VALUES.has(keyword)) return [keyword, value];
        if (REFERENCES.has(keyword) && typeof value === "string") {
          if (!anchored && ANCHOR.test(value)) {
            anchored = true;
            takeAll();
          }
          return [keyword, renamed(value)];
        }
        if (keyword === "discriminator" && isObject(value)) return [keyword, discriminated(value)];
        return [keyword, BY_NAME.has(keyword) && isObject(value) ? mapped(value, within) : within(value)];
      }),
    );
  };

  const discriminated = ({ mapping, ...others }: Json): Json => ({
    ...others,
    ...(isObject(mapping) && { mapping: mapped(mapping, (to) => (typeof to === "string" ? renamed(to) : to)) }),
  });

  const alone = within(rest) as Schema;
  // The map grows meanwhile: a definition may refer to others, over many steps.
  for (const [name, schema] of found) found.set(name, within(schema));
  return found.size === 0 ? alone : { ...alone, $defs: Object.fromEntries(found) };
}

/** Draft 4 and OpenAPI 3.0 say `minimum: 1, exclusiveMinimum: true`, which is not valid today. */
function limited(schema: Json): Json {
  const now: Record<string, unknown> = { ...schema };
  for (const [limit, exclusive] of LIMITS) {
    if (typeof now[exclusive] !== "boolean") continue;
    if (now[exclusive] && typeof now[limit] === "number") {
      now[exclusive] = now[limit];
      delete now[limit];
    } else delete now[exclusive];
  }
  return now;
}

const mapped = (members: Json, change: (value: unknown) => unknown): Json =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name, change(value)]));

const escaped = (name: string): string => encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));

/** A reference is a fragment of an address first, and a pointer then. */
function unescaped(segment: string): string {
  let text = segment;
  try {
    text = decodeURIComponent(segment);
  } catch {
    // What is not encoded correctly stands for itself.
  }
  return text.replaceAll("~1", "/").replaceAll("~0", "~");
}
