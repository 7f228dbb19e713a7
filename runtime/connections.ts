// What a program provides to access the apps that are called without a platform in between, and how far it trusts
// addresses; types only, so that the core can name them at no cost.

/** Which addresses may be fetched. */
export interface AddressOptions {
  /** Hosts (`files.internal:8443`) that are allowed even if they are private or lack https. */
  readonly allowHosts?: readonly string[] | undefined;
  /** Addresses of a host name, to be checked too; `resolveHost` of the module `node` asks the system. */
  readonly resolve?: ((hostname: string) => Promise<readonly string[]>) | undefined;
}

type FieldValue = string | number | boolean;

/**
 * Credentials of an app, by the names of its fields: `{ api_key: "…", subdomain: "acme" }`. A function is called before
 * each attempt. `authScheme`, `baseUrl`, `allowHosts` and `resolve` are not fields.
 */
export interface AppConnection extends AddressOptions {
  /** Name of the scheme. Default: the first that the tool accepts and whose required fields are all set. */
  readonly authScheme?: string;
  /** Replaces the app's own. Http is accepted on this machine, and for `allowHosts`. */
  readonly baseUrl?: string;
  readonly [field: string]:
    FieldValue | (() => FieldValue | Promise<FieldValue>) | AddressOptions["allowHosts"] | AddressOptions["resolve"];
}

/** Credentials of one user for one app, as they are kept. */
export interface Connection {
  /** Name of the app's scheme. */
  readonly scheme: string;
  /** By name: what a person entered, and what token responses contained. */
  readonly fields: Readonly<Record<string, string>>;
  /** When `access_token` expires, in milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** Where connections are kept. `userId` is `default` where no user is given. */
export interface ConnectionStore {
  get(app: string, userId: string): Connection | undefined | Promise<Connection | undefined>;
  /** Replaces the existing connection. */
  set(app: string, userId: string, connection: Connection): void | Promise<void>;
  /**
   * Runs a renewal while no other one of the same connection runs, also in other processes that share the store. Without it
   * renewals wait for each other only within a process, where they start from the same tokens.
   */
  exclusive?<T>(app: string, userId: string, run: () => Promise<T>): Promise<T>;
}

/** A store whose connections can be listed and removed, as `toolbind connect` needs. */
export interface ManagedConnections extends ConnectionStore {
  /** The connections without their credentials, sorted by app, then by user. */
  list(): Promise<readonly KeptConnection[]>;
  /** Whether there was one to remove. */
  remove(app: string, userId: string): Promise<boolean>;
}

export interface KeptConnection {
  readonly app: string;
  readonly userId: string;
  /** Name of the app's scheme. */
  readonly scheme: string;
  /** When `access_token` expires, in milliseconds since 1970. */
  readonly expiresAt?: number;
}
