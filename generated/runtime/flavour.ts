/* eslint-disable */
// Copied by toolbind; changes are overwritten.
import type { ZodMiniType } from "zod/mini";

// From flavour.ts
// The one module that names a flavour of zod. `flavour.classic.ts` stands in its place when the configuration says so.

/** It takes what it gives: nothing that is judged is changed. */
export type ToolSchema<T> = ZodMiniType<T, T>;

export * from "zod/mini";
