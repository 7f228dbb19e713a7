import type { DialectName } from "../catalogue/types.js";

/** What sets one dialect of JSON Schema apart from the others. */
export interface Dialect {
  readonly name: DialectName;
  /** The keyword that names a schema resource. */
  readonly id: "id" | "$id";
  /** Whether keywords beside `$ref` count; otherwise only `$ref` does. */
  readonly refSiblings: boolean;
  /** The keyword that allows null in addition to the other keywords. */
  readonly nullable: "nullable" | "x-nullable" | undefined;
  /** A member may declare itself required: `required: true`, as in draft 3. */
  readonly booleanRequired: boolean;
  /** `exclusiveMinimum: true` modifies `minimum`: always, or beside numbers that are limits of their own. */
  readonly booleanExclusive: boolean | "also";
  /** An array under `items` is a tuple. */
  readonly itemsTuple: boolean;
  readonly keywords: ReadonlySet<string>;
  /** Matching items of `contains` count as evaluated. */
  readonly containsMarks: boolean;
}

const draft4 =
  "type enum minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format items additionalItems minItems maxItems uniqueItems properties required patternProperties additionalProperties minProperties maxProperties dependencies allOf anyOf oneOf not $ref definitions";
const draft6 = `${draft4} const contains propertyNames`;
const draft7 = `${draft6} if then else`;
// Later drafts split `dependencies` in two and let it stand; a schema that has it still means it.
const draft2019 = `${draft7} minContains maxContains dependentRequired dependentSchemas unevaluatedItems unevaluatedProperties $defs $anchor $recursiveRef $recursiveAnchor`;
const draft2020 = `${draft2019} prefixItems $dynamicRef $dynamicAnchor`
  .replace(" additionalItems", "")
  .replace(" $recursiveRef $recursiveAnchor", "");
const openapi3 = `${draft7} prefixItems`;

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

const base = {
  id: "$id",
  refSiblings: true,
  nullable: undefined,
  booleanRequired: false,
  booleanExclusive: false,
  itemsTuple: true,
  containsMarks: false,
} as const;

const modern = {
  ...base,
  name: "2020-12",
  itemsTuple: false,
  containsMarks: true,
  keywords: words(draft2020),
} as const;

// Descriptions often hold keywords of another edition of OpenAPI or JSON Schema. Where their own edition does not know
// them, or not in this form, they can mean nothing else than in that one.
const leftOver = { booleanRequired: true, booleanExclusive: "also" } as const;

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  platform: {
    ...base,
    ...leftOver,
    name: "platform",
    nullable: "nullable",
    keywords: words(`${draft7} $defs`),
  },
  draft4: { ...base, name: "draft4", id: "id", refSiblings: false, booleanExclusive: true, keywords: words(draft4) },
  draft6: { ...base, name: "draft6", refSiblings: false, keywords: words(draft6) },
  draft7: { ...base, name: "draft7", refSiblings: false, keywords: words(draft7) },
  "2019-09": { ...base, name: "2019-09", keywords: words(draft2019) },
  "2020-12": modern,
  "openapi-2.0": {
    ...base,
    ...leftOver,
    name: "openapi-2.0",
    refSiblings: false,
    nullable: "x-nullable",
    keywords: words(openapi3),
  },
  "openapi-3.0": {
    ...base,
    ...leftOver,
    name: "openapi-3.0",
    refSiblings: false,
    nullable: "nullable",
    keywords: words(openapi3),
  },
  "openapi-3.1": {
    ...modern,
    ...leftOver,
    name: "openapi-3.1",
    nullable: "nullable",
    itemsTuple: true,
    keywords: words(`${draft2020} additionalItems`),
  },
};

const byUri: ReadonlyMap<string, DialectName> = new Map([
  ["http://json-schema.org/draft-04/schema", "draft4"],
  ["http://json-schema.org/draft-06/schema", "draft6"],
  ["http://json-schema.org/draft-07/schema", "draft7"],
  ["https://json-schema.org/draft/2019-09/schema", "2019-09"],
  ["https://json-schema.org/draft/2020-12/schema", "2020-12"],
]);

/** The dialect of a `$schema`; undefined if it is not a published draft. */
export function dialectOfUri(uri: string): Dialect | undefined {
  const name = byUri.get(
    uri.replace(/#$/, "").replace(/^https:\/\/json-schema\.org\/draft-0/, "http://json-schema.org/draft-0"),
  );
  return name === undefined ? undefined : DIALECTS[name];
}

/** Keywords that JSON Schema's validation vocabulary brings; a dialect without it has none of them. */
export const VALIDATION_VOCABULARY: ReadonlySet<string> = words(
  "type enum const minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern minItems maxItems uniqueItems minContains maxContains required minProperties maxProperties dependentRequired",
);

/** Keywords whose value is one schema, a list of schemas, or schemas by name. */
export const SUBSCHEMAS: Readonly<Record<string, "one" | "list" | "map" | "one-or-list">> = {
  additionalItems: "one",
  additionalProperties: "one",
  allOf: "list",
  anyOf: "list",
  contains: "one",
  definitions: "map",
  $defs: "map",
  dependencies: "map",
  dependentSchemas: "map",
  else: "one",
  if: "one",
  items: "one-or-list",
  not: "one",
  oneOf: "list",
  patternProperties: "map",
  prefixItems: "list",
  properties: "map",
  propertyNames: "one",
  then: "one",
  unevaluatedItems: "one",
  unevaluatedProperties: "one",
};
