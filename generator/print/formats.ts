import type { SchemaNode } from "../schema/node.js";
import { stringLiteral } from "./encode.js";

/** The runtime's predicates for the formats that it checks, by the JSON type that each applies to. */
const PREDICATES: Readonly<Record<"string" | "number", ReadonlyMap<string, string>>> = {
  string: new Map([
    ["date", "isDate"],
    ["time", "isTime"],
    ["date-time", "isDateTime"],
    ["iso-time", "isIsoTime"],
    ["iso-date-time", "isIsoDateTime"],
    ["duration", "isDuration"],
    ["uri", "isUri"],
    ["uri-reference", "isUriReference"],
    ["uri-template", "isUriTemplate"],
    ["url", "isUrl"],
    ["email", "isEmail"],
    ["hostname", "isHostname"],
    ["ipv4", "isIpv4"],
    ["ipv6", "isIpv6"],
    ["regex", "isRegex"],
    ["uuid", "isUuid"],
    ["json-pointer", "isJsonPointer"],
    ["json-pointer-uri-fragment", "isJsonPointerUriFragment"],
    ["relative-json-pointer", "isRelativeJsonPointer"],
    ["byte", "isByte"],
  ]),
  number: new Map([
    ["int32", "isInt32"],
    ["int64", "isInt64"],
  ]),
};

/** The checks that a schema's format requires of values of a type, if any. */
export function formatChecks({ format, assertsFormat }: SchemaNode, type: "string" | "number"): string[] {
  if (!assertsFormat || format === undefined) return [];
  const predicate = PREDICATES[type].get(format);
  return predicate === undefined ? [] : [`z.format(${stringLiteral(format)}, z.${predicate})`];
}
