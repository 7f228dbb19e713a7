import * as z from "zod";
import type { ToolbindConfig } from "./types.js";

const path = z.string().min(1);
const url = z.string().regex(/^[A-Za-z][A-Za-z0-9+.-]*:./, "a URL such as `https://example.com/schemas`");

const selection = z.strictObject({
  version: z
    .string()
    .regex(/^(?!0{8}_)\d{8}_\d{2}$/, "a dated version such as `20250906_01`")
    .optional()
    .describe("The pin; the snapshot must contain this version."),
  tools: z
    .array(z.string().min(1))
    .optional()
    .describe("Globs over tool slugs (`GITHUB_*_ISSUE*`); a tool must match one. Default: all tools."),
  tags: z.array(z.string().min(1)).optional().describe("A tool must have one of these tags (case-sensitive)."),
  exclude: z.array(z.string().min(1)).optional().describe("Globs over tool slugs to leave out."),
  names: z.record(z.string(), z.string().min(1)).optional().describe("Names to give to tools, by slug."),
});

const schema = z.strictObject({
  output: path.optional().describe("The output folder. Default `generated`."),
  snapshot: path.optional().describe("The folder that pulled toolkits are stored in. Default `specs/composio`."),
  apps: z
    .array(path)
    .optional()
    .describe('Folders of custom apps; `*` and `?` match any characters of a name. Default `["specs/apps/*"]`.'),
  toolkits: z
    .record(z.string(), z.union([z.literal(true), selection]))
    .optional()
    .describe("The toolkits to generate, by slug. Default: all in the snapshot."),
  zod: z
    .enum(["mini", "classic"])
    .optional()
    .describe("Flavour of zod that the emitted validators use. Default `mini`."),
  emit: z
    .enum(["ts", "js"])
    .optional()
    .describe("`ts` (default) writes TypeScript; `js` writes JavaScript with declarations."),
  importExtension: z
    .enum([".js", ".ts", ""])
    .optional()
    .describe("How emitted files import each other. Default `.js`."),
  runtime: z
    .enum(["copy", "package"])
    .optional()
    .describe("`copy` (default) copies the runtime into the output; `package` imports it from `toolbind/runtime`."),
  validate: z
    .strictObject({
      input: z
        .enum(["strict", "off"])
        .optional()
        .describe("`strict` (default): invalid arguments throw before anything is sent. `off`: they are sent."),
      output: z
        .enum(["off", "warn", "strict"])
        .optional()
        .describe("`warn` (default): drift goes to the `onDrift` hook. `strict`: it throws. `off`: it is not checked."),
    })
    .optional()
    .describe("The defaults built into the client."),
  formats: z
    .enum(["annotate", "assert"])
    .optional()
    .describe("`annotate` (default): a schema's `format` is a comment. `assert`: values are checked against it."),
  patterns: z
    .enum(["accept", "check"])
    .optional()
    .describe(
      "`accept` (default), or `check`: a tool with a regular expression that may never finish is left out. Needs the package `recheck`.",
    ),
  schemaMap: z
    .record(url, path)
    .optional()
    .describe("Local folders for URLs, for schemas that refer to other documents."),
  templates: path
    .optional()
    .describe("Folder of Handlebars templates that override the built-in ones of the same name."),
  platform: z
    .strictObject({
      baseUrl: z
        .string()
        .refine(isHttpUrl, "an `http` or `https` URL")
        .optional()
        .describe("The platform's address; default `https://backend.composio.dev`."),
      headers: z
        .record(z.string(), z.string())
        .optional()
        .describe("Headers that `toolbind pull` sends; `${NAME}` is replaced by an environment variable."),
      proxy: z
        .string()
        .min(1)
        .optional()
        .describe(
          "The proxy to the platform, instead of the one from HTTPS_PROXY; `${NAME}` is replaced by an environment variable.",
        ),
      concurrency: z
        .number()
        .refine((count) => Number.isInteger(count) && count >= 1 && count <= 32, "a whole number from 1 to 32")
        .meta({ type: "integer", minimum: 1, maximum: 32 })
        .optional()
        .describe("How many requests `toolbind pull` makes at once. Default 8."),
    })
    .optional()
    .describe("The tool platform."),
});

type Exactly<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
type WithoutUndefined<T> = T extends readonly (infer Item)[]
  ? readonly WithoutUndefined<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: WithoutUndefined<Exclude<T[Key], undefined>> }
    : T;
// Fails to compile when the schema and the type part ways.
true satisfies Exactly<WithoutUndefined<z.output<typeof schema>>, WithoutUndefined<ToolbindConfig>>;

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

export type ConfigIssue = z.core.$ZodIssue;

/** The faults of a configuration, if any. */
export function configIssues(value: unknown): readonly ConfigIssue[] {
  return schema.safeParse(value).error?.issues ?? [];
}

/** The keys that an object at this path of a configuration may have; undefined where it may have any. */
export function keysAt(keyPath: readonly PropertyKey[]): readonly string[] | undefined {
  const [first] = keyPath;
  if (keyPath.length === 0) return Object.keys(schema.shape);
  if (first === "toolkits" && keyPath.length === 2) return Object.keys(selection.shape);
  if (first === "validate" && keyPath.length === 1) return Object.keys(schema.shape.validate.unwrap().shape);
  if (first === "platform" && keyPath.length === 1) return Object.keys(schema.shape.platform.unwrap().shape);
  return undefined;
}

/** The JSON Schema of `toolbind.config.json` and `.yaml`, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  const { properties, ...rest } = z.toJSONSchema(schema, { target: "draft-7" });
  return {
    ...rest,
    title: "toolbind configuration",
    properties: {
      $schema: { type: "string", description: "The schema that editors check this file against." },
      ...properties,
    },
  };
}
