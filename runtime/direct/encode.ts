// How text is encoded in the parts of a request, so that it arrives unchanged.

const UNRESERVED = /^[\w.~-]*$/;

/** All but RFC 3986's unreserved characters percent-encoded; half a surrogate pair becomes U+FFFD, as in a URL. */
export function encodeStrict(text: string): string {
  if (UNRESERVED.test(text)) return text;
  const whole = text.replace(/\p{Surrogate}/gu, "\uFFFD");
  return encodeURIComponent(whole).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** As in `application/x-www-form-urlencoded`. */
export function encodeForm(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

/**
 * Leaves reserved characters and percent-encoded ones as they are (`allowReserved`), except those in `kept`, which
 * would end the value.
 */
export function encodeReserved(kept: string): (text: string) => string {
  return (text) =>
    text.replace(/%[\da-f]{2}|[^]/giu, (part) =>
      part.length === 3 || (/[:/?#[\]@!$&'()*+,;=]/.test(part) && !kept.includes(part)) ? part : encodeStrict(part),
    );
}
