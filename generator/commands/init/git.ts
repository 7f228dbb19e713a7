import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { displayPath, isWithin, upwards, withSlashes } from "../../paths.js";
import { writeFileWhole } from "../../write/write.js";
import type { Step } from "./step.js";

const FILE = ".gitattributes";
/** Reviews fold these files up, and they are checked out as they were written, on Windows too. */
const ATTRIBUTES = "linguist-generated text eol=lf";

/** Tells Git in the configuration's folder about the output below it, unless the file there already does. */
export function setUpAttributes(cwd: string, folder: string, outDir: string): Step[] {
  const isInRepository = upwards(folder).some((each) => existsSync(join(each, ".git")));
  if (outDir === folder || !isWithin(outDir, folder) || !isInRepository) return [];
  const output = withSlashes(relative(folder, outDir));
  const file = join(folder, FILE);
  const path = displayPath(cwd, file);
  const pattern = patternOf(output);
  const note = `marks ${output} as generated, and keeps its line endings`;
  if (!existsSync(file)) {
    writeFileSync(file, `${pattern}/** ${ATTRIBUTES}\n`, { flag: "wx" });
    return [{ action: "written", path, note }];
  }
  const text = readFileSync(file, "utf8");
  const named = text.split("\n").map((line) => line.trim().split(/\s/, 1)[0] ?? "");
  if (named.some((each) => folderOf(each) === pattern)) return [{ action: "kept", path }];
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const gap = text === "" || text.endsWith("\n") ? "" : lineEnd;
  writeFileWhole(file, `${text}${gap}${pattern}/** ${ATTRIBUTES}${lineEnd}`);
  return [{ action: "changed", path, note }];
}

/** A pattern that matches a path and has neither spaces nor letters that mean something else in patterns. */
function patternOf(path: string): string {
  return path.replaceAll(/[^\w./@+\u0080-\uffff-]/g, "?");
}

/** The folder whose files a pattern stands for. */
function folderOf(pattern: string): string {
  return pattern.replace(/^\//, "").replace(/\/\*{0,2}$/, "");
}
