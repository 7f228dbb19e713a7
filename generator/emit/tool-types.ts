import type { CatalogueTool } from "../catalogue/types.js";
import { printTypes } from "../print/types.js";
import { buildSchemaNode } from "../schema/build.js";
import type { DocumentLoader } from "../schema/documents.js";
import { findDefinitions } from "../schema/definitions.js";
import { createLoader } from "../schema/load.js";

/** The declarations of a tool's arguments and data, under the names `Input` and `Output`. */
export function printToolTypes(tool: CatalogueTool, beside: DocumentLoader = () => undefined): string {
  const mapped = createLoader();
  const load: DocumentLoader = (uri) => beside(uri) ?? mapped(uri);
  const sides = [["Input", tool.input] as const];
  if (tool.output !== undefined) sides.push(["Output", tool.output] as never);
  return sides
    .map(([root, schema]) => {
      const definitions = findDefinitions(buildSchemaNode(schema, load));
      return printTypes(definitions, { root, of: (node) => prefixed(root, definitions.names.get(node)) }).text;
    })
    .join("\n");
}

function prefixed(root: string, name: string | undefined): string | undefined {
  return name === undefined ? undefined : root + name;
}
