import { existsSync, statSync } from "node:fs";
import { dirname, relative, sep } from "node:path";

/** A folder and all those above it, the nearest first. */
export function upwards(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}

/** Whether an absolute path names a folder or something in it, however deep. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** A path as it is written where it must not depend on the machine: with slashes, on Windows too. */
export function withSlashes(path: string): string {
  return path.split(sep).join("/");
}

/** A path as a person in `cwd` would write it. */
export function displayPath(cwd: string, path: string): string {
  return withSlashes(relative(cwd, path)) || ".";
}

/** False also for what cannot be looked at. */
export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** False also for what cannot be looked at. */
export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
