export type {
  AddressOptions,
  AppConnection,
  Connection,
  ConnectionStore,
  KeptConnection,
  ManagedConnections,
} from "../connections.js";

/** The user whose connection is used where no user is given. */
export const DEFAULT_USER = "default";
