import type { ZodObject, ZodType } from "zod";

export * from "zod";

/** It takes what it gives: nothing that is judged is changed. */
export type ToolSchema<T> = ZodType<T, T>;

/** A method here is a function in zod/mini. */
export function catchall(object: ZodObject, rest: ZodType): ZodObject {
  return object.catchall(rest);
}
