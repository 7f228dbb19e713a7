/* eslint-disable */
// Copied by toolbind; changes are overwritten.
import {
  type AddressOptions,
  type Connection,
  type Fetch,
  type KeptConnection,
  type ManagedConnections,
  ToolbindCallError,
} from "./tool.js";

// From address.ts
// Addresses that come from data rather than from the program are fetched only where they are public, so that nobody
// can make a server read its own network.

const MOST_REDIRECTS = 5;
/** First address and prefix length of networks that are private, local, reserved or lead to IPv4. */
const PRIVATE_V4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];
/** Only this part of IPv6 is public; of it, these prefixes are not, or lead to IPv4. */
const PUBLIC_V6 = /^[23][\da-f]{3}:/;
const PRIVATE_V6 = /^(2001:(0|db8|[12][\da-f]?):|2001::|2002:|3fff:)/;
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|localdomain|home\.arpa|svc)$/;

/**
 * Fetches an address, following redirects, each checked before it is fetched.
 * @throws FileError where an address is not allowed
 */
export async function fetchPublic(
  address: string,
  { carry, signal, ...options }: AddressOptions & { readonly carry: Fetch; readonly signal: AbortSignal },
): Promise<Response> {
  for (let url = address, redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    await checkAddress(url, options);
    const response = await carry(url, { method: "GET", headers: new Headers(), redirect: "manual", signal });
    if (response.status < 300 || response.status > 399 || !response.headers.has("location")) return response;
    discard(response);
    const target = locationOf(response, url);
    if (!target) break;
    url = target.href;
  }
  throw fileRefused(`${hostOf(address)} redirects too often or nowhere`, "use its final address");
}

/** Where a redirect leads; undefined for nowhere. */
export function locationOf({ headers }: Response, from: string): URL | undefined {
  // Headers hold bytes, and an address that is not encoded is as well.
  const encode = (byte: string): string => `%${byte.charCodeAt(0).toString(16)}`;
  const location = headers.get("location")?.replace(/[\x80-\xff]/g, encode);
  return location !== undefined && URL.canParse(location, from) ? new URL(location, from) : undefined;
}

/** @throws FileError unless the address is https, without credentials, and public or allowed */
export async function checkAddress(address: string, options: AddressOptions): Promise<void> {
  const fault = await faultOf(address, options);
  if (fault) throw fileRefused(...fault);
}

/** Why an address may not be fetched, and what to do about it; undefined where it may. */
export async function faultOf(
  address: string,
  { allowHosts = [], resolve }: AddressOptions,
): Promise<readonly [cause: string, remedy: string] | undefined> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const hasCredentials = Boolean(url?.username || url?.password);
  if (url && !hasCredentials && /^https?:$/.test(url.protocol) && allowHosts.includes(url.host)) return undefined;
  if (url?.protocol !== "https:" || hasCredentials) {
    return [`${url ? hostOf(address) : "the address"} is not an https address`, "use one, without credentials"];
  }
  const hostname = url.hostname.replace(/\.$/, "").toLowerCase();
  const literal = hostname.includes(":") || hostname.startsWith("[") || /^[\d.]+$/.test(hostname);
  const named = !literal && hostname.includes(".") && !PRIVATE_NAME.test(hostname);
  // Without a way to look names up, one that seems public is assumed to be.
  let addresses: readonly string[] | undefined;
  try {
    addresses = literal ? [hostname] : named && resolve ? await resolve(hostname) : undefined;
  } catch (cause) {
    const { code } = (cause ?? {}) as { readonly code?: string };
    return [`${url.host} could not be looked up${code ? ` (${code})` : ""}`, "check the name and the network"];
  }
  if (addresses ? addresses.length > 0 && addresses.every(isPublic) : named) return undefined;
  return [`${url.host} is not a public host`, "add it to allowHosts if intended"];
}

/** Whether an IP address is reachable from everywhere. */
export function isPublic(address: string): boolean {
  const plain = address.replace(/^\[|\]$/g, "").toLowerCase();
  if (plain.includes(":")) {
    const url = `http://[${plain}]/`;
    const canonical = URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : "";
    return PUBLIC_V6.test(canonical) && !PRIVATE_V6.test(canonical);
  }
  const value = numberOf(plain);
  if (value === undefined) return false;
  return !PRIVATE_V4.some(([first, bits]) => value >>> (32 - bits) === numberOf(first)! >>> (32 - bits));
}

function numberOf(address: string): number | undefined {
  const bytes = address.split(".").map(Number);
  if (bytes.length !== 4 || bytes.some((byte) => !(Number.isInteger(byte) && byte >= 0 && byte <= 255)))
    return undefined;
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Lets go of a body. Not awaited, since that takes as long as someone reads a copy of the answer. */
export function discard({ body }: Response): void {
  body?.cancel().catch(() => {});
}

/** The host of an address, since the rest of it may hold a signature. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : "the address";
}

export function fileRefused(
  cause: string,
  remedy: string,
  details: { readonly cause?: unknown } = {},
): ToolbindCallError {
  return new ToolbindCallError("TB5040", ["could not handle a file", cause, remedy], details);
}

// From connections/turns.ts
/** Runs tasks with the same key one after the other. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  take<T>(key: string, run: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(key) ?? Promise.resolve()).then(run, run);
    this.#last.set(key, turn);
    const leave = (): void => {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    };
    turn.then(leave, leave);
    return turn;
  }
}

// From connections/memory.ts
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
