import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { createProject } from "../config/project.js";
import { toolbind } from "./run.js";

it("call takes what requests take: no member that only answers have, at any depth", async () => {
  const book = {
    type: "object",
    required: ["id", "title", "stamp", "shelf"],
    properties: {
      id: { type: "integer", readOnly: true },
      stamp: { $ref: "#/components/schemas/a~1stamp" },
      shelf: { allOf: [{ $ref: "#/components/schemas/a~1stamp" }] },
      title: { type: "string" },
      sequel: { $ref: "#/components/schemas/Book" },
    },
    additionalProperties: false,
  };
  const content = { "application/json": { schema: { $ref: "#/components/schemas/Book" } } };
  const { folder } = createProject({
    "toolbind.config.json": JSON.stringify({ apps: ["apps/*"] }),
    "apps/shop/openapi.json": JSON.stringify({
      openapi: "3.0.3",
      info: { title: "Shop", version: "1" },
      servers: [{ url: "https://shop.example.com" }],
      paths: {
        "/books": { post: { operationId: "addBook", requestBody: { required: true, content }, responses: {} } },
      },
      components: { schemas: { Book: book, "a/stamp": { type: "string", readOnly: true } } },
    }),
  });
  const call = (args: object): ReturnType<typeof toolbind> =>
    toolbind(["call", "shop.addBook", "--dry-run", "--args", JSON.stringify(args)], { cwd: folder });
  expect(await call({ title: "a", sequel: { title: "b" } })).toMatchObject({ code: 0 });
  expect((await call({ title: "a", sequel: { id: 1, title: "b" } })).stderr).toContain("/sequel");
  expect((await call({ titel: "a" })).stderr).not.toContain("'id'");
  const shown = await toolbind(["show", "shop.addBook", "--json"], { cwd: folder });
  const { input, types } = JSON.parse(shown.stdout) as { input: object; types: string };
  expect(input).toMatchObject({ required: ["title"] });
  expect(types.split("export").find((each) => each.includes("Input"))).not.toMatch(/id|stamp|shelf/);
});

it("call asks an app's own API, with credentials of the environment, and shows none of them", async () => {
  const seen: unknown[] = [];
  const server = createServer(({ method, url, headers }, response) => {
    seen.push([method, url, headers["x-api-key"]]);
    response.setHeader("content-type", "application/json").end('{"id":"t1"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { folder } = createProject({
    "toolbind.config.json": JSON.stringify({ apps: ["apps/*"] }),
    "apps/acme/openapi.json": JSON.stringify({
      openapi: "3.1.0",
      info: { title: "Acme", version: "1" },
      servers: [{ url: `http://127.0.0.1:${port}` }],
      components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Api-Key" } } },
      security: [{ key: [] }],
      paths: {
        "/things/{id}": {
          get: {
            operationId: "getThing",
            parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
            responses: { 200: { description: "", content: { "application/json": { schema: { type: "object" } } } } },
          },
        },
      },
    }),
  });
  const call = ["call", "ACME_GET_THING", "--args", '{"id":"a/b"}'];
  const without = await toolbind(call, { cwd: folder });
  expect(without.code).toBe(1);
  expect(without.stderr).toContain("ACME_API_KEY");
  const env = { ACME_API_KEY: "sekret", COMPOSIO_API_KEY: "" };
  expect(await toolbind(call, { cwd: folder, env })).toMatchObject({ code: 0, stdout: '{\n  "id": "t1"\n}\n' });
  expect(seen).toEqual([["GET", "/things/a%2Fb", "sekret"]]);
  const { stdout } = await toolbind([...call, "--dry-run"], { cwd: folder, env });
  expect(stdout).toContain(`curl -X GET 'http://127.0.0.1:${port}/things/a%2Fb'`);
  expect(stdout).toContain("x-api-key: [redacted]");
  expect(stdout).not.toMatch(/sekret|COMPOSIO|data-raw/);
  expect(seen).toHaveLength(1);
});
