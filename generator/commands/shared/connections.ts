import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { environment } from "../../../runtime/client.js";
import type { ManagedConnections } from "../../../runtime/connections.js";
import { connectionsFile } from "../../../runtime/connections/file.js";
import {
  importKeyring,
  type Keyring,
  KEYRING_PACKAGE,
  keyInKeyring,
  keyringOf,
  makeKeyInKeyring,
} from "../../../runtime/connections/keyring.js";
import { fileConnections } from "../../../runtime/node.js";

export interface StoreOfCommands extends ManagedConnections {
  /** Makes the key that a first connection is to be encrypted with, where the keyring is to have it. */
  prepare(): Promise<void>;
}

/** The file of connections. The package that reaches the keyring is the project's, else the one beside toolbind. */
export function openConnections(cwd: string, path: string | undefined): StoreOfCommands {
  const keyring = (): Promise<Keyring | undefined> => findKeyring(cwd);
  return {
    ...fileConnections({ keyring, ...(path !== undefined && { path }) }),
    async prepare() {
      if (hasKey() || existsSync(path || connectionsFile())) return;
      const found = await keyring();
      if (found !== undefined && (await keyInKeyring(found)) === undefined) await makeKeyInKeyring(found);
    },
  };
}

/** The connections that were made, if there can be any that are readable. */
export async function storedConnections(cwd: string): Promise<ManagedConnections | undefined> {
  const isReadable = hasKey() || (existsSync(connectionsFile()) && (await findKeyring(cwd)) !== undefined);
  return isReadable ? openConnections(cwd, undefined) : undefined;
}

function hasKey(): boolean {
  return environment("TOOLBIND_CONNECTIONS_KEY") !== undefined;
}

async function findKeyring(cwd: string): Promise<Keyring | undefined> {
  const require = createRequire(join(cwd, "package.json"));
  return (await keyringOf(() => require(KEYRING_PACKAGE) as Keyring)) ?? keyringOf(importKeyring);
}
