// Renewing connections: one renewal at a time, kept before it is used.
import type { AuthContext } from "./app.js";
import type { Connection, ConnectionStore } from "./connections.js";
import type { Fields } from "./fill.js";

/** The result of a renewal. */
interface Renewed {
  readonly fields: Fields;
  readonly expiresAt?: number;
}

/** Renewals under way, by what they renew. */
const underWay = new WeakMap<ConnectionStore, Map<string, Promise<Connection>>>();

/**
 * Renews the connection of a call. Concurrent calls share one renewal, which none of them can
 * abort for the others. A connection that another call or process has renewed since is used as it is.
 * @param ask requests new tokens for a connection
 */
export function renew(context: AuthContext, ask: (connection: Connection) => Promise<Renewed>): Promise<Connection> {
  const { app, scheme, userId, connection, store, signal } = context;
  const renewals = underWay.get(store) ?? new Map<string, Promise<Connection>>();
  underWay.set(store, renewals);
  const key = JSON.stringify([app.slug, userId, scheme.name, connection.fields]);
  let renewal = renewals.get(key);
  if (renewal === undefined) {
    const run = (): Promise<Connection> => renewAndKeep(context, ask);
    renewal = (store.exclusive?.(app.slug, userId, run) ?? run()).finally(() => renewals.delete(key));
    renewals.set(key, renewal);
  }
  return unlessAborted(renewal, signal);
}

/** The connection stored by now, if its access token is not the call's; undefined otherwise. */
export async function newerThan({
  app,
  scheme,
  userId,
  connection,
  store,
}: AuthContext): Promise<Connection | undefined> {
  const kept = await store.get(app.slug, userId);
  const token = kept?.fields["access_token"];
  if (!kept || kept.scheme !== scheme.name || !token || token === connection.fields["access_token"]) return undefined;
  return { ...kept, fields: { ...connection.fields, ...kept.fields } };
}

async function renewAndKeep(
  context: AuthContext,
  ask: (connection: Connection) => Promise<Renewed>,
): Promise<Connection> {
  const { app, scheme, userId, connection, store } = context;
  const newer = await newerThan(context);
  if (newer !== undefined && (newer.expiresAt ?? Infinity) > Date.now()) return newer;
  const current = newer ?? connection;
  const { fields, expiresAt } = await ask(current);
  const kept = await store.get(app.slug, userId);
  const result = { scheme: scheme.name, ...(expiresAt !== undefined && { expiresAt }) };
  // What comes from the client or the environment stays there.
  const own = kept?.scheme === scheme.name ? kept.fields : {};
  await store.set(app.slug, userId, { ...result, fields: { ...own, ...fields } });
  return { ...result, fields: { ...current.fields, ...fields } };
}

async function unlessAborted<T>(run: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
  });
  try {
    return await Promise.race([run, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
