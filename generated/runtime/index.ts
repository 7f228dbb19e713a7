/* eslint-disable */
// Copied by toolbind; changes are overwritten.
export { batch, type BatchCall, type BatchOptions, type BatchResult, limitConcurrency } from "./batch.js";
export type { Binary } from "./values.js";
export { type ToolClient, type ToolTypesOf, type UntypedOptions, withTools } from "./by-slug.js";
export type {
  CallOptions,
  Client,
  ClientOptions,
  Clock,
  ConnectionHost,
  CustomAuthParams,
  CustomConnectionData,
  Drift,
  Fetch,
  KeySource,
  Middleware,
  Next,
  ResponseEnvelope,
  ResponseFacts,
  Retry,
  SafeResult,
  ToolCall,
  ToolFacts,
  ToolHints,
  Validation,
} from "./types.js";
export { configure, createClient } from "./client.js";
export type {
  AddressOptions,
  AppConnection,
  Connection,
  ConnectionStore,
  KeptConnection,
  ManagedConnections,
} from "./connections.js";
export {
  AbortError,
  AuthenticationError,
  AuthorizationError,
  BadGatewayError,
  BadRequestError,
  ConfigurationError,
  ConnectionError,
  ConnectionStoreError,
  FileError,
  GoneError,
  HookError,
  InputValidationError,
  InternalServerError,
  MissingCredentialsError,
  MissingIdentityError,
  NotFoundError,
  NotImplementedError,
  OutputValidationError,
  PaginationError,
  PayloadTooLargeError,
  PermissionDeniedError,
  RateLimitError,
  RequestTimeoutError,
  ServiceUnavailableError,
  StatusError,
  TimeoutError,
  ToolExecutionError,
  UnexpectedResponseError,
  UnknownToolError,
  UnprocessableEntityError,
  VersionError,
} from "./error-classes.js";
export {
  type CallErrorCode,
  type CallErrorDetails,
  isToolbindCallError,
  ToolbindCallError,
  type ValidationIssue,
} from "./errors.js";
export { type FixOptions, suggestFixes } from "./layers/fixes.js";
export {
  after,
  before,
  type CallEnd,
  type CallStart,
  type Changes,
  type HookCall,
  type Hooks,
  hooksOf,
  observe,
  onError,
  type Scope,
  type ToolTypes,
} from "./layers/hooks.js";
export { fileArgument, fileUploads, type FileUploadsOptions } from "./files/arguments.js";
export {
  type DownloadableFile,
  downloadFile,
  type DownloadOptions,
  type FileDownload,
  type FileSource,
  type FileUpload,
  type UploadedFile,
  uploadFile,
  type UploadFileOptions,
  type UploadHook,
  type UploadOptions,
  withFileHandles,
  type WithFileHandles,
} from "./files/files.js";
export { memoryConnections } from "./connections/memory.js";
export { type LogEntry, logging, type LoggingOptions, type LogLevel } from "./layers/logging.js";
export { type PageOptions, type Pages, paginate } from "./paginate.js";
export { proxy, type ProxyOptions, type ProxyRequest, type ProxyResponse } from "./proxy.js";
export {
  type ArgumentsSchema,
  type DescribeOptions,
  describeTools,
  type Preset,
  type SchemaHook,
  type SchemaHooks,
  schemaHooksOf,
  type ToolDescription,
} from "./layers/schema-hooks.js";
export { defineTool, type Tool, type ToolDefinition, type ToolWithOptionalArgs } from "./tool.js";
