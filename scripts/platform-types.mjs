// Makes generator/platform/api.ts from specs/composio/openapi.json; with --check it only compares them.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTypescript, { astToString } from "openapi-typescript";
import prettier from "prettier";

const description = new URL("../specs/composio/openapi.json", import.meta.url);
const file = fileURLToPath(new URL("../generator/platform/api.ts", import.meta.url));

const ast = await openapiTypescript(description, { immutable: true, defaultNonNullable: false });
const banner = "// Made from specs/composio/openapi.json by `npm run platform-types`.\n\n";
const options = await prettier.resolveConfig(file);
const text = await prettier.format(banner + astToString(ast), { ...options, filepath: file });

if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error("generator/platform/api.ts is stale. Fix: npm run platform-types");
  process.exitCode = 3;
}
