import { closeSync, openSync, readSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { IntegrationContext, IntegrationFile } from "./types.js";
import { isFile, isWithin } from "../paths.js";

/** More than an integration file may have, so that a larger one is seen to be too large. */
const MAX_BYTES = 1_500_000;

/**
 * What the integration file of an app's folder may extend: `base/crm/integration.yaml` is looked for in that folder,
 * then beside it, then beside it without `base/`. A link that leads elsewhere is not followed.
 * @param folder absolute
 * @param shown a path as messages show it
 * @param consulted called for each place that was checked, with its content; undefined if there was no such file
 */
export function filesBeside(
  folder: string,
  shown: (path: string) => string,
  consulted: (path: string, text: string | undefined) => void = () => {},
): IntegrationContext {
  const apps = dirname(folder);
  return {
    readBeside: (path) => {
      const places = [join(folder, path), join(apps, path)];
      if (path.startsWith("base/")) places.push(join(apps, path.slice("base/".length)));
      for (const place of places) {
        const found = readInside(apps, place, shown);
        consulted(place, found?.text);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

/** A file as an integration file, its beginning where it is far too large. Throws what the file system throws. */
export function readIntegrationFile(path: string, shown: (path: string) => string): IntegrationFile {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(MAX_BYTES);
    let length = 0;
    for (let count = -1; count !== 0 && length < MAX_BYTES; length += count) {
      count = readSync(file, buffer, length, MAX_BYTES - length, null);
    }
    return { name: shown(path), text: buffer.toString("utf8", 0, length) };
  } finally {
    closeSync(file);
  }
}

function readInside(root: string, path: string, shown: (path: string) => string): IntegrationFile | undefined {
  try {
    const real = realpathSync(path);
    return isWithin(real, realpathSync(root)) && isFile(real) ? readIntegrationFile(path, shown) : undefined;
  } catch {
    return undefined;
  }
}
