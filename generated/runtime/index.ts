/* eslint-disable */
// Copied by toolbind; changes are overwritten.
export { type Client, configure, createClient } from "./client.js";
export {
  AbortError,
  AuthenticationError,
  BadGatewayError,
  BadRequestError,
  ConfigurationError,
  ConnectionError,
  GoneError,
  InputValidationError,
  InternalServerError,
  MissingIdentityError,
  NotFoundError,
  NotImplementedError,
  OutputValidationError,
  PayloadTooLargeError,
  PermissionDeniedError,
  RateLimitError,
  RequestTimeoutError,
  ServiceUnavailableError,
  StatusError,
  TimeoutError,
  ToolExecutionError,
  UnexpectedResponseError,
  UnprocessableEntityError,
  VersionError,
} from "./error-classes.js";
export { type CallErrorCode, type CallErrorDetails, isToolbindCallError, ToolbindCallError } from "./errors.js";
export type {
  CallOptions,
  ClientOptions,
  ConnectionHost,
  CustomAuthParams,
  CustomConnectionData,
  Drift,
  Fetch,
  KeySource,
  ResponseEnvelope,
  ResponseFacts,
  SafeResult,
  Validation,
} from "./options.js";
export {
  defineTool,
  type Tool,
  type ToolDefinition,
  type ToolFacts,
  type ToolHints,
  type ToolWithOptionalArgs,
} from "./tool.js";
export type { ValidationIssue } from "./validation.js";
