// A file that only its owner may read, replaced as a whole.
import { builtin, codeOf, type FileHandle, processOf, randomName, refused, type Stats, unusable } from "./system.js";
import { environment } from "../client.js";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * The text of a file that nobody else may read; undefined where there is none. Links are not followed.
 * @throws ConnectionStoreError
 */
export async function readPrivate(file: string): Promise<string | undefined> {
  const { open, constants } = builtin("node:fs/promises");
  let handle: FileHandle;
  try {
    handle = await open(file, constants["O_RDONLY"]! | (constants["O_NOFOLLOW"] ?? 0));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw unusable(file, error);
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw refused(`${file} is not a file`, "name another");
    checkOwner(file, stats, 0o077, `chmod 600 ${file}`);
    return new TextDecoder().decode(await handle.readFile());
  } finally {
    await handle.close();
  }
}

/** Creates the folder, and refuses one that is a link or that others may write to. */
export async function makeFolder(file: string): Promise<void> {
  const { lstat, mkdir } = builtin("node:fs/promises");
  const folder = builtin("node:path").dirname(file);
  try {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    const stats = await lstat(folder);
    if (!stats.isDirectory()) throw refused(`${folder} is a link`, "name the folder itself");
    checkOwner(folder, stats, 0o022, `chmod 700 ${folder}`);
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** Windows has no such permissions; there the user's own folder keeps others out. */
function checkOwner(path: string, { mode, uid }: Stats, forbidden: number, remedy: string): void {
  const { platform, getuid } = processOf();
  if (platform === "win32") return;
  if (getuid !== undefined && uid !== processOf().getuid!())
    throw refused(`${path} belongs to another user`, "name another");
  if ((mode & forbidden) !== 0) {
    throw refused(`others may ${forbidden === 0o077 ? "read" : "change"} ${path}`, `run \`${remedy}\``);
  }
}

/** Replaces a file as a whole: whatever happens, what is there is the old content or the new. */
export async function replace(file: string, text: string, isMine: () => Promise<boolean>): Promise<void> {
  const { open, readdir, rename, rm, constants } = builtin("node:fs/promises");
  const { basename, dirname, join } = builtin("node:path");
  const folder = dirname(file);
  try {
    // No one else is writing now, so these were left behind.
    for (const name of await readdir(folder)) {
      if (name.startsWith(`${basename(file)}.`) && name.endsWith(".tmp")) await rm(join(folder, name), { force: true });
    }
    const temporary = `${file}.${randomName()}.tmp`;
    const { O_WRONLY = 1, O_CREAT = 64, O_EXCL = 128, O_NOFOLLOW = 0 } = constants;
    const handle = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, FILE_MODE);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (!(await isMine())) {
      await rm(temporary, { force: true });
      throw refused("another process took the lock", "try again");
    }
    await rename(temporary, file);
  } catch (error) {
    throw unusable(file, error);
  }
}

/** A toolbind file where the system keeps a user's data. */
export function inDataFolder(name: string): string {
  const { join, isAbsolute } = builtin("node:path");
  const home = builtin("node:os").homedir();
  const { platform } = processOf();
  const ofSystem =
    platform === "win32"
      ? (environment("LOCALAPPDATA") ?? join(home, "AppData", "Local"))
      : platform === "darwin"
        ? join(home, "Library", "Application Support")
        : join(home, ".local", "share");
  const xdg = environment("XDG_DATA_HOME");
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : ofSystem, "toolbind", name);
}
