import { closeSync, openSync, readSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { IntegrationContext, IntegrationFile } from "./types.js";
import { isFile, isWithin } from "../paths.js";

/** Above the size limit of integration files, so that a file over the limit is recognised as such. */
const MAX_BYTES = 1_500_000;

/**
 * The files that an app's integration file may extend. `base/crm/integration.yaml` is looked up in the app's folder,
 * then next to that folder, then there without `base/`. Links that lead elsewhere are not followed.
 * @param folder absolute
 * @param shown a path as messages show it
 * @param consulted called with each path that was tried and the file's content, undefined if there is none
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

/** Reads an integration file, or only its beginning if it is far too large. Throws file system errors. */
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
