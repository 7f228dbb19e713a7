/* eslint-disable */
// Copied by toolbind; changes are overwritten.
import { misconfigured } from "./errors.js";

const ACCEPTED =
  /^(https:\/\/[^/@]+|http:\/\/(localhost|[^/@]+\.localhost|127[.\d]+|\[::1])(:\d+)?)(\/api\/v3(\.1)?)?\/?$/;

interface WithProcess {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

/** An environment variable without surrounding blanks; undefined where it is empty, absent or may not be read. */
export function environment(name: string): string | undefined {
  try {
    return (globalThis as WithProcess).process?.env?.[name]?.trim() || undefined;
  } catch {
    return undefined;
  }
}

/**
 * The origin of a base URL, with `/api/v3` or `/api/v3.1` taken off.
 * @throws ConfigurationError for other paths, for http beyond this machine, and for URLs that hold credentials
 */
export function originOf(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url && ACCEPTED.test(url.href)) return url.origin;
  const shown = url ? url.origin + url.pathname : "no URL";
  throw misconfigured(`baseUrl is ${shown}`, "give an https origin (http only on this machine)");
}
