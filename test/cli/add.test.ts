import { readFileSync } from "node:fs";
import { join } from "node:path";
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
  expect(stderr).toContain("Its description does not name a host. Fix: set `base_url` under `proxy`");
  expect(stderr).toContain("Security scheme `tls` left out");
  expect(await run(["generate", "--frozen"])).toMatchObject({ code: 0 });

  const integration = join(folder.path, "specs/apps/acme_pets/integration.yaml");
  const first = readFileSync(integration, "utf8");
  const completed = first.replace("proxy:\n", "proxy:\n      base_url: https://acme.test\n");
  put(folder, "specs/apps/acme_pets/integration.yaml", completed);
  expect(await run(["generate", "--frozen"]), "completed, as the message asks").toMatchObject({ code: 0, stderr: "" });
  expect(readFileSync(join(folder.path, "out/acme_pets/app.ts"), "utf8")).toContain("https://acme.test");

  const again = await run(["add", "pets.json", "--json"]);
  expect(again.code).toBe(0);
  expect(parse(again.stdout)).toMatchObject({ slug: "acme_pets", tools: 1, lockChanged: false });
  expect((await run(["add", "pets.json", "--quiet"])).stdout).toBe("");
  const { code: failed, stderr: why, stdout: nothing } = await run(["add", "nowhere"]);
  expect({ failed, nothing }).toEqual({ failed: 1, nothing: "" });
  expect(why).toMatch(/TB2057.*There is no app at nowhere/s);
}, 60_000);

it("says which package an app with OAuth 2.0 needs, until the project lists it", async () => {
  const folder = createFolder();
  const tokens = { tokenUrl: "https://acme.test/token", scopes: {} };
  const securitySchemes = { sign_in: { type: "oauth2", flows: { clientCredentials: tokens } } };
  put(folder, "toolbind.config.json", { output: "out" });
  put(folder, "package.json", { dependencies: { zod: "4" } });
  put(folder, "pnpm-lock.yaml", "");
  put(folder, "pets.json", { ...PETS, components: { securitySchemes }, servers: [{ url: "https://acme.test" }] });
  const run = (args: readonly string[]): Promise<Run> => toolbind([...args, "--cwd", folder.path]);
  const note = "The output imports oauth4webapi, which package.json does not list. Fix: `pnpm add oauth4webapi`.\n";
  const { stderr } = await run(["add", "pets.json"]);
  expect(stderr).toContain(note);
  expect(stderr).not.toContain("which host is called");
  expect((await run(["generate"])).stderr).toContain(note);
  expect((await run(["generate"])).stderr, "with nothing to do").toContain(note);
  expect((await run(["generate", "--quiet"])).stderr).not.toContain(note);
  const js = await run(["generate", "--app", "specs/apps/acme_pets", "--emit", "js", "--out", "other", "--json"]);
  expect(js.stderr).toContain(note);
  expect(parse(js.stdout)).toMatchObject({ packages: ["oauth4webapi"] });

  put(folder, "package.json", { dependencies: { zod: "4", oauth4webapi: "3" } });
  expect((await run(["generate"])).stderr).not.toContain("oauth4webapi");
  expect((await run(["add", "pets.json"])).stderr).not.toContain("oauth4webapi");

  put(folder, "package.json", {});
  put(folder, "toolbind.config.json", { output: "out", runtime: "package" });
  expect((await run(["generate"])).stderr, "toolbind brings it along").not.toContain("oauth4webapi");
  expect((await run(["add", "pets.json"])).stderr).not.toContain("oauth4webapi");
}, 60_000);
