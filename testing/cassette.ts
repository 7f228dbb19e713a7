import { createHash } from "node:crypto";
import type { Fetch } from "../runtime/index.js";
import { errorResponse } from "./errors.js";
import { isObject } from "../generator/text/json.js";

/** One request and its answer, without secrets. Request headers are not kept. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly request: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly response: unknown;
}

/** Exchanges in order, suitable for `JSON.stringify` and version control. */
export interface Cassette {
  readonly exchanges: readonly Exchange[];
}

export interface RecordOptions {
  /** Sends the requests. Default: the global `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** Additional texts to remove. */
  readonly secrets?: readonly string[] | undefined;
}

export interface Recorder {
  /** For `createClient({ fetch })`. */
  readonly fetch: Fetch;
  readonly cassette: Cassette;
}

type Init = Parameters<Fetch>[1];

const BASE64 = "$base64";
/** Holds text that is not JSON although it is called so. */
const TEXT = "$text";
const REDACTED = "[redacted]";
const MOST_PLACES = 5;
/** What programs read of an answer: its type, where it leads, and how to go on. */
const KEPT_HEADER =
  /^(content-(type|disposition|range|language)|etag|last-modified|link|location|retry-after|(x-)?(request|correlation)-id|(x-)?rate-?limit(-.*)?|x-(total|page|per-page|next|prev)(-.*)?)$/;
const SECRET =
  /(^|_)(pass(word|wd|phrase)?|pwd|secret|token|api_?key|(access|private|secret|signing)_key|authorization|credentials?(_json)?|cookie|jwt|otp|signature|bearer)s?$/;
const CHARSET = /charset="?([^";\s]+)"?/i;
/** The scheme before a credential, which an answer may repeat without it. */
const SCHEME = /^\w+ +(?=\S+$)/;
const CURSOR = /(page|sync|next|prev|previous|continuation|cursor|start)_?token$/;
const TOKEN_SHAPES =
  /\b(gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|npm_\w{30,}|hf_\w{30,}|xox[abeprs]-[\w-]{10,}|[asrp]k[-_][\w-]{16,}|whsec_[\w+/=]{16,}|SG\.[\w-]{16,}\.[\w-]{16,}|A[KS]IA[0-9A-Z]{16}|AIza[\w-]{30,}|ya29\.[\w-]{10,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)/g;
const PRIVATE_KEY = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[^]*?-----END \1-----/g;
/** What follows the user in a URL, the scheme of a credential, or the start of a secret webhook URL. */
const AFTER =
  /(\b\w+:\/\/[^\s/:@"]*:(?=[^\s/@"]+@)|\b(?:Bearer|Basic) (?=\S*\d)|\bhooks\.slack\.com\/\w+\/|\bdiscord(?:app)?\.com\/api\/webhooks\/\d+\/)[^\s@"'\\]+/gi;
/** The start of a member with a string, in JSON inside a text, escaped any number of times. */
const MEMBER = /(?<!\\)(\\*")([\w-]+)\1\s*:\s*\1/g;
const SIGNED_QUERY = /([?&](?:x-amz-[\w-]+|x-goog-[\w-]+|sig|signature|token|access_token|api_key|key)=)[^&"\s]+/gi;
/** Form fields of token requests and responses. */
const TOKEN_FORM =
  /((?:^|[?&])(?:access_token|refresh_token|id_token|client_secret|code|code_verifier|password|oauth_token|oauth_token_secret)=)[^&"\s]+/gi;

/** Records requests and answers, without their secrets. An answer is kept as far as it is read, unless it breaks off. */
export function record({ fetch: carry = fetch, secrets = [] }: RecordOptions = {}): Recorder {
  const exchanges: Exchange[] = [];
  const turns: number[] = [];
  let requests = 0;
  return {
    cassette: { exchanges },
    fetch: async (url, init) => {
      const turn = requests++;
      const body = await bodyOf(init);
      const hidden = [...secrets, ...secretsOf(init), ...secretsIn(body)].filter((secret) => secret !== "");
      // One may contain another.
      hidden.sort((a, b) => b.length - a.length);
      const answer = await carry(url, init);
      const { pathname, search } = new URL(url);
      const chunks: Uint8Array[] = [];
      const exchange: Exchange = {
        method: init.method,
        path: scrubText(pathname + search, hidden),
        request: scrub(body, hidden),
        status: answer.status,
        headers: headersOf(answer, url, hidden),
        get response() {
          return scrub(contentOf(answer.headers.get("content-type") ?? "", Buffer.concat(chunks)), hidden);
        },
      };
      // In the order of the requests, whichever is answered first.
      const later = turns.findIndex((other) => other > turn);
      const place = later < 0 ? turns.length : later;
      turns.splice(place, 0, turn);
      exchanges.splice(place, 0, exchange);
      return watched(answer, chunks, () => {
        const at = exchanges.indexOf(exchange);
        turns.splice(at, 1);
        exchanges.splice(at, 1);
      });
    },
  };
}

/** The same answer, with the bytes that are read of it kept in `chunks`, so that a stream is not waited for. */
function watched(answer: Response, chunks: Uint8Array[], broken: () => void): Response {
  if (answer.body === null) return answer;
  const reader = answer.body.getReader();
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { value } = await reader.read();
          if (value === undefined) return controller.close();
          chunks.push(value);
          controller.enqueue(value);
        } catch (error) {
          broken();
          throw error;
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, answer);
}

function headersOf({ headers }: Response, url: string, hidden: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    [...headers].flatMap(([name, value]) => {
      if (!KEPT_HEADER.test(name)) return [];
      // What is kept of a text is UTF-8, and its host does not count.
      const kept =
        name === "content-type"
          ? value.replace(CHARSET, "charset=utf-8")
          : name === "location"
            ? pathTo(value, url)
            : value;
      return [[name, scrubText(kept, hidden)]];
    }),
  );
}

/** A redirect within the host, as a path. */
function pathTo(location: string, url: string): string {
  const { origin } = new URL(url);
  return location.startsWith(`${origin}/`) ? location.slice(origin.length) : location;
}

/**
 * Answers from a cassette, for `createClient({ fetch })`: equal requests are answered in the order in which they were recorded,
 * whatever they contain where something was removed.
 * A request that was not recorded, or not that often, fails with 501.
 */
export function replay({ exchanges }: Cassette): Fetch {
  const left = [...exchanges];
  return async (url, init) => {
    const { pathname, search } = new URL(url);
    const wanted = [init.method, pathname + search, await bodyOf(init)];
    const at = left.findIndex(({ method, path, request }) => fits([method, path, request], wanted));
    if (at < 0) {
      const message = `${init.method} ${pathname} ${whyNone(exchanges, wanted)}`;
      const details = { message, slug: "Cassette_NotRecorded", suggestedFix: "Record it again" };
      return errorResponse(501, details, "cassette");
    }
    const { status, headers, response } = left.splice(at, 1)[0] as Exchange;
    // These have no body, not even an empty one.
    const empty = status === 204 || status === 205 || status === 304;
    return new Response(empty ? null : contentFrom(response, headers), { status, headers });
  };
}

/** Why a request cannot be answered, without showing its values. */
function whyNone(exchanges: readonly Exchange[], [method, path, body]: readonly unknown[]): string {
  const same = exchanges.filter((kept) => fits([kept.method, kept.path], [method, path]));
  if (same.length === 0) return "was not recorded";
  const places = same.map(({ request }) => differences(request, body));
  const closest = places.reduce((least, each) => (each.length < least.length ? each : least));
  const times = places.filter((each) => each.length === 0).length;
  const often = times === 1 ? "once" : `${times} times`;
  if (times > 0) return `was recorded ${often} with this body, and is requested once more`;
  return `was not recorded with this body; the closest recorded one differs at ${closest.slice(0, MOST_PLACES).join(", ")}`;
}

/** The places where a value differs from a recorded one, as JSON pointers. */
function differences(kept: unknown, given: unknown, at = ""): string[] {
  if (fits(kept, given)) return [];
  if (!isObject(kept) || !isObject(given)) return [at || "its root"];
  const keys = new Set([...Object.keys(kept), ...Object.keys(given)]);
  return [...keys].flatMap((key) => {
    const place = `${at}/${key}`;
    const inBoth = Object.hasOwn(kept, key) && Object.hasOwn(given, key);
    return inBoth ? differences(kept[key], given[key], place) : [place];
  });
}

function secretsOf({ headers, secrets = [] }: Init): string[] {
  const keys = [...headers].flatMap(([name, value]) => (isSecret(name) ? forms(value) : []));
  return [...keys, ...secrets];
}

/** The part of a body that distinguishes requests; for bytes, their number and hash. */
async function bodyOf({ body, headers }: Init): Promise<unknown> {
  if (body === undefined || typeof body === "string") return parse(body ?? "");
  if (body instanceof ReadableStream) return "(a stream)";
  const type = headers.get("content-type") ?? "";
  const [, boundary] = /^multipart\/.*boundary=([^;]+)/i.exec(type) ?? [];
  if (boundary !== undefined) return (await body.text()).replaceAll(boundary, "boundary");
  const hash = createHash("sha256").update(new Uint8Array(await body.arrayBuffer()));
  return { bytes: body.size, sha256: hash.digest("hex") };
}

/** An answer's JSON or text, or its bytes in base64. */
function contentOf(type: string, bytes: Buffer): unknown {
  const isText = type === "" || /^text\/|json|xml|javascript|yaml|urlencoded/i.test(type);
  const text = isText ? textOf(type, bytes) : undefined;
  if (text === undefined) return { [BASE64]: bytes.toString("base64") };
  const value = parse(text);
  if (isJson(type)) return value === text ? { [TEXT]: text } : value;
  // Other text may be JSON too, and is kept so only if nothing is lost.
  return typeof value !== "string" && JSON.stringify(value) === text ? value : text;
}

/** Undefined where it is not text. */
function textOf(type: string, bytes: Uint8Array): string | undefined {
  const [, charset = "utf-8"] = CHARSET.exec(type) ?? [];
  try {
    return new TextDecoder(charset, { fatal: /^utf-?8$/i.test(charset) }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** As bytes, since a text would add a content type where there is none. */
function contentFrom(response: unknown, headers: Exchange["headers"]): Uint8Array<ArrayBuffer> {
  const { [BASE64]: bytes, [TEXT]: text } = isObject(response) ? response : {};
  if (typeof bytes === "string") return new Uint8Array(Buffer.from(bytes, "base64"));
  if (typeof text === "string") return new TextEncoder().encode(text);
  const isPlain = typeof response === "string" && !isJson(headers["content-type"] ?? "");
  return new TextEncoder().encode(isPlain ? response : JSON.stringify(response));
}

function isJson(type: string): boolean {
  return /json/i.test(type);
}

/** Why a value is secret: by its name, or as part of custom credentials; or that it contains such a part. */
type Secrecy = "named" | "credential" | "holder" | undefined;

/** The strings under secret names, and the parts of custom credentials, so that they can be removed wherever they are repeated. */
function secretsIn(value: unknown, secrecy?: Secrecy): string[] {
  if (typeof value === "string") return isHidden(secrecy) ? forms(value) : [];
  // Under a name, as `max_tokens`, a number is rarely a secret.
  if (typeof value === "number") return secrecy === "credential" ? forms(String(value)) : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretsIn(item, secrecy));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => secretsIn(inner, secrecyOf(key, value, secrecy)));
}

/** The forms in which a secret may be repeated; none if it is too short to be distinguished from other text. */
function forms(secret: string): string[] {
  return [secret, secret.replace(SCHEME, "")].filter(({ length }) => length > 5);
}

function scrub(value: unknown, hidden: readonly string[], secrecy?: Secrecy): unknown {
  if (typeof value === "string") return isHidden(secrecy) ? REDACTED : scrubText(value, hidden);
  if (typeof value === "number") return secrecy === "credential" || hidden.includes(String(value)) ? REDACTED : value;
  if (Array.isArray(value)) return value.map((item) => scrub(item, hidden, secrecy));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, scrub(inner, hidden, secrecyOf(key, value, secrecy))]),
  );
}

function scrubText(text: string, hidden: readonly string[]): string {
  const known = hidden.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
  const parts = [SIGNED_QUERY, TOKEN_FORM, AFTER].reduce((rest, shape) => rest.replace(shape, `$1${REDACTED}`), known);
  return scrubMembers(parts.replace(PRIVATE_KEY, REDACTED).replace(TOKEN_SHAPES, REDACTED));
}

/** Removes the strings under secret names from JSON inside a text, and leaves the rest unchanged. */
function scrubMembers(text: string): string {
  let scrubbed = "";
  let done = 0;
  for (const { 0: start, 1: quote = "", 2: name = "", index } of text.matchAll(MEMBER)) {
    const from = index + start.length;
    if (from < done || !isSecret(name)) continue;
    let to = text.indexOf(quote, from);
    while (to > from && text[to - 1] === "\\") to = text.indexOf(quote, to + 1);
    if (to === from) continue;
    scrubbed += text.slice(done, from) + REDACTED;
    done = to < 0 ? text.length : to;
  }
  return scrubbed + text.slice(done);
}

function isHidden(secrecy: Secrecy): boolean {
  return secrecy === "named" || secrecy === "credential";
}

function secrecyOf(key: string, holder: Readonly<Record<string, unknown>>, around: Secrecy): Secrecy {
  if (isHidden(around)) return around;
  if (around === "holder" && key === "body") return "credential";
  if (key === "custom_auth_params") return "holder";
  if (key === "val" || (key === "value" && "in" in holder && "name" in holder)) return "credential";
  return isSecret(key) ? "named" : undefined;
}

function isSecret(name: string): boolean {
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase();
  return SECRET.test(words) && !CURSOR.test(words);
}

/** Whether a value matches a recorded one. */
function fits(kept: unknown, given: unknown): boolean {
  if (kept === REDACTED && typeof given === "number") return true;
  if (typeof kept === "string" && kept.includes(REDACTED)) {
    const parts = kept.split(REDACTED).map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
    return typeof given === "string" && new RegExp(`^${parts.join("[^]*")}$`).test(given);
  }
  if (Array.isArray(kept)) {
    return Array.isArray(given) && kept.length === given.length && kept.every((item, at) => fits(item, given[at]));
  }
  if (!isObject(kept)) return kept === given;
  const keys = Object.keys(kept);
  if (!isObject(given) || keys.length !== Object.keys(given).length) return false;
  return keys.every((key) => Object.hasOwn(given, key) && fits(kept[key], given[key]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
