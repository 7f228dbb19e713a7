import { expect, it } from "vitest";
import { createFolder, put } from "../support/project.js";
import { parse, toolbind, type Run } from "./run.js";

const PETS = {
  openapi: "3.0.3",
  info: { title: "Acme Pets", version: "1.0" },
  components: {
    securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" }, tls: { type: "mutualTLS" } },
  },
  paths: { "/pets": { get: { operationId: "listPets", operationID: 1, responses: { 200: { description: "All" } } } } },
};

it("adds an app, says what there is and what comes next, and generating finds it", async () => {
  const folder = createFolder();
  put(folder, "toolbind.config.json", { output: "out", runtime: "package" });
  put(folder, "pets.json", PETS);
  const run = (args: readonly string[]): Promise<Run> => toolbind([...args, "--cwd", folder.path]);
  const { code, stdout, stderr } = await run(["add", "pets.json"]);
  expect(code).toBe(0);
  expect(stdout).toBe(
    [
      "Added Acme Pets (acme_pets) in specs/apps/acme_pets: 1 tool",
      "  integration.yaml  new, made from the description",
      "  pets.json         new",
      "Schemes: key (API_KEY)",
      "Next: `toolbind generate`, then `toolbind connect acme_pets`",
      "",
    ].join("\n"),
  );
  expect(stderr).toContain("did you mean `operationId`?");
  expect(stderr).toContain("Security scheme `tls` left out");
  expect(await run(["generate", "--frozen"])).toMatchObject({ code: 0 });

  const again = await run(["add", "pets.json", "--json"]);
  expect(again.code).toBe(0);
  expect(parse(again.stdout)).toMatchObject({ slug: "acme_pets", tools: 1, lockChanged: false });
  expect((await run(["add", "pets.json", "--quiet"])).stdout).toBe("");
  const { code: failed, stderr: why, stdout: nothing } = await run(["add", "nowhere"]);
  expect({ failed, nothing }).toEqual({ failed: 1, nothing: "" });
  expect(why).toMatch(/TB2057.*There is no app at nowhere/s);
}, 60_000);
