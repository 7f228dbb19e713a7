/* eslint-disable */
// Copied by toolbind; changes are overwritten.
// Connections in a file of this machine, for Node, Bun and Deno.
import type { KeptConnection, ManagedConnections } from "../connections.js";
import { type Entry, importKey, type Key, MAKE_KEY, parseSealed, seal, unseal } from "./seal.js";
import { builtin, hex, processOf, refused } from "./system.js";
import { environment } from "../client.js";
import { locked } from "./lock.js";
import { byAppAndUser, factsOf } from "./memory.js";
import { makeFolder, readPrivate, replace } from "./private-file.js";
import { Turns } from "./turns.js";

export interface FileConnectionsOptions {
  /**
   * Default: `TOOLBIND_CONNECTIONS_FILE`, else `connections.json` in a folder `toolbind` of where the system keeps a
   * user's data.
   */
  readonly path?: string;
  /**
   * What the file is encrypted with: 32 bytes in base64, or a passphrase of at least 16 characters.
   * Default: `TOOLBIND_CONNECTIONS_KEY`.
   */
  readonly key?: string | (() => string | Promise<string>);
}

/**
 * Keeps connections in one encrypted file that only its owner may read. Nothing is read or written before it is used.
 * Processes may share it.
 */
export function fileConnections({ path: given, key: source }: FileConnectionsOptions = {}): ManagedConnections {
  const turns = new Turns();
  const keys = new Map<string, Promise<Key>>();
  let path: string | undefined;
  const fileOf = (): string => (path ??= builtin("node:path").resolve(given || defaultPath()));

  async function keyFor(salt: string | undefined): Promise<Key> {
    const secret =
      (await (typeof source === "function" ? source() : source)) || environment("TOOLBIND_CONNECTIONS_KEY");
    if (!secret) {
      throw refused("there is no key", `set TOOLBIND_CONNECTIONS_KEY to what this prints: ${MAKE_KEY}`);
    }
    const cached = JSON.stringify([secret, salt]);
    const key = keys.get(cached) ?? importKey(secret, salt);
    keys.set(cached, key);
    return key;
  }

  async function read(): Promise<{ entries: Entry[]; salt: string | undefined }> {
    const text = await readPrivate(fileOf());
    if (text === undefined) {
      await keyFor(undefined);
      return { entries: [], salt: undefined };
    }
    const sealed = parseSealed(text, fileOf());
    return { entries: await unseal(sealed, await keyFor(sealed.salt), fileOf()), salt: sealed.salt };
  }

  function change<T>(
    edit: (entries: Entry[]) => { readonly entries: readonly Entry[]; readonly result: T },
  ): Promise<T> {
    return turns.take("", async () => {
      const file = fileOf();
      await makeFolder(file);
      return locked(`${file}.lock`, async (isMine) => {
        const { entries, salt } = await read();
        const next = edit(entries);
        await replace(file, await seal(next.entries, await keyFor(salt)), isMine);
        return next.result;
      });
    });
  }

  const isOf = (app: string, userId: string) => (entry: Entry) => entry.app === app && entry.userId === userId;
  return {
    async get(app, userId) {
      return (await read()).entries.find(isOf(app, userId))?.connection;
    },
    set(app, userId, connection) {
      return change((entries) => {
        const others = entries.filter((entry) => !isOf(app, userId)(entry));
        return { entries: [...others, { app, userId, connection }], result: undefined };
      });
    },
    remove(app, userId) {
      return change((entries) => {
        const others = entries.filter((entry) => !isOf(app, userId)(entry));
        return { entries: others, result: others.length < entries.length };
      });
    },
    async list(): Promise<readonly KeptConnection[]> {
      return (await read()).entries.map(factsOf).sort(byAppAndUser);
    },
    exclusive(app, userId, run) {
      const name = JSON.stringify([app, userId]);
      return turns.take(name, async () => {
        await makeFolder(fileOf());
        return locked(`${fileOf()}.${await digest(name)}.lock`, run);
      });
    },
  };
}

function defaultPath(): string {
  const named = environment("TOOLBIND_CONNECTIONS_FILE");
  if (named !== undefined) return named;
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
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : ofSystem, "toolbind", "connections.json");
}

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return hex(bytes.subarray(0, 8));
}
