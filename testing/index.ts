export type { CallFault, CallFaults, FaultyCall } from "./call-faults.js";
export { type Cassette, type Exchange, record, type Recorder, type RecordOptions, replay } from "./cassette.js";
export { createManualClock, type ManualClock } from "./clock.js";
export { PlatformFailure, PlatformHttpError, type PlatformHttpErrorDetails } from "./errors.js";
export type { MockCall } from "./mock-call.js";
export { createMockClient, type MockClient, type MockHandlers, type MockOptions } from "./mock.js";
export {
  type Execution,
  type Platform,
  type PlatformOptions,
  type ReceivedRequest,
  startPlatform,
} from "./platform.js";
export type { ProxiedRequest, ProxyAnswer, ProxyHandler } from "./proxy.js";
export { sampleFromSchema } from "./sample.js";
export type { HandlerContext, PlatformHandler, PlatformHandlers } from "./execute.js";
export type { Fault, FaultSource, FaultyRequest } from "./faults.js";
export type { ListingRequest } from "./listing.js";
export type { PlatformRelease, PlatformSnapshot, PlatformTool } from "./snapshot.js";
export type { StorageBackend, StoredFile } from "./storage.js";
