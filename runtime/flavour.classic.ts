export * from "zod";
export type { ZodType as ToolSchema } from "zod";
