import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { addApp, type AddedApp } from "../../generator/apps/add.js";
import { resolveConfig } from "../../generator/config/resolve.js";
import type { ToolbindConfig } from "../../generator/config/types.js";
import { generate } from "../../generator/run.js";
import type { TestFolder } from "../support/generated.js";
import { createFolder, put, tree } from "../support/project.js";

const PETS = {
  openapi: "3.0.3",
  info: { title: "Acme Pets", version: "1.0" },
  servers: [{ url: "https://pets.example.com" }],
  components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" } } },
  paths: {
    "/pets": { get: { operationId: "listPets", responses: { 200: { description: "All" } } } },
    "/pets/{id}": {
      get: {
        operationId: "getPet",
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
        responses: { 200: { description: "One" } },
      },
    },
  },
};

const INTEGRATION = `name: My pets
unique_key: my_pets
auth_schemes:
  - name: login
    auth_mode: BASIC
`;

type More = Partial<Omit<Parameters<typeof addApp>[0], "config" | "path">> & { readonly config?: ToolbindConfig };

function configOf(folder: TestFolder, config: ToolbindConfig = {}): ReturnType<typeof resolveConfig> {
  mkdirSync(join(folder.path, "project"), { recursive: true });
  const cwd = join(folder.path, "project");
  return resolveConfig(
    { output: "out", runtime: "package", ...config },
    { configFile: join(cwd, "toolbind.config.json"), cwd },
  );
}

function add(folder: TestFolder, path: string, { config, ...more }: More = {}): Promise<AddedApp> {
  return addApp({ config: configOf(folder, config), path: join(folder.path, path), ...more });
}

const project = (folder: TestFolder): Record<string, string> => tree(join(folder.path, "project"));
const failing = (code: string, message: string): object =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as object;

describe("a description alone", () => {
  test("is added with a warning where a file that one of its files refers to is not there", async () => {
    const folder = createFolder();
    const content = { "application/json": { schema: { $ref: "schemas/pet.json" } } };
    const paths = {
      "/pets": { get: { operationId: "listPets", responses: { 200: { description: "All", content } } } },
    };
    put(folder, "download/pets.json", { ...PETS, paths });
    put(folder, "download/schemas/pet.json", { type: "object", properties: { toy: { $ref: "toy.json" } } });
    const message = expect.stringContaining("refers to a file that is not there at") as string;
    expect((await add(folder, "download/pets.json")).diagnostics).toMatchObject([
      { code: "TB3002", severity: "warning", message },
    ]);
    put(folder, "download/schemas/toy.json", { type: "object" });
    expect((await add(folder, "download/pets.json")).diagnostics).toEqual([]);
  });

  test("is copied with a first integration file, and locked as generating finds it", async () => {
    const folder = createFolder();
    put(folder, "download/pets.json", PETS);
    const added = await add(folder, "download/pets.json");
    expect(added).toEqual({
      slug: "acme_pets",
      name: "Acme Pets",
      hasAddress: true,
      folder: "specs/apps/acme_pets",
      files: [
        { path: "integration.yaml", change: "new" },
        { path: "pets.json", change: "new" },
      ],
      isFirst: true,
      tools: 2,
      schemes: [{ name: "key", mode: "API_KEY" }],
      lockChanged: true,
      isSelected: true,
      diagnostics: [],
      refused: false,
    });
    const written = project(folder);
    expect(Object.keys(written).sort()).toEqual([
      "specs/apps/acme_pets/integration.yaml",
      "specs/apps/acme_pets/pets.json",
      "toolbind.lock.json",
    ]);
    expect(written["specs/apps/acme_pets/pets.json"]).toBe(JSON.stringify(PETS));
    expect(JSON.parse(written["toolbind.lock.json"]!)).toMatchObject({
      toolkits: {
        acme_pets: {
          source: "specs/apps/acme_pets/pets.json",
          names: { ACME_PETS_GET_PET: "getPet", ACME_PETS_LIST_PETS: "listPets" },
          operations: { "GET /pets": "ACME_PETS_LIST_PETS" },
        },
      },
    });
    const result = await generate({ source: { kind: "config", config: configOf(folder) }, frozen: true });
    expect(result.diagnostics).toEqual([]);
    expect(result.tools).toBe(2);
    expect(project(folder)["toolbind.lock.json"]).toBe(written["toolbind.lock.json"]);
  });

  test("is added a second time without a change", async () => {
    const folder = createFolder();
    put(folder, "pets.json", PETS);
    await add(folder, "pets.json");
    const before = project(folder);
    const again = await add(folder, "pets.json");
    expect(again.files.map(({ change }) => change)).toEqual(["unchanged", "unchanged"]);
    expect(again.lockChanged).toBe(false);
    expect(project(folder)).toEqual(before);
  });

  test("may be given another name", async () => {
    const folder = createFolder();
    put(folder, "pets.json", PETS);
    expect(await add(folder, "pets.json", { slug: "zoo" })).toMatchObject({ slug: "zoo", folder: "specs/apps/zoo" });
    expect(project(folder)["specs/apps/zoo/integration.yaml"]).toContain("unique_key: zoo");
    expect(JSON.parse(project(folder)["toolbind.lock.json"]!)).toHaveProperty("toolkits.zoo");
  });

  test("takes the files along that it refers to, and no others", async () => {
    const folder = createFolder();
    const paths = { "/pets": { $ref: "paths/pets.yaml#/pets" } };
    put(folder, "api/openapi.yaml", stringify({ ...PETS, paths }));
    put(
      folder,
      "api/paths/pets.yaml",
      stringify({ pets: { get: { responses: { 200: { $ref: "../shared.json#/ok" } } } } }),
    );
    put(folder, "api/shared.json", { ok: { description: "Done" } });
    put(folder, "api/secret.json", { password: "x" });
    const added = await add(folder, "api/openapi.yaml");
    expect(added.files.map(({ path }) => path)).toEqual([
      "integration.yaml",
      "openapi.yaml",
      "paths/pets.yaml",
      "shared.json",
    ]);
    expect(added.tools).toBe(1);
    await generate({ source: { kind: "config", config: configOf(folder) }, frozen: true });
  });
});

describe("a folder", () => {
  test("is copied with its integration file and what that extends", async () => {
    const folder = createFolder();
    put(folder, "apps/pets/openapi.json", PETS);
    put(folder, "apps/pets/integrations.yaml", "extends: base/shared/integrations.yaml\nunique_key: my_pets\n");
    put(folder, "apps/shared/integrations.yaml", INTEGRATION);
    const added = await add(folder, "apps/pets");
    expect(added).toMatchObject({
      slug: "my_pets",
      name: "My pets",
      isFirst: false,
      schemes: [{ name: "login", mode: "BASIC" }],
    });
    expect(added.files.map(({ path }) => path)).toEqual([
      "base/shared/integrations.yaml",
      "integrations.yaml",
      "openapi.json",
    ]);
    await generate({ source: { kind: "config", config: configOf(folder) }, frozen: true });
  });

  test("may be named by its description", async () => {
    const folder = createFolder();
    put(folder, "pets/openapi.json", PETS);
    put(folder, "pets/integration.yaml", INTEGRATION);
    expect(await add(folder, "pets/openapi.json")).toMatchObject({ slug: "my_pets", isFirst: false });
  });

  test("that lies where apps are looked for stays there, and gets what it lacks", async () => {
    const folder = createFolder();
    put(folder, "project/specs/apps/zoo/openapi.json", PETS);
    const added = await add(folder, "project/specs/apps/zoo");
    expect(added).toMatchObject({ slug: "acme_pets", folder: "specs/apps/zoo", isFirst: true });
    expect(added.files).toEqual([
      { path: "integration.yaml", change: "new" },
      { path: "openapi.json", change: "unchanged" },
    ]);
    expect(JSON.parse(project(folder)["toolbind.lock.json"]!)).toMatchObject({
      toolkits: { acme_pets: { source: "specs/apps/zoo/openapi.json" } },
    });
    expect(await add(folder, "project/specs/apps/zoo")).toMatchObject({ isFirst: false, lockChanged: false });
  });

  test("that lies there leaves beside it what it extends", async () => {
    const folder = createFolder();
    put(folder, "project/specs/apps/zoo/openapi.json", PETS);
    put(folder, "project/specs/apps/zoo/integration.yaml", "extends: base/shared.yaml\nunique_key: zoo\n");
    put(folder, "project/specs/apps/base/shared.yaml", INTEGRATION);
    const before = project(folder);
    expect(await add(folder, "project/specs/apps/zoo")).toMatchObject({ slug: "zoo", schemes: [{ name: "login" }] });
    const { "toolbind.lock.json": _, ...files } = project(folder);
    expect(files).toEqual(before);
    await generate({ source: { kind: "config", config: configOf(folder) }, frozen: true });
  });

  test("goes where the configuration has apps", async () => {
    const folder = createFolder();
    put(folder, "pets.json", PETS);
    const config = { apps: ["one", "own/apps/*"], toolkits: { github: true } } as const;
    expect(await add(folder, "pets.json", { config })).toMatchObject({
      folder: "own/apps/acme_pets",
      isSelected: false,
    });
    await expect(add(folder, "pets.json", { config: { apps: ["one"] } })).rejects.toEqual(
      failing("TB2057", "expected a pattern such as `specs/apps/*` under `apps`, received `one`"),
    );
  });
});

describe("nothing is written", () => {
  const refused = async (
    folder: TestFolder,
    path: string,
    code: string,
    message: string,
    more?: More,
  ): Promise<void> => {
    configOf(folder);
    const before = project(folder);
    await expect(add(folder, path, more)).rejects.toEqual(failing(code, message));
    expect(project(folder)).toEqual(before);
  };

  test("without an app, or with one that cannot be read", async () => {
    const folder = createFolder();
    await refused(folder, "nowhere", "TB2057", "There is no app at");
    await refused(folder, "https://api.test/openapi.json", "TB2057", "nothing is fetched; save it as a file");
    mkdirSync(join(folder.path, "empty"));
    await refused(folder, "empty", "TB2001", "App has no description");
    put(folder, "text.yaml/x", "");
    await refused(folder, "text.yaml/x/y", "TB2057", "There is no app at");
    rmSync(join(folder.path, "text.yaml"), { recursive: true });
    put(folder, "text.yaml", "just text");
    await refused(folder, "text.yaml", "TB2030", "Not an OpenAPI description");
    put(folder, "bare.json", { openapi: "3.0.0", info: { title: "A" }, paths: {} });
    await refused(folder, "bare.json", "TB2030", "info.version");
    put(folder, "pets.txt", JSON.stringify(PETS));
    await refused(folder, "pets.txt", "TB2057", "expected a name that ends in `.yaml` or `.json`");
    put(folder, "latin.json", Buffer.from(JSON.stringify(PETS).replace("Acme", "Acm\xe9"), "latin1"));
    await refused(folder, "latin.json", "TB2057", "not UTF-8 text");
  });

  test("with faults in the integration file, which are all reported", async () => {
    const folder = createFolder();
    put(folder, "pets/openapi.json", PETS);
    put(folder, "pets/integration.yaml", "auth_schemes:\n  - name: a\n    auth_mode: OAUTH2\n    scope seperator: x\n");
    await refused(folder, "pets", "TB2051", "did you mean `scope_separator`?");
    await refused(folder, "pets", "TB2051", "`token_url` is missing");
    rmSync(join(folder.path, "pets/integration.yaml"));
    put(folder, "pets/interations.yaml", INTEGRATION);
    await refused(folder, "pets", "TB2054", "rename it to `integration.yaml`");
  });

  test("where the integration file has another name than is given", async () => {
    const folder = createFolder();
    put(folder, "pets/openapi.json", PETS);
    put(folder, "pets/integration.yaml", INTEGRATION);
    await refused(folder, "pets", "TB2057", "expected `unique_key: zoo`, received an app called `my_pets`", {
      slug: "zoo",
    });
    expect(await add(folder, "pets", { slug: "my_pets" })).toMatchObject({ slug: "my_pets" });
  });

  test("where a reference leads above the description", async () => {
    const folder = createFolder();
    put(folder, "project/api/v1/pets.json", { ...PETS, paths: { "/a": { $ref: "../shared.json#/a" } } });
    put(folder, "project/api/shared.json", { a: { get: { responses: {} } } });
    await refused(
      folder,
      "project/api/v1/pets.json",
      "TB2057",
      "expected files in the description's folder or below it",
    );
  });

  test("where a reference leads to what has another meaning in the project", async () => {
    const folder = createFolder();
    for (const name of [".toolbind-staging/journal.json", ".env.json", "integration.yaml", "Integrations.yml"]) {
      const paths = { "/a": { $ref: `${name}#/a` } };
      put(folder, `api/${name}`, JSON.stringify({ a: { get: { responses: {} } } }));
      put(folder, "api/pets.json", { ...PETS, paths });
      // Another description of the folder, so that its integration file is not that of this one.
      put(folder, "api/openapi.json", PETS);
      await refused(folder, "api/pets.json", "TB2057", `received \`${name}\``);
      rmSync(join(folder.path, "api"), { recursive: true });
    }
  });

  test("where something different is there, unless it is forced", async () => {
    const folder = createFolder();
    put(folder, "pets.json", PETS);
    await add(folder, "pets.json");
    put(folder, "pets.json", { ...PETS, info: { title: "Acme Pets", version: "2.0" } });
    await refused(folder, "pets.json", "TB2057", "received different content in `pets.json`");
    put(folder, "project/specs/apps/acme_pets/notes.txt", "mine");
    const forced = await add(folder, "pets.json", { force: true });
    expect(forced.files).toContainEqual({ path: "pets.json", change: "changed" });
    const written = project(folder);
    expect(written["specs/apps/acme_pets/pets.json"]).toContain('"version":"2.0"');
    expect(written["specs/apps/acme_pets/notes.txt"]).toBe("mine");
    expect(JSON.parse(written["toolbind.lock.json"]!)).toMatchObject({ toolkits: { acme_pets: { version: "2.0" } } });
  });

  test("but never a completed integration file for a first one", async () => {
    const folder = createFolder();
    put(folder, "pets.json", PETS);
    await add(folder, "pets.json");
    const mine = `extends: base/shared.yaml\n${INTEGRATION}`;
    put(folder, "project/specs/apps/acme_pets/integration.yaml", mine);
    put(folder, "project/specs/apps/shared.yaml", "docs: https://docs.example.com\n");
    const again = await add(folder, "pets.json");
    expect(again).toMatchObject({ slug: "my_pets", isFirst: false, schemes: [{ name: "login", mode: "BASIC" }] });
    expect(again.files).toEqual([
      { path: "integration.yaml", change: "unchanged" },
      { path: "pets.json", change: "unchanged" },
    ]);
    put(folder, "pets.json", { ...PETS, info: { title: "Acme Pets", version: "2.0" } });
    await refused(folder, "pets.json", "TB2057", "received different content in `pets.json`.");
    await add(folder, "pets.json", { force: true });
    expect(project(folder)).toMatchObject({ "specs/apps/acme_pets/integration.yaml": mine });
    expect(Object.keys(project(folder)).filter((path) => path.endsWith("shared.yaml"))).toHaveLength(1);
    const config = configOf(folder);
    expect(await generate({ source: { kind: "config", config }, frozen: true })).toMatchObject({ toolkits: 1 });
  });

  test("where another description or another toolkit is there, forced or not", async () => {
    const folder = createFolder();
    put(folder, "pets.json", PETS);
    put(folder, "openapi.yaml", stringify(PETS));
    await add(folder, "pets.json");
    await refused(folder, "openapi.yaml", "TB2057", "The folder holds another description", { force: true });
    put(folder, "project/specs/apps/other/openapi.json", PETS);
    await refused(folder, "project/specs/apps/other", "TB2057", "There is already a toolkit acme_pets", {
      force: true,
    });
    put(folder, "project/specs/composio/zoo.json", {});
    await refused(folder, "pets.json", "TB2057", "at specs/composio/zoo.json", { slug: "zoo" });
  });

  test("where a link is in the way", async () => {
    const folder = createFolder();
    put(folder, "api/openapi.json", { ...PETS, paths: { "/a": { $ref: "parts/a.json" } } });
    put(folder, "api/parts/a.json", { get: { responses: {} } });
    mkdirSync(join(folder.path, "elsewhere"));
    mkdirSync(join(folder.path, "project/specs/apps/acme_pets"), { recursive: true });
    symlinkSync(join(folder.path, "elsewhere"), join(folder.path, "project/specs/apps/acme_pets/parts"));
    await refused(folder, "api/openapi.json", "TB4002", "A link is in the way");
    expect(tree(join(folder.path, "elsewhere"))).toEqual({});
  });

  test("where the folder cannot be written", async () => {
    const folder = createFolder();
    put(folder, "pets.json", PETS);
    put(folder, "project/specs/apps", "a file");
    await refused(folder, "pets.json", "TB4001", "The app cannot be written at specs/apps: expected a folder");
  });

  test("of an app with faults, under strict; else it is added without them", async () => {
    const folder = createFolder();
    const paths = { ...PETS.paths, "/bad": { get: { parameters: [{ in: "nowhere", name: "a" }], responses: {} } } };
    put(folder, "pets.json", { ...PETS, paths });
    configOf(folder);
    const strict = await add(folder, "pets.json", { strict: true });
    expect(strict).toMatchObject({ refused: true, lockChanged: false });
    expect(project(folder)).toEqual({});
    const added = await add(folder, "pets.json");
    expect(added).toMatchObject({ refused: false, tools: 2 });
    const codes = new Set(added.diagnostics.map(({ code }) => code));
    expect(codes).toEqual(new Set(["TB2056", "TB2031"]));
    expect(added.diagnostics[0]?.message).toContain("GET /bad: ");
  });
});

test("a write that was interrupted is dropped or completed first", async () => {
  const folder = createFolder();
  put(folder, "pets.json", PETS);
  await add(folder, "pets.json");
  const before = project(folder);
  const [path, text] = ["specs/apps/acme_pets/pets.json", JSON.stringify({ ...PETS, tags: [] })];
  const digest = (content: string): string => createHash("sha256").update(content).digest("hex");
  const journal = { moves: [{ path: "pets.json", before: digest(before[path]!), after: digest(text) }], removals: [] };
  put(folder, "project/specs/apps/acme_pets/.toolbind-staging/new-0", text);
  put(folder, "project/specs/apps/acme_pets/.toolbind-staging/journal.json", journal);
  await expect(add(folder, "pets.json")).rejects.toEqual(
    failing("TB2057", "received different content in `pets.json`"),
  );
  expect(project(folder)).toEqual({ ...before, [path]: text });
  put(folder, "project/specs/apps/acme_pets/.toolbind-staging/new-0", "half");
  await add(folder, "pets.json", { force: true });
  expect(project(folder)).toEqual(before);
});

test("names that were given stay, whatever is added", async () => {
  const folder = createFolder();
  put(folder, "pets.json", PETS);
  await add(folder, "pets.json");
  const paths = structuredClone(PETS.paths);
  paths["/pets"].get.operationId = "listAllPets";
  put(folder, "pets.json", { ...PETS, paths });
  await add(folder, "pets.json", { force: true });
  expect(JSON.parse(project(folder)["toolbind.lock.json"]!)).toMatchObject({
    toolkits: {
      acme_pets: { operations: { "GET /pets": "ACME_PETS_LIST_PETS" }, names: { ACME_PETS_LIST_PETS: "listPets" } },
    },
  });
});
