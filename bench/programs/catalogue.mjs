import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** The tools of a catalogue: one file with an array of them, or a folder with one file for each toolkit. */
export function readTools(path) {
  if (!statSync(path).isDirectory()) return toolsIn(path);
  return readdirSync(path).flatMap((file) => toolsIn(join(path, file)));
}

function toolsIn(file) {
  const json = JSON.parse(readFileSync(file, "utf8"));
  return Array.isArray(json) ? json : json.tools;
}

/** Both schemas of every tool, with names that are identifiers. */
export function schemasOf(tools) {
  return tools.flatMap(({ slug, input_parameters: input, output_parameters: output }) => [
    { name: `${slug}_INPUT`, schema: input },
    { name: `${slug}_OUTPUT`, schema: output },
  ]);
}
