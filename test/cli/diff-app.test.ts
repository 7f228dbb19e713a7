import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestFolder } from "../support/generated.js";
import { toolbind } from "./run.js";

const before = {
  openapi: "3.1.0",
  info: { title: "Acme", version: "1.0" },
  paths: {
    "/pets": {
      get: { operationId: "listPets", responses: {} },
      post: {
        operationId: "createPet",
        requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } } },
        responses: {},
      },
    },
  },
  components: { schemas: { Pet: { type: "object", properties: { name: { type: "string" } } } } },
};
const after = {
  ...before,
  info: { title: "Acme", version: "2.0" },
  paths: { "/pets": { post: { ...before.paths["/pets"].post, operationId: "makePet" } } },
  components: { schemas: { Pet: { ...before.components.schemas.Pet, required: ["name"] } } },
};

let folder: TestFolder;

beforeAll(() => {
  folder = new TestFolder();
  mkdirSync(join(folder.path, "specs/apps/acme"), { recursive: true });
  folder.write("toolbind.config.json", "{}");
  folder.write("specs/apps/acme/openapi.json", JSON.stringify(before));
  folder.write("new.json", JSON.stringify(after));
});

afterAll(() => folder.remove());

test("a new description of an app is compared with the one that is locked, without any platform", async () => {
  expect((await toolbind(["generate"], { cwd: folder.path })).code).toBe(0);
  const { code, stdout } = await toolbind(["diff", "--with", "new.json", "--json"], { cwd: folder.path });
  expect(code).toBe(3);
  const [diff] = (JSON.parse(stdout) as { toolkits: { from: string; to: string; tools: object[] }[] }).toolkits;
  expect(diff).toMatchObject({ from: "1.0", to: "2.0" });
  // A changed `operationId` renames nothing: the lock knows the operation by method and path.
  expect(diff?.tools).toMatchObject([
    { slug: "ACME_CREATE_PET", kind: "changed", class: "breaking", changes: [{ side: "input", class: "breaking" }] },
    { slug: "ACME_LIST_PETS", kind: "removed", class: "breaking" },
  ]);
  expect((await toolbind(["diff", "acme", "--with", "specs/apps/acme"], { cwd: folder.path })).code).toBe(0);
});

test.each([
  [["diff", "other", "--with", "new.json"], 1, 'There is no custom app "other"'],
  [["diff", "acme"], 1, "acme is a custom app, so the platform has no versions of it. Fix: compare it with"],
  [["diff", "--with", "none.json"], 1, "none.json"],
  [["diff", "--with", "new.json", "--to", "2.0"], 2, "--with compares one app as it is"],
])("%j exits %d", async (args, code, message) => {
  const result = await toolbind(args, { cwd: folder.path });
  expect(result).toMatchObject({ code });
  expect(result.stderr).toContain(message);
});

test("a description that changed is refused until it is accepted", async () => {
  rmSync(join(folder.path, "specs/apps/acme/openapi.json"));
  writeFileSync(join(folder.path, "specs/apps/acme/openapi.json"), JSON.stringify(after));
  const refused = await toolbind(["generate"], { cwd: folder.path });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("--update-lock");
  expect((await toolbind(["generate", "--update-lock"], { cwd: folder.path })).code).toBe(0);
  expect((await toolbind(["check"], { cwd: folder.path })).code).toBe(0);

  const integration = join(folder.path, "specs/apps/acme/integration.yaml");
  writeFileSync(integration, "name: Acme\nunique_key: acme\n");
  expect(await toolbind(["generate"], { cwd: folder.path }), "an integration may change").toMatchObject({ code: 0 });
  renameSync(join(folder.path, "specs/apps/acme"), join(folder.path, "specs/apps/other"));
  writeFileSync(join(folder.path, "specs/apps/other/integration.yaml"), "name: Other\nunique_key: other\n");
  const removed = (await toolbind(["check"], { cwd: folder.path })).stdout;
  expect(removed).toContain("expected its description at specs/apps/acme/openapi.json, received none. Fix: accept it");
  expect(removed).not.toContain("toolbind pull");
});
