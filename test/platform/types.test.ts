import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import type { components, operations, paths } from "../../generator/platform/api.js";
import {
  type CallOptions,
  type CustomAuthParams,
  type CustomConnectionData,
  defineTool,
  type ToolWithOptionalArgs,
} from "../../runtime/index.js";
import { encodeBody } from "../../runtime/exchange.js";
import { settle } from "../../runtime/settings.js";
import * as z from "../../runtime/z.js";

type Schemas = components["schemas"];
type ExecuteRequest = Schemas["ToolExecuteRequest"];

/** The keys that a type names, without those that an index signature lets through. */
type NamedKeys<T> = T extends unknown
  ? keyof { [Key in keyof T as string extends Key ? never : number extends Key ? never : Key]: unknown }
  : never;
type Missing<Wanted, Given> = Exclude<Wanted, Given>;

/** The connections of each scheme, with the credentials as partial as a scheme without `access_token` needs them. */
type Values = CustomConnectionData["val"];
interface SentConnection {
  readonly authScheme: Schemas["CustomConnectionData"]["authScheme"];
  readonly toolkitSlug: Schemas["CustomConnectionData"]["toolkitSlug"];
  readonly val: Partial<Schemas["ConnectionValues"]>;
}
interface SentAuthParams {
  readonly base_url: NonNullable<CustomAuthParams["baseUrl"]>;
  readonly parameters: NonNullable<CustomAuthParams["parameters"]>;
  readonly body: NonNullable<CustomAuthParams["body"]>;
}

// Each line fails to compile when the runtime's own interfaces and the platform's description part ways.
null as unknown as CustomConnectionData satisfies SentConnection;
null as unknown as Schemas["AuthScheme"] satisfies CustomConnectionData["authScheme"];
null as unknown as Missing<NamedKeys<Schemas["ConnectionValues"]>, NamedKeys<Values>> satisfies never;
null as unknown as Missing<NamedKeys<Values>, NamedKeys<Schemas["ConnectionValues"]>> satisfies never;
null as unknown as SentAuthParams satisfies Required<Schemas["CustomAuthParams"]>;
null as unknown as keyof Schemas["CustomAuthParams"] satisfies keyof SentAuthParams;
"/api/v3.1/tools/execute/{tool_slug}" satisfies keyof paths;
null as unknown as operations["executeTool"]["requestBody"] satisfies
  { readonly content: { readonly "application/json": ExecuteRequest } } | undefined;

const tool = defineTool<ToolWithOptionalArgs<unknown, unknown>>("GITHUB_CREATE_AN_ISSUE", () => ({
  toolkit: "github",
  version: "20251027_00",
  description: "",
  input: () => z.unknown(),
  output: () => z.unknown(),
}));

function bodyOf(call: CallOptions, body: object): Record<string, unknown> {
  return JSON.parse(encodeBody(settle(tool, call), body)) as Record<string, unknown>;
}

/** What the runtime never sends: these are older names. */
type NotSent = Extract<keyof ExecuteRequest, "allow_tracing" | "entity_id">;
type Sent = Exclude<keyof ExecuteRequest, NotSent>;

it("the request of a call has the fields of the platform's description, and no others", () => {
  const everything: CallOptions = {
    userId: "alice",
    connectedAccountId: "ca_1",
    customAuthParams: {
      baseUrl: "https://api.example.com",
      parameters: [{ name: "x-key", in: "header", value: "1" }],
      body: { a: 1 },
    },
    customConnectionData: {
      authScheme: "OAUTH2",
      toolkitSlug: "github",
      val: { access_token: "x", expires_in: null, scope: ["a"], subdomain: "acme" },
    },
  };
  const bodies = [bodyOf(everything, { arguments: {} }), bodyOf(everything, { text: "do it" })];
  const sent: Record<Sent, true> = {
    arguments: true,
    connected_account_id: true,
    custom_auth_params: true,
    custom_connection_data: true,
    text: true,
    user_id: true,
    version: true,
  };
  expect(new Set(bodies.flatMap((body) => Object.keys(body)))).toEqual(new Set(Object.keys(sent)));

  const file = new URL("../../specs/composio/openapi.json", import.meta.url);
  const ajv = new Ajv2020({ strict: false, validateSchema: false, validateFormats: false });
  ajv.addSchema(JSON.parse(readFileSync(file, "utf8")) as object, "platform:api");
  const validate = ajv.compile({
    allOf: [{ $ref: "platform:api#/components/schemas/ToolExecuteRequest" }],
    unevaluatedProperties: false,
  });
  for (const body of bodies) expect(validate(body), ajv.errorsText(validate.errors)).toBe(true);
});

it("generator/platform/api.ts is up to date (write it with `npm run platform-types`)", () => {
  const script = fileURLToPath(new URL("../../scripts/platform-types.mjs", import.meta.url));
  expect(execFileSync(process.execPath, [script, "--check"], { encoding: "utf8", stdio: "pipe" })).toBe("");
});

it("stays out of what is emitted: neither the runtime nor a template names it", () => {
  for (const folder of ["runtime", "templates"]) {
    const path = new URL(`../../${folder}/`, import.meta.url);
    for (const file of readdirSync(path, { recursive: true, encoding: "utf8" })) {
      if (!/\.\w+$/.test(file)) continue;
      expect(readFileSync(new URL(file, path), "utf8"), file).not.toMatch(/platform\/api|generator\//);
    }
  }
});
