import { createHmac } from "node:crypto";
import fc from "../support/fast-check.js";
import { describe, expect, it } from "vitest";
import { baseString, signedAuthorization, type SigningKeys } from "../../runtime/direct/signature.js";

/** RFC 5849, section 1.2. */
const PRINTER: SigningKeys = { consumerKey: "dpf43f3p2l4k3l03", consumerSecret: "kd94hf93k423kf44" };

/** The members of the header, decoded. */
function membersOf(header: string): Record<string, string> {
  expect(header).toMatch(/^OAuth /);
  return Object.fromEntries(
    [...header.slice("OAuth ".length).matchAll(/(\w+)="([^"]*)"(?:, |$)/g)].map(([, name, value]) => [
      name!,
      decodeURIComponent(value!),
    ]),
  );
}

describe("a signature", () => {
  it.each([
    {
      leg: "temporary credentials",
      request: { method: "POST", url: "https://photos.example.net/initiate" },
      keys: PRINTER,
      options: { timestamp: 137131200, nonce: "wIjqoS", extra: { oauth_callback: "http://printer.example.com/ready" } },
      signature: "74KNZJeDHnMBp0EMJ9ZHt/XKycU=",
    },
    {
      leg: "token credentials",
      request: { method: "POST", url: "https://photos.example.net/token" },
      keys: { ...PRINTER, token: "hh5s93j4hdidpola", tokenSecret: "hdhd0244k9j7ao03" },
      options: { timestamp: 137131201, nonce: "walatlh", extra: { oauth_verifier: "hfdp7dh39dks9884" } },
      signature: "gKgrFCywp7rO0OXSjdot/IHF7IU=",
    },
    {
      leg: "a photo",
      request: { method: "GET", url: "http://photos.example.net/photos?file=vacation.jpg&size=original" },
      keys: { ...PRINTER, token: "nnch734d00sl2jdk", tokenSecret: "pfkkdhi9sl3r4s00" },
      options: { timestamp: 137131202, nonce: "chapoH" },
      signature: "MdpQcU8iPSUjWoN/UDMsK2sui9I=",
    },
  ])("for $leg is the one of RFC 5849, section 1.2", async ({ request, keys, options, signature }) => {
    expect(membersOf(await signedAuthorization(request, keys, options))["oauth_signature"]).toBe(signature);
  });

  it("is made over the base string of RFC 5849, section 3.4.1.1", () => {
    const request = {
      method: "post",
      url: "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
      form: "c2&a3=2+q",
    };
    const parameters = {
      oauth_consumer_key: "9djdj82h48djs9d2",
      oauth_token: "kkk9d7dh3k39sjv7",
      oauth_signature_method: "HMAC-SHA1",
      oauth_timestamp: "137131201",
      oauth_nonce: "7d8f3e4a",
    };
    expect(baseString(request, parameters)).toBe(
      "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D" +
        "%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3D" +
        "HMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7",
    );
  });

  it("keeps a port that is not the scheme's own", () => {
    expect(baseString({ method: "GET", url: "https://www.example.net:8080/?q=1" }, {})).toBe(
      "GET&https%3A%2F%2Fwww.example.net%3A8080%2F&q%3D1",
    );
  });

  it.each(["HMAC-SHA1", "HMAC-SHA256"] as const)("by %s is what node:crypto makes", async (method) => {
    const text = fc.string({ unit: "grapheme", minLength: 1 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({ consumerKey: text, consumerSecret: text, token: text, tokenSecret: text }),
        fc.array(fc.tuple(text, text)),
        async (keys, pairs) => {
          const request = { method: "GET", url: `https://api.example.com/a?${new URLSearchParams(pairs).toString()}` };
          const { oauth_signature, ...parameters } = membersOf(await signedAuthorization(request, keys, { method }));
          const key = [keys.consumerSecret, keys.tokenSecret].map(rfc3986).join("&");
          const hash = { "HMAC-SHA1": "sha1", "HMAC-SHA256": "sha256" }[method];
          const base = independentBaseString(pairs, parameters);
          expect(oauth_signature).toBe(createHmac(hash, key).update(base).digest("base64"));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("in plain text is the two secrets, each encoded", async () => {
    const keys = { consumerKey: "k", consumerSecret: "a&b c", token: "t", tokenSecret: "x+y!" };
    const header = await signedAuthorization({ method: "GET", url: "https://a.example/" }, keys, {
      method: "PLAINTEXT",
    });
    expect(membersOf(header)["oauth_signature"]).toBe("a%26b%20c&x%2By%21");
  });

  it("never uses a nonce twice", async () => {
    const request = { method: "GET", url: "https://a.example/" };
    const nonces = await Promise.all(
      Array.from(
        { length: 50 },
        async () => membersOf(await signedAuthorization(request, PRINTER, { timestamp: 1 }))["oauth_nonce"],
      ),
    );
    expect(new Set(nonces).size).toBe(50);
  });
});

function rfc3986(text: string): string {
  return [...new TextEncoder().encode(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9\-._~]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}

/** Sorted as bytes, as section 3.4.1.3.2 has it. */
function independentBaseString(pairs: readonly (readonly [string, string])[], parameters: Record<string, string>) {
  const lines = [...pairs, ...Object.entries(parameters)].map(([name, value]) => [rfc3986(name), rfc3986(value)]);
  const sorted = lines.sort(
    ([a, x], [b, y]) =>
      Buffer.compare(Buffer.from(a!), Buffer.from(b!)) || Buffer.compare(Buffer.from(x!), Buffer.from(y!)),
  );
  const query = sorted.map((pair) => pair.join("=")).join("&");
  return `GET&${rfc3986("https://api.example.com/a")}&${rfc3986(query)}`;
}
