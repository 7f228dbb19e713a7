const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** The HTTP client sets these. */
const OF_THE_CARRIER =
  /^(?:host|connection|content-length|expect|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*)$/i;

/** What is wrong with the name of a header, if anything. */
export function headerFault(name: string): string | undefined {
  if (!HEADER.test(name)) return "the name of a header";
  return OF_THE_CARRIER.test(name) ? "a header that the HTTP client does not set itself" : undefined;
}

/** What is wrong with the name of a cookie, if anything. */
export function cookieFault(name: string): string | undefined {
  return HEADER.test(name) ? undefined : "the name of a cookie";
}
