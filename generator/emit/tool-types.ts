import type { CatalogueApp, CatalogueTool, SchemaDocument } from "../catalogue/types.js";
import { ToolbindError } from "../errors.js";
import { printTypes } from "../print/types.js";
import { buildSchemaNode, type BuiltSchema } from "../schema/build.js";
import { findDefinitions } from "../schema/definitions.js";
import type { DocumentLoader } from "../schema/documents.js";
import { SchemaError } from "../schema/error.js";
import { createLoader } from "../schema/load.js";
import { Sides, type Side } from "../schema/sides.js";

/**
 * The declarations of a tool's arguments and data, under the names `Input` and `Output`.
 * Throws a `ToolbindError` for a schema that cannot be read.
 */
export function printToolTypes(tool: CatalogueTool, app?: CatalogueApp): string {
  const mapped = createLoader();
  const load: DocumentLoader = (uri) => app?.load(uri) ?? mapped(uri);
  const declare = (root: string, side: Side, schema: SchemaDocument): string => {
    try {
      const built = buildSchemaNode(schema, load);
      const definitions = findDefinitions(app === undefined ? built : onSide(built, side));
      return printTypes(definitions, { root, of: (node) => prefixed(root, definitions.names.get(node)) }, side).text;
    } catch (error) {
      throw error instanceof SchemaError ? unreadable(tool, schema, error, app) : error;
    }
  };
  const input = declare("Input", "input", tool.input);
  return tool.output === undefined ? input : `${input}\n${declare("Output", "output", tool.output)}`;
}

/** Of an app, each side has members of its own. */
function onSide(built: BuiltSchema, side: Side): BuiltSchema {
  const roots = { input: [], output: [], [side]: [built.root] };
  return { ...built, root: new Sides(roots).of(built.root, side) };
}

function prefixed(root: string, name: string | undefined): string | undefined {
  return name === undefined ? undefined : root + name;
}

function unreadable(
  tool: CatalogueTool,
  { location }: SchemaDocument,
  { code, pointer, resource, expected, received }: SchemaError,
  app: CatalogueApp | undefined,
): ToolbindError {
  const at = app?.place(pointer, resource ?? app.uri) ?? {
    source: location.source,
    pointer: location.pointer + pointer,
  };
  const fix = "correct the schema, or leave the tool out with `exclude`";
  return new ToolbindError(code, { what: `${tool.slug} cannot be used`, at, expected, received, fix });
}
