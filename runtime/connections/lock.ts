// A lock that processes share: a file that one of them creates, and removes when it is done.
import { builtin, codeOf, processOf, randomName, refused, unusable } from "./system.js";

const FILE_MODE = 0o600;
/** How long to wait for a lock. A renewal, which takes one, gives up sooner. */
const LOCK_WAIT_MS = 60_000;
/** When the lock of an unreachable process counts as left behind. */
const LOCK_STALE_MS = 120_000;
const LOCK_PAUSE_MS = 25;

/** Runs an action that only one process may run at a time. */
export async function locked<T>(lock: string, run: (isMine: () => Promise<boolean>) => Promise<T>): Promise<T> {
  const { open, rm, constants } = builtin("node:fs/promises");
  const { O_WRONLY = 1, O_CREAT = 64, O_EXCL = 128, O_NOFOLLOW = 0 } = constants;
  const mark = JSON.stringify({ pid: processOf().pid, host: builtin("node:os").hostname(), name: randomName() });
  const isMine = async (): Promise<boolean> => (await markOf(lock))?.mark === mark;
  for (let waited = 0; ; waited += LOCK_PAUSE_MS) {
    try {
      const handle = await open(lock, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, FILE_MODE);
      try {
        await handle.writeFile(mark);
      } finally {
        await handle.close();
      }
      break;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw unusable(lock, error);
    }
    if (await removeLeftBehind(lock)) continue;
    if (waited >= LOCK_WAIT_MS) throw refused(`${lock} is held by another process`, "try again, or remove it");
    await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
  }
  try {
    return await run(isMine);
  } finally {
    if (await isMine()) await rm(lock, { force: true });
  }
}

/** Removes a lock whose process is gone; whether there may be none now. */
async function removeLeftBehind(lock: string): Promise<boolean> {
  const { rename, rm } = builtin("node:fs/promises");
  const found = await markOf(lock);
  if (found === undefined) return true;
  if (!isLeftBehind(found)) return false;
  // Moved first, so that of several that find it only one removes it, and a new one that came in between is put back.
  const aside = `${lock}.${randomName()}.tmp`;
  try {
    await rename(lock, aside);
  } catch {
    return true;
  }
  const taken = await markOf(aside);
  if (taken !== undefined && taken.mark !== found.mark) await rename(aside, lock).catch(() => undefined);
  else await rm(aside, { force: true });
  return true;
}

interface Found {
  readonly mark: string;
  readonly mtimeMs: number;
}

async function markOf(lock: string): Promise<Found | undefined> {
  const { open, constants } = builtin("node:fs/promises");
  try {
    const handle = await open(lock, constants["O_RDONLY"]! | (constants["O_NOFOLLOW"] ?? 0));
    try {
      const { mtimeMs } = await handle.stat();
      return { mark: new TextDecoder().decode(await handle.readFile()), mtimeMs };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw unusable(lock, error);
  }
}

function isLeftBehind({ mark, mtimeMs }: Found): boolean {
  try {
    const { pid, host } = JSON.parse(mark) as { pid: number; host: string };
    if (host === builtin("node:os").hostname()) {
      try {
        processOf().kill(pid, 0);
      } catch (error) {
        return codeOf(error) === "ESRCH";
      }
    }
  } catch {
    // Not written to its end: its process has just made it, or was killed then.
  }
  return Date.now() - mtimeMs > LOCK_STALE_MS;
}
