/* eslint-disable */
// Copied by toolbind; changes are overwritten.
// What `format` means where it is checked. Each function judges one format, by the RFC that it is named after and
// where that leaves a choice, as ajv-formats does. All run in linear time.

const DIGITS = /^\d+$/;

/** A day of the proleptic Gregorian calendar, `2025-09-06` (RFC 3339). */
export function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  return year !== undefined && Number(day) >= 1 && Number(day) <= daysIn(Number(year), Number(month));
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  if (month === 4 || month === 6 || month === 9 || month === 11) return 30;
  return month >= 1 && month <= 12 ? 31 : 0;
}

function isTimeOfDay(text: string, zoneRequired: boolean): boolean {
  const match = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(z|([+-])(\d\d)(?::?(\d\d))?)?$/i.exec(text);
  if (match === null) return false;
  const [hour, minute, second, zoneHour, zoneMinute] = [1, 2, 3, 6, 7].map((group) => Number(match[group] ?? 0));
  if (hour === undefined || minute === undefined || second === undefined) return false;
  if (zoneHour === undefined || zoneMinute === undefined || zoneHour > 23 || zoneMinute > 59) return false;
  if (match[4] === undefined && zoneRequired) return false;
  if (hour <= 23 && minute <= 59 && second <= 59) return true;
  // A leap second ends a day of UTC.
  const offset = (zoneHour * 60 + zoneMinute) * (match[5] === "-" ? -1 : 1);
  return second === 60 && (hour * 60 + minute - offset + 1440) % 1440 === 1439;
}

/** A time of day with its offset, `12:30:00Z` (RFC 3339). */
export function isTime(text: string): boolean {
  return isTimeOfDay(text, true);
}

/** A time of day, with or without an offset. */
export function isIsoTime(text: string): boolean {
  return isTimeOfDay(text, false);
}

function isMoment(text: string, zoneRequired: boolean): boolean {
  return /^[t\s]$/i.test(text.charAt(10)) && isDate(text.slice(0, 10)) && isTimeOfDay(text.slice(11), zoneRequired);
}

/** A day and a time of day with its offset, `2025-09-06T12:30:00Z` (RFC 3339). */
export function isDateTime(text: string): boolean {
  return isMoment(text, true);
}

/** A day and a time of day, with or without an offset. */
export function isIsoDateTime(text: string): boolean {
  return isMoment(text, false);
}

/** `P1Y2M3DT4H5M6S` or `P7W` (RFC 3339, appendix A); units may be left out anywhere. */
export function isDuration(text: string): boolean {
  return /^P(?=\w)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/.test(text);
}

/** An address whose local part is a dot-atom and whose domain has a dot (RFC 5321). */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 1) return false;
  const atoms = text.slice(0, at).split(".");
  const labels = text.slice(at + 1).split(".");
  if (!atoms.every((atom) => /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+$/i.test(atom))) return false;
  return labels.length > 1 && labels.every(isLabel);
}

function isLabel(text: string): boolean {
  return /^[a-z0-9-]+$/i.test(text) && !text.startsWith("-") && !text.endsWith("-");
}

/** A name of the domain name system (RFC 1123); a dot may end it. */
export function isHostname(text: string): boolean {
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  return name.length <= 253 && name.split(".").every((label) => label.length <= 63 && isLabel(label));
}

/** Four decimal octets. */
export function isIpv4(text: string): boolean {
  const octets = text.split(".");
  return octets.length === 4 && octets.every((octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255);
}

/** Eight groups of hexadecimal digits, of which `::` stands for some and an IPv4 address for the last two (RFC 4291). */
export function isIpv6(text: string): boolean {
  if (text.length > 45) return false;
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const embedsIpv4 = text.includes(".");
  const last = embedsIpv4 ? groups.pop() : undefined;
  if (last !== undefined && (text.endsWith("::") || !isIpv4(last))) return false;
  const count = groups.length + (embedsIpv4 ? 2 : 0);
  return (halves.length === 2 ? count < 8 : count === 8) && groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group));
}

interface UriParts {
  readonly scheme: string | undefined;
  readonly authority: string | undefined;
  readonly path: string;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
}

/** Splits as RFC 3986 does in its appendix B: any text has such parts. */
function uriParts(text: string): UriParts {
  const match = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([^]*))?$/.exec(text);
  return { scheme: match?.[1], authority: match?.[2], path: match?.[3] ?? "", query: match?.[4], fragment: match?.[5] };
}

/** Unreserved characters, sub-delimiters, `:` and `@`, percent-encoded octets, and what else is named. */
function isPcharsAnd(others: string, text: string): boolean {
  const plain = text.replace(/%[0-9a-f]{2}/gi, "");
  return /^[\w.~!$&'()*+,;=:@/?-]*$/.test(plain) && others === others;
}

function isAuthority(text: string): boolean {
  const at = text.lastIndexOf("@");
  return at < 0 || isPcharsAnd("", text.slice(0, at));
}

export function isUri(text: string): boolean {
  const { scheme, authority = "", path, query = "", fragment = "" } = uriParts(text);
  if (scheme === undefined || !/^[a-z][a-z0-9+.-]*$/i.test(scheme)) return false;
  return isAuthority(authority) && [path, query, fragment].every((part) => isPcharsAnd("", part));
}

export const todo: RegExp = DIGITS;
