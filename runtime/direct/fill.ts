// Templates of an app: text with `{{field}}` for fields of a connection.
import type { App } from "./app.js";
import { reconnect, unauthorised } from "./token-endpoint.js";

export type Fields = Readonly<Record<string, string>>;

const FIELD = /\{\{\s*([\w.-]+)\s*\}\}/g;
const HOST_PART = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i;

/** The templates with their fields filled in; those that name a field which is not there are left out. */
export function fillParameters(
  templates: Readonly<Record<string, string>> = {},
  fields: Fields,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(templates).flatMap(([name, template]) => {
      const isWhole = [...template.matchAll(FIELD)].every(([, field]) => Object.hasOwn(fields, field!));
      return isWhole ? [[name, template.replace(FIELD, (_, field: string) => fields[field]!)]] : [];
    }),
  );
}

/**
 * A URL with its fields filled in so that none can lead anywhere else: a field in front may be a whole address, one in
 * the host only a part of a host's name, and one behind it is encoded.
 * @throws ToolbindCallError (TB5050) where a field is missing or does not fit its place
 */
export function fillUrl(app: App, what: string, template: string, fields: Fields): string {
  return template.replace(FIELD, (_, field: string, at: number) => {
    const value = Object.hasOwn(fields, field) ? fields[field]! : "";
    if (value === "") throw unauthorised(app, `its ${what} needs the field ${field}`, reconnect(app));
    if (at === 0) return value.replace(/\/+$/, "");
    if (/^[^/]*\/\/[^/?#]*$/.test(template.slice(0, at))) {
      if (HOST_PART.test(value)) return value;
      throw unauthorised(app, `the field ${field} is no part of a host's name`, reconnect(app));
    }
    if (/^\.{1,2}$/.test(value)) throw unauthorised(app, `the field ${field} is no part of a path`, reconnect(app));
    return encodeURIComponent(value);
  });
}

/** Whether fields decide which host a URL leads to. */
export function isHostFilled(template: string): boolean {
  const at = template.search(FIELD);
  return at === 0 || (at > 0 && /^[^/]*\/\/[^/?#]*$/.test(template.slice(0, at)));
}
