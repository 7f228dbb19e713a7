import type { Document, Node, Pair, YAMLMap } from "yaml";
import { parseYaml } from "../text/parse-yaml.js";
import { clip } from "../text/shown.js";
import { yaml } from "../text/yaml.js";
import type { Problems, Spot } from "./problems.js";
import type { IntegrationFile } from "./types.js";
import { explainSyntax } from "./syntax.js";

/** A YAML value with its location. Aliases and merge keys are resolved. */
export type Tree = MapTree | ListTree | TextTree | NothingTree;

export interface MapTree {
  readonly kind: "map";
  /** No two have the same key, and none is `__proto__`. */
  readonly entries: readonly Entry[];
  readonly spot: Spot;
}

export interface Entry {
  readonly key: string;
  /** Where the key stands. */
  readonly spot: Spot;
  readonly value: Tree;
}

export interface ListTree {
  readonly kind: "list";
  readonly items: readonly Tree[];
  readonly spot: Spot;
}

export interface TextTree {
  readonly kind: "text";
  /** Numbers and booleans as they are written. */
  readonly text: string;
  readonly type: "string" | "number" | "boolean";
  readonly spot: Spot;
  /** Offset after the last character of the source. */
  readonly end: number;
}

/** A key without a value. */
export interface NothingTree {
  readonly kind: "nothing";
  readonly spot: Spot;
}

const MAX_LENGTH = 256 * 1024;
/** Entries of the parser's stack; a level of nesting takes one or two. */
const MAX_STACK = 100;
const MAX_VALUES = 20_000;

/** The template that an unquoted `{{name}}` was meant to be; YAML reads it as a map in a map. */
const UNQUOTED = /^\{\{\s*([\w.-]+)\s*\}\}$/;

/** Reads a file as YAML. If it is not valid, reports an error and returns undefined. */
export function readTree(file: IntegrationFile, problems: Problems): MapTree | undefined {
  if (file.text.length > MAX_LENGTH) {
    problems.error(
      "TB2050",
      { file, offset: 0 },
      {
        what: "The integration file is too large",
        expected: `at most ${MAX_LENGTH / 1024} KB`,
        received: `${Math.ceil(file.text.length / 1024)} KB`,
        fix: "keep only what describes the app and its authentication",
      },
    );
    return undefined;
  }
  // The replacement character, which stands for bytes that are not UTF-8.
  const foreign = file.text.indexOf("\ufffd");
  if (foreign !== -1) {
    const what = "The integration file is not UTF-8 text";
    problems.error("TB2050", { file, offset: foreign }, { what, fix: "save it as UTF-8" });
    return undefined;
  }
  const parsed = parseYaml(file.text, MAX_STACK);
  if (!("document" in parsed)) {
    problems.error(
      "TB2050",
      { file, offset: parsed.tooDeepAt },
      {
        what: "The integration file nests too deeply",
        fix: "write it out flat, as the documentation shows it",
      },
    );
    return undefined;
  }
  const { document, nextAt } = parsed;
  if (document.errors.length > 0) {
    explainSyntax(file, document.errors, problems);
    return undefined;
  }
  if (nextAt !== undefined) {
    problems.error(
      "TB2050",
      { file, offset: nextAt },
      {
        what: "The integration file contains a second document",
        fix: "remove the `---` and what belongs to another file",
      },
    );
  }
  const tree = new TreeReader(file, document, problems).read();
  if (tree.kind === "map") return tree;
  problems.error("TB2050", tree.spot, {
    what: "The integration file contains no keys",
    expected: "keys and values, such as `name: My app`",
    received: tree.kind === "nothing" ? "nothing" : `a ${tree.kind}`,
    fix: "write `name`, `unique_key` and `auth_schemes`",
  });
  return undefined;
}

class TreeReader {
  readonly #file: IntegrationFile;
  readonly #document: Document.Parsed;
  readonly #problems: Problems;
  readonly #anchors = new Map<string, Node>();
  /** The values being read, to detect aliases of themselves. */
  readonly #open = new Set<Node>();
  #inAlias = false;
  #values = 0;

  constructor(file: IntegrationFile, document: Document.Parsed, problems: Problems) {
    this.#file = file;
    this.#document = document;
    this.#problems = problems;
  }

  read(): Tree {
    return this.#tree(this.#document.contents, 0);
  }

  #tree(node: unknown, offset: number): Tree {
    const { isAlias, isMap, isNode, isScalar, isSeq } = yaml();
    if (!isNode(node)) return { kind: "nothing", spot: this.#spot(offset) };
    const spot = this.#spot(node.range?.[0] ?? offset);
    if (++this.#values > MAX_VALUES) {
      if (this.#values === MAX_VALUES + 1) {
        this.#problems.error("TB2050", spot, {
          what: `The integration file contains more than ${MAX_VALUES} values, counting those that aliases repeat`,
          fix: "write it without aliases",
        });
      }
      return { kind: "nothing", spot };
    }
    if (isAlias(node)) return this.#target(node.source, spot);
    if (!this.#inAlias && node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#scalar(node.value, node.source, spot, node.range?.[1] ?? offset);
    this.#open.add(node);
    const tree = isMap(node) ? this.#map(node, spot) : this.#list(isSeq(node) ? node.items : [], spot);
    this.#open.delete(node);
    return tree;
  }

  #scalar(value: unknown, source: string | undefined, spot: Spot, end: number): Tree {
    if (value === null) return { kind: "nothing", spot };
    const type = typeof value === "boolean" || typeof value === "number" ? typeof value : "string";
    const text = typeof value === "string" ? value : (source ?? String(value));
    return { kind: "text", text, type: type as TextTree["type"], spot, end };
  }

  #target(name: string, spot: Spot): Tree {
    const target = this.#anchors.get(name);
    if (target === undefined || this.#open.has(target)) {
      this.#problems.error("TB2050", spot, {
        what: `The alias \`*${name}\` ${target === undefined ? "has no anchor above it" : "refers to itself"}`,
        fix: "write out the value",
      });
      return { kind: "nothing", spot };
    }
    const outer = this.#inAlias;
    this.#inAlias = true;
    const tree = this.#tree(target, spot.offset);
    this.#inAlias = outer;
    return tree;
  }

  #list(items: readonly unknown[], spot: Spot): ListTree {
    return { kind: "list", items: items.map((item) => this.#tree(item, spot.offset)), spot };
  }

  #map(node: YAMLMap, spot: Spot): Tree {
    const template = this.#template(node, spot);
    if (template !== undefined) return template;
    const entries = new Map<string, Entry>();
    const merged: Entry[] = [];
    for (const pair of node.items) {
      const key = this.#key(pair, spot);
      if (key === undefined) continue;
      const value = this.#tree(pair.value, key.spot.offset);
      if (key.text === "<<" && value.kind !== "text" && value.kind !== "nothing") merged.push(...this.#merged(value));
      else if (entries.has(key.text)) {
        this.#problems.error("TB2051", key.spot, {
          what: `The key \`${clip(key.text)}\` appears here for the second time`,
          fix: "remove one of them",
        });
      } else entries.set(key.text, { key: key.text, spot: key.spot, value });
    }
    for (const entry of merged) if (!entries.has(entry.key)) entries.set(entry.key, entry);
    return { kind: "map", entries: [...entries.values()], spot };
  }

  #key({ key }: Pair, around: Spot): { text: string; spot: Spot } | undefined {
    const { isAlias, isNode, isScalar } = yaml();
    const spot = this.#spot(isNode(key) ? (key.range?.[0] ?? around.offset) : around.offset);
    const known = isAlias(key) ? this.#anchors.get(key.source) : key;
    if (isScalar(known) && !this.#inAlias && known.anchor !== undefined) this.#anchors.set(known.anchor, known);
    const text = isScalar(known) && known.value !== null ? String(known.source ?? known.value) : undefined;
    if (text !== undefined && text !== "__proto__") return { text, spot };
    this.#problems.error("TB2051", spot, {
      what: text === undefined ? "A key is not text" : "`__proto__` cannot be a key",
      expected: "a name",
      fix: "remove it",
    });
    return undefined;
  }

  #merged(value: Tree): readonly Entry[] {
    const maps = value.kind === "list" ? value.items : [value];
    return maps.flatMap((map) => {
      if (map.kind === "map") return map.entries;
      this.#problems.error("TB2051", map.spot, { what: "What `<<` merges has no keys", expected: "an alias of a map" });
      return [];
    });
  }

  /** What an unquoted template was meant to be; undefined for a real map. */
  #template(node: YAMLMap, spot: Spot): Tree | undefined {
    const [pair] = node.items;
    const inner = pair?.key;
    if (node.flow !== true || node.items.length !== 1 || !yaml().isMap(inner) || inner.flow !== true) return undefined;
    const [start = 0, end = 0] = node.range ?? [];
    const source = this.#file.text.slice(start, end);
    const name = UNQUOTED.exec(source)?.[1];
    if (name === undefined) {
      this.#problems.error("TB2050", spot, {
        what: `The placeholder \`${clip(source)}\` was never filled in`,
        expected: "a value",
        received: "what YAML reads as a map in a map",
        fix: 'write the value itself, such as `"https://api.example.com"`, or a template in quotes, such as `"{{base_url}}"`',
      });
      return { kind: "nothing", spot };
    }
    this.#problems.warning("TB2050", spot, {
      what: `The template \`${clip(source)}\` has no quotes`,
      expected: "text in quotes",
      received: "what YAML reads as a map in a map; it was read as the template",
      fix: `write \`"{{${name}}}"\``,
    });
    return { kind: "text", text: `{{${name}}}`, type: "string", spot, end };
  }

  #spot(offset: number): Spot {
    return { file: this.#file, offset };
  }
}
