import type { AuthField, AuthScheme } from "../../runtime/direct/app.js";

export type Mode = AuthScheme["mode"];
export type Grant = "authorization_code" | "client_credentials" | "password";

/** A mode, and for OAuth 2 the grant that its name implies. */
export interface NamedMode {
  readonly mode: Mode;
  readonly grant?: Grant;
}

/** Grants as files spell them, ignoring case and punctuation. */
export const GRANTS: Readonly<Record<string, Grant>> = {
  authorizationcode: "authorization_code",
  clientcredentials: "client_credentials",
  password: "password",
};

/** Modes as files spell them, ignoring case and punctuation. */
export const MODES: Readonly<Record<string, NamedMode>> = {
  oauth2: { mode: "OAUTH2" },
  oauth20: { mode: "OAUTH2" },
  oauth2cc: { mode: "OAUTH2", grant: "client_credentials" },
  oauth1: { mode: "OAUTH1" },
  oauth10: { mode: "OAUTH1" },
  oauth10a: { mode: "OAUTH1" },
  apikey: { mode: "API_KEY" },
  api: { mode: "API_KEY" },
  bearertoken: { mode: "BEARER_TOKEN" },
  bearer: { mode: "BEARER_TOKEN" },
  basic: { mode: "BASIC" },
  basicauth: { mode: "BASIC" },
  noauth: { mode: "NO_AUTH" },
  none: { mode: "NO_AUTH" },
};

/** Names that templates may use without declaring a field, because every connection of the mode has them. */
export const CREDENTIALS: Readonly<Record<Mode, readonly string[]>> = {
  NO_AUTH: [],
  API_KEY: ["api_key"],
  BEARER_TOKEN: ["token"],
  BASIC: ["username", "password"],
  OAUTH2: [
    "access_token",
    "refresh_token",
    "id_token",
    "token_type",
    "scope",
    "client_id",
    "client_secret",
    "code",
    "redirect_uri",
  ],
  OAUTH1: ["oauth_token", "oauth_token_secret", "oauth_verifier", "consumer_key", "consumer_secret"],
};

/**
 * Names that templates of a mode often use without declaring them, and what each stands for: one of the mode's
 * credentials, or a field that people fill in.
 */
export const UNDECLARED: Readonly<Record<Mode, Readonly<Record<string, string>>>> = {
  NO_AUTH: { base_url: "base_url" },
  API_KEY: { base_url: "base_url", access_token: "access_token", token: "token" },
  BEARER_TOKEN: { base_url: "base_url", access_token: "token", api_key: "token" },
  BASIC: { base_url: "base_url" },
  OAUTH2: { base_url: "base_url", api_key: "api_key" },
  OAUTH1: { base_url: "base_url", api_key: "api_key" },
};

const DISPLAY_NAMES: Readonly<Record<string, string>> = {
  api_key: "API key",
  access_token: "Access token",
  base_url: "Base URL",
  token: "Token",
  username: "User name",
  password: "Password",
};

/**
 * The fields of a mode whose credentials a person types in.
 * @param used the names in templates; if there are none, the runtime adds user name, password and token itself
 */
export function impliedFields(mode: Mode, used: ReadonlySet<string>): AuthField[] {
  if (mode === "OAUTH2" || mode === "OAUTH1") return [];
  const isPlaced = mode === "API_KEY" || used.size > 0;
  return CREDENTIALS[mode].filter((name) => !isPlaced || used.has(name)).map(credentialField);
}

/** The field of a credential that a person types in. */
export function credentialField(name: string): AuthField {
  const displayName = DISPLAY_NAMES[name];
  return {
    name,
    ...(displayName !== undefined && { displayName }),
    type: "string",
    required: true,
    expectedFromCustomer: true,
    secret: name !== "username" && name !== "base_url",
  };
}
