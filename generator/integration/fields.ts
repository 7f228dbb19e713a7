// The fields of a scheme, which a person or the developer fills in.
import type { AuthField } from "../../runtime/direct/app.js";
import { isSecretName } from "../../runtime/errors.js";
import { impliedFields, type Mode } from "./credentials.js";
import { FIELD, readKeys } from "./keys.js";
import type { Problems } from "./problems.js";
import { hasTemplate } from "./templates.js";
import { type Entry, type MapTree } from "./tree.js";
import { readFlag, readItems, readText, readWord, wrong } from "./values.js";
import { clip } from "../text/shown.js";

const MAX_FIELDS = 200;

/** Names that connections and files of connections can hold. */
export const NAME = /^[A-Za-z_][\w.-]*$/;
const OF_DEVELOPERS: ReadonlySet<string> = new Set(["client_id", "client_secret", "consumer_key", "consumer_secret"]);

const FIELD_TYPES = {
  string: "string",
  text: "string",
  url: "string",
  password: "string",
  number: "number",
  integer: "number",
  boolean: "boolean",
  bool: "boolean",
} as const;

export interface DeclaredField extends AuthField {
  /** Whether the file says if the field is required. */
  readonly isGiven: boolean;
}

/** Reads `fields`: a list, or a map by name. */
export function readFields(entry: Entry | undefined, problems: Problems): DeclaredField[] {
  if (entry === undefined) return [];
  const items =
    entry.value.kind === "map"
      ? entry.value.entries.map(({ key, value }) => ({ value, given: key }))
      : readItems(entry).map((value) => ({ value, given: undefined }));
  if (items.length > MAX_FIELDS) wrong(entry, `at most ${MAX_FIELDS} fields`, problems);
  const fields = new Map<string, DeclaredField>();
  for (const { value, given } of items.slice(0, MAX_FIELDS)) {
    if (value.kind === "nothing") continue;
    if (value.kind !== "map") {
      wrong({ key: entry.key, value }, "a list of fields, each with `name`", problems);
      continue;
    }
    const field = readField(value, given, problems);
    if (field === undefined) continue;
    if (!fields.has(field.name)) fields.set(field.name, field);
    else {
      problems.error("TB2051", value.spot, {
        what: `There are two fields with the name \`${clip(field.name)}\``,
        fix: "rename one of them",
      });
    }
  }
  return [...fields.values()];
}

function readField(map: MapTree, given: string | undefined, problems: Problems): DeclaredField | undefined {
  const values = readKeys(map, FIELD, problems);
  const name = readText(values.name, problems)?.trim() ?? given;
  const displayName = readText(values.display_name, problems);
  const description = readText(values.description, problems);
  const type = readWord(values.type, FIELD_TYPES, "string, number or boolean", problems) ?? "string";
  const required = readFlag(values.required, problems);
  const expected = readFlag(values.expected_from_customer, problems);
  const secret = readFlag(values.is_secret, problems);
  const fallback = readDefault(values.default, type, problems);
  if (name === undefined) {
    if (values.name === undefined) {
      problems.error("TB2051", map.spot, { what: "A field has no `name`", fix: "write `name: …`" });
    }
    return undefined;
  }
  if (!NAME.test(name) || name.length > 100 || name in {}) {
    wrong(values.name ?? { key: "name", value: map }, "letters, digits, `_`, `-` and `.`", problems);
    return undefined;
  }
  return {
    name,
    ...(displayName !== undefined && { displayName }),
    ...(description !== undefined && { description }),
    type,
    required: required ?? fallback === undefined,
    expectedFromCustomer: expected ?? !OF_DEVELOPERS.has(name),
    secret: secret ?? isSecretName(name),
    ...(fallback !== undefined && { default: fallback }),
    isGiven: required !== undefined,
  };
}

function readDefault(entry: Entry | undefined, type: AuthField["type"], problems: Problems): string | undefined {
  if (entry === undefined) return undefined;
  const text = entry.value.kind === "text" && entry.value.text === "" ? "" : readText(entry, problems);
  if (text === undefined || text === "") return undefined;
  if (hasTemplate(text)) {
    problems.error("TB2052", entry.value.spot, {
      what: "A default must be a value, not a template",
      ...(entry.value.kind === "text" && { received: `\`${clip(text)}\`` }),
      fix: "write the value itself, or move the template to where the field is used, such as `proxy.base_url`",
    });
    return undefined;
  }
  const fits = type === "string" || (type === "number" ? Number.isFinite(Number(text)) : /^(?:true|false)$/.test(text));
  if (!fits) wrong(entry, type === "number" ? "a number, as `type` says" : "true or false, as `type` says", problems);
  return text;
}

/** The declared fields, plus the undeclared ones that the mode needs, each marked as required or not. */
export function completeFields(declared: readonly DeclaredField[], mode: Mode, used: ReadonlySet<string>): AuthField[] {
  const names = new Set(declared.map(({ name }) => name));
  const implied = impliedFields(mode, used).filter(({ name }) => !names.has(name));
  const own = declared.map(({ isGiven, ...field }) =>
    isGiven ? field : { ...field, required: field.required && used.has(field.name) },
  );
  return [...own, ...implied];
}
