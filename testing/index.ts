export { createManualClock, type ManualClock } from "./clock.js";
export { PlatformFailure, PlatformHttpError, type PlatformHttpErrorDetails } from "./errors.js";
export { type Platform, type PlatformOptions, type ReceivedRequest, startPlatform } from "./platform.js";
export { sampleFromSchema } from "./sample.js";
export type { HandlerContext, PlatformHandler } from "./execute.js";
export type { Fault, FaultSource, FaultyRequest } from "./faults.js";
export type { ListingRequest } from "./listing.js";
export type { PlatformRelease, PlatformSnapshot, PlatformTool } from "./snapshot.js";
