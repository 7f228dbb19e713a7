import { Ajv } from "ajv";
import prettier from "prettier";
import { expect, it } from "vitest";
import { mistakesIn } from "../../generator/config/mistakes.js";
import { configJsonSchema } from "../../generator/config/schema.js";

it("config.schema.json is up to date (write it with `vitest -u`)", async () => {
  const text = await prettier.format(JSON.stringify(configJsonSchema()), { parser: "json", printWidth: 120 });
  await expect(text).toMatchFileSnapshot("../../config.schema.json");
});

it("config.schema.json accepts what is accepted, and no more", () => {
  const validate = new Ajv().compile(configJsonSchema());
  const configs: unknown[] = [
    {},
    { output: "x", snapshot: "y", templates: "z" },
    { toolkits: { github: true, gmail: { version: "20250906_01", tools: ["A"], tags: [], names: { A: "b" } } } },
    { validate: { input: "off" }, importExtension: "", platform: { baseUrl: "https://example.com" } },
    { formats: "assert", patterns: "check", schemaMap: { "https://example.com/schemas": "schemas" } },
    { formats: true },
    { patterns: "refuse" },
    { schemaMap: { schemas: "schemas" } },
    { schemaMap: { "https://example.com": 1 } },
    { platform: { headers: { "x-gateway": "${GATEWAY_TOKEN}" }, concurrency: 32 } },
    { platform: { headers: { "x-gateway": 1 } } },
    { platform: { proxy: "http://me:${PROXY_PASSWORD}@proxy:3128" } },
    { platform: { proxy: "" } },
    { platform: { concurrency: "8" } },
    { platform: { concurrency: 0 } },
    { platform: { concurrency: 33 } },
    { platform: { concurrency: 1.5 } },
    { output: "" },
    { output: 1 },
    { apps: [""] },
    { toolkits: { github: false } },
    { toolkits: { github: { version: "latest" } } },
    { validate: { input: "warn" } },
    [],
    null,
  ];
  for (const config of configs) {
    expect(validate(config), JSON.stringify(config)).toBe(mistakesIn(config).length === 0);
  }
});
