import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { generateTools, TestFolder } from "../support/generated.js";
import type { Json } from "../support/json.js";

export interface Printed {
  /** The type of the schema, without its name; each definition that it refers to follows. */
  readonly type: string;
  /** The declarations as they stand in the module. */
  readonly declarations: string;
  /** The expression, or function body, that builds the validator, on one line. */
  readonly validator: string;
}

/** What is emitted for each schema as the input of a tool; in it, the schema's type is called `T`. */
export async function printSchemas(schemas: readonly Json[]): Promise<Printed[]> {
  const folder = new TestFolder();
  try {
    const tools = schemas.map((schema, index) => ({ slug: `PRINT_${letters(index)}`, input_parameters: schema }));
    await generateTools(folder, tools);
    const text = readFileSync(join(folder.path, "generated", "print", "index.ts"), "utf8");
    const file = ts.createSourceFile("index.ts", text, ts.ScriptTarget.ES2022, true);
    return schemas.map((_, index) => printedOf(file, letters(index)));
  } finally {
    folder.remove();
  }
}

/** A number in letters: a word of its own in a slug, and in a type's name. */
function letters(index: number): string {
  const letter = (digit: number): string => String.fromCharCode(65 + digit);
  return `Q${letter(Math.floor(index / 26))}${letter(index % 26)}`;
}

function printedOf(file: ts.SourceFile, slug: string): Printed {
  const prefix = `${slug.charAt(0)}${slug.slice(1).toLowerCase()}Input`;
  const rename = (text: string): string => text.replaceAll(prefix, "T");
  const declarations = file.statements.filter(
    (statement): statement is ts.InterfaceDeclaration | ts.TypeAliasDeclaration =>
      (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) &&
      statement.name.text.startsWith(prefix),
  );
  let validator = "";
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === "input" && ts.isArrowFunction(node.initializer)) {
      validator = node.initializer.body.getText();
    } else ts.forEachChild(node, visit);
  };
  const names = file.statements.filter(ts.isVariableStatement);
  const tool = names.find((statement) => statement.getText().includes(`"PRINT_${slug}"`));
  if (tool === undefined) throw new Error(`${slug} was not emitted`);
  visit(tool);
  return {
    type: declarations.map((statement) => oneLine(rename(statement.getText()))).join("; "),
    declarations: declarations.map((statement) => rename(statement.getFullText().trim())).join("\n"),
    validator: joinedLines(validator),
  };
}

/** Code on one line, without the commas that only a broken line has. */
function joinedLines(code: string): string {
  return code
    .replace(/,\n\s*(?=[\])])/g, "")
    .replace(/,\n\s*(?=\})/g, " ")
    .replace(/([[(])\n\s*/g, "$1")
    .replace(/\n\s*/g, " ");
}

function oneLine(text: string): string {
  return text
    .replace(/\/\*\*[^]*?\*\//g, "")
    .replace(/^export (?:type T = ?|interface T )/, "")
    .replace(/^export (?:type|interface) /, "")
    .replace(/;$/, "")
    .replace(/\s*\n\s*/g, " ")
    .trim();
}
