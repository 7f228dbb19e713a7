// Types of every schema of a catalogue, in one file. Each schema has a namespace, as many export the same names.
// node json-schema-to-typescript.mjs CATALOGUE OUT
import { writeFileSync } from "node:fs";
import { compile } from "json-schema-to-typescript";
import { readTools, schemasOf } from "./catalogue.mjs";

const [catalogue, out] = process.argv.slice(2);
const parts = [];
for (const { name, schema } of schemasOf(readTools(catalogue))) {
  const types = await compile(schema, name, { format: false, bannerComment: "" });
  parts.push(`export namespace ${name} {\n${types}}\n`);
}
writeFileSync(out, parts.join("\n"));
