import { describe, expect, it } from "vitest";
import { type Fetch } from "../../runtime/index.js";
import { record, replay } from "../../testing/index.js";
import { toolWith } from "../runtime/fake.js";
import { API_KEY, clientOf, failureOf } from "../runtime/support.js";

const tool = toolWith();
const URL = "https://platform.example";
const TOKEN = "tok_secret_value_1";

/** Records one call whose answer is this. */
async function recorded(data: unknown, args: Readonly<Record<string, unknown>> = {}, token = TOKEN) {
  const carry: Fetch = async () =>
    Response.json(
      { data, successful: true, error: null, log_id: "log_1" },
      { headers: { "x-request-id": "req_1", "set-cookie": "session=hush" } },
    );
  const recorder = record({ fetch: carry, secrets: ["my-own-secret"] });
  const client = clientOf(URL, { fetch: recorder.fetch });
  const parameters = [{ name: "x-a", in: "header", value: token }] as const;
  const result = await tool(args, { client, customAuthParams: { parameters } });
  return { cassette: recorder.cassette, result };
}

describe("record", () => {
  it("keeps no secret: not the key, not credentials, not what answers repeat", async () => {
    const data = {
      echo: `${API_KEY} and ${TOKEN} and my-own-secret and ghp_0123456789abcdefghij0123`,
      access_token: "short-lived",
      credentials: { user: "u", nested: ["deep-secret"] },
      link: "https://files.example/a?X-Amz-Signature=abcdef&x=1",
      next_page_token: "page-2",
      author: "alice",
      keywords: ["design"],
    };
    const { cassette, result } = await recorded(data, { password: "hunter22hunter22", title: "hello" });
    expect(result).toEqual(data);
    const text = JSON.stringify(cassette);
    for (const secret of [
      API_KEY,
      TOKEN,
      "my-own-secret",
      "ghp_",
      "short-lived",
      "deep-secret",
      "abcdef",
      "hunter22",
      "hush",
    ]) {
      expect(text).not.toContain(secret);
    }
    for (const kept of ["page-2", "alice", "design", "hello", "log_1", "req_1"]) expect(text).toContain(kept);
  });
});

it("keeps no credential that is a number, stands in a list, or is repeated without its scheme, and replays without it", async () => {
  const parameters = (token: string, pin: number) =>
    [
      { name: "Authorization", in: "header", value: `Bearer ${token}` },
      { name: "pin", in: "query", value: pin },
    ] as const;
  const mine = {
    parameters: parameters("tok_without_scheme", 73_519_264),
    body: { keys: ["a-listed-key"], code: 4711 },
  };
  const data = { echo: "tok_without_scheme, gateway-pass", pin: 73_519_264, total_tokens: 1_500_000 };
  const carry: Fetch = async () => Response.json({ data, successful: true });
  const recorder = record({ fetch: carry });
  const headers = { authorization: "Basic gateway-pass" };
  const args = { max_tokens: 200_000 };
  await tool(args, { client: clientOf(URL, { fetch: recorder.fetch }), customAuthParams: mine, headers });
  const kept = JSON.stringify(recorder.cassette);
  expect(kept).not.toMatch(/without_scheme|73519264|listed|4711|gateway-pass/);
  const client = clientOf(URL, { fetch: replay(JSON.parse(kept) as typeof recorder.cassette) });
  const yours = { parameters: parameters("another", 1), body: { keys: ["another"], code: 2 } };
  expect(await tool(args, { client, customAuthParams: yours })).toEqual({
    echo: "[redacted], [redacted]",
    pin: "[redacted]",
    total_tokens: 1_500_000,
  });
});

it("knows secrets in a text by their shape, and by their names in JSON within it, and replays the rest to the letter", async () => {
  const inner = JSON.stringify({ clientSecret: 'cs_"hunter"22', name: "Ann", note: "", password: "" });
  const texts = {
    hunter22abc: "see https://bob:hunter22abc@db.example.com/x",
    MIIEvQIBADAN: "-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADAN\n-----END RSA PRIVATE KEY-----\n",
    "glpat-": `glpat-${"a1".repeat(10)}`,
    ASIA: "id ASIAIOSFODNN7EXAMPLE",
    whsec_: `whsec_${"a1".repeat(12)}`,
    "SG.": `SG.${"a1".repeat(11)}.${"b2".repeat(20)}`,
    abcdef0123: "curl -H 'Authorization: Bearer abcdef0123456789' https://x.dev",
    "B0/hook": "https://hooks.slack.com/services/T0/B0/hook99",
    hunter: `stdout: ${inner} and ${JSON.stringify({ inner })}`,
  };
  const { cassette } = await recorded({ texts: Object.values(texts) }, { text: texts.hunter });
  const kept = JSON.stringify(cassette);
  for (const secret of Object.keys(texts)) expect(kept).not.toContain(secret);
  for (const rest of ["bob:", "db.example.com/x", "curl -H 'Authorization: Bearer ", "Ann", '\\"note\\":\\"\\"']) {
    expect(kept).toContain(rest);
  }
  const parameters = [{ name: "x-a", in: "header", value: "another-token" }] as const;
  const client = clientOf(URL, { fetch: replay(JSON.parse(kept) as typeof cassette) });
  expect(await tool({ text: texts.hunter }, { client, customAuthParams: { parameters } })).toHaveProperty("texts");
});

it("leaves a recording readable where a secret is empty, a key is short, or one secret begins another", async () => {
  const carry: Fetch = async () => Response.json({ data: "an ace of spades", successful: true });
  const recorder = record({ fetch: carry, secrets: ["", "hush", "hush-2024"] });
  await tool({ note: "hush-2024 hush" }, { client: clientOf(URL, { fetch: recorder.fetch, apiKey: "a" }) });
  expect(recorder.cassette.exchanges).toMatchObject([
    { request: { arguments: { note: "[redacted] [redacted]" } }, response: { data: "an ace of spades" } },
  ]);
});

describe("replay", () => {
  const again = (cassette: Parameters<typeof replay>[0]) =>
    clientOf(URL, { fetch: replay(cassette), apiKey: "other-key" });
  const parameters = [{ name: "x-a", in: "header", value: "another-token" }] as const;

  it("answers the same call, whatever its key and credentials", async () => {
    const { cassette } = await recorded({ n: 1 }, { a: 1, b: { c: 2 } });
    const client = again(JSON.parse(JSON.stringify(cassette)) as typeof cassette);
    const options = { client, customAuthParams: { parameters } };
    const response = await tool.withResponse({ b: { c: 2 }, a: 1 }, options);
    expect(response).toMatchObject({ data: { n: 1 }, status: 200, requestId: "req_1", logId: "log_1" });
  });

  it("answers with a key that is part of the call, and where a named secret was taken out of it", async () => {
    const { cassette } = await recorded(
      { n: 1 },
      { repo: "test-repo", note: "my-own-secret (1+1)", list: ["a", null] },
    );
    expect(JSON.stringify(cassette)).not.toContain("my-own-secret");
    const client = clientOf(URL, { fetch: replay(cassette), apiKey: "test-repo" });
    const options = { client, customAuthParams: { parameters } };
    const args = { repo: "test-repo", note: "another (1+1)", list: ["a", null] };
    for (const other of [
      { ...args, note: "another (1-1)" },
      { ...args, list: ["a"] },
      { ...args, more: 1 },
    ]) {
      expect((await failureOf(tool(other, options))).code).toBe("TB5501");
    }
    expect(await tool(args, options)).toEqual({ n: 1 });
  });

  it("fails for another call, and for one call more", async () => {
    const { cassette } = await recorded({ n: 1 }, { a: 1 });
    const options = { client: again(cassette), customAuthParams: { parameters } };
    const other = await failureOf(tool({ a: 2, b: 1 }, options));
    expect(other.message).toContain("; the closest recorded one differs at /arguments/a, /arguments/b.");
    expect(other).toMatchObject({ code: "TB5501", suggestedFix: "Record it again" });
    await tool({ a: 1 }, options);
    const more = await failureOf(tool({ a: 1 }, options));
    expect(more.code).toBe("TB5501");
    expect(more.message).toContain("was recorded once with this body, and is requested once more");
    const none = await failureOf(tool({}, { ...options, client: again({ exchanges: [] }) }));
    expect(none.message).toContain(" was not recorded. Fix: Record it again.");
  });

  it("answers equal calls in the order of their recording", async () => {
    const [first, second] = [await recorded({ n: 1 }), await recorded({ n: 2 })];
    const exchanges = [...first.cassette.exchanges, ...second.cassette.exchanges];
    const options = { client: again({ exchanges }), customAuthParams: { parameters } };
    expect(await tool({}, options)).toEqual({ n: 1 });
    expect(await tool({}, options)).toEqual({ n: 2 });
  });
});
