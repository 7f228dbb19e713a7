import type { ZodObject, ZodType } from "zod";

export * from "zod";
export type { ZodType as ToolSchema } from "zod";

/** A method here is a function in zod/mini. */
export function catchall(object: ZodObject, rest: ZodType): ZodObject {
  return object.catchall(rest);
}
