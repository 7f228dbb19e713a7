import type { ValidateFunction } from "ajv";
import { errorResponse, PlatformFailure, PlatformHttpError, type PlatformHttpErrorDetails } from "./errors.js";
import { sampleData } from "./sample.js";
import { compile } from "../generator/schema/ajv.js";
import { isObject } from "../generator/text/json.js";
import { BASE_VERSION, type PlatformTool } from "./snapshot.js";

/** What a handler receives about the call it answers. */
export interface HandlerContext<Input = Readonly<Record<string, unknown>>, Output = unknown> {
  readonly slug: string;
  /** Empty when the call came with `text`. */
  readonly arguments: Input;
  readonly text: string | undefined;
  readonly userId: string | undefined;
  readonly connectedAccountId: string | undefined;
  readonly version: string;
  readonly request: Request;
  /** A copy of the data that the tool would answer with without a handler. */
  readonly sample: () => Output;
}

/** Answers a call: with data, with a whole Response, or by throwing PlatformFailure or PlatformHttpError. */
export type PlatformHandler = (context: HandlerContext) => unknown;

/** Handlers by slug, typed through the emitted `ToolMap`. */
export type PlatformHandlers<M> = {
  readonly [Slug in keyof M]?: M[Slug] extends { readonly input: infer Input; readonly output: infer Output }
    ? (context: HandlerContext<Input, Output>) => Output | Response | Promise<Output | Response>
    : PlatformHandler;
};

export interface ExecuteOptions {
  readonly tools: ReadonlyMap<string, PlatformTool>;
  readonly handlers: Readonly<Record<string, PlatformHandler>>;
  readonly gone: readonly string[];
}

export interface ExecuteRequest {
  readonly slug: string;
  readonly body: unknown;
  readonly request: Request;
  readonly requestId: string;
  readonly logId: string;
}

/** The platform's execute endpoint, with the schemas compiled and the samples made when they are first needed. */
export function createExecute({ tools, handlers, gone }: ExecuteOptions): (call: ExecuteRequest) => Promise<Response> {
  const validators = new Map<string, ValidateFunction>();
  const samples = new Map<string, unknown>();

  const answer = async (call: ExecuteRequest): Promise<unknown> => {
    const { slug, request } = call;
    const tool = tools.get(slug);
    if (gone.includes(slug))
      throw refuse(410, 2410, "Tool_ToolGone", `Tool ${slug} has been deprecated and is no longer available`);
    if (tool === undefined) throw refuse(404, 2401, "Tool_ToolNotFound", `Tool ${slug} not found`);
    const body = checkBody(call.body);
    const version = asString(body["version"]) ?? BASE_VERSION;
    if (!hasVersion(tool, version)) {
      const fix = `Use one of: ${versionsOf(tool).join(", ")}`;
      throw refuse(404, 2401, "Tool_ToolNotFound", `Tool ${slug} not found at version ${version}`, {
        suggestedFix: fix,
      });
    }
    checkAccount(tool, body);
    const args = isObject(body["arguments"]) ? body["arguments"] : {};
    if (body["text"] === undefined) checkArguments(tool, args, validators);
    const sample = (): unknown => {
      if (!samples.has(slug)) samples.set(slug, sampleData(tool.output_parameters));
      return structuredClone(samples.get(slug));
    };
    const handler = Object.hasOwn(handlers, slug) ? handlers[slug] : undefined;
    if (handler === undefined) return sample();
    const text = asString(body["text"]);
    const userId = asString(body["user_id"]);
    const connectedAccountId = asString(body["connected_account_id"]);
    return handler({ slug, arguments: args, text, userId, connectedAccountId, version, request, sample });
  };

  return async (call) => {
    const { requestId, logId } = call;
    const headers = { "x-request-id": requestId };
    try {
      const data = await answer(call);
      if (data instanceof Response) return data;
      return Response.json({ data, error: null, successful: true, log_id: logId, session_info: null }, { headers });
    } catch (error) {
      if (error instanceof PlatformFailure) {
        const { data, message } = error;
        return Response.json(
          { data, error: message, successful: false, log_id: logId, session_info: null },
          { headers },
        );
      }
      if (error instanceof PlatformHttpError) return errorResponse(error.status, error.details, requestId);
      const message = error instanceof Error ? error.message : String(error);
      return errorResponse(500, { message, code: 500, slug: "Platform_InternalError" }, requestId);
    }
  };
}

function checkBody(body: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(body)) throw refuse(400, 400, "Request_InvalidBody", "The request body is not a JSON object");
  if ((body["arguments"] === undefined) === (body["text"] === undefined)) {
    const message = "Exactly one of arguments and text must be provided";
    throw refuse(400, 1801, "ActionExecute_InvalidParameters", message);
  }
  if (body["text"] === undefined && !isObject(body["arguments"])) {
    throw refuse(400, 1801, "ActionExecute_InvalidParameters", "arguments must be an object");
  }
  for (const name of ["connected_account_id", "user_id", "version", "text"]) {
    if (body[name] !== undefined && typeof body[name] !== "string") {
      throw refuse(400, 1801, "ActionExecute_InvalidParameters", `${name} must be a string`);
    }
  }
  return body;
}

function checkAccount(tool: PlatformTool, body: Readonly<Record<string, unknown>>): void {
  const identified = [
    body["user_id"],
    body["connected_account_id"],
    body["custom_auth_params"],
    body["custom_connection_data"],
  ];
  if (tool.no_auth === true || identified.some((each) => each !== undefined && each !== "")) return;
  const suggestedFix = "Provide user_id or connected_account_id";
  throw refuse(400, 1803, "ActionExecute_ConnectedAccountNotFound", "No connected account found", { suggestedFix });
}

function checkArguments(tool: PlatformTool, args: unknown, validators: Map<string, ValidateFunction>): void {
  const validate = validators.get(tool.slug) ?? compile(tool.input_parameters ?? true);
  validators.set(tool.slug, validate);
  if (validate(args)) return;
  const errors = (validate.errors ?? []).map(
    (error) => `${error.instancePath || "/"} ${error.message ?? "is invalid"}`,
  );
  throw refuse(400, 1802, "ActionExecute_InvalidArguments", `Invalid arguments for ${tool.slug}`, { errors });
}

/** A catalogue without dated versions says nothing about them, so every version is accepted. */
function hasVersion(tool: PlatformTool, version: string): boolean {
  const versions = versionsOf(tool);
  return version === "latest" || versions.length === 0 || versions.includes(version);
}

function versionsOf({ version, available_versions = [] }: PlatformTool): readonly string[] {
  return [...new Set([...(version === undefined ? [] : [version]), ...available_versions])].filter(
    (each) => each !== "latest",
  );
}

function refuse(
  status: number,
  code: number,
  slug: string,
  message: string,
  details: PlatformHttpErrorDetails = {},
): PlatformHttpError {
  return new PlatformHttpError(status, { ...details, code, slug, message });
}

function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
