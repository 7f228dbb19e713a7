import { type Exchange, request } from "../runtime/attempts.js";
import { stateOf } from "../runtime/client.js";
import { type Answer, readAnswer, readData } from "../runtime/direct/answer.js";
import { prepare } from "../runtime/direct/executor.js";
import { Redactor } from "../runtime/direct/redact.js";
import { isBinary } from "../runtime/values.js";
import { checkData } from "../runtime/validation.js";
import type { AnswerFormat } from "../runtime/types.js";
import type { Middleware, Next } from "../runtime/index.js";
import { errorResponse, PlatformFailure, PlatformHttpError } from "./errors.js";
import type { MockCall } from "./mock-call.js";

/** For executors that do not say. */
const JSON_ANSWER: AnswerFormat = { method: "GET", accept: ["application/json"] };

/** A layer that answers with `respond` for apps that are called directly: no request is built, and no credentials are needed. */
export function answeringDirectly(respond: (call: MockCall) => unknown): Middleware {
  const answered: Next = async (call) => {
    const { tool, options } = call;
    const { settings, args } = prepare(call);
    const { format = JSON_ANSWER } = tool.executor?.() ?? {};
    const { userId = stateOf(options.client).options.userId } = options;
    const seen: MockCall = {
      slug: tool.slug,
      arguments: args,
      text: undefined,
      userId,
      connectedAccountId: undefined,
      version: tool.version ?? undefined,
    };
    const exchange: Exchange<Answer> = async (_signal, onSend) => {
      onSend();
      const start = settings.clock.performance.now();
      const said = await answerOf(() => respond(seen));
      const response = said instanceof Response ? said : new Response();
      const data = said instanceof Response ? await readData(said, format, settings) : asAnswered(said);
      return { response, data, durationMs: settings.clock.performance.now() - start, redactor: new Redactor(() => []) };
    };
    const answer = await request(settings, tool.hints, exchange, (_, reply, attempts) =>
      readAnswer({ slug: tool.toolkit }, settings, reply, attempts),
    );
    return checkData(tool, settings, answer);
  };
  return (call, next) => {
    const { tool } = call;
    const { executor } = tool;
    if (!executor) return next(call);
    const properties = {
      executor: { value: () => ({ ...executor(), call: answered }) },
      input: { get: () => tool.input },
      output: { get: () => tool.output },
    };
    return next({ ...call, tool: Object.create(tool, properties) as typeof tool });
  };
}

/** Bytes as they are, and anything else as JSON carries it, so that no caller gets what another may change. */
function asAnswered(said: unknown): unknown {
  return isBinary(said) ? said : (JSON.parse(JSON.stringify(said) ?? "null") as unknown);
}

async function answerOf(run: () => unknown): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof PlatformHttpError) return errorResponse(error.status, error.details, "mock");
    if (!(error instanceof PlatformFailure)) throw error;
    const { message, data } = error;
    return Response.json({ message, data }, { status: 500 });
  }
}
