import type { ErrorObject } from "ajv";
import { nearest } from "../../runtime/nearest.js";
import { escapeSegment, keysOf } from "../text/json-pointer.js";
import { missingOf } from "./essential.js";
import { clip, showValue, withArticle } from "../text/shown.js";

export interface Described {
  /** JSON pointer to what is to be corrected. */
  readonly pointer: string;
  readonly what: string;
  readonly expected?: string;
  readonly received?: string;
  readonly fix: string;
}

/** Keys that calls can do without. */
const DISPENSABLE: ReadonlySet<unknown> = new Set(["title", "description", "responses", "paths", "required"]);

/** Whether calls come out as well as if it were right. */
export function isHarmless({ keyword, params, data, instancePath }: ErrorObject): boolean {
  switch (keyword) {
    case "additionalProperties":
    case "unevaluatedProperties":
    case "format":
      return true;
    case "required":
      return DISPENSABLE.has(params["missingProperty"]);
    case "enum":
      // A parameter of a path is required, whatever it says.
      return instancePath.endsWith("/required") && typeof data === "boolean";
    case "type":
      // What stands among the media types of an answer and is none is skipped.
      if (/\/responses\/[^/]+\/content\/(?:(?!~1)[^/])+$/.test(instancePath)) return true;
      // An unquoted version or date of YAML; text is made of it.
      return (
        [params["type"]].flat().includes("string") &&
        ["number", "boolean"].includes(typeof data) &&
        !/\/\$ref$/.test(instancePath)
      );
    default:
      return false;
  }
}

/** An error of the validator as people say it. */
export function describeError(error: ErrorObject): Described {
  const { keyword, params, data, instancePath: pointer } = error;
  const name = nameOf(pointer);
  switch (keyword) {
    case "required": {
      const keys = missingOf(error).map((key) => `\`${key}\``);
      const what = keys.length === 1 ? `${name} has no ${keys[0]}` : `${name} has neither ${keys.join(" nor ")}`;
      const fix = keys.length === 1 ? fixOfMissing(missingOf(error)[0]!, error) : `add ${keys.join(" or ")}`;
      return { pointer, what, fix };
    }
    case "additionalProperties":
    case "unevaluatedProperties": {
      const key = String(params["additionalProperty"] ?? params["unevaluatedProperty"]);
      const meant = nearest(key, knownKeys(error));
      const fix = meant === undefined ? "remove it, or prefix it with `x-`" : `did you mean \`${meant}\`?`;
      return { pointer: `${pointer}/${escapeSegment(key)}`, what: `unknown key \`${clip(key)}\` in ${name}`, fix };
    }
    case "type": {
      const types = [params["type"]].flat() as string[];
      const isVersion = types.includes("string") && typeof data === "number";
      const fix = isVersion ? `write it in quotes, \`"${String(data)}"\`` : "correct it";
      return {
        pointer,
        what: `wrong ${name}`,
        expected: types.map((type) => (type === "null" ? type : withArticle(type))).join(" or "),
        received: showValue(data),
        fix,
      };
    }
    case "enum": {
      const values = params["allowedValues"] as unknown[];
      const texts = values.filter((value) => typeof value === "string");
      const meant = typeof data === "string" ? nearest(data, texts) : undefined;
      return {
        pointer,
        what: `wrong ${name}`,
        expected: values.slice(0, 12).map(showValue).join(" or "),
        received: showValue(data),
        fix: meant === undefined ? "correct it" : `did you mean ${showValue(meant)}?`,
      };
    }
    case "format":
      return {
        pointer,
        what: `wrong ${name}`,
        expected: withArticle(String(params["format"])),
        received: showValue(data),
        fix: "correct it",
      };
    case "pattern":
      return {
        pointer,
        what: `wrong ${name}`,
        expected: `text like /${clip(String(params["pattern"]))}/`,
        received: showValue(data),
        fix: "correct it",
      };
    case "oneOf":
    case "anyOf": {
      const several = Array.isArray(params["passingSchemas"]);
      const expected = several ? "one of its forms" : "one of the forms that it may have";
      return {
        pointer,
        what: `wrong ${name}`,
        expected,
        received: several ? "several at once" : showValue(data),
        fix: several ? "keep one of them, such as `schema` or `content`" : "correct it",
      };
    }
    default:
      return { pointer, what: `${name} ${error.message ?? "is wrong"}`.replace("NOT", "not"), fix: "correct it" };
  }
}

function fixOfMissing(key: string, error: ErrorObject): string {
  const keys = typeof error.data === "object" && error.data !== null ? Object.keys(error.data) : [];
  const misspelt = keys.find((each) => each !== key && nearest(each, [key]) !== undefined);
  return misspelt === undefined ? `add \`${key}\`` : `rename \`${clip(misspelt)}\` to \`${key}\``;
}

function knownKeys({ parentSchema }: ErrorObject): string[] {
  const properties = (parentSchema as { readonly properties?: object } | undefined)?.properties;
  return Object.keys(properties ?? {}).filter((key) => !key.startsWith("^"));
}

/** The target of a pointer, in words: its last segments. */
function nameOf(pointer: string): string {
  const parts = keysOf(pointer);
  const last = parts.at(-1);
  if (last === undefined) return "the description";
  const shown = /^\d+$/.test(last) && parts.length > 1 ? `${parts.at(-2)}[${last}]` : last;
  return `\`${clip(shown)}\``;
}
