import { join } from "node:path";
import { expect, test } from "vitest";
import { readAppFiles } from "../../generator/apps/files.js";
import { readApp } from "../../generator/apps/toolkit.js";
import { createFolder, put } from "../support/project.js";

test("a run knows which files an app extends, and where it looked for them", () => {
  const folder = createFolder();
  put(folder, "apps/pets/openapi.json", { openapi: "3.0.0", info: { title: "Pets", version: "1" }, paths: {} });
  put(folder, "apps/pets/integration.yaml", "extends: base/shared.yaml\n");
  put(folder, "apps/shared.yaml", "name: Shared\n");
  const consulted = new Map<string, string | undefined>();
  const read = (): ReturnType<typeof readApp> =>
    readApp(readAppFiles(join(folder.path, "apps/pets"), folder.path), {
      cwd: folder.path,
      given: () => new Map(),
      mapped: () => undefined,
      consulted: (path, content) => void consulted.set(path, content?.toString()),
    });
  const { toolkit } = read();
  expect(toolkit.name).toBe("Shared");
  expect(Object.fromEntries(consulted)).toEqual({
    [join(folder.path, "apps/pets/base/shared.yaml")]: undefined,
    [join(folder.path, "apps/base/shared.yaml")]: undefined,
    [join(folder.path, "apps/shared.yaml")]: "name: Shared\n",
  });
  put(folder, "apps/shared.yaml", "name: Other\n");
  expect(read().toolkit).toMatchObject({ name: "Other", contentHash: toolkit.contentHash });
});
