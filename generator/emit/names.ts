/** Names that mean something in an emitted module: reserved words, what it imports, globals it must not hide. */
const UNUSABLE: ReadonlySet<string> = new Set(
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function globalThis if implements import in Infinity instanceof interface let NaN new null package private protected public RegExp return static super switch this throw true try typeof undefined var void while with yield z defineTool Tool ToolWithOptionalArgs app direct Binary".split(
    " ",
  ),
);

/** Names of types and values that are everywhere in scope, and that a reader would take for the global ones. */
const GLOBAL: ReadonlySet<string> = new Set(
  "Array ArrayBuffer AsyncIterable Awaited BigInt Binary Blob Body Boolean Buffer Comment DataView Date Document Element Error Event EventTarget Exclude Extract File FileList FormData Function Headers History Image Infinity Intl Iterable Iterator JSON Lock Location Map Math NaN Navigator Node Notification Number Object Omit Option Partial Permissions Pick Plugin Promise Proxy Range Readonly ReadableStream Record Reflect RegExp Request Required Response ReturnType Screen Selection Set Storage String Symbol Text Tool ToolWithOptionalArgs Uint8Array URL WeakMap WeakSet Window Worker".split(
    " ",
  ),
);

export interface ToolIdentifiers {
  /** What the module exports the tool as. */
  readonly name: string;
  /** What the tool is called inside the module: `name`, unless that is not a valid variable name. */
  readonly local: string;
  readonly inputType: string;
  readonly outputType: string;
}

/** Gives out unique identifiers for an emitted module. */
export class ModuleNames {
  readonly #types = new Set<string>();
  readonly #numbers = new Map<string, number>();
  readonly #tools = new Map<string, ToolIdentifiers>();
  readonly #values: ReadonlySet<string>;

  readonly #aliases = new Map<string, ToolIdentifiers>();

  /** `names`: function names by slug. `aliases`: further names that functions are to be had under. */
  constructor(names: ReadonlyMap<string, string>, aliases: Iterable<string> = []) {
    const others = [...aliases].sort();
    const values = new Set([...names.values(), ...others]);
    this.#values = values;
    for (const [slug, name] of [...names].sort(([a], [b]) => (a < b ? -1 : 1)))
      this.#tools.set(slug, this.#identifiers(name));
    for (const name of others) this.#aliases.set(name, this.#identifiers(name));
  }

  #identifiers(name: string): ToolIdentifiers {
    let local = name;
    while (UNUSABLE.has(local) || (local !== name && this.#values.has(local))) local = `_${local}`;
    const base = name.charAt(0).toUpperCase() + name.slice(1);
    return { name, local, inputType: this.type(`${base}Input`), outputType: this.type(`${base}Output`) };
  }

  /** Of one of the further names. */
  alias(name: string): ToolIdentifiers {
    return this.#aliases.get(name) as ToolIdentifiers;
  }

  of(slug: string): ToolIdentifiers {
    return this.#tools.get(slug) as ToolIdentifiers;
  }

  /** A type name that nothing else in the module has, as close to the wanted one as can be. */
  type(wanted: string): string {
    let name = wanted;
    let number = this.#numbers.get(wanted) ?? 1;
    while (this.#types.has(name)) name = `${wanted}${++number}`;
    this.#numbers.set(wanted, number);
    this.#types.add(name);
    return name;
  }

  /** A name for a schema that tools share: for a type and for a constant, and not one of a global. */
  shared(wanted: string, toolkit: string): string {
    const name = GLOBAL.has(wanted) ? toolkit + wanted : wanted;
    let found = this.type(name);
    while (this.#values.has(found)) found = this.type(name);
    return found;
  }
}
