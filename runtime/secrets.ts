import type { CallOptions } from "./types.js";

const SECRET_NAME = /pass|pwd|secret|token|key|auth|cred|cookie|sign|bearer|private|session|jwt|otp/i;
const JSON_STRINGS = /:"((?:[^"\\]|\\.){6,})"/g;

/** Whether values under this name are better not shown. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** JSON or other text without the key and without the longer strings of a call's custom credentials. */
export function blackOut(text: string, key: string, { customAuthParams, customConnectionData }: CallOptions): string {
  const credentials = JSON.stringify([customAuthParams, customConnectionData?.val, { key }]);
  return [...credentials.matchAll(JSON_STRINGS)].reduce(
    (rest, [, secret]) => rest.replaceAll(secret!, "[redacted]"),
    text,
  );
}
