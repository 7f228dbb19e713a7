import type { App } from "../../../runtime/direct/app.js";

/** What authorises calls of an app; the OAuth modules are loaded only for schemes that need them. */
export async function authorisersOf({ schemes }: App): Promise<NonNullable<App["authorisers"]>> {
  const has = (mode: string): boolean => schemes.some((scheme) => scheme.mode === mode);
  return {
    ...(has("OAUTH2") && { OAUTH2: (await import("../../../runtime/direct/oauth.js")).oauth2 }),
    ...(has("OAUTH1") && { OAUTH1: (await import("../../../runtime/direct/oauth1.js")).oauth1 }),
  };
}
