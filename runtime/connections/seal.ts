// How connections are written: encrypted as a whole, with AES-256-GCM.
import type { Connection } from "../connections.js";
import { builtin, refused } from "./system.js";

/** A connection and its owner. */
export interface Entry {
  readonly app: string;
  readonly userId: string;
  readonly connection: Connection;
}

/** What is written: everything but this frame is encrypted. */
export interface Sealed {
  readonly toolbind: "connections";
  readonly version: 1;
  /** Absent if the key is not a passphrase. */
  readonly salt?: string;
  readonly iv: string;
  readonly data: string;
}

export interface Key {
  readonly key: Awaited<ReturnType<typeof crypto.subtle.importKey>>;
  /** Absent if the key is not a passphrase. */
  readonly salt?: string;
}

const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 };
export const KEY_BYTES = 32;
const IV_BYTES = 12;
const SALT_BYTES = 16;
const SHORTEST_PASSPHRASE = 16;
/** The command that makes a key. */
export const MAKE_KEY = `node -p "crypto.randomBytes(32).toString('base64')"`;

/**
 * The key in a text: 32 bytes in base64, else a passphrase.
 * @param given the salt of the passphrase, where the file has one
 */
export async function importKey(secret: string, given: string | undefined): Promise<Key> {
  const raw = fromBase64(secret);
  const isRaw = raw?.length === KEY_BYTES;
  if (!isRaw && secret.length < SHORTEST_PASSPHRASE) {
    throw refused("the key is too short", `use 32 bytes in base64, which this prints: ${MAKE_KEY}`);
  }
  const salt = isRaw ? undefined : (given ?? toBase64(crypto.getRandomValues(new Uint8Array(SALT_BYTES))));
  const bytes = salt === undefined ? raw! : await stretch(secret, fromBase64(salt) ?? new Uint8Array());
  const key = await crypto.subtle.importKey("raw", bytes as never, "AES-GCM", false, ["encrypt", "decrypt"]);
  return salt === undefined ? { key } : { key, salt };
}

function stretch(passphrase: string, salt: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    builtin("node:crypto").scrypt(passphrase.normalize("NFKC"), salt, KEY_BYTES, SCRYPT, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

export async function seal(entries: readonly Entry[], { key, salt }: Key): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const frame = { toolbind: "connections", version: 1, ...(salt !== undefined && { salt }), iv: toBase64(iv) } as const;
  const text = new TextEncoder().encode(JSON.stringify(entries));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(frame) as never }, key, text);
  const sealed: Sealed = { ...frame, data: toBase64(new Uint8Array(data)) };
  return `${JSON.stringify(sealed, undefined, 2)}\n`;
}

export async function unseal(sealed: Sealed, { key }: Key, file: string): Promise<Entry[]> {
  const { data, ...frame } = sealed;
  try {
    const iv = fromBase64(frame.iv)!;
    const algorithm = { name: "AES-GCM", iv: iv as never, additionalData: bound(frame) as never };
    const text = await crypto.subtle.decrypt(algorithm, key, fromBase64(data)! as never);
    return JSON.parse(new TextDecoder().decode(text)) as Entry[];
  } catch {
    const remedy =
      "set TOOLBIND_CONNECTIONS_KEY to the key it was written with, unset it if the system's keyring has that key, or " +
      "remove the file and connect again";
    throw refused(`${file} cannot be decrypted: it was written with another key, or changed`, remedy);
  }
}

/** The frame is authenticated too, so that it cannot be changed. */
function bound({ toolbind, version, salt = "" }: Omit<Sealed, "data">): Uint8Array {
  return new TextEncoder().encode(JSON.stringify([toolbind, version, salt]));
}

export function parseSealed(text: string, file: string): Sealed {
  try {
    const value = JSON.parse(text) as Partial<Sealed> | null;
    const isText = (each: unknown): boolean => typeof each === "string" && fromBase64(each) !== undefined;
    const isWhole = isText(value?.iv) && isText(value?.data) && (value?.salt === undefined || isText(value.salt));
    if (value?.toolbind === "connections" && value.version === 1 && isWhole) return value as Sealed;
  } catch {
    // Said below.
  }
  throw refused(`${file} is not a connections file of this version`, "update toolbind, or name another file");
}

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Undefined if the text is not base64, in either alphabet. */
export function fromBase64(text: string): Uint8Array | undefined {
  const standard = text.trim().replaceAll("-", "+").replaceAll("_", "/");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(standard)) return undefined;
  try {
    return Uint8Array.from(atob(standard), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
