// What a program gives to be let in by the apps that are called without a platform in between; types only, so that the
// core can name them.
import type { AddressOptions } from "./address.js";

type FieldValue = string | number | boolean;

/**
 * Credentials of an app, by the names of its fields: `{ api_key: "…", subdomain: "acme" }`. A function is asked before
 * each call. `authScheme`, `baseUrl`, `allowHosts` and `resolve` are no fields.
 */
export interface AppConnection extends AddressOptions {
  /** Name of the scheme. Default: the first that the tool takes and whose required fields are all there. */
  readonly authScheme?: string;
  /** In place of the app's own. Http is taken on this machine, and for `allowHosts`. */
  readonly baseUrl?: string;
  readonly [field: string]:
    FieldValue | (() => FieldValue | Promise<FieldValue>) | AddressOptions["allowHosts"] | AddressOptions["resolve"];
}

/** Credentials of one user for one app, as they are kept. */
export interface Connection {
  /** Name of the app's scheme. */
  readonly scheme: string;
  /** By name: what a person gave, and what token responses brought. */
  readonly fields: Readonly<Record<string, string>>;
  /** When `access_token` runs out, in milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** Where connections are kept. `userId` is `default` where nobody is named. */
export interface ConnectionStore {
  get(app: string, userId: string): Connection | undefined | Promise<Connection | undefined>;
  /** Replaces the connection that was there. */
  set(app: string, userId: string, connection: Connection): void | Promise<void>;
}
