/* eslint-disable */
// Copied by toolbind; changes are overwritten.
// What a program gives to be let in by the apps that are called without a platform in between, and how far it trusts
// addresses; types only, so that the core can name them at no cost.

/** Which addresses may be fetched. */
export interface AddressOptions {
  /** Hosts (`files.internal:8443`) that are allowed although they are private or have no https. */
  readonly allowHosts?: readonly string[] | undefined;
  /** Addresses of a host name, to be checked too; `resolveHost` of the module `node` asks the system. */
  readonly resolve?: ((hostname: string) => Promise<readonly string[]>) | undefined;
}

type FieldValue = string | number | boolean;

/**
 * Credentials of an app, by the names of its fields: `{ api_key: "…", subdomain: "acme" }`. A function is asked before
 * each attempt. `authScheme`, `baseUrl`, `allowHosts` and `resolve` are no fields.
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
  /**
   * Runs what renews a connection while nobody else does, in other processes too where they share the store. Without it
   * renewals wait for each other only within a process, where they start from the same tokens.
   */
  exclusive?<T>(app: string, userId: string, run: () => Promise<T>): Promise<T>;
}

/** A store that can be looked through and cleared, as `toolbind connect` needs it. */
export interface ManagedConnections extends ConnectionStore {
  /** What is kept, without any credential; by app, then by user. */
  list(): Promise<readonly KeptConnection[]>;
  /** Whether there was one. */
  remove(app: string, userId: string): Promise<boolean>;
}

export interface KeptConnection {
  readonly app: string;
  readonly userId: string;
  /** Name of the app's scheme. */
  readonly scheme: string;
  /** When `access_token` runs out, in milliseconds since 1970. */
  readonly expiresAt?: number;
}
