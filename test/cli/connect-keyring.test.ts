import { execFile } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { createProject } from "../config/project.js";
import { toolbind, type Run } from "./run.js";

const ZOD = fileURLToPath(new URL("../../node_modules/zod", import.meta.url));
/** Stands for the package that reaches the system's keyring: keeps what it is given in a file. */
const KEYRING = `
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const file = process.env.KEYRING_OF_TEST;
const held = () => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {});
exports.AsyncEntry = class {
  constructor(...names) {
    if (process.env.KEYRING_IS_LOCKED) throw new Error("prompt was dismissed");
    this.name = JSON.stringify(names);
  }
  async getPassword() { return held()[this.name] ?? null; }
  async setPassword(password) { writeFileSync(file, JSON.stringify({ ...held(), [this.name]: password })); }
};
`;
const PROGRAM = `
import * as acme from "./generated/acme/index.js";
import { createClient } from "./generated/index.js";
import { fileConnections } from "./generated/runtime/node.js";
const client = createClient({ connections: fileConnections() });
console.log(JSON.stringify(await acme.whoAmI({}, { client })));
`;

interface Project {
  readonly folder: string;
  readonly connections: string;
  readonly keyring: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Run>;
}

/** A project with an app that answers whoever has its key, and with the keyring's package in its node_modules. */
async function project(): Promise<Project> {
  const server = createServer(({ headers }, response) => {
    const isLetIn = headers["x-api-key"] === "ak-of-ada-1815";
    response.writeHead(isLetIn ? 200 : 401, { "content-type": "application/json" }).end('{"name":"ada"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const me = { type: "object", properties: { name: { type: "string" } } };
  const { folder, write } = createProject({
    "toolbind.config.json": "{}",
    "specs/apps/acme/openapi.json": JSON.stringify({
      openapi: "3.1.0",
      info: { title: "Acme", version: "1" },
      servers: [{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }],
      components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Api-Key" } } },
      security: [{ key: [] }],
      paths: {
        "/me": {
          get: {
            operationId: "whoAmI",
            responses: { 200: { description: "", content: { "application/json": { schema: me } } } },
          },
        },
      },
    }),
    "node_modules/@napi-rs/keyring/package.json": '{"name":"@napi-rs/keyring","version":"2.1.2","main":"index.js"}',
    "node_modules/@napi-rs/keyring/index.js": KEYRING,
  });
  symlinkSync(ZOD, join(folder, "node_modules/zod"));
  write("program.ts", PROGRAM);
  const connections = join(folder, "private/connections.json");
  const keyring = join(folder, "keyring.json");
  const env = {
    KEYRING_OF_TEST: keyring,
    TOOLBIND_CONNECTIONS_FILE: connections,
    XDG_DATA_HOME: join(folder, "data"),
    HOME: folder,
  };
  const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Run> =>
    toolbind(args, { cwd: folder, env: { ...env, ...more } });
  return { folder, connections, keyring, env, run };
}

const CONNECT = ["connect", "acme", "--yes", "--no-check"];
const API_KEY = { ACME_API_KEY: "ak-of-ada-1815" };

it("a connection is kept under a key in the system's keyring, for commands and programs alike", async () => {
  const { folder, connections, keyring, env, run } = await project();
  const connected = await run(CONNECT, API_KEY);
  expect(connected).toEqual({ code: 0, stdout: "Stored the connection to acme.\n", stderr: "" });
  const held = JSON.parse(readFileSync(keyring, "utf8")) as Record<string, string>;
  expect(Object.keys(held).map((names) => JSON.parse(names) as unknown)).toEqual([
    ["toolbind", "connections", { linux: { store: "secret-service" } }],
  ]);
  expect(readFileSync(connections, "utf8")).not.toMatch(/acme|ak-of-ada/);
  expect((await run(["connect", "--list"])).stdout).toMatch(/^acme +default +key/);
  expect(await run(["call", "ACME_WHO_AM_I"])).toMatchObject({ code: 0, stdout: '{\n  "name": "ada"\n}\n' });
  expect(await run(["generate"])).toMatchObject({ code: 0 });
  const { PATH = "" } = process.env;
  const program = [process.execPath, ["--import", import.meta.resolve("tsx"), join(folder, "program.ts")]] as const;
  const printed = await promisify(execFile)(...program, { cwd: folder, env: { PATH, ...env } });
  expect(printed).toEqual({ stdout: '{"name":"ada"}\n', stderr: "" });
  const readElsewhere = await run(["connect", "--list"], { TOOLBIND_CONNECTIONS_KEY: Object.values(held)[0]! });
  expect(readElsewhere.stdout).toMatch(/^acme/);
});

it("asks no one to act if the keyring is locked; credentials of the environment still work", async () => {
  const { connections, keyring, run } = await project();
  const locked = { KEYRING_IS_LOCKED: "1" };
  const { code, stderr } = await run(["connect", "acme", "--no-check"], locked);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /TB5051.*keyring cannot be used \(prompt was dismissed\).*start or unlock it, or set TOOLBIND_/,
  );
  expect(existsSync(connections) || existsSync(keyring)).toBe(false);
  expect(await run(["call", "ACME_WHO_AM_I"], { ...locked, ...API_KEY })).toMatchObject({ code: 0 });
  await run(CONNECT, API_KEY);
  expect(existsSync(connections)).toBe(true);
  const refused = await run(["call", "ACME_WHO_AM_I"], { ...locked, ...API_KEY });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/keyring cannot be used/);
});
