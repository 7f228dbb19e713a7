import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { emitSettings } from "../../generator/config/resolve.js";
import { generate } from "../../generator/run.js";
import { TestFolder } from "../support/generated.js";
import { put } from "../support/project.js";

const DESCRIPTION = `openapi: 3.1.0
info: { title: Acme, version: "20260101_00" }
servers: [{ url: https://api.example.com }]
paths: { /me: { get: { operationId: getMe, responses: { "204": { description: Nothing } } } } }
`;
const OAUTH1 = `
  - name: one
    auth_mode: OAUTH1
    request_url: https://example.com/request
    authorization_url: https://example.com/authorize
    token_url: https://example.com/token`;
const OAUTH2 = `
  - name: two
    auth_mode: OAUTH2
    authorization_url: https://example.com/authorize
    token_url: https://example.com/token`;
const KEY = `
  - name: key
    auth_mode: API_KEY
    proxy: { headers: { X-Key: "{{api_key}}" } }`;

it.each([
  ["OAuth 1.0a", OAUTH1, { oauth2: false, oauth1: true }],
  ["OAuth 2.0", OAUTH2, { oauth2: true, oauth1: false }],
  ["both", OAUTH1 + OAUTH2, { oauth2: true, oauth1: true }],
  ["a key", KEY, { oauth2: false, oauth1: false }],
])("an app with %s carries what that needs, and no more", async (_, schemes, expected) => {
  const folder = new TestFolder();
  onTestFinished(() => folder.remove());
  put(folder, "acme/openapi.yaml", DESCRIPTION);
  put(folder, "acme/integration.yaml", `name: Acme\nunique_key: acme\nauth_schemes:${schemes}\n`);
  const out = join(folder.path, "out");
  const source = {
    kind: "app",
    path: join(folder.path, "acme"),
    out,
    settings: emitSettings({}),
    schemaMap: {},
  } as const;
  await generate({ source });
  const files = readdirSync(out, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const importing = (what: RegExp): boolean => files.some((name) => what.test(readFileSync(join(out, name), "utf8")));
  expect({ oauth2: importing(/from "oauth4webapi"/), oauth1: importing(/From direct\/signature\.ts/) }).toEqual(
    expected,
  );
});
