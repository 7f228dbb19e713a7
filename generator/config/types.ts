/** What is generated from one toolkit. */
export interface ToolkitSelection {
  /** The pin; the snapshot must contain this version. */
  readonly version?: string;
  /** Globs over tool slugs (`GITHUB_*_ISSUE*`); a tool must match one. Default: all tools. */
  readonly tools?: readonly string[];
  /** A tool must have one of these tags (case-sensitive). */
  readonly tags?: readonly string[];
  /** Globs over tool slugs to leave out. */
  readonly exclude?: readonly string[];
  /** Names to give to tools, by slug. */
  readonly names?: Readonly<Record<string, string>>;
}

export interface ValidationDefaults {
  /** `strict` (default): invalid arguments throw before anything is sent. `off`: they are sent as they are. */
  readonly input?: "strict" | "off";
  /** `warn` (default): drift is reported through the `onDrift` hook. `strict`: it throws. `off`: it is not checked. */
  readonly output?: "off" | "warn" | "strict";
}

export interface PlatformConfig {
  /** The platform's address, as an `http` or `https` URL. Default `https://backend.composio.dev`. The environment (`COMPOSIO_BASE_URL`) comes before it. */
  readonly baseUrl?: string;
  /** Sent along by `toolbind pull`. `${NAME}` stands for an environment variable, so that no secret is written here. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The proxy to the platform, in place of that of HTTPS_PROXY. `${NAME}` stands for an environment variable. */
  readonly proxy?: string;
  /** How many requests `toolbind pull` makes at once, from 1 to 32. Default 8. */
  readonly concurrency?: number;
}

export interface ToolbindConfig {
  /** The output folder. Default `generated`. */
  readonly output?: string;
  /** The folder that pulled toolkits are stored in. Default `specs/composio`. */
  readonly snapshot?: string;
  /** Folders of custom apps; `*` and `?` match any characters of a name. Default `["specs/apps/*"]`. */
  readonly apps?: readonly string[];
  /** The toolkits to generate, by slug. Default: all in the snapshot. */
  readonly toolkits?: Readonly<Record<string, true | ToolkitSelection>>;
  /** Flavour of zod that the emitted validators use. Default `mini`. */
  readonly zod?: "mini" | "classic";
  /** `ts` (default) writes TypeScript; `js` writes JavaScript with declarations. */
  readonly emit?: "ts" | "js";
  /** How emitted files import each other. Default `.js`. */
  readonly importExtension?: ".js" | ".ts" | "";
  /** `copy` (default) copies the runtime into the output; `package` imports it from `toolbind/runtime`. */
  readonly runtime?: "copy" | "package";
  readonly validate?: ValidationDefaults;
  /** `annotate` (default): a schema's `format` is a comment. `assert`: values are checked against it. */
  readonly formats?: "annotate" | "assert";
  /** `accept` (default), or `check`: a tool with a regular expression that may never finish is left out. Needs the package `recheck`. */
  readonly patterns?: "accept" | "check";
  /** Local folders for URLs, for schemas that refer to other documents. Nothing is ever fetched. */
  readonly schemaMap?: Readonly<Record<string, string>>;
  /** Folder of Handlebars templates that override the built-in ones of the same name. */
  readonly templates?: string;
  readonly platform?: PlatformConfig;
}

/** Types a configuration; returns it unchanged. */
export function defineConfig(config: ToolbindConfig): ToolbindConfig {
  return config;
}
