import type { Connection } from "../../../runtime/connections.js";
import type { App } from "../../../runtime/direct/app.js";
import type { Route } from "../../../runtime/direct/route.js";
import type { ToolWithOptionalArgs } from "../../../runtime/tool.js";
import { ToolbindError } from "../../errors.js";
import { authorisersOf } from "../shared/authorisers.js";

/** Whether the app takes a connection, and the connection as it is then: asking may have renewed it. */
export type Check =
  | { readonly outcome: "works" | "skipped"; readonly connection: Connection }
  | { readonly outcome: "unknown"; readonly why: string; readonly connection: Connection };

/**
 * Asks the app who is calling, where it says how that is asked.
 * Throws a `ToolbindError` where it refuses the credentials.
 */
export async function checkConnection(app: App, connection: Connection, userId: string): Promise<Check> {
  if (app.currentUserEndpoint === undefined) return { outcome: "skipped", connection };
  const [{ createClient, memoryConnections }, { defineTool }, { direct }, z] = await Promise.all([
    import("../../../runtime/index.js"),
    import("../../../runtime/tool.js"),
    import("../../../runtime/direct/executor.js"),
    import("../../../runtime/z.js"),
  ]);
  const asked = endpointOf(app, app.currentUserEndpoint, connection.fields);
  if (asked === undefined) {
    return { outcome: "unknown", why: "its endpoint needs a field that the connection does not have", connection };
  }
  const { description, route } = asked;
  const callable = { ...description, authorisers: await authorisersOf(app) };
  const whoAmI = defineTool<ToolWithOptionalArgs<unknown, unknown>>("CURRENT_USER", () => ({
    toolkit: app.slug,
    version: null,
    description: "",
    hints: { readOnly: true },
    executor: direct(callable, () => route),
    input: () => z.unknown(),
    output: () => z.unknown(),
  }));
  const connections = memoryConnections();
  await connections.set(app.slug, userId, connection);
  const result = await whoAmI.safe({}, { client: createClient({ connections, userId }), validate: { output: "off" } });
  const now = (await connections.get(app.slug, userId)) ?? connection;
  if (result.successful) return { outcome: "works", connection: now };
  const { status, message } = result.error;
  if (status !== 401 && status !== 403) return { outcome: "unknown", why: message, connection: now };
  throw new ToolbindError("TB1010", {
    what: `${app.name} rejects these credentials (${status} from its current user endpoint), so they were not stored`,
    fix: "correct them, or store them anyway with `--no-check`",
  });
}

/** The app and the route that answer an endpoint: a path below the app's base URL, or a URL. */
function endpointOf(
  app: App,
  template: string,
  fields: Readonly<Record<string, string>>,
): { readonly description: App; readonly route: Route } | undefined {
  let lacks = false;
  const filled = template.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string, at: number) => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    lacks ||= value === undefined;
    return at === 0 ? (value ?? "").replace(/\/+$/, "") : encodeURIComponent(value ?? "");
  });
  if (lacks) return undefined;
  const accept = ["application/json", "*/*"];
  if (filled.startsWith("/")) return { description: app, route: { method: "GET", path: filled, accept } };
  if (!URL.canParse(filled)) return undefined;
  const { origin, pathname, search } = new URL(filled);
  const schemes = app.schemes.map((scheme) => {
    const { baseUrl: _, ...proxy } = scheme.proxy ?? {};
    return scheme.proxy === undefined ? scheme : { ...scheme, proxy };
  });
  return {
    description: { ...app, schemes, servers: [{ url: origin }] },
    route: { method: "GET", path: pathname + search, accept },
  };
}
