export type {
  AddressOptions,
  AppConnection,
  Connection,
  ConnectionStore,
  KeptConnection,
  ManagedConnections,
} from "../connections.js";

/** The user whose connection is used where nobody is named. */
export const DEFAULT_USER = "default";
