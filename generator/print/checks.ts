// The limits of strings and numbers as checks of plain zod.
import type { SchemaNode } from "../schema/node.js";
import { numberLiteral, regexLiteral } from "./encode.js";
import { formatChecks } from "./formats.js";

export function stringChecks(node: SchemaNode): string[] {
  const checks = [];
  if (node.minLength !== undefined) checks.push(`z.minLength(${node.minLength})`);
  if (node.maxLength !== undefined) checks.push(`z.maxLength(${node.maxLength})`);
  if (node.pattern !== undefined) checks.push(`z.regex(${regexLiteral(node.pattern)})`);
  return [...checks, ...formatChecks(node, "string")];
}

export function numberChecks(node: SchemaNode): string[] {
  const checks = [];
  if (node.minimum !== undefined) checks.push(`z.gte(${numberLiteral(node.minimum)})`);
  if (node.maximum !== undefined) checks.push(`z.lte(${numberLiteral(node.maximum)})`);
  if (node.exclusiveMinimum !== undefined) checks.push(`z.gt(${numberLiteral(node.exclusiveMinimum)})`);
  if (node.exclusiveMaximum !== undefined) checks.push(`z.lt(${numberLiteral(node.exclusiveMaximum)})`);
  return [...checks, ...formatChecks(node, "number")];
}

export function withChecks(base: string, checks: readonly string[]): string {
  return checks.length === 0 ? base : `z.check(${base}, ${checks.join(", ")})`;
}
