// Connections in a file on this machine, for Node, Bun and Deno.
import type { KeptConnection, ManagedConnections } from "../connections.js";
import { type Entry, importKey, type Key, MAKE_KEY, parseSealed, seal, unseal } from "./seal.js";
import { importKeyring, type Keyring, KEYRING_PACKAGE, keyInKeyring, keyringOf, makeKeyInKeyring } from "./keyring.js";
import { builtin, hex, refused } from "./system.js";
import { environment } from "../client.js";
import { locked } from "./lock.js";
import { byAppAndUser, factsOf } from "./memory.js";
import { inDataFolder, makeFolder, readPrivate, replace } from "./private-file.js";
import { Turns } from "./turns.js";

export interface FileConnectionsOptions {
  /**
   * Default: `TOOLBIND_CONNECTIONS_FILE`, else `toolbind/connections.json` where the system keeps a
   * user's data.
   */
  readonly path?: string;
  /**
   * What the file is encrypted with: 32 bytes in base64, or a passphrase of at least 16 characters.
   * Default: `TOOLBIND_CONNECTIONS_KEY`, else the key in the system's keyring.
   */
  readonly key?: string | (() => string | Promise<string>);
  /**
   * Loads the package that reaches the system's keyring, for programs that are bundled with it:
   * `() => import("@napi-rs/keyring")`. Default: it is imported if it is installed and no other key is given.
   */
  readonly keyring?: () => Promise<Keyring | undefined>;
}

/**
 * Keeps connections in one encrypted file that only its owner may read. Nothing is read or written before first use.
 * Processes may share it.
 */
export function fileConnections({
  path: given,
  key: source,
  keyring: load = importKeyring,
}: FileConnectionsOptions = {}): ManagedConnections {
  const turns = new Turns();
  const keys = new Map<string, Promise<Key>>();
  let path: string | undefined;
  let ofKeyring: string | undefined;
  const fileOf = (): string => (path ??= builtin("node:path").resolve(given || connectionsFile()));

  /** Undefined if the keyring has none yet. */
  async function secretOf(mayMake: boolean): Promise<string | undefined> {
    const secret =
      (await (typeof source === "function" ? source() : source)) || environment("TOOLBIND_CONNECTIONS_KEY");
    if (secret) return secret;
    if (ofKeyring !== undefined) return ofKeyring;
    const keyring = await keyringOf(load);
    if (keyring === undefined) {
      throw refused(
        "there is no key",
        `set TOOLBIND_CONNECTIONS_KEY to what this prints: ${MAKE_KEY}; or install ${KEYRING_PACKAGE}, to have one in ` +
          "the system's keyring",
      );
    }
    return (ofKeyring = (await keyInKeyring(keyring)) ?? (mayMake ? await makeKeyInKeyring(keyring) : undefined));
  }

  async function keyFor(secret: string, salt?: string): Promise<Key> {
    const cached = JSON.stringify([secret, salt]);
    const key = keys.get(cached) ?? importKey(secret, salt);
    keys.set(cached, key);
    return key;
  }

  /** What the file contains, and the key that it is written with; without a key if there is neither a key nor a file. */
  async function read(mayMake = false): Promise<{ entries: Entry[]; key: Key | undefined }> {
    const text = await readPrivate(fileOf());
    const secret = await secretOf(mayMake && text === undefined);
    if (text === undefined) return { entries: [], key: secret === undefined ? undefined : await keyFor(secret) };
    const sealed = parseSealed(text, fileOf());
    if (secret === undefined) {
      throw refused(
        `the system's keyring does not have the key of ${fileOf()}`,
        "set TOOLBIND_CONNECTIONS_KEY to the key it was written with, or remove the file and connect again",
      );
    }
    const key = await keyFor(secret, sealed.salt);
    return { entries: await unseal(sealed, key, fileOf()), key };
  }

  function change<T>(
    edit: (entries: Entry[]) => { readonly entries: readonly Entry[]; readonly result: T },
  ): Promise<T> {
    return turns.take("", async () => {
      const file = fileOf();
      await makeFolder(file);
      return locked(`${file}.lock`, async (isMine) => {
        const { entries, key } = await read(true);
        const next = edit(entries);
        await replace(file, await seal(next.entries, key!), isMine);
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

/** The default file for connections. */
export function connectionsFile(): string {
  return environment("TOOLBIND_CONNECTIONS_FILE") ?? inDataFolder("connections.json");
}

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return hex(bytes.subarray(0, 8));
}
