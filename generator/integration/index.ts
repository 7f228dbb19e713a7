export type { Integration, IntegrationContext, IntegrationFile, IntegrationReading } from "./types.js";
export { filesBeside, readIntegrationFile } from "./beside.js";
export { findIntegration, INTEGRATION_FILES, type FoundIntegration } from "./find.js";
export { readIntegration } from "./read.js";
export { authenticationOf, fromSecuritySchemes, type Authentication } from "./security.js";
export { writeFirstIntegration } from "./write.js";
