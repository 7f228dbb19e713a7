import type { CatalogueTool, CatalogueToolkit, SchemaDocument } from "../catalogue/types.js";
import type { EmitSettings } from "../config/resolve.js";
import { diagnostic, type Diagnostic } from "../errors.js";
import { commentLines, commentText, jsonLiteral, stringLiteral, valueLiteral } from "../print/encode.js";
import { jsdoc } from "../print/jsdoc.js";
import { printTypes, type PrintedTypes } from "../print/types.js";
import { printValidator } from "../print/validators.js";
import type { BuiltSchema } from "../schema/build.js";
import { findDefinitions } from "../schema/definitions.js";
import { SchemaError } from "../schema/error.js";
import { ModuleNames, type ToolIdentifiers } from "./names.js";

/** One tool as its template sees it: every value is code already. */
interface ToolView extends ToolIdentifiers {
  /** The variable has the name that the module exports. */
  readonly direct: boolean;
  /** `Tool`, or `ToolWithOptionalArgs` where no argument is required. */
  readonly toolType: string;
  readonly doc: string;
  readonly inputTypes: string;
  readonly outputTypes: string;
  readonly slug: string;
  readonly version: string;
  readonly description: string;
  readonly tags: string | undefined;
  readonly hints: string | undefined;
  readonly scopes: string | undefined;
  readonly deprecated: boolean;
  readonly noAuth: boolean;
  readonly input: string;
  readonly output: string;
  readonly inputSchema: string;
  readonly outputSchema: string | undefined;
}

export interface ToolkitView {
  readonly slug: string;
  readonly toolkit: string;
  readonly name: string;
  readonly version: string;
  /** `github@20251027_00`, for comments. */
  readonly title: string;
  readonly doc: string;
  readonly tools: readonly ToolView[];
  /** Whether some tool, or some other one, has this type. */
  readonly usesTool: boolean;
  readonly usesOptionalArgs: boolean;
}

export interface PrintedToolkit {
  readonly view: ToolkitView;
  readonly diagnostics: readonly Diagnostic[];
}

/** How schemas are read, and what they are printed in. */
interface Printing {
  /** Throws a {@link SchemaError} where it cannot be read. */
  readonly build: (schema: SchemaDocument) => BuiltSchema;
  readonly language: EmitSettings["emit"];
}

/** Prints every tool of a toolkit. A tool whose schema is malformed is reported and left out. */
export function printToolkit(
  toolkit: CatalogueToolkit,
  names: ReadonlyMap<string, string>,
  printing: Printing,
): PrintedToolkit {
  const identifiers = new ModuleNames(names);
  const diagnostics: Diagnostic[] = [];
  const tools: ToolView[] = [];
  for (const tool of toolkit.tools) {
    try {
      tools.push(printTool(tool, identifiers, names, printing, diagnostics));
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      diagnostics.push(leftOut(tool, error));
    }
  }
  const version = toolkit.version ?? "unpinned";
  const view: ToolkitView = {
    slug: toolkit.slug,
    toolkit: stringLiteral(toolkit.slug),
    name: commentText(toolkit.name).replaceAll("\n", " "),
    version: valueLiteral(toolkit.version),
    title: `${toolkit.slug}@${version}`,
    doc: jsdoc(
      commentLines(toolkit.description.trim()).filter((line) => line !== ""),
      "",
    ),
    tools,
    usesTool: tools.some(({ toolType }) => toolType === "Tool"),
    usesOptionalArgs: tools.some(({ toolType }) => toolType !== "Tool"),
  };
  return { view, diagnostics };
}

function leftOut(tool: CatalogueTool, error: SchemaError): Diagnostic {
  const side = tool.output !== undefined && error.side === "output" ? tool.output : tool.input;
  return diagnostic(error.code, "error", {
    what: `${tool.slug} left out`,
    at: { source: side.location.source, pointer: side.location.pointer + error.pointer },
    expected: error.expected,
    received: error.received,
    fix: "correct the schema, or leave the tool out with `exclude`",
  });
}

interface PrintedSide {
  readonly types: PrintedTypes;
  readonly validator: string;
}

function printTool(
  tool: CatalogueTool,
  identifiers: ModuleNames,
  names: ReadonlyMap<string, string>,
  printing: Printing,
  diagnostics: Diagnostic[],
): ToolView {
  const own = identifiers.of(tool.slug);
  const input = printSide(tool, "input", own.inputType, identifiers, printing, diagnostics);
  const output = printSide(tool, "output", own.outputType, identifiers, printing, diagnostics);
  return {
    ...own,
    direct: own.local === own.name,
    toolType: input.types.optional ? "ToolWithOptionalArgs" : "Tool",
    doc: toolDoc(tool, names),
    inputTypes: input.types.text,
    outputTypes: output.types.text,
    slug: stringLiteral(tool.slug),
    version: valueLiteral(tool.version),
    description: stringLiteral(tool.description),
    tags: tool.tags.length === 0 ? undefined : valueLiteral(tool.tags),
    hints: Object.keys(tool.hints).length === 0 ? undefined : valueLiteral(tool.hints),
    scopes: tool.scopes.length === 0 ? undefined : valueLiteral(tool.scopes),
    deprecated: tool.deprecated,
    noAuth: tool.noAuth,
    input: input.validator,
    output: output.validator,
    inputSchema: jsonLiteral(tool.input.document),
    outputSchema: tool.output === undefined ? undefined : jsonLiteral(tool.output.document),
  };
}

const NO_OUTPUT_SCHEMA = { description: "The catalogue gives no schema of what the tool returns." };

function printSide(
  tool: CatalogueTool,
  side: "input" | "output",
  typeName: string,
  identifiers: ModuleNames,
  { build, language }: Printing,
  diagnostics: Diagnostic[],
): PrintedSide {
  const schema: SchemaDocument = tool[side] ?? { ...tool.input, document: NO_OUTPUT_SCHEMA, pointer: "" };
  try {
    const built = build(schema);
    const { dynamic, inexpressible } = built;
    const definitions = findDefinitions(built);
    for (const { pointer, keyword, reason } of inexpressible) {
      const at = { source: schema.location.source, pointer: schema.location.pointer + pointer };
      const what = `Keyword ${keyword} of ${tool.slug} cannot be checked (${reason})`;
      diagnostics.push(diagnostic("TB3003", "error", { what, at, fix: "correct the pattern" }));
    }
    const types = new Map([...definitions.names].map(([node, name]) => [node, identifiers.type(typeName + name)]));
    return {
      types: printTypes(definitions, { root: typeName, of: (node) => types.get(node) }),
      validator: printValidator(definitions, dynamic, language, "  "),
    };
  } catch (error) {
    throw error instanceof SchemaError ? error.on(side) : error;
  }
}

function toolDoc(tool: CatalogueTool, names: ReadonlyMap<string, string>): string {
  const lines = commentLines(tool.description.trim() || tool.name);
  lines.push("", `Slug \`${tool.slug}\`, version ${tool.version === null ? "unpinned" : `\`${tool.version}\``}.`);
  if (tool.scopes.length > 0) lines.push(`Scopes: ${tool.scopes.map((scope) => `\`${oneLine(scope)}\``).join(", ")}.`);
  if (tool.deprecated) {
    const replacement = replacementOf(tool, names);
    lines.push(
      "",
      `@deprecated ${replacement === undefined ? "The platform has deprecated this tool." : `Use {@link ${replacement}}.`}`,
    );
  }
  return jsdoc(lines, "");
}

function oneLine(text: string): string {
  return commentText(text).replaceAll("\n", " ");
}

/** The tool of the same toolkit that a deprecated one's description names first. */
function replacementOf(tool: CatalogueTool, names: ReadonlyMap<string, string>): string | undefined {
  const words = tool.description.match(/[A-Z][A-Z0-9_]+/g) ?? [];
  const slug = words.find((word) => word.includes("_") && word !== tool.slug && names.has(word));
  return slug === undefined ? undefined : names.get(slug);
}
