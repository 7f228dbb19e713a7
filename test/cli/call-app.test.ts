import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { createProject } from "../config/project.js";
import { toolbind } from "./run.js";

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
