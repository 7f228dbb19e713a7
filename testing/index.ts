export { PlatformFailure, PlatformHttpError, type PlatformHttpErrorDetails } from "./errors.js";
export { type Platform, type PlatformOptions, type ReceivedRequest, startPlatform } from "./platform.js";
export { sampleFromSchema } from "./sample.js";
export type { HandlerContext, PlatformHandler } from "./execute.js";
export type { PlatformTool } from "./snapshot.js";
