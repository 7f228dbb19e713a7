/* eslint-disable */
// Copied by toolbind; changes are overwritten.
import type { CallOptions } from "./types.js";

const SECRET_NAME = /pass|pwd|secret|token|key|auth|cred|cookie|sign|bearer|private|session|jwt|otp/i;
/** The longer strings in JSON, but for what only says where a credential goes. */
const JSON_STRINGS = /(?<!"(?:in|name|baseUrl)"):"((?:[^"\\]|\\.){6,})"/g;

/** Whether values under this name are better not shown. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/**
 * JSON or other text without the secrets among the headers that were sent and the longer strings of a call's custom
 * credentials, as they are or as a URL holds them.
 */
export function blackOut(
  text: string,
  headers: Headers,
  { customAuthParams, customConnectionData }: CallOptions,
): string {
  const given: unknown[] = [customAuthParams, customConnectionData?.val];
  headers.forEach((key, name) => isSecretName(name) && given.push({ key }));
  return (
    [...JSON.stringify(given).matchAll(JSON_STRINGS)]
      .flatMap(([, secret]) => [secret!, encodeURIComponent(secret!)])
      // One may hold another.
      .sort((a, b) => b.length - a.length)
      .reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text)
  );
}
