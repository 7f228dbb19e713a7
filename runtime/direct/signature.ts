// The signatures of OAuth 1.0a (RFC 5849, section 3).
import type { OAuth1Scheme } from "./app.js";
import { pairsOf } from "./pairs.js";

export type SignatureMethod = NonNullable<OAuth1Scheme["signatureMethod"]>;

/** What is signed. */
export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  /** The body, where it is a form (`application/x-www-form-urlencoded`). No other body is part of a signature. */
  readonly form?: string;
}

export interface SigningKeys {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly token?: string;
  readonly tokenSecret?: string;
}

export interface SigningOptions {
  /** Default: `HMAC-SHA1`. */
  readonly method?: SignatureMethod;
  /** Protocol parameters in addition to the usual ones: `oauth_callback`, `oauth_verifier`. */
  readonly extra?: Readonly<Record<string, string>>;
  /** Default: random. */
  readonly nonce?: string;
  /** Seconds since 1970. Default: now. */
  readonly timestamp?: number;
}

const HASHES = { "HMAC-SHA1": "SHA-1", "HMAC-SHA256": "SHA-256" } as const;
const NONCE_BYTES = 16;

/** The value of the header `Authorization` that signs a request. */
export async function signedAuthorization(
  request: SignedRequest,
  keys: SigningKeys,
  { method = "HMAC-SHA1", extra = {}, nonce = randomNonce(), timestamp = Date.now() / 1000 }: SigningOptions = {},
): Promise<string> {
  const parameters: Record<string, string> = {
    oauth_consumer_key: keys.consumerKey,
    ...(keys.token !== undefined && { oauth_token: keys.token }),
    oauth_signature_method: method,
    oauth_timestamp: `${Math.floor(timestamp)}`,
    oauth_nonce: nonce,
    ...extra,
  };
  const key = `${encode(keys.consumerSecret)}&${encode(keys.tokenSecret ?? "")}`;
  const signature = method === "PLAINTEXT" ? key : await hmac(HASHES[method], key, baseString(request, parameters));
  const members = Object.entries({ ...parameters, oauth_signature: signature });
  return `OAuth ${members.map(([name, value]) => `${encode(name)}="${encode(value)}"`).join(", ")}`;
}

/** The text that a signature is made over (section 3.4.1). */
export function baseString(
  { method, url, form = "" }: SignedRequest,
  parameters: Readonly<Record<string, string>>,
): string {
  const { origin, pathname, search } = new URL(url);
  const pairs = [...pairsOf(search), ...pairsOf(form), ...Object.entries(parameters)]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  const normalised = pairs.map(([name, value]) => `${name}=${value}`).join("&");
  return [method.toUpperCase(), origin + pathname, normalised].map(encode).join("&");
}

/** Percent-encoding according to section 3.6: all but letters, digits and `-._~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** In byte order; the operands are encoded, so bytes and characters are the same. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function hmac(hash: "SHA-1" | "SHA-256", key: string, text: string): Promise<string> {
  const encoder = new TextEncoder();
  const imported = await crypto.subtle.importKey("raw", encoder.encode(key), { name: "HMAC", hash }, false, ["sign"]);
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", imported, encoder.encode(text)));
  return btoa(String.fromCharCode(...signature));
}

function randomNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
