/* eslint-disable */
// Copied by toolbind; changes are overwritten.
import { config } from "zod/v4/core";
import { acceptsOf } from "./accepts.js";
import type { ToolSchema } from "./flavour.js";
import { localeError } from "./messages.js";
import type { Schema } from "./z.js";

/** Builds a schema on first use. A locale that the program has set stays; zod/mini, which brings none, gets a small one. */
export function buildSchema(build: () => Schema): ToolSchema<unknown> {
  if (config().localeError === undefined) config({ localeError: localeError as never });
  const schema = build();
  const judge = schema as unknown as ToolSchema<unknown>;
  // Tools of an app share schemas, which the first of them has seen to.
  if (Object.hasOwn(schema, "safeParse")) return judge;
  const accepts = acceptsOf(schema);
  const { safeParse } = judge;
  judge.safeParse = (data, params) => (accepts(data) ? { success: true, data } : safeParse(data, params));
  return judge;
}
