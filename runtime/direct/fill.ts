// Templates of OAuth requests: text with `{{field}}` for fields of a connection.
import type { App } from "./app.js";
import { checkHost, type EndpointOptions, endpointUrl, reconnect, unauthorised } from "./token-endpoint.js";
import { fieldsIn, fill, fillUrl, hostPart, Unusable } from "./url.js";

export type Fields = Readonly<Record<string, string>>;

/** The templates with their fields filled in; those that use a missing field are left out. */
export function fillParameters(
  templates: Readonly<Record<string, string>> | undefined,
  fields: Fields,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(templates ?? {}).flatMap(([name, template]) => {
      const value = fill(template, lookUp(fields));
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/**
 * The address that a template stands for, safe to send a person to.
 * @param what its name in errors
 * @throws ToolbindCallError (TB5050) where a field is missing or does not fit its place, or the address is not https
 */
export function fillAddress(app: App, what: string, template: string, fields: Fields): URL {
  try {
    return endpointUrl(app, what, fillUrl(template, lookUp(fields)));
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    throw unauthorised(app, `its ${what} cannot be made, ${error.message}`, `${error.remedy}, or ${reconnect(app)}`);
  }
}

/**
 * The address of an endpoint that receives secrets.
 * @throws ToolbindCallError (TB5050) as {@link fillAddress}, and where fields lead to a host that is not public
 */
export async function fillEndpoint(
  app: App,
  what: string,
  template: string,
  fields: Fields,
  options: EndpointOptions,
): Promise<URL> {
  const url = fillAddress(app, what, template, fields);
  if (fieldsIn(hostPart(template)).length > 0) await checkHost(app, url, options);
  return url;
}

function lookUp(fields: Fields): (name: string) => string | undefined {
  return (name) => (Object.hasOwn(fields, name) && fields[name] !== "" ? fields[name] : undefined);
}
