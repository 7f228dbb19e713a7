import { jsonTypeOf, type SchemaNode, type TypeName } from "../schema/node.js";
import { alternativesByKey, isTold } from "./conditions.js";

// JSON types as bits. `integer` is a number to TypeScript.
export const BITS: Readonly<Record<TypeName, number>> = {
  null: 1,
  boolean: 2,
  integer: 4,
  number: 4,
  string: 8,
  array: 16,
  object: 32,
};
export const ALL = 63;

function bitsOf(types: readonly TypeName[]): number {
  return types.reduce((bits, type) => bits | BITS[type], 0);
}

/** The JSON types of the unnamed parts of a type; those that are not JSON have none. */
export function textTypes(source: string): number {
  if (source === "unknown") return ALL;
  if (source === "true" || source === "false") return BITS.boolean;
  if (source.startsWith('"')) return BITS.string;
  if (/^[-\d]/.test(source)) return BITS.number;
  return Object.hasOwn(BITS, source) ? BITS[source as TypeName] : 0;
}

/** The JSON types that schemas are seen to allow. */
export class JsonTypes {
  readonly #takesAsMeant: boolean;
  readonly #stated = new Map<SchemaNode, number>();
  readonly #meant = new Map<SchemaNode, number>();

  /**
   * @param takesAsMeant whether a schema without `type` has the types implied by what it describes, as API descriptions
   * intend it
   */
  constructor(takesAsMeant: boolean) {
    this.#takesAsMeant = takesAsMeant;
  }

  /** The JSON types that remain of those allowed. */
  of(node: SchemaNode, allowed: number): number {
    const stated = node.combines ? this.#typesStated(node) : ownTypes(node);
    if (stated !== ALL || !this.#takesAsMeant) return allowed & stated;
    return allowed & this.#typesMeant(node) || allowed;
  }

  /** The JSON types that a schema and those that apply to the same value leave; null aside, if it may be null. */
  #typesStated(node: SchemaNode): number {
    let stated = this.#stated.get(node);
    if (stated === undefined) {
      // A schema that leads back to itself does not count.
      this.#stated.set(node, ALL);
      stated = partsOf(node).reduce((bits, part) => bits & this.ofChoices([part]), ownTypes(node));
      stated = choicesOf(node).reduce((bits, options) => bits & this.ofChoices(options), stated);
      this.#stated.set(node, stated);
    }
    return stated;
  }

  /** The JSON types of what fits at least one of the schemas. */
  ofChoices(options: readonly SchemaNode[]): number {
    return options.reduce((bits, each) => bits | this.#typesStated(each) | (each.nullable ? BITS.null : 0), 0);
  }

  /** The JSON types implied by what a schema without `type` describes; 0 where it leaves that to others. */
  #typesMeant(node: SchemaNode): number {
    const stated = this.#typesStated(node);
    if (stated !== ALL) return stated;
    let meant = this.#meant.get(node);
    if (meant === undefined) {
      this.#meant.set(node, 0);
      meant = partsOf(node).reduce((bits, part) => bits | this.#typesMeant(part), typesDescribed(node));
      for (const options of choicesOf(node)) {
        const all = options.map((option) => this.#typesMeant(option));
        if (!all.includes(0)) meant = all.reduce((bits, each) => bits | each, meant);
      }
      this.#meant.set(node, meant);
    }
    return meant;
  }

  /** The JSON types of the values of a named type. */
  ofAll(node: SchemaNode): number {
    return typeof node.raw === "boolean" ? ALL : this.of(node, ALL) | (node.nullable ? BITS.null : 0);
  }
}

/** The JSON types that a schema's own keywords state. */
export function ownTypes(node: SchemaNode): number {
  if (node.raw === false) return 0;
  const values = node.const === undefined ? node.enum : [node.const.value];
  const stated = node.types === undefined ? ALL : bitsOf(node.types);
  return values === undefined ? stated : stated & bitsOf(values.map(jsonTypeOf));
}

/** The JSON types that have the members or items that a schema describes. */
function typesDescribed(node: SchemaNode): number {
  const { properties, required, patternProperties, additionalProperties, propertyNames, unevaluatedProperties } = node;
  const ofObjects = [required, patternProperties, additionalProperties, propertyNames, unevaluatedProperties];
  const ofArrays = [node.items, node.contains, node.unevaluatedItems];
  const isSaid = (keyword: unknown): boolean => keyword !== undefined;
  return (properties?.size || ofObjects.some(isSaid) ? BITS.object : 0) | (ofArrays.some(isSaid) ? BITS.array : 0);
}

/** The schemas that apply to all values of one. */
export function partsOf({ ref, allOf, dynamicRef }: SchemaNode): readonly SchemaNode[] {
  const parts = ref === undefined ? [...(allOf ?? [])] : [ref.target, ...(allOf ?? [])];
  if (dynamicRef?.anchored.size === 0) parts.push(dynamicRef.target);
  return parts;
}

/** The alternatives of a schema, of which each value fits at least one. */
export function choicesOf(node: SchemaNode): (readonly SchemaNode[])[] {
  const { anyOf, oneOf, if: asked, then, else: otherwise } = node;
  const byKey = alternativesByKey(node);
  const isOpen = asked !== undefined && then !== undefined && otherwise !== undefined && !isTold(node);
  return [anyOf, oneOf, isOpen ? [then, otherwise] : undefined, ...byKey].filter((options) => options !== undefined);
}
