import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { ErrorObject } from "ajv";
import { nearest } from "../../../runtime/nearest.js";
import { selfContained } from "../../catalogue/self-contained.js";
import { printToolTypes } from "../../emit/tool-types.js";
import { ToolbindError } from "../../errors.js";
import { jsonSyntaxError } from "../../text/json-syntax.js";
import { positionOf } from "../../text/position.js";
import { typeName } from "../../text/shown.js";
import type { NamedTool } from "../shared/named-tool.js";

/** The arguments of a call: JSON, `@file`, or `-` for standard input. */
export function readArguments(given: string, cwd: string): Readonly<Record<string, unknown>> {
  const { text, source } = readText(given, cwd);
  const error = jsonSyntaxError(text);
  if (error !== undefined) {
    throw new ToolbindError("TB1007", {
      what: "The arguments are not valid JSON",
      at: { source, ...positionOf(text, error.offset) },
      expected: error.expected,
      fix: `put them in single quotes, as in --args '{"owner":"acme"}', or in a file, as in --args @arguments.json`,
    });
  }
  const value: unknown = JSON.parse(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ToolbindError("TB1007", {
    what: "The arguments cannot be used",
    at: { source },
    expected: "a JSON object",
    received: typeName(value),
  });
}

function readText(given: string, cwd: string): { text: string; source: string } {
  if (given !== "-" && !given.startsWith("@")) return { text: given, source: "--args" };
  const source = given === "-" ? "standard input" : given.slice(1);
  try {
    const text = readFileSync(given === "-" ? 0 : resolve(cwd, source), "utf8");
    return { text: text.replace(/^\ufeff/, ""), source };
  } catch (cause) {
    const what = `The arguments cannot be read (${cause instanceof Error ? cause.message : String(cause)})`;
    throw new ToolbindError("TB1007", { what, at: { source }, cause });
  }
}

/** Wrong arguments are found before anything is sent. */
export async function checkArguments({ tool, toolkit, namespace, name }: NamedTool, args: unknown): Promise<void> {
  // Refuses a schema that `generate` would leave out.
  printToolTypes({ ...tool, output: undefined }, toolkit.app);
  const { compile } = await import("../../schema/ajv.js");
  const validate = compile(selfContained(tool.input, "input"));
  if (validate(args)) return;
  const faults = (validate.errors ?? []).map((error) => {
    const meant = misspelt(error);
    const rename = meant === undefined ? "" : ` (rename ${JSON.stringify(meant)}?)`;
    return `${error.instancePath || "(root)"} ${error.message ?? error.keyword}${rename}`;
  });
  throw new ToolbindError("TB1007", {
    what: `The arguments of ${tool.slug} are not valid: ${[...new Set(faults)].join("; ")}`,
    fix: `correct them; \`toolbind show ${namespace}.${name}\` shows the types`,
  });
}

/** The undeclared key that resembles a missing one. */
function misspelt({ keyword, params, data, parentSchema }: ErrorObject): string | undefined {
  if (keyword !== "required") return undefined;
  const known = (parentSchema as { readonly properties?: object } | undefined)?.properties ?? {};
  const unknown = Object.keys(data as object).filter((key) => !Object.hasOwn(known, key));
  return nearest(String(params["missingProperty"]), unknown);
}
