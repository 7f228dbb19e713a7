import { Validator } from "@seriousme/openapi-schema-validator";
import type { ErrorObject, ValidateFunction } from "ajv";
import { diagnostic, type Diagnostic, type Place } from "../errors.js";
import { keysOf } from "../text/json-pointer.js";
import { describeError, isHarmless } from "./describe.js";
import { essential } from "./essential.js";

/** One thing that a description gets wrong. */
export interface Finding {
  readonly diagnostic: Diagnostic;
  /** JSON pointer to what is wrong, or to what lacks something. */
  readonly pointer: string;
  /** Where it concerns one operation, or with no method all of a path. */
  readonly operation: { readonly path: string; readonly method?: string } | undefined;
}

const MOST = 100;
/** Of one operation, or of one component: what one slip leads to. */
const MOST_OF_ONE = 3;

/**
 * Checks a description against the schema of its version of OpenAPI (2.0 to 3.2). What has no effect on calls, such as
 * a key that OpenAPI does not know, is a warning. This takes half a second of CPU for a description of 13 MB.
 *
 * @param root what the file holds; `$ref`s are not followed
 * @param place line and column of a JSON pointer
 * @returns at most a hundred findings, in the order of the description's parts
 */
export function checkDescription(
  root: Readonly<Record<string, unknown>>,
  place: (pointer: string) => Place,
): Finding[] {
  const version = versionOf(root);
  if (version === undefined) {
    const key = "swagger" in root ? "swagger" : "openapi";
    const details = {
      what: "The description does not name a known version of OpenAPI",
      at: place(key in root ? `/${key}` : ""),
      expected: '`swagger: "2.0"`, or `openapi` from 3.0 to 3.2',
      received: key in root ? `\`${key}: ${JSON.stringify(root[key])?.slice(0, 40)}\`` : "neither",
      fix: "correct it",
    };
    return [{ diagnostic: diagnostic("TB2056", "error", details), pointer: "", operation: undefined }];
  }
  const validate = validatorOf(version);
  // However the version is written, as a number or without its last part, is nothing to the rest.
  if (validate({ ...root, ...(version === "2.0" ? { swagger: version } : { openapi: `${version}.0` }) })) return [];
  const findings: Finding[] = [];
  const counts = new Map<string, number>();
  for (const error of essential(validate.errors ?? [])) {
    if (findings.length === MOST) break;
    const part = error.instancePath.split("/").slice(0, 4).join("/");
    const count = counts.get(part) ?? 0;
    counts.set(part, count + 1);
    if (count < MOST_OF_ONE) findings.push(findingOf(error, place));
  }
  return findings;
}

function findingOf(error: ErrorObject, place: (pointer: string) => Place): Finding {
  const { pointer, ...details } = describeError(error);
  const operation = operationOf(error.instancePath);
  const subject = operation === undefined ? "" : `${operation.method?.toUpperCase() ?? "All of"} ${operation.path}: `;
  const severity = isHarmless(error) ? "warning" : "error";
  const what = `${subject}${details.what}`;
  return { diagnostic: diagnostic("TB2056", severity, { ...details, what, at: place(pointer) }), pointer, operation };
}

function versionOf({ swagger, openapi }: Readonly<Record<string, unknown>>): string | undefined {
  // Unquoted in YAML, a version is a number.
  if (swagger !== undefined) return /^2(?:\.0)?$/.test(String(swagger)) ? "2.0" : undefined;
  if (openapi === 3 || openapi === "3") return "3.0";
  return /^(3\.[0-2])(?:\.|-|$)/.exec(String(openapi))?.[1];
}

const validators = new Map<string, ValidateFunction>();

/** The library's own `validate` also looks for references, as if there were only internal ones. */
function validatorOf(version: string): ValidateFunction {
  const known = validators.get(version);
  if (known !== undefined) return known;
  const library = new Validator({ allErrors: true, verbose: true }) as Validator & {
    readonly getAjvValidator: (version: string) => ValidateFunction;
  };
  const validate = library.getAjvValidator(version);
  validators.set(version, validate);
  return validate;
}

function operationOf(pointer: string): Finding["operation"] {
  const [section, path, word, other] = keysOf(pointer);
  if (section !== "paths" || path === undefined) return undefined;
  if (word === "additionalOperations" && other !== undefined) return { path, method: other };
  return METHODS.test(word ?? "") ? { path, method: word as string } : { path };
}

const METHODS = /^(?:get|put|post|delete|options|head|patch|trace|query)$/;
