import type { CatalogueTool, CatalogueToolkit, SchemaDocument } from "../catalogue/types.js";
import { diagnostic, type Diagnostic } from "../errors.js";
import {
  blockLiteral,
  commentLines,
  commentText,
  jsonLiteral,
  jsonTextLiteral,
  stringLiteral,
  valueLiteral,
} from "../print/encode.js";
import { jsdoc } from "../print/jsdoc.js";
import type { Path } from "../print/type-model.js";
import type { Route } from "../../runtime/direct/route.js";
import { SchemaError } from "../schema/error.js";
import { escapeSegment, valueAt } from "../text/json-pointer.js";
import { ModuleNames, type ToolIdentifiers } from "./names.js";
import { schemasOf, type Printing, type ToolkitSchemas } from "./schemas.js";

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
  /** Of a tool that is called directly. */
  readonly route: string | undefined;
  readonly input: string;
  readonly output: string;
  readonly inputSchema: string;
  readonly outputSchema: string | undefined;
  /** Names of the types that the schemas define. */
  readonly definitions: readonly string[];
}

/** An old name of a tool, beside the one it has. */
interface AliasView extends ToolIdentifiers {
  readonly direct: boolean;
  readonly toolType: string;
  readonly doc: string;
  readonly inputDoc: string;
  readonly outputDoc: string;
  readonly definitionAliases: readonly { readonly name: string; readonly instead: string; readonly doc: string }[];
  readonly tool: ToolIdentifiers;
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
  readonly aliases: readonly AliasView[];
  /** Whether some tool, or some other one, has this type. */
  readonly usesTool: boolean;
  readonly usesOptionalArgs: boolean;
  readonly isApp: boolean;
  readonly usesBinary: boolean;
  /** Declarations of what tools of an app share. */
  readonly sharedTypes: string;
  readonly sharedValidators: string;
  /** The shared definitions of an app's JSON Schemas, and the key that refers to them. */
  readonly sharedSchemas: { readonly key: string; readonly schemas: string } | undefined;
}

export interface PrintedToolkit {
  readonly view: ToolkitView;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Prints every tool of a toolkit. A tool whose schema is malformed is reported and left out. `aliases` are further names,
 * each with the slug of its tool.
 */
export function printToolkit(
  toolkit: CatalogueToolkit,
  names: ReadonlyMap<string, string>,
  printing: Printing,
  aliases: ReadonlyMap<string, string> = new Map(),
): PrintedToolkit {
  const identifiers = new ModuleNames(names, aliases.keys());
  const diagnostics: Diagnostic[] = [];
  const tools: ToolView[] = [];
  const bySlug = new Map<string, ToolView>();
  const schemas = schemasOf(toolkit, identifiers, printing, diagnostics);
  for (const tool of toolkit.tools) {
    try {
      const printed = printTool(tool, identifiers, names, schemas, diagnostics);
      tools.push(printed);
      bySlug.set(tool.slug, printed);
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      diagnostics.push(leftOut(tool, error, schemas));
    }
  }
  const version = toolkit.version ?? "unpinned";
  const { types, validators, usesBinary } = schemas.shared();
  const view: ToolkitView = {
    slug: toolkit.slug,
    toolkit: stringLiteral(toolkit.slug),
    name: oneLine(toolkit.name),
    version: valueLiteral(toolkit.version),
    title: `${toolkit.slug}@${commentText(version).replaceAll("\n", " ")}`,
    doc: jsdoc(
      commentLines(toolkit.description.trim()).filter((line) => line !== ""),
      "",
    ),
    tools,
    aliases: [...aliases].flatMap(([name, slug]) => {
      const tool = bySlug.get(slug);
      return tool === undefined ? [] : [aliasView(identifiers.alias(name), tool, identifiers)];
    }),
    usesTool: tools.some(({ toolType }) => toolType === "Tool"),
    usesOptionalArgs: tools.some(({ toolType }) => toolType !== "Tool"),
    isApp: toolkit.app !== undefined,
    usesBinary,
    sharedTypes: types,
    sharedValidators: validators,
    sharedSchemas: toolkit.app === undefined ? undefined : sharedSchemasOf(toolkit),
  };
  return { view, diagnostics };
}

function aliasView(own: ToolIdentifiers, tool: ToolView, identifiers: ModuleNames): AliasView {
  const instead = (name: string): string => jsdoc([`@deprecated Use {@link ${name}}.`], "");
  const definitionAliases = tool.definitions.flatMap((now) => {
    const isInput = now.startsWith(tool.inputType);
    const rest = now.slice((isInput ? tool.inputType : tool.outputType).length);
    const name = (isInput ? own.inputType : own.outputType) + rest;
    return identifiers.type(name) === name ? [{ name, instead: now, doc: instead(now) }] : [];
  });
  return {
    ...own,
    direct: own.local === own.name,
    toolType: tool.toolType,
    doc: instead(tool.name),
    inputDoc: instead(tool.inputType),
    outputDoc: instead(tool.outputType),
    definitionAliases,
    tool,
  };
}

/** The part of an app's description that the schemas of its tools refer to. */
function sharedSchemasOf({ tools }: CatalogueToolkit): { readonly key: string; readonly schemas: string } {
  const document = (tools[0]?.input.document ?? {}) as Readonly<Record<string, unknown>>;
  const { components, definitions } = document;
  if (definitions !== undefined) return { key: "definitions", schemas: jsonLiteral(definitions) };
  const { schemas = {} } = (components ?? {}) as { readonly schemas?: unknown };
  return { key: "components", schemas: jsonLiteral({ schemas }) };
}

function leftOut(tool: CatalogueTool, error: SchemaError, schemas: ToolkitSchemas): Diagnostic {
  return diagnostic(error.code, "error", {
    what: `${tool.slug} left out`,
    at: schemas.place(tool, error.side, error),
    expected: error.expected,
    received: error.received,
    fix: "correct the schema, or leave the tool out with `exclude`",
  });
}

function uncallable(tool: CatalogueTool, path: Path, schemas: ToolkitSchemas): Diagnostic {
  const pointer = path.map((key) => `/${escapeSegment(String(key))}`).join("");
  const what = pointer === "" ? "the arguments" : pointer;
  return diagnostic("TB3006", "warning", {
    what: `${tool.slug} can never be called`,
    at: schemas.place(tool, "input", { pointer: tool.input.pointer }),
    expected: `a schema that accepts some value for ${what}`,
    received: "one that requires it but accepts no value",
    fix: "correct the schema, or leave the tool out with `exclude`",
  });
}

function printTool(
  tool: CatalogueTool,
  identifiers: ModuleNames,
  names: ReadonlyMap<string, string>,
  schemas: ToolkitSchemas,
  diagnostics: Diagnostic[],
): ToolView {
  const own = identifiers.of(tool.slug);
  const input = schemas.side(tool, "input", own.inputType);
  const output = schemas.side(tool, "output", own.outputType);
  const { impossible } = input.types;
  if (impossible !== undefined) diagnostics.push(uncallable(tool, impossible, schemas));
  return {
    ...own,
    direct: own.local === own.name,
    toolType: input.types.optional ? "ToolWithOptionalArgs" : "Tool",
    doc: toolDoc(tool, names),
    inputTypes: input.types.text,
    outputTypes: output.types.text + failureTypes(tool, identifiers, schemas),
    slug: stringLiteral(tool.slug),
    version: valueLiteral(tool.version),
    description: stringLiteral(tool.description),
    tags: tool.tags.length === 0 ? undefined : valueLiteral(tool.tags),
    hints: Object.keys(tool.hints).length === 0 ? undefined : valueLiteral(tool.hints),
    scopes: tool.scopes.length === 0 ? undefined : valueLiteral(tool.scopes),
    deprecated: tool.deprecated,
    noAuth: tool.noAuth,
    route: tool.route === undefined ? undefined : routeLiteral(tool.route),
    input: input.validator,
    output: output.validator,
    inputSchema: tool.route === undefined ? jsonLiteral(tool.input.document) : referring(partOf(tool.input)),
    outputSchema: tool.output && outputSchemaOf(tool.output, tool.route !== undefined),
    definitions: [...input.definitions, ...output.definitions],
  };
}

function outputSchemaOf(output: SchemaDocument, isPart: boolean): string {
  return isPart ? referring({ allOf: [partOf(output)] }) : jsonLiteral(output.document);
}

/** A schema of an app with what it refers to, by the function that `schemas.ts` has then. */
function referring(schema: unknown): string {
  return `/*#__PURE__*/ referring(${jsonTextLiteral(schema)})`;
}

/** The part of an app's document that is the tool's own. */
function partOf({ document, pointer }: SchemaDocument): unknown {
  return valueAt(document, pointer);
}

/** The type of what comes along with an error, by status. */
function failureTypes(tool: CatalogueTool, identifiers: ModuleNames, schemas: ToolkitSchemas): string {
  const failures = schemas.failures(tool).filter(([, type]) => type !== "unknown");
  if (failures.length === 0) return "";
  const { outputType } = identifiers.of(tool.slug);
  const name = identifiers.type(outputType.replace(/Output(\d*)$/, "Failures$1"));
  const fields = failures.map(
    ([status, type]) => `  ${/^\d+$/.test(status) ? status : stringLiteral(status)}: ${type};\n`,
  );
  return `\n/** The \`data\` of an error, by status. */\nexport interface ${name} {\n${fields.join("")}}\n`;
}

/** A route, a line for each of its facts. */
function routeLiteral(route: Route): string {
  const lines = Object.entries(route).map(([key, value]) => `      ${key}: ${blockLiteral(value, "      ")},\n`);
  return `{\n${lines.join("")}    }`;
}

function toolDoc(tool: CatalogueTool, names: ReadonlyMap<string, string>): string {
  const lines = commentLines(tool.description.trim() || tool.name);
  const version = tool.version === null ? "unpinned" : `\`${oneLine(tool.version)}\``;
  lines.push("", `Slug \`${tool.slug}\`, version ${version}.`);
  if (tool.scopes.length > 0) lines.push(`Scopes: ${tool.scopes.map((scope) => `\`${oneLine(scope)}\``).join(", ")}.`);
  if (tool.deprecated) {
    const replacement = replacementOf(tool, names);
    const whose = tool.route === undefined ? "platform" : "app";
    lines.push(
      "",
      `@deprecated ${replacement === undefined ? `The ${whose} has deprecated this tool.` : `Use {@link ${replacement}}.`}`,
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
