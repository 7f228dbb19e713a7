import type { ZodMiniType } from "zod/mini";

/** It takes what it gives: nothing that is judged is changed. */
export type ToolSchema<T> = ZodMiniType<T, T>;
