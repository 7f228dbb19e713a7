// A layer for `use` that asks the platform how to fix a failure, and adds that to the error.
import { isToolbindCallError, type ToolbindCallError } from "../errors.js";
import { type Scope, unlessAborted, within } from "./hooks.js";
import type { Middleware, ToolCall } from "../types.js";
import { describeRequest } from "../exchange.js";
import { keyOf, type Settings, settle } from "../settings.js";

const ASK_MS = 10_000;

export interface FixOptions {
  /** Auth configs (`ac_…`) by toolkit, to create links for. No link is requested for a toolkit without one. */
  readonly authConfigs?: Readonly<Record<string, string>> | undefined;
  /** Where a link leads after the user has connected. */
  readonly callbackUrl?: string | undefined;
  /** The calls whose errors it looks at. Default: all. */
  readonly scope?: Scope | undefined;
}

/**
 * If a user has no usable connection, adds a link to create one to the error; if a tool is gone, the newest version
 * that has it. Only failed calls cost an extra request; if that fails too, the error stays as it is.
 */
export function suggestFixes({ scope = {}, ...options }: FixOptions = {}): Middleware {
  return within(scope, async (call, next) => {
    try {
      return await next(call);
    } catch (error) {
      if (isToolbindCallError(error) && !call.tool.executor) {
        await fixOf(error, call, options).then(
          (fix) => fix && addFix(error, fix),
          () => {},
        );
      }
      throw error;
    }
  });
}

interface Fix {
  readonly remedy: string;
  readonly connectLink?: string;
}

async function fixOf(
  { status = 0, slug = "", message }: ToolbindCallError,
  { tool, options }: ToolCall,
  { authConfigs = {}, callbackUrl }: FixOptions,
): Promise<Fix | undefined> {
  const settings = settle(tool, options);
  if ([400, 404, 422].includes(status) && /connected.?account/i.test(`${slug} ${message}`)) {
    const { userId } = settings.identity;
    const authConfig = authConfigs[tool.toolkit];
    if (!userId || authConfig === undefined) return undefined;
    const wanted = { auth_config_id: authConfig, user_id: userId, ...(callbackUrl && { callback_url: callbackUrl }) };
    const { redirect_url: link } = await ask(settings, "connected_accounts/link", wanted);
    if (typeof link !== "string" || !/^https:\/\/\S+$/.test(link)) return undefined;
    return { connectLink: link, remedy: `open ${link} to connect ${tool.toolkit}, then call again` };
  }
  if (status !== 410 && !(status === 404 && /tool/i.test(slug))) return undefined;
  const { version } = await ask(settings, `tools/${encodeURIComponent(tool.slug)}?version=latest`);
  if (isVersion(version)) {
    return { remedy: `run toolbind upgrade ${tool.toolkit} --write, or pass version ${version}, which has the tool` };
  }
  const { meta } = await ask(settings, `toolkits/${encodeURIComponent(tool.toolkit)}?version=latest`);
  const newest = (meta as { readonly version?: unknown } | undefined)?.version;
  if (!isVersion(newest)) return undefined;
  return {
    remedy: `its newest version, ${newest}, lacks this tool: toolbind upgrade ${tool.toolkit} shows what replaces it`,
  };
}

function addFix(error: ToolbindCallError, { remedy, ...facts }: Fix): void {
  Object.assign(error, facts, { message: error.message.replace(/(?<=Fix: )[^]*$/, () => `${remedy}.`) });
}

/** What the platform answers; an empty object if it refuses. A body is posted. */
async function ask(settings: Settings, path: string, body?: object): Promise<Readonly<Record<string, unknown>>> {
  const { idempotencyKey: _key, ...call } = settings.call;
  const { url, headers } = describeRequest({ ...settings, call, path }, "", await keyOf(settings));
  const limit = AbortSignal.timeout(ASK_MS);
  const signal = call.signal ? AbortSignal.any([call.signal, limit]) : limit;
  signal.throwIfAborted();
  // Not called as a method, which browsers and workers refuse for `fetch`.
  const { fetch: carry } = settings;
  const [response, answer] = await unlessAborted(signal, async () => {
    const answered = await carry(url, {
      method: body ? "POST" : "GET",
      headers,
      ...(body && { body: JSON.stringify(body) }),
      redirect: "manual",
      signal,
      forToken: true,
    });
    return [answered, (await answered.json()) as unknown] as const;
  });
  return response.ok && typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>) : {};
}

function isVersion(value: unknown): value is string {
  return typeof value === "string" && /^\d{8}_\d+$/.test(value) && value !== "00000000_00";
}
