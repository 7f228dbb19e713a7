import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { install } from "../package/packed.js";

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Installs what a folder's package.json pins, where it is not yet; false where npm's registry cannot be reached. */
export async function installPinned(folder: string): Promise<boolean> {
  const { dependencies } = readManifest(folder);
  const isThere = ([name, version]: [string, string]): boolean => {
    const installed = join(folder, "node_modules", name);
    return existsSync(join(installed, "package.json")) && readManifest(installed).version === version;
  };
  // npm writes this file last.
  const isWhole = existsSync(join(folder, "node_modules", ".package-lock.json"));
  if (isWhole && Object.entries(dependencies).every(isThere)) return true;
  // A lock would name packages of other systems, which not every mirror of the registry has.
  const retries = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=1000"];
  return install(folder, ["--package-lock=false", "--ignore-scripts", ...retries]);
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}
