// The one module that names a flavour of zod. `flavour.classic.ts` stands in its place when the configuration says so.
import type { ZodMiniType } from "zod/mini";

export * from "zod/mini";

/** It takes what it gives: nothing that is judged is changed. */
export type ToolSchema<T> = ZodMiniType<T, T>;
