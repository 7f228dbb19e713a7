// A key in the system's keyring, where the package that reaches it is installed.
import { locked } from "./lock.js";
import { inDataFolder, makeFolder } from "./private-file.js";
import { fromBase64, KEY_BYTES, MAKE_KEY, toBase64 } from "./seal.js";
import { codeOf, refused } from "./system.js";

/** What is used of the package `@napi-rs/keyring`. */
export interface Keyring {
  readonly AsyncEntry: new (service: string, account: string, options: KeyringOptions) => KeyringEntry;
}

interface KeyringEntry {
  /** Rejects where the keyring is locked or cannot be reached. */
  getPassword(): Promise<string | null | undefined>;
  setPassword(password: string): Promise<unknown>;
}

interface KeyringOptions {
  readonly linux: { readonly store: "secret-service" };
}

export const KEYRING_PACKAGE: string = "@napi-rs/keyring";
/** What Vite's replacement for an optional package throws. */
const VITE_STAND_IN = /Could not resolve "@napi-rs\/keyring"/;
const SERVICE = "toolbind";
const ACCOUNT = "connections";
/** Without it the package falls back to a store of the kernel, which loses everything when the machine restarts. */
const OPTIONS: KeyringOptions = { linux: { store: "secret-service" } };

/** The package, where it is installed. Bundlers are kept from looking for it. */
export async function importKeyring(): Promise<Keyring> {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ KEYRING_PACKAGE) as Promise<Keyring>;
}

/** What loading the package gives; undefined where it is not installed. */
export async function keyringOf(load: () => Keyring | Promise<Keyring | undefined>): Promise<Keyring | undefined> {
  try {
    return await load();
  } catch (error) {
    if (/^(ERR_)?MODULE_NOT_FOUND$/.test(codeOf(error) ?? "") || VITE_STAND_IN.test(String(error))) return undefined;
    throw unreachable(error, `install ${KEYRING_PACKAGE} again`);
  }
}

/** The key that the keyring has; undefined where it has none. */
export async function keyInKeyring(keyring: Keyring): Promise<string | undefined> {
  const found = await asking(async () => entryOf(keyring).getPassword());
  if (!found) return undefined;
  if (fromBase64(found)?.length === KEY_BYTES) return found;
  const cause = `what the system's keyring has for the service ${SERVICE} and the account ${ACCOUNT} is not a valid key`;
  throw refused(cause, `remove it there, or ${set()}`);
}

/** Creates a key in the keyring, unless another process has just done so. */
export async function makeKeyInKeyring(keyring: Keyring): Promise<string> {
  const lock = inDataFolder("keyring.lock");
  await makeFolder(lock);
  return locked(lock, async () => {
    const found = await keyInKeyring(keyring);
    if (found !== undefined) return found;
    const key = toBase64(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
    await asking(async () => entryOf(keyring).setPassword(key));
    if ((await keyInKeyring(keyring)) === key) return key;
    throw refused("the system's keyring does not keep a key", set());
  });
}

function entryOf({ AsyncEntry }: Keyring): KeyringEntry {
  return new AsyncEntry(SERVICE, ACCOUNT, OPTIONS);
}

async function asking<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw unreachable(error, "start or unlock it");
  }
}

function unreachable(error: unknown, remedy: string): unknown {
  const [why = "an error"] = (error instanceof Error ? error.message : String(error)).split("\n");
  return refused(`the system's keyring cannot be used (${why})`, `${remedy}, or ${set()}`);
}

function set(): string {
  return `set TOOLBIND_CONNECTIONS_KEY to what this prints: ${MAKE_KEY}`;
}
