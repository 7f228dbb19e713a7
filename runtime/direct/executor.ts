// Carries out calls directly against an app's own API.
import { discard } from "../address.js";
import { type Exchange, request, unanswered } from "../attempts.js";
import { checkArguments, checkData, invalid } from "../validation.js";
import { isSecretName, isToolbindCallError } from "../errors.js";
import type { Executor, ToolCall } from "../types.js";
import { type CallSettings, settleCall } from "../settings.js";
import { type Access, accessOf, missingField } from "./access.js";
import { type Answer, readAnswer, readData } from "./answer.js";
import type { App, AuthContext, Authoriser } from "./app.js";
import { type Args, buildRequest, type BuiltRequest, sendsOnce } from "./build.js";
import type { Connection } from "./connections.js";
import type { Route } from "./route.js";
import { carry, type Sign } from "./transport.js";

const NO_CONTEXTS: readonly never[] = [];

/** Returns a function that gives the executor of one operation of an app, created on first use. The emitted code calls it; users need not. */
export function direct(app: App, routeOf: () => Route): () => Executor {
  let executor: Executor | undefined;
  return () => (executor ??= executorOf(app, routeOf()));
}

function executorOf(app: App, route: Route): Executor {
  return {
    format: route,
    call: async (call) => {
      const { tool } = call;
      const { settings, args } = prepare(call);
      const hints = { readOnly: /^(GET|HEAD|OPTIONS|QUERY)$/.test(route.method), ...tool.hints };
      const once = sendsOnce(args) ? { ...settings, retry: { attempts: 1 } } : settings;
      const exchanged = exchange(app, route, once, args);
      const answer = await request(once, hints, exchanged, (_, reply: Answer, attempts) =>
        readAnswer(app, settings, reply, attempts),
      );
      return checkData(tool, settings, answer);
    },
    preview: async (call) => {
      const { settings, args } = prepare(call);
      const access = await accessOf(app, route, settings, true);
      const { method, url, headers, body, redactor } = await buildRequest(app, route, settings, args, access);
      const shown: Record<string, string> = {};
      headers.forEach((value, name) => {
        shown[name] = isSecretName(name) ? "[redacted]" : redactor.text(value);
      });
      const address = redactor.text(url.href).replaceAll("%5Bredacted%5D", "[redacted]");
      return { method, url: address, headers: shown, body: body && redactor.text(body.shown) };
    },
  };
}

/**
 * The settings of a call, and its checked arguments.
 * @throws InputValidationError, ConfigurationError
 */
export function prepare({ tool, body, options }: ToolCall): { readonly settings: CallSettings; readonly args: Args } {
  const settings = settleCall({ facts: { toolSlug: tool.slug, version: tool.version ?? "" } }, options);
  const { facts } = settings;
  if ("text" in body)
    throw invalid(facts, "text works only through the platform, and this tool's app is called directly");
  const args: unknown = body.arguments ?? {};
  try {
    checkArguments(tool, settings, args);
  } catch (error) {
    throw isToolbindCallError(error) ? error : invalid(facts, "they nest too deeply or contain themselves");
  }
  if (typeof args !== "object" || args === null || Array.isArray(args)) throw invalid(facts, "they are not an object");
  return { settings, args: args as Args };
}

function exchange(app: App, route: Route, settings: CallSettings, args: Args): Exchange<Answer> {
  const { clock, facts } = settings;
  let recovered = false;
  return async (signal, onSend) => {
    const contextsOf = (access: Access): readonly (readonly [Authoriser, AuthContext])[] => {
      const { authorisers } = app;
      if (!authorisers) return NO_CONTEXTS;
      return access.schemes.flatMap((scheme) => {
        const authoriser = authorisers[scheme.mode];
        const { userId, store, address } = access;
        const connection = connectionOf(access, scheme.name);
        return authoriser
          ? [[authoriser, { app, scheme, userId, connection, store, fetch: settings.fetch, signal, address, facts }]]
          : [];
      });
    };
    let access = await accessOf(app, route, settings, false);
    for (const [authoriser, context] of contextsOf(access)) {
      const connection = await authoriser.prepare?.({
        ...context,
        connection: connectionOf(access, context.scheme.name),
      });
      if (connection) access = renewed(access, connection);
    }
    for (;;) {
      const lacking = access.schemes.find(({ mode }) => mode === "OAUTH2") && !access.fields["access_token"];
      if (lacking) throw missingField(app, "access_token", access.userId, facts);
      const built = await buildRequest(app, route, settings, args, access);
      const contexts = contextsOf(access);
      const sign: Sign | undefined = contexts.some(([authoriser]) => authoriser.sign)
        ? async (request) => {
            for (const [authoriser, context] of contexts) await authoriser.sign?.(request, context);
          }
        : undefined;
      const { sent, end } = endable(built, facts);
      let start: number;
      let response: Response;
      try {
        signal.throwIfAborted();
        start = clock.performance.now();
        onSend();
        response = await carry(sent, settings, signal, sign);
      } catch (error) {
        end(error);
        throw error;
      }
      // An app that refuses may do so before it has received all.
      if (!response.ok) end("refused by the app");
      if (response.status === 401 && !recovered && !(built.body?.content instanceof ReadableStream)) {
        recovered = true;
        const renewal = await recover(contexts, response);
        if (renewal) {
          access = renewed(access, renewal);
          continue;
        }
      }
      const data = await read(response, route, settings, built.url.origin, signal, (cause) =>
        built.redactor.cause(cause),
      );
      return { response, data, durationMs: clock.performance.now() - start, redactor: built.redactor };
    }
  };
}

/**
 * The request, and what ends a stream that it sends, so that its source can close what it reads. Not every `fetch` does so
 * when it ends early.
 * @throws InputValidationError for a stream that someone else reads
 */
function endable(
  request: BuiltRequest,
  facts: CallSettings["facts"],
): { readonly sent: BuiltRequest; readonly end: (reason: unknown) => void } {
  const { body } = request;
  if (!(body?.content instanceof ReadableStream)) return { sent: request, end: () => {} };
  if (body.content.locked) throw invalid(facts, "their stream is being read already");
  const controller = new AbortController();
  const content = body.content.pipeThrough(new TransformStream<Uint8Array, Uint8Array>(), controller);
  return { sent: { ...request, body: { ...body, content } }, end: (reason) => controller.abort(reason) };
}

async function recover(
  contexts: readonly (readonly [Authoriser, AuthContext])[],
  response: Response,
): Promise<Connection | undefined> {
  try {
    for (const [authoriser, context] of contexts) {
      const refusal = new Response(null, { status: response.status, headers: response.headers });
      const renewal = await authoriser.recover?.(context, refusal);
      if (!renewal) continue;
      discard(response);
      return renewal;
    }
    return undefined;
  } catch (error) {
    discard(response);
    throw error;
  }
}

async function read(
  response: Response,
  route: Route,
  settings: CallSettings,
  origin: string,
  signal: AbortSignal,
  shown: (cause: unknown) => unknown,
): Promise<unknown> {
  try {
    return await readData(response, route, settings);
  } catch (cause) {
    if (isToolbindCallError(cause)) throw cause;
    signal.throwIfAborted();
    throw unanswered(settings, origin, shown(cause));
  }
}

function connectionOf({ fields, expiresAt }: Access, scheme: string): Connection {
  return { scheme, fields, ...(expiresAt !== undefined && { expiresAt }) };
}

function renewed(access: Access, { fields, expiresAt }: Connection): Access {
  return { ...access, fields: { ...access.fields, ...fields }, expiresAt };
}
