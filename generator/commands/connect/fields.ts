import { readFileSync } from "node:fs";
import type { App, AuthField, AuthScheme } from "../../../runtime/direct/app.js";
import { variableOf } from "../../../runtime/direct/access.js";
import { nearest } from "../../../runtime/nearest.js";
import { ToolbindError } from "../../errors.js";

/** A value of a field, and where it is from. */
export interface Given {
  readonly value: string;
  readonly from: "option" | "stdin" | "environment" | "person" | "default";
}

export type GivenFields = ReadonlyMap<string, Given>;

/** Every field that a connection of a scheme takes: those that it declares, and those of its mode. */
export function fieldsOf(scheme: AuthScheme): readonly AuthField[] {
  const declared = new Set(scheme.fields.map(({ name }) => name));
  return [...scheme.fields, ...fieldsOfMode(scheme, declared).filter(({ name }) => !declared.has(name))];
}

function fieldsOfMode(scheme: AuthScheme, declared: ReadonlySet<string>): AuthField[] {
  if (scheme.mode === "OAUTH2") {
    const { grant = "authorization_code" } = scheme;
    return [
      ofDeveloper("client_id", "Client ID", { required: grant !== "password", secret: false }),
      ofDeveloper("client_secret", "Client secret", { required: grant === "client_credentials", secret: true }),
      ...(grant === "password" ? [ofCustomer("username", "User name", false), ofCustomer("password", "Password")] : []),
    ];
  }
  if (scheme.mode === "OAUTH1") {
    if (declared.has("client_id") && declared.has("client_secret")) return [];
    return [
      ofDeveloper("consumer_key", "Consumer key", { required: true, secret: false }),
      ofDeveloper("consumer_secret", "Consumer secret", { required: true, secret: true }),
    ];
  }
  // Where a scheme places its fields itself, it declares them.
  if (scheme.proxy !== undefined || declared.size > 0) return [];
  if (scheme.mode === "BASIC") return [ofCustomer("username", "User name", false), ofCustomer("password", "Password")];
  return scheme.mode === "BEARER_TOKEN" ? [ofCustomer("token", "Token")] : [];
}

function ofDeveloper(
  name: string,
  displayName: string,
  facts: { readonly required: boolean; readonly secret: boolean },
): AuthField {
  return { name, displayName, type: "string", expectedFromCustomer: false, ...facts };
}

function ofCustomer(name: string, displayName: string, secret = true): AuthField {
  return { name, displayName, type: "string", required: true, expectedFromCustomer: true, secret };
}

/** Values of fields as `name=value`, which must not be secrets: others can read a command line. */
export function readFieldOptions(app: App, fields: readonly AuthField[], options: readonly string[]): GivenFields {
  return new Map(
    options.map((option) => {
      const [name = "", value] = option.split(/=(.*)/s);
      const field = named(fields, name, "`--field`");
      if (value === undefined) throw mistaken(`\`--field ${name}\` has no value`, `write \`--field ${name}=VALUE\``);
      if (field.secret) {
        const fix = `set ${variableOf(app, name)}, or pass it on standard input with \`--stdin\``;
        throw mistaken(`\`--field ${name}\` would reveal a secret to anyone who lists this machine's processes`, fix);
      }
      return [name, { value: valueOf(field, value), from: "option" }] as const;
    }),
  );
}

/** Values of fields as a JSON object on standard input. */
export function readFieldsFromStdin(fields: readonly AuthField[]): GivenFields {
  const text = readFileSync(0, "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    // What was read may be a secret, so no part of it is shown.
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw mistaken("Standard input contains no fields", 'pass them as JSON, such as {"api_key": "…"}');
  }
  return new Map(
    Object.entries(value).map(([name, each]: [string, unknown]) => {
      const field = named(fields, name, "Standard input");
      const isScalar = typeof each === "string" || typeof each === "number" || typeof each === "boolean";
      if (!isScalar)
        throw mistaken(`The field ${name} on standard input is not of type ${field.type}`, `pass a ${field.type}`);
      return [name, { value: valueOf(field, String(each)), from: "stdin" }] as const;
    }),
  );
}

export function readEnvironment(app: App, fields: readonly AuthField[]): GivenFields {
  return new Map(
    fields.flatMap((field) => {
      const value = process.env[variableOf(app, field.name)]?.trim();
      return value ? [[field.name, { value: valueOf(field, value), from: "environment" }] as const] : [];
    }),
  );
}

export function defaultsOf(fields: readonly AuthField[]): GivenFields {
  return new Map(
    fields.flatMap((field) =>
      field.default === undefined ? [] : [[field.name, { value: field.default, from: "default" }] as const],
    ),
  );
}

/** Throws a `ToolbindError` that says how to give what is missing. */
export function checkComplete(app: App, fields: readonly AuthField[], given: GivenFields): void {
  const missing = fields.filter(({ name, required }) => required && !given.get(name)?.value);
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name);
  const variables = names.map((name) => variableOf(app, name)).join(" and ");
  throw new ToolbindError("TB1007", {
    what: `${app.name} needs ${names.join(" and ")}`,
    fix: `set ${variables}, pass them as JSON with \`--stdin\`, or run this in a terminal without \`--yes\``,
  });
}

/** What is wrong with a value; undefined where nothing is. */
export function faultIn({ type, required }: AuthField, value: string): string | undefined {
  if (value === "") return required ? "It is required." : undefined;
  if (type === "number" && !Number.isFinite(Number(value))) return "Give a number.";
  if (type === "boolean" && value !== "true" && value !== "false") return "Give true or false.";
  return /[\u0000-\u001f\u007f]/.test(value) ? "It contains a line break or another control character." : undefined;
}

function valueOf(field: AuthField, given: string): string {
  const value = given.trim();
  const fault = faultIn({ ...field, required: false }, value);
  if (fault === undefined) return value;
  throw mistaken(`The field ${field.name} has an invalid value`, fault);
}

function named(fields: readonly AuthField[], name: string, where: string): AuthField {
  const found = fields.find((field) => field.name === name);
  if (found !== undefined) return found;
  const names = fields.map((field) => field.name);
  const suggestion = nearest(name, names);
  throw mistaken(
    `${where} names a field that the scheme does not have, ${JSON.stringify(name)}`,
    suggestion === undefined ? `it has ${names.join(", ") || "none"}` : `did you mean \`${suggestion}\`?`,
  );
}

function mistaken(what: string, fix: string): ToolbindError {
  return new ToolbindError("TB1007", { what, fix });
}
