// What servers answer to token requests; few follow the standard to the letter.
import type { CallErrorDetails } from "../errors.js";
import type { App, OAuth2Scheme } from "./app.js";
import type { Fields } from "./fill.js";
import type { Redactor } from "./redact.js";
import { type Answer, membersOf, reconnect, said, unauthorised } from "./token-endpoint.js";

export type Members = Readonly<Record<string, unknown>>;

/** What a token response contributes to a connection. */
export interface Grant {
  readonly fields: Fields;
  /** When `access_token` expires, in milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** Members of a token response that are fields of every connection. */
const TOKEN_FIELDS = ["access_token", "refresh_token", "id_token", "token_type", "scope", "expires_in"];
/** Limits on the parts of a field's name, and on the number of fields, that are kept of a response. */
const DEEPEST = 8;
const MOST_FIELDS = 100;
/** A hundred years; anything longer means that there is no end. */
const LONGEST_LIFE_S = 3_155_760_000;
/** Token types that need a proof with each request, which is not supported. */
const PROVEN = /^(dpop|pop|mac)$/;

/**
 * The members of a response that contains tokens.
 * @throws ToolbindCallError (TB5050) where it contains none
 */
export function grantedBy(
  app: App,
  scheme: OAuth2Scheme,
  answer: Answer,
  redactor: Redactor,
  userId?: string,
): Members {
  const { status } = answer;
  const again = reconnect(app, userId);
  const members = membersOf(answer);
  const details: CallErrorDetails = { status, retryable: status >= 500 || status === 429 };
  if (members === undefined) {
    const cause = `the token URL answered ${status} with ${answer.type} instead of tokens`;
    throw unauthorised(app, cause, status < 500 ? "check the token URL in integration.yaml" : "try later", details);
  }
  const source = sourceOf(scheme, members);
  if (status < 300 && source !== undefined) return { ...members, ...source };
  const text = said(members, redactor);
  const slug = typeof members["error"] === "string" ? text.split(",")[0] : undefined;
  const cause = `the token URL answered ${status}${text === "" ? "" : ` (${text})`}`;
  const remedies: Readonly<Record<string, string>> = {
    invalid_client: `check client_id and client_secret, then ${again}`,
    unauthorized_client: `check what the client may do, then ${again}`,
    invalid_scope: `correct the scopes, then ${again}`,
  };
  const remedy = remedies[slug ?? ""] ?? (details.retryable ? "try later" : again);
  throw unauthorised(app, cause, remedy, { ...details, slug });
}

/** The object that holds the access token: the response, or one within it that the scheme names, such as Slack's `authed_user`. */
function sourceOf({ tokenResponseMetadata = [] }: OAuth2Scheme, members: Members): Members | undefined {
  const names = tokenResponseMetadata.map((name) => name.replace(/\.access_token$/, ""));
  return [members, ...names.map((name) => memberAt(members, name))]
    .filter((each) => typeof each === "object" && each !== null)
    .map((each) => each as Members)
    .find(({ access_token: token }) => typeof token === "string" && token !== "");
}

/** The response in the form that the library, which is strict, accepts. */
export function standardised(members: Members): object {
  const { access_token, refresh_token, token_type } = members;
  const type = typeof token_type === "string" ? token_type.toLowerCase() : "";
  return {
    access_token,
    token_type: PROVEN.test(type) ? "proven" : "bearer",
    ...(typeof refresh_token === "string" && refresh_token !== "" && { refresh_token }),
  };
}

/** What a connection keeps of a response. */
export function grantOf(scheme: OAuth2Scheme, members: Members, now: () => number): Grant {
  const fields: Record<string, string> = {};
  for (const name of [...TOKEN_FIELDS, ...(scheme.tokenResponseMetadata ?? [])]) {
    collect(fields, name, Object.hasOwn(members, name) ? members[name] : memberAt(members, name));
  }
  const lifetime = Number.parseFloat(fields["expires_in"] ?? "");
  return { fields, ...(lifetime > 0 && lifetime < LONGEST_LIFE_S && { expiresAt: now() + lifetime * 1000 }) };
}

/**
 * Keeps a value under its name, a list of texts with blanks between, and the members of an object each under its path;
 * anything too deep or beyond the limit is dropped.
 */
function collect(fields: Record<string, string>, name: string, given: unknown): void {
  if (name.split(".").length > DEEPEST || Object.keys(fields).length >= MOST_FIELDS) return;
  const value = Array.isArray(given) && given.every((each) => typeof each === "string") ? given.join(" ") : given;
  if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) collect(fields, `${name}.${key}`, inner);
  } else if (value !== undefined && value !== null && value !== "" && /^[\w.:-]+$/.test(name)) {
    fields[name] = String(value);
  }
}

function memberAt(members: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => {
    const isHere = typeof value === "object" && value !== null && Object.hasOwn(value, key);
    return isHere ? (value as Members)[key] : undefined;
  }, members);
}
