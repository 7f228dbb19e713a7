// Writes the pages of docs/ that are made from the code.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makePages } from "./docs-pages.js";

for (const [path, text] of await makePages()) {
  writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), text);
}
