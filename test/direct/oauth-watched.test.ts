import { afterEach, describe, expect, it } from "vitest";
import { oauth2 } from "../../runtime/direct/oauth.js";
import { createClient, type LogEntry, logging, memoryConnections } from "../../runtime/index.js";
import { record, replay } from "../../testing/index.js";
import { appOf, CLIENT, type OAuthServer, startOAuthServer } from "./oauth-server.js";
import { toolOf } from "./support.js";

let server: OAuthServer;
afterEach(() => server.close());

describe.each([{ asForm: false }, { asForm: true }])("a renewal that is watched, answered as %j", ({ asForm }) => {
  async function setUp() {
    server = await startOAuthServer({ asForm, rotate: true, extra: { refresh_token: "refresh-0123456789" } });
    const app = { ...appOf(server), authorisers: { OAUTH2: oauth2 } };
    const form = new URLSearchParams({ grant_type: "password", password: "hunter22", ...CLIENT });
    await fetch(`${server.url}/token`, { method: "POST", body: form });
    server.behaviour.extra = { refresh_token: "renewed-0123456789" };
    const connections = memoryConnections();
    const fields = { ...CLIENT, access_token: "stale-0123456789", refresh_token: "refresh-0123456789" };
    await connections.set("acme", "default", { scheme: "oauth2", fields });
    const secrets = async () => [
      ...Object.values(fields).filter((value) => value !== CLIENT.client_id),
      encodeURIComponent(CLIENT.client_secret),
      "renewed-0123456789",
      (await connections.get("acme", "default"))!.fields["access_token"]!,
    ];
    return { me: toolOf(app, { method: "GET", path: "/me" }, { hints: { readOnly: true } }), connections, secrets };
  }

  it("is recorded without a secret, and replayed", async () => {
    const { me, connections, secrets } = await setUp();
    const recorder = record();
    const before = (await connections.get("acme", "default"))!;
    await me({}, { client: createClient({ connections, fetch: recorder.fetch }) });
    const tape = JSON.stringify(recorder.cassette);
    expect(recorder.cassette.exchanges.map(({ path, status }) => [path, status])).toEqual([
      ["/me", 401],
      ["/token", 200],
      ["/me", 200],
    ]);
    for (const secret of await secrets()) expect(tape).not.toContain(secret);
    const again = memoryConnections();
    await again.set("acme", "default", before);
    const played = createClient({ connections: again, fetch: replay(recorder.cassette) });
    expect(await me({}, { client: played })).toEqual({ login: "alice" });
    expect(server.requests).toHaveLength(2);
  });

  it("is not logged as an attempt, and with no secret", async () => {
    const { me, connections, secrets } = await setUp();
    const entries: LogEntry[] = [];
    const use = [logging({ level: "debug", write: (entry) => entries.push(entry) })];
    await me({}, { client: createClient({ connections, use }) });
    expect(entries.filter(({ message }) => message.includes("is sent"))).toHaveLength(2);
    for (const secret of await secrets()) expect(JSON.stringify(entries)).not.toContain(secret);
  });
});
