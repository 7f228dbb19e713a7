import type { Connection, KeptConnection, ManagedConnections } from "../connections.js";
import { Turns } from "./turns.js";

/** Keeps connections while the process runs. */
export function memoryConnections(): ManagedConnections {
  const kept = new Map<string, { readonly app: string; readonly userId: string; readonly connection: Connection }>();
  const turns = new Turns();
  const keyOf = (app: string, userId: string): string => JSON.stringify([app, userId]);
  return {
    get: (app, userId) => kept.get(keyOf(app, userId))?.connection,
    set: (app, userId, connection) => void kept.set(keyOf(app, userId), { app, userId, connection }),
    exclusive: (app, userId, run) => turns.take(keyOf(app, userId), run),
    list: async () => [...kept.values()].map(factsOf).sort(byAppAndUser),
    remove: async (app, userId) => kept.delete(keyOf(app, userId)),
  };
}

/** What may be shown of a connection. */
export function factsOf(kept: {
  readonly app: string;
  readonly userId: string;
  readonly connection: Connection;
}): KeptConnection {
  const { app, userId, connection } = kept;
  const { scheme, expiresAt } = connection;
  return { app, userId, scheme, ...(expiresAt !== undefined && { expiresAt }) };
}

export function byAppAndUser(a: KeptConnection, b: KeptConnection): number {
  return compare(a.app, b.app) || compare(a.userId, b.userId);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
