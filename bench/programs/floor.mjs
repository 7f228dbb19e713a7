// The least that a generator can do: read and parse a catalogue, and write as much as toolbind writes.
// node floor.mjs CATALOGUE OUT BYTES FILES
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readTools } from "./catalogue.mjs";

const [catalogue, out, bytes, files] = process.argv.slice(2);
if (readTools(catalogue).length === 0) throw new Error("There are no tools");
mkdirSync(out, { recursive: true });
const text = "x".repeat(Math.ceil(Number(bytes) / Number(files)));
for (let number = 0; number < Number(files); number++) writeFileSync(join(out, `${number}.ts`), text);
