import { SchemaNode, type TypeName } from "../schema/node.js";
import { numberLiteral, objectKey, regexLiteral, stringLiteral, valueLiteral, valuesLiteral } from "./encode.js";
import { numberChecks, stringChecks, withChecks } from "./checks.js";
import {
  FAMILIES,
  allowedValues,
  excludeEachOther,
  familiesOf,
  hasKeywords,
  isNull,
  onlyKindOf,
  valuesOfAll,
  withoutLimits,
  withPlainValues,
} from "./facts.js";

/** The context of an expression: its indentation, and whether the keys that it evaluates matter. */
export interface Context {
  readonly indent: string;
  readonly tracked: boolean;
  /** The one type of values that its surroundings allow. */
  readonly only?: TypeName | undefined;
  /** URI of the resource that surrounds it. */
  readonly resource: string | undefined;
}

/** The expression for a named schema where it is used; `tracked`: the variant that reports what it evaluates. */
export type Use = (node: SchemaNode, tracked: boolean) => string | undefined;

/** Some key is inherited by every object: zod would find it on a value that does not have it. */
function hasInheritedName({ properties, required }: SchemaNode): boolean {
  for (const key of properties?.keys() ?? []) if (key in Object.prototype) return true;
  return required?.some((key) => key in Object.prototype) === true;
}

/** Longer expressions are not repeated for each key that they apply to. */
const LONGEST_REPEATED = 60;

/** Prints the expression that builds the validator of one schema, with those of the schemas written out in it. */
export class ValidatorPrinter {
  readonly #use: Use;
  readonly #dynamic: boolean;

  constructor(use: Use, dynamic: boolean) {
    this.#use = use;
    this.#dynamic = dynamic;
  }

  /** A schema where it is used: by its name, or in full. */
  schema(node: SchemaNode, context: Context): string {
    const within = { ...context, resource: node.resource };
    const expression = this.body(node, within);
    return this.#entering(node, context, expression);
  }

  #entering(node: SchemaNode, context: Context, expression: string): string {
    if (!this.#dynamic || node.resource === context.resource) return expression;
    return `z.resource(${stringLiteral(node.resource)}, ${expression})`;
  }

  #reference(target: SchemaNode, context: Context): string {
    const use = this.#use(target, context.tracked);
    return use === undefined ? this.schema(target, context) : this.#entering(target, context, use);
  }

  body(node: SchemaNode, context: Context): string {
    if (node.raw === true) return "z.unknown()";
    if (node.raw === false) return "z.never()";
    if (node.binary !== undefined) return "z.binary()";
    const expression = this.#unevaluated(node, context);
    return node.nullable === true && expression !== "z.unknown()" && expression !== "z.null()"
      ? nullable(expression)
      : expression;
  }

  #unevaluated(node: SchemaNode, context: Context): string {
    const { unevaluatedProperties, unevaluatedItems } = node;
    if (unevaluatedProperties === undefined && unevaluatedItems === undefined) return this.#allParts(node, context);
    const options: string[] = [];
    const outside = { ...context, tracked: false, only: undefined };
    if (unevaluatedProperties !== undefined) options.push(`properties: ${this.schema(unevaluatedProperties, outside)}`);
    if (unevaluatedItems !== undefined) options.push(`items: ${this.schema(unevaluatedItems, outside)}`);
    return `z.unevaluated({ ${options.join(", ")} }, ${this.#allParts(node, { ...context, tracked: true })})`;
  }

  #allParts(node: SchemaNode, context: Context): string {
    if (context.tracked)
      return conjunction([...this.#ownTracked(node, context), ...this.#applied(node, context)], context.indent);
    const plain = withPlainValues(node);
    const within = node.combines ? { ...context, only: onlyKindOf(node) ?? context.only } : context;
    return conjunction([...this.#own(plain, within), ...this.#applied(plain, within)], context.indent);
  }

  /** The schemas that apply to the same value. */
  #applied(node: SchemaNode, context: Context): string[] {
    const parts: string[] = [];
    const of = (child: SchemaNode): string => this.schema(child, context);
    if (!node.combines) return parts;
    if (node.ref !== undefined) parts.push(this.#reference(node.ref.target, context));
    if (node.dynamicRef !== undefined) parts.push(this.#dynamicReference(node.dynamicRef, context));
    for (const child of node.allOf ?? []) parts.push(of(child));
    if (node.anyOf !== undefined) parts.push(this.#anyOf(node.anyOf, context));
    if (node.oneOf !== undefined) parts.push(this.#oneOf(node.oneOf, context));
    if (node.not !== undefined) parts.push(`z.not(${of(node.not)})`);
    if (node.if !== undefined && (node.then !== undefined || node.else !== undefined || context.tracked)) {
      const branches = [node.then === undefined ? "undefined" : of(node.then)];
      if (node.else !== undefined) branches.push(of(node.else));
      parts.push(`z.ifThenElse(${[of(node.if), ...branches].join(", ")})`);
    }
    if (node.dependentSchemas !== undefined) {
      const entries = node.dependentSchemas.map(([key, child]) => `[${stringLiteral(key)}, ${of(child)}]`);
      parts.push(`z.dependentSchemas([${entries.join(", ")}])`);
    }
    return parts;
  }

  #dynamicReference({ target, anchored }: NonNullable<SchemaNode["dynamicRef"]>, context: Context): string {
    if (anchored.size === 0) return this.#reference(target, context);
    const entries = [...anchored].map(
      ([resource, node]) => `[${stringLiteral(resource)}, () => ${this.#reference(node, context)}]`,
    );
    return `z.dynamicRef([${entries.join(", ")}], () => ${this.#reference(target, context)})`;
  }

  #anyOf(options: readonly SchemaNode[], context: Context): string {
    if (context.tracked) return `z.anyOf(${this.#list(options, context)})`;
    const values = valuesOfAll(options);
    if (values !== undefined) return printValues(values);
    const others = options.filter((option) => !isNull(option));
    const [only] = others;
    const printed =
      others.length === 1 && only !== undefined
        ? this.schema(only, context)
        : `z.union(${this.#list(others, context)})`;
    return others.length === options.length ? printed : nullable(printed);
  }

  #oneOf(options: readonly SchemaNode[], context: Context): string {
    const others = options.filter((option) => !isNull(option));
    const [only] = others;
    if (
      only !== undefined &&
      !context.tracked &&
      others.length === 1 &&
      (options.length === 1 || (options.length === 2 && refusesNull(only)))
    ) {
      const printed = this.schema(only, context);
      return options.length === 1 ? printed : nullable(printed);
    }
    if (context.tracked || !excludeEachOther(options)) return `z.oneOf(${this.#list(options, context)})`;
    return this.#anyOf(options, context);
  }

  #list(nodes: readonly SchemaNode[], context: Context): string {
    return list(
      nodes.map((node) => this.schema(node, context)),
      context.indent,
    );
  }

  /** A schema that applies to a member of the value. */
  #member(node: SchemaNode, context: Context, indent: string = context.indent): string {
    return this.schema(node, { ...context, indent, tracked: false, only: undefined });
  }

  /** The node's own keywords as plain zod. */
  #own(node: SchemaNode, context: Context): string[] {
    const parts: string[] = [];
    const { types } = node;
    const values = allowedValues(node);
    if (values !== undefined) {
      const others = withoutLimits(node);
      parts.push(printValues(values));
      for (const family of familiesOf(values)) parts.push(...this.#untyped(others, family, context));
      return parts;
    }
    if (types === undefined) {
      const families = FAMILIES.filter((family) => context.only === undefined || context.only === family);
      for (const family of families) parts.push(...this.#untyped(node, family, context));
      return parts;
    }
    if (types.length === 1) return [this.#family(node, types[0] as TypeName, context)];
    const names = types.filter((type) => type !== "null" && !(type === "integer" && types.includes("number")));
    const printed = names.map((type) => this.#family(node, type, context));
    if (printed.length === 0) return ["z.null()"];
    const one = printed.length === 1 ? (printed[0] as string) : `z.union(${list(printed, context.indent)})`;
    return [types.includes("null") ? nullable(one) : one];
  }

  /** What keywords say about values of one type; others pass. */
  #untyped(node: SchemaNode, family: (typeof FAMILIES)[number], context: Context): string[] {
    if (!hasKeywords(node, family)) return [];
    if (family === "object") {
      const { properties, additionalProperties, patternProperties } = node;
      const speaksOfNames = patternProperties !== undefined || hasInheritedName(node);
      if (speaksOfNames || ((properties?.size ?? 0) === 0 && additionalProperties === undefined))
        return [...this.#objectFields(node, context), ...this.#objectKeywords(node, context)];
    }
    if (family === "array" && node.prefixItems === undefined && node.items === undefined)
      return [...itemCounts(node), ...this.#arrayKeywords(node, context)];
    if (family === "number" && node.multipleOf !== undefined) {
      const multiple = `z.multipleOf(${numberLiteral(node.multipleOf)})`;
      const checks = numberChecks(node);
      return checks.length === 0 ? [multiple] : [ofFamily(family, withChecks("z.number()", checks), context), multiple];
    }
    return [ofFamily(family, this.#family(node, family, context), context)];
  }

  #family(node: SchemaNode, type: TypeName, context: Context): string {
    switch (type) {
      case "null":
        return "z.null()";
      case "boolean":
        return "z.boolean()";
      case "string":
        return withChecks("z.string()", stringChecks(node));
      case "integer":
      case "number": {
        const base = withChecks(type === "integer" ? "z.integer()" : "z.number()", numberChecks(node));
        if (node.multipleOf === undefined) return base;
        return conjunction([base, `z.multipleOf(${numberLiteral(node.multipleOf)})`], context.indent);
      }
      case "array":
        return conjunction([this.#array(node, context), ...this.#arrayKeywords(node, context)], context.indent);
      case "object":
        return conjunction([...this.#object(node, context), ...this.#objectKeywords(node, context)], context.indent);
    }
  }

  #array(node: SchemaNode, context: Context): string {
    const checks = [];
    if (node.minItems !== undefined) checks.push(`z.minLength(${node.minItems})`);
    if (node.maxItems !== undefined) checks.push(`z.maxLength(${node.maxItems})`);
    const { prefixItems, items } = node;
    if (prefixItems === undefined) {
      return withChecks(`z.array(${items === undefined ? "z.unknown()" : this.#member(items, context)})`, checks);
    }
    const positions = prefixItems.map((item) => `z.optional(${this.#member(item, context)})`);
    const rest = items?.raw === false ? "" : `, ${items === undefined ? "z.unknown()" : this.#member(items, context)}`;
    return withChecks(`z.tuple(${list(positions, context.indent)}${rest})`, checks);
  }

  #arrayKeywords(node: SchemaNode, context: Context): string[] {
    const parts: string[] = [];
    if (node.uniqueItems) parts.push("z.uniqueItems()");
    if (node.contains !== undefined) {
      const { schema, min, max, marks } = node.contains;
      const options = [this.#member(schema, context), String(min)];
      const marking = marks && context.tracked;
      if (max !== undefined || marking) options.push(max === undefined ? "undefined" : String(max));
      if (marking) options.push("true");
      parts.push(`z.contains(${options.join(", ")})`);
    }
    return parts;
  }

  #object(node: SchemaNode, context: Context): string[] {
    const { properties, required, additionalProperties: additional } = node;
    if (node.patternProperties !== undefined || hasInheritedName(node)) {
      return ["z.looseObject({})", ...this.#objectFields(node, context)];
    }
    const inner = `${context.indent}  `;
    const others = additional === undefined || additional.raw === true ? undefined : additional;
    // Required keys come first, as in the printed type.
    const first: [string, string][] = [];
    const then: [string, string][] = [];
    const isRequired = new Set(required);
    for (const [key, schema] of properties ?? []) {
      const printed = this.#member(schema, context, inner);
      if (isRequired.has(key)) first.push([key, printed]);
      else then.push([key, `z.optional(${printed})`]);
    }
    const rest = others === undefined ? "z.unknown()" : this.#member(others, context);
    const undeclared = [...isRequired].filter((key) => properties?.has(key) !== true);
    const repeats = rest.length <= LONGEST_REPEATED;
    if (repeats) for (const key of undeclared) first.push([key, rest]);
    const also = repeats || undeclared.length === 0 ? [] : [`z.required(${valueLiteral(undeclared.sort())})`];
    const entries = [...first.sort(([a], [b]) => (a < b ? -1 : 1)), ...then];
    const shape = printShape(entries, context.indent);
    if (others === undefined) return [`z.looseObject(${shape})`];
    if (others.raw === false) return [`z.strictObject(${shape})`];
    if (rest === "z.unknown()") return [`z.looseObject(${shape})`];
    return [entries.length === 0 ? `z.record(z.string(), ${rest})` : `z.catchall(${shape}, ${rest})`, ...also];
  }

  /** `required`, `properties`, `patternProperties` and `additionalProperties` by own keys only. */
  #objectFields(node: SchemaNode, context: Context): string[] {
    const parts: string[] = [];
    const inner = `${context.indent}  `;
    if (node.required !== undefined) parts.push(`z.required(${valueLiteral([...node.required].sort())})`);
    const options: string[] = [];
    if (node.properties !== undefined && node.properties.size > 0) {
      const entries = [...node.properties].map(([key, schema]): [string, string] => [
        key,
        this.#member(schema, context, `${inner}  `),
      ]);
      options.push(`properties: ${printShape(entries, inner)}`);
    }
    if (node.patternProperties !== undefined && node.patternProperties.length > 0) {
      const entries = node.patternProperties.map(
        ([pattern, schema]) => `[${regexLiteral(pattern)}, ${this.#member(schema, context, inner)}]`,
      );
      options.push(`patterns: ${list(entries, inner)}`);
    }
    if (node.additionalProperties !== undefined)
      options.push(`rest: ${this.#member(node.additionalProperties, context, inner)}`);
    if (options.length > 0)
      parts.push(`z.fields({\n${options.map((option) => `${inner}${option},\n`).join("")}${context.indent}})`);
    return parts;
  }

  #objectKeywords(node: SchemaNode, context: Context): string[] {
    const parts: string[] = [];
    if (node.minProperties !== undefined) parts.push(`z.minProperties(${node.minProperties})`);
    if (node.maxProperties !== undefined) parts.push(`z.maxProperties(${node.maxProperties})`);
    if (node.propertyNames !== undefined) parts.push(`z.propertyNames(${this.#member(node.propertyNames, context)})`);
    if (node.dependentRequired !== undefined)
      parts.push(`z.dependentRequired(${valueLiteral(node.dependentRequired)})`);
    return parts;
  }

  /** The node's own keywords as keyword schemas, which report what they have evaluated. */
  #ownTracked(node: SchemaNode, context: Context): string[] {
    const parts: string[] = [];
    const values = allowedValues(node);
    if (values !== undefined) parts.push(printValues(values));
    else if (node.types !== undefined) parts.push(`z.type(${node.types.map(stringLiteral).join(", ")})`);
    const checks = { string: stringChecks(node), number: numberChecks(node) };
    if (checks.string.length > 0) parts.push(when("string", withChecks("z.string()", checks.string)));
    if (checks.number.length > 0) parts.push(when("number", withChecks("z.number()", checks.number)));
    if (node.multipleOf !== undefined) parts.push(`z.multipleOf(${numberLiteral(node.multipleOf)})`);
    parts.push(...itemCounts(node));
    if (node.prefixItems !== undefined || node.items !== undefined) {
      const prefix = `[${(node.prefixItems ?? []).map((item) => this.#member(item, context)).join(", ")}]`;
      parts.push(`z.elements(${prefix}${node.items === undefined ? "" : `, ${this.#member(node.items, context)}`})`);
    }
    parts.push(
      ...this.#arrayKeywords(node, context),
      ...this.#objectFields(node, context),
      ...this.#objectKeywords(node, context),
    );
    return parts;
  }
}

function printValues(values: readonly unknown[]): string {
  const distinct = [...new Set(values)];
  if (distinct.length === 0) return "z.never()";
  if (distinct.some((value) => typeof value === "object" && value !== null)) {
    return `z.equals(${valuesLiteral(distinct)})`;
  }
  const others = distinct.filter((value) => value !== null);
  if (others.length === 0) return "z.null()";
  const strings = others.length > 1 && others.every((value) => typeof value === "string");
  const printed = `z.${strings ? "enum" : "literal"}(${valueLiteral(others)})`;
  return others.length === distinct.length ? printed : nullable(printed);
}

function ofFamily(family: (typeof FAMILIES)[number], expression: string, { only }: Context): string {
  return only === family ? expression : when(family, expression);
}

function when(family: (typeof FAMILIES)[number], expression: string): string {
  return `z.when("${family}", ${expression})`;
}

function itemCounts({ minItems, maxItems }: SchemaNode): string[] {
  const counts = [];
  if (minItems !== undefined) counts.push(`z.minItems(${minItems})`);
  if (maxItems !== undefined) counts.push(`z.maxItems(${maxItems})`);
  return counts;
}

function nullable(expression: string): string {
  return expression.startsWith("z.nullable(") ? expression : `z.nullable(${expression})`;
}

function conjunction(parts: readonly string[], indent: string): string {
  if (parts.length === 1) return parts[0] as string;
  const saying = parts.filter((part) => part !== "z.unknown()");
  if (saying.length === 0) return "z.unknown()";
  return saying.length === 1 ? (saying[0] as string) : `z.allOf(${list(saying, indent)})`;
}

/** An array literal of expressions that were printed for the same indent. */
function list(items: readonly string[], indent: string): string {
  const line = `[${items.join(", ")}]`;
  if (line.length <= 100 && !line.includes("\n")) return line;
  // No string literal spans lines, so every line break is one between tokens.
  return `[\n${items.map((item) => `${indent}  ${item.replaceAll("\n", "\n  ")},\n`).join("")}${indent}]`;
}

function printShape(entries: readonly (readonly [string, string])[], indent: string): string {
  if (entries.length === 0) return "{}";
  return `{\n${entries.map(([key, value]) => `${indent}  ${objectKey(key)}: ${value},\n`).join("")}${indent}}`;
}

function refusesNull(node: SchemaNode): boolean {
  return node.nullable !== true && node.types !== undefined && !node.types.includes("null");
}
