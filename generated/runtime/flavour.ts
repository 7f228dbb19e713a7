/* eslint-disable */
// Copied by toolbind; changes are overwritten.
// From flavour.ts
// The one module that names a flavour of zod. `flavour.classic.ts` stands in its place when the configuration says so.

export * from "zod/mini";
export type { ZodMiniType as ToolSchema } from "zod/mini";
