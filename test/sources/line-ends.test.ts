import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { TestFolder } from "../support/generated.js";
import { createFolder, generateProject, put, snapshot, tool, tree } from "../support/project.js";

const DESCRIPTION = `openapi: 3.1.0
info:
  title: Notes
  version: 1.0.0
  description: |
    Notes, with
    two lines.
servers: [{ url: https://notes.test }]
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: x-key }
security: [{ key: [] }]
paths:
  /notes:
    get:
      operationId: listNotes
      description: |
        Lists notes.

        All of them.
      responses:
        "200": { $ref: "answers.yaml#/All" }
`;
const ANSWERS = `All:
  description: All
  content:
    application/json:
      schema:
        type: array
        items: { type: string, enum: ["a", "b\\nc"] }
`;
const INTEGRATION = `name: Notes
unique_key: notes
description: >-
  Notes and
  folders.
auth_schemes:
  - name: key
    auth_mode: API_KEY
    proxy:
      headers:
        x-key: "{{api_key}}"
`;
const TOOLS = snapshot("acme", [tool("ACME_DO", { description: "Does.\nReally." })]);

/** What a checkout of a snapshot and an app gives: the output, and the lock with its hashes. */
async function generated(folder: TestFolder, lineEnd: string, keptLock?: string): Promise<Record<string, string>> {
  const files = {
    "specs/acme.json": `${JSON.stringify(TOOLS, null, 2)}\n`,
    "specs/apps/notes/openapi.yaml": DESCRIPTION,
    "specs/apps/notes/answers.yaml": ANSWERS,
    "specs/apps/notes/integration.yaml": INTEGRATION,
  };
  for (const [path, text] of Object.entries(files)) put(folder, path, text.replaceAll("\n", lineEnd));
  if (keptLock !== undefined) put(folder, "toolbind.lock.json", keptLock.replaceAll("\n", lineEnd));
  const { diagnostics } = await generateProject(folder, { apps: ["specs/apps/*"] }, { frozen: keptLock !== undefined });
  expect(diagnostics).toEqual([]);
  const lock = readFileSync(join(folder.path, "toolbind.lock.json"), "utf8").replaceAll("\r\n", "\n");
  return { ...tree(join(folder.path, "out")), lock };
}

test("a checkout with CRLF line ends gives the same output, and the same hashes in the lock", async () => {
  const expected = await generated(createFolder(), "\n");
  expect(expected["notes/index.ts"]).toContain("Lists notes.");
  expect(await generated(createFolder(), "\r\n")).toEqual(expected);
  expect(await generated(createFolder(), "\r\n", expected["lock"]), "held against the lock").toEqual(expected);
});
