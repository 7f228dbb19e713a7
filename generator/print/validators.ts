import type { Definitions } from "../schema/definitions.js";
import type { SchemaNode } from "../schema/node.js";
import { ValidatorPrinter } from "./expressions.js";
import { DEEPEST_BUILD, forks, orderOfShared, type SharedOrder } from "./shared-order.js";

/**
 * Prints the body of the function that builds a schema's validator: an expression, or a block where schemas that are
 * referred to have names of their own. `dynamic` keeps track of the schema resources that validation enters.
 */
export function printValidator(definitions: Definitions, dynamic: boolean, language: Language, indent: string): string {
  const locals = new Locals(definitions);
  const printer = new ValidatorPrinter((node, tracked) => locals.use(node, tracked), dynamic);
  const { root } = definitions;
  const direct = printer.schema(root, { indent, tracked: false, resource: undefined });
  if (locals.used.size === 0) return direct;
  const inner = `${indent}  `;
  const body = printer.schema(root, { indent: inner, tracked: false, resource: undefined });
  let declarations = "";
  const type = language === "ts" ? ": z.Schema" : "";
  // Printing one local can bring others into use.
  for (const [name, { node, tracked }] of locals.used) {
    const expression = printer.body(node, { indent: inner, tracked, resource: node.resource });
    declarations += `${inner}const ${name}${type} = z.lazy(() => ${expression});\n`;
  }
  return `{\n${declarations}${inner}return ${body};\n${indent}}`;
}

type Language = "ts" | "js";

const RESERVED = new Set(
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield z".split(
    " ",
  ),
);

/** The named schemas of one tool's side, as constants inside the function that builds its validator. */
class Locals {
  /** In the order met. */
  readonly used = new Map<string, { readonly node: SchemaNode; readonly tracked: boolean }>();
  readonly #definitions: Definitions;
  readonly #names = new Map<SchemaNode, { plain?: string; tracked?: string }>();

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  use(node: SchemaNode, tracked: boolean): string | undefined {
    const name = node === this.#definitions.root ? "root" : this.#definitions.names.get(node);
    if (name === undefined) return undefined;
    let known = this.#names.get(node);
    if (known === undefined) this.#names.set(node, (known = {}));
    return (known[tracked ? "tracked" : "plain"] ??= this.#add(node, name, tracked));
  }

  #add(node: SchemaNode, name: string, tracked: boolean): string {
    let local = name.charAt(0).toLowerCase() + name.slice(1);
    if (tracked) local += "Tracked";
    if (RESERVED.has(local)) local += "_";
    while (this.used.has(local)) local += "_";
    this.used.set(local, { node, tracked });
    return local;
  }
}

/** Prints the validators of schemas that share others, which are printed once. */
export class SharedValidatorPrinter {
  readonly #names: ReadonlyMap<SchemaNode, string>;
  readonly #order: ReadonlyMap<SchemaNode, SharedOrder>;
  readonly #printer: ValidatorPrinter;
  /** What is requested, by the name of its constant; `tracked`: the variant that reports what it evaluates. */
  readonly #used = new Map<string, { readonly node: SchemaNode; readonly tracked: boolean }>();
  /** The shared schema that is being printed. */
  #inside: SchemaNode | undefined;

  /** `names`: the names of the constants for what is shared, none with a `$`. */
  constructor(names: ReadonlyMap<SchemaNode, string>, roots: readonly SchemaNode[], dynamic: boolean) {
    this.#names = names;
    this.#order = orderOfShared(roots, new Set(names.keys()));
    this.#printer = new ValidatorPrinter((node, tracked) => this.#use(node, tracked), dynamic);
  }

  root(root: SchemaNode, indent: string): string {
    return this.#printer.schema(root, { indent, tracked: false, resource: undefined });
  }

  /** The declarations of what is shared. */
  shared(language: Language): string {
    const type = language === "ts" ? ": z.Shared" : "";
    const declarations: string[] = [];
    // Printing one can bring others into use.
    for (const [name, { node, tracked }] of this.#used) {
      this.#inside = node;
      const expression = this.#printer.body(node, { indent: "", tracked, resource: node.resource });
      // A schema with several shared schemas for one value checks each value once: without that, schemas that fork
      // again and again take twice the time at every level.
      const built = forks(node, this.#names) ? `z.lazy(() => ${expression})` : expression;
      declarations.push(`const ${name}${type} = /*#__PURE__*/ z.shared(() => ${built});\n`);
    }
    this.#inside = undefined;
    return declarations.sort().join("").trimEnd();
  }

  #use(node: SchemaNode, tracked: boolean): string | undefined {
    const name = this.#names.get(node);
    if (name === undefined) return undefined;
    const constant = tracked ? `${name}$tracked` : name;
    if (!this.#used.has(constant)) this.#used.set(constant, { node, tracked });
    return this.#isBuiltFirst(node) ? `${constant}()` : `z.lazy(${constant})`;
  }

  /** Whether a schema can be built as part of the one that is being printed: not where that would be circular, or too deep. */
  #isBuiltFirst(node: SchemaNode): boolean {
    if (this.#inside === undefined) return true;
    const { position, height } = this.#order.get(node) as SharedOrder;
    return position < (this.#order.get(this.#inside) as SharedOrder).position && height % DEEPEST_BUILD !== 0;
  }
}
