import { createHash, randomUUID } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { upwards } from "./paths.js";

/**
 * Reads what was kept under a name for a path, such as a configuration or an output folder.
 * Damaged or invalid content counts as absent.
 */
export function readCache(kind: string, path: string): unknown {
  const file = cacheFile(kind, path);
  if (file === undefined) return undefined;
  try {
    const content = readFileSync(file, "utf8");
    const end = content.indexOf("\n");
    const text = content.slice(end + 1);
    return content.slice(0, end) === digestOf(text) ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a JSON value; where nothing can be written, nothing is kept. */
export function writeCache(kind: string, path: string, value: unknown): void {
  const file = cacheFile(kind, path);
  if (file === undefined) return;
  const temporary = `${file}.${randomUUID()}`;
  try {
    const text = JSON.stringify(value);
    writeFileSync(temporary, `${digestOf(text)}\n${text}`, { mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    rmSync(temporary, { force: true });
  }
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function cacheFile(kind: string, path: string): string | undefined {
  const folder = projectCache(dirname(path)) ?? temporaryCache();
  return folder === undefined ? undefined : join(folder, `${kind}-${digestOf(path).slice(0, 32)}.json`);
}

/** `.cache/toolbind` in the nearest `node_modules`. */
function projectCache(start: string): string | undefined {
  const modules = upwards(start)
    .map((folder) => join(folder, "node_modules"))
    .find((path) => existsSync(path));
  return modules && writableFolder(join(modules, ".cache", "toolbind"));
}

function writableFolder(folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return undefined;
  }
}

/** A folder in the system's temporary one, which only this user may own and enter. */
function temporaryCache(): string | undefined {
  try {
    const user = userInfo();
    const folder = join(tmpdir(), `toolbind-${user.uid === -1 ? user.username : user.uid}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (process.platform === "win32") return folder;
    const stats = lstatSync(folder);
    return stats.isDirectory() && stats.uid === user.uid && (stats.mode & 0o077) === 0 ? folder : undefined;
  } catch {
    return undefined;
  }
}
