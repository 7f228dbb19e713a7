import type { CatalogueApp, CatalogueTool, CatalogueToolkit, SchemaDocument } from "../catalogue/types.js";
import type { EmitSettings } from "../config/resolve.js";
import { diagnostic, type Diagnostic, type Place } from "../errors.js";
import { printTypes, SharedTypePrinter, type PrintedTypes } from "../print/types.js";
import { printValidator, SharedValidatorPrinter } from "../print/validators.js";
import { buildSchemaGraph, buildSchemaNode, type Inexpressible, type Reading } from "../schema/build.js";
import { entered, findDefinitions, findEndless, findShared } from "../schema/definitions.js";
import type { DocumentLoader } from "../schema/documents.js";
import { SchemaError } from "../schema/error.js";
import type { SchemaNode } from "../schema/node.js";
import { Sides, type Side } from "../schema/sides.js";
import type { ModuleNames } from "./names.js";

/** How schemas are read, and what they are printed in. */
export interface Printing {
  readonly load: DocumentLoader;
  readonly reading: Reading;
  readonly language: EmitSettings["emit"];
}

export interface PrintedSide {
  readonly types: PrintedTypes;
  /** Names of the types beside the side's own, where they are called after it. */
  readonly definitions: readonly string[];
  readonly validator: string;
}

/** Declarations of what several tools refer to. */
interface Shared {
  readonly types: string;
  readonly validators: string;
  /** Whether some type is that of bytes. */
  readonly usesBinary: boolean;
}

type Fault = Pick<SchemaError, "pointer"> & Partial<Pick<SchemaError, "resource">>;

/** The schemas of a toolkit's tools, printed. */
export interface ToolkitSchemas {
  /** Throws a {@link SchemaError} where it cannot be read. */
  side(tool: CatalogueTool, side: Side, typeName: string): PrintedSide;
  /** The type of each error answer, by status. */
  failures(tool: CatalogueTool): readonly (readonly [status: string, type: string])[];
  /** What several tools refer to. */
  shared(): Shared;
  /** The location of a fault in a tool's schema. */
  place(tool: CatalogueTool, side: Side, fault: Fault): Place;
}

const NO_OUTPUT_SCHEMA = { description: "The catalogue has no schema for what the tool returns." };

function documentOf(tool: CatalogueTool, side: Side): SchemaDocument {
  return tool[side] ?? { ...tool.input, document: NO_OUTPUT_SCHEMA, pointer: "" };
}

export function schemasOf(
  toolkit: CatalogueToolkit,
  identifiers: ModuleNames,
  printing: Printing,
  diagnostics: Diagnostic[],
): ToolkitSchemas {
  return toolkit.app === undefined
    ? ownSchemas(identifiers, printing, diagnostics)
    : sharedSchemas(toolkit, toolkit.app, identifiers, printing, diagnostics);
}

function unchecked(owner: string, { keyword, reason }: Inexpressible, at: Place): Diagnostic {
  const what = `Keyword ${keyword} of ${owner} cannot be checked (${reason})`;
  return diagnostic("TB3003", "error", { what, at, fix: "correct the pattern" });
}

/** Each side of each tool has a document of its own. */
function ownSchemas(
  identifiers: ModuleNames,
  { load, reading, language }: Printing,
  diagnostics: Diagnostic[],
): ToolkitSchemas {
  const placeOf = (tool: CatalogueTool, side: Side, pointer: string): Place => {
    const { location } = documentOf(tool, side);
    return { source: location.source, pointer: location.pointer + pointer };
  };
  return {
    side(tool, side, typeName) {
      try {
        const built = buildSchemaNode(documentOf(tool, side), load, reading);
        const definitions = findDefinitions(built);
        for (const each of built.inexpressible) {
          diagnostics.push(unchecked(tool.slug, each, placeOf(tool, side, each.pointer)));
        }
        const types = new Map([...definitions.names].map(([node, name]) => [node, identifiers.type(typeName + name)]));
        return {
          types: printTypes(definitions, { root: typeName, of: (node) => types.get(node) }, side),
          definitions: [...types.values()],
          validator: printValidator(definitions, built.dynamic, language, "    "),
        };
      } catch (error) {
        throw error instanceof SchemaError ? error.on(side) : error;
      }
    },
    failures: () => [],
    shared: () => ({ types: "", validators: "", usesBinary: false }),
    place: (tool, side, { pointer }) => placeOf(tool, side, pointer),
  };
}

/** All schemas are parts of one document, and what several refer to is printed once. */
function sharedSchemas(
  toolkit: CatalogueToolkit,
  app: CatalogueApp,
  identifiers: ModuleNames,
  { load, reading, language }: Printing,
  diagnostics: Diagnostic[],
): ToolkitSchemas {
  const [first] = toolkit.tools;
  const pointers: string[] = [];
  const indexOf = new Map<string, number>();
  for (const tool of toolkit.tools) {
    for (const schema of [tool.input, tool.output, ...(tool.answers ?? []).map((answer) => answer.schema)]) {
      if (schema === undefined || indexOf.has(schema.pointer)) continue;
      indexOf.set(schema.pointer, pointers.push(schema.pointer) - 1);
    }
  }
  const document = first?.input ?? { document: {}, dialect: "2020-12" as const };
  const graph = buildSchemaGraph(document, pointers, (uri) => app.load(uri) ?? load(uri), reading);
  for (const each of graph.inexpressible)
    diagnostics.push(unchecked(toolkit.slug, each, app.place(each.pointer, app.uri)));
  const faults = new Map([...findEndless(graph.roots), ...graph.faults]);

  const rootOf = (schema: SchemaDocument | undefined): SchemaNode | undefined =>
    schema === undefined ? undefined : graph.roots[indexOf.get(schema.pointer) as number];
  const faultOf = (root: SchemaNode): SchemaError | undefined => {
    if (faults.size === 0) return undefined;
    for (const node of entered([root])) {
      const fault = faults.get(node);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
  const isWhole = (root: SchemaNode | undefined): root is SchemaNode =>
    root !== undefined && faultOf(root) === undefined;
  const failing = (tool: CatalogueTool): [string, SchemaNode][] =>
    (tool.answers ?? []).flatMap(({ status, schema }): [string, SchemaNode][] => {
      const root = rootOf(schema);
      return /^2/.test(status) || !isWhole(root) ? [] : [[status, root]];
    });

  const kept = toolkit.tools.filter(
    (tool) => isWhole(rootOf(tool.input)) && (tool.output === undefined || isWhole(rootOf(tool.output))),
  );
  const inputs = kept.map((tool) => rootOf(tool.input) as SchemaNode);
  const outputs = kept
    .flatMap((tool) => [rootOf(tool.output), ...failing(tool).map(([, root]) => root)])
    .filter(isWhole);
  if (faults.size > 0) {
    const nodes = entered([...inputs, ...outputs]);
    const resources = new Set(Array.from(nodes, ({ resource }) => resource));
    for (const node of nodes) node.keepAnchored(resources);
  }
  const sides = new Sides({ input: inputs, output: outputs });
  const roots = [...inputs.map((root) => sides.of(root, "input")), ...outputs.map((root) => sides.of(root, "output"))];
  const wanted = [...findShared(roots)].map(
    ([node, name]) => [node, sides.isForInput(node) ? `${name}Input` : name] as const,
  );
  const prefix = toolkit.slug.charAt(0).toUpperCase() + toolkit.slug.slice(1).replace(/[^A-Za-z0-9]/g, "");
  const sorted = wanted.sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
  const names = new Map(sorted.map(([node, name]) => [node, identifiers.shared(name, prefix)]));
  const types = new SharedTypePrinter(names);
  const validators = new SharedValidatorPrinter(names, roots, graph.dynamic);

  return {
    side(tool, side, typeName) {
      const root = rootOf(tool[side]);
      const fault = root === undefined ? undefined : faultOf(root);
      if (fault !== undefined) throw fault.on(side);
      if (root === undefined) {
        const text = `/** The description has no schema for it. */\nexport type ${typeName} = unknown;\n`;
        return { types: { text, optional: false, impossible: undefined }, definitions: [], validator: "z.unknown()" };
      }
      const seen = sides.of(root, side);
      return { types: types.root(typeName, seen, side), definitions: [], validator: validators.root(seen, "    ") };
    },
    failures: (tool) => failing(tool).map(([status, root]) => [status, types.use(sides.of(root, "output"))] as const),
    shared: () => {
      const printed = types.shared();
      return { types: printed, validators: validators.shared(language), usesBinary: types.usesBinary };
    },
    place: (_tool, _side, { pointer, resource }) => app.place(pointer, resource ?? app.uri),
  };
}
