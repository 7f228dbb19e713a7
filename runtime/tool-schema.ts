import type { ZodMiniType } from "zod/mini";

/** Input and output are the same: validation changes nothing. */
export type ToolSchema<T> = ZodMiniType<T, T>;
