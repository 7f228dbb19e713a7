export type { Integration, IntegrationContext, IntegrationFile, IntegrationReading } from "./types.js";
