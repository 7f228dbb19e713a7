import fc from "./fast-check.js";
import { ODD_KEYS } from "./instances.js";
import type { Json, JsonObject } from "./json.js";
import { rebuildSchema } from "./rebuild-schema.js";

export interface RandomDialect {
  readonly uri: string;
  readonly definitions: "$defs" | "definitions";
  /** With tuples under `prefixItems`, `dependentRequired` and its like, and keywords that count beside `$ref`. */
  readonly modern: boolean;
}

type SchemaArbitrary = fc.Arbitrary<Json>;

const keys = fc.oneof({ weight: 4, arbitrary: fc.constantFrom("a", "b", "c", "name") }, fc.constantFrom(...ODD_KEYS));
const scalars = fc.constantFrom<Json>(
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  1e20,
  "",
  "a",
  "b",
  "toString",
  "__proto__",
  "ключ",
);
const values = fc.oneof(
  { weight: 4, arbitrary: scalars },
  fc.array(scalars, { maxLength: 2 }),
  fc.array(fc.tuple(keys, scalars), { maxLength: 2 }).map((entries) => Object.fromEntries(entries)),
);
const limits = fc.integer({ min: 0, max: 3 });
const numbers = fc.constantFrom(-1.5, -1, 0, 0.5, 1, 2, 100);
const steps = fc.constantFrom(0.01, 0.1, 0.5, 1, 2, 3, 10);
const patterns = fc.constantFrom("^a", "a$", "\\d", "^.{0,3}$", "^\\p{L}+$", "[_o]");
const types = fc.constantFrom("null", "boolean", "integer", "number", "string", "array", "object");

/** Any subset of these keywords, most often a small one: about one of `share`. */
function some(keywords: Readonly<Record<string, fc.Arbitrary<Json>>>, share = 5): fc.Arbitrary<JsonObject> {
  const options = Object.entries(keywords).map(([keyword, arbitrary]) =>
    fc.oneof(
      { weight: share - 1, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: arbitrary.map((value) => [keyword, value] as const) },
    ),
  );
  return fc.tuple(...options).map((entries) => Object.fromEntries(entries.filter((entry) => entry !== undefined)));
}

class Schemas {
  readonly #dialect: RandomDialect;
  readonly #members: readonly string[];
  readonly #known = new Map<string, SchemaArbitrary>();

  /** `members`: the definitions that a member of a value may refer to, which is all. */
  constructor(dialect: RandomDialect, members: readonly string[]) {
    this.#dialect = dialect;
    this.#members = members;
  }

  /** `inPlace`: the definitions that may be referred to for the same value, so that no reference ends in itself. */
  of(depth: number, inPlace: readonly string[]): SchemaArbitrary {
    const key = `${depth} ${inPlace.length}`;
    let known = this.#known.get(key);
    if (known === undefined) this.#known.set(key, (known = this.#build(depth, inPlace)));
    return known;
  }

  #build(depth: number, inPlace: readonly string[]): SchemaArbitrary {
    const plain: fc.WeightedArbitrary<Json>[] = [
      { weight: 3, arbitrary: this.#scalar() },
      { weight: 1, arbitrary: fc.constantFrom<Json>({}, true, false) },
      { weight: 1, arbitrary: this.#values() },
    ];
    if (inPlace.length > 0) plain.push({ weight: 2, arbitrary: this.#reference(depth, inPlace) });
    if (depth === 0) return fc.oneof(...plain);
    return fc.oneof(
      ...plain,
      { weight: 5, arbitrary: fc.tuple(fc.constant({ type: "object" }), this.#object(depth, inPlace)).map(joined) },
      { weight: 2, arbitrary: fc.tuple(fc.constant({ type: "array" }), this.#array(depth)).map(joined) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(this.#types(), this.#object(depth, inPlace), this.#array(depth), this.#limits())
          .map(joined),
      },
      { weight: 4, arbitrary: fc.tuple(this.#types(), this.#combined(depth, inPlace)).map(joined) },
      { weight: 2, arbitrary: fc.tuple(this.#object(depth, inPlace), this.#combined(depth, inPlace)).map(joined) },
    );
  }

  #member(depth: number): SchemaArbitrary {
    return this.of(depth - 1, this.#members);
  }

  #reference(depth: number, inPlace: readonly string[]): SchemaArbitrary {
    const reference = fc.constantFrom(...inPlace).map((name) => ({ $ref: `#/${this.#dialect.definitions}/${name}` }));
    // Before 2019-09 `$ref` stands alone, which ajv does not keep to.
    if (!this.#dialect.modern || depth === 0) return reference;
    return fc.oneof({ weight: 3, arbitrary: reference }, fc.tuple(reference, this.#object(depth, inPlace)).map(joined));
  }

  #types(): fc.Arbitrary<JsonObject> {
    const several = fc.uniqueArray(types, { minLength: 1, maxLength: 3 });
    return fc.oneof(
      fc.constant({}),
      fc.oneof(types, several).map((type) => ({ type })),
    );
  }

  #scalar(): SchemaArbitrary {
    return fc.tuple(this.#types(), this.#limits()).map(joined);
  }

  #limits(): fc.Arbitrary<JsonObject> {
    return some({
      minimum: numbers,
      maximum: numbers,
      exclusiveMinimum: numbers,
      exclusiveMaximum: numbers,
      multipleOf: steps,
      minLength: limits,
      maxLength: limits,
      pattern: patterns,
    });
  }

  #values(): SchemaArbitrary {
    const enumeration = fc.uniqueArray(values, {
      minLength: 1,
      maxLength: 4,
      selector: (value) => JSON.stringify(value),
    });
    return fc
      .tuple(
        fc.oneof(
          enumeration.map((list) => ({ enum: list })),
          values.map((value) => ({ const: value })),
        ),
        this.#types(),
      )
      .map(joined);
  }

  #map(names: fc.Arbitrary<string>, schemas: SchemaArbitrary): fc.Arbitrary<Json> {
    const entries = fc.array(fc.tuple(names, schemas), { minLength: 1, maxLength: 4 });
    return entries.map((list) => Object.fromEntries(list));
  }

  #object(depth: number, inPlace: readonly string[]): fc.Arbitrary<JsonObject> {
    // Ajv does not miss a required key that is the empty string.
    const nonEmpty = keys.filter((key) => key !== "");
    const keyLists = fc.uniqueArray(nonEmpty, { minLength: 1, maxLength: 3 });
    const dependencies = fc.array(fc.tuple(keys, keyLists), { minLength: 1, maxLength: 2 });
    const common = some(
      {
        properties: this.#map(keys, this.#member(depth)),
        required: keyLists,
        additionalProperties: fc.oneof(fc.constantFrom<Json>(true, false), this.#member(depth)),
      },
      2,
    );
    const rare = some(
      {
        patternProperties: this.#map(patterns, this.#member(depth)),
        propertyNames: this.#member(1),
        minProperties: limits,
        maxProperties: limits,
        dependencies: dependencies.map((list) => Object.fromEntries(list)),
        ...(this.#dialect.modern && {
          dependentRequired: dependencies.map((list) => Object.fromEntries(list)),
          dependentSchemas: this.#map(keys, this.of(depth - 1, inPlace)),
        }),
      },
      8,
    );
    return fc.tuple(common, rare).map(joined);
  }

  #array(depth: number): fc.Arbitrary<JsonObject> {
    const tuples = fc.array(this.#member(depth), { minLength: 1, maxLength: 3 });
    const { modern } = this.#dialect;
    return some(
      {
        ...(modern && { prefixItems: tuples, minContains: limits, maxContains: limits }),
        ...(!modern && { additionalItems: this.#member(depth) }),
        items: modern ? this.#member(depth) : fc.oneof(this.#member(depth), tuples),
        contains: this.#member(depth),
        minItems: limits,
        maxItems: limits,
        uniqueItems: fc.constant(true),
      },
      3,
    );
  }

  #combined(depth: number, inPlace: readonly string[]): fc.Arbitrary<JsonObject> {
    const inner = this.of(depth - 1, inPlace);
    const list = fc.array(inner, { minLength: 1, maxLength: 3 });
    return some({ allOf: list, anyOf: list, oneOf: list, not: inner, if: inner, then: inner, else: inner }, 3);
  }
}

function joined(parts: readonly JsonObject[]): JsonObject {
  return Object.assign({}, ...parts) as JsonObject;
}

/** Schemas of moderate size, most of them with definitions, which may refer to themselves and to each other. */
export function randomSchemas(dialect: RandomDialect): fc.Arbitrary<JsonObject> {
  return fc.oneof(...[0, 1, 2, 3].map((count) => withDefinitions(dialect, count)));
}

function withDefinitions(dialect: RandomDialect, count: number): fc.Arbitrary<JsonObject> {
  const names = Array.from({ length: count }, (_, index) => `Def${index}`);
  const schemas = new Schemas(dialect, names);
  const definitions = fc.tuple(...names.map((_, index) => schemas.of(2, names.slice(0, index))));
  return fc.tuple(schemas.of(3, names), definitions).map(([root, list]): JsonObject => {
    const defined = Object.fromEntries(list.map((schema, index) => [`Def${index}`, schema]));
    // A boolean root has no room for `$schema`.
    const body = typeof root === "boolean" ? { allOf: [root] } : (root as JsonObject);
    const isReference = !dialect.modern && "$ref" in body;
    return { $schema: dialect.uri, ...(isReference ? { allOf: [body] } : body), [dialect.definitions]: defined };
  });
}

const ALIASES = new Map(Object.getOwnPropertyNames(Object.prototype).map((name) => [name, `${name.slice(0, -1)}X`]));

/**
 * The same schema without what ajv gets wrong. It looks at no further keyword where an array is shorter than its tuple,
 * so tuples get a subschema of their own. In a loop over members, `contains` has the verdict on the member before for an
 * empty array, so the least number of items is said once more.
 */
export function asAjvNeedsIt(schema: Json): Json {
  const explicit = rebuildSchema(schema, (inner) => {
    const { prefixItems, items, additionalItems, ...rest } = inner;
    const contains = inner["contains"] !== undefined && inner["minContains"] !== 0;
    const counted = contains ? { minItems: Math.max(1, Number(inner["minItems"] ?? 0)) } : {};
    if (prefixItems === undefined && !Array.isArray(items)) return { ...inner, ...counted };
    const tuple = Object.entries({ prefixItems, items, additionalItems }).filter(([, value]) => value !== undefined);
    const allOf = [...((rest["allOf"] ?? []) as Json[]), Object.fromEntries(tuple) as JsonObject];
    return { ...rest, ...counted, allOf };
  });
  return withoutInheritedNames(explicit);
}

/**
 * The same JSON under names that no object inherits, of equal length. Ajv leaves `__proto__` unchecked and finds
 * inherited members on a value; the verdict under other names is the one that the standard asks for.
 */
export function withoutInheritedNames(value: Json): Json {
  if (typeof value === "string") return ALIASES.get(value) ?? value;
  if (Array.isArray(value)) return value.map(withoutInheritedNames);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [ALIASES.get(key) ?? key, withoutInheritedNames(item as Json)]),
  );
}
