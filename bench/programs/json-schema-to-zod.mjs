// Validators, and the types inferred from them, of every schema of a catalogue, in one file.
// node json-schema-to-zod.mjs CATALOGUE OUT [--javascript]
import { writeFileSync } from "node:fs";
import { jsonSchemaToZod } from "json-schema-to-zod";
import { readTools, schemasOf } from "./catalogue.mjs";

const [catalogue, out, javascript] = process.argv.slice(2);
const parts = ['import { z } from "zod";'];
for (const { name, schema } of schemasOf(readTools(catalogue))) {
  const type = javascript === undefined ? `${name}_TYPE` : false;
  parts.push(jsonSchemaToZod(schema, { name, type, module: "esm", noImport: true }));
}
writeFileSync(out, parts.join("\n"));
