import type { Diagnostic, Place } from "../errors.js";
import type { App } from "../../runtime/direct/app.js";

/** A file, under the name that messages use. */
export interface IntegrationFile {
  readonly name: string;
  readonly text: string;
}

/** What `extends` may reach. */
export interface IntegrationContext {
  /**
   * The file at a path given by `extends`, which has forward slashes and no `..` beyond the root; undefined if there
   * is none. Must not read outside the app's folder and its siblings, nor use the network.
   */
  readonly readBeside: (path: string) => IntegrationFile | undefined;
}

/** What an `integration.yaml` says. */
export interface Integration {
  /** From `unique_key`: `^_?[a-z0-9][a-z0-9_-]{0,99}$`. */
  readonly slug?: string;
  readonly name?: string;
  readonly description?: string;
  /** An `https` URL, or a path in the app's folder. */
  readonly logo?: string;
  readonly categories: readonly string[];
  /** A URL. */
  readonly docs?: string;
  readonly app: Pick<App, "schemes" | "currentUserEndpoint" | "callbackUrl">;
  /** Where each scheme stands. */
  readonly places: readonly SchemePlace[];
}

export interface SchemePlace {
  readonly scheme: string;
  readonly at: Place;
  /** Its templates use an undeclared `base_url`. */
  readonly asksBaseUrl?: true;
}

export interface IntegrationReading {
  /** Undefined when a diagnostic is an error: a partial authentication is useless. */
  readonly integration: Integration | undefined;
  /** In file order. Each has a line and column, unless the file is too large to read. */
  readonly diagnostics: readonly Diagnostic[];
}
