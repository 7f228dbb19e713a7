import type { Random } from "../support/random.js";

/** What strings near a format are made of. */
export interface Ingredients {
  readonly samples: readonly string[];
  /** Put in, beside parts of the samples. */
  readonly pieces: readonly string[];
}

const NUMBERS = [
  "0",
  "00",
  "1",
  "01",
  "23",
  "24",
  "28",
  "29",
  "30",
  "31",
  "32",
  "59",
  "60",
  "61",
  "12",
  "13",
  "99",
  "255",
  "256",
];
const ODD = [
  "",
  " ",
  "\n",
  "\t",
  "\u00a0",
  "\u2028",
  "é",
  "ſ",
  "K",
  "٣",
  "🦑",
  "\ud800",
  "\0",
  "%",
  "%4",
  "%4g",
  "%C3",
  "\\",
  '"',
  "'",
];
const URI = [
  ":", "/", "//", "///", "?", "#", "##", "[", "]", "@", "::", "[::1]", "[v1.a:b]", "[V2f.~]", "[v.x]", "127.0.0.1", ":80", ":", "a", "Z",
  "9", "-", ".", "..", "_", "~", "!", "$", "&", "'", "(", ")", "*", "+", ",", ";", "=", "%20", "%2f", "<", ">", "{", "}", "|", "^", "`",
]; // prettier-ignore
const TIMES = [
  "Z",
  "z",
  "+00:00",
  "-23:59",
  "+2359",
  "+01",
  "-0130",
  ".5",
  ".",
  ":",
  "-",
  "+",
  "t",
  "T",
  "60",
  ...NUMBERS,
];
const IPV6 = [
  "::",
  ":",
  "1:",
  ":1",
  ":ffff",
  "0000",
  "12345",
  "g",
  "%eth0",
  "1.2.3.4",
  ":1.2.3.4",
  ".",
  "/64",
  ...NUMBERS,
];

const times = [
  "00:00:00Z",
  "23:59:60Z",
  "12:34:56.789+05:30",
  "23:29:60-00:30",
  "00:29:60+00:30",
  "15:59:60-08:00",
  "22:59:60z",
  "01:02:03",
];
const dates = [
  "2025-09-06",
  "2024-02-29",
  "2023-02-28",
  "1900-02-28",
  "2000-02-29",
  "0000-01-01",
  "9999-12-31",
  "2025-04-30",
];
const moments = dates.flatMap((date, index) => ["T", " ", "t"].map((mark) => date + mark + times[index]));
const pointers = ["", "/", "/a/b~0c~1d", "/0/~01", "//", "/a b/ü"];
const ipv4 = [
  "0.0.0.0",
  "127.0.0.1",
  "255.255.255.255",
  "10.1.2.3",
  "172.16.0.1",
  "192.168.1.1",
  "223.255.255.254",
  "1.2.3.4",
];
const ipv6 = [
  "::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::3:4:5:6:7:8", "1:2::7:8", "::ffff:192.0.2.1",
  "1:2:3:4:5:6:1.2.3.4", "1::1.2.3.4", "fe80::a:B", "1:2:3:4::1.2.3.4", "::1.2.3.4", "1:2:3:4:5::1.2.3.4", "1::5:6:1.2.3.4",
]; // prettier-ignore
const uris = [
  "http://example.com", "https://user:pw@example.com:8080/a/b;c=d?x=y&z#frag/?", "ftp://ftp.is.co.za/rfc/rfc1808.txt",
  "ldap://[2001:db8::7]/c=GB?objectClass?one", "mailto:John.Doe@example.com", "news:comp.infosystems.www.servers.unix",
  "tel:+1-816-555-1212", "telnet://192.0.2.16:80/", "urn:oasis:names:specification:docbook:dtd:xml:4.1.2", "file:///etc/hosts",
  "a:", "a:/", "a:/b", "a://", "a:?q", "a:#f", "a:b//c", "http://[v1.x:y]/", "http://a_b~c/%41", "x+y.z-1:/a:b@c", "a:/[::1]/x", "a://@/",
  "a://u@h:/", "http://999.1.2.3/", "http://[::ffff:1.2.3.4]:1/",
]; // prettier-ignore
const references = [
  "",
  "a",
  "/a",
  "//h/p",
  "./a:b",
  "a/b:c",
  "../..",
  "?q",
  "#f",
  "#",
  "//[::1]:80",
  "/%20",
  "a@b",
  ":a",
  "1:a",
  "/a//b",
];

export const INGREDIENTS: Readonly<Record<string, Ingredients>> = {
  date: { samples: dates, pieces: ["-", "02", "29", ...NUMBERS] },
  time: { samples: times, pieces: TIMES },
  "iso-time": { samples: times, pieces: TIMES },
  "date-time": { samples: moments, pieces: TIMES },
  "iso-date-time": { samples: moments, pieces: TIMES },
  duration: {
    samples: [
      "P1Y2M3DT4H5M6S",
      "P7W",
      "PT1S",
      "P1Y",
      "P1M",
      "PT1M",
      "P1D",
      "P1YT1S",
      "P1MT2M",
      "PT1H2S",
      "P0D",
      "P",
      "PT",
    ],
    pieces: ["P", "T", "Y", "M", "W", "D", "H", "S", "1", "22", "0", "p", "t", "s", ".", "-", "1W", "1D", "1H"],
  },
  uri: { samples: [...uris, ...uris, ...references], pieces: URI },
  "uri-reference": { samples: [...uris, ...references, ...references], pieces: URI },
  "uri-template": {
    samples: [
      "http://example.com/{term:1}/{term}/{test*}/foo{?query,number}", "{+path:6}/here", "{#x,hello,y}", "X{.list*}", "{/var:1,var}", "{;x,y,empty}",
      "{&x,y}", "{a%20b}", "{a.b}", "{a_b1:9999}", "{=x}", "{,x}", "{!x}", "{@x}", "{|x}", "", "plain/ü/%20", "{a:0}", "{a:12345}", "{a*:1}", "{}",
    ],
    pieces: [...URI, "{a}", "{a,b}", "{?", "{+", "{#a", "{a:", "{a*", ":1", ":0", ":1000", "*", "|", "{a.b}", "{a%41}", "{é}"],
  }, // prettier-ignore
  url: {
    samples: [
      "http://example.com", "https://www.example.co.uk:8080/a?b#c", "ftp://user:pw@example.com/x", "http://1.2.3.4/", "http://223.255.255.254",
      "http://a.b-c.de", "http://ex-am-ple.com", "http://مثال.إختبار", "http://☺.damowmow.com/", "http://10.1.1.1", "http://172.15.0.1",
      "http://172.16.0.1", "http://192.168.0.1", "http://169.254.1.1", "http://127.0.0.1", "http://192.167.0.1", "http://1.01.00.9",
      "http://a:b:c@d.ef", "http://a/b@c.de/", "http://@a.bc", "http://a@b@c.de", "HTTP://EXAMPLE.COM", "http://a.b.cd:99999", "http://a.bc:1",
      "http://a.b1", "http://a.bc?x", "http://a.bc#x", "http://a.bc/ü", "httpſ://a.bc", "http://🦑.com", "http://a.bc.", "http://1.bc",
    ],
    pieces: [...URI, ...NUMBERS, "http", "ftp", ".com", "a.bc", "@", "/", "a@", ":80", ":8", ":123456", "-", "--", "\ufffe", "\u00a1", "\u00a0", "10.", "172.31."],
  }, // prettier-ignore
  email: {
    samples: [
      "a@b.cd",
      "joe.bloggs@example.com",
      "a.b+c_d@x-y.z1",
      "!#$%&'*+/=?^_`{|}~-@a.b",
      "te~st@example.com",
      "a@b",
      '"joe"@b.cd',
      "a@[1.2.3.4]",
    ],
    pieces: [
      "@",
      ".",
      "..",
      "-",
      "+",
      "_",
      "a",
      "Z",
      "1",
      "!",
      "#",
      "(",
      ")",
      ",",
      ":",
      ";",
      "<",
      ">",
      "[",
      "]",
      "|",
      "~",
      ".a",
      "b.",
    ],
  },
  hostname: {
    samples: ["www.example.com", "a", "xn--4gbwdl.xn--wgbh1c", "1.2.3", "a-b.c-d.", `${"a".repeat(63)}.b`, `${"a".repeat(64)}`, `${"abc.".repeat(63)}a`, `${"abc.".repeat(63)}ab`, `${"abc.".repeat(63)}a.`],
    pieces: [".", "..", "-", "--", "_", "a", "Z", "0", "aa", "a.", ".a", "-a", "a-"],
  }, // prettier-ignore
  ipv4: { samples: ipv4, pieces: [".", "..", ":", "/8", "0x1", "-1", "a", "1.", ".1", ...NUMBERS] },
  ipv6: { samples: ipv6, pieces: IPV6 },
  regex: {
    samples: ["^a+$", "(a|b)*", "[a-z]", "\\d{1,3}", "(?<n>a)\\k<n>", "\\p{L}", "(?=a)", "\\Z", "\\\\Z", "a\\Z", "\\u{1f991}", "{", "a{1", "(?<=a)b", "\\-"],
    pieces: ["\\", "(", ")", "[", "]", "{", "}", "*", "+", "?", "|", "^", "$", ".", "\\Z", "\\a", "\\d", "\\/", "-", "1", ",", "a", "(?:", "(?<a>", "\\1", "\\-"],
  }, // prettier-ignore
  uuid: {
    samples: [
      "123e4567-e89b-12d3-a456-426614174000",
      "urn:uuid:123E4567-E89B-12D3-A456-426614174000",
      "00000000-0000-0000-0000-000000000000",
    ],
    pieces: ["urn:uuid:", "URN:UUID:", "urn:", "-", "a", "F", "g", "0", "{", "}", "12", "1234"],
  },
  "json-pointer": { samples: pointers, pieces: ["/", "~", "~0", "~1", "~2", "a", "#", "%", "é"] },
  "json-pointer-uri-fragment": {
    samples: ["#", ...pointers.map((pointer) => `#${pointer}`), "#/%25/~1", "#/a:@!$&'()*+,;=-._~0"],
    pieces: ["#", "/", "~", "~0", "~1", "~2", "a", "%41", "%", "?", "é", "^", "|", '"', "`", "<", "[", "\\", "@", ":", "!", "$", "&", "'", "+", ",", ";", "="],
  }, // prettier-ignore
  "relative-json-pointer": {
    samples: [
      "0",
      "1",
      "10",
      "01",
      "0#",
      "12#",
      ...pointers.map((pointer) => `1${pointer}`),
      "0/a/~1",
      "#",
      "+1/a",
      "1#/a",
    ],
    pieces: ["0", "1", "#", "/", "~", "~0", "~1", "~2", "a", "-", "+", "##"],
  },
  byte: {
    samples: [
      "",
      "AAAA",
      "AAA=",
      "AA==",
      "dG9vbGJpbmQ=",
      "+/+/",
      "AAAA\nAAAA",
      "AAAA\nAAA",
      "!\nAA==",
      "!\n",
      "\r\nAAAA",
      "A\u2028AAAA",
      "A===",
      "A",
    ],
    pieces: ["A", "AA", "AAAA", "=", "==", "+", "/", "-", "_", "\n", "\r", "\r\n", "\u2028", "!", " "],
  },
};

/** A string of the format, or near one. */
export function nearValid(random: Random, { samples, pieces }: Ingredients): string {
  let text = random.pick(samples);
  if (random.chance(0.15)) {
    const other = random.pick(samples);
    text = text.slice(0, random.integer(0, text.length)) + other.slice(random.integer(0, other.length));
  }
  for (let edits = random.pick([0, 1, 1, 1, 2, 2, 3, 5]); edits > 0; edits--) text = edit(random, text, pieces);
  return text;
}

function edit(random: Random, text: string, pieces: readonly string[]): string {
  const at = random.integer(0, text.length);
  const removed = random.pick([0, 0, 1, 1, 1, 2, 3]);
  const put = random.chance(0.25) ? "" : random.pick(random.chance(0.1) ? ODD : pieces);
  if (random.chance(0.25))
    return text.replaceAll(/\d/g, (digit) => (random.chance(0.15) ? String(random.integer(0, 9)) : digit));
  if (random.chance(0.15)) return text.replace(/\d+/, (digits) => random.pick(NUMBERS).padStart(digits.length, "0"));
  if (random.chance(0.1)) return text.slice(0, at) + text.slice(random.integer(0, at));
  if (random.chance(0.05)) return random.chance(0.5) ? text.toUpperCase() : text.toLowerCase();
  return text.slice(0, at) + put + text.slice(at + removed);
}
