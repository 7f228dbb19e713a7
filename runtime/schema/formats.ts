// The formats that are checked: one function per format, each following the RFC it names and, where that leaves a
// choice or is commonly read more generously, with ajv-formats' verdict. All take linear time.

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** A date of the calendar, such as `2025-09-06` (RFC 3339). */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8));
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(Number(text.slice(0, 4)), month);
}

function isTimeOfDay(text: string, zoneRequired: boolean): boolean {
  const match = /^(\d\d):(\d\d):(\d\d(?:\.\d+)?)(z|([+-])(\d\d)(?::?(\d\d))?)?$/i.exec(text);
  if (match === null || (zoneRequired && match[4] === undefined)) return false;
  const part = (group: number): number => Number(match[group] ?? 0);
  const [hour, minute, second, zoneHours, zoneMinutes] = [part(1), part(2), part(3), part(6), part(7)];
  if (zoneHours > 23 || zoneMinutes > 59) return false;
  if (hour <= 23 && minute <= 59 && second < 60) return true;
  // A leap second is the last one of a day of UTC.
  const sign = match[5] === "-" ? -1 : 1;
  const utcHour = hour - sign * zoneHours;
  const utcMinute = minute - sign * zoneMinutes;
  const endsDay = utcMinute === 59 ? utcHour === 23 || utcHour === -1 : utcHour === 24 || utcHour === 0;
  return second < 61 && (utcMinute === 59 || utcMinute === -1) && endsDay;
}

/** A time of day with its offset from UTC, such as `12:30:00Z` (RFC 3339). */
export function isTime(text: string): boolean {
  return isTimeOfDay(text, true);
}

/** A time of day with or without an offset. */
export function isIsoTime(text: string): boolean {
  return isTimeOfDay(text, false);
}

function isMoment(text: string, zoneRequired: boolean): boolean {
  return /[t\s]/i.test(text.charAt(10)) && isDate(text.slice(0, 10)) && isTimeOfDay(text.slice(11), zoneRequired);
}

/** A date and a time with its offset from UTC, such as `2025-09-06T12:30:00Z` (RFC 3339). */
export function isDateTime(text: string): boolean {
  return isMoment(text, true);
}

/** A date and a time with or without an offset. */
export function isIsoDateTime(text: string): boolean {
  return isMoment(text, false);
}

/** Such as `P1Y2M3DT4H5M6S` or `P7W` (RFC 3339, appendix A); any unit may be left out. */
export function isDuration(text: string): boolean {
  return /^P(?!$)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?!$)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/.test(text);
}

function isLabel(text: string): boolean {
  return /^[a-z\d-]+$/i.test(text) && !text.startsWith("-") && !text.endsWith("-");
}

/** A dot-atom at a domain of two labels or more (RFC 5321). */
export function isEmail(text: string): boolean {
  const [local = "", domain = "", ...more] = text.split("@");
  const labels = domain.split(".");
  if (more.length > 0 || labels.length < 2 || !labels.every(isLabel)) return false;
  return local.split(".").every((atom) => /^[\w!#$%&'*+/=?^`{|}~-]+$/.test(atom));
}

/** A host name (RFC 1123); it may end with a dot. */
export function isHostname(text: string): boolean {
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  return name.length <= 253 && name.split(".").every((label) => label.length <= 63 && isLabel(label));
}

/** Four decimal octets without leading zeros. */
export function isIpv4(text: string): boolean {
  const octets = text.split(".");
  return octets.length === 4 && octets.every((octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255);
}

/** Eight groups, some of which `::` may stand for, the last two of them perhaps an IPv4 address (RFC 4291). */
function isIpv6With(text: string, isLast: (address: string) => boolean): boolean {
  const halves = text.split("::");
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  let count = groups.length;
  if (text.includes(".")) {
    if (text.endsWith("::") || !isLast(groups.pop() ?? "")) return false;
    count++;
  }
  const complete = halves.length === 1 ? count === 8 : halves.length === 2 && count < 8;
  return complete && groups.every((group) => /^[\da-f]{1,4}$/i.test(group));
}

export function isIpv6(text: string): boolean {
  return isIpv6With(text, isIpv4);
}

function isIpv4InUri(text: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) && text.split(".").every((octet) => Number(octet) <= 255);
}

function isIpLiteral(text: string): boolean {
  return /^v[\da-f]+\.[\w.~!$&'()*+,;=:-]+$/i.test(text) || isIpv6With(text, isIpv4InUri);
}

/** RFC 3986 by what it does not allow: brackets around anything but a host, a second `#`, the characters of `bad`. */
function isUriWithout(bad: RegExp, text: string): boolean {
  const bracketed =
    /^(?:[a-z][a-z\d+.-]*:)?\/\/?(?:(?:[\w.~!$&'()*+,;=:-]|%[\da-f]{2})*@)?\[([^\]]*)\](?::\d*)?(?![^/?#])/i.exec(text);
  if (bracketed !== null && !isIpLiteral(bracketed[1] ?? "")) return false;
  const rest = text.slice(bracketed?.[0].length ?? 0);
  return rest.indexOf("#") === rest.lastIndexOf("#") && !bad.test(rest);
}

/** A URI (RFC 3986) with something after its scheme. */
export function isUri(text: string): boolean {
  return /^[a-z][a-z\d+.-]*:[^?#]/i.test(text) && isUriWithout(/[^\w.~!$&'()*+,;=:@/?#%-]|%(?![\da-f]{2})/i, text);
}

/** A URI or a relative reference (RFC 3986). */
export function isUriReference(text: string): boolean {
  return isUriWithout(/[^\w.~!$&'()*+,;=:@/?#%"-]|%(?![\da-f]{2})/i, text);
}

/** Text with expressions in braces (RFC 6570), with variable names without dots. */
export function isUriTemplate(text: string): boolean {
  const expression =
    /\{[+#./;?&=,!@|]?(?:\w|%[\da-f]{2})+(?::[1-9]\d{0,3}|\*)?(?:,(?:\w|%[\da-f]{2})+(?::[1-9]\d{0,3}|\*)?)*\}/gi;
  return !/[\0- "'<>\\^`{|}]|%(?![\da-f]{2})/i.test(text.replace(expression, "x"));
}

function isPublicIpv4(text: string): boolean {
  if (!/^[1-9]\d{0,2}\.(?:\d\d?|[12]\d\d)\.(?:\d\d?|[12]\d\d)\.[1-9]\d{0,2}$/.test(text)) return false;
  const [a = 0, b = 0, c = 0, d = 0] = text.split(".").map(Number);
  if (a > 223 || b > 255 || c > 255 || d > 254 || a === 10 || a === 127) return false;
  return !((a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || (a === 169 && b === 254));
}

function isPublicName(text: string): boolean {
  const labels = text.split(".");
  const last = labels.pop() ?? "";
  const letters = /^[a-z\u{a1}-\u{ffff}]{2,}$/iu;
  return (
    labels.length > 0 &&
    letters.test(last) &&
    labels.every((label) => label.split("-").every((part) => /^[a-z\d\u{a1}-\u{ffff}]+$/iu.test(part)))
  );
}

/** An `http`, `https` or `ftp` address at a host that may exist on the public internet. */
export function isUrl(text: string): boolean {
  const [scheme] = /^(?:https?|ftp):\/\//iu.exec(text) ?? [];
  if (scheme === undefined) return false;
  const rest = text.slice(scheme.length);
  const firstSpace = rest.search(/\s/);
  const lastSpace = rest.search(/\s\S*$/);
  // A user's name may hold anything but space, so each `@` may be the one before the host.
  for (const { 0: whole, 1: host = "", 2: port, index } of rest.matchAll(/(?:^|(?!^)@)([^/@:]+)(:\d{2,5})?(?![^/])/g)) {
    const start = index + whole.length - host.length - (port ?? "").length;
    if (firstSpace >= 0 && (firstSpace < start || lastSpace >= index + whole.length)) continue;
    if (isPublicIpv4(host) || isPublicName(host)) return true;
  }
  return false;
}

/** A regular expression without Perl's `\Z`. */
export function isRegex(text: string): boolean {
  for (let at = text.indexOf("\\Z", 1); at > 0; at = text.indexOf("\\Z", at + 1)) {
    if (text.charAt(at - 1) !== "\\") return false;
  }
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

/** A UUID (RFC 4122), as a URN or bare. */
export function isUuid(text: string): boolean {
  return /^(?:urn:uuid:)?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
}

/** RFC 6901. */
export function isJsonPointer(text: string): boolean {
  return text === "" || (text.startsWith("/") && !/~(?![01])/.test(text));
}

/** A JSON pointer as a URI fragment (RFC 6901, section 6). */
export function isJsonPointerUriFragment(text: string): boolean {
  return /^#(?:\/|$)/.test(text) && !/[^\w.!$&'()*+,;=:@/~%-]|~(?![01])|%(?![\da-f]{2})/i.test(text.slice(1));
}

/** How many levels to go up, and a JSON pointer from there or `#`. */
export function isRelativeJsonPointer(text: string): boolean {
  const [up] = /^(?:0|[1-9]\d*)/.exec(text) ?? [];
  if (up === undefined) return false;
  const rest = text.slice(up.length);
  return rest === "#" || isJsonPointer(rest);
}

/** Text of which some line is base64. */
export function isByte(text: string): boolean {
  return text.split(/[\n\r\u2028\u2029]/).some((line) => line.length % 4 === 0 && /^[a-z\d+/]*={0,2}$/i.test(line));
}

export function isInt32(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value + 0.5) < 2 ** 31;
}

/** Any integer: a JavaScript number cannot tell which ones fit in 64 bits. */
export function isInt64(value: number): boolean {
  return Number.isInteger(value);
}
